// Counting what two media hold: with one of them, with harm on one or on both, with what was never this terminal's.

import test from "ava";
import type { TallyKey } from "../../firmware/crypto/tally-key.js";
import { countBallots } from "../../firmware/tally/count.js";
import { census } from "../../firmware/tally/raw-store.js";
import { spentLength, tickLength } from "../../firmware/vault/layout.js";
import { signRecord, recordHash } from "../../firmware/vault/record.js";
import type { NorChip } from "../../sim/nor.js";
import { packOf } from "../support/session-bench.js";
import { Store } from "../support/store.js";

class Bench {
  readonly store: Store;
  readonly vault;
  readonly media;
  readonly layout;
  readonly progress: number[] = [];

  constructor(seed: string, choices: readonly (readonly number[])[], capacity?: number) {
    this.store = new Store(seed, capacity);
    const opened = this.store.open();
    if (!opened.ok) throw new Error(opened.error.kind);
    ({ vault: this.vault, media: this.media, layout: this.layout } = opened.value);
    for (const choice of choices) this.cast(choice);
  }

  cast(choice: readonly number[], end: "commit" | "void" = "commit"): void {
    const { vault, store } = this;
    const prepared = vault.prepare(store.chance.bytes(16), store.plain(choice));
    if (!prepared.ok) throw new Error(prepared.error.kind);
    const done =
      end === "void"
        ? [vault.voidPrepared(prepared.value)]
        : [vault.commit(prepared.value), vault.spend(prepared.value)];
    if (![...done, vault.blank()].every(({ ok }) => ok)) throw new Error("cast");
  }

  count(key: Partial<TallyKey> = {}) {
    const { store, media, layout } = this;
    const { crypto, tally, election, terminal, keys } = store;
    return countBallots({
      crypto,
      pack: packOf(store),
      terminal,
      publicKey: keys.sign.publicKey,
      media,
      layout,
      key: {
        open: (out: Uint8Array, box: Uint8Array) => {
          const plain = crypto.sealOpen(box, tally);
          out.set(plain ?? new Uint8Array(election.ballotLength));
          return plain !== undefined;
        },
        ...key,
      } as TallyKey,
      timer: { set: (callback) => (callback(), 0), clear: () => {} },
      onProgress: (ballots) => this.progress.push(ballots),
    });
  }

  async votes() {
    const counted = await this.count();
    if (!counted.ok) return counted.error;
    const { tally, voids, onOneMedium, names } = counted.value;
    return {
      ballots: tally.ballots,
      votes: tally.contests[0]!.votes.slice(0, 3),
      voids,
      onOneMedium,
      names: names.length / 16,
    };
  }

  /** In the middle of the record of the n-th slot that is used. */
  harm(chip: NorChip, nth = 0): number {
    const slot = this.vault.committedSlots()[nth]!;
    chip.cells[this.vault.slotRange(slot).address + 100]! ^= 0x10;
    return slot;
  }
}

test("every ballot on both media, voids apart; names ascending, one a ballot", async (t) => {
  const bench = new Bench("count", [[1], [1, 2], [3], []]);
  bench.cast([1], "void");
  t.deepEqual(await bench.votes(), { ballots: 4, votes: [2, 1, 1], voids: 1, onOneMedium: 0, names: 4 });
  const counted = await bench.count();
  if (!counted.ok) return t.fail();
  const names = bench.vault.committedSlots().map((slot) => recordHash(bench.store.crypto, bench.vault.record(slot)!));
  t.deepEqual(counted.value.names, new Uint8Array(Buffer.concat(names.sort((a, b) => Buffer.compare(a, b)))));
});

test("one medium alone, as officials decided: counted in full, and nothing is said to be on one of two", async (t) => {
  const bench = new Bench("alone", [[1], [2]]);
  for (const medium of ["a", "b"] as const) {
    bench.media.active = [medium];
    t.deepEqual(await bench.votes(), { ballots: 2, votes: [1, 1, 0], voids: 0, onOneMedium: 0, names: 2 });
  }
});

test("harmed on one medium, whichever: counted from the other, and counted as such", async (t) => {
  for (const medium of ["a", "b"] as const) {
    const bench = new Bench(`harmed ${medium}`, [[1], [2], [3]]);
    bench.harm(bench.store[medium]);
    t.deepEqual(await bench.votes(), { ballots: 3, votes: [1, 1, 1], voids: 0, onOneMedium: 1, names: 3 });
  }
});

test("erased on one medium: counted from the other, and counted as such", async (t) => {
  const bench = new Bench("erased", [[1], [2]]);
  const { address, length } = bench.vault.slotRange(bench.vault.committedSlots()[1]!);
  bench.store.a.cells.fill(0xff, address, address + length);
  t.like(await bench.votes(), { ballots: 2, onOneMedium: 1 });
});

test("what lies behind the last slot is no slot", async (t) => {
  // more slots than are read at once
  const bench = new Bench("behind", [[1], [2]], 300);
  const { slots, slotLength, store } = bench.layout;
  const end = store.address + slots * slotLength;
  for (const chip of [bench.store.a, bench.store.b]) chip.cells.fill(0, end, end + 40 * slotLength);
  t.like(await bench.votes(), { ballots: 2, voids: 0 });
});

