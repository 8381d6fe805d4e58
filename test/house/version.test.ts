// One version, wherever it stands: the package, every product's image, its screens and its results.

import { readFileSync } from "node:fs";
import test from "ava";
import { version, versionMax } from "../../firmware/version.js";
import { buildImage } from "../../tools/build/build.js";
import { buildHost } from "../../tools/build/host.js";
import { officialStrings } from "../../ui/official-strings.js";

const read = (path: string): unknown => JSON.parse(readFileSync(path, "utf8"));

test("the package, its lock file and the firmware have one version", (t) => {
  t.is((read("package.json") as { version: string }).version, version);
  const lock = read("package-lock.json") as { version: string; packages: Record<string, { version?: string }> };
  t.is(lock.version, version);
  t.is(lock.packages[""]!.version, version);
  t.regex(version, /^\d+\.\d+\.\d+$/);
  t.true(version.length <= versionMax);
});

test("the image of each product carries it", async (t) => {
  await buildHost();
  for (const role of ["ballot", "identity"]) t.true(readFileSync(await buildImage(role)).includes(version), role);
});

test("the officials' text of it has the digits of its language", (t) => {
  t.is(officialStrings.version.en, `Version ${version}`);
  const latin = officialStrings.version.fa.replace(/[۰-۹]/g, (digit) => String(digit.charCodeAt(0) - 0x6f0));
  t.true(latin.endsWith(` ${version}`), officialStrings.version.fa);
});
