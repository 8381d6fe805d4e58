// What moves in the virtual printer: paper under the head at 150 mm/s, and the cutter. Where it is stopped, the rows
// that have passed the head are printed and the others wait.

import type { SimClock } from "../../clock.js";
import { CUTTER_ROWS, type Slip, blankRows, slipOf } from "./paper.js";

const ROW_US = 1_000_000 / 1200;
const CUT_US = 300_000;

export interface MechanismOptions {
  readonly clock: SimClock;
  readonly onJam: () => void;
  readonly onPaperEnd: () => void;
  /** A cut that has left the paper whole. */
  readonly onCutterStuck: () => void;
  /** All rows have passed, or the slip has been cut. */
  readonly onDone: () => void;
}

export class Mechanism {
  /** What fell into the box, in order. */
  readonly slips: Slip[] = [];
  onSlip: ((slip: Slip) => void) | undefined;
  /** Paper has moved by so many rows. */
  onPaper: ((rows: number) => void) | undefined;
  cutterStuck = false;
  jamAfterRows: number | undefined;
  paperOutAfterRows: number | undefined;
  readonly #options: MechanismOptions;
  /** From the cutter down to the head, top row first. */
  readonly #strip: Uint8Array[] = blankRows(CUTTER_ROWS);
  /** Rows that are moving now. */
  #motion: { readonly rows: Uint8Array[]; running: boolean; startUs: number; cancel: () => void } | undefined;
  #cutting: (() => void) | undefined;

  constructor(options: MechanismOptions) {
    this.#options = options;
  }

  get isCutting(): boolean {
    return this.#cutting !== undefined;
  }

  /** Rows are under way, or were when they were stopped. */
  get isMoving(): boolean {
    return this.#motion !== undefined;
  }

  get hanging(): Slip {
    this.settle();
    return slipOf(this.#strip, undefined);
  }

  /** Lays down the rows that have passed the head by now. */
  settle(): void {
    const motion = this.#motion;
    if (motion === undefined || !motion.running) return;
    // Whole microseconds against thirds of them: a row that is a thousandth short has passed.
    const elapsedUs = this.#options.clock.nowUs() - motion.startUs;
    const passed = Math.min(motion.rows.length, Math.floor(elapsedUs / ROW_US + 0.001));
    if (passed <= 0) return;
    motion.startUs += passed * ROW_US;
    for (const row of motion.rows.splice(0, passed)) this.#strip.push(row);
    if (this.jamAfterRows !== undefined) this.jamAfterRows -= passed;
    if (this.paperOutAfterRows !== undefined) this.paperOutAfterRows -= passed;
    this.onPaper?.(passed);
  }

  /** Stops the paper where it is; the rows that did not pass the head wait. */
  stand(): void {
    this.settle();
    if (this.#motion === undefined) return;
    this.#motion.cancel();
    this.#motion.running = false;
  }

  move(rows: Uint8Array[]): void {
    this.#motion = { rows, running: false, startUs: 0, cancel: () => {} };
    this.#run();
  }

  /** Goes on from the same row, when rows are waiting. */
  goOn(): void {
    if (this.#motion !== undefined && !this.#motion.running) this.#run();
  }

  /** Rows that have not passed the head are forgotten. */
  forget(): void {
    this.settle();
    this.#motion?.cancel();
    this.#motion = undefined;
  }

  #run(): void {
    const motion = this.#motion!;
    motion.running = true;
    motion.startUs = this.#options.clock.nowUs();
    const rows = Math.min(motion.rows.length, this.jamAfterRows ?? Infinity, this.paperOutAfterRows ?? Infinity);
    motion.cancel = this.#options.clock.after(Math.ceil(rows * ROW_US), () => {
      this.settle();
      if (this.jamAfterRows === 0) {
        this.jamAfterRows = undefined;
        this.#options.onJam();
        return;
      }
      if (this.paperOutAfterRows === 0) {
        this.paperOutAfterRows = undefined;
        this.#options.onPaperEnd();
        return;
      }
      this.#motion = undefined;
      this.#options.onDone();
    });
  }

  takeSlip(cut: "full" | "partial" | "torn"): Slip {
    this.settle();
    const slip = slipOf(this.#strip.splice(0, Math.max(0, this.#strip.length - CUTTER_ROWS)), cut);
    this.slips.push(slip);
    this.onSlip?.(slip);
    return slip;
  }

  cut(kind: "full" | "partial"): void {
    const cancel = this.#options.clock.after(CUT_US, () => {
      this.#cutting = undefined;
      if (this.cutterStuck) {
        this.#options.onCutterStuck();
        return;
      }
      this.takeSlip(kind);
      this.#options.onDone();
    });
    this.#cutting = cancel;
  }

  stopCut(): void {
    this.#cutting?.();
    this.#cutting = undefined;
  }
}
