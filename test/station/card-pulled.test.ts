// A card that is lifted in any state: before the decision the session parks and the card's return resumes it, or the
// voter is told NOT cast and the card stays good here; after the decision nothing is lost.

import test from "ava";
import { ForeignCard } from "../../sim/devices/card.js";
import { Scene } from "../support/scene.js";

const second = 1_000_000;

test("lifted in any state before the decision and put back: the session goes on and one ballot is cast", async (t) => {
  const scene = await Scene.open(t, { seed: "card returned" });
  const { people } = scene;
  let cast = 0;
  for (const state of ["voting", "review", "confirm", "preparing", "slip"] as const) {
    const card = await scene.card();
    await scene.goTo(card, state);
    scene.lift();
    await people.until("parked");
    t.is(scene.ballots().length, cast, `${state}: nothing is cast while parked`);
    await people.wait(5 * second);
    people.hold(card);
    await people.until(state === "preparing" ? "slip" : state);
    await scene.finish();
    t.is(scene.ballots().length, ++cast, state);
    t.is(card.kept.kind, "spent", state);
  }
  t.is(scene.events().filter((event) => event === "parked").length, 5);
  t.is(scene.events().filter((event) => event === "resumedSession").length, 5);
});

test("lifted and not put back: NOT cast, said on screen and in the journal, a hanging slip gets VOID, the card is good here again", async (t) => {
  const scene = await Scene.open(t, { seed: "card away" });
  const { people, station } = scene;
  let cast = 0;
  for (const state of ["voting", "review", "confirm", "preparing", "slip"] as const) {
    const card = await scene.card();
    const slips = station.printer.slips.length;
    await scene.goTo(card, state);
    scene.lift();
    await people.until("not-cast");
    t.is(people.screen, "not-cast V-02", state);
    t.is(
      station.printer.slips.length - slips,
      state === "preparing" || state === "slip" ? 1 : 0,
      `${state}: VOID slip`,
    );
    t.is(scene.ballots().length, cast, state);
    await people.until("idle");
    t.is(card.kept.kind, "locked", state);
    await people.vote(card, scene.intentions());
    t.is(scene.ballots().length, ++cast, `${state}: the same card votes`);
  }
  t.is(scene.events().filter((event) => event === "notCast").length, 5);
});

test("lifted after the decision: cast, and the card is spent here although it does not know yet", async (t) => {
  const scene = await Scene.open(t, { seed: "card late" });
  const { people } = scene;
  const card = await scene.card();
  await scene.goTo(card, "finishing");
  scene.lift();
  await people.until("done");
  await people.until("idle");
  t.is(scene.ballots().length, 1);
  people.hold(card);
  await people.until("refused");
  t.is(people.screen, "refused C-03");
  scene.lift();
  await people.until("idle");
});

test("pulled in the middle of any card command, before or after the card executed it: idle, and the card votes at the next try", async (t) => {
  const scene = await Scene.open(t, { seed: "card torn" });
  const { people, station } = scene;
  const commands = await countCommands(scene);
  t.true(commands >= 6, `${commands} commands`);
  let cast = 1;
  for (let nth = 0; nth < commands; nth += 2) {
    const card = await scene.card();
    let count = 0;
    station.reader.onApdu = () => {
      if (count++ === nth) station.reader.lift();
    };
    people.hold(card);
    await people.wait(3 * second);
    station.reader.onApdu = undefined;
    scene.lift();
    await people.wait(second);
    if (people.screen === "parked") {
      people.hold(card);
      await people.until("voting");
      scene.lift();
      await people.until("not-cast");
    }
    await people.until("idle");
    await people.vote(card, scene.intentions());
    t.is(scene.ballots().length, ++cast, `command ${nth}`);
  }
});

async function countCommands(scene: Scene): Promise<number> {
  let count = 0;
  scene.station.reader.onApdu = () => count++;
  const card = await scene.card();
  scene.people.hold(card);
  await scene.people.until("voting");
  scene.station.reader.onApdu = undefined;
  await scene.finish();
  return count;
}

