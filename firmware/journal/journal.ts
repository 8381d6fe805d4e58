// The journal: strictly ordered, hash-chained, keyed, signed at checkpoints, never erased while its election is kept.
// One cell of 128 bytes an entry on each medium: length, CBOR (entry.cddl), check. chain = SHA-256(chain before ||
// entry)[0..16]; the first chain is SHA-256("sandogh journal" || election || terminal)[0..16]. It is what is signed,
// and anybody can make it from the entries; the check is keyed over it, so only this terminal can. A cell torn by a
// power cut is programmed to zero and skipped. How long the journal is stands in a log of its own, written behind each
// entry: cells that are cut off, or zeroed at the end, are seen.
//
// It has a bound and the world has none, so what the world does is merged when it comes often, and never takes the
// cells that the day still needs (events.ts, `keeps`). What could not be written is counted.

import { bytes, decodeAs, encodeAs, nullable, tuple, uint } from "../cbor/shape.js";
import { concat, isProgrammable, readU32, utf8, writeU32 } from "../bytes.js";
import type { Crypto } from "../crypto/crypto.js";
import type { Clock } from "../platform.js";
import { wallSeconds } from "../wall-clock.js";
import { type Result, assert, err, ok } from "../result.js";
import { EntryLog, checkLength } from "../storage/entry-log.js";
import type { Media, Medium, MediumFault, Region } from "../storage/media.js";
import { type EventKind, type EventName, events, keeps } from "./events.js";

/** Bytes of a cell. */
export const cellLength = 128;
export const chainLength = 16;
/** Cells that may be passed over for one entry: a block of them. */
const cellAttemptsMax = 32;
/** How often a cell that does not verify is read again. */
const readsMax = 4;
const entryMax = cellLength - checkLength - 1;
/** An unsigned stretch is never longer. */
const checkpointEvery = 64;
/**
 * What the world does is written one by one so often in an hour; from then on it is counted, and written as one entry
 * when the hour is over.
 */
const singlesAnHour = 6;
const hourMs = 3_600_000;
/** Entries of one kind of the world's doing in an election: one kind leaves room for the others. */
const kindEntriesMax = 700;
const startEntriesMax = 1_000;

export interface JournalEntry {
  readonly event: EventName;
  /** Seconds since 1970 UTC, rounded down to the hour where the event belongs to a voter's session. */
  readonly time: number;
  readonly detail: number | undefined;
  /** This event came so many times since `since`, the last of them at `time`. Absent for an entry of one event. */
  readonly merged?: { readonly count: number; readonly since: number } | undefined;
  /** On checkpoints: Ed25519 over "sandogh journal" || election || terminal || chain before. */
  readonly signature: Uint8Array | undefined;
}

export type JournalFault =
  | ({ readonly kind: "medium" } & MediumFault)
  /** This cell was changed, or somebody put it there. */
  | { readonly kind: "broken-chain"; readonly cell: number }
  /** Entries from this cell on are gone. */
  | { readonly kind: "cut-off"; readonly cell: number }
  /** The terminal's own flash does not keep that the polls are about to be opened. */
  | { readonly kind: "main" }
  | { readonly kind: "full" };

/** Entries that decide how far the day is, in this order. */
export const dayStates = ["opened", "closed", "counted", "released"] as const;
export type DayState = (typeof dayStates)[number];

/** How far a journal goes: cells up to its last entry, and the chain behind that. */
export interface JournalEnd {
  readonly cells: number;
  /** 16 bytes */
  readonly chain: Uint8Array;
}

/** Who keeps elsewhere what the journal has decided. */
export interface JournalKeeper {
  /** Before an entry opens the polls; false: it is not kept. */
  opening(end: JournalEnd): boolean;
  /** A signature stands, and everything before it. `state`: the last that was reached. */
  signed(end: JournalEnd, state: DayState | undefined): Result<void, MediumFault>;
}

