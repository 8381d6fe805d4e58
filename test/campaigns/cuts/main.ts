// Voting days on the emulated board, one after another, until so many cuts have come: power cuts and resets at random
// instructions, and cuts in the middle of flash operations. DIR/days.jsonl has a line for each day, and a run that was
// ended goes on with the next day; a day that fails leaves its files in DIR/<day>, and its line the call that replays
// it. The end is a table of what the cuts have come into. npx sandogh campaign cuts starts it.

import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { answer } from "../../../tools/command-line/child.js";
import { Complaint, exitCode } from "../../../tools/command-line/complaint.js";
import type { CutsRequest } from "../../../tools/commands/campaign.js";
import { type Cut, cutCampaign, cutKinds } from "./campaign.js";

const cutsOfADay = 30;

interface DayLine {
  readonly day: number;
  readonly seconds: number;
  readonly cuts: readonly Cut[];
  /** Empty: nothing lost, nothing invented, every slip with its mark. */
  readonly failures: readonly string[];
}

async function runDay(request: CutsRequest, day: number): Promise<DayLine> {
  const { seed, ballots, election, out } = request;
  const directory = join(out, String(day));
  const started = performance.now();
  const cuts: Cut[] = [];
  const failures: string[] = [];
  try {
    const { disagreements } = await cutCampaign({
      cuts: cutsOfADay,
      ballots,
      seed: `${seed}.${day}`,
      out: directory,
      election,
      onCut: (cut) => cuts.push(cut),
    });
    failures.push(...disagreements);
  } catch (thrown) {
    failures.push(String(thrown));
  }
  if (failures.length === 0) rmSync(directory, { recursive: true });
  return { day, seconds: Math.round((performance.now() - started) / 1000), cuts, failures };
}

/** A row for each thing that cuts came into, the most first. */
function table(cuts: readonly Cut[]): string[] {
  const rows = new Map<string, Cut[]>();
  for (const cut of cuts) {
    const name = cut.after === undefined ? cut.during : `start after a cut in ${cut.after}`;
    rows.set(name, [...(rows.get(name) ?? []), cut]);
  }
  const kinds = cutKinds.map(
    (kind) =>
      (cut: Cut): boolean =>
        cut.kind === kind,
  );
  const columns = [
    (): boolean => true,
    ...kinds,
    (cut: Cut): boolean => cut.printing,
    (cut: Cut): boolean => cut.writing,
  ];
  const row = (name: string, cells: readonly (string | number)[]): string =>
    `${name.padEnd(44)}${cells.map((cell) => String(cell).padStart(10)).join("")}`;
  const counts = (some: readonly Cut[]): number[] => columns.map((test) => some.filter(test).length);
  return [
    row("cuts in", ["all", ...cutKinds, "printing", "writing"]),
    ...[...rows].sort((a, b) => b[1].length - a[1].length).map(([name, some]) => row(name, counts(some))),
    row("all", counts(cuts)),
  ];
}

/** The days of a run that was ended. Throws a Complaint for a file that is none. */
function daysIn(record: string): DayLine[] {
  if (!existsSync(record)) return [];
  try {
    return readFileSync(record, "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as DayLine);
  } catch {
    throw new Complaint(`${record}: is no record of days; name another folder with --out`);
  }
}

await answer<CutsRequest>("sandogh campaign cuts", async (request, talk) => {
  const { cuts: wanted, out, seed, ballots, election, day: only, budget = Infinity } = request;
  const endMs = performance.now() + budget * 1000;
  mkdirSync(out, { recursive: true });
  const record = join(out, "days.jsonl");
  const done = only === undefined ? daysIn(record) : [];
  const cutsSoFar = (): number => done.reduce((sum, { cuts }) => sum + cuts.length, 0);
  const goesOn = (): boolean =>
    only === undefined ? cutsSoFar() < wanted && performance.now() < endMs : done.length === 0;
  await talk.during("cutting", async (progress) => {
    for (let day = only ?? (done.at(-1)?.day ?? 0) + 1; goesOn(); day++) {
      progress.at(cutsSoFar(), wanted, `cuts, day ${day}`);
      const line = await runDay(request, day);
      done.push(line);
      if (only === undefined) appendFileSync(record, `${JSON.stringify(line)}\n`);
      talk.say(`day ${day}: ${line.cuts.length} cuts, ${line.seconds} s; ${cutsSoFar()} of ${wanted}`);
      for (const failure of line.failures) talk.say(`FAILS ${failure}`);
      const options = `--day ${day} --seed ${seed} --ballots ${ballots} --election ${election} --out ${out}`;
      if (line.failures.length > 0) talk.say(`replay: npx sandogh campaign cuts ${options}`);
    }
  });
  const failed = done.filter(({ failures }) => failures.length > 0);
  const all = done.flatMap(({ cuts }) => cuts);
  talk.result({ ok: failed.length === 0, days: done.length, cuts: all.length, failed }, table(all));
  return failed.length === 0 ? exitCode.done : exitCode.failed;
});
