// Builds the emulated microcontroller's program: engine, libsodium, the portable host and the board's own C for
// RV32IMAC, with a role's byte code and text bundle linked in, as one ELF.

import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { updateUiBundle } from "./ui-bundle.js";
import { buildImage } from "./build.js";
import { digest } from "./cache.js";
import { buildHost, locked } from "./host.js";
import { imageOf } from "./image.js";
import {
  type Engine,
  ENGINE_FLAGS,
  HOST,
  INTERPRETER,
  NATIVES,
  NPM_ENGINE,
  OWN_INCLUDES,
  PAINTING,
  PARSER_FILES,
  PORTABLE,
  SODIUM,
  SODIUM_FILES,
  SODIUM_FLAGS,
  WARNINGS,
  engineFiles,
  engineIncludes,
  hostVariant,
  imageFlags,
  interpreterOf,
  sodiumSource,
} from "./sources.js";

export const BOARD = "platform/board";
export const BOARD_DIRECTORY = "build/board";
/** One for all engines. */
export const BOARD_PLUGIN = `${BOARD_DIRECTORY}/lockstep.so`;
export const UI_TEXT = "build/text/ui.bin";

const boardDirectory = ({ build }: Engine): string => `${build}/board`;

export function boardElf(role: string, engine: Engine = NPM_ENGINE): string {
  return `${boardDirectory(engine)}/${role}.elf`;
}

const CROSS = "riscv64-unknown-elf-";
const JOBS = 2;

/** Programs that the board needs; Debian's packages of them are in tools/setup/system.ts. */
export const BOARD_PROGRAMS = [`${CROSS}gcc`, "qemu-system-riscv32"];

/** What is missing to build and run the board, one line; undefined when nothing is. */
export function boardIsMissing(): string | undefined {
  const missing = BOARD_PROGRAMS.filter((program) => spawnSync("sh", ["-c", `command -v ${program}`]).status !== 0);
  return missing.length === 0
    ? undefined
    : `not on this machine: ${missing.join(", ")} (node tools/setup/setup.js --for board)`;
}

/** rv32imac without the later names of its parts: with them the compiler takes the 64-bit libraries. */
const TARGET = ["-march=rv32imac", "-misa-spec=2.2", "-mabi=ilp32", "-mcmodel=medany", "--specs=picolibc.specs"];
const COMMON = [
  ...TARGET,
  "-std=gnu11",
  "-Os",
  "-ffunction-sections",
  "-fdata-sections",
  "-fno-common",
  ...OWN_INCLUDES.map((path) => `-I${path}`),
  `-I${BOARD}/include`,
  "-DCABLE_WAITING_MAX=65544",
];
/** Its loops must not become calls of what they are. */
const MEMORY = ["-O2", "-fno-builtin", "-fno-tree-loop-distribute-patterns"];
/** Of the engine, what seldom runs: its functions keep registers by calls, which is smaller and slower. */
const SELDOM =
  /^xs(Arguments|Atomics|BigInt|Date|Debug|Error|Generator|Global|JSON|Marshall|Object|Symbol|Lockdown|Math|Module|Number|Proxy|RegExp|Snapshot|dtoa|re)\.c$/;
const BOARD_FILES = [
  "resources.c",
  "clock.c",
  "wait.c",
  "uart.c",
  "to-harness.c",
  "from-harness.c",
  "link.c",
  "count.c",
  "board.c",
  "memory.c",
];

interface Unit {
  /** Of the object file, without its ending. */
  readonly name?: string;
  readonly source: string;
  readonly flags: readonly string[];
  /** Also made from these. */
  readonly inputs: readonly string[];
}

function run(program: string, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    child.stdout.on("data", (bytes: Buffer) => (said += bytes.toString()));
    child.stderr.on("data", (bytes: Buffer) => (said += bytes.toString()));
    child.on("error", reject);
    child.on("close", (code) => (code === 0 ? resolve() : reject(new Error(`${program} failed\n${said}`))));
  });
}

function headers(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true })
    .flatMap((entry) =>
      entry.isDirectory()
        ? headers(join(directory, entry.name))
        : entry.name.endsWith(".h")
          ? [join(directory, entry.name)]
          : [],
    )
    .sort();
}

function units(role: string, image: string, engine: Engine): Unit[] {
  const own = [...OWN_INCLUDES, BOARD].flatMap(headers);
  const engineUnits = engineFiles(engine)
    .filter((name) => !PARSER_FILES.test(name))
    .map((name) => ({
      source: name === INTERPRETER ? interpreterOf(engine) : `${engine.xs}/sources/${name}`,
      flags: [
        ...COMMON,
        ...(name === INTERPRETER || /^xs(Property|Memory|Type|Function)\.c$/.test(name)
          ? ["-O2"]
          : SELDOM.test(name)
            ? ["-msave-restore"]
            : []),
        "-w",
        ...ENGINE_FLAGS,
        ...engineIncludes(engine).map((path) => `-I${path}`),
      ],
      inputs: [`${HOST}/xs-platform.h`],
    }));
  const sodium = SODIUM_FILES.map((name) => ({
    source: sodiumSource(name),
    flags: [...COMMON, ...SODIUM_FLAGS.filter((flag) => flag !== "-O2")],
    inputs: [`${HOST}/sodium-settings.h`],
  }));
  const flags = [
    ...COMMON,
    ...WARNINGS,
    ...ENGINE_FLAGS,
    ...engineIncludes(engine).flatMap((path) => ["-isystem", path]),
    "-isystem",
    "build/host/include",
    "-isystem",
    `${SODIUM}/include`,
    "-DSANDOGH_SIMULATION=1",
    ...imageFlags(engine),
  ];
  const ours = [...PORTABLE, `${NATIVES}/nor.c`, ...BOARD_FILES.map((name) => `${BOARD}/${name}`)].map((source) => ({
    source,
    flags: PAINTING.some((name) => source === `${NATIVES}/${name}`)
      ? [...flags, "-O2"]
      : source.endsWith("/memory.c")
        ? [...flags, ...MEMORY]
        : flags,
    inputs: own,
  }));
  const start: Unit = {
    name: `start-${role}`,
    source: `${BOARD}/start.S`,
    flags: [...TARGET, `-DBOARD_IMAGE="${image}"`, `-DBOARD_TEXT="${UI_TEXT}"`],
    inputs: [image, UI_TEXT],
  };
  return [...engineUnits, ...sodium, ...ours, start];
}

