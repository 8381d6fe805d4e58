// What is, and what is not, in the linked programs.

import test from "ava";
import { spawnSync } from "node:child_process";
import { buildHost } from "../../tools/build/host.js";
import { PRODUCT_VARIANT } from "../../tools/build/sources.js";
import { Bench, PROGRAM, selftestImage } from "./support.js";

function symbols(program: string): string {
  const { status, stdout } = spawnSync("nm", [program], { encoding: "utf8", maxBuffer: 1 << 26 });
  if (status !== 0) throw new Error(`nm ${program}`);
  return stdout;
}

test("the terminal has no parser, the compiler has one", async (t) => {
  await selftestImage();
  const parser = /\b(fxParserTree|fxParserCode|fxProgram|fxGetNextToken)\b/;
  t.notRegex(symbols(PROGRAM), parser);
  t.regex(symbols("build/host/xsc"), parser);
});

test("a product's host has no seeded generator and does not know the option", async (t) => {
  await buildHost(PRODUCT_VARIANT);
  const program = `${PRODUCT_VARIANT.directory}/terminal`;
  t.notRegex(symbols(program), /random_seed|simulation_|fuses_simulate/);
  t.regex(symbols(PROGRAM), /random_seed/);
  const bench = new Bench(await selftestImage(), { program });
  await t.throwsAsync(bench.terminal.start(), { message: /--seed: unknown option/ });
  bench.terminal.close();
  bench.forget();
});
