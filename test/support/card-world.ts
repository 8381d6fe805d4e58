// Cards and readers of one station in this process: an authority and an issuer of its own, for tests of the protocol.

import { Activations, type Activation, type ActivationFault, lock, spend } from "../../firmware/access/activation.js";
import type { CardKind } from "../../firmware/access/certificate.js";
import { type Reader, Sessions } from "../../firmware/access/channel.js";
import { type DeskDeps, grant } from "../../firmware/access/desk.js";
import type { Card } from "../../firmware/access/reader.js";
import { type Crypto, Crypto as Facade } from "../../firmware/crypto/crypto.js";
import { type Assignment, type DeviceRole, signAssignment } from "../../firmware/device/assignment.js";
import type { CardRules } from "../../firmware/election/card-rules.js";
import type { StyleId, TerminalId } from "../../firmware/election/types.js";
import type { Result } from "../../firmware/result.js";
import { type CardKeeps, issue } from "../../office/cards/issue.js";
import { sodiumPrimitives } from "../../office/crypto/sodium.js";
import { ActivationCard } from "../../sim/devices/activation-card.js";
import { inDeskReader } from "../../sim/devices/card.js";
import { OfficialCard } from "../../sim/devices/official-card.js";
import { randomFrom } from "./serial-pair.js";

export const electionId = new Uint8Array(16).fill(0x22);
export const style = 3 as StyleId;
export const pin = "271828";

/** What a terminal asks of a voter's card, one act after the other. */
export interface TerminalSide {
  readonly sessions: Sessions;
  read(card: Card): Promise<Result<Activation, ActivationFault>>;
  lock(card: Card): Promise<Result<void, ActivationFault>>;
  spend(card: Card): Promise<Result<void, ActivationFault>>;
}

export class CardWorld {
  readonly crypto: Crypto;
  readonly authority;
  readonly issuer;
  readonly station = 7;
  readonly epoch = 5;
  rules: CardRules;
  readonly markKey = new Uint8Array(32).fill(0x4d);
  readonly #desk;
  #serial = 0;

  constructor(seed = 1) {
    this.crypto = new Facade({ primitives: sodiumPrimitives, random: randomFrom(seed) });
    this.authority = this.crypto.signKeyPair(this.crypto.random(32));
    this.issuer = this.crypto.signKeyPair(this.crypto.random(32));
    this.#desk = this.crypto.signKeyPair(this.crypto.random(32));
    this.rules = { issuerKey: this.issuer.publicKey, epoch: this.epoch, revoked: new Uint8Array(0) };
  }

  /** What the issuer gives out. */
  keeps(kind: CardKind, change: Partial<CardKeeps> = {}, issuerSecretKey = this.issuer.secretKey): CardKeeps {
    const card = {
      kind,
      holder: kind,
      serial: ++this.#serial,
      epoch: this.epoch,
      station: kind === "voter" ? 0 : this.station,
      key: this.crypto.boxKeyPair(this.crypto.random(32)),
      authorityKey: this.authority.publicKey,
      pin: kind === "voter" ? "" : pin,
      ...change,
    };
    return { ...issue(this.crypto, card, issuerSecretKey), ...change };
  }

  voter(change: Partial<CardKeeps> = {}, kept?: unknown): ActivationCard {
    const keeps = this.keeps("voter", change);
    return new ActivationCard({ crypto: this.crypto, keeps, ...(kept === undefined ? {} : { kept }) });
  }

  official(
    kind: "executive" | "supervision" = "executive",
    change: Partial<CardKeeps> = {},
    kept?: unknown,
  ): OfficialCard {
    const keeps = this.keeps(kind, change);
    return new OfficialCard({ crypto: this.crypto, keeps, ...(kept === undefined ? {} : { kept }) });
  }

  /** A reader with an assignment by the authority, of this place or a changed one. */
  reader(role: DeviceRole, change: Partial<Assignment> = {}, authoritySecretKey = this.authority.secretKey): Reader {
    const { crypto, station, epoch } = this;
    const number = change.number ?? (2 as TerminalId);
    const box = crypto.boxKeyPair(crypto.sha256(Buffer.from(`${role} ${number}`)));
    const sign = role === "identity" ? this.#desk : crypto.signKeyPair(crypto.sha256(Buffer.from(`sign ${number}`)));
    const assignment = signAssignment(
      crypto,
      {
        root: new Uint8Array(32),
        serial: `SN-${number}`,
        signKey: sign.publicKey,
        boxKey: box.publicKey,
        station,
        number,
        role,
        election: electionId,
        epoch,
        stationKey: new Uint8Array(role === "ballot" ? 80 : 0),
        ...change,
      },
      authoritySecretKey,
    );
    return { crypto, box, assignment, rules: this.rules };
  }

  desk(change: Partial<Assignment> = {}): DeskDeps {
    const { crypto, station } = this;
    const sessions = new Sessions(this.reader("identity", change));
    const { election = electionId } = change;
    return { crypto, sessions, election, station: change.station ?? station, signSecretKey: this.#desk.secretKey };
  }

  terminal(number = 2, change: Partial<Assignment> = {}): TerminalSide {
    const { crypto, station, markKey, authority } = this;
    const sessions = new Sessions(this.reader("ballot", { ...change, number: number as TerminalId }));
    const { election = electionId } = change;
    const deps = { crypto, election, station: change.station ?? station, authorityKey: authority.publicKey, markKey };
    const activations = new Activations(deps);
    return {
      sessions,
      read: (card) => sessions.in<Activation, ActivationFault>(card, (channel) => activations.read(channel)),
      lock: (card) => sessions.in<void, ActivationFault>(card, lock),
      spend: (card) => sessions.in<void, ActivationFault>(card, spend),
    };
  }

  /** A card that holds a right. */
  async granted(card: ActivationCard = this.voter()): Promise<ActivationCard> {
    const done = await grant(inDeskReader(card), this.desk(), style);
    if (!done.ok) throw new Error(`grant: ${done.error.kind}`);
    return card;
  }
}
