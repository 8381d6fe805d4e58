// A signed file in a block of the main flash: its length (u16, big endian), then its bytes.

import { concat, readU16 } from "../bytes.js";
import type { Flash } from "../platform.js";
import { type Result, err, ok } from "../result.js";

export function encodeStored(file: Uint8Array): Uint8Array {
  return concat(Uint8Array.of(file.length >> 8, file.length), file);
}

/** `max`: bytes of the longest file that can lie there. Undefined: there is none. */
export function readStored(flash: Flash, address: number, max: number): Result<Uint8Array | undefined, "no-answer"> {
  const block = flash.read(2 + max, address);
  if (block === undefined) return err("no-answer");
  const length = readU16(block, 0);
  return ok(length === 0 || length > max ? undefined : block.slice(2, 2 + length));
}
