// What an image says of each of two ballots, as numbers: everything stored that could differ between a ballot that came
// earlier and one that came later. A classifier gets the differences.

import { countZeroBits, isFilledWith, readU16, readU32 } from "../../../firmware/bytes.js";
import { decode } from "../../../firmware/cbor/cbor.js";
import { readRecord } from "../../../firmware/vault/record.js";
import { commitLength, checkLength, entryLength, spentLength } from "../../../firmware/vault/layout.js";
import { type Evidence, choiceOfX, choiceOfY } from "./trial.js";

export const featureNames = [
  "slot",
  "slot's block",
  "slot within its block",
  "spent place",
  "slot - spent place",
  "slot after the last transaction entry",
  "slot after the head",
  "spent place after the last transaction entry",
  "spent place after the head",
  "slot after the counter",
  "slots taken before",
  "run taken before",
  "run taken behind",
  "spent run before",
  "spent run behind",
  "distance to a voided slot",
  "record length",
  "record's first bytes",
  "box's key",
  "box's end",
  "signature",
  "slot check",
  "set element",
  "spent mark",
  "commit bits on A",
  "commit bits on B",
  "bits A and B differ in",
  "mark in RAM",
  "token in RAM",
  "box in RAM",
  "slot in RAM",
] as const;

interface Seen {
  readonly slot: number;
  readonly choice: number;
  readonly record: Uint8Array;
  readonly box: Uint8Array;
}

/** Feature of X minus feature of Y, in the order of featureNames. Throws when one of them is not in the image. */
export function differences(evidence: Evidence): number[] {
  const seen = read(evidence);
  const [x, y] = [choiceOfX, choiceOfY].map((choice) => seen.find((each) => each.choice === choice));
  if (x === undefined || y === undefined) throw new Error("X and Y are not both in the image");
  const of = featuresOf(evidence, x, evidence.tokens.x);
  const other = featuresOf(evidence, y, evidence.tokens.y);
  return of.map((value, i) => value - other[i]!);
}

function read(evidence: Evidence): Seen[] {
  const { layout, crypto, keys, tally, a } = evidence;
  const seen: Seen[] = [];
  for (let slot = 0; slot < layout.slots; slot++) {
    const image = slotOf(a, evidence, slot);
    if (!isTaken(image) || isFilledWith(image, 0)) continue;
    const record = image.slice(2, 2 + readU16(image, 0));
    const opened = readRecord(crypto, record, keys.sign.publicKey);
    if (!opened.ok) continue;
    const plain = crypto.sealOpen(opened.value.box, tally);
    const ballot = plain === undefined ? undefined : decode(plain.subarray(2, 2 + readU16(plain, 0)));
    if (ballot === undefined || !ballot.ok) continue;
    const [, , marks] = ballot.value as [number, number, [number, boolean, number[]][]];
    seen.push({ slot, choice: marks[0]![2][0]!, record, box: opened.value.box });
  }
  return seen;
}

function featuresOf(evidence: Evidence, { slot, record, box }: Seen, token: Uint8Array): number[] {
  const { layout, crypto, keys, a, b } = evidence;
  const imageA = slotOf(a, evidence, slot);
  const imageB = slotOf(b, evidence, slot);
  const taken = Array.from({ length: layout.slots }, (_, i) => isTaken(slotOf(a, evidence, i)));
  const voided = taken.map((is, i) => is && isFilledWith(slotOf(a, evidence, i), 0));
  const marks = Array.from({ length: layout.spentEntries }, (_, i) =>
    a.subarray(layout.spent.address + i * spentLength, layout.spent.address + (i + 1) * spentLength),
  );
  const name = crypto.check(token, keys.token).subarray(0, 8);
  const place = marks.findIndex((mark) => Buffer.compare(mark.subarray(0, name.length), name) === 0);
  const spent = marks.map((mark) => !isFilledWith(mark, 0xff));
  const transaction = lastUsed(a, layout.transaction.address, layout.transaction.length, entryLength);
  const head = lastUsed(a, layout.head.address, layout.head.length, entryLength);
  const ticks = lastUsed(a, layout.counter.address, layout.counter.length, 8);
  const after = (at: number, mark: number): number => (at - (mark % layout.slots) + layout.slots) % layout.slots;
  const commit = (image: Uint8Array): number => countZeroBits(image, image.length - commitLength, commitLength);
  return [
    slot,
    slot >> 3,
    slot & 7,
    place,
    slot - place,
    after(slot, transaction),
    after(slot, head),
    after(place, transaction),
    after(place, head),
    after(slot, ticks),
    taken.slice(0, slot).filter(Boolean).length,
    run(taken, slot, -1),
    run(taken, slot, 1),
    run(spent, place, -1),
    run(spent, place, 1),
    Math.min(...voided.map((is, i) => (is ? Math.abs(i - slot) : layout.slots))),
    record.length,
    readU32(record, 40),
    readU32(box, 0),
    readU32(box, box.length - 4),
    readU32(record, record.length - 64),
    readU32(imageA, imageA.length - commitLength - checkLength),
    readU32(crypto.check(imageA.slice(-commitLength - checkLength, -commitLength), keys.set), 0),
    readU32(marks[Math.max(place, 0)]!, 0),
    commit(imageA),
    commit(imageB),
    imageA.reduce((sum, byte, i) => sum + countZeroBits(Uint8Array.of(~(byte ^ imageB[i]!)), 0, 1), 0),
    // the vault keeps of a mark what tells it from others: its first bytes, as numbers of four
    ...[name.subarray(0, 4), token, box.subarray(0, 16), Uint8Array.of(0, 0, slot >> 8, slot)].map((what) =>
      Buffer.from(evidence.memory).indexOf(what),
    ),
  ];
}

function slotOf(image: Uint8Array, { layout }: Evidence, slot: number): Uint8Array {
  const start = layout.store.address + slot * layout.slotLength;
  return image.subarray(start, start + layout.slotLength);
}

function isTaken(slot: Uint8Array): boolean {
  return !isFilledWith(slot.subarray(0, 32), 0xff);
}

/** Taken places next to `at`, in a circle. */
function run(taken: readonly boolean[], at: number, step: 1 | -1): number {
  let length = 0;
  while (length < taken.length && taken[(at + step * (length + 1) + 2 * taken.length) % taken.length]) length++;
  return length;
}

function lastUsed(image: Uint8Array, address: number, length: number, grain: number): number {
  for (let at = length - grain; at >= 0; at -= grain)
    if (!isFilledWith(image.subarray(address + at, address + at + grain), 0xff)) return at / grain;
  return 0;
}
