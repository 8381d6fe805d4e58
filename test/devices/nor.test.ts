import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import fc from "fast-check";
import { NorChip, PowerCut } from "../../sim/nor.js";
import { chanceFrom } from "../support/serial-pair.js";

const geometry = { size: 64 * 1024 };

test("a program only clears bits, an erase sets a whole block", (t) => {
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          address: fc.nat(65000),
          data: fc.uint8Array({ minLength: 1, maxLength: 500 }),
          erase: fc.option(fc.nat(15)),
        }),
        { maxLength: 12 },
      ),
      (steps) => {
        const chip = new NorChip(geometry);
        const model = new Uint8Array(geometry.size).fill(0xff);
        for (const { address, data, erase } of steps) {
          if (erase !== null) {
            chip.erase(erase);
            model.fill(0xff, erase * 4096, (erase + 1) * 4096);
          }
          const fitting = data.subarray(0, geometry.size - address);
          chip.program(address, fitting);
          fitting.forEach((byte, i) => (model[address + i]! &= byte));
        }
        t.is(Buffer.compare(chip.read(geometry.size, 0)!, model), 0);
      },
    ),
    { numRuns: 40 },
  );
});

test("programming a bit back to 1 changes nothing and is reported as misuse", (t) => {
  const said: string[] = [];
  const chip = new NorChip({ ...geometry, onMisuse: (what) => said.push(what) });
  t.true(chip.program(10, Uint8Array.of(0x0f)));
  t.is(chip.counters.misuses, 0);
  t.true(chip.program(10, Uint8Array.of(0xff)));
  t.deepEqual(chip.read(1, 10), Uint8Array.of(0x0f));
  t.is(chip.counters.misuses, 1);
  t.is(said.length, 1);
});

test("a program across pages is one operation for each page", (t) => {
  const chip = new NorChip(geometry);
  const seen: number[] = [];
  chip.onOperation = (operation) => {
    if (operation.kind === "program") seen.push(operation.address);
  };
  chip.program(250, new Uint8Array(300));
  t.deepEqual(seen, [250, 256, 512]);
  t.is(chip.counters.programs, 3);
  t.is(chip.counters.bytesProgrammed, 300);
});

test("what lies outside the chip is a bug and throws", (t) => {
  const chip = new NorChip(geometry);
  t.throws(() => chip.read(1, geometry.size), { instanceOf: RangeError });
  t.throws(() => chip.read(2, geometry.size - 1), { instanceOf: RangeError });
  t.throws(() => chip.program(geometry.size, Uint8Array.of(0)), { instanceOf: RangeError });
  t.throws(() => chip.erase(16), { instanceOf: RangeError });
  t.throws(() => chip.erase(0.5), { instanceOf: RangeError });
  t.throws(() => new NorChip({ size: 5000 }), { instanceOf: RangeError });
});

test("an absent chip answers nothing and keeps what it holds", (t) => {
  const chip = new NorChip(geometry);
  chip.program(0, Uint8Array.of(1));
  chip.present = false;
  t.is(chip.read(1, 0), undefined);
  t.false(chip.program(0, Uint8Array.of(0)));
  t.false(chip.erase(0));
  t.is(chip.status(), undefined);
  chip.present = true;
  t.deepEqual(chip.read(1, 0), Uint8Array.of(1));
});

test("a file holds what the chip holds, also after a cut, and is opened again", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "nor-"));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "a.nor");
  const chip = new NorChip({ ...geometry, file });
  chip.program(4000, new Uint8Array(200).fill(0x55));
  const chance = chanceFrom(1);
  chip.onOperation = (operation) => {
    chip.tear(operation, chance);
    throw new PowerCut();
  };
  t.throws(() => chip.erase(0), { instanceOf: PowerCut });
  t.throws(() => chip.program(8192, new Uint8Array(256)), { instanceOf: PowerCut });
  const before = chip.cells.slice();
  chip.close();
  const again = new NorChip({ ...geometry, file });
  t.deepEqual(again.cells, before);
  again.close();
  t.throws(() => new NorChip({ size: 128 * 1024, file }), { message: /65536 bytes/ });
});

test("a torn program leaves a subset of the page's bits done and touches nothing else", (t) => {
  fc.assert(
    fc.property(fc.integer(), fc.uint8Array({ minLength: 1, maxLength: 256 }), (seed, data) => {
      const chip = new NorChip(geometry);
      chip.program(0, new Uint8Array(256).fill(0xf7));
      chip.tear({ kind: "program", address: 0, data }, chanceFrom(seed));
      for (let i = 0; i < 512; i++) {
        const old = i < 256 ? 0xf7 : 0xff;
        const cell = chip.cells[i]!;
        const wanted = i < data.length ? old & data[i]! : old;
        t.is(cell & ~old, 0, "never a bit from 0 to 1");
        t.is(wanted & ~cell, 0, "never a bit cleared that was not to be");
      }
    }),
    { numRuns: 20 },
  );
});

test("torn erases are of both kinds: zeroed from the end, and partly erased", (t) => {
  const kinds = new Set<string>();
  for (let seed = 0; seed < 40; seed++) {
    const chip = new NorChip(geometry);
    chip.program(4096, new Uint8Array(4096).fill(0xaa));
    chip.tear({ kind: "erase", block: 1 }, chanceFrom(seed));
    const block = chip.cells.subarray(4096, 8192);
    t.true(chip.cells.subarray(0, 4096).every((byte) => byte === 0xff));
    t.true(chip.cells.subarray(8192).every((byte) => byte === 0xff));
    const firstZero = block.indexOf(0);
    if (firstZero >= 0 && block.subarray(firstZero).every((byte) => byte === 0)) kinds.add("zeroed from the end");
    else if (block.every((byte) => (byte & 0xaa) === 0xaa)) kinds.add("partly erased");
    else t.fail(`seed ${seed}`);
  }
  t.is(kinds.size, 2);
});
