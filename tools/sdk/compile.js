// What the SDK's makefile calls in place of tsc, once for each module: `compile.js -p <module>-tsconfig.json`. tsc
// would check the module and all that it imports each time, a minute and a half for the whole tree. The first call
// checks all modules of the image as one program, under the manifest's options, and writes all of them or, when there
// is any error, none; the others find their module written. Plain JavaScript, because make starts it.

import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { dirname, join, relative, sep } from "node:path";

const LOCK_AGE_MAX_MS = 120_000;
const POLL_MS = 50;

const config = process.argv[3];
if (process.argv[2] !== "-p" || config === undefined) {
  process.stderr.write("usage: compile.js -p TSCONFIG\n");
  process.exit(2);
}
const { extends: basePath } = JSON.parse(readFileSync(config, "utf8"));
const modules = dirname(basePath);
const base = readFileSync(basePath, "utf8");
const { compilerOptions } = JSON.parse(base);

/**
 * [specifier, source] of each TypeScript module, as the makefile expects its output: tsc/<specifier>/<path of the
 * source from the root>.js
 */
const sources = Object.entries(compilerOptions.paths)
  .map(([specifier, [path]]) => [specifier, `${path}.ts`])
  .filter(([, source]) => existsSync(source));

function output(specifier, source) {
  return join(modules, "..", "tsc", specifier, `${source.slice(0, -3)}.js`);
}

const mark = join(modules, "..", "tsc", "verdict.json");
const declarations = Object.values(compilerOptions.paths)
  .map(([path]) => `${path}.d.ts`)
  .filter((path) => existsSync(path));
const times = [...sources.map(([, source]) => source), ...declarations].map(
  (path) => `${path} ${statSync(path).mtimeMs}`,
);
const key = createHash("sha256").update(base).update(times.join("\n")).digest("hex");

/** What the compiler said of these very files; undefined when it has not seen them. */
function verdict() {
  if (!existsSync(mark)) return undefined;
  const { of, problems } = JSON.parse(readFileSync(mark, "utf8"));
  return of === key ? problems : undefined;
}

async function compileAll() {
  const { default: ts } = await import("typescript");
  const parsed = ts.parseJsonConfigFileContent(
    { compilerOptions, files: sources.map(([, source]) => source) },
    ts.sys,
    modules,
    { rootDir: sep, outDir: join(modules, "..", "tsc") },
  );
  const program = ts.createProgram({ rootNames: parsed.fileNames, options: parsed.options });
  const problems = [...parsed.errors, ...ts.getPreEmitDiagnostics(program)];
  if (problems.length > 0)
    return ts.formatDiagnostics(problems, {
      getCurrentDirectory: ts.sys.getCurrentDirectory,
      getCanonicalFileName: (name) => name,
      getNewLine: () => "\n",
    });
  for (const [specifier, source] of sources) {
    const path = output(specifier, source);
    mkdirSync(dirname(path), { recursive: true });
    program.emit(program.getSourceFile(source), (name, text) => {
      // relative to where the map is, which is deeper than one outDir for all would have it
      const content = name.endsWith(".map")
        ? JSON.stringify({ ...JSON.parse(text), sources: [relative(dirname(path), source)] })
        : text;
      writeFileSync(join(dirname(path), name.slice(name.lastIndexOf(sep) + 1)), content);
    });
  }
  return "";
}

const lock = `${basePath}.lock`;
while (verdict() === undefined) {
  try {
    mkdirSync(lock);
  } catch {
    // whoever held it may have let it go by now
    const held = statSync(lock, { throwIfNoEntry: false });
    if (held !== undefined && Date.now() - held.mtimeMs > LOCK_AGE_MAX_MS)
      rmSync(lock, { recursive: true, force: true });
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    continue;
  }
  try {
    if (verdict() !== undefined) break;
    const problems = await compileAll();
    mkdirSync(dirname(mark), { recursive: true });
    writeFileSync(`${mark}.${process.pid}`, JSON.stringify({ of: key, problems }));
    renameSync(`${mark}.${process.pid}`, mark);
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}
process.stderr.write(verdict());
process.exitCode = verdict() === "" ? 0 : 1;
