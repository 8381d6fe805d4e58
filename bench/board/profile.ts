// Where the board's instructions go, function by function, in one part of a run.
//
//   tsx bench/board/profile.ts [--from LINE --to LINE] [--ballots N] [--top N] [--election FILE] [--stored N] [--count]
//   tsx bench/board/profile.ts --screen NAME [--top N]        the painting of one of the screens of test/ui/views.ts
//
// First the functions of the machine's code, exactly; then those of the JavaScript, looked at once in 2,003 instructions: what each does itself (with the
// natives and the engine's own work it calls), and what is done in it and in everything it calls. Of a screen also which calls which.
//
// LINE is a trace line ("screen idle"); the part is from the first time that it appears until the first time after it that the other does. Without
// them it is the whole run: from the reset on, through the opening of the polls and N ballots.

import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { settingsAtRest } from "../../firmware/settings.js";
import { Symbols } from "../../sim/board/symbols.js";
import { BOARD_DIRECTORY, boardElf, boardIsMissing, buildBoard } from "../../tools/build/board.js";
import { type DayOptions, boardDay } from "./day.js";
import { Trial } from "./trial.js";

interface ProfileLine {
  readonly name: string;
  readonly instructions: number;
}

interface Window {
  readonly from: number;
  readonly to: number;
}

/** Instructions by function, the most first. */
function readProfile(path: string, symbols: Symbols): ProfileLine[] {
  const sums = new Map<string, number>();
  for (const line of readFileSync(path, "utf8").split("\n")) {
    const [at, done] = line.split(" ");
    if (done === undefined) continue;
    const name = symbols.functionAt(parseInt(at!, 16));
    sums.set(name, (sums.get(name) ?? 0) + Number(done));
  }
  return [...sums].map(([name, instructions]) => ({ name, instructions })).sort((a, b) => b.instructions - a.instructions);
}

interface ScriptLine {
  readonly name: string;
  readonly own: number;
  readonly all: number;
}

