// The device log: what a life leaves in it, cuts at every operation of an append and of the start behind it, and what
// somebody with the flash in their hands destroys, changes or cuts off: named with its place, at a start and by the
// office's reader alike.

import test from "ava";
import { equalBytes, readU32 } from "../../firmware/bytes.js";
import { Crypto } from "../../firmware/crypto/crypto.js";
import { deviceKeys } from "../../firmware/device/keys.js";
import { deviceBlock } from "../../firmware/device/layout.js";
import { DeviceLog, headHarmed } from "../../firmware/device/log.js";
import { logAddress, logBlocks, logCell, logCellsPerBlock, logHeadAddress } from "../../firmware/device/log-cell.js";
import { twinEntry, twinLength, twinPayload } from "../../firmware/device/twin-log.js";
import { logLine, readDeviceLog } from "../../office/device/log.js";
import { sodiumPrimitives } from "../../office/crypto/sodium.js";
import { NorChip, type NorOperation, flashOf } from "../../sim/nor.js";
import { QuickChance } from "../../sim/quick-chance.js";
import { apply } from "../campaigns/corruption/moments.js";
import type { Writing } from "../campaigns/crash/day.js";
import { remembering } from "../campaigns/crash/remember.js";
import { classOf, faultsFor } from "../campaigns/crash/faults.js";

const crypto = new Crypto({ primitives: remembering(sodiumPrimitives), random: () => undefined });
const secret = new Uint8Array(32).fill(0x31);
const { sign } = deviceKeys(crypto, secret);
const size = 0x1_0000;
let draw = new QuickChance("log");

class Bench {
  readonly chip = new NorChip({ size, chance: () => draw.next() });
  readonly operations: Writing[] = [];

  constructor(cells?: Uint8Array) {
    if (cells !== undefined) this.chip.restore(cells);
    this.chip.onOperation = (operation: NorOperation) => {
      if (operation.kind === "read") return;
      this.operations.push(operation.kind === "program" ? { ...operation, data: operation.data.slice() } : operation);
    };
  }

  start(isKnown = true): DeviceLog {
    const clock = { monotonic: () => 0, wall: () => 1_795_235_400 };
    return DeviceLog.open({ flash: flashOf(this.chip), crypto, clock, secret, sign, isKnown });
  }

  read(): ReturnType<typeof readDeviceLog> {
    return readDeviceLog(crypto, this.chip.cells, sign.publicKey);
  }
}

const root = (n: number): Uint8Array => new Uint8Array(32).fill(n);

/** Begun, and `more` entries behind that, `each` to a start. */
function lived(more: number, each = 3): Bench {
  const bench = new Bench();
  let log = bench.start(false);
  log.append("made", sign.publicKey);
  for (let i = 0; i < more; i++) {
    if (i % each === 0) log = bench.start();
    if (!log.append("installed", root(i), i)) throw new Error("not kept");
  }
  return bench;
}

test("a life: entries follow each other over starts, the oldest make room, and what is there is all there", (t) => {
  for (const more of [0, 1, 20, 61, 62, 63, 150]) {
    const bench = lived(more);
    const log = bench.start();
    t.is(log.state, "whole", `${more}`);
    t.is(log.count, more + 1);
    const { entries, dropped, problems } = bench.read();
    t.deepEqual(problems, []);
    t.is(dropped + entries.length, more + 1);
    t.true(more < 40 ? dropped === 0 : entries.length >= 30, `${entries.length} kept of ${more}`);
    t.deepEqual(
      entries.map(({ number }) => number),
      Array.from({ length: entries.length }, (_, i) => dropped + i),
    );
    if (more > 0) t.deepEqual(log.newest("installed")?.what, root(more - 1));
  }
  const bench = lived(1);
  t.regex(
    bench.read().entries.map(logLine).join("\n"),
    /^0 2026-\S+Z made: .*\n1 2026-\S+Z installed: 0{64}, as number 0$/,
  );
  // a start that writes nothing changes nothing
  const before = bench.chip.cells.slice();
  bench.start().note("installed", root(0), 0);
  t.true(equalBytes(bench.chip.cells, before));
});

