// The uplink against a collector that is played by hand: what leaves when, what is believed, what is asked for again.

import test from "ava";
import { openMessage, signMessage, topicOf } from "../../firmware/sync/messages.js";
import type { Address } from "../../firmware/sync/messages.js";
import type { PollState } from "../../firmware/journal/poll-state.js";
import { Uplink } from "../../firmware/sync/uplink.js";
import { recordHash } from "../../firmware/vault/record.js";
import { VirtualClock } from "../../sim/clock.js";
import { terminalTime } from "../../sim/terminal-time.js";
import { BrokerLine } from "../support/broker-line.js";
import { runFor } from "../support/serial-pair.js";
import { Store } from "../support/store.js";

const sorted = (hashes: readonly Uint8Array[]): Uint8Array[] => [...hashes].sort((a, b) => Buffer.compare(a, b));

class Bench {
  readonly clock = new VirtualClock();
  readonly line = new BrokerLine();
  readonly store: Store;
  readonly vault;
  readonly collector;
  readonly where: Address;
  readonly uplink: Uplink;
  readonly told: string[] = [];
  poll: PollState = "closed";
  results: Uint8Array | undefined;

  constructor(seed: string, ballots: number, policy: { readonly k?: number } = {}) {
    this.store = new Store(seed, 200);
    const { crypto, keys, terminal } = this.store;
    this.collector = crypto.signKeyPair(new Uint8Array(32).fill(3));
    const { election } = this.store;
    const own = { ...election, collectorKey: this.collector.publicKey, policy: { ...election.policy, ...policy } };
    const opened = this.store.open();
    if (!opened.ok) throw new Error(opened.error.kind);
    this.vault = opened.value.vault;
    this.cast(ballots);
    this.where = { election: election.id, terminal };
    this.uplink = new Uplink({
      ...terminalTime(this.clock),
      crypto,
      election: own,
      terminal,
      signKey: keys.sign,
      vault: this.vault,
      network: { io: this.line.io, address: "broker", port: 1883 },
      poll: () => this.poll,
      onLine: (up) => this.told.push(up ? "up" : "down"),
      results: () => this.results,
      onAllReceived: () => this.told.push("all"),
      onResultsReceived: () => this.told.push("results"),
      trace: (line) => this.told.push(line),
    });
  }

  static async started(...options: ConstructorParameters<typeof Bench>): Promise<Bench> {
    const bench = new Bench(...options);
    bench.uplink.start();
    await bench.wait(1);
    return bench;
  }

  cast(ballots: number): void {
    for (let i = 0; i < ballots; i++) {
      const prepared = this.vault.prepare(this.store.chance.bytes(16), this.store.plain([1]));
      if (
        !prepared.ok ||
        !this.vault.commit(prepared.value).ok ||
        !this.vault.spend(prepared.value).ok ||
        !this.vault.blank().ok
      )
        throw new Error("cast");
    }
  }

  wait(ms: number): Promise<void> {
    return runFor(this.clock, ms);
  }

