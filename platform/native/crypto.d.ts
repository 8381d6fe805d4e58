// See firmware/crypto/primitives.ts. A wrong length is a RangeError; a detached buffer, something that is no byte
// array, or an output that overlaps an input of sign, seal, sealOpen, encrypt or decrypt is a TypeError. seal takes at most 16384 bytes.

export function sha256(out: Uint8Array, message: Uint8Array): void;
export function sha512(out: Uint8Array, message: Uint8Array): void;
export function blake2b(out: Uint8Array, message: Uint8Array, key: Uint8Array): void;
export function sipHash(out: Uint8Array, message: Uint8Array, key: Uint8Array): void;
export function signKeyPair(publicKey: Uint8Array, secretKey: Uint8Array, seed: Uint8Array): void;
export function sign(signature: Uint8Array, message: Uint8Array, secretKey: Uint8Array): void;
export function verify(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean;
export function boxKeyPair(publicKey: Uint8Array, secretKey: Uint8Array, seed: Uint8Array): void;
export function x25519(out: Uint8Array, scalar: Uint8Array, point: Uint8Array): boolean;
export function seal(out: Uint8Array, message: Uint8Array, publicKey: Uint8Array, ephemeralSeed: Uint8Array): boolean;
export function sealOpen(out: Uint8Array, box: Uint8Array, publicKey: Uint8Array, secretKey: Uint8Array): boolean;
export function hmacSha256(out: Uint8Array, key: Uint8Array, message: Uint8Array): void;
export function encrypt(
  out: Uint8Array,
  message: Uint8Array,
  data: Uint8Array,
  nonce: Uint8Array,
  key: Uint8Array,
): void;
export function decrypt(
  out: Uint8Array,
  box: Uint8Array,
  data: Uint8Array,
  nonce: Uint8Array,
  key: Uint8Array,
): boolean;
export function firstUnlike(bytes: Uint8Array, from: number, to: number, value: number): number;
export function equal(a: Uint8Array, b: Uint8Array): boolean;
export function find(bytes: Uint8Array, wanted: Uint8Array, from: number): number;
export function count(bytes: Uint8Array, value: number): number;
export function zeroBits(bytes: Uint8Array, from: number, to: number): number;
export function review(
  verdicts: Uint8Array,
  a: Uint8Array,
  b: Uint8Array,
  head: number,
  checkAt: number,
  checkLength: number,
  tail: number,
  number: number,
  key: Uint8Array,
): void;
export function fold(
  sum: Uint8Array,
  verdicts: Uint8Array,
  records: Uint8Array,
  checkAt: number,
  key: Uint8Array,
): void;
