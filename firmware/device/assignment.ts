// Which device stands where: the authority's word that this device, with these keys, is this terminal or desk of this
// station, for one package or roll and no other. A package names no device, so a spare gets its assignment on the
// morning of the day, and nothing else changes. It is also what a reader shows a card (access/protocol.ts), and brings a
// terminal its station's key. See device.cddl.

import { array, bytes, decodeAs, describe, encodeAs, literal, map, text, uint } from "../cbor/shape.js";
import { equalBytes } from "../bytes.js";
import { sign1, verify1 } from "../cose/sign1.js";
import type { Crypto } from "../crypto/crypto.js";
import type { TerminalId } from "../election/types.js";
import { type Result, err, ok } from "../result.js";
import { serialMax } from "./certificate.js";

/** Bytes, signed. */
export const assignmentMax = 320;
/** A desk's, which holds no station key: a card hands it to the terminal in one answer. */
export const deskAssignmentMax = 238;
/** crypto_box_seal of 32 bytes. */
const stationKeyLength = 80;
/** Devices of one package. */
export const assignmentsMax = 64;

/** recovery: an office's reader that stands for a terminal that is dead. No device is one. */
export type DeviceRole = "ballot" | "identity" | "recovery";

export interface Assignment {
  /** Root hash of the package or roll, 32 bytes. */
  readonly root: Uint8Array;
  readonly serial: string;
  /** Ed25519, 32 bytes. */
  readonly signKey: Uint8Array;
  /** X25519, 32 bytes. */
  readonly boxKey: Uint8Array;
  readonly station: number;
  /** As the election office counts, from 1. */
  readonly number: TerminalId;
  readonly role: DeviceRole;
  /** Whose ballots its voters cast, 16 bytes. */
  readonly election: Uint8Array;
  /** That election's number: cards refuse a reader of one that is past. */
  readonly epoch: number;
  /** The station's key, sealed to the device; empty but for a ballot terminal. */
  readonly stationKey: Uint8Array;
}

const roles = ["ballot", "identity", "recovery"] as const;

const shape = map<Omit<Assignment, "role" | "number"> & { readonly number: number; readonly role: 1 | 2 | 3 }>({
  root: { key: 1, shape: bytes(32) },
  serial: { key: 2, shape: text(serialMax) },
  signKey: { key: 3, shape: bytes(32) },
  boxKey: { key: 4, shape: bytes(32) },
  station: { key: 5, shape: uint(999_999, 1) },
  number: { key: 6, shape: uint(0xffff_ffff, 1) },
  role: { key: 7, shape: literal(1, 2, 3) },
  election: { key: 8, shape: bytes(16) },
  epoch: { key: 9, shape: uint(0xffff_ffff) },
  stationKey: { key: 10, shape: bytes({ min: 0, max: stationKeyLength }) },
});

export function signAssignment(crypto: Crypto, assignment: Assignment, authoritySecretKey: Uint8Array): Uint8Array {
  const role = (roles.indexOf(assignment.role) + 1) as 1 | 2 | 3;
  const payload = encodeAs({ ...assignment, role }, shape);
  return sign1(crypto, "sandogh/assignment", payload, authoritySecretKey);
}

export function readAssignment(
  crypto: Crypto,
  signed: Uint8Array,
  authorityKey: Uint8Array,
): Result<Assignment, { readonly what: string }> {
  const payload = verify1(crypto, "sandogh/assignment", signed, authorityKey);
  if (!payload.ok) return err({ what: "assignment: not signed by the authority" });
  const read = decodeAs(payload.value, shape);
  if (!read.ok) return err({ what: `assignment: ${describe(read.error)}` });
  const { role, number, ...rest } = read.value;
  const isTerminal = roles[role - 1] === "ballot";
  if (rest.stationKey.length !== (isTerminal ? stationKeyLength : 0))
    return err({ what: "assignment: a terminal's has its station's key, and no other one" });
  return ok({ ...rest, number: number as TerminalId, role: roles[role - 1]! });
}

/** A device of a package, as collector, tally and verifier know it. */
export interface Assigned extends Assignment {
  /** The signed assignment, as the device shows it. */
  readonly signed: Uint8Array;
}

/**
 * The list that collector, tally and verifier trust: all assignments to one package, in the order in which they were
 * made. A later list has what an earlier one has, and more.
 */
export interface AssignmentList {
  readonly root: Uint8Array;
  readonly assigned: readonly Assigned[];
}

const listShape = map<{ root: Uint8Array; assignments: Uint8Array[] }>({
  root: { key: 1, shape: bytes(32) },
  assignments: { key: 2, shape: array(bytes({ min: 1, max: assignmentMax }), assignmentsMax) },
});

export function signAssignments(
  crypto: Crypto,
  { root, assignments }: { readonly root: Uint8Array; readonly assignments: readonly Uint8Array[] },
  authoritySecretKey: Uint8Array,
): Uint8Array {
  const payload = encodeAs({ root, assignments: [...assignments] }, listShape);
  return sign1(crypto, "sandogh/assignments", payload, authoritySecretKey);
}

/** No two of the list have one number in one role, one serial or one key; all are of `root`. */
export function readAssignments(
  crypto: Crypto,
  signed: Uint8Array,
  authorityKey: Uint8Array,
  root: Uint8Array,
): Result<AssignmentList, { readonly what: string }> {
  const payload = verify1(crypto, "sandogh/assignments", signed, authorityKey);
  if (!payload.ok) return err({ what: "list of assignments: not signed by the authority" });
  const read = decodeAs(payload.value, listShape);
  if (!read.ok) return err({ what: `list of assignments: ${describe(read.error)}` });
  if (!equalBytes(read.value.root, root)) return err({ what: "list of assignments: of another package" });
  const assigned: Assigned[] = [];
  for (const [i, each] of read.value.assignments.entries()) {
    const one = readAssignment(crypto, each, authorityKey);
    if (!one.ok) return err({ what: `entry ${i + 1}: ${one.error.what}` });
    if (!equalBytes(one.value.root, root)) return err({ what: `entry ${i + 1}: of another package` });
    const twice = assigned.some(
      (other) =>
        (other.number === one.value.number && other.role === one.value.role) ||
        other.serial === one.value.serial ||
        equalBytes(other.signKey, one.value.signKey),
    );
    if (twice) return err({ what: `entry ${i + 1}: a number, serial or key used before` });
    assigned.push({ ...one.value, signed: each });
  }
  return ok({ root, assigned });
}
