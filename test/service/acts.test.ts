// The officials' acts below the screen: what is looked at in which order, what each failure says and leaves behind.

import test from "ava";
import { readClosed } from "../../firmware/access/closed-statement.js";
import type { ShareTrouble } from "../../firmware/access/present.js";
import { equalBytes } from "../../firmware/bytes.js";
import type { PrinterFault } from "../../firmware/cast/printer.js";
import type { TallyKey } from "../../firmware/crypto/tally-key.js";
import { eventTexts } from "../../firmware/journal/event-texts.js";
import type { EventName } from "../../firmware/journal/events.js";
import type { Journal, JournalFault } from "../../firmware/journal/journal.js";
import type { Flash } from "../../firmware/platform.js";
import { type Result, err, ok } from "../../firmware/result.js";
import { type ArchiveReceipt, encodeReceipt, readReceipt, sameReceipt } from "../../firmware/service/archive.js";
import { Counting, type CountingOptions, type ShareHolder } from "../../firmware/service/counting.js";
import { Opening, type OpeningOptions } from "../../firmware/service/opening.js";
import { Polls } from "../../firmware/service/polls.js";
import { printerFaults } from "../../firmware/service/fault-message.js";
import { type ReleaseOptions, eraseReleased } from "../../firmware/service/release.js";
import { ReportHistory, Reports, type ReportsOptions } from "../../firmware/service/reports.js";
import { Steps } from "../../firmware/service/steps.js";
import type { Report } from "../../firmware/tally/report.js";
import type { ResultsStore } from "../../firmware/tally/results-store.js";
import { Vault } from "../../firmware/vault/vault.js";
import { flashOf } from "../../sim/nor.js";
import { SessionBench, TablePrinter } from "../support/session-bench.js";
import { Store } from "../support/store.js";

/** A card that nobody asks for its share. */
const nobody: ShareHolder = {
  boxKey: new Uint8Array(32),
  role: "executive",
  openShare: () => Promise.reject(new Error("nobody asks")),
};

const noted = (events: [EventName, number | undefined][]) => ({
  append: (event: EventName, detail?: number) => {
    events.push([event, detail]);
    return ok();
  },
});

test("a step runs, may tell how far it is, and ends passed or flagged; every change is shown", (t) => {
  let shown = 0;
  const steps = new Steps({ onChange: () => shown++ });
  steps.pass();
  t.deepEqual(steps.list, []);
  steps.run("package");
  steps.pass();
  steps.run("count", 3);
  steps.progress(16);
  steps.pass(true);
  t.deepEqual(steps.list, [
    { step: "package", state: "passed", value: undefined },
    { step: "count", state: "flagged", value: 16 },
  ]);
  t.is(shown, 5);
  steps.clear();
  t.deepEqual(steps.list, []);
});

test("each fault of the printer has a message of its own, and the number that the journal's words give it", (t) => {
  const numbered = eventTexts.printerFault.detail!.split(", ").map((each) => each.replace(" ", "="));
  const names: Readonly<Record<PrinterFault, string>> = {
    "no-answer": "no answer",
    "paper-out": "paper out",
    "cover-open": "cover open",
    jam: "jam",
    cutter: "cutter",
    overheated: "overheated",
    "echo-lied": "false echo",
    broken: "broken",
    "flow-control": "flow control",
  };
  const faults = Object.entries(printerFaults) as [PrinterFault, { code: string; detail: number }][];
  t.deepEqual(
    faults.map(([fault, { detail }]) => `${detail}=${names[fault]}`),
    numbered,
  );
  t.is(new Set(faults.map(([, { code }]) => code)).size, faults.length);
});

test("an act begins with no step and no trouble of the one before", async (t) => {
  const steps = new Steps({ onChange: () => undefined });
  const bench = new SessionBench({ seed: "steps", day: { steps } });
  steps.run("report");
  steps.wait("O-16");
  t.true((await bench.day.begin("pause", nobody)).ok);
  t.deepEqual(bench.day.steps, []);
  t.is(bench.day.trouble, undefined);
});

