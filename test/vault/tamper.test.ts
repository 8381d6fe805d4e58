// Without the key inside the chip nobody can take out, exchange, move or change a single record unseen. On both media
// it is detected and the slot named; on one it is repaired from the other, and the medium named.

import test from "ava";
import { equalBytes } from "../../firmware/bytes.js";
import type { TerminalId } from "../../firmware/election/types.js";
import { deriveKeys } from "../../firmware/device/keys.js";
import { commitLength } from "../../firmware/vault/layout.js";
import { ok } from "../../firmware/result.js";
import { Vault } from "../../firmware/vault/vault.js";
import { type NorChip, flashOf } from "../../sim/nor.js";
import { Store, chip } from "../support/store.js";
import { openBallots } from "../support/open-ballots.js";

const capacity = 6;
const choices = [[1], [2, 3], [4]] as const;

interface Image {
  readonly store: Store;
  readonly slots: readonly number[];
  readonly free: number;
  readonly counter: number;
  range(slot: number): { readonly address: number; readonly length: number };
  /** Both media as they were after the last cast. */
  restore(): void;
}

function castInto(store: Store, vault: Vault, choice: readonly number[]): void {
  const prepared = vault.prepare(store.chance.bytes(16), store.plain(choice));
  if (!prepared.ok || !vault.commit(prepared.value).ok || !vault.spend(prepared.value).ok || !vault.blank().ok)
    throw new Error("cast");
}

function imageOf(seed: string): Image {
  const store = new Store(seed, capacity);
  const opened = store.open();
  if (!opened.ok) throw new Error(opened.error.kind);
  const { vault, layout } = opened.value;
  for (const choice of choices) castInto(store, vault, choice);
  const slots = vault.committedSlots();
  const used = layout.store.address + layout.store.length;
  const cells = { a: store.a.cells.slice(0, used), b: store.b.cells.slice(0, used) };
  return {
    store,
    slots,
    free: Array.from({ length: layout.slots }, (_, i) => i).find((slot) => !slots.includes(slot))!,
    counter: layout.counter.address,
    range: (slot) => vault.slotRange(slot),
    restore: () => {
      store.a.cells.set(cells.a);
      store.b.cells.set(cells.b);
    },
  };
}

/** What the opening says, or "sound" when it and the full verification find nothing. */
function saidOf({ store }: Image): string {
  const opened = store.open();
  if (!opened.ok) return describe(opened.error);
  const verified = opened.value.vault.verifyAll();
  if (!verified.ok) return describe(verified.error);
  return opened.value.vault.damaged.size > 0 ? `repaired ${[...opened.value.vault.damaged].join()}` : "sound";
}

function describe(error: { readonly kind: string; readonly what?: string; readonly slot?: number }): string {
  return [error.kind, error.what, error.slot].filter((part) => part !== undefined).join(" ");
}

const bothOf = (image: Image): readonly [NorChip, NorChip] => [image.store.a, image.store.b];

test("any single bit of any stored record, of its length, its filling or its check, flipped on both media: the slot is named", (t) => {
  const image = imageOf("bits");
  t.is(saidOf(image), "sound");
  let flipped = 0;
  for (const [nth, slot] of image.slots.entries()) {
    const { address, length } = image.range(slot);
    // every bit of one record; of the others a third, at another place each
    for (let bit = nth; bit < (length - commitLength) * 8; bit += nth === 0 ? 1 : 3) {
      image.restore();
      for (const each of bothOf(image)) each.cells[address + (bit >> 3)]! ^= 1 << (bit & 7);
      const said = saidOf(image);
      if (said !== `tampered slot-check ${slot}`) t.fail(`slot ${slot} bit ${bit}: ${said}`);
      flipped++;
    }
  }
  t.true(flipped > 6000, `${flipped} bits`);
});

