// The keys that a device has in one election. All of them are derived from its secret when they are wanted, and none is
// stored.

import { concat, utf8 } from "../bytes.js";
import type { Crypto, SignKeyPair } from "../crypto/crypto.js";

/** Of what every key is derived from; coded once. */
const prefix = utf8("sandogh ");

export interface DeviceKeys {
  /** This election's signing key of the device. */
  readonly sign: SignKeyPair;
  /** Keys of SipHash, 16 bytes each, one for each kind of thing. */
  readonly slot: Uint8Array;
  readonly set: Uint8Array;
  readonly head: Uint8Array;
  readonly token: Uint8Array;
  readonly transaction: Uint8Array;
  readonly journal: Uint8Array;
  readonly state: Uint8Array;
}

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

/** A ballot terminal's keys of one election. */
export function deriveKeys(crypto: Crypto, secret: Uint8Array, election: Uint8Array): DeviceKeys {
  const derive = (purpose: string, length = 16): Uint8Array => deriveKey(crypto, secret, election, purpose, length);
  return {
    sign: crypto.signKeyPair(derive("sign", 32)),
    slot: derive("slot"),
    set: derive("set"),
    head: derive("head"),
    token: derive("token"),
    transaction: derive("transaction"),
    journal: derive("journal"),
    state: derive("state"),
  };
}
