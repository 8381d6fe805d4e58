// A raw serial NOR flash chip, as Winbond W25Q64JV (8 MiB) or W25Q128JV (16 MiB): 256-byte pages, 4 KiB sectors.
// The one model of flash for the desktop host, the emulated board and the crash campaigns.
//
// FAULTS
// - Power can go at any operation: `onOperation` is asked before each one; it may have a part of it done by `tear` and then
//   throw PowerCut, which the harness turns into the end of the terminal's process. A torn program leaves any subset of the
//   page's bits done. A torn erase has either zeroed the block from its end (real parts program before they erase), or left a
//   random part of the cells erased.
// - The chip can be absent (`present = false`): reads give undefined, programs and erases give false, and nothing changes.
// - Programming a 0 back to 1 is no fault of the chip: the cell stays 0. But firmware that asks for it relies on something that
//   flash does not do, so it is counted in `misuses` and reported through `onMisuse`.
// Not modelled yet: weak bits, wear, harm to a whole sector by a cut, retention, a chip that lies.

import { closeSync, existsSync, fstatSync, openSync, readSync, writeSync } from "node:fs";

export type NorOperation =
  | { readonly kind: "read"; readonly address: number; readonly length: number }
  /** Within one page. */
  | { readonly kind: "program"; readonly address: number; readonly data: Uint8Array }
  | { readonly kind: "erase"; readonly block: number };

/** Thrown by an `onOperation` hook: the chip lost power in the middle of an operation. */
export class PowerCut extends Error {
  override get name(): string {
    return "PowerCut";
  }
}

/** A number in [0, 1). */
export type Chance = () => number;

export interface NorOptions {
  /** bytes, a multiple of blockLength */
  readonly size: number;
  /** bytes that one erase clears; 4096 by default */
  readonly blockLength?: number;
  /** bytes that one program operation can reach; 256 by default */
  readonly pageLength?: number;
  /** Kept equal to the chip after every operation. Opened when it exists (its size must fit), else made erased. */
  readonly file?: string;
  readonly onOperation?: (operation: NorOperation) => void;
  readonly onMisuse?: (what: string) => void;
}

export interface NorCounters {
  reads: number;
  bytesRead: number;
  programs: number;
  bytesProgrammed: number;
  erases: number;
  misuses: number;
}

export class NorChip {
  readonly size: number;
  readonly blockLength: number;
  readonly pageLength: number;
  /** What the cells hold; for images, tests and the bench. */
  readonly cells: Uint8Array;
  readonly counters: NorCounters = { reads: 0, bytesRead: 0, programs: 0, bytesProgrammed: 0, erases: 0, misuses: 0 };
  present = true;
  onOperation: ((operation: NorOperation) => void) | undefined;
  onMisuse: ((what: string) => void) | undefined;
  #file: number | undefined;

  constructor(options: NorOptions) {
    this.size = options.size;
    this.blockLength = options.blockLength ?? 4096;
    this.pageLength = options.pageLength ?? 256;
    this.onOperation = options.onOperation;
    this.onMisuse = options.onMisuse;
    if (!Number.isInteger(this.size) || this.size <= 0 || this.size % this.blockLength !== 0 || this.blockLength % this.pageLength !== 0) {
      throw new RangeError(`NOR geometry: ${this.size} bytes, blocks of ${this.blockLength}, pages of ${this.pageLength}`);
    }
    this.cells = new Uint8Array(this.size).fill(0xff);
    if (options.file !== undefined) this.#open(options.file);
  }

  status(): { size: number; blocks: number; blockLength: number } | undefined {
    if (!this.present) return undefined;
    return { size: this.size, blocks: this.size / this.blockLength, blockLength: this.blockLength };
  }

  read(length: number, address: number): Uint8Array | undefined {
    this.#check(address, length);
    if (!this.present) return undefined;
    this.onOperation?.({ kind: "read", address, length });
    this.counters.reads++;
    this.counters.bytesRead += length;
    return this.cells.slice(address, address + length);
  }

