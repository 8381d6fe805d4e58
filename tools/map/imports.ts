// What every file of the project imports, read from the files themselves. Types count: who needs a type of another file
// depends on it.

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import ts from "typescript";

/** One arrow between two files, by their paths from the root. */
export interface Import {
  readonly from: string;
  readonly to: string;
}

export type Read = (path: string) => string;

const SOURCE = /\.(?:ts|js|c|h|S)$/;
const C = /\.(?:c|h|S)$/;

/** Folders whose headers any C of ours includes by name, as the build has them. */
const INCLUDES = ["platform/xs", "platform/native", "platform/board/include"];

export const readSource: Read = (path) => readFileSync(path, "utf8");

/**
 * Sources that git has or would take, in the order of their names; one that was deleted and not yet given up is not
 * there.
 */
export function sourceFiles(): readonly string[] {
  const which = ["--cached", "--others", "--exclude-standard"];
  const listed = execFileSync("git", ["ls-files", "-z", ...which], { encoding: "utf8" });
  return [...new Set(listed.split("\0"))].filter((name) => SOURCE.test(name) && existsSync(name)).sort();
}

/** A header belongs to the C file of its name beside it, types to the .js that they describe: both are one thing. */
function wholeOf(path: string, exists: (path: string) => boolean): string {
  const whole = path.replace(/\.h$/, ".c").replace(/\.d\.ts$/, ".js");
  return exists(whole) ? whole : path;
}

/** What a C file includes by name; what is none of ours (the engine's, the SDK's) is left out. */
function includedBy(file: string, text: string, exists: (path: string) => boolean): readonly string[] {
  const written = [...text.matchAll(/^\s*#\s*include\s+"([^"]+)"/gm)].map((match) => match[1]!);
  const folders = [posix.dirname(file), ...INCLUDES];
  return written.flatMap((name) => folders.map((folder) => posix.join(folder, name)).find(exists) ?? []);
}

/** What a module imports with a relative specifier; packages and Node's own modules are nobody's room. */
function importedBy(file: string, text: string, exists: (path: string) => boolean): readonly string[] {
  const { importedFiles } = ts.preProcessFile(text, true, true);
  const written = importedFiles.map(({ fileName }) => fileName).filter((name) => name.startsWith("."));
  return written.map((name) => {
    const at = posix.join(posix.dirname(file), name);
    const found = [at.replace(/\.js$/, ".ts"), at, at.replace(/\.js$/, ".d.ts")].find(exists);
    if (found === undefined) throw new Error(`${file} imports "${name}", and there is no such file`);
    return found;
  });
}

/** All imports between the files, each once. Throws for a relative import that leads nowhere. */
export function importsOf(files: readonly string[], read: Read = readSource): readonly Import[] {
  const known = new Set(files);
  const exists = (path: string): boolean => known.has(path);
  const found = new Map<string, Import>();
  for (const file of files) {
    const from = wholeOf(file, exists);
    for (const target of (C.test(file) ? includedBy : importedBy)(file, read(file), exists)) {
      const to = wholeOf(target, exists);
      if (to !== from) found.set(`${from} ${to}`, { from, to });
    }
  }
  return [...found.values()];
}

/** Functions that a C file of ours defines, from the first column on. */
function definedIn(text: string): readonly string[] {
  return [...text.matchAll(/^(?!static\b)[A-Za-z_][\w \t*]*?\b(\w+)\([^;{}]*\)\s*\n\{/gm)].map((match) => match[1]!);
}

function declaredIn(text: string): readonly string[] {
  return [...text.matchAll(/^(?!static\b)[A-Za-z_][\w \t*]*?\b(\w+)\([^;{}]*\)[^;{}]*;/gm)].map((match) => match[1]!);
}

/** Arrows that no include shows: a C file that declares a function of another one by itself. */
export function hiddenImports(files: readonly string[], read: Read = readSource): readonly Import[] {
  const texts = files.filter((file) => file.endsWith(".c")).map((file) => ({ file, text: read(file) }));
  const owners = new Map<string, string[]>();
  for (const { file, text } of texts)
    for (const name of definedIn(text)) owners.set(name, [...(owners.get(name) ?? []), file]);
  return texts.flatMap(({ file, text }) =>
    declaredIn(text).flatMap((name) => {
      const there = owners.get(name) ?? [];
      return there.includes(file) ? [] : there.map((to) => ({ from: file, to }));
    }),
  );
}
