// Chance for the inner loop of a campaign, where SHA-256 for each draw would be most of the work: sfc32 (C. Doty-Humphrey's PractRand),
// begun from a SHA-256 of the seed. Never for anything but simulations.

import { createHash } from "node:crypto";

export class QuickChance {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(seed: string) {
    const start = createHash("sha256").update(seed).digest();
    this.#a = start.readInt32LE(0);
    this.#b = start.readInt32LE(4);
    this.#c = start.readInt32LE(8);
  }

  /** [0, 1) in steps of 2^-32 */
  next(): number {
    return this.#word() / 0x1_0000_0000;
  }

  /** 0..bound-1 */
  below(bound: number): number {
    return Math.floor(this.next() * bound);
  }

  fill(out: Uint8Array): void {
    for (let i = 0; i < out.length; i++) out[i] = this.#word() >>> 24;
  }

  #word(): number {
    const word = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + word) | 0;
    return word >>> 0;
  }
}
