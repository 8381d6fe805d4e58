// Where things lie on a medium. Everything follows from the election's capacity and ballot length, so nothing of it is
// stored but those two, in the superblock.

import { type Result, err, ok } from "../result.js";
import { checkLength } from "../storage/entry-log.js";
import type { Region } from "../storage/media.js";

export { checkLength, entryLength } from "../storage/entry-log.js";
/** The slot ends with its check and its commit word. */
export const commitLength = 16;
/** Bytes that a tick of the unary counter clears: one weak bit must not change a count. */
export const tickLength = 8;
/** Bytes of a spent token's mark. */
export const spentLength = 16;
const slotGrain = 256;
const journalLength = 1024 * 1024;
/** Bytes for the loading statement: vault/loading-store.ts, which checks it. */
const loadingLength = 4096;
/** What the record's signature, header and framing add to the box: see record.ts, which checks it. */
export const recordOverheadMax = 128;

export interface Layout {
  readonly slots: number;
  readonly slotLength: number;
  readonly ticks: number;
  readonly spentEntries: number;
  readonly superblock: Region;
  readonly loading: Region;
  readonly journal: Region;
  /** How long the journal is. */
  readonly journalHead: Region;
  readonly transaction: Region;
  readonly head: Region;
  readonly counter: Region;
  readonly spent: Region;
  readonly store: Region;
}

export interface LayoutError {
  readonly needed: number;
  readonly available: number;
}

export interface LayOutOptions {
  readonly capacity: number;
  /** Bytes of a sealed ballot. */
  readonly boxLength: number;
  readonly size: number;
  readonly blockLength: number;
  /** Bytes for the journal; campaigns over small chips take less. */
  readonly journalLength?: number;
}

export function layOut(options: LayOutOptions): Result<Layout, LayoutError> {
  const { capacity, boxLength, size, blockLength } = options;
  let next = 0;
  const region = (length: number): Region => {
    const whole = Math.ceil(length / blockLength) * blockLength;
    const address = next;
    next += whole;
    return { address, length: whole };
  };
  const slots = Math.ceil(capacity * 1.25);
  const slotLength =
    Math.ceil((2 + boxLength + recordOverheadMax + checkLength + commitLength) / slotGrain) * slotGrain;
  const layout: Layout = {
    slots,
    slotLength,
    ticks: capacity,
    spentEntries: slots,
    superblock: region(blockLength),
    loading: region(loadingLength),
    journal: region(options.journalLength ?? journalLength),
    journalHead: region(2 * blockLength),
    transaction: region(2 * blockLength),
    head: region(2 * blockLength),
    counter: region(capacity * tickLength),
    spent: region(slots * spentLength),
    store: region(slots * slotLength),
  };
  return next <= size ? ok(layout) : err({ needed: next, available: size });
}
