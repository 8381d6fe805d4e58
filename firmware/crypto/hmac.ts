// HMAC (RFC 2104) with SHA-256.

import { concat } from "../bytes.js";

const BLOCK_BYTES = 64;

/** sha256: gives 32 bytes. key, message: any length. Returns 32 bytes. */
export function hmacSha256(
  sha256: (message: Uint8Array) => Uint8Array,
  key: Uint8Array,
  message: Uint8Array,
): Uint8Array {
  const short = key.length > BLOCK_BYTES ? sha256(key) : key;
  const inner = new Uint8Array(BLOCK_BYTES).fill(0x36);
  const outer = new Uint8Array(BLOCK_BYTES).fill(0x5c);
  for (let i = 0; i < short.length; i++) {
    inner[i]! ^= short[i]!;
    outer[i]! ^= short[i]!;
  }
  const out = sha256(concat(outer, sha256(concat(inner, message))));
  inner.fill(0);
  outer.fill(0);
  return out;
}
