import { version } from "../../firmware/version.js";
import { createHash } from "node:crypto";
import { boardMachine } from "../../sim/board/qemu.js";
import type { BoardOptions } from "../../sim/board/qemu.js";
import { Symbols } from "../../sim/board/symbols.js";
import { Station } from "../../sim/station.js";
import { boardSizes } from "../../tools/build/board.js";
import { board, boardTest as test } from "./support.js";

const IMAGE_MAX = 1.6 * 1024 * 1024;

interface Boot {
  readonly works: readonly number[];
  readonly traces: readonly string[];
  readonly picture: string;
}

async function boot(options: BoardOptions = {}): Promise<Boot> {
  const works: number[] = [];
  const traces: string[] = [];
  const station = await Station.create({
    virtual: true,
    seed: "boot",
    wallBase: 1_795_235_400,
    machine: boardMachine({ ...options, onWork: (work) => works.push(work) }),
    onTrace: (line) => traces.push(line),
  });
  try {
    await station.powerOn();
    if (station.isOn) await station.terminal.runUntil(1_000_000);
    return { works, traces, picture: createHash("sha256").update(station.terminal.framebuffer()).digest("hex") };
  } finally {
    await station.close();
  }
}

test.serial(
  "the image fits: machine code, byte code and texts are at most 1.6 MiB, and no parser is linked",
  async (t) => {
    await board();
    const { text, data, byteCode, textBundle } = boardSizes();
    t.true(text + data + byteCode + textBundle <= IMAGE_MAX);
    const symbols = new Symbols();
    for (const name of ["fxParserTree", "fxParserCode", "fxLexerGetNextToken"])
      t.throws(() => symbols.address(name), { message: /has no/ });
  },
);

test.serial(
  "two starts with the same seed take exactly the same number of instructions to each idle moment",
  async (t) => {
    t.timeout(170_000);
    await board();
    const first = await boot();
    const second = await boot();
    t.true(first.traces.includes("screen idle"));
    t.deepEqual(second, first);
  },
);

test.serial(
  "the power goes at the N-th instruction, in the same place each time, and the next start is a good one",
  async (t) => {
    t.timeout(170_000);
    await board();
    const waits = new Symbols().waits();
    const places: string[] = [];
    for (let run = 0; run < 2; run++) {
      const traces: string[] = [];
      let starts = 0;
      const station = await Station.create({
        virtual: true,
        seed: "cut",
        wallBase: 1_795_235_400,
        machine: (options) =>
          boardMachine({
            // the first start is the factory's
            plugin: starts++ === 1 ? { ...waits, cut: 60_000_000 } : waits,
            onCut: (where) => places.push(where),
          })(options),
        onTrace: (line) => traces.push(line),
      });
      try {
        await station.powerOn();
        t.false(station.isOn);
        // it has said who it is, and nothing else
        t.deepEqual(traces, [`sandogh ${version}, ballot`]);
        if (run === 0) continue;
        await station.powerOn();
        await station.terminal.runUntil(1_000_000);
        t.true(traces.includes("screen idle"));
      } finally {
        await station.close();
      }
    }
    t.is(places.length, 2);
    t.regex(places[0]!, /^cut: after 600\d+ instructions, before 80[0-9a-f]{6}$/);
    t.is(places[1], places[0]);
  },
);

test.serial("a hang is noticed: without a wait the watchdog ends the run and says where", async (t) => {
  t.timeout(170_000);
  await board();
  // Long before the first wait that the start comes to.
  const plugin = { ...new Symbols().waits(), hang: 1000 };
  await t.throwsAsync(boot({ plugin }), { message: /watchdog: no wait for 1000 instructions/ });
});
