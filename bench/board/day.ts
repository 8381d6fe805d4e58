// A short voting day on the board, with the work done at each trace line: what benchmarks and profiles are taken from.

import { encodeBallot } from "../../firmware/election/ballot.js";
import type { Mark as BallotMark, OptionIndex } from "../../firmware/election/types.js";
import { Chance } from "../../sim/chance.js";
import { boardMachine } from "../../sim/board/qemu.js";
import type { Board } from "../../sim/board/qemu.js";
import { People } from "../../sim/people.js";
import { Station } from "../../sim/station.js";
import { sharesOfTestCards } from "../../office/tally/recover.js";
import { fill } from "./fill.js";
import { type BoardStatistics, Statistics } from "./statistics.js";

/** 2026-11-21 04:30 UTC. */
const wallBase = 1_795_235_400;
const choicesMax = 10;

export interface Mark {
  readonly line: string;
  /** Instructions of work since the reset, when the line was traced. */
  readonly work: number;
}

export interface KeyWork {
  readonly key: string;
  readonly screen: string;
  /** Instructions until the board was idle again. */
  readonly work: number;
  /** Until the first rectangle of the display had changed; undefined when none has. */
  readonly seen: number | undefined;
}

export interface Day {
  readonly marks: readonly Mark[];
  /** Work when the board was idle after each key that was pressed, with the key. */
  readonly keys: readonly KeyWork[];
  readonly statistics: BoardStatistics;
  /** The same after each voter, the terminal idle. */
  readonly rests: readonly BoardStatistics[];
  /** Whole RAM at the end, the terminal idle. */
  readonly memory: Uint8Array;
  /** Whole RAM each time that the line `lookAt` was traced. */
  readonly looks: readonly Uint8Array[];
  /** The first voter's vote as it was encoded before it was sealed. */
  readonly plain: Uint8Array;
  /** Of the terminal's tally key: two cards' shares, its own part, and the whole. */
  readonly tally: Readonly<Record<"executive" | "supervision" | "part" | "secret", Uint8Array>>;
}

export interface DayOptions {
  readonly ballots: number;
  readonly seed?: string;
  readonly election?: string;
  readonly plugin?: Readonly<Record<string, string | number>>;
  /** The board's program with another engine. */
  readonly elf?: string;
  readonly lookAt?: string;
  /** So many ballots are stored before the first start, with the polls open. */
  readonly stored?: number;
  /** Closes the polls after the votes, and counts. */
  readonly count?: boolean;
}

/** Starts, opens the polls when there are ballots to cast, casts them, and ends in order. */
export async function boardDay(options: DayOptions): Promise<Day> {
  const { ballots, seed = "bench", election, plugin, elf, lookAt, stored } = options;
  const looks: Uint8Array[] = [];
  const marks: Mark[] = [];
  const keys: KeyWork[] = [];
  const rests: BoardStatistics[] = [];
  let work = 0;
  let seen: number | undefined;
  let board: Board | undefined;
  const asked = new Statistics();
  let people: People | undefined;
  const station = await Station.create({
    virtual: true,
    seed,
    wallBase,
    ...(election === undefined ? {} : { election }),
    machine: boardMachine({
      ...(plugin === undefined ? {} : { plugin }),
      ...(elf === undefined ? {} : { elf }),
      onWork: (instructions) => {
        work = instructions;
      },
      onStatistics: asked.take,
      onStart: (started) => {
        board = started;
      },
    }),
    onDisplay: () => {
      seen ??= work;
    },
    onTrace: (line) => {
      marks.push({ line, work });
      if (line === lookAt) looks.push(board!.memory());
      people?.traced(line);
    },
  });
  try {
    people = new People({ station, chance: new Chance(seed, "people"), cut: 0 });
    const press = people.press.bind(people);
    people.press = async (key) => {
      const before = work;
      const screen = people!.screen;
      seen = undefined;
      await press(key);
      keys.push({ key, screen, work: work - before, seen: seen === undefined ? undefined : seen - before });
    };
    const { election: of } = station.pack;
    // each chooses others and fewer than the one before: what stayed of one would take more room than what stayed of
    // the next
    const marked = (voter: number): BallotMark[] =>
      of.contests.map(({ id, votesAllowed, options }) => ({
        contest: id,
        blank: false,
        choices: Array.from(
          { length: Math.max(1, Math.min(choicesMax, votesAllowed) - voter) },
          (_, index) => station.pack.option(id, ((voter + index) % options) as OptionIndex).code,
        ).sort((a, b) => a - b),
      }));
    if (stored !== undefined) fill(station, stored, marked(0));
    await people.start();
    if (ballots > 0 && stored === undefined)
      await people.officials("open", () => marks.some((mark) => mark.line === "polls open"));
    for (let i = 0; i < ballots; i++) {
      const card = station.card();
      await station.grant(card);
      await people.vote(card, marked(i));
      await people.wait(1_000_000);
      rests.push(await asked.ask(board!));
    }
    if (options.count === true) {
      await people.officials("close", () => marks.some((mark) => mark.line === "polls closed"));
      await people.officials("count", () => marks.some((mark) => mark.line === "results kept"));
    }
    const plain = encodeBallot({ style: of.styles[0]!.id, marks: marked(0) }, of.ballotLength);
    await people.wait(1_000_000);
    marks.push({ line: "end", work });
    const last = await asked.ask(board!);
    const memory = board!.memory();
    await station.terminal.stop();
    return {
      marks,
      keys,
      statistics: last,
      rests,
      memory,
      looks,
      plain,
      tally: secretsOf(station),
    };
  } finally {
    await station.close();
  }
}

/** What must be nowhere in RAM: by the escrow and the cards of the test election. */
function secretsOf({ crypto, keys, terminalId, loading, tallyKeyOf }: Station): Day["tally"] {
  const key = tallyKeyOf(terminalId);
  if (loading === undefined || key === undefined) throw new Error("the terminal was not loaded");
  const { executive, supervision } = keys.officials;
  const [first, second] = sharesOfTestCards(crypto, loading, [executive, supervision]);
  return {
    executive: first!.share,
    supervision: second!.share,
    part: crypto.sealOpen(loading.escrowPart, keys.escrow)!,
    secret: key.secretKey,
  };
}
