// How many ballots there are, said twice: by a unary counter of ticks, and by the head, an entry of a log that has the
// number and the seal of the set. What a start finds in the slots must agree with both.

import { readU32, writeU32 } from "../bytes.js";
import type { Crypto } from "../crypto/crypto.js";
import { type Result, err, ok } from "../result.js";
import type { Media, Medium, MediumFault } from "../storage/media.js";
import { type BallotSet, setLength } from "./ballot-set.js";
import { EntryLog } from "../storage/entry-log.js";
import { type VaultFault, mediumFault } from "./fault.js";
import { type Layout, tickLength } from "./layout.js";
import type { Slots } from "./slots.js";

export interface CountsOptions {
  readonly crypto: Crypto;
  readonly media: Media;
  readonly layout: Layout;
  readonly slots: Slots;
  readonly set: BallotSet;
  /** See DeviceKeys.head. */
  readonly key: Uint8Array;
}

export class Counts {
  readonly #crypto: Crypto;
  readonly #media: Media;
  readonly #layout: Layout;
  readonly #slots: Slots;
  readonly #set: BallotSet;
  readonly #head: EntryLog;
  #ballots = 0;
  #ticks = 0;
  #epoch = 0;

  constructor(options: CountsOptions) {
    this.#crypto = options.crypto;
    this.#media = options.media;
    this.#layout = options.layout;
    this.#slots = options.slots;
    this.#set = options.set;
    const { media, crypto, key, layout } = options;
    this.#head = new EntryLog({ media, crypto, key, region: layout.head });
  }

  get ballots(): number {
    return this.#ballots;
  }

  /** The number of the newest head on one medium: it grows with every head. 0: none. */
  newestHead(medium: Medium): Result<number, MediumFault> {
    return this.#head.newestOn(medium);
  }

  /** One ballot more, that was just committed to this slot. */
  count(slot: number, record: Uint8Array): Result<void, MediumFault> {
    this.#ballots++;
    this.#set.add(slot, record);
    return this.#write();
  }

  /** At a start, when every slot is settled. `open`: the slot of a ballot that the start has committed. */
  check(open: number | undefined): Result<void, VaultFault> {
    const heads = this.#head.open();
    if (!heads.ok) return mediumFault(heads);
    this.#ballots = this.#slots.recount();
    const settled = mediumFault(this.#head.settle());
    if (!settled.ok) return settled;
    const head = heads.value[0];
    const stored = head === undefined ? { epoch: 0, ballots: 0, set: this.#set.sealOfNone() } : readHead(head);
    this.#epoch = stored.epoch;
    this.#ticks = stored.ballots;
    if (stored.ballots === this.#ballots) {
      const seal = this.#set.seal(stored.ballots);
      if (!this.#crypto.equal(stored.set, seal)) return err({ kind: "tampered", what: "set" });
      return this.#settleTicks(this.#ballots);
    }
    // one ballot more than the head knows is right only while its transaction is open
    if (open === undefined || this.#ballots !== stored.ballots + 1) return err({ kind: "tampered", what: "count" });
    const record = this.#slots.readRecord(open);
    if (record === undefined) return err({ kind: "tampered", what: "slot-check", slot: open });
    const before = this.#set.sealWithout(stored.ballots, open, record);
    if (!this.#crypto.equal(stored.set, before)) return err({ kind: "tampered", what: "set" });
    const ticks = this.#settleTicks(stored.ballots);
    // a tick that was under program when the power went is not trusted as it reads
    return ticks.ok ? mediumFault(this.#write()) : ticks;
  }

  /** Counter, then head: in recovery the counter may be ahead of the head by the open transaction, never behind it. */
  #write(): Result<void, MediumFault> {
    while (this.#ticks < this.#ballots) {
      const ticked = this.#media.zero(tickLength, this.#layout.counter.address + this.#ticks * tickLength);
      if (!ticked.ok) return ticked;
      this.#ticks++;
    }
    this.#epoch++;
    const head = new Uint8Array(12 + setLength);
    writeU32(head, 0, this.#epoch);
    writeU32(head, 4, this.#ballots);
    writeU32(head, 8, this.#slots.voids);
    head.set(this.#set.seal(this.#ballots), 12);
    return this.#head.write(head);
  }

  /**
   * `certain`: how many there must be, of `#ballots` that there may be. What a medium lacks of them is cleared there,
   * so that the other one may be lost. What one has beyond them is harm when the other does not have it: nothing of it
   * reaches the other.
   */
  #settleTicks(certain: number): Result<void, VaultFault> {
    const { address, length } = this.#layout.counter;
    const images = this.#media.readAll(length, address);
    if (!images.ok) return mediumFault(images);
    const counts = images.value.map((image) => this.#ticksIn(image));
    if (!counts.some((ticks) => ticks === certain || ticks === this.#ballots)) {
      return err({ kind: "tampered", what: "counter" });
    }
    const isErased = images.value.map((image) =>
      this.#crypto.isFilled(image, 0xff, this.#ballots * tickLength, length),
    );
    for (const [i, medium] of this.#media.active.entries()) {
      const isHarmed = counts[i]! > this.#ballots || (!isErased[i] && isErased.includes(true));
      const settled = isHarmed
        ? this.#rewriteTicks(medium, certain, images.value[i]!)
        : this.#completeTicks(medium, certain, images.value[i]!);
      if (!settled.ok) return mediumFault(settled);
    }
    return ok();
  }

  /** Ticks most of whose bits are cleared, up to the first that is not. */
  #ticksIn(image: Uint8Array): number {
    let count = Math.floor(this.#crypto.firstUnlike(image, 0, image.length, 0) / tickLength);
    while (count < this.#layout.ticks && this.#isTick(image, count)) count++;
    return Math.min(count, this.#layout.ticks);
  }

  #isTick(image: Uint8Array, tick: number): boolean {
    return this.#crypto.zeroBits(image, tick * tickLength, (tick + 1) * tickLength) > tickLength * 4;
  }

  #completeTicks(medium: Medium, ticks: number, image: Uint8Array): Result<void, MediumFault> {
    const end = ticks * tickLength;
    for (let at = 0; ; at += tickLength) {
      const unlike = this.#crypto.firstUnlike(image, at, end, 0);
      if (unlike >= end) break;
      at = unlike - (unlike % tickLength);
      const completed = this.#media.zeroOne(medium, tickLength, this.#layout.counter.address + at);
      if (!completed.ok) return completed;
    }
    return ok();
  }

  #rewriteTicks(medium: Medium, ticks: number, image: Uint8Array): Result<void, MediumFault> {
    const { blockLength } = this.#media.geometry;
    const { address, length } = this.#layout.counter;
    const whole = new Uint8Array(length).fill(0xff).fill(0, 0, ticks * tickLength);
    for (let at = 0; at < length; at += blockLength) {
      const block = whole.subarray(at, at + blockLength);
      if (this.#crypto.equal(image.subarray(at, at + blockLength), block)) continue;
      const written = this.#media.rewriteBlock(medium, (address + at) / blockLength, block);
      if (!written.ok) return written;
    }
    return ok();
  }
}

function readHead(payload: Uint8Array): { readonly epoch: number; readonly ballots: number; readonly set: Uint8Array } {
  return { epoch: readU32(payload, 0), ballots: readU32(payload, 4), set: payload.slice(12, 12 + setLength) };
}
