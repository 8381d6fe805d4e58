// npm run cuts -- --cuts N --seed S --out DIR [--ballots N] [--election FILE]
// Voting days on the emulated board, one after another, until N cuts have come: power cuts and resets at random instructions, and cuts in the middle of flash
// operations. DIR/days.jsonl has a line for each day, and a run that was ended goes on with the next day; a day that fails leaves its files in DIR/<day>, and
//   npm run cuts -- --day D --seed S --out DIR     (with the same --ballots and --election)
// replays it. The end is a table of what the cuts have come into.

import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { boardIsMissing, buildBoard } from "../../../tools/build/board.js";
import { type Cut, cutCampaign, cutKinds } from "./campaign.js";

const cutsOfADay = 30;
const usage = "usage: npm run cuts -- --cuts N --seed S --out DIR [--ballots N] [--election FILE] [--day D]\n";

interface DayLine {
  readonly day: number;
  readonly seconds: number;
  readonly cuts: readonly Cut[];
  /** Empty: nothing lost, nothing invented, every slip with its mark. */
  readonly failures: readonly string[];
}

interface Days {
  readonly seed: string;
  readonly ballots: number;
  readonly election: string;
  readonly out: string;
}

async function runDay(days: Days, day: number): Promise<DayLine> {
  const { seed, ballots, election, out } = days;
  const directory = join(out, String(day));
  const started = performance.now();
  const cuts: Cut[] = [];
  const failures: string[] = [];
  try {
    const { disagreements } = await cutCampaign({ cuts: cutsOfADay, ballots, seed: `${seed}.${day}`, out: directory, election, onCut: (cut) => cuts.push(cut) });
    failures.push(...disagreements);
  } catch (thrown) {
    failures.push(String(thrown));
  }
  if (failures.length === 0) rmSync(directory, { recursive: true });
  return { day, seconds: Math.round((performance.now() - started) / 1000), cuts, failures };
}

/** A row for each thing that cuts came into, the most first. */
function table(cuts: readonly Cut[]): string {
  const rows = new Map<string, Cut[]>();
  for (const cut of cuts) {
    const name = cut.after === undefined ? cut.during : `start after a cut in ${cut.after}`;
    rows.set(name, [...(rows.get(name) ?? []), cut]);
  }
  const count = (some: readonly Cut[], test: (cut: Cut) => boolean): string => String(some.filter(test).length).padStart(10);
  const line = (name: string, some: readonly Cut[]): string =>
    `${name.padEnd(44)}${[() => true, ...cutKinds.map((kind) => (cut: Cut) => cut.kind === kind), (cut: Cut) => cut.printing, (cut: Cut) => cut.writing].map((test) => count(some, test)).join("")}\n`;
  const head = `${"cuts in".padEnd(44)}${["all", ...cutKinds, "printing", "writing"].map((name) => name.padStart(10)).join("")}\n`;
  return head + [...rows].sort((a, b) => b[1].length - a[1].length).map(([name, some]) => line(name, some)).join("") + line("all", cuts);
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      cuts: { type: "string", default: "500" }, seed: { type: "string", default: "1" }, out: { type: "string" }, ballots: { type: "string", default: "4" },
      election: { type: "string", default: "office/examples/short.yaml" }, day: { type: "string" },
    },
  });
  const [wanted, ballots] = [Number(values.cuts), Number(values.ballots)];
  const only = values.day === undefined ? undefined : Number(values.day);
  if (values.out === undefined || ![wanted, ballots, only ?? 1].every((each) => Number.isInteger(each) && each > 0)) {
    process.stderr.write(usage);
    return 2;
  }
  const missing = boardIsMissing();
  if (missing !== undefined) {
    process.stderr.write(`${missing}\n`);
    return 1;
  }
  await buildBoard();
  const days: Days = { seed: values.seed, ballots, election: values.election, out: values.out };
  mkdirSync(days.out, { recursive: true });
  const record = join(days.out, "days.jsonl");
  const done: DayLine[] = only !== undefined || !existsSync(record) ? [] : readFileSync(record, "utf8").split("\n").filter((line) => line !== "").map((line) => JSON.parse(line) as DayLine);
  const cutsSoFar = (): number => done.reduce((sum, { cuts }) => sum + cuts.length, 0);
  for (let day = only ?? (done.at(-1)?.day ?? 0) + 1; only === undefined ? cutsSoFar() < wanted : done.length === 0; day++) {
    const line = await runDay(days, day);
    done.push(line);
    if (only === undefined) appendFileSync(record, `${JSON.stringify(line)}\n`);
    process.stdout.write(`day ${day}: ${line.cuts.length} cuts, ${line.seconds} s; ${cutsSoFar()} of ${wanted}\n`);
    for (const failure of line.failures) process.stdout.write(`FAILS ${failure}\n`);
    if (line.failures.length > 0) process.stdout.write(`replay: npm run cuts -- --day ${day} --seed ${days.seed} --ballots ${ballots} --election ${days.election} --out ${days.out}\n`);
  }
  process.stdout.write(table(done.flatMap(({ cuts }) => cuts)));
  return done.some(({ failures }) => failures.length > 0) ? 1 : 0;
}

if (import.meta.filename === process.argv[1]) process.exit(await main());
