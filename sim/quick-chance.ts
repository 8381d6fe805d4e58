// Chance for the inner loop of a campaign, where SHA-256 for each draw would be most of the work: sfc32, begun from a
// SHA-256 of the seed. Never for anything but simulations.

import { createHash } from "node:crypto";
import { Sfc32 } from "../platform/xs/crash/sfc32.js";

export class QuickChance extends Sfc32 {
  constructor(seed: string) {
    const start = createHash("sha256").update(seed).digest();
    super(start.readInt32LE(0), start.readInt32LE(4), start.readInt32LE(8));
  }

  /** [0, 1) in steps of 2^-32 */
  next(): number {
    return this.word() / 0x1_0000_0000;
  }

  /** 0..bound-1 */
  below(bound: number): number {
    return Math.floor(this.next() * bound);
  }
}
