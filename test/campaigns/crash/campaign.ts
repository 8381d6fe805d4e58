// Cuts at every operation of a recorded day, in every way that a cut can leave it, and again during the recovery.
//
// What makes it quick, and why nothing is lost by it:
// - a recovery is run once and written down, operation by operation. Cut again at its k-th operation = the torn state, the first k operations done,
//   the k-th torn: the same cells that a second run, stopped there, would leave;
// - two states of the chips that are equal byte for byte, with no weak cell, are one: a start reads nothing but flash. Such a state is judged once for
//   each operation of the day (what must hold is the same there), and every further time is counted as "equal";
// - chips are put back block by block, and keyed checks are remembered (remember.ts).

import { logAddress, logHeadAddress } from "../../../firmware/device/log-cell.js";
import type { Primitives } from "../../../firmware/crypto/primitives.js";
import type { Tear } from "../../../sim/nor.js";
import { difference, verdict } from "./check.js";
import {
  type Cells,
  type ChipName,
  type FlashName,
  type Day,
  type Expectation,
  type Step,
  type Store,
  type Variant,
  type Writing,
  blocksUnlike,
  chipNames,
  flashNames,
  recordDay,
} from "./day.js";
import { loadPackage } from "./device.js";
import { type Engine, type EngineMaker, nodeEngine } from "./engine.js";
import { type Fault, classOf, faultsFor, zeroedFrom } from "./faults.js";
import type { QuickChance } from "../../../sim/quick-chance.js";
import { remembering } from "./remember.js";

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
  /**
   * Instead of everything: this share of the operations, with faults drawn at random, on media that rot or are
   * disturbed besides.
   */
  readonly sample?: number;
  /** Only this one: "<operation>/<fault>" or "<operation>/<fault>/<operation of the recovery>[ none| <byte>]". */
  readonly only?: string;
  /** Ends at so many failures. */
  readonly failuresMax?: number;
  /** What recovers; this process when absent. */
  readonly engine?: EngineMaker;
  /** A store that is known to be wrong. */
  readonly variant?: Variant;
  /** Told now and then how many cuts there have been. */
  readonly onCuts?: (cuts: number) => void;
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
  /** Of these, cuts that left a state which had been judged already for this operation. */
  equal: number;
  /** Operations of the day that were cut in at least one way. */
  points: number;
  /** fault class -> structure -> cuts */
  readonly table: Record<string, Record<string, number>>;
  readonly failures: Failure[];
  finished: boolean;
}

const failuresMax = 20;
/** Drawn for an operation in a sample. */
const sampledFaults = 3;
/** Operations of a recovery that a sample cuts again. */
const sampledAgain = 4;
/** Bits that rot before a cut. */
const rotBits = 2;
/** Every record is longer. */
const recordLengthMin = 128;
/** Where the superblock, its check and the words begin or end. */
const superblockParts = [0, 32, 48, 256, 2048] as const;
/** How often an operation disturbs a cell of its sector. */
const disturbShare = 1 / 2000;

const ambients = ["rot", "disturb", "replaced", "alone", "beside"] as const;

/** What happens to one medium besides the cut. */
interface Ambient {
  /**
   * replaced: the medium is a new one at the next start. alone: it is away, two officials go on without it, and it
   * returns. beside: a cell of a ballot is cleared, in the block of the slot under way where there is one.
   */
  readonly kind: (typeof ambients)[number];
  readonly chip: ChipName;
}

/** What one start made of a state. */
interface Outcome {
  readonly wrong: string | undefined;
  /** What it found. */
  readonly summary: string;
  /** The state that it left. */
  readonly after: string | undefined;
  readonly operations: readonly { readonly chip: FlashName; readonly operation: Writing }[];
}

/** One operation of the day that is being cut. */
interface Place {
  readonly day: Day;
  readonly engine: Engine;
  readonly base: Cells;
  /** Blocks in which its chips differ. */
  readonly unlike: readonly number[];
  readonly nth: number;
  readonly step: Step;
  readonly options: CampaignOptions;
  readonly report: CampaignReport;
  readonly known: Map<string, Outcome>;
  /** Of the cut that is tried now. */
  ambient?: Ambient | undefined;
}

export async function campaign(options: CampaignOptions): Promise<CampaignReport> {
  const day = recordDay(options.seed, options.casts, remembering(options.primitives), options.variant);
  const engine = await (options.engine ?? nodeEngine)(day);
  try {
    return await cutDay(options, day, engine);
  } finally {
    await engine.close();
  }
}

