// What officials live through, on the session itself: who may do what in which state, and what a visit interrupts.

import test from "ava";
import { err } from "../../firmware/result.js";
import type { Intent } from "../../firmware/session/view.js";
import { SessionBench } from "../support/session-bench.js";

const digits: Intent[] = [1, 2, 3, 4].map((digit) => ({ do: "digit", digit }));

test("two officials of different offices act; the same office twice is one official, and is told so", async (t) => {
  const bench = await SessionBench.started({ seed: "two", open: false });
  await bench.logIn("executive");
  t.like(bench.view, {
    screen: "official-menu",
    role: "executive",
    poll: "before-opening",
    acts: ["open", "service", "log-out"],
  });
  t.is(bench.noted("officialIn", 1), 1);
  await bench.press({ do: "official", act: "open" });
  t.like(bench.view, { screen: "official-second", act: "open", waitsFor: "supervision" });
  await bench.lift();
  await bench.put(bench.official("executive"));
  t.like(bench.view, { screen: "official-second", waitsFor: "supervision", cards: 1, problem: "O-04" });
  t.is(bench.polls.state, "before-opening");
  await bench.lift();
  // shows the card, but not the PIN
  await bench.put(bench.official("supervision"));
  t.like(bench.view, { screen: "official-pin", role: "supervision", typed: 0 });
  await bench.lift();
  t.is(bench.state, "official-second", "the first one need not come again");
  await bench.logIn("supervision");
  t.is(bench.noted("officialIn", 2), 1);
  t.like(bench.view, { screen: "official-result", act: "open", status: { ballots: 0, power: "mains" } });
  t.is(bench.polls.state, "open");
  t.deepEqual(
    bench.told.filter((each) => each === "polls"),
    ["polls"],
  );
  await bench.lift();
  t.is(bench.state, "idle");
  // nobody is logged in any more
  await bench.logIn("supervision");
  t.like(bench.view, { screen: "official-menu", role: "supervision", acts: ["pause", "close", "log-out"] });
});

test("a wrong PIN is said, noted, and typed again; a dead card and a refused one go back to rest", async (t) => {
  const bench = await SessionBench.started({ seed: "pin" });
  await bench.put(bench.official("executive", "wrong"));
  await bench.press(...digits.slice(0, 3), { do: "confirm" });
  t.like(bench.view, { screen: "official-pin", typed: 3 }, "too short to be one");
  t.is(bench.noted("officialRefused"), 0);
  await bench.press({ do: "correct" }, { do: "digit", digit: 9 }, { do: "digit", digit: 9 }, { do: "enter" });
  t.like(bench.view, { screen: "official-pin", typed: 0, problem: "O-01" });
  t.is(bench.noted("officialRefused"), 1);
  await bench.lift();
  for (const [answer, code] of [
    ["blocked", "O-02"],
    ["refused", "O-03"],
  ] as const) {
    const before = bench.noted("officialRefused");
    await bench.logIn("executive", answer);
    t.like(bench.view, { screen: "message", code, awaits: "card-removal" });
    t.is(bench.noted("officialRefused"), before + 1);
    await bench.lift();
    t.is(bench.state, "idle");
  }
  t.is(bench.noted("officialIn"), 0);
});

test("a card that is pulled while its PIN is checked logs nobody in", async (t) => {
  const bench = await SessionBench.started({ seed: "pulled" });
  const card = bench.official("executive");
  if (typeof card.presented === "string" || card.presented.kind !== "official") throw new Error();
  card.presented = { ...card.presented, authenticate: () => Promise.resolve(err("unreadable")) };
  await bench.put(card);
  await bench.press(...digits, { do: "confirm" });
  t.like(bench.view, { screen: "message", code: "C-01" });
  t.is(bench.noted("officialIn") + bench.noted("officialRefused"), 0);
});

