// A place for one small thing that changes often: entries of 64 bytes in two blocks, of which the newest good one counts and all
// older ones are blanked (programmed to zero). A block is erased only when the log has moved on to the other one and everything in
// it is blank. An entry = payload, padding of zeros, check (keyed, over payload and place).

import { concat, equalBytes, isFilledWith, isProgrammable, writeU32 } from "../bytes.js";
import type { Crypto } from "../crypto/crypto.js";
import { equalSecret } from "../crypto/crypto.js";
import { type Result, assert, ok } from "../result.js";
import { checkLength, entryLength, type Region } from "./layout.js";
import type { Media, Medium, MediumFault } from "./media.js";

export const payloadLength = entryLength - checkLength;

/** What one place holds on one medium. */
type Content = { readonly kind: "free" } | { readonly kind: "blank" } | { readonly kind: "entry"; readonly payload: Uint8Array } | { readonly kind: "torn" };

export class EntryLog {
  readonly #media: Media;
  readonly #crypto: Crypto;
  readonly #key: Uint8Array;
  readonly #region: Region;
  readonly #perBlock: number;
  /** Places of `current` and of the next entry. */
  #at: number | undefined;
  #next = 0;

  constructor(options: { readonly media: Media; readonly crypto: Crypto; readonly key: Uint8Array; readonly region: Region }) {
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
   * Reads both media. Entries found, newest first; a torn one is blanked, since what it was for has not begun. More than one means that
   * the power went between writing the new one and blanking the old.
   */
  open(): Result<Uint8Array[], MediumFault> {
    const contents: Record<Medium, Content[]> = { a: [], b: [] };
    for (const medium of ["a", "b"] as const) {
      const bytes = this.#media.read(medium, this.#places * entryLength, this.#region.address);
      if (!bytes.ok) return bytes;
      for (let place = 0; place < this.#places; place++) {
        contents[medium].push(this.#content(bytes.value.subarray(place * entryLength, (place + 1) * entryLength), place));
      }
    }
    const found: { readonly place: number; readonly payload: Uint8Array }[] = [];
    for (let place = 0; place < this.#places; place++) {
      const a = contents.a[place]!;
      const b = contents.b[place]!;
      const entry = a.kind === "entry" ? a : b.kind === "entry" ? b : undefined;
      if (entry !== undefined && a.kind !== "blank" && b.kind !== "blank") {
        found.push({ place, payload: entry.payload });
      } else if (a.kind !== b.kind || a.kind === "torn") {
        const blanked = this.#media.zero(entryLength, this.#address(place));
        if (!blanked.ok) return blanked;
        contents.a[place] = contents.b[place] = { kind: "blank" };
      }
    }
    const isFree = (place: number): boolean => contents.a[place]!.kind === "free" && contents.b[place]!.kind === "free";
    // the log goes round: the next place is the free one behind a place that is not; when none is free, the block that does not
    // hold the newest entry is next, to be erased
    let next: number | undefined;
    for (let place = 0; place < this.#places; place++) {
      if (!isFree(place) && isFree((place + 1) % this.#places)) next = (place + 1) % this.#places;
    }
    if (next === undefined && found.length > 0) {
      next = found[found.length - 1]!.place < this.#perBlock ? this.#perBlock : 0;
    }
    this.#next = next ?? 0;
    const behind = (place: number): number => (this.#next - place + this.#places) % this.#places;
    found.sort((x, y) => behind(x.place) - behind(y.place));
    this.#at = found[0]?.place;
    return ok(found.map((each) => each.payload));
  }

  /** Writes a new entry on both media, then blanks the one before it. */
  write(payload: Uint8Array): Result<void, MediumFault> {
    assert(payload.length <= payloadLength, "entry payload fits");
    const before = this.#at;
    const room = this.#makeRoom();
    if (!room.ok) return room;
    const place = this.#next;
    const padded = new Uint8Array(payloadLength);
    padded.set(payload);
    const written = this.#media.program(concat(padded, this.#check(padded, place)), this.#address(place));
    this.#next = place + 1;
    if (!written.ok) return written;
    this.#at = place;
    return before === undefined ? ok() : this.#blank(before);
  }

  /** Blanks the newest entry: nothing is under way any more. */
  clear(): Result<void, MediumFault> {
    if (this.#at === undefined) return ok();
    const blanked = this.#blank(this.#at);
    if (blanked.ok) this.#at = undefined;
    return blanked;
  }

  /** Blanks every entry but the newest. */
  settle(): Result<void, MediumFault> {
    for (let place = 0; place < this.#places; place++) {
      if (place === this.#at) continue;
      for (const medium of ["a", "b"] as const) {
        const bytes = this.#media.read(medium, entryLength, this.#address(place));
        if (!bytes.ok) return bytes;
        const kind = this.#content(bytes.value, place).kind;
        if (kind !== "entry" && kind !== "torn") continue;
        const blanked = this.#blank(place);
        if (!blanked.ok) return blanked;
      }
    }
    return this.#at === undefined ? ok() : this.#completeNewest(this.#at);
  }

  /** A cut may have left the newest entry half written on B: it is finished. One half blanked on A stays so; B's copy serves. */
  #completeNewest(place: number): Result<void, MediumFault> {
    const address = this.#address(place);
    const a = this.#media.read("a", entryLength, address);
    if (!a.ok) return a;
    const b = this.#media.read("b", entryLength, address);
    if (!b.ok) return b;
    const whole = this.#content(a.value, place).kind === "entry" ? a.value : b.value;
    for (const [medium, bytes] of [["a", a.value], ["b", b.value]] as const) {
      if (equalBytes(bytes, whole) || !isProgrammable(bytes, whole)) continue;
      const written = this.#media.programOne(medium, whole, address);
      if (!written.ok) return written;
    }
    return ok();
  }

  #makeRoom(): Result<void, MediumFault> {
    if (this.#next % this.#perBlock !== 0 && this.#next < this.#places) return ok();
    const place = this.#next % this.#places;
    const address = this.#address(place);
    const { blockLength } = this.#media.geometry;
    // entering a block: everything in it is blank or free, except perhaps the newest entry at the end of the other block
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
    return this.#crypto.mac(concat(padded, where), this.#key, checkLength);
  }

  #content(bytes: Uint8Array, place: number): Content {
    if (isFilledWith(bytes, 0xff)) return { kind: "free" };
    if (isFilledWith(bytes, 0)) return { kind: "blank" };
    const padded = bytes.subarray(0, payloadLength);
    return equalSecret(bytes.subarray(payloadLength), this.#check(padded, place)) ? { kind: "entry", payload: padded } : { kind: "torn" };
  }
}