function reports(unfinished = false) {
  const events: [EventName, number | undefined][] = [];
  const printer = new TablePrinter();
  const named = (name: string) => ({ name, width: 576, height: 1 });
  const made = new Reports({
    journal: noted(events),
    printer,
    unfinished,
    steps: { wait: () => undefined },
    drawer: { report: () => [named("one"), named("two")], mark: named },
  } as unknown as ReportsOptions);
  return { reports: made, events, printer };
}

const results = { kind: "results" } as Report;

test("a report is begun in the journal, printed piece by piece, cut, and then noted as printed", async (t) => {
  const { reports: made, events, printer } = reports();
  t.true((await made.print(results)).ok);
  t.deepEqual(printer.done, ["one", "two", "cut"]);
  t.deepEqual(events, [
    ["reportBegun", 3],
    ["reportPrinted", 3],
  ]);
  t.true((await made.print({ kind: "printer-test" })).ok);
  t.deepEqual(printer.done.slice(3), ["one", "two", "cut"], "no VOID after a whole one");
  t.deepEqual(events.at(-1), ["reportPrinted", 1]);
});

test("half a report gets its VOID and is cut off first, over a fault and over a power cut", async (t) => {
  const { reports: made, events, printer } = reports();
  // one that nobody waits for; paper, cover and jam are (test/station/counting.test.ts)
  printer.fault = "cutter" satisfies PrinterFault;
  t.deepEqual(await made.print(results), { ok: false, error: { kind: "printer", fault: "cutter" } });
  t.deepEqual(await made.print(results), { ok: false, error: { kind: "printer", fault: "cutter" } });
  t.is(events.filter(([event]) => event === "reportBegun").length, 1, "not begun again before the half is away");
  t.is(events.filter(([event]) => event === "printerFault").length, 2, "tried once each time");
  printer.fault = undefined;
  t.true((await made.print(results)).ok);
  t.deepEqual(printer.done, ["void", "cut", "one", "two", "cut"]);
  const after = reports(true);
  t.true((await after.reports.print(results)).ok);
  t.deepEqual(after.printer.done, ["void", "cut", "one", "two", "cut"]);
});

test("the journal tells a start whether a report was begun and not completed", (t) => {
  const history = new ReportHistory();
  const after = (...events: readonly EventName[]): boolean => {
    for (const event of events) history.take(event);
    return history.unfinished;
  };
  t.false(after("started", "opened"));
  t.true(after("reportBegun", "started"));
  t.false(after("reportPrinted"));
  t.true(after("reportBegun"));
});

// --- the opening ---

const today = 1_795_235_400;

function opening(change: Partial<OpeningOptions> = {}, store = new Store("opening")) {
  const opened = store.open();
  if (!opened.ok) throw new Error(opened.error.kind);
  const events: [EventName, number | undefined][] = [];
  const steps = new Steps({ onChange: () => {} });
  const { media, layout, vault } = opened.value;
  const printed: Report[] = [];
  const made = new Opening({
    crypto: store.crypto,
    pack: { verify: () => ok() },
    journal: noted(events) as never,
    clock: { monotonic: () => 0, wall: () => today },
    media,
    layout,
    terminal: 1,
    steps,
    reports: { print: (report: Report) => Promise.resolve((printed.push(report), ok())) } as unknown as Reports,
    ...change,
  });
  const state = () => steps.list.map(({ step, state: each }) => `${step} ${each}`);
  return { opening: made, events, steps, state, media, vault, store, printed };
}

test("an opening looks at everything in order, and puts the zero report on paper last", async (t) => {
  const bench = opening();
  t.true((await bench.opening.prepare()).ok);
  t.deepEqual(
    bench.state(),
    ["package", "entropy", "printer", "storage", "clock", "empty", "zero-report"].map((step) => `${step} passed`),
  );
  t.deepEqual(bench.events, [["zeroReport", 0]]);
  t.deepEqual(bench.printed, [
    { kind: "printer-test" },
    { kind: "zero", terminal: 1, generatedAt: today, printedAt: today, voids: 0, media: 2 },
  ]);
  t.is(bench.steps.list.find(({ step }) => step === "clock")?.value, today);
});

