// Which marks are spent, each at the number of the place where it lies on flash. A Map would keep them in the order in which they came, for whoever reads
// the RAM; this holds no more than the flash does.

import { readU32 } from "../bytes.js";

export class SpentMarks {
  /** Bytes 0..3 and 4..7 of the mark at each place; 0 and 0: none. A mark is keyed, so that nobody makes two that begin alike. */
  readonly #heads: Uint32Array;
  readonly #tails: Uint32Array;
  #count = 0;

  constructor(places: number) {
    this.#heads = new Uint32Array(places);
    this.#tails = new Uint32Array(places);
  }

  get count(): number {
    return this.#count;
  }

  placeOf(mark: Uint8Array): number | undefined {
    const [head, tail] = [readU32(mark, 0), readU32(mark, 4)];
    for (let place = this.#heads.indexOf(head); place >= 0; place = this.#heads.indexOf(head, place + 1)) if (this.#tails[place] === tail) return place;
    return undefined;
  }

  holds(place: number): boolean {
    return this.#heads[place] !== 0 || this.#tails[place] !== 0;
  }

  put(place: number, mark: Uint8Array): void {
    if (!this.holds(place)) this.#count++;
    this.#heads[place] = readU32(mark, 0);
    this.#tails[place] = readU32(mark, 4);
  }

  remove(place: number): void {
    if (this.holds(place)) this.#count--;
    this.#heads[place] = this.#tails[place] = 0;
  }

  clear(): void {
    this.#heads.fill(0);
    this.#tails.fill(0);
    this.#count = 0;
  }
}
