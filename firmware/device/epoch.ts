// The terminal's own memory of how far the election on its media has come: a log in two blocks of the main flash. A
// medium can be taken out, copied and put back older; what stands here then is newer than the media, and they are
// refused. Written before the polls are opened and behind each signature of the journal.
//
// Entries are appended and never changed; the newest good one counts, and each is there twice, since there is no other
// medium to mend it from. The first one after a start goes to the other block, which is erased before: a program that
// was cut leaves cells that only read erased.

import { concat, readU32, writeU32 } from "../bytes.js";
import type { Crypto } from "../crypto/crypto.js";
import type { JournalEnd } from "../journal/journal.js";
import type { Flash } from "../platform.js";
import { deriveKey } from "./keys.js";

/** Of the main flash: two blocks. */
export const epochAddress = 0x6000;
const blockLength = 4096;
export const epochLength = 2 * blockLength;
/** An entry: number (u32), election (16), phase, 3 of 0, cells (u32), chain (16), check (16), 4 erased. */
const entryLength = 64;
const contentLength = 44;
const checkLength = 16;
const perBlock = blockLength / entryLength;
const placeAttemptsMax = 4;
/** How often a place that is no good entry is read. */
const readsMax = 4;

export const epochPhases = ["opening", "opened", "closed", "counted", "released"] as const;
export type EpochPhase = (typeof epochPhases)[number];

export interface Epoch {
  /** 16 bytes */
  readonly election: Uint8Array;
  readonly phase: EpochPhase;
  /** How far its journal had come. */
  readonly end: JournalEnd;
}

interface Found extends Epoch {
  readonly number: number;
  readonly place: number;
}

export class EpochLog {
  readonly #flash: Flash;
  readonly #crypto: Crypto;
  readonly #key: Uint8Array;
  #newest: Found | undefined;
  /** Of the next entry; undefined: the other block is entered first. */
  #next: number | undefined;

  private constructor(flash: Flash, crypto: Crypto, secret: Uint8Array) {
    this.#flash = flash;
    this.#crypto = crypto;
    // it goes from one election to the next
    this.#key = deriveKey(crypto, secret, new Uint8Array(0), "epoch", 16);
  }

  /** `secret`: see Identity. */
  static open(flash: Flash, crypto: Crypto, secret: Uint8Array): EpochLog {
    const log = new EpochLog(flash, crypto, secret);
    log.#load();
    return log;
  }

  get newest(): Epoch | undefined {
    return this.#newest;
  }

  /** What the journal of this election must contain. */
  markOf(election: Uint8Array): JournalEnd | undefined {
    const newest = this.#newest;
    return newest !== undefined && this.#crypto.equal(newest.election, election) ? newest.end : undefined;
  }

  /** False when the flash does not keep it. */
  write(epoch: Epoch): boolean {
    const isKept = this.#put(epoch);
    if (isKept) this.#put(epoch);
    return isKept;
  }

  #put(epoch: Epoch): boolean {
    const number = (this.#newest?.number ?? 0) + 1;
    for (let attempt = 0; attempt < placeAttemptsMax; attempt++) {
      const place = this.#room();
      if (place === undefined) return false;
      this.#next = place + 1;
      const entry = this.#encode({ ...epoch, number, place });
      if (!this.#flash.write(entry, addressOf(place))) return false;
      const back = this.#flash.read(entry.length, addressOf(place));
      if (back === undefined) return false;
      if (!this.#crypto.equal(back, entry)) continue;
      this.#newest = { ...epoch, number, place };
      return true;
    }
    return false;
  }

  /** The next place, in a block that was erased since the start. */
  #room(): number | undefined {
    if (this.#next !== undefined && this.#next % perBlock !== 0) return this.#next;
    const current = this.#newest === undefined ? 1 : Math.floor(this.#newest.place / perBlock);
    const other = 1 - current;
    return this.#flash.eraseBlock(epochAddress / blockLength + other) ? other * perBlock : undefined;
  }

  #load(): void {
    for (const block of [0, 1]) {
      const found = this.#newestIn(block);
      if (found !== undefined && found.number > (this.#newest?.number ?? 0)) this.#newest = found;
    }
    // what may have been under program when the power went
    if (this.#newest !== undefined) this.#flash.write(this.#encode(this.#newest), addressOf(this.#newest.place));
  }

  #newestIn(block: number): Found | undefined {
    const bytes = this.#flash.read(blockLength, addressOf(block * perBlock));
    if (bytes === undefined || this.#crypto.isFilled(bytes, 0xff)) return undefined;
    for (let i = perBlock - 1; i >= 0; i--) {
      const read = bytes.subarray(i * entryLength, (i + 1) * entryLength);
      if (this.#crypto.isFilled(read, 0xff)) continue;
      const place = block * perBlock + i;
      let found = this.#decode(read, place);
      // a weak bit reads right nearly always
      for (let attempt = 1; attempt < readsMax && found === undefined; attempt++) {
        const again = this.#flash.read(entryLength, addressOf(place));
        found = again === undefined ? undefined : this.#decode(again, place);
      }
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #encode({ number, election, phase, end, place }: Found): Uint8Array {
    const content = new Uint8Array(contentLength);
    writeU32(content, 0, number);
    content.set(election, 4);
    content[20] = epochPhases.indexOf(phase) + 1;
    writeU32(content, 24, end.cells);
    content.set(end.chain, 28);
    return concat(content, this.#check(content, place));
  }

  #decode(bytes: Uint8Array, place: number): Found | undefined {
    const content = bytes.slice(0, contentLength);
    const check = bytes.subarray(contentLength, contentLength + checkLength);
    if (!this.#crypto.equal(check, this.#check(content, place))) return undefined;
    const phase = epochPhases[content[20]! - 1];
    if (phase === undefined) return undefined;
    const end = { cells: readU32(content, 24), chain: content.subarray(28, 44) };
    return { number: readU32(content, 0), election: content.subarray(4, 20), phase, end, place };
  }

  #check(content: Uint8Array, place: number): Uint8Array {
    const where = new Uint8Array(4);
    writeU32(where, 0, place);
    return this.#crypto.check(concat(content, where), this.#key);
  }
}

function addressOf(place: number): number {
  return epochAddress + place * entryLength;
}
