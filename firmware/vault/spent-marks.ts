// Which cards' rights are used up here: a mark a token, at places drawn at random. In RAM this is the region of flash
// as it was read, and what each place of it holds. A Map would keep them in the order in which they came, for whoever
// reads the RAM; this holds no more than the flash does.

import { concat, equalBytes } from "../bytes.js";
import type { Crypto, RecordForm } from "../crypto/crypto.js";
import { verdicts } from "../crypto/primitives.js";
import { type Result, ok } from "../result.js";
import type { Media, MediumFault } from "../storage/media.js";
import { drawPlace } from "./draw.js";
import { type Layout, spentLength } from "./layout.js";
import type { Mending } from "./mending.js";

/** A mark is a name and its check. */
const nameLength = 8;
const form: RecordForm = {
  head: spentLength,
  checkAt: nameLength,
  checkLength: spentLength - nameLength,
  tail: 0,
  isNumbered: false,
};
/** How often a mark that does not check is read again. */
const readsMax = 4;

export interface SpentMarksOptions {
  readonly crypto: Crypto;
  readonly media: Media;
  readonly layout: Layout;
  /** See DeviceKeys.token. */
  readonly key: Uint8Array;
}

export class SpentMarks {
  readonly #crypto: Crypto;
  readonly #media: Media;
  readonly #layout: Layout;
  readonly #key: Uint8Array;
  /** "sound" is a mark, "other" neither nothing nor a mark. */
  readonly #places: Uint8Array;
  /** Nothing in it is a mark but at the places that hold one. */
  #image: Uint8Array;

  constructor(options: SpentMarksOptions) {
    this.#crypto = options.crypto;
    this.#media = options.media;
    this.#layout = options.layout;
    this.#key = options.key;
    this.#places = new Uint8Array(options.layout.spentEntries);
    this.#image = new Uint8Array(0);
  }

  get count(): number {
    return this.#crypto.count(this.#places, verdicts.sound);
  }

  /** Whether no place is free. */
  get isFull(): boolean {
    return !this.#places.includes(verdicts.free);
  }

  drawFree(): number {
    return drawPlace(this.#crypto, this.#places, verdicts.free);
  }

  /** A name that follows from the token and only this chip can make, and its check, that tells it from half of one. */
  markOf(token: Uint8Array): Uint8Array {
    const name = this.#crypto.check(token, this.#key).subarray(0, nameLength);
    return concat(name, this.#nameCheck(name));
  }

  isMark(bytes: Uint8Array): boolean {
    return this.#crypto.equal(bytes.subarray(nameLength), this.#nameCheck(bytes.subarray(0, nameLength)));
  }

  #nameCheck(name: Uint8Array): Uint8Array {
    return this.#crypto.check(name, this.#key).subarray(0, spentLength - nameLength);
  }

  placeOf(mark: Uint8Array): number | undefined {
    return this.#crypto.find(this.#image, mark);
  }

  /**
   * Reads all of them; what one medium lacks is wanted of `mending`, and that it is rid of what lies where the other
   * one is erased. `underWay`: places of open transactions, where that may be half a mark.
   */
  load(mending: Mending, underWay: ReadonlySet<number>): Result<void, MediumFault> {
    const images = this.#media.readAll(this.#layout.spentEntries * spentLength, this.#layout.spent.address);
    if (!images.ok) return images;
    const a = images.value[0]!;
    this.#crypto.review(this.#places, { a, b: images.value[images.value.length - 1]! }, form, 0, this.#key);
    this.#image = a;
    for (const place of this.#torn()) {
      const at = place * spentLength;
      const marks = images.value.map((bytes) => bytes.subarray(at, at + spentLength));
      const mark = marks.find((each) => this.isMark(each)) ?? this.#readMark(place);
      const isErased = marks.map((each) => this.#crypto.isFilled(each, 0xff));
      if (mark === undefined && isErased.includes(true) && !underWay.has(place)) {
        const erased = new Uint8Array(spentLength).fill(0xff);
        isErased.forEach((is, i) => {
          if (!is) mending.want(this.#media.active[i]!, this.#address(place), erased);
        });
        this.#places[place] = verdicts.free;
      }
      if (mark === undefined) continue;
      marks.forEach((each, i) => {
        if (!equalBytes(each, mark)) mending.want(this.#media.active[i]!, this.#address(place), mark);
      });
      this.#put(place, mark);
    }
    return ok();
  }

  /** Should it read as a mark once more: a weak bit reads right nearly always. */
  #readMark(place: number): Uint8Array | undefined {
    for (let attempt = 0; attempt < readsMax; attempt++) {
      const images = this.#media.readAll(spentLength, this.#address(place));
      const mark = images.ok ? images.value.find((each) => this.isMark(each)) : undefined;
      if (mark !== undefined) return mark;
    }
    return undefined;
  }

  /** A mark that was never whole and belongs to no transaction means nothing. */
  clearTorn(): Result<void, MediumFault> {
    for (const place of this.#torn()) {
      const cleared = this.#media.zero(spentLength, this.#address(place));
      if (!cleared.ok) return cleared;
    }
    return ok();
  }

  write(place: number, mark: Uint8Array): Result<void, MediumFault> {
    this.#places[place] = verdicts.other;
    const written = this.#media.program(mark, this.#address(place));
    if (written.ok) this.#put(place, mark);
    return written;
  }

  /** Of a place that does not keep its mark: it is not drawn again. */
  remove(place: number): Result<void, MediumFault> {
    // one copy may be whole: without it the next start would try to make the worn one so
    const cleared = this.#media.zero(spentLength, this.#address(place));
    if (!cleared.ok) return cleared;
    this.#places[place] = verdicts.blank;
    this.#at(place).fill(0);
    return ok();
  }

  #torn(): readonly number[] {
    return this.#crypto.placesOf(this.#places, verdicts.other);
  }

  #put(place: number, mark: Uint8Array): void {
    this.#places[place] = verdicts.sound;
    this.#at(place).set(mark);
  }

  #at(place: number): Uint8Array {
    return this.#image.subarray(place * spentLength, (place + 1) * spentLength);
  }

  #address(place: number): number {
    return this.#layout.spent.address + place * spentLength;
  }
}
