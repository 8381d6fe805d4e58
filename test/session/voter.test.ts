// What a voter lives through, on the session itself: real vault, journal and cast, cards and printer on a table.

import test from "ava";
import { settingsAtRest } from "../../firmware/settings.js";
import { SessionBench } from "../support/session-bench.js";

const outOfPaper = { paper: "out", fault: "paper-out" } as const;
const goodPaper = { paper: "ok", fault: undefined } as const;

test("a voter, or a slip that is not ended, makes it busy; nobody and a finished vote do not", async (t) => {
  const bench = await SessionBench.started({ seed: "busy" });
  t.false(bench.session.busy);
  const card = bench.granted(1);
  await bench.put(card);
  t.is(bench.state, "voting");
  t.true(bench.session.busy);
  await bench.lift();
  t.is(bench.state, "parked");
  t.true(bench.session.busy);
  await bench.put(card);
  await bench.mark(1);
  bench.printer.holds = true;
  await bench.press({ do: "confirm" });
  t.is(bench.state, "preparing");
  t.true(bench.session.busy);
  bench.printer.release();
  await bench.wait(8_000);
  t.is(bench.state, "done");
  t.false(bench.session.busy);
});

test("a start with a slip that hangs in the printer is busy until the slip has its mark", async (t) => {
  const before = await SessionBench.started({ seed: "hangs" });
  await before.toSlip(before.granted(1));
  t.is(before.state, "slip");
  const bench = new SessionBench({ seed: "", store: before.store });
  t.true(bench.session.busy);
  bench.session.start();
  await bench.wait(10);
  t.deepEqual(bench.printer.done, ["void", "cut"]);
  t.is(bench.noted("recovered", 0), 1);
  t.false(bench.session.busy);
  t.like(bench.view, { screen: "message", code: "V-07" });
  await bench.wait(59_000);
  t.is(bench.state, "not-cast");
  await bench.wait(2_000);
  t.is(bench.state, "idle");
});

test("seven seconds after the slip is shown, not before: cast, the card told, the slip VALID", async (t) => {
  const bench = await SessionBench.started({ seed: "cast" });
  const card = bench.granted(7);
  await bench.toSlip(card);
  t.deepEqual(bench.printer.done, ["body"]);
  t.like(bench.view, { screen: "slip", secondsLeft: 7, mayReject: true });
  await bench.wait(1_000);
  t.like(bench.view, { screen: "slip", secondsLeft: 6 });
  await bench.wait(5_900);
  t.is(bench.state, "slip");
  t.is(bench.vault.counts.ballots, 0);
  t.deepEqual(
    bench.told.filter((each) => each === "cast"),
    [],
  );
  await bench.wait(200);
  t.is(bench.state, "done");
  t.is(bench.vault.counts.ballots, 1);
  t.deepEqual(
    bench.told.filter((each) => each === "cast"),
    ["cast"],
  );
  t.is(card.spent, 1);
  t.deepEqual(bench.printer.done, ["body", "valid", "cut"]);
  await bench.lift();
  t.is(bench.state, "idle");
  await bench.put(card);
  t.like(bench.view, { screen: "message", code: "C-03" });
  t.is(bench.noted("cardRefused", 1), 1);
});

test("a card that was spent without being told so is refused by the spent set, and told now", async (t) => {
  const bench = await SessionBench.started({ seed: "untold" });
  await bench.vote(bench.granted(5));
  const card = bench.granted(5);
  card.presented = { kind: "locked-here", style: 1 as never, token: card.token };
  await bench.put(card);
  t.like(bench.view, { screen: "message", code: "C-03", awaits: "card-removal" });
  t.is(card.spent, 1);
  t.is(bench.vault.counts.ballots, 1);
});

test("a copy of a card that has voted here is refused before it is locked, and the journal says that it is one", async (t) => {
  const bench = await SessionBench.started({ seed: "copied" });
  await bench.vote(bench.granted(5));
  const copy = bench.granted(5);
  await bench.put(copy);
  t.like(bench.view, { screen: "message", code: "C-03", awaits: "card-removal" });
  t.is(bench.noted("cardRefused", 9), 1);
  t.like(copy.presented, { kind: "granted" });
  t.is(copy.spent, 0);
  t.is(bench.vault.counts.ballots, 1);
});

