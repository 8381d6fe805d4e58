import test from "ava";
import fc from "fast-check";
import { type PaperState, ROW_BYTES, type Raster } from "../../firmware/cast/printer.js";
import { BAND_BYTES, bandsOf } from "../../drivers/printer/bands.js";
import {
  type Said,
  SaidDecoder,
  clearBuffers,
  cutOff,
  echoRequest,
  holdsRealTimeCommand,
  realTimeStatus,
} from "../../drivers/printer/escpos.js";
import { Printer } from "../../drivers/printer/printer.js";
import { VirtualClock } from "../../sim/clock.js";
import { nodeBlender } from "../support/blender.js";
import { CUTTER_ROWS, type Slip, VirtualPrinter, slipToPng } from "../../sim/devices/printer.js";
import { chanceFrom, randomFrom, runFor, runTo, serialPair, terminalTime } from "../support/serial-pair.js";

const { find } = nodeBlender;

function bench(seed = 1) {
  const clock = new VirtualClock();
  const device = new VirtualPrinter({ clock });
  const line = serialPair(clock, device, 230400);
  const random = randomFrom(seed);
  const open = (): Printer => new Printer({ serial: line.port, random, find, ...terminalTime(clock) });
  const printer = open();
  const states: PaperState[] = [];
  printer.listen((state) => states.push(state));
  const run = <T>(promise: Promise<T>): Promise<T> => runTo(clock, promise, 60_000);
  return { clock, device, line, printer, states, run, open };
}

function picture(height: number, dot: (x: number, y: number) => boolean): Raster & { readonly bits: Uint8Array } {
  const bits = new Uint8Array(height * ROW_BYTES);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < 576; x++) if (dot(x, y)) bits[y * ROW_BYTES + (x >> 3)]! |= 0x80 >> (x & 7);
  return ofBits(bits);
}

/** A raster of dots that are there, with the least span for each row: what drivers must print exactly. */
function ofBits(bits: Uint8Array): Raster & { readonly bits: Uint8Array } {
  const height = bits.length / ROW_BYTES;
  const inks = Array.from({ length: height }, (_, row) => {
    const bytes = bits.subarray(row * ROW_BYTES, (row + 1) * ROW_BYTES);
    return { left: bytes.findIndex((byte) => byte !== 0), right: bytes.findLastIndex((byte) => byte !== 0) + 1 };
  });
  return {
    width: 576,
    height,
    bits,
    span(row) {
      let to = row + 1;
      while (to < height && inks[to]!.right > 0 === inks[row]!.right > 0) to++;
      const rows = inks.slice(row, to);
      if (inks[row]!.right === 0) return { rows: to - row, left: 0, right: 0 };
      return {
        rows: to - row,
        left: Math.min(...rows.map((ink) => ink.left)),
        right: Math.max(...rows.map((ink) => ink.right)),
      };
    },
    draw(out, at, row, rows, leftDots, widthBytes) {
      out.fill(0, at, at + rows * widthBytes);
      for (let y = 0; y < rows; y++) {
        for (let x = 0; x < widthBytes * 8; x++) {
          const dot = leftDots + x;
          if (dot < 576 && (bits[(row + y) * ROW_BYTES + (dot >> 3)]! & (0x80 >> (dot & 7))) !== 0)
            out[at + y * widthBytes + (x >> 3)]! |= 0x80 >> (x & 7);
        }
      }
    },
  };
}

/** Something like lines of Persian text: ink at the right, white lines between. */
function textLike(height: number, seed = 1): ReturnType<typeof picture> {
  const chance = chanceFrom(seed);
  const lengths = Array.from({ length: Math.ceil(height / 48) }, () => 120 + Math.floor(chance() * 300));
  const ink = Array.from({ length: 4096 }, () => chance() < 0.4);
  return picture(
    height,
    (x, y) => y % 48 < 30 && x > 560 - lengths[Math.floor(y / 48)]! && x < 560 && ink[(x * 7 + y * 131) % 4096]!,
  );
}

/** The rows of a slip that came after the paper between head and cutter. */
function body(slip: Slip, height: number): Uint8Array {
  return slip.bits.subarray(CUTTER_ROWS * ROW_BYTES, (CUTTER_ROWS + height) * ROW_BYTES);
}

