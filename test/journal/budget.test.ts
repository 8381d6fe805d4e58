// The journal is bounded and the world is not: whatever happens outside, and however often, the day's acts find their
// cells.

import test from "ava";
import fc from "fast-check";
import { type EventKind, type EventName, events, keeps } from "../../firmware/journal/events.js";
import { Journal } from "../../firmware/journal/journal.js";
import { Store, storeTime } from "../support/store.js";

const names = Object.keys(events) as EventName[];
const by = (name: EventName): EventKind["by"] => events[name].by;
const worlds = names.filter((name) => by(name) === "world");
const detailOf = (name: EventName, detail: number): number | undefined =>
  (events[name] as EventKind).detail === undefined ? undefined : detail;

/** A terminal's journal under a clock that the test moves. */
class Bench {
  readonly store: Store;
  nowMs = 0;
  wall: () => number = () => storeTime + this.nowMs / 1000;
  journal: Journal;

  constructor(seed: string) {
    this.store = new Store(seed);
    this.journal = this.start();
  }

  /** A start, as the role has it: the journal is read, and that the terminal started is noted. */
  start(): Journal {
    const opened = this.store.open();
    if (!opened.ok) throw new Error(opened.error.kind);
    const { crypto, election, keys } = this.store;
    const journal = Journal.open({
      crypto,
      media: opened.value.media,
      region: opened.value.layout.journal,
      head: opened.value.layout.journalHead,
      key: keys.journal,
      election: election.id,
      terminal: 1,
      signKey: keys.sign,
      clock: { monotonic: () => this.nowMs, wall: () => this.wall() },
    });
    if (!journal.ok) throw new Error(journal.error.kind);
    this.journal = journal.value;
    if (!this.journal.append("started").ok) throw new Error("started");
    return this.journal;
  }

  do(event: EventName, detail = 0): boolean {
    return this.journal.append(event, detailOf(event, detail)).ok;
  }

  /** What a day still needs, and whether it got it. */
  rest(): readonly (readonly [EventName, boolean])[] {
    const acts: EventName[] = [
      "closed",
      "officialIn",
      "officialIn",
      "counted",
      "reportBegun",
      "reportPrinted",
      "officialIn",
      "released",
    ];
    return acts.map((act) => [act, this.do(act)] as const);
  }
}

const allDone = (rest: readonly (readonly [EventName, boolean])[]): boolean => rest.every(([, done]) => done);

test("10,000 flaps of the line, and a mains contact that chatters for a day, leave a day that closes, counts, reports and is released", (t) => {
  const bench = new Bench("flaps");
  t.true(bench.do("opened"));
  const { room } = bench.journal;
  for (let i = 0; i < 10_000; i++) {
    bench.nowMs += 2_000;
    t.true(bench.do(i % 2 === 0 ? "lineDown" : "lineUp"));
  }
  const flapped = room - bench.journal.room;
  for (let i = 0; i < 100_000; i++) {
    bench.nowMs += 100;
    bench.do(i % 2 === 0 ? "mainsLost" : "mainsBack");
  }
  t.log(
    `cells: ${flapped} for 10,000 flaps of the line in ${((10_000 * 2) / 3600).toFixed(1)} h, ${room - flapped - bench.journal.room} for 100,000 of the mains in 2.8 h`,
  );
  t.true(allDone(bench.rest()));
  t.is(bench.journal.unwritten, 0);
  const merged = bench.journal.tail.filter((entry) => entry.merged !== undefined);
  t.true(merged.length > 0 && merged.every((entry) => entry.merged!.since <= entry.time));
});

test("what was merged adds up: each event is an entry or is counted in one", (t) => {
  const bench = new Bench("sums");
  t.true(bench.do("opened"));
  for (let i = 0; i < 1_000; i++) {
    bench.nowMs += 30_000;
    bench.do("cardRefused", 1 + (i % 3));
  }
  bench.do("closed");
  const counts = [0, 0, 0, 0];
  const opened = bench.store.open();
  if (!opened.ok) return t.fail(opened.error.kind);
  const { crypto, election, keys } = bench.store;
  const read = Journal.open({
    crypto,
    media: opened.value.media,
    region: opened.value.layout.journal,
    head: opened.value.layout.journalHead,
    key: keys.journal,
    election: election.id,
    terminal: 1,
    signKey: keys.sign,
    clock: { monotonic: () => 0, wall: () => storeTime },
    onEntry: ({ event, detail, merged, time }) => {
      if (event !== "cardRefused") return;
      counts[detail!]! += merged?.count ?? 1;
      // of a voter's session the hour, merged or not
      t.is(time % 3600, 0);
      t.is((merged?.since ?? 0) % 3600, 0);
    },
  });
  t.true(read.ok);
  t.deepEqual(counts, [0, 334, 333, 333]);
});