test("each card that gives no ballot is answered by its own message and noted with its own reason", async (t) => {
  const bench = await SessionBench.started({ seed: "refused" });
  const rows = [
    ["foreign", "C-02", 5],
    ["other-election", "C-02", 3],
    ["empty", "C-04", 2],
    ["spent", "C-03", 1],
    ["locked-elsewhere", "C-05", 4],
    ["revoked", "C-08", 7],
    ["no-right", "C-09", 8],
  ] as const;
  for (const [kind, code, reason] of rows) {
    await bench.put({ ...bench.granted(1), presented: { kind } });
    t.like(bench.view, { screen: "message", code, awaits: "card-removal" }, kind);
    t.is(bench.noted("cardRefused", reason), 1, kind);
    t.false(bench.session.busy);
    await bench.wait(60_000);
    t.is(bench.state, "refused", "as long as the card lies there");
    await bench.lift();
    t.is(bench.state, "idle");
  }
  await bench.put({
    ...bench.granted(1),
    presented: { kind: "granted", style: 9 as never, token: new Uint8Array(16) },
  });
  t.like(bench.view, { screen: "message", code: "C-02" });
  await bench.lift();
  await bench.put({ ...bench.granted(1), presented: "unreadable" });
  t.like(bench.view, { screen: "message", code: "C-01" });
});

test("before the opening no card is locked: its right stays good elsewhere", async (t) => {
  const bench = await SessionBench.started({ seed: "closed", open: false });
  const card = bench.granted(1);
  await bench.put(card);
  t.like(bench.view, { screen: "message", code: "V-03" });
  t.is(bench.noted("cardRefused"), 0);
  t.like(card.presented, { kind: "granted", style: 1 });
});

test("full: the card is refused and not locked; 80 and 95 of a hundred are noted once each", async (t) => {
  const bench = await SessionBench.started({ seed: "full", capacity: 20 });
  for (let i = 1; i <= 20; i++) {
    t.is(bench.noted("nearlyFull", 80), i > 16 ? 1 : 0, `${i}`);
    t.is(bench.noted("nearlyFull", 95), i > 19 ? 1 : 0, `${i}`);
    await bench.vote(bench.granted(i));
  }
  t.is(bench.vault.counts.ballots, 20);
  t.is(bench.noted("nearlyFull"), 2);
  const card = bench.granted(77);
  await bench.put(card);
  t.like(bench.view, { screen: "message", code: "V-04" });
  t.is(bench.noted("cardRefused", 6), 1);
  t.like(card.presented, { kind: "granted", style: 1 });
});

test("a printer that does not answer is found out before the card is locked", async (t) => {
  const bench = await SessionBench.started({ seed: "unplugged" });
  bench.printer.fault = "no-answer";
  const card = bench.granted(1);
  await bench.put(card);
  t.is(bench.state, "fault");
  t.like(bench.view, { screen: "message", awaits: "official" });
  t.like(card.presented, { kind: "granted", style: 1 });
  t.false(bench.session.busy);
});

test("nobody there: an alert counts down, any key takes it away, at its end the vote is NOT cast", async (t) => {
  const bench = await SessionBench.started({ seed: "alert" });
  const card = bench.granted(1);
  await bench.put(card);
  await bench.press({ do: "next" });
  t.is(bench.state, "review");
  await bench.wait(119_000);
  t.is(bench.state, "review");
  await bench.press({ do: "here" });
  await bench.wait(119_000);
  t.is(bench.state, "review", "whoever presses a key is there");
  await bench.wait(1_100);
  t.like(bench.view, { screen: "inactive", secondsLeft: 20 });
  await bench.wait(5_000);
  t.like(bench.view, { screen: "inactive", secondsLeft: 15 });
  await bench.press({ do: "back" });
  t.is(bench.state, "review", "and the key does nothing else");
  await bench.wait(120_100);
  await bench.wait(19_500);
  t.is(bench.state, "inactive");
  await bench.wait(600);
  t.like(bench.view, { screen: "message", code: "V-01", awaits: "card-removal" });
  t.is(bench.noted("notCast", 1), 1);
  t.false(bench.session.busy);
  await bench.lift();
  await bench.put(card);
  t.is(bench.state, "voting", "the right is not lost");
  t.like(bench.view, { chosen: [] });
});

