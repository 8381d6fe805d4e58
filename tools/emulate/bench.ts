// npm run bench -- --target board: instructions of work on the emulated board, one JSON object a line {name, value, unit}, and the goal where there is
// one. A count is exact and the same in every run; what waits (for flash, for the printer, for people) is not in it.

import { boardSizes, buildBoard } from "../build/board.js";
import { boardDay } from "./day.js";
import type { Day, Mark } from "./day.js";

const ballots = 3;
const instructions = "instructions";

/** The board at one instruction a cycle and 160 MHz. */
const goals: Readonly<Record<string, number>> = {
  "boot to idle, empty": 100e6,
  "cast": 9e6,
  "key to idle again, median": 1e6,
  "image": 1.5 * 1024 * 1024,
};

function report(name: string, value: number, unit: string): void {
  const goal = goals[name];
  process.stdout.write(`${JSON.stringify({ name, value: Math.round(value), unit, ...(goal === undefined ? {} : { goal, times: Math.round((100 * value) / goal) / 100 }) })}\n`);
}

/** Work from one trace line to the next of another name after it; the last such pair, so that nothing of a first time is in it. */
function between(marks: readonly Mark[], from: string, to: string): number {
  const last = marks.findLastIndex((mark) => mark.line === to);
  const first = marks.slice(0, Math.max(last, 0)).findLastIndex((mark) => mark.line === from);
  if (first < 0) throw new Error(`the day has no part from "${from}" to "${to}"`);
  return marks[last]!.work - marks[first]!.work;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  if (sorted.length === 0) throw new Error("nothing was measured");
  return sorted[sorted.length >> 1]!;
}

function native(day: Day, name: string): void {
  const [calls, work] = day.statistics.natives[name] ?? [0, 0];
  if (calls > 0) report(`native ${name}, one call`, work / calls, instructions);
}

/** Builds the board and prints all figures. */
export async function benchBoard(): Promise<void> {
  await buildBoard();
  const sizes = boardSizes();
  for (const [name, value] of Object.entries(sizes)) report(`image/${name}`, value, "bytes");
  report("image", sizes.text + sizes.data + sizes.byteCode + sizes.textBundle, "bytes");
  const day = await boardDay({ ballots });
  const { marks } = day;
  const idle = marks.find((mark) => mark.line === "screen idle");
  report("boot to idle, empty", idle?.work ?? NaN, instructions);
  // From the second press of green to the slip (prepared: encoded, sealed, signed, durable, not decided) and on to the end.
  report("cast", between(marks, "screen preparing", "screen done"), instructions);
  report("cast/prepare, until the slip is printed", between(marks, "screen preparing", "screen slip"), instructions);
  report("cast/slip shown", between(marks, "screen slip", "screen finishing"), instructions);
  report("cast/commit and finish", between(marks, "screen finishing", "screen done"), instructions);
  report("session, card to idle", between(marks, "screen reading", "end"), instructions);
  const digits = day.keys.filter(({ key, screen }) => /^\d$/.test(key) && screen === "voting");
  report("key to idle again, median", median(digits.map((key) => key.work)), instructions);
  for (const name of ["xs_sha256", "xs_sign", "xs_verify", "xs_seal", "xs_typeset", "xs_paint565", "xs_paint1", "xs_display_write", "xs_cable_request"]) native(day, name);
  report("stack, deepest", day.statistics.stack, "bytes");
}

if (import.meta.filename === process.argv[1]) await benchBoard();
