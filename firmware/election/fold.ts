// Letters of a name as they are searched: one code for each letter of the Persian alphabet, whatever way it is written.
// The packager folds names, the screen folds nothing: its keyboard has these letters only.

/** Codes are 1 for the first, 2 for the next, and so on; 0 ends a key. */
export const alphabet = "ابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی";

/** Letters that do not join the next one. */
export const joinsNone = "ادذرزژو";

/** Letters of one key; a search of more letters finds what begins with so many. */
export const keyLetters = 16;

/** 1.. for a letter of the alphabet, else undefined. */
export function letterCode(letter: string): number | undefined {
  const at = alphabet.indexOf(letter);
  return letter.length === 1 && at >= 0 ? at + 1 : undefined;
}
