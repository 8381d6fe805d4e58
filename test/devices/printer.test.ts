import { inflateSync } from "node:zlib";
import test from "ava";
import { createCanvas, loadImage } from "@napi-rs/canvas";
import { VirtualClock } from "../../sim/clock.js";
import { BUFFER_BYTES, CUTTER_ROWS, VirtualPrinter, slipToPng } from "../../sim/devices/printer.js";
import { pngFromBits, pngFromRgb565 } from "../../sim/png.js";

function bench() {
  const clock = new VirtualClock();
  const device = new VirtualPrinter({ clock });
  const said: number[] = [];
  device.send = (bytes) => said.push(...bytes);
  const text = (value: string): void => device.receive(Buffer.from(value, "latin1"));
  const wait = (ms: number): void => clock.advanceTo(clock.nowUs() + ms * 1000);
  return { clock, device, said, text, wait };
}

test("a receipt as other encoders write it prints without a failure: lines, bold, alignment, feeds, a partial cut", (t) => {
  const { device, text, wait } = bench();
  text(
    "\x1b@\x1b3\x18\x1b\x74\x10\x1ba\x01\x1bE\x01\x1d!\x11Shop\x1b!\x00\n\x1bE\x00\x1ba\x00Item       1.00\r\n\x1b-\x01Total\x1b-\x00\x1bd\x03\x1b2\x1dV\x42\x00",
  );
  wait(2000);
  t.deepEqual(device.failures, []);
  t.is(device.slips.length, 1);
  t.is(device.slips[0]!.cut, "partial");
  t.true(device.slips[0]!.bits.some((byte) => byte !== 0));
});

test("a command that it does not know is recorded, and what follows is still printed", (t) => {
  const { device, text, wait } = bench();
  text("\x1bZ\x1d(k\x03\x001C\x05\x07");
  text("\x1dP\xcb\xcb\x1bJ\x0a");
  wait(100);
  t.is(device.failures.length, 3);
  t.is(device.hanging.height, CUTTER_ROWS + 10);
});

test("150 mm take a second, and a real-time status is answered meanwhile, also inside a picture", (t) => {
  const { device, said, text, wait } = bench();
  text("\x1dP\xcb\xcb" + "\x1bJ\xff".repeat(4) + "\x1bJ\xb4");
  wait(500);
  t.true(Math.abs(device.hanging.height - CUTTER_ROWS - 600) <= 1);
  text("\x1dv0\x00\x04\x00\x01\x00ab");
  text("\x10\x04\x01");
  t.deepEqual(said, [0x12]);
  wait(499);
  t.true(device.hanging.height < CUTTER_ROWS + 1200);
  wait(2);
  t.is(device.hanging.height, CUTTER_ROWS + 1201);
  t.deepEqual([...device.hanging.bits.subarray(-72, -67)], [0x61, 0x62, 0x10, 0x04, 0]);
});

test("motion units are what they were set to, and the printer's own after ESC @ and after a power-up", (t) => {
  const { device, text, wait } = bench();
  const fed = (commands: string): number => {
    const before = device.hanging.height;
    text(commands);
    wait(1000);
    return device.hanging.height - before;
  };
  t.is(fed("\x1bJ\x78"), 68, "120 / 360 of 203 dots");
  t.is(fed("\x1dP\xcb\xcb\x1bJ\x78"), 120);
  t.is(fed("\x1b@\x1bJ\x78"), 68);
  t.is(fed("\x1dP\xcb\xcb\x1bJ\x78"), 120);
  device.powerOff();
  device.powerOn();
  t.is(fed("\x1bJ\x78"), 68);
});

test("the setting of the line is told as Epson's reference has it", (t) => {
  const { device, said, text } = bench();
  text("\x1d(E\x02\x00\x0c\x03");
  t.deepEqual(said.splice(0), [0x37, 0x33, 0x33, 0x1f, 0x30, 0x00]);
  device.softwareFlowControl = true;
  text("\x1d(E\x02\x00\x0c\x03");
  t.deepEqual(said, [0x37, 0x33, 0x33, 0x1f, 0x31, 0x00]);
  t.deepEqual(device.failures, []);
});

