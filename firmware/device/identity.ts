// What the factory wrote for this device and this election's packager relies on: terminal number, the authority it
// obeys, and the device's secret. In the product the block lies in encrypted flash; keys are derived from it and it is
// never shown.

import { concat, readU16 } from "../bytes.js";
import { bytes, decodeAs, describe, encodeAs, literal, map, uint } from "../cbor/shape.js";
import type { TerminalId } from "../election/types.js";
import type { Flash } from "../platform.js";
import { type Result, err, ok } from "../result.js";

/** Where the identity block and the package lie on the main flash. */
export const identityAddress = 0;
export const packageAddress = 0x1_0000;
const identityLengthMax = 256;

export interface Identity {
  readonly terminal: TerminalId;
  /** Ed25519: packages and officials' certificates chain to it. */
  readonly authorityKey: Uint8Array;
  readonly secret: Uint8Array;
}

const shape = map<{ format: 1; terminal: number; authorityKey: Uint8Array; secret: Uint8Array }>({
  format: { key: 1, shape: literal(1) },
  terminal: { key: 2, shape: uint(0xffff_ffff, 1) },
  authorityKey: { key: 3, shape: bytes(32) },
  secret: { key: 4, shape: bytes(32) },
});

/** Length (u16, big endian) and CBOR. */
export function encodeIdentity(identity: Identity): Uint8Array {
  const body = encodeAs({ format: 1, ...identity }, shape);
  return concat(Uint8Array.of(body.length >> 8, body.length), body);
}

export function readIdentity(flash: Flash): Result<Identity, { readonly what: string }> {
  const block = flash.read(identityLengthMax, identityAddress);
  if (block === undefined) return err({ what: "main flash does not answer" });
  const length = readU16(block, 0);
  if (length > identityLengthMax - 2) return err({ what: "no identity block" });
  const decoded = decodeAs(block.subarray(2, 2 + length), shape);
  if (!decoded.ok) return err({ what: describe(decoded.error) });
  const { terminal, authorityKey, secret } = decoded.value;
  return ok({ terminal: terminal as TerminalId, authorityKey, secret });
}
