// The board's tests need a cross compiler and an emulator; without them each is skipped with one line.

import { rmSync } from "node:fs";
import anyTest, { type TestFn } from "ava";
import { boardIsMissing, buildBoard } from "../../tools/build/board.js";

const missing = boardIsMissing();
if (missing !== undefined) process.stderr.write(`skipped: ${missing}\n`);

/** ava's test, or its skip. */
export const boardTest = (missing === undefined ? anyTest : anyTest.skip) as TestFn;

let built: Promise<string> | undefined;

export function board(): Promise<string> {
  built ??= buildBoard();
  return built;
}

export function removeAfter(path: string): () => void {
  return () => rmSync(path, { recursive: true, force: true });
}