test("a lifted card parks the session; its own card resumes it, no other does, the wait ends it", async (t) => {
  const bench = await SessionBench.started({ seed: "parked" });
  const card = bench.granted(1);
  await bench.put(card);
  await bench.mark(4);
  t.is(bench.state, "confirm");
  await bench.lift();
  t.like(bench.view, { screen: "parked", secondsLeft: 60 });
  await bench.put(bench.granted(2));
  t.is(bench.state, "parked", "another voter's card");
  await bench.lift();
  await bench.put({ ...bench.granted(1), presented: "unreadable" });
  t.is(bench.state, "parked");
  await bench.lift();
  await bench.put(card);
  t.is(bench.state, "confirm");
  t.like(bench.view, { marks: [{ contest: 1, blank: false, choices: [4] }] });
  await bench.lift();
  await bench.wait(59_500);
  t.is(bench.state, "parked");
  await bench.wait(600);
  t.like(bench.view, { screen: "message", code: "V-02", awaits: "nothing" });
  t.is(bench.noted("notCast", 2), 1);
  await bench.wait(8_000);
  t.is(bench.state, "idle");
  t.is(bench.noted("parked"), 2);
  t.is(bench.noted("resumedSession"), 1);
});

test("another voter's card at a parked session is not locked", async (t) => {
  const bench = await SessionBench.started({ seed: "other" });
  await bench.put(bench.granted(1));
  await bench.lift();
  const other = bench.granted(2);
  await bench.put(other);
  t.like(other.presented, { kind: "granted", style: 1 });
});

test("lifted while the slip is printed: nothing is decided until the card is back", async (t) => {
  const bench = await SessionBench.started({ seed: "printing" });
  const card = bench.granted(1);
  await bench.put(card);
  await bench.mark(1);
  bench.printer.holds = true;
  await bench.press({ do: "confirm" });
  await bench.lift();
  await bench.put(card);
  bench.printer.release();
  await bench.wait(5);
  t.is(bench.state, "parked", "it was away, and is asked for again");
  await bench.lift();
  await bench.wait(5_000);
  await bench.put(card);
  t.like(bench.view, { screen: "slip", secondsLeft: 7 });
  await bench.wait(7_100);
  t.is(bench.state, "done");
});

test("a slip called wrong is voided, the review comes back; as often as the policy says", async (t) => {
  const bench = await SessionBench.started({ seed: "wrong" });
  const card = bench.granted(1);
  await bench.toSlip(card, 3);
  for (let i = 1; i <= 3; i++) {
    t.like(bench.view, { screen: "slip", mayReject: true });
    await bench.press({ do: "reject" });
    t.is(bench.state, "review");
    t.like(bench.view, { items: [{ chosen: [2] }] });
    t.is(bench.noted("slipRejected"), i);
    t.is(bench.noted("slipVoided"), i);
    await bench.press({ do: "confirm" }, { do: "confirm" });
  }
  t.like(bench.view, { screen: "slip", mayReject: false });
  await bench.press({ do: "reject" });
  t.is(bench.state, "slip");
  await bench.wait(7_100);
  t.is(bench.vault.counts.ballots, 1);
  t.is(bench.vault.counts.voids, 3);
});

test("lifted under the slip and not put back: VOID first, then NOT cast; the card is good again", async (t) => {
  const bench = await SessionBench.started({ seed: "left" });
  const card = bench.granted(1);
  await bench.toSlip(card);
  await bench.lift();
  t.is(bench.state, "parked");
  await bench.wait(60_100);
  t.is(bench.state, "not-cast");
  t.deepEqual(bench.printer.done, ["body", "void", "cut"]);
  t.false(bench.session.busy);
  await bench.wait(8_000);
  await bench.put(card);
  t.is(bench.state, "voting");
});

test("paper out under the slip: taken back, and after an official the review is there again", async (t) => {
  const bench = await SessionBench.started({ seed: "paper" });
  const card = bench.granted(1);
  await bench.toSlip(card, 2);
  bench.printer.fault = "paper-out";
  bench.printer.says(outOfPaper);
  await bench.wait(5);
  t.is(bench.state, "fault");
  t.is(bench.noted("slipVoided"), 0);
  await bench.lift();
  bench.printer.fault = undefined;
  bench.printer.says(goodPaper);
  await bench.wait(5);
  t.is(bench.state, "fault", "a voter waits, so an official has to look");
  await bench.logIn("executive");
  t.is(bench.noted("faultCleared"), 1);
  t.is(bench.state, "parked", "the voter's card is asked for");
  t.deepEqual(bench.printer.done, ["body", "void", "cut"]);
  await bench.lift();
  await bench.put(card);
  t.is(bench.state, "review");
  await bench.press({ do: "confirm" }, { do: "confirm" });
  await bench.wait(7_100);
  t.is(bench.vault.counts.ballots, 1);
});

test("a stranger's card that is laid down while a fault waits for an official keeps its right", async (t) => {
  const bench = await SessionBench.started({ seed: "stranger" });
  await bench.put(bench.granted(1));
  await bench.lift();
  bench.printer.fault = "paper-out";
  bench.printer.says(outOfPaper);
  t.is(bench.state, "fault");
  const stranger = bench.granted(2);
  await bench.put(stranger);
  t.is(bench.state, "fault");
  t.like(stranger.presented, { kind: "granted", style: 1 }, "it is not locked here");
});

