// A voting day by script with no screen: a real terminal process, voters through the virtual card reader, keys and
// printer, in virtual time. Leaves in a folder the flash images, slips and the screens of one session as PNG, the
// journal as text, the intended votes and the tally as JSON, and says where any of them disagree. The images must have
// been built.

import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Chance } from "./chance.js";
import { hasBody, isReport, slipMark } from "./bench/slip-mark.js";
import { slipToPng } from "./devices/printer.js";
import { type Intention, People } from "./people.js";
import { pngFromRgb565 } from "./png.js";
import { Station, type StationOptions, assignmentsFile, cardFile, packageFile } from "./station.js";
import { equalBytes } from "../firmware/bytes.js";
import type { ContestId, ElectionPackage, OptionIndex } from "../firmware/election/types.js";
import { keysFile, shareHolders } from "../office/package/keys.js";
import { entryLine, readJournal } from "../office/journal/journal.js";
import { recordsInImage, resultsInImage } from "../office/tally/image.js";
import { type Tally, openBallots, tally } from "../office/tally/tally.js";

/** 2026-11-21 04:30 UTC: 8 in the morning in Tehran. */
const wallBase = 1_795_235_400;
const blankChance = 0.05;

export interface ScriptedDayOptions {
  readonly ballots: number;
  readonly seed: string;
  /** A folder; it is emptied. */
  readonly out: string;
  /** Probability of a power cut at each moment at which one may come, 0 <= cut < 1. */
  readonly cut: number;
  /** The file of another definition than the example's. */
  readonly election?: string;
  /** What runs the firmware instead of the host's program: the emulated board. */
  readonly machine?: StationOptions["machine"];
  readonly parts?: StationOptions["parts"];
  /** Told of the station before it is switched on. */
  readonly onStation?: (station: Station) => void;
  readonly onTrace?: (line: string) => void;
  /** Told after each voter how many have voted. */
  readonly onBallot?: (done: number) => void;
}

/** After the count the power may go as well. */
const startsMax = 100;

export interface DayReport {
  readonly ballots: number;
  /** Power cuts that came. */
  readonly cuts: number;
  readonly seconds: number;
  /** Empty when everything says what the voters wanted. */
  readonly disagreements: readonly string[];
}

/** What a day leaves in its folder. */
export const dayFiles: readonly string[] = [
  "slips",
  "screens",
  "trace.txt",
  "journal.txt",
  "medium-a.bin",
  "medium-b.bin",
  packageFile,
  keysFile,
  ...shareHolders.map(cardFile),
  "intended.json",
  "tally.json",
  "results.cbor",
];

/** Runs the day; what was in the folder `out` is gone. Throws StationError for an election that cannot be used. */
export async function scriptedDay(options: ScriptedDayOptions): Promise<DayReport> {
  const { ballots, seed, out, cut } = options;
  rmSync(out, { recursive: true, force: true });
  mkdirSync(join(out, "slips"), { recursive: true });
  mkdirSync(join(out, "screens"), { recursive: true });
  const started = process.hrtime.bigint();
  let people: People | undefined;
  const traces: string[] = [];
  const station = await Station.create({
    virtual: true,
    seed,
    wallBase,
    ...(options.election === undefined ? {} : { election: options.election }),
    ...(options.machine === undefined ? {} : { machine: options.machine }),
    ...(options.parts === undefined ? {} : { parts: options.parts }),
    onTrace: (line) => {
      traces.push(line);
      people?.traced(line);
      options.onTrace?.(line);
    },
  });
  const disagreements: string[] = [];
  options.onStation?.(station);
  try {
    people = new People({ station, chance: new Chance(seed, "people"), cut });
    const pack = station.pack;
    await people.start();
    await people.officials("open", () => pollsAre(traces, "open"));
    const intended: (readonly Intention[])[] = [];
    const voters = new Chance(seed, "voters");
    for (let i = 0; i < ballots; i++) {
      const intentions = draw(pack, voters);
      intended.push(intentions);
      const card = station.card();
      await station.grant(card);
      const shots = i === 0 ? takeScreens(station, people, join(out, "screens")) : undefined;
      await people.vote(card, intentions);
      shots?.();
      options.onBallot?.(i + 1);
    }
    await people.officials("close", () => pollsAre(traces, "closed"));
    await people.officials("count", () => traces.includes("results kept"));
    for (let starts = 0; !traces.includes("results received") && starts < startsMax; starts++) {
      await people.start();
      await station.terminal.runUntil(() => traces.includes("results received"), station.clock.nowUs() + 600_000_000);
    }
    // what is under way is finished before anybody compares
    await people.start();
    disagreements.push(...(await compare(station, seed, intended, out)));
    station.printer.slips.forEach((slip, i) =>
      writeFileSync(join(out, "slips", `${String(i + 1).padStart(4, "0")}.png`), slipToPng(slip)),
    );
  } finally {
    writeFileSync(join(out, "trace.txt"), `${traces.join("\n")}\n`);
    await station.close();
  }
  return { ballots, cuts: people.cuts, seconds: Number(process.hrtime.bigint() - started) / 1e9, disagreements };
}

