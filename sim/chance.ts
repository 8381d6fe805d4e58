// Chance for simulations, replayed by a seed: SHA-256 of seed, name and counter. Never for a product's keys.

import { createHash } from "node:crypto";

export class Chance {
  readonly #key: Buffer;
  #counter = 0;
  #held: Buffer = Buffer.alloc(0);

  /** Different names under one seed give independent streams. */
  constructor(seed: string, name: string) {
    this.#key = createHash("sha256").update(`${name}\0${seed}`).digest();
  }

  fill(out: Uint8Array): void {
    for (let i = 0; i < out.length; i++) {
      if (this.#held.length === 0)
        this.#held = createHash("sha256")
          .update(this.#key)
          .update(String(this.#counter++))
          .digest();
      out[i] = this.#held[0]!;
      this.#held = this.#held.subarray(1);
    }
  }

  bytes(length: number): Uint8Array {
    const out = new Uint8Array(length);
    this.fill(out);
    return out;
  }

  /** [0, 1) */
  next(): number {
    const draw = this.bytes(6);
    return draw.reduce((sum, byte) => sum * 256 + byte, 0) / 2 ** 48;
  }

  /** Uniform in 0..bound-1 (to within 2^-48). */
  below(bound: number): number {
    return Math.floor(this.next() * bound);
  }

  /** A uniform subset of `count` of 0..bound-1, ascending. */
  subset(count: number, bound: number): number[] {
    const all = Array.from({ length: bound }, (_, i) => i);
    for (let i = 0; i < count; i++) {
      const j = i + this.below(bound - i);
      [all[i], all[j]] = [all[j]!, all[i]!];
    }
    return all.slice(0, count).sort((a, b) => a - b);
  }
}
