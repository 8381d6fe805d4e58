// COSE_Sign1 with EdDSA (RFC 9052 section 4.2, RFC 9053 section 2.2), untagged: [protected, {}, payload, signature].
// The protected header is {1: -8} and nothing else. `external_aad` names what is signed, so that no signature of one kind of
// object can stand under another.

import { type CborValue, decode, encode } from "../cbor/cbor.js";
import { bytes as byteString, describe, map, tuple } from "../cbor/shape.js";
import { utf8, equalBytes } from "../bytes.js";
import type { Crypto } from "../crypto/crypto.js";
import { type Result, err, ok } from "../result.js";

/** bstr of {1: -8}, alg = EdDSA */
const protectedHeader = Uint8Array.of(0xa1, 0x01, 0x27);
const payloadMax = 262_000;

export type SignedKind =
  | "sandogh/package"
  | "sandogh/record"
  | "sandogh/batch"
  | "sandogh/receipt"
  | "sandogh/inventory"
  | "sandogh/query"
  | "sandogh/journal"
  | "sandogh/heartbeat"
  | "sandogh/official"
  | "sandogh/terminal"
  | "sandogh/closed"
  | "sandogh/results"
  | "sandogh/record-list"
  | "sandogh/archive"
  | "sandogh/roll";

export type CoseError = { readonly code: "malformed"; readonly what: string } | { readonly code: "signature" };

/** Sig_structure of RFC 9052 section 4.4. */
function toBeSigned(kind: SignedKind, payload: Uint8Array): Uint8Array {
  return encode(["Signature1", protectedHeader, utf8(kind), payload]);
}

export function sign1(crypto: Crypto, kind: SignedKind, payload: Uint8Array, secretKey: Uint8Array): Uint8Array {
  const signature = crypto.sign(toBeSigned(kind, payload), secretKey);
  return encode([protectedHeader, new Map<number, CborValue>(), payload, signature]);
}

const sign1Shape = tuple<[Uint8Array, object, Uint8Array, Uint8Array]>(
  byteString(protectedHeader.length),
  map<object>({}),
  byteString({ min: 0, max: payloadMax }),
  byteString(64),
);

/** The payload, when the signature under `publicKey` is good. */
export function verify1(crypto: Crypto, kind: SignedKind, object: Uint8Array, publicKey: Uint8Array): Result<Uint8Array, CoseError> {
  const value = decode(object);
  if (!value.ok) return err({ code: "malformed", what: describe({ kind: "cbor", error: value.error }) });
  const parts = sign1Shape.read(value.value, "");
  if (!parts.ok) return err({ code: "malformed", what: describe({ kind: "shape", error: parts.error }) });
  const [header, , payload, signature] = parts.value;
  if (!equalBytes(header, protectedHeader)) return err({ code: "malformed", what: "protected header: expected alg EdDSA" });
  return crypto.verify(signature, toBeSigned(kind, payload), publicKey) ? ok(payload) : err({ code: "signature" });
}
