// Small slips put into the firmware, one at a time, and whether the tests notice: npx sandogh campaign mutants.

import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { answer } from "../../../tools/command-line/child.js";
import { exitCode } from "../../../tools/command-line/complaint.js";
import type { MutantsRequest } from "../../../tools/commands/campaign.js";
import { Baselines, Ledger, type Verdict, allOf, draw, equivalentOf, judge } from "./campaign.js";
import { type PartName, partNames } from "./parts.js";
import { lineOf, pageOf, replayOf, tableOf } from "./report.js";
import { Scratch } from "./scratch.js";
import { Sources } from "./sources.js";

const page = "bench/MUTANTS.md";

await answer<MutantsRequest>(
  "sandogh campaign mutants",
  async ({ seed, count, budget = Infinity, part, only, fresh, far, write, json }, talk) => {
    const startMs = performance.now();
    const parts: readonly PartName[] = part === undefined ? partNames : [part];
    const sources = new Sources(process.cwd());
    const ledger = new Ledger(join("build", "mutants", `${encodeURIComponent(seed)}.jsonl`));
    const queues = parts.map((each, index) => {
      const share = Math.floor(count / parts.length) + (index < count % parts.length ? 1 : 0);
      const mutants =
        only === undefined ? draw(sources, each, seed, share) : allOf(sources, each).filter(({ id }) => id === only);
      return mutants.map((mutant) => ({ part: each, mutant }));
    });
    // one of each part in turn: when the time is over every part has had its share
    const jobs = Array.from({ length: Math.max(...queues.map((each) => each.length)) }, (_, i) =>
      queues.flatMap((each) => each.slice(i, i + 1)),
    ).flat();
    if (jobs.length === 0) {
      talk.warn(only === undefined ? "no mutants" : `${only}: no such mutant; its line may have changed`);
      return exitCode.failed;
    }
    let scratch: Scratch | undefined;
    let baselines: Baselines | undefined;
    const verdicts: Verdict[] = [];
    try {
      await talk.during("mutants", async (progress) => {
        for (const [at, job] of jobs.entries()) {
          progress.at(at, jobs.length, "mutants");
          const asks = fresh === true || only !== undefined || equivalentOf(job.mutant) !== undefined;
          const known = asks ? undefined : ledger.known(job.mutant, job.part, far === true);
          // what is known already costs no time; a survivor for which there is none left stays one
          if (known === undefined && (performance.now() - startMs) / 1000 > budget) {
            const before = ledger.before(job.mutant);
            if (before !== undefined) verdicts.push(before);
            continue;
          }
          const verdict =
            known ??
            (await judge(
              {
                far: far === true,
                sources,
                scratch: () => (scratch ??= new Scratch()),
                baselines: () =>
                  (baselines ??= new Baselines((scratch ??= new Scratch()), far === true, (line) => talk.warn(line))),
              },
              job.part,
              job.mutant,
            ));
          verdicts.push(verdict);
          if (known === undefined) ledger.add(verdict);
          if (json === true) process.stdout.write(`${JSON.stringify(verdict)}\n`);
          if (verdict.verdict === "survived") talk.say(`survived ${lineOf(verdict)}\n  replay: ${replayOf(verdict)}`);
          else if (only !== undefined) talk.say(`${verdict.verdict} ${lineOf(verdict)}: ${verdict.by}`);
        }
      });
    } finally {
      scratch?.close();
    }
    const survivors = verdicts.filter(({ verdict }) => verdict === "survived");
    const seconds = Math.round((performance.now() - startMs) / 1000);
    if (write === true) {
      const git = (...args: readonly string[]): string => execFileSync("git", args, { encoding: "utf8" }).trim();
      const all = new Map(parts.map((each) => [each, allOf(sources, each).length] as const));
      const date = new Date().toISOString().slice(0, 10);
      writeFileSync(page, pageOf(verdicts, { seed, count, date, commit: git("rev-parse", "--short", "HEAD"), all }));
    }
    talk.result({ ok: survivors.length === 0, drawn: verdicts.length, survived: survivors.length, seconds }, [
      ...tableOf(verdicts),
      `${seconds} s`,
    ]);
    return survivors.length === 0 ? exitCode.done : exitCode.failed;
  },
);