test("any single bit of a record flipped on one medium: repaired from the other, and the medium named; the next start finds all sound", (t) => {
  const image = imageOf("one medium");
  for (const [nth, slot] of image.slots.entries()) {
    const { address, length } = image.range(slot);
    for (let bit = nth; bit < (length - commitLength) * 8; bit += 7) {
      image.restore();
      const which = bit % 2;
      bothOf(image)[which]!.cells[address + (bit >> 3)]! ^= 1 << (bit & 7);
      const said = saidOf(image);
      if (said !== `repaired ${"ab"[which]!}`) t.fail(`slot ${slot} bit ${bit}: ${said}`);
      const [a, b] = bothOf(image).map((each) => each.cells.subarray(address, address + length));
      if (!equalBytes(a!, b!)) t.fail(`slot ${slot} bit ${bit} is not repaired`);
      if (bit % 5 === 0) t.is(saidOf(image), "sound");
    }
  }
});

test("a bit of a commit word, on one medium or on both, takes no ballot away and makes none", (t) => {
  const image = imageOf("commit");
  for (const slot of [...image.slots, image.free]) {
    const { address, length } = image.range(slot);
    for (let bit = 0; bit < commitLength * 8; bit += 5) {
      for (const chips of [[image.store.a], [image.store.b], bothOf(image)]) {
        image.restore();
        for (const each of chips) each.cells[address + length - commitLength + (bit >> 3)]! ^= 1 << (bit & 7);
        const opened = image.store.open();
        if (!opened.ok) return t.fail(describe(opened.error));
        t.deepEqual(opened.value.vault.committedSlots(), image.slots);
      }
    }
  }
});

type Change = (cells: Uint8Array, image: Image) => void;
const from = (image: Image, slot: number): { readonly start: number; readonly end: number } => {
  const { address, length } = image.range(slot);
  return { start: address, end: address + length };
};

const changes: readonly (readonly [string, Change, (image: Image) => string])[] = [
  [
    "a record removed, as if its slot had never been used",
    (cells, image) => cells.fill(0xff, from(image, image.slots[1]!).start, from(image, image.slots[1]!).end),
    () => "tampered count",
  ],
  [
    "a record removed, as if it had been voided",
    (cells, image) => cells.fill(0, from(image, image.slots[1]!).start, from(image, image.slots[1]!).end),
    () => "tampered count",
  ],
  [
    "two records exchanged",
    (cells, image) => {
      const [x, y] = [from(image, image.slots[0]!), from(image, image.slots[2]!)];
      const kept = cells.slice(x.start, x.end);
      cells.copyWithin(x.start, y.start, y.end);
      cells.set(kept, y.start);
    },
    (image) => `tampered slot-check ${image.slots[0]!}`,
  ],
  [
    "a record copied to a free slot",
    (cells, image) => {
      const x = from(image, image.slots[0]!);
      cells.copyWithin(from(image, image.free).start, x.start, x.end);
    },
    (image) => `tampered slot-check ${image.free}`,
  ],
  [
    "a record moved to a free slot",
    (cells, image) => {
      const x = from(image, image.slots[0]!);
      cells.copyWithin(from(image, image.free).start, x.start, x.end);
      cells.fill(0xff, x.start, x.end);
    },
    (image) => `tampered slot-check ${image.free}`,
  ],
  [
    "a record put over another",
    (cells, image) => {
      const x = from(image, image.slots[0]!);
      cells.copyWithin(from(image, image.slots[1]!).start, x.start, x.end);
    },
    (image) => `tampered slot-check ${image.slots[1]!}`,
  ],
  [
    "a record's commit word erased",
    (cells, image) =>
      cells.fill(0xff, from(image, image.slots[0]!).end - commitLength, from(image, image.slots[0]!).end),
    () => "tampered count",
  ],
  [
    "the counter set back",
    (cells, image) => cells.fill(0xff, image.counter, image.counter + 3 * 8),
    () => "tampered counter",
  ],
  [
    "the counter moved on",
    (cells, image) => cells.fill(0, image.counter, image.counter + 4 * 8),
    () => "tampered counter",
  ],
];

