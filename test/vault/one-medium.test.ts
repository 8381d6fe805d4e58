// Going on with one medium, and the other one's return: nothing is taken from the one that was away, it gets
// everything.

import test from "ava";
import { ok } from "../../firmware/result.js";
import { wordsMax } from "../../firmware/vault/pairing.js";
import { Vault } from "../../firmware/vault/vault.js";
import { flashOf } from "../../sim/nor.js";
import { Store } from "../support/store.js";

function optionsOf(store: Store): Parameters<typeof Vault.open>[0] {
  const { crypto, keys, election, terminal, a, b } = store;
  const tallyKey = () => ok(election.tallyKey);
  return { crypto, keys, election, tallyKey, terminal, a: flashOf(a), b: flashOf(b) };
}

function cast(store: Store, vault: Vault): void {
  const prepared = vault.prepare(store.chance.bytes(16), store.plain([1]));
  if (!prepared.ok) throw new Error(prepared.error.kind);
  const done = [vault.commit(prepared.value), vault.spend(prepared.value), vault.blank()];
  if (!done.every(({ ok }) => ok)) throw new Error("cast");
}

function opened(store: Store) {
  const found = store.open();
  if (!found.ok) throw new Error(found.error.kind);
  return found.value;
}

for (const [away, kept] of [
  ["a", "b"],
  ["b", "a"],
] as const) {
  test(`${away.toUpperCase()} away: nothing opens undecided; then ballots are cast on the other, and copied back`, (t) => {
    const store = new Store(`away ${away}`, 6);
    cast(store, opened(store).vault);
    store[away].present = false;
    const undecided = store.open();
    t.like(undecided, { ok: false, error: { kind: "undecided", missing: away } });
    t.true(Vault.goOnAlone(optionsOf(store), kept).ok);
    const alone = opened(store);
    t.deepEqual([alone.without, alone.rebuilt, alone.media.active], [away, undefined, [kept]]);
    cast(store, alone.vault);
    cast(store, alone.vault);
    store[away].present = true;
    const back = opened(store);
    t.deepEqual([back.without, back.rebuilt, back.media.active], [undefined, away, ["a", "b"]]);
    t.is(back.vault.counts.ballots, 3);
    t.deepEqual(back.vault.verifyAll(), { ok: true, value: 3 });
    const { address, length } = back.layout.store;
    t.deepEqual(store.a.cells.slice(address, address + length), store.b.cells.slice(address, address + length));
    const after = opened(store);
    t.deepEqual([after.without, after.rebuilt, after.vault.counts.ballots], [undefined, undefined, 3], "once");
  });
}

test("the decision is one, however often it is made; a medium that notes no more of them refuses it", (t) => {
  const store = new Store("twice", 6);
  cast(store, opened(store).vault);
  store.b.present = false;
  for (let times = 0; times < 3; times++) {
    t.true(Vault.goOnAlone(optionsOf(store), "a").ok);
    t.is(opened(store).without, "b");
  }
  store.b.present = true;
  t.is(opened(store).rebuilt, "b");
  for (let decisions = 1; ; decisions++) {
    store.b.present = false;
    const decided = Vault.goOnAlone(optionsOf(store), "a");
    if (!decided.ok) {
      t.deepEqual([decided.error.kind, decisions], ["foreign", wordsMax / 2]);
      break;
    }
    store.b.present = true;
    t.is(opened(store).rebuilt, "b");
  }
  store.b.present = true;
  t.is(opened(store).vault.counts.ballots, 1, "both are still good");
});