test("a cut at every operation of an append, and again of the start behind it: the entry is there whole or not at all, and nothing is missed", (t) => {
  const classes = new Set<string>();
  let starts = 0;
  // the first of all, in a block, into the next block, and into one with old entries
  for (const more of [-1, 7, 62, 63]) {
    const before = more < 0 ? new Bench().chip.cells.slice() : lived(more).chip.cells.slice();
    const isKnown = more >= 0;
    const append = (bench: Bench): void => {
      const log = bench.start(isKnown);
      bench.operations.length = 0;
      log.append(more < 0 ? "made" : "released", more < 0 ? sign.publicKey : root(0xaa));
    };
    const whole = new Bench(before);
    append(whole);
    const steps = whole.operations.slice();
    const check = (bench: Bench, what: string): Writing[] => {
      bench.operations.length = 0;
      const log = bench.start(isKnown);
      const recovery = bench.operations.slice();
      starts++;
      t.is(log.harmed, undefined, what);
      t.true(log.count === more + 1 || log.count === more + 2, `${what}: ${log.count}`);
      if (log.count > 0) t.deepEqual(bench.read().problems, [], what);
      const count = log.count;
      t.true(log.append("installed", root(0xbb)), what);
      const next = bench.start(isKnown);
      t.is(next.harmed, undefined, `${what}, next`);
      t.is(next.count, count + 1, `${what}, next`);
      t.deepEqual(bench.read().problems, [], `${what}, next`);
      return recovery;
    };
    const cells = before.slice();
    // what the start before the append wrote
    const started = new Bench(before);
    started.start(isKnown);
    for (const operation of started.operations) apply(cells, operation);
    for (const [nth, operation] of steps.entries()) {
      for (const fault of faultsFor(operation)) {
        const what = `${more}/${nth}/${fault.name}`;
        classes.add(classOf(fault));
        const cut = (): Bench => {
          draw = new QuickChance(what);
          const bench = new Bench(cells);
          bench.chip.tear(operation, () => draw.next(), fault.tear, fault.options);
          return bench;
        };
        const recovery = check(cut(), what);
        if (!/^(all|subset (3|7))/.test(fault.name)) continue;
        for (const [k, next] of recovery.entries()) {
          const bench = cut();
          for (const done of recovery.slice(0, k)) {
            if (done.kind === "erase") bench.chip.erase(done.block);
            else bench.chip.program(done.address, done.data);
          }
          bench.chip.tear(next, () => draw.next());
          check(bench, `${what}/${k}`);
        }
      }
      apply(cells, operation);
    }
  }
  t.log(`${starts} starts after a cut`);
  t.true(starts > 1200 && classes.size >= 7, `${starts} ${classes.size}`);
});

test("a head of which cuts tore the second copy, time and again, is there twice behind the next start", (t) => {
  const bench = lived(3);
  const before = bench.chip.cells.slice();
  for (let cut = 0; cut < 5; cut++) {
    const { log, at } = { log: bench.start(), at: lastHead(bench.chip.cells) };
    t.is(log.harmed, undefined, `${cut}`);
    t.deepEqual(bench.read().problems, [], `${cut}`);
    t.is(timesOf(bench.chip.cells, at), 2, `${cut}`);
    bench.chip.cells.fill(0xff, at, at + twinEntry - 12);
  }
  const whole = new Bench(before);
  whole.start();
  whole.operations.length = 0;
  whole.start();
  t.false(
    whole.operations.some(({ kind }) => kind === "erase"),
    "nothing is written where both are there",
  );
});

/** How often what that place says is there: a reader without the key goes by it. */
function timesOf(cells: Uint8Array, place: number): number {
  const payload = cells.slice(place + 4, place + 4 + twinPayload);
  let times = 0;
  for (let at = logHeadAddress; at < logHeadAddress + twinLength; at += twinEntry)
    if (equalBytes(cells.slice(at + 4, at + 4 + twinPayload), payload)) times++;
  return times;
}

/** The place that was written last. */
function lastHead(cells: Uint8Array): number {
  let last = { number: 0, at: 0 };
  for (let at = logHeadAddress; at < logHeadAddress + twinLength; at += twinEntry) {
    const number = readU32(cells, at);
    if (number !== 0xffff_ffff && number >= last.number) last = { number, at };
  }
  return last.at;
}

/** Where the copies of an entry lie. */
function copiesOf(cells: Uint8Array, number: number): number[] {
  const found: number[] = [];
  for (let block = 0; block < logBlocks; block++)
    for (let i = 0; i < logCellsPerBlock; i++) {
      const at = logAddress + block * deviceBlock + i * logCell;
      if (Buffer.from(cells.buffer, cells.byteOffset + at, 4).readUInt32BE() === number && cells[at + 4] !== 0)
        found.push(at);
    }
  return found;
}

test("a bit of one copy harms nothing; of both, it is named with its place at the start, once, and by the reader", (t) => {
  const sound = lived(20).chip.cells.slice();
  for (let number = 0; number <= 20; number++) {
    const copies = copiesOf(sound, number);
    t.is(copies.length, 2, `${number}`);
    for (const offset of [5, 9, 17, 50, 100, 150]) {
      const one = new Bench(sound);
      one.chip.cells[copies[number % 2]! + offset]! ^= 4;
      t.is(one.start().harmed, undefined);
      t.deepEqual(one.read().problems, []);
      const bench = new Bench(sound);
      for (const at of copies) bench.chip.cells[at + offset]! ^= 4;
      // the check is the device's alone, and harms no signature
      if (offset < 144) t.deepEqual(bench.read().problems, [`entry ${number}: gone, or changed`]);
      const log = bench.start();
      t.deepEqual([log.harmed, log.state, log.count], [number, "changed", 22], `${number} at ${offset}`);
      t.true(bench.read().problems.includes(`entry 21: the device found this log changed, at entry ${number}`));
      const again = bench.start();
      t.deepEqual([again.harmed, again.count], [number, 22], "noted once");
    }
  }
});

