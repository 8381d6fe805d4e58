// One pass over CBOR from outside before the codec sees it: well-formed (RFC 8949 section 5.3.1), core deterministic
// (section 4.2.1), and within our data model: integers from -2^31 to 2^53-1, byte and text strings, arrays, maps with
// integer keys, booleans, null. cbor-x alone would accept duplicate and unsorted keys, longer than shortest integers,
// and indefinite lengths.

import { type Result, err, ok } from "../result.js";

export type CborErrorCode =
  | "truncated"
  | "trailing-bytes"
  | "too-long"
  | "too-deep"
  | "too-many-items"
  | "indefinite-length"
  | "not-shortest"
  | "integer-too-large"
  | "key-not-integer"
  | "key-order"
  | "duplicate-key"
  | "not-utf8"
  | "tag"
  | "float"
  | "simple-value"
  | "reserved";

/** `at`: offset in bytes of the item that is wrong. */
export interface CborError {
  readonly code: CborErrorCode;
  readonly at: number;
}

/** Nothing of ours nests deeper. */
export const cborDepthMax = 8;
/** No message, record or certificate of ours is longer; the package is read by page. */
export const cborLengthMax = 264_000;
/** Nothing of ours has more: the names of 8,192 options, or as many counts. Messages have limits of their own. */
export const cborItemsMax = 10_000;

/** What is left of an input's items: each becomes a value on the heap. */
interface Budget {
  items: number;
}

class Malformed {
  readonly error: CborError;
  constructor(code: CborErrorCode, at: number) {
    this.error = { code, at };
  }
}

/** `itemsMax`: data items in all, keys of maps among them. */
export function scan(bytes: Uint8Array, itemsMax = cborItemsMax): Result<void, CborError> {
  if (bytes.length > cborLengthMax) return err({ code: "too-long", at: cborLengthMax });
  try {
    const end = item(bytes, 0, 0, { items: itemsMax });
    return end === bytes.length ? ok() : err({ code: "trailing-bytes", at: end });
  } catch (thrown) {
    if (thrown instanceof Malformed) return err(thrown.error);
    throw thrown;
  }
}

/** Returns the offset behind the item at `at`. */
function item(bytes: Uint8Array, at: number, depth: number, budget: Budget): number {
  if (budget.items-- === 0) throw new Malformed("too-many-items", at);
  if (depth > cborDepthMax) throw new Malformed("too-deep", at);
  const initial = byteAt(bytes, at);
  const major = initial >> 5;
  if (major === 7) {
    if (initial === 0xf4 || initial === 0xf5 || initial === 0xf6) return at + 1;
    throw new Malformed(
      initial >= 0xf9 && initial <= 0xfb ? "float" : initial === 0xff ? "indefinite-length" : "simple-value",
      at,
    );
  }
  if (major === 6) throw new Malformed("tag", at);
  const argument = readArgument(bytes, at, initial & 31);
  const next = at + argumentLength(initial & 31);
  switch (major) {
    case 0:
      return next;
    case 1:
      if (argument >= 2 ** 31) throw new Malformed("integer-too-large", at);
      return next;
    case 2:
    case 3: {
      if (argument > bytes.length - next) throw new Malformed("truncated", at);
      if (major === 3 && !isUtf8(bytes, next, next + argument)) throw new Malformed("not-utf8", at);
      return next + argument;
    }
    case 4: {
      // each item takes at least a byte, so a length beyond the rest cannot be honest
      if (argument > bytes.length - next) throw new Malformed("truncated", at);
      let here = next;
      for (let i = 0; i < argument; i++) here = item(bytes, here, depth + 1, budget);
      return here;
    }
    default: {
      if (argument > (bytes.length - next) / 2) throw new Malformed("truncated", at);
      let here = next;
      let before = -1;
      for (let i = 0; i < argument; i++) {
        if (budget.items-- === 0) throw new Malformed("too-many-items", here);
        const key = byteAt(bytes, here);
        if (key >> 5 > 1) throw new Malformed("key-not-integer", here);
        // bytewise order of encoded keys is: non-negative by value, then negative by magnitude
        const argument = readArgument(bytes, here, key & 31);
        if (key >> 5 === 1 && argument >= 2 ** 31) throw new Malformed("integer-too-large", here);
        const rank = argument + (key >> 5) * 2 ** 53;
        if (rank === before) throw new Malformed("duplicate-key", here);
        if (rank < before) throw new Malformed("key-order", here);
        before = rank;
        here = item(bytes, here + argumentLength(key & 31), depth + 1, budget);
      }
      return here;
    }
  }
}

function byteAt(bytes: Uint8Array, at: number): number {
  const byte = bytes[at];
  if (byte === undefined) throw new Malformed("truncated", at);
  return byte;
}

function argumentLength(info: number): number {
  return info < 24 ? 1 : 1 + (1 << (info - 24));
}

function readArgument(bytes: Uint8Array, at: number, info: number): number {
  if (info < 24) return info;
  if (info > 27) throw new Malformed(info === 31 ? "indefinite-length" : "reserved", at);
  const length = 1 << (info - 24);
  let value = 0;
  for (let i = 1; i <= length; i++) value = value * 256 + byteAt(bytes, at + i);
  const shortest = info === 24 ? 24 : info === 25 ? 0x100 : info === 26 ? 0x1_0000 : 0x1_0000_0000;
  if (value < shortest) throw new Malformed("not-shortest", at);
  if (value > Number.MAX_SAFE_INTEGER) throw new Malformed("integer-too-large", at);
  return value;
}

/** RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF. */
function isUtf8(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start;
  while (at < end) {
    const first = bytes[at++]!;
    if (first < 0x80) continue;
    const more =
      first >= 0xc2 && first < 0xe0 ? 1 : first >= 0xe0 && first < 0xf0 ? 2 : first >= 0xf0 && first < 0xf5 ? 3 : 0;
    if (more === 0 || at + more > end) return false;
    const second = bytes[at]!;
    if (first === 0xe0 && second < 0xa0) return false;
    if (first === 0xed && second > 0x9f) return false;
    if (first === 0xf0 && second < 0x90) return false;
    if (first === 0xf4 && second > 0x8f) return false;
    for (let i = 0; i < more; i++) if ((bytes[at++]! & 0xc0) !== 0x80) return false;
  }
  return true;
}