test("a clock that was never set and a single medium are flagged and hinder nothing", async (t) => {
  const bench = opening({ clock: { monotonic: () => 0, wall: () => 1_767_225_599 } });
  bench.media.active = ["a"];
  t.true((await bench.opening.prepare()).ok);
  t.deepEqual(
    bench.state().filter((each) => each.endsWith("flagged")),
    ["storage flagged", "clock flagged"],
  );
  t.like(bench.printed[1], { media: 1 });
  const first = opening({ clock: { monotonic: () => 0, wall: () => 1_767_225_600 } });
  t.true((await first.opening.prepare()).ok);
  t.true(first.state().includes("clock passed"), "2026 began");
});

test("a bad package, a generator that hangs, no paper: each ends the opening with its own word", async (t) => {
  const rows = [
    [{ pack: { verify: () => err({ kind: "format", code: "E-02" }) } }, "E-02", 4, "package running"],
    [
      {
        crypto: Object.assign(Object.create(new Store("opening").crypto) as object, {
          random: (length: number) => new Uint8Array(length),
        }),
      },
      "O-08",
      1,
      "entropy running",
    ],
    [
      { reports: { print: () => Promise.resolve(err({ kind: "printer", fault: "paper-out" })) } },
      "O-09",
      2,
      "printer running",
    ],
  ] as unknown as readonly (readonly [Partial<OpeningOptions>, string, number, string])[];
  for (const [change, message, detail, last] of rows) {
    const bench = opening(change);
    t.deepEqual(await bench.opening.prepare(), { ok: false, error: { kind: "refused", message } } as never);
    t.deepEqual(bench.events, [["testFailed", detail]]);
    t.is(bench.state().at(-1), last);
  }
});

test("a store with a ballot, decided or not, is not empty; with voided slots it is, and they count", async (t) => {
  for (const end of ["void", "none", "commit"] as const) {
    const bench = opening();
    const prepared = bench.vault.prepare(new Uint8Array(16), bench.store.plain([1]));
    if (!prepared.ok) return t.fail();
    if (end === "void") t.true(bench.vault.voidPrepared(prepared.value).ok);
    if (end === "commit") t.true(bench.vault.commit(prepared.value).ok);
    const done = await bench.opening.prepare();
    if (end === "void") {
      t.true(done.ok);
      t.deepEqual(bench.events, [["zeroReport", 1]]);
      t.like(bench.printed[1], { voids: 1 });
    } else {
      t.deepEqual(done, { ok: false, error: { kind: "refused", message: "O-10" } });
      t.deepEqual(bench.events, [["testFailed", 3]]);
      t.is(bench.printed.length, 1, "no zero report");
    }
  }
});

// --- the polls ---

test("polls go from one state to the next and no other way; what is refused is noted", (t) => {
  const store = new Store("polls");
  const opened = store.open();
  if (!opened.ok) return t.fail();
  const journal = store.journal(opened.value);
  if (!journal.ok) return t.fail();
  const polls = new Polls({ journal: journal.value, vault: opened.value.vault });
  const wrong = { ok: false, error: { kind: "wrong-state" } } as const;
  const events = (): EventName[] => journal.value.tail.map(({ event }) => event);
  t.deepEqual([polls.state, polls.acts], ["before-opening", ["open"]]);
  for (const act of ["pause", "resume", "close"] as const) t.deepEqual(polls.perform(act), wrong);
  t.true(events().includes("commandRefused"));
  t.true(polls.perform("open").ok);
  t.deepEqual([polls.state, polls.acts], ["open", ["pause", "close"]]);
  t.deepEqual(polls.perform("open"), wrong);
  t.true(polls.perform("pause").ok);
  t.deepEqual([polls.state, polls.acts], ["paused", ["resume", "close"]]);
  t.true(polls.perform("resume").ok);
  t.true(polls.perform("pause").ok);
  t.true(polls.perform("close").ok);
  t.deepEqual([polls.state, polls.acts], ["closed", []]);
  t.deepEqual(polls.perform("open"), wrong);
});

