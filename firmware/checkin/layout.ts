// Where things lie on a desk's two media (FORMAT.md). Everything follows from the capacity that the roll names.

import { type Result, err, ok } from "../result.js";
import type { Region } from "../storage/media.js";

/** Bytes of one check-in: content and check, then the word that says that the card was granted. */
export const entryLength = 32;
export const grantedAt = 16;
export const checkAt = 8;
export const superblockLength = 96;
const journalLengthUsual = 1024 * 1024;

export interface DeskLayout {
  readonly superblock: Region;
  readonly journal: Region;
  /** How long the journal is. */
  readonly journalHead: Region;
  /** How many check-ins there are, and which. */
  readonly head: Region;
  readonly checkIns: Region;
  /** Places for check-ins: 1.25 times the capacity, since some are given up. */
  readonly places: number;
  /** All of it. */
  readonly length: number;
}

export function layOutDesk(options: {
  readonly capacity: number;
  readonly size: number;
  readonly blockLength: number;
  /** Campaigns over small chips take less. */
  readonly journalLength?: number;
}): Result<DeskLayout, { readonly needed: number; readonly available: number }> {
  const { capacity, size, blockLength, journalLength = journalLengthUsual } = options;
  const whole = (length: number): number => Math.ceil(length / blockLength) * blockLength;
  const places = Math.ceil(capacity * 1.25);
  const superblock = { address: 0, length: blockLength };
  const journal = { address: blockLength, length: whole(journalLength) };
  const journalHead = { address: journal.address + journal.length, length: 2 * blockLength };
  const head = { address: journalHead.address + journalHead.length, length: 2 * blockLength };
  const checkIns = { address: head.address + head.length, length: whole(places * entryLength) };
  const length = checkIns.address + checkIns.length;
  return length <= size
    ? ok({ superblock, journal, journalHead, head, checkIns, places, length })
    : err({ needed: length, available: size });
}
