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
