// The paper of the virtual printer: rows of dots, the slips they become, and a slip as a picture.

import { pngFromBits } from "../../png.js";

export const DOTS = 576;
export const ROW_BYTES = DOTS / 8;
/** Paper between the head and the cutter, 12 mm: a cut without feeding goes through what was just printed. */
export const CUTTER_ROWS = 96;
/** White paper left and right of the printable width in pictures, 4 mm. */
const MARGIN_BYTES = 4;

export interface Slip {
  /** rows */
  readonly height: number;
  /** height * 72 bytes, 1 = black, most significant bit left */
  readonly bits: Uint8Array;
  /** undefined: it still hangs in the printer */
  readonly cut: "full" | "partial" | "torn" | undefined;
}

/** The paper with its margins, and a dashed line where it was cut. */
export function slipToPng(slip: Slip): Uint8Array {
  const stride = ROW_BYTES + 2 * MARGIN_BYTES;
  const cutRows = slip.cut === undefined ? 0 : 6;
  const height = Math.max(1, slip.height + cutRows);
  const bits = new Uint8Array(stride * height);
  for (let y = 0; y < slip.height; y++)
    bits.set(slip.bits.subarray(y * ROW_BYTES, (y + 1) * ROW_BYTES), y * stride + MARGIN_BYTES);
  if (cutRows > 0) {
    for (let y = slip.height + 2; y < slip.height + 4; y++) {
      for (let x = 0; x < stride; x++)
        if (slip.cut === "full" || x % 4 < 2) bits[y * stride + x] = x % 2 === 0 ? 0xff : 0x00;
    }
  }
  return pngFromBits(stride * 8, height, bits);
}

export function blankRows(count: number): Uint8Array[] {
  return Array.from({ length: count }, () => new Uint8Array(ROW_BYTES));
}

export function slipOf(rows: readonly Uint8Array[], cut: Slip["cut"]): Slip {
  const bits = new Uint8Array(rows.length * ROW_BYTES);
  rows.forEach((row, y) => bits.set(row, y * ROW_BYTES));
  return { height: rows.length, bits, cut };
}
