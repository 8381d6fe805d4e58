// A terminal's certificate, which its package holds and which it shows to officials' cards: the election's authority
// says whose the terminal's key is. See terminal-certificate.cddl.

import { bytes, decodeAs, describe, encodeAs, map, uint } from "../cbor/shape.js";
import { sign1, verify1 } from "../cose/sign1.js";
import type { Crypto } from "../crypto/crypto.js";
import { type Result, err, ok } from "../result.js";

/** Bytes, signed: it fits a short command. */
export const certificateMax = 200;

export interface TerminalCertificate {
  /** 16 bytes */
  readonly election: Uint8Array;
  readonly station: number;
  readonly terminal: number;
  /** Ed25519, 32 bytes */
  readonly publicKey: Uint8Array;
}

const certificateShape = map<TerminalCertificate>({
  election: { key: 1, shape: bytes(16) },
  station: { key: 2, shape: uint(999_999, 1) },
  terminal: { key: 3, shape: uint(0xffff_ffff, 1) },
  publicKey: { key: 4, shape: bytes(32) },
});

export function signTerminal(
  crypto: Crypto,
  certificate: TerminalCertificate,
  authoritySecretKey: Uint8Array,
): Uint8Array {
  return sign1(crypto, "sandogh/terminal", encodeAs(certificate, certificateShape), authoritySecretKey);
}

export function readTerminal(
  crypto: Crypto,
  signed: Uint8Array,
  authorityKey: Uint8Array,
): Result<TerminalCertificate, { readonly what: string }> {
  const payload = verify1(crypto, "sandogh/terminal", signed, authorityKey);
  if (!payload.ok) return err({ what: payload.error.code });
  const read = decodeAs(payload.value, certificateShape);
  return read.ok ? ok(read.value) : err({ what: describe(read.error) });
}
