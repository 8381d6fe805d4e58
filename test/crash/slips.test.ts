// A part of the slip campaign that fits into every test run; npx sandogh campaign crash --mode slips does the rest.

import test from "ava";
import { slipCampaign } from "../campaigns/crash/slips.js";
import { sodiumPrimitives } from "../../office/crypto/sodium.js";

const base = { seed: "test", primitives: sodiumPrimitives, budgetMs: Infinity, part: 0, of: 1 };

test("power lost, or the terminal reset alone, while a slip is printed, and again in the recovery: no slip without its mark, none that the vault contradicts", async (t) => {
  const report = await slipCampaign({ ...base, of: 23, everyByte: 17 });
  t.log(
    `${report.cuts} cuts, ${report.again} of them again in the recovery, of ${report.bytes} bytes and ${report.events} moments; finished: ${report.finished}`,
  );
  t.deepEqual(report.failures, []);
  t.true(report.cuts > 100 && report.again > 50);
});

test("a terminal that forgets the slip that hangs is caught", async (t) => {
  const report = await slipCampaign({ ...base, of: 7, everyByte: 301, isForgetful: true, failuresMax: 3 });
  t.true(
    report.failures.some(({ what }) => /without VALID or VOID|hangs in the printer|only \d slips say VALID/.test(what)),
    JSON.stringify(report.failures),
  );
});
