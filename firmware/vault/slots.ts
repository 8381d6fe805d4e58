// The slots that hold sealed ballots: how one lies on a medium, what a copy of it says of itself, and how it is
// committed or voided. See FORMAT.md for every bit.

import { concat, readU16, writeU16, writeU32 } from "../bytes.js";
import type { Crypto, RecordForm } from "../crypto/crypto.js";
import { verdicts } from "../crypto/primitives.js";
import { type Result, assert, ok } from "../result.js";
import type { Media, Medium, MediumFault } from "../storage/media.js";
import { drawPlace } from "./draw.js";
import { checkLength, commitLength, type Layout } from "./layout.js";

/** So many bytes at the head of a slot, and its commit word, tell whether it is free or voided. */
const headLength = 32;
/** How often a record that does not check is read again. */
const readsMax = 4;

/** As `review` says them; "other" has to be looked at, and is prepared until it is voided. */
export const slotStates = {
  free: verdicts.free,
  committed: verdicts.sound,
  prepared: verdicts.other,
  voided: verdicts.blank,
} as const;
export type SlotState = (typeof slotStates)[keyof typeof slotStates];

export interface SlotsOptions {
  readonly crypto: Crypto;
  readonly media: Media;
  readonly layout: Layout;
  /** See DeviceKeys.slot. */
  readonly key: Uint8Array;
}

export class Slots {
  readonly #crypto: Crypto;
  readonly #media: Media;
  readonly #layout: Layout;
  readonly #key: Uint8Array;
  /** One state a slot, in RAM. */
  readonly states: Uint8Array;
  /** For `Crypto.review` and `Crypto.fold`, with the key of the slots. */
  readonly form: RecordForm;
  #voids = 0;

  constructor(options: SlotsOptions) {
    this.#crypto = options.crypto;
    this.#media = options.media;
    this.#layout = options.layout;
    this.#key = options.key;
    const { slots, slotLength } = options.layout;
    this.states = new Uint8Array(slots);
    this.form = {
      head: headLength,
      checkAt: slotLength - commitLength - checkLength,
      checkLength,
      tail: commitLength,
      isNumbered: true,
    };
  }

  get hasFree(): boolean {
    return this.states.includes(slotStates.free);
  }

  get voids(): number {
    return this.#voids;
  }

