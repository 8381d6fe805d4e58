// What a start made of corrupted chips, and whether that is right. Whatever lies on them, it serves or refuses with a
// code. What is whole on a medium that counts is still whole afterwards. With such a medium whole altogether everything
// is there: at once, or when the other chip is taken away and two officials have gone on without it.

import { toHex } from "../../../firmware/bytes.js";
import type { EventName } from "../../../firmware/journal/events.js";
import { pollStateOf } from "../../../firmware/journal/poll-state.js";
import { cellLength } from "../../../firmware/journal/journal.js";
import type { Result } from "../../../firmware/result.js";
import { type Booted, type Refusal, boot } from "../../../firmware/roles/ballot-boot.js";
import { superblockLength } from "../../../firmware/vault/superblock.js";
import { type NorChip, flashOf } from "../../../sim/nor.js";
import { verdict } from "../crash/check.js";
import { campaignDevice } from "../crash/device.js";
import { type ChipName, type Expectation, type Store, chipNames, dayEvents } from "../crash/day.js";
import type { Found } from "../crash/engine.js";
import type { Moment } from "./moments.js";

/** The chips of a trial, of which one or both are not what they were. */
export interface Trial {
  readonly store: Store;
  readonly moment: Moment;
  /** The main flash is the store's. */
  readonly chips: Record<ChipName, NorChip>;
  readonly corrupted: readonly ChipName[];
  /** The superblock of the terminal's other election. */
  readonly otherSuperblock: Uint8Array;
}

export interface Started {
  readonly outcome: string;
  readonly wrong: string | undefined;
}

/** What was whole before the start, on a medium that counts. */
export interface Whole {
  /** Slots of ballots whose voters were told. */
  readonly slots: ReadonlySet<number>;
  readonly journal: boolean;
  readonly head: boolean;
  /** A chip is one of the next election: what is on it is to be served. */
  readonly isNext: boolean;
}

/** One start in this process. */
export function startHere(trial: Trial, number: 1 | 2, events: EventName[]): Result<Booted, Refusal> {
  const { store, chips } = trial;
  store.load(number);
  const flash = { main: flashOf(store.chips.main), a: flashOf(chips.a), b: flashOf(chips.b) };
  return boot({ ...campaignDevice, flash, tallyKey: store.tallyKey }, store.crypto, ({ event }) => {
    if (dayEvents.has(event)) events.push(event);
  });
}

export function wholeBefore(trial: Trial): Whole {
  const { moment, store } = trial;
  const { layout } = store;
  const isWhole = (address: number, length: number): boolean =>
    chipNames.some((name) => moment.current.includes(name) && isAsBefore(trial, name, address, length));
  const slots = new Set<number>();
  for (const slot of moment.expectation.told.keys()) {
    if (isWhole(layout.store.address + slot * layout.slotLength, layout.slotLength)) slots.add(slot);
  }
  const { journal, head } = layout;
  let isJournalWhole = true;
  for (let at = journal.address; at < journal.address + journal.length && isJournalWhole; at += blockLength) {
    if (isWhole(at, blockLength)) continue;
    for (let cell = at; cell < at + blockLength; cell += cellLength) isJournalWhole &&= isWhole(cell, cellLength);
  }
  const isNext = moment.number === 2 && chipNames.some((name) => isOfNext(trial, name));
  return { slots, journal: isJournalWhole, head: isWhole(head.address, head.length), isNext };
}

const blockLength = 4096;

function isOfNext({ chips, otherSuperblock }: Trial, name: ChipName): boolean {
  return Buffer.compare(chips[name].cells.subarray(0, superblockLength), otherSuperblock) === 0;
}

function isAsBefore({ chips, moment }: Trial, name: ChipName, address: number, length: number): boolean {
  const chip = chips[name];
  if (!chip.present || chip.blockLength !== blockLength || chip.size < moment.cells[name].length) return false;
  const before = moment.cells[name].subarray(address, address + length);
  return Buffer.compare(chip.cells.subarray(address, address + length), before) === 0;
}

function isWholeMedium({ moment, corrupted }: Trial): boolean {
  return moment.current.some((name) => !corrupted.includes(name));
}

/** The words for what a start came to, and what is wrong with it. */
export function judge(
  trial: Trial,
  started: Result<Booted, Refusal>,
  events: readonly EventName[],
  whole: Whole,
): Started {
  const { moment } = trial;
  const lost = lostOf(trial, whole);
  if (!started.ok) {
    const outcome = `refuses ${started.error.code}`;
    return { outcome, wrong: lost ?? (isWholeMedium(trial) ? afterTakingOut(trial) : undefined) };
  }
  const outcome = served(started.value);
  if (moment.name === "another package") return { outcome, wrong: lost ?? wrongBegun(trial) };
  return { outcome, wrong: lost ?? wrongServed(trial, foundOf(started.value, events), whole) };
}

/** A start in another process has come to this; `second`: what one in this process makes of what it left. */
export function judgeLater(trial: Trial, outcome: string, whole: Whole): Started {
  const { moment } = trial;
  const lost = lostOf(trial, whole);
  if (lost !== undefined) return { outcome, wrong: lost };
  if (!outcome.startsWith("serves"))
    return { outcome, wrong: isWholeMedium(trial) ? afterTakingOut(trial) : undefined };
  if (moment.name === "another package") return { outcome, wrong: wrongBegun(trial) };
  const events: EventName[] = [];
  const second = startHere(trial, moment.number, events);
  if (!second.ok) return { outcome, wrong: `the second start refuses ${second.error.code} ${second.error.why}` };
  return { outcome, wrong: wrongServed(trial, settledOf(trial, foundOf(second.value, events)), whole) };
}

