// A new election on a terminal that holds the old one: only after its archive was verified and two officials have
// released it.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { answered } from "../attacks/catalogue.js";
import test from "ava";
import { archiveAddress, encodeReceipt } from "../../firmware/service/archive.js";
import { Chance } from "../../sim/chance.js";
import { People } from "../../sim/people.js";
import { Station } from "../../sim/station.js";
import { logKinds } from "../../firmware/device/log-cell.js";
import { readDeviceLog } from "../../office/device/log.js";
import { archive } from "../../office/archive/archive.js";
import { layoutOfImage } from "../../office/tally/image.js";
import { shortElection as election } from "../support/short-election.js";
import { auditKeysOf } from "../support/audit-keys.js";
import { Scene, wallBase } from "../support/scene.js";

const second = 1_000_000;
const seed = "release";

/** Three ballots cast, closed and counted. */
async function counted(t: Parameters<typeof Scene.open>[0]): Promise<Scene> {
  const scene = await Scene.open(t, { seed, election });
  for (let i = 0; i < 3; i++) await scene.people.vote(await scene.card(), scene.intentions());
  await scene.people.officials("close", () => scene.polls === "closed");
  await scene.people.officials("count", () => scene.traces.includes("results kept"));
  return scene;
}

function putReceipt({ station }: Scene, receipt: Uint8Array): void {
  station.chips.main.cells.fill(0xff, archiveAddress, archiveAddress + 4096);
  station.chips.main.program(archiveAddress, receipt);
}

/** Both officials ask for the release; what is shown at the end. */
async function release(scene: Scene): Promise<string> {
  const { people } = scene;
  await people.until("idle");
  await people.firstOfficial("release");
  if ((await people.until("official-second", "refused")) !== "official-second") {
    const said = people.screen;
    scene.lift();
    return said;
  }
  scene.lift();
  await people.wait(second);
  await people.showOfficial("supervision");
  const said = await people.until("official-result", "refused");
  scene.lift();
  return said;
}

/** The same device and media, another election's package of the same authority; what it says when it starts. */
async function next(
  t: Parameters<typeof Scene.open>[0],
  old: Scene,
  traces: string[],
): Promise<{ readonly station: Station; readonly people: People }> {
  old.station.powerOff();
  let people: People | undefined;
  const station = await Station.create({
    virtual: true,
    seed,
    electionNumber: 2,
    wallBase,
    onTrace: (line) => {
      traces.push(line);
      people?.traced(line);
    },
  });
  t.teardown(() => station.close());
  for (const name of ["a", "b"] as const) station.chips[name].cells.set(old.station.chips[name].cells);
  people = new People({ station, chance: new Chance(seed, "people"), cut: 0 });
  return { station, people };
}

test("without a receipt, with one for something else, or with a forged one: not released, and a new election's package is refused", async (t) => {
  const scene = await counted(t);
  const { crypto, keys, pack } = scene.station;
  t.is(await release(scene), "refused O-13");
  const right = {
    root: pack.election.root,
    terminal: 2,
    records: crypto.sha256(new Uint8Array(48)),
    results: crypto.sha256(new Uint8Array(1)),
  };
  putReceipt(scene, encodeReceipt(crypto, right, keys.authority.secretKey));
  t.is(await release(scene), "refused O-13", "of other records");
  putReceipt(scene, encodeReceipt(crypto, right, keys.collector.secretKey));
  answered(t, "receipt-forged", await release(scene));
  t.false(scene.events().includes("released"));

  const traces: string[] = [];
  const { station } = await next(t, scene, traces);
  const before = Buffer.from(station.chips.a.cells);
  await station.powerOn();
  await station.terminal.runUntil(5 * second);
  t.true(
    traces.some((line) => line.startsWith("out of service: S-10")),
    traces.join("; "),
  );
  // reading the old journal programs its last cell again, which changes nothing
  const changed = [...before.keys()].filter((at) => before[at] !== station.chips.a.cells[at]);
  t.is(changed.length, 0);
  t.deepEqual(
    scene.events().filter((event) => event === "opened"),
    ["opened"],
  );
});

test("archived, released, erased, opened anew; a power cut in the erasing begins it again", async (t) => {
  const scene = await counted(t);
  const { station } = scene;
  const folder = mkdtempSync(join(tmpdir(), "sandogh-"));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const input = {
    crypto: station.crypto,
    election: station.election,
    packageBytes: station.packageBytes,
    assignmentsBytes: station.assignmentsBytes,
    authoritySecretKey: station.keys.authority.secretKey,
    audit: auditKeysOf(station),
  };
  const damaged = station.chips.b.cells.slice();
  const layout = layoutOfImage(damaged, station.pack.election);
  damaged[damaged.findIndex((byte, at) => at >= layout.store.address && byte !== 0xff) + 90]! ^= 1;
  const wrong = archive({ ...input, a: station.chips.a.cells, b: damaged }, folder);
  t.false(wrong.ok, "nothing is signed while an image is damaged");
  const archived = archive({ ...input, a: station.chips.a.cells, b: station.chips.b.cells }, folder);
  if (!archived.ok) return t.fail(archived.problems.join("; "));
  putReceipt(scene, archived.receipt);
  t.is(await release(scene), "official-result");
  const noted = readDeviceLog(station.crypto, station.chips.main.cells, station.election.terminals[0]!.publicKey);
  t.is(noted.entries.at(-1)?.kind, logKinds.released);
  t.true(scene.events().includes("released"));

  const traces: string[] = [];
  const { station: renewed, people } = await next(t, scene, traces);
  let erased = 0;
  renewed.chips.b.onOperation = (operation) => {
    if (operation.kind === "erase" && ++erased === 700) renewed.powerOff();
  };
  await renewed.powerOn();
  await renewed.terminal.runUntil(renewed.clock.nowUs() + 200 * second).catch(() => undefined);
  t.false(renewed.isOn);
  t.false(traces.includes("a released election was erased"));
  renewed.chips.b.onOperation = undefined;
  await people.start();
  t.true(traces.includes("a released election was erased"));
  t.is(people.screen, "idle");
  const log = readDeviceLog(renewed.crypto, renewed.chips.main.cells, renewed.election.terminals[0]!.publicKey);
  t.deepEqual(log.problems, []);
  t.deepEqual(
    log.entries.map(({ kind }) => kind),
    [logKinds.made, logKinds.enrolled, logKinds.installed, logKinds.released, logKinds.wiped],
  );
  for (const { what } of log.entries.slice(-2)) t.deepEqual(what, station.election.root, "by its package");
  await people.officials("open", () => traces.includes("polls open"));
  const card = renewed.card();
  await renewed.grant(card);
  await people.vote(
    card,
    renewed.pack.election.contests.map((contest) => ({
      contest: contest.id,
      blank: false,
      choices: [renewed.pack.option(contest.id, 0 as never).code],
    })),
  );
});
