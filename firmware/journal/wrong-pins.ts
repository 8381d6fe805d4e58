// How many wrong PINs there were since the last right one: the journal remembers them over a power cut, so that
// switching off ends no wait.

import type { Journal } from "./journal.js";

export function wrongPinsInJournal(journal: Pick<Journal, "tail">): number {
  let wrong = 0;
  for (const { event } of journal.tail)
    wrong = event === "officialIn" ? 0 : event === "officialRefused" ? wrong + 1 : wrong;
  return wrong;
}
