// The first start with a package: the tally key is drawn once, what is said of it lies on both media, and a cut at any
// operation, in every way a cut can leave it, is settled at the next start. Lost, it is not drawn again.

import test from "ava";
import { equalBytes, toHex } from "../../firmware/bytes.js";
import { sharesMax } from "../../firmware/crypto/tally-key.js";
import { drawLoading, loadingMax, openAuditKeys, shareOf } from "../../firmware/device/loading.js";
import { imageOf, loadingBodyOffset, loadingIn } from "../../firmware/vault/loading-store.js";
import { auditedKeys, deriveOwnKeys } from "../../firmware/device/keys.js";
import type { Booted } from "../../firmware/roles/ballot-boot.js";
import { sodiumPrimitives } from "../../office/crypto/sodium.js";
import { electionKeysFromSeed } from "../../office/package/keys.js";
import { recoverWithTestKeys } from "../../office/tally/recover.js";
import { apply } from "../campaigns/corruption/moments.js";
import { campaignFuses } from "../campaigns/crash/device.js";
import { secretIn } from "../support/device-secret.js";
import {
  type Cells,
  type ChipName,
  type FlashName,
  Store,
  type Writing,
  chipNames,
  must,
} from "../campaigns/crash/day.js";
import { faultsFor } from "../campaigns/crash/faults.js";

const keys = electionKeysFromSeed(new Uint8Array(32).fill(0xc4));

/** Cuts whose recovery is cut again at each of its operations. */
const cutAgain = new Set(["none", "all", "subset 3", "subset 7", "subset 12", "reads done, weak 1-50"]);

function fresh(seed: string): Store {
  return new Store(seed, sodiumPrimitives, 4);
}

function blank(store: Store): Cells {
  const empty = (): Uint8Array => new Uint8Array(store.chips.a.size).fill(0xff);
  return { main: store.chips.main.cells.slice(), a: empty(), b: empty() };
}

/** Every operation of a first start, up to the journal's first entry. */
function recorded(store: Store): { readonly chip: FlashName; readonly operation: Writing }[] {
  const operations: { chip: FlashName; operation: Writing }[] = [];
  store.listen((chip, operation) => {
    if (operation.kind === "read") return;
    operations.push({
      chip,
      operation: operation.kind === "program" ? { ...operation, data: operation.data.slice() } : operation,
    });
  });
  must(store.start());
  store.listen(undefined);
  return operations;
}

/** What a medium holds of the loading statement, when it is whole. */
function statementOn(store: Store, name: ChipName, { assignment, keys: own }: Pick<Booted, "assignment" | "keys">) {
  const { address, length } = store.layout.loading;
  const image = store.chips[name].cells.slice(address, address + length);
  const of = { election: store.election.id, terminal: assignment.number, publicKey: own.sign.publicKey };
  const found = loadingIn(store.crypto, image, of);
  return found !== undefined && equalBytes(image, imageOf(found.signed, length)) ? found : undefined;
}

function isOpenable(store: Store, booted: Booted): boolean {
  return recoverWithTestKeys(store.crypto, booted.loading, keys).ok;
}

test("a cut at every operation of the first start, and again at every operation of the one after it: one key, on both media, and cards and escrow open it", (t) => {
  const store = fresh("loading");
  const operations = recorded(store);
  const inLoading = ({ operation }: (typeof operations)[number]): boolean => {
    const { address, length } = store.layout.loading;
    const at = operation.kind === "erase" ? operation.block * store.chips.a.blockLength : operation.address;
    return at >= address && at < address + length;
  };
  t.true(operations.filter(inLoading).length > 8);
  const base = blank(store);
  let starts = 0;
  const check = (what: string): { readonly chip: FlashName; readonly operation: Writing }[] => {
    const done: { chip: FlashName; operation: Writing }[] = [];
    store.listen((chip, operation) => {
      if (operation.kind !== "read")
        done.push({
          chip,
          operation: operation.kind === "program" ? { ...operation, data: operation.data.slice() } : operation,
        });
    });
    const started = store.start();
    store.listen(undefined);
    starts++;
    if (!started.ok) {
      t.fail(`${what}: ${started.error.code} ${started.error.why}`);
      return [];
    }
    const both = chipNames.map((name) => statementOn(store, name, started.value));
    if (both.some((one) => one === undefined) || !equalBytes(both[0]!.signed, both[1]!.signed))
      t.fail(`${what}: not on both`);
    if (!isOpenable(store, started.value)) t.fail(`${what}: nobody could open what is sealed to this key`);
    const again = must(store.start());
    if (toHex(again.loading.tallyKey) !== toHex(started.value.loading.tallyKey)) t.fail(`${what}: another key`);
    return done;
  };
  for (const [nth, step] of operations.entries()) {
    for (const fault of faultsFor(step.operation)) {
      const what = `${nth}/${fault.name}`;
      const cut = (): void => {
        store.restore(base);
        const chance = store.reseed(what);
        store.tear(step.chip, step.operation, () => chance.next(), fault.tear, fault.options);
      };
      cut();
      const recovery = check(what);
      if (!inLoading(step) || !cutAgain.has(fault.name)) continue;
      for (const [k, next] of recovery.filter(inLoading).entries()) {
        cut();
        for (const before of recovery.slice(0, recovery.indexOf(next))) store.redo(before.chip, before.operation);
        const chance = store.reseed(`${what}/${k}`);
        store.tear(next.chip, next.operation, () => chance.next());
        check(`${what}/${k}`);
      }
    }
    apply(base[step.chip], step.operation);
    store.moved(step.chip, step.operation);
  }
  t.log(`${starts} starts after a cut, of ${operations.length} operations`);
});

