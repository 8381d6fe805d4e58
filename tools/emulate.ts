// The terminal on the emulated board.
//   npm run emulate [-- --port P --data DIR --election FILE]                                  with the bench's page, as npm start
//   npm run emulate -- --headless --ballots N --seed S --out DIR [--cut P] [--election FILE]  the main job with no screen, as npm run vote

import { parseArgs } from "node:util";
import { Bench } from "../sim/bench/bench.js";
import { BenchServer, PortError } from "../sim/bench/server.js";
import { boardMachine } from "../sim/board/qemu.js";
import { StationError } from "../sim/station.js";
import { boardIsMissing, boardSizes, buildBoard } from "./build/board.js";
import { buildForRun } from "./build/build.js";
import { StartError, lockFolder, readEnvironment, readOptions } from "./start.js";
import { vote } from "./vote.js";

const headlessUsage = "usage: npm run emulate -- --headless --ballots N --seed S --out DIR [--cut P, 0 <= P < 1] [--election FILE]";

async function headless(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      headless: { type: "boolean" }, ballots: { type: "string", default: "10" }, seed: { type: "string", default: "1" }, out: { type: "string" },
      cut: { type: "string", default: "0" }, election: { type: "string" },
    },
  });
  const ballots = Number(values.ballots);
  const cut = Number(values.cut);
  if (values.out === undefined || !Number.isInteger(ballots) || ballots < 0 || !(cut >= 0 && cut < 1)) throw new StartError(headlessUsage);
  let work = 0;
  const report = await vote({
    ballots, seed: values.seed, out: values.out, cut,
    ...(values.election === undefined ? {} : { election: values.election }),
    machine: boardMachine({
      onWork: (instructions) => {
        work = instructions;
      },
    }),
  });
  process.stdout.write(`${report.ballots} ballots, ${report.cuts} power cuts, ${report.seconds.toFixed(1)} s; ${work} instructions since the last reset\n`);
  for (const each of report.disagreements) process.stdout.write(`DISAGREES ${each}\n`);
  return report.disagreements.length === 0 ? 0 : 1;
}

async function withBench(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  const server = await BenchServer.listen(options.port);
  const unlock = lockFolder(options.data);
  // the desk that grants cards
  await buildForRun("identity");
  const bench = await Bench.create({
    directory: options.data, wallBase: Date.now() / 1000, ...readEnvironment(process.env), machine: boardMachine(),
    ...(options.election === undefined ? {} : { election: options.election }),
  });
  await bench.perform({ do: "power", on: true });
  server.attach(bench);
  process.stdout.write(`the bench is at ${server.address}  (Ctrl-C ends it)\n`);
  await new Promise<void>((resolve) => {
    process.once("SIGINT", resolve);
    process.once("SIGTERM", resolve);
  });
  await server.close();
  await bench.close();
  unlock();
  return 0;
}

async function main(): Promise<number> {
  const args = process.argv.slice(2);
  const missing = boardIsMissing();
  if (missing !== undefined) throw new StartError(missing);
  await buildBoard();
  process.stdout.write(`the board's program: ${JSON.stringify(boardSizes())}\n`);
  return args.includes("--headless") ? headless(args) : withBench(args);
}

if (import.meta.filename === process.argv[1]) {
  try {
    process.exit(await main());
  } catch (thrown) {
    if (!(thrown instanceof StartError || thrown instanceof PortError || thrown instanceof StationError)) throw thrown;
    process.stderr.write(`${thrown.message}\n`);
    process.exit(1);
  }
}
