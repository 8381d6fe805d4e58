// What a reader (a terminal, a desk, an office's recovery) and a card agree on. ISO/IEC 7816-4 commands over ISO/IEC
// 14443-4. All cards have one application, so that nothing tells a voter's card from an official's before the reader
// has shown who it is.
//
//   SELECT     00 A4 04 00 07 <AID>          -> message 1 of the handshake (32 bytes), 9000
//   ANSWER     80 50 00 00 <n> <message 2>   -> message 3 (208 bytes), 9000; 6982, and the session is over
//   COMMAND    80 52 00 00 <n> <box> 00      -> box, 9000; 6988, and the session is over
//
// Data beyond 255 bytes come in a chain (class 90 for all parts but the last, section 5.1.1.1; each is answered 9000).
//
// The handshake is Noise_XX_25519_ChaChaPoly_SHA256 with the card as initiator and the AID as prologue. Message 1 has no
// payload: it is a fresh key, and the same for every card. Message 2 carries the reader's signed assignment
// (firmware/device/assignment.ts). The card goes on only when its authority has signed it, when the key that it names is
// the one that the reader has proved to have, and when its epoch is not below any that the card has seen; an official's
// card also wants its own epoch and station. Whatever was wrong, the answer is 6982 and nothing else. Message 3 carries
// the card's certificate, its length before it and zeros behind it, so that all cards' are of one length.
//
// A box is a transport message of the channel: INS and data of a command; data, SW1 and SW2 of its answer.
//
//   voter's card
//     GET STATE    CA             -> state (below)
//     GET DESK     CB             -> signed assignment of the desk that has granted; 6985 when EMPTY
//     GRANT        10  right      -> desk: EMPTY to GRANTED; the same right again is harmless
//     LOCK         12             -> terminal: GRANTED to LOCKED to this terminal; the same terminal again is harmless
//     SPEND        14             -> the terminal that it is locked to: LOCKED to SPENT; the same again is harmless
//     RESET        16  00 or 01   -> desk: to EMPTY, for the card's next use; 01 to take it from a terminal
//   official's card
//     VERIFY       20  n, PIN, zeros (13)   -> 9000; 63Cx: wrong, x tries left (15 when more); 6983: dead
//     OPEN SHARE   32  sealed share (97), statement (share.cddl)
//                                 -> share, sealed to the statement's key; 6982 before VERIFY; 6A80: neither by the
//                                    reader, a terminal, nor for it by the authority; 6A88: not this card's share
//
//   state = kind, use (u32), right when there is one; kind: 00 empty, 01 granted, 02 locked to this reader, 03 locked to
//   another one, 04 spent
//
// A terminal acts on a card whose right is of its own election and station, a desk empties one whose right is. 6986: not
// this reader's to do.
//
// A lost answer leaves the reader not knowing whether the card has acted: it opens a new session and sends the command
// again.

import { concat, readU32, utf8, writeU32 } from "../bytes.js";

/** Proprietary, category F (ISO/IEC 7816-4 section 8.2.1.2): F0 "SNDGH" 03. */
export const CARD_AID: Uint8Array = Uint8Array.of(0xf0, ...utf8("SNDGH"), 0x03);

export const CLA_CHANNEL = 0x80;
/** More of the same command follows. */
export const CLA_MORE = 0x90;
export const INS_ANSWER = 0x50;
export const INS_COMMAND = 0x52;
/** Bytes of a chained command's data, all parts together. */
export const CHAINED_MAX = 512;
/** Bytes of message 3's payload: the certificate's length, the certificate, zeros. */
export const SHOWN_BYTES = 144;

export const INS_GET_STATE = 0xca;
export const INS_GET_DESK = 0xcb;
export const INS_GRANT = 0x10;
export const INS_LOCK = 0x12;
export const INS_SPEND = 0x14;
export const INS_RESET = 0x16;
export const INS_VERIFY = 0x20;
export const INS_OPEN_SHARE = 0x32;

export const SW_OK = 0x9000;
export const SW_SECURITY = 0x6982;
export const SW_BLOCKED = 0x6983;
export const SW_CONDITIONS = 0x6985;
export const SW_NOT_ALLOWED = 0x6986;
export const SW_WRONG_DATA = 0x6a80;

export const PIN_DIGITS_MIN = 4;
export const PIN_DIGITS_MAX = 12;
/** Wrong PINs that a card takes in its life between two right ones. */
export const PIN_TRIES = 15;

export const stateKinds = ["empty", "granted", "locked", "locked-elsewhere", "spent"] as const;

/** As a card tells it to a reader. */
export type CardState =
  | { readonly kind: "empty"; readonly use: number }
  | {
      readonly kind: Exclude<(typeof stateKinds)[number], "empty">;
      readonly use: number;
      /** Signed; see right.ts. */
      readonly right: Uint8Array;
    };

export function encodeCardState(state: CardState): Uint8Array {
  const head = new Uint8Array(5);
  head[0] = stateKinds.indexOf(state.kind);
  writeU32(head, 1, state.use);
  return state.kind === "empty" ? head : concat(head, state.right);
}

export function decodeCardState(bytes: Uint8Array): CardState | undefined {
  if (bytes.length < 5) return undefined;
  const kind = stateKinds[bytes[0]!];
  const use = readU32(bytes, 1);
  const right = bytes.slice(5);
  if (kind === undefined || (kind === "empty") !== (right.length === 0)) return undefined;
  return kind === "empty" ? { kind, use } : { kind, use, right };
}

/** The data of VERIFY: of one length for every PIN. */
export function encodePin(digits: Uint8Array): Uint8Array {
  const out = new Uint8Array(1 + PIN_DIGITS_MAX);
  out[0] = digits.length;
  out.set(digits, 1);
  return out;
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
