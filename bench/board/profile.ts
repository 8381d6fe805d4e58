// Where the board's instructions go, function by function, in one part of a run.

import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Symbols } from "../../sim/board/symbols.js";
import { BOARD_DIRECTORY } from "../../tools/build/board.js";
import { type DayOptions, boardDay } from "./day.js";

interface ProfileLine {
  readonly name: string;
  readonly instructions: number;
}

/** A part of a run, in instructions since the reset. */
export interface Window {
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
  return [...sums]
    .map(([name, instructions]) => ({ name, instructions }))
    .sort((a, b) => b.instructions - a.instructions);
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
    const names = line
      .slice(0, at)
      .split(";")
      .filter((name) => name !== "?");
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
  /**
   * What was done in any of these functions of the JavaScript and in what they call, but not in or below those
   * `without`.
   */
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
    for (const name of line
      .slice(0, at)
      .split(";")
      .filter((each) => each !== "?")) {
      const next = call.below.get(name) ?? { all: 0, below: new Map() };
      next.all += Number(line.slice(at + 1));
      call.below.set(name, next);
      call = next;
    }
  }
  const rows = ({ below }: Call, depth: number): string[] =>
    [...below]
      .filter(([, { all }]) => all >= leastShown)
      .sort((a, b) => b[1].all - a[1].all)
      .flatMap(([name, call]) => [
        `${(call.all / 1e6).toFixed(2).padStart(7)} M  ${"  ".repeat(depth)}${name}`,
        ...rows(call, depth + 1),
      ]);
  return rows(top, 0);
}

/** Runs something with the plugin's options for profiles, and reads them. */
export async function profiled(
  symbols: Symbols,
  window: Window | undefined,
  run: (plugin: Readonly<Record<string, string | number>>) => Promise<unknown>,
): Promise<Profile> {
  const [profile, stacks] = ["profile", "stacks"].map((name) =>
    join(BOARD_DIRECTORY, `${name}-${process.pid}.txt`),
  ) as [string, string];
  await run({ ...symbols.waits(), ...window, profile, stacks, machine: symbols.address("the_machine") });
  const lines = readFileSync(stacks, "utf8").split("\n");
  const found: Profile = {
    machine: readProfile(profile, symbols),
    script: readStacks(lines),
    calls: readCalls(lines),
    doneIn: (names, without = []) =>
      lines.reduce((sum, line) => {
        const at = line.lastIndexOf(" ");
        const stack = at > 0 ? line.slice(0, at).split(";") : [];
        return stack.some((name) => names.includes(name)) && !stack.some((name) => without.includes(name))
          ? sum + Number(line.slice(at + 1))
          : sum;
      }, 0),
  };
  for (const path of [profile, stacks]) rmSync(path, { force: true });
  return found;
}

/** A day with the profiles of one window of its work, or of all of it. */
export async function profileDay(day: DayOptions, window?: Window): Promise<Profile> {
  return profiled(new Symbols(), window, (plugin) => boardDay({ ...day, plugin }));
}
