// The ESP32's classes over their natives: serial lines with rings, flash behind the SPI commands, timers.

import test from "ava";
import { NorChip } from "../../sim/nor.js";
import { VirtualClock } from "../../sim/clock.js";
import { NorFlash, PartitionFlash } from "../../platform/sdk/esp32/flash.js";
import { serialOver, type UartLines } from "../../platform/sdk/esp32/serial.js";
import { timersOver } from "../../platform/sdk/esp32/timers.js";
import type { Timer } from "../../firmware/platform.js";

function timersOn(clock: VirtualClock): Timer {
  return timersOver<() => void>({
    set: (callback, delayMs) => clock.after(delayMs * 1000, callback),
    clear: (cancel) => cancel(),
  });
}

/** Rings as the UART driver keeps them. */
class Rings implements UartLines {
  readonly came: number[] = [];
  readonly sent: number[] = [];
  room = 100;
  opened: readonly number[] = [];
  open(line: number, baud: number): void {
    this.opened = [line, baud];
  }
  close(): void {
    this.opened = [];
  }
  waiting(): number {
    return this.came.length;
  }
  free(): number {
    return this.room;
  }
  read(_: number, out: Uint8Array): void {
    out.set(this.came.splice(0, out.length));
  }
  write(_: number, bytes: Uint8Array): void {
    this.sent.push(...bytes);
    this.room -= bytes.length;
  }
}

test("a line tells what came once, gives it in order, and takes no more than it said", (t) => {
  const clock = new VirtualClock();
  const rings = new Rings();
  const Serial = serialOver(rings, ["reader", "printer"], timersOn(clock));
  const told: string[] = [];
  const serial = new Serial({
    device: "printer",
    baud: 230400,
    format: "buffer",
    onReadable: (count) => told.push(`in ${count}`),
    onWritable: (count) => told.push(`out ${count}`),
  });
  t.deepEqual(rings.opened, [1, 230400]);
  t.throws(() => serial.write(Uint8Array.of(1)), { instanceOf: RangeError }, "before it said that it takes any");
  clock.advanceTo(0);
  rings.came.push(1, 2, 3);
  clock.advanceTo(4_000);
  clock.advanceTo(12_000);
  t.deepEqual(told, ["out 100", "in 3"]);
  t.deepEqual([...new Uint8Array(serial.read(2)!)], [1, 2]);
  rings.came.push(4);
  clock.advanceTo(16_000);
  t.is(told.at(-1), "in 2");
  t.deepEqual([...new Uint8Array(serial.read()!)], [3, 4]);
  t.is(serial.read(), undefined);
  serial.write(new Uint8Array(100));
  t.throws(() => serial.write(Uint8Array.of(1)), { instanceOf: RangeError });
  rings.room = 60;
  clock.advanceTo(20_000);
  t.is(told.at(-1), "out 60");
  serial.close();
  serial.close();
  rings.came.push(5);
  clock.advanceTo(40_000);
  t.is(told.length, 4);
  t.throws(() => serial.read());
});

test("misuse of a line throws", (t) => {
  const Serial = serialOver(new Rings(), ["reader"], timersOn(new VirtualClock()));
  const options = { device: "reader", baud: 115200, format: "buffer" } as const;
  new Serial(options);
  t.throws(() => new Serial(options), { message: /is open/ });
  t.throws(() => new Serial({ ...options, device: "modem" }), { instanceOf: RangeError });
  t.throws(() => new Serial({ ...options, baud: 0 }), { instanceOf: RangeError });
  t.throws(() => new Serial({ ...options, onReadable: 1 as never }), { instanceOf: TypeError });
});

test("flash behind SPI commands keeps the rules of the flash class", (t) => {
  const chip = new NorChip({ size: 65536 });
  let there = true;
  const flash = new NorFlash(
    {
      size: () => (there ? 65536 : 0),
      wasProtected: () => false,
      read: (_, address, out) => {
        if (there) out.set(chip.read(out.length, address)!);
        return there;
      },
      program: (_, address, data) => there && chip.program(address, data),
      erase: (_, sector) => there && chip.erase(sector),
    },
    0,
  );
  t.deepEqual(flash.status(), { size: 65536, blocks: 16, blockLength: 4096, wasProtected: false });
  t.true(flash.write(Uint8Array.of(0x0f, 0xf0), 4095));
  t.deepEqual([...flash.read(2, 4095)!], [0x0f, 0xf0]);
  t.true(flash.eraseBlock(0));
  t.deepEqual([...flash.read(2, 4095)!], [0xff, 0xf0]);
  t.throws(() => flash.read(2, 65535), { instanceOf: RangeError });
  t.throws(() => flash.eraseBlock(16), { instanceOf: RangeError });
  there = false;
  t.is(flash.read(1, 0), undefined);
  t.false(flash.write(Uint8Array.of(0), 0));
  t.is(flash.status(), undefined);
});

test("a partition that throws is a chip that does not answer", (t) => {
  const fails = (): never => {
    throw new Error("flash");
  };
  const flash = new PartitionFlash({
    read: fails,
    write: fails,
    eraseBlock: fails,
    status: () => ({ size: 8192, blocks: 2, blockLength: 4096 }),
  });
  t.is(flash.read(1, 0), undefined);
  t.false(flash.write(Uint8Array.of(1), 0));
  t.false(flash.eraseBlock(1));
  t.throws(() => flash.read(1, 8192), { instanceOf: RangeError });
});

test("a timer fires once, and clearing one that has fired is harmless", (t) => {
  const clock = new VirtualClock();
  const timer = timersOn(clock);
  const fired: string[] = [];
  const first = timer.set(() => fired.push("first"), 5);
  timer.clear(timer.set(() => fired.push("never"), 1));
  clock.advanceTo(10_000);
  timer.clear(first);
  timer.clear(12345);
  t.deepEqual(fired, ["first"]);
  t.throws(() => timer.set(() => undefined, -1), { instanceOf: RangeError });
});
