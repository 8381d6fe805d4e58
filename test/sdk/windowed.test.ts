// All C that goes into an ESP32-S3 and needs nothing of Espressif's, compiled for windowed Xtensa with warnings as
// errors: the engine, the portable host, natives, drivers, health tests. What is written against ESP-IDF's own headers
// is compiled by esp32.test.ts where these are.

import { spawn, spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { cpus } from "node:os";
import test from "ava";
import { buildHost } from "../../tools/build/host.js";
import {
  ENGINE_FLAGS,
  HOST,
  INTERPRETER,
  NATIVES,
  NPM_ENGINE,
  OWN_INCLUDES,
  PARSER_FILES,
  PORTABLE,
  SODIUM,
  SODIUM_FILES,
  SODIUM_FLAGS,
  WARNINGS,
  XS,
  engineIncludes,
  interpreterOf,
  sodiumSource,
} from "../../tools/build/sources.js";

const compiler = "xtensa-lx106-elf-gcc";
const library = "/usr/lib/xtensa-lx106-elf/picolibc.specs";
const isThere = spawnSync("sh", ["-c", `command -v ${compiler}`]).status === 0 && existsSync(library);
if (!isThere)
  process.stderr.write(`skipped: not on this machine: ${compiler} (node tools/setup/setup.js --for test)\n`);

/** The ABI of the ESP32-S3; -S, since this assembler is of another core. */
const common = ["-S", "-o", "/dev/null", "-mabi=windowed", `--specs=${library}`, "-std=gnu11", "-Os"];
const includes = OWN_INCLUDES.map((path) => `-I${path}`);
const device = "platform/sdk/esp32";

interface Unit {
  readonly source: string;
  readonly flags: readonly string[];
}

function units(): Unit[] {
  const engine = readdirSync(`${XS}/sources`).filter((name) => name.endsWith(".c") && !PARSER_FILES.test(name));
  const includesOfEngine = engineIncludes(NPM_ENGINE);
  const systemIncludes = [...includesOfEngine, "build/host/include", `${SODIUM}/include`].flatMap((path) => [
    "-isystem",
    path,
  ]);
  const own = [...PORTABLE, `${NATIVES}/nor.c`, `${device}/erasing-generator.c`, `${device}/health.c`];
  return [
    ...engine.map((name) => ({
      source: name === INTERPRETER ? interpreterOf(NPM_ENGINE) : `${XS}/sources/${name}`,
      flags: ["-w", ...includes, ...ENGINE_FLAGS, ...includesOfEngine.map((path) => `-I${path}`)],
    })),
    ...SODIUM_FILES.map((name) => ({ source: sodiumSource(name), flags: [...includes, ...SODIUM_FLAGS] })),
    ...own.map((source) => ({
      source,
      flags: [...WARNINGS, ...includes, ...ENGINE_FLAGS, ...systemIncludes, `-I${HOST}`],
    })),
  ];
}

/** What the compiler says; empty when it has nothing to say. */
function compile({ source, flags }: Unit): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(compiler, [...common, ...flags, source], { stdio: ["ignore", "ignore", "pipe"] });
    let said = "";
    child.stderr.on("data", (bytes: Buffer) => (said += bytes.toString()));
    child.on("error", reject);
    child.on("close", (code) => resolve(code === 0 ? said : `${source}: ${said}`));
  });
}

(isThere ? test : test.skip)("all C compiles for windowed Xtensa without a warning", async (t) => {
  t.timeout(600_000);
  await buildHost();
  const all = units();
  const left = [...all];
  const said: string[] = [];
  await Promise.all(
    Array.from({ length: cpus().length }, async () => {
      for (let unit = left.shift(); unit !== undefined; unit = left.shift()) {
        const words = await compile(unit);
        if (words !== "") said.push(words);
      }
    }),
  );
  t.deepEqual(said, []);
  t.log(`${all.length} files`);
  t.true(all.length > 100, `${all.length} files`);
});
