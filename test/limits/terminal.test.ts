// A terminal refuses what it cannot carry before it serves anybody, and carries what the packager has let through: 66
// ballots whose records are more than one message.

import test from "ava";
import { packageAddress } from "../../firmware/device/layout.js";
import { type CborValue, decode, encode } from "../../firmware/cbor/cbor.js";
import { layOutElection, seal } from "../../office/package/build.js";
import { openPackage } from "../../firmware/election/package.js";
import { recordsInImage } from "../../office/tally/image.js";
import { flashOf } from "../../sim/nor.js";
import { limitsDay } from "../campaigns/limits/day.js";
import { parse } from "../package/support.js";
import { Scene } from "../support/scene.js";
import { council, largeStore, longRecords, longSlip } from "./elections.js";

const short = council({ contests: [{ options: 3, votesAllowed: 2 }] });

/** The package of this definition, signed whatever it exceeds, in place of the station's own. */
async function putPackage({ station }: Scene, yaml: string, slipRows?: number): Promise<void> {
  const { keys } = station;
  const { sections } = layOutElection(parse(yaml), keys);
  const definition = decode(sections.definition);
  if (!definition.ok) throw new Error(definition.error.code);
  const fields = definition.value as Map<number, CborValue>;
  if (slipRows !== undefined) (fields.get(11) as Map<number, CborValue>).set(1, slipRows);
  await station.put(seal({ ...sections, definition: encode(fields) }, keys));
}

test("66 ballots whose 64 records are more than one message: closed, counted, received in two batches", async (t) => {
  const day = await limitsDay({ yaml: longRecords(), seed: "long records", stored: 66, voters: 0 });
  t.deepEqual(day, { ballots: 66, slipRows: 0, problems: [] });
});

test("a package that says itself that its slips are too long is refused at the start", async (t) => {
  const scene = await Scene.off(t, { seed: "long slip", election: short });
  await putPackage(scene, longSlip());
  await scene.station.powerOn();
  await scene.station.terminal.runUntil(5_000_000);
  t.deepEqual(
    scene.traces.filter((line) => line.startsWith("out of service")),
    ["out of service: E-07 slipRows: 27039 of 16000"],
  );
  t.true(scene.station.isOn, "it stays on and says so");
});

test("one that says less than is true stops the terminal with E-07 before anything is cast, at every try", async (t) => {
  const scene = await Scene.off(t, { seed: "lying slip", election: short });
  const { people, station } = scene;
  await putPackage(scene, longSlip(), 100);
  await people.start();
  await people.officials("open", () => scene.polls === "open");
  const card = await scene.card();
  const codes = Array.from({ length: 64 }, (_, i) => 90_000 + i);
  await t.throwsAsync(
    people.vote(
      card,
      [1, 2, 3].map((contest) => ({ contest, blank: false, choices: codes })),
    ),
  );
  t.is(people.screen, "out-of-service E-07");
  // where this package's records would lie, not where those of the one that it was made for would
  const own = openPackage(
    flashOf(station.chips.main),
    packageAddress,
    station.crypto,
    station.keys.authority.publicKey,
  );
  t.is(own.ok ? recordsInImage(station.chips.a.cells, own.value.election).length : -1, 0);
  t.deepEqual(
    scene.traces.filter((line) => line.startsWith("bug")),
    [],
  );
  station.powerOff();
  scene.lift();
  await people.start();
  await people.until("idle");
});

test("an election that fits chips of 16 MB is refused by a terminal that has 8 MB", async (t) => {
  const scene = await Scene.off(t, { seed: "small chips", election: largeStore(9_000), mediumSize: 8 * 1024 * 1024 });
  await scene.station.powerOn();
  await scene.station.terminal.runUntil(5_000_000);
  t.regex(scene.traces.find((line) => line.startsWith("out of service")) ?? "", /^out of service: E-07 medium: /);
  t.true(
    scene.station.chips.a.cells.every((byte) => byte === 0xff),
    "nothing is written",
  );
});
