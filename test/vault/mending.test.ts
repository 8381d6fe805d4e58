// What is harmed on one medium is mended at the next start, so that the other medium may be lost after that.

import test from "ava";
import { readU32 } from "../../firmware/bytes.js";
import type { Journal } from "../../firmware/journal/journal.js";
import type { Layout } from "../../firmware/vault/layout.js";
import { type NorChip, PowerCut } from "../../sim/nor.js";
import { Store } from "../support/store.js";

interface Cast {
  readonly store: Store;
  readonly token: Uint8Array;
  readonly layout: Layout;
  readonly slot: number;
}

function castOne(seed: string): Cast {
  const store = new Store(seed, 6);
  const opened = store.open();
  if (!opened.ok) throw new Error(opened.error.kind);
  const { vault, layout } = opened.value;
  const journal = store.journal(opened.value);
  if (!journal.ok || !journal.value.append("opened", 0).ok) throw new Error("journal");
  const token = store.chance.bytes(16);
  const prepared = vault.prepare(token, store.plain([1]));
  if (!prepared.ok || !vault.commit(prepared.value).ok || !vault.spend(prepared.value).ok || !vault.blank().ok)
    throw new Error("cast");
  if (!journal.value.append("closed", 1).ok) throw new Error("journal");
  return { store, token, layout, slot: prepared.value.slot };
}

/** One programmed cell of the byte reads 1 again. */
function raise(chip: NorChip, address: number): void {
  const cleared = ~chip.cells[address]! & 0xff;
  chip.cells[address]! |= cleared & -cleared;
}

/** One start; then B is lost and rebuilt from A alone. Undefined when a start is refused, with what it said. */
function startThenLoseB({
  store,
}: Cast):
  | { readonly said: string }
  | { readonly opened: Extract<ReturnType<Store["open"]>, { ok: true }>["value"]; readonly journal: Journal } {
  for (const last of [false, true]) {
    const opened = store.open();
    if (!opened.ok) return { said: JSON.stringify(opened.error) };
    const journal = store.journal(opened.value);
    if (!journal.ok) return { said: JSON.stringify(journal.error) };
    if (last) return { opened: opened.value, journal: journal.value };
    store.b.restore(new Uint8Array(store.b.size).fill(0xff));
  }
  throw new Error("unreachable");
}

const harms: readonly (readonly [string, (cast: Cast) => void])[] = [
  [
    "a cell of a spent mark raised",
    ({ store, layout }) =>
      raise(
        store.a,
        store.a.cells.findIndex((byte, at) => at >= layout.spent.address && byte !== 0xff),
      ),
  ],
  [
    "a cell of a spent mark cleared",
    ({ store, layout }) => {
      const at = store.a.cells.findIndex((byte, i) => i >= layout.spent.address && byte !== 0xff && byte !== 0);
      store.a.cells[at]! &= store.a.cells[at]! - 1;
    },
  ],
  ["a cell of a journal entry raised", ({ store, layout }) => raise(store.a, layout.journal.address + 127)],
  [
    "a tick missing",
    ({ store, layout }) => store.a.cells.fill(0xff, layout.counter.address, layout.counter.address + 8),
  ],
  [
    "a commit word missing",
    ({ store, layout, slot }) =>
      store.a.cells.fill(
        0xff,
        layout.store.address + (slot + 1) * layout.slotLength - 16,
        layout.store.address + (slot + 1) * layout.slotLength,
      ),
  ],
  [
    "a cell of a record flipped",
    ({ store, layout, slot }) => (store.a.cells[layout.store.address + slot * layout.slotLength + 40]! ^= 1),
  ],
  ["a cell of the superblock cleared", ({ store }) => (store.a.cells[0]! &= store.a.cells[0]! - 1)],
  ["a cell of the superblock raised", ({ store }) => raise(store.a, 1)],
  [
    "the superblock cleared from its middle on, as an erase that was cut leaves it,",
    ({ store }) => store.a.cells.fill(0, 20, 4096),
  ],
  ["the superblock garbled", ({ store }) => store.a.cells.forEach((_, at) => at < 48 && (store.a.cells[at] = at * 37))],
  [
    "a cell of the head cleared",
    ({ store, layout }) => {
      const { address, length } = layout.head;
      const at = store.a.cells.findIndex(
        (byte, i) => i >= address && i < address + length && byte !== 0xff && byte !== 0,
      );
      store.a.cells[at]! &= store.a.cells[at]! - 1;
    },
  ],
  [
    "a cell of a journal cell that was passed over raised",
    ({ store, layout }) => raise(store.a, layout.journal.address),
  ],
];

