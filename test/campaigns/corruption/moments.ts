// States of a day to corrupt, each made by the real code: before the opening, in the middle of it, after the release,
// in the middle of the erasing, with one medium by decision, in the middle of a rebuild, and with another election's
// package though nobody has released this one.

import { Chance } from "../../../sim/chance.js";
import {
  type Cells,
  type ChipName,
  type Day,
  type Expectation,
  type FlashName,
  Store,
  type Writing,
  chipNames,
  flashNames,
  must,
  recordDay,
} from "../crash/day.js";
import { commitLength } from "../../../firmware/vault/layout.js";
import type { Primitives } from "../../../firmware/crypto/primitives.js";

export const momentNames = [
  "before opening",
  "open",
  "open transaction",
  "paused",
  "closed",
  "counted",
  "released",
  "erasing",
  "another package",
  "one medium",
  "rebuild",
] as const;
export type MomentName = (typeof momentNames)[number];

export interface Moment {
  readonly name: MomentName;
  /** Which of its name. */
  readonly nth: number;
  readonly cells: Cells;
  readonly expectation: Expectation;
  /** Which election's package lies on the main flash. */
  readonly number: 1 | 2;
  /** Media that hold everything: not one that is away, or is being rebuilt. */
  readonly current: readonly ChipName[];
  /** What both chips held some time before. */
  readonly older: Cells;
}

export interface Days {
  readonly day: Day;
  /** What the chips hold in another election of the same terminal. */
  readonly other: Cells;
}

/** Operations on the media until both superblocks are there: before that no medium is whole. */
const formatting = 4;
/** Earlier states that are kept. */
const olderMax = 4;

export function daysOf(seed: string, casts: number, primitives: Primitives): Days {
  const day = recordDay(seed, casts, primitives);
  const other = new Store(`${seed} other`, primitives, casts + 2);
  other.number = 2;
  const { vault, journal } = must(other.start());
  must(journal.append("opened", 0));
  for (let nth = 0; nth < 3; nth++) {
    const prepared = must(vault.prepare(other.chance.bytes(16), other.plain(nth)));
    must(vault.commit(prepared));
    must(vault.spend(prepared));
    must(vault.blank());
  }
  return { day, other: cellsOf(other) };
}

function cellsOf({ chips }: Store): Cells {
  return { a: chips.a.cells.slice(), b: chips.b.cells.slice(), main: chips.main.cells.slice() };
}

/** Which moments there are at which step: `each` of every name, where there are so many. */
function planOf({ steps }: Day, each: number, chance: Chance): ReadonlyMap<number, readonly MomentName[]> {
  const wanted = new Map<number, MomentName[]>();
  const onMedia = [...steps.keys()].filter((nth) => steps[nth]!.chip !== "main");
  const formatted = onMedia[formatting]!;
  for (const name of momentNames) {
    const among = [...steps.keys()].filter((nth) => nth >= formatted && isOf(name, steps[nth]!.expectation));
    for (let i = 0; i < each && among.length > 0; i++) {
      const [nth] = among.splice(chance.below(among.length), 1);
      wanted.set(nth!, [...(wanted.get(nth!) ?? []), name]);
    }
  }
  return wanted;
}

/** How many `momentsOf` gives. */
export function countMoments({ day }: Days, seed: string, each: number): number {
  return [...planOf(day, each, new Chance(seed, "moments")).values()].flat().length;
}

