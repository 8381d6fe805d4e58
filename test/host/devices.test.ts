import test from "ava";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { NorChip, PowerCut } from "../../sim/nor.js";
import { Bench, RecordingDevice, selftestImage, withBench } from "./support.js";

function weightedSum(bytes: Uint8Array): number {
  return bytes.reduce((total, byte, index) => (total + (index + 1) * byte) % 1000003, 0);
}

test("3000 bytes at 230400 baud take 130 ms and arrive whole, in order of the line", async (t) => {
  await withBench(async (bench) => {
    const start = bench.clock.nowUs();
    const times = (await bench.ask("transmit", undefined, [3000])) as number[];
    const got = bench.printer.got;
    t.is(
      got.reduce((sum, { bytes }) => sum + bytes.length, 0),
      3000,
    );
    t.true(got.every(({ bytes }) => bytes.length <= 256 && bytes.every((byte) => byte === 0x41)));
    const exactUs = (3000 * 10 * 1e6) / 230400;
    const tookUs = got.at(-1)!.timeUs - start;
    // The request itself has to come over the panel's line first.
    t.true(tookUs >= exactUs && tookUs < exactUs + 10_000, `${tookUs}`);
    // Once after opening, then whenever the transmitter drained.
    t.is(times[0], 0);
    t.true(times.length > 3);
  });
});

test("bytes to the terminal come at the line's pace", async (t) => {
  await withBench(async (bench) => {
    const start = bench.clock.nowUs();
    const padding = "x".repeat(2000);
    await bench.ask("random", padding, [1]);
    const bytes = JSON.stringify({ id: 1, op: "random", name: padding, args: [1] }).length + 1;
    t.true(bench.clock.nowUs() - start >= (bytes * 10 * 1e6) / 115200 - 1);
  });
});

test("a device at another baud rate gets garbage", async (t) => {
  await withBench(async (bench) => {
    await bench.ask("transmit", undefined, [100, 9600]);
    t.is(
      bench.printer.got.reduce((sum, { bytes }) => sum + bytes.length, 0),
      100,
    );
    t.true(bench.printer.got.every(({ bytes }) => bytes.every((byte) => byte !== 0x41)));
  });
});

test("a power cut loses what has not left the transmitter", async (t) => {
  await withBench(async (bench) => {
    bench.request("transmit", undefined, [1024]);
    await bench.terminal.runUntil(() => bench.printer.got.length > 0);
    const whole = bench.printer.got.length;
    // 50.5 bytes further on.
    bench.clock.advanceTo(bench.clock.nowUs() + Math.floor((50.5 * 10 * 1e6) / 230400));
    bench.terminal.kill();
    t.is(bench.printer.got.length, whole + 1);
    t.is(bench.printer.got.at(-1)!.bytes.length, 50);
  });
});

test("misuse of a serial line throws as ECMA-419 says", async (t) => {
  t.deepEqual(await withBench((bench) => bench.ask("serialMisuse")), {
    "no such device": "RangeError",
    "no baud": "RangeError",
    "another format": "RangeError",
    "no callback": "TypeError",
    "open twice": "Error",
    "write no bytes": "TypeError",
    "write too much": "RangeError",
    "read half a byte": "TypeError",
    "wrong receiver": "TypeError",
    "close twice": "nothing",
    "read after close": "Error",
    "write after close": "Error",
  });
});

test("flash programs ones to zeros only and erases whole blocks", async (t) => {
  await withBench(async (bench) => {
    t.deepEqual(await bench.ask("flash", "status", ["a"]), {
      size: 65536,
      blocks: 16,
      blockLength: 4096,
      wasProtected: false,
    });
    t.true(await bench.ask("flash", "write", ["a", "f0f0ff00", 254]));
    t.true(await bench.ask("flash", "write", ["a", "3cff0fff", 254]));
    t.is(await bench.ask("flash", "read", ["a", 6, 253]), "ff30f00f00ff");
    t.is(bench.chips.a.cells[254], 0x30);
    t.is(await bench.ask("flash", "read", ["b", 2, 254]), "ffff");
    t.true(await bench.ask("flash", "eraseBlock", ["a", 0]));
    t.is(await bench.ask("flash", "read", ["a", 4, 254]), "ffffffff");
  });
});

test("more than one request of flash is joined", async (t) => {
  await withBench(async (bench) => {
    for (let at = 0; at < 65536; at++) bench.chips.main.cells[at] = (at * 7 + (at >> 8)) & 0xff;
    t.is(
      await bench.ask("flash", "read", ["main", 65536 - 5, 3]),
      weightedSum(bench.chips.main.cells.subarray(3, 65534)),
    );
  });
});

test("a chip that is absent answers nothing, and misuse throws", async (t) => {
  await withBench(async (bench) => {
    bench.chips.b.present = false;
    t.is(await bench.ask("flash", "read", ["b", 4, 0]), null);
    t.is(await bench.ask("flash", "status", ["b"]), null);
    t.is(await bench.ask("flash", "write", ["b", "00", 0]), false);
    t.is(await bench.ask("flash", "eraseBlock", ["b", 0]), false);
    t.deepEqual(await bench.ask("flashMisuse"), {
      "read beyond the end": "RangeError",
      "write beyond the end": "RangeError",
      "negative address": "RangeError",
      "no number": "TypeError",
      "block beyond the end": "RangeError",
      "half a block": "TypeError",
    });
  });
});

