// What things cost on the desktop, or (board/bench.ts) on the emulated board: one JSON object a line {name, value,
// unit}. On the desktop counts are exact; times are of this machine and this moment, so compare them within one run.
// npx sandogh bench starts it.

import { readFileSync, statSync } from "node:fs";
import { Chance } from "../sim/chance.js";
import { People } from "../sim/people.js";
import { Station, ballotImage, uiText } from "../sim/station.js";
import { answer } from "../tools/command-line/child.js";
import type { BenchRequest } from "../tools/commands/bench.js";
import { writeEngines } from "./board/figures.js";
import { flashCost } from "./flash-cost.js";

const ballots = 10;

type Report = (name: string, value: number, unit: string) => void;

function flash(report: Report): void {
  const { casts, starts } = flashCost();
  for (const cost of [...casts.map((each) => ({ ...each, at: `a cast at ${each.at}` })), ...starts]) {
    report(`flash/${cost.at}: programs`, cost.programs, "operations");
    report(`flash/${cost.at}: programmed`, cost.bytesProgrammed, "bytes");
    report(`flash/${cost.at}: erases`, cost.erases, "operations");
    report(`flash/${cost.at}: reads`, cost.reads, "operations");
    report(`flash/${cost.at}: read`, cost.bytesRead, "bytes");
  }
}

/** CPU milliseconds of this process's children so far are not told by Node, so the terminal's own process is asked. */
function cpuMs(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/schedstat`, "utf8").split(" ")[0]) / 1e6;
}

async function run(report: Report): Promise<void> {
  let people: People | undefined;
  const traces: string[] = [];
  const station = await Station.create({
    virtual: true,
    seed: "bench",
    wallBase: 1_795_235_400,
    onTrace: (line) => {
      traces.push(line);
      people?.traced(line);
    },
  });
  people = new People({ station, chance: new Chance("bench", "people"), cut: 0 });
  await people.start();
  const pid = station.terminal.pid;
  report("boot to idle, terminal's CPU", cpuMs(pid), "ms");
  await people.officials("open", () => traces.at(-1) === "screen idle" && traces.includes("polls open"));
  const intentions = station.pack.election.contests.map((contest) => ({
    contest: contest.id,
    blank: false,
    choices: Array.from(
      { length: Math.min(10, contest.votesAllowed) },
      (_, i) => station.pack.option(contest.id, i as never).code,
    ),
  }));
  const cpu = cpuMs(pid);
  const start = performance.now();
  for (let i = 0; i < ballots; i++) {
    const card = station.card();
    await station.grant(card);
    await people.vote(card, intentions);
  }
  report("vote, wall", (performance.now() - start) / ballots, "ms/ballot");
  report("vote, terminal's CPU", (cpuMs(pid) - cpu) / ballots, "ms/ballot");
  await station.close();
}

/** Tells each figure as soon as it is known. */
async function benchDesktop(tell: (figure: object) => void): Promise<void> {
  const report: Report = (name, value, unit) => tell({ name, value: Math.round(value * 1000) / 1000, unit });
  report("image/ballot", statSync(ballotImage).size, "bytes");
  report("image/text", statSync(uiText).size, "bytes");
  flash(report);
  await run(report);
}

await answer<BenchRequest>("sandogh bench", async ({ target, engine, write, json }, talk) => {
  const figures: object[] = [];
  await talk.during("measuring", async (progress) => {
    const tell = (figure: object): void => {
      figures.push(figure);
      talk.say(JSON.stringify(figure));
      progress.at(figures.length, undefined, "figures");
    };
    if (target === "desktop") return benchDesktop(tell);
    if (target === "s3-model") {
      const { countParts } = await import("./board/s3/run.js");
      const { rowsOf, writeS3 } = await import("./board/s3/table.js");
      const parts = await countParts((what) => progress.at(0, undefined, what));
      for (const row of rowsOf(parts)) tell(row);
      if (write) writeS3(parts);
      return;
    }
    if (engine === "sdk") {
      const { benchEngines } = await import("./board/engines.js");
      const measured = await benchEngines(tell);
      if (write) writeEngines(measured);
      return;
    }
    const { benchBoard } = await import("./board/bench.js");
    await benchBoard(tell, write);
  });
  if (json === true) talk.result(figures, []);
  return 0;
});
