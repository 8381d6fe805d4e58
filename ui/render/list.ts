// The list that the blender paints (firmware/platform.ts), word by word.

import type { Radius } from "./icons.js";
import { discIcon } from "./icons.js";
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

/** Masks of the discs whose quarters are rounded corners, by radius. */
export class Discs {
  readonly #icons: Atlas;
  readonly #masks: number[] = [];

  constructor(icons: Atlas) {
    this.#icons = icons;
  }

  mask(radius: Radius | 0): number {
    if (radius === 0) return 0;
    return (this.#masks[radius] ??= this.#icons.glyph(iconFace, discIcon(radius)).mask);
  }
}
