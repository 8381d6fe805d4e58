import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import test from "ava";
import type { Ballot, Mark, StyleId } from "../../firmware/election/types.js";
import { ROW_BYTES, type Raster } from "../../firmware/cast/printer.js";
import { pngFromBits } from "../../sim/png.js";
import { SlipDrawing } from "../../ui/slip/slip.js";
import { nodeBlender } from "../support/blender.js";
import { openPackage } from "../../firmware/election/package.js";
import { buildPackage } from "../../office/package/build.js";
import { textSource } from "../../ui/text/typesetter.js";
import { crypto, keys, parse, smallYaml } from "../package/support.js";
import { MemoryFlash } from "../support/memory-flash.js";
import { fewMarks, fullMarks, source, text } from "./views.js";

const out = fileURLToPath(new URL("../../build/screens", import.meta.url));
mkdirSync(out, { recursive: true });

const slips = new SlipDrawing({ source, blender: nodeBlender });
const ballot = (marks: readonly Mark[]): Ballot => ({ style: 1 as StyleId, marks });

function all(raster: Raster, step: number): Uint8Array {
  const bytes = new Uint8Array(raster.height * ROW_BYTES);
  for (let row = 0; row < raster.height; row += step)
    raster.draw(bytes, row * ROW_BYTES, row, Math.min(step, raster.height - row), 0, ROW_BYTES);
  return bytes;
}

for (const [name, marks] of [
  ["few", fewMarks],
  ["full", fullMarks],
] as const) {
  test(`the slip of a ballot with ${name} choices is the same in bands of any height`, (t) => {
    const raster = slips.body(ballot(marks));
    const once = all(raster, 100);
    writeFileSync(`${out}/paper-${name}.png`, pngFromBits(576, raster.height, once));
    for (const step of [1, 7, 24, 256]) t.is(Buffer.compare(all(raster, step), once), 0, `${step} rows`);
    t.is(Buffer.compare(all(slips.body(ballot(marks)), 64), once), 0);
  });
}

test("VALID and VOID differ, and nothing of either touches the edge of the paper", (t) => {
  const rasters = (["valid", "void"] as const).map((kind) => {
    const raster = slips.mark(kind);
    const bits = all(raster, 64);
    writeFileSync(`${out}/paper-${kind}.png`, pngFromBits(576, raster.height, bits));
    t.true(bits.subarray(0, ROW_BYTES).every((byte) => byte === 0));
    return bits;
  });
  t.not(Buffer.compare(rasters[0]!, rasters[1]!), 0);
});

test("every choice makes the slip one line longer: nothing is shortened on paper", (t) => {
  const heights = [1, 2, 21].map(
    (count) =>
      slips.body(
        ballot([{ contest: fullMarks[0]!.contest, blank: false, choices: fullMarks[0]!.choices.slice(0, count) }]),
      ).height,
  );
  const line = heights[1]! - heights[0]!;
  // the 21st leaves no choice unused, so that line goes
  t.is(heights[2]! - heights[0]!, 20 * line - line);
});

test("two ballots that differ in one choice give slips that differ", (t) => {
  const other = fewMarks.map((mark, i) => (i === 1 ? { ...mark, choices: [5] } : mark));
  t.not(Buffer.compare(all(slips.body(ballot(fewMarks)), 64), all(slips.body(ballot(other)), 64)), 0);
});

test("nothing is shortened on paper: a name too long for a line goes on in the next, and its slip is so much longer", (t) => {
  const slipOf = (name: string): Raster => {
    const opened = openPackage(
      new MemoryFlash(0x10_0000, buildPackage(parse(smallYaml.replace("نرگس", name)), keys)),
      0,
      crypto,
      keys.authority.publicKey,
    );
    if (!opened.ok) throw new Error(JSON.stringify(opened.error));
    const drawer = new SlipDrawing({ source: textSource(text, opened.value), blender: nodeBlender });
    const [first, second] = opened.value.election.contests;
    return drawer.body(
      ballot([
        { contest: first!.id, blank: false, choices: [12] },
        { contest: second!.id, blank: true, choices: [] },
      ]),
    );
  };
  const ink = (raster: Raster): number =>
    all(raster, 100).reduce((sum, byte) => sum + byte.toString(2).replaceAll("0", "").length, 0);
  const long = "سیده‌فاطمه نرگس پورحسینی‌نژاد اصل تبریزی";
  const [once, whole] = [slipOf("نرگس"), slipOf(long)];
  t.is(whole.height - once.height, 46, "one more line");
  t.true(ink(whole) > 1.1 * ink(once));
});