test("cards that have no right here are refused with their reason and are not changed", async (t) => {
  const scene = await Scene.open(t, { seed: "cards refused" });
  const { people, station } = scene;
  const show = async (card: ReturnType<typeof station.card>, screen: string): Promise<void> => {
    const before = JSON.stringify(card);
    people.hold(card);
    await people.until("refused");
    t.is(people.screen, screen);
    t.is(JSON.stringify(card), before, `${screen}: the card is as it was`);
    scene.lift();
    await people.until("idle");
  };
  await show(station.card(), "refused C-04");
  const spent = await scene.card();
  await people.vote(spent, scene.intentions());
  await show(spent, "refused C-03");
  t.is(scene.events().filter((event) => event === "cardRefused").length, 2);
});

test("an official's card while a session is parked is served, and the voter's card resumes afterwards", async (t) => {
  const scene = await Scene.open(t, { seed: "official between" });
  const { people } = scene;
  const card = await scene.card();
  await scene.goTo(card, "review");
  scene.lift();
  await people.until("parked");
  await scene.official("executive");
  await people.until("official-menu");
  scene.lift();
  await people.until("parked");
  people.hold(card);
  await people.until("review");
  await scene.finish();
  t.is(scene.ballots().length, 1);
});

test("another voter's card does not resume a parked session", async (t) => {
  const scene = await Scene.open(t, { seed: "another card" });
  const { people } = scene;
  const card = await scene.card();
  const other = await scene.card();
  await scene.goTo(card, "review");
  scene.lift();
  await people.until("parked");
  people.hold(other);
  await people.wait(3 * second);
  t.is(people.screen, "parked");
  t.is(other.kept.kind, "granted");
  scene.lift();
  await people.wait(second);
  people.hold(card);
  await people.until("review");
  await scene.finish();
  t.is(scene.ballots().length, 1);
});

test("no input: alert, then NOT cast; the card stays good", async (t) => {
  const scene = await Scene.open(t, { seed: "fleeing voter" });
  const { people } = scene;
  for (const state of ["voting", "review", "confirm"] as const) {
    const card = await scene.card();
    await scene.goTo(card, state);
    await people.until("inactive");
    await people.press("1");
    await people.until(state);
    await people.until("inactive");
    await people.until("not-cast");
    t.is(people.screen, "not-cast V-01");
    scene.lift();
    await people.until("idle");
    t.is(scene.ballots().length, 0);
    t.is(card.kept.kind, "locked");
  }
});

test("two cards at rest: named within a second, and the voter's own alone goes on", async (t) => {
  const scene = await Scene.open(t, { seed: "two cards" });
  const { station } = scene;
  const [own, other] = [await scene.card(), await scene.card()];
  const start = station.clock.nowUs();
  station.reader.place(other);
  station.reader.placeBeside(own);
  const told = (): string => scene.traces.findLast((line) => line.startsWith("screen ")) ?? "";
  await station.terminal.runUntil(() => told().endsWith("C-07"), start + 1_000_000);
  t.regex(told(), /C-07$/);
  station.reader.lift();
  await station.terminal.runUntil(() => told() === "screen voting", start + 5_000_000);
  t.is(told(), "screen voting");
});

test("a card that asks for more time without end: named within a second, and the terminal goes on when it is lifted", async (t) => {
  const scene = await Scene.open(t, { seed: "slow card" });
  const { station, people } = scene;
  const start = station.clock.nowUs();
  station.reader.place(
    new (class extends ForeignCard {
      readonly thinkUs = 60_000_000;
    })({ exchanges: true }),
  );
  const told = (): string => scene.traces.findLast((line) => line.startsWith("screen ")) ?? "";
  await station.terminal.runUntil(() => told().endsWith("C-01"), start + 1_000_000);
  t.regex(told(), /C-01$/);
  await station.terminal.runUntil(() => false, start + 10_000_000);
  t.regex(told(), /C-01$/, "and it stays so while it lies there");
  station.reader.lift();
  await people.until("idle");
  await scene.goTo(await scene.card(), "voting");
  t.pass();
});
