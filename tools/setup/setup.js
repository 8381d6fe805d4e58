// Makes a fresh clone ready; quick when there is nothing to do.
//
//   node tools/setup/setup.js [--for test|board]

import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { installPackages, root } from "./packages.js";

installPackages();
const script = join(root, "tools", "setup", "system.ts");
const { status } = spawnSync(process.execPath, ["--import=tsx", script, ...process.argv.slice(2)], {
  cwd: root,
  stdio: "inherit",
});
process.exitCode = status ?? 1;
