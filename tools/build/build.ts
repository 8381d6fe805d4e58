// Types, host, modules, byte code, images. Everything that has not changed is taken from build/.

import { spawn } from "node:child_process";
import { updateBundles } from "./ui-bundle.js";
import { walk } from "./graph.js";
import { buildHost } from "./host.js";
import { type Detail, writeImage } from "./image.js";
import { type Engine, NPM_ENGINE, hostVariant } from "./sources.js";

/** Roles that are built when none is named. */
export const ROLES = ["ballot", "identity", "selftest"];

export function entryOf(role: string): string {
  return `platform/xs/main-${role}`;
}

/**
 * Type-checks with one of the tsconfig files; throws with the compiler's words. Incremental, and an error comes back
 * every time.
 */
function checkTypes(project: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      ["node_modules/typescript/bin/tsc", "-p", project, "--noEmit", "--pretty", "false"],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    let said = "";
    child.stdout.on("data", (bytes: Buffer) => (said += bytes.toString()));
    child.on("error", reject);
    child.on("close", (code) => (code === 0 ? resolve() : reject(new Error(`${project}: types\n${said}`))));
  });
}

/** Builds the image of one role without checking types; returns its path. The host must have been built. */
export async function buildImage(role: string, detail: Detail = "lines", engine: Engine = NPM_ENGINE): Promise<string> {
  return writeImage(role, await walk(role, entryOf(role)), detail, engine);
}

/**
 * What a run needs, without checking types: host, the role's image, its texts. Quick when nothing has changed. Throws
 * on the first failure.
 */
export async function buildForRun(role: string, engine: Engine = NPM_ENGINE): Promise<void> {
  updateBundles();
  await buildHost(hostVariant(engine));
  await buildImage(role, "lines", engine);
}

/** The whole build. Throws on the first failure. */
export async function buildAll(roles: readonly string[]): Promise<void> {
  updateBundles();
  const types = Promise.all([checkTypes("tsconfig.json"), checkTypes("tsconfig.node.json")]);
  // Awaited last, but a failure in the meantime must not count as unhandled.
  types.catch(() => undefined);
  await buildHost();
  for (const role of roles) await buildImage(role);
  await types;
}
