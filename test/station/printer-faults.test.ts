// A printer that fails in any state: nothing is cast without its slip, a slip that was begun gets VOID, an official's
// card goes on, and the voter's choices are kept.

import test from "ava";
import type { VirtualPrinter } from "../../sim/devices/printer.js";
import { slipMark } from "../../sim/bench/slip-mark.js";
import { Scene, exampleYaml } from "../support/scene.js";

const second = 1_000_000;

/** The voter takes the card, the fault is mended, an official clears it, the voter puts the card back and goes on. */
async function mendAndFinish(
  scene: Scene,
  card: Awaited<ReturnType<Scene["card"]>>,
  mend: () => void,
  back: string,
): Promise<void> {
  const { people } = scene;
  scene.lift();
  await people.wait(second);
  mend();
  await scene.official("executive");
  await people.until("parked", "voiding");
  scene.lift();
  await people.until("parked");
  await people.wait(second);
  people.hold(card);
  await people.until(back);
  await scene.finish();
}

test("paper out in any state before the decision: said, mended by an official, then cast", async (t) => {
  const scene = await Scene.open(t, { seed: "paper out" });
  const { people, station } = scene;
  let cast = 0;
  for (const state of ["voting", "review", "confirm", "preparing"] as const) {
    const card = await scene.card();
    const slips = station.printer.slips.length;
    await scene.goTo(card, state);
    if (state === "preparing") await people.wait(200_000);
    station.printer.paperOut = true;
    await people.until("fault");
    t.is(people.screen, "fault P-02", state);
    t.is(scene.ballots().length, cast, state);
    await mendAndFinish(
      scene,
      card,
      () => {
        station.printer.paperOut = false;
      },
      state === "preparing" ? "review" : state,
    );
    t.is(scene.ballots().length, ++cast, state);
    t.is(
      station.printer.slips.length - slips,
      state === "preparing" ? 2 : 1,
      `${state}: slips, one of them VOID when it was begun`,
    );
  }
  const events = scene.events();
  t.is(events.filter((event) => event === "printerFault").length, 4);
  t.is(events.filter((event) => event === "faultCleared").length, 4);
  t.is(events.filter((event) => event === "slipVoided").length, 1);
});

const faults: readonly (readonly [
  name: string,
  code: string,
  fail: (printer: VirtualPrinter) => void,
  mend: (printer: VirtualPrinter) => void,
])[] = [
  ["cover open", "P-03", (printer) => (printer.coverOpen = true), (printer) => (printer.coverOpen = false)],
  ["jam", "P-04", (printer) => (printer.jamAfterRows = 100), (printer) => (printer.jammed = false)],
  ["silent", "P-01", (printer) => (printer.silent = true), (printer) => (printer.silent = false)],
];

for (const [name, code, fail, mend] of faults) {
  test(`${name} while the slip is printed: VOID, choices kept, cast afterwards`, async (t) => {
    const scene = await Scene.open(t, { seed: name });
    const { people, station } = scene;
    const card = await scene.card();
    await scene.goTo(card, "confirm");
    if (name === "jam") fail(station.printer);
    station.panel.press("green");
    await people.until("preparing");
    if (name !== "jam") {
      await people.wait(200_000);
      fail(station.printer);
    }
    await people.until("fault");
    t.is(people.screen, `fault ${code}`);
    t.is(scene.ballots().length, 0);
    await mendAndFinish(scene, card, () => mend(station.printer), "review");
    t.deepEqual(scene.ballots(), [JSON.stringify(scene.intentions())]);
  });
}

test("paper out after the decision: the vote stays cast, the screen says so, VALID is printed when an official has seen to it", async (t) => {
  const scene = await Scene.open(t, { seed: "paper out late" });
  const { people, station } = scene;
  const card = await scene.card();
  await scene.goTo(card, "finishing");
  station.printer.paperOut = true;
  await people.until("fault");
  t.is(people.screen, "fault P-09");
  t.is(scene.ballots().length, 1);
  scene.lift();
  await people.wait(second);
  station.printer.paperOut = false;
  await scene.official("supervision");
  await people.until("done");
  scene.lift();
  await people.until("idle");
  t.is(scene.ballots().length, 1);
  t.is(scene.slips.length, 1);
});