/** Natives whose work is counted: their calls go through count.c. */
function wraps(): string[] {
  const names = readFileSync(`${BOARD}/count.h`, "utf8").matchAll(/N\((xs_\w+)\)/g);
  return [...names].map((match) => `-Wl,--wrap=${match[1]!}`);
}

function isCurrent(path: string, key: string): boolean {
  return existsSync(path) && existsSync(`${path}.key`) && readFileSync(`${path}.key`, "utf8") === key;
}

/** Compiles what has changed and links. Throws with the compiler's words. */
async function buildElf(role: string, image: string, engine: Engine): Promise<void> {
  const elf = boardElf(role, engine);
  const directory = boardDirectory(engine);
  mkdirSync(join(directory, "objects"), { recursive: true });
  const objects: { readonly path: string; readonly key: string }[] = [];
  const jobs: (() => Promise<void>)[] = [];
  for (const unit of units(role, image, engine)) {
    const path = join(
      directory,
      "objects",
      `${unit.name ?? `${basename(unit.source)}-${digest(unit.source).slice(0, 8)}`}.o`,
    );
    const key = digest(
      unit.flags.join(" "),
      readFileSync(unit.source),
      ...unit.inputs.map((input) => readFileSync(input)),
    );
    objects.push({ path, key });
    if (isCurrent(path, key)) continue;
    jobs.push(async () => {
      await run(`${CROSS}gcc`, ["-c", ...unit.flags, "-o", path, unit.source]);
      writeFileSync(`${path}.key`, key);
    });
  }
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < jobs.length) await jobs[next++]!();
  };
  await Promise.all(Array.from({ length: JOBS }, worker));
  const script = `${BOARD}/board.ld`;
  const link = [
    ...TARGET,
    "-nostartfiles",
    "-static",
    "-T",
    script,
    "-Wl,--gc-sections",
    "-Wl,--no-warn-rwx-segments",
    `-Wl,-Map,${directory}/${role}.map`,
    ...wraps(),
  ];
  const key = digest(link.join(" "), readFileSync(script), ...objects.map((object) => object.path + object.key));
  if (isCurrent(elf, key)) return;
  await run(`${CROSS}gcc`, [...link, "-o", elf, ...objects.map((object) => object.path), "-lm"]);
  writeFileSync(`${elf}.key`, key);
}

/** The plugin that counts, stops and profiles the emulator. */
async function buildPlugin(): Promise<void> {
  const folder = "sim/board";
  const source = join(folder, "lockstep.c");
  const key = digest(...[source, ...headers(folder)].map((path) => readFileSync(path)));
  if (isCurrent(BOARD_PLUGIN, key)) return;
  mkdirSync(BOARD_DIRECTORY, { recursive: true });
  await run(process.env["CC"] ?? "cc", [
    "-std=gnu11",
    "-O2",
    "-Wall",
    "-Wextra",
    "-Werror",
    "-shared",
    "-fPIC",
    "-o",
    BOARD_PLUGIN,
    source,
  ]);
  writeFileSync(`${BOARD_PLUGIN}.key`, key);
}

/** Builds everything that the board needs to run the role; returns the ELF's path. Throws on the first failure. */
export async function buildBoard(role = "ballot", engine: Engine = NPM_ENGINE): Promise<string> {
  updateUiBundle();
  await buildHost(hostVariant(engine));
  const image = await buildImage(role, "bare", engine);
  await locked(async () => {
    await buildElf(role, image, engine);
    await buildPlugin();
  });
  return boardElf(role, engine);
}

export interface BoardSizes {
  readonly text: number;
  readonly data: number;
  readonly bss: number;
  readonly byteCode: number;
  readonly textBundle: number;
}

/** Bytes; `text` is machine code and constants without the byte code and the text bundle that are linked in. */
export function boardSizes(role = "ballot", engine: Engine = NPM_ENGINE): BoardSizes {
  const { stdout } = spawnSync(`${CROSS}size`, ["-A", boardElf(role, engine)], { encoding: "utf8" });
  const section = (name: string): number => Number(new RegExp(`^\\${name}\\s+(\\d+)`, "m").exec(stdout)?.[1] ?? 0);
  const byteCode = statSync(imageOf(role, "bare", engine)).size;
  const textBundle = statSync(UI_TEXT).size;
  return {
    text: section(".text") + section(".rodata") - byteCode - textBundle,
    data: section(".data") + section(".tdata"),
    bss: section(".bss"),
    byteCode,
    textBundle,
  };
}
