// What the SDK makes of this tree: a library for its simulator and for runs without a window, and the project for the
// ESP32.

import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, join, resolve } from "node:path";
import { digest, store } from "../build/cache.js";
import { locked, prepareSodium } from "../build/host.js";
import { updateBundles } from "../build/ui-bundle.js";
import {
  type IdfPlaces,
  componentName,
  componentPlace,
  idfEnvironment,
  idfFolders,
  idfIsMissing,
  pinnedComponents,
} from "./idf.js";
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
  /** What ESP-IDF has made of the configuration; written only when it was compiled. */
  readonly configuration: string;
  /** What a build leaves to be flashed, and the program with its symbols; written only when it was compiled. */
  readonly outputs: Esp32Outputs;
}

export interface Esp32Outputs {
  readonly program: string;
  readonly image: string;
  readonly bootloader: string;
  readonly partitionTable: string;
  readonly otaData: string;
}

export interface Esp32Options {
  /** The ballot role when absent. */
  readonly role?: string;
  readonly debug?: boolean;
  /** Compiles it, which needs ESP-IDF: at IDF_PATH, if no other place is given. */
  readonly make?: boolean;
  readonly places?: IdfPlaces;
}

/** ESP-IDF's project in the SDK's, and where it is built. */
const IDF_PROJECT = "xsProj-esp32s3";

/** ESP-IDF makes these in its own folder; the SDK's make copies them, whether or not they were made anew. */
function outputsIn(idfProject: string, copies: string): { readonly outputs: Esp32Outputs; readonly all: string[] } {
  const made = join(idfProject, "build");
  const copied = ["xs_esp32.bin", "bootloader.bin", "partition-table.bin", "ota_data_initial.bin"] as const;
  const [image, bootloader, partitionTable, otaData] = copied.map((name) => join(copies, name)) as [
    string,
    string,
    string,
    string,
  ];
  const program = join(made, "xs_esp32.elf");
  const first = [
    "xs_esp32.bin",
    "bootloader/bootloader.bin",
    "bootloader/bootloader.elf",
    "partition_table/partition-table.bin",
    "ota_data_initial.bin",
  ];
  return {
    outputs: { program, image, bootloader, partitionTable, otaData },
    all: [program, image, bootloader, partitionTable, otaData, ...first.map((name) => join(made, name))],
  };
}

/** File systems keep times of their own coarseness. */
const CLOCK_STEP_MS = 2_000;

/**
 * The SDK's makefile goes on when ESP-IDF's build has failed, copies what an earlier one has left, and ends well.
 * Throws SdkError when anything was not made since `startMs`.
 */
function needFresh(outputs: Esp32Outputs, startMs: number, said: readonly string[]): void {
  const old = Object.values(outputs as unknown as Record<string, string>).filter(
    (path) => !existsSync(path) || statSync(path).mtimeMs < startMs - CLOCK_STEP_MS,
  );
  if (old.length === 0) return;
  const names = old.map((path) => basename(path)).join(", ");
  throw new SdkError(`the build ended, and did not make ${names}\n${said.join("\n")}`);
}

/** Pinned components where ESP-IDF looks for components, and where the SDK's makefile looks for their headers. */
function placeComponents(idfProject: string, components: string): void {
  const listed: string[] = [];
  for (const pinned of pinnedComponents()) {
    const name = componentName(pinned);
    const place = componentPlace(components, pinned);
    if (place === undefined) throw new SdkIsMissing(`${name} is not in ${components}`);
    const [headers, component] = [join(idfProject, "managed_components", name), join(idfProject, "components", name)];
    for (const path of [headers, component]) rmSync(path, { recursive: true, force: true });
    cpSync(place, headers, { recursive: true });
    mkdirSync(join(idfProject, "components"), { recursive: true });
    symlinkSync(join("..", "managed_components", name), component);
    listed.push(`  ${pinned.namespace}/${pinned.name}: "==${pinned.version}"\n`);
  }
  mkdirSync(join(idfProject, "main"), { recursive: true });
  writeFileSync(join(idfProject, "main", "idf_component.yml"), `dependencies:\n${listed.join("")}`);
}

/** Generates a role's project for the ESP32; ESP-IDF is needed to compile it only. Throws SdkError. */
export async function esp32Project(options: Esp32Options = {}): Promise<Esp32Project> {
  const { role = "ballot", debug = false, make = false, places = { idf: process.env["IDF_PATH"] ?? "" } } = options;
  needRole(role, PRODUCTS);
  sdkPath();
  const missing = make ? idfIsMissing(places.idf) : undefined;
  if (missing !== undefined) throw new SdkIsMissing(missing);
  const out = resolve(SDK_DIRECTORY, "esp32", role, "out");
  mkdirSync(out, { recursive: true });
  const kind = debug ? "debug" : "release";
  const directory = join(out, "tmp", "esp32", SUBPLATFORM, kind, PROJECT);
  const idfProject = join(directory, IDF_PROJECT);
  const { outputs, all } = outputsIn(idfProject, join(out, "bin", "esp32", SUBPLATFORM, kind, PROJECT));
  const args = [
    ...(debug ? ["-d"] : []),
    ...(make ? ["-m", "-t", "build"] : []),
    "-p",
    `esp32:${ESP32_TARGET}`,
    "-o",
    out,
    resolve("manifest.json"),
  ];
  const environment = {
    ROLE: role,
    // a port that is not there yet would otherwise be looked for
    UPLOAD_PORT: process.env["UPLOAD_PORT"] ?? "none",
    ...(make ? idfEnvironment(places) : {}),
  };
  const report = await locked(async () => {
    updateBundles();
    prepareSodium();
    await writeModules({ role, platform: "esp32" });
    if (!make) return runTool("mcconfig", args, environment);
    for (const path of all) rmSync(path, { force: true });
    if (places.components !== undefined) placeComponents(idfProject, places.components);
    const startMs = Date.now();
    const made = await runTool("mcconfig", args, environment, idfFolders(places));
    needFresh(outputs, startMs, made.warnings);
    return made;
  }, LOCK);
  return {
    ...report,
    directory,
    sdkconfig: join(idfProject, "sdkconfig.mc"),
    partitions: join(idfProject, "partitions.csv"),
    configuration: join(idfProject, "sdkconfig"),
    outputs,
  };
}
