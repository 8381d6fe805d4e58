// What the build needs beyond npm: a C compiler, libsodium's source, for the tests of the bench a browser, and for the
// emulated board (--for board, --for test) a cross compiler and an emulator.

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { LIBSODIUM_DIRECTORY, fetchLibsodium, hasLibsodium } from "./libsodium.js";

interface Need {
  readonly name: string;
  /** Any of these programs will do. */
  readonly programs: readonly string[];
  readonly packages: readonly string[];
  /** And this, where a package brings no program. */
  readonly file?: string;
}

const COMPILER: Need = { name: "C compiler", programs: ["cc", "gcc"], packages: ["gcc", "libc6-dev"] };
const BROWSER: Need = { name: "Chromium", programs: ["chromium", "chromium-browser", "google-chrome"], packages: ["chromium"] };
/** Shapes text with HarfBuzz's own hands, to compare ours with. */
const SHAPER: Need = { name: "hb-shape", programs: ["hb-shape"], packages: ["libharfbuzz-bin"] };
/** For the emulated microcontroller. */
const BOARD: readonly Need[] = [
  { name: "RISC-V cross compiler", programs: ["riscv64-unknown-elf-gcc"], packages: ["gcc-riscv64-unknown-elf"] },
  { name: "C library of the board", programs: ["sh"], file: "/usr/lib/picolibc/riscv64-unknown-elf/picolibc.specs", packages: ["picolibc-riscv64-unknown-elf"] },
  { name: "QEMU for RISC-V", programs: ["qemu-system-riscv32"], packages: ["qemu-system-misc"] },
];

function isThere(need: Need): boolean {
  if (need.file !== undefined && !existsSync(need.file)) return false;
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
  const what = purpose >= 0 ? process.argv[purpose + 1] : undefined;
  const needs = [COMPILER, ...(what === "test" ? [BROWSER, SHAPER] : []), ...(what === "board" ? BOARD : [])];
  const missing = needs.filter((need) => !isThere(need));
  // Tests run without the board too: its own are skipped then, so nobody is stopped who may not install.
  const wanted = what === "test" ? BOARD.filter((need) => !isThere(need)) : [];
  if (wanted.length > 0 && process.getuid?.() === 0) missing.push(...wanted);
  else if (wanted.length > 0) process.stderr.write("setup: tests of the emulated board are skipped; for them: sudo node tools/setup/setup.js --for board\n");
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
