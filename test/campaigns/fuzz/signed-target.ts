// What is decoded only when it is signed is signed here, with a key of the test's own: a forger without the key reaches
// `framing` and nothing behind it.

import { equalBytes } from "../../../firmware/bytes.js";
import { type SignedKind, sign1, verify1 } from "../../../firmware/cose/sign1.js";
import { Crypto } from "../../../firmware/crypto/crypto.js";
import type { Result } from "../../../firmware/result.js";
import { sodiumPrimitives } from "../../../office/crypto/sodium.js";
import type { Target } from "./fuzz.js";

export const crypto = new Crypto({ primitives: sodiumPrimitives, random: (out) => out.fill(7) });
export const pair = crypto.signKeyPair(new Uint8Array(32).fill(0x11));
export const filled = (length: number, value = 5): Uint8Array => new Uint8Array(length).fill(value);

/** The payload of a signed object: what `run` signs again when it is changed. */
export function payloadOf(kind: SignedKind, signed: Uint8Array, publicKey = pair.publicKey): Uint8Array {
  const payload = verify1(crypto, kind, signed, publicKey);
  if (!payload.ok) throw new Error(payload.error.code);
  return payload.value;
}

/** A signed object whose one encoding is what its writer makes: what is read and written again is the same. */
export function signed<T>(
  kind: SignedKind,
  examples: readonly T[],
  write: (value: T) => Uint8Array,
  read: (bytes: Uint8Array) => Result<T, unknown>,
): Target {
  return {
    name: kind.slice("sandogh/".length),
    corpus: examples.map((example) => payloadOf(kind, write(example))),
    lengthMax: 20_000,
    short: 600,
    run: (payload) => {
      const object = sign1(crypto, kind, payload, pair.secretKey);
      const value = read(object);
      if (!value.ok) return false;
      if (!equalBytes(write(value.value), object)) throw new Error("read, and written otherwise");
      return true;
    },
  };
}
