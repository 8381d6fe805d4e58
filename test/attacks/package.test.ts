// What somebody can try against which package a result is of, on a real terminal process: exchange the package, count
// with another edition, put one terminal's chips into another. Before (commit 3161aaa) an edition had the id of the one
// before it, and a result said nothing of which it was: the terminal went on with the exchanged package, counted under
// it, and the collector of the first edition took the results. Swapped chips were refused then as now (S-10).

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { answered, held } from "./catalogue.js";
import test from "ava";
import { equalBytes } from "../../firmware/bytes.js";
import { packageCode } from "../../firmware/election/package-code.js";
import { archive } from "../../office/archive/archive.js";
import { inspect } from "../../office/inspect/inspect.js";
import { buildPackage } from "../../office/package/build.js";
import { assign, listOf, withTerminals } from "../../office/device/enrol.js";
import { certificateAddress, packageAddress } from "../../firmware/device/layout.js";
import { certificatesMax } from "../../firmware/device/certificate.js";
import { readAssignments } from "../../firmware/device/assignment.js";
import { readStored } from "../../firmware/device/stored.js";
import { writeFlash } from "../../sim/enrol.js";
import { flashOf } from "../../sim/nor.js";
import { parse } from "../package/support.js";
import { auditKeysOf } from "../support/audit-keys.js";
import { Scene } from "../support/scene.js";
import { shortElection as election } from "../support/short-election.js";
import { imagesOf, putBack, started } from "./support.js";

/** The same contest with the two answers' names exchanged: yes reads no. */
const exchanged = election.replace(
  "{ code: 1, name: آری }, { code: 2, name: نه }",
  "{ code: 1, name: نه }, { code: 2, name: آری }",
);

test("package exchanged in the middle of the day for another edition, with an assignment to it: S-10, and the codes of both", async (t) => {
  const scene = await Scene.open(t, { seed: "exchanged", election });
  const { station } = scene;
  await scene.people.vote(await scene.card(), scene.intentions());
  station.powerOff();
  const before = imagesOf(station);
  const own = station.election.root;
  await station.put(buildPackage(parse(exchanged), station.keys));
  t.false(equalBytes(own, station.election.root));
  answered(t, "package-exchanged", await started(scene));
  for (const name of ["a", "b"] as const)
    t.true(equalBytes(station.chips[name].cells, before[name]), "not a cell of it");
  station.powerOff();
  // the package alone, without an assignment to it
  const { root } = station.election;
  await station.put(buildPackage(parse(election), station.keys));
  writeFlash(station.chips.main, packageAddress, buildPackage(parse(exchanged), station.keys));
  const said = await started(scene);
  answered(t, "package-without-assignment", said);
  t.is(
    said,
    `out of service: E-08 assignment of ${packageCode(own).join(" ")}, package ${packageCode(root).join(" ")}`,
  );
});

test("results' package: counted with one edition, shown with another: neither collector nor tools take them, and no receipt is signed", async (t) => {
  const scene = await Scene.open(t, { seed: "results' package", election });
  const { station } = scene;
  for (let i = 0; i < 4; i++) await scene.people.vote(await scene.card(), scene.intentions());
  await scene.people.officials("close", () => scene.polls === "closed");
  await scene.people.officials("count", () => scene.traces.includes("results kept"));
  const { crypto, keys, chips } = station;
  const images = imagesOf(station);
  const audit = auditKeysOf(station);
  const chain = readStored(flashOf(chips.main), certificateAddress, certificatesMax);
  if (!chain.ok || chain.value === undefined) return t.fail("no certificate");
  // the other edition, rightly signed, and this very terminal assigned to it
  await station.put(buildPackage(parse(exchanged), keys));
  const { id, root, station: number, cards } = station.pack.election;
  const signed = assign(
    chain.value,
    { root, station: number, number: station.terminalId, role: "ballot", election: id, epoch: cards.epoch },
    keys,
  );
  if (!signed.ok) return t.fail(signed.error.what);
  const assignmentsBytes = listOf([signed.value], keys.authority);
  const list = readAssignments(crypto, assignmentsBytes, keys.authority.publicKey, root);
  if (!list.ok) return t.fail(list.error.what);
  const other = withTerminals(station.pack.election, list.value);
  const found = inspect(crypto, other, images);
  t.true(found.problems.some((problem) => /belongs to the package/.test(problem)));
  t.is(found.results, undefined);
  const folder = mkdtempSync(join(tmpdir(), "sandogh-"));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const archived = archive(
    {
      crypto,
      election: other,
      packageBytes: station.packageBytes,
      assignmentsBytes,
      ...images,
      authoritySecretKey: keys.authority.secretKey,
      audit,
    },
    folder,
  );
  t.false(archived.ok);
  const kept = (await station.store.results(root.slice(0, 16))).get(station.terminalId);
  t.is(kept, undefined, "the collector has none of that edition");
  held(t, "results-package");
});

test("swapped chips: those of a terminal in the spare that has its number now: S-10, and nothing is written; back in their own it goes on", async (t) => {
  const scene = await Scene.open(t, { seed: "swapped", election });
  await scene.people.vote(await scene.card(), scene.intentions());
  scene.station.powerOff();
  const theirs = imagesOf(scene.station);
  const spare = await Scene.off(t, { seed: "swapped", device: "the spare", election });
  t.true(equalBytes(spare.station.election.root, scene.station.election.root));
  t.false(equalBytes(spare.station.election.terminals[0]!.publicKey, scene.station.election.terminals[0]!.publicKey));
  putBack(spare.station, theirs);
  answered(t, "swapped-chips", await started(spare));
  for (const name of ["a", "b"] as const) t.true(equalBytes(spare.station.chips[name].cells, theirs[name]));
  t.is(await started(scene), "polls open, idle");
});
