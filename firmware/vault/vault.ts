// The sealed ballots of one terminal and one election on two raw NOR media. See FORMAT.md for every bit, ARCHITECTURE.md for the
// cast that drives it. Order is not there to be found: the slot and the place of a spent mark are drawn uniformly from the free
// ones, and nothing stored says when.

import { concat, equalBytes, readU16, readU32, writeU16, writeU32 } from "../bytes.js";
import { type Crypto, type RecordForm, sealOverhead } from "../crypto/crypto.js";
import { verdicts } from "../crypto/primitives.js";
import type { Election, TerminalId } from "../election/types.js";
import type { Flash } from "../platform.js";
import { type Result, assert, err, ok } from "../result.js";
import type { DeviceKeys } from "../device/keys.js";
import { EntryLog } from "./entry-log.js";
import { checkLength, commitLength, layOut, type Layout, spentLength, tickLength } from "./layout.js";
import { Media, type Medium, type MediumFault } from "../storage/media.js";
import { Mending } from "./mending.js";
import { type Paired, type PairingFault, goOnAlone, pair } from "./pairing.js";
import { boxOf, signRecord } from "./record.js";
import { SpentMarks } from "./spent-marks.js";

export type VaultFault =
  | ({ readonly kind: "medium" } & MediumFault)
  /** No slot is free, or capacity is reached. */
  | { readonly kind: "full" }
  /** The box did not open to what was sealed, or the tally key is unusable. */
  | { readonly kind: "seal" }
  /** The election needs more flash than there is. */
  | { readonly kind: "too-small"; readonly needed: number; readonly available: number }
  | Exclude<PairingFault, { readonly kind: "medium" }>
  /** What is stored contradicts itself: somebody or something changed it. `what` names it for the journal. */
  | { readonly kind: "tampered"; readonly what: "slot-check" | "head" | "count" | "set" | "counter" | "spent" | "transaction"; readonly slot?: number };

/** A ballot that is on both media and not yet decided. */
export interface Prepared {
  readonly slot: number;
  readonly token: Uint8Array;
  /** What was sealed: the slip is drawn from it. */
  readonly plain: Uint8Array;
}

export interface VaultCounts {
  readonly ballots: number;
  readonly voids: number;
  readonly capacity: number;
}

export interface OpenedVault extends Paired {
  readonly vault: Vault;
  readonly pending: Pending;
  readonly media: Media;
  readonly layout: Layout;
}

/** What recovery found and has already settled on flash; the printer's part is the caller's. */
export type Pending = "none" | "committed" | "voided";

const tokenLength = 16;
const setLength = 16;
/** A mark is a name and its check. */
const nameLength = 8;
const markForm: RecordForm = { head: spentLength, checkAt: nameLength, checkLength: spentLength - nameLength, tail: 0, isNumbered: false };
/** So many bytes at the head of a slot, and its commit word, tell whether it is free or voided. */
const headLength = 32;
/** A slot that fails is zeroed and another is drawn, at most so often for a ballot. */
const slotAttemptsMax = 8;
/** How often a record that does not check is read again. */
const readsMax = 4;
/** How often a start mends before it goes on: what one medium still lacks then, the next start puts there. */
const mendingsMax = 4;
const scanLength = 65_536;
/** An official allows so great a part of the spare slots again. */
const voidsShare = 4;

/** As `review` says them; "other" has to be looked at, and is prepared until it is voided. */
const slotStates = { free: verdicts.free, committed: verdicts.sound, prepared: verdicts.other, voided: verdicts.blank } as const;
type SlotState = (typeof slotStates)[keyof typeof slotStates];

export class Vault {
  readonly #crypto: Crypto;
  readonly #keys: DeviceKeys;
  readonly #election: Election;
  readonly #terminal: TerminalId;
  readonly #media: Media;
  readonly #layout: Layout;
  readonly #transaction: EntryLog;
  readonly #head: EntryLog;
  /** One state a slot, in RAM. */
  readonly #slots: Uint8Array;
  readonly #spent: SpentMarks;
  #ballots = 0;
  #voids = 0;
  #voidsMax: number;
  #ticks = 0;
  #epoch = 0;
  #setHash = new Uint8Array(setLength);
  #open: Prepared | undefined;
  /** Drawn for the mark of the open transaction's token. */
  #place = 0;
  readonly #damaged = new Set<Medium>();
  readonly #mending: Mending;

