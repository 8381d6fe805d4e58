// A day of an election at its limits, on a real terminal process: opened with its zero report, filled with as many of
// its fullest ballots as one message takes and more, two more cast by voters, closed, counted, reported, received,
// archived.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sodiumPrimitives } from "../../../office/crypto/sodium.js";
import { archive } from "../../../office/archive/archive.js";
import { recordsInImage } from "../../../office/tally/image.js";
import { openBallots } from "../../../office/tally/tally.js";
import { encodeBallot } from "../../../firmware/election/ballot.js";
import { Crypto } from "../../../firmware/crypto/crypto.js";
import type { Contest, ElectionPackage, Mark, OptionIndex } from "../../../firmware/election/types.js";
import { batchRecordsMax } from "../../../firmware/sync/messages.js";
import { Vault } from "../../../firmware/vault/vault.js";
import { isReport, slipMark } from "../../../sim/bench/slip-mark.js";
import { Chance } from "../../../sim/chance.js";
import { type Intention, People } from "../../../sim/people.js";
import { Station } from "../../../sim/station.js";
import { vaultOptionsOf } from "../../support/loading.js";
import { must } from "../crash/day.js";
import { auditKeysOf } from "../../support/audit-keys.js";

const second = 1_000_000;
/** 2026-11-21, at eight. */
const wallBase = 1_795_235_400;
const receivedWithinUs = 1_200 * second;

export interface DayOptions {
  readonly yaml: string;
  readonly seed: string;
  /** Ballots put into the vault before the voters come; a full batch and some more when absent. */
  readonly stored?: number;
  readonly voters?: number;
}

export interface DayResult {
  readonly ballots: number;
  /** What the paper took: rows of the longest slip. */
  readonly slipRows: number;
  /** Empty when the day was as it should be. */
  readonly problems: readonly string[];
}

