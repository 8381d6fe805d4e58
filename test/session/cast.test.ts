// The cast as a transaction: its order, what it leaves in memory, and a medium that fails in the middle of it.

import test from "ava";
import type { Ballot } from "../../firmware/election/types.js";
import type { Prepared } from "../../firmware/vault/vault.js";
import { SessionBench } from "../support/session-bench.js";

const ballot = { style: 1, marks: [{ contest: 1, blank: false, choices: [3] }] } as unknown as Ballot;
const token = (seed: number): Uint8Array => new Uint8Array(16).fill(seed);

function bench(seed: string) {
  const made = new SessionBench({ seed });
  const prepared: Prepared[] = [];
  const prepare = made.vault.prepare.bind(made.vault);
  made.vault.prepare = (...given) => {
    const result = prepare(...given);
    if (result.ok) prepared.push(result.value);
    return result;
  };
  return Object.assign(made, { prepared });
}

test("one ballot at a time, prepared, decided, ended; anything else is a bug and throws", async (t) => {
  const { cast } = bench("order");
  t.is(cast.stage, "none");
  t.throws(() => cast.commit());
  await t.throwsAsync(cast.finish());
  await t.throwsAsync(cast.takeBack());
  t.true((await cast.prepare(token(1), ballot)).ok);
  t.is(cast.stage, "prepared");
  await t.throwsAsync(cast.prepare(token(2), ballot), { message: /one ballot at a time/ });
  await t.throwsAsync(cast.finish());
  t.true(cast.commit().ok);
  t.is(cast.stage, "committed");
  t.throws(() => cast.commit());
  await t.throwsAsync(cast.takeBack());
  t.true((await cast.finish()).ok);
  t.is(cast.stage, "none");
});

test("what was sealed is zeroed in memory when it is cast, and when it is taken back", async (t) => {
  for (const end of ["cast", "taken back"] as const) {
    const { cast, prepared } = bench(end);
    t.true((await cast.prepare(token(1), ballot)).ok);
    const { plain } = prepared[0]!;
    t.true(plain.some((byte) => byte !== 0));
    t.true(end === "cast" ? cast.commit().ok : (await cast.takeBack()).ok);
    t.true(
      plain.every((byte) => byte === 0),
      end,
    );
  }
});

test("a printer that fails leaves the ballot as it stood: the same act is called again and goes on", async (t) => {
  const made = bench("again");
  const { cast, printer, vault } = made;
  printer.fault = "jam";
  t.deepEqual(await cast.prepare(token(1), ballot), { ok: false, error: { kind: "printer", fault: "jam" } });
  t.is(cast.stage, "prepared");
  t.deepEqual(await cast.takeBack(), { ok: false, error: { kind: "printer", fault: "jam" } });
  t.is(cast.stage, "voided", "zeroed, although nothing says so on paper yet");
  printer.fault = undefined;
  t.true((await cast.takeBack()).ok);
  t.is(vault.counts.voids, 1);
  t.true((await cast.prepare(token(1), ballot)).ok, "the token is good still");
  t.true(cast.commit().ok);
  printer.fault = "cutter";
  t.deepEqual(await cast.finish(), { ok: false, error: { kind: "printer", fault: "cutter" } });
  t.is(cast.stage, "committed");
  printer.fault = undefined;
  t.true((await cast.finish()).ok);
  t.is(vault.counts.ballots, 1);
});

test("a medium that fails under a cast stops the terminal, and is named to the journal", async (t) => {
  for (const [medium, number] of [
    ["a", 1],
    ["b", 2],
  ] as const) {
    const made = bench(`medium ${medium}`);
    made.session.start();
    await made.wait(10);
    await made.put(made.granted(1));
    await made.mark(1);
    made.store[medium].present = false;
    await made.press({ do: "confirm" });
    t.is(made.state, "out-of-service");
    t.is(made.noted("mediumFault", number), 1);
    await made.press({ do: "confirm" }, { do: "here" });
    t.is(made.state, "out-of-service", "until the power is switched");
  }
});

test("a full store is said before the slip, and takes nothing of the card", async (t) => {
  const made = new SessionBench({ seed: "one", capacity: 1 });
  t.true((await made.cast.prepare(token(1), ballot)).ok);
  t.true(made.cast.commit().ok);
  t.true((await made.cast.finish()).ok);
  const full = await made.cast.prepare(token(2), ballot);
  t.deepEqual(full, { ok: false, error: { kind: "vault", fault: { kind: "full" } } });
  t.is(made.cast.stage, "none");
  t.false(made.vault.isSpent(token(2)));
});

test("a slip whose mark could not be printed is not cut off, so that nobody walks away with half of one", async (t) => {
  for (const [mark, end] of [
    ["valid", "finish"],
    ["void", "takeBack"],
  ] as const) {
    const { cast, printer } = bench(mark);
    t.true((await cast.prepare(token(1), ballot)).ok);
    if (end === "finish") t.true(cast.commit().ok);
    printer.faultAt = mark;
    printer.fault = "paper-out";
    t.false((await cast[end]()).ok);
    t.deepEqual(printer.done, ["body"]);
    printer.fault = undefined;
    t.true((await cast[end]()).ok);
    t.deepEqual(printer.done, ["body", mark, "cut"]);
  }
});

test("a ballot that cannot be zeroed is not said to be void: the fault is the store's", async (t) => {
  const { cast, printer, store } = bench("zero");
  t.true((await cast.prepare(token(1), ballot)).ok);
  store.a.present = false;
  const taken = await cast.takeBack();
  t.like(taken, { ok: false, error: { kind: "vault", fault: { kind: "medium", medium: "a" } } });
  t.deepEqual(printer.done, ["body"]);
  t.is(cast.stage, "prepared");
});

test("a transaction that cannot be ended after the cut is the store's fault, and no ballot follows it", async (t) => {
  for (const end of ["finish", "takeBack"] as const) {
    const { cast, printer, store } = bench(`blank ${end}`);
    t.true((await cast.prepare(token(1), ballot)).ok);
    if (end === "finish") t.true(cast.commit().ok);
    const cut = printer.cut.bind(printer);
    printer.cut = () => {
      store.b.present = false;
      return cut();
    };
    t.like(await cast[end](), { ok: false, error: { kind: "vault", fault: { kind: "medium", medium: "b" } } });
    t.is(cast.stage, end === "finish" ? "committed" : "voided");
  }
});

test("after a power cut nothing is prepared while a slip hangs in the printer, decided or not", async (t) => {
  for (const stage of ["voided", "committed"] as const) {
    const before = bench(`hangs ${stage}`);
    t.true((await before.cast.prepare(token(1), ballot)).ok);
    if (stage === "committed") t.true(before.cast.commit().ok);
    const { cast } = new SessionBench({ seed: "", store: before.store });
    t.is(cast.stage, stage);
    await t.throwsAsync(cast.prepare(token(2), ballot), { message: /one ballot at a time/ });
  }
});
