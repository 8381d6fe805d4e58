// Reads the records of shaped texts (office/text/FORMAT.md).

import { readU16 } from "../../firmware/bytes.js";
import { type Result, err, ok } from "../../firmware/result.js";
import type { Medium } from "./faces.js";
import { textRecordMax, textsMax } from "./limits.js";

export interface TextError {
  /** Offset in bytes. */
  readonly at: number;
  readonly what: string;
}

/**
 * The first byte of a piece: glyphs; in a record made here, digit 0 (Blender, firmware/platform.ts). Of a number's
 * place it is the number.
 */
export const glyphPiece = 0x80;
export const digitPiece = 0x10;
export const layoutHead = 4;

/**
 * Where the lines for this medium and weight begin, at their count; those of the other weight when the text has only
 * that one. Undefined when the text is not for this medium. The record must be well formed
 * (office/text/check-record.ts), here and below.
 */
export function linesAt(record: Uint8Array, medium: Medium, bold: boolean): number | undefined {
  let at = 1;
  for (let left = record[0]!; left > 0; left--) {
    if (((record[at]! >> medium) & 1) !== 0)
      return record[at + 1] === 3 && bold ? skipSet(record, at + layoutHead) : at + layoutHead;
    at += layoutHead + readU16(record, at + 2);
  }
  return undefined;
}

/** Where the line after the one at `at` begins. */
export function skipLine(record: Uint8Array, at: number): number {
  let pieces = record[at++]!;
  for (; pieces > 0; pieces--) at += record[at] === glyphPiece ? pieceLength(record, at) : 1;
  return at;
}

/** Bytes of the glyphs at `at`. */
export function pieceLength(record: Uint8Array, at: number): number {
  return 6 + 6 * record[at + 1]!;
}

function skipSet(record: Uint8Array, from: number): number {
  let at = from;
  const lines = record[at++]!;
  for (let i = 0; i < lines; i++) at = skipLine(record, at);
  return at;
}

/** Start and end of every record: n + 1 ascending offsets, without gaps. `length` of the whole section in bytes. */
export function checkOffsets(
  count: number,
  offsetAt: (index: number) => number,
  length: number,
): Result<void, TextError> {
  if (count > textsMax) return err({ at: 0, what: `up to ${textsMax} texts` });
  let before = 4 + 4 * (count + 1);
  if (before > length || offsetAt(0) !== before) return err({ at: 4, what: `first offset ${before}` });
  for (let i = 1; i <= count; i++) {
    const offset = offsetAt(i);
    if (offset <= before || offset > length || offset - before > textRecordMax)
      return err({ at: 4 + 4 * i, what: "ascending offsets" });
    before = offset;
  }
  return before === length ? ok() : err({ at: 4 + 4 * count, what: "last offset at the end" });
}
