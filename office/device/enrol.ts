// What a factory and an election office do for a device: its certificate, its assignment, the list of all assignments.

import { randomFillSync } from "node:crypto";
import { equalBytes } from "../../firmware/bytes.js";
import { Crypto, type SignKeyPair } from "../../firmware/crypto/crypto.js";
import {
  type Assigned,
  type AssignmentList,
  type DeviceRole,
  readAssignment,
  signAssignment,
  signAssignments,
} from "../../firmware/device/assignment.js";
import { type DeviceCertificate, readDevice, serialMax, signDevice } from "../../firmware/device/certificate.js";
import { readRequest } from "../../firmware/device/request.js";
import type { StationElection, TerminalId } from "../../firmware/election/types.js";
import { type Result, err, ok } from "../../firmware/result.js";
import { referencePrimitives } from "../crypto/reference.js";

const crypto = new Crypto({ primitives: referencePrimitives, random: (out) => void randomFillSync(out) });

export interface FactoryKey {
  /** The authority's certificate for it. */
  readonly certificate: Uint8Array;
  readonly secretKey: Uint8Array;
}

export interface Hardware {
  /** Capital letters, digits and hyphens. */
  readonly serial: string;
  readonly revision: number;
  /** SHA-256 of the record of the factory's tests. */
  readonly testRecord: Uint8Array;
}

/** The factory's certificate for the device whose request this is. */
export function certify(
  request: Uint8Array,
  { serial, revision, testRecord }: Hardware,
  factory: FactoryKey,
): Result<Uint8Array, { readonly what: string }> {
  const read = readRequest(crypto, request);
  if (!read.ok) return err({ what: `request: ${read.error.what}` });
  if (!/^[A-Z0-9-]+$/.test(serial) || serial.length > serialMax)
    return err({ what: `serial "${serial}": up to ${serialMax} capital letters, digits and hyphens` });
  return ok(signDevice(crypto, { ...read.value, serial, revision, testRecord }, factory));
}

export interface Place {
  readonly root: Uint8Array;
  readonly station: number;
  readonly number: number;
  readonly role: DeviceRole;
}

/** The signed assignment of the device whose certificates these are. */
export function assign(
  chain: Uint8Array,
  { root, station, number, role }: Place,
  authority: SignKeyPair,
): Result<Uint8Array, { readonly what: string }> {
  const device = readDevice(crypto, chain, authority.publicKey);
  if (!device.ok) return err({ what: `certificate: ${device.error.what}` });
  const { serial, signKey, boxKey }: DeviceCertificate = device.value;
  return ok(
    signAssignment(
      crypto,
      { root, serial, signKey, boxKey, station, number: number as TerminalId, role },
      authority.secretKey,
    ),
  );
}

/** The signed list, of assignments to one package. */
export function listOf(assignments: readonly Uint8Array[], authority: SignKeyPair): Uint8Array {
  const first = assignments[0] === undefined ? undefined : readAssignment(crypto, assignments[0], authority.publicKey);
  if (first === undefined || !first.ok) throw new RangeError("assignments by this authority");
  return signAssignments(crypto, { root: first.value.root, assignments }, authority.secretKey);
}

/** A ballot terminal of an election, as collector, tally and verifier know it. */
export interface Terminal {
  readonly id: TerminalId;
  /** Ed25519 */
  readonly publicKey: Uint8Array;
  readonly assignment: Assigned;
}

export interface AssignedElection extends StationElection {
  readonly terminals: readonly Terminal[];
}

/** The election with its ballot terminals. The list is of this package. */
export function withTerminals(election: StationElection, { root, assigned }: AssignmentList): AssignedElection {
  if (!equalBytes(root, election.root)) throw new RangeError("the list is of another package");
  return {
    ...election,
    terminals: assigned
      .filter(({ role }) => role === "ballot")
      .map((assignment) => ({ id: assignment.number, publicKey: assignment.signKey, assignment })),
  };
}
