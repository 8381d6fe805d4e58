// The tool for recounts names what is wrong with an image, and finds nothing wrong with a sound one.

import test from "ava";
import { inspect } from "../../office/inspect/inspect.js";
import type { Vault } from "../../firmware/vault/vault.js";
import { Store } from "../support/store.js";

const ballots = 3;

/** Three ballots, and an opened journal. */
function filled(seed: string): { readonly store: Store; readonly vault: Vault; readonly slots: readonly number[] } {
  const store = new Store(seed);
  const opened = store.open();
  if (!opened.ok) throw new Error(opened.error.kind);
  const { vault } = opened.value;
  const journal = store.journal(opened.value);
  if (!journal.ok || !store.states(journal.value, opened.value).ok || !journal.value.append("opened", 0).ok)
    throw new Error("journal");
  for (let i = 0; i < ballots; i++) {
    const prepared = vault.prepare(store.chance.bytes(16), store.plain([i + 1, i + 4]));
    if (!prepared.ok || !vault.commit(prepared.value).ok || !vault.spend(prepared.value).ok || !vault.blank().ok)
      throw new Error("cast");
  }
  return { store, vault, slots: vault.committedSlots() };
}

function problemsOf(store: Store, images: "a" | "ab" = "ab"): readonly string[] {
  return inspect(
    store.crypto,
    store.election,
    images === "a" ? { a: store.a.cells } : { a: store.a.cells, b: store.b.cells },
  ).problems;
}

test("a sound terminal: nothing is wrong, from both media and from one", (t) => {
  const { store } = filled("sound");
  t.deepEqual(problemsOf(store), []);
  t.deepEqual(problemsOf(store, "a"), []);
  const found = inspect(store.crypto, store.election, { b: store.b.cells });
  t.is(found.records.size, ballots);
  t.is(found.media[0]!.spent, ballots);
  t.true(found.journal.some((line) => line.includes("Polls opened")));
});

test("changed, taken away, exchanged, copied and moved records are named with their slot", (t) => {
  const make = (
    change: (cells: Uint8Array, at: (nth: number) => number, length: number) => void,
  ): { readonly problems: readonly string[]; readonly slots: readonly number[] } => {
    const { store, vault, slots } = filled("changed");
    for (const chip of [store.a, store.b])
      change(chip.cells, (nth) => vault.slotRange(slots[nth]!).address, vault.slotRange(0).length);
    return { problems: problemsOf(store), slots };
  };
  const names = (
    found: { readonly problems: readonly string[]; readonly slots: readonly number[] },
    nth: number,
    what: RegExp,
  ): void => {
    t.true(
      found.problems.some((problem) => problem.includes(`slot ${found.slots[nth]}:`) && what.test(problem)),
      found.problems.join("; "),
    );
  };
  names(
    make((cells, at) => (cells[at(1) + 100]! ^= 0x20)),
    1,
    /signature/,
  );
  const removed = make((cells, at, length) => cells.fill(0, at(2), at(2) + length));
  t.true(
    removed.problems.some((problem) => /3 ticks for 2 good records/.test(problem)),
    removed.problems.join("; "),
  );
  names(
    make((cells, at, length) => {
      const first = cells.slice(at(0), at(0) + length);
      cells.copyWithin(at(0), at(1), at(1) + length);
      cells.set(first, at(1));
    }),
    0,
    /belongs to slot/,
  );
  names(
    make((cells, at, length) => cells.copyWithin(at(1), at(0), at(0) + length)),
    1,
    /belongs to slot/,
  );
});

test("another terminal's record, another election's image, a gap in the counter, one medium behind the other", (t) => {
  const { store, vault, slots } = filled("one");
  const other = filled("other");
  const range = vault.slotRange(slots[0]!);
  const clean = store.a.cells.slice();
  store.a.cells.set(
    other.store.a.cells.subarray(
      other.vault.slotRange(other.slots[0]!).address,
      other.vault.slotRange(other.slots[0]!).address + range.length,
    ),
    range.address,
  );
  t.true(problemsOf(store, "a").some((problem) => /signature/.test(problem)));
  store.a.cells.set(clean);
  t.true(
    inspect(store.crypto, store.election, { a: other.store.a.cells }).problems.some((problem) =>
      /belongs to the package/.test(problem),
    ),
  );
  store.b.cells.fill(0xff, range.address, range.address + range.length);
  t.true(problemsOf(store).includes(`slot ${slots[0]}: good on medium a alone`));
});
