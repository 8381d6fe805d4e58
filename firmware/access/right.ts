// A right to vote: the desk's word that this card, in this use of it, gives one ballot of this style at this station.
// COSE_Sign1 by the desk, external_aad "sandogh/right"; see card.cddl. It says nothing of whom it was given to.

import { equalBytes } from "../bytes.js";
import { bytes, decodeAs, encodeAs, map, uint } from "../cbor/shape.js";
import { claimOf, sign1, verify1 } from "../cose/sign1.js";
import type { Crypto } from "../crypto/crypto.js";
import type { StyleId } from "../election/types.js";
import { type Result, err, ok } from "../result.js";

export interface Right {
  /** 16 bytes */
  readonly election: Uint8Array;
  readonly station: number;
  readonly style: StyleId;
  /** X25519, 32 bytes: the card's. */
  readonly cardKey: Uint8Array;
  /** How often the card was emptied before. */
  readonly use: number;
}

/** Bytes, signed. */
export const rightMax = 160;

const shape = map<Omit<Right, "style"> & { readonly style: number }>({
  election: { key: 1, shape: bytes(16) },
  station: { key: 2, shape: uint(999_999, 1) },
  style: { key: 3, shape: uint(0xffff, 1) },
  cardKey: { key: 4, shape: bytes(32) },
  use: { key: 5, shape: uint(0xffff_ffff) },
});

/** By a desk alone: no module of the ballot role asks for it. */
export function signRight(crypto: Crypto, right: Right, deskSecretKey: Uint8Array): Uint8Array {
  return sign1(crypto, "sandogh/right", encodeAs(right, shape), deskSecretKey);
}

export function readRight(
  crypto: Crypto,
  signed: Uint8Array,
  deskKey: Uint8Array,
): Result<Right, { readonly what: string }> {
  const payload = verify1(crypto, "sandogh/right", signed, deskKey);
  const read = payload.ok ? decodeAs(payload.value, shape) : undefined;
  return read?.ok === true ? ok(read.value as Right) : err({ what: "right: not signed by that desk" });
}

/** What it says, whoever says it: a desk that looks at its own card, and a card, which has asked its desk. */
export function claimedRight(signed: Uint8Array): Right | undefined {
  const payload = claimOf(signed);
  const read = payload === undefined ? undefined : decodeAs(payload, shape);
  return read?.ok === true ? (read.value as Right) : undefined;
}

/** Whether it is of this election and station. */
export function isOf(right: Right, place: { readonly election: Uint8Array; readonly station: number }): boolean {
  return equalBytes(right.election, place.election) && right.station === place.station;
}
