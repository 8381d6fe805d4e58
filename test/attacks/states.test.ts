// What somebody with a chip programmer can try against how far the day is, on a real terminal process. Each was tried
// on the terminal as it was before (commit 3161aaa), where it did what its name says.

import { answered, held } from "./catalogue.js";
import test from "ava";
import { Chance } from "../../sim/chance.js";
import { People } from "../../sim/people.js";
import { Station } from "../../sim/station.js";
import { shortElection as election } from "../support/short-election.js";
import { Scene, wallBase } from "../support/scene.js";
import { type Images, Programmer, imagesOf, media, putBack, started } from "./support.js";

type Ending = Parameters<typeof Scene.open>[0];

/** Two ballots, polls closed, switched off; with what the media held before. */
async function closed(
  t: Ending,
  seed: string,
): Promise<{ readonly scene: Scene; readonly blank: Images; readonly open: Images; readonly shut: Images }> {
  const scene = await Scene.off(t, { seed, election });
  await scene.people.start();
  const blank = imagesOf(scene.station);
  await scene.people.officials("open", () => scene.polls === "open");
  for (let i = 0; i < 2; i++) await scene.people.vote(await scene.card(), scene.intentions());
  const open = imagesOf(scene.station);
  await scene.people.officials("close", () => scene.polls === "closed");
  scene.station.powerOff();
  return { scene, blank, open, shut: imagesOf(scene.station) };
}

test("journal un-closed: its cells from the closing on are erased or zeroed on both media: S-11, cut off, with the cell", async (t) => {
  const { scene, shut } = await closed(t, "un-closed");
  for (const value of [0xff, 0] as const) {
    putBack(scene.station, shut);
    const programmer = new Programmer(scene.station);
    const cell = programmer.cellOf("closed");
    programmer.cutOff(cell, value);
    const said = await started(scene);
    t.is(said, `out of service: S-11 kind=cut-off cell=${cell}`, `filled with ${value}`);
    if (value === 0) answered(t, "journal-unclosed-zeroed", said);
    else answered(t, "journal-unclosed-erased", said);
    scene.station.powerOff();
  }
  putBack(scene.station, shut);
  t.is(await started(scene), "polls closed, idle");
});

test("journal un-closed together with the log of its length, from an image taken before: the word on the media is left, S-12; with that gone too, the epoch, S-13", async (t) => {
  const { scene, open, shut } = await closed(t, "un-closed whole");
  const { superblock, journal, journalHead } = new Programmer(scene.station).layout;
  const back = (...regions: readonly { readonly address: number; readonly length: number }[]): void => {
    for (const name of media)
      for (const { address, length } of regions)
        scene.station.chips[name].cells.set(open[name].subarray(address, address + length), address);
  };
  back(journal, journalHead);
  answered(t, "journal-unclosed-with-head", await started(scene));
  scene.station.powerOff();
  putBack(scene.station, shut);
  // a technician has exchanged the main flash, so that no epoch stands there
  scene.station.chips.main.cells.fill(0xff, 0x6000, 0x8000);
  back(journal, journalHead);
  answered(t, "journal-unclosed-no-epoch", await started(scene));
  scene.station.powerOff();
  // one medium's word is enough
  const block = scene.station.chips.a.cells.subarray(superblock.address, superblock.length);
  block.set(open.a.subarray(superblock.address, superblock.length));
  t.regex(await started(scene), /^out of service: S-12 kind=state state=closed$/);
});

test('"closed" forged in the middle of the day, with a right chain of hashes: S-11, broken chain, with the cell; as a word of the media: S-12', async (t) => {
  const scene = await Scene.open(t, { seed: "forged closed", election });
  await scene.people.vote(await scene.card(), scene.intentions());
  scene.station.powerOff();
  const before = imagesOf(scene.station);
  const programmer = new Programmer(scene.station);
  programmer.append(["closed", 1]);
  const said = await started(scene);
  t.regex(said, /kind=broken-chain cell=\d+$/);
  answered(t, "closed-forged", said);
  scene.station.powerOff();
  putBack(scene.station, before);
  // the word of the opening, which is there, in the place of the closing
  for (const name of media) scene.station.chips[name].cells.copyWithin(2080, 2064, 2080);
  answered(t, "closed-word-forged", await started(scene));
  scene.station.powerOff();
  putBack(scene.station, before);
  t.is(await started(scene), "polls open, idle");
});

test('"released" forged, so that the next election\'s package erases this one: S-10 as before, and not a cell is erased; with its own package S-11', async (t) => {
  const { scene } = await closed(t, "forged released");
  const { station } = scene;
  await started(scene);
  await scene.people.officials("count", () => scene.traces.includes("results kept"));
  station.powerOff();
  new Programmer(station).append(["released"]);
  for (const name of media) station.chips[name].cells.copyWithin(2112, 2080, 2096);
  const forged = imagesOf(station);

  const traces: string[] = [];
  let people: People | undefined;
  const next = await Station.create({
    virtual: true,
    seed: "forged released",
    electionNumber: 2,
    wallBase,
    onTrace: (line) => {
      traces.push(line);
      people?.traced(line);
    },
  });
  t.teardown(() => next.close());
  people = new People({ station: next, chance: new Chance("forged", "people"), cut: 0 });
  putBack(next, forged);
  next.chips.main.cells.set(station.chips.main.cells.subarray(0x6000, 0x8000), 0x6000);
  const erases: number[] = [];
  for (const name of media)
    next.chips[name].onOperation = (operation) => {
      if (operation.kind === "erase") erases.push(operation.block);
    };
  await next.powerOn();
  await next.terminal.runUntil(next.clock.nowUs() + 100_000_000);
  answered(t, "released-forged", traces.find((line) => line.startsWith("out of service")) ?? traces.join("; "));
  t.deepEqual(erases, []);
  t.regex(await started(scene), /^out of service: S-11 kind=broken-chain cell=\d+$/);
});

test("older chips: both media as they were before the opening, and as they were before the closing: S-13", async (t) => {
  const { scene, blank, open, shut } = await closed(t, "older");
  putBack(scene.station, blank);
  answered(t, "older-chips-unopened", await started(scene));
  scene.station.powerOff();
  putBack(scene.station, open);
  answered(t, "older-chips-unclosed", await started(scene));
  scene.station.powerOff();
  // two new chips in their place
  for (const name of media) scene.station.chips[name].cells.fill(0xff);
  answered(t, "new-chips", await started(scene));
  scene.station.powerOff();
  putBack(scene.station, shut);
  t.is(await started(scene), "polls closed, idle");
});

test("the main flash's memory erased: no refusal, the journal says so once, and older chips are seen from then on", async (t) => {
  const { scene, open, shut } = await closed(t, "forgotten");
  scene.station.chips.main.cells.fill(0xff, 0x6000, 0x8000);
  for (let start = 0; start < 2; start++) {
    t.is(await started(scene), "polls closed, idle");
    scene.station.powerOff();
  }
  t.is(scene.events().filter((event) => event === "epochForgotten").length, 1);
  t.notDeepEqual(imagesOf(scene.station), shut);
  putBack(scene.station, open);
  t.is(await started(scene), "out of service: S-13 kind=older");
  held(t, "epoch-erased");
});
