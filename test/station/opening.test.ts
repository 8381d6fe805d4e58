// Opening: two officials, every test passed, the raw store read and empty, the zero report on paper; and what stops it.

import test from "ava";
import { slipMark } from "../../sim/bench/slip-mark.js";
import { layoutOfImage } from "../../office/tally/image.js";
import { drawReport, paperOf } from "../support/report.js";
import { Chance } from "../../sim/chance.js";
import { Scene, wallBase } from "../support/scene.js";

const second = 1_000_000;

/** Both officials, up to the end of the act, however it ends. */
async function tryToOpen(scene: Scene): Promise<string> {
  const { people } = scene;
  await people.until("idle");
  await people.firstOfficial("open");
  await people.until("official-second");
  scene.lift();
  await people.wait(second);
  await people.showOfficial("supervision");
  return people.until("official-result", "refused");
}

test("the steps, in their order, in the journal and on paper; the zero report says what the store says, dot by dot", async (t) => {
  const scene = await Scene.off(t, { seed: "zero" });
  await scene.people.start();
  t.is(await tryToOpen(scene), "official-result");
  t.is(scene.polls, "open");
  const events = scene
    .journal()
    .filter((entry) => !["lineUp", "started", "officialIn"].includes(entry.event))
    .map(({ event, detail }) => [event, detail]);
  t.deepEqual(events, [
    ["reportBegun", 1],
    ["reportPrinted", 1],
    ["zeroReport", 0],
    ["reportBegun", 2],
    ["reportPrinted", 2],
    ["opened", 0],
    ["checkpoint", undefined],
  ]);
  t.deepEqual(scene.reports.map(slipMark), ["report", "report"]);
  const at = scene.journal().find((entry) => entry.event === "zeroReport")!.time;
  t.true(at >= wallBase && at < wallBase + 60);
  const wanted = drawReport(scene.station, {
    kind: "zero",
    terminal: 2,
    generatedAt: at,
    printedAt: at,
    voids: 0,
    media: 2,
  });
  t.is(Buffer.compare(paperOf(scene.reports[1]!), wanted), 0);
  const other = drawReport(scene.station, {
    kind: "zero",
    terminal: 2,
    generatedAt: at,
    printedAt: at,
    voids: 1,
    media: 2,
  });
  t.not(Buffer.compare(paperOf(scene.reports[1]!), other), 0, "the comparison can fail");
});

test("a package that has gone bad since the start is found before the polls open", async (t) => {
  const scene = await Scene.off(t, { seed: "bad package" });
  await scene.people.start();
  const { main } = scene.station.chips;
  const { size } = main.status()!;
  const cells = main.read(size, 0)!;
  let end = size;
  while (end > 0 && cells[end - 1] === 0xff) end--;
  // behind the options and texts, which are read all the time
  const chance = new Chance("bad package", "rot");
  main.rot(end - 50_000, 4_096, 3, () => chance.next());
  t.is(await tryToOpen(scene), "refused E-04");
  t.is(scene.polls, "before-opening");
  t.true(scene.journal().some((entry) => entry.event === "testFailed" && entry.detail === 4));
});

test("paper out in the zero report: said, with what to do; when there is paper the torn piece gets VOID and the opening goes on by itself", async (t) => {
  const scene = await Scene.off(t, { seed: "zero paper" });
  const { people, station } = scene;
  await people.start();
  let rows = 0;
  station.printer.onPaper = (moved) => {
    rows += moved;
    if (rows > 3000) station.printer.paperOut = true;
  };
  await people.firstOfficial("open");
  await people.until("official-second");
  scene.lift();
  await people.wait(second);
  await people.showOfficial("supervision");
  await station.terminal.runUntil(() => people.screen === "official-acting O-16", station.clock.nowUs() + 180 * second);
  t.is(people.screen, "official-acting O-16");
  t.is(scene.polls, "before-opening");
  await people.wait(60 * second);
  t.is(people.screen, "official-acting O-16", "it waits");
  station.printer.onPaper = undefined;
  station.printer.paperOut = false;
  await people.until("official-result");
  t.is(scene.polls, "open");
  t.deepEqual(scene.reports.map(slipMark), ["report", "void", "report"]);
  t.is(scene.journal().findLast((entry) => entry.event === "printerFault")?.detail, 2, "the journal says what it was");
});

