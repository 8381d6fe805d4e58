// Where things are in a roll (FORMAT.md), and its limits. The tool writes by it, the reader reads by it.

import { dataPagesMax, pageLength } from "../election/layout.js";

/** "SGRL" */
export const rollMagic: readonly number[] = [0x53, 0x47, 0x52, 0x4c];
export const rollVersion = 3;
/** Bytes of a page of voters. */
export const voterPageLength = 256;
/** Of its head: the first key and the count less one. */
export const keyBits = 30;
export const countBits = 10;
export const voterPageMax = 1 << countBits;
export const riceBitsMax = 24;
export const areasMax = 64;
/** Bytes of a first key in the index. */
export const indexEntryLength = 4;
/** Pages of voters: as many as the tree has room for, with their index. */
export const voterPagesMax = Math.floor(
  (dataPagesMax * pageLength - voterPageLength) / (voterPageLength + indexEntryLength),
);
/** Check-ins of one desk. */
export const checkInsMax = 16_384;

/** The pages of voters begin behind the index, at a multiple of their length. */
export function votersAt(voterPages: number): number {
  return Math.ceil((voterPages * indexEntryLength) / voterPageLength) * voterPageLength;
}

/** Pages of the hash tree's data. */
export function treePages(voterPages: number): number {
  return Math.ceil((votersAt(voterPages) + voterPages * voterPageLength) / pageLength);
}

/** Bits of an area's number; none when there is one area. */
export function areaBits(areas: number): number {
  let bits = 0;
  while (1 << bits < areas) bits++;
  return bits;
}
