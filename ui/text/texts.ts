// Reads the records of shaped texts (tools/text/FORMAT.md).

import { readU16, readU32 } from "../../firmware/bytes.js";
import { type Result, err, ok } from "../../firmware/result.js";
import { linesMax, piecesMax, slotsMax, textRecordMax, textsMax } from "./limits.js";

export interface TextError {
  /** Offset in bytes. */
  readonly at: number;
  readonly what: string;
}

/** Glyphs in font units from the left edge of the piece. */
export interface GlyphPiece {
  readonly kind: "glyphs";
  readonly advance: number;
  readonly glyphs: readonly number[];
  readonly x: readonly number[];
  readonly y: readonly number[];
}

export type TextPiece = GlyphPiece | { readonly kind: "slot"; readonly slot: number };

export type TextLine = readonly TextPiece[];

/** Lines of the weight asked for; of the other when the text has only that one. The record must be well formed (checkRecord). */
export function readLines(record: Uint8Array, bold: boolean): TextLine[] {
  const weights = record[0]!;
  let at = 1;
  if (weights === 3 && bold) at = skipSet(record, at);
  const lines: TextLine[] = [];
  const count = record[at++]!;
  for (let i = 0; i < count; i++) {
    const pieces: TextPiece[] = [];
    const pieceCount = record[at++]!;
    for (let j = 0; j < pieceCount; j++) {
      const kind = record[at++]!;
      if (kind !== 0x80) {
        pieces.push({ kind: "slot", slot: kind });
        continue;
      }
      const glyphCount = record[at]!;
      const advance = readU32(record, at + 1);
      at += 5;
      const glyphs: number[] = [];
      const xs: number[] = [];
      const ys: number[] = [];
      let x = 0;
      for (let k = 0; k < glyphCount; k++, at += 6) {
        x += readI16(record, at + 2);
        glyphs.push(readU16(record, at));
        xs.push(x);
        ys.push(readI16(record, at + 4));
      }
      pieces.push({ kind: "glyphs", advance, glyphs, x: xs, y: ys });
    }
    lines.push(pieces);
  }
  return lines;
}

function skipSet(record: Uint8Array, from: number): number {
  let at = from;
  const lines = record[at++]!;
  for (let i = 0; i < lines; i++) {
    const pieces = record[at++]!;
    for (let j = 0; j < pieces; j++) at += record[at] === 0x80 ? 6 + 6 * record[at + 1]! : 1;
  }
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
        if (kind === 0x80) at += 6 + 6 * (record[at + 1] ?? 255);
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
