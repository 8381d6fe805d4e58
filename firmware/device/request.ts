// What a device asks the factory's certificate with: its public keys, signed with the one it has to show that it has.
// See device.cddl.

import { bytes, decodeAs, describe, encodeAs, map, text } from "../cbor/shape.js";
import { claimOf, sign1, verify1 } from "../cose/sign1.js";
import type { Crypto, SignKeyPair } from "../crypto/crypto.js";
import { type Result, err, ok } from "../result.js";

export const requestMax = 250;
export const modelMax = 32;

export interface DeviceRequest {
  /** Ed25519, 32 bytes. */
  readonly signKey: Uint8Array;
  /** X25519, 32 bytes. */
  readonly boxKey: Uint8Array;
  /** Hardware model. */
  readonly model: string;
}

const shape = map<DeviceRequest>({
  signKey: { key: 1, shape: bytes(32) },
  boxKey: { key: 2, shape: bytes(32) },
  model: { key: 3, shape: text(modelMax) },
});

export function signRequest(crypto: Crypto, request: DeviceRequest, key: SignKeyPair): Uint8Array {
  return sign1(crypto, "sandogh/request", encodeAs(request, shape), key.secretKey);
}

/** The key that it is signed with is the one that it names. */
export function readRequest(crypto: Crypto, signed: Uint8Array): Result<DeviceRequest, { readonly what: string }> {
  const claimed = claimOf(signed);
  const named = claimed === undefined ? undefined : decodeAs(claimed, shape);
  if (named === undefined || !named.ok)
    return err({ what: named === undefined ? "no COSE_Sign1" : describe(named.error) });
  const payload = verify1(crypto, "sandogh/request", signed, named.value.signKey);
  return payload.ok ? ok(named.value) : err({ what: "signature does not match" });
}
