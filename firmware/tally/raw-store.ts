// The store as it lies on the media, read anew and judged without anything that the vault remembers: for the zero
// report and for the tally.

import { readU16 } from "../bytes.js";
import type { Crypto, RecordForm } from "../crypto/crypto.js";
import { verdicts } from "../crypto/primitives.js";
import { type Result, ok } from "../result.js";
import type { Region } from "../storage/media.js";
import type { Media, Medium, MediumFault } from "../storage/media.js";
import { type Layout, commitLength, spentLength, tickLength } from "../vault/layout.js";

/** decided: most of its commit word is cleared. undecided: neither that, nor erased, nor zeroed whole. */
export type SlotState = "erased" | "voided" | "decided" | "undecided";

/** `slot`: a slot's whole image. */
export function slotState(crypto: Crypto, slot: Uint8Array): SlotState {
  if (crypto.isFilled(slot, 0xff)) return "erased";
  if (crypto.isFilled(slot, 0)) return "voided";
  return crypto.zeroBits(slot, slot.length - commitLength, slot.length) > commitLength * 4 ? "decided" : "undecided";
}

/**
 * Ticks of the unary counter most of whose bits are cleared, up to the first that is not. `counter`: its image, whole
 * ticks.
 */
export function countTicks(crypto: Crypto, counter: Uint8Array): number {
  // whole ticks are passed at once
  let at = crypto.firstUnlike(counter, 0, counter.length, 0);
  at -= at % tickLength;
  while (at < counter.length && crypto.zeroBits(counter, at, at + tickLength) > tickLength * 4) at += tickLength;
  return at / tickLength;
}

/** The record that a slot's image says it holds, in that image; whether it is one is for its signature to say. */
export function recordBytes(slot: Uint8Array): Uint8Array {
  return slot.subarray(2, 2 + Math.min(readU16(slot, 0), slot.length - 2));
}

export interface Census {
  readonly slots: Readonly<Record<SlotState, number>>;
  /** See countTicks. */
  readonly ticks: number;
  /** Nothing of the counter and of the spent set has ever been touched: every bit of them reads erased. */
  readonly untouched: boolean;
}

/** Bytes of a slot's head that no record leaves erased. */
const headLength = 32;
/** Only erased or not: no check of the vault is asked for. */
const usedForm: RecordForm = { head: headLength, checkAt: 0, checkLength: 1, tail: commitLength, isNumbered: false };
const noKey = new Uint8Array(16);
/** Bytes that are read at once. */
const chunkLength = 65_536;

/** Every slot of one medium, in order; the image is good until the next one. */
export function* slotsOf(
  media: Media,
  medium: Medium,
  layout: Layout,
): Generator<Result<{ readonly slot: number; readonly image: Uint8Array }, MediumFault>, void> {
  const { slots, slotLength, store } = layout;
  const perRead = Math.floor(chunkLength / slotLength);
  const buffer = new Uint8Array(perRead * slotLength);
  for (let first = 0; first < slots; first += perRead) {
    const count = Math.min(perRead, slots - first);
    const chunk = media.read(
      medium,
      count * slotLength,
      store.address + first * slotLength,
      buffer.subarray(0, count * slotLength),
    );
    if (!chunk.ok) {
      yield chunk;
      return;
    }
    for (let i = 0; i < count; i++)
      yield ok({ slot: first + i, image: chunk.value.subarray(i * slotLength, (i + 1) * slotLength) });
  }
}

/**
 * Slots that hold anything on any medium where a ballot begins or ends; most are erased, and are known to be from these
 * few bytes.
 */
export function* usedSlots(crypto: Crypto, media: Media, layout: Layout): Generator<Result<number, MediumFault>, void> {
  const { slots, slotLength, store } = layout;
  const perRead = Math.floor(chunkLength / slotLength);
  const looked = new Uint8Array(perRead);
  const buffers = media.active.map(() => new Uint8Array(perRead * slotLength));
  for (let first = 0; first < slots; first += perRead) {
    const count = Math.min(perRead, slots - first);
    const chunks = media.readAll(
      count * slotLength,
      store.address + first * slotLength,
      buffers.map((buffer) => buffer.subarray(0, count * slotLength)),
    );
    if (!chunks.ok) {
      yield chunks;
      return;
    }
    const found = looked.subarray(0, count);
    crypto.review(found, { a: chunks.value[0]!, b: chunks.value[chunks.value.length - 1]! }, usedForm, 0, noKey);
    for (let i = 0; i < count; i++) if (found[i] !== verdicts.free) yield ok(first + i);
  }
}

export function census(crypto: Crypto, media: Media, medium: Medium, layout: Layout): Result<Census, MediumFault> {
  const slots = { erased: 0, voided: 0, decided: 0, undecided: 0 };
  for (const each of slotsOf(media, medium, layout)) {
    if (!each.ok) return each;
    slots[slotState(crypto, each.value.image)]++;
  }
  const counter = media.read(medium, layout.ticks * tickLength, layout.counter.address);
  if (!counter.ok) return counter;
  const spent = isErased(crypto, media, medium, {
    address: layout.spent.address,
    length: layout.spentEntries * spentLength,
  });
  if (!spent.ok) return spent;
  return ok({
    slots,
    ticks: countTicks(crypto, counter.value),
    untouched: spent.value && crypto.isFilled(counter.value, 0xff),
  });
}

function isErased(crypto: Crypto, media: Media, medium: Medium, region: Region): Result<boolean, MediumFault> {
  for (let at = 0; at < region.length; at += chunkLength) {
    const chunk = media.read(medium, Math.min(chunkLength, region.length - at), region.address + at);
    if (!chunk.ok) return chunk;
    if (!crypto.isFilled(chunk.value, 0xff)) return ok(false);
  }
  return ok(true);
}
