// A raster cut into what is sent: pictures without their white margins, and feeds where nothing is printed. A slip in Persian has
// most of its black at the right, so margins are most of its bytes.

import { ROW_BYTES, type Raster } from "../../firmware/cast/printer.js";
import { feed, holdsRealTimeCommand, raster } from "./escpos.js";

/** Rows of one band; with full rows a band is 1,740 bytes. */
export const BAND_ROWS = 24;
const FEED_ROWS_MAX = 255;

export interface Band {
  readonly bytes: Uint8Array;
  readonly rows: number;
  /** Bytes that must have arrived before the paper can begin to move. */
  readonly head: number;
}

/** Asks the raster for BAND_ROWS rows at a time. */
export function* bandsOf(source: Raster): Generator<Band, void, undefined> {
  let white = 0;
  for (let first = 0; first < source.height; first += BAND_ROWS) {
    const rows = Math.min(BAND_ROWS, source.height - first);
    const bits = source.read(first, rows);
    let from = 0;
    while (from < rows) {
      if (isWhite(bits, from)) {
        white++;
        from++;
        if (white === FEED_ROWS_MAX) {
          yield blank(white);
          white = 0;
        }
        continue;
      }
      if (white > 0) yield blank(white);
      white = 0;
      let to = from + 1;
      while (to < rows && !isWhite(bits, to)) to++;
      yield* pictures(bits, from, to);
      from = to;
    }
  }
  if (white > 0) yield blank(white);
}

function blank(rows: number): Band {
  const bytes = feed(rows);
  return { bytes, rows, head: bytes.length };
}

function isWhite(bits: Uint8Array, row: number): boolean {
  const end = (row + 1) * ROW_BYTES;
  for (let i = row * ROW_BYTES; i < end; i++) if (bits[i] !== 0) return false;
  return true;
}

/** Rows from..to-1, all with some black. */
function* pictures(bits: Uint8Array, from: number, to: number): Generator<Band, void, undefined> {
  const { left, right } = margins(bits, from, to);
  // A picture that holds the bytes of a real-time command is moved by a few dots inside its own frame, which breaks the bytes up.
  for (let shift = 0; shift < 8; shift++) {
    const width = right - left + (shift > 0 ? 1 : 0);
    const leftDots = left * 8 - shift;
    if (leftDots < 0) break;
    const cropped = crop(bits, from, to, left, right, shift, width);
    if (holdsRealTimeCommand(cropped)) continue;
    yield picture(leftDots, width, to - from, cropped);
    return;
  }
  if (to - from > 1) {
    const middle = (from + to) >> 1;
    yield* pictures(bits, from, middle);
    yield* pictures(bits, middle, to);
    return;
  }
  // One row that holds such bytes however it is moved, or has no white margin of 8 dots at the left to be moved into: one dot more,
  // 0.125 mm, is the smaller harm.
  const row = crop(bits, from, to, left, right, 0, right - left);
  for (let i = 0; i < row.length; i++) if (row[i] === 0x10) row[i] = 0x18;
  yield picture(left * 8, right - left, 1, row);
}

function picture(leftDots: number, width: number, rows: number, cropped: Uint8Array): Band {
  const bytes = raster(leftDots, width, rows, cropped);
  cropped.fill(0);
  return { bytes, rows, head: bytes.length - width * (rows - 1) };
}

/** The first byte column with some black and the one after the last. */
function margins(bits: Uint8Array, from: number, to: number): { left: number; right: number } {
  let left = ROW_BYTES;
  let right = 0;
  for (let row = from; row < to; row++) {
    const start = row * ROW_BYTES;
    for (let x = 0; x < left; x++) if (bits[start + x] !== 0) left = x;
    for (let x = ROW_BYTES; x > right; x--) if (bits[start + x - 1] !== 0) right = x;
  }
  return { left, right };
}

/** The same rows `shift` dots to the right, inside a picture that begins as many dots further left and may be one byte wider. */
function crop(bits: Uint8Array, from: number, to: number, left: number, right: number, shift: number, width: number): Uint8Array {
  const out = new Uint8Array(width * (to - from));
  for (let row = from; row < to; row++) {
    const source = bits.subarray(row * ROW_BYTES + left, row * ROW_BYTES + right);
    const start = (row - from) * width;
    if (shift === 0) {
      out.set(source, start);
      continue;
    }
    for (let x = 0; x < source.length; x++) {
      out[start + x]! |= source[x]! >> shift;
      out[start + x + 1]! |= (source[x]! << (8 - shift)) & 0xff;
    }
  }
  return out;
}