async function cutDay(options: CampaignOptions, day: Day, engine: Engine): Promise<CampaignReport> {
  const { store } = day;
  const report: CampaignReport = {
    operations: day.steps.length,
    cuts: 0,
    equal: 0,
    points: 0,
    table: {},
    failures: [],
    finished: true,
  };
  const end = options.budgetMs === undefined ? Infinity : performance.now() + options.budgetMs;
  const base = store.blank;
  store.number = 1;
  for (const name of flashNames) store.chips[name].restore(base[name]);
  const wanted = options.only?.split("/");
  const draw = store.reseed(`${options.seed} sample`);
  for (const [nth, step] of day.steps.entries()) {
    store.number = step.expectation.election;
    loadPackage(store.device, step.expectation.election, base.main);
    const place: Place = {
      day,
      engine,
      base,
      unlike: blocksUnlike(base, store.chips.a.blockLength),
      nth,
      step,
      options,
      report,
      known: new Map(),
    };
    for (const cut of cutsOf(place, wanted, draw)) {
      if (performance.now() > end || report.failures.length >= (options.failuresMax ?? failuresMax)) {
        report.finished = false;
        return report;
      }
      await tryFault(place, cut.fault, cut.ambient, cut.again);
    }
    options.onCuts?.(report.cuts);
    apply(base[step.chip], step.operation);
    store.moved(step.chip, step.operation);
  }
  return report;
}

interface Cut {
  readonly fault: Fault;
  readonly ambient: Ambient | undefined;
  /** Operations of the recovery that are cut again; undefined: the first `options.again`. */
  readonly again: ReadonlySet<string> | number | undefined;
}

function cutsOf(place: Place, wanted: readonly string[] | undefined, draw: QuickChance): Cut[] {
  const { nth, step, options, report } = place;
  const faults = faultsFor(step.operation);
  if (wanted !== undefined) {
    if (String(nth) !== wanted[0]) return [];
    const [name, ambient] = wanted[1]!.split("+");
    return faults
      .filter((fault) => fault.name === name)
      .map((fault) => ({
        fault,
        ambient: ambientOf(ambient),
        again: wanted[2] === undefined ? new Set<string>() : new Set([wanted[2]]),
      }));
  }
  if (options.sample === undefined) {
    if (nth % options.of !== options.part) return [];
    report.points++;
    return faults.map((fault) => ({ fault, ambient: undefined, again: undefined }));
  }
  if (draw.next() >= options.sample) return [];
  report.points++;
  return Array.from({ length: sampledFaults }, () => {
    const fault = faults[draw.below(faults.length)]!;
    // a cell harmed by the cut and one by age are two faults: the same medium has both
    const chip = fault.options.harmed ? step.chip : chipNames[draw.below(2)]!;
    const kind = [undefined, ...ambients][draw.below(ambients.length + 1)];
    return { fault, ambient: kind === undefined || chip === "main" ? undefined : { kind, chip }, again: sampledAgain };
  });
}

function ambientOf(name: string | undefined): Ambient | undefined {
  if (name === undefined) return undefined;
  const [kind, chip] = name.split(" ") as [Ambient["kind"], ChipName];
  return { kind, chip };
}

async function tryFault(
  place: Place,
  fault: Fault,
  ambient: Ambient | undefined,
  again: ReadonlySet<string> | number | undefined,
): Promise<void> {
  const {
    day: { store },
    base,
    nth,
    step,
    options,
    report,
  } = place;
  const cut = `${nth}/${fault.name}${ambient === undefined ? "" : `+${ambient.kind} ${ambient.chip}`}`;
  place.ambient = ambient;
  let refused: string | undefined;
  const setUp = async (): Promise<QuickChance> => {
    store.restore(base);
    const chance = store.reseed(`${options.seed}/${cut}`);
    if (ambient?.kind === "rot") rot(store, ambient.chip, chance);
    if (ambient?.kind === "beside") clearBeside(store, ambient.chip, step.expectation, chance);
    store.tear(step.chip, step.operation, () => chance.next(), fault.tear, fault.options);
    if (ambient?.kind === "replaced") store.replace(ambient.chip);
    if (ambient?.kind === "alone" && step.expectation.journal.length > 0 && step.expectation.election === 1)
      refused = await goOnWithout(place, ambient.chip);
    return chance;
  };
  const chance = await setUp();
  if (refused !== undefined) return fail(report, options.seed, cut, refused);
  const isAlone = ambient === undefined && !fault.options.harmed;
  const wasEqual = report.equal;
  const recovery = await judge(place, cut, disturbing(ambient, store, chance), isAlone);
  count(
    report,
    ambient === undefined ? classOf(fault) : `${classOf(fault)} + ${ambient.kind}`,
    structureOf(store, step),
  );
  // an equal state has an equal recovery, which has been cut already
  if (recovery === undefined || report.equal > wasEqual) return;
  for (const { k, how } of againOf(store, recovery.operations, again, options, chance)) {
    const name = `${cut}/${k}${how === "torn" ? "" : ` ${how}`}`;
    await setUp();
    for (const done of recovery.operations.slice(0, k)) store.redo(done.chip, done.operation);
    const next = recovery.operations[k]!;
    const chanceAgain = store.reseed(`${options.seed}/${name}`);
    if (how !== "none") store.tear(next.chip, next.operation, () => chanceAgain.next(), tearOf(how), fault.options);
    report.cuts++;
    await judge(place, name, disturbing(ambient, store, chanceAgain), isAlone);
  }
}

