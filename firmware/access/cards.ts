// The session's questions about cards, answered by the protocols of voters' and officials' cards.

import type { BoxKeyPair, Crypto } from "../crypto/crypto.js";
import type { Assigned } from "../device/assignment.js";
import type { StationElection } from "../election/types.js";
import { type Result, err, ok } from "../result.js";
import { type ActivationFault, Activations, lock, spend } from "./activation.js";
import { Sessions } from "./channel.js";
import { officialOf, trouble } from "./identify-official.js";
import { openShare } from "./official.js";
import type { CardAccess, CardTrouble, PresentedCard } from "./present.js";
import type { Card } from "./reader.js";

export interface CardsOptions {
  readonly crypto: Crypto;
  readonly election: StationElection;
  readonly assignment: Assigned;
  /** X25519: the device's. */
  readonly box: BoxKeyPair;
  /** See tokenOf. */
  readonly markKey: Uint8Array;
}

export class Cards implements CardAccess {
  readonly #station: number;
  readonly #sessions: Sessions;
  readonly #activations: Activations;

  constructor({ crypto, election, assignment, box, markKey }: CardsOptions) {
    const { id, station, authorityKey, cards: rules } = election;
    this.#station = station;
    this.#sessions = new Sessions({ crypto, box, assignment: assignment.signed, rules });
    this.#activations = new Activations({ crypto, election: id, station, authorityKey, markKey });
  }

  async identify(card: Card): Promise<Result<PresentedCard, CardTrouble>> {
    const read = await this.#sessions.in<PresentedCard, ActivationFault>(card, async (channel) => {
      const { certificate } = channel;
      if (certificate.kind !== "voter") return ok(this.#official(card, certificate));
      const found = await this.#activations.read(channel);
      if (!found.ok) return found;
      const { kind, style, token } = found.value;
      return ok({ kind: kind === "granted" ? "granted" : "locked-here", style, token });
    });
    return read.ok ? read : presentedFault(read.error);
  }

  async lock(card: Card): Promise<Result<void, CardTrouble>> {
    const locked = await this.#sessions.in<void, ActivationFault>(card, lock);
    return locked.ok ? locked : err(trouble(locked.error));
  }

  async spend(card: Card): Promise<Result<void, CardTrouble>> {
    const spent = await this.#sessions.in<void, ActivationFault>(card, spend);
    return spent.ok ? spent : err(trouble(spent.error));
  }

  forget(): void {
    this.#sessions.end();
  }

  #official(card: Card, certificate: Parameters<typeof officialOf>[1]): PresentedCard {
    const official = officialOf(card, certificate, this.#station, this.#sessions);
    if (official === undefined) return { kind: "foreign" };
    return {
      kind: "official",
      ...official,
      openShare: async (sealed, statement) => {
        const share = await openShare(card, sealed, statement, this.#sessions);
        if (share.ok) return share;
        return err(share.error.kind === "card" ? trouble(share.error) : "none");
      },
    };
  }
}

function presentedFault(fault: ActivationFault): Result<PresentedCard, CardTrouble> {
  switch (fault.kind) {
    case "empty":
    case "spent":
    case "other-election":
    case "revoked":
    case "no-right":
      return ok({ kind: fault.kind });
    case "other-terminal":
      return ok({ kind: "locked-elsewhere" });
    case "other-epoch":
    case "refused":
      return ok({ kind: "other-election" });
    case "foreign-card":
    case "other-kind":
      return ok({ kind: "foreign" });
    default:
      return err(trouble(fault));
  }
}
