// npx tsx test/campaigns/crash/wear.ts [--elections N] [--casts N]
// Elections one after the other on the same two media: cast, restart, verify, erase everything, again; from the middle on cells of slots wear out.

import { parseArgs } from "node:util";
import { Crypto, sealOverhead } from "../../../firmware/crypto/crypto.js";
import type { Primitives } from "../../../firmware/crypto/primitives.js";
import type { Election, TerminalId } from "../../../firmware/election/types.js";
import { deriveKeys } from "../../../firmware/device/keys.js";
import { layOut } from "../../../firmware/vault/layout.js";
import { Vault } from "../../../firmware/vault/vault.js";
import { NorChip, flashOf } from "../../../sim/nor.js";
import { sodiumPrimitives } from "../../../office/crypto/sodium.js";
import { must } from "./day.js";
import { QuickChance } from "../../../sim/quick-chance.js";

export interface WearReport {
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

/** Throws when a ballot is refused or lost, or a record does not verify. */
export function wearOut(options: { readonly elections: number; readonly casts: number; readonly seed: string; readonly primitives: Primitives }): WearReport {
  const { elections, casts } = options;
  const chance = new QuickChance(options.seed);
  const size = 64 * 4096;
  const layout = must(layOut({ capacity: casts, boxLength: ballotLength + sealOverhead, size, blockLength: 4096, journalLength }));
  const chips = [new NorChip({ size, chance: () => chance.next() }), new NorChip({ size, chance: () => chance.next() })] as const;
  const crypto = new Crypto({ primitives: options.primitives, random: (out) => chance.fill(out) });
  // fewer than there are spare slots, whatever they hit
  const wornSlots = Math.min(Math.floor(elections / 8), layout.slots - casts - 1);
  let lostSlots = 0;
  for (let nth = 0; nth < elections; nth++) {
    for (const chip of chips) for (let block = 0; block < size / chip.blockLength; block++) chip.erase(block);
    if (nth >= elections / 2 && nth - elections / 2 < wornSlots) {
      chips[nth % 2]!.stick(layout.store.address + chance.below(layout.slots * layout.slotLength), chance.below(8), 0);
    }
    const id = crypto.random(16);
    const keys = deriveKeys(crypto, new Uint8Array(32).fill(9), id);
    const tallyKey = crypto.boxKeyPair(crypto.random(32)).publicKey;
    const election = { id, ballotLength, tallyKey, policy: { capacity: casts } } as unknown as Election;
    const open = (): Vault => must(Vault.open({ crypto, keys, election, terminal, a: flashOf(chips[0]), b: flashOf(chips[1]), journalLength })).vault;
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
  }
  return {
    ballots: elections * casts, lostSlots, erasesMax: Math.max(...chips.map((chip) => Math.max(...chip.wear))),
    misuses: chips.reduce((sum, chip) => sum + chip.counters.misuses, 0),
  };
}

if (process.argv[1] === import.meta.filename) {
  const { values } = parseArgs({ options: { elections: { type: "string", default: "50" }, casts: { type: "string", default: "200" } } });
  const started = performance.now();
  const report = wearOut({ elections: Number(values.elections), casts: Number(values.casts), seed: "wear", primitives: sodiumPrimitives });
  process.stdout.write(`${report.ballots} ballots, all there and verified; ${report.lostSlots} worn slots passed over; a block erased at most ${report.erasesMax} times; ${((performance.now() - started) / 1000).toFixed(1)} s\n`);
}
