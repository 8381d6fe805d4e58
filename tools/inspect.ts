// npm run inspect -- --package FILE [--a IMAGE] [--b IMAGE] [--keys DIR] [--journal]
// Validates images of a terminal's storage media, names what is wrong, and, with the keys of a test election, opens and counts. Ends with 1
// when anything is wrong.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Crypto } from "../firmware/crypto/crypto.js";
import { describePackageError } from "../firmware/election/error.js";
import { openPackage } from "../firmware/election/package.js";
import { verificationCode } from "../firmware/tally/results.js";
import { referencePrimitives } from "../office/crypto/reference.js";
import { keysFile, loadOrCreateElectionKeys } from "../office/package/keys.js";
import { packageFlash } from "../office/package/package-flash.js";
import { openBallots, tally } from "../office/tally/tally.js";
import { inspect } from "../office/inspect/inspect.js";

const usage = "usage: npm run inspect -- --package FILE [--a IMAGE] [--b IMAGE] [--keys DIR] [--journal]";

class Complaint extends Error {}

function fileOf(path: string): Uint8Array {
  if (!existsSync(path)) throw new Complaint(`${path}: there is no such file`);
  return new Uint8Array(readFileSync(path));
}

function run(): number {
  const { values } = parseArgs({
    options: { package: { type: "string" }, a: { type: "string" }, b: { type: "string" }, keys: { type: "string" }, journal: { type: "boolean", default: false } },
  });
  if (values.package === undefined || (values.a === undefined && values.b === undefined)) throw new Complaint(usage);
  const crypto = new Crypto({ primitives: referencePrimitives, random: () => undefined });
  if (values.keys !== undefined) fileOf(join(values.keys, keysFile));
  const keys = values.keys === undefined ? undefined : loadOrCreateElectionKeys(values.keys);
  const bytes = fileOf(values.package);
  const pack = openPackage(packageFlash(bytes), 0, crypto, keys?.authority.publicKey ?? new Uint8Array(32));
  if (!pack.ok) throw new Complaint(`${values.package}: ${describePackageError(pack.error)}${keys === undefined ? " (--keys gives the authority's key of a test election)" : ""}`);
  const found = inspect(crypto, pack.value.election, {
    ...(values.a === undefined ? {} : { a: fileOf(values.a) }), ...(values.b === undefined ? {} : { b: fileOf(values.b) }),
  });
  const lines = found.media.map((medium) =>
    `medium ${medium.name}: terminal ${medium.terminal ?? "unknown"}, ${medium.committed.size} good records, ${medium.voided} voided, ${medium.undecided.length} undecided, ${medium.free} free slots; ${medium.ticks} ticks, ${medium.spent} spent marks, ${medium.openTransactions} open transactions`);
  lines.push(`${found.records.size} ballots in all`);
  const { results } = found;
  if (results !== undefined) lines.push(`results signed by the terminal: ${results.results.ballots} ballots, verification code ${verificationCode(crypto, results.signedResults).join(" ")}`);
  const problems = [...found.problems];
  if (keys !== undefined) {
    const opened = openBallots(crypto, pack.value, [...found.records.values()], keys.escrow);
    for (const { why } of opened.rejected) problems.push(`a record that cannot be counted: ${why}`);
    for (const contest of tally(pack.value, opened.ballots).contests) {
      const votes = contest.votes.filter((each) => each.votes > 0).map((each) => `${each.code}:${each.votes}`).join(" ");
      const own = results?.results.contests.find((each) => Number(each.contest) === contest.contest)?.votes;
      if (own !== undefined && own.join() !== contest.votes.map((each) => each.votes).join()) problems.push(`contest ${contest.contest}: the terminal's results are not what is stored`);
      lines.push(`contest ${contest.contest}: ${contest.ballots} ballots, ${contest.blank} blank, ${contest.undervotes} undervotes; ${votes}`);
    }
  }
  if (values.journal) lines.push("", ...found.journal);
  for (const problem of problems) lines.push(`WRONG ${problem}`);
  lines.push(problems.length === 0 ? "nothing is wrong" : `${problems.length} things are wrong`);
  process.stdout.write(`${lines.join("\n")}\n`);
  return problems.length === 0 ? 0 : 1;
}

try {
  process.exitCode = run();
} catch (thrown) {
  if (!(thrown instanceof Complaint)) throw thrown;
  process.stderr.write(`${thrown.message}\n`);
  process.exitCode = 2;
}
