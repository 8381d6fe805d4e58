// The board behind the bench's page, as npx sandogh emulate has it: a vote by mouse in Chromium.

import { boardMachine } from "../../sim/board/qemu.js";
import { buildForRun } from "../../tools/build/build.js";
import { recordsInImage } from "../../office/tally/image.js";
import { openBallots } from "../../office/tally/tally.js";
import { Person, browse, hasBrowser, remove, start } from "../bench/support.js";
import { board, boardTestIf } from "./support.js";

const test = boardTestIf(hasBrowser);

/** Places of a list's first row and of the way on, in pixels of the terminal (ui/screens/voting.ts). */
const firstRow = { x: 760, y: 134 };
const forward = { x: 120, y: 555 };

test.serial("from power on to a ballot that is cast, by mouse, with the emulated board behind the page", async (t) => {
  t.timeout(300_000);
  await board();
  // the desk that grants the card is a terminal of its own
  await buildForRun("identity");
  let boots = 0;
  const running = await start(undefined, {
    election: "office/examples/short.yaml",
    machine: boardMachine({ onStart: () => boots++ }),
  });
  const { bench, server } = running;
  const { station } = bench;
  const browser = await browse();
  try {
    const person = new Person(await browser.newPage({ viewport: { width: 1366, height: 768 } }), server.address);
    const { page } = person;
    await page.goto(server.address);
    await page.click("#power");
    await person.sees("idle");
    for (const [official, pin, then] of [
      ["executive", "1404", "official-menu"],
      ["supervision", "2026", "official-result"],
    ] as const) {
      await person.hold(official);
      await person.sees("official-pin");
      await person.presses(...pin, "green");
      await person.sees(then);
      if (then === "official-menu") {
        await person.presses("next", "select");
        await person.sees("official-second");
      }
      await person.lift();
    }
    await person.knows("polls", "open");
    await person.sees("idle");
    await page.click('[data-target="grant voter-1"]');
    await person.reads('[data-card="voter-1"] .state', "may vote");
    await person.hold("voter-1");
    await person.sees("voting");
    // each contest begins with its question
    for (let contest = 0; contest < 2; contest++) {
      await person.touches(forward.x, forward.y);
      await person.looks();
      await person.touches(firstRow.x, firstRow.y);
      await person.looks();
      await person.photographs(`board-contest-${contest}`);
      await person.touches(forward.x, forward.y);
      await person.looks();
    }
    await person.sees("review");
    await person.presses("green");
    await person.sees("confirm");
    await person.presses("green");
    await person.sees("slip");
    await person.photographs("board-slip");
    await person.sees("done");
    await person.reads("#slips li", "VALID");
    await person.photographs("board-done");
    await person.lift();
    await person.sees("idle");
    const opened = openBallots(
      station.crypto,
      station.pack,
      station.election.terminals,
      recordsInImage(station.chips.b.cells, station.pack.election),
      station.tallyKeyOf,
    );
    t.deepEqual(
      opened.ballots.map((ballot) => ballot.marks.map(({ choices }) => choices)),
      [[[11], [1]]],
    );
    t.is(boots, 2, "the factory's start, and the one with the power switch");
    t.deepEqual(
      [...station.printer.failures, ...station.reader.failures, ...person.complaints, ...person.strangers],
      [],
    );
  } finally {
    await browser.close();
    await running.close();
    remove(running.directory);
  }
});
