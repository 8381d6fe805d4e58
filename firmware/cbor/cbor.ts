// The one door to the CBOR codec. What goes out is core deterministic (RFC 8949 section 4.2.1); what comes in is
// scanned first.

import { Decoder, Encoder } from "cbor-x";
import { concat } from "../bytes.js";
import { assert, type Result, err, ok } from "../result.js";
import { type CborError, scan } from "./scan.js";

export type CborMap = ReadonlyMap<number, CborValue>;
export type CborValue = number | boolean | null | string | Uint8Array | readonly CborValue[] | CborMap;

const encoder = new Encoder({
  useRecords: false,
  mapsAsObjects: false,
  tagUint8Array: false,
  structuredClone: false,
  variableMapSize: true,
});
const decoder = new Decoder({ useRecords: false, mapsAsObjects: false });

/** Throws for what the data model has no place for (only a bug can ask for it). */
export function encode(value: CborValue): Uint8Array {
  // the codec reuses its buffer, and would keep what it held last
  const shared = encoder.encode(ordered(value));
  const own = new Uint8Array(shared);
  shared.fill(0);
  return own;
}

/** The head of an item: `major` as its first byte has it (0x40 for a byte string), `value` below 2^32. */
export function head(major: number, value: number): Uint8Array {
  if (value < 24) return Uint8Array.of(major | value);
  if (value < 0x100) return Uint8Array.of(major | 24, value);
  if (value < 0x1_0000) return Uint8Array.of(major | 25, value >> 8, value);
  return Uint8Array.of(major | 26, value >>> 24, value >> 16, value >> 8, value);
}

/** A byte string in the middle of an object whose framing is fixed: as `encode` writes it. */
export function byteString(bytes: Uint8Array): Uint8Array {
  return concat(head(0x40, bytes.length), bytes);
}

/** `itemsMax`: as `scan` counts them. */
export function decode(bytes: Uint8Array, itemsMax?: number): Result<CborValue, CborError> {
  const scanned = scan(bytes, itemsMax);
  if (!scanned.ok) return scanned;
  try {
    return ok(plain(decoder.decode(bytes)));
  } catch (thrown) {
    // nothing the scanner passes may reach this: the property test of the pair says so
    return err({ code: "reserved", at: 0 });
  }
}

function ordered(value: CborValue): unknown {
  if (typeof value === "number") return integer(value);
  if (Array.isArray(value)) return value.map(ordered);
  if (value instanceof Map) {
    const keys = [...(value.keys() as Iterable<number>)].sort((a, b) => rank(a) - rank(b));
    const out = new Map<number | bigint, unknown>();
    for (const key of keys) out.set(integer(key), ordered((value as CborMap).get(key)!));
    return out;
  }
  return value;
}

function integer(value: number): number | bigint {
  assert(Number.isSafeInteger(value) && value >= -0x8000_0000, "CBOR integer in range");
  // the codec would write a whole number of more than 32 bits as a float; the sum makes 0 of -0
  return value > 0xffff_ffff ? BigInt(value) : value + 0;
}

function rank(key: number): number {
  return key >= 0 ? key : 2 ** 53 - 1 - key;
}

/**
 * Byte strings become plain Uint8Arrays of their own, wide integers numbers (the scanner has checked that they fit).
 */
function plain(value: unknown): CborValue {
  if (typeof value === "bigint") return Number(value);
  if (value instanceof Uint8Array) return new Uint8Array(value);
  if (Array.isArray(value)) {
    // the codec's array is nobody else's
    const items = value as CborValue[];
    for (let i = 0; i < items.length; i++) if (typeof items[i] !== "number") items[i] = plain(items[i]);
    return items;
  }
  if (value instanceof Map) {
    const out = new Map<number, CborValue>();
    for (const [key, inner] of value as Map<number | bigint, unknown>) out.set(Number(key), plain(inner));
    return out;
  }
  return value as CborValue;
}
