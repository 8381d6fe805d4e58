// Decoders of outside data and inputs that are nearly right, as many as there is time for. npx sandogh campaign fuzz
// starts it.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { QuickChance } from "../../../sim/quick-chance.js";
import { answer } from "../../../tools/command-line/child.js";
import { Complaint, exitCode } from "../../../tools/command-line/complaint.js";
import { ASAN_VARIANT } from "../../../tools/build/sources.js";
import type { FuzzRequest } from "../../../tools/commands/campaign.js";
import { type Finding, type FuzzReport, corpusOf, fuzz, tried } from "./fuzz.js";
import { targets, targetsNamed } from "./targets.js";
import { fuzzTerminal, terminalTargets } from "./terminal.js";

function namesOf({ target, sanitized }: FuzzRequest): readonly string[] {
  const known = sanitized ? terminalTargets : targets.map(({ name }) => name);
  if (target === "all") return known;
  if (!known.includes(target)) throw new Complaint(`--target ${target}: expected all, ${known.join(", ")}`);
  return [target];
}

/** Longer than this, and it goes into a file. */
const shownMax = 200;
const folder = join("build", "fuzz");

/** The option that replays a finding. */
function replayOf({ target, input }: Finding, { seed, sanitized, count }: FuzzRequest): string {
  if (sanitized) return `--sanitized --target ${target} --seed ${seed} --count ${count}`;
  if (input.length <= shownMax) return `--target ${target} --input ${Buffer.from(input).toString("hex")}`;
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${target}.bin`);
  writeFileSync(path, input);
  return `--target ${target} --input ${path}`;
}

await answer<FuzzRequest>("sandogh campaign fuzz", async (request, talk) => {
  const { count, seed, budget = Infinity, input, sanitized } = request;
  const names = namesOf(request);
  if (input !== undefined) {
    const bytes = existsSync(input) ? new Uint8Array(readFileSync(input)) : new Uint8Array(Buffer.from(input, "hex"));
    const results: (boolean | string)[] = [];
    for (const each of names.flatMap((name) => targetsNamed(name))) {
      await corpusOf(each);
      results.push(await tried(each, bytes, new QuickChance(seed)));
    }
    const isGood = results.every((result) => typeof result === "boolean");
    talk.result(
      { ok: isGood, results },
      results.map((result, i) => `${names[i]}: ${String(result)}`),
    );
    return isGood ? exitCode.done : exitCode.failed;
  }
  const startMs = performance.now();
  const reports: (FuzzReport & { readonly target: string })[] = [];
  for (const [i, target] of names.entries()) {
    const endMs = startMs + ((i + 1) / names.length) * budget * 1000;
    const report = await talk.during(target, (progress): Promise<FuzzReport> => {
      const onProgress = (inputs: number): boolean => {
        progress.at(inputs, count, "inputs");
        return performance.now() < endMs;
      };
      return sanitized
        ? fuzzTerminal({ target, program: `${ASAN_VARIANT.directory}/terminal`, seed, count, onProgress })
        : fuzz(targetsNamed(target)[0]!, { seed, count, onProgress });
    });
    reports.push({ target, ...report });
  }
  const findings = reports.flatMap((report) => report.findings);
  const seconds = (performance.now() - startMs) / 1000;
  talk.result(
    {
      ok: findings.length === 0,
      seconds,
      reports: reports.map((report) => ({
        ...report,
        findings: report.findings.map((each) => ({ problem: each.problem, replay: replayOf(each, request) })),
      })),
    },
    [
      ...reports.map(
        ({ target, inputs, taken, slowestMs }) =>
          `${target.padEnd(20)} ${String(inputs).padStart(9)} inputs, ${taken} taken, slowest ${slowestMs.toFixed(0)} ms`,
      ),
      `${seconds.toFixed(1)} s, ${findings.length} findings`,
      ...findings.flatMap((finding) => [
        `FAILED ${finding.target}: ${finding.problem}`,
        `  replay: npx sandogh campaign fuzz ${replayOf(finding, request)}`,
      ]),
    ],
  );
  return findings.length === 0 ? exitCode.done : exitCode.failed;
});
