// A virtual official's card as a file: everything that a real card would keep on itself, in JSON, readable by its owner
// only. A tool that is given the file has the card in its hand, and needs its PIN all the same.

import { readFileSync, writeFileSync } from "node:fs";
import type { Crypto } from "../../firmware/crypto/crypto.js";
import { type CardKeeps, DeckProblem, cardFromFile, cardToFile } from "../../office/cards/issue.js";
import { OfficialCard } from "./official-card.js";

/** The file is not a card's; the message says what is missing. */
export class CardFileProblem extends Error {
  override readonly name = "CardFileProblem";
}

export function writeCardFile(path: string, card: OfficialCard): void {
  const text = JSON.stringify({ ...cardToFile(card.made), kept: card.toJSON() }, undefined, 1);
  writeFileSync(path, `${text}\n`, { mode: 0o600 });
}

/** Throws CardFileProblem. */
export function readCardFile(crypto: Crypto, path: string): OfficialCard {
  try {
    const file = JSON.parse(readFileSync(path, "utf8")) as Readonly<Record<string, unknown>> | null;
    const keeps: CardKeeps = cardFromFile(file ?? {});
    if (keeps.kind === "voter") throw new DeckProblem("is a voter's card");
    const kept = file?.["kept"];
    return new OfficialCard({ crypto, keeps, ...(kept === undefined ? {} : { kept }) });
  } catch (thrown) {
    const why =
      thrown instanceof DeckProblem ? thrown.message : `is not an official's card (${(thrown as Error).message})`;
    throw new CardFileProblem(`${path}: ${why}`);
  }
}
