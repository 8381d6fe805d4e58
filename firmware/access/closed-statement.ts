// How a terminal asks an official's card to open its share of the tally key: the assignment that opened the channel
// (device/assignment.ts) says whose key the terminal's is, and a statement under that key says that the polls are closed
// and to which fresh key the share is to be sealed. For a terminal that is dead the election's authority says the same.
// See share.cddl.

import { bytes, decodeAs, describe, encodeAs, map, uint } from "../cbor/shape.js";
import { sign1, verify1 } from "../cose/sign1.js";
import type { Crypto } from "../crypto/crypto.js";
import { cardBoxLength } from "../crypto/tally-key.js";
import { type Result, err, ok } from "../result.js";

/** Bytes, signed: it fits a short command behind the share that is to be opened. */
export const statementMax = 255 - cardBoxLength;

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

/** To be signed by the election's authority for a terminal that is dead. freshKey: the recovery's. */
export function signRecovery(crypto: Crypto, statement: ClosedStatement, authoritySecretKey: Uint8Array): Uint8Array {
  return sign1(crypto, "sandogh/recovery", encodeAs(statement, statementShape), authoritySecretKey);
}

export function readClosed(
  crypto: Crypto,
  signed: Uint8Array,
  terminalKey: Uint8Array,
): Result<ClosedStatement, { readonly what: string }> {
  return read(crypto, "sandogh/closed", signed, terminalKey);
}

export function readRecovery(
  crypto: Crypto,
  signed: Uint8Array,
  authorityKey: Uint8Array,
): Result<ClosedStatement, { readonly what: string }> {
  return read(crypto, "sandogh/recovery", signed, authorityKey);
}

function read(
  crypto: Crypto,
  kind: "sandogh/closed" | "sandogh/recovery",
  signed: Uint8Array,
  publicKey: Uint8Array,
): Result<ClosedStatement, { readonly what: string }> {
  const payload = verify1(crypto, kind, signed, publicKey);
  if (!payload.ok) return err({ what: payload.error.code });
  const statement = decodeAs(payload.value, statementShape);
  return statement.ok ? ok(statement.value) : err({ what: describe(statement.error) });
}
