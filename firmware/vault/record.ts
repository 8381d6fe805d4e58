// A stored ballot: {election, terminal, slot, box}, signed once by the device. No sequence number, time, language or
// session fact.

import { concat } from "../bytes.js";
import { byteString, head } from "../cbor/cbor.js";
import { bytes, decodeAs, describe, map, uint } from "../cbor/shape.js";
import { sign1, signedLength, signedRest, verify1 } from "../cose/sign1.js";
import type { Crypto } from "../crypto/crypto.js";
import { type Result, err, ok } from "../result.js";

/** A record is named by the first 16 bytes of its SHA-256. */
export const recordHashLength = 16;

export interface BallotRecord {
  readonly election: Uint8Array;
  readonly terminal: number;
  readonly slot: number;
  /** crypto_box_seal of the padded ballot */
  readonly box: Uint8Array;
}

const shape = map<BallotRecord>({
  election: { key: 1, shape: bytes(16) },
  terminal: { key: 2, shape: uint(0xffff_ffff, 1) },
  slot: { key: 3, shape: uint(0xffff) },
  box: { key: 4, shape: bytes({ min: 48, max: 4096 }) },
});

/** A map of four, and its keys. */
const [map4, key2, key3, key4] = [Uint8Array.of(0xa4, 1), Uint8Array.of(2), Uint8Array.of(3), Uint8Array.of(4)];

/** The payload up to the box. */
function payloadStart({ election, terminal, slot, boxLength }: Expected): Uint8Array {
  return concat(map4, byteString(election), key2, head(0, terminal), key3, head(0, slot), key4, head(0x40, boxLength));
}

/** Bytes of a record with a box of this length, whatever its terminal and slot. */
export function recordLengthMax(boxLength: number): number {
  const start = payloadStart({ election: new Uint8Array(16), terminal: 0xffff_ffff, slot: 0xffff, boxLength });
  return signedLength(start.length + boxLength);
}

/** A COSE_Sign1, see record.cddl. */
export function signRecord(crypto: Crypto, record: BallotRecord, secretKey: Uint8Array): Uint8Array {
  const { box } = record;
  return sign1(crypto, "sandogh/record", concat(payloadStart({ ...record, boxLength: box.length }), box), secretKey);
}

/** Where a record is expected. */
export interface Expected extends Omit<BallotRecord, "box"> {
  readonly boxLength: number;
}

/**
 * The box of `signed`, when it is the record that this terminal signed for this slot, to the byte. For a record from
 * elsewhere: readRecord.
 */
export function boxOf(
  crypto: Crypto,
  signed: Uint8Array,
  expected: Expected,
  publicKey: Uint8Array,
): Uint8Array | undefined {
  return signedRest(crypto, "sandogh/record", signed, payloadStart(expected), expected.boxLength, publicKey);
}

export function readRecord(
  crypto: Crypto,
  signed: Uint8Array,
  publicKey: Uint8Array,
): Result<BallotRecord, { readonly what: string }> {
  const payload = verify1(crypto, "sandogh/record", signed, publicKey);
  if (!payload.ok)
    return err({ what: payload.error.code === "signature" ? "signature does not match" : payload.error.what });
  const record = decodeAs(payload.value, shape);
  return record.ok ? ok(record.value) : err({ what: describe(record.error) });
}

/** The name of a record, or of signed results. */
export function recordHash(crypto: Crypto, record: Uint8Array): Uint8Array {
  return crypto.sha256(record).slice(0, recordHashLength);
}
