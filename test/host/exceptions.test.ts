// Exceptions in the terminal's engine, whose interpreter is compiled in a way of our own (tools/build/interpreter.ts),
// end as they do in another engine.

import test from "ava";
import { exceptions } from "../../platform/xs/selftest/exceptions.js";
import { withBench } from "./support.js";

const seeds = 400;

test("jumps, generators and promises that are left by exceptions go the same ways as in Node's engine", async (t) => {
  const ways = new Set<string | number>();
  await withBench(async (bench) => {
    for (let seed = 1; seed <= seeds; seed++) {
      const expected = await exceptions(seed);
      for (const each of expected) ways.add(typeof each === "string" ? each.replace(/\d+/g, "") : "number");
      t.deepEqual(await bench.ask("exceptions", undefined, [seed]), expected, `seed ${seed}`);
    }
  });
  for (const way of [
    "thrown ",
    "again ",
    "inside thrown ",
    "inside into ",
    "outside into ",
    "rejected ",
    "done ",
    "left ",
    "out ",
  ])
    t.true(ways.has(way), `${way}: ${[...ways].join(", ")}`);
});
