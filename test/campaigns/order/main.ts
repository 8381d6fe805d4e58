// Casts two known ballots in either order among others, again and again, and asks what an image of everything stored,
// with every key, tells of the order. npx sandogh campaign order starts it.

import { sodiumPrimitives } from "../../../office/crypto/sodium.js";
import { answer } from "../../../tools/command-line/child.js";
import { exitCode } from "../../../tools/command-line/complaint.js";
import type { OrderRequest } from "../../../tools/commands/campaign.js";
import { type Sample, findings } from "./classifier.js";
import { differences } from "./features.js";
import { linearProbing, sequential } from "./rigged.js";
import { type CryptoMaker, runTrial } from "./trial.js";

type Placement = OrderRequest["placement"];

const makers: Readonly<Record<Placement, CryptoMaker | undefined>> = {
  uniform: undefined,
  sequential,
  probing: linearProbing,
};
/** Order is found when guessing does as well this seldom, all looks together. */
const chance = 1e-6;

await answer<OrderRequest>("sandogh campaign order", async ({ trials, seed, placement, budget = Infinity }, talk) => {
  let [voids, cuts, rebuilt] = [0, 0, 0];
  const samples: Sample[] = [];
  const endMs = performance.now() + budget * 1000;
  await talk.during("casting", (progress) => {
    for (let i = 0; i < trials && (i === 0 || performance.now() < endMs); i++) {
      const trial = runTrial(`${seed}.${i}`, sodiumPrimitives, makers[placement]);
      voids += trial.voids;
      cuts += trial.cuts;
      rebuilt += trial.rebuilt;
      samples.push({ differences: differences(trial.evidence), isXFirst: trial.isXFirst });
      progress.at(i + 1, trials, "images");
    }
  });
  const found = findings(samples);
  const images = samples.length;
  const smallest = Math.min(1, found[0]!.probability * found.length);
  const isFound = smallest < chance;
  // the wrong placements are there to be found
  const isGood = isFound === (placement !== "uniform");
  const lines = [`${images} images, ${voids} voided slots, ${cuts} power cuts, ${rebuilt} media rebuilt`];
  for (const { by, right, of, probability } of found) {
    const share = ((100 * right) / Math.max(of, 1)).toFixed(2).padStart(7);
    lines.push(`${by.padEnd(46)}${share} % of ${String(of).padEnd(7)} p ${probability.toExponential(1)}`);
  }
  lines.push(`smallest p times ${found.length} looks: ${smallest.toExponential(1)}`);
  lines.push(isFound ? `the order can be told by "${found[0]!.by}"` : "the order cannot be told");
  const hint = isFound ? "" : ": it is wrong on purpose; with more --trials it must be found";
  if (!isGood) lines.push(`FAILED with --placement ${placement} --seed ${seed} --trials ${images}${hint}`);
  talk.result({ ok: isGood, placement, seed, images, voids, cuts, rebuilt, findings: found, smallest, isFound }, lines);
  return isGood ? exitCode.done : exitCode.failed;
});
