// What a terminal and its collector say to each other, each message a COSE_Sign1 (sync.cddl). The broker between them
// is not trusted: it can lose, repeat and delay, and none of that does harm.

import { type Shape, array, bytes, decodeAs, describe, encodeAs, map, nullable, uint } from "../cbor/shape.js";
import { type SignedKind, sign1, signedLength, verify1 } from "../cose/sign1.js";
import { toHex } from "../bytes.js";
import type { Crypto } from "../crypto/crypto.js";
import { type Result, err } from "../result.js";
import { recordHashLength } from "../vault/record.js";
import { messageLengthMax } from "./mqtt-packet.js";

/** Records that a terminal sends in one batch, at most; fewer where they are long: `recordsThatFit`. */
export const batchRecordsMax = 64;
/** Hashes in one part of an inventory, as the collector cuts it. */
export const inventoryPartMax = 1_000;
export const inventoryPartsMax = 64;
/** Bytes of election, terminal, and a head of up to 5 bytes with its key, for each further field. */
const [addressLength, fieldLength] = [1 + 18 + 6, 6];
/** What is in a batch besides its records, signed; what is beside the hashes in an inventory. */
const batchOverhead = signedLength(addressLength + 2 * fieldLength);
const inventoryOverhead = signedLength(addressLength + 18 + 3 * fieldLength);
const hashLength = 1 + recordHashLength;
/** The shortest ballot's record is longer than this. */
const recordLengthLeast = 128;
/** What one message holds: a reader takes any batch and any inventory that fits. */
export const messageRecordsMax = Math.floor(messageLengthMax / recordLengthLeast);
export const messageHashesMax = Math.floor((messageLengthMax - inventoryOverhead) / hashLength);

/** How many of these records, from the first one on, one batch takes. */
export function recordsThatFit(records: readonly Uint8Array[]): number {
  let length = batchOverhead;
  let count = 0;
  for (const record of records) {
    length += 3 + record.length;
    if (length > messageLengthMax || count === batchRecordsMax) break;
    count++;
  }
  return count;
}

/** Records of this length in a batch. */
export function batchRecords(recordLength: number): number {
  return Math.min(batchRecordsMax, Math.floor((messageLengthMax - batchOverhead) / (3 + recordLength)));
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

/** Terminal to collector: sealed records. total: how many there are in all, told only after the close. */
export interface Batch extends Address {
  readonly records: readonly Uint8Array[];
  readonly total: number | null;
}

/** Terminal to collector, of fixed size and at fixed intervals. */
export interface Heartbeat extends Address {
  readonly poll: number;
  /** 4 bytes, big endian: ballots rounded down to a multiple of k. */
  readonly ballots: Uint8Array;
  /** Root hash of the package that it serves, 32 bytes. */
  readonly root: Uint8Array;
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
  records: { key: 3, shape: array(bytes({ min: 1, max: 4096 }), messageRecordsMax) },
  total: { key: 4, shape: nullable(uint(0xffff_ffff)) },
});
const heartbeat = map<Heartbeat>({
  ...address,
  poll: { key: 3, shape: uint(3) },
  ballots: { key: 4, shape: bytes(4) },
  root: { key: 5, shape: bytes(32) },
});
const receipt = map<Receipt>({ ...address, hashes: { key: 3, shape: array(hash, messageRecordsMax) } });
const inventory = map<Inventory>({
  ...address,
  nonce: { key: 3, shape: bytes(16) },
  part: { key: 4, shape: uint(inventoryPartsMax) },
  parts: { key: 5, shape: uint(inventoryPartsMax, 1) },
  hashes: { key: 6, shape: array(hash, messageHashesMax) },
});

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

/** Signature first, then shape. */
export function openMessage<K extends MessageKind>(
  crypto: Crypto,
  kind: K,
  signed: Uint8Array,
  publicKey: Uint8Array,
): Result<Messages[K], { readonly what: string }> {
  const payload = verify1(crypto, signedKinds[kind], signed, publicKey);
  if (!payload.ok)
    return err({ what: payload.error.code === "signature" ? "signature does not match" : payload.error.what });
  const read = decodeAs(payload.value, shapes[kind] as unknown as Shape<Messages[K]>);
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
