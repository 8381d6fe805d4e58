// The journal: strictly ordered, hash-chained, signed at checkpoints, never erased while its election is kept. One cell of 128 bytes an
// entry on each medium: length, CBOR [event, time, detail or null], chain. chain = SHA-256(chain before || entry)[0..16]; the first
// chain is SHA-256("sandogh journal" || election || terminal)[0..16]. A cell torn by a power cut is programmed to zero and skipped.

import { type CborValue, encode } from "../cbor/cbor.js";
import { bytes, decodeAs, nullable, tuple, uint } from "../cbor/shape.js";
import { concat, equalBytes, isFilledWith, utf8, writeU32 } from "../bytes.js";
import type { Crypto } from "../crypto/crypto.js";
import type { Clock } from "../platform.js";
import { type Result, assert, err, ok } from "../result.js";
import { cellLength, type Region } from "../vault/layout.js";
import type { Media, MediumFault } from "../vault/media.js";
import { type EventKind, type EventName, events } from "./events.js";

const chainLength = 16;
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

export type JournalFault = ({ readonly kind: "medium" } & MediumFault) | { readonly kind: "broken-chain"; readonly cell: number } | { readonly kind: "full" };

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

const names = new Map<number, EventName>((Object.keys(events) as EventName[]).map((name) => [events[name].id, name]));
const entryShape = tuple<[number, number, number | null, Uint8Array | null]>(uint(255), uint(0xffff_ffff), nullable(uint(0xffff_ffff)), nullable(bytes(64)));

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
    const written = this.#options.media.program(cell, this.#options.region.address + this.#next * cellLength);
    this.#next++;
    if (!written.ok) return err({ kind: "medium", ...written.error });
    this.#took({ event, time, detail, signature }, chain);
    return ok();
  }

  #took(entry: JournalEntry, chain: Uint8Array): void {
    this.#chain = chain;
    this.#sinceCheckpoint = entry.event === "checkpoint" ? 0 : this.#sinceCheckpoint + 1;
    this.#tail.push(entry);
    if (this.#tail.length > tailMax) this.#tail.shift();
    if (entry.event === "opened" || entry.event === "paused" || entry.event === "resumed" || entry.event === "closed") this.#poll = entry.event;
  }

  #chainAfter(entry: Uint8Array): Uint8Array {
    return this.#options.crypto.sha256(concat(this.#chain, entry)).slice(0, chainLength);
  }

  #load(): Result<void, JournalFault> {
    const { media, region } = this.#options;
    const perRead = 512;
    let end = false;
    for (let first = 0; first < this.#cells && !end; first += perRead) {
      const images: Uint8Array[] = [];
      for (const medium of ["a", "b"] as const) {
        const bytes = media.read(medium, perRead * cellLength, region.address + first * cellLength);
        if (!bytes.ok) return err({ kind: "medium", ...bytes.error });
        images.push(bytes.value);
      }
      for (let i = 0; i < perRead && !end; i++) {
        const cells = images.map((image) => image.subarray(i * cellLength, (i + 1) * cellLength));
        if (cells.every((cell) => isFilledWith(cell, 0xff))) {
          end = true;
          break;
        }
        const settled = this.#loadCell(first + i, cells[0]!, cells[1]!);
        if (!settled.ok) return settled;
        this.#next = first + i + 1;
      }
    }
    return ok();
  }

  #loadCell(index: number, a: Uint8Array, b: Uint8Array): Result<void, JournalFault> {
    const { media, region } = this.#options;
    const address = region.address + index * cellLength;
    if (isFilledWith(a, 0) && isFilledWith(b, 0)) return ok();
    for (const cell of [a, b]) {
      const entry = this.#entryOf(cell);
      if (entry === undefined) continue;
      // on one medium alone: the power went before the other had it
      if (!equalBytes(a, b)) {
        const written = media.programOne(cell === a ? "b" : "a", cell, address);
        if (!written.ok) return err({ kind: "medium", ...written.error });
      }
      this.#took(entry.entry, entry.chain);
      this.#options.onEntry?.(entry.entry);
      return ok();
    }
    // torn on A before B was touched: it was the last thing before a power cut, and nobody has relied on it
    if (!isFilledWith(b, 0xff) && !isFilledWith(b, 0) && !isFilledWith(a, 0)) return err({ kind: "broken-chain", cell: index });
    const zeroed = media.zero(cellLength, address);
    return zeroed.ok ? ok() : err({ kind: "medium", ...zeroed.error });
  }

  #entryOf(cell: Uint8Array): { readonly entry: JournalEntry; readonly chain: Uint8Array } | undefined {
    const length = cell[0]!;
    if (length > entryMax || !isFilledWith(cell.subarray(1 + length, cellLength - chainLength), 0xff)) return undefined;
    const bytes = cell.slice(1, 1 + length);
    const chain = this.#chainAfter(bytes);
    if (!equalBytes(cell.subarray(cellLength - chainLength), chain)) return undefined;
    const decoded = decodeAs(bytes, entryShape);
    if (!decoded.ok) return undefined;
    const [id, time, detail, signature] = decoded.value;
    const event = names.get(id);
    if (event === undefined) return undefined;
    if (signature !== null && !this.#options.crypto.verify(signature, concat(this.#prefix(), this.#chain), this.#options.signKey.publicKey)) return undefined;
    return { entry: { event, time, detail: detail ?? undefined, signature: signature ?? undefined }, chain };
  }
}

const tailMax = 32;