/** With an election on a medium that nobody has released. */
function wrongBegun(trial: Trial): string | undefined {
  return isWholeMedium(trial) ? "the next election has begun beside one that nobody has released" : undefined;
}

export function served({ journal, vault, media, pending }: Booted): string {
  const started = journal.tail.findLastIndex(({ event }) => event === "started");
  const noted = new Set(journal.tail.slice(started).map(({ event }) => event));
  const repaired = noted.has("mediumRebuilt") ? ", rebuilt" : noted.has("mediumFault") ? ", mended" : "";
  const alone = media.active.length === 1 ? ", one medium" : "";
  const full = vault.hasRoom() || pending !== "none" ? "" : ", full";
  return `serves${repaired}${alone}${full}${journal.room < roomMin ? ", journal full" : ""}`;
}

/** Of 8,192 cells of which a day takes a few dozen. */
const roomMin = 7_000;

export function foundOf({ vault, pending, journal, results, loading }: Booted, events: readonly EventName[]): Found {
  return {
    pending,
    slots: vault.committedSlots(),
    ballots: vault.counts.ballots,
    events,
    poll: pollStateOf(journal),
    results: results.stored !== undefined,
    tallyKey: toHex(loading.tallyKey),
    isSpent: (token) => vault.isSpent(token),
  };
}

/** A record that was whole before the start is not any more. */
function lostOf(trial: Trial, whole: Whole): string | undefined {
  const { moment, store, chips } = trial;
  // a released election is being erased
  if (moment.number === 2 && moment.expectation.election === 2) return undefined;
  // one chip is the next election's, and nothing on the other one says whose it was
  if (moment.number === 2 && chipNames.some((name) => isOfNext(trial, name))) return undefined;
  for (const slot of whole.slots) {
    const record = moment.expectation.told.get(slot)!;
    const address = store.layout.store.address + slot * store.layout.slotLength;
    const isThere = ({ cells }: NorChip): boolean =>
      Buffer.compare(cells.subarray(address, address + record.length), record) === 0;
    if (!chipNames.some((name) => isThere(chips[name]))) return `the start destroys the ballot in slot ${slot}`;
  }
  return undefined;
}

function wrongServed(trial: Trial, found: Found, whole: Whole): string | undefined {
  const { store, moment } = trial;
  const { expectation } = moment;
  if (whole.isNext) return undefined;
  if (isWholeMedium(trial)) return inStore(trial, () => verdict(store, withoutStrip(found, expectation), expectation));
  if (expectation.election === 2) return undefined;
  const { told, underWay } = expectation;
  const invented = found.slots.filter((slot) => !told.has(slot) && slot !== underWay?.slot);
  if (invented.length > 0) return `a ballot is invented in slot ${invented.join()}`;
  const missing = [...told.keys()].filter((slot) => !found.slots.includes(slot));
  const lost = missing.find((slot) => whole.slots.has(slot));
  if (lost !== undefined) return `the ballot in slot ${lost} is left out`;
  if (whole.journal && found.events.join() !== expectation.journal.join() && expectation.next === undefined) {
    return `the journal has "${found.events.join()}" instead of "${expectation.journal.join()}", polls ${found.poll}`;
  }
  if (whole.journal && whole.head && missing.length > 0) return `ballots are missing and it serves: ${missing.join()}`;
  return undefined;
}

/**
 * An older image of one chip brings back the transaction before: its ballot counts, and while no slip hangs a strip
 * with its mark does no harm.
 */
function withoutStrip(found: Found, { told, underWay }: Expectation): Found {
  const isOld =
    underWay?.phase === "begun" && found.pending === "committed" && found.slots.every((slot) => told.has(slot));
  return isOld ? { ...found, pending: "none" } : found;
}

/** The judge of the crash campaign looks at the store's own chips. */
function inStore<T>({ store, chips }: Trial, act: () => T): T {
  for (const name of chipNames) {
    if (chips[name] !== store.chips[name] || !chips[name].present) store.chips[name].cells.fill(0);
  }
  return act();
}

/** The slip that hung was seen to by the start before. */
function settledOf({ moment: { expectation } }: Trial, found: Found): Found {
  const slot = expectation.underWay?.slot;
  const counted = slot !== undefined && found.slots.includes(slot);
  return expectation.underWay === undefined ? found : { ...found, pending: counted ? "committed" : "voided" };
}

/** What the officials would do: take the harmed chip out, decide, start. What is wrong with it, or undefined. */
function afterTakingOut(trial: Trial): string | undefined {
  const { moment, corrupted, chips } = trial;
  if (moment.expectation.election === 2) return undefined;
  for (const name of corrupted) chips[name].present = false;
  const refused = startHere(trial, 1, []);
  if (!refused.ok) {
    if (refused.error.missing === undefined) {
      return `without the harmed chip: ${refused.error.code} ${refused.error.why}`;
    }
    const decided = refused.error.missing.goOn();
    if (!decided.ok) return `the decision fails: ${JSON.stringify(decided.error)}`;
  }
  const events: EventName[] = [];
  const started = refused.ok ? refused : startHere(trial, 1, events);
  if (!started.ok) return `with the whole chip alone: ${started.error.code} ${started.error.why}`;
  if (refused.ok) return undefined;
  const found = settledOf(trial, foundOf(started.value, events));
  const expectation: Expectation = moment.expectation;
  return inStore(trial, () => verdict(trial.store, found, expectation));
}
