// A name -> the keys under which it is found: one from each of its words on, so that a family name is found as a given
// name is.

import { keyLetters, letterCode } from "../../firmware/election/fold.js";

/** Other ways to write a letter: Arabic ye and kaf, alefs and hamzas with their seats, te marbuta. */
const written: Readonly<Record<string, string>> = {
  آ: "ا",
  أ: "ا",
  إ: "ا",
  ٱ: "ا",
  ي: "ی",
  ى: "ی",
  ئ: "ی",
  ك: "ک",
  ة: "ه",
  ۀ: "ه",
  ە: "ه",
  ؤ: "و",
};

/** Names of more words are searched by the first so many. */
export const wordsMax = 8;

/**
 * Codes of the letters of `text`; diacritics, joiners, spaces and whatever is no letter of the alphabet are left out.
 */
export function foldLetters(text: string): number[] {
  const codes: number[] = [];
  for (const letter of text.normalize("NFC")) {
    const code = letterCode(written[letter] ?? letter);
    if (code !== undefined) codes.push(code);
  }
  return codes;
}

/** Distinct keys of `keyLetters` bytes, short ones filled up with 0. */
export function searchKeys(name: string): Uint8Array[] {
  const words = name
    .split(/[\s\u200c]+/u)
    .filter((word) => foldLetters(word).length > 0)
    .slice(0, wordsMax);
  const keys = words.map((_, from) => foldLetters(words.slice(from).join("")).slice(0, keyLetters));
  const distinct = new Map(keys.map((key) => [key.join(), key]));
  return [...distinct.values()].map((key) => Uint8Array.from({ length: keyLetters }, (_, i) => key[i] ?? 0));
}
