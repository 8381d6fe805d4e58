// Corrupts chips at moments of a day and starts the ballot role. npx sandogh campaign corruption starts it.

import { type ChildProcess, fork } from "node:child_process";
import { cpus } from "node:os";
import { sodiumPrimitives } from "../../../office/crypto/sodium.js";
import { answer } from "../../../tools/command-line/child.js";
import { Complaint, exitCode } from "../../../tools/command-line/complaint.js";
import type { CorruptionRequest } from "../../../tools/commands/campaign.js";
import { type CorruptionReport, add, corruption, tableLines, totals } from "./campaign.js";
import { startProcess } from "./process.js";

/** What one process of the campaign does. */
interface Share extends CorruptionRequest {
  readonly part: number;
  readonly of: number;
}

type Message = { readonly done: number } | { readonly report: CorruptionReport };

const casts = 10;
/** Moments of each name: more of them, the more there are to try. */
const trialsOfMoment = 60;
const eachMax = 24;
const tellEvery = 16;

function work(
  { seed, budget, count, chips, only, part, of, ...request }: Share,
  tell: (done: number) => void,
): Promise<CorruptionReport> {
  return corruption({
    seed,
    casts,
    primitives: sodiumPrimitives,
    count,
    each: Math.min(eachMax, Math.max(1, Math.round(count / 11 / trialsOfMoment))),
    chips,
    ...(budget === undefined ? {} : { budgetMs: budget * 1000 }),
    part,
    of,
    ...(only === undefined ? {} : { only }),
    ...(request.process ? { start: startProcess } : {}),
    onTrial: (done) => {
      if (done % tellEvery === 0) tell(done);
    },
  });
}

function child(share: Share, tell: (done: number) => void): Promise<CorruptionReport> {
  return new Promise((resolve, reject) => {
    const process_: ChildProcess = fork(import.meta.filename, ["--child"], { execArgv: ["--import=tsx"] });
    process_.on("message", (message: Message) => ("done" in message ? tell(message.done) : resolve(message.report)));
    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      process.once(signal, () => {
        process_.kill();
      });
    }
    process_.once("exit", (code) => {
      if (code !== 0) reject(new Error(`a campaign's process ended with ${code}`));
    });
    process_.send(share);
  });
}

if (process.argv[2] === "--child") {
  process.once("message", (share: Share) => {
    const tell = (done: number): void => void process.send!({ done } satisfies Message);
    void work(share, tell).then((report) => process.send!({ report } satisfies Message, () => process.exit(0)));
  });
} else {
  await answer<CorruptionRequest>("sandogh campaign corruption", async (request, talk) => {
    const startMs = performance.now();
    const of = request.only === undefined ? Math.min(cpus().length, 2) : 1;
    const done = new Array<number>(of).fill(0);
    const report = await talk.during("corrupting", async (progress) => {
      const show = (part: number, count: number): void => {
        done[part] = count;
        progress.at(
          done.reduce((sum, each) => sum + each, 0),
          request.count,
          "corruptions",
        );
      };
      const parts = done.map((_, part) => child({ ...request, part, of }, (count) => show(part, count)));
      const [first, ...others] = await Promise.all(parts);
      for (const other of others) add(first!, other);
      return first!;
    });
    if (request.only !== undefined && report.trials === 0) {
      throw new Complaint(
        `--only ${request.only}: there is no such corruption; take the name that a violation printed`,
      );
    }
    const seconds = (performance.now() - startMs) / 1000;
    const { seed, chips, count } = request;
    const how = request.process ? " --process" : "";
    const replay = `npx sandogh campaign corruption --seed ${seed} --chips ${chips} --count ${count}${how}`;
    const ok = report.violations.length === 0;
    talk.result({ ok, ...report, seconds }, [
      ...tableLines(report),
      "",
      ...Object.entries(totals(report)).map(([outcome, n]) => `${String(n).padStart(8)}  ${outcome}`),
      "",
      `${report.trials} corruptions of ${chips === "one" ? "one chip" : chips === "two" ? "two chips" : "one chip or two"}, ` +
        `${seconds.toFixed(1)} s, ${Math.round(report.trials / seconds)}/s${report.finished ? "" : ", not finished"}`,
      ...report.violations.flatMap(({ id, chips: what, what: wrong }) => [
        `FAILED ${what}: ${wrong}`,
        `  replay: ${replay} --only "${id}"`,
      ]),
      ...(ok ? ["every start served or refused with a code; nothing that was whole was lost"] : []),
    ]);
    return ok ? exitCode.done : exitCode.failed;
  });
}