test("commands are the bytes of Epson's reference", (t) => {
  t.deepEqual(realTimeStatus(4), Uint8Array.of(0x10, 0x04, 0x04));
  t.deepEqual(cutOff, Uint8Array.of(0x1d, 0x56, 65, 0));
  const request = new Uint8Array(12);
  echoRequest("ab~ ", request, 1);
  t.deepEqual(request, Uint8Array.of(0, 0x1d, 0x28, 0x48, 0x06, 0x00, 48, 48, 0x61, 0x62, 0x7e, 0x20));
  t.deepEqual(clearBuffers, Uint8Array.of(16, 20, 8, 1, 3, 20, 1, 6, 2, 8));
});

test("what is printed is dot for dot the picture, and one slip falls", async (t) => {
  const { device, printer, run } = bench();
  const slip = textLike(500);
  t.deepEqual(await run(printer.quiesce()), { ok: true, value: undefined });
  t.deepEqual(await run(printer.print(slip)), { ok: true, value: undefined });
  t.is(device.slips.length, 0);
  t.is(Buffer.compare(device.hanging.bits.subarray(CUTTER_ROWS * ROW_BYTES), slip.bits), 0);
  t.deepEqual(await run(printer.cut()), { ok: true, value: undefined });
  t.is(device.slips.length, 1);
  t.is(device.slips[0]!.height, CUTTER_ROWS + 500);
  t.is(Buffer.compare(body(device.slips[0]!, 500), slip.bits), 0);
  t.deepEqual(device.failures, []);
  t.is(Buffer.from(slipToPng(device.slips[0]!)).subarray(1, 4).toString(), "PNG");
});

test("any picture with a left margin of 8 dots comes out dot for dot, also one full of real-time commands", async (t) => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.oneof(
          fc.constant(new Uint8Array(ROW_BYTES)),
          fc.uint8Array({ minLength: ROW_BYTES, maxLength: ROW_BYTES }),
          fc
            .tuple(fc.nat(68), fc.constantFrom([0x10, 0x05, 0x02], [0x10, 0x14, 0x08], [0x10, 0x04, 0x01]))
            .map(([at, bytes]) => {
              const row = new Uint8Array(ROW_BYTES);
              row.set(bytes, at);
              return row;
            }),
        ),
        { minLength: 1, maxLength: 80 },
      ),
      async (rows) => {
        const { device, printer, run } = bench();
        const bits = new Uint8Array(Buffer.concat(rows));
        for (let y = 0; y < rows.length; y++) bits[y * ROW_BYTES] = 0;
        const raster = ofBits(bits);
        t.true((await run(printer.print(raster))).ok);
        t.is(Buffer.compare(device.hanging.bits.subarray(CUTTER_ROWS * ROW_BYTES), bits), 0);
        t.deepEqual(device.failures, []);
      },
    ),
    { numRuns: 40 },
  );
});

test("no band holds the beginning of a harmful real-time command, whatever the dots", (t) => {
  // A row in which every shift by 0 to 7 dots shows one: only here a dot is added.
  const nasty = new Uint8Array(ROW_BYTES);
  for (let shift = 0; shift < 8; shift++) {
    const at = 4 + shift * 6;
    const value = (0x1005 << (8 + shift)) >>> 0;
    nasty[at] = (value >>> 16) & 0xff;
    nasty[at + 1] = (value >>> 8) & 0xff;
    nasty[at + 2] = value & 0xff;
  }
  const raster = ofBits(new Uint8Array(Buffer.concat(Array.from({ length: 24 }, () => nasty))));
  const bands = [...bandsOf(raster, find)];
  t.is(
    bands.reduce((sum, band) => sum + band.rows, 0),
    24,
  );
  for (const band of bands) {
    t.false(holdsRealTimeCommand(band.bytes, find));
    t.true(band.bytes.length <= BAND_BYTES + 100);
  }
});

test("a white slip costs a few bytes, and the margins of a text are not sent", (t) => {
  const bytes = (raster: Raster): number =>
    [...bandsOf(raster, find)].reduce((sum, band) => sum + band.bytes.length, 0);
  t.true(bytes(picture(1200, () => false)) < 80);
  t.true(bytes(picture(1200, () => true)) > 1200 * ROW_BYTES);
  t.true(bytes(textLike(1200)) < (1200 * ROW_BYTES) / 2.5);
});

