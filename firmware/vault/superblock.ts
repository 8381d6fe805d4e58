// The first bytes of a medium: whose it is (magic, election, terminal, slots, slot's length, check). A medium with
// another one is somebody else's, or this terminal's of another election.

import { concat, readU32, writeU32 } from "../bytes.js";
import { type Crypto, equalSecret } from "../crypto/crypto.js";
import { checkLength } from "./layout.js";

const magic = 0x53_4e_44_32;
const bodyLength = 4 + 16 + 4 + 4 + 4;
export const superblockLength = bodyLength + checkLength;

/** What a superblock says, of which only `isGenuine` tells whether it may be believed. */
export interface Superblock {
  /** 16 bytes */
  readonly election: Uint8Array;
  readonly terminal: number;
  readonly slots: number;
  readonly slotLength: number;
}

/** `key`: see DeviceKeys.head. */
export function encodeSuperblock(crypto: Crypto, superblock: Superblock, key: Uint8Array): Uint8Array {
  const body = new Uint8Array(bodyLength);
  writeU32(body, 0, magic);
  body.set(superblock.election, 4);
  writeU32(body, 20, superblock.terminal);
  writeU32(body, 24, superblock.slots);
  writeU32(body, 28, superblock.slotLength);
  return concat(body, crypto.check(body, key));
}

/** Undefined: it does not begin like one. */
export function readSuperblock(block: Uint8Array): Superblock | undefined {
  if (readU32(block, 0) !== magic) return undefined;
  return {
    election: block.slice(4, 20),
    terminal: readU32(block, 20),
    slots: readU32(block, 24),
    slotLength: readU32(block, 28),
  };
}

/** Whether a device with this key wrote it. */
export function isGenuine(crypto: Crypto, block: Uint8Array, key: Uint8Array): boolean {
  return equalSecret(block.subarray(bodyLength), crypto.check(block.subarray(0, bodyLength), key));
}
