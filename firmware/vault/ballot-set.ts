// Which ballots there are, as one sum over all committed records: it has no order, and whoever takes out, exchanges or
// adds a record changes it.

import { concat, writeU32 } from "../bytes.js";
import type { Crypto } from "../crypto/crypto.js";
import { checkLength } from "./layout.js";
import type { Slots } from "./slots.js";

export const setLength = 16;

export class BallotSet {
  readonly #crypto: Crypto;
  readonly #slots: Slots;
  readonly #key: Uint8Array;
  #sum = new Uint8Array(setLength);

  /** key: see DeviceKeys.set. */
  constructor(options: { readonly crypto: Crypto; readonly slots: Slots; readonly key: Uint8Array }) {
    this.#crypto = options.crypto;
    this.#slots = options.slots;
    this.#key = options.key;
  }

  clear(): void {
    this.#sum = new Uint8Array(setLength);
  }

  /** All that are sound in `image`, of which `found` says what each slot is. */
  fold(found: Uint8Array, image: Uint8Array): void {
    this.#crypto.fold(this.#sum, found, image, this.#slots.form, this.#key);
  }

  add(slot: number, record: Uint8Array): void {
    this.#sum = xor(this.#sum, this.#element(slot, record));
  }

  /**
   * What the head says of the set: not the sum itself, which from one head to the next would give away each element.
   */
  seal(ballots: number): Uint8Array {
    return this.#seal(ballots, this.#sum);
  }

  /** The same of the set before this record was added. */
  sealWithout(ballots: number, slot: number, record: Uint8Array): Uint8Array {
    return this.#seal(ballots, xor(this.#sum, this.#element(slot, record)));
  }

  sealOfNone(): Uint8Array {
    return this.#seal(0, new Uint8Array(setLength));
  }

  #seal(ballots: number, sum: Uint8Array): Uint8Array {
    const count = new Uint8Array(4);
    writeU32(count, 0, ballots);
    return this.#crypto.check(concat(sum, count), this.#key);
  }

  /**
   * Of the record's check, in which all of it and its slot are; keyed, so that nobody outside the chip can make a set
   * with the same sum.
   */
  #element(slot: number, record: Uint8Array): Uint8Array {
    return this.#crypto.check(this.#slots.image(slot, record).subarray(-checkLength), this.#key);
  }
}

function xor(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(a.length);
  for (let i = 0; i < a.length; i++) out[i] = a[i]! ^ b[i]!;
  return out;
}
