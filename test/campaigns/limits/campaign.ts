// Days of elections at their limits, one after another, each from its seed and number alone.

import { drawElection, type Drawn } from "./definitions.js";
import { limitsDay } from "./day.js";

export interface LimitsFailure {
  readonly number: number;
  readonly problems: readonly string[];
  /** The definition that was drawn; absent when none could be. */
  readonly yaml?: string;
}

export interface LimitsReport {
  readonly passed: number;
  /** Of the days that passed: elections whose first drawing was refused, and which limits that was for. */
  readonly refused: Readonly<Record<string, number>>;
  readonly ballots: number;
  readonly slipRowsMax: number;
  readonly failures: readonly LimitsFailure[];
}

export interface LimitsCampaignOptions {
  readonly seed: string;
  /** Numbers of the elections, in order. */
  readonly numbers: Iterable<number>;
  /** Told before each how many have passed; false ends the campaign. */
  readonly onDay: (passed: number) => boolean;
}

export async function limitsCampaign({ seed, numbers, onDay }: LimitsCampaignOptions): Promise<LimitsReport> {
  const failures: LimitsFailure[] = [];
  const refused: Record<string, number> = {};
  let [passed, ballots, slipRowsMax] = [0, 0, 0];
  for (const number of numbers) {
    if (!onDay(passed)) break;
    let drawn: Drawn | undefined;
    try {
      drawn = drawElection(seed, number);
      const day = await limitsDay({ yaml: drawn.yaml, seed: `${seed} ${number}` });
      ballots += day.ballots;
      slipRowsMax = Math.max(slipRowsMax, day.slipRows);
      for (const name of drawn.met) refused[name] = (refused[name] ?? 0) + 1;
      if (day.problems.length === 0) passed++;
      else failures.push({ number, problems: day.problems, yaml: drawn.yaml });
    } catch (thrown) {
      const problem = thrown instanceof Error ? thrown.message : String(thrown);
      failures.push({ number, problems: [problem], ...(drawn === undefined ? {} : { yaml: drawn.yaml }) });
    }
  }
  return { passed, refused, ballots, slipRowsMax, failures };
}
