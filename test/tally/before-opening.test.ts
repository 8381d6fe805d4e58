// What stands between a terminal and its opening: the generator's test, the calendar on the report.

import { randomBytes } from "node:crypto";
import test from "ava";
import { civilTime, isClockSet } from "../../firmware/service/calendar.js";
import { entropyTest, proportionCutoff, repetitionCutoff, samplesCount } from "../../firmware/crypto/entropy.js";

const good = (length: number): Uint8Array => new Uint8Array(randomBytes(length));

test("a good generator passes", (t) => {
  for (let i = 0; i < 200; i++) t.true(entropyTest(good));
});

test("one that hangs, repeats a byte, leans to one, or has failed by its own word does not; at the cutoffs exactly", (t) => {
  t.false(entropyTest((length) => new Uint8Array(length)));
  t.false(
    entropyTest(() => {
      throw new Error("the noise source has failed");
    }),
  );
  const counting = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => i);
  t.true(entropyTest(counting), "it finds what is broken, not what can be guessed");
  const run =
    (alike: number) =>
    (length: number): Uint8Array =>
      counting(length).fill(7, 1000, 1000 + alike);
  t.true(entropyTest(run(repetitionCutoff - 2)));
  t.false(entropyTest(run(repetitionCutoff)));
  /** `alike` of the first window are its first one, apart. */
  const leaning =
    (alike: number) =>
    (length: number): Uint8Array =>
      counting(length).map((byte, i) => (i < 3 * alike && i % 3 === 0 ? 0 : i < 512 && byte === 0 ? 1 : byte));
  t.true(entropyTest(leaning(proportionCutoff - 1)));
  t.false(entropyTest(leaning(proportionCutoff)));
  t.true(samplesCount >= 1024);
});

test("every day of 140 years is the day that ICU says", (t) => {
  const format = new Intl.DateTimeFormat("en-u-ca-persian-nu-latn", {
    timeZone: "UTC",
    year: "numeric",
    month: "numeric",
    day: "numeric",
  });
  let wrong = 0;
  for (let day = 0; day < 365 * 140; day += 1) {
    const wall = day * 86_400 + 70_000;
    const parts = Object.fromEntries(
      format.formatToParts(new Date((wall + 12_600) * 1000)).map((part) => [part.type, Number(part.value)]),
    );
    const found = civilTime(wall);
    if (found.year !== parts["year"] || found.month !== parts["month"] || found.day !== parts["day"]) wrong++;
  }
  t.is(wrong, 0);
  t.deepEqual(civilTime(1_795_235_400), { year: 1405, month: 8, day: 30, hour: 8, minute: 0 });
  t.false(isClockSet(0));
  t.true(isClockSet(1_795_235_400));
});
