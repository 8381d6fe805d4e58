// Byte code and image of a role; the formats are in platform/xs/image.h.

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { cachePath, digest, store } from "./cache.js";
import { type Engine, compilerOf } from "./sources.js";
import type { Module } from "./transpile.js";

export const imagesOf = ({ build }: Engine): string => `${build}/image`;
/** Numbers of symbols have 16 bits. */
const symbolsMax = 65_534;

/**
 * "lines": an error's stack tells files and lines. "bare": it does not, and the code is an eighth smaller and a
 * fortieth faster.
 */
export type Detail = "lines" | "bare";

/**
 * Compiles what is not in the cache, all in one run of xsc; returns the file of each module. Throws with the compiler's
 * words.
 */
function compile(modules: readonly Module[], detail: Detail, engine: Engine): readonly string[] {
  const compiler = readFileSync(`${compilerOf(engine)}.key`, "utf8");
  const outputs: string[] = [];
  const list: string[] = [];
  for (const module of modules) {
    const key = digest("xsb", detail, compiler, module.specifier, module.code);
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
    const { status, stderr } = spawnSync(compilerOf(engine), detail === "bare" ? [path, "bare"] : [path], {
      encoding: "utf8",
    });
    if (status !== 0)
      throw new Error(
        `xsc failed\n${modules.reduce((text, module, index) => text.replaceAll(outputs[index]!.replace(/xsb$/, "in.js"), module.path), stderr)}`,
      );
  }
  return outputs;
}

/** The image's symbols: each once, whatever number of modules name it. */
class Symbols {
  readonly #numbers = new Map<string, number>();

  number(name: string): number {
    const known = this.#numbers.get(name) ?? this.#numbers.size + 1;
    this.#numbers.set(name, known);
    if (known > symbolsMax) throw new Error(`more than ${symbolsMax} symbols`);
    return known;
  }

  bytes(): Buffer {
    const strings = Buffer.from([...this.#numbers.keys()].map((name) => `${name}\0`).join(""), "latin1");
    const head = Buffer.alloc(6);
    head.writeUInt32LE(2 + strings.length, 0);
    head.writeUInt16LE(this.#numbers.size + 1, 4);
    return Buffer.concat([head, strings, padding(2 + strings.length)]);
  }
}

function padding(length: number): Buffer {
  return Buffer.alloc((4 - (length % 4)) % 4);
}

/** What the compiler wrote of a module, with the image's numbers in place of the module's own. */
function link(compiled: Buffer, symbols: Symbols): Buffer {
  let at = 5 * 4;
  const part = (index: number): Buffer => {
    const length = compiled.readUInt32LE(4 * index);
    at += length;
    return Buffer.from(compiled.subarray(at - length, at));
  };
  const [name, names, code, hosts, ids] = [part(0), part(1), part(2), part(3), part(4)];
  const numbers = [
    0,
    ...names
      .toString("latin1", 2)
      .split("\0")
      .slice(0, -1)
      .map((each) => symbols.number(each)),
  ];
  for (let place = 0; place < ids.length; place += 4) {
    const where = ids.readUInt32LE(place);
    code.writeUInt16LE(numbers[code.readUInt16LE(where)]!, where);
  }
  // a count, then of each: its arguments, its symbol and its name
  for (let host = 2; host < hosts.length; host = hosts.indexOf(0, host + 3) + 1)
    hosts.writeUInt16LE(numbers[hosts.readUInt16LE(host + 1)]!, host + 1);
  const lengths = Buffer.alloc(12);
  [name, code, hosts].forEach(({ length }, index) => lengths.writeUInt32LE(length, 4 * index));
  return Buffer.concat([lengths, name, code, hosts, padding(name.length + code.length + hosts.length)]);
}

/** The path of a role's image. */
export function imageOf(role: string, detail: Detail, engine: Engine): string {
  return join(imagesOf(engine), detail === "bare" ? `${role}-bare.xsi` : `${role}.xsi`);
}

/** Writes it, and returns its path. */
export function writeImage(role: string, modules: readonly Module[], detail: Detail, engine: Engine): string {
  mkdirSync(imagesOf(engine), { recursive: true });
  const head = Buffer.alloc(12);
  head.write(engine.magic, "latin1");
  head.writeUInt32LE(modules.length, 8);
  const path = imageOf(role, detail, engine);
  const symbols = new Symbols();
  const linked = compile(modules, detail, engine).map((file) => link(readFileSync(file), symbols));
  store(path, Buffer.concat([head, symbols.bytes(), ...linked]));
  return path;
}
