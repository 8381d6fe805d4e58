// A place for one small thing that changes often: entries of 64 bytes in two blocks, of which the newest good one
// counts and all older ones are blanked (programmed to zero). An entry = number (u32), payload, padding of zeros, check
// (keyed, over all of that and the place); the highest number is the newest.
//
// A block is erased only when everything in it is blank. After a start the log always moves on to the other block and
// erases it: an erase that was cut leaves cells that read erased and are not, and nothing tells which erase was the
// last one.

import { concat, isProgrammable, readU32, writeU32 } from "../bytes.js";
import type { Crypto, RecordForm } from "../crypto/crypto.js";
import { verdicts } from "../crypto/primitives.js";
import { type Result, assert, ok } from "../result.js";
import type { Media, Medium, MediumFault, Region } from "./media.js";

/** Bytes of an entry, and of the check at its end. */
export const entryLength = 64;
export const checkLength = 16;
const numberLength = 4;
/** Places that may be passed over for one entry. */
const placeAttemptsMax = 4;
export const payloadLength = entryLength - checkLength - numberLength;
const entryForm: RecordForm = {
  head: entryLength,
  checkAt: entryLength - checkLength,
  checkLength,
  tail: 0,
  isNumbered: true,
};

interface Found {
  readonly place: number;
  readonly number: number;
  readonly whole: Uint8Array;
  /** 0 on one medium: it was being blanked, or that medium was harmed. */
  readonly isFading: boolean;
}

export class EntryLog {
  readonly #media: Media;
  readonly #crypto: Crypto;
  readonly #key: Uint8Array;
  readonly #region: Region;
  readonly #perBlock: number;
  /** Places of `current` and of the next entry. */
  #at: number | undefined;
  #next = 0;
  #number = 0;
  /** The newest entry as it was written, or read at opening: a weak cell may read otherwise the next time. */
  #newest: Uint8Array | undefined;
  /** Entries that opening found besides. */
  #older: readonly number[] = [];

  constructor(options: {
    readonly media: Media;
    readonly crypto: Crypto;
    readonly key: Uint8Array;
    readonly region: Region;
  }) {
    this.#media = options.media;
    this.#crypto = options.crypto;
    this.#key = options.key;
    this.#region = options.region;
    this.#perBlock = options.media.geometry.blockLength / entryLength;
  }

