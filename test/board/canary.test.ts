import { Buffer } from "node:buffer";
import { boardDay } from "../../tools/emulate/day.js";
import type { Day } from "../../tools/emulate/day.js";
import { board, boardTest } from "./support.js";

/** So many bytes in a row are no accident. */
const CANARY_LENGTH = 12;

/** The part of the encoded vote that is the voter's: without the padding at its end. */
function canaryOf(plain: Uint8Array): Buffer {
  let end = plain.length;
  while (end > 0 && (plain[end - 1] === 0 || plain[end - 1] === plain[end - 2])) end--;
  return Buffer.from(plain.subarray(Math.max(0, end - CANARY_LENGTH), end));
}

let day: Promise<Day> | undefined;

async function aDay(): Promise<Day> {
  await board();
  day ??= boardDay({ ballots: 1, lookAt: "screen slip" });
  return day;
}

boardTest.serial("one who looks can see: while the slip is shown, the vote is in RAM", async (t) => {
  t.timeout(170_000);
  const { plain, looks } = await aDay();
  const canary = canaryOf(plain);
  t.is(canary.length, CANARY_LENGTH);
  t.true(new Set(canary).size >= CANARY_LENGTH / 2, "the canary is nothing that is found everywhere");
  t.is(looks.length, 1);
  t.true(Buffer.from(looks[0]!).includes(canary));
});

boardTest.serial("a vote that was cast is nowhere in RAM once the terminal is idle again", async (t) => {
  t.timeout(170_000);
  const { plain, memory } = await aDay();
  t.false(Buffer.from(memory).includes(canaryOf(plain)));
});
