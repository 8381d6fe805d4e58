#!/usr/bin/env node
// npx sandogh <command>. Plain JavaScript, because it runs before any npm package is there: it gets them, then runs the
// program, which is TypeScript. What else a command needs (a compiler, the board's emulator) the command itself sees
// to, when it has been called rightly.

import { argv, chdir, cwd, exit, stderr, stdout, versions } from "node:process";
import { installPackages, root } from "./setup/packages.js";

const nodeMin = [20, 19];

const [major = 0, minor = 0] = versions.node.split(".").map(Number);
if (major < nodeMin[0] || (major === nodeMin[0] && minor < nodeMin[1])) {
  stderr.write(`sandogh: Node ${versions.node} is too old; install Node ${nodeMin.join(".")} or a later one\n`);
  exit(2);
}
// `sandogh ... | head`: who reads has had enough
stdout.on("error", (error) => exit(error.code === "EPIPE" ? 0 : 1));

// paths of a call are meant from where it was made, those of the build from here
const caller = cwd();
chdir(root);
installPackages();
const { register } = await import("tsx/esm/api");
register();
const { run } = await import("./program.ts");
exit(await run(argv.slice(2), { caller }));