test("polls are not opened over a ballot, and the close reads every record", (t) => {
  const store = new Store("over");
  const opened = store.open();
  if (!opened.ok) return t.fail();
  const journal = store.journal(opened.value);
  if (!journal.ok) return t.fail();
  const { vault } = opened.value;
  const polls = new Polls({ journal: journal.value, vault });
  const cast = (): number => {
    const prepared = vault.prepare(store.chance.bytes(16), store.plain([1]));
    if (!prepared.ok || !vault.commit(prepared.value).ok || !vault.spend(prepared.value).ok || !vault.blank().ok)
      throw new Error("cast");
    return prepared.value.slot;
  };
  const other = new Polls({ journal: journal.value, vault: { counts: { ballots: 1 } } as never });
  t.deepEqual(other.perform("open"), { ok: false, error: { kind: "not-empty", ballots: 1 } });
  t.is(journal.value.tail.at(-1)?.event, "commandRefused");
  t.true(polls.perform("open").ok);
  const { address } = vault.slotRange(cast());
  for (const chip of [store.a, store.b]) chip.cells[address + 100]! ^= 1;
  const closed = polls.perform("close");
  t.is(closed.ok ? "closed" : closed.error.kind, "vault");
  t.is(polls.state, "open");
});

// --- the count ---

function counting(answer: Result<Uint8Array, ShareTrouble>, key: Partial<TallyKey> = {}, boxKey = 5) {
  const store = new Store("counting");
  const events: [EventName, number | undefined][] = [];
  const statements: Uint8Array[] = [];
  const made = new Counting({
    crypto: store.crypto,
    pack: { election: store.election },
    assignment: { number: 1, signed: new Uint8Array(1) },
    signKey: store.keys.sign,
    loading: {
      shares: [{ role: "executive", boxKey: new Uint8Array(32).fill(5), sealed: new Uint8Array(97).fill(6) }],
    },
    key: { begin: (out: Uint8Array) => out.fill(0x2b), addShare: () => true, end: () => undefined, ...key },
    journal: noted(events),
    steps: new Steps({ onChange: () => undefined }),
  } as unknown as CountingOptions);
  const asked: Uint8Array[] = [];
  const holder: ShareHolder = {
    boxKey: new Uint8Array(32).fill(boxKey),
    role: "executive",
    openShare: (sealed: Uint8Array, statement: Uint8Array) => {
      asked.push(sealed);
      statements.push(statement);
      return Promise.resolve(answer);
    },
  };
  return { begun: made.begin(holder), events, asked, statements, store };
}

test("a share is asked for with a statement of the fresh key that was drawn for it", async (t) => {
  const { begun, events, asked, statements, store } = counting(ok(new Uint8Array(81)));
  t.true((await begun).ok);
  t.deepEqual(asked, [new Uint8Array(97).fill(6)], "its own share, as it was loaded");
  t.deepEqual(readClosed(store.crypto, statements[0]!, store.keys.sign.publicKey), {
    ok: true,
    value: { election: store.election.id, terminal: 1, freshKey: new Uint8Array(32).fill(0x2b) },
  });
  t.deepEqual(events, []);
});

test("a card without a share, and one whose share fits nothing, are noted in the catalogue's words; a lifted one is not", async (t) => {
  const words = eventTexts.sharesRefused.detail!.split(", ");
  const numberOf = (part: string): number => Number(words.find((each) => each.includes(part))!.split(" ")[0]);
  const share = ok(new Uint8Array(81));
  for (const [answer, key, message, noting] of [
    [err("none"), {}, "O-12", numberOf("no share")],
    [share, { addShare: () => false }, "O-11", numberOf("do not")],
    [err("removed"), {}, "C-01", undefined],
    [err("unreadable"), {}, "C-01", undefined],
  ] as const) {
    const { begun, events } = counting(answer as Result<Uint8Array, ShareTrouble>, key);
    t.deepEqual(await begun, { ok: false, error: { kind: "refused", message } });
    t.deepEqual(events, noting === undefined ? [] : [["sharesRefused", noting]]);
  }
});

test("a card that the terminal was not loaded for is asked for nothing, and noted as one without a share", async (t) => {
  const { begun, events, asked } = counting(ok(new Uint8Array(81)), {}, 7);
  t.deepEqual(await begun, { ok: false, error: { kind: "refused", message: "O-12" } });
  t.deepEqual(asked, []);
  t.deepEqual(events, [["sharesRefused", 1]]);
});

// --- the archive, and the end of an election ---

const receipt: ArchiveReceipt = {
  root: new Uint8Array(32).fill(1),
  terminal: 7,
  records: new Uint8Array(32).fill(2),
  results: new Uint8Array(32).fill(3),
};

