// Reads the records of shaped texts (tools/text/FORMAT.md).

import { readU16 } from "../../firmware/bytes.js";
import { type Result, err, ok } from "../../firmware/result.js";
import { type Medium, mediaCount } from "./faces.js";
import { layoutsMax, linesMax, piecesMax, slotsMax, textRecordMax, textsMax } from "./limits.js";

export interface TextError {
  /** Offset in bytes. */
  readonly at: number;
  readonly what: string;
}

/** The first byte of a piece that is glyphs; of a number's place it is the number. */
export const glyphPiece = 0x80;
const layoutHead = 4;

/**
 * Where the lines for this medium and weight begin, at their count; those of the other weight when the text has only that one. Undefined when
 * the text is not for this medium. The record must be well formed (checkRecord), here and below.
 */
export function linesAt(record: Uint8Array, medium: Medium, bold: boolean): number | undefined {
  let at = 1;
  for (let left = record[0]!; left > 0; left--) {
    if (((record[at]! >> medium) & 1) !== 0) return record[at + 1] === 3 && bold ? skipSet(record, at + layoutHead) : at + layoutHead;
    at += layoutHead + readU16(record, at + 2);
  }
  return undefined;
}

/** Where the line after the one at `at` begins. */
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
  const layouts = record[0] ?? 0;
  if (layouts < 1 || layouts > layoutsMax) return err({ at: 0, what: `1..${layoutsMax} layouts` });
  let at = 1;
  let seen = 0;
  for (let layout = 0; layout < layouts; layout++) {
    const media = record[at] ?? 0;
    if (media === 0 || media >= 1 << mediaCount || (media & seen) !== 0) return err({ at, what: "media that no layout before has" });
    seen |= media;
    const weights = record[at + 1] ?? 0;
    if (weights < 1 || weights > 3) return err({ at: at + 1, what: "weights 1..3" });
    if (at + layoutHead > record.length) return err({ at: record.length, what: "more bytes" });
    const end = at + layoutHead + readU16(record, at + 2);
    if (end > record.length) return err({ at: at + 2, what: "length inside the record" });
    at += layoutHead;
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
          if (at > end) return err({ at: end, what: "end of layout" });
        }
      }
    }
    if (at !== end) return err({ at, what: "end of layout" });
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
