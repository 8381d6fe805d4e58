// Rolls for tests: voters drawn by a seed, and a flash that holds their roll.

import { Crypto } from "../../firmware/crypto/crypto.js";
import { describeRollError } from "../../firmware/roll/error.js";
import { type Roll, openRoll } from "../../firmware/roll/roll.js";
import { Chance } from "../../sim/chance.js";
import { sodiumPrimitives } from "../../office/crypto/sodium.js";
import { type ElectionKeys, electionKeysFromSeed } from "../../office/package/keys.js";
import { type RollDefinition, type RollVoter, buildRoll } from "../../office/roll/build.js";
import { MemoryFlash } from "../support/memory-flash.js";

export const crypto = new Crypto({
  primitives: sodiumPrimitives,
  random: () => {
    throw new Error("nothing here needs chance");
  },
});
export const keys = electionKeysFromSeed(new Uint8Array(32).fill(7));
export const otherKeys: ElectionKeys = {
  ...electionKeysFromSeed(new Uint8Array(32).fill(8)),
  authority: crypto.signKeyPair(new Uint8Array(32).fill(8)),
};
export const desk = { id: 5, publicKey: crypto.signKeyPair(new Uint8Array(32).fill(0x45)).publicKey };
export const address = 0x1_0000;
const size = 0x40_0000;

/** Uniform keys, each once, ascending. */
export function drawVoters(seed: string, count: number, areas: number, end = 1_000_000_000): RollVoter[] {
  const chance = new Chance(seed, "voters");
  const drawn = new Set<number>();
  while (drawn.size < count) {
    const bytes = chance.bytes(4);
    const value = ((bytes[0]! << 24) | (bytes[1]! << 16) | (bytes[2]! << 8) | bytes[3]!) >>> 2;
    if (value < 2 ** 30 - (2 ** 30 % end)) drawn.add(value % end);
  }
  return [...drawn].sort((a, b) => a - b).map((key) => ({ key, area: chance.bytes(1)[0]! % areas }));
}

export function definition(voters: readonly RollVoter[], styles: readonly number[]): RollDefinition {
  return { kind: "test", station: 1207, styles, capacity: 40, election: keys.election, voters };
}

export function flashWith(bytes: Uint8Array): MemoryFlash {
  return new MemoryFlash(size, bytes, address);
}

export function open(flash: MemoryFlash, authority = keys.authority.publicKey): ReturnType<typeof openRoll> {
  return openRoll(flash, address, crypto, authority);
}

export function opened(flash: MemoryFlash): Roll {
  const roll = open(flash);
  if (!roll.ok) throw new Error(describeRollError(roll.error));
  return roll.value;
}

export function rollOf(
  voters: readonly RollVoter[],
  styles: readonly number[] = [1],
): { readonly roll: Roll; readonly flash: MemoryFlash; readonly bytes: Uint8Array } {
  const bytes = buildRoll(definition(voters, styles), keys);
  const flash = flashWith(bytes);
  return { roll: opened(flash), flash, bytes };
}
