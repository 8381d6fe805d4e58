// The flash class over raw NOR chips on a bus, and over a partition of the microcontroller's own flash.

import type { Flash, FlashStatus } from "../../../firmware/platform.js";
import { bytesOf, wholeNumber } from "../../arguments.js";

const SECTOR = 4096;

/** native/nor.js */
export interface NorBus {
  size(chip: number): number;
  wasProtected(chip: number): boolean;
  read(chip: number, address: number, out: Uint8Array): boolean;
  program(chip: number, address: number, data: Uint8Array): boolean;
  erase(chip: number, sector: number): boolean;
}

function within(length: number, address: number, size: number): void {
  wholeNumber(address, 0, size, "flash: address");
  wholeNumber(length, 0, size - address, "flash: byteLength");
}

export class NorFlash implements Flash {
  readonly #bus: NorBus;
  readonly #chip: number;
  /** Kept from the first answer: the geometry of a chip does not change. */
  #size = 0;

  constructor(bus: NorBus, chip: number) {
    this.#bus = bus;
    this.#chip = chip;
  }

  read(byteLength: number, address: number, into?: Uint8Array): Uint8Array | undefined {
    if (!this.#answers()) return undefined;
    within(byteLength, address, this.#size);
    const out = into ?? new Uint8Array(byteLength);
    return this.#bus.read(this.#chip, address, out) ? out : undefined;
  }

  write(data: Uint8Array, address: number): boolean {
    const bytes = bytesOf(data, "flash: data");
    if (!this.#answers()) return false;
    within(bytes.length, address, this.#size);
    return this.#bus.program(this.#chip, address, bytes);
  }

  eraseBlock(block: number): boolean {
    if (!this.#answers()) return false;
    wholeNumber(block, 0, this.#size / SECTOR - 1, "flash: block");
    return this.#bus.erase(this.#chip, block);
  }

  status(): FlashStatus | undefined {
    // asked anew: a chip that was there may be gone
    const size = this.#bus.size(this.#chip);
    if (size === 0) return undefined;
    this.#size = size;
    return { size, blocks: size / SECTOR, blockLength: SECTOR, wasProtected: this.#bus.wasProtected(this.#chip) };
  }

  #answers(): boolean {
    return this.#size > 0 || this.status() !== undefined;
  }
}

/** embedded:storage/flash of the SDK, as far as it is used here. It throws when the chip fails. */
export interface Partition {
  read(byteLength: number, byteOffset: number): ArrayBuffer;
  write(buffer: ArrayBuffer, byteOffset: number): void;
  eraseBlock(block: number): void;
  status(): { readonly size: number; readonly blocks: number; readonly blockLength: number };
}

export class PartitionFlash implements Flash {
  readonly #partition: Partition;
  readonly #status: FlashStatus;

  constructor(partition: Partition) {
    this.#partition = partition;
    const { size, blocks, blockLength } = partition.status();
    this.#status = { size, blocks, blockLength };
  }

  read(byteLength: number, address: number): Uint8Array | undefined {
    within(byteLength, address, this.#status.size);
    return attempt(() => new Uint8Array(this.#partition.read(byteLength, address)));
  }

  write(data: Uint8Array, address: number): boolean {
    const bytes = bytesOf(data, "flash: data");
    within(bytes.length, address, this.#status.size);
    return attempt(() => this.#partition.write(bytes.slice().buffer, address) ?? true) ?? false;
  }

  eraseBlock(block: number): boolean {
    wholeNumber(block, 0, this.#status.blocks - 1, "flash: block");
    return attempt(() => this.#partition.eraseBlock(block) ?? true) ?? false;
  }

  status(): FlashStatus {
    return this.#status;
  }
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
