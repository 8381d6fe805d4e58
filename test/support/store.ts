// A vault and a journal on two emulated chips in this process, for tests that cut the power at flash operations.

import { concat } from "../../firmware/bytes.js";
import { type BoxKeyPair, Crypto } from "../../firmware/crypto/crypto.js";
import type { Ballot, ContestId, Election, StyleId, TerminalId } from "../../firmware/election/types.js";
import { encodeBallot } from "../../firmware/election/ballot.js";
import { Journal } from "../../firmware/journal/journal.js";
import { EpochLog } from "../../firmware/device/epoch.js";
import { deriveKey, deriveKeys } from "../../firmware/device/keys.js";
import { States } from "../../firmware/service/states.js";
import type { Media } from "../../firmware/storage/media.js";
import { StateWords } from "../../firmware/vault/state-words.js";
import { cardBoxLength, drawnLength, sealedPartLength } from "../../firmware/crypto/tally-key.js";
import { shareBinding } from "../../firmware/device/loading.js";
import { settleLoading } from "../../firmware/vault/loading-store.js";
import { ok } from "../../firmware/result.js";
import { Vault } from "../../firmware/vault/vault.js";
import type { AssignedElection } from "../../office/device/enrol.js";
import { Chance } from "../../sim/chance.js";
import { NorChip, flashOf } from "../../sim/nor.js";
import { sodiumPrimitives } from "../../office/crypto/sodium.js";
import { nodeTallyKey } from "./tally-key.js";

/** Not on the hour. */
export const storeTime = 1_800_001_234;

export function chip(): NorChip {
  return new NorChip({ size: 2 * 1024 * 1024 });
}

export class Store {
  readonly a = chip();
  readonly b = chip();
  readonly main = new NorChip({ size: 0x1_0000 });
  readonly chance: Chance;
  readonly crypto: Crypto;
  /** Opens its ballots. */
  readonly tally: BoxKeyPair;
  /** The auditor's. */
  readonly audit: BoxKeyPair;
  readonly election: Election & AssignedElection;
  readonly terminal = 1 as TerminalId;
  /** Of the device. */
  readonly secret: Uint8Array;
  readonly keys;
  /** What was drawn at the first start; every first start of these media draws the same. */
  readonly #drawn: Uint8Array;

  constructor(seed: string, capacity = 40) {
    this.chance = new Chance(seed, "store");
    this.crypto = new Crypto({ primitives: sodiumPrimitives, random: (out) => this.chance.fill(out) });
    const loading = new Chance(seed, "store's loading");
    const pair = (): BoxKeyPair => this.crypto.boxKeyPair(loading.bytes(32));
    const [escrow, executive, supervision] = [pair(), pair(), pair()];
    this.audit = pair();
    const id = this.chance.bytes(16);
    const root = concat(id, new Chance(seed, "root").bytes(16));
    this.secret = this.chance.bytes(32);
    this.keys = deriveKeys(this.crypto, this.secret, id, new Uint8Array(32).fill(7));
    const cards = concat(executive.publicKey, supervision.publicKey);
    const binding = shareBinding(this.crypto, id, 1, this.keys.sign.publicKey);
    this.#drawn = new Uint8Array(drawnLength(2));
    const key = nodeTallyKey((out) => loading.fill(out));
    key.draw(this.#drawn, Uint8Array.of(1, 1, 1, 1), cards, binding, this.secret, id, escrow.publicKey);
    this.tally = opened(this.crypto, this.#drawn, [executive, supervision], escrow);
    this.election = {
      id,
      root,
      kind: "test",
      title: 0,
      station: 1,
      stationName: 0,
      contests: [{ id: 1, kind: "n-of-m", title: 0, votesAllowed: 3, options: 9, blankAllowed: true }],
      styles: [{ id: 1, contests: [1] }],
      terminals: [{ id: 1, publicKey: this.keys.sign.publicKey }],
      policy: {
        capacity,
        inactivity_s: 120,
        alert_s: 20,
        parked_s: 60,
        slip_s: 7,
        slipAttempts: 3,
        k: 5,
      },
      tallyKey: this.tally.publicKey,
      escrowKey: escrow.publicKey,
      auditKey: this.audit.publicKey,
      officials: {
        cards: [
          { role: "executive", boxKey: executive.publicKey },
          { role: "supervision", boxKey: supervision.publicKey },
        ],
        needed: { executive: 1, supervision: 1 },
      },
      collectorKey: new Uint8Array(32),
      authorityKey: new Uint8Array(32),
      cards: { issuerKey: new Uint8Array(32), epoch: 1, revoked: new Uint8Array(0) },
      ballotLength: 64,
    } as unknown as Election & AssignedElection;
  }

  open(): ReturnType<typeof Vault.open> {
    return Vault.open({
      crypto: this.crypto,
      keys: this.keys,
      election: this.election,
      tallyKey: (media, layout) => {
        const settled = settleLoading({
          crypto: this.crypto,
          key: {
            draw: (out) => {
              out.set(this.#drawn);
              return true;
            },
          },
          election: this.election,
          terminal: this.terminal,
          deviceSecret: this.secret,
          keys: this.keys,
          media,
          region: layout.loading,
          isUnused: () => ok(true),
        });
        return settled.ok ? ok(settled.value.tallyKey) : settled;
      },
      terminal: this.terminal,
      a: flashOf(this.a),
      b: flashOf(this.b),
    });
  }

  journal(opened: Extract<ReturnType<typeof Vault.open>, { ok: true }>["value"]): ReturnType<typeof Journal.open> {
    return Journal.open({
      crypto: this.crypto,
      media: opened.media,
      region: opened.layout.journal,
      head: opened.layout.journalHead,
      key: this.keys.journal,
      election: this.election.id,
      terminal: 1,
      signKey: this.keys.sign,
      clock: { monotonic: () => 0, wall: () => storeTime },
    });
  }

  /** What keeps the state of the day beside this journal, from now on. */
  states(journal: Journal, { media }: { readonly media: Media }): ReturnType<typeof States.open> {
    const { crypto, keys, terminal } = this;
    const election = this.election.id;
    const erasing = (): Uint8Array => deriveKey(crypto, this.secret, election, "erasing", 16);
    const words = new StateWords({ crypto, media, keys: { state: keys.state, erasing }, election, terminal });
    return States.open({ crypto, journal, words, epochs: this.epochs(), election });
  }

  epochs(): EpochLog {
    return EpochLog.open(flashOf(this.main), this.crypto, this.secret);
  }

  plain(choices: readonly number[]): Uint8Array {
    const ballot: Ballot = {
      style: 1 as StyleId,
      marks: [{ contest: 1 as ContestId, blank: choices.length === 0, choices }],
    };
    return encodeBallot(ballot, this.election.ballotLength);
  }
}

/** The key that was drawn for two cards, put together. */
function opened(
  crypto: Crypto,
  drawn: Uint8Array,
  cards: readonly [BoxKeyPair, BoxKeyPair],
  escrow: BoxKeyPair,
): BoxKeyPair {
  const secretKey = crypto.sealOpen(drawn.slice(-sealedPartLength), escrow)!;
  cards.forEach((card, i) => {
    const at = 32 + i * cardBoxLength;
    const share = crypto.sealOpen(drawn.slice(at, at + cardBoxLength), card)!;
    for (let byte = 0; byte < 32; byte++) secretKey[byte]! ^= share[byte]!;
  });
  return { publicKey: drawn.slice(0, 32), secretKey };
}
