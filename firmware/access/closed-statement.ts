// How a terminal asks an official's card for its share of the tally key: the certificate from its package
// (election/terminal-certificate.ts) says whose key the terminal's is, and a statement under that key says that the
// polls are closed and to which fresh key the share is to be sealed. See share.cddl.

import { bytes, decodeAs, describe, encodeAs, map, uint } from "../cbor/shape.js";
import { sign1, verify1 } from "../cose/sign1.js";
import type { Crypto } from "../crypto/crypto.js";
import { type Result, err, ok } from "../result.js";

/** Bytes, signed: it fits a short command. */
export const statementMax = 200;

export interface ClosedStatement {
  /** 16 bytes */
  readonly election: Uint8Array;
  readonly terminal: number;
  /** X25519, 32 bytes, used for one count. */
  readonly freshKey: Uint8Array;
}

const statementShape = map<ClosedStatement>({
  election: { key: 1, shape: bytes(16) },
  terminal: { key: 2, shape: uint(0xffff_ffff, 1) },
  freshKey: { key: 3, shape: bytes(32) },
});

/** To be signed by a terminal whose polls are closed, and by no other. */
export function signClosed(crypto: Crypto, statement: ClosedStatement, secretKey: Uint8Array): Uint8Array {
  return sign1(crypto, "sandogh/closed", encodeAs(statement, statementShape), secretKey);
}

export function readClosed(
  crypto: Crypto,
  signed: Uint8Array,
  terminalKey: Uint8Array,
): Result<ClosedStatement, { readonly what: string }> {
  const payload = verify1(crypto, "sandogh/closed", signed, terminalKey);
  if (!payload.ok) return err({ what: payload.error.code });
  const read = decodeAs(payload.value, statementShape);
  return read.ok ? ok(read.value) : err({ what: describe(read.error) });
}
