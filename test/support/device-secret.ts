// A simulated device's secret, for tests that play the device or look for what it must not leave anywhere. Opened by
// the firmware's own reader: what lies on the main flash, and the fuses of that device.

import { fromHex } from "../../firmware/bytes.js";
import { Crypto } from "../../firmware/crypto/crypto.js";
import { openSecret } from "../../firmware/device/secret.js";
import type { Fuses } from "../../firmware/platform.js";
import { referencePrimitives } from "../../office/crypto/reference.js";
import { type NorChip, flashOf } from "../../sim/nor.js";

const crypto = new Crypto({
  primitives: referencePrimitives,
  random: () => {
    throw new Error("a secret that is there is not drawn");
  },
});

/** `key`: what they hold, 32 bytes or 64 hexadecimal digits. */
export function fusesOf(key: Uint8Array | string): Fuses {
  const bytes = typeof key === "string" ? fromHex(key)! : key;
  return {
    mac: (message, out) => {
      out.set(crypto.hmac(bytes, message));
      return true;
    },
  };
}

export function secretIn(main: NorChip, fuses: string): Uint8Array {
  const secret = openSecret({ crypto, main: flashOf(main), fuses: fusesOf(fuses), isKnown: true });
  if (!secret.ok) throw new Error(`the device's secret: ${secret.error}`);
  return secret.value;
}
