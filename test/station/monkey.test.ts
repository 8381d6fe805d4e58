// Whatever people do at a terminal, in any order: it never crashes, never stops for a bug, and what it holds stays
// true. The seed is in the test's name; the same seed does the same.

import test from "ava";
import { keyCodes, type Key } from "../../drivers/panel/report.js";
import { Chance } from "../../sim/chance.js";
import type { ActivationCard } from "../../sim/devices/activation-card.js";
import { Scene } from "../support/scene.js";

const acts = 900;
const keys = Object.keys(keyCodes) as Key[];

for (const seed of ["ape", "baboon"]) {
  test(`${acts} random acts from seed "${seed}"`, async (t) => {
    const scene = await Scene.open(t, { seed });
    const { people, station } = scene;
    const { printer, reader, panel } = station;
    const chance = new Chance(seed, "monkey");
    const cards: ActivationCard[] = [];
    for (let i = 0; i < 6; i++) cards.push(await scene.card());
    const states = new Set<string>();
    for (let i = 0; i < acts; i++) {
      const draw = chance.next();
      if (draw < 0.6) await people.press(chance.below(2) === 0 ? "green" : keys[chance.below(keys.length)]!);
      else if (draw < 0.75) panel.touch(chance.below(1024), chance.below(600));
      else if (draw < 0.82)
        reader.place(chance.below(12) === 0 ? station.official("executive") : cards[chance.below(cards.length)]!);
      else if (draw < 0.83) reader.lift();
      else if (draw < 0.835) printer.paperOut = true;
      else if (draw < 0.84) printer.coverOpen = true;
      else if (draw < 0.85) station.line = !station.line;
      else if (draw < 0.855) {
        station.powerOff();
        await people.start();
      } else await people.wait(chance.below(9_000_000));
      states.add(people.screen.split(" ")[0]!);
      if (people.screen.startsWith("fault") && chance.below(2) === 0) {
        printer.paperOut = false;
        printer.coverOpen = false;
        reader.lift();
        await people.wait(1_000_000);
        if (people.screen.startsWith("fault")) await scene.official("supervision");
      }
    }
    t.deepEqual(
      scene.traces.filter((line) => line.startsWith("bug") || line.includes("out-of-service")),
      [],
    );
    t.true(states.size >= 8, [...states].join());
    printer.paperOut = false;
    printer.coverOpen = false;
    reader.lift();
    station.powerOff();
    await people.start();
    await people.until("idle");
    const used = cards.filter(({ kept }) => kept.kind === "locked" || kept.kind === "spent").length;
    t.true(scene.ballots().length <= used, "no card has voted twice");
    t.log(
      `${scene.ballots().length} ballots, ${printer.slips.length} slips, ${station.boots} boots; ${[...states].join(" ")}`,
    );
    t.true(printer.slips.every((slip) => slip.cut === "full" || slip.cut === "partial"));
  });
}