  queries() {
    return this.line.last.published("/up/query").map((each) => this.#open("query", each));
  }

  batches() {
    return this.line.last.published("/up/batch").map((each) => this.#open("batch", each));
  }

  heartbeats() {
    return this.line.last.published("/up/heartbeat").map((each) => this.#open("heartbeat", each));
  }

  #open<K extends "query" | "batch" | "heartbeat">(kind: K, payload: Uint8Array) {
    const read = openMessage(this.store.crypto, kind, payload, this.store.keys.sign.publicKey);
    if (!read.ok) throw new Error(read.error.what);
    return read.value;
  }

  hash(record: Uint8Array): Uint8Array {
    return recordHash(this.store.crypto, record);
  }

  /** Of every record stored. */
  hashes(): Uint8Array[] {
    return this.vault.committedSlots().map((slot) => this.hash(this.vault.record(slot)!));
  }

  /** The answer to the last query. */
  async inventory(
    hashes: readonly Uint8Array[],
    changes: {
      readonly part?: number;
      readonly parts?: number;
      readonly nonce?: Uint8Array;
      readonly terminal?: number;
      readonly election?: Uint8Array;
    } = {},
    key = this.collector,
  ): Promise<void> {
    const { nonce } = this.queries().at(-1)!;
    const message = { ...this.where, nonce, part: 0, parts: 1, hashes: sorted(hashes), ...changes };
    this.line.last.publish(
      topicOf(this.where, "inventory"),
      signMessage(this.store.crypto, "inventory", message, key.secretKey),
    );
    await this.wait(1);
  }

  async receipt(hashes: readonly Uint8Array[], changes: Partial<Address> = {}, key = this.collector): Promise<void> {
    const message = { ...this.where, hashes: sorted(hashes), ...changes };
    this.line.last.publish(
      topicOf(this.where, "receipt"),
      signMessage(this.store.crypto, "receipt", message, key.secretKey),
    );
    await this.wait(1);
  }
}

test("after the close the collector is asked what it has, and gets the rest once", async (t) => {
  const bench = await Bench.started("rest", 5);
  t.deepEqual(bench.told, ["up"]);
  t.is(bench.uplink.sync, "waiting");
  t.is(bench.queries().length, 1);
  t.is(bench.queries()[0]!.nonce.length, 16);
  t.is(bench.batches().length, 0, "nothing leaves unasked");
  const all = bench.hashes();
  await bench.inventory(all.slice(0, 2));
  const [batch] = bench.batches();
  t.is(batch?.total, 5);
  t.deepEqual(sorted(batch!.records.map((record) => bench.hash(record))), sorted(all.slice(2)));
  t.is(bench.uplink.sync, "waiting");
  await bench.receipt(all.slice(2));
  t.is(bench.uplink.sync, "done");
  t.deepEqual(bench.told, ["up", "all"]);
  t.like(bench.batches()[1], { records: [], total: 5 });
  await bench.wait(120_000);
  t.is(bench.batches().length, 2);
  t.is(bench.queries().length, 1);
});

test("batches grow by four with a line that carries them, to 64 records, and each leaves with the receipt of the last", async (t) => {
  const bench = await Bench.started("many", 130);
  await bench.inventory([]);
  const sizes: number[] = [];
  for (let left = 130; left > 0; left -= sizes.at(-1)!) {
    t.is(bench.batches().length, sizes.length + 1);
    const { records } = bench.batches().at(-1)!;
    sizes.push(records.length);
    t.deepEqual(
      records,
      [...records].sort((a, b) => Buffer.compare(a, b)),
      "in an order that tells nothing",
    );
    await bench.receipt(records.map((record) => bench.hash(record)));
  }
  const { length } = bench.vault.record(bench.vault.committedSlots()[0]!)!;
  const first = Math.floor((1_500 - 115) / (length + 2));
  t.is(sizes[0], first);
  t.true(sizes[1]! >= 4 * first && sizes[1]! <= 4 * first + 4, `${sizes[1]} after ${first}`);
  t.deepEqual(sizes.slice(2), [64, 130 - sizes[0]! - sizes[1]! - 64]);
  t.is(bench.uplink.sync, "done");
});

test("on a line of 2,400 bit/s a batch is what it carries in five seconds, and none is longer after a slow one", async (t) => {
  const bench = new Bench("slow", 70);
  bench.line.byteMs = 1_000 / 240;
  bench.line.clock = bench.clock;
  bench.uplink.start();
  await bench.wait(2_000);
  await bench.inventory([]);
  const startMs = bench.clock.nowUs() / 1000;
  let left = 70;
  while (left > 0 && bench.clock.nowUs() / 1000 - startMs < 200_000) {
    const count = bench.batches().length;
    for (let i = 0; i < 100 && bench.batches().length === count; i++) {
      await bench.wait(100);
      if (bench.line.last.closed) return t.fail(bench.told.join());
    }
    const { records } = bench.batches().at(-1)!;
    left -= records.length;
    t.true(records.reduce((sum, { length }) => sum + length, 0) <= 1_500);
    await bench.receipt(records.map((record) => bench.hash(record)));
  }
  t.is(left, 0);
  t.is(bench.line.opened.length, 1);
});

test("an answer to another question, or of another election, terminal or key, is not believed", async (t) => {
  const bench = await Bench.started("foreign", 3);
  const all = bench.hashes();
  await bench.inventory(all, { nonce: new Uint8Array(16) });
  await bench.inventory(all, { terminal: 9 });
  await bench.inventory(all, { election: new Uint8Array(16) });
  await bench.inventory(all, {}, bench.store.keys.sign);
  t.is(bench.batches().length, 0);
  await bench.inventory([]);
  t.is(bench.batches().length, 1);
  await bench.receipt(all, { terminal: 9 });
  await bench.receipt(all, { election: new Uint8Array(16) });
  await bench.receipt(all, {}, bench.store.keys.sign);
  t.is(bench.uplink.sync, "waiting");
  t.deepEqual(
    bench.told.filter((each) => each === "all"),
    [],
  );
  t.is(bench.told.filter((each) => each.includes("signature")).length, 2);
});

test("an inventory of three parts is waited for whole; a part that comes twice counts once", async (t) => {
  const bench = await Bench.started("parts", 3);
  const all = bench.hashes();
  await bench.inventory([all[0]!], { part: 0, parts: 3 });
  await bench.inventory([all[0]!], { part: 0, parts: 3 });
  await bench.inventory([all[1]!], { part: 2, parts: 3 });
  t.is(bench.batches().length, 0);
  await bench.inventory([], { part: 1, parts: 3 });
  t.deepEqual(
    bench.batches()[0]!.records.map((record) => bench.hash(record)),
    [all[2]],
  );
});

test("a collector that has everything gets nothing but the number", async (t) => {
  const bench = await Bench.started("has", 3);
  await bench.inventory(bench.hashes());
  t.is(bench.uplink.sync, "done");
  t.deepEqual(
    bench.batches().map(({ records, total }) => [records.length, total]),
    [[0, 3]],
  );
});

test("a receipt for a part of a batch ends nothing; after half a minute the collector is asked anew", async (t) => {
  const bench = await Bench.started("half", 4);
  const all = bench.hashes();
  await bench.inventory([]);
  await bench.receipt(all.slice(0, 3));
  t.is(bench.uplink.sync, "waiting");
  await bench.wait(29_900);
  t.is(bench.queries().length, 1);
  await bench.wait(200);
  t.is(bench.queries().length, 2);
  t.notDeepEqual(bench.queries()[0]!.nonce, bench.queries()[1]!.nonce);
  await bench.inventory(all.slice(0, 3));
  t.deepEqual(
    bench
      .batches()
      .at(-1)!
      .records.map((record) => bench.hash(record)),
    [all[3]],
  );
  await bench.receipt([all[3]!]);
  t.is(bench.uplink.sync, "done");
});

test("a question that is not answered is asked again after half a minute", async (t) => {
  const bench = await Bench.started("silent", 1);
  await bench.wait(30_100);
  t.is(bench.queries().length, 2);
  await bench.wait(30_000);
  t.is(bench.queries().length, 3);
});

test("in open polls nothing leaves; the close lets them go", async (t) => {
  const bench = await Bench.started("open", 12);
  bench.poll = "open";
  await bench.inventory([]);
  t.is(bench.batches().length, 0);
  bench.uplink.nudge();
  t.is(bench.batches().length, 0);
  bench.poll = "closed";
  bench.uplink.nudge();
  t.is(bench.batches().length, 1);
});

test("the line down: said, tried after 1, 2, 4 ... 60 seconds, and everything is asked for anew", async (t) => {
  const bench = await Bench.started("line", 2);
  await bench.inventory([]);
  bench.line.answers = false;
  bench.line.last.breaks();
  t.is(bench.uplink.sync, "offline");
  t.deepEqual(bench.told, ["up", "uplink down: line", "down"]);
  // each try: as long as the answer is waited for, then the pause, of which a half is drawn
  let pause = 1_000;
  const pauses = new Set<number>();
  for (let tries = 2; tries < 12; tries++) {
    await bench.wait(pause / 2 - 100);
    t.is(bench.line.opened.length, tries - 1);
    let waited = pause / 2 - 100;
    for (; bench.line.opened.length < tries; waited += 100) await bench.wait(100);
    t.true(waited <= pause + 200);
    if (pause === 60_000) pauses.add(waited);
    await bench.wait(10_000);
    pause = Math.min(2 * pause, 60_000);
  }
  t.true(pauses.size > 1, "terminals that lost their broker together do not come back together");
  t.is(bench.told.filter((each) => each === "down").length, 1, "it was not up again");
  bench.line.answers = true;
  await bench.wait(61_000);
  t.is(bench.told.at(-1), "up");
  t.is(bench.queries().length, 1);
  await bench.inventory([]);
  t.is(bench.batches()[0]!.records.length, 2);
  bench.line.last.breaks();
  const opened = bench.line.opened.length;
  await bench.wait(29_000);
  t.is(bench.line.opened.length, opened, "ended again at once: the pauses stay long");
  await bench.wait(32_000);
  t.is(bench.line.opened.length, opened + 1);
  await bench.wait(61_000);
  bench.line.last.breaks();
  await bench.wait(1_100);
  t.is(bench.line.opened.length, opened + 2, "after a minute of a connection they begin anew");
});

test("2,000 flaps: the line that comes and goes at once is tried for ever, and what waits arrives when it holds", async (t) => {
  const bench = await Bench.started("flaps", 2);
  for (let flap = 0; flap < 2_000; flap++) {
    bench.line.last.breaks();
    bench.line.opened.splice(0);
    await bench.wait(61_000);
  }
  t.is(bench.told.at(-1), "up");
  await bench.inventory([]);
  await bench.receipt(bench.hashes());
  t.is(bench.uplink.sync, "done");
});

test("each connection has a client id of its own, of 23 letters and digits, that begins as the terminal's", async (t) => {
  const bench = await Bench.started("ids", 1);
  const ids: string[] = [];
  for (let i = 0; i < 3; i++) {
    const connect = bench.line.last.sent[0]!;
    ids.push(connect.cmd === "connect" ? connect.clientId : "");
    bench.line.last.breaks();
    await bench.wait(10_000);
  }
  for (const id of ids) t.regex(id, /^t[0-9a-f]{22}$/);
  t.is(new Set(ids).size, 3);
  t.is(new Set(ids.map((id) => id.slice(0, 11))).size, 1);
});

test("a collector that lost its disk gets everything again", async (t) => {
  const bench = await Bench.started("lost", 2);
  await bench.inventory(bench.hashes());
  t.is(bench.uplink.sync, "done");
  bench.line.last.breaks();
  await bench.wait(2_100);
  await bench.inventory([]);
  t.is(bench.batches()[0]!.records.length, 2);
  t.is(bench.told.filter((each) => each === "all").length, 1, "said once");
});

test("a heartbeat every five minutes, with the ballots rounded down to a multiple of k", async (t) => {
  const bench = await Bench.started("beat", 7, { k: 5 });
  t.is(bench.heartbeats().length, 0);
  await bench.wait(299_900);
  t.is(bench.heartbeats().length, 0);
  await bench.wait(200);
  t.deepEqual(
    bench.heartbeats().map(({ ballots, poll }) => [...ballots, poll]),
    [[0, 0, 0, 5, 3]],
  );
  bench.line.last.publish(topicOf(bench.where, "receipt"), new Uint8Array(100));

  bench.poll = "open";
  await bench.wait(300_000);
  const [first, second] = bench.heartbeats();
  t.is(second!.poll, 1);
  t.deepEqual(second!.run, first!.run);
  t.deepEqual([...first!.counter, ...second!.counter], [0, 0, 0, 1, 0, 0, 0, 2]);
  t.deepEqual([...first!.dropped, ...second!.dropped], [0, 0, 0, 0, 0, 0, 0, 1]);
});

test("results go after the ballots, again when no receipt comes, and their receipt is told once", async (t) => {
  const bench = await Bench.started("results", 1);
  bench.results = Uint8Array.of(1, 2, 3);
  const all = bench.hashes();
  await bench.inventory([]);
  t.is(bench.line.last.published("/up/results").length, 0);
  await bench.receipt(all);
  t.deepEqual(bench.line.last.published("/up/results"), [bench.results]);
  t.is(bench.uplink.sync, "waiting");
  await bench.wait(30_100);
  t.is(bench.queries().length, 2);
  await bench.inventory(all);
  t.is(bench.line.last.published("/up/results").length, 2);
  await bench.receipt([bench.hash(Uint8Array.of(9))]);
  t.is(bench.uplink.sync, "waiting");
  await bench.receipt([bench.hash(bench.results)]);
  t.is(bench.uplink.sync, "done");
  await bench.wait(120_000);
  t.is(bench.queries().length, 2, "nothing is left to be asked");
  bench.line.last.breaks();
  await bench.wait(2_100);
  t.is(bench.uplink.sync, "waiting", "on every connection the collector is asked anew");
  await bench.inventory(all);
  await bench.receipt([bench.hash(bench.results)]);
  t.is(bench.uplink.sync, "done");
  t.deepEqual(
    bench.told.filter((each) => each === "results"),
    ["results"],
  );
});

test("messages that lead to nothing, forged ones and ones that came before: twenty are looked at in ten seconds, and then none", async (t) => {
  const bench = await Bench.started("flood", 3);
  await bench.inventory([]);
  const [one] = bench.hashes();
  const old = signMessage(bench.store.crypto, "receipt", { ...bench.where, hashes: [one!] }, bench.collector.secretKey);
  const forged = old.map((byte, i) => (i === old.length - 1 ? byte ^ 1 : byte));
  const topic = topicOf(bench.where, "receipt");
  for (let i = 0; i < 500; i++) bench.line.last.publish(topic, i % 2 === 0 ? old : forged);
  await bench.wait(5_000);
  t.is(bench.uplink.dropped, 500);
  t.is(bench.told.filter((each) => each.includes("signature")).length, 10);
  await bench.receipt(bench.hashes());
  t.is(bench.uplink.sync, "waiting", "and so the true one is not seen");
  await bench.wait(6_000);
  await bench.receipt(bench.hashes());
  t.is(bench.uplink.sync, "done", "until the ten seconds are over");
});

test("a broker that drops every batch: what it sees in 300 of them is drawn alike from all that wait, the first cast and the last", async (t) => {
  const bench = await Bench.started("dropped", 12);
  const slots = bench.vault.committedSlots().map((slot) => String(bench.hash(bench.vault.record(slot)!)));
  const seen = new Map<string, number>(slots.map((hash) => [hash, 0]));
  let drawn = 0;
  for (let i = 0; i < 300; i++) {
    // no acknowledgement: the batch stays as short as the first one
    await bench.inventory([]);
    const { records } = bench.batches().at(-1)!;
    drawn += records.length;
    for (const record of records) seen.set(String(bench.hash(record)), seen.get(String(bench.hash(record)))! + 1);
    bench.line.last.breaks();
    await bench.wait(61_000);
  }
  t.is(seen.size, 12);
  t.true(drawn < 300 * 12);
  const expected = drawn / 12;
  const chi = [...seen.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  // drawn without putting back the counts spread less; 11 degrees of freedom, one in a million
  t.true(chi < 49, `${chi}`);
});