test("a report that nobody helps is given up: not opened, and the act begins anew", async (t) => {
  const scene = await Scene.off(t, { seed: "zero alone" });
  const { people, station } = scene;
  await people.start();
  let rows = 0;
  station.printer.onPaper = (moved) => {
    rows += moved;
    if (rows > 3000) station.printer.coverOpen = true;
  };
  await people.firstOfficial("open");
  await people.until("official-second");
  scene.lift();
  await people.wait(second);
  await people.showOfficial("supervision");
  await station.terminal.runUntil(() => people.screen === "refused O-09", station.clock.nowUs() + 1500 * second);
  t.true(scene.traces.includes("screen official-acting O-17"));
  t.is(people.screen, "refused O-09");
  t.is(scene.polls, "before-opening");
  scene.lift();
  await people.until("fault");
  station.printer.onPaper = undefined;
  station.printer.coverOpen = false;
  t.is(await tryToOpen(scene), "official-result");
  t.is(scene.polls, "open");
  t.deepEqual(scene.reports.map(slipMark), ["report", "void", "report", "report"]);
  t.is(scene.events().filter((event) => event === "testFailed").length, 1);
});

test("the power goes in the zero report: the polls are not open afterwards, the piece gets VOID before anything else is printed", async (t) => {
  const scene = await Scene.off(t, { seed: "zero power" });
  const { people, station } = scene;
  await people.start();
  await people.firstOfficial("open");
  await people.until("official-second");
  scene.lift();
  await people.wait(second);
  await people.showOfficial("supervision");
  await station.terminal.runUntil(station.clock.nowUs() + 8 * second);
  t.is(people.screen, "official-acting");
  station.powerOff();
  scene.lift();
  await people.start();
  t.is(scene.polls, "before-opening");
  t.true(station.printer.hanging.height > 1000, "a piece hangs in the printer");
  t.is(await tryToOpen(scene), "official-result");
  t.deepEqual(scene.reports.map(slipMark), ["report", "void", "report", "report"]);
});

test("a record, a tick, a spent mark or one cleared bit in the store: not opened, whatever the counters say", async (t) => {
  for (const what of ["bit", "tick", "spent"] as const) {
    const scene = await Scene.off(t, { seed: `stored ${what}` });
    const { people, station } = scene;
    await people.start();
    const layout = layoutOfImage(station.chips.b.cells, station.pack.election);
    const address = {
      bit: layout.store.address + 7 * layout.slotLength + 100,
      tick: layout.counter.address + 80,
      spent: layout.spent.address + 1600,
    }[what];
    station.chips.b.cells[address]! &= 0xfe;
    t.is(await tryToOpen(scene), "refused O-10", what);
    t.is(scene.polls, "before-opening");
    t.is(scene.journal().findLast((entry) => entry.event === "testFailed")?.detail, 3);
    t.is(scene.reports.length, 1, "no zero report was printed");
    await station.close();
  }
});

test("the same office twice opens nothing, and neither does one official alone", async (t) => {
  const scene = await Scene.off(t, { seed: "same office" });
  const { people } = scene;
  await people.start();
  await people.firstOfficial("open");
  await people.until("official-second");
  scene.lift();
  await people.wait(second);
  people.hold(scene.station.official("deputy"));
  await people.wait(2 * second);
  t.is(people.screen, "official-second");
  scene.lift();
  await people.wait(1801 * second);
  t.is(people.screen, "idle");
  t.is(scene.polls, "before-opening");
});
