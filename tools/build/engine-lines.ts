// The engine keeps the file and line of a frame only when it is built with its debugger (mxDebug), which changes messages and speed. Its byte code has
// them all the same when it is compiled so, and its stacks print them when they are there: this makes the interpreter keep them.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { INTERPRETER, INTERPRETER_WITH_LINES, XS } from "./sources.js";

const CHANGES: readonly (readonly [string, string])[] = [
  ["mxCase(XS_CODE_FILE)\n\t\t#ifdef mxDebug\n", "mxCase(XS_CODE_FILE)\n\t\t\tmxEnvironment->ID = mxRunID(1);\n\t\t#ifdef mxDebug\n"],
  ["mxCase(XS_CODE_LINE)\n\t\t#ifdef mxDebug\n", "mxCase(XS_CODE_LINE)\n\t\t\tmxEnvironment->value.environment.line = mxRunS2(1);\n\t\t#ifdef mxDebug\n"],
];

/** Writes the changed interpreter under build/. Throws when the engine is not the one that the change was made for. */
export function writeInterpreter(): void {
  let source = readFileSync(join(XS, "sources", INTERPRETER), "utf8");
  for (const [from, to] of CHANGES) {
    if (source.split(from).length !== 2) throw new Error(`${INTERPRETER}: the engine has changed, see engine-lines.ts`);
    source = source.replace(from, () => to);
  }
  if (!existsSync(INTERPRETER_WITH_LINES) || readFileSync(INTERPRETER_WITH_LINES, "utf8") !== source) writeFileSync(INTERPRETER_WITH_LINES, source);
}
