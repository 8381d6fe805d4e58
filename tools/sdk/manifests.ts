// The SDK's manifests that are written by hand name C files, headers and modules that no walk of the module graph
// meets: what must not be in an image must not be named there.

import { readFileSync, readdirSync } from "node:fs";
import { posix } from "node:path";
import { ForbiddenImport } from "../build/graph.js";
import { roomOutside } from "../build/rules.js";

/** All of them, by their paths from the root. */
export function manifests(): readonly string[] {
  const found = readdirSync("platform", { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".json"));
  return ["manifest.json", ...found.map((name) => posix.join("platform", name)).sort()];
}

function stringsOf(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(stringsOf) : [];
}

/**
 * Files and folders of ours that a manifest names, by their paths from the root. Its text is `text`; it lies at `path`.
 */
export function namedBy(path: string, text: string): readonly string[] {
  const written = stringsOf(JSON.parse(text)).filter((each) => each.startsWith(".") || each.startsWith("$(SANDOGH)/"));
  return written.map((each) =>
    each.startsWith(".") ? posix.join(posix.dirname(path), each) : posix.normalize(each.slice("$(SANDOGH)/".length)),
  );
}

/** Throws ForbiddenImport when the manifest names anything of a room that no image has anything of. */
export function checkManifest(path: string, text: string = readFileSync(path, "utf8")): void {
  for (const named of namedBy(path, text)) {
    const outside = roomOutside(named);
    if (outside === undefined) continue;
    throw new ForbiddenImport(`forbidden import: nothing of ${outside} is in an image\n  ${path}\n  -> ${named}`);
  }
}
