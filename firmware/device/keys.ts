// The keys that a device has in one election. All of them are derived from its secret when they are wanted, and none is
// stored.

import { concat, utf8 } from "../bytes.js";
import type { BoxKeyPair, Crypto, SignKeyPair } from "../crypto/crypto.js";

/** Of what every key is derived from; coded once. */
const prefix = utf8("sandogh ");

export interface DeviceKeys {
  /** The device's own: one for all elections. What it signs names the election. */
  readonly sign: SignKeyPair;
  /** Keys of SipHash, 16 bytes each, one for each kind of thing. */
  readonly slot: Uint8Array;
  readonly set: Uint8Array;
  readonly head: Uint8Array;
  /** The station's: its terminals' spent marks can be compared. */
  readonly token: Uint8Array;
  readonly transaction: Uint8Array;
  readonly journal: Uint8Array;
  readonly state: Uint8Array;
}

/** Keys of checks that nobody else could verify: at loading they are sealed to the auditor (loading.ts). */
export const auditedKeys = [
  "slot",
  "set",
  "head",
  "token",
  "transaction",
  "journal",
  "state",
] as const satisfies readonly (keyof DeviceKeys)[];
export type AuditKeys = Pick<DeviceKeys, (typeof auditedKeys)[number]>;

/**
 * A key for one purpose in one election, 16 to 64 bytes: nothing that such keys protect can be moved to another
 * election or another device.
 */
export function deriveKey(
  crypto: Crypto,
  secret: Uint8Array,
  election: Uint8Array,
  purpose: string,
  length = 32,
): Uint8Array {
  return crypto.mac(concat(prefix, utf8(purpose), election), secret, length);
}

/** What the device is known by: its certificates and assignments name both public keys. */
export function deviceKeys(
  crypto: Crypto,
  secret: Uint8Array,
): { readonly sign: SignKeyPair; readonly box: BoxKeyPair } {
  const noElection = new Uint8Array(0);
  return {
    sign: crypto.signKeyPair(deriveKey(crypto, secret, noElection, "device sign")),
    box: crypto.boxKeyPair(deriveKey(crypto, secret, noElection, "device box")),
  };
}

/** See access/activation.ts, tokenOf. */
export function markKeyOf(crypto: Crypto, stationKey: Uint8Array, election: Uint8Array): Uint8Array {
  return deriveKey(crypto, stationKey, election, "right");
}

/**
 * A ballot terminal's own keys of one election: all but the station's. `sign`: the device's, when it is known already.
 */
export function deriveOwnKeys(
  crypto: Crypto,
  secret: Uint8Array,
  election: Uint8Array,
  sign: SignKeyPair = deviceKeys(crypto, secret).sign,
): Omit<DeviceKeys, "token"> {
  const derive = (purpose: string, length = 16): Uint8Array => deriveKey(crypto, secret, election, purpose, length);
  return {
    sign,
    slot: derive("slot"),
    set: derive("set"),
    head: derive("head"),
    transaction: derive("transaction"),
    journal: derive("journal"),
    state: derive("state"),
  };
}

/** And with the station's. */
export function deriveKeys(
  crypto: Crypto,
  secret: Uint8Array,
  election: Uint8Array,
  stationKey: Uint8Array,
  sign?: SignKeyPair,
): DeviceKeys {
  const token = deriveKey(crypto, stationKey, election, "token", 16);
  return { ...deriveOwnKeys(crypto, secret, election, sign), token };
}
