// Which cards count in an election, as its package tells a terminal and its roll a desk: those of this issuer, whose
// certificate is not older than the epoch, and whose serial is not on the list of lost ones.

import { readU32 } from "../bytes.js";
import { type Shape, bytes, map, uint } from "../cbor/shape.js";

/** Cards on the list. Beyond that the epoch goes up, and all older cards are out at once. */
export const revokedMax = 1_024;
const serialLength = 4;

export interface CardRules {
  /** Ed25519: signs cards' certificates. */
  readonly issuerKey: Uint8Array;
  /** The election's number as the authority counts: a certificate below it is out. */
  readonly epoch: number;
  /** Serials (u32, big endian), ascending, each once. */
  readonly revoked: Uint8Array;
}

export const cardRulesShape: Shape<CardRules> = map<CardRules>({
  issuerKey: { key: 1, shape: bytes(32) },
  epoch: { key: 2, shape: uint(0xffff_ffff) },
  revoked: { key: 3, shape: bytes({ min: 0, max: revokedMax * serialLength }) },
});

/** What the list has to be, when it is not. */
export function problemOfRevoked({ revoked }: CardRules): string | undefined {
  if (revoked.length % serialLength !== 0) return "serials of 4 bytes";
  for (let at = serialLength; at < revoked.length; at += serialLength)
    if (readU32(revoked, at) <= readU32(revoked, at - serialLength)) return "ascending serials";
  return undefined;
}

export function isRevoked({ revoked }: CardRules, serial: number): boolean {
  let low = 0;
  let high = revoked.length / serialLength;
  while (low < high) {
    const middle = (low + high) >> 1;
    const there = readU32(revoked, middle * serialLength);
    if (there === serial) return true;
    if (there < serial) low = middle + 1;
    else high = middle;
  }
  return false;
}
