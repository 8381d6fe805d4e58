// Makes a fresh clone ready; quick when there is nothing to do. Plain JavaScript, because it runs before any npm package is there.
//
//   node tools/setup/setup.js [--for test]

import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

function run(command, args) {
  const { status } = spawnSync(command, args, { cwd: root, stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}

// npm writes this file last, so it also tells whether an installation was cut short.
const installed = join(root, "node_modules", ".package-lock.json");
if (!existsSync(installed) || statSync(installed).mtimeMs < statSync(join(root, "package-lock.json")).mtimeMs) run("npm", ["ci", "--no-audit", "--no-fund"]);

run(process.execPath, ["--import=tsx", join("tools", "setup", "system.ts"), ...process.argv.slice(2)]);
