// Counting. Totals come from ballots alone; for every contest votes + unused votes = ballots x votes allowed, which is
// checked before anybody sees a number (VVSG 2.5.4-M). What fewer than k ballots hold is merged upwards: nobody sees it
// here.

import { type CodeBook, codeBook, undervotes } from "../election/ballot.js";
import type { Ballot, Contest, ContestId, ElectionPackage } from "../election/types.js";
import { assert } from "../result.js";

export interface ContestTally {
  readonly contest: ContestId;
  readonly ballots: number;
  readonly blank: number;
  readonly undervotes: number;
  /** By option, in the package's order. */
  readonly votes: readonly number[];
}

interface Counter {
  readonly contest: Contest;
  ballots: number;
  blank: number;
  undervotes: number;
  readonly votes: Uint32Array;
}

/** Codes that are looked up once; votes are for few of thousands of candidates. */
const codesKeptMax = 512;

export class Tally {
  /** For the decoding of the ballots too. */
  readonly book: CodeBook;
  readonly #counters: readonly Counter[];
  #ballots = 0;

  constructor(pack: ElectionPackage) {
    this.book = codeBook(pack, codesKeptMax);
    this.#counters = pack.election.contests.map((contest) => ({
      contest,
      ballots: 0,
      blank: 0,
      undervotes: 0,
      votes: new Uint32Array(contest.options),
    }));
  }

  get ballots(): number {
    return this.#ballots;
  }

  /** `ballot` was decoded with this election's rules. */
  add(ballot: Ballot): void {
    this.#ballots++;
    const { marks } = ballot;
    for (let i = 0, contests = marks.length; i < contests; i++) {
      const mark = marks[i]!;
      const counter = this.#counters.find((each) => each.contest.id === mark.contest);
      assert(counter !== undefined, "a decoded ballot has only contests of its election");
      counter.ballots++;
      if (mark.blank) counter.blank++;
      counter.undervotes += undervotes(counter.contest, mark);
      const { choices } = mark;
      for (let at = 0, n = choices.length; at < n; at++) {
        const coded = this.book(counter.contest, choices[at]!);
        if (coded === undefined) throw new Error("a decoded ballot has only codes of its contest");
        counter.votes[coded.option]!++;
      }
    }
  }

  /** Throws when a contest's numbers do not add up: then this program is wrong, since every ballot was checked. */
  get contests(): readonly ContestTally[] {
    return this.#counters.map(({ contest, ballots, blank, undervotes: unused, votes }) => {
      let cast = 0;
      for (let option = 0; option < votes.length; option++) cast += votes[option]!;
      // a blank vote leaves all of a contest's votes unused
      assert(
        cast + blank * contest.votesAllowed + unused === ballots * contest.votesAllowed,
        `votes of contest ${contest.id} add up`,
      );
      return { contest: contest.id, ballots, blank, undervotes: unused, votes: Array.from(votes) };
    });
  }

  wipe(): void {
    for (const counter of this.#counters) counter.votes.fill(0);
  }
}

/** A contest's numbers, or nothing of them: fewer than k ballots had it, so that its votes could be put to people. */
export type ContestResult = ContestTally | { readonly contest: ContestId; readonly votes: undefined };

/**
 * Styles are counted together, so a style of few ballots is hidden among the others wherever they share a contest; a
 * contest that fewer than k ballots have, but not none, is left to a higher level, which has more of it.
 */
export function mergeSmall(contests: readonly ContestTally[], k: number): readonly ContestResult[] {
  return contests.map((each) =>
    each.ballots > 0 && each.ballots < k ? { contest: each.contest, votes: undefined } : each,
  );
}
