// An official's card: a certificate that anybody may read, a PIN that the card itself checks and counts, an Ed25519 key
// that signs only after the PIN, and an X25519 key that opens the card's share of a tally key only after the PIN and
// for a terminal whose polls are closed. The card holds no share itself. ISO/IEC 7816-4:
//
//   SELECT                  00 A4 04 00 07 <AID>      -> 9000
//   READ BINARY             00 B0 <offset (2)> <n>    -> n bytes of the certificate; 6282 with the last ones; 6B00 beyond the end
//   VERIFY                  00 20 00 80 <n> <PIN>     -> 9000, 63Cx: wrong, x tries left, 6983: dead
//   VERIFY without data     00 20 00 80               -> 9000 when verified in this session, else 63Cx or 6983
//   INTERNAL AUTHENTICATE   00 88 00 00 20 <challenge (32)> 40  -> Ed25519 over "sandogh official v1" || challenge; 6982 before VERIFY
//   PRESENT TERMINAL        80 30 00 00 <n> <assignment>  -> 9000; 6A80: not by the authority that the card obeys, or of
//                                                        another election or station
//   OPEN SHARE              80 32 00 00 <n> <share sealed to this card (97)> <statement> 51
//                                                        -> the share, sealed to the statement's key (share.cddl); 6982 before VERIFY,
//                                                        6985 before PRESENT TERMINAL, 6A80: a statement neither by that terminal nor
//                                                        by the authority for it, 6A88: not this card's share, or not of that terminal
//
// Known limit: the PIN travels in the clear over the few centimetres between card and reader.

import { concat, utf8 } from "../bytes.js";
import type { Crypto } from "../crypto/crypto.js";
import { sealedShareLength } from "../crypto/tally-key.js";
import { type Result, assert, err, ok } from "../result.js";
import { exchange } from "./channel.js";
import { OFFICIAL_AID, SW_NOT_FOUND, SW_OK, commandApdu } from "./protocol.js";
import { type Card, type CardFault, QUICK_MS } from "./reader.js";

export const CERTIFICATE_BYTES_MAX = 1024;
export const PIN_DIGITS_MIN = 4;
export const PIN_DIGITS_MAX = 12;
/** Wrong PINs that a card takes in its life between two right ones. */
export const PIN_TRIES = 15;
export const CHALLENGE_BYTES = 32;
export const CLA_PROPRIETARY = 0x80;
export const INS_PRESENT_TERMINAL = 0x30;
export const INS_OPEN_SHARE = 0x32;
/** Certificate bytes in one answer: a T=CL exchange of this size takes about 50 ms. */
const CHUNK_BYTES = 240;
/** How often an exchange without effect on the card is repeated when the card was silent or garbled. */
const TRIES_MAX = 3;

const SW_END_OF_FILE = 0x6282;
const SW_BLOCKED = 0x6983;
const SW_BEYOND_END = 0x6b00;

export type OfficialFault<E = never> =
  | { readonly kind: "card"; readonly fault: CardFault }
  | { readonly kind: "foreign-card" }
  /** Longer than CERTIFICATE_BYTES_MAX, or empty. */
  | { readonly kind: "certificate-length" }
  /** What the handed validation says. */
  | { readonly kind: "certificate"; readonly error: E }
  | { readonly kind: "wrong-pin"; readonly triesLeft: number }
  | { readonly kind: "dead" }
  /** The card does not hold the key that its certificate names. */
  | { readonly kind: "wrong-key" }
  | { readonly kind: "protocol"; readonly word: number };

/** The message that an official's card signs. */
export function officialMessage(challenge: Uint8Array): Uint8Array {
  return concat(utf8("sandogh official v1"), challenge);
}

/** Reads the certificate and gives it to `validate`, which knows authority, election, role and station. */
export async function readOfficial<T, E>(
  card: Card,
  validate: (certificate: Uint8Array) => Result<T, E>,
): Promise<Result<T, OfficialFault<E>>> {
  const certificate = await again(() => readCertificate(card));
  if (!certificate.ok) return certificate;
  const valid = validate(certificate.value);
  return valid.ok ? valid : err({ kind: "certificate", error: valid.error });
}

/** Wrong PINs that are left; 0 when the card is dead. Costs none. */
export function pinTriesLeft(card: Card): Promise<Result<number, OfficialFault>> {
  return again(async () => {
    const selected = await select(card);
    if (!selected.ok) return selected;
    const answer = await exchange(card, commandApdu(0x00, 0x20, 0x00, 0x80, new Uint8Array(0), undefined));
    if (!answer.ok) return answer;
    const { word } = answer.value;
    if (word === SW_BLOCKED) return ok(0);
    return (word & 0xfff0) === 0x63c0 ? ok(word & 15) : err({ kind: "protocol", word });
  });
}

