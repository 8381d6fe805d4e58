// The device of a campaign: who it is, and the packages of two elections, the second of which comes when the first is
// released. Made by the packager, so that a start begins where the product's does: with what lies on the main flash.

import { Crypto } from "../../../firmware/crypto/crypto.js";
import { toHex } from "../../../firmware/bytes.js";
import { openDevice } from "../../../firmware/device/device.js";
import { epochAddress, epochLength } from "../../../firmware/device/epoch.js";
import { logAddress } from "../../../firmware/device/log-cell.js";
import {
  assignmentAddress,
  certificateAddress,
  packageAddress,
  requestAddress,
} from "../../../firmware/device/layout.js";
import { readRequest, requestMax } from "../../../firmware/device/request.js";
import { encodeStored, readStored } from "../../../firmware/device/stored.js";
import { openPackage } from "../../../firmware/election/package.js";
import type { TerminalId } from "../../../firmware/election/types.js";
import type { Result } from "../../../firmware/result.js";
import type { BootPlatform } from "../../../firmware/roles/ballot-boot.js";
import { referencePrimitives } from "../../../office/crypto/reference.js";
import { buildPackage } from "../../../office/package/build.js";
import { parseDefinition } from "../../../office/package/definition.js";
import { assign, certify } from "../../../office/device/enrol.js";
import { electionKeysFromSeed, testAuthority } from "../../../office/package/keys.js";
import { packageFlash } from "../../../office/package/package-flash.js";
import { testRoot } from "../../../platform/test-root.js";
import { Chance } from "../../../sim/chance.js";
import { NorChip, flashOf } from "../../../sim/nor.js";
import { fusesOf } from "../../support/device-secret.js";

const terminal = 1 as TerminalId;

export interface Device {
  /** Ed25519: of both elections. */
  readonly authorityKey: Uint8Array;
  /** Its own Ed25519 key. */
  readonly signKey: Uint8Array;
  /** What lies on the main flash with the package of the first election, and of the second. */
  readonly main: readonly [Uint8Array, Uint8Array];
}

const seed = new Uint8Array(32).fill(0xc4);
const fuses = new Uint8Array(32).fill(0xa5);
/** What the campaign's device has in its fuses: 64 hexadecimal digits. */
export const campaignFuses = toHex(fuses);
export const campaignClock = { monotonic: () => 0, wall: () => 1_795_235_400 };
/** What a start of it asks of the platform besides its chips. */
export const campaignDevice: Omit<BootPlatform, "flash" | "tallyKey"> = {
  clock: campaignClock,
  fuses: fusesOf(fuses),
  root: testRoot,
  model: "campaign-1",
  trace: () => undefined,
};
/** Of the main flash, which is a chip under cuts as the media are. */
const mainSize = 0x2_0000;
const known = new Map<number, Device>();

/** One contest of nine options with three votes. */
function definition(capacity: number): string {
  const options = Array.from({ length: 9 }, (_, i) => `{ code: ${i + 1}, name: نامزد }`);
  return `title: آزمون
kind: test
station: { number: 1, name: بهار }
policy: { capacity: ${capacity}, k: 1 }
styles: [{ id: 1, contests: [1] }]
contests: [{ id: 1, kind: n-of-m, title: شورا, votesAllowed: 3, options: [${options.join(", ")}] }]
`;
}

/** Made once for each capacity. */
export function deviceOf(capacity: number): Device {
  const before = known.get(capacity);
  if (before !== undefined) return before;
  const parsed = parseDefinition(definition(capacity), "campaign.yaml");
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  // one package in each election: another title is another edition
  const packages = [1, 2].map((number) =>
    buildPackage({ ...parsed.value, title: `${parsed.value.title} ${number}` }, electionKeysFromSeed(seed, number)),
  );
  const first = mainFlash(packages[0]!);
  const device: Device = {
    authorityKey: testAuthority.publicKey,
    signKey: first.signKey,
    main: [first.cells, mainFlash(packages[1]!).cells],
  };
  known.set(capacity, device);
  return device;
}

/** What lies on the main flash of an enrolled device with this package and the assignment that belongs to it. */
function mainFlash(bytes: Uint8Array): { readonly cells: Uint8Array; readonly signKey: Uint8Array } {
  const chip = new NorChip({ size: mainSize });
  const flash = flashOf(chip);
  const chance = new Chance("campaign", "device");
  const crypto = new Crypto({ primitives: referencePrimitives, random: (out) => chance.fill(out) });
  const first = openDevice({ ...campaignDevice, flash: { main: flash, a: flash, b: flash } }, crypto);
  if (first.ok || first.error.code !== "I-04") throw new Error("a first start asks for a certificate");
  const request = must(readStored(flash, requestAddress, requestMax))!;
  const hardware = { serial: "BT-000001", revision: 1, testRecord: new Uint8Array(32) };
  const chain = must(certify(request, hardware, electionKeysFromSeed(seed).factory));
  const opened = must(openPackage(packageFlash(bytes), 0, crypto, testAuthority.publicKey));
  const { id: election, root, station, cards } = opened.election;
  const place = { root, station, number: terminal, role: "ballot", election, epoch: cards.epoch } as const;
  const signed = must(assign(chain, place, electionKeysFromSeed(seed)));
  chip.cells.set(encodeStored(chain), certificateAddress);
  chip.cells.set(encodeStored(signed), assignmentAddress);
  chip.cells.set(bytes, packageAddress);
  return { cells: chip.cells, signKey: must(readRequest(crypto, request)).signKey };
}

function must<T>(result: Result<T, unknown>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

/** The package of election `number` into `cells` of a main flash, where what a terminal has written there stays. */
export function loadPackage(device: Device, number: 1 | 2, cells: Uint8Array): void {
  const places = [
    [epochAddress, epochAddress + epochLength],
    [logAddress, packageAddress],
  ] as const;
  const kept = places.map(([from, to]) => cells.slice(from, to));
  cells.set(device.main[number - 1]!);
  for (const [i, [from]] of places.entries()) cells.set(kept[i]!, from);
}
