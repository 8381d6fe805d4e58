// Opening and counting every ballot that the media hold. Each record is taken from the raw store, both media compared,
// its signature verified, its box opened with the tally key, its rules checked; then it is counted and wiped.

import { readU32 } from "../bytes.js";
import { type Crypto, sealOverhead } from "../crypto/crypto.js";
import type { TallyKey } from "../crypto/tally-key.js";
import { decodeBallot } from "../election/ballot.js";
import type { ElectionPackage } from "../election/types.js";
import type { Timer } from "../platform.js";
import { type Result, err, ok } from "../result.js";
import type { Media, MediumFault } from "../storage/media.js";
import { type Layout, tickLength } from "../vault/layout.js";
import { boxOf, recordHash } from "../vault/record.js";
import { countTicks, recordBytes, slotState, usedSlots } from "./raw-store.js";
import { nameLength } from "./results.js";
import { Tally } from "./tally.js";

export type CountFault =
  | ({ readonly kind: "medium" } & MediumFault)
  /** What is stored is not what this terminal wrote: which slot, where there is one. */
  | {
      readonly kind: "tampered";
      readonly what: "signature" | "differ" | "box" | "ballot" | "count";
      readonly slot?: number;
    };

export interface Counted {
  readonly tally: Tally;
  /** Names of the records (results.ts), ascending, one behind the other. */
  readonly names: Uint8Array;
  readonly voids: number;
  /** Slots that are whole on one medium alone, though both are there. */
  readonly onOneMedium: number;
}

export interface CountOptions {
  readonly crypto: Crypto;
  readonly pack: ElectionPackage;
  readonly terminal: number;
  /** Ed25519: signs this terminal's records. */
  readonly publicKey: Uint8Array;
  readonly media: Media;
  readonly layout: Layout;
  readonly key: TallyKey;
  readonly timer: Timer;
  readonly onProgress: (ballots: number) => void;
}

/** After so many ballots the screen and the watchdog get their turn. */
const ballotsPerTurn = 16;
/** How often a slot is read again that does not give a whole record; a weak bit reads right nearly always. */
const readsMax = 4;

type Taken =
  | { readonly kind: "none" }
  | { readonly kind: "voided" }
  | { readonly kind: "record"; readonly record: Uint8Array; readonly box: Uint8Array; readonly both: boolean };

export async function countBallots(options: CountOptions): Promise<Result<Counted, CountFault>> {
  const { crypto, pack, layout, media, timer, onProgress } = options;
  const tally = new Tally(pack);
  // side by side: an object for each of thousands of names is more than the heap has room for
  const names = new Uint8Array(layout.ticks * nameLength);
  // used for every slot and every ballot: garbage would have to be collected, and would keep what was in it until then
  const buffers = media.active.map(() => new Uint8Array(layout.slotLength));
  const plain = new Uint8Array(pack.election.ballotLength);
  let voids = 0;
  let onOneMedium = 0;
  for (const found of usedSlots(crypto, media, layout)) {
    if (!found.ok) return err({ kind: "medium", ...found.error });
    const slot = found.value;
    const taken = take(options, slot, buffers);
    if (!taken.ok) return taken;
    if (taken.value.kind === "voided") voids++;
    if (taken.value.kind !== "record") continue;
    const counted = open(options, slot, taken.value.box, plain, tally);
    if (!counted.ok) return counted;
    if (!taken.value.both) onOneMedium++;
    // more ballots than there is capacity for contradict the ticks
    if (tally.ballots > layout.ticks) return err({ kind: "tampered", what: "count" });
    names.set(recordHash(crypto, taken.value.record), (tally.ballots - 1) * nameLength);
    if (tally.ballots % ballotsPerTurn === 0) {
      onProgress(tally.ballots);
      await new Promise<void>((resolve) => timer.set(resolve, 0));
    }
  }
  const ticks = ticksOf(crypto, media, layout);
  if (!ticks.ok) return ticks;
  if (ticks.value !== tally.ballots) return err({ kind: "tampered", what: "count" });
  return ok({ tally, names: sorted(names.subarray(0, tally.ballots * nameLength)), voids, onOneMedium });
}

