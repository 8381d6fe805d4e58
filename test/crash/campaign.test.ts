// A part of the crash campaign that fits into every test run; npm run crash does the rest.

import test from "ava";
import { campaign } from "../../tools/crash/campaign.js";
import { sodiumPrimitives } from "../../tools/crypto/sodium.js";

const base = { seed: "test", casts: 14, primitives: sodiumPrimitives, again: 8 };

test("cuts of every class at operations of every structure, and again during the recovery: nothing is lost, invented or left unmarked", (t) => {
  const report = campaign({ ...base, part: 3, of: 29 });
  t.log(`${report.cuts} cuts at ${report.points} of ${report.operations} operations, ${report.equal} of equal states, finished: ${report.finished}`);
  t.deepEqual(report.failures, []);
  t.true(report.cuts > 2000, `${report.cuts} cuts`);
  const structures = new Set(Object.values(report.table).flatMap((row) => Object.keys(row)));
  for (const name of ["journal", "transaction", "counter", "spent", "slot"]) t.true(structures.has(name), name);
  t.deepEqual(Object.keys(report.table).filter((name) => name !== "zeroed from").sort(), ["all", "first", "last", "none", "reads done, weak", "reads undone, weak", "subset"]);
});

test("a cut can be replayed alone, and its name tells where", (t) => {
  for (const only of ["40/subset 3", "41/all/2", "42/first 4/1 none"]) {
    const report = campaign({ ...base, part: 0, of: 1, only });
    t.true(report.cuts >= 1, only);
    t.deepEqual(report.failures, []);
  }
  t.is(campaign({ ...base, part: 0, of: 1, only: "41/no such fault" }).cuts, 0);
});