/**
 * Gives the card the PIN (digits, PIN_DIGITS_MIN..PIN_DIGITS_MAX) and has it prove the key of its certificate (Ed25519,
 * 32 bytes). Never repeated by itself: an answer that was lost may have cost a try, which the person has to hear.
 */
export async function provePin(
  card: Card,
  pin: string,
  publicKey: Uint8Array,
  crypto: Crypto,
): Promise<Result<void, OfficialFault>> {
  assert(
    pin.length >= PIN_DIGITS_MIN && pin.length <= PIN_DIGITS_MAX && /^[0-9]+$/.test(pin),
    "a PIN is 4 to 12 digits",
  );
  const selected = await select(card);
  if (!selected.ok) return selected;
  const digits = utf8(pin);
  const command = commandApdu(0x00, 0x20, 0x00, 0x80, digits, undefined);
  const verified = await exchange(card, command);
  digits.fill(0);
  command.fill(0);
  if (!verified.ok) return verified;
  const { word } = verified.value;
  if (word === SW_BLOCKED || word === 0x63c0) return err({ kind: "dead" });
  if ((word & 0xfff0) === 0x63c0) return err({ kind: "wrong-pin", triesLeft: word & 15 });
  if (word !== SW_OK) return err({ kind: "protocol", word });

  const challenge = crypto.random(CHALLENGE_BYTES);
  const answer = await exchange(card, commandApdu(0x00, 0x88, 0x00, 0x00, challenge, 64));
  if (!answer.ok) return answer;
  if (answer.value.word !== SW_OK) return err({ kind: "protocol", word: answer.value.word });
  // A card that says yes to every PIN cannot do this.
  return crypto.verify(answer.value.data, officialMessage(challenge), publicKey) ? ok() : err({ kind: "wrong-key" });
}

/**
 * Has a card that has taken its PIN (and was not selected anew) open its share; `sealed`: as the loading statement has
 * it. Neither command changes the card, so each is repeated when the card was silent or garbled.
 */
export async function openShare(
  card: Card,
  certificate: Uint8Array,
  sealed: Uint8Array,
  statement: Uint8Array,
): Promise<Result<Uint8Array, OfficialFault>> {
  const presented = await again(() =>
    exchange(card, commandApdu(CLA_PROPRIETARY, INS_PRESENT_TERMINAL, 0, 0, certificate, undefined)),
  );
  if (!presented.ok) return presented;
  if (presented.value.word !== SW_OK) return err({ kind: "protocol", word: presented.value.word });
  const command = commandApdu(CLA_PROPRIETARY, INS_OPEN_SHARE, 0, 0, concat(sealed, statement), sealedShareLength);
  const opened = await again(() => exchange(card, command));
  if (!opened.ok) return opened;
  const { word, data } = opened.value;
  return word === SW_OK && data.length === sealedShareLength ? ok(data) : err({ kind: "protocol", word });
}

async function select(card: Card): Promise<Result<void, OfficialFault>> {
  const answer = await exchange(card, commandApdu(0x00, 0xa4, 0x04, 0x00, OFFICIAL_AID, undefined), QUICK_MS);
  if (!answer.ok) return answer;
  if (answer.value.word === SW_OK) return ok();
  return err(
    answer.value.word === SW_NOT_FOUND ? { kind: "foreign-card" } : { kind: "protocol", word: answer.value.word },
  );
}

async function readCertificate(card: Card): Promise<Result<Uint8Array, OfficialFault>> {
  const selected = await select(card);
  if (!selected.ok) return selected;
  let certificate = new Uint8Array(0);
  while (certificate.length <= CERTIFICATE_BYTES_MAX) {
    const at = certificate.length;
    const ask = commandApdu(0x00, 0xb0, at >> 8, at & 0xff, new Uint8Array(0), CHUNK_BYTES);
    const answer = await exchange(card, ask, QUICK_MS);
    if (!answer.ok) return answer;
    const { word, data } = answer.value;
    if (word === SW_BEYOND_END && at > 0) return ok(certificate);
    if (
      (word !== SW_OK && word !== SW_END_OF_FILE) ||
      data.length > CHUNK_BYTES ||
      (word === SW_OK && data.length === 0)
    ) {
      return err({ kind: "protocol", word });
    }
    certificate = concat(certificate, data) as Uint8Array<ArrayBuffer>;
    if (word === SW_END_OF_FILE) break;
  }
  return certificate.length === 0 || certificate.length > CERTIFICATE_BYTES_MAX
    ? err({ kind: "certificate-length" })
    : ok(certificate);
}

async function again<T>(work: () => Promise<Result<T, OfficialFault>>): Promise<Result<T, OfficialFault>> {
  for (let attempt = 1; ; attempt++) {
    const result = await work();
    if (result.ok || attempt === TRIES_MAX || result.error.kind !== "card" || result.error.fault === "removed")
      return result;
  }
}
