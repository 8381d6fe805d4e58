// Command APDUs of the short form as a card sees them (ISO/IEC 7816-4 section 5.1), and the status words it answers
// with.

import { concat } from "../../firmware/bytes.js";

export interface CommandApdu {
  readonly cla: number;
  readonly ins: number;
  readonly p1: number;
  readonly p2: number;
  readonly data: Uint8Array;
  /** Bytes expected, 0..256; undefined when the field is absent. */
  readonly expected: number | undefined;
}

/** Undefined when the lengths do not add up. */
export function parseApdu(bytes: Uint8Array): CommandApdu | undefined {
  if (bytes.length < 4 || bytes.length > 261) return undefined;
  const head = { cla: bytes[0]!, ins: bytes[1]!, p1: bytes[2]!, p2: bytes[3]! };
  const none = new Uint8Array(0);
  if (bytes.length === 4) return { ...head, data: none, expected: undefined };
  const first = bytes[4]!;
  if (bytes.length === 5) return { ...head, data: none, expected: first === 0 ? 256 : first };
  if (first === 0) return undefined;
  const data = bytes.slice(5, 5 + first);
  if (bytes.length === 5 + first) return { ...head, data, expected: undefined };
  if (bytes.length === 6 + first) return { ...head, data, expected: bytes[5 + first] === 0 ? 256 : bytes[5 + first]! };
  return undefined;
}

/** Status words, ISO/IEC 7816-4 section 5.6. */
export const status = {
  ok: 0x9000,
  endOfFile: 0x6282,
  verificationFailed: 0x6300,
  wrongLength: 0x6700,
  noSecureMessaging: 0x6882,
  securityStatus: 0x6982,
  blocked: 0x6983,
  conditionsNotSatisfied: 0x6985,
  notAllowed: 0x6986,
  wrongMac: 0x6988,
  wrongData: 0x6a80,
  notFound: 0x6a82,
  wrongParameters: 0x6a86,
  referenceNotFound: 0x6a88,
  wrongOffset: 0x6b00,
  unknownInstruction: 0x6d00,
  unknownClass: 0x6e00,
} as const;

export function respond(word: number, data: Uint8Array = new Uint8Array(0)): Uint8Array {
  return concat(data, Uint8Array.of(word >> 8, word & 0xff));
}
