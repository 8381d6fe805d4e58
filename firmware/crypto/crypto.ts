// The crypto facade: what comes from outside is checked here, every length and every key; the primitives are handed in.

import { assert } from "../result.js";
import type { Primitives } from "./primitives.js";

export const hashLength = 32;
export const signatureLength = 64;
export const publicKeyLength = 32;
/** What a sealed box adds to its message: ephemeral key and MAC. */
export const sealOverhead = 48;
/** What `encrypt` adds to its message: the tag. */
export const tagLength = 16;

export interface SignKeyPair {
  readonly publicKey: Uint8Array;
  /** 64 bytes: seed || public key */
  readonly secretKey: Uint8Array;
}

/** How the records of a region are made, lengths and places in bytes: see Primitives.review. */
export interface RecordForm {
  readonly head: number;
  readonly checkAt: number;
  readonly checkLength: number;
  readonly tail: number;
  /** Whether its number is under the check. */
  readonly isNumbered: boolean;
}

export interface BoxKeyPair {
  readonly publicKey: Uint8Array;
  readonly secretKey: Uint8Array;
}

export class Crypto {
  readonly #primitives: Primitives;
  readonly #random: (out: Uint8Array) => void;

  constructor(options: { readonly primitives: Primitives; readonly random: (out: Uint8Array) => void }) {
    this.#primitives = options.primitives;
    this.#random = options.random;
  }

  random(length: number): Uint8Array {
    const out = new Uint8Array(length);
    this.#random(out);
    return out;
  }

  /** Uniform in 0..bound-1 by rejection, bound 1..2^32. */
  randomBelow(bound: number): number {
    assert(Number.isInteger(bound) && bound >= 1 && bound <= 0x1_0000_0000, "randomBelow bound");
    const limit = 0x1_0000_0000 - (0x1_0000_0000 % bound);
    const draw = new Uint8Array(4);
    for (;;) {
      this.#random(draw);
      const value = draw[0]! * 0x100_0000 + draw[1]! * 0x1_0000 + draw[2]! * 0x100 + draw[3]!;
      if (value < limit) return value % bound;
    }
  }

  sha256(message: Uint8Array): Uint8Array {
    const out = new Uint8Array(hashLength);
    this.#primitives.sha256(out, message);
    return out;
  }

  /** Keyed BLAKE2b (RFC 7693). key: 16..64 bytes, length: 16..64 bytes. */
  mac(message: Uint8Array, key: Uint8Array, length = 16): Uint8Array {
    assert(key.length >= 16 && key.length <= 64 && length >= 16 && length <= 64, "mac lengths");
    const out = new Uint8Array(length);
    this.#primitives.blake2b(out, message, key);
    return out;
  }

  /** 16 bytes of SipHash-2-4: whether what lies on flash is what this terminal wrote. key: 16 bytes. */
  check(message: Uint8Array, key: Uint8Array): Uint8Array {
    const out = new Uint8Array(16);
    this.#primitives.sipHash(out, message, key);
    return out;
  }

  /** Whether [from, to) holds nothing but `value`. */
  isFilled(bytes: Uint8Array, value: 0 | 0xff, from = 0, to = bytes.length): boolean {
    return this.#primitives.firstUnlike(bytes, from, to, value) === to;
  }

  /** The first place in [from, to) whose byte is not `value`; `to` when there is none. */
  firstUnlike(bytes: Uint8Array, from: number, to: number, value: number): number {
    return this.#primitives.firstUnlike(bytes, from, to, value);
  }

  /** Time does not depend on where the first difference is. */
  equal(a: Uint8Array, b: Uint8Array): boolean {
    return this.#primitives.equal(a, b);
  }

  /** See Primitives.find. */
  find(bytes: Uint8Array, wanted: Uint8Array, from = 0): number | undefined {
    const found = this.#primitives.find(bytes, wanted, from);
    return found < 0 ? undefined : found;
  }

  /** Where `value` stands in `bytes`, in order. */
  placesOf(bytes: Uint8Array, value: number): number[] {
    const wanted = Uint8Array.of(value);
    const places: number[] = [];
    for (let at = this.find(bytes, wanted); at !== undefined; at = this.find(bytes, wanted, at + 1)) places.push(at);
    return places;
  }

  /** How many bytes are `value`. */
  count(bytes: Uint8Array, value: number): number {
    return this.#primitives.count(bytes, value);
  }

  /** Programmed cells of [from, to). */
  zeroBits(bytes: Uint8Array, from: number, to: number): number {
    return this.#primitives.zeroBits(bytes, from, to);
  }

