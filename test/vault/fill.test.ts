// Capacity is known and is kept: N-1, N, and not N+1; and media that wear cost slots, not ballots.

import test from "ava";
import { sealOverhead } from "../../firmware/crypto/crypto.js";
import { layOut } from "../../firmware/vault/layout.js";
import type { Vault } from "../../firmware/vault/vault.js";
import { flashCost } from "../../bench/flash-cost.js";
import { wearOut } from "../campaigns/wear/wear.js";
import { sodiumPrimitives } from "../../office/crypto/sodium.js";
import { Store } from "../support/store.js";

function castOne(store: Store, vault: Vault): string {
  const prepared = vault.prepare(store.chance.bytes(16), store.plain([1]));
  if (!prepared.ok) return prepared.error.kind;
  for (const step of [vault.commit(prepared.value), vault.spend(prepared.value), vault.blank()])
    if (!step.ok) return step.error.kind;
  return "cast";
}

function takeBackOne(store: Store, vault: Vault): string {
  const prepared = vault.prepare(store.chance.bytes(16), store.plain([2]));
  if (!prepared.ok) return prepared.error.kind;
  for (const step of [vault.voidPrepared(prepared.value), vault.blank()]) if (!step.ok) return step.error.kind;
  return "voided";
}

for (const capacity of [1, 4, 40]) {
  test(`a capacity of ${capacity}: there is room up to the last ballot, none after it, also after a restart; the refused one leaves nothing`, (t) => {
    const store = new Store(`fill ${capacity}`, capacity);
    const first = store.open();
    if (!first.ok) return t.fail(first.error.kind);
    const { vault } = first.value;
    for (let n = 1; n <= capacity; n++) {
      t.true(vault.hasRoom(), `before ballot ${n}`);
      t.is(castOne(store, vault), "cast", `ballot ${n}`);
    }
    t.false(vault.hasRoom());
    const before = Buffer.concat([store.a.cells, store.b.cells]);
    t.is(castOne(store, vault), "full");
    t.true(before.equals(Buffer.concat([store.a.cells, store.b.cells])), "the refused ballot leaves no trace");
    const again = store.open();
    if (!again.ok) return t.fail(again.error.kind);
    t.false(again.value.vault.hasRoom());
    t.is(castOne(store, again.value.vault), "full");
    t.deepEqual(again.value.vault.counts, { ballots: capacity, voids: 0, capacity });
    const verified = again.value.vault.verifyAll();
    t.true(verified.ok && verified.value === capacity);
  });
}

test("voids use up the spare slots and no more: with all of them gone every ballot still has its slot, and one void more costs one ballot", (t) => {
  const capacity = 8;
  const store = new Store("spare", capacity);
  const opened = store.open();
  if (!opened.ok) return t.fail(opened.error.kind);
  const { vault, layout } = opened.value;
  const spare = layout.slots - capacity;
  for (let n = 0; n < spare; n++) {
    t.false(vault.hasTooManyVoids(), `after ${n} voids`);
    t.is(takeBackOne(store, vault), "voided");
  }
  t.true(vault.hasTooManyVoids());
  vault.allowVoids();
  t.false(vault.hasTooManyVoids(), "an official has allowed more");
  for (let n = 0; n < capacity - 1; n++) t.is(castOne(store, vault), "cast");
  t.true(vault.hasRoom());
  t.is(takeBackOne(store, vault), "voided");
  t.true(vault.hasTooManyVoids());
  t.false(vault.hasRoom());
  t.is(castOne(store, vault), "full");
  t.is(vault.counts.ballots, capacity - 1);
  const again = store.open();
  t.true(again.ok && !again.value.vault.hasRoom() && again.value.vault.verifyAll().ok);
});

test("10,000 ballots in 50 elections on the same media, with slots that wear out: worn slots are passed over, every ballot is there and verifies", (t) => {
  const report = wearOut({ elections: 50, casts: 200, seed: "wear", primitives: sodiumPrimitives });
  t.log(`${report.lostSlots} worn slots passed over, a block erased at most ${report.erasesMax} times`);
  t.is(report.ballots, 10_000);
  t.true(report.lostSlots > 0, "the wear must be felt");
  t.is(report.misuses, 0, "asks for no 0 -> 1");
});

test("8,000 ballots of up to 302 bytes fit a medium of 8 MB with journal, logs and counters; what is too large is refused with its size", (t) => {
  const medium = { size: 8 * 1024 * 1024, blockLength: 4096 };
  const fits = layOut({ capacity: 8000, boxLength: 302 + sealOverhead, ...medium });
  t.true(fits.ok && fits.value.slots === 10_000 && fits.value.slotLength === 512);
  const larger = layOut({ capacity: 8000, boxLength: 303 + sealOverhead, ...medium });
  t.true(!larger.ok && larger.error.needed > medium.size && larger.error.available === medium.size);
});

test("a cast costs the flash the same at 0, 50, 80 and 95 %", (t) => {
  const {
    casts: [empty, ...fuller],
    starts,
  } = flashCost();
  t.log(JSON.stringify(empty));
  for (const cost of fuller) t.deepEqual({ ...cost, at: "" }, { ...empty!, at: "" }, cost.at);
  for (const start of starts) t.log(JSON.stringify(start));
});
