// The check-ins of a desk under power cuts, weak cells and harm to one medium: whoever holds a granted card is never
// forgotten, and nobody is granted twice.

import { held } from "../attacks/catalogue.js";
import test from "ava";
import { CheckIns } from "../../firmware/checkin/check-ins.js";
import { entryLength, grantedAt } from "../../firmware/checkin/layout.js";
import { Crypto } from "../../firmware/crypto/crypto.js";
import type { RollPosition } from "../../firmware/roll/roll.js";
import type { RollHead } from "../../firmware/roll/shapes.js";
import { Chance } from "../../sim/chance.js";
import { NorChip, type NorOperation, PowerCut, flashOf } from "../../sim/nor.js";
import { faultsFor } from "../campaigns/crash/faults.js";
import { sodiumPrimitives } from "../../office/crypto/sodium.js";

const quarter = 1_994_706;
const journalLength = 8192;

class Desk {
  readonly chance: Chance;
  readonly crypto: Crypto;
  readonly a: NorChip;
  readonly b: NorChip;
  readonly head: RollHead;

  constructor(seed: string, capacity = 20) {
    this.chance = new Chance(seed, "desk");
    this.crypto = new Crypto({ primitives: sodiumPrimitives, random: (out) => this.chance.fill(out) });
    [this.a, this.b] = [0, 1].map(() => new NorChip({ size: 96 * 1024, chance: () => this.chance.next() })) as [
      NorChip,
      NorChip,
    ];
    this.head = {
      election: new Uint8Array(16).fill(1),
      root: new Uint8Array(32).fill(2),
      capacity,
      station: 1,
    } as unknown as RollHead;
  }

  attempt(head: RollHead = this.head, desk = 5): ReturnType<typeof CheckIns.open> {
    return CheckIns.open({
      crypto: this.crypto,
      key: new Uint8Array(32).fill(9),
      head,
      desk,
      a: flashOf(this.a),
      b: flashOf(this.b),
      journalLength,
    });
  }

  open(): CheckIns {
    const opened = this.attempt();
    if (!opened.ok) throw new Error(JSON.stringify(opened.error));
    return opened.value.checkIns;
  }
}

function must(result: { readonly ok: boolean; readonly error?: unknown }): void {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
}

const at = (position: number): RollPosition => position as RollPosition;

/** What happened outside of the desk, whatever it remembers. */
interface World {
  /** Voters whose card holds the grant. */
  readonly granted: Set<number>;
  /** Voters whose number was refused as "granted", or told that the card is granted. */
  readonly told: Set<number>;
  readonly begun: Set<number>;
}

const voters = [7, 1025, 3, 900, 2050];
/** The third voter's card says no the first time. */
const refused = 3;

/**
 * Serves everybody who has not been told that the card is granted. An open voter's card is empty or holds the grant, as
 * the world has it.
 */
function day(checkIns: CheckIns, world: World): void {
  for (const voter of voters) {
    const state = checkIns.stateOf(at(voter));
    if (state === "granted") {
      world.told.add(voter);
      continue;
    }
    // it would be a second right
    if (state === "none" && world.granted.has(voter))
      throw new Error(`voter ${voter} holds a granted card and was forgotten`);
    if (voter === refused && state === "none" && !world.begun.has(voter)) {
      must(checkIns.begin(at(voter), quarter));
      world.begun.add(voter);
      must(checkIns.forget(at(voter)));
    }
    if (checkIns.stateOf(at(voter)) === "none") must(checkIns.begin(at(voter), quarter));
    world.begun.add(voter);
    world.granted.add(voter);
    must(checkIns.settle(at(voter)));
    world.told.add(voter);
  }
}

function cutAt(
  desk: Desk,
  n: number,
  fault: (chip: NorChip, operation: Exclude<NorOperation, { kind: "read" }>) => void,
): { reached: boolean } {
  let count = 0;
  const state = { reached: false };
  for (const chip of [desk.a, desk.b])
    chip.onOperation = (operation) => {
      if (state.reached) throw new PowerCut("off");
      if (operation.kind === "read" || count++ !== n) return;
      state.reached = true;
      fault(chip, operation);
      throw new PowerCut("now");
    };
  return state;
}

function powerBack(desk: Desk): void {
  desk.a.onOperation = undefined;
  desk.b.onOperation = undefined;
}

/** Runs until the power goes; false when it did not. */
function survives(work: () => void): boolean {
  try {
    work();
    return false;
  } catch (error) {
    if (!(error instanceof PowerCut)) throw error;
    return true;
  }
}

