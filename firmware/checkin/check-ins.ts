// Who has been given a right to vote at this desk: one entry a voter, by the voter's position in the roll, on two raw
// NOR media. FORMAT.md has the bytes, and why the order of acts is as it is.
//
//   begin    the entry is written on A, verified, on B, verified: from here on the voter is not forgotten
//   (the card is granted)
//   settle   the granted word is cleared on A, then B
//   forget   instead of settle, when it is certain that the card was not granted: the entry is blanked
//
// How many entries there are, and which, stands in a head: written behind begin and settle, and before forget, so that
// a cut leaves one entry more than it says, or one granted that was open, and never one less.
//
// What a power cut leaves between begin and settle is *open*: nobody knows whether the card was granted. Such a voter
// gets no second right unless two officials decide so.

import { concat, isProgrammable, readU32, utf8, writeU32 } from "../bytes.js";
import type { Crypto } from "../crypto/crypto.js";
import type { Flash } from "../platform.js";
import { type Result, assert, err, ok } from "../result.js";
import type { RollPosition } from "../roll/roll.js";
import type { RollHead } from "../roll/shapes.js";
import { EntryLog } from "../storage/entry-log.js";
import { Media, type Medium, type MediumFault } from "../storage/media.js";
import { type DeskLayout, checkAt, entryLength, grantedAt, layOutDesk, superblockLength } from "./layout.js";
import { encodeSuperblock, isAnothers } from "./superblock.js";

export type CheckInFault =
  | ({ readonly kind: "medium" } & MediumFault)
  /** The media hold another election, another roll, or another desk's check-ins. */
  | { readonly kind: "foreign" }
  /** There are check-ins, and no superblock says whose; or not those that the head knows of. */
  | { readonly kind: "tampered" }
  | { readonly kind: "too-small"; readonly needed: number; readonly available: number };

/** full: as many check-ins as the roll allows, or no place left. */
export type BeginFault = ({ readonly kind: "medium" } & MediumFault) | { readonly kind: "full" };

/** open: begun, and neither settled nor forgotten. */
export type VoterState = "none" | "open" | "granted";

export interface CheckInCounts {
  readonly granted: number;
  readonly open: number;
  /** Cards that came back unused. */
  readonly returned: number;
  readonly capacity: number;
}

export interface CheckInOptions {
  readonly crypto: Crypto;
  /** 32 bytes, of this device and election. */
  readonly key: Uint8Array;
  readonly head: RollHead;
  readonly desk: number;
  readonly a: Flash;
  readonly b: Flash;
  readonly journalLength?: number;
}

export interface OpenedCheckIns {
  readonly checkIns: CheckIns;
  readonly media: Media;
  readonly layout: DeskLayout;
  /** The medium that was written anew from the other one. */
  readonly rebuilt: Medium | undefined;
}

/** What an entry is about: a voter, or a card that came back. */
const returnedCard = 0xffff_ffff;
const kinds = { free: 0, open: 1, granted: 2, givenUp: 3 } as const;
/** Places that may be passed over for one entry. */
const placeAttemptsMax = 4;
/** How often an entry that does not verify is read. */
const readsMax = 4;
const grantedBits = (entryLength - grantedAt) * 8;
const setLength = 16;

export class CheckIns {
  readonly #crypto: Crypto;
  readonly #key: Uint8Array;
  readonly #media: Media;
  readonly #layout: DeskLayout;
  readonly #capacity: number;
  /** By place: its kind, and whom it is about. */
  readonly #kinds: Uint8Array;
  readonly #about: Uint32Array;
  #free: number;
  #granted = 0;
  #open = 0;
  #returned = 0;
  readonly #head: EntryLog;
  readonly #setKey: Uint8Array;
  readonly #sealKey: Uint8Array;
  /** The sum of all entries' elements. */
  #sum = new Uint8Array(setLength);
  /** Of the entry that was begun last and is open; 0: none. */
  #latest = 0;

  private constructor(options: CheckInOptions, media: Media, layout: DeskLayout) {
    this.#crypto = options.crypto;
    this.#key = options.key;
    const derive = (purpose: string): Uint8Array => options.crypto.mac(utf8(purpose), options.key);
    this.#setKey = derive("set");
    this.#sealKey = derive("seal");
    this.#head = new EntryLog({ media, crypto: options.crypto, key: derive("head"), region: layout.head });
    this.#capacity = options.head.capacity;
    this.#media = media;
    this.#layout = layout;
    this.#kinds = new Uint8Array(layout.places);
    this.#about = new Uint32Array(layout.places);
    this.#free = layout.places;
  }

