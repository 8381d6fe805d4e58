// Each fault that sim/nor.ts promises in its FAULTS section happens, and only where it says.

import test from "ava";
import fc from "fast-check";
import { NorChip, type NorOperation, PowerCut, type Tear, type TearOptions } from "../../sim/nor.js";
import { chanceFrom } from "../support/serial-pair.js";

const block = 4096;
const size = 16 * block;

/** A chip whose block 1 is full of `byte`, everything else erased. */
function filled(byte: number, seed = 1): NorChip {
  const chip = new NorChip({ size, chance: chanceFrom(seed) });
  chip.program(block, new Uint8Array(block).fill(byte));
  return chip;
}

function ones(bytes: Uint8Array): number {
  let count = 0;
  for (const byte of bytes) for (let rest = byte; rest !== 0; rest &= rest - 1) count++;
  return count;
}

function torn(chip: NorChip, operation: NorOperation, tear?: Tear, options?: TearOptions, seed = 7): void {
  chip.tear(operation, chanceFrom(seed), tear, options);
}

/** How often the byte at 0 is read otherwise than `sound`. */
function flips(chip: NorChip, reads: number, sound = 0xff): number {
  let count = 0;
  for (let i = 0; i < reads; i++) if (chip.read(1, 0)![0] !== sound) count++;
  return count;
}

for (const one of [50, 500, 5000]) {
  test(`a weak bit of 1/${one} reads wrong about so often, alone, and its cell is not changed by it`, (t) => {
    const chip = new NorChip({ size, chance: chanceFrom(one) });
    chip.weaken(0, 3, 1 / one);
    const reads = one * 100;
    let wrong = 0;
    for (let i = 0; i < reads; i++) {
      const bytes = chip.read(2, 0)!;
      t.true((bytes[0] === 0xff || bytes[0] === 0xf7) && bytes[1] === 0xff);
      if (bytes[0] !== 0xff) wrong++;
    }
    // 100 are expected: five standard deviations
    t.true(wrong > 50 && wrong < 150, `${wrong} of ${reads}`);
    t.is(chip.cells[0], 0xff);
  });
}

test("a weak bit stays weak over a power cycle and through a cut erase, until it is programmed to 0 or its block is erased in full", (t) => {
  const chip = new NorChip({ size, chance: chanceFrom(2) });
  chip.weaken(0, 0, 0.5);
  chip.present = false;
  chip.present = true;
  t.true(flips(chip, 40) > 0);
  chip.program(0, Uint8Array.of(0xff));
  chip.program(1, Uint8Array.of(0x00));
  t.true(flips(chip, 40) > 0, "a program that leaves it 1, or reaches another cell, does not mend it");
  torn(chip, { kind: "erase", block: 0 }, { kind: "subset", done: 1 });
  t.is(chip.weakBits, 1);
  t.true(flips(chip, 40) > 0, "an erase that was cut does not mend it");
  chip.erase(1);
  t.is(chip.weakBits, 1);
  chip.erase(0);
  t.is(chip.weakBits, 0);
  t.is(flips(chip, 40), 0);
  chip.weaken(0, 0, 0.5);
  chip.program(0, Uint8Array.of(0xfe));
  t.is(chip.weakBits, 0);
  t.is(flips(chip, 40, 0xfe), 0, "programmed to 0 it is a sound 0");
});

test("without chance nothing random happens", (t) => {
  const chip = new NorChip({ size, disturb: 1, endurance: 0 });
  chip.weaken(0, 0, 0.5);
  t.is(flips(chip, 100), 0);
  chip.erase(0);
  chip.program(0, Uint8Array.of(0));
  chip.erase(0);
  t.true(chip.cells.every((byte) => byte === 0xff));
});

test("a read or a program disturbs one cell of its own sector, from 1 to 0 only, as often as it is told", (t) => {
  for (const kind of ["read", "program"] as const) {
    const chip = new NorChip({ size, chance: chanceFrom(3), disturb: 0.1 });
    const operations = 2000;
    for (let i = 0; i < operations; i++) {
      if (kind === "read") chip.read(16, block + 100);
      else chip.program(block + 100, new Uint8Array(16).fill(0xff));
    }
    const pulled = 8 * block - ones(chip.cells.subarray(block, 2 * block));
    // 200 are expected, of which few hit one cell twice
    t.true(pulled > 130 && pulled < 270, `${kind}: ${pulled}`);
    t.true(chip.cells.subarray(0, block).every((byte) => byte === 0xff));
    t.true(chip.cells.subarray(2 * block).every((byte) => byte === 0xff));
  }
});

