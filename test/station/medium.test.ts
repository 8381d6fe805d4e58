// A storage medium that is missing or fails: nothing is lost, nobody is served before two officials have decided, and a
// medium that comes back is written anew before the next voter.

import test from "ava";
import { equalBytes } from "../../firmware/bytes.js";
import { PowerCut } from "../../sim/nor.js";
import { Scene } from "../support/scene.js";

const second = 1_000_000;

/** Both officials, each with card and PIN. */
async function decide(scene: Scene): Promise<void> {
  const { people } = scene;
  await scene.official("executive");
  await people.until("official-second");
  scene.lift();
  await people.wait(second);
  await scene.official("supervision");
  await people.wait(2 * second);
  scene.lift();
  await people.until("idle");
}

for (const missing of ["a", "b"] as const) {
  test(`medium ${missing} is gone at a start: two officials go on with the other; when it is back it is rebuilt and both are equal`, async (t) => {
    const scene = await Scene.open(t, { seed: `without ${missing}` });
    const { people, station } = scene;
    const other = missing === "a" ? "b" : "a";
    await people.vote(await scene.card(), scene.intentions());
    station.powerOff();
    station.chips[missing].present = false;
    const before = station.chips[other].cells.slice();
    await station.powerOn();
    await people.until("fault");
    t.is(people.screen, "fault S-07");
    const card = await scene.card();
    people.hold(card);
    await people.wait(3 * second);
    t.is(people.screen, "fault S-07", "no voter is served");
    scene.lift();
    await people.wait(second);
    t.true(equalBytes(station.chips[other].cells, before), "nothing is written before the decision");
    await decide(scene);
    await people.vote(card, scene.intentions());
    t.is(scene.ballots(other).length, 2);
    t.is(scene.ballots(missing).length, 1);

    station.powerOff();
    station.chips[missing].present = true;
    await people.start();
    await people.until("idle");
    t.is(scene.ballots(missing).length, 2, "rebuilt");
    await people.vote(await scene.card(), scene.intentions());
    t.true(equalBytes(station.chips.a.cells, station.chips.b.cells));
    const events = scene.journal().map((entry) => `${entry.event} ${entry.detail ?? ""}`.trim());
    t.true(events.includes(`oneMedium ${missing === "a" ? 1 : 2}`));
    t.true(events.includes(`mediumRebuilt ${missing === "a" ? 1 : 2}`));
  });
}

test("a medium that stops answering in the middle of a cast: out of service, then the decision, then the same voter votes", async (t) => {
  const scene = await Scene.open(t, { seed: "medium dies" });
  const { people, station } = scene;
  const card = await scene.card();
  await scene.goTo(card, "confirm");
  station.chips.b.present = false;
  station.panel.press("green");
  await people.until("out-of-service");
  t.is(people.screen, "out-of-service S-01");
  t.is(scene.ballots("a").length, 0);
  scene.lift();
  station.powerOff();
  await station.powerOn();
  await people.until("fault");
  await decide(scene);
  await people.vote(card, scene.intentions());
  t.is(scene.ballots("a").length, 1);
});

test("power cut at any moment of the rebuild: it begins again, and nothing is served from a half-written medium", async (t) => {
  const scene = await Scene.open(t, { seed: "rebuild cut" });
  const { people, station } = scene;
  await people.vote(await scene.card(), scene.intentions());
  station.powerOff();
  station.chips.b.present = false;
  await station.powerOn();
  await people.until("fault");
  await decide(scene);
  station.powerOff();
  station.chips.b.present = true;
  for (const nth of [0, 1, 500, 3000]) {
    let count = 0;
    station.chips.b.onOperation = (operation) => {
      if (operation.kind === "read" || count++ !== nth) return;
      station.powerOff();
      throw new PowerCut("cut");
    };
    await station.powerOn().catch(() => undefined);
    station.chips.b.onOperation = undefined;
    station.powerOff();
  }
  await people.start();
  await people.until("idle");
  t.is(scene.ballots("b").length, 1);
  t.true(scene.events().includes("mediumRebuilt"));
});
