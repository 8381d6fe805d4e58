// How far the day is, beside the journal that decides it: words on both media (vault/state-words.ts) and the epoch in
// the main flash (device/epoch.ts). What a start finds must agree; what a cut has left unwritten is written before
// anybody acts on it.

import type { EpochLog, EpochPhase } from "../device/epoch.js";
import type { Crypto } from "../crypto/crypto.js";
import type { DayState, Journal, JournalEnd, JournalFault, JournalKeeper } from "../journal/journal.js";
import { type Result, err, ok } from "../result.js";
import type { MediumFault } from "../storage/media.js";
import type { StateWordFault, StateWords } from "../vault/state-words.js";

export interface StatesOptions {
  readonly crypto: Crypto;
  readonly journal: Journal;
  readonly words: StateWords;
  readonly epochs: EpochLog;
  readonly election: Uint8Array;
  /** Told at a start, too. */
  readonly onReleased?: () => void;
}

/** older: the main flash has seen more of this election, or another one that was not released. */
export type StatesFault = StateWordFault | JournalFault | { readonly kind: "older" };

export class States implements JournalKeeper {
  readonly #options: StatesOptions;
  /** The main flash knew nothing of polls that had been opened. */
  readonly wasForgotten: boolean;

  private constructor(options: StatesOptions) {
    this.#options = options;
    this.wasForgotten = options.journal.state !== undefined && options.epochs.newest === undefined;
  }

  /** From then on it is the journal's keeper. */
  static open(options: StatesOptions): Result<States, StatesFault> {
    const { journal, words } = options;
    if (isOlder(options)) return err({ kind: "older" });
    const settled = words.settle(journal.states);
    if (!settled.ok) return settled;
    const states = new States(options);
    journal.keeper = states;
    // the power went between an entry and its signature, or between that and what is written behind it
    if (!journal.isStateSigned) {
      const signed = journal.checkpoint();
      if (!signed.ok) return signed;
    } else if (states.#isBehind()) states.#note(journal.end, journal.state!);
    if (journal.state === "released") options.onReleased?.();
    return ok(states);
  }

  opening(end: JournalEnd): boolean {
    return this.#note(end, "opening");
  }

  signed(end: JournalEnd, state: DayState | undefined): Result<void, MediumFault> {
    if (state === undefined) return ok();
    const written = this.#options.words.write(state);
    if (!written.ok) return written;
    // one that is not kept is written at the next start
    this.#note(end, state);
    if (state === "released") this.#options.onReleased?.();
    return ok();
  }

  #note(end: JournalEnd, phase: EpochPhase): boolean {
    const { epochs, election } = this.#options;
    return epochs.write({ election, phase, end });
  }

  #isBehind(): boolean {
    const { journal, epochs, election } = this.#options;
    if (journal.state === undefined) return false;
    const { newest } = epochs;
    return newest === undefined || epochs.markOf(election) === undefined || newest.phase !== journal.state;
  }
}

/**
 * An election is left only when it was released. Without any epoch the main flash is a new one, which is noted and no
 * refusal: a technician may have exchanged it.
 */
function isOlder({ journal, epochs, election }: StatesOptions): boolean {
  const { newest } = epochs;
  if (newest === undefined) return false;
  if (epochs.markOf(election) !== undefined) return !journal.isAsNewAsMark;
  return (newest.phase !== "released" && newest.phase !== "opening") || journal.state !== undefined;
}
