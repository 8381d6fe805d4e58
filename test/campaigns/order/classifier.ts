// Tells which of two ballots came first, if anything does: each feature alone by its sign, and all together by a
// logistic regression that is trained on one half of the trials and judged on the other.

import { featureNames } from "./features.js";

export interface Sample {
  /** Feature of X minus feature of Y. */
  readonly differences: readonly number[];
  readonly isXFirst: boolean;
}

export interface Finding {
  /** A feature, or "all together". */
  readonly by: string;
  readonly right: number;
  readonly of: number;
  /** Chance that guessing does at least as well or as badly (two-sided, exact binomial). */
  readonly probability: number;
}

const rounds = 200;
const rate = 0.5;

/** The best first. Multiply a probability by the number of findings to allow for having looked at so many. */
export function findings(samples: readonly Sample[]): Finding[] {
  const out = featureNames.map((by, i) => bySign(by, samples, i));
  out.push(together(samples));
  return out.sort((x, y) => x.probability - y.probability);
}

/** Which sign goes with "first" is free: the test is two-sided. Ties are left out. */
function bySign(by: string, samples: readonly Sample[], feature: number): Finding {
  let right = 0;
  let of = 0;
  for (const { differences, isXFirst } of samples) {
    const difference = differences[feature]!;
    if (difference === 0) continue;
    of++;
    if (difference < 0 === isXFirst) right++;
  }
  return { by, right: Math.max(right, of - right), of, probability: twoSided(right, of) };
}

function together(samples: readonly Sample[]): Finding {
  const scale = featureNames.map(
    (_, i) => Math.sqrt(samples.reduce((sum, { differences }) => sum + differences[i]! ** 2, 0) / samples.length) || 1,
  );
  const scaled = samples.map(({ differences, isXFirst }) => ({
    values: differences.map((value, i) => value / scale[i]!),
    isXFirst,
  }));
  const half = scaled.length >> 1;
  const training = scaled.slice(0, half);
  const weights = new Array<number>(featureNames.length).fill(0);
  for (let round = 0; round < rounds; round++) {
    const slope = new Array<number>(weights.length).fill(0);
    for (const { values, isXFirst } of training) {
      const error = (isXFirst ? 1 : 0) - 1 / (1 + Math.exp(-dot(weights, values)));
      for (let i = 0; i < slope.length; i++) slope[i]! += error * values[i]!;
    }
    for (let i = 0; i < weights.length; i++) weights[i]! += (rate * slope[i]!) / training.length;
  }
  const judged = scaled.slice(half);
  const right = judged.filter(({ values, isXFirst }) => dot(weights, values) > 0 === isXFirst).length;
  return { by: "all together", right, of: judged.length, probability: twoSided(right, judged.length) };
}

function dot(a: readonly number[], b: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** P(a fair coin is at least as far from n/2 as `right`), exact. */
export function twoSided(right: number, of: number): number {
  const far = Math.max(right, of - right);
  let log = -of * Math.LN2;
  let sum = 0;
  for (let k = 0; k <= of; k++) {
    if (k >= far || of - k >= far) sum += Math.exp(log);
    log += Math.log(of - k) - Math.log(k + 1);
  }
  return Math.min(1, sum);
}
