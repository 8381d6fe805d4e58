// The cache that the board's plugin simulates, with traces that can be worked out by hand, and what is made of its
// counts.

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { type Counts, difference, timeOf } from "../../bench/board/s3/model.js";
import { type Case, cases, display } from "../../bench/board/s3/constants.js";
import { countBoot } from "../../bench/board/s3/run.js";
import { configured } from "../../bench/board/s3/table.js";
import { board, boardTest, removeAfter } from "./support.js";

type Data = Counts["data"][number];

const folder = mkdtempSync(join(tmpdir(), "sandogh-caches-"));
test.after.always(removeAfter(folder));
const tool = join(folder, "cache-tool");

test.before(() => {
  const { status, stderr } = spawnSync(
    process.env["CC"] ?? "cc",
    ["-std=gnu11", "-Wall", "-Wextra", "-Werror", "-o", tool, "test/board/cache-tool.c"],
    { encoding: "utf8" },
  );
  if (status !== 0) throw new Error(stderr);
});

/** Of a cache of these bytes, ways and bytes of a line. */
function run(cache: readonly [number, number, number], trace: string): string {
  const { status, stdout } = spawnSync(tool, cache.map(String), { input: trace, encoding: "utf8" });
  return status === 0 ? stdout.trim().split("\n").join(" ") : `exit ${status}`;
}

test("one way: two lines of one set drive each other out, their neighbours stay", (t) => {
  // four sets of 32 bytes: 0x00 and 0x80 share the first one
  t.is(run([128, 1, 32], "r 00 r 1f r 20 r 80 r 00 r 20"), "miss hit miss miss miss hit");
});

test("two ways: the one that was used longest ago goes", (t) => {
  // two sets of two ways; 0x00, 0x40, 0x80 share one
  t.is(run([128, 2, 32], "r 00 r 40 r 00 r 80 r 00 r 40"), "miss miss hit miss hit miss");
});

test("a line that was written goes back when it is driven out, once", (t) => {
  t.is(run([128, 2, 32], "w 00 r 40 r 80 r 00 r 40"), "miss miss back miss miss");
  // written after it was read, and no longer the last that was used
  t.is(run([128, 2, 32], "r 00 r 40 w 04 r 40 r 80 r c0"), "miss miss hit hit back miss");
  t.is(run([64, 1, 32], "w 00 w 40 w 00 r 40 r 00"), "miss back back back miss");
});

test("a walk longer than the cache misses in every line, one that fits only the first time", (t) => {
  const walk = (bytes: number): string =>
    Array.from({ length: bytes / 32 }, (_, index) => `r ${(32 * index).toString(16)}`).join(" ");
  const count = (said: string): number => said.split(" ").filter((word) => word === "miss").length;
  t.is(count(run([32768, 8, 32], `${walk(32768)} ${walk(32768)}`)), 1024);
  t.is(count(run([32768, 8, 32], `${walk(32768 + 4096)} ${walk(32768 + 4096)}`)), 2 * (1024 + 128));
});

test("what is no cache is refused", (t) => {
  for (const cache of [
    [100, 1, 32],
    [128, 3, 32],
    [128, 1, 24],
    [96, 1, 32],
    [128, 0, 32],
  ] as const)
    t.is(run(cache, "r 00"), "exit 2", cache.join("/"));
});

const none: Counts = { work: 0, jumps: 0, loads: 0, stores: 0, code: [0], data: [{ flash: 0, psram: 0, back: 0 }] };
const plain: Case = {
  hz: 1_000_000,
  instructions: 1,
  jump: 2,
  load: 0.5,
  flashFill: () => 100,
  psramFill: (line) => line,
  psramWrite: () => 40,
  share: () => 0.5,
};

