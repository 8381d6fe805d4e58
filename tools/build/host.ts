// Builds the C programs: compiles what has changed, two files at a time, and links. What an object was made from
// (flags, source and, for our own C, every header of ours) is kept as a hash beside it.

import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { writeInterpreter } from "./interpreter.js";
import { writeRolledHash } from "./rolled-hash.js";
import { DESKTOP, HOST, HOST_VARIANT, OWN_INCLUDES, SODIUM, engineFiles, hostVariant, programs } from "./sources.js";
import type { HostVariant, Program, Unit } from "./sources.js";

const JOBS = 2;
/** A whole build takes 20 s. */
const LOCK_AGE_MAX_MS = 180_000;
const COMPILER = process.env["CC"] ?? "cc";

function hash(...parts: readonly (string | Buffer)[]): string {
  const sum = createHash("sha256");
  for (const part of parts) sum.update(part).update("\0");
  return sum.digest("hex");
}

function ownHeaders(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true })
    .flatMap((entry) =>
      entry.isDirectory()
        ? ownHeaders(join(directory, entry.name))
        : entry.name.endsWith(".h")
          ? [join(directory, entry.name)]
          : [],
    )
    .sort();
}

/** Runs the compiler; rejects with what it said. */
function compile(args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(COMPILER, args, { stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    child.stdout.on("data", (bytes: Buffer) => (said += bytes.toString()));
    child.stderr.on("data", (bytes: Buffer) => (said += bytes.toString()));
    child.on("error", reject);
    child.on("close", (code) => (code === 0 ? resolve() : reject(new Error(`${COMPILER} failed\n${said}`))));
  });
}

async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length) await work(items[next++]!);
  };
  await Promise.all(Array.from({ length: JOBS }, worker));
}

interface Built {
  readonly object: string;
  readonly key: string;
}

function plan(unit: Unit, variant: HostVariant, headers: string, settings: string): Built {
  const key = hash(COMPILER, unit.flags.join(" "), readFileSync(unit.source), unit.ours ? headers : settings);
  // Objects that are the same in all variants are shared through the name.
  const name = `${basename(unit.source, ".c")}-${hash(unit.source, unit.flags.join(" ")).slice(0, 12)}.o`;
  return { object: join(unit.ours ? variant.directory : hostVariant(variant.engine).directory, "objects", name), key };
}

function isCurrent(path: string, key: string): boolean {
  return existsSync(path) && existsSync(`${path}.key`) && readFileSync(`${path}.key`, "utf8") === key;
}

async function link(program: Program, objects: readonly Built[], variant: HostVariant): Promise<boolean> {
  const path = join(variant.directory, program.name);
  const key = hash(program.link.join(" "), ...objects.map((object) => object.object + object.key));
  if (isCurrent(path, key)) return false;
  await compile(["-o", path, ...objects.map((object) => object.object), ...program.link]);
  writeFileSync(`${path}.key`, key);
  return true;
}

/**
 * Two builds at once (tests run in several processes) would read each other's half-written objects: the second waits.
 */
export async function locked<T>(
  work: () => Promise<T>,
  lock: string = join(HOST_VARIANT.directory, "lock"),
): Promise<T> {
  mkdirSync(dirname(lock), { recursive: true });
  for (;;) {
    try {
      mkdirSync(lock);
      break;
    } catch {
      const age = existsSync(lock) ? Date.now() - statSync(lock).mtimeMs : 0;
      // Left behind by a build that was killed.
      if (age > LOCK_AGE_MAX_MS) rmSync(lock, { recursive: true, force: true });
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

/** Builds the programs of a variant; returns the number of files compiled. Throws with the compiler's words. */
export function buildHost(variant: HostVariant = HOST_VARIANT): Promise<number> {
  return locked(() => buildPrograms(variant));
}

/** What every build of libsodium needs beside its source, under build/host. Throws when the source is not there. */
export function prepareSodium(): void {
  if (!existsSync(SODIUM)) throw new Error("libsodium's source is not there: run node tools/setup/setup.js");
  const include = join(HOST_VARIANT.directory, "include", "sodium");
  mkdirSync(include, { recursive: true });
  writeRolledHash();
  // configure would make this header; the copy for Visual Studio is complete
  copyFileSync(join(SODIUM, "../../builds/msvc/version.h"), join(include, "version.h"));
}

async function buildPrograms(variant: HostVariant): Promise<number> {
  if (!existsSync(variant.engine.xs)) throw new Error("the XS engine is not there: run node tools/setup/setup.js");
  const shared = hostVariant(variant.engine).directory;
  mkdirSync(join(variant.directory, "objects"), { recursive: true });
  mkdirSync(join(shared, "objects"), { recursive: true });
  writeInterpreter(variant.engine);
  prepareSodium();

  const headers = hash(...[...OWN_INCLUDES, DESKTOP].flatMap(ownHeaders).map((path) => readFileSync(path)));
  const settings = hash(readFileSync(join(HOST, "xs-platform.h")), readFileSync(join(HOST, "sodium-settings.h")));
  const all = programs(engineFiles(variant.engine), variant);
  const objects = new Map<Unit, Built>();
  const jobs = new Map<string, { readonly unit: Unit; readonly built: Built }>();
  for (const unit of all.flatMap((program) => program.units)) {
    const built = plan(unit, variant, headers, settings);
    objects.set(unit, built);
    if (!isCurrent(built.object, built.key)) jobs.set(built.object, { unit, built });
  }
  await inParallel([...jobs.values()], async ({ unit, built }) => {
    await compile(["-c", ...unit.flags, "-o", built.object, unit.source]);
    writeFileSync(`${built.object}.key`, built.key);
  });
  for (const program of all)
    await link(
      program,
      program.units.map((unit) => objects.get(unit)!),
      variant,
    );
  return jobs.size;
}