test("slip times are as stated: 150 mm of text in 1.8 s, all black in 4 s, white in 1.1 s", async (t) => {
  for (const [name, raster, limitMs] of [
    ["text", textLike(1200), 1800],
    ["black", picture(1200, () => true), 4000],
    ["white", picture(1200, () => false), 1100],
  ] as const) {
    const { clock, printer, run } = bench();
    await run(printer.quiesce());
    const start = clock.nowUs();
    t.true((await run(printer.print(raster))).ok);
    const tookMs = (clock.nowUs() - start) / 1000;
    t.log(`${name}: ${Math.round(tookMs)} ms`);
    t.true(tookMs < limitMs && tookMs > 950);
  }
});

const causes = {
  "paper-out": (device: VirtualPrinter, on: boolean) => (device.paperOut = on),
  "cover-open": (device: VirtualPrinter, on: boolean) => (device.coverOpen = on),
  overheated: (device: VirtualPrinter, on: boolean) => (device.overheated = on),
  jam: (device: VirtualPrinter, on: boolean) => (device.jammed = on),
  "no-answer": (device: VirtualPrinter, on: boolean) => (device.silent = on),
} as const;

for (const [fault, cause] of Object.entries(causes)) {
  test(`${fault}: told before, in and after the body; nothing of it appears later, and the next slip is whole`, async (t) => {
    const slip = textLike(800);
    const mark = picture(60, (x) => x > 100 && x < 400);
    for (const moment of ["before", "in", "after"] as const) {
      const { clock, device, printer, run } = bench();
      await run(printer.quiesce());
      let printed;
      if (moment === "before") {
        cause(device, true);
        printed = await run(printer.print(slip));
      } else if (moment === "in") {
        const print = printer.print(slip);
        await runFor(clock, 400);
        cause(device, true);
        printed = await run(print);
      } else {
        t.true((await run(printer.print(slip))).ok);
        cause(device, true);
        printed = await run(printer.cut());
      }
      t.deepEqual(printed, { ok: false, error: fault }, moment);
      t.deepEqual(await run(printer.quiesce()), { ok: false, error: fault });
      await runFor(clock, 5000);
      const before = device.hanging.height;
      cause(device, false);
      await runFor(clock, 5000);
      t.true(device.slips.length === 0);
      if (moment === "before") t.is(device.hanging.height, CUTTER_ROWS);
      // The device by itself may print on from its buffer; after a quiesce that failed there is nothing in it any more.
      else if (fault !== "no-answer") t.is(device.hanging.height, before);
      t.deepEqual(await run(printer.quiesce()), { ok: true, value: undefined }, `${fault} ${moment}`);
      t.true((await run(printer.print(mark))).ok);
      t.true((await run(printer.cut())).ok);
      const whole = device.slips[0]!;
      t.is(
        Buffer.compare(whole.bits.subarray((whole.height - 60) * ROW_BYTES), mark.bits),
        0,
        "the mark is the last thing on it",
      );
      t.deepEqual(device.failures, []);
    }
  });
}

test("a status changes: the session hears of it, also in the idle", async (t) => {
  const { clock, device, printer, states, run } = bench();
  await run(printer.quiesce());
  device.nearEnd = true;
  await runFor(clock, 50);
  device.coverOpen = true;
  await runFor(clock, 50);
  device.coverOpen = false;
  await runFor(clock, 50);
  t.deepEqual(states.slice(-3), [
    { paper: "near-end", fault: undefined },
    { paper: "near-end", fault: "cover-open" },
    { paper: "near-end", fault: undefined },
  ]);
  t.deepEqual(await run(printer.status()), { ok: true, value: { paper: "near-end", fault: undefined } });
  t.true((await run(printer.print(textLike(100)))).ok, "near end does not keep it from printing");
});

test("the paper ends, or jams, after a number of rows: exactly so many are on it", async (t) => {
  for (const [fault, set] of [
    ["paper-out", "paperOutAfterRows"],
    ["jam", "jamAfterRows"],
  ] as const) {
    const { device, printer, run } = bench();
    await run(printer.quiesce());
    device[set] = 123;
    t.deepEqual(await run(printer.print(textLike(600))), { ok: false, error: fault });
    t.is(device.hanging.height, CUTTER_ROWS + 123);
  }
});