test("rot flips so many bits of its range, either way, and none outside", (t) => {
  const chip = filled(0x0f);
  chip.rot(block, block, 64, chanceFrom(4));
  const changed = chip.cells.subarray(block, 2 * block).map((byte) => byte ^ 0x0f);
  t.true(ones(changed) > 56 && ones(changed) <= 64);
  t.true(
    ones(changed.map((byte) => byte & 0x0f)) > 0 && ones(changed.map((byte) => byte & 0xf0)) > 0,
    "both directions",
  );
  t.true(
    chip.cells.subarray(0, block).every((byte) => byte === 0xff) &&
      chip.cells.subarray(2 * block).every((byte) => byte === 0xff),
  );
});

test("a stuck bit keeps its value through programs, erases and cuts; its neighbours do not", (t) => {
  const chip = new NorChip({ size, chance: chanceFrom(5) });
  chip.stick(10, 0, 0);
  chip.stick(10, 7, 1);
  t.is(chip.cells[10], 0xfe);
  chip.program(10, Uint8Array.of(0x00));
  t.is(chip.cells[10], 0x80);
  chip.erase(0);
  t.is(chip.cells[10], 0xfe);
  torn(chip, { kind: "program", address: 0, data: new Uint8Array(256) }, { kind: "subset", done: 1 });
  t.is(chip.cells[10], 0x80);
  torn(chip, { kind: "erase", block: 0 }, { kind: "bytes", from: 0, to: block });
  t.is(chip.cells[10], 0x80);
  t.is(chip.cells[11], 0);
});

test("a chip that lies says done and does nothing, for so many operations, each page being one", (t) => {
  const chip = filled(0x55);
  chip.ignore = 3;
  t.true(chip.program(200, new Uint8Array(100)), "two pages");
  t.true(chip.erase(1));
  t.is(chip.cells[200], 0xff);
  t.is(chip.cells[256], 0xff);
  t.is(chip.cells[block], 0x55);
  t.true(chip.program(200, new Uint8Array(1)));
  t.is(chip.cells[200], 0);
});

test("a chip that fails says so and does nothing, for so many operations", (t) => {
  const chip = filled(0x55);
  chip.fail = 2;
  t.false(chip.program(0, new Uint8Array(1)));
  t.false(chip.erase(1));
  t.is(chip.cells[0], 0xff);
  t.is(chip.cells[block], 0x55);
  t.true(chip.erase(1));
  t.is(chip.cells[block], 0xff);
});

test("one program reaches another page than the one addressed, and says done", (t) => {
  const chip = new NorChip({ size });
  chip.misaddress = 256;
  t.true(chip.program(0, Uint8Array.of(1, 2)));
  t.true(chip.program(512, Uint8Array.of(3)));
  t.deepEqual([chip.cells[0], chip.cells[256], chip.cells[257], chip.cells[512]], [0xff, 1, 2, 3]);
});

test("a block erased more often than it endures gets one stuck bit more with each erase; the others none", (t) => {
  const chip = new NorChip({ size, chance: chanceFrom(6), endurance: 10 });
  for (let i = 0; i < 10; i++) chip.erase(2);
  t.is(ones(chip.cells), size * 8);
  for (let i = 0; i < 5; i++) chip.erase(2);
  t.is(ones(chip.cells.subarray(2 * block, 3 * block)), block * 8 - 5);
  t.is(ones(chip.cells), size * 8 - 5);
  t.deepEqual([chip.wear[1], chip.wear[2]], [0, 15]);
});

test("the kinds of a torn program: none, all, a range of bytes, and a subset of the bits", (t) => {
  const data = new Uint8Array(64);
  const cut = (tear: Tear): Uint8Array => {
    const chip = filled(0xf0);
    torn(chip, { kind: "program", address: block, data }, tear);
    t.true(chip.cells.subarray(block + 64, 2 * block).every((byte) => byte === 0xf0));
    return chip.cells.slice(block, block + 64);
  };
  t.true(cut({ kind: "subset", done: 0 }).every((byte) => byte === 0xf0));
  t.true(cut({ kind: "subset", done: 1 }).every((byte) => byte === 0));
  t.deepEqual(
    [...cut({ kind: "bytes", from: 10, to: 20 })].map((byte) => byte === 0),
    [...data].map((_, i) => i >= 10 && i < 20),
  );
  const half = ones(cut({ kind: "subset", done: 0.5 }));
  t.true(half > 90 && half < 166, `${half} of 256 bits left`);
});

