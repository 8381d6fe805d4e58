// What the SDK makes of this tree: a library for its simulator and for runs without a window, and the project for the
// ESP32.

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { digest, store } from "../build/cache.js";
import { locked, prepareSodium } from "../build/host.js";
import { updateBundles } from "../build/ui-bundle.js";
import { manifests } from "./manifests.js";
import { SDK_DIRECTORY, writeModules } from "./modules.js";
import { type SdkReport, SdkError, SdkIsMissing, linIsMissing, runTool, sdkPath, sdkVersion } from "./toolchain.js";

/** Roles that the SDK builds for Linux. */
export const LIN_ROLES = ["ballot", "identity", "selftest"] as const;
/** What goes on a board. */
export const PRODUCTS = ["ballot", "identity"] as const;

const HEADLESS_PROGRAM = join(SDK_DIRECTORY, "headless");

/** Tests run in several processes, and one makefile does not suffer two makes. */
const LOCK = join(SDK_DIRECTORY, "lock");

/** mcconfig names its results after the folder of the manifest. */
const PROJECT = basename(resolve("."));

export interface LinBuild extends SdkReport {
  /** mc.so */
  readonly library: string;
}

export interface LinOptions {
  readonly role: string;
  /** With the memory instruments of the engine. */
  readonly instrument?: boolean;
  /** With the debugger: it connects to xsbug. */
  readonly debug?: boolean;
}

/** The makefile does not know that objects depend on the flags in the manifests. */
function forgetObjects(out: string): void {
  const key = digest(sdkVersion(), ...manifests().map((path) => readFileSync(path)));
  const path = join(out, "manifests.key");
  if (existsSync(path) && readFileSync(path, "utf8") === key) return;
  for (const object of readdirSync(out, { recursive: true, encoding: "utf8" }))
    if (object.endsWith(".o")) rmSync(join(out, object));
  store(path, key);
}

function needRole(role: string, roles: readonly string[]): void {
  if (!roles.includes(role)) throw new SdkError(`there is no role "${role}" for it: choose ${roles.join(" or ")}`);
}

/** The role's library for Linux. Throws SdkError. */
export async function buildLin(options: LinOptions): Promise<LinBuild> {
  const { role, instrument = false, debug = false } = options;
  sdkPath(linIsMissing());
  needRole(role, LIN_ROLES);
  const kind = debug ? "debug" : instrument ? "instrument" : "release";
  const out = resolve(SDK_DIRECTORY, "lin", role, "out");
  mkdirSync(out, { recursive: true });
  const flags = debug ? ["-d"] : instrument ? ["-i"] : [];
  const report = await locked(async () => {
    forgetObjects(out);
    updateBundles();
    await writeModules({ role, platform: "lin" });
    return runTool("mcconfig", [...flags, "-m", "-p", "lin", "-t", "build", "-o", out, resolve("manifest.json")], {
      ROLE: role,
    });
  }, LOCK);
  return { ...report, library: join(out, "bin", "lin", "mc", kind, PROJECT, "mc.so") };
}

/** The program that loads a library without a window. Throws SdkError. */
export function buildHeadless(): string {
  const sdk = sdkPath(linIsMissing());
  const source = "sim/sdk/headless.c";
  const key = digest(readFileSync(source), sdkVersion(), sdk);
  if (
    existsSync(HEADLESS_PROGRAM) &&
    existsSync(`${HEADLESS_PROGRAM}.key`) &&
    readFileSync(`${HEADLESS_PROGRAM}.key`, "utf8") === key
  )
    return HEADLESS_PROGRAM;
  mkdirSync(SDK_DIRECTORY, { recursive: true });
  const flags = (what: string): string[] =>
    spawnSync("pkg-config", [what, "glib-2.0"], { encoding: "utf8" }).stdout.trim().split(/\s+/);
  const args = [
    "-std=gnu11",
    "-O2",
    "-Wall",
    "-Wextra",
    "-Werror",
    "-DmxLinux=1",
    "-isystem",
    join(sdk, "build/simulators/modules"),
    ...flags("--cflags"),
    source,
    "-o",
    HEADLESS_PROGRAM,
    ...flags("--libs"),
    "-ldl",
  ];
  const { status, stderr } = spawnSync("cc", args, { encoding: "utf8" });
  if (status !== 0) throw new SdkError(`cc failed\n${stderr}`);
  store(`${HEADLESS_PROGRAM}.key`, key);
  return HEADLESS_PROGRAM;
}

/** Its folder, as mcconfig's -p takes it: in lower case, from here. */
const ESP32_TARGET = "./platform/sdk/esp32";
const SUBPLATFORM = "reference_terminal";

export interface Esp32Project extends SdkReport {
  /** The project's folder: manifest_flat.json, makefile, modules. */
  readonly directory: string;
  /** Merged from the SDK's and ours. */
  readonly sdkconfig: string;
  readonly partitions: string;
}

export interface Esp32Options {
  /** The ballot role when absent. */
  readonly role?: string;
  readonly debug?: boolean;
  /** Compiles it, which needs ESP-IDF. */
  readonly make?: boolean;
}

/** Generates a role's project for the ESP32; ESP-IDF is needed to compile it only. Throws SdkError. */
export async function esp32Project(options: Esp32Options = {}): Promise<Esp32Project> {
  const { role = "ballot", debug = false, make = false } = options;
  needRole(role, PRODUCTS);
  sdkPath();
  const idf = process.env["IDF_PATH"];
  if (make && (idf === undefined || !existsSync(join(idf, "export.sh"))))
    throw new SdkIsMissing(
      `IDF_PATH is ${idf === undefined ? "not set" : "not the folder of an ESP-IDF"}: install ESP-IDF v6.0 as the documentation of the Moddable SDK describes for the ESP32, and set IDF_PATH to its folder`,
    );
  const out = resolve(SDK_DIRECTORY, "esp32", role, "out");
  mkdirSync(out, { recursive: true });
  const args = [
    ...(debug ? ["-d"] : []),
    ...(make ? ["-m", "-t", "build"] : []),
    "-p",
    `esp32:${ESP32_TARGET}`,
    "-o",
    out,
    resolve("manifest.json"),
  ];
  // a port that is not there yet would otherwise be looked for
  const report = await locked(async () => {
    updateBundles();
    prepareSodium();
    await writeModules({ role, platform: "esp32" });
    return runTool("mcconfig", args, { ROLE: role, UPLOAD_PORT: process.env["UPLOAD_PORT"] ?? "none" });
  }, LOCK);
  const kind = debug ? "debug" : "release";
  const config = join(out, "tmp", "esp32", SUBPLATFORM, kind, PROJECT, "xsProj-esp32s3");
  return {
    ...report,
    directory: join(out, "tmp", "esp32", SUBPLATFORM, kind, PROJECT),
    sdkconfig: join(config, "sdkconfig.mc"),
    partitions: join(config, "partitions.csv"),
  };
}
