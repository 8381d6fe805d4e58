// The ballot as it is sealed: deterministic CBOR [1, style, [[contest, blank, [code, ...]], ...]] behind its length
// (u16, big endian), zero-padded to the one length of the election, so that a box tells nothing of what is in it. See
// ballot.cddl.

import { readU16 } from "../bytes.js";
import { encode } from "../cbor/cbor.js";
import { array, bool, decodeAs, describe, encodeAs, literal, tuple, uint } from "../cbor/shape.js";
import type { Crypto } from "../crypto/crypto.js";
import type { Ballot, Contest, Election, ElectionPackage, Mark, OptionIndex, StyleId } from "../election/types.js";
import { type Result, assert, err, ok } from "../result.js";

const format = 1;
export const choicesMax = 64;
export const contestsMax = 32;
export const codeMax = 99_999;

export function encodeBallot(ballot: Ballot, length: number): Uint8Array {
  const body = encodeAs(
    [
      format,
      ballot.style,
      ballot.marks.map((mark): [number, boolean, number[]] => [mark.contest, mark.blank, [...mark.choices]]),
    ],
    shape,
  );
  assert(body.length + 2 <= length, "ballot fits the election's ballot length");
  const out = new Uint8Array(length);
  out[0] = body.length >> 8;
  out[1] = body.length;
  out.set(body, 2);
  return out;
}

/** The longest encoding that a ballot of this election can have, in bytes. */
export function ballotLengthMax(election: Pick<Election, "contests" | "styles">): number {
  let longest = 0;
  for (const style of election.styles) {
    const marks = style.contests.map((id) => {
      const contest = election.contests.find((each) => each.id === id);
      assert(contest !== undefined, "style names a contest");
      return [id, false, new Array<number>(contest.votesAllowed).fill(codeMax)];
    });
    longest = Math.max(longest, 2 + encode([format, style.id, marks]).length);
  }
  return longest;
}

const shape = tuple<[number, number, [number, boolean, number[]][]]>(
  literal(format),
  uint(0xffff, 1),
  array(tuple<[number, boolean, number[]]>(uint(0xffff, 1), bool(), array(uint(codeMax, 1), choicesMax)), contestsMax),
);

export type BallotError =
  | { readonly kind: "padding" }
  | { readonly kind: "format"; readonly what: string }
  /** Breaks a rule of its contest: the text says which. */
  | { readonly kind: "rule"; readonly what: string };

/**
 * What a code of a contest stands for, and in an open list on which of its lists that is; undefined for a code that no
 * option has.
 */
export type CodeBook = (contest: Contest, code: number) => Coded | undefined;

interface Coded {
  readonly option: OptionIndex;
  readonly list: OptionIndex | undefined;
}

/**
 * Read from flash each time, but for the first `kept` codes that were asked for: a cast must not leave behind what
 * others chose.
 */
export function codeBook(pack: Pick<ElectionPackage, "findCode" | "option">, kept = 0): CodeBook {
  const known = new Map<number, Coded>();
  return (contest, code) => {
    const key = contest.id * (codeMax + 1) + code;
    const before = known.get(key);
    if (before !== undefined) return before;
    const option = pack.findCode(contest.id, code);
    if (option === undefined) return undefined;
    const coded = { option, list: contest.kind === "open-list" ? pack.option(contest.id, option).list : undefined };
    if (known.size < kept) known.set(key, coded);
    return coded;
  };
}

/**
 * Strict: one encoding, one length, every contest of the style once and in order, choices ascending, within votes
 * allowed, of one list.
 */
export function decodeBallot(
  crypto: Crypto,
  plain: Uint8Array,
  election: Pick<Election, "contests" | "styles" | "ballotLength">,
  book: CodeBook,
): Result<Ballot, BallotError> {
  if (plain.length !== election.ballotLength) return err({ kind: "padding" });
  const length = readU16(plain, 0);
  if (length + 2 > plain.length || !crypto.isFilled(plain, 0, length + 2)) return err({ kind: "padding" });
  const decoded = decodeAs(plain.subarray(2, 2 + length), shape);
  if (!decoded.ok) return err({ kind: "format", what: describe(decoded.error) });
  const [, styleId, marks] = decoded.value;
  const style = election.styles.find((each) => each.id === styleId);
  if (style === undefined) return err({ kind: "rule", what: `style ${styleId} is not of this election` });
  if (marks.length !== style.contests.length)
    return err({ kind: "rule", what: `${marks.length} contests instead of ${style.contests.length}` });
  const out: Mark[] = [];
  for (let i = 0; i < marks.length; i++) {
    const coding = marks[i]!;
    const id = coding[0];
    const blank = coding[1];
    const choices = coding[2];
    const contest = election.contests.find((each) => each.id === style.contests[i]);
    if (contest === undefined || contest.id !== id) return err({ kind: "rule", what: `contest ${id} is out of place` });
    const broken = brokenRule(contest, blank, choices);
    if (broken !== undefined) return err({ kind: "rule", what: `contest ${id}: ${broken}` });
    const options: Coded[] = [];
    for (let at = 0, n = choices.length; at < n; at++) {
      const coded = book(contest, choices[at]!);
      if (coded === undefined) return err({ kind: "rule", what: `contest ${id}: no option has code ${choices[at]}` });
      options.push(coded);
    }
    if (contest.kind === "open-list") {
      const lists = options.filter((each) => each.list === undefined);
      if (lists.length > 1) return err({ kind: "rule", what: `contest ${id}: ${lists.length} lists` });
      const stray = choices.find((_, at) => options[at]!.list !== undefined && options[at]!.list !== lists[0]?.option);
      if (stray !== undefined) return err({ kind: "rule", what: `contest ${id}: ${stray} is not on the list chosen` });
    }
    out.push({ contest: contest.id, blank, choices });
  }
  return ok({ style: styleId as StyleId, marks: out });
}

function brokenRule(contest: Contest, blank: boolean, choices: readonly number[]): string | undefined {
  if (blank && !contest.blankAllowed) return "blank is not allowed";
  if (blank && choices.length > 0) return "blank with choices";
  if (choices.length > contest.votesAllowed) return `${choices.length} choices, ${contest.votesAllowed} allowed`;
  for (let i = 1, n = choices.length; i < n; i++)
    if (choices[i]! <= choices[i - 1]!) return "choices are not ascending";
  return undefined;
}

/** For the slip, the screen and the tally: what one mark counts as. */
export function undervotes(contest: Contest, mark: Mark): number {
  return mark.blank ? 0 : contest.votesAllowed - mark.choices.length;
}
