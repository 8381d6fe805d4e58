import test from "ava";
import { SpiNor } from "../../sim/board/spi-nor.js";
import { NorChip } from "../../sim/nor.js";

const WRITE_ENABLE = Uint8Array.of(0x06);

function command(op: number, address: number, ...data: readonly number[]): Uint8Array {
  return Uint8Array.of(op, address >>> 16, address >>> 8, address, ...data);
}

test("a chip names its maker and its size", (t) => {
  t.deepEqual(
    [...new SpiNor(new NorChip({ size: 8 * 1024 * 1024 })).transfer(Uint8Array.of(0x9f), 3)],
    [0xef, 0x40, 0x17],
  );
  t.deepEqual(
    [...new SpiNor(new NorChip({ size: 16 * 1024 * 1024 })).transfer(Uint8Array.of(0x9f), 3)],
    [0xef, 0x40, 0x18],
  );
});

test("an absent chip drives nothing", (t) => {
  const chip = new NorChip({ size: 65536 });
  chip.present = false;
  const spi = new SpiNor(chip);
  t.deepEqual([...spi.transfer(Uint8Array.of(0x9f), 3)], [0xff, 0xff, 0xff]);
  t.deepEqual([...spi.transfer(Uint8Array.of(0x05), 1)], [0xff]);
});

test("without a write enable nothing is programmed or erased, and one enable is good for one", (t) => {
  const chip = new NorChip({ size: 65536 });
  const spi = new SpiNor(chip);
  spi.transfer(command(0x02, 16, 1, 2, 3), 0);
  t.is(chip.cells[16], 0xff);
  spi.transfer(WRITE_ENABLE, 0);
  t.deepEqual([...spi.transfer(Uint8Array.of(0x05), 2)], [2, 2]);
  spi.transfer(command(0x02, 16, 1, 2, 3), 0);
  t.deepEqual([...spi.transfer(Uint8Array.of(0x05), 1)], [1], "busy");
  spi.transfer(command(0x02, 32, 9), 0);
  t.deepEqual([...spi.transfer(command(0x03, 15), 5)], [0xff, 1, 2, 3, 0xff]);
  t.is(chip.cells[32], 0xff);
  spi.transfer(command(0x20, 16), 0);
  t.is(chip.cells[16], 1);
  spi.transfer(WRITE_ENABLE, 0);
  spi.transfer(command(0x20, 16), 0);
  t.is(chip.cells[16], 0xff);
  t.is(chip.counters.erases, 1);
});

test("a page program that leaves its page goes on at the page's beginning", (t) => {
  const chip = new NorChip({ size: 65536 });
  const spi = new SpiNor(chip);
  spi.transfer(WRITE_ENABLE, 0);
  spi.transfer(command(0x02, 0x1fe, 1, 2, 3, 4), 0);
  t.deepEqual([...chip.cells.subarray(0x1fe, 0x200)], [1, 2]);
  t.deepEqual([...chip.cells.subarray(0x100, 0x102)], [3, 4]);
  t.is(chip.cells[0x200], 0xff);
});

test("a command that the family does not have is a bug and throws", (t) => {
  const spi = new SpiNor(new NorChip({ size: 65536 }));
  t.throws(() => spi.transfer(Uint8Array.of(0x77), 1), { message: /no command/ });
  t.throws(() => spi.transfer(Uint8Array.of(0x03, 0, 0), 1), { message: /without its address/ });
});
