// Where the board's instructions go, function by function, in one part of a run.
//
//   tsx tools/emulate/profile.ts [--from LINE --to LINE] [--ballots N] [--top N] [--election FILE] [--stored N] [--count]
//
// First the functions of the machine's code, exactly; then those of the JavaScript, looked at once in 2,003 instructions: what each does itself (with the
// natives and the engine's own work it calls), and what is done in it and in everything it calls.
//
// LINE is a trace line ("screen idle"); the part is from the first time that it appears until the first time after it that the other does. Without
// them it is the whole run: from the reset on, through the opening of the polls and N ballots.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Symbols } from "../../sim/board/symbols.js";
import { BOARD_DIRECTORY, boardIsMissing, buildBoard } from "../build/board.js";
import { type DayOptions, boardDay } from "./day.js";

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

export interface ScriptLine {
  readonly name: string;
  readonly own: number;
  readonly all: number;
}

/** Functions by name: two of one name count as one. */
export function readStacks(path: string): ScriptLine[] {
  const sums = new Map<string, { name: string; own: number; all: number }>();
  for (const line of readFileSync(path, "utf8").split("\n")) {
    const at = line.lastIndexOf(" ");
    if (at < 0) continue;
    // a function without a name counts as part of the one that has called it
    const names = line.slice(0, at).split(";").filter((name) => name !== "?");
    const done = Number(line.slice(at + 1));
    for (const name of new Set(names)) {
      const sum = sums.get(name) ?? { name, own: 0, all: 0 };
      sum.all += done;
      if (name === names.at(-1)) sum.own += done;
      sums.set(name, sum);
    }
  }
  return [...sums.values()];
}

/** Of all that was looked at, what was done in any of these functions and in what they call, but not in or below those `without`. */
export function doneIn(path: string, names: readonly string[], without: readonly string[] = []): number {
  return readFileSync(path, "utf8").split("\n").reduce((sum, line) => {
    const at = line.lastIndexOf(" ");
    const stack = at > 0 ? line.slice(0, at).split(";") : [];
    return stack.some((name) => names.includes(name)) && !stack.some((name) => without.includes(name)) ? sum + Number(line.slice(at + 1)) : sum;
  }, 0);
}

/** The same day again, with the profiles of one window of its work. */
export async function profileDay(day: DayOptions, window: Window): Promise<{ readonly machine: ProfileLine[]; readonly script: ScriptLine[] }> {
  const symbols = new Symbols();
  const [profile, stacks] = ["profile", "stacks"].map((name) => join(BOARD_DIRECTORY, `${name}-${process.pid}.txt`)) as [string, string];
  await boardDay({ ...day, plugin: { ...symbols.waits(), from: window.from, to: window.to, profile, stacks, machine: symbols.address("the_machine") } });
  return { machine: readProfile(profile, symbols), script: readStacks(stacks) };
}

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { from: { type: "string" }, to: { type: "string" }, ballots: { type: "string", default: "0" }, election: { type: "string" }, stored: { type: "string" }, count: { type: "boolean", default: false }, top: { type: "string", default: "30" } } });
  const missing = boardIsMissing();
  if (missing !== undefined) {
    process.stderr.write(`${missing}\n`);
    return 1;
  }
  await buildBoard();
  const day = { ballots: Number(values.ballots), count: values.count, ...(values.election === undefined ? {} : { election: values.election }), ...(values.stored === undefined ? {} : { stored: Number(values.stored) }) };
  const { marks } = await boardDay(day);
  const first = values.from === undefined ? -1 : marks.findIndex((mark) => mark.line === values.from);
  const last = marks.findIndex((mark, index) => index > first && (values.to === undefined ? index === marks.length - 1 : mark.line === values.to));
  if (last < 0 || (values.from !== undefined && first < 0)) {
    process.stderr.write(`no such part; the lines are:\n${marks.map((mark) => `${mark.line}\n`).join("")}`);
    return 1;
  }
  const window = { from: first < 0 ? 0 : marks[first]!.work, to: marks[last]!.work };
  const { machine, script } = await profileDay(day, window);
  const sum = machine.reduce((total, each) => total + each.instructions, 0);
  const figure = (instructions: number): string => `${((100 * instructions) / sum).toFixed(1).padStart(5)} % ${(instructions / 1e6).toFixed(2).padStart(9)} M`;
  const top = Number(values.top);
  process.stdout.write(`${window.to - window.from} instructions\n`);
  for (const { name, instructions } of machine.slice(0, top)) process.stdout.write(`${figure(instructions)}  ${name}\n`);
  process.stdout.write("\n     itself              in all\n");
  for (const { name, own, all } of [...script].sort((a, b) => b.own - a.own).slice(0, top)) process.stdout.write(`${figure(own)}  ${figure(all)}  ${name}\n`);
  process.stdout.write("\n     itself              in all\n");
  for (const { name, own, all } of [...script].sort((a, b) => b.all - a.all).slice(0, top)) process.stdout.write(`${figure(own)}  ${figure(all)}  ${name}\n`);
  return 0;
}

if (import.meta.filename === process.argv[1]) process.exitCode = await main();
