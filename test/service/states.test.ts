// How far the day is, beside the journal: words on both media and the epoch in the main flash. What a cut leaves of
// them is written at the next start; what no cut explains is refused; harm to one medium is mended.

import test from "ava";
import type { EpochPhase } from "../../firmware/device/epoch.js";
import { EpochLog, epochAddress } from "../../firmware/device/epoch.js";
import type { Journal } from "../../firmware/journal/journal.js";
import type { OpenedVault } from "../../firmware/vault/vault.js";
import { stateWordAddress } from "../../firmware/vault/state-words.js";
import { type NorOperation, PowerCut, flashOf } from "../../sim/nor.js";
import { faultsFor } from "../campaigns/crash/faults.js";
import { Store } from "../support/store.js";

const names = ["a", "b"] as const;

function opened(store: Store): { readonly journal: Journal; readonly vault: OpenedVault } {
  const vault = store.open();
  if (!vault.ok) throw new Error(vault.error.kind);
  const journal = store.journal(vault.value);
  if (!journal.ok) throw new Error(journal.error.kind);
  return { journal: journal.value, vault: vault.value };
}

/** A start: what is wrong with the states, or "". */
function start(store: Store): string {
  const { journal, vault } = opened(store);
  const states = store.states(journal, vault);
  return states.ok ? "" : Object.values(states.error).join(" ");
}

function day(seed: string, ...events: readonly ("opened" | "closed" | "counted")[]): Store {
  const store = new Store(seed);
  const { journal, vault } = opened(store);
  if (!store.states(journal, vault).ok) throw new Error("states");
  if (!journal.append("started").ok) throw new Error("started");
  for (const event of events) if (!journal.append(event, 0).ok) throw new Error(event);
  if (events.includes("counted") && !journal.checkpoint().ok) throw new Error("checkpoint");
  return store;
}

const wordOf = (store: Store, name: "a" | "b", state: "opened" | "closed" | "counted"): Uint8Array =>
  store[name].cells.subarray(stateWordAddress(state), stateWordAddress(state) + 16);
const isErased = (bytes: Uint8Array): boolean => bytes.every((byte) => byte === 0xff);

test("each state has its word on both media, the same on both, unlike the others and another terminal's", (t) => {
  const store = day("words", "opened", "closed");
  const other = day("other words", "opened");
  const words = (["opened", "closed"] as const).map((state) => Buffer.from(wordOf(store, "a", state)).toString("hex"));
  for (const state of ["opened", "closed"] as const)
    t.deepEqual(wordOf(store, "a", state), wordOf(store, "b", state), state);
  t.true(isErased(wordOf(store, "a", "counted")));
  t.is(new Set([...words, Buffer.from(wordOf(other, "a", "opened")).toString("hex")]).size, 3);
  t.is(start(store), "");
});

test("a word that a cut has torn, or not begun, is there after the next start; one medium's harm to it is mended", (t) => {
  for (const harm of [
    (word: Uint8Array) => word.fill(0xff),
    (word: Uint8Array) => word.fill(0xff, 3),
    (word: Uint8Array) => word.fill(0, 3),
  ]) {
    const store = day("torn", "opened", "closed");
    const whole = wordOf(store, "a", "closed").slice();
    harm(wordOf(store, "a", "closed"));
    t.is(start(store), "");
    for (const name of names) t.deepEqual(wordOf(store, name, "closed"), whole);
    t.is(start(store), "");
  }
  const both = day("torn on both", "opened", "closed");
  const whole = wordOf(both, "a", "closed").slice();
  for (const name of names) wordOf(both, name, "closed").fill(0xff, 5);
  t.is(start(both), "");
  for (const name of names) t.deepEqual(wordOf(both, name, "closed"), whole);
});

test("a word without its entry is refused, on either medium; something else is, on both; a few cells, or one medium, are age", (t) => {
  const whole = day("words", "opened", "closed");
  const closed = wordOf(whole, "a", "closed").slice();
  for (const on of ["a", "b"] as const) {
    const store = day("words", "opened");
    wordOf(store, on, "closed").set(closed);
    t.is(start(store), "state closed", on);
  }
  const strange = day("strange", "opened");
  for (const name of names) wordOf(strange, name, "counted").fill(0x5a);
  t.is(start(strange), "state counted");
  const harmed = day("harmed", "opened");
  wordOf(harmed, "b", "counted").fill(0x5a);
  t.is(start(harmed), "");
  t.true(isErased(wordOf(harmed, "b", "counted")));
  const aged = day("aged", "opened");
  for (const name of names) wordOf(aged, name, "counted")[3] = 0xfe;
  t.is(start(aged), "");
});