  get #places(): number {
    return 2 * this.#perBlock;
  }

  /**
   * Reads both media. Entries found, newest first; a torn one is blanked, since what it was for has not begun. More
   * than one means that the power went between writing the new one and blanking the old.
   */
  open(): Result<Uint8Array[], MediumFault> {
    const images = this.#media.readAll(this.#places * entryLength, this.#region.address);
    if (!images.ok) return images;
    const found: Found[] = [];
    const looked = new Uint8Array(this.#places);
    this.#crypto.review(
      looked,
      { a: images.value[0]!, b: images.value[images.value.length - 1]! },
      entryForm,
      0,
      this.#key,
    );
    // most places are free or blank
    const { sound, other } = verdicts;
    for (const place of [...this.#crypto.placesOf(looked, sound), ...this.#crypto.placesOf(looked, other)]) {
      const copies = images.value.map((image) => image.subarray(place * entryLength, (place + 1) * entryLength));
      const whole = copies.find((copy) => this.#isEntry(copy, place));
      if (whole !== undefined) {
        const isFading = copies.some((copy) => this.#crypto.isFilled(copy, 0));
        found.push({ place, number: readU32(whole, 0), whole: whole.slice(), isFading });
        continue;
      }
      const blanked = this.#blank(place);
      if (!blanked.ok) return blanked;
    }
    found.sort((x, y) => y.number - x.number);
    // with nothing newer it may be what counts: to settle once more what was settled does no harm
    for (let i = found.length - 1; i > 0; i--) {
      if (!found[i]!.isFading) continue;
      const blanked = this.#blank(found[i]!.place);
      if (!blanked.ok) return blanked;
      found.splice(i, 1);
    }
    this.#at = found[0]?.place;
    this.#newest = found[0]?.whole;
    this.#older = found.slice(1).map(({ place }) => place);
    this.#number = found[0]?.number ?? 0;
    this.#next = this.#at !== undefined && this.#at < this.#perBlock ? this.#perBlock : 0;
    return ok(found.map(({ whole }) => payloadOf(whole).slice()));
  }

  /** The number of the newest entry that is whole on one medium; 0: none is. Nothing is written. */
  newestOn(medium: Medium): Result<number, MediumFault> {
    const image = this.#media.read(medium, this.#places * entryLength, this.#region.address);
    if (!image.ok) return image;
    let newest = 0;
    for (let place = 0; place < this.#places; place++) {
      const entry = image.value.subarray(place * entryLength, (place + 1) * entryLength);
      const number = readU32(entry, 0);
      if (number > newest && this.#isEntry(entry, place)) newest = number;
    }
    return ok(newest);
  }

  /**
   * Writes a new entry on both media, then blanks the one before it. A place that does not keep it is blanked and
   * passed over.
   */
  write(payload: Uint8Array): Result<void, MediumFault> {
    assert(payload.length <= payloadLength, "entry payload fits");
    const before = this.#at;
    const padded = new Uint8Array(numberLength + payloadLength);
    writeU32(padded, 0, this.#number + 1);
    padded.set(payload, numberLength);
    this.#number++;
    const room = this.#makeRoom();
    if (!room.ok) return room;
    for (let attempt = 1; ; attempt++) {
      const place = this.#next++;
      const whole = concat(padded, this.#check(padded, place));
      const written = this.#media.program(whole, this.#address(place));
      if (written.ok) {
        this.#at = place;
        this.#newest?.fill(0);
        this.#newest = whole;
        return before === undefined ? ok() : this.#blank(before);
      }
      // the other block still holds the entry before: it is not entered for this
      if (written.error.what !== "verify" || attempt === placeAttemptsMax || this.#next % this.#perBlock === 0)
        return written;
      const blanked = this.#blank(place);
      if (!blanked.ok) return blanked;
    }
  }

  /** Blanks the newest entry: nothing is under way any more. */
  clear(): Result<void, MediumFault> {
    if (this.#at === undefined) return ok();
    const blanked = this.#blank(this.#at);
    if (blanked.ok) this.#at = undefined;
    // what is blank on flash is not kept in RAM either
    this.#newest?.fill(0);
    this.#newest = undefined;
    return blanked;
  }

  /**
   * Makes what opening found durable: the newest entry is programmed again on every medium, or written to a new place
   * where one cannot become it any more; then all others are blanked.
   */
  settle(): Result<void, MediumFault> {
    if (this.#at !== undefined) {
      const completed = this.#completeNewest(this.#at);
      if (!completed.ok) return completed;
    }
    for (const place of this.#older) {
      const blanked = this.#blank(place);
      if (!blanked.ok) return blanked;
    }
    this.#older = [];
    return ok();
  }

  /** A cut may have left the newest entry half written on B, or cells of it weak. */
  #completeNewest(place: number): Result<void, MediumFault> {
    const address = this.#address(place);
    const whole = this.#newest;
    const images = this.#media.readAll(entryLength, address);
    if (!images.ok || whole === undefined) return images.ok ? ok() : images;
    for (const [i, medium] of this.#media.active.entries()) {
      const written = isProgrammable(images.value[i]!, whole)
        ? this.#media.programOne(medium, whole, address)
        : undefined;
      if (written?.ok) continue;
      if (written !== undefined && written.error.what !== "verify") return written;
      return this.write(payloadOf(whole));
    }
    return ok();
  }

  #makeRoom(): Result<void, MediumFault> {
    if (this.#next % this.#perBlock !== 0 && this.#next < this.#places) return ok();
    const place = this.#next % this.#places;
    const address = this.#address(place);
    const { blockLength } = this.#media.geometry;
    // entering a block: everything in it is blank or free, except perhaps the newest entry at the end of the other
    // block
    this.#next = place;
    return this.#media.erase(blockLength, address);
  }

  #blank(place: number): Result<void, MediumFault> {
    return this.#media.zero(entryLength, this.#address(place));
  }

  #address(place: number): number {
    return this.#region.address + place * entryLength;
  }

  #check(padded: Uint8Array, place: number): Uint8Array {
    const where = new Uint8Array(4);
    writeU32(where, 0, place);
    return this.#crypto.check(concat(padded, where), this.#key);
  }

  #isEntry(bytes: Uint8Array, place: number): boolean {
    const padded = bytes.subarray(0, numberLength + payloadLength);
    return this.#crypto.equal(bytes.subarray(padded.length), this.#check(padded, place));
  }
}

function payloadOf(whole: Uint8Array): Uint8Array {
  return whole.subarray(numberLength, numberLength + payloadLength);
}