  private constructor(options: VaultOptions, media: Media, layout: Layout) {
    this.#crypto = options.crypto;
    this.#keys = options.keys;
    this.#election = options.election;
    this.#terminal = options.terminal;
    this.#media = media;
    this.#layout = layout;
    const log = { media, crypto: options.crypto };
    this.#transaction = new EntryLog({ ...log, key: options.keys.transaction, region: layout.transaction });
    this.#head = new EntryLog({ ...log, key: options.keys.head, region: layout.head });
    this.#slots = new Uint8Array(layout.slots);
    this.#spent = new SpentMarks(options.crypto, layout.spentEntries);
    this.#mending = new Mending(media);
    this.#voidsMax = this.#spare;
  }

  /** Reads and checks everything stored, and settles on flash whatever was under way when the power went. */
  static open(options: VaultOptions): Result<OpenedVault, VaultFault> {
    const prepared = Vault.#prepare(options);
    if (!prepared.ok) return prepared;
    const { vault, media, layout } = prepared.value;
    const paired = pair(media, layout, vault.#superblock());
    if (!paired.ok) return paired;
    const pending = vault.#recover();
    return pending.ok ? ok({ vault, pending: pending.value, media, layout, ...paired.value }) : pending;
  }

  /** Two officials decide to go on with `medium` alone: for a start that `open` has refused. Counts from the next start on. */
  static goOnAlone(options: VaultOptions, medium: Medium): Result<void, VaultFault> {
    const prepared = Vault.#prepare(options);
    if (!prepared.ok) return prepared;
    const { vault, media, layout } = prepared.value;
    return goOnAlone(media, layout, vault.#superblock(), medium);
  }

  /** Nothing is read but what the chips say of their size. */
  static #prepare(options: VaultOptions): Result<{ readonly vault: Vault; readonly media: Media; readonly layout: Layout }, VaultFault> {
    const media = Media.open(options);
    if (!media.ok) return mediumFault(media);
    const { size, blockLength } = media.value.geometry;
    const layout = layOut({
      capacity: options.election.policy.capacity, boxLength: options.election.ballotLength + sealOverhead, size, blockLength,
      ...(options.journalLength === undefined ? {} : { journalLength: options.journalLength }),
    });
    if (!layout.ok) return err({ kind: "too-small", needed: layout.error.needed, available: layout.error.available });
    return ok({ vault: new Vault(options, media.value, layout.value), media: media.value, layout: layout.value });
  }

  get #spare(): number {
    return this.#layout.slots - this.#layout.ticks;
  }

