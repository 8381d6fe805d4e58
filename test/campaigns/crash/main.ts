// npm run crash -- --mode exhaustive|random|slips --seed S --budget SECONDS [--engine node|xs] [--casts N] [--again N] [--cut NAME]
// Cuts the power at every flash operation of an election day, in every way a cut can leave it, and again during the recovery; then after every byte of
// a slip. Uses both cores. With --engine xs the recoveries run on the engine of the terminal: fewer cuts, and no slips.

import { type ChildProcess, fork } from "node:child_process";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { sodiumPrimitives } from "../../../office/crypto/sodium.js";
import { type CampaignReport, campaign } from "./campaign.js";
import { type EngineName, engineNames, engines } from "./engine.js";
import { type SlipReport, slipCampaign } from "./slips.js";

const modes = ["exhaustive", "random", "slips"] as const;

interface Report {
  readonly flash?: CampaignReport;
  readonly flashMs: number;
  readonly slips?: SlipReport;
}

interface Request {
  readonly mode: (typeof modes)[number];
  readonly engine: EngineName;
  readonly seed: string;
  readonly casts: number;
  readonly again: number;
  readonly budgetMs: number;
  readonly part: number;
  readonly of: number;
  readonly only?: string;
}

const usage = "usage: npm run crash -- --mode exhaustive|random|slips --seed S --budget SECONDS [--engine node|xs] [--casts N] [--again N] [--cut NAME]\n";

/** Of the operations of a day in random mode. */
const sample = 0.5;

async function work(request: Request): Promise<Report> {
  const start = performance.now();
  const flash = request.mode === "slips" ? undefined : await cutFlash(request);
  const flashMs = performance.now() - start;
  if (flash !== undefined && (request.mode === "random" || request.engine !== "node" || request.only !== undefined)) return { flash, flashMs };
  const slips = await slipCampaign({
    seed: request.seed, primitives: sodiumPrimitives, budgetMs: request.budgetMs - flashMs, part: request.part, of: request.of, everyByte: 1, ...(request.only === undefined ? {} : { only: request.only }),
  });
  return flash === undefined ? { flashMs, slips } : { flash, flashMs, slips };
}

/** Exhaustive: one day. Random: samples of days of other seeds until the budget is used up. */
async function cutFlash(request: Request): Promise<CampaignReport> {
  const end = performance.now() + request.budgetMs;
  const base = { casts: request.casts, primitives: sodiumPrimitives, part: request.part, of: request.of, again: request.again, engine: engines[request.engine] };
  if (request.only !== undefined) return campaign({ ...base, seed: request.seed, only: request.only });
  if (request.mode === "exhaustive") return campaign({ ...base, seed: request.seed, budgetMs: request.budgetMs });
  let total: CampaignReport | undefined;
  for (let day = 0; performance.now() < end && (total === undefined || total.failures.length === 0); day++) {
    const one = await campaign({ ...base, seed: `${request.seed}.${day * request.of + request.part}`, sample, budgetMs: end - performance.now() });
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

function child(request: Request): Promise<Report> {
  return new Promise((resolve, reject) => {
    const process_: ChildProcess = fork(import.meta.filename, ["--child"], { execArgv: ["--import=tsx"] });
    process_.once("message", (report) => resolve(report as Report));
    process_.once("exit", (code) => {
      if (code !== 0) reject(new Error(`a campaign's process ended with ${code}`));
    });
    process_.send(request);
  });
}

function print(report: CampaignReport, request: Request, seconds: number): void {
  const where = request.mode === "random" ? `${report.points} operations of days of about ${report.operations}` : `${report.points} of ${report.operations} operations of the day`;
  process.stdout.write(`${report.cuts} cuts at ${where}, ${seconds.toFixed(1)} s, ${Math.round(report.cuts / seconds)} cuts/s${report.finished ? "" : ", not finished within the budget"}\n`);
  process.stdout.write(`${report.equal} of them left a state that another cut of the same operation had left, and were judged with it; ${Math.round((report.cuts - report.equal) / seconds)} states/s\n\n`);
  const structures = [...new Set(Object.values(report.table).flatMap((row) => Object.keys(row)))].sort();
  process.stdout.write(`${"fault".padEnd(30)}${structures.map((name) => name.padStart(12)).join("")}\n`);
  for (const [fault, row] of Object.entries(report.table)) process.stdout.write(`${fault.padEnd(30)}${structures.map((name) => String(row[name] ?? 0).padStart(12)).join("")}\n`);
  process.stdout.write("\n");
  for (const { cut, what, seed } of report.failures) {
    process.stdout.write(`FAILED ${what}\n  replay: npm run crash -- --mode exhaustive${request.engine === "node" ? "" : ` --engine ${request.engine}`} --seed ${seed} --casts ${request.casts} --again ${request.again} --budget 600 --cut "${cut}"\n`);
  }
  if (report.failures.length === 0) process.stdout.write("nothing lost, nothing invented, every card votes once\n");
}

function printSlips(report: SlipReport, request: Request): void {
  process.stdout.write(`\n${report.cuts} cuts while a slip was printed, as loss of power and as reset of the terminal alone: after each of ${report.bytes} bytes of one, at ${report.events} moments of another, ${report.again} of them cut again in the recovery${report.finished ? "" : ", not finished within the budget"}\n`);
  for (const { cut, what } of report.failures) process.stdout.write(`FAILED ${what}\n  replay: npm run crash -- --mode slips --seed ${request.seed} --budget 600 --cut "${cut}"\n`);
  if (report.failures.length === 0) process.stdout.write("no slip without VALID or VOID, none that says what the vault does not\n");
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { mode: { type: "string", default: "exhaustive" }, engine: { type: "string", default: "node" }, seed: { type: "string", default: "1" }, budget: { type: "string", default: "60" }, casts: { type: "string", default: "40" }, again: { type: "string", default: "64" }, cut: { type: "string" } },
  });
  const [budget, casts, again] = [Number(values.budget), Number(values.casts), Number(values.again)];
  if (!isMode(values.mode) || !isEngine(values.engine) || (values.engine === "xs" && values.mode === "slips") || !(budget > 0) || !(casts >= 1 && casts <= 100) || !(again >= 0)) {
    process.stderr.write(usage);
    return 2;
  }
  const of = values.cut === undefined ? Math.min(cpus().length, 2) : 1;
  const request: Request = { mode: values.mode, engine: values.engine, seed: values.seed, casts, again, budgetMs: budget * 1000, part: 0, of, ...(values.cut === undefined ? {} : { only: values.cut }) };
  const [first, ...others] = await Promise.all(Array.from({ length: of }, (_, part) => child({ ...request, part })));
  const { flash, slips } = first!;
  for (const other of others) {
    if (flash !== undefined) add(flash, other.flash!);
    if (slips !== undefined) addSlips(slips, other.slips!);
  }
  if (flash !== undefined) print(flash, request, Math.max(first!.flashMs, ...others.map(({ flashMs }) => flashMs)) / 1000);
  if (slips !== undefined) printSlips(slips, request);
  return (flash?.failures.length ?? 0) + (slips?.failures.length ?? 0) === 0 ? 0 : 1;
}

function isEngine(text: string): text is EngineName {
  return (engineNames as readonly string[]).includes(text);
}

function isMode(text: string): text is Request["mode"] {
  return (modes as readonly string[]).includes(text);
}

if (process.argv[2] === "--child") {
  process.once("message", (request) => {
    void work(request as Request).then((report) => process.send!(report, () => process.exit(0)));
  });
} else process.exitCode = await main();
