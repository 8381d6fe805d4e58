// The journal: strictly ordered, hash-chained, signed at checkpoints, never erased while its election is kept. One cell
// of 128 bytes an entry on each medium: length, CBOR [event, time, detail or null], chain. chain = SHA-256(chain before
// || entry)[0..16]; the first chain is SHA-256("sandogh journal" || election || terminal)[0..16]. A cell torn by a
// power cut is programmed to zero and skipped.

import { type CborValue, encode } from "../cbor/cbor.js";
import { bytes, decodeAs, nullable, tuple, uint } from "../cbor/shape.js";
import { concat, isProgrammable, utf8, writeU32 } from "../bytes.js";
import type { Crypto } from "../crypto/crypto.js";
import type { Clock } from "../platform.js";
import { type Result, assert, err, ok } from "../result.js";
import type { Region } from "../storage/media.js";
import type { Media, Medium, MediumFault } from "../storage/media.js";
import { type EventKind, type EventName, events } from "./events.js";

/** Bytes of a cell. */
export const cellLength = 128;
const chainLength = 16;
/** Cells that may be passed over for one entry. */
const cellAttemptsMax = 4;
/** How often a cell that does not verify is read again. */
const readsMax = 4;
const entryMax = cellLength - chainLength - 1;
/** An unsigned stretch is never longer. */
const checkpointEvery = 64;

export interface JournalEntry {
  readonly event: EventName;
  /** Seconds since 1970 UTC, rounded down to the hour where the event belongs to a voter's session. */
  readonly time: number;
  readonly detail: number | undefined;
  /** On checkpoints: Ed25519 over "sandogh journal" || election || terminal || chain before. */
  readonly signature: Uint8Array | undefined;
}

export type JournalFault =
  | ({ readonly kind: "medium" } & MediumFault)
  | { readonly kind: "broken-chain"; readonly cell: number }
  | { readonly kind: "full" };

interface JournalOptions {
  readonly crypto: Crypto;
  readonly media: Media;
  readonly region: Region;
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
const entryShape = tuple<[number, number, number | null, Uint8Array | null]>(
  uint(255),
  uint(0xffff_ffff),
  nullable(uint(0xffff_ffff)),
  nullable(bytes(64)),
);

export class Journal {
  readonly #options: JournalOptions;
  readonly #cells: number;
  #next = 0;
  #chain: Uint8Array;
  #sinceCheckpoint = 0;
  /** The newest entries, for people who look. */
  readonly #tail: JournalEntry[] = [];
  #poll: "opened" | "paused" | "resumed" | "closed" | undefined;

  private constructor(options: JournalOptions) {
    this.#options = options;
    this.#cells = options.region.length / cellLength;
    this.#chain = options.crypto.sha256(this.#prefix()).slice(0, chainLength);
  }

  /** Reads and checks the whole journal. */
  static open(options: JournalOptions): Result<Journal, JournalFault> {
    const journal = new Journal(options);
    const read = journal.#load();
    return read.ok ? ok(journal) : read;
  }

  /** The last of opened, paused, resumed, closed: the state of the polls. */
  get poll(): "opened" | "paused" | "resumed" | "closed" | undefined {
    return this.#poll;
  }

  get tail(): readonly JournalEntry[] {
    return this.#tail;
  }

  /** Cells left, for the warning and the refusal before a limit. */
  get room(): number {
    return this.#cells - this.#next;
  }

  /** Appends on A, then B; durable when it returns. */
  append(event: EventName, detail?: number): Result<void, JournalFault> {
    const written = this.#write(event, detail, undefined);
    if (!written.ok) return written;
    const signsNow = event === "opened" || event === "closed" || this.#sinceCheckpoint >= checkpointEvery;
    return signsNow ? this.checkpoint() : written;
  }

  checkpoint(): Result<void, JournalFault> {
    const { crypto, signKey } = this.#options;
    return this.#write("checkpoint", undefined, crypto.sign(concat(this.#prefix(), this.#chain), signKey.secretKey));
  }