  /** Of every record in two copies: see Primitives.review. */
  review(
    verdicts: Uint8Array,
    copies: { readonly a: Uint8Array; readonly b: Uint8Array },
    form: RecordForm,
    first: number,
    key: Uint8Array,
  ): void {
    const { head, checkAt, checkLength, tail, isNumbered } = form;
    this.#primitives.review(
      verdicts,
      copies.a,
      copies.b,
      head,
      checkAt,
      checkLength,
      tail,
      isNumbered ? first : -1,
      key,
    );
  }

  /** Adds each sound record to a set's hash: see Primitives.fold. */
  fold(sum: Uint8Array, verdicts: Uint8Array, records: Uint8Array, form: RecordForm, key: Uint8Array): void {
    this.#primitives.fold(sum, verdicts, records, form.checkAt, key);
  }

  signKeyPair(seed: Uint8Array): SignKeyPair {
    assert(seed.length === 32, "sign seed");
    const pair = { publicKey: new Uint8Array(32), secretKey: new Uint8Array(64) };
    this.#primitives.signKeyPair(pair.publicKey, pair.secretKey, seed);
    return pair;
  }

  sign(message: Uint8Array, secretKey: Uint8Array): Uint8Array {
    assert(secretKey.length === 64, "sign secret key");
    const out = new Uint8Array(signatureLength);
    this.#primitives.sign(out, message, secretKey);
    return out;
  }

  /** False for a wrong length too: all three come from outside. */
  verify(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
    if (signature.length !== signatureLength || publicKey.length !== publicKeyLength) return false;
    return this.#primitives.verify(signature, message, publicKey);
  }

  boxKeyPair(seed: Uint8Array): BoxKeyPair {
    assert(seed.length === 32, "box seed");
    const pair = { publicKey: new Uint8Array(32), secretKey: new Uint8Array(32) };
    this.#primitives.boxKeyPair(pair.publicKey, pair.secretKey, seed);
    return pair;
  }

  /** Undefined for a low-order or wrongly sized point. */
  x25519(scalar: Uint8Array, point: Uint8Array): Uint8Array | undefined {
    assert(scalar.length === 32, "x25519 scalar");
    if (point.length !== 32) return undefined;
    const out = new Uint8Array(32);
    return this.#primitives.x25519(out, scalar, point) ? out : undefined;
  }

  /** crypto_box_seal; undefined when the public key is unusable or the box did not open to the same message. */
  seal(message: Uint8Array, publicKey: Uint8Array): Uint8Array | undefined {
    if (publicKey.length !== publicKeyLength) return undefined;
    const out = new Uint8Array(message.length + sealOverhead);
    const seed = this.random(32);
    const sealed = this.#primitives.seal(out, message, publicKey, seed);
    seed.fill(0);
    return sealed ? out : undefined;
  }

  /** crypto_box_seal_open; undefined when the box is not authentic. */
  sealOpen(box: Uint8Array, keys: BoxKeyPair): Uint8Array | undefined {
    if (box.length < sealOverhead) return undefined;
    const out = new Uint8Array(box.length - sealOverhead);
    return this.#primitives.sealOpen(out, box, keys.publicKey, keys.secretKey) ? out : undefined;
  }

  /** HMAC-SHA-256 (RFC 2104), 32 bytes. */
  hmac(key: Uint8Array, message: Uint8Array): Uint8Array {
    const out = new Uint8Array(hashLength);
    this.#primitives.hmacSha256(out, key, message);
    return out;
  }

  /** ChaCha20-Poly1305 (RFC 8439). key: 32, nonce: 12 bytes, never twice under one key. `data` is authenticated too. */
  encrypt(message: Uint8Array, data: Uint8Array, nonce: Uint8Array, key: Uint8Array): Uint8Array {
    assert(nonce.length === 12 && key.length === 32, "encrypt lengths");
    const out = new Uint8Array(message.length + tagLength);
    this.#primitives.encrypt(out, message, data, nonce, key);
    return out;
  }

  /** Undefined when the box is not authentic. */
  decrypt(box: Uint8Array, data: Uint8Array, nonce: Uint8Array, key: Uint8Array): Uint8Array | undefined {
    assert(nonce.length === 12 && key.length === 32, "decrypt lengths");
    if (box.length < tagLength) return undefined;
    const out = new Uint8Array(box.length - tagLength);
    return this.#primitives.decrypt(out, box, data, nonce, key) ? out : undefined;
  }
}

/** Time does not depend on where the first difference is. */
export function equalSecret(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= a[i]! ^ b[i]!;
  return difference === 0;
}
