// COSE_Sign1 with EdDSA (RFC 9052 section 4.2, RFC 9053 section 2.2), untagged: [protected, {}, payload, signature].
// The protected header is {1: -8} and nothing else. `external_aad` names what is signed, so that no signature of one
// kind of object can stand under another.

import { byteString, head } from "../cbor/cbor.js";
import { concat, equalBytes, readU16, readU32, utf8 } from "../bytes.js";
import { type Crypto, signatureLength } from "../crypto/crypto.js";
import { type Result, err, ok } from "../result.js";

/** {1: -8}, alg = EdDSA */
const protectedHeader = Uint8Array.of(0xa1, 0x01, 0x27);
/** Before the payload: array of 4, the header as a bstr, an empty map. */
const objectStart = Uint8Array.of(0x84, 0x43, ...protectedHeader, 0xa0);
/** Before the signature: a byte string of 64. */
const signatureHead = Uint8Array.of(0x58, signatureLength);
/** Before external_aad: array of 4, "Signature1", the header as a bstr. */
const structureStart = Uint8Array.of(0x84, 0x6a, ...utf8("Signature1"), 0x43, ...protectedHeader);
/** The list of as many records as a terminal can have is the longest. */
export const payloadMax = 263_000;

export type SignedKind =
  | "sandogh/package"
  | "sandogh/record"
  | "sandogh/batch"
  | "sandogh/receipt"
  | "sandogh/inventory"
  | "sandogh/query"
  | "sandogh/journal"
  | "sandogh/heartbeat"
  | "sandogh/card"
  | "sandogh/right"
  | "sandogh/request"
  | "sandogh/key"
  | "sandogh/device"
  | "sandogh/assignment"
  | "sandogh/assignments"
  | "sandogh/closed"
  | "sandogh/recovery"
  | "sandogh/loading"
  | "sandogh/results"
  | "sandogh/record-list"
  | "sandogh/archive"
  | "sandogh/roll";

export type CoseError = { readonly code: "malformed"; readonly what: string } | { readonly code: "signature" };

/** Of what there are thousands to verify. */
const recordStart = startOf("sandogh/record");

function startOf(kind: SignedKind): Uint8Array {
  return concat(structureStart, byteString(utf8(kind)));
}

/** Sig_structure of RFC 9052 section 4.4. `payload`: as a byte string. */
function toBeSigned(kind: SignedKind, payload: Uint8Array): Uint8Array {
  return concat(kind === "sandogh/record" ? recordStart : startOf(kind), payload);
}

/** Bytes of a payload of this length, signed. */
export function signedLength(payloadLength: number): number {
  const payload = head(0x40, payloadLength).length + payloadLength;
  return objectStart.length + payload + signatureHead.length + signatureLength;
}

export function sign1(crypto: Crypto, kind: SignedKind, payload: Uint8Array, secretKey: Uint8Array): Uint8Array {
  const framed = byteString(payload);
  return concat(objectStart, framed, signatureHead, crypto.sign(toBeSigned(kind, framed), secretKey));
}

/** Where the payload begins, and its head: the object ends with the signature behind it. */
interface Framing {
  readonly headAt: number;
  readonly payloadAt: number;
  readonly end: number;
}

/**
 * The framing is the same for every object but for the payload's length, so it is compared and not decoded: what
 * nobody has signed yet makes no value on the heap, however long it is.
 */
function framingOf(object: Uint8Array): Result<Framing, CoseError> {
  const malformed = (what: string): Result<never, CoseError> => err({ code: "malformed", what });
  const headAt = objectStart.length;
  for (let at = 0; at < headAt; at++)
    if (object[at] !== objectStart[at])
      return malformed(at > 1 && at < headAt - 1 ? "protected header: expected alg EdDSA" : `byte ${at}: framing`);
  const length = payloadLength(object, headAt);
  const payloadHead = head(0x40, length);
  const payloadAt = headAt + payloadHead.length;
  if (length > payloadMax || !equalBytes(object.subarray(headAt, payloadAt), payloadHead))
    return malformed(`byte ${headAt}: expected a byte string of up to ${payloadMax}`);
  const end = payloadAt + length;
  if (object.length !== end + signatureHead.length + signatureLength) return malformed(`length ${object.length}`);
  if (!equalBytes(object.subarray(end, end + signatureHead.length), signatureHead))
    return malformed(`byte ${end}: expected a signature`);
  return ok({ headAt, payloadAt, end });
}

/** As the head at `at` says it; whether that is a head of a byte string, and the shortest, its writer tells. */
function payloadLength(object: Uint8Array, at: number): number {
  const info = (object[at] ?? 0) & 31;
  if (info < 24) return info;
  if (at + 5 > object.length) return 0;
  return info === 24 ? object[at + 1]! : info === 25 ? readU16(object, at + 1) : readU32(object, at + 1);
}

/** The payload, when the signature under `publicKey` is good. Nothing is decoded, before or after. */
export function verify1(
  crypto: Crypto,
  kind: SignedKind,
  object: Uint8Array,
  publicKey: Uint8Array,
): Result<Uint8Array, CoseError> {
  const framing = framingOf(object);
  if (!framing.ok) return framing;
  const { headAt, payloadAt, end } = framing.value;
  return crypto.verify(object.slice(-signatureLength), toBeSigned(kind, object.subarray(headAt, end)), publicKey)
    ? ok(object.slice(payloadAt, end))
    : err({ code: "signature" });
}

/** What the object says, before anybody has checked who says it: to learn which key it names. */
export function claimOf(object: Uint8Array): Uint8Array | undefined {
  const framing = framingOf(object);
  return framing.ok ? object.slice(framing.value.payloadAt, framing.value.end) : undefined;
}

/**
 * What follows in the payload of `object` behind `start`, `length` bytes to its end, when nothing else is in it and it
 * is signed under `publicKey`: for a payload of which all but its last field is known, so that nothing has to be
 * decoded.
 */
export function signedRest(
  crypto: Crypto,
  kind: SignedKind,
  object: Uint8Array,
  start: Uint8Array,
  length: number,
  publicKey: Uint8Array,
): Uint8Array | undefined {
  const known = concat(objectStart, head(0x40, start.length + length), start);
  const end = known.length + length;
  const isWhole =
    object.length === end + signatureHead.length + signatureLength &&
    crypto.equal(object.subarray(0, known.length), known) &&
    crypto.equal(object.subarray(end, end + signatureHead.length), signatureHead);
  if (!isWhole) return undefined;
  const signed = toBeSigned(kind, object.subarray(objectStart.length, end));
  return crypto.verify(object.subarray(-signatureLength), signed, publicKey)
    ? object.subarray(known.length, end)
    : undefined;
}
