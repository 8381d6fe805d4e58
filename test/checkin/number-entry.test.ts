// A national number while it is typed.

import test from "ava";
import { NumberEntry } from "../../firmware/checkin/number-entry.js";
import { numberOf } from "../../office/roll/voters.js";

test("ten digits and no more, corrected one by one, forgotten at once", (t) => {
  const entry = new NumberEntry();
  t.true(entry.isEmpty);
  entry.correct();
  t.is(entry.text, "");
  const number = numberOf(49_937_089);
  for (const digit of number) entry.type(Number(digit));
  t.is(entry.text, number);
  t.true(entry.isFull);
  t.is(entry.key, 49_937_089);
  entry.type(5);
  t.is(entry.text, number);
  entry.correct();
  t.false(entry.isFull);
  t.is(entry.text, number.slice(0, 9));
  t.is(entry.key, undefined, "nine digits are nobody's");
  entry.type(Number(number[9]));
  t.is(entry.key, 49_937_089);
  entry.clear();
  t.true(entry.isEmpty);
  t.is(entry.text, "");
});

test("a number with a wrong check digit has no key", (t) => {
  const number = numberOf(1);
  for (let last = 0; last <= 9; last++) {
    const entry = new NumberEntry();
    for (const digit of number.slice(0, 9)) entry.type(Number(digit));
    entry.type(last);
    t.is(entry.key, last === Number(number[9]) ? 1 : undefined);
  }
});