test("power cut in the middle of a program: the chip keeps the part, the terminal never answers", async (t) => {
  const a = new NorChip({ size: 65536 });
  a.onOperation = (operation) => {
    if (operation.kind !== "program") return;
    a.tear(operation, () => 0.25);
    throw new PowerCut();
  };
  await withBench(
    async (bench) => {
      const id = bench.request("flash", "write", ["a", "00000000", 0]);
      t.false(await bench.terminal.runUntil(() => bench.answer(id) !== undefined));
      t.false(bench.terminal.running);
      t.is((await bench.terminal.gone()).signal, "SIGKILL");
    },
    { flash: { main: new NorChip({ size: 65536 }), a, b: new NorChip({ size: 65536 }) } },
  );
});

test("the display shows what was drawn and says where", async (t) => {
  await withBench(async (bench) => {
    t.deepEqual(await bench.ask("draw", undefined, [3, 4, 20, 10, 0xf81f]), { width: 64, height: 40 });
    t.deepEqual(bench.rects, [{ x: 3, y: 4, width: 20, height: 10 }]);
    const picture = bench.terminal.framebuffer();
    for (let y = 0; y < 40; y++)
      for (let x = 0; x < 64; x++) {
        const inside = x >= 3 && x < 23 && y >= 4 && y < 14;
        t.is(picture[2 * (y * 64 + x)]! | (picture[2 * (y * 64 + x) + 1]! << 8), inside ? 0xf81f : 0);
      }
    t.deepEqual(await bench.ask("displayMisuse"), {
      "send without begin": "Error",
      "end without begin": "Error",
      outside: "RangeError",
      negative: "RangeError",
      "begin twice": "Error",
      "half a row": "TypeError",
      "too many rows": "RangeError",
    });
  });
});

test("the text bundle is bytes like any other", async (t) => {
  const directory = mkdtempSync(join(tmpdir(), "sandogh-text-"));
  const path = join(directory, "ui.bin");
  const bytes = Uint8Array.from({ length: 5000 }, (_, index) => (index * 31) & 0xff);
  writeFileSync(path, bytes);
  const part = Buffer.from(bytes.subarray(2, 6)).toString("hex");
  t.deepEqual(await withBench((bench) => bench.ask("text"), { text: path }), {
    length: 5000,
    sum: weightedSum(bytes),
    part,
    copy: part,
    isBytes: true,
  });
  t.deepEqual(await withBench((bench) => bench.ask("text")), { length: 0, sum: 0, part: "", copy: "", isBytes: true });
  rmSync(directory, { recursive: true });
});

test("TCP: what is sent comes back, then the end", async (t) => {
  const asked: string[] = [];
  await withBench(
    async (bench) => {
      const found = await bench.ask("tcp", undefined, ["a vote for nobody"]);
      t.deepEqual(found, {
        got: "a vote for nobody",
        sent: true,
        "write after the end": "Error",
        "read after close": "Error",
      });
      t.deepEqual(asked, ["broker:1883"]);
    },
    {
      network: (host, port) => {
        asked.push(`${host}:${port}`);
        const stream = new PassThrough();
        stream.once("data", () => setImmediate(() => stream.end()));
        stream.pause();
        return stream;
      },
    },
  );
});

test("TCP through a real socket, and refused without one", async (t) => {
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", (bytes) => socket.end(Buffer.concat([Buffer.from("heard "), bytes])));
  });
  t.teardown(() => server.close());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  const found = await withBench((bench) => bench.ask("tcp", undefined, ["you"]), {
    network: () => connect(port, "127.0.0.1"),
  });
  t.deepEqual(found, { got: "heard you", sent: true, "write after the end": "Error", "read after close": "Error" });
  t.like(await withBench((bench) => bench.ask("tcp", undefined, ["you"])), { got: "", sent: false });
});

test("two terminals take turns on the same devices", async (t) => {
  const image = await selftestImage();
  const first = new Bench(image);
  await first.terminal.start();
  await first.ask("flash", "write", ["a", "1234", 0]);
  first.terminal.kill();
  await first.terminal.gone();
  const trace: string[] = [];
  const panel = new RecordingDevice(115200, first.clock);
  const again = new Bench(image, {
    clock: first.clock,
    flash: first.chips,
    serial: { reader: first.reader, printer: first.printer, panel },
    onTrace: (line) => trace.push(line),
  });
  await again.terminal.start();
  panel.send(Buffer.from('{"id":9,"op":"flash","name":"read","args":["a",2,0]}\n'));
  t.true(await again.terminal.runUntil(() => trace.length > 1));
  t.is(trace[1], '{"id":9,"value":"1234"}');
  again.terminal.close();
  first.terminal.close();
  await again.terminal.gone();
  again.forget();
  first.forget();
});
