// An entry of the device log as it lies on the main flash. Signed, so that anybody who knows the device can check it;
// keyed, so that a start can check all of them. See FORMAT.md.

import { concat, readU32, utf8, writeU32 } from "../bytes.js";
import type { Crypto } from "../crypto/crypto.js";
import { deviceBlock } from "./layout.js";

/** Where the log lies: a ring of blocks, and behind it two blocks with how long it is (twin-log.ts). */
export const logAddress = 0x9000;
export const logBlocks = 5;
export const logHeadAddress = logAddress + logBlocks * deviceBlock;
export const logCell = 160;
export const logCellsPerBlock = Math.floor(deviceBlock / logCell);
const bodyLength = 80;
const signatureLength = 64;
export const checkedLength = bodyLength + signatureLength;
export const chainLength = 32;
const prefix = utf8("sandogh device log");

/** What happens to a device; numbers of later ones follow. */
export const logKinds = {
  /** It has drawn its secret. what: its Ed25519 key. */
  made: 1,
  /** what: SHA-256 of its certificate, as it is stored; detail: the first four bytes of the root under which. */
  enrolled: 2,
  /** A package or roll, with its assignment. what: identity; detail: number of the terminal or desk. */
  installed: 3,
  /** An election, by two officials. what: identity of its package. */
  released: 4,
  /** The media of a released election are about to be erased. what: identity of its package. */
  wiped: 5,
  /** This log was found changed. detail: the first entry that was, 0xffff_ffff when it is its length. */
  harmed: 6,
  /** Two officials have gone on without a medium. detail: 1 = A, 2 = B. */
  oneMedium: 7,
  /** A medium was written anew from the other one. detail: 1 = A, 2 = B. */
  mediumRebuilt: 8,
} as const;
export type LogKind = keyof typeof logKinds;

export interface LogEntry {
  /** From 0, without gaps, over the device's whole life. */
  readonly number: number;
  /** See logKinds; another one is of a later software. */
  readonly kind: number;
  /** Seconds since 1970 UTC. */
  readonly time: number;
  readonly detail: number;
  /** 32 bytes, 0 where the kind has none. */
  readonly what: Uint8Array;
  /** 32 bytes: the chain behind the entry before. */
  readonly before: Uint8Array;
}

export interface ReadEntry extends LogEntry {
  /** What the signature is over. */
  readonly signed: Uint8Array;
  /** The chain behind this one: SHA-256 of what is signed. */
  readonly chain: Uint8Array;
  readonly signature: Uint8Array;
}

/** Before the first entry. `signKey`: the device's Ed25519 key. */
export function firstChain(crypto: Crypto, signKey: Uint8Array): Uint8Array {
  return crypto.sha256(concat(prefix, signKey));
}

/** What an entry's signature is over, and what the chain behind it is the hash of. */
export function signedOf(entry: LogEntry): Uint8Array {
  return concat(prefix, bodyOf(entry));
}

/** Without its check, checkedLength bytes. */
export function encodeEntry(entry: LogEntry, signature: Uint8Array): Uint8Array {
  return concat(bodyOf(entry), signature);
}

function bodyOf({ number, kind, time, detail, what, before }: LogEntry): Uint8Array {
  const body = new Uint8Array(bodyLength);
  writeU32(body, 0, number);
  body[4] = kind;
  writeU32(body, 8, time);
  writeU32(body, 12, detail);
  body.set(what, 16);
  body.set(before, 48);
  return body;
}

/** What a cell says, whoever wrote it. */
export function decodeEntry(crypto: Crypto, cell: Uint8Array): ReadEntry {
  const body = cell.slice(0, bodyLength);
  const signed = concat(prefix, body);
  return {
    number: readU32(body, 0),
    kind: body[4]!,
    time: readU32(body, 8),
    detail: readU32(body, 12),
    what: body.subarray(16, 48),
    before: body.subarray(48, 80),
    signed,
    chain: crypto.sha256(signed),
    signature: cell.slice(bodyLength, checkedLength),
  };
}

/** How long the log is: kept in a place of its own. */
export interface LogHead {
  /** Entries before it were dropped to make room. */
  readonly first: number;
  readonly count: number;
  /** Behind the last. */
  readonly chain: Uint8Array;
}

export function encodeHead({ first, count, chain }: LogHead): Uint8Array {
  const numbers = new Uint8Array(8);
  writeU32(numbers, 0, first);
  writeU32(numbers, 4, count);
  return concat(numbers, chain);
}

export function decodeHead(payload: Uint8Array): LogHead {
  return { first: readU32(payload, 0), count: readU32(payload, 4), chain: payload.slice(8, 40) };
}
