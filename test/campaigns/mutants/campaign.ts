// Draws mutants, asks the compiler, and runs the tests that reach them until one fails.

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, appendFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import type { Mutant } from "./draw.js";
import { type Equivalent, equivalents } from "./equivalent.js";
import { type PartName, type Step, farSteps, steps } from "./parts.js";
import type { Scratch, TestRun } from "./scratch.js";
import type { Sources } from "./sources.js";

/** A mutant may take so much longer than the tests take without it, and so many milliseconds more. */
const patience = 3;
const patienceMs = 20_000;
const baselineMs = 300_000;

export type VerdictName = "does-not-compile" | "equivalent" | "caught" | "survived";

export interface Verdict {
  readonly part: PartName;
  readonly mutant: Mutant;
  readonly verdict: VerdictName;
  /** The test that failed, or "timeout"; why it is equivalent. */
  readonly by: string;
  readonly ms: number;
  /** Of the file that was changed, as it was: what was caught is caught still while that stays. */
  readonly of: string;
  /** Of the tests that it was run against: what survived these survives them again. */
  readonly tests: string;
}

interface Baseline {
  /** Tests that fail without any mutant. */
  readonly without: readonly string[];
  readonly ms: number;
}

/** `count` mutants of a part by seed: the same ones while their lines stay, whatever is added around them. */
export function draw(sources: Sources, part: PartName, seed: string, count: number): Mutant[] {
  const rank = ({ id }: Mutant): string => createHash("sha256").update(`${seed}\n${id}`).digest("hex");
  return allOf(sources, part)
    .map((mutant) => ({ mutant, rank: rank(mutant) }))
    .sort((a, b) => (a.rank < b.rank ? -1 : 1))
    .slice(0, count)
    .map(({ mutant }) => mutant);
}

export function allOf(sources: Sources, part: PartName): Mutant[] {
  const folder = `firmware/${part}`;
  const files = readdirSync(folder).filter((name) => name.endsWith(".ts"));
  return files.sort().flatMap((name) => sources.mutants(`${folder}/${name}`));
}

export function equivalentOf({ id }: Mutant): Equivalent | undefined {
  return equivalents.find((each) => each.id === id);
}

/** What the tests say without a mutant; what fails then is left out, and said. */
export class Baselines {
  readonly #scratch: Scratch;
  readonly #far: boolean;
  readonly #say: (line: string) => void;
  readonly #known = new Map<string, Baseline>();

  constructor(scratch: Scratch, far: boolean, say: (line: string) => void) {
    this.#scratch = scratch;
    this.#far = far;
    this.#say = say;
  }

  /** Test files that reach a file of a part, the nearest first: one of the file's own name before all others. */
  stepsFor(part: PartName, file: string): readonly Step[] {
    const all = this.#far ? [...steps[part], ...farSteps[part]] : steps[part];
    const own = `/${basename(file, ".ts")}.test.ts`;
    const nearest = all.flat().filter((test) => test.endsWith(own));
    const rest = all.map((step) => step.filter((test) => !nearest.includes(test)));
    return [nearest, ...rest].map((step) => step.filter((test) => existsSync(test))).filter((step) => step.length > 0);
  }

  async of(step: Step): Promise<Baseline> {
    const key = step.join(" ");
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const first = await this.#scratch.run(step, { timeoutMs: baselineMs, failFast: false });
    let run: TestRun = first;
    if (first.failed.length > 0) {
      for (const title of first.failed) this.#say(`left out, it fails without any mutant: ${title}`);
      run = await this.#scratch.run(step, { timeoutMs: baselineMs, failFast: false, without: first.failed });
    }
    if (run.result !== "passed")
      throw new Error(`${key}: ${run.result} without any mutant\n${run.output.slice(-2_000)}`);
    const found = { without: first.failed, ms: first.ms };
    this.#known.set(key, found);
    return found;
  }
}

export interface Judge {
  readonly far: boolean;
  readonly sources: Sources;
  readonly scratch: () => Scratch;
  readonly baselines: () => Baselines;
}

export async function judge(
  { far, sources, scratch, baselines }: Judge,
  part: PartName,
  mutant: Mutant,
): Promise<Verdict> {
  const startMs = performance.now();
  const of = hashOf(mutant.file);
  const tests = testsOf(part, far);
  const as = (verdict: VerdictName, by: string): Verdict => ({
    part,
    mutant,
    verdict,
    by,
    ms: Math.round(performance.now() - startMs),
    of,
    tests,
  });
  const equivalent = equivalentOf(mutant);
  if (equivalent !== undefined) return as("equivalent", equivalent.why);
  if (!sources.compiles(mutant)) return as("does-not-compile", "");
  // asked before the file is changed, and step by step: most mutants are caught by the first
  for (const step of baselines().stepsFor(part, mutant.file)) {
    const { without, ms } = await baselines().of(step);
    const run = await scratch().with(mutant.file, sources.changed(mutant), () =>
      scratch().run(step, { without, timeoutMs: ms * patience + patienceMs, failFast: true }),
    );
    if (run.result === "timeout") return as("caught", "timeout");
    if (run.result === "failed") return as("caught", run.failed[0] ?? `${step.join(" ")} ended`);
  }
  return as("survived", "");
}

export function hashOf(file: string): string {
  return createHash("sha256").update(readFileSync(file)).digest("hex").slice(0, 16);
}

function testsOf(part: PartName, far: boolean): string {
  const files = (far ? [...steps[part], ...farSteps[part]] : steps[part]).flat().filter((file) => existsSync(file));
  return createHash("sha256").update(files.map(hashOf).join()).digest("hex").slice(0, 16);
}

/** Verdicts of earlier runs of a seed, one a line; the last one of a mutant counts. */
export class Ledger {
  readonly #path: string;
  readonly #verdicts = new Map<string, Verdict>();

  constructor(path: string) {
    this.#path = path;
    mkdirSync(dirname(path), { recursive: true });
    if (!existsSync(path)) return;
    for (const line of readFileSync(path, "utf8").split("\n")) {
      if (line === "") continue;
      const verdict = JSON.parse(line) as Verdict;
      this.#verdicts.set(verdict.mutant.id, verdict);
    }
  }

  /** What need not be asked again: the file is the same still, and what survived would meet the same tests. */
  known({ id, file }: Mutant, part: PartName, far: boolean): Verdict | undefined {
    const found = this.#verdicts.get(id);
    if (found === undefined || found.of !== hashOf(file) || found.verdict === "equivalent") return undefined;
    return found.verdict !== "survived" || found.tests === testsOf(part, far) ? found : undefined;
  }

  /** What an earlier run said, against whatever tests there were then. */
  before({ id, file }: Mutant): Verdict | undefined {
    const found = this.#verdicts.get(id);
    return found?.of === hashOf(file) ? found : undefined;
  }

  add(verdict: Verdict): void {
    this.#verdicts.set(verdict.mutant.id, verdict);
    appendFileSync(this.#path, `${JSON.stringify(verdict)}\n`);
  }
}
