// The list that the blender paints (firmware/platform.ts), word by word.

import { discIcon, radii } from "./icons.js";
import type { Atlas } from "../text/atlas.js";
import { iconFace } from "../text/faces.js";

export const itemWords = 7;
/** What stands above the color in the first word. */
export const boxKind = 0x1_0000;
export const iconKind = 0x2_0000;
export const runKind = 0x3_0000;

/** Two numbers of 16 signed bits in one word. */
export function pair(low: number, high: number): number {
  return (low & 0xffff) | (high << 16);
}

export function lowOf(word: number): number {
  return (word << 16) >> 16;
}

export function highOf(word: number): number {
  return word >> 16;
}

/** The words of a pen. */
export const pen = {
  first: 0,
  next: 1,
  had: 2,
  room: 3,
  left: 4,
  top: 5,
  right: 6,
  bottom: 7,
  mirror: 8,
  whole: 9,
  discs: 16,
} as const;

/** A pen for boxes with every radius that there is. */
export function penOf(icons: Atlas): Int32Array<ArrayBuffer> {
  const words = new Int32Array(pen.discs + radii[radii.length - 1]! + 1);
  for (const radius of radii) words[pen.discs + radius] = icons.mask(iconFace, discIcon(radius));
  return words;
}
