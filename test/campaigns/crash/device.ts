// The device of a campaign: who it is, and the packages of two elections, the second of which comes when the first is
// released. Made by the packager, so that a start begins where the product's does: with what lies on the main flash.

import { Crypto } from "../../../firmware/crypto/crypto.js";
import { encodeIdentity, identityAddress, packageAddress } from "../../../firmware/device/identity.js";
import { deriveKeys } from "../../../firmware/device/keys.js";
import type { TerminalId } from "../../../firmware/election/types.js";
import { referencePrimitives } from "../../../office/crypto/reference.js";
import { buildPackage } from "../../../office/package/build.js";
import { parseDefinition } from "../../../office/package/definition.js";
import { electionKeysFromSeed } from "../../../office/package/keys.js";

const terminal = 1 as TerminalId;

export interface Device {
  /** Ed25519: of both elections. */
  readonly authorityKey: Uint8Array;
  /** What lies on the main flash with the package of the first election, and of the second. */
  readonly main: readonly [Uint8Array, Uint8Array];
}

const seed = new Uint8Array(32).fill(0xc4);
const secret = new Uint8Array(32).fill(0xa5);
/** Packages are read in blocks of it. */
const grain = 4096;
const known = new Map<number, Device>();

/** One contest of nine options with three votes. */
function definition(capacity: number): string {
  const options = Array.from({ length: 9 }, (_, i) => `{ code: ${i + 1}, name: نامزد }`);
  return `title: آزمون
test: true
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
  const crypto = new Crypto({ primitives: referencePrimitives, random: () => undefined });
  const main = ([1, 2] as const).map((number) => {
    const keys = electionKeysFromSeed(seed, number);
    const { publicKey } = deriveKeys(crypto, secret, keys.election).sign;
    const bytes = buildPackage(parsed.value, keys, [{ id: terminal, publicKey }]);
    const flash = new Uint8Array(Math.ceil((packageAddress + bytes.length) / grain) * grain).fill(0xff);
    flash.set(encodeIdentity({ terminal, authorityKey: keys.authority.publicKey, secret }), identityAddress);
    flash.set(bytes, packageAddress);
    return flash;
  });
  const device: Device = { authorityKey: electionKeysFromSeed(seed).authority.publicKey, main: [main[0]!, main[1]!] };
  known.set(capacity, device);
  return device;
}
