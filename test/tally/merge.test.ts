// Small results are merged so that no difference of published numbers shows them.

import test from "ava";
import fc from "fast-check";
import type { ContestId } from "../../firmware/election/types.js";
import type { ContestTally } from "../../firmware/tally/tally.js";
import { type MergedTally, type PlaceTally, mergePlaces } from "../../office/tally/merge.js";

const contest = 1 as ContestId;

/** `yes` and `no` votes of a question, of which nobody's is blank. */
function place(number: number, yes: number, no: number): PlaceTally {
  return { place: number, tally: { contest, ballots: yes + no, blank: 0, undervotes: 0, votes: [yes, no] } };
}

const sizes = ({ shown, total, left }: MergedTally): unknown => [
  shown.map(({ places, tally }) => [places, tally.ballots]),
  total.ballots,
  left,
];

test("small places are one sum when that is large enough, and else in no number at all", (t) => {
  t.deepEqual(sizes(mergePlaces([place(1, 30, 20), place(2, 2, 1), place(3, 1, 1)], 5)), [
    [
      [[1], 50],
      [[2, 3], 5],
    ],
    55,
    [],
  ]);
  t.deepEqual(sizes(mergePlaces([place(1, 30, 20), place(2, 2, 1), place(3, 0, 1)], 5)), [[[[1], 50]], 50, [2, 3]]);
  t.deepEqual(sizes(mergePlaces([place(1, 1, 2)], 5)), [[], 0, [1]]);
  t.deepEqual(sizes(mergePlaces([place(1, 0, 0), place(2, 5, 0)], 5)), [
    [
      [[1], 0],
      [[2], 5],
    ],
    5,
    [],
  ]);
  t.deepEqual(mergePlaces([place(1, 30, 20), place(2, 4, 3)], 5).total.votes, [34, 23]);
});

const sumOf = (tallies: readonly ContestTally[]): readonly number[] =>
  [0, 1].map((option) => tallies.reduce((sum, { votes }) => sum + votes[option]!, 0));

test("what is shown are disjoint groups of k ballots or of none, and their total: nothing else can be made of it", (t) => {
  const counts = fc.array(fc.tuple(fc.nat(12), fc.nat(12)), { minLength: 1, maxLength: 8 });
  let leftOut = 0;
  fc.assert(
    fc.property(counts, fc.integer({ min: 1, max: 20 }), (drawn, k) => {
      const places = drawn.map(([yes, no], i) => place(i, yes, no));
      const { shown, total, left } = mergePlaces(places, k);
      leftOut += left.length;
      const named = [...shown.flatMap((each) => each.places), ...left].sort((a, b) => a - b);
      const groupsAreSums = shown.every(
        ({ places: names, tally }) =>
          (tally.ballots === 0 || tally.ballots >= k) &&
          tally.votes.join() === sumOf(names.map((name) => places[name]!.tally)).join(),
      );
      return (
        groupsAreSums &&
        named.join() === places.map((each) => each.place).join() &&
        total.votes.join() === sumOf(shown.map(({ tally }) => tally)).join()
      );
    }),
    { numRuns: 300 },
  );
  t.true(leftOut > 20);
});
