// TypeScript to JavaScript, one file at a time, and npm packages of the product to one module each.

import { type Plugin, build, transform, version } from "esbuild";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename } from "node:path";
import { cachePath, cached, digest, store } from "./cache.js";

const FORMAT = "5";

export interface Module {
  /** Path in the repository without extension, or the name of a package. */
  readonly specifier: string;
  /** For messages. */
  readonly path: string;
  readonly code: string;
  /** As written in the import. */
  readonly imports: readonly string[];
}

// esbuild prints one import or export ... from a line, possibly with its names on lines of their own.
const IMPORT = /^(?:import|export)\b[^"';]*?\bfrom\s*"([^"]+)";|^import\s*"([^"]+)";/gm;

function importsOf(code: string): string[] {
  return [...code.matchAll(IMPORT)].map((match) => match[1] ?? match[2]!);
}

/** Text that asks the machine to evaluate text. */
const EVALUATION = /\bnew\s+Function\b|(?<![.\w$#])eval\s*\(|(?<![.\w$#])Function\s*\(/;
const DYNAMIC_IMPORT = /(?<![.\w$#])import\s*\(/;

function check(path: string, code: string): void {
  if (EVALUATION.test(code)) throw new Error(`${path}: evaluates text`);
  if (DYNAMIC_IMPORT.test(code)) throw new Error(`${path}: imports while it runs`);
}

async function transpileTypeScript(path: string): Promise<string> {
  const source = readFileSync(path, "utf8");
  const key = digest("ts", FORMAT, version, source);
  const found = cached(key, "js");
  if (found !== undefined) return found;
  const { code, map } = await transform(source, {
    sourcemap: "external",
    sourcesContent: false,
    loader: "ts",
    target: "es2022",
    sourcefile: path,
    legalComments: "none",
    tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true, useDefineForClassFields: true, target: "es2022" } },
  });
  // XS takes the lines of its byte code from the map that the last line names; xsc looks for it beside the file.
  const mapPath = cachePath(key, "map");
  store(mapPath, map);
  // A module of types only is empty, and XS does not read an empty map.
  const named = code.trim() === "" ? code : `${code}//# sourceMappingURL=${basename(mapPath)}\n`;
  store(cachePath(key, "js"), named);
  return named;
}

/** The module of a specifier. Throws when there is no such file, or when esbuild refuses it. */
export async function loadModule(specifier: string, importedBy: string): Promise<Module> {
  const typescript = `${specifier}.ts`;
  if (existsSync(typescript)) {
    const code = await transpileTypeScript(typescript);
    // Modules of the self-test try to evaluate text to show that they cannot.
    if (!specifier.startsWith("platform/xs/selftest")) check(typescript, code);
    return { specifier, path: typescript, code, imports: importsOf(code) };
  }
  const javascript = `${specifier}.js`;
  if (existsSync(javascript)) {
    const code = readFileSync(javascript, "utf8");
    check(javascript, code);
    return { specifier, path: javascript, code, imports: importsOf(code) };
  }
  throw new Error(`${importedBy}: there is no module ${specifier}`);
}

/** The build of a package that evaluates nothing. */
const ENTRIES: Readonly<Record<string, string>> = { "cbor-x": "cbor-x/index-no-eval" };

/** Packages in the language's own modules, that export a default alone; the others are taken apart into their names. */
const DEFAULT_ONLY = ["tweetnacl-es6"];

/** What a package that looks for a source of chance finds: none. Chance is the platform's. */
const noChance: Plugin = {
  name: "no chance",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^crypto$/ }, () => ({ path: "crypto", namespace: "no-chance" }));
    onLoad({ filter: /.*/, namespace: "no-chance" }, () => ({ contents: "export const randomBytes = undefined;" }));
  },
};

/** An npm package as one module under its bare name. */
export async function bundlePackage(name: string): Promise<Module> {
  const entry = ENTRIES[name] ?? name;
  const require = createRequire(import.meta.url);
  const file = require.resolve(entry);
  const contents = (): string => {
    if (DEFAULT_ONLY.includes(name)) return `export { default } from ${JSON.stringify(entry)};\n`;
    const names = Object.keys(require(entry) as object).filter(
      (each) => /^[A-Za-z_$][\w$]*$/.test(each) && each !== "default",
    );
    return `import all from ${JSON.stringify(entry)};\nexport const { ${names.join(", ")} } = all;\n`;
  };
  const key = digest("package", FORMAT, version, name, readFileSync(file));
  let code = cached(key, "js");
  if (code === undefined) {
    const result = await build({
      stdin: { contents: contents(), resolveDir: process.cwd() },
      plugins: [noChance],
      bundle: true,
      format: "esm",
      platform: "neutral",
      mainFields: ["module", "main"],
      target: "es2022",
      legalComments: "none",
      write: false,
      logLevel: "silent",
    });
    code = result.outputFiles[0]!.text;
    store(cachePath(key, "js"), code);
  }
  check(file, code);
  return { specifier: name, path: entry, code, imports: importsOf(code) };
}
