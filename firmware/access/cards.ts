// The session's questions about cards, answered by the protocols of our two card applications.

import type { Crypto } from "../crypto/crypto.js";
import type { StationElection, TerminalId } from "../election/types.js";
import { type Result, err, ok } from "../result.js";
import { type ActivationFault, type ActivationDeps, lock, readActivation, spend } from "./activation.js";
import { identify } from "./identify.js";
import { identifyOfficial, trouble } from "./identify-official.js";
import { openShare } from "./official.js";
import type { CardAccess, CardTrouble, PresentedCard } from "./present.js";
import type { Card } from "./reader.js";

export class Cards implements CardAccess {
  readonly #crypto: Crypto;
  readonly #election: StationElection;
  readonly #deps: ActivationDeps;

  constructor(options: { readonly crypto: Crypto; readonly election: StationElection; readonly terminal: TerminalId }) {
    const { crypto, election, terminal } = options;
    this.#crypto = crypto;
    this.#election = election;
    this.#deps = { crypto, cardKey: election.cardKey, electionId: election.id, terminalId: terminal };
  }

  async identify(card: Card): Promise<Result<PresentedCard, CardTrouble>> {
    const kind = await identify(card);
    if (!kind.ok) return err(trouble(kind.error));
    switch (kind.value) {
      case "foreign":
        return ok({ kind: "foreign" });
      case "official":
        return this.#identifyOfficial(card);
      case "activation": {
        const state = await readActivation(card, this.#deps);
        if (state.ok)
          return ok({ kind: state.value.kind === "granted" ? "granted" : "locked-here", style: state.value.style });
        return presentedFault(state.error);
      }
    }
  }

  async lock(card: Card): Promise<Result<Uint8Array, CardTrouble>> {
    const locked = await lock(card, this.#deps);
    return locked.ok ? ok(locked.value.token) : err(trouble(locked.error));
  }

  async spend(card: Card, token: Uint8Array): Promise<Result<void, CardTrouble>> {
    const spent = await spend(card, this.#deps, token);
    return spent.ok ? spent : err(trouble(spent.error));
  }

  async #identifyOfficial(card: Card): Promise<Result<PresentedCard, CardTrouble>> {
    const read = await identifyOfficial(card, this.#crypto, this.#election);
    if (!read.ok) return read;
    if (read.value === undefined) return ok({ kind: "foreign" });
    return ok({
      kind: "official",
      ...read.value,
      openShare: async (certificate, sealed, statement) => {
        const share = await openShare(card, certificate, sealed, statement);
        if (share.ok) return share;
        return err(share.error.kind === "card" ? trouble(share.error) : "none");
      },
    });
  }
}

function presentedFault(fault: ActivationFault): Result<PresentedCard, CardTrouble> {
  switch (fault.kind) {
    case "empty":
    case "spent":
    case "other-election":
      return ok({ kind: fault.kind });
    case "other-terminal":
      return ok({ kind: "locked-elsewhere" });
    case "wrong-key":
      return ok({ kind: "other-election" });
    default:
      return err(trouble(fault));
  }
}
