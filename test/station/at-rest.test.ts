// What a terminal is when nobody uses it: the same after every voter, whatever they did to its display; and what an
// official can look at when it is not open.

import test from "ava";
import { Scene } from "../support/scene.js";

const second = 1_000_000;

test("after a voter who changed language, size and contrast and searched, the picture is that of a fresh terminal; so it is when somebody only changed the display and went away", async (t) => {
  const scene = await Scene.open(t, { seed: "at rest" });
  const { people, station } = scene;
  await people.until("idle");
  await people.wait(second);
  const picture = (): Buffer => Buffer.from(station.terminal.framebuffer());
  const fresh = picture();
  const tap = async (x: number, y: number): Promise<void> => {
    station.panel.contact(0, "down", x, y);
    await people.wait(second / 5);
    station.panel.contact(0, "up", x, y);
    await people.wait(second);
  };
  // the display button is in the trailing corner: on the left in Persian, on the right in English
  const [persian, english] = [
    [50, 41],
    [974, 41],
  ] as const;
  people.hold(await scene.card());
  await people.until("voting");
  await people.wait(second);
  await tap(...persian);
  await tap(250, 180);
  const changed = picture();
  t.not(Buffer.compare(changed, fresh), 0);
  await people.press("green");
  for (const intention of scene.intentions()) {
    await people.mark(intention);
    await people.press("green");
  }
  await people.until("review");
  while (["review", "confirm"].includes(people.screen)) await people.press("green");
  await people.until("done");
  scene.lift();
  await people.until("idle");
  await people.wait(second);
  t.is(Buffer.compare(picture(), fresh), 0);

  await tap(...persian);
  await tap(250, 180);
  t.not(Buffer.compare(picture(), fresh), 0);
  await tap(...english);
  await people.wait(61 * second);
  t.is(Buffer.compare(picture(), fresh), 0, "a minute later it is at rest again");
});

test("an official looks into the service menu before the polls open, alone, and nothing has changed", async (t) => {
  const scene = await Scene.off(t, { seed: "service" });
  const { people } = scene;
  await people.start();
  await people.showOfficial("executive");
  await people.until("official-menu");
  await people.press("next");
  await people.press("next");
  await people.press("select");
  await people.until("official-service");
  await people.press("green");
  await people.until("refused");
  scene.lift();
  await people.until("idle");
  t.is(scene.polls, "before-opening");
});
