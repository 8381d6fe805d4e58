// What a start does with what it finds: every slot and mark is read from every medium, what one of them lacks is put
// there, and the cast that was under way when the power went is finished or voided. Only then may anything else happen.
// FORMAT.md has the tables.

import { concat } from "../bytes.js";
import type { Crypto } from "../crypto/crypto.js";
import { verdicts } from "../crypto/primitives.js";
import { type Result, err, ok } from "../result.js";
import type { Media, Medium, MediumFault } from "../storage/media.js";
import type { BallotSet } from "./ballot-set.js";
import type { Counts } from "./counts.js";
import { type VaultFault, mediumFault } from "./fault.js";
import { commitLength, type Layout, spentLength } from "./layout.js";
import { Mending } from "./mending.js";
import { type SlotState, type Slots, slotStates } from "./slots.js";
import type { SpentMarks } from "./spent-marks.js";
import type { Transaction, TransactionLog } from "./transaction.js";

/** How often a start mends before it goes on: what one medium still lacks then, the next start puts there. */
const mendingsMax = 4;
const scanLength = 65_536;

/** What recovery found and has already settled on flash; the printer's part is the caller's. */
export type Pending = "none" | "committed" | "voided";

export interface Recovered {
  readonly pending: Pending;
  /** The transaction that is still open, when its ballot is committed. */
  readonly open: Transaction | undefined;
  /** Media on which a committed record did not check or a block was written anew; the other one had it. */
  readonly damaged: ReadonlySet<Medium>;
}

export interface RecoveryOptions {
  readonly crypto: Crypto;
  readonly media: Media;
  readonly layout: Layout;
  readonly slots: Slots;
  readonly set: BallotSet;
  readonly spent: SpentMarks;
  readonly transaction: TransactionLog;
  readonly counts: Counts;
}

export class Recovery {
  readonly #crypto: Crypto;
  readonly #media: Media;
  readonly #layout: Layout;
  readonly #slots: Slots;
  readonly #set: BallotSet;
  readonly #spent: SpentMarks;
  readonly #transaction: TransactionLog;
  readonly #counts: Counts;
  readonly #mending: Mending;
  readonly #damaged = new Set<Medium>();
  #open: Transaction | undefined;

  constructor(options: RecoveryOptions) {
    this.#crypto = options.crypto;
    this.#media = options.media;
    this.#layout = options.layout;
    this.#slots = options.slots;
    this.#set = options.set;
    this.#spent = options.spent;
    this.#transaction = options.transaction;
    this.#counts = options.counts;
    this.#mending = new Mending(options.media);
  }

