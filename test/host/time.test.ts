import test from "ava";
import { NorRegisters, norPart } from "../../sim/nor-part.js";
import { RealClock } from "../../sim/clock.js";
import { Terminal } from "../../sim/terminal.js";
import { Bench, selftestImage, withBench } from "./support.js";

test("timers run in the order of their times, equal times in the order they were set, each with its promise jobs", async (t) => {
  const order = await withBench((bench) => bench.ask("timers"));
  t.deepEqual(order, [
    "0@0",
    "0 job",
    "10 first@10",
    "10 first job",
    "10 second@10",
    "10 second job",
    "30@30",
    "30 job",
  ]);
});

test("virtual time stands still while the terminal works, and its wall clock is the base plus that time", async (t) => {
  await withBench(async (bench) => {
    await bench.terminal.runUntil(5_000_000);
    const first = (await bench.ask("clock")) as { monotonic: number; wall: number };
    t.is(first.wall, 1_800_000_005);
    t.true(first.monotonic >= 5000 && first.monotonic < 5010);
    t.is(first.monotonic, Math.floor(bench.clock.nowUs() / 1000));
  });
});

test("a terminal started again goes on at the clock's time", async (t) => {
  const image = await selftestImage();
  const bench = new Bench(image);
  bench.clock.advanceTo(7_000_000);
  await bench.terminal.start();
  const found = (await bench.ask("clock")) as { monotonic: number };
  bench.terminal.close();
  await bench.terminal.gone();
  bench.forget();
  t.true(found.monotonic >= 7000 && found.monotonic < 7010);
});

test("ten seconds of one-millisecond timers take less than ten seconds", async (t) => {
  const start = performance.now();
  await withBench(async (bench) => {
    t.is(await bench.ask("ticks", undefined, [10_000]), 10_000);
    t.true(bench.clock.nowUs() >= 10_000_000);
  });
  t.true(performance.now() - start < 10_000);
});

test("in real time timers take real time", async (t) => {
  const trace: string[] = [];
  const clock = new RealClock();
  const chip = {
    registers: new NorRegisters(norPart("W25Q64JV")),
    read: () => undefined,
    program: () => false,
    erase: () => false,
    status: () => undefined,
  };
  const panel = { baud: 115200, receive: () => undefined, send: (_: Uint8Array): void => undefined };
  const quiet = { baud: 115200, receive: () => undefined, send: (_: Uint8Array): void => undefined };
  const terminal = new Terminal({
    image: await selftestImage(),
    clock,
    virtual: false,
    flash: { main: chip, a: chip, b: chip },
    serial: { reader: { ...quiet }, printer: { ...quiet }, panel },
    wallBase: 1_800_000_000 - clock.nowUs() / 1e6,
    onTrace: (line) => trace.push(line),
  });
  await terminal.start();
  await terminal.runUntil(() => trace.includes("ready"), clock.nowUs() + 5_000_000);
  const start = clock.nowUs();
  panel.send(new TextEncoder().encode('{"id":1,"op":"ticks","args":[50]}\n'));
  t.true(await terminal.runUntil(() => trace.length > 1, start + 10_000_000));
  t.true(clock.nowUs() - start >= 50_000);
  panel.send(new TextEncoder().encode('{"id":2,"op":"clock"}\n'));
  t.true(await terminal.runUntil(() => trace.length > 2, start + 10_000_000));
  const { value } = JSON.parse(trace[2]!) as { value: { wall: number } };
  t.true(Math.abs(value.wall - 1_800_000_000) <= 15);
  terminal.close();
  await terminal.gone();
});

async function run(
  seed: string,
): Promise<{ trace: readonly string[]; picture: string; flash: string; timeUs: number }> {
  return withBench(
    async (bench) => {
      await bench.ask("random", undefined, [64]);
      await bench.ask("random", undefined, [1000]);
      await bench.ask("timers");
      await bench.ask("flash", "write", ["a", "00ff55aa", 300]);
      await bench.ask("draw", undefined, [3, 4, 20, 10, 0xf81f]);
      await bench.ask("transmit", undefined, [3000]);
      return {
        trace: [...bench.trace],
        picture: Buffer.from(bench.terminal.framebuffer()).toString("hex"),
        flash: Buffer.from(bench.chips.a.cells).toString("hex"),
        timeUs: bench.clock.nowUs(),
      };
    },
    { seed },
  );
}

test("the same seed gives the same run, another seed another", async (t) => {
  const first = await run("01".repeat(32));
  t.deepEqual(await run("01".repeat(32)), first);
  const other = await run("02".repeat(32));
  t.notDeepEqual(other.trace, first.trace);
});

test("without a seed no two runs draw the same", async (t) => {
  const image = await selftestImage();
  const values: unknown[] = [];
  for (let count = 0; count < 2; count++) {
    const bench = new Bench(image, { seed: undefined as never });
    await bench.terminal.start();
    values.push(await bench.ask("random", undefined, [32]));
    bench.terminal.close();
    await bench.terminal.gone();
    bench.forget();
  }
  t.not(values[0], values[1]);
});
