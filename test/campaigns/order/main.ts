// npx tsx test/campaigns/order/main.ts [--trials N] [--seed S] [--placement uniform|sequential|probing]
// Casts two known ballots in either order among others, N times, and asks what an image of everything stored, with every key, tells of the order.

import { parseArgs } from "node:util";
import { sodiumPrimitives } from "../../../office/crypto/sodium.js";
import { findings } from "./classifier.js";
import { differences } from "./features.js";
import { linearProbing, sequential } from "./rigged.js";
import { type CryptoMaker, runTrial } from "./trial.js";

const placements: Readonly<Record<string, CryptoMaker | undefined>> = { uniform: undefined, sequential, probing: linearProbing };
const { values } = parseArgs({ options: { trials: { type: "string", default: "4000" }, seed: { type: "string", default: "1" }, placement: { type: "string", default: "uniform" } } });
const trials = Number(values.trials);
if (!(trials >= 100 && trials <= 1_000_000) || !(values.placement in placements)) {
  process.stderr.write("usage: order [--trials N] [--seed S] [--placement uniform|sequential|probing]\n");
  process.exitCode = 2;
} else {
  let [voids, cuts, rebuilt] = [0, 0, 0];
  const samples = Array.from({ length: trials }, (_, i) => {
    const trial = runTrial(`${values.seed}.${i}`, sodiumPrimitives, placements[values.placement]);
    voids += trial.voids;
    cuts += trial.cuts;
    rebuilt += trial.rebuilt;
    return { differences: differences(trial.evidence), isXFirst: trial.isXFirst };
  });
  const found = findings(samples);
  process.stdout.write(`${trials} images, ${voids} voided slots, ${cuts} power cuts, ${rebuilt} media rebuilt\n`);
  for (const { by, right, of, probability } of found) process.stdout.write(`${by.padEnd(46)}${((100 * right) / Math.max(of, 1)).toFixed(2).padStart(7)} % of ${String(of).padEnd(7)} p ${probability.toExponential(1)}\n`);
  process.stdout.write(`smallest p times ${found.length} looks: ${Math.min(1, found[0]!.probability * found.length).toExponential(1)}\n`);
}