test("a cutter that sticks is told, and the slip is not cut; afterwards it is", async (t) => {
  const { device, printer, run } = bench();
  const slip = textLike(200);
  await run(printer.quiesce());
  t.true((await run(printer.print(slip))).ok);
  device.cutterStuck = true;
  t.deepEqual(await run(printer.cut()), { ok: false, error: "cutter" });
  t.is(device.slips.length, 0);
  t.deepEqual(await run(printer.cut()), { ok: false, error: "cutter" });
  device.cutterStuck = false;
  t.deepEqual(await run(printer.cut()), { ok: true, value: undefined });
  t.is(device.slips.length, 1);
  t.is(Buffer.compare(body(device.slips[0]!, 200), slip.bits), 0);
});

test("an echo that lies is caught: text, a white slip, a cut line", async (t) => {
  for (const raster of [textLike(400), picture(300, () => false), picture(40, (x) => x < 8)]) {
    const { device, printer, run } = bench();
    await run(printer.quiesce());
    device.lyingEcho = true;
    t.deepEqual(await run(printer.print(raster)), { ok: false, error: "echo-lied" });
    device.lyingEcho = false;
    t.true((await run(printer.print(raster))).ok);
  }
});

test("an echo that nobody asked for is a lie too", async (t) => {
  const { clock, device, printer, run } = bench();
  await run(printer.quiesce());
  const print = printer.print(textLike(400));
  await runFor(clock, 100);
  device.send(Uint8Array.of(0x37, 0x22, 0x41, 0x41, 0x41, 0x41, 0x00));
  t.deepEqual(await run(print), { ok: false, error: "echo-lied" });
});

test("the terminal resets in the middle of a slip: quiet is reached from every moment, and VOID comes out whole", async (t) => {
  const mark = picture(60, (x, y) => ((x >> 4) + (y >> 4)) % 2 === 0);
  for (let afterMs = 1; afterMs < 700; afterMs += 23) {
    const { clock, device, printer, run, open } = bench(afterMs);
    await run(printer.quiesce());
    void printer.print(textLike(900, afterMs));
    await runFor(clock, afterMs);
    // Reset: what the transmitter held is lost in the middle of a band.
    printer.close();
    await runFor(clock, 5);
    const second = open();
    t.deepEqual(await run(second.quiesce()), { ok: true, value: undefined }, `after ${afterMs} ms`);
    const still = device.hanging.height;
    await runFor(clock, 3000);
    t.is(device.hanging.height, still, "the paper stands");
    t.true((await run(second.print(mark))).ok);
    t.true((await run(second.cut())).ok);
    const slip = device.slips[0]!;
    t.is(
      Buffer.compare(
        slip.bits.subarray((slip.height - CUTTER_ROWS - 60) * ROW_BYTES + CUTTER_ROWS * ROW_BYTES),
        mark.bits,
      ),
      0,
    );
  }
});

test("a printer that lost its power in the middle keeps the paper and forgets the rest", async (t) => {
  const { clock, device, printer, run } = bench();
  await run(printer.quiesce());
  const print = printer.print(textLike(800));
  await runFor(clock, 500);
  device.powerOff();
  const height = device.hanging.height;
  t.deepEqual(await run(print), { ok: false, error: "no-answer" });
  device.powerOn();
  await runFor(clock, 3000);
  t.is(device.hanging.height, height);
  t.true((await run(printer.cut())).ok);
  t.is(device.slips.length, 1);
});

test("a status that comes 2 ms too late is not taken for the answer to the next question", async (t) => {
  for (const fault of ["paper-out", "cover-open", "overheated", "jam"] as const) {
    const cause = causes[fault];
    const { clock, device, printer, run } = bench();
    await run(printer.quiesce());
    cause(device, true);
    device.lateMs = 252;
    t.deepEqual(await run(printer.status()), { ok: false, error: "no-answer" }, `${fault}, always late`);
    // late once, and just in time afterwards: asked again, and told what is
    const asking = printer.status();
    await runFor(clock, 251);
    device.lateMs = 249;
    const answer = await run(asking);
    t.is(answer.ok ? answer.value.fault : answer.error, fault, `${fault}, late once`);
  }
});

test("the printer loses its power between two documents: the next one is dot for dot, and its status comes by itself", async (t) => {
  const { clock, device, printer, states, run } = bench();
  const slip = textLike(400);
  await run(printer.quiesce());
  t.true((await run(printer.print(textLike(100)))).ok);
  t.true((await run(printer.cut())).ok);
  device.powerOff();
  await runFor(clock, 500);
  device.powerOn();
  await runFor(clock, 500);
  t.true((await run(printer.print(slip))).ok);
  t.is(Buffer.compare(device.hanging.bits.subarray(CUTTER_ROWS * ROW_BYTES), slip.bits), 0);
  device.coverOpen = true;
  await runFor(clock, 50);
  t.is(states.at(-1)?.fault, "cover-open");
});

