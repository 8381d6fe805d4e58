// Verifies the images of both media of a terminal whose polls are closed and counted, keeps copies of them, of the
// package and of the results in a folder, reads them back, and only then signs the receipt without which the terminal
// releases nothing. What nobody has checked gets no receipt, so it takes the terminal's audit keys.

import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { equalBytes } from "../../firmware/bytes.js";
import type { Crypto } from "../../firmware/crypto/crypto.js";
import type { AuditKeys } from "../../firmware/device/keys.js";
import { encodeReceipt } from "../../firmware/service/archive.js";
import type { AssignedElection } from "../device/enrol.js";
import { inspect } from "../inspect/inspect.js";

/** The receipt's name in the folder; it belongs at 0x8000 of the terminal's main flash. */
export const receiptFile = "receipt.bin";

export interface ArchiveInput {
  readonly crypto: Crypto;
  readonly election: AssignedElection;
  readonly packageBytes: Uint8Array;
  /** The signed list of assignments. */
  readonly assignmentsBytes: Uint8Array;
  readonly a: Uint8Array;
  readonly b: Uint8Array;
  readonly authoritySecretKey: Uint8Array;
  /** Without them what only the terminal's own keys can judge would stay unchecked. */
  readonly audit: AuditKeys;
}

export type Archived =
  | { readonly ok: true; readonly terminal: number; readonly ballots: number; readonly receipt: Uint8Array }
  | { readonly ok: false; readonly problems: readonly string[] };

/** Keeps everything in `directory` and gives the receipt; nothing is signed while anything is wrong. */
export function archive(input: ArchiveInput, directory: string): Archived {
  const { crypto, election, packageBytes, assignmentsBytes, a, b, authoritySecretKey, audit } = input;
  const found = inspect(crypto, election, { a, b }, audit);
  const problems = [...found.problems, ...found.unchecked.map((what) => `not checked: ${what}`)];
  const terminals = new Set(found.media.map((medium) => medium.terminal));
  const [terminal] = terminals;
  if (terminals.size !== 1 || terminal === undefined) problems.push("the two images are not of one terminal");
  const noResults = "there are no results: the polls are not closed, or nothing was counted";
  if (found.results === undefined) problems.push(noResults);
  if (problems.length > 0 || found.results === undefined || terminal === undefined) return { ok: false, problems };
  const { results, signedResults, signedList } = found.results;
  const digest = crypto.sha256(signedResults);
  const receipt = encodeReceipt(
    crypto,
    { root: election.root, terminal, records: results.records, results: digest },
    authoritySecretKey,
  );
  mkdirSync(directory, { recursive: true });
  const kept: Readonly<Record<string, Uint8Array>> = {
    "medium-a.bin": a,
    "medium-b.bin": b,
    "election.pkg": packageBytes,
    "assignments.cbor": assignmentsBytes,
    "results.cbor": signedResults,
    "record-list.cbor": signedList,
    "journal.txt": new Uint8Array(Buffer.from(`${found.journal.join("\n")}\n`)),
  };
  for (const [name, bytes] of Object.entries(kept)) keep(join(directory, name), bytes);
  for (const [name, bytes] of Object.entries(kept)) {
    const read = new Uint8Array(readFileSync(join(directory, name)));
    if (!equalBytes(read, bytes)) return { ok: false, problems: [`${name} does not read back as it was written`] };
  }
  keep(join(directory, receiptFile), receipt);
  return { ok: true, terminal, ballots: results.ballots, receipt };
}

/** On the disk when it returns. */
function keep(path: string, bytes: Uint8Array): void {
  const file = openSync(path, "w");
  writeSync(file, bytes);
  fsyncSync(file);
  closeSync(file);
}
