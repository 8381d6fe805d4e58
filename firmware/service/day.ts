// The officials' day: which acts there are in which state, and what each of them does. Two officials, each with card
// and PIN, do every one of them; the count takes as many of each office as the election needs.

import { wallSeconds } from "../wall-clock.js";
import type { Crypto } from "../crypto/crypto.js";
import type { Journal } from "../journal/journal.js";
import type { PollState } from "../journal/poll-state.js";
import type { MessageCode } from "../messages.js";
import type { Clock } from "../platform.js";
import { type Result, assert, err, ok } from "../result.js";
import { journalFault, journalMessage, vaultMessage } from "./fault-message.js";
import { verificationCode } from "../tally/results.js";
import type { ResultsStore } from "../tally/results-store.js";
import { type ArchiveReceipt, sameReceipt } from "./archive.js";
import type { Counting, ShareHolder } from "./counting.js";
import type { Opening } from "./opening.js";
import type { PollAct, Polls } from "./polls.js";
import type { Reports } from "./reports.js";
import type { ActFault, Step, Steps } from "./steps.js";

export type DayAct = PollAct | "count" | "report" | "release";

export interface DayOptions {
  readonly polls: Polls;
  readonly opening: Opening;
  readonly counting: Counting;
  readonly reports: Reports;
  readonly results: ResultsStore;
  readonly steps: Steps;
  readonly journal: Journal;
  readonly crypto: Crypto;
  readonly clock: Clock;
  /** The election was released before this start. */
  readonly released: boolean;
  /** The receipt that lies on the main flash now, when its signature is good. */
  readonly receipt: () => ArchiveReceipt | undefined;
}

export class Day {
  readonly #options: DayOptions;
  #released: boolean;

  constructor(options: DayOptions) {
    this.#options = options;
    this.#released = options.released;
  }

  get poll(): PollState {
    return this.#options.polls.state;
  }

  get steps(): readonly Step[] {
    return this.#options.steps.list;
  }

  /** See Steps.trouble. */
  get trouble(): MessageCode | undefined {
    return this.#options.steps.trouble;
  }

  get acts(): readonly DayAct[] {
    const { polls, results } = this.#options;
    if (polls.state !== "closed") return polls.acts;
    if (results.stored === undefined) return ["count"];
    return this.#released ? ["report"] : ["report", "release"];
  }

  /** Cards of this office are still to come for the count that is under way. */
  get waitsFor(): Counting["waitsFor"] {
    return this.#options.counting.waitsFor;
  }

  /** This card has given its share to the count that is under way. */
  hasShareOf(boxKey: Uint8Array): boolean {
    return this.#options.counting.hasShareOf(boxKey);
  }

  /** The first official asks for it: what can be refused is refused now, and what the card gives is taken. */
  async begin(act: DayAct, holder: ShareHolder): Promise<Result<void, ActFault>> {
    this.#options.steps.clear();
    if (!this.acts.includes(act)) return this.#refuseCommand();
    if (act === "count") return this.#options.counting.begin(holder);
    if (act === "release" && !this.#isArchived()) {
      const refused = await this.#refuseCommand();
      return refused.ok || refused.error.kind === "stop" ? refused : err({ kind: "refused", message: "O-13" });
    }
    return ok();
  }

  /** The second official agrees; for a count, whoever's share comes next. */
  async complete(act: DayAct, holder: ShareHolder): Promise<Result<void, ActFault>> {
    switch (act) {
      case "open": {
        const prepared = await this.#options.opening.prepare();
        return prepared.ok ? this.#poll(act) : prepared;
      }
      case "pause":
      case "resume":
      case "close":
        return this.#poll(act);
      case "count": {
        const counted = await this.#options.counting.complete(holder);
        return counted.ok && this.waitsFor === undefined ? this.#report() : counted;
      }
      case "report":
        return this.#report();
      case "release":
        return this.#release();
    }
  }

  /** The act is given up between the two officials. */
  abandon(): void {
    this.#options.counting.forget();
    this.#options.steps.clear();
  }

  #poll(act: PollAct): Result<void, ActFault> {
    const done = this.#options.polls.perform(act);
    if (done.ok) return ok();
    switch (done.error.kind) {
      case "wrong-state":
        return err({ kind: "refused", message: "O-05" });
      case "not-empty":
        return err({ kind: "refused", message: "O-10" });
      case "vault":
        return err({ kind: "stop", message: vaultMessage(done.error.fault) });
      case "journal":
        return err(journalFault(done.error.fault));
    }
  }

  async #report(): Promise<Result<void, ActFault>> {
    const { results, reports, steps, clock, crypto } = this.#options;
    assert(results.stored !== undefined, "results are kept before they are printed");
    const { stored } = results;
    steps.run("report");
    const printed = await reports.print({
      kind: "results",
      results: stored.results,
      terminal: stored.results.terminal,
      code: verificationCode(crypto, stored.signedResults),
      generatedAt: stored.results.generatedAt,
      printedAt: wallSeconds(clock),
    });
    if (!printed.ok)
      return err(
        printed.error.kind === "journal" ? journalFault(printed.error.fault) : { kind: "refused", message: "O-09" },
      );
    steps.pass();
    return ok();
  }

  #isArchived(): boolean {
    const { results, receipt, crypto } = this.#options;
    const found = receipt();
    if (found === undefined || results.stored === undefined) return false;
    const { root, terminal, records } = results.stored.results;
    return sameReceipt(found, { root, terminal, records, results: crypto.sha256(results.stored.signedResults) });
  }

  #release(): Result<void, ActFault> {
    const { journal, steps } = this.#options;
    steps.run("archive");
    if (!this.#isArchived()) return err({ kind: "refused", message: "O-13" });
    for (const write of [() => journal.append("released"), () => journal.checkpoint()]) {
      const written = write();
      if (!written.ok) return err({ kind: "stop", message: journalMessage(written.error) });
    }
    this.#released = true;
    steps.pass();
    return ok();
  }

  async #refuseCommand(): Promise<Result<void, ActFault>> {
    const noted = this.#options.journal.append("commandRefused");
    return noted.ok
      ? err({ kind: "refused", message: "O-05" })
      : err({ kind: "stop", message: journalMessage(noted.error) });
  }
}