  drawFree(): number {
    return drawPlace(this.#crypto, this.states, slotStates.free);
  }

  committed(): readonly number[] {
    return this.#crypto.placesOf(this.states, slotStates.committed);
  }

  prepared(): readonly number[] {
    return this.#crypto.placesOf(this.states, slotStates.prepared);
  }

  /** After a start has settled every slot. How many are committed. */
  recount(): number {
    this.#voids = this.#crypto.count(this.states, slotStates.voided);
    return this.#crypto.count(this.states, slotStates.committed);
  }

  // --- on flash ---

  address(slot: number): number {
    return this.#layout.store.address + slot * this.#layout.slotLength;
  }

  /** Looks at the slots from `first` on, as many as `found` has room for; `copies`: what the media have of them. */
  review(found: Uint8Array, copies: { readonly a: Uint8Array; readonly b: Uint8Array }, first: number): void {
    this.#crypto.review(found, copies, this.form, first, this.#key);
  }

  /** The slot without its commit word. */
  image(slot: number, record: Uint8Array): Uint8Array {
    const body = new Uint8Array(this.#layout.slotLength - commitLength - checkLength).fill(0xff);
    assert(record.length + 2 <= body.length, "record fits its slot");
    writeU16(body, 0, record.length);
    body.set(record, 2);
    return concat(body, this.#check(slot, body));
  }

  committedImage(slot: number, record: Uint8Array): Uint8Array {
    return concat(this.image(slot, record), new Uint8Array(commitLength));
  }

  #check(slot: number, body: Uint8Array): Uint8Array {
    const place = new Uint8Array(4);
    writeU32(place, 0, slot);
    return this.#crypto.check(concat(body, place), this.#key);
  }

  /** The record in a slot's image, when the keyed check holds. */
  recordOf(slot: number, image: Uint8Array): Uint8Array | undefined {
    const body = image.subarray(0, image.length - commitLength - checkLength);
    const check = image.subarray(body.length, body.length + checkLength);
    if (!this.#crypto.equal(check, this.#check(slot, body))) return undefined;
    return body.slice(2, 2 + readU16(body, 0));
  }

  /**
   * What one copy of a slot says of itself. A commit word decides when most of its bits are cleared: a cut or a
   * disturbed cell near a record must not make a ballot of it, and before the word is whole on A nobody has been told
   * anything.
   */
  copyState(image: Uint8Array): "free" | "voided" | "decided" | "undecided" {
    const commitAt = image.length - commitLength;
    const isCommit = (value: 0 | 0xff): boolean => this.#crypto.isFilled(image, value, commitAt, image.length);
    if (this.#crypto.isFilled(image, 0xff, 0, headLength)) return isCommit(0xff) ? "free" : "undecided";
    // voiding clears the record first: with it gone a commit word half cleared decides nothing
    if (this.#crypto.isFilled(image, 0, 0, headLength)) return isCommit(0) ? "voided" : "undecided";
    return this.#crypto.zeroBits(image, commitAt, image.length) > commitLength * 4 ? "decided" : "undecided";
  }

  /**
   * The record of a copy that is decided and checks, should it read so once more: a weak bit reads right nearly always.
   */
  readDecided(slot: number): Uint8Array | undefined {
    for (let attempt = 0; attempt < readsMax; attempt++) {
      const images = this.#media.readAll(this.#layout.slotLength, this.address(slot));
      if (!images.ok) return undefined;
      for (const image of images.value) {
        const record = this.copyState(image) === "decided" ? this.recordOf(slot, image) : undefined;
        if (record !== undefined) return record;
      }
    }
    return undefined;
  }

  /** From whichever medium gives it whole; a weak bit reads right nearly always. */
  readRecord(slot: number): Uint8Array | undefined {
    for (let attempt = 0; attempt < readsMax; attempt++) {
      const images = this.#media.readAll(this.#layout.slotLength, this.address(slot));
      if (!images.ok) return undefined;
      for (const image of images.value) {
        const record = this.recordOf(slot, image);
        if (record !== undefined) return record;
      }
    }
    return undefined;
  }

  /** Ballots that are decided and check on `medium`, and do not on `other`. */
  onlyOn(medium: Medium, other: Medium): Result<number, MediumFault> {
    let only = 0;
    for (let slot = 0; slot < this.#layout.slots; slot++) {
      const address = this.address(slot);
      const image = this.#media.read(medium, this.#layout.slotLength, address);
      if (!image.ok) return image;
      if (!this.#isSound(slot, image.value)) continue;
      const copy = this.#media.read(other, this.#layout.slotLength, address);
      if (!copy.ok) return copy;
      if (!this.#isSound(slot, copy.value)) only++;
    }
    return ok(only);
  }

  #isSound(slot: number, image: Uint8Array): boolean {
    return this.copyState(image) === "decided" && this.recordOf(slot, image) !== undefined;
  }

  isErased(slot: number): Result<boolean, MediumFault> {
    const images = this.#media.readAll(this.#layout.slotLength, this.address(slot));
    return images.ok ? ok(images.value.every((image) => this.#crypto.isFilled(image, 0xff))) : images;
  }

  /** `image`: see above. The commit word stays erased; the slot is not yet said to be prepared. */
  program(slot: number, image: Uint8Array): Result<void, MediumFault> {
    return this.#media.program(image, this.address(slot));
  }

  commit(slot: number): Result<void, MediumFault> {
    const committed = this.#media.zero(commitLength, this.address(slot) + this.#layout.slotLength - commitLength);
    if (committed.ok) this.states[slot] = slotStates.committed;
    return committed;
  }

  void(slot: number): Result<void, MediumFault> {
    // the record before the commit word: cut in between, the slot must not look committed
    const recordLength = this.#layout.slotLength - commitLength;
    const record = this.#media.zero(recordLength, this.address(slot));
    if (!record.ok) return record;
    const word = this.#media.zero(commitLength, this.address(slot) + recordLength);
    if (!word.ok) return word;
    if (this.states[slot] !== slotStates.voided) this.#voids++;
    this.states[slot] = slotStates.voided;
    return ok();
  }
}
