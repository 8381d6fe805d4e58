// What every file of the project imports, read from the files themselves. Types count: who needs a type of another file depends on it.

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import ts from "typescript";

/** One arrow between two files, by their paths from the root. */
export interface Import {
  readonly from: string;
  readonly to: string;
}

/** Files that can import something. */
const SOURCE = /\.(ts|js|c|h|S)$/;

/** Folders whose headers any C of ours includes by name, as the build has them. */
const INCLUDES = ["platform/xs", "platform/native", "platform/board/include"];

/** Sources that git has, or would take; one that was deleted and not yet given up is not there. */
export function sourceFiles(): readonly string[] {
  const names = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], { encoding: "utf8" }).split("\0");
  return [...new Set(names)].filter((name) => SOURCE.test(name) && existsSync(name)).sort();
}

/** Relative specifiers alone: packages and Node's own modules are nobody's room. */
function importsOfScript(text: string): readonly string[] {
  return ts.preProcessFile(text, true, true).importedFiles.map((each) => each.fileName).filter((name) => name.startsWith("."));
}

function importsOfC(text: string): readonly string[] {
  return [...text.matchAll(/^\s*#\s*include\s+"([^"]+)"/gm)].map((match) => match[1]!);
}

/**
 * The file that stands for what is imported: a C file for its header, since both are one thing; a native's .js for its types.
 * `undefined` when it is none of ours.
 */
function targetOf(from: string, written: string, exists: (path: string) => boolean): string | undefined {
  if (/\.[chS]$/.test(from)) {
    const found = [posix.dirname(from), ...INCLUDES].map((folder) => posix.join(folder, written)).find(exists);
    return found === undefined ? undefined : wholeOf(found, exists);
  }
  const at = posix.join(posix.dirname(from), written);
  return [at.replace(/\.js$/, ".ts"), at, at.replace(/\.js$/, ".d.ts")].find(exists);
}

/** A header belongs to the C file of its name beside it, types to the .js that they describe. */
function wholeOf(path: string, exists: (path: string) => boolean): string {
  const whole = path.endsWith(".h") ? path.replace(/\.h$/, ".c") : path.endsWith(".d.ts") ? path.replace(/\.d\.ts$/, ".js") : path;
  return exists(whole) ? whole : path;
}

/** All imports between the files; `read` gives a file's text. A relative import that leads nowhere is an error. */
export function importsOf(files: readonly string[], read: (path: string) => string = (path) => readFileSync(path, "utf8")): readonly Import[] {
  const known = new Set(files);
  const exists = (path: string): boolean => known.has(path);
  const found = new Map<string, Import>();
  for (const file of files) {
    const isC = /\.[chS]$/.test(file);
    const from = wholeOf(file, exists);
    for (const written of isC ? importsOfC(read(file)) : importsOfScript(read(file))) {
      const to = targetOf(file, written, exists);
      if (to !== undefined && to !== from) found.set(`${from} ${to}`, { from, to });
    }
  }
  return [...found.values()];
}
