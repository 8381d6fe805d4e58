// Results kept under the hash of all that they were made from. Old ones are harmless; `rm -r build` is always right.

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export const CACHE = "build/cache";

export function digest(...parts: readonly (string | Uint8Array)[]): string {
  const sum = createHash("sha256");
  for (const part of parts) sum.update(part).update("\0");
  return sum.digest("hex");
}

export function cachePath(key: string, extension: string): string {
  mkdirSync(CACHE, { recursive: true });
  return join(CACHE, `${key.slice(0, 32)}.${extension}`);
}

export function cached(key: string, extension: string): string | undefined {
  const path = cachePath(key, extension);
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}

/** Whole or not at all: another build may run beside this one. */
export function store(path: string, content: string | Uint8Array): void {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, content);
  renameSync(draft, path);
}
