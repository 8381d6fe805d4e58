// What has become of this device: a log in the main flash, from the secret that it drew on. Elections come and go, it
// stays. It hinders nothing: a log that was changed is said, journaled and gone on with, since an election day does not
// depend on it.
//
// A ring of blocks of cells. An entry goes to the next cells that keep it, twice, since there is no other medium to
// mend it from; then the head says how many there are. A full block is followed by the oldest one, which is erased:
// before that the head says from which entry on all must be there. So whatever is missing between the two was taken.
//
// FAULTS
// - The power goes while an entry is written: it counts when one copy is whole, and the start that finds it writes the
//   other copy and the head. A torn cell is cleared and passed over.
// - The power goes while a block is erased: nothing in it is asked for any more, and it is erased again when entered.
// - Cells read erased that are not: the first free cell is cleared and passed over before the first entry of a start.

import { concat } from "../bytes.js";
import type { Crypto, SignKeyPair } from "../crypto/crypto.js";
import type { Clock, Flash } from "../platform.js";
import { wallSeconds } from "../wall-clock.js";
import { deriveKey } from "./keys.js";
import { deviceBlock } from "./layout.js";
import {
  type LogEntry,
  type LogHead,
  type LogKind,
  type ReadEntry,
  checkedLength,
  decodeEntry,
  decodeHead,
  encodeEntry,
  encodeHead,
  firstChain,
  logAddress,
  logBlocks,
  logCell,
  logCellsPerBlock,
  logHeadAddress,
  logKinds,
  signedOf,
} from "./log-cell.js";
import { TwinLog } from "./twin-log.js";

/** How often a cell that does not check is read. */
const readsMax = 4;
const copies = 2;
/** Cells that are tried for a copy. */
const cellAttemptsMax = logCellsPerBlock;
/** Stretches of entries that one start notes as changed. */
const notedMax = 4;
/** In place of the first entry that was changed: it is the head. */
export const headHarmed = 0xffff_ffff;
const nothing: Uint8Array = new Uint8Array(32);

/** For people who look. */
export type LogState = "whole" | "changed" | "not-kept";

export interface DeviceLogOptions {
  readonly flash: Flash;
  readonly crypto: Crypto;
  readonly clock: Clock;
  /** See device/secret.ts. */
  readonly secret: Uint8Array;
  readonly sign: SignKeyPair;
  /** A certificate is stored, so the log was begun. */
  readonly isKnown: boolean;
}

interface Found {
  readonly entry: ReadEntry;
  readonly cell: Uint8Array;
  readonly places: number[];
}

export class DeviceLog {
  readonly #options: DeviceLogOptions;
  readonly #key: Uint8Array;
  readonly #head: TwinLog;
  #first = 0;
  #count = 0;
  #chain: Uint8Array;
  /** The newest of each kind, by its number. */
  readonly #newest = new Map<number, LogEntry>();
  /** The last number with a copy in each block. */
  readonly #lastIn: (number | undefined)[] = new Array<undefined>(logBlocks).fill(undefined);
  #block = logBlocks - 1;
  /** In this block; logCellsPerBlock: the next one is entered. */
  #next = logCellsPerBlock;
  /** The first free cell may only read so. */
  #isTailOpen = false;
  #isKept = true;

  private constructor(options: DeviceLogOptions) {
    const { crypto, secret, sign, flash } = options;
    this.#options = options;
    this.#key = deriveKey(crypto, secret, new Uint8Array(0), "device log", 16);
    const headKey = deriveKey(crypto, secret, new Uint8Array(0), "device log head", 16);
    this.#head = TwinLog.open({ flash, crypto, key: headKey, address: logHeadAddress });
    this.#chain = firstChain(crypto, sign.publicKey);
  }