export interface JournalOptions {
  readonly crypto: Crypto;
  readonly media: Media;
  readonly region: Region;
  /** Where its length stands. */
  readonly head: Region;
  /** See DeviceKeys.journal. Undefined for an auditor, who then judges entries by their form and the signatures. */
  readonly key: Uint8Array | undefined;
  /** What the journal must contain: see `isAsNewAs`. */
  readonly mark?: JournalEnd | undefined;
  readonly election: Uint8Array;
  readonly terminal: number;
  readonly signKey: { readonly publicKey: Uint8Array; readonly secretKey: Uint8Array };
  readonly clock: Clock;
  /** Told of every entry that is read at opening, in order. */
  readonly onEntry?: (entry: JournalEntry) => void;
}

/** The last cell that is not free: what it is to hold, and its whole block. */
interface Tail {
  readonly whole: Uint8Array;
  readonly block: number;
  readonly sound: Uint8Array;
}

const names = new Map<number, EventName>((Object.keys(events) as EventName[]).map((name) => [events[name].id, name]));
const u32 = uint(0xffff_ffff);
const entryShape = tuple<[number, number, number | null, Uint8Array | null]>(
  uint(255),
  u32,
  nullable(u32),
  nullable(bytes(64)),
);
const mergedShape = tuple<[number, number, number | null, number, number]>(
  uint(255),
  u32,
  nullable(u32),
  uint(0xffff_ffff, 1),
  u32,
);

/** One kind of event, with its detail, in the hour that began at `from`. */
interface Often {
  readonly event: EventName;
  readonly detail: number | undefined;
  readonly fromMs: number;
  singles: number;
  /** Not written yet. */
  count: number;
  since: number;
  last: number;
}

export class Journal {
  readonly #options: JournalOptions;
  readonly #cells: number;
  readonly #head: EntryLog | undefined;
  #next = 0;
  #end: JournalEnd;
  /** Before the last entry. */
  #before: JournalEnd;
  #count = 0;
  /** Told from now on what is decided. */
  keeper: JournalKeeper | undefined;
  readonly #states = new Set<DayState>();
  #isStateSigned = true;
  #hasMark = false;
  #sinceCheckpoint = 0;
  /** The newest entries, for people who look. */
  readonly #tail: JournalEntry[] = [];
  #poll: "opened" | "paused" | "resumed" | "closed" | undefined;
  /** Entries of each kind, by its number. */
  readonly #entries = new Uint16Array(256);
  readonly #often = new Map<string, Often>();
  #unwritten = 0;
  /** The first free cell may only read so. */
  #isTailOpen = false;
  /** See #lastEntry. */
  #last: number | undefined;

  private constructor(options: JournalOptions) {
    this.#options = options;
    this.#cells = options.region.length / cellLength;
    this.#end = { cells: 0, chain: options.crypto.sha256(this.#prefix()).slice(0, chainLength) };
    this.#before = this.#end;
    this.#noteMark();
    const { media, crypto, key, head } = options;
    this.#head = key === undefined ? undefined : new EntryLog({ media, crypto, key, region: head });
  }

  /** Reads and checks the whole journal. */
  static open(options: JournalOptions): Result<Journal, JournalFault> {
    const journal = new Journal(options);
    const read = journal.#load();
    return read.ok ? ok(journal) : read;
  }

  /** How many entries more a medium has than the other one, each read alone. Writes nothing. */
  static onlyOn(options: JournalOptions, medium: Medium, other: Medium): Result<number, MediumFault> {
    const counts: number[] = [];
    for (const each of [medium, other]) {
      const counted = new Journal(options).#entriesOn(each);
      if (!counted.ok) return counted;
      counts.push(counted.value);
    }
    return ok(Math.max(0, counts[0]! - counts[1]!));
  }

