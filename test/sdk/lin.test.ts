// The firmware as the SDK builds it for Linux, without a window.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { StartMachine } from "../../sim/machine.js";
import { headless } from "../../sim/sdk/machine.js";
import { buildForRun } from "../../tools/build/build.js";
import { buildHeadless, buildLin } from "../../tools/sdk/build.js";
import { numberOf } from "../../office/roll/voters.js";
import { measureMemory } from "../../bench/sdk/memory.js";
import { scriptedDay } from "../../sim/scripted-day.js";
import { Bench } from "../host/support.js";
import { DeskScene, voters } from "../identity/support.js";
import { digests } from "../support/day-files.js";
import { linTest } from "./support.js";

const test = linTest();
/** A first build compiles the engine. */
const BUILD_MS = 300_000;

async function machineOf(role: string): Promise<StartMachine> {
  const { library, warnings } = await buildLin({ role });
  if (warnings.length > 0) throw new Error(warnings.join("\n"));
  return headless({ program: buildHeadless(), library });
}

test.serial(
  "the build is clean, and a vote in it leaves the same files as on the desktop, byte for byte",
  async (t) => {
    t.timeout(BUILD_MS);
    const machine = await machineOf("ballot");
    await buildForRun("ballot");
    const out = mkdtempSync(join(tmpdir(), "sandogh-sdk-vote-"));
    t.teardown(() => rmSync(out, { recursive: true, force: true }));
    const pids = new Set<number | undefined>();
    const there = await scriptedDay({
      ballots: 3,
      seed: "sdk",
      out: join(out, "sdk"),
      cut: 0.02,
      machine: async (options) => {
        const started = await machine(options);
        pids.add(started.pid);
        return started;
      },
    });
    const here = await scriptedDay({ ballots: 3, seed: "sdk", out: join(out, "desktop"), cut: 0.02 });
    t.deepEqual([...here.disagreements, ...there.disagreements], []);
    t.is(there.cuts, here.cuts);
    // it was the SDK's build that ran, once for every power cut and once more
    t.is(pids.size, there.cuts + 1);
    const expected = digests(join(out, "desktop"));
    t.true(Object.keys(expected).filter((name) => name.endsWith(".png")).length >= 8);
    t.deepEqual(digests(join(out, "sdk")), expected);
  },
);

test.serial("nothing evaluates text, changes a built-in, reads the clock or draws chance", async (t) => {
  t.timeout(BUILD_MS);
  const machine = await machineOf("selftest");
  const ask = async (op: string, name?: string): Promise<unknown> => {
    const bench = new Bench("", { machine });
    try {
      await bench.terminal.start();
      return await bench.ask(op, name);
    } catch (thrown) {
      return (thrown as Error).message;
    } finally {
      bench.terminal.close();
      await bench.terminal.gone();
      bench.forget();
    }
  };
  const names = (await ask("probes")) as string[];
  t.true(names.length > 45);
  for (const name of names) {
    const outcome = await ask("probe", name);
    if (name.startsWith("global ")) t.is(outcome, "absent", name);
    // what is stripped ends the process: nothing can catch it
    else t.regex(String(outcome), /^(?:(?:Type|Reference)Error$|the terminal stopped \(70\)\n.*dead strip)/, name);
  }
  t.deepEqual(await ask("cbor"), {
    bytes: "a40166d8b1d8a3db8c02430102030383f5f626041bffffffffffffffff",
    text: "رأی",
    list: [true, null, -7],
    data: "010203",
    big: "18446744073709551615",
  });
});

test.serial("half of the fixed memory is free after three voters", async (t) => {
  t.timeout(BUILD_MS);
  const memory = await measureMemory();
  t.log(JSON.stringify(memory));
  t.true(memory.chunks_used > 0 && memory.chunks_used < memory.chunks_reserved / 2);
  t.true(memory.slots_used > 0 && memory.slots_used < memory.slots_reserved / 2);
  t.true(memory.stack_peak > 0 && memory.stack_peak < memory.stack_reserved / 2);
  t.true(memory.keys_used < memory.keys_reserved / 2);
});

test.serial(
  "the identity role's build is clean, and a card is given in it as on the desktop: the same media, byte for byte",
  async (t) => {
    t.timeout(BUILD_MS);
    const machine = await machineOf("identity");
    await buildForRun("identity");
    const media: Buffer[][] = [];
    for (const options of [{}, { machine }]) {
      const scene = new DeskScene("sdk", options);
      try {
        await scene.open();
        const card = await scene.giveTo(voters[1].key);
        t.like(card.kept, { kind: "granted", style: 1 });
        await scene.type(numberOf(voters[1].key));
        await scene.press("green");
        await scene.until("number D-03");
        media.push(
          [scene.desk.chips.a.cells, scene.desk.chips.b.cells, scene.desk.terminal.framebuffer()].map((bytes) =>
            Buffer.from(bytes),
          ),
        );
      } finally {
        scene.desk.close();
      }
    }
    const [here, there] = media as [Buffer[], Buffer[]];
    t.true(here.every((bytes, i) => bytes.equals(there[i]!)));
  },
);

test("a role that does not exist is refused in words", async (t) => {
  await t.throwsAsync(buildLin({ role: "auditor" }), {
    message: 'there is no role "auditor" for it: choose ballot or identity or selftest',
  });
});
