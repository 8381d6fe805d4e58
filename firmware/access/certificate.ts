// An official's certificate: who may act as what, in which election, at which station. COSE_Sign1 by the election's
// authority, external_aad "sandogh/official"; see certificate.cddl. It names an office and keys, never a person.

import { bytes, decodeAs, describe, encodeAs, literal, map, uint } from "../cbor/shape.js";
import { equalBytes } from "../bytes.js";
import { sign1, verify1 } from "../cose/sign1.js";
import type { Crypto } from "../crypto/crypto.js";
import type { OfficialRole, StationElection } from "../election/types.js";
import { type Result, err, ok } from "../result.js";

export interface Certificate {
  /** 16 bytes */
  readonly election: Uint8Array;
  readonly station: number;
  readonly role: OfficialRole;
  /** Ed25519, 32 bytes: the key in the card. */
  readonly publicKey: Uint8Array;
  /** X25519, 32 bytes: the card's other key; its share of a terminal's tally key is sealed to it. */
  readonly boxKey: Uint8Array;
}

const roles = ["executive", "supervision"] as const;

const shape = map<{
  election: Uint8Array;
  station: number;
  role: 1 | 2;
  publicKey: Uint8Array;
  boxKey: Uint8Array;
}>({
  election: { key: 1, shape: bytes(16) },
  station: { key: 2, shape: uint(999_999, 1) },
  role: { key: 3, shape: literal(1, 2) },
  publicKey: { key: 4, shape: bytes(32) },
  boxKey: { key: 5, shape: bytes(32) },
});

export function signCertificate(crypto: Crypto, certificate: Certificate, authoritySecretKey: Uint8Array): Uint8Array {
  const payload = encodeAs({ ...certificate, role: certificate.role === "executive" ? 1 : 2 }, shape);
  return sign1(crypto, "sandogh/official", payload, authoritySecretKey);
}

/** Valid only for this election and its station. */
export function readCertificate(
  crypto: Crypto,
  signed: Uint8Array,
  election: Pick<StationElection, "id" | "station" | "authorityKey">,
): Result<Certificate, { readonly what: string }> {
  const payload = verify1(crypto, "sandogh/official", signed, election.authorityKey);
  if (!payload.ok)
    return err({ what: payload.error.code === "signature" ? "signature does not match" : payload.error.what });
  const read = decodeAs(payload.value, shape);
  if (!read.ok) return err({ what: describe(read.error) });
  const { role, ...rest } = read.value;
  if (!equalBytes(rest.election, election.id)) return err({ what: "another election" });
  if (rest.station !== election.station) return err({ what: "another station" });
  return ok({ ...rest, role: roles[role - 1]! });
}