function pollsAre(traces: readonly string[], state: string): boolean {
  const last = traces.findLast((line) => line.startsWith("polls "));
  return last === `polls ${state}`;
}

/** What a voter wants: sometimes blank, often fewer choices than allowed. */
function draw(pack: ElectionPackage, chance: Chance): Intention[] {
  return pack.election.contests.map((contest) => {
    if (contest.blankAllowed && chance.next() < blankChance) return { contest: contest.id, blank: true, choices: [] };
    const count = chance.below(contest.votesAllowed + 1);
    const choices = chance
      .subset(count, contest.options)
      .map((index) => pack.option(contest.id, index as OptionIndex).code);
    return { contest: contest.id, blank: false, choices };
  });
}

/** Takes a picture of each new screen until the function returned is called. */
function takeScreens(station: Station, people: People, directory: string): () => void {
  let count = 0;
  const seen = new Set<string>();
  people.onScreen = (screen) => {
    if (seen.has(screen)) return;
    seen.add(screen);
    const name = `${String(++count).padStart(2, "0")}-${screen.replaceAll(" ", "-")}.png`;
    writeFileSync(join(directory, name), pngFromRgb565(1024, 600, station.terminal.framebuffer()));
  };
  return () => {
    people.onScreen = undefined;
  };
}

async function compare(
  station: Station,
  seed: string,
  intended: readonly (readonly Intention[])[],
  out: string,
): Promise<string[]> {
  const { pack, crypto, store, chips } = station;
  const disagreements: string[] = [];
  const sources = {
    "medium A": recordsInImage(chips.a.cells, pack.election),
    "medium B": recordsInImage(chips.b.cells, pack.election),
    collector: (await store.records(pack.election.id)).map((each) => each.record),
  };
  const wanted = intendedTally(pack, intended);
  let result: Tally | undefined;
  for (const [name, records] of Object.entries(sources)) {
    const opened = openBallots(crypto, pack, station.election.terminals, records, station.tallyKeyOf);
    for (const { index, why } of opened.rejected) disagreements.push(`${name}: record ${index} is rejected: ${why}`);
    const counted = tally(pack, opened.ballots);
    result ??= counted;
    if (JSON.stringify(counted) !== JSON.stringify(wanted))
      disagreements.push(
        `${name}: the tally of ${counted.ballots} ballots is not what ${wanted.ballots} voters intended`,
      );
    const votes = opened.ballots.map((ballot) => JSON.stringify(ballot.marks)).sort();
    const intentions = intended.map((each) => JSON.stringify(each)).sort();
    if (JSON.stringify(votes) !== JSON.stringify(intentions))
      disagreements.push(`${name}: ballots differ from the intentions`);
  }
  disagreements.push(...(await checkResults(station, wanted, out)));
  disagreements.push(...checkSlips(station, intended.length));
  const own = station.election.terminals[0]!;
  const journal = readJournal({
    crypto,
    election: pack.election,
    terminal: own.id,
    publicKey: own.publicKey,
    a: chips.a.cells,
    b: chips.b.cells,
  });
  if (!journal.ok) disagreements.push(`journal: ${journal.error.kind}`);
  else writeFileSync(join(out, "journal.txt"), journal.value.map((entry) => `${entryLine(entry)}\n`).join(""));
  writeFileSync(join(out, "medium-a.bin"), chips.a.cells);
  writeFileSync(join(out, "medium-b.bin"), chips.b.cells);
  copyPackage(station, seed, out);
  station.keepCards(out);
  writeFileSync(join(out, "intended.json"), `${JSON.stringify(intended, undefined, 1)}\n`);
  writeFileSync(join(out, "tally.json"), `${JSON.stringify(result, undefined, 1)}\n`);
  for (const [name, chip] of Object.entries(chips))
    if (chip.counters.misuses > 0) disagreements.push(`flash ${name}: ${chip.counters.misuses} programs of 0 to 1`);
  for (const failure of [...station.printer.failures, ...station.reader.failures])
    disagreements.push(`device: ${failure}`);
  return disagreements;
}

