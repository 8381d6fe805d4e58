// The ballots of images that were inspected, opened and counted: in a test election whose escrow and officials' cards
// are at hand.

import type { Crypto } from "../../firmware/crypto/crypto.js";
import type { ElectionPackage } from "../../firmware/election/types.js";
import type { ElectionKeys } from "../package/keys.js";
import type { Terminal } from "../device/enrol.js";
import { recoverWithTestKeys } from "../tally/recover.js";
import { type KeyOf, type Tally, openBallots, tally } from "../tally/tally.js";
import type { Inspection } from "./inspect.js";

export interface Count {
  readonly contests: Tally["contests"];
  /** Records that cannot be counted, and contests in which the terminal's own results say something else. */
  readonly problems: readonly string[];
}

/** Counts every good record, each once, and compares with what the terminal has counted and signed. */
export function countRecords(
  crypto: Crypto,
  pack: ElectionPackage,
  terminals: readonly Terminal[],
  found: Inspection,
  keys: ElectionKeys,
): Count {
  const { loading } = found;
  const recovered = loading === undefined ? undefined : recoverWithTestKeys(crypto, loading, keys);
  const keyOf: KeyOf = (terminal) =>
    recovered?.ok === true && terminal === loading?.terminal ? recovered.key : undefined;
  const opened = openBallots(crypto, pack, terminals, [...found.records.values()], keyOf);
  const problems = opened.rejected.map(({ why }) => `a record that cannot be counted: ${why}`);
  const { contests } = tally(pack, opened.ballots);
  for (const contest of contests) {
    const own = found.results?.results.contests.find((each) => Number(each.contest) === contest.contest)?.votes;
    if (own !== undefined && own.join() !== contest.votes.map((each) => each.votes).join())
      problems.push(`contest ${contest.contest}: the terminal's results are not what is stored`);
  }
  return { contests, problems };
}
