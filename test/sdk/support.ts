// The SDK's tests need the Moddable SDK; without it each is skipped with one line.

import anyTest, { type TestFn } from "ava";
import { linIsMissing, sdkIsMissing } from "../../tools/sdk/toolchain.js";

const told = new Set<string>();

/** ava's test, or its skip with one line that says what is missing. */
export function testUnless(missing: string | undefined): TestFn {
  if (missing === undefined) return anyTest;
  if (!told.has(missing)) process.stderr.write(`skipped: ${missing}\n`);
  told.add(missing);
  // what is skipped is serial, or not, without consequence
  return Object.assign(anyTest.skip.bind(anyTest), anyTest, { serial: anyTest.skip });
}

/** ava's test, or its skip, for what is built for Linux. */
export const linTest = (): TestFn => testUnless(linIsMissing());

/** The same for what needs no more than the SDK's tools. */
export const sdkTest = (): TestFn => testUnless(sdkIsMissing());
