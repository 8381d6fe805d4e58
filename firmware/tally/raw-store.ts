// The store as it lies on the media, read anew and judged without anything that the vault remembers: for the zero report and for the tally.

import { areErased, countZeroBits, isFilledWith, readU16, wordsOf } from "../bytes.js";
import { type Result, ok } from "../result.js";
import { type Layout, type Region, commitLength, spentLength, tickLength } from "../vault/layout.js";
import type { Media, Medium, MediumFault } from "../vault/media.js";

/** decided: most of its commit word is cleared. undecided: neither that, nor erased, nor zeroed whole. */
export type SlotState = "erased" | "voided" | "decided" | "undecided";

/** `slot`: a slot's whole image. */
export function slotState(slot: Uint8Array): SlotState {
  if (isFilledWith(slot, 0xff)) return "erased";
  if (isFilledWith(slot, 0)) return "voided";
  return countZeroBits(slot, slot.length - commitLength, commitLength) > commitLength * 4 ? "decided" : "undecided";
}

/** The record that a slot's image says it holds; whether it is one is for its signature to say. */
export function recordBytes(slot: Uint8Array): Uint8Array {
  return slot.slice(2, 2 + Math.min(readU16(slot, 0), slot.length - 2));
}

export interface Census {
  readonly slots: Readonly<Record<SlotState, number>>;
  /** See countTicks. */
  readonly ticks: number;
  /** Nothing of the counter and of the spent set has ever been touched: every bit of them reads erased. */
  readonly untouched: boolean;
}

/** Words of a slot's head that no record leaves erased. */
const headWords = 8;
/** Bytes that are read at once. */
const chunkLength = 65_536;

/** Every slot of one medium, in order; the image is good until the next one. */
export function* slotsOf(media: Media, medium: Medium, layout: Layout): Generator<Result<{ readonly slot: number; readonly image: Uint8Array }, MediumFault>, void> {
  const { slots, slotLength, store } = layout;
  const perRead = Math.floor(chunkLength / slotLength);
  for (let first = 0; first < slots; first += perRead) {
    const count = Math.min(perRead, slots - first);
    const chunk = media.read(medium, count * slotLength, store.address + first * slotLength);
    if (!chunk.ok) {
      yield chunk;
      return;
    }
    for (let i = 0; i < count; i++) yield ok({ slot: first + i, image: chunk.value.subarray(i * slotLength, (i + 1) * slotLength) });
  }
}

/** Slots that hold anything on any medium where a ballot begins or ends; most are erased, and are known to be from these few words. */
export function* usedSlots(media: Media, layout: Layout): Generator<Result<number, MediumFault>, void> {
  const { slots, slotLength, store } = layout;
  const perRead = Math.floor(chunkLength / slotLength);
  for (let first = 0; first < slots; first += perRead) {
    const count = Math.min(perRead, slots - first);
    const chunks = media.readAll(count * slotLength, store.address + first * slotLength);
    if (!chunks.ok) {
      yield chunks;
      return;
    }
    const words = chunks.value.map(wordsOf);
    for (let i = 0; i < count; i++) {
      const [head, commit] = [(i * slotLength) / 4, ((i + 1) * slotLength - commitLength) / 4];
      if (words.some((image) => !areErased(image, head, headWords) || !areErased(image, commit, commitLength / 4))) yield ok(first + i);
    }
  }
}

export function census(media: Media, medium: Medium, layout: Layout): Result<Census, MediumFault> {
  const slots = { erased: 0, voided: 0, decided: 0, undecided: 0 };
  for (const each of slotsOf(media, medium, layout)) {
    if (!each.ok) return each;
    slots[slotState(each.value.image)]++;
  }
  const counter = media.read(medium, layout.ticks * tickLength, layout.counter.address);
  if (!counter.ok) return counter;
  const spent = isErased(media, medium, { address: layout.spent.address, length: layout.spentEntries * spentLength });
  if (!spent.ok) return spent;
  const words = wordsOf(counter.value);
  return ok({ slots, ticks: countTicks(counter.value), untouched: spent.value && areErased(words, 0, words.length) });
}

/** Of the unary counter's image: ticks most of whose bits are cleared, up to the first that is not. */
export function countTicks(counter: Uint8Array): number {
  let ticks = 0;
  while (ticks * tickLength < counter.length && countZeroBits(counter, ticks * tickLength, tickLength) > tickLength * 4) ticks++;
  return ticks;
}

function isErased(media: Media, medium: Medium, region: Region): Result<boolean, MediumFault> {
  for (let at = 0; at < region.length; at += chunkLength) {
    const chunk = media.read(medium, Math.min(chunkLength, region.length - at), region.address + at);
    if (!chunk.ok) return chunk;
    if (!isFilledWith(chunk.value, 0xff)) return ok(false);
  }
  return ok(true);
}
