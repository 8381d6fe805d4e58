// The firmware's sources as the compiler sees them: which mutants there are, and whether a changed file still compiles.

import { readFileSync } from "node:fs";
import ts from "typescript";
import { type Mutant, mutantsOf } from "./draw.js";

export class Sources {
  readonly #service: ts.LanguageService;
  /** Files that are not as they are on disk. */
  readonly #changed = new Map<string, string>();
  #version = 0;

  constructor(root: string) {
    const { config } = ts.readConfigFile(`${root}/tsconfig.json`, (path) => readFileSync(path, "utf8")) as {
      config: unknown;
    };
    const { options, fileNames } = ts.parseJsonConfigFileContent(config, ts.sys, root);
    const changed = this.#changed;
    this.#service = ts.createLanguageService({
      getCompilationSettings: () => ({ ...options, incremental: false }),
      getScriptFileNames: () => fileNames,
      getScriptVersion: (path) => (changed.has(path) ? String(this.#version) : "0"),
      getScriptSnapshot: (path) => {
        const text = changed.get(path) ?? ts.sys.readFile(path);
        return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
      },
      getCurrentDirectory: () => root,
      getDefaultLibFileName: ts.getDefaultLibFilePath,
      fileExists: ts.sys.fileExists,
      readFile: ts.sys.readFile,
      directoryExists: ts.sys.directoryExists,
      getDirectories: ts.sys.getDirectories,
    });
    this.#root = root;
  }

  readonly #root: string;

  /** `file` is named from the root. */
  mutants(file: string): Mutant[] {
    const program = this.#service.getProgram()!;
    const checker = program.getTypeChecker();
    const source = program.getSourceFile(`${this.#root}/${file}`);
    if (source === undefined) throw new Error(`${file} is not of the firmware`);
    const isBoolean = (node: ts.Expression): boolean =>
      (checker.getTypeAtLocation(node).flags & ts.TypeFlags.BooleanLike) !== 0;
    return mutantsOf(source, file, isBoolean);
  }

  /** The file with the change in it. */
  changed({ file, start, end, replacement }: Mutant): string {
    const text = readFileSync(`${this.#root}/${file}`, "utf8");
    return text.slice(0, start) + replacement + text.slice(end);
  }

  compiles(mutant: Mutant): boolean {
    const path = `${this.#root}/${mutant.file}`;
    this.#version++;
    this.#changed.set(path, this.changed(mutant));
    try {
      return (
        this.#service.getSyntacticDiagnostics(path).length === 0 &&
        this.#service.getSemanticDiagnostics(path).length === 0
      );
    } finally {
      this.#changed.delete(path);
    }
  }
}
