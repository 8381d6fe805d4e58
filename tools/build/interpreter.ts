// The engine's interpreter as we compile it: xsRun.c with two changes.
//
// Lines. The engine keeps the file and line of a frame only when it is built with its debugger (mxDebug), which changes
// messages and speed. Byte code that was compiled so has them all the same, and stacks print them when they are there:
// this makes the interpreter keep them.
//
// Registers. A function that calls setjmp may be entered twice by it, so a C compiler keeps none of its variables in a
// register across that call. The interpreter's loop calls it for each `try`; its code pointer, stack and frame were in
// memory for every byte code: a fifth of all instructions of JavaScript. Here a function around the loop calls it,
// once; a `try` copies what that has noted, and who is caught enters the loop anew, with the state that the `try` has
// kept, as before. test/host/exceptions.test.ts compares what becomes of exceptions with another engine.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Engine, INTERPRETER, interpreterOf } from "./sources.js";

const HEAD = "void fxRunID(txMachine* the, txSlot* generator, txInteger count)\n{\n";

const AROUND = `/* What is the same for all entries of a loop: where its exceptions go, and the jumps that are not its own. */
struct interpreter_run {
	c_jmp_buf caught;
	txJump* outer;
};

static void interpreter_loop(txMachine* the, txSlot* generator, txInteger count, struct interpreter_run* run, int isCaught) __attribute__((noinline));

void fxRunID(txMachine* the, txSlot* generator, txInteger count)
{
	struct interpreter_run run;
	run.outer = the->firstJump;
	if (c_setjmp(run.caught) == 0)
		interpreter_loop(the, generator, count, &run, 0);
	else
		interpreter_loop(the, generator, count, &run, 1);
}

static void interpreter_loop(txMachine* the, txSlot* generator, txInteger count, struct interpreter_run* run, int isCaught)
{
`;

/**
 * Of a `try` that a generator has kept the engine does not know the environment's reference: there the jump itself
 * stands for it.
 */
const CAUGHT = `	if (isCaught) {
		jump = the->firstJump;
		the->firstJump = jump->nextJump;
		mxStack = jump->stack;
		mxScope = jump->scope;
		mxFrame = jump->frame;
		mxEnvironment = mxFrameToEnvironment(mxFrame);
		if (jump->environment != (txSlot*)(void*)jump)
			mxEnvironment->value.reference = jump->environment;
		mxCode = jump->code;
		c_free(jump);
		mxFirstCode();
	}
	else if (generator) {
`;

/** From the one place to the other, both included. */
interface Span {
  readonly from: string;
  readonly to: string;
}

type Change = readonly [string | Span, string];

const LINES: readonly Change[] = [
  [
    "mxCase(XS_CODE_FILE)\n\t\t#ifdef mxDebug\n",
    "mxCase(XS_CODE_FILE)\n\t\t\tmxEnvironment->ID = mxRunID(1);\n\t\t#ifdef mxDebug\n",
  ],
  [
    "mxCase(XS_CODE_LINE)\n\t\t#ifdef mxDebug\n",
    "mxCase(XS_CODE_LINE)\n\t\t\tmxEnvironment->value.environment.line = mxRunS2(1);\n\t\t#ifdef mxDebug\n",
  ],
];

const REGISTERS: readonly Change[] = [
  [HEAD, AROUND],
  ["txJump* yieldJump = the->firstJump;", "txJump* yieldJump = run->outer;"],
  ["\tif (generator) {\n", CAUGHT],
  [
    { from: "if (c_setjmp(jump->buffer) == 1) {", to: "goto XS_CODE_JUMP;\n\t\t\t\t}\n" },
    "jump->environment = (txSlot*)(void*)jump;\n\t\t\t\tc_memcpy(jump->buffer, run->caught, sizeof(c_jmp_buf));\n",
  ],
  [
    { from: "if (c_setjmp(jump->buffer) != 0) {", to: "mxFirstCode();\n\t\t\t\t}\n" },
    "c_memcpy(jump->buffer, run->caught, sizeof(c_jmp_buf));\n",
  ],
  ["XS_CODE_JUMP:\n", ""],
];

function changed(source: string, what: string | Span, by: string): string {
  const { from, to } = typeof what === "string" ? { from: what, to: what } : what;
  const at = source.indexOf(from);
  const end = source.indexOf(to, at);
  if (at < 0 || end < 0 || source.includes(from, at + 1))
    throw new Error(`${INTERPRETER}: the engine has changed, see interpreter.ts`);
  return source.slice(0, at) + by + source.slice(end + to.length);
}

/**
 * Writes the changed interpreter under build/. Throws when the engine is not one that the changes were made for.
 */
export function writeInterpreter(engine: Engine): void {
  const changes = engine.loop === "ours" ? [...LINES, ...REGISTERS] : LINES;
  const source = changes.reduce(
    (text, [what, by]) => changed(text, what, by),
    readFileSync(join(engine.xs, "sources", INTERPRETER), "utf8"),
  );
  const path = interpreterOf(engine);
  if (!existsSync(path) || readFileSync(path, "utf8") !== source) writeFileSync(path, source);
}
