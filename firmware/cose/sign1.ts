// COSE_Sign1 with EdDSA (RFC 9052 section 4.2, RFC 9053 section 2.2), untagged: [protected, {}, payload, signature].
// The protected header is {1: -8} and nothing else. `external_aad` names what is signed, so that no signature of one kind of
// object can stand under another.

import { byteString, decode } from "../cbor/cbor.js";
import { bytes as bytesOf, describe, map, tuple } from "../cbor/shape.js";
import { concat, equalBytes, utf8 } from "../bytes.js";
import { type Crypto, signatureLength } from "../crypto/crypto.js";
import { type Result, err, ok } from "../result.js";

/** {1: -8}, alg = EdDSA */
const protectedHeader = Uint8Array.of(0xa1, 0x01, 0x27);
/** Before the payload: array of 4, the header as a bstr, an empty map. */
const objectStart = Uint8Array.of(0x84, 0x43, ...protectedHeader, 0xa0);
/** Before external_aad: array of 4, "Signature1", the header as a bstr. */
const structureStart = Uint8Array.of(0x84, 0x6a, ...utf8("Signature1"), 0x43, ...protectedHeader);
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
  return concat(structureStart, byteString(utf8(kind)), byteString(payload));
}

function framed(payload: Uint8Array, signature: Uint8Array): Uint8Array {
  return concat(objectStart, byteString(payload), byteString(signature));
}

export function sign1(crypto: Crypto, kind: SignedKind, payload: Uint8Array, secretKey: Uint8Array): Uint8Array {
  return framed(payload, crypto.sign(toBeSigned(kind, payload), secretKey));
}

const sign1Shape = tuple<[Uint8Array, object, Uint8Array, Uint8Array]>(
  bytesOf(protectedHeader.length),
  map<object>({}),
  bytesOf({ min: 0, max: payloadMax }),
  bytesOf(signatureLength),
);

/** The payload, when the signature under `publicKey` is good. */
export function verify1(crypto: Crypto, kind: SignedKind, object: Uint8Array, publicKey: Uint8Array): Result<Uint8Array, CoseError> {
  const value = decode(object);
  if (!value.ok) return err({ code: "malformed", what: describe({ kind: "cbor", error: value.error }) });
  const parts = sign1Shape.read(value.value);
  if (!parts.ok) return err({ code: "malformed", what: describe({ kind: "shape", error: parts.error }) });
  const [header, , payload, signature] = parts.value;
  if (!equalBytes(header, protectedHeader)) return err({ code: "malformed", what: "protected header: expected alg EdDSA" });
  return crypto.verify(signature, toBeSigned(kind, payload), publicKey) ? ok(payload) : err({ code: "signature" });
}

/** Whether `object` is `payload` and nothing else, signed under `publicKey`: for a payload that is known, so that nothing has to be decoded. */
export function isSigned(crypto: Crypto, kind: SignedKind, object: Uint8Array, payload: Uint8Array, publicKey: Uint8Array): boolean {
  const signature = object.subarray(-signatureLength);
  return crypto.equal(object, framed(payload, signature)) && crypto.verify(signature, toBeSigned(kind, payload), publicKey);
}