test("a medium that fails under the decision: nothing is cast, and the card is not told so", async (t) => {
  const bench = await SessionBench.started({ seed: "decision" });
  const card = bench.granted(1);
  await bench.toSlip(card);
  bench.store.a.present = false;
  await bench.wait(7_100);
  t.is(bench.state, "out-of-service");
  t.like(bench.view, { screen: "message", code: "S-01" });
  t.is(card.spent, 0);
  t.false(bench.told.includes("cast"));
  t.deepEqual(bench.printer.done, ["body"]);
  t.false(
    bench.traces.some((line) => line.startsWith("bug")),
    "the store's fault alone",
  );
});

test("the printer fails after the decision: it counts, P-09, and an official's card brings VALID", async (t) => {
  const bench = await SessionBench.started({ seed: "after" });
  await bench.toSlip(bench.granted(1));
  bench.printer.fault = "cutter";
  await bench.wait(7_100);
  t.like(bench.view, { screen: "message", code: "P-09", awaits: "official" });
  t.is(bench.vault.counts.ballots, 1);
  t.is(bench.noted("printerFault"), 1);
  await bench.lift();
  await bench.logIn("supervision");
  t.like(bench.view, { screen: "message", code: "P-09" }, "still broken");
  await bench.lift();
  bench.printer.fault = undefined;
  await bench.logIn("supervision");
  t.deepEqual(bench.printer.done, ["body", "valid", "cut"]);
  t.is(bench.state, "done");
});

test("with nobody voting, a printer that works again is enough: no official is needed", async (t) => {
  const bench = await SessionBench.started({ seed: "alone" });
  bench.printer.says(outOfPaper);
  t.is(bench.state, "fault");
  t.is(bench.noted("printerFault"), 1);
  bench.printer.says(outOfPaper);
  t.is(bench.noted("printerFault"), 1, "said once");
  bench.printer.says(goodPaper);
  t.is(bench.state, "idle");
  t.is(bench.noted("printerReady"), 1);
});

test("the reader fails under a voter: no official can show a card to it, so its return is enough", async (t) => {
  const bench = await SessionBench.started({ seed: "reader" });
  const card = bench.granted(1);
  await bench.put(card);
  await bench.press({ do: "digit", digit: 5 }, { do: "enter" });
  await bench.readerFails();
  t.like(bench.view, { screen: "message", code: "R-01" });
  t.is(bench.noted("readerFault"), 1);
  await bench.readerWorks();
  t.is(bench.noted("readerReady"), 1);
  t.is(bench.state, "parked");
  await bench.put(card);
  t.like(bench.view, { screen: "voting", chosen: [4] });
  await bench.readerWorks();
  t.is(bench.noted("readerReady"), 1, "it had not failed");
});

test("each choice is shown at once", async (t) => {
  const bench = await SessionBench.started({ seed: "shown" });
  await bench.put(bench.granted(1));
  await bench.press({ do: "digit", digit: 5 });
  t.like(bench.view, { screen: "voting", chosen: [] });
  await bench.press({ do: "enter" });
  t.like(bench.view, { screen: "voting", chosen: [4] });
  await bench.press({ do: "digit", digit: 2 }, { do: "enter" });
  t.like(bench.view, { screen: "voting", chosen: [1, 4] });
});

test("who changes the display is there: a voter for two minutes more, anybody else for one", async (t) => {
  const bench = await SessionBench.started({ seed: "display" });
  const change = { do: "settings", settings: { ...settingsAtRest, size: 2 } } as const;
  const at = bench.told.length;
  await bench.press(change);
  await bench.wait(59_000);
  t.is(bench.told.length, at);
  await bench.wait(1_500);
  t.deepEqual(bench.told.slice(at), ["wiped"], "as it was for the next one");
  await bench.put(bench.granted(1));
  await bench.wait(119_000);
  await bench.press(change);
  await bench.wait(119_000);
  t.is(bench.state, "voting");
  await bench.wait(1_100);
  t.is(bench.state, "inactive");
});

test("a display that somebody changed and left is as before after a minute", async (t) => {
  const bench = await SessionBench.started({ seed: "settings" });
  const at = bench.told.length;
  await bench.press({ do: "here" });
  await bench.wait(59_000);
  t.is(bench.told.length, at);
  await bench.wait(1_500);
  t.deepEqual(bench.told.slice(at), ["wiped"]);
});