test("an entry without its signature is signed at the next start, and what follows from it is written", (t) => {
  const store = day("unsigned", "opened");
  const { journal, vault } = opened(store);
  t.true(store.states(journal, vault).ok);
  // the free cell, the entry, the head and the head before; each on A and B
  let programs = 0;
  for (const name of names)
    store[name].onOperation = (operation) => {
      if (operation.kind === "program" && ++programs > 8) throw new PowerCut("cut");
    };
  t.throws(() => journal.append("closed", 0), { instanceOf: PowerCut });
  for (const name of names) store[name].onOperation = undefined;
  const { journal: found } = opened(store);
  t.deepEqual([found.state, found.isStateSigned], ["closed", false]);
  t.true(isErased(wordOf(store, "a", "closed")));
  t.is(start(store), "");
  const { journal: after } = opened(store);
  t.deepEqual(
    after.tail.slice(-2).map(({ event }) => event),
    ["closed", "checkpoint"],
  );
  t.true(after.isStateSigned);
  for (const name of names) t.false(isErased(wordOf(store, name, "closed")));
  t.is(store.epochs().newest?.phase, "closed");
});

// --- the epoch ---

const election = new Uint8Array(16).fill(3);
const chain = new Uint8Array(16).fill(4);
const phases: readonly EpochPhase[] = ["opening", "opened", "closed", "counted", "released"];

function epochOf(phase: EpochPhase, cells: number) {
  return { election, phase, end: { cells, chain } };
}

test("the newest entry is read again, over many blocks' worth; another device reads none", (t) => {
  const store = new Store("epoch");
  let log = store.epochs();
  t.is(log.newest, undefined);
  for (let i = 0; i < 200; i++) {
    t.true(log.write(epochOf(phases[i % 5]!, i)));
    if (i % 7 === 0) log = store.epochs();
    t.like(log.newest, epochOf(phases[i % 5]!, i));
  }
  t.is(EpochLog.open(flashOf(store.main), store.crypto, new Uint8Array(32)).newest, undefined);
  t.is(store.main.counters.misuses, 0);
  t.true(isErased(store.main.cells.subarray(0, epochAddress)));
  t.true(isErased(store.main.cells.subarray(epochAddress + 8192)));
});

test("a cut in every way at every operation: the entry before or the new one, and it stays so", (t) => {
  let cuts = 0;
  for (const before of [1, 5, 31]) {
    for (let nth = 0; nth < 4; nth++) {
      for (let fault = 0; fault < 40; fault++) {
        const store = new Store(`epoch ${before}`);
        const log = store.epochs();
        for (let i = 0; i < before; i++) log.write(epochOf("opened", i));
        const again = store.epochs();
        let count = 0;
        store.main.onOperation = (operation: NorOperation) => {
          if (operation.kind === "read" || count++ !== nth) return;
          const faults = faultsFor(operation);
          const { tear, options } = faults[fault % faults.length]!;
          store.main.tear(operation, () => store.chance.next(), tear, options);
          throw new PowerCut("cut");
        };
        let wasCut = false;
        try {
          again.write(epochOf("closed", 99));
        } catch (error) {
          if (!(error instanceof PowerCut)) throw error;
          wasCut = true;
        }
        store.main.onOperation = undefined;
        if (!wasCut) continue;
        cuts++;
        const found = store.epochs().newest;
        t.true(found?.phase === "closed" || found?.end.cells === before - 1, `${before} ${nth} ${fault}`);
        const after = store.epochs();
        t.true(after.write(epochOf("counted", 100)));
        t.like(store.epochs().newest, epochOf("counted", 100));
      }
    }
  }
  t.true(cuts > 300, `${cuts}`);
});

test("one harmed entry means nothing: the same stands beside it, and again behind the next start; both of them, and the one before counts", (t) => {
  for (const isStartBetween of [true, false]) {
    const store = new Store("epoch");
    const log = store.epochs();
    log.write(epochOf("opened", 5));
    log.write(epochOf("closed", 9));
    const at = epochAddress + 3 * 64;
    store.main.cells[at + 30]! ^= 1;
    if (isStartBetween) t.like(store.epochs().newest, epochOf("closed", 9));
    store.main.cells[at - 64 + 30]! ^= 1;
    t.like(store.epochs().newest, isStartBetween ? epochOf("closed", 9) : epochOf("opened", 5));
  }
});

test("polls are not opened while the main flash does not keep it; other entries wait for the next start", (t) => {
  const store = new Store("main");
  const { journal, vault } = opened(store);
  t.true(store.states(journal, vault).ok);
  store.main.present = false;
  t.deepEqual(journal.append("opened", 0), { ok: false, error: { kind: "main" } });
  t.is(journal.poll, undefined);
  store.main.present = true;
  t.true(journal.append("opened", 0).ok);
  store.main.present = false;
  t.true(journal.append("closed", 0).ok);
  store.main.present = true;
  t.is(store.epochs().newest?.phase, "opened");
  t.is(start(store), "");
  t.is(store.epochs().newest?.phase, "closed");
});

test("an election that was not released stands before the next; one that was, or was not opened, does not", (t) => {
  for (const [phase, says] of [
    ["opening", ""],
    ["opened", "older"],
    ["counted", "older"],
    ["released", ""],
  ] as const) {
    const store = new Store("next");
    store.epochs().write(epochOf(phase, 3));
    t.is(start(store), says, phase);
    if (says === "") continue;
  }
  const back = day("back", "opened");
  back.epochs().write(epochOf("released", 3));
  t.is(start(back), "older", "an election before the one that was released last");
});
