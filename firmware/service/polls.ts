// The polls of one terminal: before opening, open, paused, closed. The journal is where the state is kept; this is who
// may change it how.

import type { Journal, JournalFault } from "../journal/journal.js";
import { type PollState, pollStateOf } from "../journal/poll-state.js";
import { type Result, err, ok } from "../result.js";
import type { VaultFault } from "../vault/fault.js";
import type { Vault } from "../vault/vault.js";

export type PollAct = "open" | "pause" | "resume" | "close";

export type PollFault =
  | { readonly kind: "wrong-state" }
  /** Opening with ballots stored: test data was not isolated, or the polls were open before. */
  | { readonly kind: "not-empty"; readonly ballots: number }
  | { readonly kind: "journal"; readonly fault: JournalFault }
  | { readonly kind: "vault"; readonly fault: VaultFault };

const allowed: Readonly<Record<PollState, readonly PollAct[]>> = {
  "before-opening": ["open"],
  open: ["pause", "close"],
  paused: ["resume", "close"],
  closed: [],
};
const eventOf = { open: "opened", pause: "paused", resume: "resumed", close: "closed" } as const;

export class Polls {
  readonly #journal: Journal;
  readonly #vault: Vault;

  constructor(options: { readonly journal: Journal; readonly vault: Vault }) {
    this.#journal = options.journal;
    this.#vault = options.vault;
  }

  get state(): PollState {
    return pollStateOf(this.#journal);
  }

  get acts(): readonly PollAct[] {
    return allowed[this.state];
  }

  /** Durable when it returns. The close verifies every signature first. */
  perform(act: PollAct): Result<void, PollFault> {
    if (!this.acts.includes(act)) {
      const noted = this.#journal.append("commandRefused");
      return noted.ok ? err({ kind: "wrong-state" }) : err({ kind: "journal", fault: noted.error });
    }
    const { ballots } = this.#vault.counts;
    if (act === "open" && ballots > 0) {
      const noted = this.#journal.append("commandRefused");
      return noted.ok ? err({ kind: "not-empty", ballots }) : err({ kind: "journal", fault: noted.error });
    }
    if (act === "close") {
      const verified = this.#vault.verifyAll();
      if (!verified.ok) return err({ kind: "vault", fault: verified.error });
    }
    const written = this.#journal.append(eventOf[act], ballots);
    return written.ok ? ok() : err({ kind: "journal", fault: written.error });
  }
}