for (const [name, harm] of harms) {
  test(`${name} on A: mended at the next start, B may be lost after it, the card stays spent`, (t) => {
    const cast = castOne(name);
    harm(cast);
    const after = startThenLoseB(cast);
    if ("said" in after) return t.fail(after.said);
    t.true(after.opened.vault.isSpent(cast.token), "the card can vote again");
    const verified = after.opened.vault.verifyAll();
    t.true(verified.ok && verified.value === 1);
    t.is(after.journal.poll, "closed");
  });
}

test("an undecided record beside a harmed one is cleared before their block is erased: a cut that clears its commit word decides nothing", (t) => {
  for (const from of [16, 9, 7]) {
    const { store, layout, slot } = castOne(`undecided ${from}`);
    const opened = store.open();
    if (!opened.ok) return t.fail(opened.error.kind);
    const blockOf = (each: number): number =>
      Math.floor((layout.store.address + each * layout.slotLength) / store.a.blockLength);
    // draws until the undecided one lies in the block of the harmed one
    let undecided: number | undefined;
    while (undecided === undefined) {
      const prepared = opened.value.vault.prepare(store.chance.bytes(16), store.plain([2]));
      if (!prepared.ok) return t.fail(prepared.error.kind);
      if (blockOf(prepared.value.slot) === blockOf(slot)) undecided = prepared.value.slot;
      else if (!opened.value.vault.voidPrepared(prepared.value).ok || !opened.value.vault.blank().ok)
        return t.fail("void");
    }
    const harmed = layout.store.address + slot * layout.slotLength + 40;
    store.a.cells[harmed]! &= store.a.cells[harmed]! - 1;
    // the erase that mends it is cut in the middle of the commit word
    const end = layout.store.address + (undecided + 1) * layout.slotLength;
    store.a.onOperation = (operation) => {
      if (operation.kind !== "erase" || operation.block !== blockOf(slot)) return;
      store.a.tear(operation, () => 0, {
        kind: "bytes",
        from: (end - from) % store.a.blockLength,
        to: store.a.blockLength,
      });
      throw new PowerCut("in the erase");
    };
    t.throws(() => store.open(), { instanceOf: PowerCut });
    store.a.onOperation = undefined;
    const again = store.open();
    if (!again.ok) return t.fail(JSON.stringify(again.error));
    t.deepEqual(again.value.vault.committedSlots(), [slot]);
    t.is(again.value.pending, "voided");
  }
});

test("a worn place of a log is passed over; a log block that keeps nothing stops the terminal, and names its medium", (t) => {
  for (const [worn, said] of [
    [3, "cast"],
    [64, "medium b verify"],
  ] as const) {
    const { store, layout } = castOne(`worn ${worn}`);
    // a byte of the padding, which is 0 in every entry
    for (const block of [0, 4096])
      for (let place = 0; place < worn; place++)
        store.b.stick(layout.transaction.address + block + place * 64 + 40, 3, 1);
    const opened = store.open();
    if (!opened.ok) return t.fail(JSON.stringify(opened.error));
    const heard: string[] = [];
    for (let nth = 0; nth < 4; nth++) {
      const prepared = opened.value.vault.prepare(store.chance.bytes(16), store.plain([2]));
      if (!prepared.ok) {
        heard.push(Object.values(prepared.error).slice(0, 3).join(" "));
        break;
      }
      for (const step of [
        opened.value.vault.commit(prepared.value),
        opened.value.vault.spend(prepared.value),
        opened.value.vault.blank(),
      ])
        if (!step.ok) return t.fail(step.error.kind);
      heard.push("cast");
    }
    t.is(heard.at(-1), said);
  }
});

