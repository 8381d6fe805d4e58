// The vault under power cuts: a day of casts is cut before, in the middle of and after every flash operation of it, and
// what recovery finds is compared with what the voters were told.

import test from "ava";
import { PowerCut, type NorChip, type NorOperation } from "../../sim/nor.js";
import { openBallots } from "../support/open-ballots.js";
import { Store } from "../support/store.js";
import type { Vault } from "../../firmware/vault/vault.js";

const casts = 4;

interface Told {
  /** What a voter was told is cast, as the codes chosen. */
  readonly cast: number[][];
  readonly spent: Uint8Array[];
}

/** Casts ballots 1.., voiding the third; adds to `told` when a voter would be told. */
function day(
  store: Store,
  vault: Vault,
  told: Told,
  done: { decided: boolean; choices: number[]; token: Uint8Array },
): void {
  for (let i = told.cast.length; i < casts; i++) {
    const choices = [i + 1, i + 5];
    const token = store.chance.bytes(16);
    done.decided = false;
    done.choices = choices;
    done.token = token;
    if (i === 2 && vault.counts.voids === 0) {
      const prepared = vault.prepare(token, store.plain([9]));
      if (!prepared.ok) throw new Error(prepared.error.kind);
      ok(vault.voidPrepared(prepared.value));
      ok(vault.blank());
    }
    const prepared = vault.prepare(token, store.plain(choices));
    if (!prepared.ok) throw new Error(prepared.error.kind);
    ok(vault.commit(prepared.value));
    ok(vault.spend(prepared.value));
    done.decided = true;
    ok(vault.blank());
    told.cast.push(choices);
    told.spent.push(token);
  }
}

function ok(result: { readonly ok: boolean; readonly error?: { readonly kind: string } }): void {
  if (!result.ok) throw new Error(result.error?.kind ?? "failed");
}

/** Cuts the power at the n-th operation from now on. */
function cutAt(store: Store, n: number, how: "before" | "torn" | "after"): { reached(): boolean } {
  let count = 0;
  const off = { power: false };
  for (const chip of [store.a, store.b] as NorChip[]) {
    chip.onOperation = (operation: NorOperation) => {
      if (off.power) throw new PowerCut("off");
      if (operation.kind === "read") return;
      if (count++ !== n) return;
      off.power = true;
      if (how === "torn") chip.tear(operation, () => store.chance.next());
      if (how === "after") complete(chip, operation);
      throw new PowerCut("now");
    };
  }
  return { reached: () => off.power };
}

function complete(chip: NorChip, operation: NorOperation): void {
  if (operation.kind === "program")
    for (let i = 0; i < operation.data.length; i++) chip.cells[operation.address + i]! &= operation.data[i]!;
  if (operation.kind === "erase")
    chip.cells.fill(0xff, operation.block * chip.blockLength, (operation.block + 1) * chip.blockLength);
}

function powerBack(store: Store): void {
  store.a.onOperation = undefined;
  store.b.onOperation = undefined;
}

for (const how of ["before", "torn", "after"] as const) {
  test(`a cut ${how} any flash operation of the day loses no ballot, invents none, and spends a token exactly when its ballot counts`, (t) => {
    let cuts = 0;
    for (let n = 0; ; n++) {
      const store = new Store(`${how} ${n}`);
      const first = store.open();
      if (!first.ok) return t.fail(first.error.kind);
      const told: Told = { cast: [], spent: [] };
      const current = { decided: false, choices: [] as number[], token: new Uint8Array(16) };
      const cut = cutAt(store, n, how);
      try {
        day(store, first.value.vault, told, current);
      } catch (error) {
        if (!(error instanceof PowerCut)) throw error;
      }
      powerBack(store);
      if (!cut.reached()) break;
      cuts++;
      // recovery is itself cut, at an operation that changes with n, then runs through
      cutAt(store, n % 7, how);
      try {
        const attempt = store.open();
        if (!attempt.ok) return t.fail(`${how} ${n}, second cut: ${JSON.stringify(attempt.error)}`);
      } catch (error) {
        if (!(error instanceof PowerCut)) throw error;
      }
      powerBack(store);
      const second = store.open();
      if (!second.ok) return t.fail(`${how} ${n}: ${JSON.stringify(second.error)}`);
      const { vault } = second.value;
      const found = openBallots(store, vault);
      const expected = told.cast.map(String);
      const withCurrent = [...expected, String(current.choices)].sort();
      const counts = found.map(String).sort();
      const isCounted = counts.length === expected.length + 1;
      t.deepEqual(counts, isCounted ? withCurrent : [...expected].sort(), `${how} ${n}`);
      if (current.decided && told.spent.at(-1) !== current.token) t.true(isCounted, `${how} ${n}: decided`);
      for (const token of told.spent) t.true(vault.isSpent(token), `${how} ${n}: spent`);
      if (told.spent.at(-1) !== current.token)
        t.is(vault.isSpent(current.token), isCounted, `${how} ${n}: the token of the ballot under way`);
      ok(vault.blank());
      // the day goes on, and a restart agrees
      if (isCounted) told.cast.push(current.choices);
      day(store, vault, told, current);
      const last = store.open();
      if (!last.ok) return t.fail(`${how} ${n}, at the end: ${JSON.stringify(last.error)}`);
      t.is(last.value.vault.counts.ballots, casts);
      ok(last.value.vault.verifyAll());
      t.is(store.a.counters.misuses + store.b.counters.misuses, 0, `${how} ${n}: asks for no 0 -> 1`);
    }
    t.true(cuts > 60, `${cuts} cuts`);
    t.log(`${cuts} cuts`);
  });
}
