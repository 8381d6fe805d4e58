// Each decoder of outside data, shortly: npx sandogh campaign fuzz has as many inputs as one likes.

import test from "ava";
import { QuickChance } from "../../sim/quick-chance.js";
import { type Target, corpusOf, fuzz, tried } from "../campaigns/fuzz/fuzz.js";
import { targets } from "../campaigns/fuzz/targets.js";

const seed = process.env["SEED"] ?? "fuzz";

for (const target of targets)
  test(`${target.name}: real inputs are taken, and ${target.short} that are nearly so are taken or refused (seed ${seed})`, async (t) => {
    const chance = new QuickChance(seed);
    for (const input of await corpusOf(target)) t.is(await tried(target, input.slice(), chance), true);
    const { findings, inputs, taken } = await fuzz(target, { seed, count: target.short });
    t.deepEqual(
      findings.map(({ problem, input }) => `${problem}: ${Buffer.from(input).toString("hex")}`),
      [],
    );
    t.is(inputs, target.short);
    t.true(taken < inputs);
  });

test("a decoder that is wrong is found: one that throws, one that takes two encodings", async (t) => {
  const right = targets.find(({ name }) => name === "receipt")!;
  const throws: Target = {
    ...right,
    run: (bytes, chance) => {
      if (bytes[3] === 0xff) throw new TypeError("third");
      return right.run(bytes, chance);
    },
  };
  t.regex((await fuzz(throws, { seed, count: 20_000 })).findings[0]?.problem ?? "", /^TypeError: third$/);
});
