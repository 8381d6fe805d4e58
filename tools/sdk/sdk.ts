// The tree as a project of the Moddable SDK.
//   npm run sdk -- build [--role R] [--instrument | --debug]            the role's library for Linux
//   npm run sdk -- run [--data DIR] [--debug]                           the terminal in the SDK's simulator, with a polling station around it
//   npm run sdk -- headless --ballots N --seed S --out DIR [--cut P]    the main job in it with no window, as npm run vote
//   npm run sdk -- esp32-project [--role R] [--debug]                   the project for the ESP32, which needs no ESP-IDF
//   npm run sdk -- build --esp32 [--debug]                              the same, compiled with ESP-IDF

import { parseArgs } from "node:util";
import { headless } from "../../sim/sdk/machine.js";
import { voteCommand } from "../vote.js";
import { ForbiddenImport } from "../build/graph.js";
import { buildHeadless, buildLin, esp32Project } from "./build.js";
import { StationError } from "../../sim/station.js";
import { StartError } from "../start.js";
import { runSimulator } from "./simulator.js";
import { SDK_VERSION, SdkError, sdkVersion } from "./toolchain.js";

const usage = "usage: npm run sdk -- build | run | headless | esp32-project   (README.md says what each does)";

async function build(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: { role: { type: "string", default: "ballot" }, instrument: { type: "boolean" }, debug: { type: "boolean" }, esp32: { type: "boolean" } } });
  if (values.esp32 === true) return project(values.role, values.debug ?? false, true);
  const { library, notFrozen, warnings } = await buildLin({ role: values.role, instrument: values.instrument ?? false, debug: values.debug ?? false });
  if (sdkVersion() !== SDK_VERSION) process.stderr.write(`this is SDK ${sdkVersion()}; the manifests were made for ${SDK_VERSION}\n`);
  // with the debugger the SDK asks the compiler for warnings that its own engine does not keep to
  const ours = values.debug === true ? warnings.filter((line) => line.startsWith(process.cwd())) : warnings;
  for (const line of ours) process.stderr.write(`${line}\n`);
  process.stdout.write(`${library}\n${notFrozen === 0 ? "" : `${notFrozen} objects of preloaded modules are not frozen\n`}`);
  return ours.length === 0 ? 0 : 1;
}

async function run(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: { data: { type: "string", default: "data" }, debug: { type: "boolean" } } });
  const simulator = await runSimulator({ directory: values.data, debug: values.debug ?? false });
  const interrupted = new Promise<null>((resolve) => {
    process.once("SIGINT", () => resolve(null));
    process.once("SIGTERM", () => resolve(null));
  });
  await Promise.race([simulator.closed, interrupted]);
  await simulator.stop();
  return 0;
}

async function headlessVote(args: readonly string[]): Promise<number> {
  const { library } = await buildLin({ role: "ballot" });
  return voteCommand("sdk -- headless", args, headless({ program: buildHeadless(), library }));
}

async function project(role: string, debug: boolean, make: boolean): Promise<number> {
  const { directory, sdkconfig, partitions, warnings } = await esp32Project({ role, debug, make });
  for (const line of warnings) process.stderr.write(`${line}\n`);
  process.stdout.write(`${directory}\n${sdkconfig}\n${partitions}\n`);
  return warnings.length === 0 ? 0 : 1;
}

async function generateProject(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: { role: { type: "string", default: "ballot" }, debug: { type: "boolean" } } });
  return project(values.role, values.debug ?? false, false);
}

const commands: Readonly<Record<string, (args: readonly string[]) => Promise<number>>> = { build, run, headless: headlessVote, "esp32-project": generateProject };

async function main(): Promise<number> {
  const [name = "", ...args] = process.argv.slice(2);
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) {
    process.stderr.write(`${usage}\n`);
    return 2;
  }
  try {
    return await command(args);
  } catch (thrown) {
    const isOption = thrown instanceof TypeError && "code" in thrown && String(thrown.code).startsWith("ERR_PARSE_ARGS");
    if (!(thrown instanceof SdkError) && !(thrown instanceof ForbiddenImport) && !(thrown instanceof StationError) && !(thrown instanceof StartError) && !isOption) throw thrown;
    process.stderr.write(`${(thrown as Error).message}\n`);
    return 1;
  }
}

process.exitCode = await main();
