// A package on flash that goes bad while a voter stands in front of it: a name that is not the authority's is never
// shown, the terminal says why it stops, nothing is cast, and the card votes when the package has been put right.

import test from "ava";
import { packageAddress } from "../../firmware/device/layout.js";
import { settingsAtRest } from "../../firmware/settings.js";
import type { People } from "../../sim/people.js";
import { textSource } from "../../ui/text/typesetter.js";
import { started } from "../attacks/support.js";
import { Scene, exampleYaml } from "../support/scene.js";
import { shortElection } from "../support/short-election.js";
import { draw, text, voting } from "../ui/views.js";

/** The example with so many candidates that their pages are not all kept in RAM. */
const election = exampleYaml.replace(
  "options:\n",
  (all) =>
    `${all}${Array.from({ length: 900 }, (_, i) => `      - { code: ${1_000 + i}, name: نامزد شمارهٔ ${i} }\n`).join("")}`,
);

test("leafing by touch and by key, typing codes: out of service with E-04, nothing cast, the card stays good", async (t) => {
  const scene = await Scene.open(t, { seed: "gone bad", election });
  const { people, station } = scene;
  const { main } = station.chips;
  const good = main.cells.slice();
  const list = draw(
    { view: voting({ contest: station.pack.election.contests[0]!, chosen: [] }), touch: ["forward"] },
    settingsAtRest,
    textSource(text, station.pack),
  ).screen.targets;
  const onward = list.find((target) => target.id === "page.after")!;
  const ways: Readonly<Record<string, (people: People) => Promise<void>>> = {
    touch: async () => station.panel.touch(onward.x + 5, onward.y + 5),
    key: async () => {
      for (let place = 0; place <= list.indexOf(onward); place++) await people.press("next");
      await people.press("select");
    },
    code: async () => {
      for (const key of ["2", "5", "3", "green"] as const) await people.press(key);
    },
  };
  const card = await scene.card();
  for (const [way, turn] of Object.entries(ways)) {
    await scene.goTo(card, "voting");
    // they read the question, then go past it
    await people.wait(1_000_000);
    await people.press("green");
    main.cells.fill(0, packageAddress + 8_192);
    for (let turns = 0; turns < 40 && people.screen === "voting"; turns++) {
      await turn(people);
      await people.wait(1_000_000);
    }
    t.is(people.screen, "out-of-service E-04", way);
    scene.lift();
    await people.wait(1_000_000);
    t.is(scene.ballots().length, 0, way);
    station.powerOff();
    main.cells.set(good);
    await people.start();
    await people.until("idle");
  }
  t.deepEqual(
    scene.traces.filter((line) => line.startsWith("bug: ")),
    [],
  );
  await people.vote(card, scene.intentions());
  t.is(scene.ballots().length, 1);
});

test("pictures of letters gone bad before a start: out of service with E-04, and it says so", async (t) => {
  const scene = await Scene.off(t, { seed: "gone bad letters", election: shortElection });
  const { station } = scene;
  const { main } = station.chips;
  const good = main.cells.slice();
  const said = new Set<string>();
  for (let page = 1; page < 16; page++) {
    main.cells.set(good);
    main.cells[packageAddress + page * 4_096 + 9]! ^= 1;
    const line = await started(scene);
    t.true(station.isOn, `page ${page}: ${line}`);
    said.add(line.replace(/page \d+/, "page"));
    station.powerOff();
  }
  t.true(said.has("out of service: E-04 page does not match the hash tree"), [...said].join("; "));
});
