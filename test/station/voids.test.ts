// A bound on voided slips: beyond it both officials are called before a voter is activated.

import test from "ava";
import { answered } from "../attacks/catalogue.js";
import { Scene, exampleYaml } from "../support/scene.js";

test("with as many voided slips as there are spare slots no voter is admitted before both offices have looked; the voter under way still votes", async (t) => {
  // five slots for four ballots: one to spare
  const scene = await Scene.open(t, { seed: "voids", election: exampleYaml.replace("capacity: 3000", "capacity: 4") });
  const { people } = scene;
  await scene.goTo(await scene.card(), "slip");
  await people.press("correction");
  await people.until("review");
  while (people.screen === "review") await people.press("green");
  await people.press("green");
  await people.until("done");
  t.is(scene.ballots().length, 1);
  scene.lift();
  await people.until("fault");
  answered(t, "voids-allowed-by-one", people.screen);
  await scene.official("supervision");
  await people.until("official-second");
  scene.lift();
  await people.wait(1_000_000);
  t.false(scene.events().includes("faultCleared"));
  await scene.official("executive");
  await people.wait(1_000_000);
  scene.lift();
  await people.until("idle");
  await people.vote(await scene.card(), scene.intentions());
  t.is(scene.ballots().length, 2);
  t.true(scene.events().includes("faultCleared"));
});