  /** To be called once, before anything else is written. */
  run(): Result<Recovered, VaultFault> {
    const entries = this.#transaction.open();
    if (!entries.ok) return mediumFault(entries);
    // first of all, so that nothing else is touched while something is whole on one medium alone
    const mended = this.#scanAndMend(entries.value);
    if (!mended.ok) return mended;
    let pending: Pending = "none";
    for (const [i, entry] of entries.value.entries()) {
      // the newest entry comes first; an older one is a slot that failed before and holds nothing, or was finished long
      // ago
      if (i > 0 && this.#slots.states[entry.slot] === slotStates.committed) continue;
      const settled = this.#settle(entry);
      if (!settled.ok) return settled;
      if (pending === "none") pending = settled.value;
    }
    for (const settled of [this.#transaction.settle(), this.#spent.clearTorn(), this.#voidOrphans()]) {
      if (!settled.ok) return mediumFault(settled);
    }
    const checked = this.#counts.check(this.#open?.slot);
    if (!checked.ok) return checked;
    if (this.#spent.count !== this.#counts.ballots) return err({ kind: "tampered", what: "spent" });
    return ok({ pending, open: this.#open, damaged: this.#damaged });
  }

  /** Reads everything, and again after blocks were written anew, until none is. */
  #scanAndMend(open: readonly Transaction[]): Result<void, VaultFault> {
    const underWay = new Set(open.map(({ slot }) => slot));
    const places = new Set(open.map(({ place }) => place));
    for (let attempt = 0; attempt < mendingsMax; attempt++) {
      const scanned = this.#scan(underWay);
      if (!scanned.ok) return scanned;
      const spent = this.#spent.load(this.#mending, places);
      if (!spent.ok) return mediumFault(spent);
      if (!this.#mending.isNeeded) break;
      const mended = this.#mending.run((medium, block) => this.#soundBlock(medium, block, underWay));
      if (!mended.ok) return mediumFault(mended);
      if (mended.value === 0) break;
    }
    return ok();
  }

  /**
   * Reads the state of every slot from every medium, once: what a read says decides, and is then made durable.
   * `underWay`: slots of open transactions, which may be in the middle of being voided.
   */
  #scan(underWay: ReadonlySet<number>): Result<void, VaultFault> {
    const { slots, slotLength } = this.#layout;
    const perRead = Math.floor(scanLength / slotLength);
    const buffers = this.#media.active.map(() => new Uint8Array(perRead * slotLength));
    this.#set.clear();
    for (let first = 0; first < slots; first += perRead) {
      const count = Math.min(perRead, slots - first);
      const found = this.#slots.states.subarray(first, first + count);
      const into = buffers.map((buffer) => buffer.subarray(0, count * slotLength));
      const images = this.#media.readAll(count * slotLength, this.#slots.address(first), into);
      if (!images.ok) return mediumFault(images);
      const a = images.value[0]!;
      this.#slots.review(found, { a, b: images.value[images.value.length - 1]! }, first);
      this.#set.fold(found, a);
      for (const i of this.#crypto.placesOf(found, verdicts.other)) {
        const slot = first + i;
        const copies = images.value.map((image) => image.subarray(i * slotLength, (i + 1) * slotLength));
        const state = this.#stateOf(slot, copies, underWay.has(slot));
        if (state === undefined) return err({ kind: "tampered", what: "slot-check", slot });
        this.#slots.states[slot] = state;
      }
    }
    return ok();
  }

  /**
   * Free and voided only where all media say so; committed when a copy is decided and its own check holds; everything
   * else has to be voided. Undefined: every copy is decided over a record that does not check, and no transaction
   * explains it.
   */
  #stateOf(slot: number, copies: readonly Uint8Array[], underWay: boolean): SlotState | undefined {
    const states = copies.map((copy) => this.#slots.copyState(copy));
    const [first] = states;
    if (states.every((state) => state === first) && (first === "free" || first === "voided")) return slotStates[first];
    if (!states.includes("decided")) return this.#stateWithoutDecision(slot, states, underWay);
    const records = copies.map((copy) => this.#slots.recordOf(slot, copy));
    // the word counts only beside a record that checks: the zeros of an erase that was cut decide nothing
    const checked = records.find((each, i) => each !== undefined && states[i] === "decided");
    const record = checked ?? this.#slots.readDecided(slot);
    if (record === undefined) {
      if (states.every((state) => state === "decided")) return underWay ? slotStates.prepared : undefined;
      return this.#stateWithoutDecision(slot, states, underWay);
    }
    records.forEach((each, i) => {
      if (each !== undefined && this.#crypto.isFilled(copies[i]!.subarray(-commitLength), 0)) return;
      const medium = this.#media.active[i]!;
      if (each === undefined) this.#damaged.add(medium);
      this.#mending.want(medium, this.#slots.address(slot), this.#slots.committedImage(slot, record));
    });
    this.#set.add(slot, record);
    return slotStates.committed;
  }

  /**
   * Every copy is written in a transaction, so what lies on one medium where the other is erased, and no transaction
   * knows of it, was not written here: that medium was harmed, and the slot is free.
   */
  #stateWithoutDecision(slot: number, states: readonly ReturnType<Slots["copyState"]>[], underWay: boolean): SlotState {
    if (underWay || !states.includes("free")) return slotStates.prepared;
    const erased = new Uint8Array(this.#layout.slotLength).fill(0xff);
    states.forEach((state, i) => {
      if (state !== "free") this.#mending.want(this.#media.active[i]!, this.#slots.address(slot), erased);
    });
    return slotStates.free;
  }

  /** What a block that is to be erased holds afterwards, from whatever medium has it whole. */
  #soundBlock(medium: Medium, block: number, underWay: ReadonlySet<number>): Result<Uint8Array, MediumFault> {
    const { blockLength } = this.#media.geometry;
    this.#damaged.add(medium);
    const images = this.#media.readAll(blockLength, block * blockLength);
    if (!images.ok) return images;
    const own = images.value[this.#media.active.indexOf(medium)]!;
    if (block * blockLength >= this.#layout.store.address) return this.#soundSlots(medium, own, block, underWay);
    return ok(this.#soundSpent(own, images.value));
  }

  #soundSlots(
    medium: Medium,
    own: Uint8Array,
    block: number,
    underWay: ReadonlySet<number>,
  ): Result<Uint8Array, MediumFault> {
    const { blockLength } = this.#media.geometry;
    const { slotLength, store, slots } = this.#layout;
    const image = own.slice();
    const start = block * blockLength;
    const first = Math.floor((start - store.address) / slotLength);
    for (let slot = first; slot < slots && this.#slots.address(slot) < start + blockLength; slot++) {
      const whole = this.#soundSlot(medium, slot, underWay.has(slot));
      if (!whole.ok) return whole;
      if (whole.value === undefined) continue;
      // a slot may begin in the block before and end in the next one
      const address = this.#slots.address(slot);
      const from = Math.max(start, address);
      const to = Math.min(start + blockLength, address + slotLength);
      image.set(whole.value.subarray(from - address, to - address), from - start);
    }
    return ok(image);
  }

  /** Undefined: as it reads. */
  #soundSlot(medium: Medium, slot: number, isUnderWay: boolean): Result<Uint8Array | undefined, MediumFault> {
    const { slotLength } = this.#layout;
    const address = this.#slots.address(slot);
    if (this.#slots.states[slot] === slotStates.committed) {
      const record = this.#slots.readRecord(slot);
      return ok(record === undefined ? undefined : this.#slots.committedImage(slot, record));
    }
    if (this.#slots.states[slot] === slotStates.free) return ok(new Uint8Array(slotLength).fill(0xff));
    if (this.#slots.states[slot] !== slotStates.prepared) return ok(undefined);
    const copies = this.#media.readAll(slotLength, address);
    if (!copies.ok) return copies;
    // erased on the other medium, and no cast has it: an erase that was cut has been here before
    if (!isUnderWay && copies.value.some((copy) => this.#crypto.isFilled(copy, 0xff))) {
      return ok(new Uint8Array(slotLength).fill(0xff));
    }
    // its record goes first: an erase that is cut can clear the commit word beside a record that still checks
    const recordLength = slotLength - commitLength;
    const cleared = this.#media.zeroOne(medium, recordLength, address);
    if (!cleared.ok) return cleared;
    return ok(concat(new Uint8Array(recordLength), new Uint8Array(commitLength).fill(0xff)));
  }

  #soundSpent(own: Uint8Array, copies: readonly Uint8Array[]): Uint8Array {
    const image = own.slice();
    for (let at = 0; at < image.length; at += spentLength) {
      const places = copies.map((copy) => copy.subarray(at, at + spentLength));
      const isErased = (place: Uint8Array): boolean => this.#crypto.isFilled(place, 0xff);
      const whole = places.find((place) => this.#spent.isMark(place)) ?? places.find(isErased);
      if (whole !== undefined) image.set(whole, at);
    }
    return image;
  }

  /** A cast that was under way is finished when its ballot is committed, else voided. */
  #settle(entry: Transaction): Result<Pending, VaultFault> {
    const { slot, place } = entry;
    if (slot >= this.#layout.slots || place >= this.#layout.spentEntries) {
      return err({ kind: "tampered", what: "transaction", slot });
    }
    if (this.#slots.states[slot] !== slotStates.committed) {
      const voided = this.#slots.void(slot);
      return voided.ok ? ok("voided") : mediumFault(voided);
    }
    this.#open = entry;
    this.#transaction.hold(place);
    // what was under program when the power went is programmed again, whatever it reads
    const committed = this.#slots.commit(slot);
    if (!committed.ok) return mediumFault(committed);
    const spent = this.#transaction.spend(entry);
    return spent.ok ? ok("committed") : spent;
  }

  /** A slot under program when the power went, whose entry never became whole: nobody was told anything of it. */
  #voidOrphans(): Result<void, MediumFault> {
    for (const slot of this.#slots.prepared()) {
      const voided = this.#slots.void(slot);
      if (!voided.ok) return voided;
    }
    return ok();
  }
}
