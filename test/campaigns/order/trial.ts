// One small polling day for the question whether an image tells the order of two ballots: X and Y, whose contents and
// tokens the one who asks knows, are cast among others, in one order or the other, with voids, slots that fail, and
// power cuts with their recovery in between.

import { concat } from "../../../firmware/bytes.js";
import { encodeBallot } from "../../../firmware/election/ballot.js";
import { Crypto, sealOverhead } from "../../../firmware/crypto/crypto.js";
import type { BoxKeyPair } from "../../../firmware/crypto/crypto.js";
import type { Primitives } from "../../../firmware/crypto/primitives.js";
import type { Election, StyleId, TerminalId } from "../../../firmware/election/types.js";
import { Journal } from "../../../firmware/journal/journal.js";
import { type DeviceKeys, deriveKeys } from "../../../firmware/device/keys.js";
import { type Layout, layOut } from "../../../firmware/vault/layout.js";
import { ok } from "../../../firmware/result.js";
import { Vault } from "../../../firmware/vault/vault.js";
import { NorChip, flashOf, PowerCut } from "../../../sim/nor.js";
import { QuickChance } from "../../../sim/quick-chance.js";
import { memoryOf } from "./memory.js";
import { midSync } from "./mid-sync.js";

/** Of X and Y, in the one contest; all others choose higher codes. */
export const choiceOfX = 1;
export const choiceOfY = 2;

const capacity = 10;
const ballotsMax = 9;
const chipLength = 100 * 1024;
const journalLength = 48 * 1024;
const ballotLength = 32;
const terminal = 1 as TerminalId;
/** The journal's; the vault has none. */
const clock = { monotonic: () => 0, wall: () => 1_795_235_400 };
/** Shares of the casts before which something happens. */
const shares = { voided: 0.15, cut: 0.15, replaced: 0.05, sending: 0.3 } as const;
const failingSlotShare = 0.3;

/** Makes the crypto of a terminal; for the positive controls another placement than uniform. */
export type CryptoMaker = (primitives: Primitives, random: (out: Uint8Array) => void) => Crypto;

/**
 * Everything the one who asks has: one image of both media, what the vault and the uplink hold in RAM, and every key
 * and token.
 */
export interface Evidence {
  readonly a: Uint8Array;
  readonly b: Uint8Array;
  readonly memory: Uint8Array;
  readonly layout: Layout;
  readonly crypto: Crypto;
  readonly keys: DeviceKeys;
  readonly tally: BoxKeyPair;
  readonly tokens: { readonly x: Uint8Array; readonly y: Uint8Array };
}

export interface Trial {
  readonly evidence: Evidence;
  /** What is to be guessed. */
  readonly isXFirst: boolean;
  /** What happened on the way, for the report that it did. */
  readonly voids: number;
  readonly cuts: number;
  /** Media that were written anew from the other one. */
  readonly rebuilt: number;
  /** The image was taken while ballots were being sent. */
  readonly synced: boolean;
}

const honest: CryptoMaker = (primitives, random) => new Crypto({ primitives, random });

/**
 * Opened again after cuts. Throws when the vault fails, which nobody asked of it. `keepsArrivals`: beside the vault a
 * list of tokens is kept in RAM as they come, for a positive control.
 */