test("a receipt is read under the authority's key alone; none, and a flash that is away, are said", (t) => {
  const { crypto, keys } = new Store("receipt");
  const main = new Uint8Array(0x9000).fill(0xff);
  const flash = { read: (length: number, address: number) => main.slice(address, address + length) } as Flash;
  t.deepEqual(readReceipt(flash, crypto, keys.sign.publicKey), { ok: false, error: { what: "no receipt" } });
  // where a service tool of whatever make puts it
  main.set(encodeReceipt(crypto, receipt, keys.sign.secretKey), 0x8000);
  t.deepEqual(readReceipt(flash, crypto, keys.sign.publicKey), { ok: true, value: receipt });
  t.deepEqual(readReceipt(flash, crypto, new Uint8Array(32).fill(9)), {
    ok: false,
    error: { what: "signature does not match" },
  });
  main[0x8000 + 30]! ^= 1;
  t.false(readReceipt(flash, crypto, keys.sign.publicKey).ok);
  t.deepEqual(readReceipt({ read: () => undefined } as unknown as Flash, crypto, keys.sign.publicKey), {
    ok: false,
    error: { what: "main flash does not answer" },
  });
});

test("a receipt is for one terminal's records and results of one election", (t) => {
  t.true(sameReceipt(receipt, { ...receipt }));
  t.false(sameReceipt(receipt, { ...receipt, terminal: 8 }));
  for (const field of ["root", "records", "results"] as const)
    t.false(sameReceipt(receipt, { ...receipt, [field]: new Uint8Array(receipt[field].length) }), field);
});

test("a release that the journal does not take is none, and stops the terminal", async (t) => {
  const { crypto } = new Store("release");
  const signedResults = new Uint8Array(3);
  const { results: _, ...named } = receipt;
  for (const failing of ["released", "checkpoint", undefined] as const) {
    const answer = (what: string): Result<void, JournalFault> => (what === failing ? err({ kind: "full" }) : ok());
    const { day } = new SessionBench({
      seed: "release",
      day: {
        crypto,
        polls: { state: "closed", acts: [] } as unknown as Polls,
        receipt: () => ({ ...receipt, results: crypto.sha256(signedResults) }),
        results: { stored: { results: named, signedResults } } as unknown as ResultsStore,
        journal: { append: answer, checkpoint: () => answer("checkpoint") } as unknown as Journal,
      },
    });
    const done = await day.complete("release", nobody);
    if (failing === undefined) t.true(done.ok);
    else t.like(done, { ok: false, error: { kind: "stop" } }, failing);
    t.deepEqual(day.acts, failing === undefined ? ["report"] : ["report", "release"]);
  }
});

function old(seed: string, released: boolean): Store {
  const store = new Store(seed);
  write(store, ["opened", 0], ["closed", 0], ...(released ? ([["released"]] as const) : []));
  return store;
}

function write(store: Store, ...events: readonly (readonly [EventName, number?])[]): void {
  const opened = store.open();
  if (!opened.ok) throw new Error(opened.error.kind);
  const journal = store.journal(opened.value);
  if (!journal.ok) throw new Error(journal.error.kind);
  for (const [event, detail] of events) if (!journal.value.append(event, detail).ok) throw new Error(event);
}

function erase(store: Store, change: Partial<ReleaseOptions> = {}): Result<boolean, unknown> {
  return eraseReleased({
    crypto: store.crypto,
    deviceSecret: store.secret,
    election: new Uint8Array(16).fill(0xee),
    a: flashOf(store.a),
    b: flashOf(store.b),
    epochs: store.epochs(),
    clock: { monotonic: () => 0, wall: () => today },
    onReleased: () => undefined,
    onErasing: () => undefined,
    ...change,
  });
}

const isNew = ({ a, b }: Store): boolean => [a, b].every(({ cells }) => cells.every((byte) => byte === 0xff));

const holds = ({ a, b }: Store, [inA, inB]: readonly [Uint8Array, Uint8Array]): boolean =>
  equalBytes(a.cells, inA) && equalBytes(b.cells, inB);

