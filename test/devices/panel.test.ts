import test from "ava";
import fc from "fast-check";
import { type KeyPress, Panel, SILENCE_MS, type Switches, type Touch } from "../../drivers/panel/panel.js";
import { type Report, ReportDecoder, encodeReport, keyCodes, type Key } from "../../drivers/panel/report.js";
import { VirtualClock } from "../../sim/clock.js";
import { VirtualPanel } from "../../sim/devices/panel.js";
import { runFor, serialPair, terminalTime } from "../support/serial-pair.js";

function bench() {
  const clock = new VirtualClock();
  const device = new VirtualPanel({ clock });
  const line = serialPair(clock, device, 115200);
  const touches: Touch[] = [];
  const keys: KeyPress[] = [];
  const switches: Switches[] = [];
  const life: string[] = [];
  const panel = new Panel({
    serial: line.port,
    timer: terminalTime(clock).timer,
    onTouch: (touch) => touches.push(touch),
    onKey: (key) => keys.push(key),
    onSwitch: (state) => switches.push(state),
    onFault: () => life.push("fault"),
    onReady: () => life.push("ready"),
  });
  device.start();
  return { clock, device, line, panel, touches, keys, switches, life };
}

test("a report's eight bytes are as documented", (t) => {
  t.deepEqual(
    encodeReport({ kind: "touch", contact: 1, phase: "up", x: 0x123, y: 0x256 }, 7),
    Uint8Array.of(0xa5, 1, 0x12, 0x12, 0x32, 0x56, 7, 0xa5 ^ 1 ^ 0x12 ^ 0x12 ^ 0x32 ^ 0x56 ^ 7),
  );
  t.deepEqual(
    encodeReport({ kind: "key", key: "green", pressed: true }, 255),
    Uint8Array.of(0xa5, 2, 3, 1, 0, 0, 255, 0xa5 ^ 2 ^ 3 ^ 1 ^ 255),
  );
  t.deepEqual(
    encodeReport({ kind: "switches", mains: true, caseOpen: true }, 0),
    Uint8Array.of(0xa5, 3, 3, 0, 0, 0, 0, 0xa5 ^ 3 ^ 3),
  );
});

test("a tap and a key arrive within 100 ms as down and up, at their place", async (t) => {
  const { clock, device, touches, keys } = bench();
  await runFor(clock, 10);
  device.touch(1023, 599);
  device.press("white");
  await runFor(clock, 100);
  t.deepEqual(touches, [
    { contact: 0, phase: "down", x: 1023, y: 599 },
    { contact: 0, phase: "up", x: 1023, y: 599 },
  ]);
  t.deepEqual(keys, [
    { key: "white", pressed: true },
    { key: "white", pressed: false },
  ]);
});

test("a finger and a key that are held do not repeat", async (t) => {
  const { clock, device, touches, keys } = bench();
  await runFor(clock, 10);
  device.contact(0, "down", 5, 5);
  device.key("5", true);
  await runFor(clock, 20_000);
  t.is(touches.length, 1);
  t.is(keys.length, 1);
});

test("a second contact is reported as such", async (t) => {
  const { clock, device, touches } = bench();
  await runFor(clock, 10);
  device.contact(0, "down", 5, 5);
  device.contact(1, "down", 500, 500);
  await runFor(clock, 10);
  t.deepEqual(
    touches.map(({ contact }) => contact),
    [0, 1],
  );
});

test("switches are told once at the start and at each change", async (t) => {
  const { clock, device, switches } = bench();
  await runFor(clock, 5000);
  device.caseOpen = true;
  await runFor(clock, 3000);
  device.mains = false;
  await runFor(clock, 3000);
  t.deepEqual(switches, [
    { mains: true, caseOpen: false },
    { mains: true, caseOpen: true },
    { mains: false, caseOpen: true },
  ]);
});

test("a panel that falls silent is a fault, and lets go of what it held, outside of every target", async (t) => {
  const { clock, device, touches, keys, life } = bench();
  await runFor(clock, 100);
  device.contact(0, "down", 50, 50);
  device.key("green", true);
  await runFor(clock, 100);
  device.silent = true;
  await runFor(clock, SILENCE_MS + 100);
  t.deepEqual(life, ["ready", "fault"]);
  t.deepEqual(touches.at(-1), { contact: 0, phase: "up", x: -1, y: -1 });
  t.deepEqual(keys.at(-1), { key: "green", pressed: false });
  device.silent = false;
  await runFor(clock, 2000);
  t.deepEqual(life, ["ready", "fault", "ready"]);
});

test("a touch whose beginning was lost selects nothing", async (t) => {
  const { clock, device, line, touches, panel } = bench();
  await runFor(clock, 100);
  line.faults.toTerminal = () => new Uint8Array(0);
  device.contact(0, "down", 5, 5);
  await runFor(clock, 10);
  line.faults.toTerminal = undefined;
  device.contact(0, "move", 6, 6);
  device.contact(0, "up", 6, 6);
  await runFor(clock, 10);
  t.deepEqual(touches, []);
  t.is(panel.counters.lost, 1);
});

const anyReport: fc.Arbitrary<Report> = fc.oneof(
  fc.record({
    kind: fc.constant("touch" as const),
    contact: fc.nat(9),
    phase: fc.constantFrom("down" as const, "move" as const, "up" as const),
    x: fc.nat(4095),
    y: fc.nat(4095),
  }),
  fc.record({
    kind: fc.constant("key" as const),
    key: fc.constantFrom(...(Object.keys(keyCodes) as Key[])),
    pressed: fc.boolean(),
  }),
  fc.record({ kind: fc.constant("switches" as const), mains: fc.boolean(), caseOpen: fc.boolean() }),
);

test("every report comes back as it was sent, in any split", (t) => {
  fc.assert(
    fc.property(fc.array(anyReport, { maxLength: 20 }), fc.integer({ min: 1, max: 13 }), (reports, split) => {
      const seen: Report[] = [];
      const decoder = new ReportDecoder((report) => seen.push(report));
      const bytes = reports.flatMap((report, i) => [...encodeReport(report, i & 0xff)]);
      for (let at = 0; at < bytes.length; at += split) decoder.push(Uint8Array.from(bytes.slice(at, at + split)));
      t.deepEqual(seen, reports);
      t.is(decoder.counters.garbage + decoder.counters.lost + decoder.counters.unknown, 0);
    }),
  );
});

test("after any garbage without a sync byte the next report is found, and garbage is counted", (t) => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), anyReport, (garbage, report) => {
      const noise = garbage.map((byte) => (byte === 0xa5 ? 0xa4 : byte));
      const seen: Report[] = [];
      const decoder = new ReportDecoder((found) => seen.push(found));
      decoder.push(noise);
      decoder.push(encodeReport(report, 0));
      t.deepEqual(seen, [report]);
      t.is(decoder.counters.garbage, noise.length);
    }),
  );
});

test("after any garbage at all, two reports later the stream is in step, and no flipped bit is taken for a report", (t) => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), anyReport, fc.nat(63), (garbage, report, bit) => {
      const seen: Report[] = [];
      const decoder = new ReportDecoder((found) => seen.push(found));
      decoder.push(garbage);
      for (let i = 0; i < 3; i++) decoder.push(encodeReport(report, i));
      t.deepEqual(seen.at(-1), report);
      const alone: Report[] = [];
      const damaged = encodeReport(report, 0);
      damaged[bit >> 3]! ^= 1 << (bit & 7);
      new ReportDecoder((found) => alone.push(found)).push(damaged);
      t.deepEqual(alone, []);
    }),
  );
});
