// A stored ballot: {election, terminal, slot, box}, signed once by the device. No sequence number, time, language or session fact.

import { encode } from "../cbor/cbor.js";
import { bytes, decodeAs, describe, map, uint } from "../cbor/shape.js";
import { sign1, verify1 } from "../cose/sign1.js";
import type { Crypto } from "../crypto/crypto.js";
import { type Result, err, ok } from "../result.js";

export interface BallotRecord {
  readonly election: Uint8Array;
  readonly terminal: number;
  readonly slot: number;
  /** crypto_box_seal of the padded ballot */
  readonly box: Uint8Array;
}

const shape = map<BallotRecord>({
  election: { key: 1, shape: bytes(16) },
  terminal: { key: 2, shape: uint(0xffff_ffff) },
  slot: { key: 3, shape: uint(0xffff) },
  box: { key: 4, shape: bytes({ min: 48, max: 4096 }) },
});

/** A COSE_Sign1, see record.cddl. */
export function signRecord(crypto: Crypto, record: BallotRecord, secretKey: Uint8Array): Uint8Array {
  const payload = encode(new Map<number, number | Uint8Array>([[1, record.election], [2, record.terminal], [3, record.slot], [4, record.box]]));
  return sign1(crypto, "sandogh/record", payload, secretKey);
}

export function readRecord(crypto: Crypto, signed: Uint8Array, publicKey: Uint8Array): Result<BallotRecord, { readonly what: string }> {
  const payload = verify1(crypto, "sandogh/record", signed, publicKey);
  if (!payload.ok) return err({ what: payload.error.code === "signature" ? "signature does not match" : payload.error.what });
  const record = decodeAs(payload.value, shape);
  return record.ok ? ok(record.value) : err({ what: describe(record.error) });
}