test("lifted in the menu, or logged out: nobody is logged in, and the other office alone starts anew", async (t) => {
  const bench = await SessionBench.started({ seed: "out" });
  await bench.logIn("executive");
  await bench.lift();
  t.is(bench.state, "idle");
  await bench.logIn("supervision");
  await bench.press({ do: "official", act: "log-out" });
  t.like(bench.view, { screen: "message", code: "O-06", awaits: "card-removal" });
  await bench.lift();
  await bench.logIn("executive");
  await bench.press({ do: "official", act: "pause" });
  await bench.press({ do: "back" });
  await bench.lift();
  t.is(bench.state, "idle");
  await bench.logIn("supervision");
  t.is(bench.state, "official-menu", "the first one's wish was given up");
  t.is(bench.polls.state, "open");
});

test("acts that are not of this state are refused and noted, whoever asks", async (t) => {
  const bench = await SessionBench.started({ seed: "state" });
  await bench.logIn("executive");
  for (const act of ["clear-fault", "one-medium", "end-session"] as const) {
    await bench.press({ do: "official", act });
    t.is(bench.state, "official-menu", act);
  }
  await bench.press({ do: "official", act: "open" });
  t.like(bench.view, { screen: "message", code: "O-05" });
  t.is(bench.noted("commandRefused"), 1);
  await bench.lift();
  await bench.logIn("executive");
  await bench.press({ do: "official", act: "resume" });
  t.like(bench.view, { screen: "message", code: "O-05" });
});

test("the service page is shown while the polls are not open, with exact figures; never while they are", async (t) => {
  const bench = await SessionBench.started({ seed: "service" });
  await bench.vote(bench.granted(1));
  await bench.logIn("executive");
  t.like(bench.view, { status: { ballots: 0 } }, "rounded down to a multiple of k while the polls are open");
  await bench.press({ do: "official", act: "service" });
  t.is(bench.state, "official-menu");
  await bench.lift();
  await bench.act("pause");
  t.is(bench.polls.state, "paused");
  await bench.logIn("executive");
  await bench.press({ do: "official", act: "service" });
  t.like(bench.view, {
    screen: "official-service",
    status: { ballots: 0, capacity: 40 },
    facts: { station: 1, voids: 0, deviceLog: "whole" },
  });
  await bench.lift();
  await bench.act("close");
  await bench.logIn("executive");
  t.like(bench.view, { poll: "closed", status: { ballots: 1 }, acts: ["count", "service", "log-out"] });
});

test("a parked voter: an official can end that session, NOT cast, and do nothing else", async (t) => {
  const bench = await SessionBench.started({ seed: "parked" });
  await bench.put(bench.granted(1));
  await bench.lift();
  await bench.logIn("executive");
  t.like(bench.view, { screen: "official-menu", acts: ["end-session", "log-out"] });
  for (const act of ["close", "pause", "service"] as const) {
    await bench.press({ do: "official", act });
    t.is(bench.state, "official-menu", act);
  }
  await bench.lift();
  t.is(bench.state, "parked", "the voter may still come back");
  await bench.logIn("executive");
  await bench.press({ do: "official", act: "end-session" });
  t.like(bench.view, { screen: "message", code: "V-02" });
  t.is(bench.noted("notCast", 3), 1);
  t.false(bench.session.busy);
  await bench.lift();
  t.is(bench.state, "idle");
  // and the next visit is an ordinary one again
  await bench.logIn("executive");
  t.like(bench.view, { acts: ["pause", "close", "log-out"] });
});

test("no voter while the polls are paused; after the resumption again", async (t) => {
  const bench = await SessionBench.started({ seed: "paused" });
  await bench.act("pause");
  await bench.put(bench.granted(1));
  t.like(bench.view, { screen: "message", code: "V-03" });
  await bench.lift();
  await bench.act("resume");
  await bench.put(bench.granted(1));
  t.is(bench.state, "voting");
});