function expectWhole(checkIns: CheckIns, world: World, name: string): void {
  for (const voter of voters) {
    const state = checkIns.stateOf(at(voter));
    if (world.granted.has(voter) && state === "none") throw new Error(`${name}: voter ${voter} was forgotten`);
    if (world.told.has(voter) && state !== "granted")
      throw new Error(`${name}: voter ${voter} was told and is ${state}`);
    if (!world.begun.has(voter) && state !== "none" && state !== "open")
      throw new Error(`${name}: voter ${voter} is ${state} and was never served`);
  }
}

test("a cut in every way at every flash operation of a day, its recovery cut again: nobody forgotten, nobody granted twice", (t) => {
  let cuts = 0;
  for (let n = 0; ; n++) {
    let reached = false;
    let kinds = 1;
    for (let kind = 0; kind < kinds; kind++) {
      const name = `operation ${n} fault ${kind}`;
      const desk = new Desk("cuts");
      const world: World = { granted: new Set(), told: new Set(), begun: new Set() };
      const fault =
        (which: number) =>
        (chip: NorChip, operation: Exclude<NorOperation, { kind: "read" }>): void => {
          const faults = faultsFor(operation);
          kinds = Math.max(kinds, faults.length);
          const chosen = faults[which % faults.length]!;
          chip.tear(operation, () => desk.chance.next(), chosen.tear, chosen.options);
        };
      cutAt(desk, n, fault(kind));
      reached = survives(() => day(desk.open(), world));
      powerBack(desk);
      if (!reached) break;
      cuts++;
      cutAt(desk, (n + kind) % 9, fault(kind + n));
      survives(() => void desk.open());
      powerBack(desk);
      const checkIns = desk.open();
      expectWhole(checkIns, world, name);
      day(checkIns, world);
      const last = desk.open();
      expectWhole(last, world, `${name}, at the end`);
      t.is(last.counts.granted, voters.length, name);
      t.is(last.counts.open, 0, name);
      t.is(desk.a.counters.misuses + desk.b.counters.misuses, 0, name);
    }
    if (!reached) break;
  }
  t.log(`${cuts} cuts`);
  t.true(cuts > 1_000, `${cuts} cuts`);
});

test("an entry that was cut on A and reads right is programmed again before anything relies on it: B may be lost afterwards", (t) => {
  for (let i = 0; i < 40; i++) {
    const desk = new Desk(`weak ${i}`);
    const checkIns = desk.open();
    desk.a.onOperation = (operation) => {
      if (operation.kind !== "program") return;
      desk.a.tear(operation, () => desk.chance.next(), { kind: "done-weak" }, { flip: 0.02 });
      throw new PowerCut("in the entry");
    };
    t.true(survives(() => void checkIns.begin(at(9), quarter)));
    powerBack(desk);
    const after = desk.open();
    must(after.begin(at(9), quarter));
    must(after.settle(at(9)));
    t.is(desk.a.weakBits, 0, String(i));
    desk.b.restore(new Uint8Array(desk.b.size).fill(0xff));
    t.is(desk.open().stateOf(at(9)), "granted", String(i));
  }
});

test("an open voter stays open over starts, and what is settled or forgotten stays so", (t) => {
  const desk = new Desk("open");
  let checkIns = desk.open();
  must(checkIns.begin(at(5), quarter));
  must(checkIns.begin(at(6), quarter));
  must(checkIns.begin(at(0), quarter));
  must(checkIns.settle(at(6)));
  must(checkIns.forget(at(0)));
  for (let start = 0; start < 3; start++) {
    t.deepEqual(
      [5, 6, 0, 7].map((voter) => checkIns.stateOf(at(voter))),
      ["open", "granted", "none", "none"],
    );
    t.deepEqual(checkIns.counts, { granted: 1, open: 1, returned: 0, capacity: 20 });
    checkIns = desk.open();
  }
  // begun again is the same check-in
  must(checkIns.begin(at(5), quarter + 3));
  must(checkIns.settle(at(5)));
  must(checkIns.settle(at(5)));
  t.throws(() => checkIns.begin(at(5), quarter), { message: /granted twice/ });
  t.throws(() => checkIns.forget(at(5)));
  t.is(desk.open().counts.granted, 2);
});

test("cards that come back unused are counted over a cut, and are nobody's", (t) => {
  const desk = new Desk("returns");
  let checkIns = desk.open();
  for (let i = 0; i < 3; i++) {
    must(checkIns.beginReturn(quarter));
    if (i === 1) checkIns = desk.open();
    must(checkIns.beginReturn(quarter));
    must(checkIns.settleReturn());
  }
  t.is(checkIns.counts.returned, 3);
  t.deepEqual(desk.open().counts, { granted: 0, open: 0, returned: 3, capacity: 20 });
});

