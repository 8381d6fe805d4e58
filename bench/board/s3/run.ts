// What days and screens on the emulated board would have asked of an ESP32-S3's memories: each is run once for the
// instants at which its parts begin and end, and once more with the plugin that simulates caches.

import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { settingsAtRest } from "../../../firmware/settings.js";
import { Symbols } from "../../../sim/board/symbols.js";
import { authorityKey, packageBytes, shown } from "../../../test/ui/views.js";
import { BOARD_DIRECTORY, boardElf } from "../../../tools/build/board.js";
import { type DayOptions, boardDay } from "../day.js";
import { between, firstPart } from "../parts.js";
import type { Mark } from "../day.js";
import { Trial } from "../trial.js";
import { display } from "./constants.js";
import { type Counts, difference, extended } from "./model.js";

type Plugin = Readonly<Record<string, string | number>>;
type Window = readonly [from: number, to: number];

/** Simulated all at once; a variant names those that it has. Bytes, ways, bytes of a line, and for what: memories.h. */
export const icaches = ["16384/8/32/0", "32768/8/32/0", "32768/8/32/1"] as const;
export const dcaches = ["32768/8/32/0", "32768/8/32/1", "65536/8/64/0", "65536/8/64/1"] as const;

/** What runs most, for the variant that has it in internal RAM. */
const hot = [
  "interpreter_loop",
  "fxRunID",
  "fxMarkInstance",
  "fxMarkReference",
  "fxMarkValue",
  "fxSweep",
  "fxSweepValue",
  "fxGetProperty",
  "fxOrdinaryGetProperty",
  "fxNewSlot",
  "memcpy",
  "memset",
];

function hotRanges(symbols: Symbols): readonly Window[] {
  return hot.map((name) => symbols.range(name)).filter((range) => range !== undefined);
}

/** Instructions between two copies of the display's driver; the page compares it with what the model says. */
export const sweepEvery = 10_000;

function plugin(symbols: Symbols, path: string, instants: readonly number[]): Plugin {
  const hex = (address: number): string => `0x${address.toString(16)}`;
  const range = ([from, to]: Window): string => `${hex(from)}-${hex(to)}`;
  const picture = symbols.address("__framebuffer");
  const copied = 2 * display.width * display.bounceRows;
  return {
    ...symbols.waits(),
    caches: path,
    at: instants.join("+"),
    flash: range([symbols.address("_start"), symbols.address("__data_start")]),
    psram: range([symbols.address("__heap_bottom"), symbols.address("__clear_end")]),
    icache: icaches.join("+"),
    dcache: dcaches.join("+"),
    iram: hotRanges(symbols).map(range).join("+"),
    sweep: `${range([picture, picture + 2 * display.width * display.height])}/${copied}/${sweepEvery}`,
  };
}

/** Bytes of what the variant with hot code in internal RAM puts there. */
export function hotBytes(): number {
  return hotRanges(new Symbols()).reduce((sum, [from, to]) => sum + to - from, 0);
}

/** The counts of each part, by its name. */
async function counted<Name extends string>(
  symbols: Symbols,
  parts: Readonly<Record<Name, Window>>,
  run: (plugin: Plugin) => Promise<unknown>,
): Promise<Readonly<Record<Name, Counts>>> {
  const windows = Object.entries<Window>(parts);
  const instants = [...new Set(windows.flatMap(([, window]) => window))].sort((a, b) => a - b);
  const path = join(BOARD_DIRECTORY, `caches-${process.pid}.txt`);
  await run(plugin(symbols, path, instants));
  const lines = readFileSync(path, "utf8").trim().split("\n");
  rmSync(path);
  const at = new Map(instants.map((instant, index) => [instant, JSON.parse(lines[index]!) as Counts]));
  return Object.fromEntries(
    windows.map(([name, [from, to]]) => [name, difference(at.get(to)!, at.get(from)!)]),
  ) as Record<Name, Counts>;
}

async function day<Name extends string>(
  options: DayOptions,
  partsOf: (marks: readonly Mark[]) => Readonly<Record<Name, Window>>,
): Promise<Readonly<Record<Name, Counts>>> {
  const { marks } = await boardDay(options);
  return counted(new Symbols(), partsOf(marks), (plugin) => boardDay({ ...options, plugin }));
}

function boot(marks: readonly Mark[]): Window {
  return [0, marks.find(({ line }) => line === "screen idle")!.work];
}

function opening(marks: readonly Mark[]): Window {
  const from = marks.find(({ line }) => line === "screen official-acting")!.work;
  return [from, from + firstPart(marks, "screen official-acting", "polls open")];
}

/** The counts of a start, and where it ended by the bench's own measure. */
export async function countBoot(): Promise<{ readonly counts: Counts; readonly work: number }> {
  let work = 0;
  const { counts } = await day({ ballots: 0 }, (marks) => {
    const window = boot(marks);
    [, work] = window;
    return { counts: window };
  });
  return { counts, work };
}

export const screens = ["idle", "voting-list", "review-many"] as const;

async function paints(): Promise<Readonly<Record<string, Counts>>> {
  const show = async (options: { readonly plugin?: Plugin }): Promise<Readonly<Record<string, Window>>> => {
    const trial = await Trial.start(packageBytes, authorityKey, options);
    const windows: Record<string, Window> = {};
    for (const name of screens) {
      const { began, work } = await trial.show(shown[name]!.view, settingsAtRest, shown[name]!.touch);
      windows[`paint ${name}`] = [began, began + work];
    }
    await trial.stop();
    return windows;
  };
  const windows = await show({});
  return counted(new Symbols(boardElf("trial")), windows, (plugin) => show({ plugin }));
}

/** Fewer ballots are counted otherwise: no results of parts are printed. */
const [countedFew, countedMany] = [20, 50];
export const countedBallots = 3000;

async function countOf(stored: number): Promise<Counts> {
  const { count } = await day({ ballots: 0, stored, count: true }, (marks) => ({
    count: between(marks, "screen official-acting", "results kept"),
  }));
  return count;
}

/** The counts of every part that the model tells of. Tells each name before it is run. */
export async function countParts(tell: (what: string) => void): Promise<ReadonlyMap<string, Counts>> {
  tell("a day");
  const ofADay = await day({ ballots: 2 }, (marks) => ({
    "boot to idle, empty": boot(marks),
    "polls opened, with tests and zero report": opening(marks),
    cast: between(marks, "screen preparing", "screen done"),
    "cast: until the slip is printed": between(marks, "screen preparing", "screen slip"),
    "cast: commit and finish": between(marks, "screen finishing", "screen done"),
    "session, card to idle": between(marks, "screen reading", "end"),
  }));
  tell("screens");
  const painted = await paints();
  tell("counts");
  const [few, many] = [await countOf(countedFew), await countOf(countedMany)];
  const rest = (countedBallots - countedFew) / (countedMany - countedFew);
  return new Map([
    ...Object.entries(ofADay),
    ...Object.entries(painted),
    [`open and count, ${countedBallots} ballots`, extended(few, many, rest)],
  ]);
}