  /** Reads and checks all of it; settles what a cut has left, and notes it when somebody has changed it. */
  static open(options: DeviceLogOptions): DeviceLog {
    const log = new DeviceLog(options);
    for (const harmed of log.#load()) log.append("harmed", undefined, harmed);
    return log;
  }

  /** Entries of the device's whole life. */
  get count(): number {
    return this.#count;
  }

  /** The entry that was last found changed, for as long as the log says so; headHarmed: its length was. */
  get harmed(): number | undefined {
    return this.newest("harmed")?.detail;
  }

  /** The same as the election's journal notes it: 0 is its length, else the entry + 1. */
  get harmedDetail(): number | undefined {
    return this.harmed === undefined ? undefined : (this.harmed + 1) >>> 0;
  }

  /** The flash has kept all that was written since this start. */
  get isKept(): boolean {
    return this.#isKept;
  }

  get state(): LogState {
    return this.harmed !== undefined ? "changed" : this.#isKept ? "whole" : "not-kept";
  }

  newest(kind: LogKind): LogEntry | undefined {
    return this.#newest.get(logKinds[kind]);
  }

  /** Unless the newest of this kind says the same. */
  note(kind: LogKind, what = nothing, detail = 0): void {
    const newest = this.newest(kind);
    if (newest === undefined || newest.detail !== detail || !this.#options.crypto.equal(newest.what, what))
      this.append(kind, what, detail);
  }

  /** Durable when it returns true. */
  append(kind: LogKind, what = nothing, detail = 0): boolean {
    const { crypto, clock, sign } = this.#options;
    const number = this.#count;
    const entry = { number, kind: logKinds[kind], time: wallSeconds(clock), detail, what, before: this.#chain };
    const signed = signedOf(entry);
    const cell = this.#sealed(encodeEntry(entry, crypto.sign(signed, sign.secretKey)));
    const isWritten = this.#put(cell, number);
    if (isWritten) {
      this.#put(cell, number);
      this.#count = number + 1;
      this.#chain = crypto.sha256(signed);
      this.#newest.set(entry.kind, entry);
    }
    if (!isWritten || !this.#writeHead()) this.#isKept = false;
    return this.#isKept;
  }

  #sealed(content: Uint8Array): Uint8Array {
    return concat(content, this.#options.crypto.check(content, this.#key));
  }

  /** One copy. */
  #put(cell: Uint8Array, number: number): boolean {
    const { flash, crypto } = this.#options;
    if (this.#isTailOpen && this.#next < logCellsPerBlock) {
      if (!flash.write(new Uint8Array(logCell), this.#addressOf(this.#next))) return false;
      this.#next++;
    }
    this.#isTailOpen = false;
    for (let attempt = 0; attempt < cellAttemptsMax; attempt++) {
      if (this.#next === logCellsPerBlock && !this.#enterBlock()) return false;
      const address = this.#addressOf(this.#next++);
      if (!flash.write(cell, address)) return false;
      const back = flash.read(logCell, address);
      if (back === undefined) return false;
      if (!crypto.equal(back, cell)) continue;
      this.#lastIn[this.#block] = number;
      return true;
    }
    return false;
  }

  #enterBlock(): boolean {
    const block = (this.#block + 1) % logBlocks;
    const dropped = this.#lastIn[block];
    if (dropped !== undefined) {
      // also where it says so already: a cut may have left it there once
      this.#first = Math.max(this.#first, dropped + 1);
      if (!this.#writeHead()) return false;
    }
    if (!this.#options.flash.eraseBlock(logAddress / deviceBlock + block)) return false;
    this.#lastIn[block] = undefined;
    this.#block = block;
    this.#next = 0;
    return true;
  }

  #writeHead(): boolean {
    return this.#head.write(encodeHead({ first: this.#first, count: this.#count, chain: this.#chain }));
  }

  #addressOf(place: number, block = this.#block): number {
    return logAddress + block * deviceBlock + place * logCell;
  }

  /** Entries that were changed and are not noted yet: the first of each stretch. */
  #load(): readonly number[] {
    const found = new Map<number, Found>();
    const used = new Array<number>(logBlocks).fill(0);
    const harmed = new Set<number>();
    for (let block = 0; block < logBlocks; block++) {
      const bytes = this.#options.flash.read(deviceBlock, this.#addressOf(0, block));
      if (bytes === undefined || this.#options.crypto.isFilled(bytes, 0xff)) continue;
      for (let i = 0; i < logCellsPerBlock; i++) {
        const cell = bytes.slice(i * logCell, (i + 1) * logCell);
        if (this.#options.crypto.isFilled(cell, 0xff)) continue;
        used[block] = i + 1;
        this.#take(found, cell, block, i, harmed);
      }
    }
    const head = this.#head.newest && decodeHead(this.#head.newest);
    const numbers = [...found.keys()].sort((a, b) => a - b);
    const last = numbers.at(-1);
    this.#isTailOpen = true;
    if (head === undefined && last === undefined) return this.#options.isKnown ? [0] : [];
    this.#judge(found, numbers, head, harmed);
    const noted = new Set<number>();
    for (const number of numbers) {
      if (number < this.#first) continue;
      const { entry } = found.get(number)!;
      this.#newest.set(entry.kind, entry);
      if (entry.kind === logKinds.harmed) noted.add(entry.detail);
    }
    const newest = last === undefined ? undefined : found.get(last);
    if (newest !== undefined) this.#settle(newest, used, harmed.size === 0);
    if (head === undefined || head.count !== this.#count) this.#isKept = this.#writeHead();
    return notYet(harmed, noted);
  }

  #take(found: Map<number, Found>, read: Uint8Array, block: number, place: number, harmed: Set<number>): void {
    const { flash, crypto } = this.#options;
    let cell = read;
    for (let attempt = 0; attempt < readsMax; attempt++) {
      const check = crypto.check(cell.subarray(0, checkedLength), this.#key);
      if (crypto.equal(check, cell.subarray(checkedLength))) break;
      const again = attempt + 1 < readsMax ? flash.read(logCell, this.#addressOf(place, block)) : undefined;
      // torn, passed over, or harmed: in which case its entry is missed
      if (again === undefined) return;
      cell = again;
    }
    const entry = decodeEntry(crypto, cell);
    const { number } = entry;
    const at = block * logCellsPerBlock + place;
    this.#lastIn[block] = Math.max(number, this.#lastIn[block] ?? 0);
    const other = found.get(number);
    if (other === undefined) found.set(number, { entry, cell, places: [at] });
    else if (crypto.equal(other.entry.chain, entry.chain)) other.places.push(at);
    else harmed.add(number);
  }

  /** All from `first` on must be there, each behind the one before, and as many as the head says. */
  #judge(
    found: ReadonlyMap<number, Found>,
    numbers: readonly number[],
    head: LogHead | undefined,
    harmed: Set<number>,
  ): void {
    const { crypto, sign, isKnown } = this.#options;
    const last = numbers.at(-1) ?? -1;
    this.#first = head?.first ?? numbers[0]!;
    // without a head only the very first entry may be there: its head was not written yet. Else it is behind by one at
    // most
    if (head === undefined ? isKnown || last > 0 : last > head.count) harmed.add(headHarmed);
    const count = Math.max(head?.count ?? 0, last + 1);
    let chain = this.#first === 0 ? firstChain(crypto, sign.publicKey) : undefined;
    for (let number = this.#first; number < count; number++) {
      const entry = found.get(number)?.entry;
      const isLinked = entry !== undefined && (chain === undefined || crypto.equal(entry.before, chain));
      if (!isLinked) harmed.add(number);
      chain = entry?.chain;
      if (head === undefined || number + 1 !== head.count) continue;
      // the head knows what the last one was, also where that is gone
      if (chain !== undefined && !crypto.equal(chain, head.chain)) harmed.add(number);
      chain ??= head.chain;
    }
    this.#count = count;
    this.#chain = chain ?? head?.chain ?? nothing;
  }

  /** What a cut has left of the last entry, and behind it. */
  #settle({ entry, cell, places }: Found, used: readonly number[], isWhole: boolean): void {
    const { flash, crypto } = this.#options;
    // what may have been under program when the power went
    for (const at of places) flash.write(cell, this.#addressOf(at % logCellsPerBlock, blockOf(at)));
    const blocks = places.map(blockOf);
    this.#block = blocks.find((block) => !blocks.includes((block + 1) % logBlocks))!;
    const after = Math.max(...places.filter((at) => blockOf(at) === this.#block)) % logCellsPerBlock;
    this.#next = used[this.#block]!;
    // torn behind it: nobody has relied on it, and it shall never read otherwise. Where something is missing it is left
    // for people
    for (let i = after + 1; isWhole && i < this.#next; i++) {
      const read = flash.read(logCell, this.#addressOf(i));
      if (read !== undefined && !crypto.isFilled(read, 0)) flash.write(new Uint8Array(logCell), this.#addressOf(i));
    }
    if (places.length < copies) this.#put(cell, entry.number);
  }
}

function blockOf(place: number): number {
  return Math.floor(place / logCellsPerBlock);
}

/** The first of each stretch of numbers in which none was noted. */
function notYet(harmed: ReadonlySet<number>, noted: ReadonlySet<number>): readonly number[] {
  const firsts: number[] = [];
  let isNoted = false;
  let first: number | undefined;
  let before: number | undefined;
  const end = (): void => {
    if (first !== undefined && !isNoted && firsts.length < notedMax) firsts.push(first);
  };
  for (const number of [...harmed].sort((a, b) => a - b)) {
    if (before === undefined || number !== before + 1) {
      end();
      [first, isNoted] = [number, false];
    }
    isNoted ||= noted.has(number);
    before = number;
  }
  end();
  return firsts;
}
