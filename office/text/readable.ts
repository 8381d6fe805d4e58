// Whether people can see what they are to read: names, titles, affiliations.

/** Blank, and no space by its properties: the Hangul fillers are letters, the empty Braille pattern a symbol. */
const blankLetters = /[\u115f\u1160\u3164\uffa0\u2800]/gu;
/** Spaces, controls, what is never drawn, and marks, which need a letter to stand on. */
const unseen = /[\p{White_Space}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\p{M}]/gu;
/** How letters are joined (U+200C, U+200D) is part of how words are written, also at their ends. */
const joiners = "\u200c\u200d";

interface Rule {
  readonly pattern: RegExp;
  readonly what: string;
}

const rules: readonly Rule[] = [
  {
    pattern: /\ufffd/u,
    what: "is what is left of a character that was lost: save the file as UTF-8 and write the name anew",
  },
  { pattern: /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u, what: "is a direction mark: remove it" },
  { pattern: /\p{Cc}/u, what: "is a control character: remove it" },
  { pattern: /[\p{Co}\p{Cn}]/u, what: "is no character that anybody else knows: write another" },
  { pattern: /[{}]/u, what: "is a brace: remove it" },
  { pattern: blankLetters, what: "cannot be seen: remove it" },
  {
    pattern: new RegExp(`(?![${joiners}])[\\p{Cf}\\p{Default_Ignorable_Code_Point}]`, "u"),
    what: "cannot be seen: remove it",
  },
  { pattern: /^\p{M}/u, what: "is a mark with no letter to stand on: write the letter before it" },
];

/** What is wrong with it, with the place of the character (from 1); undefined: nothing. NFC, trimmed. */
export function problemOfText(text: string): string | undefined {
  if (text.replace(unseen, "").replace(blankLetters, "") === "")
    return "has nothing that can be seen: write what people are to read";
  for (const { pattern, what } of rules) {
    const at = text.search(pattern);
    if (at < 0) continue;
    const code = text.codePointAt(at)!.toString(16).toUpperCase().padStart(4, "0");
    return `holds U+${code} as its character ${[...text.slice(0, at)].length + 1}, which ${what}`;
  }
  return undefined;
}

/**
 * What two names must not have in common that are not the same: Arabic ye and kaf look as the Persian ones do, and
 * what is not drawn, or is wider or narrower, tells nobody apart.
 */
export function lookOf(name: string): string {
  return name
    .normalize("NFKC")
    .replace(/[\u064a\u0649]/gu, "\u06cc")
    .replace(/\u0643/gu, "\u06a9")
    .replace(/[\p{Cf}\s]/gu, "");
}
