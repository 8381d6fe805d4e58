// By what a broker knows a connection of ours.

import { concat, toHex, utf8, writeU32 } from "../bytes.js";
import type { Crypto } from "../crypto/crypto.js";

/** What a terminal is: of these its client id's first part is made, which is the same at each connection. */
export interface ClientOf {
  /** Root hash of the package: election and station. */
  readonly root: Uint8Array;
  readonly terminal: number;
  /** The device's own, 32 bytes: a spare device is somebody else. */
  readonly publicKey: Uint8Array;
}

const [knownDigits, drawnDigits] = [10, 12];

/**
 * 23 letters and digits, what every broker takes (MQTT 3.1.1 section 3.1.3.1). The first part says who it is to those
 * who have the list of assignments; the second one is drawn anew for each connection: a broker ends a connection when
 * another client comes with its id, and this id nobody else knows beforehand.
 */
export function clientId(crypto: Crypto, { root, terminal, publicKey }: ClientOf): string {
  const number = new Uint8Array(4);
  writeU32(number, 0, terminal);
  const known = crypto.sha256(concat(utf8("sandogh client"), root, number, publicKey));
  const drawn = crypto.random(drawnDigits / 2);
  return `t${toHex(known.subarray(0, knownDigits / 2))}${toHex(drawn)}`;
}
