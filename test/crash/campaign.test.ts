// A part of the crash campaign that fits into every test run; npx sandogh campaign crash does the rest.

import test from "ava";
import { campaign } from "../campaigns/crash/campaign.js";
import { xsEngine } from "../campaigns/crash/engine.js";
import { sodiumPrimitives } from "../../office/crypto/sodium.js";
import { commitsBeforeTheEcho } from "../support/canaries.js";

const base = { seed: "test", casts: 14, primitives: sodiumPrimitives, again: 8 };

test("cuts of every class at operations of every structure, and again during the recovery: nothing is lost, invented or left unmarked", async (t) => {
  // together they meet all structures
  const reports = [];
  for (const [part, of] of [
    [9, 71],
    [28, 97],
  ] as const)
    reports.push(await campaign({ ...base, again: 5, part, of }));
  for (const { cuts, points, operations, equal, finished, failures } of reports) {
    t.log(`${cuts} cuts at ${points} of ${operations} operations, ${equal} of equal states, finished: ${finished}`);
    t.deepEqual(failures, []);
    t.true(cuts > 1000, `${cuts} cuts`);
  }
  const structures = new Set(reports.flatMap(({ table }) => Object.values(table).flatMap((row) => Object.keys(row))));
  for (const name of [
    "journal",
    "journalHead",
    "transaction",
    "counter",
    "spent",
    "slot",
    "superblock",
    "epoch",
    "deviceLog",
    "deviceLogHead",
    "loading",
  ])
    t.true(structures.has(name), name);
  t.deepEqual(
    [...new Set(reports.flatMap(({ table }) => Object.keys(table)))].filter((name) => name !== "zeroed from").sort(),
    ["all", "first", "last", "none", "reads done, weak", "reads undone, weak", "subset"],
  );
});

test("a cut can be replayed alone, and its name tells where", async (t) => {
  for (const only of ["40/subset 3", "41/all/2", "45/first 4/1 none"]) {
    const report = await campaign({ ...base, part: 0, of: 1, only });
    t.true(report.cuts >= 1, only);
    t.deepEqual(report.failures, []);
  }
  t.is((await campaign({ ...base, part: 0, of: 1, only: "41/no such fault" })).cuts, 0);
});

test("recoveries on the terminal's engine: the same cuts, and a start finds what it finds here", async (t) => {
  t.timeout(120_000);
  const cuts = { ...base, casts: 6, again: 1, part: 40, of: 151 };
  const [here, there] = [await campaign(cuts), await campaign({ ...cuts, engine: xsEngine })];
  t.log(`${there.cuts} cuts at ${there.points} of ${there.operations} operations`);
  t.deepEqual(there.failures, []);
  t.true(there.cuts > 150, `${there.cuts} cuts`);
  t.deepEqual(there.table, here.table);
});

test("recoveries on the terminal's engine, of a store that commits before the echo: caught, and the failure is found again by its name", async (t) => {
  t.timeout(120_000);
  const wrong = {
    ...base,
    casts: 3,
    again: 0,
    part: 0,
    of: 9,
    failuresMax: 1,
    engine: xsEngine,
    variant: commitsBeforeTheEcho,
  };
  const [failure] = (await campaign(wrong)).failures;
  t.regex(failure?.what ?? "", /invented|was not decided/);
  const again = await campaign({ ...wrong, only: failure!.cut });
  t.deepEqual(
    again.failures.map(({ cut, what }) => ({ cut, what })),
    [{ cut: failure!.cut, what: failure!.what }],
  );
});
