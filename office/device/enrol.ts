// What a factory and an election office do for a device: its certificate, its assignment, the list of all assignments.

import { randomFillSync } from "node:crypto";
import { concat, equalBytes, utf8, writeU32 } from "../../firmware/bytes.js";
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
  /** 16 bytes: whose ballots its voters cast. */
  readonly election: Uint8Array;
  readonly epoch: number;
}

/** The key that the terminals of a station share, 32 bytes; `seed`: ElectionKeys.station. */
export function stationKeyOf(seed: Uint8Array, station: number): Uint8Array {
  const number = new Uint8Array(4);
  writeU32(number, 0, station);
  return crypto.mac(concat(utf8("sandogh station"), number), seed, 32);
}

/** Same input, same bytes: what is drawn for the seal follows from the key and from whom it is for. */
function sealStationKey(key: Uint8Array, boxKey: Uint8Array, root: Uint8Array): Uint8Array {
  const random = (out: Uint8Array): void => out.set(crypto.mac(concat(boxKey, root), key, out.length));
  const sealed = new Crypto({ primitives: referencePrimitives, random }).seal(key, boxKey);
  if (sealed === undefined) throw new RangeError("a device's key that nothing can be sealed to");
  return sealed;
}

/** The signed assignment of the device whose certificates these are. */
export function assign(
  chain: Uint8Array,
  place: Place,
  keys: { readonly authority: SignKeyPair; readonly station: Uint8Array },
): Result<Uint8Array, { readonly what: string }> {
  const { authority } = keys;
  const device = readDevice(crypto, chain, authority.publicKey);
  if (!device.ok) return err({ what: `certificate: ${device.error.what}` });
  const { serial, signKey, boxKey }: DeviceCertificate = device.value;
  const stationKey =
    place.role === "ballot"
      ? sealStationKey(stationKeyOf(keys.station, place.station), boxKey, place.root)
      : new Uint8Array(0);
  const number = place.number as TerminalId;
  return ok(signAssignment(crypto, { ...place, number, serial, signKey, boxKey, stationKey }, authority.secretKey));
}

/**
 * Why a desk cannot be added to those of its roll. Until desks share their check-ins, two of one roll would each give
 * the same voter a card.
 */
export function problemOfDesk(before: readonly Assigned[], place: Place): string | undefined {
  const other = place.role === "identity" ? before.find(({ role }) => role === "identity") : undefined;
  if (other === undefined) return undefined;
  return `desk ${other.number} (${other.serial}) serves this roll already, and a voter could be given a card at each of two desks, which do not share their check-ins: give the second desk a roll of other voters`;
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
