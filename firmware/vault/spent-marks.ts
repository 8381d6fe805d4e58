// Which marks are spent: the region of flash as it was read, and what each place of it holds. A Map would keep them in the order in which they came, for
// whoever reads the RAM; this holds no more than the flash does.

import type { Crypto } from "../crypto/crypto.js";
import { verdicts } from "../crypto/primitives.js";
import { spentLength } from "./layout.js";

export class SpentMarks {
  readonly #crypto: Crypto;
  /** "sound" is a mark, "other" neither nothing nor a mark. */
  readonly places: Uint8Array;
  /** Nothing in it is a mark but at the places that hold one. */
  #image: Uint8Array;

  constructor(crypto: Crypto, places: number) {
    this.#crypto = crypto;
    this.places = new Uint8Array(places);
    this.#image = new Uint8Array(0);
  }

  /** `image`: the whole region, of which `places` says what each holds; it is kept. */
  load(image: Uint8Array): void {
    this.#image = image;
  }

  get count(): number {
    return this.#crypto.count(this.places, verdicts.sound);
  }

  /** Whether no place is free. */
  get isFull(): boolean {
    return !this.places.includes(verdicts.free);
  }

  torn(): readonly number[] {
    return this.#crypto.placesOf(this.places, verdicts.other);
  }

  placeOf(mark: Uint8Array): number | undefined {
    return this.#crypto.find(this.#image, mark);
  }

  put(place: number, mark: Uint8Array): void {
    this.places[place] = verdicts.sound;
    this.#at(place).set(mark);
  }

  /** The place is not drawn again. */
  remove(place: number): void {
    this.places[place] = verdicts.blank;
    this.#at(place).fill(0);
  }

  #at(place: number): Uint8Array {
    return this.#image.subarray(place * spentLength, (place + 1) * spentLength);
  }
}