test("paper out while the slip waits for its decision, with the card there or lifted: nothing is cast, VOID, the vote is offered again", async (t) => {
  const scene = await Scene.open(t, { seed: "paper out at the slip" });
  const { people, station } = scene;
  let cast = 0;
  for (const lifted of [false, true]) {
    const card = await scene.card();
    const slips = station.printer.slips.length;
    await scene.goTo(card, "slip");
    if (lifted) {
      scene.lift();
      await people.until("parked");
    }
    station.printer.paperOut = true;
    await people.until("fault");
    t.is(people.screen, "fault P-02");
    await people.wait(20 * second);
    t.is(scene.ballots().length, cast);
    await mendAndFinish(
      scene,
      card,
      () => {
        station.printer.paperOut = false;
      },
      "review",
    );
    t.is(scene.ballots().length, ++cast);
    t.is(station.printer.slips.length - slips, 2);
  }
});

test("an idle terminal with no paper takes no voter, and serves again when there is paper", async (t) => {
  const scene = await Scene.open(t, { seed: "idle paper" });
  const { people, station } = scene;
  station.printer.paperOut = true;
  await people.until("fault");
  const card = await scene.card();
  people.hold(card);
  await people.wait(3 * second);
  t.is(people.screen, "fault P-02");
  t.is(card.kept.kind, "granted");
  scene.lift();
  await people.wait(second);
  station.printer.paperOut = false;
  await people.until("idle");
  await people.vote(card, scene.intentions());
  t.is(scene.ballots().length, 1);
});

test("a voter who calls the slip wrong gets VOID and the review, three times at most", async (t) => {
  const scene = await Scene.open(t, { seed: "wrong slip" });
  const { people } = scene;
  const card = await scene.card();
  await scene.goTo(card, "slip");
  for (let attempt = 1; attempt <= 3; attempt++) {
    await people.press("correction");
    await people.until("review");
    t.is(scene.ballots().length, 0);
    while (people.screen === "review") await people.press("green");
    await people.press("green");
    await people.until("slip");
  }
  await people.press("correction");
  t.is(people.screen, "slip", "no fourth time");
  await scene.finish();
  t.is(scene.ballots().length, 1);
  t.is(scene.slips.length, 4);
  t.is(scene.events().filter((event) => event === "slipRejected").length, 3);
});

test("a fault that both officials clear with no voter there ends with that word, and not with a PIN", async (t) => {
  // five slots for four ballots: after one void both officials are called
  const scene = await Scene.open(t, {
    seed: "nobody there",
    election: exampleYaml.replace("capacity: 3000", "capacity: 4"),
  });
  const { people } = scene;
  await scene.goTo(await scene.card(), "slip");
  await people.press("correction");
  await people.until("review");
  await scene.finish().catch(() => undefined);
  scene.lift();
  await people.until("fault");
  await scene.official("executive");
  await people.until("official-second");
  scene.lift();
  await people.wait(second);
  const before = scene.traces.length;
  await scene.official("supervision");
  await people.wait(3 * second);
  t.is(people.screen, "refused O-15");
  t.is(
    scene.traces.slice(before).filter((line) => line === "screen official-pin").length,
    1,
    "the PIN is asked for once",
  );
  scene.lift();
  await people.until("idle");
  await people.vote(await scene.card(), scene.intentions());
});

for (const isThere of [true, false]) {
  test(`a slip that a power cut voided, the card ${isThere ? "still there" : "lifted"}: the screen says that nothing was cast, and why, before anything else`, async (t) => {
    const scene = await Scene.open(t, { seed: `cut ${String(isThere)}` });
    const { people, station } = scene;
    const card = await scene.card();
    await scene.goTo(card, "slip");
    station.powerOff();
    if (!isThere) scene.lift();
    const before = scene.traces.length;
    await station.powerOn();
    await people.until("not-cast");
    t.is(people.screen, "not-cast V-07");
    t.false(scene.traces.slice(before).includes("screen voting"));
    t.is(scene.ballots().length, 0);
    await people.wait(20 * second);
    t.is(people.screen, "not-cast V-07", "it stays until it was seen");
    if (isThere) {
      scene.lift();
      await people.until("idle");
    }
    await people.wait(second);
    people.hold(card);
    await people.until("voting");
    scene.lift();
    await people.until("parked");
    people.hold(card);
    await people.until("voting");
    for (const intention of scene.intentions()) {
      await people.mark(intention);
      await people.press("green");
    }
    await scene.finish();
    t.is(scene.ballots().length, 1);
    t.deepEqual(scene.slips.map(slipMark), ["void", "valid"]);
  });
}
