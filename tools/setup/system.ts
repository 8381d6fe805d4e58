// What the build needs beyond npm: a C compiler, libsodium's source, and for the tests of the bench a browser.

import { spawnSync } from "node:child_process";
import { LIBSODIUM_DIRECTORY, fetchLibsodium, hasLibsodium } from "./libsodium.js";

interface Need {
  readonly name: string;
  /** Any of these programs will do. */
  readonly programs: readonly string[];
  readonly packages: readonly string[];
}

const COMPILER: Need = { name: "C compiler", programs: ["cc", "gcc"], packages: ["gcc", "libc6-dev"] };
const BROWSER: Need = { name: "Chromium", programs: ["chromium", "chromium-browser", "google-chrome"], packages: ["chromium"] };

function isThere(need: Need): boolean {
  return need.programs.some((program) => spawnSync("sh", ["-c", `command -v ${program}`]).status === 0);
}

function fail(message: string): never {
  process.stderr.write(`setup: ${message}\n`);
  process.exit(1);
}

function install(packages: readonly string[]): void {
  const command = `apt-get install --no-install-recommends -y ${packages.join(" ")}`;
  if (process.getuid?.() !== 0) fail(`please run: sudo ${command}`);
  spawnSync("apt-get", ["update"], { stdio: "inherit" });
  if (spawnSync("sh", ["-c", command], { stdio: "inherit" }).status !== 0) fail(`failed: ${command}`);
}

function main(): void {
  const purpose = process.argv.indexOf("--for");
  const needs = purpose >= 0 && process.argv[purpose + 1] === "test" ? [COMPILER, BROWSER] : [COMPILER];
  const missing = needs.filter((need) => !isThere(need));
  if (missing.length > 0) {
    process.stderr.write(`setup: missing: ${missing.map((need) => need.name).join(", ")}\n`);
    install(missing.flatMap((need) => need.packages));
  }
  if (!hasLibsodium()) {
    process.stderr.write(`setup: fetching libsodium's source into ${LIBSODIUM_DIRECTORY}\n`);
    const failure = fetchLibsodium();
    if (failure !== undefined) fail(failure);
  }
}

main();