test("the printer loses its power for a moment, anywhere in a document: never reported printed, and VOID comes out whole", async (t) => {
  const slip = textLike(900, 3);
  const mark = picture(60, (x, y) => ((x >> 4) + (y >> 4)) % 2 === 0);
  for (let afterMs = 1; afterMs < 1000; afterMs += 37) {
    const { clock, device, printer, run } = bench(afterMs);
    device.bootMs = 1000;
    await run(printer.quiesce());
    const printing = printer.print(slip);
    await runFor(clock, afterMs);
    device.powerOff();
    await runFor(clock, 20);
    device.powerOn();
    const printed = await run(printing);
    const isWhole = Buffer.compare(device.hanging.bits.subarray(CUTTER_ROWS * ROW_BYTES), slip.bits) === 0;
    t.false(printed.ok && !isWhole, `after ${afterMs} ms`);
    await runFor(clock, 2000);
    t.true((await run(printer.quiesce())).ok);
    t.true((await run(printer.print(mark))).ok);
    t.true((await run(printer.cut())).ok);
    const { bits, height } = device.slips[0]!;
    t.is(Buffer.compare(bits.subarray((height - 60) * ROW_BYTES), mark.bits), 0, `after ${afterMs} ms`);
  }
});

test("a printer that is set to XON/XOFF is found out: when it is asked, and when it says so", async (t) => {
  const fault = { ok: false, error: "flow-control" };
  const { device, printer, run } = bench();
  device.softwareFlowControl = true;
  t.deepEqual(await run(printer.quiesce()), fault);
  device.softwareFlowControl = false;
  t.true((await run(printer.quiesce())).ok);
  // one that does not know the question
  const second = bench();
  second.line.faults.toTerminal = (bytes) => (bytes[1] === 0x33 ? new Uint8Array(0) : bytes);
  second.device.softwareFlowControl = true;
  t.true((await second.run(second.printer.quiesce())).ok);
  second.device.powerOff();
  second.device.powerOn();
  t.deepEqual(await second.run(second.printer.print(textLike(100))), fault);
});

test("never is more under way than the printer's buffer holds, also when the paper stands", async (t) => {
  const { clock, device, printer, run } = bench();
  await run(printer.quiesce());
  const print = printer.print(picture(2000, () => true));
  await runFor(clock, 300);
  device.overheated = true;
  await run(print);
  t.deepEqual(device.failures, []);
});

test("two acts at a time are a bug", async (t) => {
  const { printer, run } = bench();
  const first = printer.quiesce();
  await t.throwsAsync(printer.status());
  t.true((await run(first)).ok);
});

test("every bit flipped in what the printer says ends in a fault or a good slip, never in an exception", async (t) => {
  for (let seed = 1; seed <= 25; seed++) {
    const { device, line, printer, run } = bench(seed);
    const chance = chanceFrom(seed);
    const slip = textLike(150, seed);
    await run(printer.quiesce());
    line.faults.toTerminal = (bytes) =>
      bytes.map((byte) => (chance() < 0.05 ? byte ^ (1 << Math.floor(chance() * 8)) : byte));
    const printed = await run(printer.print(slip));
    if (printed.ok)
      t.is(Buffer.compare(device.hanging.bits.subarray(CUTTER_ROWS * ROW_BYTES), slip.bits), 0, `seed ${seed}`);
    line.faults.toTerminal = undefined;
    t.true((await run(printer.quiesce())).ok, `seed ${seed}`);
  }
});

test("what the printer says is told apart after any garbage, and the decoder never throws", (t) => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (garbage) => {
      const said: Said[] = [];
      const decoder = new SaidDecoder((one) => said.push(one));
      decoder.push(garbage);
      decoder.reset();
      decoder.push(
        Uint8Array.of(0x37, 0x22, 0x61, 0x62, 0x63, 0x64, 0x00, 0x12, 0x37, 0x25, 0x00, 0x14, 0x00, 0x00, 0x0f),
      );
      t.deepEqual(
        said.slice(-4).map(({ kind }) => kind),
        ["echo", "real-time", "cleared", "status"],
      );
    }),
  );
});
