// The line to the collector may fail for hours, the broker vanish, the collector start again: votes are cast all the
// same, and after the close every ballot arrives exactly once.

import test from "ava";
import { toHex } from "../../firmware/bytes.js";
import { recordHash } from "../../firmware/vault/record.js";
import { recordsInImage } from "../../office/tally/image.js";
import { fillVault, fullestBallot } from "../campaigns/limits/day.js";
import { council } from "../limits/elections.js";
import { Scene } from "../support/scene.js";

const minute = 60_000_000;

async function collected(scene: Scene): Promise<string[]> {
  const records = await scene.station.store.records(scene.station.pack.election.id);
  return records.map((each) => toHex(recordHash(scene.station.crypto, each.record)));
}

function stored(scene: Scene): string[] {
  const { station } = scene;
  return recordsInImage(station.chips.a.cells, station.pack.election)
    .map((record) => toHex(recordHash(station.crypto, record)))
    .sort();
}

test("no line during the day and for a while after the close: nothing leaves before the close, all of it arrives when the line is back", async (t) => {
  const scene = await Scene.open(t, { seed: "no line" });
  const { people, station } = scene;
  await people.vote(await scene.card(), scene.intentions());
  station.line = false;
  for (let i = 0; i < 3; i++) await people.vote(await scene.card(), scene.intentions());
  station.line = true;
  await people.wait(2 * minute);
  t.deepEqual(await collected(scene), [], "nothing leaves before the close");
  station.line = false;
  await people.officials("close", () => scene.polls === "closed");
  await people.wait(10 * minute);
  t.deepEqual(await collected(scene), []);
  station.line = true;
  await people.wait(2 * minute);
  t.deepEqual(await collected(scene), stored(scene));
  t.is(stored(scene).length, 4);
  t.true(scene.events().includes("lineDown"));
  t.true(scene.events().includes("allReceived"));
  t.is((await station.store.totals(station.pack.election.id)).get(station.terminalId), 4);
});

test("the collector starts again in the middle, and the terminal loses power after the close: each ballot is stored once", async (t) => {
  const scene = await Scene.open(t, { seed: "collector restarts" });
  const { people, station } = scene;
  for (let i = 0; i < 3; i++) await people.vote(await scene.card(), scene.intentions());
  await station.stopCollector();
  await people.officials("close", () => scene.polls === "closed");
  await people.wait(2 * minute);
  station.powerOff();
  await station.startCollector();
  await people.start();
  await people.wait(3 * minute);
  t.deepEqual(await collected(scene), stored(scene));
  station.powerOff();
  await people.start();
  await people.wait(3 * minute);
  t.deepEqual(await collected(scene), stored(scene), "sending again is harmless");
});

test("a line of 2,400 bit/s: 70 ballots of 57 choices arrive in less than four minutes, on one connection", async (t) => {
  const scene = await Scene.off(t, {
    seed: "slow line",
    election: council({ contests: [{ options: 57, votesAllowed: 57 }] }),
  });
  const { people, station } = scene;
  station.lineBitsPerS = 2_400;
  await people.start();
  await people.officials("open", () => scene.polls === "open");
  station.powerOff();
  fillVault(station, 70, fullestBallot(station.pack));
  await people.start();
  await people.officials("close", () => scene.polls === "closed");
  const startUs = station.clock.nowUs();
  scene.traces.length = 0;
  await station.terminal.runUntil(() => scene.traces.includes("uplink complete"));
  t.deepEqual(await collected(scene), stored(scene));
  t.is(stored(scene).length, 70);
  t.true(station.clock.nowUs() - startUs < 4 * minute, `${(station.clock.nowUs() - startUs) / 1e6} s`);
  t.false(scene.traces.some((line) => line.startsWith("uplink down")));
});
