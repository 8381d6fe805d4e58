// A raw serial NOR flash chip, as Winbond W25Q64JV (8 MiB) or W25Q128JV (16 MiB): 256-byte pages, 4 KiB sectors.
// The one model of flash for the desktop host, the emulated board and the crash campaigns.
//
// FAULTS
// - Power can go at any operation: `onOperation` is asked before each one; it may have a part of it done by `tear` and then throw
//   PowerCut, which the harness turns into the end of the terminal's process. What a cut leaves behind (the `Tear` kinds):
//   a torn program has any subset of the page's bits done; a torn erase has zeroed the block from its end (real parts program before they
//   erase), or raised a random part of the cells, or left cells that read erased and are not. A cut can also harm other pages of its sector
//   (SST26 and others warn of it).
// - Weak bits: a cell whose program or erase was cut reads right nearly always and flips with a probability at each read. It stays so across
//   power cycles until it is programmed again (to 0: it then is a 0) or its block is erased in full.
// - Disturb: reads and programs can pull other cells of their sector from 1 to 0, with a probability for each operation.
// - Bit rot: `rot` flips stored bits.
// - Stuck bits (`stick`) keep their value whatever is done.
// - A chip that lies: programs or erases that report success and do nothing (`ignore`), that report failure (`fail`), that reach
//   another page than the one addressed (`misaddress`).
// - Wear: a block erased more often than `endurance` gets stuck bits, more with each further erase.
// - The chip can be absent (`present = false`): reads give undefined, programs and erases give false, and nothing changes.
// - Programming a 0 back to 1 is no fault of the chip: the cell stays 0. But firmware that asks for it relies on something that flash does not
//   do, so it is counted in `misuses` and reported through `onMisuse`.
// - Time: every operation adds to `elapsedUs` what a W25Q64JV typically takes (page program 0.4 ms, sector erase 45 ms, reads at
//   50 MHz on one line).
// Everything random comes from the `chance` handed in, so a seed replays it. Weak and stuck cells are not kept in the
// file.

import { type NorPart, NorRegisters, norPartOfSize } from "./nor-part.js";
import { closeSync, existsSync, fstatSync, openSync, readSync, writeSync } from "node:fs";
import type { Flash } from "../firmware/platform.js";

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

/** What a cut in the middle of an operation leaves. */
export type Tear =
  /** Each bit that the operation would change is changed with this probability. */
  | { readonly kind: "subset"; readonly done: number }
  /**
   * Program: the bytes from..to-1 of the data are done, the others not begun. Erase: the block is zero from `from` on,
   * as it was before.
   */
  | { readonly kind: "bytes"; readonly from: number; readonly to: number }
  /** Everything reads as if it were done, and every bit it changed is weak. */
  | { readonly kind: "done-weak" }
  /** Everything reads as if nothing were done, and every bit it would have changed is weak. */
  | { readonly kind: "undone-weak" };

export interface TearOptions {
  /** Share of the bits being changed that are left weak, besides those of the weak kinds. */
  readonly weakShare?: number;
  /** How often a weak bit flips at a read. */
  readonly flip?: number;
  /** Bits harmed elsewhere in the sector. */
  readonly harmed?: number;
}

export interface NorOptions {
  /** Winbond's of this size when absent. */
  readonly part?: NorPart;
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
  /** For flips of weak bits, disturb and wear; without it they do not happen. */
  readonly chance?: Chance;
  /** Probability that a read or program pulls one random cell of its sector from 1 to 0. */
  readonly disturb?: number;
  /** Erases of a block before it begins to wear out. */
  readonly endurance?: number;
}

