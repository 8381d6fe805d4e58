// What a terminal does with what it finds when the power comes: a package that is not its own, storage that does not
// answer, records that were changed. It never serves, and says why.

import { answered } from "../attacks/catalogue.js";
import test, { type ExecutionContext } from "ava";
import { pageLength } from "../../firmware/election/layout.js";
import { assignmentAddress, certificateAddress, packageAddress } from "../../firmware/device/layout.js";
import { buildPackage } from "../../office/package/build.js";
import { example } from "../package/support.js";
import { writeFlash } from "../../sim/enrol.js";
import type { Station } from "../../sim/station.js";
import { Scene, exampleYaml } from "../support/scene.js";

async function refusal(t: ExecutionContext, prepare: (station: Station) => void, election?: string): Promise<string> {
  const scene = await Scene.off(t, { seed: "refused", ...(election === undefined ? {} : { election }) });
  prepare(scene.station);
  await scene.station.powerOn();
  await scene.station.terminal.runUntil(5_000_000);
  const said = scene.traces.find((line) => line.startsWith("out of service")) ?? scene.people.screen;
  return said;
}

// the rest of the package is read in full before the polls open: opening.test.ts
test("one flipped byte in the package's signed head or in its tree, no package: refused with its code", async (t) => {
  t.regex(await refusal(t, ({ chips }) => (chips.main.cells[packageAddress + 40]! ^= 1)), /E-0[2-5]/);
  t.regex(
    await refusal(t, ({ chips }) => (chips.main.cells[packageAddress + pageLength + 100]! ^= 0x10)),
    /E-04 (hash )?page/,
  );
  t.regex(await refusal(t, ({ chips }) => chips.main.cells.fill(0xff, packageAddress)), /E-02/);
});

test("secret, certificate, assignment: what is missing, harmed or another's is refused with its code", async (t) => {
  const block = 4096;
  const erased =
    (address: number, blocks = 1) =>
    ({ chips }: Station): void =>
      void chips.main.cells.fill(0xff, address, address + blocks * block);
  t.is(await refusal(t, erased(0x0000)), "idle", "the other copy has it");
  t.is(await refusal(t, erased(0x1000)), "idle");
  t.is(await refusal(t, erased(0x2000)), "idle", "the request was for the factory");
  t.regex(await refusal(t, erased(0x0000, 2)), /I-02/);
  t.regex(await refusal(t, ({ chips }) => ((chips.main.cells[30]! ^= 1), (chips.main.cells[4096 + 30]! ^= 1))), /I-02/);
  t.regex(await refusal(t, erased(certificateAddress)), /I-04/);
  t.regex(await refusal(t, ({ chips }) => (chips.main.cells[certificateAddress + 60]! ^= 1)), /I-05/);
  t.regex(await refusal(t, erased(assignmentAddress)), /I-06/);
  t.regex(await refusal(t, ({ chips }) => (chips.main.cells[assignmentAddress + 60]! ^= 1)), /I-06/);
  const other = await Scene.off(t, { seed: "another device" });
  const theirs = (address: number): Uint8Array => other.station.chips.main.cells.subarray(address, address + block);
  const withTheirs = (address: number): Promise<string> =>
    refusal(t, ({ chips }) => chips.main.cells.set(theirs(address), address));
  answered(t, "certificate-of-another", await withTheirs(certificateAddress));
  answered(t, "assignment-of-another", await withTheirs(assignmentAddress));
  // the flash of another microcontroller says nothing to this one's fuses
  answered(
    t,
    "flash-of-another",
    await refusal(t, ({ chips }) => chips.main.cells.set(other.station.chips.main.cells)),
  );
  const edition = buildPackage({ ...example(), title: "ویرایش دوم" }, other.station.keys);
  t.regex(await refusal(t, ({ chips }) => writeFlash(chips.main, packageAddress, edition)), /E-08 .*[0-9a-f]{4} /);
});

test("a storage medium that does not answer, or holds another terminal's ballots", async (t) => {
  t.regex(await refusal(t, ({ chips }) => (chips.b.present = false)), /S-07/);
  const superblock = [0x53, 0x4e, 0x44, 0x32, ...new Uint8Array(44).fill(0x5a)];
  t.regex(await refusal(t, ({ chips }) => chips.a.cells.set(superblock)), /S-10/);
  // nobody's, with nothing behind it on either medium: erased, and the terminal is as new
  t.is(await refusal(t, ({ chips }) => chips.a.cells.fill(0x5a, 0, 64)), "idle");
});

test("a stored ballot with one bit flipped, or taken away on both media, is found at the next start", async (t) => {
  const scene = await Scene.open(t, { seed: "tampered" });
  const { people, station } = scene;
  for (let i = 0; i < 2; i++) await people.vote(await scene.card(), scene.intentions());
  station.powerOff();
  const clean = [station.chips.a.cells.slice(), station.chips.b.cells.slice()] as const;
  const slot = findSlot(station);
  const said = async (change: () => void): Promise<string> => {
    station.chips.a.cells.set(clean[0]);
    station.chips.b.cells.set(clean[1]);
    change();
    scene.traces.length = 0;
    await station.powerOn();
    await station.terminal.runUntil(station.clock.nowUs() + 5_000_000);
    station.powerOff();
    return scene.traces.find((line) => line.startsWith("out of service")) ?? people.screen;
  };
  const flip = (...names: readonly ("a" | "b")[]): void => {
    for (const name of names) station.chips[name].cells[slot + 100]! ^= 4;
  };
  const flipped = await said(() => flip("a", "b"));
  t.regex(flipped, /slot-check/);
  answered(t, "record-changed", flipped);
  for (const [i, name] of (["a", "b"] as const).entries()) {
    t.is(await said(() => flip(name)), "idle", "the other medium has it");
    t.is(
      scene.journal().findLast((entry) => entry.event === "mediumFault")?.detail,
      i + 1,
      "and the journal says which",
    );
  }
  const removed = await said(() => {
    for (const chip of [station.chips.a, station.chips.b]) chip.cells.fill(0, slot, slot + 512);
  });
  answered(t, "record-removed", removed);
  t.is(await said(() => undefined), "idle");
});

/**
 * Address of a committed slot: where two casts left something that is neither erased nor zero behind the fixed regions.
 */
function findSlot(station: Station): number {
  const { cells } = station.chips.a;
  for (let address = 0x14_0000; address < cells.length; address += 512)
    if (cells[address] !== 0xff && cells[address] !== 0) return address;
  throw new Error("no slot");
}

test("a full terminal refuses before a voter is activated, and the card stays good elsewhere", async (t) => {
  const scene = await Scene.open(t, { seed: "full", election: exampleYaml.replace("capacity: 3000", "capacity: 20") });
  const { people, station } = scene;
  for (let i = 0; i < 20; i++) await people.vote(await scene.card(), scene.intentions());
  const card = await scene.card();
  people.hold(card);
  await people.until("refused");
  t.is(people.screen, "refused V-04");
  t.is(card.kept.kind, "granted");
  t.is(scene.ballots().length, 20);
  t.deepEqual(
    scene
      .journal()
      .filter((entry) => entry.event === "nearlyFull")
      .map((entry) => entry.detail),
    [80, 95],
  );
  scene.lift();
  await people.until("idle");
  await people.officials("close", () => scene.polls === "closed");
  t.is(station.boots, 1);
});
