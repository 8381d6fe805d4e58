// The journal: ordered, chained, signed; a cut while it is written loses at most the entry that nobody has relied on.

import { createHash } from "node:crypto";
import test from "ava";
import { Journal, cellLength } from "../../firmware/journal/journal.js";
import { type EventKind, events } from "../../firmware/journal/events.js";
import { Store, storeTime } from "../support/store.js";
import { type NorChip, PowerCut } from "../../sim/nor.js";

function opened(store: Store): { readonly journal: Journal; readonly address: number } {
  const vault = store.open();
  if (!vault.ok) throw new Error(vault.error.kind);
  const journal = store.journal(vault.value);
  if (!journal.ok) throw new Error(journal.error.kind);
  return { journal: journal.value, address: vault.value.layout.journal.address };
}

const fill = (journal: Journal, count: number): void => {
  for (let i = 0; i < count; i++) if (!journal.append("faultCleared").ok) throw new Error("append");
};

test("what was written comes back in order, a checkpoint at least every 64 entries, and the state of the polls follows", (t) => {
  const store = new Store("journal");
  const { journal } = opened(store);
  t.true(journal.append("opened", 0).ok);
  fill(journal, 150);
  t.true(journal.append("paused", 7).ok);
  const again = opened(store).journal;
  t.is(again.poll, "paused");
  t.deepEqual(again.tail, journal.tail);
  // the free cell at the end is cleared and passed over with the first entry, not by the start alone
  t.is(again.room, journal.room);
  t.is(journal.room, 8192 - (1 + 1 + 1 + 150 + 2 + 1));
  t.true(again.append("resumed", 7).ok);
  t.is(again.room, journal.room - 2);
});

test("events of a voter's session carry the hour only", (t) => {
  const store = new Store("hours");
  const { journal } = opened(store);
  t.true(journal.append("printerReady").ok && journal.append("parked").ok);
  t.is(journal.tail[0]!.time, storeTime);
  t.is(journal.tail[1]!.time, storeTime - (storeTime % 3600));
  for (const [name, kind] of Object.entries(events) as [string, EventKind][]) {
    if (/parked|cast|slip|card|Session|nearly/i.test(name) && kind.id >= 30 && kind.id < 40)
      t.is(kind.time, "hour", name);
  }
});

test("any bit of any cell flipped on both media, or a cell cut out, is found", (t) => {
  const store = new Store("changed");
  const { journal, address } = opened(store);
  fill(journal, 5);
  const cells = [store.a.cells.slice(), store.b.cells.slice()] as const;
  const restore = (): void => {
    store.a.cells.set(cells[0]);
    store.b.cells.set(cells[1]);
  };
  const sound = (): boolean => {
    const vault = store.open();
    if (!vault.ok) return false;
    const read = store.journal(vault.value);
    return read.ok && read.value.room === journal.room && read.value.tail.length === journal.tail.length;
  };
  t.true(sound());
  // the first cell was passed over at the start
  for (let cell = 1; cell < 6; cell++) {
    for (let bit = 0; bit < cellLength * 8; bit += 13) {
      restore();
      for (const chip of [store.a, store.b]) chip.cells[address + cell * cellLength + (bit >> 3)]! ^= 1 << (bit & 7);
      t.false(sound(), `cell ${cell} bit ${bit}`);
    }
  }
  restore();
  for (const chip of [store.a, store.b])
    chip.cells.copyWithin(address + 2 * cellLength, address + 3 * cellLength, address + 7 * cellLength);
  t.false(sound());
});

test("a cut before, in or after any program of an append: what was reported written is there, and the journal goes on", (t) => {
  for (const how of ["before", "torn"] as const) {
    for (let n = 0; n < 8; n++) {
      const store = new Store(`journal ${how} ${n}`);
      const { journal } = opened(store);
      fill(journal, 2);
      let count = 0;
      for (const chip of [store.a, store.b]) {
        chip.onOperation = (operation) => {
          if (operation.kind === "read" || count++ !== n) return;
          if (how === "torn") chip.tear(operation, () => store.chance.next());
          throw new PowerCut("cut");
        };
      }
      let written = 2;
      try {
        for (; written < 6; written++) journal.append("faultCleared");
      } catch (error) {
        if (!(error instanceof PowerCut)) throw error;
      }
      store.a.onOperation = store.b.onOperation = undefined;
      const after = opened(store).journal;
      t.true(
        after.tail.length === written || after.tail.length === written + 1,
        `${how} ${n}: ${after.tail.length} of ${written}`,
      );
      fill(after, 2);
      t.is(opened(store).journal.tail.length, after.tail.length);
    }
  }
});

