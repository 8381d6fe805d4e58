// Cuts at every operation of a recorded day, in every way that a cut can leave it, and again during the recovery.

import type { Primitives } from "../../firmware/crypto/primitives.js";
import { Chance } from "../../sim/chance.js";
import { type NorChip, type NorOperation, PowerCut, type Tear, type TearOptions } from "../../sim/nor.js";
import { verdict } from "./check.js";
import { type Day, type Expectation, type Step, type Store, recordDay } from "./day.js";

export interface CampaignOptions {
  readonly seed: string;
  readonly casts: number;
  readonly primitives: Primitives;
  /** Ends when it is used up; undefined: when everything has been tried. */
  readonly budgetMs?: number;
  /** Works on every `of`-th operation from the `part`-th on. */
  readonly part: number;
  readonly of: number;
  /** How many operations of each recovery are cut again; 0: none. */
  readonly again: number;
  /** Only this one: "<operation>/<fault>" or "<operation>/<fault>/<operation of the recovery>". */
  readonly only?: string;
}

export interface Failure {
  readonly seed: string;
  /** What `only` takes. */
  readonly cut: string;
  readonly what: string;
}

export interface CampaignReport {
  readonly operations: number;
  cuts: number;
  /** Operations of the day that were cut in at least one way. */
  points: number;
  /** fault class -> structure -> cuts */
  readonly table: Record<string, Record<string, number>>;
  readonly failures: Failure[];
  finished: boolean;
}

interface Fault {
  readonly name: string;
  readonly tear: Tear;
  readonly options: TearOptions;
}

const failuresMax = 20;
const subsets = 16;
const flips = [50, 500, 5000] as const;

/** Everything that a cut is tried as, for one operation. */
function faultsFor(operation: Step["operation"]): Fault[] {
  const length = operation.kind === "program" ? operation.data.length : 4096;
  const faults: Fault[] = [
    { name: "none", tear: { kind: "subset", done: 0 }, options: {} },
    { name: "all", tear: { kind: "subset", done: 1 }, options: {} },
  ];
  if (operation.kind === "program") {
    for (const at of new Set([1, 2, 4, 16, 32, 48, length - 16, length - 1])) {
      if (at > 0 && at < length) faults.push({ name: `first ${at}`, tear: { kind: "bytes", from: 0, to: at }, options: {} }, { name: `last ${length - at}`, tear: { kind: "bytes", from: at, to: length }, options: {} });
    }
  } else {
    for (const from of [0, 1024, 2048, 4032]) faults.push({ name: `zeroed from ${from}`, tear: { kind: "bytes", from, to: length }, options: {} });
  }
  for (let i = 0; i < subsets; i++) {
    const options = i % 4 === 3 ? { weakShare: 0.3, flip: 1 / flips[(i >> 2) % 3]!, harmed: i % 8 === 7 ? 1 : 0 } : {};
    faults.push({ name: `subset ${i}`, tear: { kind: "subset", done: (i + 0.5) / subsets }, options });
  }
  for (const flip of flips) {
    faults.push({ name: `reads done, weak 1/${flip}`, tear: { kind: "done-weak" }, options: { flip: 1 / flip } });
    faults.push({ name: `reads undone, weak 1/${flip}`, tear: { kind: "undone-weak" }, options: { flip: 1 / flip } });
  }
  return faults;
}

function classOf(fault: Fault): string {
  return fault.name.replace(/ \d.*$/, "").replace(/, weak.*/, ", weak");
}

export function campaign(options: CampaignOptions): CampaignReport {
  const day = recordDay(options.seed, options.casts, options.primitives);
  const report: CampaignReport = { operations: day.steps.length, cuts: 0, points: 0, table: {}, failures: [], finished: true };
  const end = options.budgetMs === undefined ? Infinity : performance.now() + options.budgetMs;
  const base = { a: new Uint8Array(day.store.chips.a.size).fill(0xff), b: new Uint8Array(day.store.chips.b.size).fill(0xff) };
  const wanted = options.only?.split("/");
  for (const [nth, step] of day.steps.entries()) {
    if (wanted === undefined ? nth % options.of === options.part : String(nth) === wanted[0]) {
      report.points++;
      for (const fault of faultsFor(step.operation)) {
        if (wanted !== undefined && fault.name !== wanted[1]) continue;
        if (performance.now() > end || report.failures.length >= failuresMax) {
          report.finished = false;
          return report;
        }
        tryFault(day, base, nth, step, fault, options, report, wanted?.[2] === undefined ? undefined : Number(wanted[2]));
      }
    }
    apply(base[step.chip], step.operation);
  }
  return report;
}

