// Where the board's instructions go, function by function, in one part of a run.
//
//   tsx tools/emulate/profile.ts [--from LINE --to LINE] [--ballots N] [--top N]
//
// LINE is a trace line ("screen idle"); the part is from the first time that it appears until the first time after it that the other does. Without
// them it is the whole run: from the reset on, through the opening of the polls and N ballots.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Symbols } from "../../sim/board/symbols.js";
import { BOARD_DIRECTORY, boardIsMissing, buildBoard } from "../build/board.js";
import { boardDay } from "./day.js";

export interface ProfileLine {
  readonly name: string;
  readonly instructions: number;
}

export interface Window {
  readonly from: number;
  readonly to: number;
}

/** Instructions by function, the most first. */
export function readProfile(path: string, symbols: Symbols): ProfileLine[] {
  const sums = new Map<string, number>();
  for (const line of readFileSync(path, "utf8").split("\n")) {
    const [at, done] = line.split(" ");
    if (done === undefined) continue;
    const name = symbols.functionAt(parseInt(at!, 16));
    sums.set(name, (sums.get(name) ?? 0) + Number(done));
  }
  return [...sums].map(([name, instructions]) => ({ name, instructions })).sort((a, b) => b.instructions - a.instructions);
}

/** The same day again, with the profile of one window of its work. */
export async function profileDay(ballots: number, window: Window): Promise<ProfileLine[]> {
  const symbols = new Symbols();
  const path = join(BOARD_DIRECTORY, `profile-${process.pid}.txt`);
  await boardDay({ ballots, plugin: { ...symbols.waits(), from: window.from, to: window.to, profile: path } });
  return readProfile(path, symbols);
}

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { from: { type: "string" }, to: { type: "string" }, ballots: { type: "string", default: "0" }, top: { type: "string", default: "30" } } });
  const missing = boardIsMissing();
  if (missing !== undefined) {
    process.stderr.write(`${missing}\n`);
    return 1;
  }
  await buildBoard();
  const ballots = Number(values.ballots);
  const { marks } = await boardDay({ ballots });
  const first = values.from === undefined ? -1 : marks.findIndex((mark) => mark.line === values.from);
  const last = marks.findIndex((mark, index) => index > first && (values.to === undefined ? index === marks.length - 1 : mark.line === values.to));
  if (last < 0 || (values.from !== undefined && first < 0)) {
    process.stderr.write(`no such part; the lines are:\n${marks.map((mark) => `${mark.line}\n`).join("")}`);
    return 1;
  }
  const window = { from: first < 0 ? 0 : marks[first]!.work, to: marks[last]!.work };
  const profile = await profileDay(ballots, window);
  const sum = profile.reduce((total, each) => total + each.instructions, 0);
  process.stdout.write(`${window.to - window.from} instructions\n`);
  for (const { name, instructions } of profile.slice(0, Number(values.top))) process.stdout.write(`${((100 * instructions) / sum).toFixed(1).padStart(5)} %  ${(instructions / 1e6).toFixed(2).padStart(9)} M  ${name}\n`);
  return 0;
}

if (import.meta.filename === process.argv[1]) process.exitCode = await main();
