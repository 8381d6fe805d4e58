// The cards' issuer: what it signs for a card whose key was made on the card, and decks of virtual cards, which are
// files. Only the issuer's tool (npx sandogh cards) has its secret; readers, terminals and harnesses get decks.

import { fromHex, toHex } from "../../firmware/bytes.js";
import {
  type CardCertificate,
  type CardKind,
  cardKinds,
  certificateMax,
  signCard,
} from "../../firmware/access/certificate.js";
import { PIN_DIGITS_MAX, PIN_DIGITS_MIN } from "../../firmware/access/protocol.js";
import type { BoxKeyPair, Crypto } from "../../firmware/crypto/crypto.js";

/** Everything that a card keeps from the day on which it was made; a virtual one's lies in a file. */
export interface CardKeeps {
  readonly kind: CardKind;
  /** Whose it is in a deck: "voter", or the official's name there. */
  readonly holder: string;
  readonly serial: number;
  readonly epoch: number;
  /** Of an official's card; 0 for a voter's. */
  readonly station: number;
  readonly certificate: Uint8Array;
  readonly key: BoxKeyPair;
  /** Ed25519: whose word the card takes for who its reader is. */
  readonly authorityKey: Uint8Array;
  /** Of an official's card, 4 to 12 digits; empty for a voter's. */
  readonly pin: string;
}

export interface Personalised extends Omit<CardKeeps, "certificate"> {
  readonly key: BoxKeyPair;
}

/** The card with its certificate. */
export function issue(crypto: Crypto, card: Personalised, issuerSecretKey: Uint8Array): CardKeeps {
  const { kind, serial, epoch, station, key } = card;
  const said: CardCertificate = { kind, serial, epoch, station, key: key.publicKey };
  return { ...card, certificate: signCard(crypto, said, issuerSecretKey) };
}

/** A file of cards is not one; the message says what is missing. */
export class DeckProblem extends Error {
  override readonly name = "DeckProblem";
}

/** A card as it stands in a file: hexadecimal digits for bytes. */
export function cardToFile(card: CardKeeps): Record<string, unknown> {
  const { certificate, key, authorityKey, ...rest } = card;
  return {
    ...rest,
    certificate: toHex(certificate),
    publicKey: toHex(key.publicKey),
    secretKey: toHex(key.secretKey),
    authorityKey: toHex(authorityKey),
  };
}

/** Throws DeckProblem, with the field. */
export function cardFromFile(file: Readonly<Record<string, unknown>>): CardKeeps {
  const bytes = (name: string, length?: number): Uint8Array => {
    const value = typeof file[name] === "string" ? fromHex(file[name]) : undefined;
    if (value === undefined || (length === undefined ? value.length > certificateMax : value.length !== length))
      throw new DeckProblem(`is not a card ("${name}")`);
    return value;
  };
  const whole = (name: string): number => {
    const value = file[name];
    if (typeof value !== "number" || !Number.isInteger(value) || value < 0)
      throw new DeckProblem(`is not a card ("${name}")`);
    return value;
  };
  const kind = cardKinds.find((each) => each === file["kind"]);
  const { pin, holder } = file;
  const isPin = (digits: string): boolean =>
    new RegExp(`^[0-9]{${PIN_DIGITS_MIN},${PIN_DIGITS_MAX}}$`).test(digits) || (kind === "voter" && digits === "");
  if (kind === undefined || typeof holder !== "string" || typeof pin !== "string" || !isPin(pin))
    throw new DeckProblem('is not a card ("kind", "holder", "pin")');
  return {
    kind,
    holder,
    pin,
    serial: whole("serial"),
    epoch: whole("epoch"),
    station: whole("station"),
    certificate: bytes("certificate"),
    key: { publicKey: bytes("publicKey", 32), secretKey: bytes("secretKey", 32) },
    authorityKey: bytes("authorityKey", 32),
  };
}

export interface Deck {
  /** Ed25519 */
  readonly issuerKey: Uint8Array;
  readonly cards: readonly CardKeeps[];
}

export function writeDeck({ issuerKey, cards }: Deck): string {
  return `${JSON.stringify({ issuerKey: toHex(issuerKey), cards: cards.map(cardToFile) }, undefined, 1)}\n`;
}

/** Throws DeckProblem. */
export function readDeck(text: string): Deck {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    parsed = undefined;
  }
  const { issuerKey, cards } = (typeof parsed === "object" && parsed !== null ? parsed : {}) as Record<string, unknown>;
  const key = typeof issuerKey === "string" ? fromHex(issuerKey) : undefined;
  if (key?.length !== 32 || !Array.isArray(cards))
    throw new DeckProblem('is not a deck of cards ("issuerKey", "cards")');
  return { issuerKey: key, cards: cards.map((card) => cardFromFile((card ?? {}) as Record<string, unknown>)) };
}
