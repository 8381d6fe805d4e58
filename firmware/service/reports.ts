// Printing reports, which are long: paper can run out and the power can go in the middle of one. The journal knows
// which strip was begun, and the next one is not begun before it has its VOID and is cut off: no half of a report can
// pass for a whole one. A report that officials can help waits for them, and begins anew when the printer is ready.

import type { PrinterFault, SlipPrinter } from "../cast/printer.js";
import type { Timer } from "../platform.js";
import type { EventName } from "../journal/events.js";
import type { Journal, JournalFault } from "../journal/journal.js";
import { type Result, err, ok } from "../result.js";
import type { Report, ReportDrawer } from "../tally/report.js";
import { printerFaults, reportWaits } from "./fault-message.js";
import type { Steps } from "./steps.js";

/** How often the printer is asked whether it is ready again, and how often at most. */
const askMs = 1_000;
const asksMax = 900;
/** A strip is begun at most so often in one act. */
const attemptsMax = 5;

export type ReportFault =
  | { readonly kind: "printer"; readonly fault: PrinterFault }
  | { readonly kind: "journal"; readonly fault: JournalFault };

const numbers: Readonly<Record<Report["kind"], number>> = { "printer-test": 1, zero: 2, results: 3 };

export interface ReportsOptions {
  readonly journal: Journal;
  readonly printer: SlipPrinter;
  readonly drawer: ReportDrawer;
  readonly steps: Steps;
  readonly timer: Timer;
  /** A strip hangs in the printer that was begun before the power went. */
  readonly unfinished: boolean;
}

/** Follows the journal while it is read at a start: whether a report was begun and not completed. */
export class ReportHistory {
  unfinished = false;

  take(event: EventName): void {
    if (event === "reportBegun") this.unfinished = true;
    if (event === "reportPrinted") this.unfinished = false;
  }
}

export class Reports {
  readonly #journal: Journal;
  readonly #printer: SlipPrinter;
  readonly #drawer: ReportDrawer;
  readonly #steps: Steps;
  readonly #timer: Timer;
  #unfinished: boolean;

  constructor(options: ReportsOptions) {
    this.#journal = options.journal;
    this.#printer = options.printer;
    this.#drawer = options.drawer;
    this.#steps = options.steps;
    this.#timer = options.timer;
    this.#unfinished = options.unfinished;
  }

  /** Ok when the whole strip is on paper and cut off. To be called again after a fault: it begins anew. */
  async print(report: Report): Promise<Result<void, ReportFault>> {
    for (let attempt = 1; ; attempt++) {
      const printed = await this.#printOnce(report);
      if (printed.ok || printed.error.kind !== "printer") return printed;
      const noted = this.#journal.append("printerFault", printerFaults[printed.error.fault].detail);
      if (!noted.ok) return err({ kind: "journal", fault: noted.error });
      if (attempt === attemptsMax || !(await this.#isMended(printed.error.fault))) return printed;
    }
  }

  /** Waits for people, as long as the fault is one that they can see to. */
  async #isMended(first: PrinterFault): Promise<boolean> {
    let fault: PrinterFault | undefined = first;
    for (let ask = 0; ask < asksMax; ask++) {
      const trouble = reportWaits[fault];
      if (trouble === undefined) break;
      this.#steps.wait(trouble);
      await new Promise<void>((resolve) => this.#timer.set(resolve, askMs));
      const status = await this.#printer.status();
      fault = status.ok ? status.value.fault : status.error;
      if (fault !== undefined) continue;
      this.#steps.wait(undefined);
      return true;
    }
    this.#steps.wait(undefined);
    return false;
  }

  async #printOnce(report: Report): Promise<Result<void, ReportFault>> {
    if (this.#unfinished) {
      const voided = await this.#end(this.#drawer.mark("void"));
      if (!voided.ok) return voided;
    }
    const begun = this.#note("reportBegun", report);
    if (!begun.ok) return begun;
    this.#unfinished = true;
    for (const piece of this.#drawer.report(report)) {
      const printed = await this.#printer.print(piece);
      if (!printed.ok) return err({ kind: "printer", fault: printed.error });
    }
    const cut = await this.#printer.cut();
    if (!cut.ok) return err({ kind: "printer", fault: cut.error });
    this.#unfinished = false;
    return this.#note("reportPrinted", report);
  }

  async #end(mark: ReturnType<ReportDrawer["mark"]>): Promise<Result<void, ReportFault>> {
    const printed = await this.#printer.print(mark);
    if (!printed.ok) return err({ kind: "printer", fault: printed.error });
    const cut = await this.#printer.cut();
    if (!cut.ok) return err({ kind: "printer", fault: cut.error });
    this.#unfinished = false;
    return ok();
  }

  #note(event: "reportBegun" | "reportPrinted", report: Report): Result<void, ReportFault> {
    const written = this.#journal.append(event, numbers[report.kind]);
    return written.ok ? ok() : err({ kind: "journal", fault: written.error });
  }
}
