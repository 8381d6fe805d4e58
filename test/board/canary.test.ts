import { Buffer } from "node:buffer";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { boardDay } from "../../bench/board/day.js";
import type { Day } from "../../bench/board/day.js";
import { smallYaml } from "../package/support.js";
import { board, boardTest, removeAfter } from "./support.js";

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

boardTest.serial(
  "after every voter as many objects and bytes live as after the one before, whatever was chosen",
  async (t) => {
    t.timeout(300_000);
    await board();
    const { rests } = await boardDay({ ballots: 4, seed: "rests" });
    const kept = rests.map(({ heap }) => [heap.slots_kept, heap.chunks_kept] as const);
    t.true(kept[0]![0] > 1_000, "they were counted");
    t.deepEqual(
      kept,
      kept.map(() => kept[0]!),
    );
  },
);

boardTest.serial(
  "a share of the tally key is in RAM while the second official is waited for; neither it nor the key is anywhere after the loading and after the count, nor any ballot",
  async (t) => {
    t.timeout(400_000);
    await board();
    const folder = mkdtempSync(join(tmpdir(), "sandogh-canary-"));
    t.teardown(removeAfter(folder));
    const election = join(folder, "election.yaml");
    writeFileSync(election, smallYaml);
    const { plain, tally, looks, memory } = await boardDay({
      ballots: 2,
      election,
      lookAt: "screen official-second",
      count: true,
    });
    const values = {
      ...tally,
      executive: tally.executive.subarray(0, 32),
      supervision: tally.supervision.subarray(0, 32),
    };
    // opening, closing, counting
    t.is(looks.length, 3);
    t.true(Buffer.from(looks[2]!).includes(Buffer.from(values.executive)), "the positive control");
    // when the polls are opened the terminal has drawn the key, and at the end it has counted with it
    for (const [when, ram] of [
      ["opening", looks[0]!],
      ["end", memory],
    ] as const)
      for (const [name, value] of Object.entries(values)) {
        for (let at = 0; at + CANARY_LENGTH <= value.length; at += 4)
          t.false(
            Buffer.from(ram).includes(Buffer.from(value.subarray(at, at + CANARY_LENGTH))),
            `${when}: ${name}, from byte ${at}`,
          );
      }
    // the whole encoding: of so small a ballot a part would be found by accident
    t.false(Buffer.from(memory).includes(Buffer.from(plain.subarray(0, 16))));
  },
);
