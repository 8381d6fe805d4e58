// What a terminal and its collector say to each other, each message a COSE_Sign1 (sync.cddl). The broker between them
// is not trusted: it can lose, repeat and delay, and none of that does harm.

import { type Shape, array, bytes, decodeAs, describe, encodeAs, map, uint } from "../cbor/shape.js";
import { type SignedKind, sign1, signedLength, verify1 } from "../cose/sign1.js";
import { toHex } from "../bytes.js";
import type { Crypto } from "../crypto/crypto.js";
import { type Result, err } from "../result.js";
import { recordHashLength } from "../vault/record.js";
import { messageLengthMax } from "./mqtt-packet.js";

/** Records in one batch, at most; fewer where they are long or the line is slow: `recordsThatFit`. */
export const batchRecordsMax = 64;
/** Hashes in one part of an inventory. */
export const inventoryPartMax = 1_000;
export const inventoryPartsMax = 64;
const runLength = 8;
const recordMax = 4_096;

/** How many of these records, from the first one on, a batch of so many bytes takes: one at least. */
export function recordsThatFit(records: readonly Uint8Array[], batchLengthMax = messageLengthMax): number {
  let length = batchOverhead;
  let count = 0;
  for (const record of records) {
    length += bytesHead + record.length;
    if (count > 0 && length > batchLengthMax) break;
    if (length > messageLengthMax || count === batchRecordsMax) break;
    count++;
  }
  return count;
}

export interface Address {
  /** 16 bytes */
  readonly election: Uint8Array;
  readonly terminal: number;
}

/** Terminal to collector: which of mine do you have? */
export interface Query extends Address {
  readonly nonce: Uint8Array;
}

/** Terminal to collector, after the close: sealed records. total: how many there are in all. */
export interface Batch extends Address {
  readonly records: readonly Uint8Array[];
  readonly total: number;
}

/** Terminal to collector, of fixed size and at fixed intervals. */
export interface Heartbeat extends Address {
  readonly poll: number;
  /** 4 bytes, big endian: ballots rounded down to a multiple of k. */
  readonly ballots: Uint8Array;
  /** Root hash of the package that it serves, 32 bytes. */
  readonly root: Uint8Array;
  /** Drawn at the terminal's start, 8 bytes. */
  readonly run: Uint8Array;
  /** 4 bytes, big endian: how many it has sent since its start, this one among them. So none counts twice. */
  readonly counter: Uint8Array;
  /** 4 bytes, big endian: what came over the line since its start and was not what it should be. */
  readonly dropped: Uint8Array;
}

/** Collector to terminal: these are on its disk. */
export interface Receipt extends Address {
  readonly hashes: readonly Uint8Array[];
}

/** Collector to terminal: part of what is on its disk, sorted. */
export interface Inventory extends Address {
  readonly nonce: Uint8Array;
  readonly part: number;
  readonly parts: number;
  readonly hashes: readonly Uint8Array[];
}

const address = { election: { key: 1, shape: bytes(16) }, terminal: { key: 2, shape: uint(0xffff_ffff, 1) } };
const hash = bytes(recordHashLength);

const query = map<Query>({ ...address, nonce: { key: 3, shape: bytes(16) } });
const batch = map<Batch>({
  ...address,
  records: { key: 3, shape: array(bytes({ min: 1, max: recordMax }), batchRecordsMax) },
  total: { key: 4, shape: uint(0xffff_ffff) },
});
const heartbeat = map<Heartbeat>({
  ...address,
  poll: { key: 3, shape: uint(3) },
  ballots: { key: 4, shape: bytes(4) },
  root: { key: 5, shape: bytes(32) },
  run: { key: 6, shape: bytes(runLength) },
  counter: { key: 7, shape: bytes(4) },
  dropped: { key: 8, shape: bytes(4) },
});
const receipt = map<Receipt>({ ...address, hashes: { key: 3, shape: array(hash, batchRecordsMax) } });
const inventory = map<Inventory>({
  ...address,
  nonce: { key: 3, shape: bytes(16) },
  part: { key: 4, shape: uint(inventoryPartsMax) },
  parts: { key: 5, shape: uint(inventoryPartsMax, 1) },
  hashes: { key: 6, shape: array(hash, inventoryPartMax) },
});