  /**
   * Passes over what a cut has left of the last entry, as a start with this medium alone does. What is wrong with the
   * journal besides is for the start to find.
   */
  static settleOn(options: JournalOptions, medium: Medium): Result<void, MediumFault> {
    const { media } = options;
    const { active } = media;
    media.active = [medium];
    const loaded = new Journal({ ...options, onEntry: () => undefined }).#load();
    media.active = active;
    return loaded.ok || loaded.error.kind !== "medium" ? ok() : err(loaded.error);
  }

  /** Whether no medium has an entry, each read alone. Writes nothing. */
  static isUnused(options: JournalOptions): Result<boolean, MediumFault> {
    for (const medium of options.media.active) {
      const entries = new Journal(options).#entriesOn(medium);
      if (!entries.ok) return entries;
      if (entries.value > 0) return ok(false);
    }
    return ok(true);
  }

  /** The last of opened, paused, resumed, closed: the state of the polls. */
  get poll(): "opened" | "paused" | "resumed" | "closed" | undefined {
    return this.#poll;
  }

  /** Those of the day that were reached. */
  get states(): ReadonlySet<DayState> {
    return this.#states;
  }

  /** The last of them. */
  get state(): DayState | undefined {
    return dayStates.filter((state) => this.#states.has(state)).at(-1);
  }

  /** A signature stands behind the last of them. */
  get isStateSigned(): boolean {
    return this.#isStateSigned;
  }

  /** Its entries go as far as `mark` says, or further. */
  get isAsNewAsMark(): boolean {
    return this.#options.mark === undefined || this.#hasMark;
  }

  get end(): JournalEnd {
    return this.#end;
  }

  get tail(): readonly JournalEntry[] {
    return this.#tail;
  }

  /** Cells left, for the warning and the refusal before a limit. */
  get room(): number {
    return this.#cells - this.#next;
  }

  /** Events since this start for which there was no room. */
  get unwritten(): number {
    return this.#unwritten;
  }

  /**
   * Appends on A, then B; durable when it returns. What the world does can be merged with what comes after it, or not
   * be written for want of room: that is counted, and no fault. An act of officials finds no room only when the acts
   * that must still follow would have none.
   */
  append(event: EventName, detail?: number): Result<void, JournalFault> {
    const { by }: EventKind = events[event];
    if (by === "world" && !this.#isOwnEntry(event, detail)) return this.#flush(false);
    const flushed = this.#flush(by !== "world");
    if (!flushed.ok) return flushed;
    if (this.#hasRoomFor(event)) return this.#put({ event, detail, time: wallSeconds(this.#options.clock) });
    if (by !== "world" && by !== "official") return err({ kind: "full" });
    this.#unwritten++;
    return ok();
  }

  checkpoint(): Result<void, JournalFault> {
    const { crypto, signKey, clock } = this.#options;
    const settled = this.#settleFree();
    if (!settled.ok) return settled;
    const signature = crypto.sign(concat(this.#prefix(), this.#end.chain), signKey.secretKey);
    const written = this.#write({ event: "checkpoint", time: wallSeconds(clock), detail: undefined, signature });
    if (!written.ok) return written;
    const kept = this.keeper?.signed(this.#end, this.state) ?? ok();
    return kept.ok ? kept : err({ kind: "medium", ...kept.error });
  }

  /** False when the event is one of many in this hour and was only counted. */
  #isOwnEntry(event: EventName, detail: number | undefined): boolean {
    const key = `${event} ${detail ?? ""}`;
    const nowMs = this.#options.clock.monotonic();
    const often = this.#often.get(key);
    if (often === undefined || nowMs - often.fromMs >= hourMs) {
      if (often !== undefined && often.count > 0) return this.#countOne(often);
      this.#often.set(key, { event, detail, fromMs: nowMs, singles: 1, count: 0, since: 0, last: 0 });
      return true;
    }
    if (often.singles < singlesAnHour) {
      often.singles++;
      return true;
    }
    return this.#countOne(often);
  }

  #countOne(often: Often): false {
    often.last = wallSeconds(this.#options.clock);
    if (often.count++ === 0) often.since = often.last;
    return false;
  }

  /**
   * Writes what was counted, when its hour is over; all of it, when something is written that people look for what was
   * before it.
   */
  #flush(all: boolean): Result<void, JournalFault> {
    const nowMs = this.#options.clock.monotonic();
    for (const [key, often] of this.#often) {
      const isOver = nowMs - often.fromMs >= hourMs;
      if (often.count > 0 && (all || isOver)) {
        const { event, detail, count, since, last } = often;
        often.count = 0;
        if (!this.#hasRoomFor(event)) this.#unwritten += count;
        else {
          const written = this.#put({ event, detail, time: last, merged: { count, since } });
          if (!written.ok) return written;
        }
      }
      if (isOver) this.#often.delete(key);
    }
    return ok();
  }

  #hasRoomFor(event: EventName): boolean {
    const { id, by }: EventKind = events[event];
    if (by === "world" && this.#entries[id]! >= (event === "started" ? startEntriesMax : kindEntriesMax)) return false;
    return this.room > keeps[by];
  }

  #put(entry: Omit<JournalEntry, "signature">): Result<void, JournalFault> {
    const settled = this.#settleFree();
    if (!settled.ok) return settled;
    if (entry.event === "opened" && this.keeper?.opening(this.#end) === false) return err({ kind: "main" });
    const written = this.#write({ ...rounded(entry), signature: undefined });
    if (!written.ok) return written;
    const signsNow = entry.event === "opened" || entry.event === "closed" || this.#sinceCheckpoint >= checkpointEvery;
    return signsNow ? this.checkpoint() : written;
  }

  #prefix(): Uint8Array {
    const terminal = new Uint8Array(4);
    writeU32(terminal, 0, this.#options.terminal);
    return concat(utf8("sandogh journal"), this.#options.election, terminal);
  }

  #write(entry: JournalEntry): Result<void, JournalFault> {
    if (this.#next >= this.#cells) return err({ kind: "full" });
    const encoded = encodeEntry(entry);
    assert(encoded.length <= entryMax, "journal entry fits its cell");
    const cell = new Uint8Array(cellLength).fill(0xff);
    cell[0] = encoded.length;
    cell.set(encoded, 1);
    const chain = this.#chainAfter(encoded);
    cell.set(this.#check(chain), cellLength - checkLength);
    for (let attempt = 0; attempt < cellAttemptsMax && this.#next < this.#cells; attempt++) {
      const cleaned = this.#enterBlock();
      if (!cleaned.ok) return cleaned;
      const address = this.#options.region.address + this.#next * cellLength;
      this.#next++;
      const written = this.#options.media.program(cell, address);
      if (written.ok) {
        this.#took(entry, { cells: this.#next, chain });
        return this.#writeHead();
      }
      if (written.error.what !== "verify") return err({ kind: "medium", ...written.error });
      // a cell that was harmed before anything was written there: it is cleared and passed over
      const zeroed = this.#options.media.zero(cellLength, address);
      if (!zeroed.ok) return err({ kind: "medium", ...zeroed.error });
    }
    return err({ kind: "full" });
  }

  /**
   * A block is entered at its first cell: a medium that holds something there where the other one is erased was harmed,
   * and is erased.
   */
  #enterBlock(): Result<void, JournalFault> {
    const { media, region, crypto } = this.#options;
    const { blockLength } = media.geometry;
    const address = region.address + this.#next * cellLength;
    if (address % blockLength !== 0) return ok();
    const images = media.readAll(blockLength, address);
    if (!images.ok) return err({ kind: "medium", ...images.error });
    const harmed = media.active.filter((_, which) => !crypto.isFilled(images.value[which]!, 0xff));
    if (harmed.length === images.value.length) return ok();
    for (const medium of harmed) {
      const erased = media.eraseOne(medium, address / blockLength);
      if (!erased.ok) return err({ kind: "medium", ...erased.error });
    }
    return ok();
  }

  #took(entry: JournalEntry, end: JournalEnd): void {
    this.#before = this.#end;
    this.#end = end;
    this.#count++;
    this.#noteMark();
    const state = dayStates.find((each) => each === entry.event);
    if (state !== undefined) this.#states.add(state);
    if (state !== undefined || entry.event === "checkpoint") this.#isStateSigned = state === undefined;
    this.#entries[events[entry.event].id]!++;
    this.#sinceCheckpoint = entry.event === "checkpoint" ? 0 : this.#sinceCheckpoint + 1;
    this.#tail.push(entry);
    if (this.#tail.length > tailMax) this.#tail.shift();
    if (entry.event === "opened" || entry.event === "paused" || entry.event === "resumed" || entry.event === "closed")
      this.#poll = entry.event;
  }

  #noteMark(): void {
    const { mark, crypto } = this.#options;
    if (mark?.cells === this.#end.cells && crypto.equal(mark.chain, this.#end.chain)) this.#hasMark = true;
  }

  #chainAfter(entry: Uint8Array): Uint8Array {
    return this.#options.crypto.sha256(concat(this.#end.chain, entry)).slice(0, chainLength);
  }

  #check(chain: Uint8Array): Uint8Array {
    const { crypto, key } = this.#options;
    assert(key !== undefined, "who writes the journal has its key");
    return crypto.check(chain, key);
  }

  #writeHead(): Result<void, JournalFault> {
    assert(this.#head !== undefined, "who writes the journal has its key");
    const payload = new Uint8Array(4 + chainLength);
    writeU32(payload, 0, this.#end.cells);
    payload.set(this.#end.chain, 4);
    const written = this.#head.write(payload);
    return written.ok ? ok() : err({ kind: "medium", ...written.error });
  }

  /**
   * What the head says must be what there is. Only the last entry may be missing in it, since the power may have gone
   * between the two.
   */
  #checkHead(): Result<void, JournalFault> {
    if (this.#head === undefined) return ok();
    const found = this.#head.open();
    if (!found.ok) return err({ kind: "medium", ...found.error });
    const settled = this.#head.settle();
    if (!settled.ok) return err({ kind: "medium", ...settled.error });
    const [payload] = found.value;
    if (payload === undefined && this.#count === 0) return ok();
    const isAt = ({ cells, chain }: JournalEnd): boolean =>
      payload === undefined
        ? cells === 0
        : readU32(payload, 0) === cells && this.#options.crypto.equal(payload.subarray(4, 4 + chainLength), chain);
    if (isAt(this.#end)) return ok();
    if (isAt(this.#before)) return this.#writeHead();
    // more entries than it knows of, or others: it was taken back
    const cells = payload === undefined ? 0 : readU32(payload, 0);
    return cells < this.#end.cells
      ? err({ kind: "broken-chain", cell: cells })
      : err({ kind: "cut-off", cell: this.#end.cells });
  }

  #load(): Result<void, JournalFault> {
    const { media, region } = this.#options;
    const perBlock = media.geometry.blockLength / cellLength;
    let isEnd = false;
    let torn = 0;
    let tail: Tail | undefined;
    for (let first = 0; first < this.#cells && !isEnd; first += perBlock) {
      const images = media.readAll(perBlock * cellLength, region.address + first * cellLength);
      if (!images.ok) return err({ kind: "medium", ...images.error });
      const sound = new Uint8Array(perBlock * cellLength).fill(0xff);
      const unsound = new Set<Medium>();
      for (let i = 0; i < perBlock; i++) {
        const cells = images.value.map((image) => image.subarray(i * cellLength, (i + 1) * cellLength));
        const taken = this.#takeEntry(first + i, cells);
        if (!taken.ok) return taken;
        let whole = taken.value;
        if (whole !== undefined) torn = 0;
        else if (!cells.every((cell) => this.#options.crypto.isFilled(cell, 0))) torn++;
        if (whole === undefined) {
          const end = this.#endAt(first + i, images.value, torn);
          if (!end.ok) return end;
          if (end.value !== undefined) {
            for (const medium of end.value) unsound.add(medium);
            isEnd = true;
            break;
          }
          const passed = this.#passOver(first + i, cells);
          if (!passed.ok) return passed;
          whole = new Uint8Array(cellLength);
        }
        this.#next = first + i + 1;
        tail = { whole, block: (region.address + first * cellLength) / media.geometry.blockLength, sound };
        sound.set(whole, i * cellLength);
        for (const [which, cell] of cells.entries()) {
          const completed = this.#complete(media.active[which]!, first + i, cell, whole);
          if (!completed.ok) return err({ kind: "medium", ...completed.error });
          if (!completed.value) unsound.add(media.active[which]!);
        }
      }
      // a cell that a cut or age has harmed on one medium: the block is written anew from what is known to be right
      for (const medium of unsound) {
        const written = media.rewriteBlock(
          medium,
          (region.address + first * cellLength) / media.geometry.blockLength,
          sound,
        );
        if (!written.ok) return err({ kind: "medium", ...written.error });
      }
    }
    const settled = this.#settleTail(tail);
    return settled.ok ? this.#checkHead() : settled;
  }

  /** That continue the chain, up to a block that is erased. */
  #entriesOn(medium: Medium): Result<number, MediumFault> {
    const { media, region, crypto } = this.#options;
    const { blockLength } = media.geometry;
    let count = 0;
    for (let at = 0; at < region.length; at += blockLength) {
      const image = media.read(medium, blockLength, region.address + at);
      if (!image.ok) return image;
      if (crypto.isFilled(image.value, 0xff)) break;
      for (let from = 0; from < blockLength; from += cellLength) {
        const entry = this.#entryOf(image.value.subarray(from, from + cellLength));
        if (entry === undefined) continue;
        this.#took(entry.entry, { cells: (at + from) / cellLength + 1, chain: entry.chain });
        count++;
      }
    }
    return ok(count);
  }

  /** What one medium lacks of a cell is programmed there; false when it cannot become `whole` any more. */
  #complete(medium: Medium, index: number, cell: Uint8Array, whole: Uint8Array): Result<boolean, MediumFault> {
    if (this.#options.crypto.equal(cell, whole) || this.#options.crypto.isFilled(whole, 0)) return ok(true);
    if (!isProgrammable(cell, whole)) return ok(false);
    const written = this.#options.media.programOne(medium, whole, this.#options.region.address + index * cellLength);
    return written.ok || written.error.what === "verify" ? ok(written.ok) : written;
  }

  /** The cell's bytes, when a medium gives an entry that continues the chain. */
  #takeEntry(index: number, read: readonly Uint8Array[]): Result<Uint8Array | undefined, JournalFault> {
    const { media, region, crypto, onEntry } = this.#options;
    if (([0, 0xff] as const).some((value) => read.every((cell) => crypto.isFilled(cell, value)))) return ok(undefined);
    let cells = read;
    // a weak bit reads right nearly always
    for (let attempt = 0; attempt < readsMax; attempt++) {
      for (const cell of cells) {
        const entry = this.#entryOf(cell);
        if (entry === undefined) continue;
        this.#took(entry.entry, { cells: index + 1, chain: entry.chain });
        onEntry?.(entry.entry);
        return ok(cell.slice());
      }
      const again = media.readAll(cellLength, region.address + index * cellLength);
      if (!again.ok) return err({ kind: "medium", ...again.error });
      cells = again.value;
    }
    return ok(undefined);
  }

  /**
   * Whether the journal ends before a cell that gives no entry, and the media whose block is to be written anew since
   * they hold something behind the end where the other one is erased. Undefined: the cell is passed over. `torn`: such
   * cells since the last entry, with this one and without those that are 0.
   */
  #endAt(
    index: number,
    images: readonly Uint8Array[],
    torn: number,
  ): Result<readonly Medium[] | undefined, JournalFault> {
    const { media, crypto } = this.#options;
    const from = (index * cellLength) % images[0]!.length;
    const has =
      (value: 0 | 0xff) =>
      (image: Uint8Array): boolean =>
        crypto.isFilled(image, value, from, from + cellLength);
    if (images.every(has(0))) return ok(undefined);
    const isErased = images.map((image) => crypto.isFilled(image, 0xff, from, image.length));
    const harmed = media.active.filter((_, which) => !isErased[which]);
    const isHarmed = harmed.length < images.length;
    if (images.every(has(0xff))) {
      // entries that are out of their place are evidence, and are left for people
      const isEvidence = (image: Uint8Array): boolean => lastEntry(crypto, image.subarray(from)) !== undefined;
      return ok(isHarmed && !images.some(isEvidence) ? harmed : []);
    }
    const last = this.#lastEntry();
    if (!last.ok) return last;
    if (index < last.value) {
      // one that was passed over once stays so: entries behind it continue the chain without it. Otherwise somebody
      // changed it.
      return images.some(has(0)) ? ok(undefined) : err({ kind: "broken-chain", cell: index });
    }
    if (this.#isForged(images.map((image) => image.subarray(from, from + cellLength))))
      return err({ kind: "broken-chain", cell: index });
    // torn: it was the last thing before a power cut, and nobody has relied on it. A cut tears one cell, and tears it
    // on the first medium before the other is touched; whatever else lies on one of them has not been written here
    return ok(isHarmed && (torn > 1 || isErased[0]) ? harmed : undefined);
  }

  /**
   * The same on both media and of an entry's form: no cut leaves that, since B is not touched before A is whole. With
   * one medium alone it looks like a torn one, and means as little.
   */
  #isForged(cells: readonly Uint8Array[]): boolean {
    const { crypto } = this.#options;
    const [a, b] = cells;
    return a !== undefined && b !== undefined && crypto.equal(a, b) && decodeCell(crypto, a) !== undefined;
  }

  #passOver(index: number, cells: readonly Uint8Array[]): Result<void, JournalFault> {
    const { media, region, crypto } = this.#options;
    if (cells.every((cell) => crypto.isFilled(cell, 0))) return ok();
    const zeroed = media.zero(cellLength, region.address + index * cellLength);
    return zeroed.ok ? ok() : err({ kind: "medium", ...zeroed.error });
  }

  /**
   * The last cell on any medium that looks like an entry, whatever its chain; -1 when there is none. Looked for once in
   * a start.
   */
  #lastEntry(): Result<number, JournalFault> {
    if (this.#last !== undefined) return ok(this.#last);
    const { media, region, crypto } = this.#options;
    const { blockLength } = media.geometry;
    for (let at = region.length - blockLength; at >= 0; at -= blockLength) {
      const images = media.readAll(blockLength, region.address + at);
      if (!images.ok) return err({ kind: "medium", ...images.error });
      const found = Math.max(...images.value.map((image) => lastEntry(crypto, image) ?? -1));
      if (found >= 0) return ok((this.#last = at / cellLength + found));
    }
    return ok((this.#last = -1));
  }

  /**
   * What may have been under program when the power went: the last cell is programmed again. The free one behind it is
   * seen to before it is used.
   */
  #settleTail(tail: Tail | undefined): Result<void, JournalFault> {
    const { media, region } = this.#options;
    this.#isTailOpen = true;
    for (const medium of tail === undefined ? [] : media.active) {
      const programmed = media.programOne(medium, tail!.whole, region.address + (this.#next - 1) * cellLength);
      // harmed since it was read
      const written =
        !programmed.ok && programmed.error.what === "verify"
          ? media.rewriteBlock(medium, tail!.block, tail!.sound)
          : programmed;
      if (!written.ok) return err({ kind: "medium", ...written.error });
    }
    return ok();
  }

  /**
   * The first free cell may only read so: a program may have been cut there. It is cleared and passed over before the
   * first entry of this start, and not at the start itself, so that a terminal whose power comes and goes takes no
   * cells by that.
   */
  #settleFree(): Result<void, JournalFault> {
    if (!this.#isTailOpen) return ok();
    this.#isTailOpen = false;
    if (this.#next >= this.#cells) return ok();
    const { media, region } = this.#options;
    const cleared = media.zero(cellLength, region.address + this.#next++ * cellLength);
    return cleared.ok ? ok() : err({ kind: "medium", ...cleared.error });
  }

  #entryOf(cell: Uint8Array): { readonly entry: JournalEntry; readonly chain: Uint8Array } | undefined {
    const decoded = decodeCell(this.#options.crypto, cell);
    if (decoded === undefined) return undefined;
    const { crypto, key, signKey } = this.#options;
    const chain = this.#chainAfter(decoded.bytes);
    if (key !== undefined && !crypto.equal(cell.subarray(cellLength - checkLength), crypto.check(chain, key)))
      return undefined;
    const { signature } = decoded.entry;
    if (
      signature !== undefined &&
      !crypto.verify(signature, concat(this.#prefix(), this.#end.chain), signKey.publicKey)
    )
      return undefined;
    return { entry: decoded.entry, chain };
  }
}

function encodeEntry({ event, time, detail, merged, signature }: JournalEntry): Uint8Array {
  const kind: EventKind = events[event];
  assert((detail === undefined) === (kind.detail === undefined), `detail of ${event} as the catalogue says`);
  if (merged === undefined) return encodeAs([kind.id, time, detail ?? null, signature ?? null], entryShape);
  return encodeAs([kind.id, time, detail ?? null, merged.count, merged.since], mergedShape);
}

/** Of an event of a voter's session the hour, not the second. */
function rounded<E extends Omit<JournalEntry, "signature">>(entry: E): E {
  if ((events[entry.event] as EventKind).time !== "hour") return entry;
  const hour = (at: number): number => at - (at % 3600);
  const merged = entry.merged && { ...entry.merged, since: hour(entry.merged.since) };
  return { ...entry, time: hour(entry.time), merged };
}

/** What a cell says, whatever its chain. */
function decodeCell(
  crypto: Crypto,
  cell: Uint8Array,
): { readonly entry: JournalEntry; readonly bytes: Uint8Array } | undefined {
  const length = cell[0]!;
  if (length > entryMax || !crypto.isFilled(cell, 0xff, 1 + length, cellLength - checkLength)) return undefined;
  const bytes = cell.slice(1, 1 + length);
  const entry = decodeEntry(bytes);
  return entry === undefined ? undefined : { entry, bytes };
}

/** The last cell of `image` that looks like an entry. */
function lastEntry(crypto: Crypto, image: Uint8Array): number | undefined {
  for (let i = image.length / cellLength - 1; i >= 0; i--) {
    if (decodeCell(crypto, image.subarray(i * cellLength, (i + 1) * cellLength)) !== undefined) return i;
  }
  return undefined;
}

function decodeEntry(bytes: Uint8Array): JournalEntry | undefined {
  const decoded = decodeAs(bytes, entryShape);
  if (decoded.ok) {
    const [id, time, detail, signature] = decoded.value;
    const event = names.get(id);
    return event === undefined
      ? undefined
      : { event, time, detail: detail ?? undefined, signature: signature ?? undefined };
  }
  const merged = decodeAs(bytes, mergedShape);
  if (!merged.ok) return undefined;
  const [id, time, detail, count, since] = merged.value;
  const event = names.get(id);
  return event === undefined
    ? undefined
    : { event, time, detail: detail ?? undefined, merged: { count, since }, signature: undefined };
}

const tailMax = 32;
