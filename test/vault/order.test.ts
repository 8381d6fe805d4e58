// Order is not there to be found: one image of everything stored and of the vault's RAM, with every key and every
// token, does not tell which of two ballots came first.
//
// The bound: guessing gives an exact binomial; the smallest of the two-sided probabilities, times the number of
// features looked at, must stay above one in a million. With 800 images a feature that is right 60 times in 100 falls
// below it.

import { readFile } from "node:fs/promises";
import test from "ava";
import { walk } from "../../tools/build/graph.js";
import { sodiumPrimitives } from "../../office/crypto/sodium.js";
import { type Finding, type Sample, findings, twoSided } from "../campaigns/order/classifier.js";
import { differences } from "../campaigns/order/features.js";
import { linearProbing, sequential } from "../campaigns/order/rigged.js";
import { type CryptoMaker, runTrial } from "../campaigns/order/trial.js";

const seed = "order 1";
const chance = 1e-6;

function look(
  count: number,
  placement?: CryptoMaker,
  keepsArrivals = false,
): {
  readonly found: readonly Finding[];
  readonly voids: number;
  readonly cuts: number;
  readonly rebuilt: number;
  readonly synced: number;
} {
  const samples: Sample[] = [];
  let [voids, cuts, rebuilt, synced] = [0, 0, 0, 0];
  for (let i = 0; i < count; i++) {
    const trial = runTrial(`${seed}.${i}`, sodiumPrimitives, placement, keepsArrivals);
    samples.push({ differences: differences(trial.evidence), isXFirst: trial.isXFirst });
    voids += trial.voids;
    cuts += trial.cuts;
    rebuilt += trial.rebuilt;
    if (trial.synced) synced++;
  }
  return { found: findings(samples), voids, cuts, rebuilt, synced };
}

const tellsOrder = (found: readonly Finding[]): boolean => found[0]!.probability * found.length < chance;

test("800 images, many of them in the middle of sending, and what vault and uplink hold in RAM, with voided slots, failed slots, rebuilt media, power cuts and recoveries: no feature, nor all together, beats chance", (t) => {
  const { found, voids, cuts, rebuilt, synced } = look(800);
  const best = found[0]!;
  t.log(
    `${voids} voided slots, ${cuts} cuts, ${rebuilt} media rebuilt; best of ${found.length}: ${best.by}, ${best.right} of ${best.of}, p ${best.probability.toExponential(1)}; seed ${seed}`,
  );
  t.true(voids > 375 && cuts > 375 && rebuilt > 225 && synced > 150);
  t.true(found.some(({ by }) => by === "all together"));
  t.false(tellsOrder(found), `${best.by} is right ${best.right} times of ${best.of}`);
});

test("positive control: a store that takes the first free place is caught, its order read right in more than 99 of 100", (t) => {
  const { found } = look(100, sequential);
  t.true(tellsOrder(found));
  const slot = found.find(({ by }) => by === "slot")!;
  t.true(slot.right / slot.of > 0.99, `${slot.right} of ${slot.of}`);
});

test("positive control: linear probing instead of a uniform draw is caught", (t) => {
  const { found } = look(800, linearProbing);
  t.log(`${found[0]!.by}: ${found[0]!.right} of ${found[0]!.of}, p ${found[0]!.probability.toExponential(1)}`);
  t.true(tellsOrder(found));
});

test("positive control: a store that keeps tokens in RAM as they come is caught", (t) => {
  const { found } = look(300, undefined, true);
  t.is(found[0]!.by, "token in RAM");
  t.true(tellsOrder(found));
});

test("what the vault keeps in RAM is looked at: every mark is found there", (t) => {
  const { evidence } = runTrial(`${seed}.memory`, sodiumPrimitives);
  const { crypto, keys, memory, tokens } = evidence;
  for (const token of [tokens.x, tokens.y])
    t.true(Buffer.from(memory).includes(Buffer.from(crypto.check(token, keys.token).subarray(0, 8))));
});

test("the binomial is exact", (t) => {
  t.is(twoSided(0, 0), 1);
  t.true(Math.abs(twoSided(10, 10) - 2 / 1024) < 1e-12);
  t.true(Math.abs(twoSided(8, 10) - (2 * (1 + 10 + 45)) / 1024) < 1e-12);
  t.is(twoSided(5, 10), 1);
});

const timeOrOrder = /\b(Clock|wall|monotonic|Date|Timer|setTimeout|setInterval|performance|Journal|SessionNumber)\b/;

/** Without comments, which may speak of what the code must not use. */
async function source(specifier: string): Promise<string> {
  return (await readFile(new URL(`../../${specifier}.ts`, import.meta.url), "utf8")).replace(
    /\/\*[\s\S]*?\*\/|\/\/.*/g,
    "",
  );
}

test("no clock, no journal and no session reaches the vault: not one module that placement or record is made of knows them", async (t) => {
  const modules = await walk("ballot", "firmware/vault/vault");
  const own = modules.map(({ specifier }) => specifier).filter((specifier) => specifier.startsWith("firmware/"));
  t.true(own.includes("firmware/vault/record") && own.includes("firmware/storage/entry-log"));
  for (const specifier of own) {
    t.notRegex(specifier, /^firmware\/(journal|session|cast|sync|roles|access)\//);
    t.notRegex(await source(specifier), timeOrOrder, specifier);
  }
});

test("the check of the modules finds a clock where there is one", async (t) => {
  t.regex(await source("firmware/journal/journal"), timeOrOrder);
  const modules = (await walk("ballot", "firmware/journal/journal")).map(({ specifier }) => specifier);
  t.false(modules.includes("firmware/vault/vault"), "and the journal knows nothing of the vault but where things lie");
});
