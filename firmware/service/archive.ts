// The receipt for an archive: the authority's word that this terminal's records and results of this election were read,
// verified and kept elsewhere. Without it no election is released, and without a release nothing of it is erased. See
// archive.cddl.

import { bytes, decodeAs, describe, encodeAs, map, uint } from "../cbor/shape.js";
import { concat, equalBytes, readU16 } from "../bytes.js";
import { sign1, verify1 } from "../cose/sign1.js";
import type { Crypto } from "../crypto/crypto.js";
import type { Flash } from "../platform.js";
import { type Result, err, ok } from "../result.js";

/** Where a service tool puts the receipt on the main flash. */
export const archiveAddress = 0x8000;
const receiptMax = 400;

export interface ArchiveReceipt {
  /** Of the package, 32 bytes. */
  readonly root: Uint8Array;
  readonly terminal: number;
  /** SHA-256 over the names of the records, as in the results. */
  readonly records: Uint8Array;
  /** SHA-256 of the signed results. */
  readonly results: Uint8Array;
}

const shape = map<ArchiveReceipt>({
  root: { key: 1, shape: bytes(32) },
  terminal: { key: 2, shape: uint(0xffff_ffff, 1) },
  records: { key: 3, shape: bytes(32) },
  results: { key: 4, shape: bytes(32) },
});

/** Length (u16, big endian) and a COSE_Sign1 by the election's authority. */
export function encodeReceipt(crypto: Crypto, receipt: ArchiveReceipt, authoritySecretKey: Uint8Array): Uint8Array {
  const signed = sign1(crypto, "sandogh/archive", encodeAs(receipt, shape), authoritySecretKey);
  return concat(Uint8Array.of(signed.length >> 8, signed.length), signed);
}

export function readReceipt(
  flash: Flash,
  crypto: Crypto,
  authorityKey: Uint8Array,
): Result<ArchiveReceipt, { readonly what: string }> {
  const block = flash.read(receiptMax, archiveAddress);
  if (block === undefined) return err({ what: "main flash does not answer" });
  const length = readU16(block, 0);
  if (length > receiptMax - 2) return err({ what: "no receipt" });
  const payload = verify1(crypto, "sandogh/archive", block.slice(2, 2 + length), authorityKey);
  if (!payload.ok)
    return err({ what: payload.error.code === "signature" ? "signature does not match" : payload.error.what });
  const read = decodeAs(payload.value, shape);
  return read.ok ? ok(read.value) : err({ what: describe(read.error) });
}

export function sameReceipt(a: ArchiveReceipt, b: ArchiveReceipt): boolean {
  return (
    a.terminal === b.terminal &&
    equalBytes(a.root, b.root) &&
    equalBytes(a.records, b.records) &&
    equalBytes(a.results, b.results)
  );
}
