// The virtual cards of a simulated station: a deck that the issuer's tool has made. It runs in a process of its own,
// once for each station and election; here nobody has the issuer's key.

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync } from "node:fs";
import { type CardKeeps, type Deck, readDeck } from "../office/cards/issue.js";

const directory = "build/cards";
const known = new Map<string, Deck>();

/** Of the marked test election's issuer. Voters' cards in the order of their serials. */
export function testDeck(station: number, epoch: number): Deck {
  const name = `${directory}/station-${station}-epoch-${epoch}.json`;
  const before = known.get(name);
  if (before !== undefined) return before;
  if (!existsSync(name)) {
    mkdirSync(directory, { recursive: true });
    const made = `${name}.${process.pid}`;
    const asked = ["cards", "--test", "--station", String(station), "--epoch", String(epoch), "--out", made];
    execFileSync(process.execPath, ["tools/sandogh.js", ...asked], { stdio: ["ignore", "ignore", "inherit"] });
    renameSync(made, name);
  }
  const deck = readDeck(readFileSync(name, "utf8"));
  known.set(name, deck);
  return deck;
}

/** The card of a holder: an official by name, or the voter's card of a serial. */
export function cardIn({ cards }: Deck, holder: string, serial?: number): CardKeeps {
  const found = cards.find((card) => card.holder === holder && (serial === undefined || card.serial === serial));
  if (found === undefined) throw new RangeError(`no card of ${holder} in the deck`);
  return found;
}
