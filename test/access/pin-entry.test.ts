// A PIN while it is typed, and how long people wait after wrong ones.

import test from "ava";
import { PinEntry } from "../../firmware/access/pin-entry.js";
import { wrongPinsInJournal } from "../../firmware/journal/wrong-pins.js";
import type { JournalEntry } from "../../firmware/journal/journal.js";
import { VirtualClock } from "../../sim/clock.js";
import { terminalTime } from "../../sim/terminal-time.js";

const second_us = 1_000_000;

function typed(pin: PinEntry, digits: string): PinEntry {
  for (const digit of digits) pin.edit({ do: "digit", digit: Number(digit) });
  return pin;
}

function entry(wrong = 0): { readonly pin: PinEntry; readonly wait: (seconds: number) => void } {
  const clock = new VirtualClock();
  const pin = new PinEntry({ timer: terminalTime(clock).timer, wrong });
  return { pin, wait: (seconds) => clock.advanceTo(clock.nowUs() + seconds * second_us) };
}

test("four to eight digits are a PIN; it is taken once", (t) => {
  const { pin } = entry();
  t.is(typed(pin, "123").take(), undefined);
  t.is(pin.typed, 3);
  t.is(typed(pin, "4").take(), "1234");
  t.is(pin.typed, 0);
  t.is(pin.take(), undefined);
  t.is(typed(pin, "1234567890").take(), "12345678", "the ninth is not taken");
});

test("the correction key takes the last digit, any act the problem", (t) => {
  const { pin } = entry();
  typed(pin, "12345").edit({ do: "correct" });
  t.is(typed(pin, "9").take(), "12349");
  pin.edit({ do: "correct" });
  t.is(pin.typed, 0);
  pin.answered("wrong");
  t.is(pin.problem, "O-01");
  pin.edit({ do: "here" });
  t.is(pin.problem, undefined);
  typed(pin, "12").clear("O-04");
  t.deepEqual([pin.typed, pin.problem], [0, "O-04"]);
});

test("from the fifth wrong PIN on a wait of 15 s, twice as long for each one more, 256 times at most", (t) => {
  const { pin, wait } = entry();
  for (let wrong = 1; wrong <= 4; wrong++) {
    pin.answered("wrong");
    t.is(pin.problem, "O-01");
    t.is(typed(pin, "1234").take(), "1234", `${wrong}`);
  }
  for (const seconds of [15, 30, 60, 120, 240, 480, 960, 1_920, 3_840, 3_840]) {
    pin.answered("wrong");
    t.is(pin.problem, "O-07");
    wait(seconds - 0.1);
    t.is(typed(pin, "1234").take(), undefined, `${seconds}`);
    t.deepEqual([pin.typed, pin.problem], [0, "O-07"], "what was typed is gone, and the wait said");
    wait(0.2);
    t.is(typed(pin, "1234").take(), "1234", `${seconds}`);
  }
});

test("the right PIN ends the count; a card that is dead or refused is no wrong PIN", (t) => {
  const { pin } = entry();
  for (const answer of ["wrong", "wrong", "wrong", "wrong", "blocked", "refused"] as const) pin.answered(answer);
  t.is(typed(pin, "1234").take(), "1234");
  pin.answered("ok");
  for (let i = 0; i < 4; i++) pin.answered("wrong");
  t.is(typed(pin, "1234").take(), "1234");
  pin.answered("wrong");
  t.is(typed(pin, "1234").take(), undefined);
});

test("wrong PINs before a power cut count: the wait that follows from them begins anew", (t) => {
  t.is(typed(entry(4).pin, "1234").take(), "1234");
  const { pin, wait } = entry(6);
  wait(29);
  t.is(typed(pin, "1234").take(), undefined);
  wait(2);
  t.is(typed(pin, "1234").take(), "1234");
});

test("the journal's wrong PINs are those since the last right one", (t) => {
  const tail = (...events: readonly JournalEntry["event"][]) => ({
    tail: events.map((event) => ({ event }) as JournalEntry),
  });
  t.is(wrongPinsInJournal(tail()), 0);
  t.is(wrongPinsInJournal(tail("officialRefused", "officialIn", "officialRefused", "started", "officialRefused")), 2);
  t.is(wrongPinsInJournal(tail("officialRefused", "officialRefused", "officialIn", "started")), 0);
});
