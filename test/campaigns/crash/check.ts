// Whether a recovery has done right: nothing lost, nothing invented, no slip left without its mark, no card that votes
// twice or never.

import { isFilledWith } from "../../../firmware/bytes.js";
import { readDeviceLog } from "../../../office/device/log.js";
import { type ChipName, type Expectation, type Store, chipNames } from "./day.js";
import type { Found } from "./engine.js";

/** What is wrong, or undefined. */
export function verdict(store: Store, found: Found, expected: Expectation): string | undefined {
  return (expected.election === 2 ? erased(found) : kept(store, found, expected)) ?? logProblem(store);
}

/** Of the device log, as somebody else reads it. */
function logProblem({ crypto, chips, device }: Store): string | undefined {
  const [problem] = readDeviceLog(crypto, chips.main.cells, device.signKey).problems;
  return problem && `device log: ${problem}`;
}

/** The next election's package came after the release: nothing of this one is left, and the new one has not begun. */
function erased({ slots, ballots, events, poll, results }: Found): string | undefined {
  if (slots.length > 0 || ballots > 0 || results) return "something of a released election is left";
  if (events.length > 0 || poll !== "before-opening")
    return `the next election begins with ${events.join()}, polls ${poll}`;
  return undefined;
}

function kept(
  store: Store,
  { slots, pending, ballots, events, poll, results, tallyKey, isSpent }: Found,
  expected: Expectation,
): string | undefined {
  const found = new Set(slots);
  const { told, underWay } = expected;
  const extra = slots.filter((slot) => !told.has(slot));
  for (const [slot, record] of told) {
    if (!found.has(slot)) return `the ballot in slot ${slot} is lost`;
    if (!chipNames.some((name) => isCopy(store, name, addressOf(store, slot), record)))
      return `the ballot in slot ${slot} is changed`;
  }
  if (extra.length > 1 || (extra.length === 1 && extra[0] !== underWay?.slot))
    return `a ballot is invented in slot ${extra.join()}`;
  const counted = extra.length === 1;
  if (counted && underWay !== undefined && ["begun", "printed", "voiding", "voided"].includes(underWay.phase))
    return `the ballot in slot ${extra[0]} was not decided`;
  if (!counted && underWay !== undefined && ["decided", "cut"].includes(underWay.phase))
    return "a decided ballot is lost";
  if (underWay !== undefined) {
    const hangs = ["printed", "voiding", "deciding", "decided"].includes(underWay.phase);
    if (hangs && pending === "none") return "the slip that hangs in the printer gets no mark";
    if (pending === "committed" && !counted) return "VALID for a ballot that does not count";
    if (pending === "voided" && counted) return "VOID for a ballot that counts";
    if (isSpent(underWay.token) !== counted) return counted ? "the card can vote again" : "the card can never vote";
    if (!counted && underWay.slot !== undefined && !isZeroed(store, underWay.slot))
      return `the record of slot ${underWay.slot} was not zeroed`;
  }
  for (const token of expected.spent) if (!isSpent(token)) return "a spent card can vote again";
  if (ballots !== slots.length) return `the counter says ${ballots} for ${slots.length} ballots`;
  // the entry under way may have become whole
  const written = [
    expected.journal,
    ...(expected.next === undefined ? [] : [[...expected.journal, expected.next]]),
  ].map((each) => each.join());
  if (!written.includes(events.join()))
    return `the journal has "${events.join()}" instead of "${written.join('" or "')}"`;
  if (poll !== pollAfter(events)) return `the polls are ${poll} after ${events.join()}`;
  if (expected.results && !results) return "the results are lost";
  if (expected.tallyKey !== undefined && tallyKey !== expected.tallyKey) return "ballots are sealed to another key";
  return undefined;
}

/**
 * After a start that nothing but one cut came before: both media hold the same and no cell that counts is weak, so that
 * either may be lost. Logs move to another block before they are written, which is erased then. `unlike`: see
 * Store.firstDifference. What is wrong, or undefined.
 */
export function difference(store: Store, unlike: Iterable<number>): string | undefined {
  const { a, b } = store.chips;
  const at = store.firstDifference(unlike);
  if (at !== undefined) return `the media differ at ${at}`;
  if (a.weakBits + b.weakBits === 0) return undefined;
  const { superblock, loading, journal, counter, spent, store: slots } = store.layout;
  for (const name of chipNames) {
    for (const region of [superblock, loading, journal, counter, spent, slots]) {
      if (store.chips[name].weakBitsIn(region.address, region.length) > 0)
        return `weak cells are left on ${name} in the region at ${region.address}`;
    }
  }
  return undefined;
}

function pollAfter(events: Found["events"]): Found["poll"] {
  const last = events.findLast((event) => ["opened", "paused", "resumed", "closed"].includes(event));
  return last === undefined
    ? "before-opening"
    : last === "opened" || last === "resumed"
      ? "open"
      : last === "paused"
        ? "paused"
        : "closed";
}

function isCopy(store: Store, name: ChipName, address: number, record: Uint8Array): boolean {
  return Buffer.compare(store.chips[name].cells.subarray(address, address + record.length), record) === 0;
}

function addressOf({ layout }: Store, slot: number): number {
  return layout.store.address + slot * layout.slotLength;
}

function isZeroed(store: Store, slot: number): boolean {
  const address = addressOf(store, slot);
  return chipNames.every((name) =>
    isFilledWith(store.chips[name].cells.subarray(address, address + store.layout.slotLength), 0),
  );
}