test("harmed on one medium it is put there from the other, wherever it was harmed", (t) => {
  const store = fresh("harmed");
  const booted = must(store.start());
  const { address, length } = store.layout.loading;
  const whole = statementOn(store, "a", booted)!;
  for (const name of chipNames) {
    for (const at of [0, 3, 5, 100, 256, 300, 256 + whole.signed.length - 1, length - 1]) {
      store.spoil(name, address + at, (cell) => (cell === 0 ? 1 : cell & (cell - 1)));
      const next = must(store.start());
      t.deepEqual(next.loading, booted.loading);
      for (const each of chipNames)
        t.deepEqual(statementOn(store, each, booted)?.signed, whole.signed, `${name}, byte ${at}`);
    }
  }
});

test("gone from both media it is drawn anew before the journal's first entry, and never after it: S-14, and nothing but the superblock is touched", (t) => {
  const store = fresh("gone");
  const operations = recorded(store);
  const { address, length } = store.layout.loading;
  const first = must(store.start());
  const written = chipNames.map((name) => store.chips[name].cells.slice());
  for (const name of chipNames) store.chips[name].cells.fill(0xff, address, address + length);
  let writes = 0;
  store.listen((chip, operation) => {
    // the main flash's own logs read their newest entry again, and program it
    if (chip === "main") return;
    if (operation.kind === "erase" || (operation.kind === "program" && operation.address >= address)) writes++;
  });
  const refused = store.start();
  t.is(refused.ok ? "ok" : refused.error.code, "S-14");
  t.is(writes, 0);
  store.listen(undefined);
  // the same chips before the journal was begun
  const { journal } = store.layout;
  const unused = blank(store);
  for (const { chip, operation } of operations) {
    const at = operation.kind === "program" ? operation.address : operation.block * 4096;
    if (at >= journal.address) break;
    apply(unused[chip], operation);
  }
  for (const name of chipNames) {
    store.chips[name].cells.set(unused[name]);
    store.chips[name].cells.fill(0xff, address, address + length);
  }
  const second = must(store.start());
  t.notDeepEqual(second.loading.tallyKey, first.loading.tallyKey);
  t.true(isOpenable(store, second));
  // one of one drawing, one of the other: nobody knows to which of them ballots were sealed
  const other = imageOf(statementOn(store, "a", second)!.signed, length);
  for (const [i, name] of chipNames.entries()) store.chips[name].cells.set(written[i]!);
  store.chips.b.cells.set(other, address);
  const differing = store.start();
  t.is(differing.ok ? "ok" : differing.error.code, "S-14");
});

test("each terminal draws a key of its own, and says whose and for which cards it is", (t) => {
  const [one, other] = [fresh("one"), fresh("other")].map((store) => ({ store, booted: must(store.start()) }));
  t.notDeepEqual(one!.booted.loading.tallyKey, other!.booted.loading.tallyKey);
  const { loading, assignment, keys: own } = one!.booted;
  t.deepEqual(loading.election, one!.store.election.id);
  t.is(loading.terminal, assignment.number);
  t.deepEqual(loading.needed, { executive: 1, supervision: 1 });
  t.is(loading.shares.length, 3);
  for (const { role, box } of Object.values(keys.officials)) t.is(shareOf(loading, box.publicKey)?.role, role);
  // the auditor's keys are this election's, and for nobody else
  const audit = openAuditKeys(one!.store.crypto, loading, keys.audit)!;
  t.deepEqual(Object.keys(audit), [...auditedKeys]);
  for (const name of auditedKeys) t.deepEqual(audit[name], own[name]);
  t.is(openAuditKeys(one!.store.crypto, loading, keys.escrow), undefined);
  t.deepEqual(
    audit.slot,
    deriveOwnKeys(one!.store.crypto, secretIn(one!.store.chips.main, campaignFuses), loading.election).slot,
  );
});

test("the longest statement, of sixteen cards, fits its region", (t) => {
  const store = fresh("longest");
  const { keys: own, pack, device } = must(store.start());
  const cards = Array.from({ length: 2 * sharesMax }, (_, i) => ({
    role: i < sharesMax ? ("executive" as const) : ("supervision" as const),
    boxKey: store.crypto.boxKeyPair(new Uint8Array(32).fill(i + 1)).publicKey,
  }));
  const signed = drawLoading({
    crypto: store.crypto,
    key: store.tallyKey,
    election: {
      ...pack.election,
      station: 999_999,
      officials: { cards, needed: { executive: 8, supervision: 8 } },
    },
    terminal: 0xffff_ffff,
    deviceSecret: device.secret,
    keys: own,
  })!;
  // nine audit keys more, with the longest names
  const keysToCome = 9 * (1 + 2 + 32 + 1 + 16);
  t.true(signed.length + keysToCome <= loadingMax, `${signed.length}`);
  t.true(loadingBodyOffset + loadingMax <= store.layout.loading.length);
});

test("a generator that stands still draws no key: S-14", (t) => {
  const store = fresh("still");
  store.reseed("still").fill = (out) => void out.fill(7);
  const refused = store.start();
  t.is(refused.ok ? "ok" : refused.error.code, "S-14");
});