  /** One operation for each page that `data` touches. */
  program(address: number, data: Uint8Array): boolean {
    this.#check(address, data.length);
    if (!this.present) return false;
    for (let at = 0; at < data.length; ) {
      const start = address + at;
      const length = Math.min(this.pageLength - (start % this.pageLength), data.length - at);
      const page = data.subarray(at, at + length);
      this.onOperation?.({ kind: "program", address: start, data: page });
      this.#countMisuse(start, page);
      for (let i = 0; i < length; i++) this.cells[start + i]! &= page[i]!;
      this.#keep(start, length);
      this.counters.programs++;
      this.counters.bytesProgrammed += length;
      at += length;
    }
    return true;
  }

  erase(block: number): boolean {
    if (!Number.isInteger(block) || block < 0 || block >= this.size / this.blockLength) throw new RangeError(`NOR erase of block ${block}`);
    if (!this.present) return false;
    this.onOperation?.({ kind: "erase", block });
    const start = block * this.blockLength;
    this.cells.fill(0xff, start, start + this.blockLength);
    this.#keep(start, this.blockLength);
    this.counters.erases++;
    return true;
  }

  /** Does a random part of an operation, as power that goes in the middle of it does. For `onOperation` hooks. */
  tear(operation: NorOperation, chance: Chance): void {
    if (operation.kind === "read") return;
    if (operation.kind === "program") {
      const { address, data } = operation;
      const done = chance();
      for (let i = 0; i < data.length; i++) {
        let cleared = 0;
        for (let bit = 1; bit < 256; bit <<= 1) if (chance() < done) cleared |= bit;
        this.cells[address + i]! &= data[i]! | (~cleared & 0xff);
      }
      this.#keep(address, data.length);
      return;
    }
    const start = operation.block * this.blockLength;
    if (chance() < 0.5) {
      const from = start + Math.floor(chance() * (this.blockLength + 1));
      this.cells.fill(0, from, start + this.blockLength);
    } else {
      const done = chance();
      for (let i = start; i < start + this.blockLength; i++) {
        for (let bit = 1; bit < 256; bit <<= 1) if (chance() < done) this.cells[i]! |= bit;
      }
    }
    this.#keep(start, this.blockLength);
  }

  /** Idempotent; the cells can still be read in memory. */
  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  #open(path: string): void {
    const old = existsSync(path);
    const file = openSync(path, old ? "r+" : "w+");
    this.#file = file;
    if (!old) {
      this.#keep(0, this.size);
      return;
    }
    const length = fstatSync(file).size;
    if (length !== this.size) {
      this.close();
      throw new RangeError(`NOR image ${path} has ${length} bytes, the chip ${this.size}`);
    }
    for (let at = 0; at < this.size; ) {
      const got = readSync(file, this.cells, at, this.size - at, at);
      if (got === 0) throw new RangeError(`NOR image ${path} ends at ${at}`);
      at += got;
    }
  }

  #keep(start: number, length: number): void {
    if (this.#file === undefined) return;
    for (let at = start; at < start + length; ) at += writeSync(this.#file, this.cells, at, start + length - at, at);
  }

  #countMisuse(address: number, data: Uint8Array): void {
    for (let i = 0; i < data.length; i++) {
      const wanted = data[i]!;
      const cell = this.cells[address + i]!;
      if ((wanted & ~cell) !== 0) {
        this.counters.misuses++;
        this.onMisuse?.(`program 0x${wanted.toString(16)} over 0x${cell.toString(16)} at 0x${(address + i).toString(16)}`);
        return;
      }
    }
  }

  #check(address: number, length: number): void {
    if (!Number.isInteger(address) || !Number.isInteger(length) || address < 0 || length < 0 || address + length > this.size) {
      throw new RangeError(`NOR: ${length} bytes at ${address} of ${this.size}`);
    }
  }
}
