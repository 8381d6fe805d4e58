// What a report should look like: drawn here, in Node, from what the test expects it to say, and compared with the
// paper dot by dot.

import { readFileSync } from "node:fs";
import { ROW_BYTES, type Raster } from "../../firmware/cast/printer.js";
import type { Report } from "../../firmware/tally/report.js";
import type { Slip } from "../../sim/devices/printer.js";
import { type Station, uiText } from "../../sim/station.js";
import { ReportDrawing } from "../../ui/slip/report.js";
import { SlipDrawing } from "../../ui/slip/slip.js";
import { TextBundle } from "../../ui/text/bundle.js";
import { textSource } from "../../ui/text/typesetter.js";
import { nodeBlender } from "./blender.js";

const rowsAtOnce = 64;

export function dotsOf(raster: Raster): Uint8Array {
  const bits = new Uint8Array(raster.height * ROW_BYTES);
  for (let row = 0; row < raster.height; row += rowsAtOnce)
    raster.draw(bits, row * ROW_BYTES, row, Math.min(rowsAtOnce, raster.height - row), 0, ROW_BYTES);
  return bits;
}

export function drawReport(station: Station, report: Report): Buffer {
  const text = TextBundle.open(new Uint8Array(readFileSync(uiText)));
  if (!text.ok) throw new Error(text.error.what);
  const source = textSource(text.value, station.pack);
  const slips = new SlipDrawing({ source, blender: nodeBlender });
  const pieces: Uint8Array[] = [];
  for (const piece of new ReportDrawing({ source, blender: nodeBlender, slips }).report(report))
    pieces.push(dotsOf(piece));
  return inked(Buffer.concat(pieces));
}

/** Without the white rows above and below. */
export function inked(bits: Uint8Array): Buffer {
  const isWhite = (row: number): boolean =>
    bits.subarray(row * ROW_BYTES, (row + 1) * ROW_BYTES).every((byte) => byte === 0);
  let first = 0;
  let end = bits.length / ROW_BYTES;
  while (first < end && isWhite(first)) first++;
  while (end > first && isWhite(end - 1)) end--;
  return Buffer.from(bits.subarray(first * ROW_BYTES, end * ROW_BYTES));
}

export function paperOf(slip: Slip): Buffer {
  return inked(slip.bits.subarray(0, slip.height * ROW_BYTES));
}