/** Throws what stops a day in its middle, and what the packager refuses. */
export async function limitsDay({
  yaml,
  seed,
  stored = batchRecordsMax + 2,
  voters = 2,
}: DayOptions): Promise<DayResult> {
  const folder = mkdtempSync(join(tmpdir(), "sandogh-limits-"));
  const traces: string[] = [];
  let people: People | undefined;
  try {
    const file = join(folder, "election.yaml");
    writeFileSync(file, yaml);
    const onTrace = (line: string): void => {
      traces.push(line);
      people?.traced(line);
    };
    const station = await Station.create({ virtual: true, seed, wallBase, election: file, onTrace });
    try {
      people = new People({ station, chance: new Chance(seed, "people"), cut: 0 });
      return await runDay(station, people, traces, { stored, voters, folder });
    } finally {
      await station.close();
    }
  } catch (thrown) {
    const said = traces.filter((line) => /^(bug|package|out of service|uplink|screen|polls)/.test(line)).slice(-4);
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    throw new Error([message, ...said].join("; "), { cause: thrown });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function runDay(
  station: Station,
  people: People,
  traces: readonly string[],
  { stored, voters, folder }: { readonly stored: number; readonly voters: number; readonly folder: string },
): Promise<DayResult> {
  const pollsAre = (state: string): boolean =>
    traces.findLast((line) => line.startsWith("polls ")) === `polls ${state}`;
  const { pack } = station;
  const fullest = fullestBallot(pack);
  await people.start();
  await people.officials("open", () => pollsAre("open"));
  station.powerOff();
  const filled = Math.min(stored, pack.election.policy.capacity - voters);
  fillVault(station, filled, fullest);
  await people.start();
  for (let voter = 0; voter < voters; voter++) {
    const card = station.card();
    await station.grant(card);
    await people.vote(
      card,
      fullest.map((mark) => inOrder(pack, mark)),
    );
  }
  await people.officials("close", () => pollsAre("closed"));
  await people.officials("count", () => traces.includes("results kept"));
  const { terminal, clock } = station;
  await terminal.runUntil(() => traces.includes("results received"), clock.nowUs() + receivedWithinUs);
  const ballots = filled + voters;
  const slips = station.printer.slips.filter((slip) => !isReport(slip));
  return {
    ballots,
    slipRows: Math.max(0, ...slips.map(({ height }) => height)),
    problems: [
      ...checkEnd(station, traces, { voters, ballots, fullest }),
      ...(await checkReceived(station, ballots)),
      ...checkArchive(station, folder),
    ],
  };
}

function checkEnd(
  station: Station,
  traces: readonly string[],
  {
    voters,
    ballots,
    fullest,
  }: { readonly voters: number; readonly ballots: number; readonly fullest: readonly Mark[] },
): string[] {
  const { pack, chips, printer } = station;
  const slips = printer.slips.filter((slip) => !isReport(slip));
  const bad = traces.filter((line) => /^(bug|package|out of service)/.test(line));
  const valid = slips.filter((slip) => slipMark(slip) === "valid").length;
  const opened = openBallots(
    crypto,
    pack,
    station.election.terminals,
    recordsInImage(chips.a.cells, pack.election),
    station.tallyKeyOf,
  );
  const wanted = JSON.stringify(fullest);
  const other = opened.ballots.filter(({ marks }) => JSON.stringify(marks) !== wanted).length;
  return [
    ...bad,
    ...(station.boots === 2 ? [] : [`the terminal was started ${station.boots} times`]),
    ...(valid === voters ? [] : [`${valid} valid slips for ${voters} voters`]),
    ...(opened.ballots.length === ballots
      ? []
      : [`${opened.ballots.length} ballots on medium A instead of ${ballots}`]),
    ...(other === 0 ? [] : [`${other} ballots are not what was voted`]),
    ...(traces.includes("results received") ? [] : ["the collector has no results"]),
    // printer test, zero report, results
    ...(printer.slips.filter(isReport).length === 3 ? [] : [`${printer.slips.filter(isReport).length} reports`]),
    ...printer.failures,
  ];
}

async function checkReceived({ store, pack, collector }: Station, ballots: number): Promise<string[]> {
  const records = await store.records(pack.election.id);
  const refused = collector?.counters.refused ?? 0;
  return [
    ...(records.length === ballots ? [] : [`the collector has ${records.length} records of ${ballots}`]),
    ...(refused === 0 ? [] : [`the collector refused ${refused} messages: ${collector?.lastRefusal}`]),
  ];
}

function checkArchive(station: Station, folder: string): readonly string[] {
  const { election, packageBytes, assignmentsBytes, chips, keys } = station;
  const archived = archive(
    {
      crypto,
      election,
      packageBytes,
      assignmentsBytes,
      a: chips.a.cells,
      b: chips.b.cells,
      authoritySecretKey: keys.authority.secretKey,
      audit: auditKeysOf(station),
    },
    join(folder, "archive"),
  );
  return archived.ok ? [] : archived.problems.map((problem) => `archive: ${problem}`);
}

/** The quick one: days by the hundred are opened with it; test/station does so with the other. */
const crypto = new Crypto({ primitives: sodiumPrimitives, random: () => undefined });

/** A ballot of the first style on which nothing more can be chosen: the last options, whose codes are longest. */
export function fullestBallot(pack: ElectionPackage): Mark[] {
  const { contests, styles } = pack.election;
  return styles[0]!.contests.map((id) => {
    const contest = contests.find((each) => each.id === id)!;
    const choices = contest.kind === "open-list" ? fullestList(pack, contest) : lastOptions(pack, contest);
    return { contest: id, blank: false, choices };
  });
}

function lastOptions(pack: ElectionPackage, contest: Contest): number[] {
  const first = contest.options - contest.votesAllowed;
  return Array.from(
    { length: contest.votesAllowed },
    (_, i) => pack.option(contest.id, (first + i) as OptionIndex).code,
  );
}

function fullestList(pack: ElectionPackage, contest: Contest): number[] {
  const options = Array.from({ length: contest.options }, (_, i) => pack.option(contest.id, i as OptionIndex));
  const list = options.findLastIndex((option) => option.list === undefined);
  const candidates = options.filter((option) => option.list === list).slice(-(contest.votesAllowed - 1));
  return [options[list]!, ...candidates].map(({ code }) => code).sort((a, b) => a - b);
}

/** As a voter types them: in an open list the list first. */
function inOrder(pack: ElectionPackage, { contest, blank, choices }: Mark): Intention {
  const isList = (code: number): boolean => pack.option(contest, pack.findCode(contest, code)!).list === undefined;
  return { contest, blank, choices: [...choices.filter(isList), ...choices.filter((code) => !isList(code))] };
}

/** The terminal is off. */
export function fillVault(station: Station, ballots: number, marks: readonly Mark[]): void {
  const chance = new Chance("fill", "vault");
  const crypto = new Crypto({ primitives: sodiumPrimitives, random: (out) => chance.fill(out) });
  const { election } = station.pack;
  const { vault } = must(Vault.open(vaultOptionsOf(station, crypto)));
  const plain = encodeBallot({ style: election.styles[0]!.id, marks }, election.ballotLength);
  for (let i = 0; i < ballots; i++) {
    const prepared = must(vault.prepare(crypto.random(16), plain.slice()));
    must(vault.commit(prepared));
    must(vault.spend(prepared));
    must(vault.blank());
  }
}
