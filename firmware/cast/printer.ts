// What the cast needs of a slip printer. The driver is drivers/printer; this file holds types and sizes.

import type { Result } from "../result.js";

/** Dots in a row: 72 mm of printable width on 80 mm paper at 8 dots/mm. */
export type SlipWidth = 576;
/** Bytes in a row of SlipWidth dots. */
export const ROW_BYTES = 72;

/**
 * Rows of a picture that are alike: `left` to `right` - 1 are the bytes of a row that may hold black; none when they
 * are equal.
 */
export interface Span {
  readonly rows: number;
  readonly left: number;
  readonly right: number;
}

/** A picture that is drawn band by band into what is sent, so that a slip never stands in memory whole. */
export interface Raster {
  readonly width: SlipWidth;
  /** rows; at most ROWS_MAX of the driver */
  readonly height: number;
  /**
   * What begins at `row`, which is below the height. Outside of left and right, and in rows of a white span, there is
   * no black.
   */
  span(row: number): Span;
  /**
   * Draws `rows` rows from `row` on, `widthBytes` bytes each, from `leftDots` on, into `out` at `at`; everything there
   * is overwritten. 1 = black, most significant bit left. Left and right of the picture is white.
   */
  draw(out: Uint8Array, at: number, row: number, rows: number, leftDots: number, widthBytes: number): void;
}

/**
 * no-answer: off, unplugged or hung. echo-lied: it claimed to have printed what it cannot have printed yet, or
 * something it was never asked. broken: the printer itself says that only a service helps. flow-control: it is set to
 * XON/XOFF.
 */
export type PrinterFault =
  | "no-answer"
  | "paper-out"
  | "cover-open"
  | "jam"
  | "cutter"
  | "overheated"
  | "broken"
  | "flow-control"
  | "echo-lied";

export interface PaperState {
  readonly paper: "ok" | "near-end" | "out";
  /** What keeps it from printing now; undefined when it is ready. */
  readonly fault: PrinterFault | undefined;
}

/**
 * One act at a time: a second one before the first is answered is a bug and throws. After an act that failed the
 * printer may still hold bytes of it: the next act cancels them first, so that nothing of a voided slip appears later.
 */
export interface SlipPrinter {
  /** Called from then on whenever the state changes, also in the middle of an act. */
  listen(onStatus: (state: PaperState) => void): void;
  /**
   * Cancels what the printer holds and waits until the paper stands still. To be called after a reset, before anything
   * is printed.
   */
  quiesce(): Promise<Result<void, PrinterFault>>;
  status(): Promise<Result<PaperState, PrinterFault>>;
  /** Ok when the rows are on the paper and, after that, all sensors were good. The paper is not cut. */
  print(raster: Raster): Promise<Result<void, PrinterFault>>;
  /** Feeds what was printed past the cutter and cuts it off. Ok when the printer says that it has. */
  cut(): Promise<Result<void, PrinterFault>>;
  close(): void;
}