/** The chips' cells of one cell of the journal. */
const cellsOf = (chip: NorChip, address: number, index: number): Uint8Array =>
  chip.cells.subarray(address + index * cellLength, address + (index + 1) * cellLength);

test("an entry that was made by hand as entry.cddl has it is read; one of no event is none", (t) => {
  for (const [entry, merged] of [
    [[0x84, 0x18, 60, 0x1a, 0x6b, 0x01, 0x1e, 0x48, 0xf6, 0xf6], undefined],
    [[0x85, 0x18, 60, 0x1a, 0x6b, 0x01, 0x1e, 0x48, 0xf6, 1, 0x1a, 0x6b, 0x01, 0x1e, 0x40], 1],
    [[0x85, 0x18, 60, 0x1a, 0x6b, 0x01, 0x1e, 0x48, 0xf6, 0, 0x1a, 0x6b, 0x01, 0x1e, 0x40], 0],
  ] as const) {
    const store = new Store("by hand");
    const { address } = opened(store);
    const sha256 = (...parts: readonly Uint8Array[]): Buffer => {
      const hash = createHash("sha256");
      for (const part of parts) hash.update(part);
      return hash.digest().subarray(0, 16);
    };
    const chain = sha256(Buffer.from("sandogh journal"), store.election.id, Uint8Array.of(0, 0, 0, 1));
    for (const chip of [store.a, store.b]) {
      const cell = cellsOf(chip, address, 0);
      cell.set([entry.length, ...entry]);
      cell.set(store.crypto.check(sha256(chain, Uint8Array.from(entry)), store.keys.journal), cellLength - 16);
    }
    const { tail } = opened(store).journal;
    if (merged === 0) {
      t.deepEqual(tail, []);
      continue;
    }
    t.is(tail.length, 1);
    t.like(tail[0], { event: "lineUp", time: 0x6b011e48, detail: undefined });
    t.is(tail[0]!.merged?.count, merged);
  }
});

test("what lies behind the end on one medium is erased there at the start, but for entries, which are evidence", (t) => {
  for (const [where, what, stays] of [
    [["a"], "harm", false],
    [["b"], "harm", false],
    [["a"], "entry", true],
    [["b"], "entry", true],
    [["a", "b"], "entry", true],
  ] as const) {
    const store = new Store("behind");
    const { journal, address } = opened(store);
    fill(journal, 2);
    for (const each of where) {
      const cell = cellsOf(store[each], address, 6);
      if (what === "entry") cell.set(cellsOf(store[each], address, 2));
      else cell.fill(0x33, 0, 20);
    }
    t.deepEqual(opened(store).journal.tail, journal.tail);
    for (const each of where)
      t.is(!cellsOf(store[each], address, 6).every((byte) => byte === 0xff), stays, `${what} on ${where.join()}`);
  }
});

test("a block is entered clean: harm on one medium is erased and costs no cell, what both hold is left alone", (t) => {
  const store = new Store("entered");
  const { journal, address } = opened(store);
  const used = (): number => 8192 - journal.room;
  const toNextBlock = (): void => {
    do fill(journal, 1);
    while (used() % 32 !== 0);
  };
  toNextBlock();
  const first = used();
  for (let i = 0; i < 3; i++) cellsOf(store.a, address, first + i).fill(0x33, 0, 40);
  fill(journal, 1);
  t.is(used(), first + 1);
  t.deepEqual(cellsOf(store.a, address, first), cellsOf(store.b, address, first));
  t.true(cellsOf(store.a, address, first + 1).every((byte) => byte === 0xff));
  toNextBlock();
  const second = used();
  const strange = new Uint8Array(cellLength).fill(0x44);
  for (const chip of [store.a, store.b]) cellsOf(chip, address, second + 9).set(strange);
  fill(journal, 1);
  for (const chip of [store.a, store.b]) t.deepEqual(cellsOf(chip, address, second + 9), strange);
});

test("a block that is written anew for a harmed entry has its free cells erased, to be used", (t) => {
  const store = new Store("anew");
  const { journal, address } = opened(store);
  fill(journal, 3);
  cellsOf(store.a, address, 2)[3] = 0;
  const again = opened(store).journal;
  t.deepEqual(again.tail, journal.tail);
  t.deepEqual(store.a.cells.slice(address, address + 4096), store.b.cells.slice(address, address + 4096));
});

