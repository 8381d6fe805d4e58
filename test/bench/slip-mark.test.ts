// What is read off a slip's dots: its mark, and whether there is anything but marks on it.

import test from "ava";
import { hasBody, slipMark } from "../../sim/bench/slip-mark.js";

const rowBytes = 72;

/** Rows of dots: "line" black from edge to edge of the print, "sides" a frame's sides, "text" a few dots, "blank". */
function slip(...rows: readonly (readonly [kind: "line" | "sides" | "text" | "blank", count: number])[]): {
  height: number;
  bits: Uint8Array;
} {
  const height = rows.reduce((sum, [, count]) => sum + count, 0);
  const bits = new Uint8Array(height * rowBytes);
  let y = 0;
  for (const [kind, count] of rows) {
    for (let i = 0; i < count; i++, y++) {
      const row = bits.subarray(y * rowBytes, (y + 1) * rowBytes);
      if (kind === "line") row.fill(0xff, 1, 71);
      if (kind === "sides") row[1] = row[70] = 0xff;
      if (kind === "text") row[30] = 0x18;
    }
  }
  return { height, bits };
}

const mark = [
  ["line", 6],
  ["sides", 138],
  ["line", 6],
] as const;

test("a body with its mark, a mark alone, two marks, part of a mark and a mark, nothing, a report, one that got a mark, a band that does not come first", (t) => {
  const rows = [
    [slip(["blank", 96], ["text", 40], ["blank", 20], ...mark, ["blank", 30]), "valid", true],
    [slip(["blank", 96], ...mark), "valid", false],
    [slip(["blank", 96], ...mark, ["blank", 90], ...mark), "valid", false],
    [slip(["blank", 96], ["line", 6], ["sides", 40], ["blank", 60], ...mark), "valid", false],
    [slip(["blank", 96], ["text", 40]), "none", true],
    [slip(["blank", 96]), "none", false],
    [slip(["blank", 96], ["line", 28], ["blank", 20], ["text", 40]), "report", false],
    [slip(["blank", 96], ["line", 28], ["blank", 20], ["text", 40], ...mark), "valid", false],
    [slip(["blank", 96], ["text", 4], ["line", 28]), "none", true],
  ] as const;
  rows.forEach(([each, expected, body], i) => {
    t.is(slipMark(each), expected, `mark of slip ${i}`);
    t.is(hasBody(each), body, `body of slip ${i}`);
  });
});