export function runTrial(
  seed: string,
  primitives: Primitives,
  makeCrypto: CryptoMaker = honest,
  keepsArrivals = false,
): Trial {
  const chance = new QuickChance(seed);
  const bytes = (length: number): Uint8Array => {
    const out = new Uint8Array(length);
    chance.fill(out);
    return out;
  };
  const crypto = makeCrypto(primitives, (out) => chance.fill(out));
  const id = bytes(16);
  const root = concat(id, new Uint8Array(16));
  const keys = deriveKeys(crypto, bytes(32), id, bytes(32));
  const tally = crypto.boxKeyPair(bytes(32));
  const collector = crypto.signKeyPair(bytes(32));
  const election = {
    id,
    root,
    ballotLength,
    tallyKey: tally.publicKey,
    collectorKey: collector.publicKey,
    policy: { capacity, k: 1 },
  } as unknown as Election;
  const chips = {
    a: new NorChip({ size: chipLength, chance: () => chance.next() }),
    b: new NorChip({ size: chipLength, chance: () => chance.next() }),
  };
  const laidOut = layOut({
    capacity,
    boxLength: ballotLength + sealOverhead,
    size: chipLength,
    blockLength: chips.a.blockLength,
    journalLength,
  });
  if (!laidOut.ok) throw new Error(`layout needs ${laidOut.error.needed}`);
  const layout = laidOut.value;
  if (chance.next() < failingSlotShare) failSlot(chips.a, layout, chance);
  const open = (): Vault => {
    const opened = Vault.open({
      crypto,
      keys,
      election,
      tallyKey: () => ok(tally.publicKey),
      terminal,
      a: flashOf(chips.a),
      b: flashOf(chips.b),
      journalLength,
    });
    if (!opened.ok) throw new Error(`${seed}: ${JSON.stringify(opened.error)}`);
    if (opened.value.rebuilt !== undefined) rebuilt++;
    const journal = must(
      Journal.open({
        crypto,
        media: opened.value.media,
        region: layout.journal,
        head: layout.journalHead,
        key: keys.journal,
        election: id,
        terminal,
        signKey: keys.sign,
        clock,
      }),
      seed,
    );
    if (journal.poll === undefined) must(journal.append("opened", 0), seed);
    must(opened.value.vault.blank(), seed);
    return opened.value.vault;
  };
  let rebuilt = 0;
  let vault = open();

  const ballots = 3 + chance.below(ballotsMax - 2);
  const first = chance.below(ballots - 1);
  const second = first + 1 + chance.below(ballots - 1 - first);
  const isXFirst = chance.next() < 0.5;
  const tokens = { x: bytes(16), y: bytes(16) };
  const arrivals: Uint8Array[] = [];
  let cuts = 0;
  for (let nth = 0; nth < ballots; nth++) {
    const isX = nth === (isXFirst ? first : second);
    const isY = nth === (isXFirst ? second : first);
    const choice = isX ? choiceOfX : isY ? choiceOfY : 3 + chance.below(6);
    const plain = encodeBallot(
      { style: 1 as StyleId, marks: [{ contest: 1 as never, blank: false, choices: [choice] }] },
      ballotLength,
    );
    const token = isX ? tokens.x : isY ? tokens.y : bytes(16);
    // the spare slots bound how many ballots may be taken back
    if (vault.counts.voids < 1 && chance.next() < shares.voided) {
      const prepared = must(vault.prepare(token, plain), seed);
      must(vault.voidPrepared(prepared), seed);
      must(vault.blank(), seed);
    }
    if (chance.next() < shares.replaced) {
      chips[chance.next() < 0.5 ? "a" : "b"].restore(new Uint8Array(chipLength).fill(0xff));
      vault = open();
    }
    if (cuts < 1 && vault.counts.voids < 2 && chance.next() < shares.cut) {
      cuts++;
      vault = castWithCut(vault, token, plain, chips, chance, open);
    }
    if (!vault.isSpent(token)) cast(vault, token, plain, seed);
    arrivals.push(token);
  }
  // some images are taken after the close, in the middle of sending
  const synced = chance.next() < shares.sending;
  const uplink = synced
    ? midSync({
        crypto,
        election,
        terminal,
        signKey: keys.sign,
        collector,
        vault,
        has: () => chance.next() < 0.5,
        answers: chance.next() < 0.3,
      })
    : undefined;
  const memory = memoryOf(keepsArrivals ? { vault, uplink, arrivals } : { vault, uplink });
  return {
    evidence: { a: chips.a.cells, b: chips.b.cells, memory, layout, crypto, keys, tally, tokens },
    isXFirst,
    voids: vault.counts.voids,
    cuts,
    rebuilt,
    synced,
  };
}

function cast(vault: Vault, token: Uint8Array, plain: Uint8Array, seed: string): void {
  const prepared = must(vault.prepare(token, plain), seed);
  must(vault.commit(prepared), seed);
  must(vault.spend(prepared), seed);
  must(vault.blank(), seed);
}

/** Cuts the power in the middle of the cast; the vault as recovery leaves it. The ballot may count or not. */
function castWithCut(
  vault: Vault,
  token: Uint8Array,
  plain: Uint8Array,
  chips: { readonly a: NorChip; readonly b: NorChip },
  chance: QuickChance,
  open: () => Vault,
): Vault {
  let left = chance.below(20);
  let isOff = false;
  for (const chip of [chips.a, chips.b]) {
    chip.onOperation = (operation) => {
      if (isOff) throw new PowerCut("off");
      if (operation.kind === "read" || left-- > 0) return;
      isOff = true;
      chip.tear(operation, () => chance.next());
      throw new PowerCut("now");
    };
  }
  try {
    cast(vault, token, plain, "cut");
  } catch (thrown) {
    if (!(thrown instanceof PowerCut)) throw thrown;
  }
  chips.a.onOperation = chips.b.onOperation = undefined;
  return open();
}

/** A cell of a slot that cannot keep a 1: the slot does not verify, is voided, and another is drawn. */
function failSlot(chip: NorChip, layout: Layout, chance: QuickChance): void {
  const slot = chance.below(layout.slots);
  chip.stick(layout.store.address + slot * layout.slotLength + 40 + chance.below(60), chance.below(8), 0);
}

function must<T>(
  result: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: object },
  seed: string,
): T {
  if (!result.ok) throw new Error(`${seed}: ${JSON.stringify(result.error)}`);
  return result.value;
}
