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
  /** And this command, where a library is wanted whose place differs from machine to machine. */
  readonly runs?: readonly [string, ...string[]];
}

const COMPILER: Need = { name: "C compiler", programs: ["cc", "gcc"], packages: ["gcc", "libc6-dev"] };
const BROWSER: Need = {
  name: "Chromium",
  programs: ["chromium", "chromium-browser", "google-chrome"],
  packages: ["chromium"],
};
/** Shapes text with HarfBuzz's own hands, to compare ours with. */
const SHAPER: Need = { name: "hb-shape", programs: ["hb-shape"], packages: ["libharfbuzz-bin"] };
/** Lays out C as the tree is laid out; without it that is not looked at. */
const LAYOUT: Need = {
  name: "clang-format",
  programs: ["clang-format-14", "clang-format"],
  packages: ["clang-format"],
};
/** Runs test/stranger, which knows the formats from their documents alone. */
const STRANGER: Need = {
  name: "Python with libsodium",
  programs: ["python3"],
  runs: ["python3", "-c", "import ctypes; ctypes.CDLL('libsodium.so.23')"],
  packages: ["python3", "libsodium23"],
};
/** Compiles C for the ABI of the ESP32-S3. */
const WINDOWED: readonly Need[] = [
  { name: "Xtensa cross compiler", programs: ["xtensa-lx106-elf-gcc"], packages: ["gcc-xtensa-lx106"] },
  {
    name: "C library of the Xtensa compiler",
    programs: ["sh"],
    file: "/usr/lib/xtensa-lx106-elf/picolibc.specs",
    packages: ["picolibc-xtensa-lx106-elf"],
  },
];
/** For the emulated microcontroller. */
const BOARD: readonly Need[] = [
  { name: "RISC-V cross compiler", programs: ["riscv64-unknown-elf-gcc"], packages: ["gcc-riscv64-unknown-elf"] },
  {
    name: "C library of the board",
    programs: ["sh"],
    file: "/usr/lib/picolibc/riscv64-unknown-elf/picolibc.specs",
    packages: ["picolibc-riscv64-unknown-elf"],
  },
  { name: "QEMU for RISC-V", programs: ["qemu-system-riscv32"], packages: ["qemu-system-misc"] },
];

function isThere(need: Need): boolean {
  if (need.file !== undefined && !existsSync(need.file)) return false;
  if (need.runs !== undefined && spawnSync(need.runs[0], need.runs.slice(1)).status !== 0) return false;
  return need.programs.some((program) => spawnSync("sh", ["-c", `command -v ${program}`]).status === 0);
}

/** Something is missing that cannot be got here; the message is one line. */
export class SetupError extends Error {
  override readonly name = "SetupError";
}

/** What a job needs: the tests want more than the host, and go without the board where it cannot be installed. */
export const purposes = ["host", "board", "test"] as const;
export type Purpose = (typeof purposes)[number];

/** stdout is for results: whatever a package manager says goes to stderr. */
const toStderr = ["ignore", 2, 2] as const;

function install(missing: readonly Need[]): void {
  const packages = missing.flatMap((need) => need.packages);
  const names = missing.map((need) => need.name).join(", ");
  const command = `apt-get install --no-install-recommends -y ${packages.join(" ")}`;
  if (process.getuid?.() !== 0) throw new SetupError(`missing: ${names}; please run: sudo ${command}`);
  process.stderr.write(`setup: missing: ${names}\n`);
  spawnSync("apt-get", ["update"], { stdio: [...toStderr] });
  if (spawnSync("sh", ["-c", command], { stdio: [...toStderr] }).status !== 0)
    throw new SetupError(`failed: ${command}`);
}

/** Makes the machine ready for a job; quick when nothing is missing. Throws SetupError. */
export function setUpSystem(purpose: Purpose = "host"): void {
  const needs = [COMPILER, ...(purpose === "test" ? [BROWSER, SHAPER] : []), ...(purpose === "board" ? BOARD : [])];
  const missing = needs.filter((need) => !isThere(need));
  // tests run without the board too: its own are skipped then, so nobody is stopped who may not install
  const wanted = purpose === "test" ? [...BOARD, ...WINDOWED, LAYOUT, STRANGER].filter((need) => !isThere(need)) : [];
  if (wanted.length > 0 && process.getuid?.() === 0) missing.push(...wanted);
  else if (wanted.length > 0) {
    const names = wanted.map(({ name }) => name).join(", ");
    const packages = wanted.flatMap((need) => need.packages).join(" ");
    process.stderr.write(`setup: not here: ${names}; what needs them is skipped (sudo apt-get install ${packages})\n`);
  }
  if (missing.length > 0) install(missing);
  if (hasLibsodium()) return;
  process.stderr.write(`setup: fetching libsodium's source into ${LIBSODIUM_DIRECTORY}\n`);
  const failure = fetchLibsodium();
  if (failure !== undefined) throw new SetupError(failure);
}

function main(): number {
  const at = process.argv.indexOf("--for");
  const purpose = at < 0 ? "host" : (process.argv[at + 1] ?? "");
  try {
    if (!isPurpose(purpose)) throw new SetupError(`--for ${purpose}: choose ${purposes.join(", ")}`);
    setUpSystem(purpose);
    return 0;
  } catch (thrown) {
    if (!(thrown instanceof SetupError)) throw thrown;
    process.stderr.write(`setup: ${thrown.message}\n`);
    return 1;
  }
}

function isPurpose(text: string): text is Purpose {
  return (purposes as readonly string[]).includes(text);
}

if (import.meta.filename === process.argv[1]) process.exitCode = main();
