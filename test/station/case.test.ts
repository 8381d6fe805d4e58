// The case opened while the polls are open: said, journaled, and nothing goes on before both offices have looked.

import test from "ava";
import { answered } from "../attacks/catalogue.js";
import { Scene } from "../support/scene.js";

const second = 1_000_000;

test("opened while a voter marks a ballot or looks at the slip: nothing is cast before both offices have cleared it", async (t) => {
  const scene = await Scene.open(t, { seed: "case" });
  const { people, station } = scene;
  let cast = 0;
  for (const state of ["voting", "slip"] as const) {
    const card = await scene.card();
    await scene.goTo(card, state);
    station.panel.caseOpen = true;
    await people.until("fault");
    station.panel.caseOpen = false;
    await people.wait(2 * second);
    answered(t, "tamper-cleared-by-one", people.screen);
    t.is(scene.ballots().length, cast);
    scene.lift();
    await people.wait(second);
    await scene.official("executive");
    await people.until("official-second");
    scene.lift();
    await people.wait(second);
    // one office is not enough, whoever of it comes
    people.hold(station.official("deputy"));
    await people.wait(5 * second);
    t.is(people.screen, "official-second");
    scene.lift();
    await people.wait(second);
    await scene.official("supervision");
    await people.until("parked");
    scene.lift();
    await people.wait(second);
    people.hold(card);
    await people.until(state === "slip" ? "review" : "voting");
    await scene.finish();
    t.is(scene.ballots().length, ++cast);
  }
  const events = scene.events();
  t.is(events.filter((event) => event === "caseOpened").length, 2);
  t.is(events.filter((event) => event === "caseClosed").length, 2);
});
