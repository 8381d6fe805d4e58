// What a cast costs in flash at several fills, and what a start reads: counted by the emulated chips, exact.

import { concat } from "../firmware/bytes.js";
import { sealOverhead } from "../firmware/crypto/crypto.js";
import { Crypto } from "../firmware/crypto/crypto.js";
import type { StationElection, TerminalId } from "../firmware/election/types.js";
import { deriveKeys } from "../firmware/device/keys.js";
import { ok } from "../firmware/result.js";
import { layOut } from "../firmware/vault/layout.js";
import { type OpenedVault, Vault } from "../firmware/vault/vault.js";
import { NorChip, type NorCounters, PowerCut, flashOf } from "../sim/nor.js";
import { QuickChance } from "../sim/quick-chance.js";
import { must } from "../test/campaigns/crash/day.js";
import { sodiumPrimitives } from "../office/crypto/sodium.js";

/** Of both media together. */
export interface FlashCost {
  readonly at: string;
  readonly programs: number;
  readonly bytesProgrammed: number;
  readonly erases: number;
  readonly reads: number;
  readonly bytesRead: number;
}

const ballotLength = 144;
/** Of which 5 % are one span; there is room for one more, whose cast is cut. */
const full = 2560;
const capacity = full + 1;
/** Casts over which is averaged: each log goes once through both of its blocks. */
const span = 128;
const fills = [0, 50, 80, 95] as const;

export function flashCost(): { readonly casts: readonly FlashCost[]; readonly starts: readonly FlashCost[] } {
  const chance = new QuickChance("flash cost");
  const crypto = new Crypto({ primitives: sodiumPrimitives, random: (out) => chance.fill(out) });
  const id = crypto.random(16);
  const keys = deriveKeys(crypto, crypto.random(32), id, crypto.random(32));
  const election = {
    id,
    root: concat(id, new Uint8Array(16)),
    policy: { capacity },
    ballotLength,
  } as unknown as StationElection;
  const tallyKey = crypto.boxKeyPair(crypto.random(32)).publicKey;
  const size = 4 * 1024 * 1024;
  must(layOut({ capacity, boxLength: ballotLength + sealOverhead, size, blockLength: 4096 }));
  const [a, b] = [new NorChip({ size }), new NorChip({ size })];
  const open = (): OpenedVault =>
    must(
      Vault.open({
        crypto,
        keys,
        election,
        tallyKey: () => ok(tallyKey),
        terminal: 1 as TerminalId,
        a: flashOf(a),
        b: flashOf(b),
      }),
    );
  const measured = (at: string, count: number, act: () => void): FlashCost => {
    const before = [{ ...a.counters }, { ...b.counters }] as const;
    act();
    const of = (key: keyof NorCounters): number =>
      (a.counters[key] - before[0][key] + b.counters[key] - before[1][key]) / count;
    return {
      at,
      programs: of("programs"),
      bytesProgrammed: of("bytesProgrammed"),
      erases: of("erases"),
      reads: of("reads"),
      bytesRead: of("bytesRead"),
    };
  };
  const { vault } = open();
  const castOne = (): void => {
    const prepared = must(vault.prepare(crypto.random(16), crypto.random(ballotLength)));
    must(vault.commit(prepared));
    must(vault.spend(prepared));
    must(vault.blank());
  };
  const castTo = (count: number): void => {
    while (vault.counts.ballots < count) castOne();
  };
  const casts = fills.map((fill) => {
    // the first ballot of all finds no head before it that is blanked
    const from = Math.max(1, (full * fill) / 100);
    castTo(from);
    return measured(`${fill} %`, span, () => castTo(from + span));
  });
  const sound = measured(`a start with ${full} ballots`, 1, open);
  // the power goes while the commit word is programmed on B
  b.onOperation = (operation) => {
    if (operation.kind === "program" && operation.data.length === 16 && operation.data.every((byte) => byte === 0))
      throw new PowerCut("commit");
  };
  try {
    castOne();
  } catch (thrown) {
    if (!(thrown instanceof PowerCut)) throw thrown;
  }
  b.onOperation = undefined;
  const recovery = measured(`a start after a cut in the commit of one more`, 1, open);
  return { casts, starts: [sound, recovery] };
}
