// A flash that holds given bytes and does nothing else: for readers, not for stores.

import type { Flash } from "../../firmware/platform.js";

export class MemoryFlash implements Flash {
  readonly bytes: Uint8Array;
  readonly reads: number[] = [];

  constructor(size: number, contents: Uint8Array, address = 0) {
    this.bytes = new Uint8Array(size).fill(0xff);
    this.bytes.set(contents, address);
  }

  read(byteLength: number, address: number): Uint8Array {
    if (address < 0 || byteLength < 0 || address + byteLength > this.bytes.length)
      throw new RangeError(`read ${byteLength} at ${address}`);
    this.reads.push(address);
    return this.bytes.slice(address, address + byteLength);
  }

  write(): boolean {
    throw new Error("read only");
  }

  eraseBlock(): boolean {
    throw new Error("read only");
  }

  status(): { size: number; blocks: number; blockLength: number } {
    return { size: this.bytes.length, blocks: Math.floor(this.bytes.length / 4096), blockLength: 4096 };
  }
}
