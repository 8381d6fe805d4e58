// What may be shown of a contest's counts in several places: terminals of a station, stations of a district.

import type { ContestTally } from "../../firmware/tally/tally.js";

/** A place's count, by whatever name the place has. */
export interface PlaceTally {
  readonly place: number;
  readonly tally: ContestTally;
}

/** Places that are shown as one sum: of one place alone, or of those that are too small each. */
export interface ShownTally {
  readonly places: readonly number[];
  readonly tally: ContestTally;
}

export interface MergedTally {
  /** No place is in two of them, and each has k ballots or none. */
  readonly shown: readonly ShownTally[];
  /** Of all that is shown. */
  readonly total: ContestTally;
  /** Places whose ballots are in nothing shown: for a level that has more of them. */
  readonly left: readonly number[];
}

/**
 * A place of fewer than k ballots showed nothing (firmware/tally/tally.ts), but a total over all places would, less what
 * the others showed. So the small ones are shown as one sum when they have k ballots together, and else are left out
 * of the total, too. Every number that is shown is a sum of whole disjoint groups of k ballots or more, and so is every
 * difference that somebody makes of them.
 */
export function mergePlaces(places: readonly PlaceTally[], k: number): MergedTally {
  const isSmall = ({ tally }: PlaceTally): boolean => tally.ballots > 0 && tally.ballots < k;
  const small = places.filter(isSmall);
  const shown: ShownTally[] = places
    .filter((each) => !isSmall(each))
    .map(({ place, tally }) => ({ places: [place], tally }));
  const together = small.length === 0 ? undefined : sumOf(small.map(({ tally }) => tally));
  if (together !== undefined && together.ballots >= k)
    return withTotal([...shown, { places: small.map(({ place }) => place), tally: together }], places, []);
  return withTotal(
    shown,
    places,
    small.map(({ place }) => place),
  );
}

function withTotal(shown: readonly ShownTally[], places: readonly PlaceTally[], left: readonly number[]): MergedTally {
  const first = places[0]?.tally;
  if (first === undefined) throw new RangeError("no places");
  const none: ContestTally = { ...first, ballots: 0, blank: 0, undervotes: 0, votes: first.votes.map(() => 0) };
  return { shown, total: sumOf([none, ...shown.map(({ tally }) => tally)]), left };
}

function sumOf(tallies: readonly ContestTally[]): ContestTally {
  return tallies.reduce((sum, each) => ({
    contest: sum.contest,
    ballots: sum.ballots + each.ballots,
    blank: sum.blank + each.blank,
    undervotes: sum.undervotes + each.undervotes,
    votes: sum.votes.map((votes, option) => votes + each.votes[option]!),
  }));
}
