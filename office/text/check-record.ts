// Strict check of a shaped text's record (office/text/FORMAT.md), for whoever makes one; what the device sets it checks
// as far as it reads it.

import { readU16 } from "../../firmware/bytes.js";
import { type Result, err, ok } from "../../firmware/result.js";
import { mediaCount } from "../../ui/text/faces.js";
import { layoutsMax, linesMax, piecesMax, slotsMax, textRecordMax } from "../../ui/text/limits.js";
import { type TextError, glyphPiece, layoutHead } from "../../ui/text/texts.js";

/** Strict: exact length, limits, known kinds. */
export function checkRecord(record: Uint8Array): Result<void, TextError> {
  if (record.length > textRecordMax) return err({ at: 0, what: `record of up to ${textRecordMax} bytes` });
  const layouts = record[0] ?? 0;
  if (layouts < 1 || layouts > layoutsMax) return err({ at: 0, what: `1..${layoutsMax} layouts` });
  let at = 1;
  let seen = 0;
  for (let layout = 0; layout < layouts; layout++) {
    const media = record[at] ?? 0;
    if (media === 0 || media >= 1 << mediaCount || (media & seen) !== 0)
      return err({ at, what: "media that no layout before has" });
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
