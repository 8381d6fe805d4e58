// How many ballots there are, said twice: by a unary counter of ticks, and by the head, an entry of a log that has the
// number and the seal of the set. What a start finds in the slots must agree with both.

import { readU32, writeU32 } from "../bytes.js";
import type { Crypto } from "../crypto/crypto.js";
import { type Result, err, ok } from "../result.js";
import type { Media, MediumFault } from "../storage/media.js";
import { type BallotSet, setLength } from "./ballot-set.js";
import { EntryLog } from "./entry-log.js";
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
    const ticks = this.#readTicks();
    if (!ticks.ok) return mediumFault(ticks);
    const settled = mediumFault(this.#head.settle());
    if (!settled.ok) return settled;
    const head = heads.value[0];
    const stored = head === undefined ? { epoch: 0, ballots: 0, set: this.#set.sealOfNone() } : readHead(head);
    this.#epoch = stored.epoch;
    if (stored.ballots === this.#ballots) {
      const seal = this.#set.seal(stored.ballots);
      if (!this.#crypto.equal(stored.set, seal)) return err({ kind: "tampered", what: "set" });
      if (ticks.value !== this.#ballots) return err({ kind: "tampered", what: "counter" });
      this.#ticks = ticks.value;
      return ok();
    }
    // one ballot more than the head knows is right only while its transaction is open
    if (open === undefined || this.#ballots !== stored.ballots + 1) return err({ kind: "tampered", what: "count" });
    const record = this.#slots.readRecord(open);
    if (record === undefined) return err({ kind: "tampered", what: "slot-check", slot: open });
    const before = this.#set.sealWithout(stored.ballots, open, record);
    if (!this.#crypto.equal(stored.set, before)) return err({ kind: "tampered", what: "set" });
    if (ticks.value !== this.#ballots && ticks.value !== stored.ballots) {
      return err({ kind: "tampered", what: "counter" });
    }
    // a tick that was under program when the power went is not trusted as it reads
    this.#ticks = stored.ballots;
    return mediumFault(this.#write());
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

  #readTicks(): Result<number, MediumFault> {
    const { address } = this.#layout.counter;
    const images = this.#media.readAll(this.#layout.ticks * tickLength, address);
    if (!images.ok) return images;
    // up to where every medium has cleared whole ticks
    const clearedIn = (bytes: Uint8Array): number => {
      return Math.floor(this.#crypto.firstUnlike(bytes, 0, bytes.length, 0) / tickLength);
    };
    let count = Math.min(...images.value.map(clearedIn));
    const range = (): readonly [number, number] => [count * tickLength, (count + 1) * tickLength];
    const isTick = (bytes: Uint8Array): boolean => this.#crypto.zeroBits(bytes, ...range()) > tickLength * 4;
    for (; count < this.#layout.ticks && images.value.some(isTick); count++) {
      // what one medium lacks is completed, so that the other one may be lost
      for (const [i, bytes] of images.value.entries()) {
        if (this.#crypto.isFilled(bytes, 0, ...range())) continue;
        const completed = this.#media.zeroOne(this.#media.active[i]!, tickLength, address + count * tickLength);
        if (!completed.ok) return completed;
      }
    }
    return ok(count);
  }
}

function readHead(payload: Uint8Array): { readonly epoch: number; readonly ballots: number; readonly set: Uint8Array } {
  return { epoch: readU32(payload, 0), ballots: readU32(payload, 4), set: payload.slice(12, 12 + setLength) };
}