/** `each`: so many of every name, where there are so many. The cells of a moment are good until the next one. */
export function* momentsOf({ day }: Days, seed: string, each: number): Generator<Moment> {
  const { store, steps } = day;
  const chance = new Chance(seed, "moments");
  const wanted = planOf(day, each, chance);
  const base = store.blank;
  const seen: Cells[] = [store.blank];
  const counts = new Map<MomentName, number>();
  for (const [at, { chip, operation, expectation }] of steps.entries()) {
    for (const name of wanted.get(at) ?? []) {
      const nth = counts.get(name) ?? 0;
      counts.set(name, nth + 1);
      const older = seen[chance.below(seen.length)]!;
      const plain: Moment = {
        name,
        nth,
        cells: base,
        expectation,
        number: expectation.election,
        current: chipNames,
        older,
      };
      if (name === "one medium" || name === "rebuild") yield aloneOf(store, plain, chance);
      else yield name === "another package" ? { ...plain, number: 2 } : plain;
      seen.push({ a: base.a.slice(), b: base.b.slice(), main: base.main.slice() });
      if (seen.length > olderMax) seen.shift();
    }
    apply(base[chip], operation);
    store.moved(chip, operation);
  }
}

function isOf(name: MomentName, { election, journal, next, underWay, told, results }: Expectation): boolean {
  const has = (event: Expectation["journal"][number]): boolean => journal.includes(event);
  const last = journal.findLast((event) => ["opened", "paused", "resumed", "closed"].includes(event));
  const isOpen = last === "opened" || last === "resumed";
  const isQuiet = underWay === undefined;
  if (election === 2) return name === "erasing";
  switch (name) {
    case "before opening":
      return last === undefined;
    case "open":
      return isOpen && isQuiet && told.size > 0;
    case "open transaction":
      return !isQuiet;
    case "paused":
      return last === "paused";
    case "closed":
      return last === "closed" && !results;
    case "counted":
      return results && !has("released");
    case "released":
      return has("released");
    case "erasing":
      return false;
    case "another package":
      return isQuiet && next === undefined && told.size > 0 && !has("released");
    case "one medium":
    case "rebuild":
      return isOpen && isQuiet && next === undefined && told.size > 0;
  }
}

/** A medium went away, two officials went on without it, two more have voted; or it is back and being rebuilt. */
function aloneOf(store: Store, moment: Moment, chance: Chance): Moment {
  const away = chipNames[chance.below(2)]!;
  const [left] = chipNames.filter((name) => name !== away);
  const { expectation, cells } = moment;
  for (const name of flashNames) store.chips[name].restore(cells[name]);
  store.load(1);
  for (const name of chipNames) {
    store.chips[name].present = name !== away;
  }
  const refused = store.start();
  if (refused.ok || refused.error.missing === undefined)
    throw new Error("a start without a medium asks for a decision");
  must(refused.error.missing.goOn());
  const { vault } = must(store.start());
  const told = new Map(expectation.told);
  const spent = [...expectation.spent];
  // the capacity leaves room for two
  for (let nth = 0; nth < 2; nth++) {
    const token = chance.bytes(16);
    const prepared = must(vault.prepare(token, store.plain(nth)));
    const { address, length } = vault.slotRange(prepared.slot);
    told.set(prepared.slot, store.chips[left!].cells.slice(address, address + length - commitLength));
    must(vault.commit(prepared));
    must(vault.spend(prepared));
    must(vault.blank());
    spent.push(token);
  }
  store.chips[away].present = true;
  const alone = cellsOf(store);
  if (moment.name === "rebuild") {
    const writings: [FlashName, Writing][] = [];
    store.listen((chip, operation) => {
      if (operation.kind === "read") return;
      writings.push([chip, operation.kind === "program" ? { ...operation, data: operation.data.slice() } : operation]);
    });
    must(store.start());
    store.listen(undefined);
    for (const [chip, operation] of writings.slice(0, chance.below(writings.length))) apply(alone[chip], operation);
  }
  for (const name of flashNames) store.chips[name].restore(cells[name]);
  return { ...moment, cells: alone, expectation: { ...expectation, told, spent, next: undefined }, current: [left!] };
}

export function apply(cells: Uint8Array, operation: Writing): void {
  const blockLength = 4096;
  if (operation.kind === "erase") cells.fill(0xff, operation.block * blockLength, (operation.block + 1) * blockLength);
  else for (let i = 0; i < operation.data.length; i++) cells[operation.address + i]! &= operation.data[i]!;
}
