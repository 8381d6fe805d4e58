// How a simulated device comes by what a real one gets from factory and election office: its first start leaves a
// request on the main flash, the answers are written there. The files pass as bytes over the cable; nothing here knows
// the device's secret.

import { equalBytes } from "../firmware/bytes.js";
import { Crypto } from "../firmware/crypto/crypto.js";
import { type Assigned, assignmentMax, readAssignment } from "../firmware/device/assignment.js";
import { certificatesMax } from "../firmware/device/certificate.js";
import { assignmentAddress, certificateAddress, requestAddress } from "../firmware/device/layout.js";
import { requestMax } from "../firmware/device/request.js";
import { encodeStored, readStored } from "../firmware/device/stored.js";
import { referencePrimitives } from "../office/crypto/reference.js";
import { type Place, assign, certify } from "../office/device/enrol.js";
import type { ElectionKeys } from "../office/package/keys.js";
import { type NorChip, flashOf } from "./nor.js";
import { Terminal, type TerminalOptions } from "./terminal.js";

export interface EnrolOptions {
  /** For the first start. */
  readonly terminal: TerminalOptions;
  readonly main: NorChip;
  readonly keys: Pick<ElectionKeys, "authority" | "factory" | "station">;
  readonly serial: string;
  readonly place: Place;
}

const crypto = new Crypto({ primitives: referencePrimitives, random: () => undefined });
/** The start has ended. */
const refusal = "out of service: ";

/**
 * Gives the device what it lacks: the certificate at its first start only, the assignment when the place is another.
 */
export async function enrolDevice({ terminal, main, keys, serial, place }: EnrolOptions): Promise<Assigned> {
  let chain = stored(main, certificateAddress, certificatesMax);
  if (chain === undefined) {
    await firstStart(terminal);
    const request = stored(main, requestAddress, requestMax);
    if (request === undefined) throw new Error("the first start has left no request");
    const certified = certify(request, { serial, revision: 1, testRecord: new Uint8Array(32) }, keys.factory);
    if (!certified.ok) throw new Error(certified.error.what);
    chain = certified.value;
    writeFlash(main, certificateAddress, encodeStored(chain));
  }
  const signed = assign(chain, place, keys);
  if (!signed.ok) throw new Error(signed.error.what);
  const before = stored(main, assignmentAddress, assignmentMax);
  if (before === undefined || !equalBytes(before, signed.value))
    writeFlash(main, assignmentAddress, encodeStored(signed.value));
  const read = readAssignment(crypto, signed.value, keys.authority.publicKey);
  if (!read.ok) throw new Error(read.error.what);
  return { ...read.value, signed: signed.value };
}

async function firstStart(options: TerminalOptions): Promise<void> {
  let said: string | undefined;
  const terminal = new Terminal({
    ...options,
    onTrace: (line) => {
      if (line.startsWith(refusal)) said = line;
      options.onTrace?.(line);
    },
  });
  try {
    await terminal.start();
    await terminal.runUntil(() => said !== undefined);
  } finally {
    terminal.kill();
    terminal.close();
  }
  if (!said?.startsWith(`${refusal}I-04`)) throw new Error(`a first start asks for a certificate; this one: ${said}`);
}

function stored(main: NorChip, address: number, max: number): Uint8Array | undefined {
  const read = readStored(flashOf(main), address, max);
  return read.ok ? read.value : undefined;
}

/** As a programmer does: what lies there is erased when it is another. `address`: the beginning of a block. */
export function writeFlash(chip: NorChip, address: number, bytes: Uint8Array): void {
  if (equalBytes(chip.cells.subarray(address, address + bytes.length), bytes)) return;
  for (let at = address; at < address + bytes.length; at += chip.blockLength)
    if (chip.cells.subarray(at, at + chip.blockLength).some((byte) => byte !== 0xff)) chip.erase(at / chip.blockLength);
  chip.program(address, bytes);
}