test("cut off, taken from the beginning or the middle, appended to, its length taken or older, all of it gone: named", (t) => {
  const sound = lived(150).chip.cells.slice();
  const { dropped } = new Bench(sound).read();
  const early = lived(147).chip.cells.slice();
  const harm = (change: (cells: Uint8Array) => void): { at: number | undefined; said: readonly string[] } => {
    const bench = new Bench(sound);
    change(bench.chip.cells);
    const said = bench.read().problems;
    const log = bench.start();
    const after = bench.start();
    t.is(after.harmed, log.harmed, "it stays said");
    t.true(after.append("released", root(1)), "and is gone on with");
    t.is(bench.start().count, after.count);
    return { at: log.harmed, said };
  };
  const erased =
    (...numbers: readonly number[]) =>
    (cells: Uint8Array) => {
      for (const number of numbers) for (const at of copiesOf(cells, number)) cells.fill(0xff, at, at + logCell);
    };
  const zeroed = (number: number) => (cells: Uint8Array) => {
    for (const at of copiesOf(cells, number)) cells.fill(0, at, at + logCell);
  };
  t.is(harm(erased(150)).at, 150, "the last");
  t.is(harm(erased(148, 149, 150)).at, 148, "the last three");
  t.is(harm(zeroed(150)).at, 150);
  t.is(harm(erased(dropped)).at, dropped, "the first");
  t.is(harm(zeroed(130)).at, 130);
  t.deepEqual(harm(zeroed(130)).said, ["entry 130: gone, or changed"]);
  t.is(harm((cells) => cells.fill(0xff, logHeadAddress, logHeadAddress + twinLength)).at, headHarmed);
  t.is(harm((cells) => cells.fill(0, logHeadAddress, logHeadAddress + twinLength)).at, headHarmed);
  const older = (cells: Uint8Array): void =>
    cells.set(early.subarray(logHeadAddress, logHeadAddress + twinLength), logHeadAddress);
  t.is(harm(older).at, headHarmed);
  t.deepEqual(harm(older).said, ["its length is older than itself: 148 of 151 entries"]);
  t.is(harm((cells) => cells.fill(0xff, logAddress)).at, 0, "all of it");
  for (let block = 0; block < logBlocks; block++) {
    for (const value of [0, 0xff]) {
      const { at, said } = harm((cells) => {
        const from = logAddress + block * deviceBlock;
        cells.fill(value, from, from + deviceBlock);
      });
      t.true(at !== undefined && at >= dropped && at <= 150, `block ${block}: ${at}`);
      t.true(said.length > 0, `block ${block}`);
    }
  }
  // another device's, rightly made, and what an older life of this one had
  const other = harm((cells) => {
    const [from] = copiesOf(cells, 140);
    for (const at of copiesOf(cells, 141)) cells.copyWithin(at, from!, from! + logCell);
  });
  t.is(other.at, 141);
});

test("a second harm is named as the first was; entries of two lives of one device do not pass as one", (t) => {
  const bench = lived(12);
  const fork = bench.chip.cells.slice();
  const log = bench.start();
  for (let i = 0; i < 4; i++) log.append("installed", root(0x50 + i));
  const theirs = new Bench(fork);
  const another = theirs.start();
  for (let i = 0; i < 4; i++) another.append("installed", root(0x60 + i));
  // 13 of the one, the rest of the other: each is genuine
  const mixed = new Bench(bench.chip.cells);
  const from = copiesOf(theirs.chip.cells, 13);
  for (const [i, at] of copiesOf(mixed.chip.cells, 13).entries())
    mixed.chip.cells.set(theirs.chip.cells.subarray(from[i], from[i]! + logCell), at);
  t.deepEqual(mixed.read().problems, ["entry 14: does not continue the one before"]);
  t.is(mixed.start().harmed, 14);
  for (const at of copiesOf(mixed.chip.cells, 4)) mixed.chip.cells[at + 20]! ^= 1;
  t.is(mixed.start().harmed, 4);
  t.is(mixed.start().count, 19, "both are noted, once each");
});

test("a flash that keeps nothing: said, and no more than that", (t) => {
  const bench = lived(3);
  bench.chip.present = false;
  const log = bench.start();
  t.false(log.append("released", root(1)));
  t.not(log.state, "whole");
});