/** Bytes of a head of up to 5 bytes with its key, and of a map's head with election and terminal. */
const [fieldLength, addressLength] = [6, 1 + 18 + 6];
/** The head of a byte string of up to 65,535 bytes. */
const bytesHead = 3;
/** What is in a batch besides its records, signed. */
const batchOverhead = signedLength(addressLength + 2 * fieldLength);
const hashesLength = (count: number): number => fieldLength + count * (1 + recordHashLength);
/** Items of a map with this many fields, and what is in a list of one of them. */
const itemsOf = (fields: number, listed = 0): number => 1 + 2 * fields + listed;

/** What a message of a kind is at most: looked at before its signature, and before it is decoded. */
export const messageLimits: Readonly<Record<MessageKind, { readonly length: number; readonly items: number }>> = {
  query: { length: signedLength(addressLength + 18), items: itemsOf(3) },
  batch: { length: messageLengthMax, items: itemsOf(4, batchRecordsMax) },
  heartbeat: { length: signedLength(addressLength + 2 + 3 * 6 + 35 + 2 + runLength), items: itemsOf(8) },
  receipt: { length: signedLength(addressLength + hashesLength(batchRecordsMax)), items: itemsOf(3, batchRecordsMax) },
  inventory: {
    length: signedLength(addressLength + 18 + 2 * fieldLength + hashesLength(inventoryPartMax)),
    items: itemsOf(6, inventoryPartMax),
  },
};

export interface Messages {
  readonly query: Query;
  readonly batch: Batch;
  readonly heartbeat: Heartbeat;
  readonly receipt: Receipt;
  readonly inventory: Inventory;
}

export type MessageKind = keyof Messages;

const shapes = { query, batch, heartbeat, receipt, inventory };
const signedKinds = {
  query: "sandogh/query",
  batch: "sandogh/batch",
  heartbeat: "sandogh/heartbeat",
  receipt: "sandogh/receipt",
  inventory: "sandogh/inventory",
} as const satisfies Record<MessageKind, SignedKind>;

export function signMessage<K extends MessageKind>(
  crypto: Crypto,
  kind: K,
  message: Messages[K],
  secretKey: Uint8Array,
): Uint8Array {
  return sign1(crypto, signedKinds[kind], encodeAs(message, shapes[kind] as unknown as Shape<Messages[K]>), secretKey);
}

/** Length first, then the signature over the bytes as they came, then what they say: nothing of a stranger's is decoded. */
export function openMessage<K extends MessageKind>(
  crypto: Crypto,
  kind: K,
  signed: Uint8Array,
  publicKey: Uint8Array,
): Result<Messages[K], { readonly what: string }> {
  const { length, items } = messageLimits[kind];
  if (signed.length > length) return err({ what: `${signed.length} bytes, ${length} at most` });
  const payload = verify1(crypto, signedKinds[kind], signed, publicKey);
  if (!payload.ok)
    return err({ what: payload.error.code === "signature" ? "signature does not match" : payload.error.what });
  const read = decodeAs(payload.value, shapes[kind] as unknown as Shape<Messages[K]>, items);
  return read.ok ? read : err({ what: describe(read.error) });
}

const fromCollector: ReadonlySet<MessageKind> = new Set<MessageKind>(["receipt", "inventory"]);

/** sandogh/<election, hex>/<terminal>/up/<kind> for the terminal's messages, .../down/<kind> for the collector's. */
export function topicOf(where: Address, kind: MessageKind | "results"): string {
  return `${prefixOf(where)}/${kind !== "results" && fromCollector.has(kind) ? "down" : "up"}/${kind}`;
}

/** What a terminal subscribes to. */
export function downFilter(where: Address): string {
  return `${prefixOf(where)}/down/+`;
}

/** What a collector subscribes to. */
export const upFilter = "sandogh/+/+/up/+";

function prefixOf(where: Address): string {
  return `sandogh/${toHex(where.election)}/${where.terminal}`;
}