test("the kinds of a torn erase: zero from an address on, a subset raised, reads erased or as before but weak", (t) => {
  const cut = (tear: Tear, flip = 0): NorChip => {
    const chip = filled(0xa5);
    torn(chip, { kind: "erase", block: 1 }, tear, { flip });
    return chip;
  };
  const zeroed = cut({ kind: "bytes", from: 1000, to: block }).cells.subarray(block, 2 * block);
  t.true(zeroed.subarray(0, 1000).every((byte) => byte === 0xa5) && zeroed.subarray(1000).every((byte) => byte === 0));
  const raised = cut({ kind: "subset", done: 0.5 }).cells.subarray(block, 2 * block);
  t.true(raised.every((byte) => (byte & 0xa5) === 0xa5));
  t.true(ones(raised) > 4 * block + 7000 && ones(raised) < 4 * block + 9400);
  const done = cut({ kind: "done-weak" }, 0.01);
  t.true(done.cells.subarray(block, 2 * block).every((byte) => byte === 0xff));
  t.is(done.weakBits, 4 * block, "every bit that the erase changed");
  const undone = cut({ kind: "undone-weak" }, 0.01);
  t.true(undone.cells.subarray(block, 2 * block).every((byte) => byte === 0xa5));
  t.is(undone.weakBits, 4 * block);
  t.false(
    done.read(block, block)!.every((byte) => byte === 0xff),
    "reads erased nearly always, but with 16,384 weak bits not at all places at once",
  );
});

test("a torn program leaves so great a share of its bits weak, and only of those it was to change", (t) => {
  const chip = filled(0x0f);
  torn(
    chip,
    { kind: "program", address: block, data: new Uint8Array(256) },
    { kind: "subset", done: 0.5 },
    { weakShare: 0.25, flip: 0.01 },
  );
  t.true(chip.weakBits > 190 && chip.weakBits < 322, `${chip.weakBits} of 1024`);
  for (let i = 0; i < 30; i++) t.true(chip.read(256, block)!.every((byte) => (byte & 0xf0) === 0));
});

test("a cut harms other pages of its sector and no other sector", (t) => {
  const chip = new NorChip({ size, chance: chanceFrom(8) });
  torn(
    chip,
    { kind: "program", address: 5 * block, data: new Uint8Array(16) },
    { kind: "subset", done: 0 },
    { harmed: 200, flip: 0.01 },
  );
  const pulled = block * 8 - ones(chip.cells.subarray(5 * block, 6 * block));
  t.true(pulled > 60 && chip.weakBits > 60 && pulled + chip.weakBits <= 200);
  t.true(ones(chip.cells.subarray(5 * block + 256, 6 * block)) < (block - 256) * 8, "beyond its page");
  t.is(ones(chip.cells), size * 8 - pulled);
});

test("the hook sees the operation before it is done, and a thrown cut leaves what the hook tore", (t) => {
  const chip = filled(0x0f);
  chip.onOperation = (operation) => {
    if (operation.kind === "read") return;
    torn(chip, operation, { kind: "subset", done: 0 });
    throw new PowerCut();
  };
  t.throws(() => chip.program(block, new Uint8Array(4)), { instanceOf: PowerCut });
  t.throws(() => chip.erase(1), { instanceOf: PowerCut });
  t.true(chip.cells.subarray(block, 2 * block).every((byte) => byte === 0x0f));
  t.is(chip.counters.erases, 0);
});

test("operations take the data sheet's time", (t) => {
  const chip = new NorChip({ size });
  chip.program(0, new Uint8Array(256));
  t.is(chip.elapsedUs, 400);
  chip.program(0, new Uint8Array(257));
  t.is(chip.elapsedUs, 1200);
  chip.erase(0);
  t.is(chip.elapsedUs, 46_200);
  chip.read(6250, 0);
  t.is(chip.elapsedUs, 47_200);
  t.is(chip.counters.erases, 1);
});

test("one seed, one chip: the same run leaves the same cells and reads the same bytes", (t) => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const run = (): string => {
        const chip = new NorChip({ size, chance: chanceFrom(seed), disturb: 0.05, endurance: 2 });
        const seen: number[] = [];
        for (let i = 0; i < 6; i++) {
          chip.program(i * 100, new Uint8Array(300).fill(i));
          chip.tear(
            { kind: "program", address: 2048, data: new Uint8Array(64).fill(i) },
            chanceFrom(seed + i),
            undefined,
            { weakShare: 0.3, flip: 0.2, harmed: 2 },
          );
          seen.push(...chip.read(128, 2000)!);
          if (i % 2 === 0) chip.erase(0);
        }
        return `${seen.join()} ${chip.cells.subarray(0, block).join()}`;
      };
      t.is(run(), run());
    }),
    { numRuns: 10 },
  );
});

test("a chip restored is new: cells as given, nothing weak, nothing stuck", (t) => {
  const chip = filled(0x55);
  chip.stick(0, 0, 0);
  chip.weaken(1, 0, 1);
  chip.restore(new Uint8Array(size).fill(0xff));
  t.is(chip.weakBits, 0);
  chip.erase(0);
  t.true(chip.read(size, 0)!.every((byte) => byte === 0xff));
});
