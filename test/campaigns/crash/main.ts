// Cuts the power at every flash operation of an election day, in every way a cut can leave it, and again during the
// recovery; then after every byte of a slip. Uses both cores. With --engine xs the recoveries run on the engine of the
// terminal: fewer cuts, and no slips. npx sandogh campaign crash starts it.

import { type ChildProcess, fork } from "node:child_process";
import { cpus } from "node:os";
import { sodiumPrimitives } from "../../../office/crypto/sodium.js";
import { answer } from "../../../tools/command-line/child.js";
import { Complaint, exitCode } from "../../../tools/command-line/complaint.js";
import type { Progress } from "../../../tools/command-line/progress.js";
import type { CrashRequest } from "../../../tools/commands/campaign.js";
import { type CampaignReport, campaign } from "./campaign.js";
import { engines } from "./engine.js";
import { type SlipReport, slipCampaign } from "./slips.js";

interface Report {
  readonly flash?: CampaignReport;
  readonly flashMs: number;
  readonly slips?: SlipReport;
}

/** What one process of the campaign does: every `of`-th cut from the `part`-th on. */
interface Share extends CrashRequest {
  readonly part: number;
  readonly of: number;
}

/** From such a process. */
type Message = { readonly cuts: number } | { readonly report: Report };

/** Of the operations of a day in random mode. */
const sample = 0.5;
/** A process says so often how many cuts it has made. */
const tellMs = 250;

/** `tell` is told of all cuts so far, of flash operations and of slips. */
async function work(share: Share, tell: (cuts: number) => void): Promise<Report> {
  const { mode, engine, seed, cut: only, part, of } = share;
  const startMs = performance.now();
  let cuts = 0;
  const flash = mode === "slips" ? undefined : await cutFlash(share, (count) => tell((cuts = count)));
  const flashMs = performance.now() - startMs;
  if (flash !== undefined && (mode === "random" || engine !== "node" || only !== undefined)) return { flash, flashMs };
  const slips = await slipCampaign({
    seed,
    primitives: sodiumPrimitives,
    budgetMs: share.budget * 1000 - flashMs,
    part,
    of,
    everyByte: 1,
    onCuts: (count) => tell(cuts + count),
    ...(only === undefined ? {} : { only }),
  });
  return flash === undefined ? { flashMs, slips } : { flash, flashMs, slips };
}

/** Exhaustive: one day. Random: samples of days of other seeds until the budget is used up. */
async function cutFlash(share: Share, tell: (cuts: number) => void): Promise<CampaignReport> {
  const { seed, casts, part, of, again, cut: only } = share;
  const budgetMs = share.budget * 1000;
  const endMs = performance.now() + budgetMs;
  const base = { casts, primitives: sodiumPrimitives, part, of, again, engine: engines[share.engine], onCuts: tell };
  if (only !== undefined) return campaign({ ...base, seed, only });
  if (share.mode === "exhaustive") return campaign({ ...base, seed, budgetMs });
  let total: CampaignReport | undefined;
  for (let day = 0; performance.now() < endMs && (total === undefined || total.failures.length === 0); day++) {
    const before = total?.cuts ?? 0;
    const one = await campaign({
      ...base,
      seed: `${seed}.${day * of + part}`,
      sample,
      budgetMs: endMs - performance.now(),
      onCuts: (cuts) => tell(before + cuts),
    });
    if (total === undefined) total = one;
    else add(total, one);
  }
  return total!;
}

function add(total: CampaignReport, more: CampaignReport): void {
  total.cuts += more.cuts;
  total.equal += more.equal;
  total.points += more.points;
  total.failures.push(...more.failures);
  total.finished &&= more.finished;
  for (const [fault, row] of Object.entries(more.table)) {
    const into = (total.table[fault] ??= {});
    for (const [structure, count] of Object.entries(row)) into[structure] = (into[structure] ?? 0) + count;
  }
}

function addSlips(total: SlipReport, more: SlipReport): void {
  total.cuts += more.cuts;
  total.again += more.again;
  total.failures.push(...more.failures);
  total.finished &&= more.finished;
}

function child(share: Share, tell: (cuts: number) => void): Promise<Report> {
  return new Promise((resolve, reject) => {
    const process_: ChildProcess = fork(import.meta.filename, ["--child"], { execArgv: ["--import=tsx"] });
    process_.on("message", (message: Message) => ("cuts" in message ? tell(message.cuts) : resolve(message.report)));
    // it computes without a pause, and would not notice that nobody waits any more
    for (const signal of ["SIGTERM", "SIGINT"] as const)
      process.once(signal, () => {
        process_.kill();
      });
    process_.once("exit", (code) => {
      if (code !== 0) reject(new Error(`a campaign's process ended with ${code}`));
    });
    process_.send(share);
  });
}