test("time is cycles of instructions, jumps, loads and lines, on what the display leaves of the processor", (t) => {
  const counts: Counts = {
    work: 1000,
    jumps: 100,
    loads: 200,
    stores: 50,
    code: [9, 3],
    data: [{ flash: 2, psram: 4, back: 5 }],
  };
  const memories = { icache: { index: 1, line: 32 }, dcache: { index: 0, line: 32 }, isDisplayApart: false };
  // 1000 + 200 + 100 + 3 * 100 + 2 * 100 + 4 * 32 + 5 * 40 = 2128 cycles at 1 MHz, of which half is there
  t.is(timeOf(counts, plain, memories).seconds, 0.004256);
  t.is(timeOf(counts, plain, { ...memories, isDisplayApart: true }).seconds, 0.002128);
  t.is(timeOf({ ...none, code: [0, 0] }, plain, memories).seconds, 0);
});

test("a part's counts are those at its end without those at its beginning", (t) => {
  const begin: Counts = { ...none, work: 10, loads: 4, code: [1], data: [{ flash: 1, psram: 2, back: 3 }] };
  const end: Counts = { ...none, work: 30, loads: 5, code: [7], data: [{ flash: 2, psram: 4, back: 6 }] };
  t.deepEqual(difference(end, begin), {
    ...none,
    work: 20,
    loads: 1,
    code: [6],
    data: [{ flash: 1, psram: 2, back: 3 }],
  });
});

test("of the three cases each is slower than the one before, for each line", (t) => {
  const [low, expected, high] = cases("quad");
  for (const line of [32, 64])
    for (const cost of ["flashFill", "psramFill", "psramWrite"] as const) {
      t.true(low[cost](line) <= expected[cost](line), cost);
      t.true(expected[cost](line) <= high[cost](line), cost);
    }
  // a longer line takes longer, but not twice as long
  t.true(expected.psramFill(64) > expected.psramFill(32) && expected.psramFill(64) < 2 * expected.psramFill(32));
});

test("the caches that the model calls configured are those of the reference terminal", (t) => {
  const config = readFileSync("platform/sdk/esp32/sdkconfig/sdkconfig.defaults", "utf8");
  const size = (what: string): number =>
    Number(new RegExp(`^CONFIG_ESP32S3_${what}_CACHE_(\\d+)KB=y$`, "m").exec(config)?.[1]);
  const line = Number(/^CONFIG_ESP32S3_DATA_CACHE_LINE_(\d+)B=y$/m.exec(config)?.[1]);
  const caches: readonly string[] = [configured.icache, configured.dcache];
  t.deepEqual(caches, [`${1024 * size("INSTRUCTION")}/8/32/0`, `${1024 * size("DATA")}/8/${line}`]);
});

test("the display of the model is the panel's", (t) => {
  const panel = readFileSync("platform/sdk/esp32/panel.c", "utf8");
  const number = (name: string): number => Number(new RegExp(`\\b${name}(?: =)? (\\d+)`).exec(panel)?.[1]);
  const sum = (...names: readonly string[]): number => names.reduce((total, name) => total + number(name), 0);
  t.deepEqual(display, {
    pixelHz: number("PIXEL_HZ"),
    columns: sum("WIDTH", "hsync_pulse_width", "hsync_back_porch", "hsync_front_porch"),
    rows: sum("HEIGHT", "vsync_pulse_width", "vsync_back_porch", "vsync_front_porch"),
    width: number("WIDTH"),
    height: number("HEIGHT"),
    bounceRows: number("BOUNCE_ROWS"),
  });
});

/** The longest block of code without a jump; the plugin counts whole ones. */
const blockMax = 512;

boardTest.serial("the plugin counts what the bench counts, and larger caches fetch less", async (t) => {
  t.timeout(400_000);
  await board();
  const { counts, work } = await countBoot();
  t.true(counts.work >= work && counts.work < work + blockMax, `${counts.work} for ${work}`);
  const [small, large, withoutHot] = counts.code as [number, number, number];
  t.true(small > large && large > withoutHot && withoutHot > 0, counts.code.join(", "));
  const [alone, swept, wide, wideSwept] = counts.data as [Data, Data, Data, Data];
  t.true(swept.psram > alone.psram && wideSwept.psram > wide.psram);
  t.true(alone.psram > wide.psram && alone.back > wide.back && wide.back > 0);
  t.true(counts.loads > counts.stores && counts.loads < counts.work && counts.jumps < counts.work);
});