test("a terminal that starts again and again keeps the cells of its day", (t) => {
  const bench = new Bench("starts");
  t.true(bench.do("opened"));
  for (let i = 0; i < 1_500; i++) bench.start();
  t.is(bench.journal.poll, "opened");
  t.true(bench.journal.room > keeps.world);
  t.is(bench.journal.unwritten, 1, "the last start found no room for itself, and says so");
  t.true(allDone(bench.rest()));
});

test("officials who pause and resume all day are told when only the close is left, and it is", (t) => {
  const bench = new Bench("pauses");
  t.true(bench.do("opened"));
  let paused = 0;
  for (;;) {
    bench.do("officialIn", 1);
    bench.do("officialIn", 2);
    if (!bench.do(paused % 2 === 0 ? "paused" : "resumed")) break;
    paused++;
  }
  t.log(`${paused} times`);
  t.true(paused > 2_000);
  t.true(allDone(bench.rest()));
});

test("no stream of events of 104 hours leaves a day that cannot be ended", (t) => {
  const step = fc.record({
    event: fc.constantFrom(...worlds, "officialIn" as const, "officialRefused" as const, "faultCleared" as const),
    times: fc.integer({ min: 1, max: 400 }),
    everyMs: fc.constantFrom(0, 50, 1_000, 60_000),
    details: fc.integer({ min: 1, max: 9 }),
    starts: fc.constantFrom(0, 0, 0, 1, 20),
  });
  let seed = 0;
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 60 }), (steps) => {
      const bench = new Bench(`stream ${seed++}`);
      bench.do("opened");
      for (const { event, times, everyMs, details, starts } of steps) {
        for (let i = 0; i < times && bench.nowMs < 104 * 3_600_000; i++) {
          bench.nowMs += everyMs;
          if (!bench.do(event, i % details)) return false;
        }
        for (let i = 0; i < starts; i++) bench.start();
      }
      return bench.journal.poll === "opened" && allDone(bench.rest());
    }),
    { numRuns: 12, seed: 20_261_130 },
  );
  t.pass();
});

test("a clock beyond what is written of it, before 1970 or dead: the journal is read again, with the nearer end as the time", (t) => {
  for (const [wall, written] of [
    [2 ** 32 + 5, 2 ** 32 - 1],
    [1e300, 2 ** 32 - 1],
    [Infinity, 2 ** 32 - 1],
    [-7, 0],
    [NaN, 0],
  ] as const) {
    const bench = new Bench(`clock ${wall}`);
    bench.wall = () => wall;
    t.true(bench.do("opened"), `${wall}`);
    bench.start();
    t.is(bench.journal.poll, "opened", `${wall}`);
    t.is(bench.journal.tail.find(({ event }) => event === "opened")!.time, written);
  }
});

test("what comes once an hour is an entry of its own each time", (t) => {
  const bench = new Bench("hourly");
  for (let hour = 0; hour < 5; hour++) {
    t.true(bench.do("lineUp"));
    bench.nowMs += 3_600_000;
  }
  const found = bench.journal.tail.filter(({ event }) => event === "lineUp");
  t.deepEqual(
    found.map(({ merged }) => merged),
    new Array(5).fill(undefined),
  );
});

test("six of a kind in an hour are entries of their own, the others are counted in one", (t) => {
  const bench = new Bench("six");
  for (let i = 0; i < 10; i++) {
    t.true(bench.do("lineUp"));
    bench.nowMs += 60_000;
  }
  t.true(bench.do("closed"));
  const counts = bench.journal.tail.filter(({ event }) => event === "lineUp").map(({ merged }) => merged?.count);
  t.deepEqual(counts, [...new Array<undefined>(6).fill(undefined), 4]);
});
