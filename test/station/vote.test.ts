// The scripted day: what voters intended is what both media, the collector and the tally hold; the same seed gives the
// same day.

import test, { type ExecutionContext } from "ava";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Crypto } from "../../firmware/crypto/crypto.js";
import { loadingInImage, recordsInImage } from "../../office/tally/image.js";
import { recoverWithTestKeys } from "../../office/tally/recover.js";
import { openBallots } from "../../office/tally/tally.js";
import { scriptedDay } from "../../sim/scripted-day.js";
import { Scene } from "../support/scene.js";
import { sodiumPrimitives } from "../../office/crypto/sodium.js";

function folder(): string {
  return mkdtempSync(join(tmpdir(), "sandogh-vote-"));
}

/** Every file below a folder and its hash. */
function hashes(directory: string): Record<string, string> {
  const out: Record<string, string> = {};
  for (const name of readdirSync(directory, { recursive: true, encoding: "utf8" }).sort()) {
    try {
      out[name] = createHash("sha256")
        .update(readFileSync(join(directory, name)))
        .digest("hex");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EISDIR") throw error;
    }
  }
  return out;
}

test("two days from one seed are the same byte for byte: screens, slips, flash, journal; another seed is another day", async (t) => {
  const folders = [folder(), folder(), folder()];
  for (const [i, seed] of ["1", "1", "2"].entries()) {
    const report = await scriptedDay({ ballots: 4, seed, out: folders[i]!, cut: 0 });
    t.deepEqual(report.disagreements, []);
  }
  const [first, again, other] = folders.map(hashes) as [
    Record<string, string>,
    Record<string, string>,
    Record<string, string>,
  ];
  t.deepEqual(again, first);
  t.true(
    Object.keys(first).some((name) => name.startsWith("slips")) &&
      Object.keys(first).some((name) => name.startsWith("screens")),
  );
  await opensElsewhere(t, folders[0]!);
  t.not(other["medium-a.bin"], first["medium-a.bin"]);
  for (const each of folders) rmSync(each, { recursive: true });
});

/** The ballots that the terminal sealed, opened by another build of libsodium, are the intended ones. */
async function opensElsewhere(t: ExecutionContext, out: string): Promise<void> {
  const scene = await Scene.off(t, { seed: "1" });
  const { pack, keys, election } = scene.station;
  const other = new Crypto({ primitives: sodiumPrimitives, random: () => undefined });
  const image = new Uint8Array(readFileSync(join(out, "medium-a.bin")));
  const loading = loadingInImage(other, pack.election, election.terminals[0]!, image)!.statement;
  const recovered = recoverWithTestKeys(other, loading, keys);
  const { ballots, rejected } = openBallots(
    other,
    pack,
    election.terminals,
    recordsInImage(image, pack.election),
    () => (recovered.ok ? recovered.key : undefined),
  );
  t.deepEqual(rejected, []);
  const intended = JSON.parse(readFileSync(join(out, "intended.json"), "utf8")) as unknown[];
  t.deepEqual(
    ballots.map((ballot) => JSON.stringify(ballot.marks)).sort(),
    intended.map((each) => JSON.stringify(each)).sort(),
  );
}

test("a day with power cuts at acts, flash operations and in the middle of slips: nothing lost, nothing doubled, no slip without its mark", async (t) => {
  const out = folder();
  const report = await scriptedDay({ ballots: 10, seed: "cuts", out, cut: 0.02 });
  t.deepEqual(report.disagreements, []);
  t.true(report.cuts > 10, `${report.cuts} cuts`);
  t.log(`${report.cuts} power cuts`);
  rmSync(out, { recursive: true });
});