function tryFault(
  day: Day, base: { readonly a: Uint8Array; readonly b: Uint8Array }, nth: number, step: Step, fault: Fault, options: CampaignOptions, report: CampaignReport, onlyAgain: number | undefined,
): void {
  const { store } = day;
  const cut = `${nth}/${fault.name}`;
  const setUp = (): Chance => {
    store.chips.a.restore(base.a);
    store.chips.b.restore(base.b);
    const chance = new Chance(`${options.seed}/${cut}`, "tear");
    store.chips[step.chip].tear(step.operation, () => chance.next(), fault.tear, fault.options);
    return chance;
  };
  setUp();
  const operations = countOperations(store, () => judge(store, step.expectation, options.seed, cut, report));
  count(report, fault, structureOf(store, step));
  if (operations === undefined) return;
  const last = onlyAgain === undefined ? Math.min(operations, options.again) : operations;
  for (let again = 0; again < last; again++) {
    if (onlyAgain !== undefined && again !== onlyAgain) continue;
    const chance = setUp();
    if (cutRecovery(store, again, chance, fault)) {
      report.cuts++;
      judge(store, step.expectation, options.seed, `${cut}/${again}`, report);
    }
  }
}

/** Recovers, and says what is wrong; then once more, since a recovery must leave nothing for the next. */
function judge(store: Store, expectation: Expectation, seed: string, cut: string, report: CampaignReport): void {
  let first: string | undefined;
  for (const round of ["", " at the second start"]) {
    const opened = store.open();
    if (!opened.ok) return fail(report, seed, cut, `out of service${round}: ${JSON.stringify(opened.error)}`);
    let events = 0;
    const journal = store.journal(opened.value, () => events++);
    if (!journal.ok) return fail(report, seed, cut, `journal${round}: ${JSON.stringify(journal.error)}`);
    const { vault, pending } = opened.value;
    const wrong = verdict(store, vault, pending, events, expectation);
    if (wrong !== undefined) return fail(report, seed, cut, wrong + round);
    // once the slip is off, or before there is one, a second strip with its mark does no harm
    const matters = expectation.underWay !== undefined && ["printed", "deciding", "decided", "voiding"].includes(expectation.underWay.phase);
    const summary = `${vault.committedSlots().join()} ${matters ? pending : ""}`;
    if (first !== undefined && summary !== first) return fail(report, seed, cut, `the second start found "${summary}" after "${first}"`);
    first = summary;
  }
}

function fail(report: CampaignReport, seed: string, cut: string, what: string): void {
  report.failures.push({ seed, cut, what });
}

/** Runs `work` and counts the operations of its first opening; undefined when it made a failure. */
function countOperations(store: Store, work: () => void): number | undefined {
  let operations = 0;
  store.listen((_chip, operation) => {
    if (operation.kind !== "read") operations++;
  });
  work();
  store.listen(undefined);
  return operations;
}

/** Cuts the recovery at its `nth` operation; false when it has no so many. */
function cutRecovery(store: Store, nth: number, chance: Chance, fault: Fault): boolean {
  let operations = 0;
  let isCut = false;
  store.listen((name, operation) => {
    if (isCut) throw new PowerCut("off");
    if (operation.kind === "read" || operations++ !== nth) return;
    isCut = true;
    const chip: NorChip = store.chips[name];
    chip.tear(operation, () => chance.next(), undefined, fault.options);
    throw new PowerCut("again");
  });
  try {
    const opened = store.open();
    if (opened.ok) store.journal(opened.value);
  } catch (thrown) {
    if (!(thrown instanceof PowerCut)) throw thrown;
  } finally {
    store.listen(undefined);
  }
  return isCut;
}

function apply(cells: Uint8Array, operation: Exclude<NorOperation, { readonly kind: "read" }>): void {
  if (operation.kind === "erase") cells.fill(0xff, operation.block * 4096, (operation.block + 1) * 4096);
  else operation.data.forEach((byte, i) => (cells[operation.address + i]! &= byte));
}

function count(report: CampaignReport, fault: Fault, structure: string): void {
  report.cuts++;
  const row = (report.table[classOf(fault)] ??= {});
  row[structure] = (row[structure] ?? 0) + 1;
}

function structureOf(store: Store, step: Step): string {
  const address = step.operation.kind === "program" ? step.operation.address : step.operation.block * 4096;
  const layout = store.layout;
  for (const name of ["superblock", "journal", "transaction", "head", "counter", "spent", "store"] as const) {
    if (address >= layout[name].address && address < layout[name].address + layout[name].length) return name === "store" ? "slot" : name;
  }
  return "nowhere";
}
