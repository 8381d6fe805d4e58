// Elections at the limits of a terminal, as many as there is time for, in two processes. npx sandogh campaign limits
// starts it.

import { type ChildProcess, fork } from "node:child_process";
import { answer } from "../../../tools/command-line/child.js";
import { exitCode } from "../../../tools/command-line/complaint.js";
import type { LimitsRequest } from "../../../tools/commands/campaign.js";
import { type LimitsReport, limitsCampaign } from "./campaign.js";

/** Two processes: a terminal's own is a third and fourth. */
const parts = 2;

interface Share extends LimitsRequest {
  readonly part: number;
  readonly startMs: number;
}

type Message = { readonly passed: number } | { readonly report: LimitsReport };

function* numbersOf({ count, part, election }: Share): Generator<number, void> {
  if (election !== undefined) {
    if (part === 0) yield election;
    return;
  }
  for (let number = part; number < count; number += parts) yield number;
}

function work(share: Share, tell: (passed: number) => void): Promise<LimitsReport> {
  const { seed, budget = Infinity, startMs } = share;
  return limitsCampaign({
    seed,
    numbers: numbersOf(share),
    onDay: (passed) => {
      tell(passed);
      return Date.now() - startMs < budget * 1000;
    },
  });
}

function inProcess(share: Share, tell: (passed: number) => void): Promise<LimitsReport> {
  return new Promise((resolve, reject) => {
    const child: ChildProcess = fork(import.meta.filename, [], { execArgv: ["--import=tsx"], env: { ...process.env } });
    child.send(share);
    child.on("message", (message: Message) => {
      if ("report" in message) resolve(message.report);
      else tell(message.passed);
    });
    child.on("error", reject);
    child.on("exit", (code) => reject(new Error(`a process of the campaign ended with ${code}`)));
  });
}

function together(reports: readonly LimitsReport[]): LimitsReport {
  const refused: Record<string, number> = {};
  for (const report of reports)
    for (const [name, count] of Object.entries(report.refused)) refused[name] = (refused[name] ?? 0) + count;
  return {
    passed: reports.reduce((sum, { passed }) => sum + passed, 0),
    refused,
    ballots: reports.reduce((sum, { ballots }) => sum + ballots, 0),
    slipRowsMax: Math.max(...reports.map(({ slipRowsMax }) => slipRowsMax)),
    failures: reports.flatMap(({ failures }) => failures),
  };
}

if (process.send !== undefined) {
  process.once("message", (share: Share) => {
    const send = (message: Message): void => void process.send!(message);
    void work(share, (passed) => send({ passed })).then((report) => {
      send({ report });
      process.disconnect();
    });
  });
} else {
  await answer<LimitsRequest>("sandogh campaign limits", async (request, talk) => {
    const startMs = Date.now();
    const passedBy = new Array<number>(parts).fill(0);
    const report = await talk.during("voting", (progress) =>
      Promise.all(
        passedBy.map((_, part) =>
          inProcess({ ...request, part, startMs }, (passed) => {
            passedBy[part] = passed;
            progress.at(
              passedBy.reduce((sum, each) => sum + each, 0),
              request.count,
              "elections",
            );
          }),
        ),
      ).then(together),
    );
    const seconds = (Date.now() - startMs) / 1000;
    const { passed, failures, refused, ballots, slipRowsMax } = report;
    const isGood = failures.length === 0;
    const met = Object.entries(refused)
      .map(([name, count]) => `${name} ${count}`)
      .join(", ");
    talk.result({ ok: isGood, ...report, seconds }, [
      `${passed} elections passed, ${failures.length} failed; ${ballots} ballots; longest slip ${slipRowsMax} rows; ` +
        `refused at first: ${met || "none"}; ${seconds.toFixed(0)} s`,
      ...failures.flatMap(({ number, problems, yaml }) => [
        `FAILED election ${number}: ${problems.join("; ")}`,
        `  replay: npx sandogh campaign limits --seed ${request.seed} --election ${number}`,
        ...(yaml ?? "").split("\n").map((line) => `  | ${line}`),
      ]),
    ]);
    return isGood ? exitCode.done : exitCode.failed;
  });
}
