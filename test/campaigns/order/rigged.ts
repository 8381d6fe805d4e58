// Placements that are not uniform, for the positive controls: a classifier that does not catch them proves nothing.

import { Crypto } from "../../../firmware/crypto/crypto.js";
import type { CryptoMaker } from "./trial.js";

/** The first place that is free: a store that appends. */
export const sequential: CryptoMaker = (primitives, random) => {
  let last = -1;
  return new (class extends Crypto {
    override randomBelow(bound: number): number {
      last = (last + 1) % bound;
      return last;
    }

    /** Between two draws that are not of one search something is always checked or written. */
    override check(message: Uint8Array, key: Uint8Array): Uint8Array {
      last = -1;
      return super.check(message, key);
    }
  })({ primitives, random });
};

/** A random place, and when it is taken the one behind it. */
export const linearProbing: CryptoMaker = (primitives, random) => {
  let last: number | undefined;
  return new (class extends Crypto {
    override randomBelow(bound: number): number {
      last = last === undefined ? super.randomBelow(bound) : (last + 1) % bound;
      return last;
    }

    override check(message: Uint8Array, key: Uint8Array): Uint8Array {
      last = undefined;
      return super.check(message, key);
    }
  })({ primitives, random });
};