/** The names in ascending order, one behind the other. */
function sorted(names: Uint8Array): Uint8Array {
  const count = names.length / nameLength;
  const begins = new Uint32Array(count);
  const order = new Uint16Array(count);
  for (let i = 0; i < count; i++) {
    begins[i] = readU32(names, i * nameLength);
    order[i] = i;
  }
  order.sort((a, b) => {
    if (begins[a] !== begins[b]) return begins[a]! - begins[b]!;
    for (let at = 4; at < nameLength; at++) {
      const difference = names[a * nameLength + at]! - names[b * nameLength + at]!;
      if (difference !== 0) return difference;
    }
    return 0;
  });
  const out = new Uint8Array(names.length);
  for (let i = 0; i < count; i++) {
    const from = order[i]! * nameLength;
    out.set(names.subarray(from, from + nameLength), i * nameLength);
  }
  return out;
}

/** `buffers`: of a slot each; what is taken lies in them. */
function take(options: CountOptions, slot: number, buffers: readonly Uint8Array[]): Result<Taken, CountFault> {
  const { media, layout, pack, terminal, crypto, publicKey } = options;
  let fault: CountFault = { kind: "tampered", what: "signature", slot };
  for (let attempt = 0; attempt < readsMax; attempt++) {
    const images = media.readAll(layout.slotLength, layout.store.address + slot * layout.slotLength, buffers);
    if (!images.ok) return err({ kind: "medium", ...images.error });
    const records: Uint8Array[] = [];
    let isVoided = false;
    for (let i = 0; i < images.value.length; i++) {
      const state = slotState(crypto, images.value[i]!);
      if (state === "decided") records.push(recordBytes(images.value[i]!));
      else if (state === "voided") isVoided = true;
    }
    // no ballot, whatever it is: the counter would miss one that was
    const [first, second] = records;
    if (first === undefined) return ok({ kind: isVoided ? "voided" : "none" });
    const both = second === undefined ? media.active.length === 1 : crypto.equal(first, second);
    const good: { readonly record: Uint8Array; readonly box: Uint8Array }[] = [];
    for (const record of both ? records.slice(0, 1) : records) {
      const box = boxOf(
        crypto,
        record,
        { election: pack.election.id, terminal, slot, boxLength: pack.election.ballotLength + sealOverhead },
        publicKey,
      );
      if (box !== undefined) good.push({ record, box });
    }
    const [one, other] = good;
    // two signed ballots for one slot: this terminal signs a slot once
    if (one !== undefined && other !== undefined) fault = { kind: "tampered", what: "differ", slot };
    else if (one !== undefined) return ok({ kind: "record", ...one, both });
  }
  return err(fault);
}

/** `plain`: for the ballot; zeroed again. */
function open(
  options: CountOptions,
  slot: number,
  box: Uint8Array,
  plain: Uint8Array,
  tally: Tally,
): Result<void, CountFault> {
  const { crypto, pack, key } = options;
  if (!key.open(plain, box)) return err({ kind: "tampered", what: "box", slot });
  const ballot = decodeBallot(crypto, plain, pack.election, tally.book);
  plain.fill(0);
  if (!ballot.ok) return err({ kind: "tampered", what: "ballot", slot });
  tally.add(ballot.value);
  return ok();
}

function ticksOf(crypto: Crypto, media: Media, layout: Layout): Result<number, CountFault> {
  const images = media.readAll(layout.ticks * tickLength, layout.counter.address);
  if (!images.ok) return err({ kind: "medium", ...images.error });
  return ok(Math.max(...images.value.map((image) => countTicks(crypto, image))));
}