function flashLines(report: CampaignReport, request: CrashRequest, seconds: number): string[] {
  const { cuts, equal, points, operations, failures, table } = report;
  const { mode, engine, casts, again } = request;
  const where =
    mode === "random"
      ? `${points} operations of days of about ${operations}`
      : `${points} of ${operations} operations of the day`;
  const speed = `${seconds.toFixed(1)} s, ${Math.round(cuts / seconds)} cuts/s`;
  const states = `${Math.round((cuts - equal) / seconds)} states/s`;
  const structures = [...new Set(Object.values(table).flatMap((row) => Object.keys(row)))].sort();
  const row = (name: string, cells: readonly string[]): string =>
    `${name.padEnd(30)}${cells.map((cell) => cell.padStart(12)).join("")}`;
  return [
    `${cuts} cuts at ${where}, ${speed}${report.finished ? "" : ", not finished within the budget"}`,
    `${equal} of them left a state that another cut of the same operation had left, and were judged with it; ${states}`,
    "",
    row("fault", structures),
    ...Object.entries(table).map(([fault, counts]) =>
      row(
        fault,
        structures.map((name) => String(counts[name] ?? 0)),
      ),
    ),
    "",
    ...failures.flatMap(({ cut, what, seed }) => [
      `FAILED ${what}`,
      `  replay: npx sandogh campaign crash --mode exhaustive${engine === "node" ? "" : ` --engine ${engine}`} --seed ${seed} ` +
        `--casts ${casts} --again ${again} --budget 600 --cut "${cut}"`,
    ]),
    ...(failures.length === 0 ? ["nothing lost, nothing invented, every card votes once"] : []),
  ];
}

function slipLines(report: SlipReport, { seed }: CrashRequest): string[] {
  const { cuts, bytes, events, again, failures } = report;
  return [
    `${cuts} cuts while a slip was printed, as loss of power, as reset of the terminal alone and as loss of power of the printer alone: after each of ${bytes} bytes ` +
      `of one, at ${events} moments of another, ${again} of them cut again in the recovery` +
      (report.finished ? "" : ", not finished within the budget"),
    ...failures.flatMap(({ cut, what }) => [
      `FAILED ${what}`,
      `  replay: npx sandogh campaign crash --mode slips --seed ${seed} --budget 600 --cut "${cut}"`,
    ]),
    ...(failures.length === 0 ? ["no slip without VALID or VOID, none that says what the vault does not"] : []),
  ];
}

/** Runs all shares, and shows how much of the budget is used up. */
async function workTogether(request: CrashRequest, progress: Progress): Promise<Report> {
  const of = request.cut === undefined ? Math.min(cpus().length, 2) : 1;
  const cuts = new Array<number>(of).fill(0);
  const startMs = performance.now();
  const show = (): void => {
    const seconds = Math.min(request.budget, Math.round((performance.now() - startMs) / 1000));
    progress.at(seconds, request.budget, `s of the budget, ${cuts.reduce((sum, each) => sum + each, 0)} cuts`);
  };
  const timer = setInterval(show, tellMs);
  try {
    const [first, ...others] = await Promise.all(
      cuts.map((_, part) =>
        child({ ...request, part, of }, (count) => {
          cuts[part] = count;
        }),
      ),
    );
    const { flash, slips } = first!;
    for (const other of others) {
      if (flash !== undefined) add(flash, other.flash!);
      if (slips !== undefined) addSlips(slips, other.slips!);
    }
    return { ...first!, flashMs: Math.max(first!.flashMs, ...others.map(({ flashMs }) => flashMs)) };
  } finally {
    clearInterval(timer);
  }
}

function answerChild(): void {
  process.once("message", (share: Share) => {
    let toldMs = 0;
    const tell = (cuts: number): void => {
      if (performance.now() - toldMs < tellMs) return;
      toldMs = performance.now();
      process.send!({ cuts } satisfies Message);
    };
    void work(share, tell).then((report) => process.send!({ report } satisfies Message, () => process.exit(0)));
  });
}

if (process.argv[2] === "--child") answerChild();
else {
  await answer<CrashRequest>("sandogh campaign crash", async (request, talk) => {
    const { flash, flashMs, slips } = await talk.during("cutting", (progress) => workTogether(request, progress));
    if (request.cut !== undefined && (flash ?? slips)?.cuts === 0)
      throw new Complaint(
        `--cut ${request.cut}: there is no such cut in this campaign; take the name that a failure printed`,
      );
    const seconds = flashMs / 1000;
    const failures = [...(flash?.failures ?? []), ...(slips?.failures ?? [])];
    const ok = failures.length === 0;
    const lines = [
      ...(flash === undefined ? [] : flashLines(flash, request, seconds)),
      ...(slips === undefined ? [] : ["", ...slipLines(slips, request)]),
    ];
    talk.result({ ok, flash, flash_seconds: flash === undefined ? undefined : seconds, slips }, lines);
    return ok ? exitCode.done : exitCode.failed;
  });
}
