// The keys of a test election and a package that they have signed, from files that somebody named.

import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Option } from "@commander-js/extra-typings";
import { equalBytes, fromHex } from "../../firmware/bytes.js";
import { type BoxKeyPair, Crypto } from "../../firmware/crypto/crypto.js";
import type { AuditKeys } from "../../firmware/device/keys.js";
import { describePackageError } from "../../firmware/election/error.js";
import { openPackage } from "../../firmware/election/package.js";
import { readAssignments } from "../../firmware/device/assignment.js";
import { isKindOf } from "../../firmware/election/shapes.js";
import type { ElectionKind, ElectionPackage, StationElection } from "../../firmware/election/types.js";
import { type AssignedElection, withTerminals } from "../../office/device/enrol.js";
import { assignmentsFile } from "../../sim/station.js";
import { referencePrimitives } from "../../office/crypto/reference.js";
import {
  type ElectionKeys,
  KeysProblem,
  keysFile,
  loadOrCreateElectionKeys,
  testAuthority,
} from "../../office/package/keys.js";
import { ceremonyKeys, isCeremony } from "../../office/keys/ceremony.js";
import { packageFlash } from "../../office/package/package-flash.js";
import { AuditProblem, parseAuditFile } from "../../office/inspect/audit-file.js";
import { ImageTooSmall, layoutOfImage } from "../../office/tally/image.js";
import { Complaint, complaining } from "./complaint.js";
import { inFile, inFolder } from "./options.js";

/** For what is read: nothing is drawn. */
export const readingCrypto = new Crypto({ primitives: referencePrimitives, random: () => undefined });

/** A folder with the keys of a test election. */
export const keysFolder = inFolder("--keys", [keysFile], "is it the folder of a test election's keys?");

export const auditHelp = "the terminal's audit keys (npx sandogh audit-keys): judges its keyed checks too";

/** Keys that are there, or are made. Throws a Complaint for a file that holds none. */
export function keysIn(directory: string): Promise<ElectionKeys> {
  return complaining([KeysProblem], () =>
    isCeremony(directory) ? ceremonyKeys(directory) : loadOrCreateElectionKeys(directory),
  );
}

const basePoint = new Uint8Array(32);
basePoint[0] = 9;

/** An X25519 secret in a file, with its public half. Throws a Complaint for a file that holds none. */
export function boxSecretIn(path: string): BoxKeyPair {
  const secretKey = fromHex(readFileSync(path, "utf8").trim());
  const publicKey = secretKey?.length === 32 ? readingCrypto.x25519(secretKey, basePoint) : undefined;
  if (secretKey === undefined || publicKey === undefined)
    throw new Complaint(`${path}: expected 64 hexadecimal digits of a secret key`);
  return { publicKey, secretKey };
}

/** What `npx sandogh audit-keys` has opened. Throws a Complaint for a file that is not of this election. */
export function auditKeysIn(path: string, { id }: StationElection): Promise<AuditKeys> {
  return complaining([AuditProblem], () => parseAuditFile(readFileSync(path, "utf8"), id), path);
}

export interface PackageFile {
  readonly bytes: Uint8Array;
  readonly pack: ElectionPackage;
}

/**
 * Reads a package; without keys its signature counts for nothing. Throws a Complaint for a file that is none of these
 * keys.
 */
export function readPackage(path: string, keys: ElectionKeys | undefined): PackageFile {
  const bytes = readBytes(path);
  const pack = openPackage(packageFlash(bytes), 0, readingCrypto, keys?.authority.publicKey ?? new Uint8Array(32));
  const hint = keys === undefined ? "; --keys gives the authority's key of a test election" : "";
  if (!pack.ok) throw new Complaint(`${path}: ${describePackageError(pack.error)}${hint}`);
  if (keys !== undefined) needKind(path, pack.value.election.kind, keys);
  return { bytes, pack: pack.value };
}

/** Throws a Complaint for an election that no device takes under these keys. */
export function needKind(path: string, kind: ElectionKind, { authority }: ElectionKeys): void {
  const isTest = equalBytes(authority.publicKey, testAuthority.publicKey);
  if (isKindOf(kind, { isTest })) return;
  throw new Complaint(
    isTest
      ? `${path}: a ${kind} election, and everybody has these keys; they sign tests alone (kind: test)`
      : `${path}: a test election, and these are a real authority's keys; they sign kind: real or rehearsal`,
  );
}

/** What stands over figures that do not count. */
export function kindLines(kind: ElectionKind): readonly string[] {
  return kind === "real" ? [] : [`${kind.toUpperCase()}: nothing of this counts`];
}

export interface AssignedFile extends PackageFile {
  readonly election: AssignedElection;
  /** The signed list of assignments. */
  readonly assignmentsBytes: Uint8Array;
}

/** Of the commands that read a package with its devices: see assignmentsBeside. */
export const assignmentsOption = new Option(
  "--assignments <file>",
  "the signed list of assignments; beside the package",
).argParser(inFile("--assignments"));

/** The list of assignments beside a package, unless it is named. */
export function assignmentsBeside(packagePath: string, named: string | undefined): string {
  return named ?? join(dirname(packagePath), assignmentsFile);
}

/** A package with the signed list of its devices. Throws a Complaint for either that is none of these keys. */
export function readAssigned(path: string, assignments: string, keys: ElectionKeys | undefined): AssignedFile {
  const file = readPackage(path, keys);
  const { election } = file.pack;
  let assignmentsBytes: Uint8Array;
  try {
    assignmentsBytes = readBytes(assignments);
  } catch (thrown) {
    throw new Complaint(`${assignments}: the list of assignments cannot be read (${(thrown as Error).message})`);
  }
  const list = readAssignments(readingCrypto, assignmentsBytes, election.authorityKey, election.root);
  if (!list.ok) throw new Complaint(`${assignments}: ${list.error.what}`);
  return { ...file, election: withTerminals(election, list.value), assignmentsBytes };
}

/** An image of a terminal's medium. Throws a Complaint for one that is too small for the election. */
export async function readImage(path: string, election: StationElection): Promise<Uint8Array> {
  const bytes = readBytes(path);
  await complaining([ImageTooSmall], () => layoutOfImage(bytes, election), path);
  return bytes;
}

export function readBytes(path: string): Uint8Array {
  return new Uint8Array(readFileSync(path));
}

/** In a station's folder. */
export function mediumFile(data: string, name: "a" | "b"): string {
  return join(data, `medium-${name}.bin`);
}