test("harm to many cells before the first entry costs one: a cut tears no more", (t) => {
  const store = new Store("before the first");
  const { address } = opened(store);
  for (let i = 0; i < 9; i++) cellsOf(store.a, address, i).fill(0x33, 0, 30);
  const { journal } = opened(store);
  t.is(journal.room, 8192 - 1);
  for (let i = 1; i < 9; i++) t.true(cellsOf(store.a, address, i).every((byte) => byte === 0xff));
});

test("a torn cell that a medium does not clear stops the start, and the medium is named", (t) => {
  const store = new Store("not cleared");
  const { address } = opened(store);
  for (const chip of [store.a, store.b]) cellsOf(chip, address, 0).fill(0x33, 0, 30);
  const vault = store.open();
  if (!vault.ok) return t.fail(vault.error.kind);
  // once: what is programmed after it would be taken
  store.b.fail = 1;
  t.deepEqual(store.journal(vault.value), {
    ok: false,
    error: { kind: "medium", medium: "b", what: "program", address },
  });
});

test("entries that are cut off or zeroed on both media are missed, whichever are left; on one medium they are put back", (t) => {
  for (const value of [0xff, 0] as const) {
    for (let kept = 0; kept < 5; kept++) {
      const store = new Store("cut off");
      const { journal, address } = opened(store);
      fill(journal, 5);
      const cutOff = (chip: NorChip): void => {
        // the first cell was passed over
        for (let cell = 1 + kept; cell < 6; cell++) cellsOf(chip, address, cell).fill(value);
      };
      cutOff(store.a);
      t.deepEqual(opened(store).journal.tail, journal.tail, `${kept} left on a`);
      cutOff(store.a);
      cutOff(store.b);
      const vault = store.open();
      if (!vault.ok) return t.fail(vault.error.kind);
      t.deepEqual(
        store.journal(vault.value),
        { ok: false, error: { kind: "cut-off", cell: kept === 0 ? 0 : 1 + kept } },
        `${kept} left`,
      );
    }
  }
});

test("the journal's head: lost on one medium it is put back, gone or older on both it is missed", (t) => {
  const store = new Store("head");
  const { journal } = opened(store);
  fill(journal, 3);
  const vault = store.open();
  if (!vault.ok) return t.fail(vault.error.kind);
  const { address, length } = vault.value.layout.journalHead;
  const older = store.a.cells.slice(address, address + length);
  fill(journal, 2);
  const newest = store.a.cells.slice(address, address + length);
  for (const chip of [store.a, store.b]) {
    chip.cells.fill(0x5a, address, address + length);
    t.deepEqual(opened(store).journal.tail, journal.tail);
    t.is(Buffer.compare(store.a.cells.slice(address, address + 64), store.b.cells.slice(address, address + 64)), 0);
  }
  for (const [name, bytes] of [
    ["gone", newest.slice().fill(0xff)],
    ["zeroed", newest.slice().fill(0)],
    ["older", older],
  ] as const) {
    for (const chip of [store.a, store.b]) chip.cells.set(bytes, address);
    const again = store.open();
    if (!again.ok) return t.fail(again.error.kind);
    const read = store.journal(again.value);
    t.is(read.ok ? "ok" : read.error.kind, "broken-chain", name);
  }
});

test("an entry that somebody has put behind the end, with a right chain of hashes: refused on both media, cleared on one", (t) => {
  for (const on of [["a"], ["b"], ["a", "b"]] as const) {
    const store = new Store("appended");
    const { journal, address } = opened(store);
    fill(journal, 2);
    const entry = Uint8Array.of(0x84, 13, 0x1a, 0x6b, 0x01, 0x1e, 0x48, 0, 0xf6);
    const chain = createHash("sha256").update(journal.end.chain).update(entry).digest().subarray(0, 16);
    for (const each of on) {
      const cell = cellsOf(store[each], address, 3);
      cell.set([entry.length, ...entry]);
      cell.set(chain, cellLength - 16);
    }
    const vault = store.open();
    if (!vault.ok) return t.fail(vault.error.kind);
    const read = store.journal(vault.value);
    if (on.length === 2) t.deepEqual(read, { ok: false, error: { kind: "broken-chain", cell: 3 } });
    else if (!read.ok) t.fail(read.error.kind);
    else t.deepEqual([read.value.poll, read.value.tail], [undefined, journal.tail]);
  }
});
