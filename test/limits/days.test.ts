// Three elections at the limits of a terminal, each through its whole day. npx sandogh campaign limits has as many as
// there is time for, and the other kinds.

import test from "ava";
import { limitsDay } from "../campaigns/limits/day.js";
import { drawElection } from "../campaigns/limits/definitions.js";

const seed = "npm test";
/** Numbers of the campaign's kinds: an election that is large in paper, capacity, contests. */
const numbers = [1, 2, 5];

for (const number of numbers) {
  const { profile, yaml } = drawElection(seed, number);
  test(`an election large in ${profile}: opened, filled, voted on twice, closed, counted, reported, received, archived`, async (t) => {
    const { problems } = await limitsDay({ yaml, seed: `${seed} ${number}` });
    t.deepEqual(problems, [], `npx sandogh campaign limits --seed "${seed}" --election ${number}\n${yaml}`);
  });
}
