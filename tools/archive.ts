// npm run archive -- --package FILE --a IMAGE --b IMAGE --keys DIR --out DIR
// Verifies the images of both media of a terminal whose polls are closed and counted, keeps copies of them, of the package and of the results in a folder,
// reads them back, and only then signs the receipt without which the terminal releases nothing. `receipt.bin` belongs at 0x8000 of its main flash.

import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { equalBytes } from "../firmware/bytes.js";
import { Crypto } from "../firmware/crypto/crypto.js";
import { describePackageError } from "../firmware/election/error.js";
import { openPackage } from "../firmware/election/package.js";
import type { StationElection } from "../firmware/election/types.js";
import { encodeReceipt } from "../firmware/service/archive.js";
import { referencePrimitives } from "../office/crypto/reference.js";
import { keysFile, loadOrCreateElectionKeys } from "../office/package/keys.js";
import { packageFlash } from "../office/package/package-flash.js";
import { inspect } from "../office/inspect/inspect.js";

const usage = "usage: npm run archive -- --package FILE --a IMAGE --b IMAGE --keys DIR --out DIR";

class Complaint extends Error {}

export interface ArchiveInput {
  readonly crypto: Crypto;
  readonly election: StationElection;
  readonly packageBytes: Uint8Array;
  readonly a: Uint8Array;
  readonly b: Uint8Array;
  readonly authoritySecretKey: Uint8Array;
}

export type Archived = { readonly ok: true; readonly receipt: Uint8Array } | { readonly ok: false; readonly problems: readonly string[] };

/** Keeps everything in `directory` and gives the receipt; nothing is signed while anything is wrong. */
export function archive({ crypto, election, packageBytes, a, b, authoritySecretKey }: ArchiveInput, directory: string): Archived {
  const found = inspect(crypto, election, { a, b });
  const problems = [...found.problems];
  const terminals = new Set(found.media.map((medium) => medium.terminal));
  const [terminal] = terminals;
  if (terminals.size !== 1 || terminal === undefined) problems.push("the two images are not of one terminal");
  if (found.results === undefined) problems.push("there are no results: the polls are not closed, or nothing was counted");
  if (problems.length > 0 || found.results === undefined || terminal === undefined) return { ok: false, problems };
  const { results, signedResults, signedList } = found.results;
  const receipt = encodeReceipt(crypto, { election: election.id, terminal, records: results.records, results: crypto.sha256(signedResults) }, authoritySecretKey);
  mkdirSync(directory, { recursive: true });
  const kept: Readonly<Record<string, Uint8Array>> = {
    "medium-a.bin": a, "medium-b.bin": b, "election.pkg": packageBytes, "results.cbor": signedResults, "record-list.cbor": signedList,
    "journal.txt": new Uint8Array(Buffer.from(`${found.journal.join("\n")}\n`)),
  };
  for (const [name, bytes] of Object.entries(kept)) keep(join(directory, name), bytes);
  for (const [name, bytes] of Object.entries(kept)) if (!equalBytes(new Uint8Array(readFileSync(join(directory, name))), bytes)) return { ok: false, problems: [`${name} does not read back as it was written`] };
  keep(join(directory, "receipt.bin"), receipt);
  return { ok: true, receipt };
}

/** On the disk when it returns. */
function keep(path: string, bytes: Uint8Array): void {
  const file = openSync(path, "w");
  writeSync(file, bytes);
  fsyncSync(file);
  closeSync(file);
}

function fileOf(path: string): Uint8Array {
  if (!existsSync(path)) throw new Complaint(`${path}: there is no such file`);
  return new Uint8Array(readFileSync(path));
}

function run(): number {
  const { values } = parseArgs({ options: { package: { type: "string" }, a: { type: "string" }, b: { type: "string" }, keys: { type: "string" }, out: { type: "string" } } });
  const { package: packagePath, a, b, keys: keysDirectory, out } = values;
  if (packagePath === undefined || a === undefined || b === undefined || keysDirectory === undefined || out === undefined) throw new Complaint(usage);
  const crypto = new Crypto({ primitives: referencePrimitives, random: () => undefined });
  fileOf(join(keysDirectory, keysFile));
  const { authority } = loadOrCreateElectionKeys(keysDirectory);
  const packageBytes = fileOf(packagePath);
  const pack = openPackage(packageFlash(packageBytes), 0, crypto, authority.publicKey);
  if (!pack.ok) throw new Complaint(`${packagePath}: ${describePackageError(pack.error)}`);
  const archived = archive({ crypto, election: pack.value.election, packageBytes, a: fileOf(a), b: fileOf(b), authoritySecretKey: authority.secretKey }, out);
  if (archived.ok) {
    process.stdout.write(`verified and kept in ${out}; ${join(out, "receipt.bin")} lets the terminal release the election\n`);
    return 0;
  }
  for (const problem of archived.problems) process.stdout.write(`WRONG ${problem}\n`);
  process.stdout.write("nothing was signed\n");
  return 1;
}

if (import.meta.filename === process.argv[1]) {
  try {
    process.exitCode = run();
  } catch (thrown) {
    if (!(thrown instanceof Complaint)) throw thrown;
    process.stderr.write(`${thrown.message}\n`);
    process.exitCode = 2;
  }
}
