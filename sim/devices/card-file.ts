// A virtual official's card as a file: everything that a real card would keep on itself, in JSON, readable by its owner
// only. A tool that is given the file has the card in its hand, and needs its PIN all the same.

import { readFileSync, writeFileSync } from "node:fs";
import { fromHex, toHex } from "../../firmware/bytes.js";
import type { BoxKeyPair, Crypto, SignKeyPair } from "../../firmware/crypto/crypto.js";
import { OfficialCard } from "./official-card.js";

/** What an official's card is made of. */
export interface CardKeeps {
  readonly certificate: Uint8Array;
  readonly pin: string;
  readonly sign: SignKeyPair;
  readonly box: BoxKeyPair;
  /** Ed25519: the authority that the card obeys. */
  readonly authorityKey: Uint8Array;
  readonly election: Uint8Array;
  readonly station: number;
}

/** The file is not a card's; the message says what is missing. */
export class CardFileProblem extends Error {
  override readonly name = "CardFileProblem";
}

/** `kept`: what the card's toJSON gave before. */
export function cardOf(crypto: Crypto, keeps: CardKeeps, kept?: unknown): OfficialCard {
  const { certificate, pin, sign, box, authorityKey, election, station } = keeps;
  return new OfficialCard({
    certificate,
    pin,
    sign: (message) => crypto.sign(message, sign.secretKey),
    shares: { crypto, authorityKey, election, station, box },
    ...(kept === undefined ? {} : { kept }),
  });
}

export function writeCardFile(path: string, keeps: CardKeeps, card: OfficialCard): void {
  const { certificate, pin, sign, box, authorityKey, election, station } = keeps;
  const hex = {
    certificate,
    signPublic: sign.publicKey,
    signSecret: sign.secretKey,
    boxPublic: box.publicKey,
    boxSecret: box.secretKey,
    authorityKey,
    election,
  };
  const bytes = Object.fromEntries(Object.entries(hex).map(([name, value]) => [name, toHex(value)]));
  const text = JSON.stringify({ ...(card.toJSON() as object), pin, station, ...bytes }, undefined, 1);
  writeFileSync(path, `${text}\n`, { mode: 0o600 });
}

/** Throws CardFileProblem. */
export function readCardFile(crypto: Crypto, path: string): { readonly keeps: CardKeeps; readonly card: OfficialCard } {
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(path, "utf8"));
  } catch {
    parsed = undefined;
  }
  const file = (typeof parsed === "object" && parsed !== null ? parsed : {}) as Readonly<Record<string, unknown>>;
  const bytes = (name: string, length?: number): Uint8Array => {
    const value = typeof file[name] === "string" ? fromHex(file[name]) : undefined;
    if (value === undefined || (length !== undefined && value.length !== length))
      throw new CardFileProblem(`${path}: is not an official's card ("${name}")`);
    return value;
  };
  const { pin, station } = file;
  if (typeof pin !== "string" || typeof station !== "number")
    throw new CardFileProblem(`${path}: is not an official's card ("pin", "station")`);
  const keeps: CardKeeps = {
    certificate: bytes("certificate"),
    pin,
    sign: { publicKey: bytes("signPublic", 32), secretKey: bytes("signSecret", 64) },
    box: { publicKey: bytes("boxPublic", 32), secretKey: bytes("boxSecret", 32) },
    authorityKey: bytes("authorityKey", 32),
    election: bytes("election", 16),
    station,
  };
  return { keeps, card: cardOf(crypto, keeps, file) };
}
