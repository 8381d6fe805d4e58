// One page of voters: the first key in full, then each key as its distance from the one before in Rice's code, so that
// a page can be read by itself. Bits are taken from the highest of each byte on.

import { type Result, err, ok } from "../result.js";
import { type RollError, badFormat } from "./error.js";
import { countBits, keyBits, voterPageLength } from "./layout.js";
import { keysEnd } from "./national-id.js";

/** How the pages of a roll are coded. */
export interface Coding {
  /** Low bits of a distance that are written as they are; what is left over is written as that many ones and a zero. */
  readonly riceBits: number;
  readonly areaBits: number;
  readonly areas: number;
}

export interface PlacedVoter {
  /** Which one of the page, from 0. */
  readonly index: number;
  /** Which of the roll's areas, from 0. */
  readonly area: number;
}

export interface PageContents {
  readonly first: number;
  readonly last: number;
  readonly count: number;
  readonly found: PlacedVoter | undefined;
}

class Bits {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get left(): number {
    return this.#bytes.length * 8 - this.#at;
  }

  /** Up to 30 bits; the caller has looked whether there are as many. */
  take(count: number): number {
    let value = 0;
    for (let wanted = count; wanted > 0; ) {
      const inByte = this.#at & 7;
      const now = Math.min(wanted, 8 - inByte);
      value = (value << now) | ((this.#bytes[this.#at >> 3]! >> (8 - inByte - now)) & ((1 << now) - 1));
      this.#at += now;
      wanted -= now;
    }
    return value;
  }

  /** Ones up to the next zero, which is taken too; undefined when there is none. */
  ones(): number | undefined {
    const end = this.#bytes.length * 8;
    for (let at = this.#at; at < end; at++) {
      if (((this.#bytes[at >> 3]! << (at & 7)) & 0x80) !== 0) continue;
      const count = at - this.#at;
      this.#at = at + 1;
      return count;
    }
    return undefined;
  }
}

/** Reads the page to its end, every bit of it, and looks for a key on the way. `page`: its number, for errors. */
export function readVoterPage(
  bytes: Uint8Array,
  page: number,
  coding: Coding,
  key: number,
): Result<PageContents, RollError> {
  const bad = (index: number, expected: string) => err(badFormat(`page ${page} voter ${index}`, expected));
  if (bytes.length !== voterPageLength) return bad(0, `${voterPageLength} bytes`);
  const { riceBits, areaBits, areas } = coding;
  const bits = new Bits(bytes);
  const first = bits.take(keyBits);
  const count = bits.take(countBits) + 1;
  let current = first;
  let found: PlacedVoter | undefined;
  for (let index = 0; index < count; index++) {
    if (index > 0) {
      const high = bits.ones();
      if (high === undefined || bits.left < riceBits) return bad(index, "a distance that ends in its page");
      current += high * 2 ** riceBits + bits.take(riceBits) + 1;
    }
    if (current >= keysEnd) return bad(index, `a key below ${keysEnd}`);
    if (bits.left < areaBits) return bad(index, "an area that ends in its page");
    const area = bits.take(areaBits);
    if (area >= areas) return bad(index, `an area below ${areas}`);
    if (current === key) found = { index, area };
  }
  while (bits.left > 0) if (bits.take(1) !== 0) return bad(count, "zero padding");
  return ok({ first, last: current, count, found });
}