test("a full buffer loses bytes and says so", (t) => {
  const { device, wait } = bench();
  device.coverOpen = true;
  device.receive(new Uint8Array(BUFFER_BYTES));
  t.deepEqual(device.failures, []);
  device.receive(new Uint8Array(3));
  t.is(device.failures.length, 3);
  device.coverOpen = false;
  wait(10);
  device.receive(new Uint8Array(3));
  t.is(device.failures.length, 3);
});

test("a cut without a feed goes 12 mm above the last row, for there the cutter is", (t) => {
  const { device, text, wait } = bench();
  text("\x1dP\xcb\xcb\x1bJ\xc8\x1dV\x00");
  wait(1000);
  t.is(device.slips[0]!.height, 200);
  t.is(device.hanging.height, CUTTER_ROWS);
  device.tearOff();
  t.is(device.slips[1]!.height, 0);
});

test("a paper that ends stops at its row and goes on from there when there is paper", (t) => {
  const { device, text, wait } = bench();
  device.paperOutAfterRows = 50;
  text("\x1dP\xcb\xcb\x1bJ\xc8");
  wait(1000);
  t.is(device.hanging.height, CUTTER_ROWS + 50);
  t.true(device.paperOut);
  device.paperOut = false;
  wait(1000);
  t.is(device.hanging.height, CUTTER_ROWS + 200);
});

test("status by itself comes when asked for, then at each change and not otherwise", (t) => {
  const { device, said, text } = bench();
  device.nearEnd = true;
  t.deepEqual(said, []);
  text("\x1da\x0e");
  t.deepEqual(said, [0x10, 0x00, 0x03, 0x0f]);
  device.coverOpen = true;
  device.coverOpen = true;
  t.deepEqual(said.slice(4), [0x38, 0x00, 0x03, 0x0f]);
});

test("a PNG of paper and of a screen is what another decoder sees", async (t) => {
  const bits = Uint8Array.of(0b10000001, 0b01000000, 0b00000000, 0b11000000);
  const paper = await loadImage(Buffer.from(pngFromBits(10, 2, bits)));
  const canvas = createCanvas(10, 2);
  const context = canvas.getContext("2d");
  context.drawImage(paper, 0, 0);
  const pixels = context.getImageData(0, 0, 10, 2).data;
  const black = Array.from({ length: 20 }, (_, i) => (pixels[i * 4] === 0 ? "#" : ".")).join("");
  t.is(black, "#......#.#" + "........##");

  const screen = await loadImage(Buffer.from(pngFromRgb565(3, 1, Uint8Array.of(0x00, 0xf8, 0xe0, 0x07, 0x1f, 0x00))));
  context.drawImage(screen, 0, 0);
  t.deepEqual([...context.getImageData(0, 0, 3, 1).data], [255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255]);
  t.throws(() => pngFromBits(10, 2, new Uint8Array(3)), { instanceOf: RangeError });
});

test("the picture of a slip shows where it was cut, that of hanging paper does not", (t) => {
  const bits = new Uint8Array(72 * 4);
  const heightOf = (png: Uint8Array): number => Buffer.from(png).readUInt32BE(20);
  t.is(heightOf(slipToPng({ height: 4, bits, cut: "full" })), 10);
  t.is(heightOf(slipToPng({ height: 4, bits, cut: undefined })), 4);
  const data = Buffer.from(slipToPng({ height: 4, bits, cut: "full" }));
  const scanlines = inflateSync(data.subarray(41, 41 + data.readUInt32BE(33)));
  const inked = Array.from({ length: 10 }, (_, y) =>
    scanlines.subarray(y * 81 + 1, (y + 1) * 81).some((byte) => byte !== 0xff),
  );
  t.deepEqual(inked, [false, false, false, false, false, false, true, true, false, false]);
});