/**
 * What the terminal counted and signed, and the collector has, is what the voters intended, except for contests of
 * fewer than k ballots.
 */
async function checkResults(station: Station, wanted: Tally, out: string): Promise<string[]> {
  const { pack, crypto, chips, store } = station;
  const own = station.election.terminals[0]!;
  const stored = resultsInImage(crypto, pack.election, own, chips.b.cells);
  if (stored === undefined) return ["medium B: no results"];
  writeFileSync(join(out, "results.cbor"), stored.signedResults);
  const collected = (await store.results(pack.election.id)).get(own.id);
  const disagreements =
    collected !== undefined && equalBytes(collected, stored.signedResults)
      ? []
      : ["collector: its results are not those of the terminal"];
  const { k } = pack.election.policy;
  for (const contest of wanted.contests) {
    const counted = stored.results.contests.find((each) => each.contest === (contest.contest as ContestId));
    const isSmall = contest.ballots > 0 && contest.ballots < k;
    const votes = isSmall ? undefined : contest.votes.map((each) => each.votes);
    if (JSON.stringify(counted?.votes) !== JSON.stringify(votes))
      disagreements.push(`results: contest ${contest.contest} is not what the voters intended`);
  }
  return stored.results.ballots === wanted.ballots
    ? disagreements
    : [...disagreements, `results: ${stored.results.ballots} ballots instead of ${wanted.ballots}`];
}

/** What `npx sandogh tally --data OUT --from a` needs. */
function copyPackage(station: Station, seed: string, out: string): void {
  writeFileSync(join(out, packageFile), station.packageBytes);
  writeFileSync(join(out, assignmentsFile), station.assignmentsBytes);
  writeFileSync(
    join(out, keysFile),
    `${JSON.stringify({ purpose: "test election", seed: Buffer.from(new Chance(seed, "keys").bytes(32)).toString("hex") })}\n`,
  );
}

function intendedTally(pack: ElectionPackage, intended: readonly (readonly Intention[])[]): Tally {
  const style = pack.election.styles[0]!.id;
  return tally(
    pack,
    intended.map((each) => ({ style, marks: each.map((mark) => ({ ...mark, contest: mark.contest as never })) })),
  );
}

/** Every slip has its mark, and as many whole ones are valid as ballots were cast. */
function checkSlips(station: Station, ballots: number): string[] {
  const slips = station.printer.slips
    .filter((slip) => !isReport(slip))
    .map((slip) => ({ mark: slipMark(slip), whole: hasBody(slip) }));
  const disagreements = slips.flatMap(({ mark }, i) =>
    mark === "none" ? [`slip ${i + 1} has neither VALID nor VOID`] : [],
  );
  // a cut between VALID and forgetting the transaction prints the mark once more, on a strip of its own
  const valid = slips.filter(({ mark, whole }) => mark === "valid" && whole).length;
  return valid === ballots ? disagreements : [...disagreements, `${valid} valid slips for ${ballots} ballots`];
}