  get counts(): VaultCounts {
    return { ballots: this.#ballots, voids: this.#voids, capacity: this.#layout.ticks };
  }

  /** Media on which a committed record did not check or a block was written anew; the other one had it. */
  get damaged(): ReadonlySet<Medium> {
    return this.#damaged;
  }

  /** Whether one more ballot can be taken: asked before a voter is activated. */
  hasRoom(): boolean {
    return this.#ballots < this.#layout.ticks && this.#slots.includes(slotStates.free) && !this.#spent.isFull;
  }

  /**
   * More slots were voided than there are to spare, so that each one more costs a ballot: somebody or something takes slips back. Asked before a voter is
   * activated; one who is may finish.
   */
  hasTooManyVoids(): boolean {
    return this.#voids >= this.#voidsMax;
  }

  /** An official has looked into the cause: some voids more, until the next start. */
  allowVoids(): void {
    this.#voidsMax = this.#voids + Math.max(1, Math.floor(this.#spare / voidsShare));
  }

  isSpent(token: Uint8Array): boolean {
    return this.#spent.placeOf(this.#markOf(token)) !== undefined;
  }

  /** Seals, signs and writes a ballot to a slot drawn at random; the commit word stays erased. `plain`: the padded ballot. */
  prepare(token: Uint8Array, plain: Uint8Array): Result<Prepared, VaultFault> {
    assert(this.#open === undefined, "one ballot at a time");
    assert(token.length === tokenLength && plain.length === this.#election.ballotLength, "prepare lengths");
    assert(!this.isSpent(token), "a spent token is refused at activation");
    if (!this.hasRoom()) return err({ kind: "full" });
    for (let attempt = 0; attempt < slotAttemptsMax && this.hasRoom(); attempt++) {
      const slot = this.#drawFree();
      const place = this.#draw(this.#spent.places, verdicts.free);
      // the entry is there before the slot is touched: whatever happens from now on, recovery knows where to look
      const entered = this.#transaction.write(transactionEntry(slot, token, place));
      if (!entered.ok) return mediumFault(entered);
      const box = this.#crypto.seal(plain, this.#election.tallyKey);
      if (box === undefined) return this.#giveUp(err({ kind: "seal" }));
      const record = signRecord(this.#crypto, { election: this.#election.id, terminal: this.#terminal, slot, box }, this.#keys.sign.secretKey);
      const image = this.#slotImage(slot, record);
      const erased = this.#isErased(slot);
      if (!erased.ok) return erased;
      const written = erased.value ? this.#media.program(image, this.#slotAddress(slot)) : undefined;
      if (written?.ok) {
        this.#slots[slot] = slotStates.prepared;
        this.#open = { slot, token, plain };
        this.#place = place;
        return ok(this.#open);
      }
      const voided = this.#voidSlot(slot);
      if (!voided.ok) return voided;
      if (written !== undefined && written.error.what !== "verify") return mediumFault(written);
    }
    return this.#giveUp(err({ kind: "full" }));
  }

  /** The one decision point. After it returns ok the ballot is cast, whatever happens. */
  commit(prepared: Prepared): Result<void, VaultFault> {
    assert(this.#open === prepared, "commit what was prepared");
    const committed = this.#commitSlot(prepared.slot);
    if (!committed.ok) return committed;
    return this.#count1(prepared.slot);
  }

  /** The card's right is used up here, from now on. */
  spend(prepared: Prepared): Result<void, VaultFault> {
    return this.#spend(prepared);
  }

  /** Takes an undecided ballot back: both slots are zeroed. The token stays good. */
  voidPrepared(prepared: Prepared): Result<void, VaultFault> {
    assert(this.#open === prepared, "void what was prepared");
    return this.#voidSlot(prepared.slot);
  }

  /** The slip is cut: token and slot need not be known together any longer. */
  blank(): Result<void, VaultFault> {
    this.#open = undefined;
    this.#place = 0;
    return mediumFault(this.#transaction.clear());
  }

  /** Committed records in slot order, which tells nothing. For the tally and, after the close, sync. */
  *records(): Generator<{ readonly slot: number; readonly record: Uint8Array }, void> {
    for (let slot = 0; slot < this.#layout.slots; slot++) {
      const record = this.record(slot);
      if (record !== undefined) yield { slot, record };
    }
  }

  /** The committed record of a slot; undefined when there is none, or when no medium gives it whole. */
  record(slot: number): Uint8Array | undefined {
    return this.#slots[slot] === slotStates.committed ? this.#readRecord(slot) : undefined;
  }

  /** Slots of committed records, for drawing batches; never leaves the terminal. */
  committedSlots(): readonly number[] {
    return this.#crypto.placesOf(this.#slots, slotStates.committed);
  }

  /** Where a slot lies on a medium; never leaves the terminal. */
  slotRange(slot: number): { readonly address: number; readonly length: number } {
    return { address: this.#slotAddress(slot), length: this.#layout.slotLength };
  }

  /** Verifies every committed record's signature; the first bad slot, or undefined. */
  verifyAll(): Result<number, VaultFault> {
    let good = 0;
    for (const { slot, record } of this.records()) {
      const expected = { election: this.#election.id, terminal: this.#terminal, slot, boxLength: this.#election.ballotLength + sealOverhead };
      if (boxOf(this.#crypto, record, expected, this.#keys.sign.publicKey) === undefined) return err({ kind: "tampered", what: "slot-check", slot });
      good++;
    }
    return good === this.#ballots ? ok(good) : err({ kind: "tampered", what: "count" });
  }

  // --- on flash ---

  #superblock(): Uint8Array {
    const body = new Uint8Array(4 + 16 + 4 + 4 + 4);
    writeU32(body, 0, 0x53_4e_44_31);
    body.set(this.#election.id, 4);
    writeU32(body, 20, this.#terminal);
    writeU32(body, 24, this.#layout.slots);
    writeU32(body, 28, this.#layout.slotLength);
    return concat(body, this.#crypto.check(body, this.#keys.head));
  }

  #recover(): Result<Pending, VaultFault> {
    const entries = this.#transaction.open();
    if (!entries.ok) return mediumFault(entries);
    // first of all, so that nothing else is touched while something is whole on one medium alone
    const mended = this.#scanAndMend(new Set(entries.value.map((entry) => readTransaction(entry).slot)));
    if (!mended.ok) return mended;
    let pending: Pending = "none";
    for (const entry of entries.value) {
      const settled = this.#settle(readTransaction(entry));
      if (!settled.ok) return settled;
      // the newest entry comes first; an older one is a slot that failed before and holds nothing
      if (pending === "none") pending = settled.value;
    }
    for (const settled of [mediumFault(this.#transaction.settle()), this.#clearTornMarks(), this.#voidOrphans()]) if (!settled.ok) return settled;
    const checked = this.#checkHead();
    if (!checked.ok) return checked;
    return this.#spent.count === this.#ballots ? ok(pending) : err({ kind: "tampered", what: "spent" });
  }

  /** Reads everything, and again after blocks were written anew, until none is. `underWay`: see #scan. */
  #scanAndMend(underWay: ReadonlySet<number>): Result<void, VaultFault> {
    for (let attempt = 0; attempt < mendingsMax; attempt++) {
      const scanned = this.#scan(underWay);
      if (!scanned.ok) return scanned;
      const spent = this.#loadSpent();
      if (!spent.ok) return spent;
      if (!this.#mending.isNeeded) break;
      const mended = this.#mending.run((medium, block) => this.#soundBlock(medium, block, underWay));
      if (!mended.ok) return mediumFault(mended);
      if (mended.value === 0) break;
    }
    return ok();
  }

  /**
   * Reads the state of every slot from every medium, once: what a read says decides, and is then made durable. `underWay`: slots of open
   * transactions, which may be in the middle of being voided.
   */
  #scan(underWay: ReadonlySet<number>): Result<void, VaultFault> {
    const { slots, slotLength } = this.#layout;
    const perRead = Math.floor(scanLength / slotLength);
    const form: RecordForm = { head: headLength, checkAt: slotLength - commitLength - checkLength, checkLength, tail: commitLength, isNumbered: true };
    const buffers = this.#media.active.map(() => new Uint8Array(perRead * slotLength));
    this.#setHash = new Uint8Array(setLength);
    for (let first = 0; first < slots; first += perRead) {
      const count = Math.min(perRead, slots - first);
      const found = this.#slots.subarray(first, first + count);
      const images = this.#media.readAll(count * slotLength, this.#slotAddress(first), buffers.map((buffer) => buffer.subarray(0, count * slotLength)));
      if (!images.ok) return mediumFault(images);
      const a = images.value[0]!;
      this.#crypto.review(found, { a, b: images.value[images.value.length - 1]! }, form, first, this.#keys.slot);
      this.#crypto.fold(this.#setHash, found, a, form, this.#keys.set);
      for (const i of this.#crypto.placesOf(found, verdicts.other)) {
        const slot = first + i;
        const state = this.#stateOf(slot, images.value.map((image) => image.subarray(i * slotLength, (i + 1) * slotLength)), underWay.has(slot));
        if (state === undefined) return err({ kind: "tampered", what: "slot-check", slot });
        this.#slots[slot] = state;
      }
    }
    return ok();
  }

  /**
   * Free and voided only where all media say so; committed when a copy is decided and its own check holds; everything else
   * has to be voided. Undefined: every copy is decided over a record that does not check, and no transaction explains
   * it.
   */
  #stateOf(slot: number, copies: readonly Uint8Array[], underWay: boolean): SlotState | undefined {
    const states = copies.map((copy) => this.#copyState(copy));
    if (states.every((state) => state === states[0]) && (states[0] === "free" || states[0] === "voided")) return slotStates[states[0]];
    if (!states.includes("decided")) return slotStates.prepared;
    const records = copies.map((copy) => this.#recordOf(slot, copy));
    // the word counts only beside a record that checks: the zeros of an erase that was cut decide nothing
    const record = records.find((each, i) => each !== undefined && states[i] === "decided") ?? this.#readDecided(slot);
    if (record === undefined) return underWay || states.some((state) => state !== "decided") ? slotStates.prepared : undefined;
    records.forEach((each, i) => {
      if (each !== undefined && this.#crypto.isFilled(copies[i]!.subarray(-commitLength), 0)) return;
      const medium = this.#media.active[i]!;
      if (each === undefined) this.#damaged.add(medium);
      this.#mending.want(medium, this.#slotAddress(slot), this.#committedImage(slot, record));
    });
    this.#setHash = xor(this.#setHash, this.#setElement(slot, record));
    return slotStates.committed;
  }

  /**
   * What one copy of a slot says of itself. A commit word decides when most of its bits are cleared: a cut or a disturbed cell near a record must not
   * make a ballot of it, and before the word is whole on A nobody has been told anything.
   */
  #copyState(image: Uint8Array): "free" | "voided" | "decided" | "undecided" {
    const commitAt = image.length - commitLength;
    const isCommit = (value: 0 | 0xff): boolean => this.#crypto.isFilled(image, value, commitAt, image.length);
    if (this.#crypto.isFilled(image, 0xff, 0, headLength)) return isCommit(0xff) ? "free" : "undecided";
    // voiding clears the record first: with it gone a commit word half cleared decides nothing
    if (this.#crypto.isFilled(image, 0, 0, headLength)) return isCommit(0) ? "voided" : "undecided";
    return this.#crypto.zeroBits(image, commitAt, image.length) > commitLength * 4 ? "decided" : "undecided";
  }

  #committedImage(slot: number, record: Uint8Array): Uint8Array {
    return concat(this.#slotImage(slot, record), new Uint8Array(commitLength));
  }

  /** What a block that is to be erased holds afterwards, from whatever medium has it whole. */
  #soundBlock(medium: Medium, block: number, underWay: ReadonlySet<number>): Result<Uint8Array, MediumFault> {
    const { blockLength } = this.#media.geometry;
    this.#damaged.add(medium);
    const images = this.#media.readAll(blockLength, block * blockLength);
    if (!images.ok) return images;
    const own = images.value[this.#media.active.indexOf(medium)]!;
    return block * blockLength >= this.#layout.store.address ? this.#soundSlots(medium, own, block, underWay) : ok(this.#soundSpent(own, images.value));
  }

  #soundSlots(medium: Medium, own: Uint8Array, block: number, underWay: ReadonlySet<number>): Result<Uint8Array, MediumFault> {
    const { blockLength } = this.#media.geometry;
    const { slotLength, store, slots } = this.#layout;
    const image = own.slice();
    const start = block * blockLength;
    const first = Math.floor((start - store.address) / slotLength);
    for (let slot = first; slot < slots && this.#slotAddress(slot) < start + blockLength; slot++) {
      const whole = this.#soundSlot(medium, slot, underWay.has(slot));
      if (!whole.ok) return whole;
      if (whole.value === undefined) continue;
      // a slot may begin in the block before and end in the next one
      const from = Math.max(start, this.#slotAddress(slot));
      const to = Math.min(start + blockLength, this.#slotAddress(slot) + slotLength);
      image.set(whole.value.subarray(from - this.#slotAddress(slot), to - this.#slotAddress(slot)), from - start);
    }
    return ok(image);
  }

  /** Undefined: as it reads. */
  #soundSlot(medium: Medium, slot: number, isUnderWay: boolean): Result<Uint8Array | undefined, MediumFault> {
    const { slotLength } = this.#layout;
    if (this.#slots[slot] === slotStates.committed) {
      const record = this.#readRecord(slot);
      return ok(record === undefined ? undefined : this.#committedImage(slot, record));
    }
    if (this.#slots[slot] !== slotStates.prepared) return ok(undefined);
    const copies = this.#media.readAll(slotLength, this.#slotAddress(slot));
    if (!copies.ok) return copies;
    // erased on the other medium, and no cast has it: an erase that was cut has been here before
    if (!isUnderWay && copies.value.some((copy) => this.#crypto.isFilled(copy, 0xff))) return ok(new Uint8Array(slotLength).fill(0xff));
    // its record goes first: an erase that is cut can clear the commit word beside a record that still checks
    const recordLength = slotLength - commitLength;
    const cleared = this.#media.zeroOne(medium, recordLength, this.#slotAddress(slot));
    if (!cleared.ok) return cleared;
    return ok(concat(new Uint8Array(recordLength), new Uint8Array(commitLength).fill(0xff)));
  }

  #soundSpent(own: Uint8Array, copies: readonly Uint8Array[]): Uint8Array {
    const image = own.slice();
    for (let at = 0; at < image.length; at += spentLength) {
      const places = copies.map((copy) => copy.subarray(at, at + spentLength));
      const whole = places.find((place) => this.#isMark(place)) ?? places.find((place) => this.#crypto.isFilled(place, 0xff));
      if (whole !== undefined) image.set(whole, at);
    }
    return image;
  }

  #settle({ slot, token, place }: Transaction): Result<Pending, VaultFault> {
    if (slot >= this.#layout.slots || place >= this.#layout.spentEntries) return err({ kind: "tampered", what: "transaction", slot });
    if (this.#slots[slot] !== slotStates.committed) {
      const voided = this.#voidSlot(slot);
      return voided.ok ? ok("voided") : voided;
    }
    this.#open = { slot, token, plain: new Uint8Array(0) };
    this.#place = place;
    // what was under program when the power went is programmed again, whatever it reads
    const committed = this.#commitSlot(slot);
    if (!committed.ok) return committed;
    const spent = this.#spend(this.#open);
    return spent.ok ? ok("committed") : spent;
  }

  /** A slot under program when the power went, whose entry never became whole: nobody was told anything of it. */
  #voidOrphans(): Result<void, VaultFault> {
    for (const slot of this.#crypto.placesOf(this.#slots, slotStates.prepared)) {
      const voided = this.#voidSlot(slot);
      if (!voided.ok) return voided;
    }
    return ok();
  }

  #checkHead(): Result<void, VaultFault> {
    const heads = this.#head.open();
    if (!heads.ok) return mediumFault(heads);
    this.#ballots = this.#crypto.count(this.#slots, slotStates.committed);
    this.#voids = this.#crypto.count(this.#slots, slotStates.voided);
    const ticks = this.#readTicks();
    if (!ticks.ok) return ticks;
    const settled = mediumFault(this.#head.settle());
    if (!settled.ok) return settled;
    const head = heads.value[0];
    const stored = head === undefined ? { epoch: 0, ballots: 0, set: this.#setSeal(0, new Uint8Array(setLength)) } : readHead(head);
    this.#epoch = stored.epoch;
    if (stored.ballots === this.#ballots) {
      if (!this.#crypto.equal(stored.set, this.#setSeal(stored.ballots, this.#setHash))) return err({ kind: "tampered", what: "set" });
      if (ticks.value !== this.#ballots) return err({ kind: "tampered", what: "counter" });
      this.#ticks = ticks.value;
      return ok();
    }
    // one ballot more than the head knows is right only while its transaction is open
    if (this.#open === undefined || this.#ballots !== stored.ballots + 1) return err({ kind: "tampered", what: "count" });
    const record = this.record(this.#open.slot);
    if (record === undefined) return err({ kind: "tampered", what: "slot-check", slot: this.#open.slot });
    const before = xor(this.#setHash, this.#setElement(this.#open.slot, record));
    if (!this.#crypto.equal(stored.set, this.#setSeal(stored.ballots, before))) return err({ kind: "tampered", what: "set" });
    if (ticks.value !== this.#ballots && ticks.value !== stored.ballots) return err({ kind: "tampered", what: "counter" });
    // a tick that was under program when the power went is not trusted as it reads
    this.#ticks = stored.ballots;
    return this.#writeCounts();
  }

  #slotAddress(slot: number): number {
    return this.#layout.store.address + slot * this.#layout.slotLength;
  }

  #slotImage(slot: number, record: Uint8Array): Uint8Array {
    const body = new Uint8Array(this.#layout.slotLength - commitLength - checkLength).fill(0xff);
    assert(record.length + 2 <= body.length, "record fits its slot");
    writeU16(body, 0, record.length);
    body.set(record, 2);
    return concat(body, this.#slotCheck(slot, body));
  }

  #slotCheck(slot: number, body: Uint8Array): Uint8Array {
    const place = new Uint8Array(4);
    writeU32(place, 0, slot);
    return this.#crypto.check(concat(body, place), this.#keys.slot);
  }

  /** The record in a slot's image, when the keyed check holds. */
  #recordOf(slot: number, image: Uint8Array): Uint8Array | undefined {
    const body = image.subarray(0, image.length - commitLength - checkLength);
    const check = image.subarray(body.length, body.length + checkLength);
    if (!this.#crypto.equal(check, this.#slotCheck(slot, body))) return undefined;
    return body.slice(2, 2 + readU16(body, 0));
  }

  /** The record of a copy that is decided and checks, should it read so once more: a weak bit reads right nearly always. */
  #readDecided(slot: number): Uint8Array | undefined {
    for (let attempt = 0; attempt < readsMax; attempt++) {
      const images = this.#media.readAll(this.#layout.slotLength, this.#slotAddress(slot));
      if (!images.ok) return undefined;
      for (const image of images.value) {
        const record = this.#copyState(image) === "decided" ? this.#recordOf(slot, image) : undefined;
        if (record !== undefined) return record;
      }
    }
    return undefined;
  }

  /** From whichever medium gives it whole; a weak bit reads right nearly always. */
  #readRecord(slot: number): Uint8Array | undefined {
    for (let attempt = 0; attempt < readsMax; attempt++) {
      const images = this.#media.readAll(this.#layout.slotLength, this.#slotAddress(slot));
      if (!images.ok) return undefined;
      for (const image of images.value) {
        const record = this.#recordOf(slot, image);
        if (record !== undefined) return record;
      }
    }
    return undefined;
  }

  #isErased(slot: number): Result<boolean, VaultFault> {
    const images = this.#media.readAll(this.#layout.slotLength, this.#slotAddress(slot));
    return images.ok ? ok(images.value.every((image) => this.#crypto.isFilled(image, 0xff))) : mediumFault(images);
  }

  #commitSlot(slot: number): Result<void, VaultFault> {
    const committed = this.#media.zero(commitLength, this.#slotAddress(slot) + this.#layout.slotLength - commitLength);
    if (!committed.ok) return mediumFault(committed);
    this.#slots[slot] = slotStates.committed;
    return ok();
  }

  #voidSlot(slot: number): Result<void, VaultFault> {
    // the record before the commit word: cut in between, the slot must not look committed
    const recordLength = this.#layout.slotLength - commitLength;
    const record = this.#media.zero(recordLength, this.#slotAddress(slot));
    if (!record.ok) return mediumFault(record);
    const word = this.#media.zero(commitLength, this.#slotAddress(slot) + recordLength);
    if (!word.ok) return mediumFault(word);
    if (this.#slots[slot] !== slotStates.voided) this.#voids++;
    this.#slots[slot] = slotStates.voided;
    return ok();
  }

  #count1(slot: number): Result<void, VaultFault> {
    const record = this.record(slot);
    if (record === undefined) return err({ kind: "tampered", what: "slot-check", slot });
    this.#ballots++;
    this.#setHash = xor(this.#setHash, this.#setElement(slot, record));
    return this.#writeCounts();
  }

  /** Counter, then head: in recovery the counter may be ahead of the head by the open transaction, never behind it. */
  #writeCounts(): Result<void, VaultFault> {
    while (this.#ticks < this.#ballots) {
      const ticked = this.#media.zero(tickLength, this.#layout.counter.address + this.#ticks * tickLength);
      if (!ticked.ok) return mediumFault(ticked);
      this.#ticks++;
    }
    this.#epoch++;
    const head = new Uint8Array(12 + setLength);
    writeU32(head, 0, this.#epoch);
    writeU32(head, 4, this.#ballots);
    writeU32(head, 8, this.#voids);
    head.set(this.#setSeal(this.#ballots, this.#setHash), 12);
    return mediumFault(this.#head.write(head));
  }

  #readTicks(): Result<number, VaultFault> {
    const images = this.#media.readAll(this.#layout.ticks * tickLength, this.#layout.counter.address);
    if (!images.ok) return mediumFault(images);
    // up to where every medium has cleared whole ticks
    const cleared = Math.min(...images.value.map((bytes) => Math.floor(this.#crypto.firstUnlike(bytes, 0, bytes.length, 0) / tickLength)));
    let count = cleared;
    const range = (): readonly [number, number] => [count * tickLength, (count + 1) * tickLength];
    const isTick = (bytes: Uint8Array): boolean => this.#crypto.zeroBits(bytes, ...range()) > tickLength * 4;
    for (; count < this.#layout.ticks && images.value.some(isTick); count++) {
      // what one medium lacks is completed, so that the other one may be lost
      for (const [i, bytes] of images.value.entries()) {
        if (this.#crypto.isFilled(bytes, 0, ...range())) continue;
        const completed = this.#media.zeroOne(this.#media.active[i]!, tickLength, this.#layout.counter.address + count * tickLength);
        if (!completed.ok) return mediumFault(completed);
      }
    }
    return ok(count);
  }

  /** A name that follows from the token and only this chip can make, and its check, that tells it from half of one. */
  #markOf(token: Uint8Array): Uint8Array {
    const name = this.#crypto.check(token, this.#keys.token).subarray(0, nameLength);
    return concat(name, this.#nameCheck(name));
  }

  #isMark(bytes: Uint8Array): boolean {
    return this.#crypto.equal(bytes.subarray(nameLength), this.#nameCheck(bytes.subarray(0, nameLength)));
  }

  #nameCheck(name: Uint8Array): Uint8Array {
    return this.#crypto.check(name, this.#keys.token).subarray(0, spentLength - nameLength);
  }

  #spend({ slot, token }: Prepared): Result<void, VaultFault> {
    const mark = this.#markOf(token);
    // after a cut the mark may be there in part, or read as if it were whole: it is programmed again at its place
    this.#place = this.#spent.placeOf(mark) ?? this.#place;
    for (let attempt = 0; attempt < slotAttemptsMax; attempt++) {
      this.#spent.places[this.#place] = verdicts.other;
      const written = this.#media.program(mark, this.#spentAddress(this.#place));
      if (written.ok) {
        this.#spent.put(this.#place, mark);
        return ok();
      }
      if (written.error.what !== "verify") return mediumFault(written);
      // one copy may be whole: without it the next start would try to make the worn one so
      const cleared = this.#media.zero(spentLength, this.#spentAddress(this.#place));
      if (!cleared.ok) return mediumFault(cleared);
      this.#spent.remove(this.#place);
      if (this.#spent.isFull) break;
      this.#place = this.#draw(this.#spent.places, verdicts.free);
      const entered = this.#transaction.write(transactionEntry(slot, token, this.#place));
      if (!entered.ok) return mediumFault(entered);
    }
    return err({ kind: "full" });
  }

  #spentAddress(place: number): number {
    return this.#layout.spent.address + place * spentLength;
  }

  #loadSpent(): Result<void, VaultFault> {
    const places = this.#layout.spentEntries;
    const images = this.#media.readAll(places * spentLength, this.#layout.spent.address);
    if (!images.ok) return mediumFault(images);
    const a = images.value[0]!;
    this.#crypto.review(this.#spent.places, { a, b: images.value[images.value.length - 1]! }, markForm, 0, this.#keys.token);
    this.#spent.load(a);
    for (const place of this.#spent.torn()) {
      const at = place * spentLength;
      const marks = images.value.map((bytes) => bytes.subarray(at, at + spentLength));
      const mark = marks.find((each) => this.#isMark(each)) ?? this.#readMark(place);
      if (mark === undefined) continue;
      marks.forEach((each, i) => {
        if (!equalBytes(each, mark)) this.#mending.want(this.#media.active[i]!, this.#spentAddress(place), mark);
      });
      this.#spent.put(place, mark);
    }
    return ok();
  }

  /** Should it read as a mark once more: a weak bit reads right nearly always. */
  #readMark(place: number): Uint8Array | undefined {
    for (let attempt = 0; attempt < readsMax; attempt++) {
      const images = this.#media.readAll(spentLength, this.#spentAddress(place));
      const mark = images.ok ? images.value.find((each) => this.#isMark(each)) : undefined;
      if (mark !== undefined) return mark;
    }
    return undefined;
  }

  /** A mark that was never whole and belongs to no transaction means nothing. */
  #clearTornMarks(): Result<void, VaultFault> {
    for (const place of this.#spent.torn()) {
      const cleared = this.#media.zero(spentLength, this.#spentAddress(place));
      if (!cleared.ok) return mediumFault(cleared);
    }
    return ok();
  }

  // --- in RAM ---

  #drawFree(): number {
    return this.#draw(this.#slots, slotStates.free);
  }

  /** Uniform over the places that hold `wanted`: rejection sampling, so the work does not tell which were free. */
  #draw(places: Uint8Array, wanted: number): number {
    for (;;) {
      const place = this.#crypto.randomBelow(places.length);
      if (places[place] === wanted) return place;
    }
  }

  /** Of the record's check, in which all of it and its slot are; keyed, so that nobody outside the chip can make a set with the same sum. */
  #setElement(slot: number, record: Uint8Array): Uint8Array {
    return this.#crypto.check(this.#slotImage(slot, record).subarray(-checkLength), this.#keys.set);
  }

  /** What the head says of the set: not the sum itself, which from one head to the next would give away each element. */
  #setSeal(ballots: number, sum: Uint8Array): Uint8Array {
    const count = new Uint8Array(4);
    writeU32(count, 0, ballots);
    return this.#crypto.check(concat(sum, count), this.#keys.set);
  }

  #giveUp<E extends VaultFault>(fault: Result<never, E>): Result<never, VaultFault> {
    const cleared = this.#transaction.clear();
    return cleared.ok ? fault : mediumFault(cleared);
  }
}

export interface VaultOptions {
  readonly crypto: Crypto;
  readonly keys: DeviceKeys;
  readonly election: Election;
  readonly terminal: TerminalId;
  readonly a: Flash;
  readonly b: Flash;
  /** See layOut. */
  readonly journalLength?: number;
}

interface Transaction {
  readonly slot: number;
  readonly token: Uint8Array;
  /** Of its mark, once it is spent. */
  readonly place: number;
}

function transactionEntry(slot: number, token: Uint8Array, place: number): Uint8Array {
  const entry = new Uint8Array(4 + tokenLength);
  writeU16(entry, 0, slot);
  entry.set(token, 2);
  writeU16(entry, 2 + tokenLength, place);
  return entry;
}

function readTransaction(entry: Uint8Array): Transaction {
  return { slot: readU16(entry, 0), token: entry.slice(2, 2 + tokenLength), place: readU16(entry, 2 + tokenLength) };
}

function readHead(payload: Uint8Array): { epoch: number; ballots: number; set: Uint8Array } {
  return { epoch: readU32(payload, 0), ballots: readU32(payload, 4), set: payload.slice(12, 12 + setLength) };
}

function mediumFault<T>(result: Result<T, MediumFault>): Result<T, VaultFault> & (Result<T, never> | Result<never, VaultFault>) {
  return result.ok ? result : err({ kind: "medium", ...result.error });
}

function xor(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(a.length);
  for (let i = 0; i < a.length; i++) out[i] = a[i]! ^ b[i]!;
  return out;
}