test("a released election is erased from both media, whole; one that was not released stays to the last bit", (t) => {
  const released = old("released", true);
  t.deepEqual(erase(released), { ok: true, value: true });
  t.true(isNew(released));
  t.deepEqual(erase(released), { ok: true, value: false }, "nothing is left to be erased");
  const kept = old("kept", false);
  const before = [kept.a.cells.slice(), kept.b.cells.slice()] as const;
  t.deepEqual(erase(kept), { ok: true, value: false });
  t.true(holds(kept, before));
});

test("its own election, and one that this device did not write are never erased", (t) => {
  for (const change of [
    (store: Store) => ({ election: store.election.id }),
    () => ({ deviceSecret: new Uint8Array(32) }),
  ]) {
    const store = old("own", true);
    const before = [store.a.cells.slice(), store.b.cells.slice()] as const;
    t.deepEqual(erase(store, change(store)), { ok: true, value: false });
    t.true(holds(store, before));
  }
});

test("a cell harmed in one medium's superblock hinders no release, nor an erasing that has begun; nine do, and nothing is erased", (t) => {
  for (const bits of [1, 8, 9]) {
    const store = old("harmed", true);
    for (let bit = 0; bit < bits; bit++) store.a.cells[4 + bit]! ^= 1 << (bit & 7);
    const before = [store.a.cells.slice(), store.b.cells.slice()] as const;
    const isErased = bits <= 8;
    t.deepEqual(erase(store), { ok: true, value: isErased }, `${bits}`);
    t.true(isErased ? isNew(store) : holds(store, before), `${bits}`);
  }
});

test("a released election of which one medium is away is not erased from the other", (t) => {
  const store = old("away", true);
  const before = store.a.cells.slice();
  store.b.present = false;
  t.deepEqual(erase(store), { ok: true, value: false });
  t.true(equalBytes(store.a.cells, before));
});

test("a medium that two officials had gone on with alone is erased when that election was released", (t) => {
  const store = old("alone", false);
  const { crypto, keys, election, terminal, a, b } = store;
  b.present = false;
  t.true(Vault.goOnAlone({ crypto, keys, election, terminal, a: flashOf(a), b: flashOf(b) }, "a").ok);
  write(store, ["oneMedium", 2], ["released"]);
  t.deepEqual(erase(store), { ok: true, value: true });
  t.true(a.cells.every((byte) => byte === 0xff));
});

test("a first block that reads wrong three times and then right is the one that is there", (t) => {
  const store = old("weak", true);
  const real = flashOf(store.a);
  let wrong = 0;
  const weak: Flash = {
    ...real,
    read: (length, address, into) => {
      const bytes = real.read(length, address, into);
      if (bytes !== undefined && address === 0 && wrong++ < 3) bytes[9]! ^= 1;
      return bytes;
    },
  };
  t.deepEqual(erase(store, { a: weak }), { ok: true, value: true });
  t.true(isNew(store));
});

test("what a cut in the erasing left is erased, when nothing lies behind it; another device's first block never is", (t) => {
  for (const isErased of [true, false]) {
    const store = old("left", true);
    const { a, b } = store;
    a.cells.fill(0xff, a.blockLength);
    b.cells.fill(0xff);
    const before = [a.cells.slice(), b.cells.slice()] as const;
    t.deepEqual(erase(store, isErased ? {} : { deviceSecret: new Uint8Array(32) }), { ok: true, value: isErased });
    t.true(isErased ? isNew(store) : holds(store, before));
  }
});

test("a cut while the very first block was erased leaves a terminal that starts, also where age has cleared cells; what was written is never taken for age", (t) => {
  const { crypto, address } = { ...new Store("first"), address: 0x2000 };
  for (const [cells, isErased] of [
    [0, true],
    [1, true],
    [8, true],
    [9, false],
    // the least that is ever written: a word
    [128, false],
  ] as const) {
    const store = new Store("first");
    store.a.cells.fill(0, 32, store.a.blockLength);
    for (let cell = 0; cell < cells; cell++) store.b.cells[address + (cell >> 3)]! &= ~(1 << (cell & 7));
    const before = [store.a.cells.slice(), store.b.cells.slice()] as const;
    t.deepEqual(erase(store), { ok: true, value: isErased }, `${cells}`);
    t.is(crypto.isFilled(store.a.cells, 0xff), isErased, `${cells}`);
    if (!isErased) t.true(holds(store, before), `${cells}`);
  }
});
