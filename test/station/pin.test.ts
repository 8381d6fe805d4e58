// Wrong PINs: the card counts them, the journal notes them, and after the fifth the terminal makes people wait, also
// after a power cut.

import test from "ava";
import type { Key } from "../../drivers/panel/report.js";
import { Scene } from "../support/scene.js";

const second = 1_000_000;

test("five wrong PINs, then a wait that doubles, survives a power cut, and ends with the right one", async (t) => {
  const scene = await Scene.open(t, { seed: "pin" });
  const { people, station } = scene;
  const card = station.official("executive");
  const enter = async (pin: string): Promise<void> => {
    for (const digit of pin) await people.press(digit as Key);
    await people.press("green");
    await people.wait(second);
  };
  people.hold(card);
  await people.until("official-pin");
  for (let i = 1; i <= 5; i++) {
    await enter("0000");
    t.is(card.triesLeft, 15 - i);
  }
  await enter("0000");
  t.is(card.triesLeft, 10, "the card is not asked while the wait runs");
  await people.wait(15 * second);
  await enter("0000");
  t.is(card.triesLeft, 9);
  await people.wait(16 * second);
  await enter("0000");
  t.is(card.triesLeft, 9, "twice as long now");

  scene.lift();
  station.powerOff();
  await people.start();
  people.hold(card);
  await people.until("official-pin");
  await enter("1404");
  t.is(people.screen, "official-pin", "the wait begins anew after a power cut");
  await people.wait(31 * second);
  await enter("1404");
  await people.until("official-menu");
  t.is(card.triesLeft, 15);
  t.is(scene.events().filter((event) => event === "officialRefused").length, 6);
});