test("a voided slot of which a cut erase left a half on one medium is voided, not taken for a changed ballot", (t) => {
  const { store, layout } = castOne("voided");
  const opened = store.open();
  if (!opened.ok) return t.fail(opened.error.kind);
  const prepared = opened.value.vault.prepare(store.chance.bytes(16), store.plain([2]));
  if (!prepared.ok || !opened.value.vault.voidPrepared(prepared.value).ok || !opened.value.vault.blank().ok)
    return t.fail("void");
  const at = layout.store.address + prepared.value.slot * layout.slotLength;
  for (let i = 0; i < 32; i++) store.a.cells[at + i] = 0x11;
  const again = store.open();
  t.true(again.ok, again.ok ? "" : JSON.stringify(again.error));
});

test("what lies in a free place of the spent marks on one medium alone is erased there, and the other one is left alone", (t) => {
  const { store, layout, token } = castOne("free place");
  const { address } = layout.spent;
  const isFree = (place: number): boolean =>
    store.a.cells.subarray(address + place * 16, address + (place + 1) * 16).every((byte) => byte === 0xff);
  // not one of the first: where the first ones lie is not taken for where this one lies
  const place = [5, 6].find(isFree)!;
  store.a.cells.fill(0x21, address + place * 16, address + place * 16 + 7);
  const { programs, erases } = store.b.counters;
  const opened = store.open();
  if (!opened.ok) return t.fail(opened.error.kind);
  t.true(isFree(place));
  t.is(store.b.counters.erases, erases);
  t.true(opened.value.vault.isSpent(token));
  t.true(store.b.counters.programs - programs < 10);
});

test("a tick of which a cell reads 1 again, on both media, counts as it did", (t) => {
  const { store, layout } = castOne("tick");
  for (const chip of [store.a, store.b]) raise(chip, layout.counter.address + 3);
  const opened = store.open();
  if (!opened.ok) return t.fail(JSON.stringify(opened.error));
  t.is(opened.value.vault.counts.ballots, 1);
  for (const chip of [store.a, store.b]) t.is(chip.cells[layout.counter.address + 3], 0);
});

test("a medium whose counter cannot be written anew stops the start and is named", (t) => {
  const { store, layout } = castOne("ticks");
  // a tick that no ballot has set, as harm to A alone
  store.a.cells.fill(0, layout.counter.address + 8, layout.counter.address + 16);
  const block = layout.counter.address / store.a.blockLength;
  store.a.onOperation = (operation) => {
    if (operation.kind === "erase" && operation.block === block) store.a.fail = 1;
  };
  t.like(store.open(), { ok: false, error: { kind: "medium", medium: "a", what: "erase" } });
});

test("the head says how many heads there were, over every start", (t) => {
  const { store, layout } = castOne("epoch");
  const { address, length } = layout.head;
  /** FORMAT.md: an entry of 64 bytes is its number and the payload, which begins with the epoch. */
  const newest = (): number => {
    const entries = Array.from({ length: length / 64 }, (_, i) => address + i * 64)
      .map((at) => [readU32(store.b.cells, at), readU32(store.b.cells, at + 4)] as const)
      .filter(([number]) => number !== 0 && number !== 0xffff_ffff);
    t.is(entries.length, 1, "those before it are blank");
    return entries[0]![1];
  };
  t.is(newest(), 1);
  for (let epoch = 2; epoch < 5; epoch++) {
    const opened = store.open();
    if (!opened.ok) return t.fail(opened.error.kind);
    const { vault } = opened.value;
    const prepared = vault.prepare(store.chance.bytes(16), store.plain([2]));
    if (!prepared.ok || !vault.commit(prepared.value).ok || !vault.spend(prepared.value).ok || !vault.blank().ok)
      return t.fail("cast");
    t.is(newest(), epoch);
  }
});
