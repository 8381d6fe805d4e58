// The main job as a stranger does it: in the browser, by what the page says. Real time, a real terminal process, a real
// power cut.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { recordsInImage } from "../../office/tally/image.js";
import { openBallots } from "../../office/tally/tally.js";
import { Person, browse, hasBrowser, remove, start } from "./support.js";

/** Where the voting screen has its places, in pixels of the terminal (ui/screens/voting.ts). */
const firstRow = { x: 760, y: 134 };
const secondRow = { x: 270, y: 134 };
const forward = { x: 120, y: 555 };

const browserTest = hasBrowser ? test : test.skip;

browserTest(
  "from power on to the tally in the browser: a power cut voids the first slip, paper runs out, the line fails, and one ballot counts",
  async (t) => {
    t.timeout(300_000);
    const running = await start();
    const { bench, server } = running;
    const { station } = bench;
    const browser = await browse();
    try {
      const person = new Person(await browser.newPage({ viewport: { width: 1366, height: 768 } }), server.address);
      const { page } = person;
      await page.goto(server.address);

      // power
      await person.reads("#step", "Switch the power on");
      await page.click("#power");
      await person.sees("idle");
      await person.reads("#step", "executive official's card");
      await person.photographs("1-before-opening");

      // two officials open the polls, one at the PC's keyboard, one at the keypad
      await person.hold("executive");
      await person.sees("official-pin");
      await person.types("1", "4", "0", "4", "Enter");
      await person.sees("official-menu");
      await person.photographs("2-official-menu");
      await person.types("ArrowLeft", "Space");
      await person.sees("official-second");
      await person.lift();
      await person.hold("supervision");
      await person.sees("official-pin");
      await person.presses("2", "0", "2", "6", "green");
      // half a metre of zero report at the paper's own pace
      await person.sees("official-acting");
      await page.waitForTimeout(2000);
      await person.photographs("2-opening");
      await person.sees("official-result");
      t.deepEqual(
        bench.state().slips.map((slip) => slip.mark),
        ["report", "report"],
      );
      await person.lift();
      await person.sees("idle");
      await person.knows("polls", "open");

      // a card that was not granted is refused, a granted one may vote
      await person.hold("voter-1");
      await person.sees("refused C-04");
      await person.lift();
      await person.sees("idle");
      await page.click('[data-target="grant voter-1"]');
      await person.reads('[data-card="voter-1"] .state', "may vote");
      await person.hold("voter-1");
      await person.sees("voting");
      t.deepEqual(bench.state().held, "voter-1");

      // by mouse, on the glass, once what the contest asks has been read
      await person.presses("green");
      await person.looks();
      const before = await person.pixel(firstRow.x, firstRow.y - 26);
      await person.touches(firstRow.x, firstRow.y);
      await person.touches(secondRow.x, secondRow.y);
      await page.waitForTimeout(300);
      t.notDeepEqual(await person.pixel(firstRow.x, firstRow.y - 26), before, "the row touched is drawn as chosen");
      await person.types("1", "0", "5");
      await person.photographs("3-voting-by-code");
      await person.types("Enter", "Enter");
      await person.looks();
      // its question first, then its list
      await person.touches(forward.x, forward.y);
      await person.looks();
      await person.touches(firstRow.x, firstRow.y);
      await person.touches(forward.x, forward.y);
      await person.looks();
      await person.presses("white");
      await person.looks();
      await person.presses("green");
      await person.sees("review");
      await person.presses("green");
      await person.sees("confirm");

      // the power goes while the slip hangs in the window
      await person.presses("green");
      await person.sees("slip");
      await person.photographs("4-slip");
      t.true(station.printer.hanging.height > 400);
      await page.click("#power");
      await person.knows("on", "false");
      t.false(station.isOn);
      await person.reads("#step", "Switch the power on");
      await page.click("#power");
      await person.knows("boots", "2");
      // nothing was cast, and the voter is told why; the card may vote again here
      await person.sees("not-cast V-07");
      await person.lift();
      await person.sees("idle");
      await person.hold("voter-1");
      await person.sees("voting");
      await person.reads("#slips li", "VOID");
      t.is(bench.state().ballots, 0);
      t.is(bench.state().voids, 1);
      await person.photographs("5-after-the-power-cut");

      // paper out in the middle: an official goes on when it is back
      await person.types("1", "0", "1");
      await person.looks();
      await person.types("Enter", "1", "0", "2", "Enter");
      await person.switches("paper-out");
      await person.sees("fault P-02");
      await person.reads("#step", "paper out");
      await person.photographs("6-paper-out");
      await person.switches("paper-out");
      await person.lift();
      await person.hold("executive");
      await person.sees("official-pin");
      await person.types("1", "4", "0", "4", "Enter");
      await person.sees("parked");
      await person.lift();
      await person.hold("voter-1");
      await person.sees("voting");

      // the line is cut meanwhile; voting does not care
      await person.switches("line");
      await person.types("1", "0", "5");
      await person.looks();
      // takes the code; on to the second contest's question, its list, and the third
      for (const key of ["Enter", "Enter", "Enter", "Enter", "w", "Enter"]) {
        await person.types(key);
        await person.looks();
      }
      await person.sees("review");
      await person.types("Enter");
      await person.sees("confirm");
      await person.types("Enter");
      await person.sees("slip");
      await person.sees("done");
      await person.reads("#slips li", "VALID");
      await person.photographs("7-done");
      await person.lift();
      await person.sees("idle");
      await person.reads('[data-card="voter-1"] .state', "spent");
      t.is(bench.state().ballots, 1);
      await person.switches("line");
      await person.reads("#panel-journal", "Line to the collector down");

      // close, sync, tally
      await person.hold("executive");
      await person.sees("official-pin");
      await person.types("1", "4", "0", "4", "Enter");
      await person.sees("official-menu");
      await person.types("ArrowLeft", "ArrowLeft", "Space");
      await person.sees("official-second");
      await person.lift();
      await person.hold("supervision");
      await person.sees("official-pin");
      await person.types("2", "0", "2", "6", "Enter");
      await person.sees("official-result");
      await person.lift();
      await person.knows("polls", "closed");

      // the two cards release the key, the terminal counts
      await person.reads("#step", "executive official's card");
      await person.hold("executive");
      await person.sees("official-pin");
      await person.types("1", "4", "0", "4", "Enter");
      await person.sees("official-menu");
      await person.types("ArrowLeft", "Space");
      await person.sees("official-second");
      await person.lift();
      await person.hold("supervision");
      await person.sees("official-pin");
      await person.types("2", "0", "2", "6", "Enter");
      await person.sees("official-result");
      await person.lift();
      await person.reads("#step", "Open the tally");
      await page.click("#open-tally");
      await person.reads("#contests", "زهرا احمدی‌نسب");
      await person.reads("#tally-sources", "all agree");
      await person.photographs("8-tally");
      await page.click("#tally-dialog [data-close]");
      await page.click("#tab-vault");
      await page.waitForTimeout(300);
      await person.photographs("9-vault");
      await page.click("#tab-journal");
      await page.waitForTimeout(300);
      await person.photographs("9-journal");
      await page.click("#slips li:first-child button");
      await page.waitForTimeout(500);
      await person.photographs("9-slip");
      await page.click("#slip-dialog [data-close]");
      await page.click("#tab-sync");

      const opened = openBallots(
        station.crypto,
        station.pack,
        station.election.terminals,
        recordsInImage(station.chips.b.cells, station.pack.election),
        station.tallyKeyOf,
      );
      t.deepEqual(opened.rejected, []);
      t.deepEqual(
        opened.ballots.map((ballot) => ballot.marks.map(({ blank, choices }) => ({ blank, choices }))),
        [
          [
            { blank: false, choices: [101, 102, 105] },
            { blank: false, choices: [] },
            { blank: true, choices: [] },
          ],
        ],
      );
      t.is((await station.store.records(station.pack.election.id)).length, 1);
      t.deepEqual(
        bench.state().slips.map((slip) => slip.mark),
        ["report", "report", "void", "valid", "report"],
      );
      t.deepEqual([...station.printer.failures, ...station.reader.failures], []);
      t.deepEqual(person.complaints, []);
      t.deepEqual(person.strangers, []);

      // a larger screen
      await page.setViewportSize({ width: 1920, height: 1080 });
      await page.waitForTimeout(800);
      await person.photographs("10-large");
      for (const [width, height] of [
        [1366, 768],
        [1920, 1080],
      ] as const) {
        await page.setViewportSize({ width, height });
        const overflow = await page.evaluate(
          "[document.documentElement.scrollWidth - innerWidth, document.documentElement.scrollHeight - innerHeight]",
        );
        t.deepEqual(overflow, [0, 0], `nothing scrolls at ${width} x ${height}`);
      }
    } finally {
      await browser.close();
      await running.close();
    }
    t.true(readFileSync(join(running.directory, "tray.json"), "utf8").includes('"spent"'));

    // tomorrow: the same flash, keys, cards and collector
    const again = await start(running.directory);
    try {
      t.is(await again.bench.perform({ do: "power", on: true }), undefined);
      while (again.bench.state().screen !== "idle") await new Promise((resolve) => setTimeout(resolve, 50));
      const state = again.bench.state();
      t.is(state.polls, "closed");
      t.is(state.ballots, 1);
      t.is(state.cards.find((card) => card.id === "voter-1")?.state, "spent");
      t.is((await again.bench.tally())?.sources.find((source) => source.name === "collector")?.ballots, 1);
    } finally {
      await again.close();
      remove(running.directory);
    }
  },
);

if (!hasBrowser) test("the bench in a browser is skipped: Chromium is not installed", (t) => t.pass());