/**
 * Where a recovery is cut again: before an operation, in the middle of it by chance, or in an erase that has cleared
 * the block from a byte on.
 */
interface Again {
  readonly k: number;
  readonly how: "none" | "torn" | `${number}`;
}

function tearOf(how: Again["how"]): Tear | undefined {
  return how === "none" || how === "torn" ? undefined : { kind: "bytes", from: Number(how), to: Infinity };
}

function againOf(
  store: Store,
  operations: Outcome["operations"],
  again: ReadonlySet<string> | number | undefined,
  options: CampaignOptions,
  chance: QuickChance,
): Again[] {
  const steps: Again[] = operations.flatMap((_, k) => [
    { k, how: "none" },
    { k, how: "torn" },
  ]);
  // in a block of slots it matters where an erase was cut
  const erases = operations.flatMap(({ chip, operation }, k) =>
    structureOf(store, { chip, operation }) === "slot"
      ? zeroedFrom(operation).map((from): Again => ({ k, how: `${from}` }))
      : [],
  );
  // a superblock that an erase has cleared is what a rebuild begins with
  const heads = operations.flatMap(({ chip, operation }, k) => {
    const isHead = operation.kind === "erase" && structureOf(store, { chip, operation }) === "superblock";
    return isHead ? superblockParts.map((from): Again => ({ k, how: `${from}` })) : [];
  });
  const all = [...steps, ...erases, ...heads];
  if (again === undefined) return all.filter(({ k }) => k < options.again);
  if (typeof again === "number") {
    const drawn = (from: readonly Again[]): Again[] =>
      from.length === 0 ? [] : Array.from({ length: again }, () => from[chance.below(from.length)]!);
    return [...drawn(steps), ...drawn(erases), ...drawn(heads)];
  }
  return all.filter(({ k, how }) => again.has(how === "torn" ? String(k) : `${k} ${how}`));
}

/**
 * Recovers, and says what is wrong; then once more, since a recovery must leave nothing for the next. `isAlone`:
 * nothing but a cut has happened. The first start; undefined when it failed.
 */
async function judge(
  place: Place,
  cut: string,
  onOperation: ((chip: FlashName, address: number) => void) | undefined,
  isAlone: boolean,
): Promise<Outcome | undefined> {
  const {
    report,
    step,
    options,
    day: { store },
    base,
  } = place;
  const key = onOperation === undefined ? store.stateKey(base) : undefined;
  const before = key === undefined ? undefined : place.known.get(key);
  if (before !== undefined) report.equal++;
  const first = before ?? (await start(place, onOperation));
  if (key !== undefined) place.known.set(key, first);
  if (first.wrong !== undefined) return fail(report, options.seed, cut, first.wrong);
  const differs = before === undefined && isAlone ? difference(store, place.unlike) : undefined;
  if (differs !== undefined) return fail(report, options.seed, cut, differs);
  // a start was judged together with the one behind it: an equal one needs no second
  if (before !== undefined && first.after !== undefined && place.known.has(first.after)) return first;
  if (before !== undefined) await start(place, onOperation);
  const second =
    (first.after === undefined ? undefined : place.known.get(first.after)) ?? (await start(place, onOperation));
  if (first.after !== undefined) place.known.set(first.after, second);
  if (second.wrong !== undefined) return fail(report, options.seed, cut, `${second.wrong}, at the second start`);
  if (!isSame(step.expectation, first, second))
    return fail(report, options.seed, cut, `the second start found "${second.summary}" after "${first.summary}"`);
  return first;
}

/** Once the slip is off, or before there is one, a second strip with its mark does no harm. */
function isSame({ underWay }: Expectation, first: Outcome, second: Outcome): boolean {
  const matters = underWay !== undefined && ["printed", "deciding", "decided", "voiding"].includes(underWay.phase);
  const [slots, seconds] = [first.summary, second.summary].map((summary) =>
    matters ? summary : summary.split(" ")[0],
  );
  return slots === seconds;
}

