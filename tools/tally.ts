// npm run tally -- --data DIR [--from collector|a|b] [--election FILE]
// Opens the ballots of a test election with its tally key and prints totals. DIR is a station's folder (npm start -- --data DIR) or what
// npm run vote left. --election gives names to the codes.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Crypto } from "../firmware/crypto/crypto.js";
import { describePackageError } from "../firmware/election/error.js";
import { openPackage } from "../firmware/election/package.js";
import { packageFile } from "../sim/station.js";
import { readRecordLog, recordLog } from "../center/store.js";
import { referencePrimitives } from "../office/crypto/reference.js";
import { parseDefinition, problemLine } from "../office/package/definition.js";
import { keysFile, loadOrCreateElectionKeys } from "../office/package/keys.js";
import { packageFlash } from "../office/package/package-flash.js";
import { recordsInImage } from "../office/tally/image.js";
import { openBallots, tally } from "../office/tally/tally.js";

/** Something that the person who asked can mend. */
class Complaint extends Error {}

function bytesOf(path: string): Uint8Array {
  if (!existsSync(path)) throw new Complaint(`${path}: there is no such file; is --data a station's folder?`);
  return new Uint8Array(readFileSync(path));
}

function namesOf(file: string | undefined): ReadonlyMap<string, string> {
  if (file === undefined) return new Map();
  if (!existsSync(file)) throw new Complaint(`${file}: there is no such file`);
  const definition = parseDefinition(readFileSync(file, "utf8"), file);
  if (!definition.ok) throw new Complaint(definition.problems.map(problemLine).join("\n"));
  return new Map(definition.value.contests.flatMap((contest) => [
    [String(contest.id), contest.title] as const,
    ...contest.options.map((option) => [`${contest.id}/${option.code}`, option.name] as const),
  ]));
}

function run(): string {
  const { values } = parseArgs({ options: { data: { type: "string" }, from: { type: "string", default: "collector" }, election: { type: "string" } } });
  const { data, from } = values;
  if (data === undefined || !["collector", "a", "b"].includes(from)) throw new Complaint("usage: npm run tally -- --data DIR [--from collector|a|b] [--election FILE]");
  const image = bytesOf(join(data, packageFile));
  bytesOf(join(data, keysFile));
  const keys = loadOrCreateElectionKeys(data);
  const crypto = new Crypto({ primitives: referencePrimitives, random: () => undefined });
  const pack = openPackage(packageFlash(image), 0, crypto, keys.authority.publicKey);
  if (!pack.ok) throw new Complaint(`${packageFile}: ${describePackageError(pack.error)}`);
  const path = from === "collector" ? join(data, "collector", recordLog) : join(data, `medium-${from}.bin`);
  const records = from === "collector" ? (bytesOf(path), readRecordLog(path).map((each) => each.record)) : recordsInImage(bytesOf(path), pack.value.election);
  const { ballots, rejected } = openBallots(crypto, pack.value, records, keys.escrow);
  const names = namesOf(values.election);
  const lines = [`${ballots.length} ballots from ${path}${rejected.length > 0 ? `, ${rejected.length} records rejected` : ""}`];
  for (const { index, why } of rejected) lines.push(`  record ${index}: ${why}`);
  for (const contest of tally(pack.value, ballots).contests) {
    lines.push("", `contest ${contest.contest} ${names.get(String(contest.contest)) ?? ""}`.trimEnd());
    lines.push(`  ballots ${contest.ballots}   blank ${contest.blank}   undervotes ${contest.undervotes}`);
    const order = [...contest.votes].sort((a, b) => b.votes - a.votes || a.code - b.code).filter((each) => each.votes > 0);
    for (const { code, votes } of order) lines.push(`  ${String(votes).padStart(6)}  ${code}  ${names.get(`${contest.contest}/${code}`) ?? ""}`.trimEnd());
  }
  return `${lines.join("\n")}\n`;
}

try {
  process.stdout.write(run());
} catch (thrown) {
  if (!(thrown instanceof Complaint)) throw thrown;
  process.stderr.write(`${thrown.message}\n`);
  process.exitCode = 1;
}