test("harmed on both: nothing is counted, and the slot is named", async (t) => {
  const bench = new Bench("both", [[1], [2], [3]]);
  const slot = bench.harm(bench.store.a, 1);
  bench.harm(bench.store.b, 1);
  t.deepEqual(await bench.votes(), { kind: "tampered", what: "signature", slot } as never);
});

test("two ballots that are both signed for one slot: nobody can say which, so nothing is counted", async (t) => {
  const bench = new Bench("differ", [[1], [2]]);
  const { crypto, election, terminal, keys } = bench.store;
  const slot = bench.vault.committedSlots()[0]!;
  const box = crypto.seal(bench.store.plain([9]), election.tallyKey)!;
  bench.store.b.cells.set(
    signRecord(crypto, { election: election.id, terminal, slot, box }, keys.sign.secretKey),
    bench.vault.slotRange(slot).address + 2,
  );
  t.deepEqual(await bench.votes(), { kind: "tampered", what: "differ", slot } as never);
});

test("a box that the key does not open, or in which no ballot lies: the slot is named", async (t) => {
  const bench = new Bench("box", [[1]]);
  const slot = bench.vault.committedSlots()[0]!;
  const shut = await bench.count({ open: () => false });
  t.deepEqual(shut.ok ? undefined : shut.error, { kind: "tampered", what: "box", slot });
  const odd = await bench.count({ open: (out) => out.fill(7).length > 0 });
  t.deepEqual(odd.ok ? undefined : odd.error, { kind: "tampered", what: "ballot", slot });
});

test("what was opened is zeroed before the next ballot is looked at", async (t) => {
  const bench = new Bench("zeroed", [[1], [2]]);
  const before: boolean[] = [];
  const { crypto, tally } = bench.store;
  const counted = await bench.count({
    open: (out, box) => {
      before.push(out.every((byte) => byte === 0));
      out.set(crypto.sealOpen(box, tally)!);
      return true;
    },
  });
  t.true(counted.ok);
  t.deepEqual(before, [true, true]);
});

test("a counter that says more or fewer than there are ballots, on either medium", async (t) => {
  const bench = new Bench("ticks", [[1], [2]]);
  const tick = bench.layout.counter.address + 2 * tickLength;
  bench.store.b.cells.fill(0, tick, tick + tickLength);
  t.deepEqual(await bench.votes(), { kind: "tampered", what: "count" } as never);
  bench.store.b.cells.fill(0xff, tick - tickLength, tick + tickLength);
  t.like(await bench.votes(), { ballots: 2 }, "one counter alone that is behind is no sign of anything");
  bench.store.a.cells.fill(0xff, tick - tickLength, tick + tickLength);
  t.deepEqual(await bench.votes(), { kind: "tampered", what: "count" } as never);
});

test("the screen gets its turn after every sixteen ballots", async (t) => {
  const bench = new Bench(
    "turns",
    Array.from({ length: 33 }, () => [1]),
  );
  t.like(await bench.votes(), { ballots: 33 });
  t.deepEqual(bench.progress, [16, 32]);
});

test("a medium that does not answer ends the count and is named", async (t) => {
  const bench = new Bench("away", [[1]]);
  const { media } = bench;
  media.read = (medium, _, address) => ({ ok: false, error: { medium, what: "no-answer", address } });
  t.like(await bench.votes(), { kind: "medium", medium: "a", what: "no-answer" });
});

test("the census of a store: what each slot is, how far the counter is, and whether anything was ever touched", (t) => {
  const bench = new Bench("census", []);
  const { crypto } = bench.store;
  const of = (medium: "a" | "b" = "a") => {
    const found = census(crypto, bench.media, medium, bench.layout);
    if (!found.ok) throw new Error(found.error.what);
    return found.value;
  };
  const { slots } = bench.layout;
  t.deepEqual(of(), { slots: { erased: slots, voided: 0, decided: 0, undecided: 0 }, ticks: 0, untouched: true });
  bench.cast([1], "void");
  t.deepEqual(of().slots, { erased: slots - 1, voided: 1, decided: 0, undecided: 0 });
  bench.cast([1]);
  t.deepEqual(of("b"), {
    slots: { erased: slots - 2, voided: 1, decided: 1, undecided: 0 },
    ticks: 1,
    untouched: false,
  });
  const prepared = bench.vault.prepare(new Uint8Array(16), bench.store.plain([1]));
  t.true(prepared.ok);
  t.is(of().slots.undecided, 1);
});

test("one cell of the counter or of the spent set that is not erased, at either end: the store was touched", (t) => {
  const bench = new Bench("touched", []);
  const { layout, media, store } = bench;
  const { counter, spent, ticks, spentEntries } = layout;
  for (const at of [
    counter.address,
    counter.address + ticks * tickLength - 1,
    spent.address,
    spent.address + spentEntries * spentLength - 1,
  ]) {
    store.a.cells[at] = 0xfe;
    const found = census(store.crypto, media, "a", layout);
    t.like(found, { ok: true, value: { ticks: 0, untouched: false } }, `${at}`);
    store.a.cells[at] = 0xff;
  }
  t.like(census(store.crypto, media, "a", layout), { ok: true, value: { untouched: true } });
});
