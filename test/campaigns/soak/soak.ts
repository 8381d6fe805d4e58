// A terminal that is open for days: votes cast one after another in fifteen minutes of every hour, and in the rest of
// it a line that goes up and down, a mains contact that chatters, cards that are refused and officials who pause. VVSG
// 2.7-C asks for 96 hours and eight more. One real terminal process from the opening to the release; its memory is
// looked at after each voter, its journal at the end.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { JournalEntry } from "../../../firmware/journal/journal.js";
import { archiveAddress } from "../../../firmware/service/archive.js";
import { archive } from "../../../office/archive/archive.js";
import { readJournal } from "../../../office/journal/journal.js";
import { Chance } from "../../../sim/chance.js";
import { startHost } from "../../../sim/machine.js";
import { type Intention, People } from "../../../sim/people.js";
import { Station, exampleElection } from "../../../sim/station.js";
import { auditKeysOf } from "../../support/audit-keys.js";

/** 2026-11-21 04:30 UTC */
const wallBase = 1_795_235_400;
const second = 1_000_000;
const hour = 3600 * second;
const voting = 15 * 60 * second;
/** Of line and mains, in an hour without votes. */
const flapsAnHour = 40;
/**
 * What lives differs by a little from voter to voter, by the numbers that are under way. One slot kept for every twenty
 * voters, or a byte for every three, is more in the 52 hours between the second quarter and the last.
 */
const jitterMax = { slots_kept: 64, chunks_kept: 512 } as const;
/** A voter takes half a minute at least. */
const ballotsAnHourMax = 31;

/** What lives in the heap once it has been wiped after a voter, and the most there ever was; bytes. */
interface Memory {
  readonly slots_kept: number;
  readonly chunks_kept: number;
  readonly slots_peak: number;
  readonly chunks_peak: number;
}

export interface SoakReport {
  readonly hours: number;
  readonly ballots: number;
  readonly flaps: number;
  readonly refused: number;
  /** Entries, and of them those that stand for many. */
  readonly journal: { readonly entries: number; readonly merged: number; readonly counted: number };
  readonly memory: { readonly early: Memory; readonly late: Memory };
  readonly problems: readonly string[];
}

export interface SoakOptions {
  readonly seed: string;
  readonly hours: number;
  readonly onHour?: (done: number, ballots: number) => boolean;
}

export async function soak({ seed, hours, onHour }: SoakOptions): Promise<SoakReport> {
  const traces: string[] = [];
  const memories: Memory[] = [];
  let people: People | undefined;
  const folder = mkdtempSync(join(tmpdir(), "sandogh-soak-"));
  const election = join(folder, "election.yaml");
  writeFileSync(election, withCapacity(readFileSync(exampleElection, "utf8"), ballotsAnHourMax * hours));
  const station = await Station.create({
    virtual: true,
    seed,
    wallBase,
    election,
    machine: (options) => startHost({ ...options, stats: true }),
    onTrace: (line) => {
      if (line.startsWith("{")) memories.push(JSON.parse(line) as Memory);
      else traces.push(line);
      people?.traced(line);
    },
  });
  const problems: string[] = [];
  let [ballots, flaps, refused, gone] = [0, 0, 0, 0];
  try {
    people = new People({ station, chance: new Chance(seed, "people"), cut: 0 });
    const chance = new Chance(seed, "soak");
    const polls = (state: string) => (): boolean =>
      traces.findLast((line) => line.startsWith("polls ")) === `polls ${state}`;
    const { contests } = station.pack.election;
    const wanted = (): Intention[] =>
      contests.map(({ id, votesAllowed, options }) => ({
        contest: id,
        blank: false,
        choices: chance
          .subset(chance.below(votesAllowed + 1), options)
          .map((index) => station.pack.option(id, index as never).code),
      }));
    await people.start();
    await people.officials("open", polls("open"));
    const from = station.clock.nowUs();
    for (; gone < hours; gone++) {
      const start = from + gone * hour;
      while (station.clock.nowUs() < start + voting) {
        const card = station.card();
        await station.grant(card);
        await people.vote(card, wanted());
        ballots++;
      }
      for (let flap = 0; flap < flapsAnHour; flap++) {
        station.line = !station.line;
        station.panel.mains = !station.panel.mains;
        flaps += 2;
        await people.wait(chance.below(60) * second);
      }
      station.line = true;
      station.panel.mains = true;
      // a card that nobody granted
      people.hold(station.card());
      await people.until("refused");
      station.reader.lift();
      await people.until("idle");
      refused++;
      if (gone % 12 === 11) {
        await people.officials("pause", polls("paused"));
        await people.officials("resume", polls("open"));
      }
      await station.terminal.runUntil(start + hour);
      if (onHour?.(gone + 1, ballots) === false) break;
    }
    // behind the close lie the results, in memory too
    const voted = memories.slice();
    await people.officials("close", polls("closed"));
    await people.officials("count", () => traces.includes("results kept"));
    await people.officials("report", () => true);
    release: {
      const { crypto, packageBytes, assignmentsBytes, keys, chips, election } = station;
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
      if (!archived.ok) {
        problems.push(...archived.problems);
        break release;
      }
      chips.main.cells.fill(0xff, archiveAddress, archiveAddress + 4096);
      chips.main.program(archiveAddress, archived.receipt);
      const isReleased = (): boolean => eventsOf(station).some(({ event }) => event === "released");
      await people.officials("release", isReleased);
    }
    const entries = eventsOf(station);
    const merged = entries.filter((entry) => entry.merged !== undefined);
    // caches fill in the first quarter; from then on nothing may grow
    const quarter = Math.floor(voted.length / 4);
    const early = mostOf(voted.slice(quarter, 2 * quarter));
    const late = mostOf(voted.slice(-quarter));
    for (const what of ["slots_kept", "chunks_kept"] as const)
      if (late[what] > early[what] + jitterMax[what])
        problems.push(`${what}: ${early[what]} bytes at most in the second quarter, ${late[what]} in the last`);
    if (entries.filter(({ event }) => event === "stopped").length > 0)
      problems.push("the terminal went out of service");
    for (const failure of [...station.printer.failures, ...station.reader.failures])
      problems.push(`device: ${failure}`);
    return {
      hours: gone,
      ballots,
      flaps,
      refused,
      journal: {
        entries: entries.length,
        merged: merged.length,
        counted: merged.reduce((sum, entry) => sum + entry.merged!.count, 0),
      },
      memory: { early, late },
      problems,
    };
  } finally {
    await station.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The example, for so many ballots. */
function withCapacity(yaml: string, capacity: number): string {
  const line = /^ {2}capacity: \d+$/m;
  if (!line.test(yaml)) throw new Error("the example has no line for its capacity");
  return yaml.replace(line, `  capacity: ${Math.max(capacity, 1)}`);
}

function mostOf(memories: readonly Memory[]): Memory {
  const most = (what: keyof Memory): number => Math.max(...memories.map((memory) => memory[what]));
  return {
    slots_kept: most("slots_kept"),
    chunks_kept: most("chunks_kept"),
    slots_peak: most("slots_peak"),
    chunks_peak: most("chunks_peak"),
  };
}

function eventsOf({ election, crypto, chips, terminalId }: Station): readonly JournalEntry[] {
  const own = election.terminals.find(({ id }) => id === terminalId)!;
  const read = readJournal({
    crypto,
    election,
    terminal: own.id,
    publicKey: own.publicKey,
    a: chips.a.cells,
    b: chips.b.cells,
  });
  if (!read.ok) throw new Error(`journal: ${read.error.kind}`);
  return read.value;
}
