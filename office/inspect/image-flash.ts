// Images of storage media as flash chips, for the firmware's own readers: as they are, or as a copy that those readers
// may mend.

import type { Flash } from "../../firmware/platform.js";

const blockLength = 4096;

/** An image of a medium as the firmware reads it; it cannot be written. */
export function imageFlash(image: Uint8Array): Flash {
  return {
    read: (length, address) => image.slice(address, address + length),
    write: () => false,
    eraseBlock: () => false,
    status: () => ({ size: image.length, blocks: image.length / blockLength, blockLength }),
  };
}

/**
 * A copy of an image that is programmed and erased as a chip is; the image stays as it is. Throws for one of no whole
 * blocks, and for a range outside it.
 */
export function copyFlash(image: Uint8Array): Flash {
  if (image.length === 0 || image.length % blockLength !== 0)
    throw new RangeError(`an image of ${image.length} bytes, whole blocks of ${blockLength} expected`);
  const cells = image.slice();
  const part = (address: number, length: number): Uint8Array => {
    if (address < 0 || length < 0 || address + length > cells.length)
      throw new RangeError(`${length} bytes at ${address} leave the image`);
    return cells.subarray(address, address + length);
  };
  return {
    read: (length, address) => part(address, length).slice(),
    write: (data, address) => {
      const there = part(address, data.length);
      for (let i = 0; i < data.length; i++) there[i]! &= data[i]!;
      return true;
    },
    eraseBlock: (block) => {
      part(block * blockLength, blockLength).fill(0xff);
      return true;
    },
    status: () => ({ size: cells.length, blocks: cells.length / blockLength, blockLength }),
  };
}
