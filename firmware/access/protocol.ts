// The activation card's application: what terminal, desk and card agree on. ISO/IEC 7816-4 commands over ISO/IEC
// 14443-4.
//
//   SELECT                00 A4 04 00 07 <AID>                     -> 9000, nothing else
//   GET CHALLENGE         00 84 00 00 10                           -> card nonce (16)
//   MUTUAL AUTHENTICATE   00 82 00 00 30 <terminal nonce (16)> <proof (32)> 20
//                                                                  -> proof of the card (32), or 6300
//
// proof of the terminal = HMAC-SHA-256(card key, "sandogh card v1 terminal" || card nonce || terminal nonce), of the
// card the same with "card", and the session key the same with "session". The terminal proves itself first: before that
// a card says nothing that any other card would not say too. The card's nonce serves one attempt.
//
// Then, class 84 (proprietary, secured): the command's data and the response's data each end in a MAC of 8 bytes:
//   command   HMAC(session key, "C" || counter (4) || CLA INS P1 P2 || data)
//   response  HMAC(session key, "R" || counter (4) || data || SW1 SW2)
// The counter starts at 1 and counts commands. A card that gets a wrong MAC answers 6988 and ends the session.
//
//   GET STATE   84 CA 01 00                                        -> state (below)
//   GRANT       84 10 00 00  election (16), style (2)              -> EMPTY to GRANTED; the same grant again is harmless
//   LOCK        84 12 00 00  election (16), terminal (4)           -> GRANTED to LOCKED, gives the token (16);
//                                                                     the same terminal again gets the same token
//   SPEND       84 14 00 00  terminal (4), token (16)              -> LOCKED to SPENT; the same again is harmless
//   RESET       84 16 P1 00  P1 = 0, or 1 to override a lock       -> to EMPTY
//
//   state = 00 | 01 election (16) style (2) | 02 election style terminal (4) | 03 election style terminal
//
// A lost answer leaves the terminal not knowing whether the card has acted: it opens a new session and sends the
// command again.

import { concat, utf8, writeU16, writeU32 } from "../bytes.js";
import { hmacSha256 } from "../crypto/hmac.js";

/** Proprietary, category F (ISO/IEC 7816-4 section 8.2.1.2): F0 "SNDGH" 01 and 02. */
export const ACTIVATION_AID: Uint8Array = Uint8Array.of(0xf0, 0x53, 0x4e, 0x44, 0x47, 0x48, 0x01);
export const OFFICIAL_AID: Uint8Array = Uint8Array.of(0xf0, 0x53, 0x4e, 0x44, 0x47, 0x48, 0x02);

export const NONCE_BYTES = 16;
export const PROOF_BYTES = 32;
export const MAC_BYTES = 8;
export const ELECTION_BYTES = 16;
export const TOKEN_BYTES = 16;

export const CLA_SECURED = 0x84;
export const INS_MUTUAL_AUTHENTICATE = 0x82;
export const INS_GET_CHALLENGE = 0x84;
export const INS_GET_STATE = 0xca;
export const INS_GRANT = 0x10;
export const INS_LOCK = 0x12;
export const INS_SPEND = 0x14;
export const INS_RESET = 0x16;

export const SW_OK = 0x9000;
export const SW_VERIFICATION_FAILED = 0x6300;
export const SW_CONDITIONS = 0x6985;
export const SW_NOT_ALLOWED = 0x6986;
export const SW_WRONG_DATA = 0x6a80;
export const SW_NOT_FOUND = 0x6a82;

export type CardState =
  | { readonly kind: "empty" }
  | { readonly kind: "granted"; readonly election: Uint8Array; readonly style: number }
  | {
      readonly kind: "locked" | "spent";
      readonly election: Uint8Array;
      readonly style: number;
      readonly terminal: number;
    };

export function encodeCardState(state: CardState): Uint8Array {
  if (state.kind === "empty") return Uint8Array.of(0);
  const style = new Uint8Array(2);
  writeU16(style, 0, state.style);
  if (state.kind === "granted") return concat(Uint8Array.of(1), state.election, style);
  return concat(Uint8Array.of(state.kind === "locked" ? 2 : 3), state.election, style, u32(state.terminal));
}

export function decodeCardState(bytes: Uint8Array): CardState | undefined {
  const kind = bytes[0];
  if (kind === 0) return bytes.length === 1 ? { kind: "empty" } : undefined;
  const election = bytes.slice(1, 1 + ELECTION_BYTES);
  const style = ((bytes[17] ?? 0) << 8) | (bytes[18] ?? 0);
  if (kind === 1) return bytes.length === 19 ? { kind: "granted", election, style } : undefined;
  if ((kind !== 2 && kind !== 3) || bytes.length !== 23) return undefined;
  const terminal = ((bytes[19]! << 24) | (bytes[20]! << 16) | (bytes[21]! << 8) | bytes[22]!) >>> 0;
  return { kind: kind === 2 ? "locked" : "spent", election, style, terminal };
}

export function u32(value: number): Uint8Array {
  const out = new Uint8Array(4);
  writeU32(out, 0, value);
  return out;
}

type Sha256 = (message: Uint8Array) => Uint8Array;

/** What both sides derive from the batch's key and the two nonces; 32 bytes each. */
export function derive(
  sha256: Sha256,
  cardKey: Uint8Array,
  what: "terminal" | "card" | "session",
  cardNonce: Uint8Array,
  terminalNonce: Uint8Array,
): Uint8Array {
  return hmacSha256(sha256, cardKey, concat(utf8(`sandogh card v1 ${what}`), cardNonce, terminalNonce));
}

export function commandMac(
  sha256: Sha256,
  sessionKey: Uint8Array,
  counter: number,
  header: Uint8Array,
  data: Uint8Array,
): Uint8Array {
  return hmacSha256(sha256, sessionKey, concat(utf8("C"), u32(counter), header, data)).slice(0, MAC_BYTES);
}

/** word: SW1 SW2. */
export function responseMac(
  sha256: Sha256,
  sessionKey: Uint8Array,
  counter: number,
  data: Uint8Array,
  word: number,
): Uint8Array {
  return hmacSha256(
    sha256,
    sessionKey,
    concat(utf8("R"), u32(counter), data, Uint8Array.of(word >> 8, word & 0xff)),
  ).slice(0, MAC_BYTES);
}

/** Same time whatever the place of the first difference. */
export function equalMac(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= a[i]! ^ b[i]!;
  return difference === 0;
}

/** A command APDU of the short form: data up to 255 bytes; expected 1..256 bytes, or undefined when none is. */
export function commandApdu(
  cla: number,
  ins: number,
  p1: number,
  p2: number,
  data: Uint8Array,
  expected: number | undefined,
): Uint8Array {
  const head = Uint8Array.of(cla, ins, p1, p2);
  return concat(
    head,
    data.length > 0 ? concat(Uint8Array.of(data.length), data) : data,
    expected === undefined ? new Uint8Array(0) : Uint8Array.of(expected & 0xff),
  );
}

export interface ResponseApdu {
  readonly data: Uint8Array;
  readonly word: number;
}

/** response: 2 bytes at least, as the reader's driver promises. */
export function splitResponse(response: Uint8Array): ResponseApdu {
  const end = response.length - 2;
  return { data: response.slice(0, end), word: (response[end]! << 8) | response[end + 1]! };
}
