// The journal: ordered, chained, signed; a cut while it is written loses at most the entry that nobody has relied on.

import test from "ava";
import { Journal, cellLength } from "../../firmware/journal/journal.js";
import { type EventKind, events } from "../../firmware/journal/events.js";
import { Store, storeTime } from "../support/store.js";
import { PowerCut } from "../../sim/nor.js";

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
