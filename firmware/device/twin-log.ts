// A few bytes of the main flash that are kept up to date: a log in two blocks, of which the newest good entry counts.
//
// Entries are appended and never changed, and each is there twice, since there is no other medium to mend it from, and
// since who has not the key tells by that what was written whole. The first one after a start goes to the other block,
// which is erased before: a program that was cut leaves cells that only read erased.

import { concat, readU32, writeU32 } from "../bytes.js";
import type { Crypto } from "../crypto/crypto.js";
import type { Flash } from "../platform.js";
import { deviceBlock } from "./layout.js";

/** Bytes of what is kept. */
export const twinPayload = 40;
/** Of the main flash: two blocks. */
export const twinLength = 2 * deviceBlock;
/** An entry: number (u32), payload, check (16), 4 erased. */
export const twinEntry = 64;
const contentLength = 4 + twinPayload;
const checkLength = 16;
const perBlock = deviceBlock / twinEntry;
const placeAttemptsMax = 4;
/** How often a place that is no good entry is read. */
const readsMax = 4;

interface Found {
  readonly number: number;
  readonly place: number;
  readonly payload: Uint8Array;
}

export interface TwinOptions {
  readonly flash: Flash;
  readonly crypto: Crypto;
  /** Of SipHash, 16 bytes. */
  readonly key: Uint8Array;
  /** Of the first block. */
  readonly address: number;
}

export class TwinLog {
  readonly #options: TwinOptions;
  #newest: Found | undefined;
  /** Of the next entry; undefined: the other block is entered first. */
  #next: number | undefined;

  private constructor(options: TwinOptions) {
    this.#options = options;
  }

  static open(options: TwinOptions): TwinLog {
    const log = new TwinLog(options);
    log.#load();
    return log;
  }

  /** twinPayload bytes. */
  get newest(): Uint8Array | undefined {
    return this.#newest?.payload;
  }

  /** False when the flash does not keep it. */
  write(payload: Uint8Array): boolean {
    const isKept = this.#put(payload);
    if (isKept) this.#put(payload);
    return isKept;
  }

  #put(payload: Uint8Array): boolean {
    const { flash, crypto } = this.#options;
    const number = (this.#newest?.number ?? 0) + 1;
    for (let attempt = 0; attempt < placeAttemptsMax; attempt++) {
      const place = this.#room();
      if (place === undefined) return false;
      this.#next = place + 1;
      const entry = this.#encode({ number, payload, place });
      if (!flash.write(entry, this.#addressOf(place))) return false;
      const back = flash.read(entry.length, this.#addressOf(place));
      if (back === undefined) return false;
      if (!crypto.equal(back, entry)) continue;
      this.#newest = { number, payload, place };
      return true;
    }
    return false;
  }

  /** The next place, in a block that was erased since the start. */
  #room(): number | undefined {
    if (this.#next !== undefined && this.#next % perBlock !== 0) return this.#next;
    const current = this.#newest === undefined ? 1 : Math.floor(this.#newest.place / perBlock);
    const other = 1 - current;
    const { flash, address } = this.#options;
    return flash.eraseBlock(address / deviceBlock + other) ? other * perBlock : undefined;
  }

  #load(): void {
    const found = [0, 1].flatMap((block) => this.#newestTwoIn(block)).sort((a, b) => b.number - a.number);
    const [newest, twin] = found;
    this.#newest = newest;
    if (newest === undefined) return;
    // what may have been under program when the power went
    this.#options.flash.write(this.#encode(newest), this.#addressOf(newest.place));
    if (twin === undefined || !this.#options.crypto.equal(newest.payload, twin.payload)) this.#put(newest.payload);
  }

  /** The newest first. */
  #newestTwoIn(block: number): readonly Found[] {
    const { flash, crypto } = this.#options;
    const bytes = flash.read(deviceBlock, this.#addressOf(block * perBlock));
    if (bytes === undefined || crypto.isFilled(bytes, 0xff)) return [];
    const newest: Found[] = [];
    for (let i = perBlock - 1; i >= 0 && newest.length < 2; i--) {
      const read = bytes.subarray(i * twinEntry, (i + 1) * twinEntry);
      if (crypto.isFilled(read, 0xff)) continue;
      const place = block * perBlock + i;
      let found = this.#decode(read, place);
      // a weak bit reads right nearly always
      for (let attempt = 1; attempt < readsMax && found === undefined; attempt++) {
        const again = flash.read(twinEntry, this.#addressOf(place));
        found = again === undefined ? undefined : this.#decode(again, place);
      }
      if (found !== undefined) newest.push(found);
    }
    return newest;
  }

  #encode({ number, payload, place }: Found): Uint8Array {
    const content = new Uint8Array(contentLength);
    writeU32(content, 0, number);
    content.set(payload, 4);
    return concat(content, this.#check(content, place));
  }

  #decode(bytes: Uint8Array, place: number): Found | undefined {
    const content = bytes.slice(0, contentLength);
    const check = bytes.subarray(contentLength, contentLength + checkLength);
    if (!this.#options.crypto.equal(check, this.#check(content, place))) return undefined;
    return { number: readU32(content, 0), payload: content.subarray(4), place };
  }

  #check(content: Uint8Array, place: number): Uint8Array {
    const where = new Uint8Array(4);
    writeU32(where, 0, place);
    return this.#options.crypto.check(concat(content, where), this.#options.key);
  }

  #addressOf(place: number): number {
    return this.#options.address + place * twinEntry;
  }
}
