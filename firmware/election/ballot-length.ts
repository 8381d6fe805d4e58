// How long the longest ballot of an election is, so that all can be padded to one length.

import { ballotLengthStep } from "./layout.js";

export interface ContestExtent {
  readonly id: number;
  readonly votesAllowed: number;
  readonly codeMax: number;
}

/** Bytes of a CBOR unsigned integer or of the head of an array (RFC 8949 section 3). */
function headLength(value: number): number {
  return value < 24 ? 1 : value < 0x100 ? 2 : value < 0x1_0000 ? 3 : 5;
}

/**
 * Bytes of u16 length || CBOR [1, style, [[contest, blank, [code, ...]], ...]] when every choice has the contest's longest code,
 * rounded up to a multiple of 16.
 */
export function ballotLengthFor(styles: readonly { readonly id: number; readonly contests: readonly ContestExtent[] }[]): number {
  let longest = 0;
  for (const style of styles) {
    let length = 2 + 1 + 1 + headLength(style.id) + headLength(style.contests.length);
    for (const contest of style.contests)
      length += 1 + headLength(contest.id) + 1 + headLength(contest.votesAllowed) + contest.votesAllowed * headLength(contest.codeMax);
    longest = Math.max(longest, length);
  }
  return Math.ceil(longest / ballotLengthStep) * ballotLengthStep;
}
