// The same firmware on the engine of the Moddable SDK: its own compiler, byte code and interpreter, the same bytes.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exceptions } from "../../platform/xs/selftest/exceptions.js";
import { boardMachine } from "../../sim/board/qemu.js";
import { scriptedDay } from "../../sim/scripted-day.js";
import { boardIsMissing, buildBoard } from "../../tools/build/board.js";
import { buildForRun } from "../../tools/build/build.js";
import { imageOf } from "../../tools/build/image.js";
import { NPM_ENGINE, sdkEngine, terminalOf } from "../../tools/build/sources.js";
import { hostMachine } from "../../tools/command-line/engine.js";
import { sdkIsMissing, sdkPath } from "../../tools/sdk/toolchain.js";
import { Bench } from "../host/support.js";
import { digests } from "../support/day-files.js";
import { testUnless } from "./support.js";

const test = testUnless(sdkIsMissing());
const boardTest = testUnless(sdkIsMissing() ?? boardIsMissing());
/** A first build compiles the engine and its compiler. */
const BUILD_MS = 600_000;
const seeds = 60;
const day = { ballots: 2, seed: "engine" };

function folder(t: { teardown: (act: () => void) => void }): string {
  const out = mkdtempSync(join(tmpdir(), "sandogh-engine-"));
  t.teardown(() => rmSync(out, { recursive: true, force: true }));
  return out;
}

test.serial("on the desktop, with power cuts: the files of a day are those of the other engine", async (t) => {
  t.timeout(BUILD_MS);
  const engine = sdkEngine(sdkPath());
  await buildForRun("ballot", engine);
  await buildForRun("ballot");
  const out = folder(t);
  const machine = hostMachine(engine);
  let starts = 0;
  const there = await scriptedDay({
    ...day,
    out: join(out, "sdk"),
    cut: 0.02,
    machine: (options) => {
      starts++;
      return machine(options);
    },
  });
  const here = await scriptedDay({ ...day, out: join(out, "npm"), cut: 0.02 });
  t.deepEqual([...here.disagreements, ...there.disagreements], []);
  t.is(starts, here.cuts + 1);
  t.deepEqual(digests(join(out, "sdk")), digests(join(out, "npm")));
});

test.serial("an image of the one engine is none to the other", async (t) => {
  t.timeout(BUILD_MS);
  const engine = sdkEngine(sdkPath());
  await buildForRun("selftest", engine);
  await buildForRun("selftest");
  for (const [program, image] of [
    [engine, NPM_ENGINE],
    [NPM_ENGINE, engine],
  ] as const) {
    const bench = new Bench(imageOf("selftest", "lines", image), { program: terminalOf(program) });
    await t.throwsAsync(bench.terminal.start(), { message: /not an image/ });
    bench.terminal.close();
    bench.forget();
  }
});

test.serial("exceptions go the ways of Node's engine through its changed interpreter too", async (t) => {
  t.timeout(BUILD_MS);
  const engine = sdkEngine(sdkPath());
  await buildForRun("selftest", engine);
  const bench = new Bench("", { machine: hostMachine(engine, "selftest") });
  try {
    await bench.terminal.start();
    for (let seed = 1; seed <= seeds; seed++)
      t.deepEqual(await bench.ask("exceptions", undefined, [seed]), await exceptions(seed), `seed ${seed}`);
  } finally {
    bench.terminal.close();
    await bench.terminal.gone();
    bench.forget();
  }
});

boardTest.serial("on the emulated board: the files of a day are those of the desktop's other engine", async (t) => {
  t.timeout(BUILD_MS);
  const elf = await buildBoard("ballot", sdkEngine(sdkPath()));
  await buildForRun("ballot");
  const out = folder(t);
  const here = await scriptedDay({ ...day, out: join(out, "npm"), cut: 0 });
  const there = await scriptedDay({ ...day, out: join(out, "board"), cut: 0, machine: boardMachine({ elf }) });
  t.deepEqual([...here.disagreements, ...there.disagreements], []);
  t.deepEqual(digests(join(out, "board")), digests(join(out, "npm")));
});
