// npm run check: linter and formatters over the whole tree. npm run format (--write) lays out what is not as it should
// be.

import { spawn, spawnSync } from "node:child_process";

interface Checker {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
}

/** Of clang-format: another major version lays out otherwise. */
const CLANG_FORMAT_MAJOR = "14";

function trackedC(): readonly string[] {
  const { stdout } = spawnSync("git", ["ls-files", "*.c", "*.h"], { encoding: "utf8" });
  return stdout.split("\n").filter((path) => path !== "");
}

/** The program of the version that lays out as the tree is; undefined when this machine has none. */
function clangFormat(): string | undefined {
  return [`clang-format-${CLANG_FORMAT_MAJOR}`, "clang-format"].find((program) => {
    const { status, stdout } = spawnSync(program, ["--version"], { encoding: "utf8" });
    return status === 0 && stdout.includes(`version ${CLANG_FORMAT_MAJOR}.`);
  });
}

/** Resolves with what it said when it found something, else undefined. */
function run({ name, program, args }: Checker): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    child.stdout.on("data", (bytes: Buffer) => (said += bytes.toString()));
    child.stderr.on("data", (bytes: Buffer) => (said += bytes.toString()));
    child.on("error", (error) => resolve(`${name}: ${error.message}`));
    child.on("close", (code) => resolve(code === 0 ? undefined : `${name}:\n${said.trim()}`));
  });
}

function checkers(write: boolean): readonly Checker[] {
  const node = (path: string, ...args: readonly string[]) => ({ program: process.execPath, args: [path, ...args] });
  const found: Checker[] = [
    { name: "biome", ...node("node_modules/@biomejs/biome/bin/biome", "format", ...(write ? ["--write"] : [])) },
  ];
  if (!write) found.push({ name: "eslint", ...node("node_modules/eslint/bin/eslint.js", ".") });
  const program = clangFormat();
  const args = write ? ["-i"] : ["--dry-run", "--Werror"];
  if (program !== undefined) found.push({ name: "clang-format", program, args: [...args, ...trackedC()] });
  else process.stderr.write(`skipped: the layout of C: there is no clang-format ${CLANG_FORMAT_MAJOR}\n`);
  return found;
}

const findings = await Promise.all(checkers(process.argv.includes("--write")).map(run));
const said = findings.filter((finding) => finding !== undefined);
if (said.length > 0) {
  process.stderr.write(`${said.join("\n\n")}\n\nnpm run format lays out; what the linter says wants a person\n`);
  process.exitCode = 1;
}