test("a return that is open is found among as many that are settled", (t) => {
  const capacity = 8;
  for (let day = 0; day < 8; day++) {
    const checkIns = new Desk(`many returns ${day}`, capacity).open();
    for (let i = 1; i <= capacity; i++) {
      must(checkIns.beginReturn(quarter));
      must(checkIns.beginReturn(quarter));
      must(checkIns.settleReturn());
      t.is(checkIns.counts.returned, i);
    }
  }
});

test("full: one below the capacity is taken, the next is refused before anything is written", (t) => {
  const desk = new Desk("full", 6);
  const checkIns = desk.open();
  for (let voter = 0; voter < 6; voter++) {
    t.false(checkIns.isFull);
    must(checkIns.begin(at(voter), quarter));
    if (voter > 0) must(checkIns.settle(at(voter)));
  }
  t.true(checkIns.isFull);
  const before = desk.a.counters.programs;
  t.deepEqual(checkIns.begin(at(6), quarter), { ok: false, error: { kind: "full" } });
  t.is(desk.a.counters.programs, before);
  // whoever is open can be gone on with
  must(checkIns.begin(at(0), quarter));
  must(checkIns.settle(at(0)));
});

test("a chip that lies about every second entry: places are passed over, nothing is lost; one that keeps nothing is a fault", (t) => {
  const desk = new Desk("lies", 4);
  let checkIns = desk.open();
  for (let voter = 0; voter < 4; voter++) {
    if (voter === 1) desk.b.misaddress = 4096;
    must(checkIns.begin(at(voter), quarter));
    must(checkIns.settle(at(voter)));
  }
  checkIns = desk.open();
  t.is(checkIns.counts.granted, 4);
  const other = new Desk("dead", 4);
  const dying = other.open();
  other.b.present = false;
  t.like(dying.begin(at(1), quarter), { ok: false, error: { kind: "medium", medium: "b" } });
  t.like(other.attempt(), { ok: false, error: { kind: "medium", medium: "b", what: "no-answer" } });
});

test("one medium lost: it is written anew from the other, either way round", (t) => {
  for (const lost of ["a", "b"] as const) {
    const desk = new Desk(`lost ${lost}`);
    const checkIns = desk.open();
    for (const voter of voters) {
      must(checkIns.begin(at(voter), quarter));
      if (voter !== 900) must(checkIns.settle(at(voter)));
    }
    desk[lost].restore(new Uint8Array(desk[lost].size).map(() => desk.chance.below(256)));
    const rebuilt = desk.attempt();
    if (!rebuilt.ok) return t.fail(JSON.stringify(rebuilt.error));
    t.is(rebuilt.value.rebuilt, lost);
    const kept = lost === "a" ? "b" : "a";
    desk[kept].restore(new Uint8Array(desk[kept].size).fill(0xff));
    t.deepEqual(desk.open().counts, { granted: 4, open: 1, returned: 0, capacity: 20 });
  }
});

test("a start that clears half an entry on one medium goes on to mend the other one", (t) => {
  const desk = new Desk("both");
  const checkIns = desk.open();
  must(checkIns.begin(at(9), quarter));
  must(checkIns.settle(at(9)));
  const start = 4096 + journalLength + 4 * 4096;
  const written = desk.a.cells.findIndex((byte, i) => i >= start && byte !== 0xff);
  const entry = written - ((written - start) % entryLength);
  const free = entry === start ? start + entryLength : start;
  desk.a.cells.fill(0x5a, free, free + 4);
  desk.b.cells.fill(0xff, entry, entry + entryLength);
  t.is(desk.open().stateOf(at(9)), "granted");
  desk.a.restore(new Uint8Array(desk.a.size).fill(0xff));
  t.is(desk.open().stateOf(at(9)), "granted");
});

test("another election's, another roll's or another desk's media are refused, and so are check-ins without a superblock; nothing is changed", (t) => {
  const desk = new Desk("foreign");
  must(desk.open().begin(at(1), quarter));
  const before = desk.a.cells.slice();
  t.like(desk.attempt({ ...desk.head, election: new Uint8Array(16).fill(3) }), {
    ok: false,
    error: { kind: "foreign" },
  });
  t.like(desk.attempt({ ...desk.head, root: new Uint8Array(32).fill(3) }), { ok: false, error: { kind: "foreign" } });
  t.like(desk.attempt(desk.head, 6), { ok: false, error: { kind: "foreign" } });
  t.deepEqual(desk.a.cells, before);
  for (const chip of [desk.a, desk.b]) chip.cells.fill(0, 0, 64);
  t.like(desk.attempt(), { ok: false, error: { kind: "tampered" } });
  t.like(new Desk("small", 16_000).attempt(), { ok: false, error: { kind: "too-small" } });
});

