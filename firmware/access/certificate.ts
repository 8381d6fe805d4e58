// A card's certificate: what kind of card holds which key. COSE_Sign1 by the cards' issuer, external_aad
// "sandogh/card"; see card.cddl. It names a kind, an office and a key, never a person.

import { bytes, decodeAs, encodeAs, literal, map, uint } from "../cbor/shape.js";
import { sign1, verify1 } from "../cose/sign1.js";
import type { Crypto } from "../crypto/crypto.js";
import { type CardRules, isRevoked } from "../election/card-rules.js";
import type { OfficialRole } from "../election/types.js";
import { type Result, err, ok } from "../result.js";

export const cardKinds = ["voter", "executive", "supervision"] as const;
/** A voter's card, or an official's of an office. */
export type CardKind = "voter" | OfficialRole;

export interface CardCertificate {
  readonly kind: CardKind;
  readonly serial: number;
  /** Number of the election that it was issued for. */
  readonly epoch: number;
  /** X25519, 32 bytes: made on the card. An official's share of a terminal's tally key is sealed to it. */
  readonly key: Uint8Array;
  /** Where an official serves; 0 for a voter's card, which serves anywhere. */
  readonly station: number;
}

/** Bytes, signed. */
export const certificateMax = 143;

const shape = map<Omit<CardCertificate, "kind"> & { readonly kind: 1 | 2 | 3 }>({
  kind: { key: 1, shape: literal(1, 2, 3) },
  serial: { key: 2, shape: uint(0xffff_ffff, 1) },
  epoch: { key: 3, shape: uint(0xffff_ffff) },
  key: { key: 4, shape: bytes(32) },
  station: { key: 5, shape: uint(999_999) },
});

export function signCard(crypto: Crypto, certificate: CardCertificate, issuerSecretKey: Uint8Array): Uint8Array {
  const kind = (cardKinds.indexOf(certificate.kind) + 1) as 1 | 2 | 3;
  return sign1(crypto, "sandogh/card", encodeAs({ ...certificate, kind }, shape), issuerSecretKey);
}

/** forged: not by this issuer, or no certificate. */
export type CertificateFault = "forged" | "other-epoch" | "revoked";

export function readCard(
  crypto: Crypto,
  signed: Uint8Array,
  rules: CardRules,
): Result<CardCertificate, CertificateFault> {
  const payload = verify1(crypto, "sandogh/card", signed, rules.issuerKey);
  const read = payload.ok ? decodeAs(payload.value, shape) : payload;
  if (!read.ok) return err("forged");
  const certificate: CardCertificate = { ...read.value, kind: cardKinds[read.value.kind - 1]! };
  if (certificate.epoch < rules.epoch) return err("other-epoch");
  return isRevoked(rules, certificate.serial) ? err("revoked") : ok(certificate);
}
