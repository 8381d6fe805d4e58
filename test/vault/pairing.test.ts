// Which of two media count, as their first blocks say, and what the one that was away may have that the other one has
// not.

import test from "ava";
import type { Flash } from "../../firmware/platform.js";
import { ok } from "../../firmware/result.js";
import { Media } from "../../firmware/storage/media.js";
import { type Surplus, pair } from "../../firmware/vault/pairing.js";
import { superblockLength } from "../../firmware/vault/superblock.js";
import { Vault } from "../../firmware/vault/vault.js";
import { flashOf } from "../../sim/nor.js";
import { Store } from "../support/store.js";

const nothing: Surplus = { ballots: 0, entries: 0, heads: 0 };

class Bench {
  readonly store: Store;
  readonly layout;
  readonly superblock: Uint8Array;
  readonly flashes: { a: Flash; b: Flash };

  constructor(seed: string) {
    this.store = new Store(seed, 6);
    const opened = this.store.open();
    if (!opened.ok) throw new Error(opened.error.kind);
    this.layout = opened.value.layout;
    this.superblock = this.store.a.cells.slice(0, superblockLength);
    this.flashes = { a: flashOf(this.store.a), b: flashOf(this.store.b) };
  }

  /** Two officials go on with A. */
  goOnWithA(): void {
    const { crypto, keys, election, terminal } = this.store;
    this.store.b.present = false;
    if (!Vault.goOnAlone({ crypto, keys, election, terminal, ...this.flashes }, "a").ok) throw new Error("decision");
    this.store.b.present = true;
  }

  pair(onlyOnStale: Surplus) {
    const media = Media.open({ ...this.flashes, crypto: this.store.crypto });
    if (!media.ok) throw new Error(media.error.what);
    return pair(media.value, this.layout, this.superblock, {
      onlyOn: (medium) => ok(medium === "b" ? onlyOnStale : nothing),
      settleOn: () => ok(),
    });
  }
}

test("the one that was away may have one ballot that was under way, with its entries and heads, and no more", (t) => {
  for (const [surplus, isStale] of [
    [nothing, true],
    [{ ballots: 1, entries: 4, heads: 2 }, true],
    [{ ballots: 2, entries: 4, heads: 2 }, false],
    [{ ballots: 1, entries: 5, heads: 2 }, false],
    [{ ballots: 1, entries: 4, heads: 3 }, false],
  ] as const) {
    const bench = new Bench("stale");
    bench.goOnWithA();
    const paired = bench.pair(surplus);
    if (isStale) t.deepEqual(paired, { ok: true, value: { rebuilt: "b", without: undefined } });
    else t.deepEqual(paired, { ok: false, error: { kind: "foreign" } }, JSON.stringify(surplus));
  }
});

test("a superblock that reads wrong three times and then right is the own one, and nothing is written anew", (t) => {
  const bench = new Bench("weak");
  const real = flashOf(bench.store.a);
  let wrong = 0;
  bench.flashes.a = {
    ...real,
    read: (length, address, into) => {
      const bytes = real.read(length, address, into);
      if (bytes !== undefined && address === 0 && wrong++ < 3) bytes.fill(0x5a, 4, 40);
      return bytes;
    },
  };
  const { erases } = bench.store.a.counters;
  t.deepEqual(bench.pair(nothing), { ok: true, value: { rebuilt: undefined, without: undefined } });
  t.is(bench.store.a.counters.erases, erases);
});