/** Functions by name: two of one name count as one. */
function readStacks(lines: readonly string[]): ScriptLine[] {
  const sums = new Map<string, { name: string; own: number; all: number }>();
  for (const line of lines) {
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

export interface Profile {
  readonly machine: ProfileLine[];
  readonly script: ScriptLine[];
  /** What each function did in all, below the one that called it, indented. */
  readonly calls: string[];
  /** What was done in any of these functions of the JavaScript and in what they call, but not in or below those `without`. */
  readonly doneIn: (names: readonly string[], without?: readonly string[]) => number;
}

/** Calls that do less are left out. */
const leastShown = 25_000;

interface Call {
  all: number;
  readonly below: Map<string, Call>;
}

function readCalls(lines: readonly string[]): string[] {
  const top: Call = { all: 0, below: new Map() };
  for (const line of lines) {
    const at = line.lastIndexOf(" ");
    if (at < 0) continue;
    let call = top;
    for (const name of line.slice(0, at).split(";").filter((each) => each !== "?")) {
      const next = call.below.get(name) ?? { all: 0, below: new Map() };
      next.all += Number(line.slice(at + 1));
      call.below.set(name, next);
      call = next;
    }
  }
  const rows = ({ below }: Call, depth: number): string[] =>
    [...below].filter(([, { all }]) => all >= leastShown).sort((a, b) => b[1].all - a[1].all).flatMap(([name, call]) => [`${(call.all / 1e6).toFixed(2).padStart(7)} M  ${"  ".repeat(depth)}${name}`, ...rows(call, depth + 1)]);
  return rows(top, 0);
}

/** Runs something with the plugin's options for profiles, and reads them. */
async function profiled(symbols: Symbols, window: Window | undefined, run: (plugin: Readonly<Record<string, string | number>>) => Promise<unknown>): Promise<Profile> {
  const [profile, stacks] = ["profile", "stacks"].map((name) => join(BOARD_DIRECTORY, `${name}-${process.pid}.txt`)) as [string, string];
  await run({ ...symbols.waits(), ...window, profile, stacks, machine: symbols.address("the_machine") });
  const lines = readFileSync(stacks, "utf8").split("\n");
  const found: Profile = {
    machine: readProfile(profile, symbols), script: readStacks(lines), calls: readCalls(lines),
    doneIn: (names, without = []) =>
      lines.reduce((sum, line) => {
        const at = line.lastIndexOf(" ");
        const stack = at > 0 ? line.slice(0, at).split(";") : [];
        return stack.some((name) => names.includes(name)) && !stack.some((name) => without.includes(name)) ? sum + Number(line.slice(at + 1)) : sum;
      }, 0),
  };
  for (const path of [profile, stacks]) rmSync(path, { force: true });
  return found;
}

/** A day with the profiles of one window of its work, or of all of it. */
export async function profileDay(day: DayOptions, window?: Window): Promise<Profile> {
  return profiled(new Symbols(), window, (plugin) => boardDay({ ...day, plugin }));
}

async function profileScreen(name: string): Promise<{ readonly window: Window; readonly found: Profile }> {
  const { authorityKey, packageBytes, shown } = await import("../../test/ui/views.js");
  const screen = shown[name];
  if (screen === undefined) throw new Error(`no screen ${name}; there are ${Object.keys(shown).join(", ")}`);
  const show = async (plugin?: Readonly<Record<string, string | number>>): Promise<Window> => {
    const trial = await Trial.start(packageBytes, authorityKey, plugin);
    const { began, work } = await trial.show(screen.view, settingsAtRest, screen.touch);
    await trial.stop();
    return { from: began, to: began + work };
  };
  const window = await show();
  return { window, found: await profiled(new Symbols(boardElf("trial")), window, show) };
}

async function profileOfDay(values: { readonly from?: string; readonly to?: string; readonly ballots: string; readonly election?: string; readonly stored?: string; readonly count: boolean }): Promise<{ readonly window: Window; readonly found: Profile }> {
  await buildBoard();
  const day = { ballots: Number(values.ballots), count: values.count, ...(values.election === undefined ? {} : { election: values.election }), ...(values.stored === undefined ? {} : { stored: Number(values.stored) }) };
  const { marks } = await boardDay(day);
  const first = values.from === undefined ? -1 : marks.findIndex((mark) => mark.line === values.from);
  const last = marks.findIndex((mark, index) => index > first && (values.to === undefined ? index === marks.length - 1 : mark.line === values.to));
  if (last < 0 || (values.from !== undefined && first < 0)) throw new Error(`no such part; the lines are:\n${marks.map((mark) => mark.line).join("\n")}`);
  const window = { from: first < 0 ? 0 : marks[first]!.work, to: marks[last]!.work };
  return { window, found: await profileDay(day, window) };
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      from: { type: "string" }, to: { type: "string" }, ballots: { type: "string", default: "0" }, election: { type: "string" }, stored: { type: "string" }, count: { type: "boolean", default: false },
      screen: { type: "string" }, top: { type: "string", default: "30" },
    },
  });
  const missing = boardIsMissing();
  if (missing !== undefined) {
    process.stderr.write(`${missing}\n`);
    return 1;
  }
  let profile: Awaited<ReturnType<typeof profileScreen>>;
  try {
    profile = values.screen === undefined ? await profileOfDay(values as Parameters<typeof profileOfDay>[0]) : await profileScreen(values.screen);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
  const { window, found: { machine, script, calls } } = profile;
  const sum = machine.reduce((total, each) => total + each.instructions, 0);
  const figure = (instructions: number): string => `${((100 * instructions) / sum).toFixed(1).padStart(5)} % ${(instructions / 1e6).toFixed(2).padStart(9)} M`;
  const top = Number(values.top);
  const out = [`${window.to - window.from} instructions`];
  for (const { name, instructions } of machine.slice(0, top)) out.push(`${figure(instructions)}  ${name}`);
  out.push("", "     itself              in all");
  for (const { name, own, all } of [...script].sort((a, b) => b.own - a.own).slice(0, top)) out.push(`${figure(own)}  ${figure(all)}  ${name}`);
  out.push("", "     itself              in all");
  for (const { name, own, all } of [...script].sort((a, b) => b.all - a.all).slice(0, top)) out.push(`${figure(own)}  ${figure(all)}  ${name}`);
  if (values.screen !== undefined) out.push("", ...calls);
  process.stdout.write(`${out.join("\n")}\n`);
  return 0;
}

if (import.meta.filename === process.argv[1]) process.exitCode = await main();
