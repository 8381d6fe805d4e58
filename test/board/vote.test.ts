// One suite, two executors: the scripted vote on the desktop's host and on the emulated board.

import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { norPart } from "../../sim/nor-part.js";
import { boardMachine } from "../../sim/board/qemu.js";
import { buildImage } from "../../tools/build/build.js";
import { scriptedDay } from "../../sim/scripted-day.js";
import { digests } from "../support/day-files.js";
import { board, boardTest as test, removeAfter } from "./support.js";

const SEED = "board";

test.serial(
  "a ballot on the board and on the desktop: the same screens, slips, flash, journal and tally, byte for byte",
  async (t) => {
    t.timeout(400_000);
    await board();
    await buildImage("ballot");
    const out = mkdtempSync(join(tmpdir(), "sandogh-board-vote-"));
    t.teardown(removeAfter(out));
    const desktop = await scriptedDay({ ballots: 1, seed: SEED, out: join(out, "desktop"), cut: 0 });
    let memory = new Uint8Array(0);
    const works: number[] = [];
    const emulated = await scriptedDay({
      ballots: 1,
      seed: SEED,
      out: join(out, "board"),
      cut: 0,
      // other makers' chips: nothing of what is stored, seen or printed depends on who made them
      parts: { main: norPart("MX25L25645G"), a: norPart("GD25Q128E"), b: norPart("MX25L12833F") },
      machine: boardMachine({
        onWork: (work) => works.push(work),
        onStart: (started) => {
          memory = started.memory().slice();
          // the factory's start was another
          works.length = 0;
        },
      }),
    });
    t.deepEqual(desktop.disagreements, []);
    t.deepEqual(emulated.disagreements, []);
    const expected = digests(join(out, "desktop"));
    t.true(Object.keys(expected).filter((name) => name.endsWith(".png")).length >= 8);
    t.deepEqual(digests(join(out, "board")), expected);
    // It was the board that ran, not the host.
    t.is(memory.length, 8 * 1024 * 1024);
    t.true(works.length > 100 && works.every((work, index) => index === 0 || work >= works[index - 1]!));
  },
);
