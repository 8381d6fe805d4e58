// One way to try every decoder of outside data: inputs that are nearly right, and what must hold for each.

import { QuickChance } from "../../../sim/quick-chance.js";
import { mutated } from "./mutate.js";

/** A decoder. It takes an input or refuses it; anything else that it does is a finding. */
export interface Target {
  readonly name: string;
  /** Real ones: the decoder takes each. */
  readonly corpus: readonly Uint8Array[];
  /** Longer inputs are cut. */
  readonly lengthMax: number;
  /** Inputs of the short run in npm test. */
  readonly short: number;
  /** Real ones that take a conversation to be had. */
  prepare?(): Promise<readonly Uint8Array[]>;
  /** True: taken. Throws what is wrong with the decoder. */
  run(bytes: Uint8Array, chance: QuickChance): boolean | Promise<boolean>;
}

export interface Finding {
  readonly target: string;
  readonly input: Uint8Array;
  readonly problem: string;
}

export interface FuzzReport {
  readonly inputs: number;
  readonly taken: number;
  readonly slowestMs: number;
  readonly findings: readonly Finding[];
}

/** No input of a few kilobytes may take longer; a collection of garbage falls into some. */
const slowMs = 1_000;
const findingsMax = 5;

export interface FuzzOptions {
  readonly seed: string;
  readonly count: number;
  /** False ends it. */
  readonly onProgress?: (inputs: number) => boolean;
}

const progressEvery = 256;

export async function fuzz(target: Target, { seed, count, onProgress }: FuzzOptions): Promise<FuzzReport> {
  const chance = new QuickChance(`${seed} ${target.name}`);
  const findings: Finding[] = [];
  const corpus = await corpusOf(target);
  let [inputs, taken, slowestMs] = [0, 0, 0];
  for (; inputs < count && findings.length < findingsMax; inputs++) {
    if (inputs % progressEvery === 0 && onProgress?.(inputs) === false) break;
    const input = mutated(corpus, chance, target.lengthMax);
    // of the processor: a busy machine makes no finding
    const before = process.cpuUsage();
    const answer = tried(target, input, chance);
    const problem = answer instanceof Promise ? await answer : answer;
    const { user, system } = process.cpuUsage(before);
    const tookMs = (user + system) / 1000;
    slowestMs = Math.max(slowestMs, tookMs);
    if (problem === true) taken++;
    else if (problem !== false) findings.push({ target: target.name, input, problem });
    else if (tookMs > slowMs) findings.push({ target: target.name, input, problem: `takes ${Math.round(tookMs)} ms` });
  }
  return { inputs, taken, slowestMs, findings };
}

export async function corpusOf(target: Target): Promise<readonly Uint8Array[]> {
  return (await target.prepare?.()) ?? target.corpus;
}

/** Whether it was taken, or what is wrong. */
export function tried(
  target: Target,
  input: Uint8Array,
  chance: QuickChance,
): boolean | string | Promise<boolean | string> {
  const wrong = (thrown: unknown): string =>
    thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  try {
    const taken = target.run(input, chance);
    return taken instanceof Promise ? taken.catch(wrong) : taken;
  } catch (thrown) {
    return wrong(thrown);
  }
}
