// Byte code and image of a role; the formats are in sim/host/image.h.

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { cachePath, digest, store } from "./cache.js";
import { HOST_VARIANT } from "./sources.js";
import type { Module } from "./transpile.js";

const MAGIC = "SNDGHXS1";
export const IMAGES = "build/image";

/** Compiles what is not in the cache, all in one run of xsc; returns the file of each module. Throws with the compiler's words. */
function compile(modules: readonly Module[]): readonly string[] {
  const compiler = readFileSync(join(HOST_VARIANT.directory, "xsc.key"), "utf8");
  const outputs: string[] = [];
  const list: string[] = [];
  for (const module of modules) {
    const key = digest("xsb", compiler, module.specifier, module.code);
    const output = cachePath(key, "xsb");
    outputs.push(output);
    if (existsSync(output)) continue;
    const input = cachePath(key, "in.js");
    store(input, module.code);
    list.push(`${module.specifier}\t${input}\t${output}`);
  }
  if (list.length > 0) {
    const path = cachePath(digest(...list), "list");
    store(path, `${list.join("\n")}\n`);
    const { status, stderr } = spawnSync(join(HOST_VARIANT.directory, "xsc"), [path], { encoding: "utf8" });
    if (status !== 0) throw new Error(`xsc failed\n${modules.reduce((text, module, index) => text.replaceAll(outputs[index]!.replace(/xsb$/, "in.js"), module.path), stderr)}`);
  }
  return outputs;
}

/** Writes build/image/<role>.xsi and returns its path. */
export function writeImage(role: string, modules: readonly Module[]): string {
  mkdirSync(IMAGES, { recursive: true });
  const head = Buffer.alloc(12);
  head.write(MAGIC, "latin1");
  head.writeUInt32LE(modules.length, 8);
  const path = join(IMAGES, `${role}.xsi`);
  store(path, Buffer.concat([head, ...compile(modules).map((file) => readFileSync(file))]));
  return path;
}