for (const [name, change, expected] of changes) {
  test(`${name}, on both media: detected and named`, (t) => {
    const image = imageOf(name);
    const wanted = expected(image);
    for (const each of bothOf(image)) change(each.cells, image);
    t.is(saidOf(image), wanted);
  });
}

test("a record exchanged for another that this terminal cast into a state that was then taken back, on both media: only the set tells, and does", (t) => {
  const image = imageOf("fork");
  const opened = image.store.open();
  if (!opened.ok) return t.fail(describe(opened.error));
  castInto(image.store, opened.value.vault, [5]);
  const fourth = opened.value.vault.committedSlots().find((slot) => !image.slots.includes(slot))!;
  const there = from(image, fourth);
  const taken = image.store.a.cells.slice(there.start, there.end);
  image.restore();
  const gone = from(image, image.slots[2]!);
  for (const each of bothOf(image)) {
    each.cells.set(taken, there.start);
    each.cells.fill(0xff, gone.start, gone.end);
  }
  t.is(saidOf(image), "tampered set");
});

test("a record of another terminal, or of this terminal in another election, under the same slot number: detected and named", (t) => {
  const image = imageOf("ours");
  const { store } = image;
  const secret = new Uint8Array(32).fill(7);
  const others = {
    "another terminal of this election": {
      keys: deriveKeys(store.crypto, secret, store.election.id, new Uint8Array(32)),
      election: store.election,
      terminal: 2 as TerminalId,
    },
    "another election": {
      keys: deriveKeys(store.crypto, secret, new Uint8Array(16), new Uint8Array(32)),
      election: { ...store.election, id: new Uint8Array(16) },
      terminal: store.terminal,
    },
  };
  for (const [name, other] of Object.entries(others)) {
    const chips = { a: chip(), b: chip() };
    const tallyKey = () => ok(store.election.tallyKey);
    const opened = Vault.open({ crypto: store.crypto, ...other, tallyKey, a: flashOf(chips.a), b: flashOf(chips.b) });
    if (!opened.ok) return t.fail(opened.error.kind);
    const { vault } = opened.value;
    while (!vault.committedSlots().some((slot) => image.slots.includes(slot))) castInto(store, vault, [5]);
    const slot = vault.committedSlots().find((each) => image.slots.includes(each))!;
    image.restore();
    const { start, end } = from(image, slot);
    for (const each of bothOf(image)) each.cells.set(chips.a.cells.subarray(start, end), start);
    t.is(saidOf(image), `tampered slot-check ${slot}`, name);
    // and media that are wholly theirs are not taken for ours
    store.a.cells.set(chips.a.cells);
    store.b.cells.set(chips.b.cells);
    t.is(saidOf(image), "foreign", name);
  }
});

for (const which of ["a", "b"] as const) {
  test(`medium ${which} put back to what it held a ballot earlier: everything is there, nothing is counted twice, and the medium is named`, (t) => {
    const store = new Store(`rolled back ${which}`, capacity);
    const opened = store.open();
    if (!opened.ok) return t.fail(opened.error.kind);
    castInto(store, opened.value.vault, [1]);
    const earlier = store[which].cells.slice();
    castInto(store, opened.value.vault, [2]);
    store[which].cells.set(earlier);
    const again = store.open();
    if (!again.ok) return t.fail(describe(again.error));
    const { vault } = again.value;
    t.deepEqual([...vault.damaged], [which]);
    t.deepEqual(openBallots(store, vault).map(String).sort(), ["1", "2"]);
    t.true(vault.verifyAll().ok);
  });
}

test("the limit, shown: both media put back to what they held earlier open as they were then; only what is outside can tell", (t) => {
  const store = new Store("all back", capacity);
  const opened = store.open();
  if (!opened.ok) return t.fail(opened.error.kind);
  castInto(store, opened.value.vault, [1]);
  const earlier = [store.a.cells.slice(), store.b.cells.slice()] as const;
  castInto(store, opened.value.vault, [2]);
  store.a.cells.set(earlier[0]);
  store.b.cells.set(earlier[1]);
  const again = store.open();
  t.true(again.ok && again.value.vault.counts.ballots === 1);
});
