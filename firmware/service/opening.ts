// What two officials live through before the polls are open: the package is read in full, chance and printer are
// tested, medium and clock are looked at, the raw store is read and found empty, and the zero report is on paper.
// Whatever fails stops the opening and says why.

import type { Journal } from "../journal/journal.js";
import { wallSeconds } from "../wall-clock.js";
import type { Crypto } from "../crypto/crypto.js";
import { entropyTest } from "../crypto/entropy.js";
import type { ElectionPackage } from "../election/types.js";
import type { MessageCode } from "../messages.js";
import type { Clock } from "../platform.js";
import { type Result, err, ok } from "../result.js";
import type { Media } from "../storage/media.js";
import { type Census, census } from "../tally/raw-store.js";
import type { Layout } from "../vault/layout.js";
import { isClockSet } from "./calendar.js";
import { journalMessage } from "./fault-message.js";
import type { ReportFault, Reports } from "./reports.js";
import type { ActFault, Steps } from "./steps.js";

export interface OpeningOptions {
  readonly crypto: Crypto;
  /** A start trusts its signature; here every page of it is read. */
  readonly pack: Pick<ElectionPackage, "verify">;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly media: Media;
  readonly layout: Layout;
  readonly terminal: number;
  readonly reports: Reports;
  readonly steps: Steps;
}

const failures = {
  entropy: { detail: 1, message: "O-08" },
  printer: { detail: 2, message: "O-09" },
  empty: { detail: 3, message: "O-10" },
  package: { detail: 4, message: "E-04" },
} as const;

export class Opening {
  readonly #options: OpeningOptions;

  constructor(options: OpeningOptions) {
    this.#options = options;
  }

  /** Ok when the polls may be opened. */
  async prepare(): Promise<Result<void, ActFault>> {
    const { crypto, pack, clock, media, terminal, reports, steps, journal } = this.#options;
    steps.run("package");
    const verified = pack.verify();
    if (!verified.ok) return this.#failed("package", verified.error.code);
    steps.pass();
    steps.run("entropy");
    if (!entropyTest((length) => crypto.random(length))) return this.#failed("entropy");
    steps.pass();
    steps.run("printer");
    const tested = await reports.print({ kind: "printer-test" });
    if (!tested.ok) return this.#notPrinted(tested.error);
    steps.pass();
    steps.run("storage");
    steps.pass(media.active.length === 1);
    const now = wallSeconds(clock);
    steps.run("clock", now);
    steps.pass(!isClockSet(now));
    steps.run("empty");
    const voids = this.#emptyStore();
    if (!voids.ok) return voids;
    const noted = journal.append("zeroReport", voids.value);
    if (!noted.ok) return err({ kind: "stop", message: journalMessage(noted.error) });
    steps.pass();
    steps.run("zero-report");
    const generatedAt = wallSeconds(clock);
    const printed = await reports.print({
      kind: "zero",
      terminal,
      generatedAt,
      printedAt: generatedAt,
      voids: voids.value,
      media: media.active.length === 1 ? 1 : 2,
    });
    if (!printed.ok) return this.#notPrinted(printed.error);
    steps.pass();
    return ok();
  }

  /** Voided slots, when nothing else is in any medium's store. */
  #emptyStore(): Result<number, ActFault> {
    const { media, layout } = this.#options;
    let voids = 0;
    for (const medium of media.active) {
      const found = census(this.#options.crypto, media, medium, layout);
      if (!found.ok) return err({ kind: "stop", message: "S-01" });
      if (!isEmpty(found.value)) return this.#failed("empty");
      voids = Math.max(voids, found.value.slots.voided);
    }
    return ok(voids);
  }

  #notPrinted(fault: ReportFault): Result<never, ActFault> {
    return fault.kind === "journal"
      ? err({ kind: "stop", message: journalMessage(fault.fault) })
      : this.#failed("printer");
  }

  #failed(what: keyof typeof failures, message: MessageCode = failures[what].message): Result<never, ActFault> {
    const { detail } = failures[what];
    const noted = this.#options.journal.append("testFailed", detail);
    return noted.ok ? err({ kind: "refused", message }) : err({ kind: "stop", message: journalMessage(noted.error) });
  }
}

function isEmpty({ slots, ticks, untouched }: Census): boolean {
  return slots.decided === 0 && slots.undecided === 0 && ticks === 0 && untouched;
}
