// The first bytes of a medium: whose it is (magic, package's root, terminal, slots, slot's length, check). A medium
// with another one is somebody else's, or this terminal's of another election.

import { concat, readU32, writeU32 } from "../bytes.js";
import { type Crypto, equalSecret } from "../crypto/crypto.js";
import { checkLength } from "./layout.js";

const magic = 0x53_4e_44_32;
const rootLength = 32;
const bodyLength = 4 + rootLength + 4 + 4 + 4;
export const superblockLength = bodyLength + checkLength;

/** What a superblock says, of which only `isGenuine` tells whether it may be believed. */
export interface Superblock {
  /** Of the package, 32 bytes: it begins with the election's id. */
  readonly root: Uint8Array;
  readonly terminal: number;
  readonly slots: number;
  readonly slotLength: number;
}

/** `key`: see DeviceKeys.head. */
export function encodeSuperblock(crypto: Crypto, superblock: Superblock, key: Uint8Array): Uint8Array {
  const body = new Uint8Array(bodyLength);
  writeU32(body, 0, magic);
  body.set(superblock.root, 4);
  writeU32(body, 36, superblock.terminal);
  writeU32(body, 40, superblock.slots);
  writeU32(body, 44, superblock.slotLength);
  return concat(body, crypto.check(body, key));
}

/** Undefined: it does not begin like one. */
export function readSuperblock(block: Uint8Array): Superblock | undefined {
  if (readU32(block, 0) !== magic) return undefined;
  return {
    root: block.slice(4, 4 + rootLength),
    terminal: readU32(block, 36),
    slots: readU32(block, 40),
    slotLength: readU32(block, 44),
  };
}

/** Whether a device with this key wrote it. */
export function isGenuine(crypto: Crypto, block: Uint8Array, key: Uint8Array): boolean {
  return equalSecret(block.subarray(bodyLength), crypto.check(block.subarray(0, bodyLength), key));
}