test("the case opened in open polls stops everything until it is closed and both offices have looked", async (t) => {
  const bench = await SessionBench.started({ seed: "case" });
  bench.session.caseChanged(true);
  t.like(bench.view, { screen: "message", code: "T-01", awaits: "official" });
  t.is(bench.noted("caseOpened"), 1);
  await bench.logIn("executive");
  t.like(bench.view, { screen: "official-second", act: "clear-fault", waitsFor: "supervision" });
  await bench.lift();
  await bench.logIn("supervision");
  t.like(bench.view, { screen: "message", code: "T-01" }, "still open");
  t.is(bench.noted("faultCleared"), 0);
  await bench.lift();
  bench.session.caseChanged(false);
  t.is(bench.noted("caseClosed"), 1);
  t.like(bench.view, { screen: "message", code: "T-01" }, "closed, but nobody has looked");
  await bench.logIn("supervision");
  await bench.lift();
  await bench.put(bench.official("supervision"));
  t.like(bench.view, { screen: "official-second", waitsFor: "executive", problem: "O-04" });
  await bench.lift();
  await bench.put(bench.granted(1));
  t.like(bench.view, { screen: "official-second", problem: "O-03" }, "a voter's card is told so");
  await bench.lift();
  // nobody of the other office comes: nothing is cleared, and the first must come again
  await bench.press({ do: "back" });
  t.like(bench.view, { screen: "message", code: "T-01" });
  t.is(bench.noted("faultCleared"), 0);
  await bench.logIn("executive");
  await bench.lift();
  await bench.logIn("supervision");
  t.is(bench.noted("faultCleared"), 1);
  await bench.lift();
  t.is(bench.state, "idle");
});

test("the case opened before the polls are is noted and stops nobody", async (t) => {
  const bench = await SessionBench.started({ seed: "early", open: false });
  bench.session.caseChanged(true);
  t.is(bench.state, "idle");
  t.is(bench.noted("caseOpened"), 1);
});

test("a voter under whom the case is opened goes on after both offices have looked, with the choices made", async (t) => {
  const bench = await SessionBench.started({ seed: "under" });
  const card = bench.granted(1);
  await bench.put(card);
  await bench.mark(6);
  t.is(bench.state, "confirm");
  bench.session.caseChanged(true);
  t.is(bench.state, "fault");
  bench.session.caseChanged(false);
  await bench.lift();
  await bench.put(card);
  t.is(bench.state, "fault", "the voter's own card clears nothing");
  await bench.lift();
  await bench.logIn("executive");
  await bench.lift();
  await bench.logIn("supervision");
  t.is(bench.state, "parked");
  await bench.lift();
  await bench.put(card);
  t.like(bench.view, { screen: "confirm", marks: [{ choices: [6] }] });
});

test("an act that is refused ends the visit, says why, and wipes what was taken of the key", async (t) => {
  let wiped = 0;
  const bench = await SessionBench.started({
    seed: "count",
    day: {
      counting: {
        begin: () => Promise.resolve(err({ kind: "refused", message: "O-12" })),
        forget: () => wiped++,
        hasShareOf: () => false,
      } as never,
    },
  });
  await bench.act("close");
  const told = bench.told.filter((each) => each === "polls").length;
  await bench.logIn("executive");
  const before = wiped;
  await bench.press({ do: "official", act: "count" });
  t.like(bench.view, { screen: "message", code: "O-12", awaits: "card-removal" });
  t.true(wiped > before);
  t.is(bench.told.filter((each) => each === "polls").length, told + 1);
  await bench.lift();
  await bench.logIn("supervision");
  t.like(bench.view, { screen: "official-menu", role: "supervision" }, "nobody is logged in, and nothing is agreed to");
});

test("an official who does nothing for half an hour is logged out", async (t) => {
  const bench = await SessionBench.started({ seed: "idle" });
  await bench.logIn("executive");
  await bench.wait(29 * 60_000);
  t.is(bench.state, "official-menu");
  await bench.wait(61_000);
  t.like(bench.view, { screen: "message", code: "O-06" });
});
