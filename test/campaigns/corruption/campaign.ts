// Corrupts one chip or both at moments of a day and starts the ballot role, in this process or as the real terminal.

import type { EventName } from "../../../firmware/journal/events.js";
import type { Primitives } from "../../../firmware/crypto/primitives.js";
import { superblockLength } from "../../../firmware/vault/superblock.js";
import { QuickChance } from "../../../sim/quick-chance.js";
import { chipNames } from "../crash/day.js";
import { remembering } from "../crash/remember.js";
import { type Kind, corrupt, drawKind, kinds } from "./corruptions.js";
import { type Started, type Trial, judge, judgeLater, startHere, wholeBefore } from "./judge.js";
import { type Days, type Moment, countMoments, daysOf, momentsOf } from "./moments.js";

export type ChipsChoice = "one" | "two" | "both";

export interface CorruptionOptions {
  readonly seed: string;
  readonly casts: number;
  readonly primitives: Primitives;
  /** Corruptions in all; as many for each moment. */
  readonly count: number;
  /** Moments of each name. */
  readonly each: number;
  readonly chips: ChipsChoice;
  readonly budgetMs?: number;
  /** Works on every `of`-th corruption from the `part`-th on. */
  readonly part?: number;
  readonly of?: number;
  /** Only this one: "<moment> <which>/<number>", as a violation names it. */
  readonly only?: string;
  /** What starts; this process when absent. Resolves with the outcome's words; throws when the terminal dies. */
  readonly start?: (trial: Trial) => Promise<string>;
  readonly onTrial?: (done: number) => void;
  readonly violationsMax?: number;
}

export interface Violation {
  readonly seed: string;
  readonly id: string;
  readonly chips: string;
  readonly what: string;
}

export interface CorruptionReport {
  trials: number;
  /** kind of corruption -> moment -> outcome -> how many */
  readonly table: Record<string, Record<string, Record<string, number>>>;
  readonly violations: Violation[];
  finished: boolean;
}

const violationsMax = 50;

export async function corruption(options: CorruptionOptions): Promise<CorruptionReport> {
  const { seed, casts, primitives, count, each, only, part = 0, of = 1 } = options;
  const end = options.budgetMs === undefined ? Infinity : performance.now() + options.budgetMs;
  const days = daysOf(seed, casts, remembering(primitives));
  const report: CorruptionReport = { trials: 0, table: {}, violations: [], finished: true };
  const moments = countMoments(days, seed, each);
  const perMoment = Math.max(1, Math.ceil(count / moments));
  const startMs = performance.now();
  let nth = -1;
  for (const moment of momentsOf(days, seed, each)) {
    nth++;
    // each moment has its share of the budget
    const momentEnd = startMs + ((end - startMs) * (nth + 1)) / moments;
    for (let number = part; number < perMoment; number += of) {
      const id = `${moment.name} ${moment.nth}/${number}`;
      if (only !== undefined && only !== id) continue;
      if (performance.now() > momentEnd) {
        report.finished = false;
        break;
      }
      if (report.violations.length >= (options.violationsMax ?? violationsMax)) return { ...report, finished: false };
      await tryOne(options, days, moment, id, report);
    }
  }
  return report;
}

async function tryOne(
  options: CorruptionOptions,
  days: Days,
  moment: Moment,
  id: string,
  report: CorruptionReport,
): Promise<void> {
  const { store } = days.day;
  store.reseed(`${options.seed}/${options.chips}/${id}`);
  const draw = new QuickChance(`${options.seed}/${options.chips}/${id}/what`);
  store.chips.main.restore(moment.cells.main);
  for (const name of chipNames) {
    store.chips[name].restore(moment.cells[name]);
    store.chips[name].present = true;
  }
  const isBoth = options.chips === "two" || (options.chips === "both" && draw.next() < 0.5);
  const corrupted = isBoth ? chipNames : [chipNames[draw.below(2)]!];
  const drawn: Kind[] = corrupted.map(() => drawKind(draw));
  const otherSuperblock = days.other.a.subarray(0, superblockLength);
  const trial: Trial = { store, moment, chips: { a: store.chips.a, b: store.chips.b }, corrupted, otherSuperblock };
  for (const [i, name] of corrupted.entries()) {
    const material = { name, layout: store.layout, older: moment.older[name], other: days.other[name] };
    trial.chips[name] = corrupt(drawn[i]!, store.chips[name], material, draw);
  }
  const started = await outcomeOf(options, trial);
  report.trials++;
  options.onTrial?.(report.trials);
  const row = (report.table[isBoth ? "two chips" : drawn[0]!] ??= {});
  const cell = (row[moment.name] ??= {});
  cell[started.outcome] = (cell[started.outcome] ?? 0) + 1;
  if (started.wrong === undefined) return;
  const what = corrupted.map((name, i) => `${name}: ${drawn[i]!}`).join(", ");
  report.violations.push({ seed: options.seed, id, chips: what, what: `${started.outcome}: ${started.wrong}` });
}

async function outcomeOf({ start }: CorruptionOptions, trial: Trial): Promise<Started> {
  const whole = wholeBefore(trial);
  try {
    if (start !== undefined) return judgeLater(trial, await start(trial), whole);
    const events: EventName[] = [];
    const started = startHere(trial, trial.moment.number, events);
    return judge(trial, started, events, whole);
  } catch (thrown) {
    const { stack = "", message } = thrown as Error;
    const where =
      stack
        .split("\n")
        .find((line) => line.includes("/firmware/"))
        ?.trim() ?? "";
    return { outcome: "dies", wrong: `${message} ${where}` };
  }
}

export function add(total: CorruptionReport, more: CorruptionReport): void {
  total.trials += more.trials;
  total.violations.push(...more.violations);
  total.finished &&= more.finished;
  for (const [kind, row] of Object.entries(more.table)) {
    for (const [moment, outcomes] of Object.entries(row)) {
      const into = ((total.table[kind] ??= {})[moment] ??= {});
      for (const [outcome, count] of Object.entries(outcomes)) into[outcome] = (into[outcome] ?? 0) + count;
    }
  }
}

/** How often each outcome came. */
export function totals({ table }: CorruptionReport): Record<string, number> {
  const all: Record<string, number> = {};
  const cells = Object.values(table)
    .flatMap((row) => Object.values(row))
    .flatMap((outcomes) => Object.entries(outcomes));
  for (const [outcome, count] of cells) all[outcome] = (all[outcome] ?? 0) + count;
  return Object.fromEntries(Object.entries(all).sort((x, y) => y[1] - x[1]));
}

/** A line for each kind of corruption: what starts came to, over all moments. */
export function tableLines({ table }: CorruptionReport): string[] {
  return [...kinds, "two chips"]
    .filter((kind) => table[kind] !== undefined)
    .flatMap((kind) => {
      const moments = Object.entries(table[kind]!);
      return [
        kind,
        ...moments.map(([moment, outcomes]) => {
          const said = Object.entries(outcomes)
            .sort((x, y) => y[1] - x[1])
            .map(([outcome, n]) => `${outcome} ${n}`);
          return `  ${moment.padEnd(18)}${said.join(" | ")}`;
        }),
      ];
    });
}
