import type { Flash } from "../../firmware/platform.js";

/** A package file as the reader wants it: a flash that holds nothing else and cannot be written. */
export function packageFlash(bytes: Uint8Array): Flash {
  return {
    read: (length, address) => bytes.slice(address, address + length),
    write: () => false,
    eraseBlock: () => false,
    status: () => ({ size: bytes.length, blocks: 1, blockLength: bytes.length }),
  };
}