/** One start of the terminal, on the chips as they are. */
async function start(
  place: Place,
  onOperation: ((chip: FlashName, address: number) => void) | undefined,
): Promise<Outcome> {
  const {
    day: { store },
    base,
  } = place;
  const operations: { chip: FlashName; operation: Writing }[] = [];
  store.listen((chip, operation) => {
    onOperation?.(
      chip,
      operation.kind === "erase" ? operation.block * store.chips[chip].blockLength : operation.address,
    );
    if (operation.kind === "read") return;
    operations.push({
      chip,
      operation: operation.kind === "program" ? { ...operation, data: operation.data.slice() } : operation,
    });
  });
  const { wrong, summary } = await open(place);
  store.listen(undefined);
  return { wrong, summary, after: onOperation === undefined ? store.stateKey(base) : undefined, operations };
}

async function open({
  day: { store },
  engine,
  step: { expectation },
  ambient,
}: Place): Promise<{ readonly wrong: string | undefined; readonly summary: string }> {
  const found = await engine.recover();
  // what was released may be refused when a medium is another or has rotted: nothing is lost with it
  if (!found.ok && expectation.election === 2 && ambient !== undefined)
    return { wrong: undefined, summary: found.error };
  if (!found.ok) return { wrong: found.error, summary: "" };
  return {
    wrong: verdict(store, found.value, expectation),
    summary: `${found.value.slots.join()} ${found.value.pending}`,
  };
}

function fail(report: CampaignReport, seed: string, cut: string, what: string): undefined {
  report.failures.push({ seed, cut, what });
}

/**
 * A start without a medium is refused, one after the decision is not; then the medium is back. What is wrong, or
 * undefined.
 */
async function goOnWithout({ day: { store }, engine }: Place, chip: ChipName): Promise<string | undefined> {
  store.chips[chip].present = false;
  try {
    if ((await engine.recover()).ok) return `goes on without ${chip}, which nobody decided`;
    const decided = await engine.goOnAlone(chip === "a" ? "b" : "a");
    if (!decided.ok) return `the decision to go on without ${chip} fails: ${decided.error}`;
    const found = await engine.recover();
    return found.ok ? undefined : `without ${chip}: ${found.error}`;
  } finally {
    store.chips[chip].present = true;
  }
}

function rot(store: Store, chip: ChipName, chance: QuickChance): void {
  for (let i = 0; i < rotBits; i++) {
    const region = store.layout[structures[chance.below(structures.length)]!];
    const bit = 1 << chance.below(8);
    store.spoil(chip, region.address + chance.below(region.length), (cell) => cell ^ bit);
  }
}

function clearBeside(store: Store, chip: ChipName, { told, underWay }: Expectation, chance: QuickChance): void {
  const { blockLength } = store.chips[chip];
  const {
    slotLength,
    store: { address },
  } = store.layout;
  const blockOf = (slot: number): number => Math.floor((address + slot * slotLength) / blockLength);
  const slots = [...told.keys()];
  const beside = slots.filter((slot) => underWay?.slot !== undefined && blockOf(slot) === blockOf(underWay.slot));
  const among = beside.length > 0 ? beside : slots;
  if (among.length === 0) return;
  const record = address + among[chance.below(among.length)]! * slotLength;
  const bit = 1 << chance.below(8);
  store.spoil(chip, record + chance.below(recordLengthMin), (cell) => cell & ~bit);
}

function disturbing(
  ambient: Ambient | undefined,
  store: Store,
  chance: QuickChance,
): ((chip: FlashName, address: number) => void) | undefined {
  if (ambient?.kind !== "disturb") return undefined;
  return (chip, address) => {
    if (chip !== ambient.chip || chance.next() >= disturbShare) return;
    const { blockLength } = store.chips[chip];
    const bit = 1 << chance.below(8);
    store.spoil(chip, address - (address % blockLength) + chance.below(blockLength), (cell) => cell & ~bit);
  };
}

function apply(cells: Uint8Array, operation: Writing): void {
  if (operation.kind === "erase") cells.fill(0xff, operation.block * 4096, (operation.block + 1) * 4096);
  else for (let i = 0; i < operation.data.length; i++) cells[operation.address + i]! &= operation.data[i]!;
}

function count(report: CampaignReport, fault: string, structure: string): void {
  report.cuts++;
  const row = (report.table[fault] ??= {});
  row[structure] = (row[structure] ?? 0) + 1;
}

const structures = [
  "superblock",
  "loading",
  "journal",
  "journalHead",
  "transaction",
  "head",
  "counter",
  "spent",
  "store",
] as const;

function structureOf(
  store: Store,
  { chip, operation }: { readonly chip: FlashName; readonly operation: Writing },
): string {
  const address = operation.kind === "program" ? operation.address : operation.block * 4096;
  if (chip === "main") return address < logAddress ? "epoch" : address < logHeadAddress ? "deviceLog" : "deviceLogHead";
  for (const name of structures) {
    const region = store.layout[name];
    if (address >= region.address && address < region.address + region.length) return name === "store" ? "slot" : name;
  }
  return "nowhere";
}
