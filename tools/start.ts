// npm start [-- --port P --data DIR --election FILE]
// A polling station on this machine and its bench in the browser. MQTT_URL and DATABASE_URL name a broker and a PostgreSQL instead of
// the embedded ones. Ctrl-C ends it; the next start on the same folder goes on with the same flash, keys, cards and collector.

import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Bench } from "../sim/bench/bench.js";
import { BenchServer, PortError } from "../sim/bench/server.js";
import { StationError } from "../sim/station.js";
import { buildAll } from "./build/build.js";

export interface StartOptions {
  readonly port: number;
  readonly data: string;
  readonly election: string | undefined;
}

const usage = "usage: npm start [-- --port 0..65535] [--data DIR] [--election FILE]";

/** Something that whoever started it can put right; the message says what. */
export class StartError extends Error {}

export function readOptions(args: readonly string[]): StartOptions {
  let values: { readonly port?: string; readonly data?: string; readonly election?: string };
  try {
    ({ values } = parseArgs({ args: [...args], options: { port: { type: "string" }, data: { type: "string" }, election: { type: "string" } } }));
  } catch (thrown) {
    throw new StartError(`${(thrown as Error).message.split(/\. |\n/)[0]}; ${usage}`);
  }
  const { port = "8080", data = "data", election } = values;
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) throw new StartError(`--port ${port}: not a port; ${usage}`);
  if (data === "") throw new StartError(`--data: no folder named; ${usage}`);
  if (election !== undefined && !existsSync(election)) throw new StartError(`--election ${election}: no such file`);
  return { port: Number(port), data, election };
}

/** MQTT_URL and DATABASE_URL, when they are set. */
export function readEnvironment(environment: Readonly<Record<string, string | undefined>>): { readonly mqttUrl?: string; readonly databaseUrl?: string } {
  const { MQTT_URL: mqttUrl, DATABASE_URL: databaseUrl } = environment;
  const check = (name: string, value: string | undefined, protocols: readonly string[]): void => {
    if (value === undefined || value === "") return;
    const url = URL.canParse(value) ? new URL(value) : undefined;
    if (url === undefined || !protocols.includes(url.protocol)) throw new StartError(`${name}: expected ${protocols.join(" or ")}//host`);
  };
  check("MQTT_URL", mqttUrl, ["mqtt:"]);
  check("DATABASE_URL", databaseUrl, ["postgres:", "postgresql:"]);
  return { ...(mqttUrl === undefined || mqttUrl === "" ? {} : { mqttUrl }), ...(databaseUrl === undefined || databaseUrl === "" ? {} : { databaseUrl }) };
}

/** One bench to a folder: two would write one flash. The function returned gives it back. */
export function lockFolder(directory: string): () => void {
  const path = join(directory, "bench.lock");
  try {
    mkdirSync(directory, { recursive: true });
    if (existsSync(path) && !isAlive(Number(readFileSync(path, "utf8")))) rmSync(path);
    const file = openSync(path, "wx");
    writeSync(file, String(process.pid));
    closeSync(file);
  } catch (thrown) {
    const { code, message } = thrown as NodeJS.ErrnoException;
    throw new StartError(code === "EEXIST" ? `${directory} is in use by another bench; name another folder with --data` : `--data ${directory}: ${message}`);
  }
  return () => rmSync(path, { force: true });
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Throws StartError for what the builder, the folder's files, the broker or the database say. */
async function prepare(options: StartOptions, environment: ReturnType<typeof readEnvironment>): Promise<Bench> {
  try {
    await buildAll(["ballot", "identity"]);
    return await Bench.create({
      directory: options.data, wallBase: Date.now() / 1000, ...environment,
      ...(options.election === undefined ? {} : { election: options.election }),
    });
  } catch (thrown) {
    // these two are never what the world says, always a mistake in the program
    if (thrown instanceof TypeError || thrown instanceof ReferenceError || !(thrown instanceof Error)) throw thrown;
    const said = thrown.message === "" ? String((thrown as NodeJS.ErrnoException).code ?? thrown.name) : thrown.message;
    // what PostgreSQL's client says does not name what it was asked to reach
    throw new StartError(environment.databaseUrl !== undefined && !(thrown instanceof StationError) ? `${said}; is the database of DATABASE_URL there?` : said);
  }
}

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  const environment = readEnvironment(process.env);
  // the port and the folder first: what can fail at once should not fail after a build
  const server = await BenchServer.listen(options.port);
  let unlock: (() => void) | undefined;
  let bench: Bench | undefined;
  try {
    unlock = lockFolder(options.data);
    process.stdout.write("building what has changed ...\n");
    bench = await prepare(options, environment);
    await bench.perform({ do: "power", on: true });
  } catch (thrown) {
    await bench?.close();
    await server.close();
    unlock?.();
    throw thrown;
  }
  server.attach(bench);
  process.stdout.write(`the bench is at ${server.address}  (Ctrl-C ends it)\n`);
  await new Promise<void>((resolve) => {
    process.once("SIGINT", resolve);
    process.once("SIGTERM", resolve);
  });
  process.stdout.write("closing\n");
  await server.close();
  await bench.close();
  unlock();
}

if (import.meta.filename === process.argv[1]) {
  try {
    await main();
    process.exit(0);
  } catch (thrown) {
    const isExpected = thrown instanceof StartError || thrown instanceof PortError;
    process.stderr.write(`${isExpected ? thrown.message : thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}\n`);
    process.exit(1);
  }
}
