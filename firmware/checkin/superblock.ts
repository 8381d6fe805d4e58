// The first bytes of each of a desk's media: of which election, roll, device and size what lies behind them is. Written
// last, so that what it stands before is erased or whole.
//
//   0  "SGDK", version u16, capacity u16 less one
//   8  election (16), root of the roll (32), device u32
//  60  zeros (4)
//  64  SHA-256 of what is above, its first 16 bytes: whether it was written to its end, by whomever
//  80  keyed BLAKE2b of what is above (16)

import { concat, writeU16, writeU32 } from "../bytes.js";
import type { Crypto } from "../crypto/crypto.js";
import type { RollHead } from "../roll/shapes.js";
import { superblockLength } from "./layout.js";

const contentLength = 64;
const hashLength = 16;

export function encodeSuperblock(crypto: Crypto, key: Uint8Array, head: RollHead, desk: number): Uint8Array {
  const content = new Uint8Array(contentLength);
  content.set([0x53, 0x47, 0x44, 0x4b]);
  writeU16(content, 4, 1);
  writeU16(content, 6, head.capacity - 1);
  content.set(head.election, 8);
  content.set(head.root, 24);
  writeU32(content, 56, desk);
  const hashed = concat(content, crypto.sha256(content).slice(0, hashLength));
  return concat(hashed, crypto.mac(hashed, key, superblockLength - hashed.length));
}

/** Whether some desk wrote it to its end, and it says something else than ours. */
export function isAnothers(crypto: Crypto, bytes: Uint8Array, ours: Uint8Array): boolean {
  const content = bytes.subarray(0, contentLength);
  const isWhole = crypto.equal(
    crypto.sha256(content).slice(0, hashLength),
    bytes.subarray(contentLength, contentLength + hashLength),
  );
  return isWhole && !crypto.equal(content, ours.subarray(0, contentLength));
}
