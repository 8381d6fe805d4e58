// Reads the records of shaped texts (tools/text/FORMAT.md).

import { readU16 } from "../../firmware/bytes.js";
import { type Result, err, ok } from "../../firmware/result.js";
import { linesMax, piecesMax, slotsMax, textRecordMax, textsMax } from "./limits.js";

export interface TextError {
  /** Offset in bytes. */
  readonly at: number;
  readonly what: string;
}

/** The first byte of a piece that is glyphs; of a number's place it is the number. */
export const glyphPiece = 0x80;

/** Where the lines of the weight asked for begin, at their count; those of the other when the text has only that one. */
export function linesAt(record: Uint8Array, bold: boolean): number {
  return record[0] === 3 && bold ? skipSet(record, 1) : 1;
}

/** Where the line after the one at `at` begins. The record must be well formed (checkRecord), here and above. */
export function skipLine(record: Uint8Array, at: number): number {
  let pieces = record[at++]!;
  for (; pieces > 0; pieces--) at += record[at] === glyphPiece ? 6 + 6 * record[at + 1]! : 1;
  return at;
}

function skipSet(record: Uint8Array, from: number): number {
  let at = from;
  const lines = record[at++]!;
  for (let i = 0; i < lines; i++) at = skipLine(record, at);
  return at;
}

/** Strict: exact length, limits, known kinds. */
export function checkRecord(record: Uint8Array): Result<void, TextError> {
  if (record.length > textRecordMax) return err({ at: 0, what: `record of up to ${textRecordMax} bytes` });
  const weights = record[0] ?? 0;
  if (weights < 1 || weights > 3) return err({ at: 0, what: "weights 1..3" });
  let at = 1;
  for (let set = weights === 3 ? 2 : 1; set > 0; set--) {
    const lines = record[at] ?? 0;
    if (lines < 1 || lines > linesMax) return err({ at, what: `1..${linesMax} lines` });
    at++;
    for (let i = 0; i < lines; i++) {
      const pieces = record[at] ?? 255;
      if (pieces > piecesMax) return err({ at, what: `0..${piecesMax} pieces` });
      at++;
      for (let j = 0; j < pieces; j++) {
        const kind = record[at] ?? 255;
        if (kind === glyphPiece) at += 6 + 6 * (record[at + 1] ?? 255);
        else if (kind < slotsMax) at++;
        else return err({ at, what: "piece kind" });
        if (at > record.length) return err({ at: record.length, what: "more bytes" });
      }
    }
  }
  return at === record.length ? ok() : err({ at, what: "end of record" });
}

/** Start and end of every record: n + 1 ascending offsets, without gaps. `length` of the whole section in bytes. */
export function checkOffsets(count: number, offsetAt: (index: number) => number, length: number): Result<void, TextError> {
  if (count > textsMax) return err({ at: 0, what: `up to ${textsMax} texts` });
  let before = 4 + 4 * (count + 1);
  if (before > length || offsetAt(0) !== before) return err({ at: 4, what: `first offset ${before}` });
  for (let i = 1; i <= count; i++) {
    const offset = offsetAt(i);
    if (offset <= before || offset > length || offset - before > textRecordMax) return err({ at: 4 + 4 * i, what: "ascending offsets" });
    before = offset;
  }
  return before === length ? ok() : err({ at: 4 + 4 * count, what: "last offset at the end" });
}

export function readI16(bytes: Uint8Array, at: number): number {
  return (readU16(bytes, at) << 16) >> 16;
}