  /** Reads both media and mends what a power cut left; on erased ones a new store is made. A desk needs both. */
  static open(options: CheckInOptions): Result<OpenedCheckIns, CheckInFault> {
    const opened = Media.open(options);
    if (!opened.ok) return err({ kind: "medium", ...opened.error });
    const media = opened.value;
    if (media.active.length < 2)
      return err({ kind: "medium", medium: media.active[0] === "a" ? "b" : "a", what: "no-answer", address: 0 });
    const { size, blockLength } = media.geometry;
    const { capacity } = options.head;
    const layout = layOutDesk({
      capacity,
      size,
      blockLength,
      ...(options.journalLength === undefined ? {} : { journalLength: options.journalLength }),
    });
    if (!layout.ok) return err({ kind: "too-small", ...layout.error });
    const superblock = encodeSuperblock(options.crypto, options.key, options.head, options.desk);
    const checkIns = new CheckIns(options, media, layout.value);
    const prepared = checkIns.#prepare(superblock);
    if (!prepared.ok) return prepared;
    const loaded = checkIns.#load();
    if (!loaded.ok) return err({ kind: "medium", ...loaded.error });
    const counted = checkIns.#checkHead();
    if (!counted.ok) return counted;
    // on both, each time: the one before may have been cut
    const written = media.program(superblock, layout.value.superblock.address);
    if (!written.ok) return err({ kind: "medium", ...written.error });
    return ok({
      checkIns,
      media,
      layout: layout.value,
      rebuilt: prepared.value.length === 1 ? prepared.value[0] : undefined,
    });
  }

