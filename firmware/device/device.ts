// Which device this is: its own secret and keys, the factory's certificate for them, and what it is assigned to. The
// first start draws the secret and leaves a request; a factory answers with a certificate, an authority with an
// assignment.

import { equalBytes, readU32 } from "../bytes.js";
import type { BoxKeyPair, Crypto, SignKeyPair } from "../crypto/crypto.js";
import { packageCode } from "../election/package-code.js";
import type { MessageCode } from "../messages.js";
import type { Flash, Platform } from "../platform.js";
import { type Result, err, ok } from "../result.js";
import { type Assigned, type DeviceRole, assignmentMax, readAssignment } from "./assignment.js";
import { type DeviceCertificate, certificatesMax, readDevice, readDeviceAgain } from "./certificate.js";
import { deviceKeys } from "./keys.js";
import { DeviceLog } from "./log.js";
import { assignmentAddress, certificateAddress, deviceBlock, requestAddress } from "./layout.js";
import { requestMax, signRequest } from "./request.js";
import { openSecret } from "./secret.js";
import { encodeStored, readStored } from "./stored.js";

export interface Device {
  readonly secret: Uint8Array;
  readonly sign: SignKeyPair;
  readonly box: BoxKeyPair;
  readonly certificate: DeviceCertificate;
  /** What has become of it. */
  readonly log: DeviceLog;
}

export interface DeviceRefusal {
  readonly code: MessageCode;
  readonly why: string;
  /** Of two editions, for people to compare: see packageCode. */
  readonly codes?: readonly (readonly string[])[];
}

/** Something here belongs to `theirs`, and the package is `own`: root hashes. */
export function otherEdition(
  theirs: Uint8Array,
  own: Uint8Array,
): { readonly code: "E-08"; readonly codes: readonly (readonly string[])[] } {
  return { code: "E-08", codes: [packageCode(theirs), packageCode(own)] };
}

function said(root: Uint8Array): string {
  return packageCode(root).join(" ");
}

const secretFaults = { "no-answer": "I-01", "no-fuses": "I-02", damaged: "I-02", chance: "I-03" } as const;

/** Never throws for what the world can do. Writes the secret and the request when they are not there. */
export function openDevice(
  platform: Pick<Platform, "flash" | "fuses" | "root" | "model" | "clock">,
  crypto: Crypto,
): Result<Device, DeviceRefusal> {
  const { main } = platform.flash;
  const stored = readStored(main, certificateAddress, certificatesMax);
  if (!stored.ok) return err({ code: "I-01", why: "main flash does not answer" });
  const secret = openSecret({ crypto, main, fuses: platform.fuses, isKnown: stored.value !== undefined });
  if (!secret.ok) return err({ code: secretFaults[secret.error], why: `secret: ${secret.error}` });
  const { sign, box } = deviceKeys(crypto, secret.value);
  const log = DeviceLog.open({
    flash: main,
    crypto,
    clock: platform.clock,
    secret: secret.value,
    sign,
    isKnown: stored.value !== undefined,
  });
  if (stored.value === undefined) {
    log.note("made", sign.publicKey);
    const request = signRequest(
      crypto,
      { signKey: sign.publicKey, boxKey: box.publicKey, model: platform.model },
      sign,
    );
    // a log that is not begun cannot be missed later
    return log.isKept && leaveRequest(main, request)
      ? err({ code: "I-04", why: "no certificate: the request is at its place" })
      : err({ code: "I-01", why: "the request cannot be written" });
  }
  const hash = crypto.sha256(stored.value);
  // the log says that this device has verified that very certificate; its assignment is verified at every start
  const root = readU32(platform.root.key, 0);
  const noted = log.state === "whole" ? log.newest("enrolled") : undefined;
  const wasRead = noted !== undefined && noted.detail === root && equalBytes(noted.what, hash);
  const certificate = wasRead ? readDeviceAgain(stored.value) : readDevice(crypto, stored.value, platform.root.key);
  if (!certificate.ok) return err({ code: "I-05", why: `certificate: ${certificate.error.what}` });
  const { signKey, boxKey } = certificate.value;
  if (!equalBytes(signKey, sign.publicKey) || !equalBytes(boxKey, box.publicKey))
    return err({ code: "I-05", why: "certificate: of another device" });
  log.note("enrolled", hash, root);
  return ok({ secret: secret.value, sign, box, certificate: certificate.value, log });
}

function leaveRequest(main: Flash, request: Uint8Array): boolean {
  const before = readStored(main, requestAddress, requestMax);
  if (before.ok && before.value !== undefined && equalBytes(before.value, request)) return true;
  return main.eraseBlock(requestAddress / deviceBlock) && main.write(encodeStored(request), requestAddress);
}

/** What a device serves. */
export interface Served {
  readonly role: DeviceRole;
  /** Of the package or roll. */
  readonly root: Uint8Array;
  readonly station: number;
  readonly election: Uint8Array;
  readonly epoch: number;
}

/** What this device is, for the package or roll with this root. */
export function readOwnAssignment(
  platform: Pick<Platform, "flash" | "root">,
  crypto: Crypto,
  device: Device,
  { role, root, station, election, epoch }: Served,
): Result<Assigned, DeviceRefusal> {
  const stored = readStored(platform.flash.main, assignmentAddress, assignmentMax);
  if (!stored.ok) return err({ code: "I-01", why: "main flash does not answer" });
  if (stored.value === undefined) return err({ code: "I-06", why: "no assignment" });
  const read = readAssignment(crypto, stored.value, platform.root.key);
  if (!read.ok) return err({ code: "I-06", why: read.error.what });
  const { value } = read;
  const isOwn =
    value.serial === device.certificate.serial &&
    equalBytes(value.signKey, device.sign.publicKey) &&
    equalBytes(value.boxKey, device.box.publicKey) &&
    value.role === role;
  if (!isOwn) return err({ code: "E-06", why: `assignment: of ${value.role} ${value.serial}` });
  const isServed = equalBytes(value.election, election) && value.epoch === epoch && value.station === station;
  if (!equalBytes(value.root, root) || !isServed)
    return err({ ...otherEdition(value.root, root), why: `assignment of ${said(value.root)}, package ${said(root)}` });
  return ok({ ...value, signed: stored.value });
}

/** A ballot terminal's station's key, 32 bytes; undefined when it is not sealed to this device. */
export function openStationKey(crypto: Crypto, device: Device, { stationKey }: Assigned): Uint8Array | undefined {
  const opened = crypto.sealOpen(stationKey, device.box);
  return opened?.length === 32 ? opened : undefined;
}
