// The Moddable SDK on this machine: whether it is there, and its mcconfig.

import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";

/** The one that the manifests were made for. */
export const SDK_VERSION = "8.2.3";

/** The SDK cannot do it; the message says why. */
export class SdkError extends Error {
  override readonly name: string = "SdkError";
}

/** Something is not installed: whoever started it can put it right, and the message says how. */
export class SdkIsMissing extends SdkError {
  override readonly name = "SdkIsMissing";
}

const HOW_TO_INSTALL =
  'see "Getting Started" in the documentation of the Moddable SDK, https://github.com/Moddable-OpenSource/moddable';

function toolsOf(sdk: string): string {
  return join(sdk, "build", "bin", "lin", "release");
}

function hasProgram(name: string): boolean {
  return spawnSync("sh", ["-c", `command -v ${name}`]).status === 0;
}

/** What is missing for the SDK's tools to run, one line; undefined when nothing is. */
export function sdkIsMissing(): string | undefined {
  const sdk = process.env["MODDABLE"];
  if (sdk === undefined || sdk === "")
    return `MODDABLE is not set: install the Moddable SDK ${SDK_VERSION} and set MODDABLE to its folder (${HOW_TO_INSTALL})`;
  if (!existsSync(join(sdk, "tools", "mcconfig.js")))
    return `MODDABLE=${sdk} is not the folder of a Moddable SDK (${HOW_TO_INSTALL})`;
  if (!existsSync(join(toolsOf(sdk), "mcconfig")))
    return `the tools of the Moddable SDK at ${sdk} are not built for Linux (${HOW_TO_INSTALL})`;
  return undefined;
}

/** The same for a build for Linux. */
export function linIsMissing(): string | undefined {
  const sdk = sdkIsMissing();
  if (sdk !== undefined) return sdk;
  if (!hasProgram("cc") || !hasProgram("make") || !hasProgram("pkg-config"))
    return "missing: a C compiler, make or pkg-config (Debian: apt-get install gcc make pkg-config)";
  for (const [library, debian] of [
    ["gio-2.0", "libglib2.0-dev"],
    ["libsodium", "libsodium-dev"],
  ] as const)
    if (spawnSync("pkg-config", ["--exists", library]).status !== 0)
      return `missing: ${library} (Debian: apt-get install ${debian})`;
  return undefined;
}

/** The SDK's folder. Throws SdkIsMissing. */
export function sdkPath(missing: string | undefined = sdkIsMissing()): string {
  if (missing !== undefined) throw new SdkIsMissing(missing);
  return resolve(process.env["MODDABLE"]!);
}

export function sdkVersion(): string {
  return readFileSync(join(sdkPath(), "tools", "VERSION"), "utf8").trim();
}

/**
 * Its tools and the project's TypeScript compiler are found by name; so is what lies in `folders`, before all
 * others.
 */
export function sdkEnvironment(folders: readonly string[] = []): NodeJS.ProcessEnv {
  const sdk = sdkPath();
  return {
    ...process.env,
    MODDABLE: sdk,
    PATH: [...folders, toolsOf(sdk), resolve("node_modules/.bin"), process.env["PATH"]].join(delimiter),
  };
}

/**
 * The linker tells of each object of a preloaded module that is not frozen: were it changed, RAM would be set aside for
 * it. Module-level tables are such; they are counted here and not shown.
 */
const NOT_FROZEN = /^### warning: .*: (?:not frozen|no const)$/;
/** What each tool does next, and the sizes at the end. */
const PROGRESS = /^(?:# (?!error|warning)|### \d+ instances|Total resource size|\s*$)/;

export interface SdkReport {
  readonly notFrozen: number;
  /** Everything else that the tools said. */
  readonly warnings: readonly string[];
}

/** Runs one of the SDK's tools. Throws SdkError with what it said when it fails. */
export function runTool(
  program: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  folders?: readonly string[],
): Promise<SdkReport> {
  return new Promise((succeed, fail) => {
    const child = spawn(program, args, {
      env: { ...sdkEnvironment(folders), ...environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    // one string each: a line of the one must not be cut by the other
    let said = "";
    let complained = "";
    child.stdout.on("data", (bytes: Buffer) => (said += bytes.toString()));
    child.stderr.on("data", (bytes: Buffer) => (complained += bytes.toString()));
    child.on("error", (error) => fail(new SdkError(`${program}: ${error.message}`)));
    child.on("close", (code) => {
      const lines = `${said}\n${complained}`.split("\n");
      const shown = lines.filter((line) => !NOT_FROZEN.test(line) && !PROGRESS.test(line));
      if (code === 0) succeed({ notFrozen: lines.filter((line) => NOT_FROZEN.test(line)).length, warnings: shown });
      else fail(new SdkError(`${program} failed\n${shown.join("\n")}`));
    });
  });
}
