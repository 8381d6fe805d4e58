// Where the results lie: on both media, whole or not there at all, and given to the one that lost them.

import test from "ava";
import { equalBytes, toHex } from "../../firmware/bytes.js";
import type { Flash } from "../../firmware/platform.js";
import { Media, type Medium } from "../../firmware/storage/media.js";
import { nameLength, resultsMax, signRecordList, signResults } from "../../firmware/tally/results.js";
import { ResultsStore, type StoredResults } from "../../firmware/tally/results-store.js";
import { NorChip, flashOf } from "../../sim/nor.js";
import { Store } from "../support/store.js";

const { crypto, election, keys } = new Store("results");
const block = 4_096;
const region = { address: 2 * block, length: 20 * block };
const listMax = 2_000;
/** The block in which the longest list ends, behind the longest results. */
const lastBlock = region.address + Math.floor((256 + resultsMax + listMax - 1) / block) * block;

function resultsOf(ballots: number): StoredResults {
  const names = new Uint8Array(ballots * nameLength).fill(0x3c);
  const list = { election: election.id, terminal: 1, names };
  const results = {
    root: election.root,
    terminal: 1,
    generatedAt: 1_795_235_400,
    ballots,
    voids: 0,
    records: crypto.sha256(names),
    media: 2 as const,
    k: 5,
    contests: [],
    version: "1.2.3",
    kind: "real" as const,
  };
  return {
    results,
    list,
    signedResults: signResults(crypto, results, keys.sign.secretKey),
    signedList: signRecordList(crypto, list, keys.sign.secretKey),
  };
}

function hexOf(stored: StoredResults | undefined): string | undefined {
  return stored && `${toHex(stored.signedResults)} ${toHex(stored.signedList)}`;
}

class Bench {
  readonly a = new NorChip({ size: 32 * block });
  readonly b = new NorChip({ size: 32 * block });
  readonly flashes: Record<Medium, Flash> = { a: flashOf(this.a), b: flashOf(this.b) };

  attempt() {
    const media = Media.open({ ...this.flashes, crypto });
    if (!media.ok) throw new Error(media.error.what);
    return ResultsStore.open({
      crypto,
      media: media.value,
      region,
      listMax,
      root: election.root,
      terminal: 1,
      publicKey: keys.sign.publicKey,
    });
  }

  open(): ResultsStore {
    const opened = this.attempt();
    if (!opened.ok) throw new Error(opened.error.what);
    return opened.value;
  }

  /** Of a medium, from the region on. */
  isErased(medium: Medium): boolean {
    return this[medium].cells.subarray(region.address).every((byte) => byte === 0xff);
  }
}

test("results are kept over whatever lay there, and read by every start after it", (t) => {
  const bench = new Bench();
  const store = bench.open();
  t.is(store.stored, undefined);
  const kept = resultsOf(100);
  for (const chip of [bench.a, bench.b]) chip.cells.fill(0, region.address + 256, region.address + 2 * block);
  t.true(store.keep(kept).ok);
  t.is(hexOf(store.stored), hexOf(kept));
  t.is(hexOf(bench.open().stored), hexOf(kept));
  t.true(equalBytes(bench.a.cells, bench.b.cells));
});

test("a medium that lost them gets them from the other one", (t) => {
  for (const [lost, other] of [
    ["a", "b"],
    ["b", "a"],
  ] as const) {
    const bench = new Bench();
    const kept = resultsOf(100);
    t.true(bench.open().keep(kept).ok);
    bench[lost].restore(new Uint8Array(bench[lost].size).fill(0xff));
    t.is(hexOf(bench.open().stored), hexOf(kept), lost);
    bench[other].restore(new Uint8Array(bench[other].size).fill(0xff));
    t.is(hexOf(bench.open().stored), hexOf(kept), `${lost}, the other one lost after it`);
  }
});

test("what a power cut left half written is erased up to where the longest list ends", (t) => {
  const bench = new Bench();
  for (const at of [region.address + 256, lastBlock]) bench.a.cells.fill(0x12, at, at + 64);
  t.is(bench.open().stored, undefined);
  t.true(bench.isErased("a"));
  t.deepEqual([bench.a.counters.erases, bench.b.counters.erases], [2, 0], "what is erased is left alone");
});

test("a medium that does not erase it is named, and the terminal does not go on as if it had", (t) => {
  const bench = new Bench();
  bench.b.cells.fill(0x12, region.address + 256, region.address + 300);
  bench.b.onOperation = ({ kind }) => {
    if (kind === "erase") bench.b.fail = 1;
  };
  t.deepEqual(bench.attempt(), {
    ok: false,
    error: { medium: "b", what: "erase", address: region.address },
  });
});

test("results that read wrong once are read again; something else is none after four times, and stays for people", (t) => {
  const bench = new Bench();
  const kept = resultsOf(3);
  t.true(bench.open().keep(kept).ok);
  for (const [times, found] of [
    [3, true],
    [4, false],
  ] as const) {
    for (const medium of ["a", "b"] as const) {
      let wrong = 0;
      const real = flashOf(bench[medium]);
      bench.flashes[medium] = {
        ...real,
        read: (length, address, into) => {
          const bytes = real.read(length, address, into);
          if (bytes !== undefined && address === region.address + 256 && wrong++ < times) bytes[0]! ^= 1;
          return bytes;
        },
      };
      // the other one has lost them: nothing else tells
      const other = bench[medium === "a" ? "b" : "a"];
      const cells = other.cells.slice();
      other.cells[region.address] = 0;
      other.cells[region.address + 256] = 0;
      const { stored } = bench.open();
      t.is(stored !== undefined, found, `${medium} ${times}`);
      other.restore(cells);
      bench.flashes[medium] = real;
    }
  }
  t.is(hexOf(bench.open().stored), hexOf(kept));
});

test("what an erase that was cut has cleared behind whole results is erased, never on the only whole copy", (t) => {
  const bench = new Bench();
  const results = resultsOf(3);
  t.true(bench.open().keep(results).ok);
  const clean = bench.a.cells.slice();
  const soil = (medium: Medium): void =>
    void bench[medium].cells.fill(0, region.address + block - 500, region.address + block);
  soil("b");
  t.is(hexOf(bench.open().stored), hexOf(results));
  t.true(equalBytes(bench.b.cells, clean));

  soil("a");
  soil("b");
  t.is(hexOf(bench.open().stored), hexOf(results));
  t.true(equalBytes(bench.a.cells, clean) && equalBytes(bench.b.cells, clean));

  soil("a");
  bench.b.cells.fill(0xff, region.address);
  let erased = 0;
  bench.a.onOperation = ({ kind }) => void (erased += kind === "erase" ? 1 : 0);
  t.is(hexOf(bench.open().stored), hexOf(results));
  t.is(erased, 0, "it is the only whole copy until the other one has it");
  t.true(equalBytes(bench.b.cells.subarray(region.address), clean.subarray(region.address)));
});
