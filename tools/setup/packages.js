// The npm packages of the lock file. Plain JavaScript, because it runs before any of them is there.

import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the checkout. */
export const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

/** Installs them when they are not those of the lock file; ends the process when that fails. */
export function installPackages() {
  // npm writes this file last, so it also tells whether an installation was cut short
  const installed = join(root, "node_modules", ".package-lock.json");
  const lock = join(root, "package-lock.json");
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return;
  process.stderr.write("setup: installing the npm packages\n");
  // stdout is for results
  const { status } = spawnSync("npm", ["ci", "--no-audit", "--no-fund"], { cwd: root, stdio: ["ignore", 2, 2] });
  if (status === 0) return;
  process.stderr.write("setup: npm ci failed, see above\n");
  process.exit(1);
}