/** Typical times of a W25Q64JV (data sheet, AC characteristics), in microseconds. */
const programUs = 400;
const eraseUs = 45_000;
const readBytesPerUs = 6.25;

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
  /** Its bus side. */
  readonly registers: NorRegisters;
  /** What the cells hold; for images, tests and the bench. */
  readonly cells: Uint8Array;
  readonly counters: NorCounters = { reads: 0, bytesRead: 0, programs: 0, bytesProgrammed: 0, erases: 0, misuses: 0 };
  present = true;
  /** The next so many programs and erases report success and do nothing. */
  ignore = 0;
  /** The next so many programs and erases report failure and do nothing. */
  fail = 0;
  /** Added to the address of the next program, which is then forgotten. */
  misaddress = 0;
  /** Typical time of all operations so far. */
  elapsedUs = 0;
  /** Erases of each block. */
  readonly wear: Uint32Array;
  readonly #chance: Chance | undefined;
  readonly #disturb: number;
  readonly #endurance: number;
  /** By block: bit address -> probability of a flip at a read. */
  readonly #weak = new Map<number, Map<number, number>>();
  /** Bit address -> the value it keeps. */
  readonly #stuck = new Map<number, 0 | 1>();
  onOperation: ((operation: NorOperation) => void) | undefined;
  onMisuse: ((what: string) => void) | undefined;
  #file: number | undefined;

  constructor(options: NorOptions) {
    this.size = options.size;
    this.blockLength = options.blockLength ?? 4096;
    this.registers = new NorRegisters(options.part ?? norPartOfSize(options.size));
    this.pageLength = options.pageLength ?? 256;
    this.onOperation = options.onOperation;
    this.onMisuse = options.onMisuse;
    if (
      !Number.isInteger(this.size) ||
      this.size <= 0 ||
      this.size % this.blockLength !== 0 ||
      this.blockLength % this.pageLength !== 0
    ) {
      throw new RangeError(
        `NOR geometry: ${this.size} bytes, blocks of ${this.blockLength}, pages of ${this.pageLength}`,
      );
    }
    this.cells = new Uint8Array(this.size).fill(0xff);
    this.wear = new Uint32Array(this.size / this.blockLength);
    this.#chance = options.chance;
    this.#disturb = options.disturb ?? 0;
    this.#endurance = options.endurance ?? Infinity;
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
    this.elapsedUs += length / readBytesPerUs;
    const bytes = this.cells.slice(address, address + length);
    this.#flipWeak(bytes, address);
    this.#disturbSector(address);
    return bytes;
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
      this.elapsedUs += programUs;
      this.counters.programs++;
      this.counters.bytesProgrammed += length;
      at += length;
      if (this.#lies()) continue;
      if (this.fail > 0) {
        this.fail--;
        return false;
      }
      const reached = (start + this.misaddress) % this.size;
      this.misaddress = 0;
      this.#countMisuse(reached, page);
      this.#clear(reached, page);
    }
    return true;
  }

  erase(block: number): boolean {
    if (!Number.isInteger(block) || block < 0 || block >= this.size / this.blockLength)
      throw new RangeError(`NOR erase of block ${block}`);
    if (!this.present) return false;
    this.onOperation?.({ kind: "erase", block });
    this.elapsedUs += eraseUs;
    this.counters.erases++;
    if (this.#lies()) return true;
    if (this.fail > 0) {
      this.fail--;
      return false;
    }
    const start = block * this.blockLength;
    this.cells.fill(0xff, start, start + this.blockLength);
    this.#weak.delete(block);
    this.#wearOut(block);
    this.#hold(start, this.blockLength);
    this.#keep(start, this.blockLength);
    return true;
  }

  /**
   * A cell that flips with this probability at each read, until it is programmed again or its block is erased. bit: 0 =
   * least significant.
   */
  weaken(address: number, bit: number, flip: number): void {
    const block = Math.floor(address / this.blockLength);
    let weak = this.#weak.get(block);
    if (weak === undefined) this.#weak.set(block, (weak = new Map<number, number>()));
    weak.set(address * 8 + bit, flip);
  }

  /**
   * The chip as new, holding `cells`: for campaigns that try many faults on one state. `blocks`: only these are known
   * to differ from `cells`.
   */
  restore(cells: Uint8Array, blocks?: Iterable<number>): void {
    this.#weak.clear();
    this.#stuck.clear();
    if (blocks === undefined) {
      this.cells.set(cells);
      this.#keep(0, this.size);
      return;
    }
    for (const block of blocks) {
      const start = block * this.blockLength;
      this.cells.set(cells.subarray(start, start + this.blockLength), start);
      this.#keep(start, this.blockLength);
    }
  }

  /** Power lost: what a chip keeps in its cells stays. */
  powerOff(): void {
    this.registers.reset();
  }

  get weakBits(): number {
    return this.weakBitsIn(0, this.size);
  }

  /** Of a range of whole blocks. */
  weakBitsIn(address: number, length: number): number {
    let count = 0;
    for (const [block, weak] of this.#weak)
      if (block * this.blockLength >= address && block * this.blockLength < address + length) count += weak.size;
    return count;
  }

  stick(address: number, bit: number, value: 0 | 1): void {
    this.#stuck.set(address * 8 + bit, value);
    this.#hold(address, 1);
    this.#keep(address, 1);
  }

  /** Flips `count` random bits of a range, as years do. */
  rot(address: number, length: number, count: number, chance: Chance): void {
    for (let i = 0; i < count; i++) {
      const at = address + Math.floor(chance() * length);
      this.cells[at]! ^= 1 << Math.floor(chance() * 8);
      this.#hold(at, 1);
      this.#keep(at, 1);
    }
  }

  /** Does what a cut leaves of an operation, for `onOperation` hooks; a random kind when none is given. */
  tear(operation: NorOperation, chance: Chance, tear?: Tear, options: TearOptions = {}): void {
    if (operation.kind === "read") return;
    const start = operation.kind === "program" ? operation.address : operation.block * this.blockLength;
    const length = operation.kind === "program" ? operation.data.length : this.blockLength;
    const kind = tear ?? randomTear(operation.kind, length, chance);
    const flip = options.flip ?? 0;
    const weakShare = options.weakShare ?? 0;
    for (let i = 0; i < length; i++) {
      const before = this.cells[start + i]!;
      const target = operation.kind === "program" ? before & operation.data[i]! : 0xff;
      if (kind.kind === "bytes" && operation.kind === "erase") {
        if (i >= kind.from) this.cells[start + i] = 0;
        continue;
      }
      for (let changing = before ^ target; changing !== 0; changing &= changing - 1) {
        const bit = 31 - Math.clz32(changing & -changing);
        const done =
          kind.kind === "subset"
            ? chance() < kind.done
            : kind.kind === "bytes"
              ? i >= kind.from && i < kind.to
              : kind.kind === "done-weak";
        if (done) this.cells[start + i]! ^= 1 << bit;
        const isWeak =
          kind.kind === "done-weak" || kind.kind === "undone-weak" || (weakShare > 0 && chance() < weakShare);
        if (isWeak && flip > 0) this.weaken(start + i, bit, flip);
      }
    }
    this.#harm(start, options.harmed ?? 0, flip, chance);
    this.#hold(start, length);
    this.#keep(start, length);
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

  /** Programs one page: 1 -> 0, which also makes a weak cell a sound 0. */
  #clear(start: number, page: Uint8Array): void {
    const weak = this.#weak.get(Math.floor(start / this.blockLength));
    for (let i = 0; i < page.length; i++) {
      this.cells[start + i]! &= page[i]!;
      if (weak !== undefined)
        for (let bit = 0; bit < 8; bit++) if ((page[i]! & (1 << bit)) === 0) weak.delete((start + i) * 8 + bit);
    }
    this.#disturbSector(start);
    this.#hold(start, page.length);
    this.#keep(start, page.length);
  }

  #lies(): boolean {
    if (this.ignore === 0) return false;
    this.ignore--;
    return true;
  }

  #flipWeak(bytes: Uint8Array, address: number): void {
    const chance = this.#chance;
    if (this.#weak.size === 0 || chance === undefined) return;
    const last = Math.floor((address + bytes.length - 1) / this.blockLength);
    for (let block = Math.floor(address / this.blockLength); block <= last; block++) {
      for (const [bit, flip] of this.#weak.get(block) ?? []) {
        const at = (bit >> 3) - address;
        if (at >= 0 && at < bytes.length && chance() < flip) bytes[at]! ^= 1 << (bit & 7);
      }
    }
  }

  #disturbSector(address: number): void {
    const chance = this.#chance;
    if (this.#disturb === 0 || chance === undefined || chance() >= this.#disturb) return;
    const at = address - (address % this.blockLength) + Math.floor(chance() * this.blockLength);
    this.cells[at]! &= ~(1 << Math.floor(chance() * 8));
    this.#hold(at, 1);
    this.#keep(at, 1);
  }

  /** A cut harms cells elsewhere in its sector: pulled to 0, or weak. */
  #harm(start: number, count: number, flip: number, chance: Chance): void {
    const sector = start - (start % this.blockLength);
    for (let i = 0; i < count; i++) {
      const at = sector + Math.floor(chance() * this.blockLength);
      const bit = Math.floor(chance() * 8);
      if (flip > 0 && chance() < 0.5) this.weaken(at, bit, flip);
      else this.cells[at]! &= ~(1 << bit);
      this.#hold(at, 1);
      this.#keep(at, 1);
    }
  }

  #wearOut(block: number): void {
    const erases = ++this.wear[block]!;
    const chance = this.#chance;
    if (erases <= this.#endurance || chance === undefined) return;
    this.#stuck.set(
      (block * this.blockLength + Math.floor(chance() * this.blockLength)) * 8 + Math.floor(chance() * 8),
      0,
    );
  }

  /** Stuck cells win over everything. */
  #hold(start: number, length: number): void {
    for (const [bit, value] of this.#stuck) {
      const at = bit >> 3;
      if (at < start || at >= start + length) continue;
      if (value === 1) this.cells[at]! |= 1 << (bit & 7);
      else this.cells[at]! &= ~(1 << (bit & 7));
    }
  }

  #countMisuse(address: number, data: Uint8Array): void {
    for (let i = 0; i < data.length; i++) {
      const wanted = data[i]!;
      const cell = this.cells[address + i]!;
      if ((wanted & ~cell) !== 0) {
        this.counters.misuses++;
        this.onMisuse?.(
          `program 0x${wanted.toString(16)} over 0x${cell.toString(16)} at 0x${(address + i).toString(16)}`,
        );
        return;
      }
    }
  }

  #check(address: number, length: number): void {
    if (
      !Number.isInteger(address) ||
      !Number.isInteger(length) ||
      address < 0 ||
      length < 0 ||
      address + length > this.size
    ) {
      throw new RangeError(`NOR: ${length} bytes at ${address} of ${this.size}`);
    }
  }
}

/** The chip as firmware has it (firmware/platform.ts), in this process. */
export function flashOf(chip: NorChip): Flash {
  return {
    read: (length, address) => chip.read(length, address),
    write: (data, address) => chip.program(address, data),
    eraseBlock: (block) => chip.erase(block),
    status: () => chip.status(),
  };
}

function randomTear(kind: "program" | "erase", length: number, chance: Chance): Tear {
  if (kind === "program" || chance() < 0.5) return { kind: "subset", done: chance() };
  return { kind: "bytes", from: Math.floor(chance() * (length + 1)), to: length };
}