test("an entry cannot be moved to another place, changed, or made from another election's key", (t) => {
  const desk = new Desk("tamper");
  const checkIns = desk.open();
  must(checkIns.begin(at(77), quarter));
  must(checkIns.settle(at(77)));
  const start = 4096 + journalLength + 4 * 4096;
  const place = desk.a.cells.findIndex((byte, i) => i >= start && byte !== 0xff) - start;
  const entry = start + place - (place % entryLength);
  const cells = desk.a.cells.slice();
  for (const chip of [desk.a, desk.b]) {
    const moved = chip.cells.slice(entry, entry + entryLength);
    chip.cells.fill(0xff, entry, entry + entryLength);
    chip.cells.set(moved, entry === start ? start + entryLength : start);
  }
  t.like(desk.attempt(), { ok: false, error: { kind: "tampered" } });
  for (const chip of [desk.a, desk.b]) {
    chip.restore(cells);
    chip.cells[entry + 3]! ^= 4;
  }
  t.like(desk.attempt(), { ok: false, error: { kind: "tampered" } });
});

test("the place of an entry says nothing of its turn: over 600 days the first voter's is spread evenly", (t) => {
  const counts = new Array<number>(5).fill(0);
  for (let i = 0; i < 600; i++) {
    const desk = new Desk(`turn ${i}`, 4);
    const checkIns = desk.open();
    must(checkIns.begin(at(1), quarter));
    const start = 4096 + journalLength + 4 * 4096;
    counts[Math.floor((desk.a.cells.findIndex((byte, k) => k >= start && byte !== 0xff) - start) / entryLength)]!++;
  }
  // 120 each; 4 degrees of freedom, 18.5 is exceeded once in a thousand
  const chiSquare = counts.reduce((sum, count) => sum + (count - 120) ** 2 / 120, 0);
  t.true(chiSquare < 18.5, `${counts.join(" ")}: ${chiSquare}`);
});

test("golden: an entry, byte for byte", (t) => {
  const desk = new Desk("golden", 1);
  const checkIns = desk.open();
  must(checkIns.begin(at(1_029), quarter));
  const start = 4096 + journalLength + 4 * 4096;
  const at0 = desk.a.cells.findIndex((byte, i) => i >= start && byte !== 0xff);
  const place = Math.floor((at0 - start) / entryLength);
  const entry = desk.a.cells.slice(start + place * entryLength, start + (place + 1) * entryLength);
  const own = new Uint8Array(32).fill(9);
  const seal = desk.crypto.mac(Buffer.from("seal"), own);
  const stream = desk.crypto.mac(Uint8Array.of(...entry.subarray(8, grantedAt), 0, 0, 0, place), seal);
  const content = entry.subarray(0, 8).map((byte, i) => byte ^ stream[i]!);
  t.is(Buffer.from(content).toString("hex"), "00000405001e6fd2");
  t.deepEqual(
    entry.subarray(8, grantedAt),
    desk.crypto.mac(Uint8Array.of(...content, 0, 0, 0, place), own).slice(0, 8),
  );
  t.true(entry.subarray(grantedAt).every((byte) => byte === 0xff));
  must(checkIns.settle(at(1_029)));
  t.true(
    desk.b.cells
      .slice(start + place * entryLength + grantedAt, start + (place + 1) * entryLength)
      .every((byte) => byte === 0),
  );
});

test("who has the chips and not the desk's secret reads nobody's place in the roll and no time from them; two entries of one voter at one place have nothing in common", (t) => {
  const seen = new Set<string>();
  const start = 4096 + journalLength + 4 * 4096;
  for (const [nth, position] of [1, 2, 1_029, 1_029].entries()) {
    const desk = new Desk(`sealed ${nth < 3 ? nth : 2}`, 1);
    must(desk.open().begin(at(position), quarter + (nth === 3 ? 1 : 0)));
    const { cells } = desk.a;
    const from = cells.findIndex((byte, i) => i >= start && byte !== 0xff);
    const entry = cells.slice(from - ((from - start) % entryLength)).subarray(0, entryLength);
    const word = (value: number): Buffer => {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(value);
      return bytes;
    };
    for (const value of [position, position + 1, quarter, quarter + 1])
      t.is(Buffer.from(cells.subarray(start)).indexOf(word(value)), -1, `${nth}: ${value}`);
    seen.add(Buffer.from(entry.subarray(0, 8)).toString("hex"));
  }
  t.is(seen.size, 4);
  held(t, "check-ins-read");
});