  #prefix(): Uint8Array {
    const terminal = new Uint8Array(4);
    writeU32(terminal, 0, this.#options.terminal);
    return concat(utf8("sandogh journal"), this.#options.election, terminal);
  }

  #write(event: EventName, detail: number | undefined, signature: Uint8Array | undefined): Result<void, JournalFault> {
    if (this.#next >= this.#cells) return err({ kind: "full" });
    const kind: EventKind = events[event];
    assert((detail === undefined) === (kind.detail === undefined), `detail of ${event} as the catalogue says`);
    const now = Math.max(0, Math.floor(this.#options.clock.wall()));
    const time = kind.time === "hour" ? now - (now % 3600) : now;
    const entry = encode([kind.id, time, detail ?? null, signature ?? null] as readonly CborValue[]);
    assert(entry.length <= entryMax, "journal entry fits its cell");
    const cell = new Uint8Array(cellLength).fill(0xff);
    cell[0] = entry.length;
    cell.set(entry, 1);
    const chain = this.#chainAfter(entry);
    cell.set(chain, cellLength - chainLength);
    for (let attempt = 0; attempt < cellAttemptsMax && this.#next < this.#cells; attempt++) {
      const address = this.#options.region.address + this.#next * cellLength;
      this.#next++;
      const written = this.#options.media.program(cell, address);
      if (written.ok) {
        this.#took({ event, time, detail, signature }, chain);
        return ok();
      }
      if (written.error.what !== "verify") return err({ kind: "medium", ...written.error });
      // a cell that was harmed before anything was written there: it is cleared and passed over
      const zeroed = this.#options.media.zero(cellLength, address);
      if (!zeroed.ok) return err({ kind: "medium", ...zeroed.error });
    }
    return err({ kind: "full" });
  }

  #took(entry: JournalEntry, chain: Uint8Array): void {
    this.#chain = chain;
    this.#sinceCheckpoint = entry.event === "checkpoint" ? 0 : this.#sinceCheckpoint + 1;
    this.#tail.push(entry);
    if (this.#tail.length > tailMax) this.#tail.shift();
    if (entry.event === "opened" || entry.event === "paused" || entry.event === "resumed" || entry.event === "closed")
      this.#poll = entry.event;
  }

  #chainAfter(entry: Uint8Array): Uint8Array {
    return this.#options.crypto.sha256(concat(this.#chain, entry)).slice(0, chainLength);
  }

  #load(): Result<void, JournalFault> {
    const { media, region } = this.#options;
    const perBlock = media.geometry.blockLength / cellLength;
    let isEnd = false;
    let tail: Tail | undefined;
    for (let first = 0; first < this.#cells && !isEnd; first += perBlock) {
      const images = media.readAll(perBlock * cellLength, region.address + first * cellLength);
      if (!images.ok) return err({ kind: "medium", ...images.error });
      const sound = new Uint8Array(perBlock * cellLength).fill(0xff);
      const unsound = new Set<Medium>();
      for (let i = 0; i < perBlock; i++) {
        const cells = images.value.map((image) => image.subarray(i * cellLength, (i + 1) * cellLength));
        if (cells.every((cell) => this.#options.crypto.isFilled(cell, 0xff))) {
          isEnd = true;
          break;
        }
        const loaded = this.#loadCell(first + i, cells);
        if (!loaded.ok) return loaded;
        this.#next = first + i + 1;
        tail = {
          whole: loaded.value,
          block: (region.address + first * cellLength) / media.geometry.blockLength,
          sound,
        };
        sound.set(loaded.value, i * cellLength);
        for (const [which, cell] of cells.entries()) {
          const completed = this.#complete(media.active[which]!, first + i, cell, loaded.value);
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
    return this.#settleTail(tail);
  }

  /** What one medium lacks of a cell is programmed there; false when it cannot become `whole` any more. */
  #complete(medium: Medium, index: number, cell: Uint8Array, whole: Uint8Array): Result<boolean, MediumFault> {
    if (this.#options.crypto.equal(cell, whole) || this.#options.crypto.isFilled(whole, 0)) return ok(true);
    if (!isProgrammable(cell, whole)) return ok(false);
    const written = this.#options.media.programOne(medium, whole, this.#options.region.address + index * cellLength);
    return written.ok || written.error.what === "verify" ? ok(written.ok) : written;
  }

  /** What the cell is to hold: an entry, or zeros for one that was torn. */
  #loadCell(index: number, read: readonly Uint8Array[]): Result<Uint8Array, JournalFault> {
    const { media, region } = this.#options;
    const address = region.address + index * cellLength;
    const zeros = new Uint8Array(cellLength);
    if (read.every((cell) => this.#options.crypto.isFilled(cell, 0))) return ok(zeros);
    let cells = read;
    // a weak bit reads right nearly always
    for (let attempt = 0; attempt < readsMax; attempt++) {
      for (const cell of cells) {
        const entry = this.#entryOf(cell);
        if (entry === undefined) continue;
        this.#took(entry.entry, entry.chain);
        this.#options.onEntry?.(entry.entry);
        return ok(cell.slice());
      }
      const again = media.readAll(cellLength, address);
      if (!again.ok) return err({ kind: "medium", ...again.error });
      cells = again.value;
    }
    // one that was passed over once stays so: entries behind it continue the chain without it
    if (!read.some((cell) => this.#options.crypto.isFilled(cell, 0))) {
      // torn: it was the last thing before a power cut, and nobody has relied on it. With an entry behind it, somebody
      // changed it.
      const isLast = this.#nothingBehind(index);
      if (!isLast.ok) return isLast;
      if (!isLast.value) return err({ kind: "broken-chain", cell: index });
    }
    const zeroed = media.zero(cellLength, address);
    return zeroed.ok ? ok(zeros) : err({ kind: "medium", ...zeroed.error });
  }

  /** No cell behind this one looks like an entry, whatever its chain. */
  #nothingBehind(index: number): Result<boolean, JournalFault> {
    const { media, region } = this.#options;
    const perRead = media.geometry.blockLength / cellLength;
    for (let first = index + 1; first < this.#cells; first += perRead) {
      const count = Math.min(perRead, this.#cells - first);
      const images = media.readAll(count * cellLength, region.address + first * cellLength);
      if (!images.ok) return err({ kind: "medium", ...images.error });
      for (const image of images.value) {
        for (let i = 0; i < count; i++)
          if (decodeCell(this.#options.crypto, image.subarray(i * cellLength, (i + 1) * cellLength)) !== undefined)
            return ok(false);
      }
    }
    return ok(true);
  }

  /**
   * What may have been under program when the power went: the last cell is programmed again, and the first free one,
   * which may only read so, is cleared and passed over.
   */
  #settleTail(tail: Tail | undefined): Result<void, JournalFault> {
    const { media, region } = this.#options;
    const address = (index: number): number => region.address + index * cellLength;
    for (const medium of tail === undefined ? [] : media.active) {
      const programmed = media.programOne(medium, tail!.whole, address(this.#next - 1));
      // harmed since it was read
      const written =
        !programmed.ok && programmed.error.what === "verify"
          ? media.rewriteBlock(medium, tail!.block, tail!.sound)
          : programmed;
      if (!written.ok) return err({ kind: "medium", ...written.error });
    }
    if (this.#next >= this.#cells) return ok();
    const cleared = media.zero(cellLength, address(this.#next++));
    return cleared.ok ? ok() : err({ kind: "medium", ...cleared.error });
  }

  #entryOf(cell: Uint8Array): { readonly entry: JournalEntry; readonly chain: Uint8Array } | undefined {
    const decoded = decodeCell(this.#options.crypto, cell);
    if (decoded === undefined) return undefined;
    const chain = this.#chainAfter(decoded.bytes);
    if (!this.#options.crypto.equal(cell.subarray(cellLength - chainLength), chain)) return undefined;
    const { signature } = decoded.entry;
    if (
      signature !== undefined &&
      !this.#options.crypto.verify(signature, concat(this.#prefix(), this.#chain), this.#options.signKey.publicKey)
    )
      return undefined;
    return { entry: decoded.entry, chain };
  }
}

/** What a cell says, whatever its chain. */
function decodeCell(
  crypto: Crypto,
  cell: Uint8Array,
): { readonly entry: JournalEntry; readonly bytes: Uint8Array } | undefined {
  const length = cell[0]!;
  if (length > entryMax || !crypto.isFilled(cell, 0xff, 1 + length, cellLength - chainLength)) return undefined;
  const bytes = cell.slice(1, 1 + length);
  const decoded = decodeAs(bytes, entryShape);
  if (!decoded.ok) return undefined;
  const [id, time, detail, signature] = decoded.value;
  const event = names.get(id);
  if (event === undefined) return undefined;
  return { entry: { event, time, detail: detail ?? undefined, signature: signature ?? undefined }, bytes };
}

const tailMax = 32;