  get counts(): CheckInCounts {
    return { granted: this.#granted, open: this.#open, returned: this.#returned, capacity: this.#capacity };
  }

  get isFull(): boolean {
    return this.#granted + this.#open >= this.#capacity || this.#free === 0;
  }

  stateOf(position: RollPosition): VoterState {
    const place = this.#placeOf(position);
    return place < 0 ? "none" : this.#kinds[place] === kinds.granted ? "granted" : "open";
  }

  /**
   * quarter: quarters of an hour since 1970 UTC. Durable on both media when it returns; a voter who is open already
   * stays so.
   */
  begin(position: RollPosition, quarter: number): Result<void, BeginFault> {
    const state = this.stateOf(position);
    assert(state !== "granted", "nobody is granted twice");
    if (state === "open") return ok();
    if (this.#granted + this.#open >= this.#capacity) return err({ kind: "full" });
    return this.#write(position, quarter);
  }

  /** The card has answered that it is granted. */
  settle(position: RollPosition): Result<void, MediumFault> {
    const place = this.#placeOf(position);
    assert(place >= 0, "a check-in was begun");
    return this.#settle(place);
  }

  /** Certain: no card was granted for this voter. */
  forget(position: RollPosition): Result<void, MediumFault> {
    const place = this.#placeOf(position);
    assert(place >= 0 && this.#kinds[place] === kinds.open, "only what is open is forgotten");
    this.#addToSet(place, kinds.open);
    this.#open--;
    if (this.#latest === place + 1) this.#latest = 0;
    const headed = this.#writeHead();
    if (!headed.ok) return headed;
    const blanked = this.#blank(place);
    if (!blanked.ok) return blanked;
    this.#mark(place, kinds.givenUp);
    this.#about[place] = 0;
    return ok();
  }

  /** Before an unused card is emptied; one that is open from before is gone on with. */
  beginReturn(quarter: number): Result<void, BeginFault> {
    return this.#openReturn() >= 0 ? ok() : this.#write(returnedCard, quarter);
  }

  /** The card is empty. */
  settleReturn(): Result<void, MediumFault> {
    const place = this.#openReturn();
    assert(place >= 0, "a return was begun");
    return this.#settle(place);
  }

  #openReturn(): number {
    for (
      let place = this.#about.indexOf(returnedCard);
      place >= 0;
      place = this.#about.indexOf(returnedCard, place + 1)
    )
      if (this.#kinds[place] === kinds.open) return place;
    return -1;
  }

  #placeOf(position: number): number {
    // what is stored is the position and one more, since 0 is no place's content
    return this.#about.indexOf(position + 1);
  }

  /**
   * A place drawn from the free ones, so that the order of voters is not there to be found. One that does not keep the
   * entry is blanked.
   */
  #write(position: number, quarter: number): Result<void, BeginFault> {
    for (let attempt = 0; attempt < placeAttemptsMax; attempt++) {
      if (this.#free === 0) return err({ kind: "full" });
      let place = 0;
      for (let nth = this.#crypto.randomBelow(this.#free); this.#kinds[place] !== kinds.free || nth-- > 0; ) place++;
      const written = this.#media.program(this.#encode(position, quarter, place), this.#address(place));
      if (written.ok) {
        this.#note(place, position, false);
        this.#latest = place + 1;
        const headed = this.#writeHead();
        return headed.ok ? headed : err({ kind: "medium", ...headed.error });
      }
      if (written.error.what !== "verify") return err({ kind: "medium", ...written.error });
      this.#mark(place, kinds.givenUp);
      const blanked = this.#blank(place);
      if (!blanked.ok) return err({ kind: "medium", ...blanked.error });
    }
    return err({ kind: "full" });
  }

  /** What it is about goes before its word: a cut must not leave it granted. */
  #blank(place: number): Result<void, MediumFault> {
    const content = this.#media.zero(grantedAt, this.#address(place));
    return content.ok ? this.#media.zero(entryLength - grantedAt, this.#address(place) + grantedAt) : content;
  }

  #settle(place: number): Result<void, MediumFault> {
    if (this.#kinds[place] === kinds.granted) return ok();
    const cleared = this.#media.zero(entryLength - grantedAt, this.#address(place) + grantedAt);
    if (!cleared.ok) return cleared;
    this.#addToSet(place, kinds.open);
    this.#mark(place, kinds.granted);
    this.#addToSet(place, kinds.granted);
    if (this.#about[place] === returnedCard) this.#returned++;
    else {
      this.#open--;
      this.#granted++;
    }
    if (this.#latest === place + 1) this.#latest = 0;
    return this.#writeHead();
  }

  // --- the head ---

  /** What an entry adds to the set, or takes from it: a sum has no order. */
  #addToSet(place: number, kind: number): void {
    this.#sum = xor(this.#sum, this.#element(place, kind));
  }

  #element(place: number, kind: number): Uint8Array {
    const content = new Uint8Array(9);
    writeU32(content, 0, place);
    writeU32(content, 4, this.#about[place]!);
    content[8] = kind;
    return this.#crypto.check(content, this.#setKey);
  }

  /** Not the sum itself, which from one head to the next would give away each element. */
  #seal(sum: Uint8Array, granted: number, open: number, returned: number): Uint8Array {
    const counts = new Uint8Array(12);
    [granted, open, returned].forEach((count, i) => writeU32(counts, i * 4, count));
    return concat(counts, this.#crypto.check(concat(sum, counts), this.#setKey));
  }

  #writeHead(): Result<void, MediumFault> {
    const latest = new Uint8Array(4);
    writeU32(latest, 0, this.#latest);
    return this.#head.write(concat(this.#seal(this.#sum, this.#granted, this.#open, this.#returned), latest));
  }

  /** Every entry is counted in the head, but for the one that was under way when the power went. */
  #checkHead(): Result<void, CheckInFault> {
    const found = this.#head.open();
    if (!found.ok) return err({ kind: "medium", ...found.error });
    const settled = this.#head.settle();
    if (!settled.ok) return err({ kind: "medium", ...settled.error });
    const [payload] = found.value;
    const stored = payload?.subarray(0, 12 + setLength) ?? this.#seal(new Uint8Array(setLength), 0, 0, 0);
    if (this.#crypto.equal(stored, this.#seal(this.#sum, this.#granted, this.#open, this.#returned))) {
      this.#latest = payload === undefined ? 0 : readU32(payload, 12 + setLength);
      return ok();
    }
    if (!this.#isOneMore(stored, payload === undefined ? 0 : readU32(payload, 12 + setLength)))
      return err({ kind: "tampered" });
    const written = this.#writeHead();
    return written.ok ? ok() : err({ kind: "medium", ...written.error });
  }

  /** The head without an entry that is open now, or with one that is granted now open. `latest`: tried first. */
  #isOneMore(stored: Uint8Array, latest: number): boolean {
    const isWithout = (place: number): boolean => {
      const isReturn = this.#about[place] === returnedCard;
      const isGranted = this.#kinds[place] === kinds.granted;
      let sum = xor(this.#sum, this.#element(place, this.#kinds[place]!));
      if (isGranted) sum = xor(sum, this.#element(place, kinds.open));
      const granted = this.#granted - (isGranted && !isReturn ? 1 : 0);
      const open = this.#open + (isReturn ? 0 : isGranted ? 1 : -1);
      const returned = this.#returned - (isGranted && isReturn ? 1 : 0);
      return this.#crypto.equal(stored, this.#seal(sum, granted, open, returned));
    };
    const isEntry = (place: number): boolean =>
      this.#kinds[place] === kinds.open || this.#kinds[place] === kinds.granted;
    if (latest > 0 && latest <= this.#layout.places && isEntry(latest - 1) && isWithout(latest - 1)) return true;
    for (let place = 0; place < this.#layout.places; place++) if (isEntry(place) && isWithout(place)) return true;
    return false;
  }

  #mark(place: number, kind: (typeof kinds)[keyof typeof kinds]): void {
    if (this.#kinds[place] === kinds.free) this.#free--;
    this.#kinds[place] = kind;
  }

  #note(place: number, position: number, granted: boolean): void {
    this.#mark(place, granted ? kinds.granted : kinds.open);
    const isReturn = position === returnedCard;
    this.#about[place] = isReturn ? returnedCard : position + 1;
    if (isReturn) this.#returned += granted ? 1 : 0;
    else if (granted) this.#granted++;
    else this.#open++;
    this.#addToSet(place, this.#kinds[place]!);
  }

  /** Position u32 and quarter u32, sealed, and their check: without the granted word, which stays erased. */
  #encode(position: number, quarter: number, place: number): Uint8Array {
    const content = new Uint8Array(checkAt);
    writeU32(content, 0, position);
    writeU32(content, 4, quarter);
    const check = this.#check(content, place);
    return concat(this.#sealed(content, check, place), check);
  }

  /**
   * Sealed, or opened again: who came, and when, is not to be read from a chip. The check is the nonce (as in RFC 5297),
   * so that a place that is written twice, in an older image and anew, gives nothing away.
   */
  #sealed(content: Uint8Array, check: Uint8Array, place: number): Uint8Array {
    const where = new Uint8Array(4);
    writeU32(where, 0, place);
    const stream = this.#crypto.mac(concat(check, where), this.#sealKey);
    return content.map((byte, i) => byte ^ stream[i]!);
  }

  #check(content: Uint8Array, place: number): Uint8Array {
    const where = new Uint8Array(4);
    writeU32(where, 0, place);
    return this.#crypto.mac(concat(content, where), this.#key).slice(0, grantedAt - checkAt);
  }

  #address(place: number): number {
    return this.#layout.checkIns.address + place * entryLength;
  }

  // --- at a start ---

  /** Media that still need their superblock when everything else is in order. */
  #prepare(superblock: Uint8Array): Result<readonly Medium[], CheckInFault> {
    const media = this.#media;
    const { address } = this.#layout.superblock;
    const isOurs = (bytes: Uint8Array): boolean => this.#crypto.equal(bytes, superblock);
    let missing: readonly Medium[] = [];
    for (let attempt = 0; attempt < readsMax; attempt++) {
      const read = media.readAll(superblockLength, address);
      if (!read.ok) return err({ kind: "medium", ...read.error });
      if (read.value.some((bytes) => isAnothers(this.#crypto, bytes, superblock))) return err({ kind: "foreign" });
      missing = media.active.filter((_, i) => !isOurs(read.value[i]!));
      if (missing.length === 0) break;
    }
    if (missing.length === media.active.length) {
      const empty = this.#hasNoEntry();
      if (!empty.ok) return err({ kind: "medium", ...empty.error });
      if (!empty.value) return err({ kind: "tampered" });
    }
    for (const medium of missing) {
      for (let block = 0; block * media.geometry.blockLength < this.#layout.length; block++) {
        const erased = media.eraseOne(medium, block);
        if (!erased.ok) return err({ kind: "medium", ...erased.error });
      }
    }
    return ok(missing);
  }

  #hasNoEntry(): Result<boolean, MediumFault> {
    for (const medium of this.#media.active) {
      const newest = this.#head.newestOn(medium);
      if (!newest.ok) return newest;
      if (newest.value > 0) return ok(false);
    }
    for (let place = 0; place < this.#layout.places; place++) {
      const copies = this.#media.readAll(entryLength, this.#address(place));
      if (!copies.ok) return copies;
      if (copies.value.some((copy) => this.#decode(copy, place) !== undefined)) return ok(false);
    }
    return ok(true);
  }

  /** Block by block: what each place is to hold, and then both media made to hold it. */
  #load(): Result<void, MediumFault> {
    const media = this.#media;
    const { blockLength } = media.geometry;
    const { checkIns, places } = this.#layout;
    const perBlock = blockLength / entryLength;
    for (let first = 0; first < places; first += perBlock) {
      const address = checkIns.address + first * entryLength;
      const read = media.readAll(blockLength, address);
      if (!read.ok) return read;
      if (read.value.every((cells) => this.#crypto.isFilled(cells, 0xff))) continue;
      const image = new Uint8Array(blockLength).fill(0xff);
      for (let i = 0; i < perBlock && first + i < places; i++) {
        const entry = this.#loadPlace(
          first + i,
          read.value.map((cells) => cells.subarray(i * entryLength, (i + 1) * entryLength)),
        );
        if (!entry.ok) return entry;
        image.set(entry.value, i * entryLength);
      }
      const mended = this.#mend(address, image, read.value, first);
      if (!mended.ok) return mended;
    }
    return ok();
  }

  /**
   * What the place is to hold, noted in RAM. An entry that is whole on either medium counts: one that was blanked in
   * part is open again, which is safe.
   */
  #loadPlace(place: number, read: readonly Uint8Array[]): Result<Uint8Array, MediumFault> {
    if (read.every((copy) => this.#crypto.isFilled(copy, 0xff))) return ok(read[0]!);
    let copies = read;
    for (let attempt = 0; attempt < readsMax; attempt++) {
      const sound = copies.filter((copy) => this.#decode(copy, place) !== undefined);
      if (sound.length > 0) {
        const granted = sound.some((copy) => this.#crypto.zeroBits(copy, grantedAt, entryLength) * 2 > grantedBits);
        const whole = sound[0]!.slice().fill(granted ? 0 : 0xff, grantedAt);
        this.#note(place, this.#decode(whole, place)!, granted);
        return ok(whole);
      }
      // a weak bit reads right nearly always
      const again = this.#media.readAll(entryLength, this.#address(place));
      if (!again.ok) return again;
      copies = again.value;
    }
    // torn, and so no card was granted for it; or given up before
    this.#mark(place, kinds.givenUp);
    return ok(new Uint8Array(entryLength));
  }

  /** Whom the entry is about; undefined when it is none. */
  #decode(copy: Uint8Array, place: number): number | undefined {
    const check = copy.slice(checkAt, grantedAt);
    const content = this.#sealed(copy.slice(0, checkAt), check, place);
    return this.#crypto.equal(check, this.#check(content, place)) ? readU32(content, 0) : undefined;
  }

  /**
   * What may have been under program when the power went is programmed again, whatever it reads: entries that are open.
   * The rest is made equal where it is not; a block with a cell at 0 that must be 1 is erased and written anew, after
   * everything that needs no erase was done on both media.
   */
  #mend(address: number, image: Uint8Array, read: readonly Uint8Array[], first: number): Result<void, MediumFault> {
    const media = this.#media;
    const rewrite: Medium[] = [];
    for (const [i, medium] of media.active.entries()) {
      for (let at = 0; at < image.length; at += entryLength) {
        const isOpen = this.#kinds[first + at / entryLength] === kinds.open;
        // a granted word that was cleared in part, and not for the most part, stays as it is
        const end = at + (isOpen ? grantedAt : entryLength);
        const wanted = image.subarray(at, end);
        const cells = read[i]!.subarray(at, end);
        if (!isOpen && this.#crypto.equal(cells, wanted)) continue;
        if (this.#crypto.isFilled(wanted, 0)) {
          const zeroed = media.zeroOne(medium, entryLength, address + at);
          if (!zeroed.ok) return zeroed;
          continue;
        }
        const written = isProgrammable(cells, wanted) ? media.programOne(medium, wanted, address + at) : undefined;
        if (written?.ok) continue;
        if (written !== undefined && written.error.what !== "verify") return written;
        if (!rewrite.includes(medium)) rewrite.push(medium);
      }
    }
    for (const medium of rewrite) {
      const written = media.rewriteBlock(medium, address / media.geometry.blockLength, image);
      if (!written.ok) return written;
    }
    return ok();
  }
}

function xor(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(a.length);
  for (let i = 0; i < a.length; i++) out[i] = a[i]! ^ b[i]!;
  return out;
}
