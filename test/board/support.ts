// The board's tests need a cross compiler and an emulator; without them each is skipped with one line.

import { rmSync } from "node:fs";
import test, { type SerialFn } from "ava";
import { boardIsMissing, buildBoard } from "../../tools/build/board.js";

const missing = boardIsMissing();
if (missing !== undefined) process.stderr.write(`skipped: ${missing}\n`);

/** ava's test, or its skip: where something is missing for the board, or for what else the test needs. */
export function boardTestIf(isPossible: boolean): { readonly serial: SerialFn } {
  return { serial: (missing === undefined && isPossible ? test.serial : test.serial.skip) as SerialFn };
}

export const boardTest = boardTestIf(true);

let built: Promise<string> | undefined;

export function board(): Promise<string> {
  built ??= buildBoard();
  return built;
}

export function removeAfter(path: string): () => void {
  return () => rmSync(path, { recursive: true, force: true });
}
