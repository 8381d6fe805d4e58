// Elections one after the other on the same two media: cast, restart, verify, erase everything, again; from the middle
// on cells of slots wear out.

import { concat } from "../../../firmware/bytes.js";
import { Crypto, sealOverhead } from "../../../firmware/crypto/crypto.js";
import type { Primitives } from "../../../firmware/crypto/primitives.js";
import type { StationElection, TerminalId } from "../../../firmware/election/types.js";
import { deriveKeys } from "../../../firmware/device/keys.js";
import { layOut } from "../../../firmware/vault/layout.js";
import type { Flash } from "../../../firmware/platform.js";
import { ok } from "../../../firmware/result.js";
import { Vault } from "../../../firmware/vault/vault.js";
import { NorChip, flashOf } from "../../../sim/nor.js";
import { must } from "../crash/day.js";
import { QuickChance } from "../../../sim/quick-chance.js";

export interface WearReport {
  readonly elections: number;
  readonly ballots: number;
  /** Slots that did not keep what was written, over all elections. */
  readonly lostSlots: number;
  /** The most that any block was erased. */
  readonly erasesMax: number;
  readonly misuses: number;
}

const ballotLength = 48;
const journalLength = 16 * 1024;
const terminal = 1 as TerminalId;

export interface WearOptions {
  readonly elections: number;
  readonly casts: number;
  readonly seed: string;
  readonly primitives: Primitives;
  /** Told how many elections are over; ends them by answering false. */
  readonly onElection?: (done: number) => boolean;
}

/** Throws when a ballot is refused or lost, or a record does not verify. */
export function wearOut(options: WearOptions): WearReport {
  const { elections, casts } = options;
  const chance = new QuickChance(options.seed);
  const size = 64 * 4096;
  const layout = must(
    layOut({ capacity: casts, boxLength: ballotLength + sealOverhead, size, blockLength: 4096, journalLength }),
  );
  const chips = [
    new NorChip({ size, chance: () => chance.next() }),
    new NorChip({ size, chance: () => chance.next() }),
  ] as const;
  const crypto = new Crypto({ primitives: options.primitives, random: (out) => chance.fill(out) });
  // fewer than there are spare slots, whatever they hit
  const wornSlots = Math.min(Math.floor(elections / 8), layout.slots - casts - 1);
  let lostSlots = 0;
  let held = 0;
  for (let nth = 0; nth < elections; nth++) {
    for (const chip of chips) for (let block = 0; block < size / chip.blockLength; block++) chip.erase(block);
    if (nth >= elections / 2 && nth - elections / 2 < wornSlots) {
      chips[nth % 2]!.stick(layout.store.address + chance.below(layout.slots * layout.slotLength), chance.below(8), 0);
    }
    const id = crypto.random(16);
    const keys = deriveKeys(crypto, new Uint8Array(32).fill(9), id, new Uint8Array(32).fill(8));
    const tallyKey = crypto.boxKeyPair(crypto.random(32)).publicKey;
    const election = {
      id,
      root: concat(id, new Uint8Array(16)),
      ballotLength,
      policy: { capacity: casts },
    } as unknown as StationElection;
    const [a, b] = chips.map(flashOf) as [Flash, Flash];
    const parts = { crypto, keys, election, tallyKey: () => ok(tallyKey), terminal, a, b, journalLength };
    const open = (): Vault => must(Vault.open(parts)).vault;
    const vault = open();
    for (let cast = 0; cast < casts; cast++) {
      const prepared = must(vault.prepare(crypto.random(16), crypto.random(ballotLength)));
      must(vault.commit(prepared));
      must(vault.spend(prepared));
      must(vault.blank());
    }
    const again = open();
    const verified = must(again.verifyAll());
    if (verified !== casts) throw new Error(`election ${nth}: ${verified} ballots instead of ${casts}`);
    lostSlots += again.counts.voids;
    held++;
    if (options.onElection?.(held) === false) break;
  }
  return {
    elections: held,
    ballots: held * casts,
    lostSlots,
    erasesMax: Math.max(...chips.map((chip) => Math.max(...chip.wear))),
    misuses: chips.reduce((sum, chip) => sum + chip.counters.misuses, 0),
  };
}
