// The sealed ballots of one terminal and one election on two raw NOR media. See FORMAT.md for every bit,
// ARCHITECTURE.md for the cast that drives it. Order is not there to be found: the slot and the place of a spent mark
// are drawn uniformly from the free ones, and nothing stored says when.

import { type Crypto, sealOverhead } from "../crypto/crypto.js";
import type { DeviceKeys } from "../device/keys.js";
import type { Election, StationElection, TerminalId } from "../election/types.js";
import type { Flash } from "../platform.js";
import { type Result, assert, err, ok } from "../result.js";
import { Media, type Medium, type MediumFault } from "../storage/media.js";
import { BallotSet } from "./ballot-set.js";
import { Counts } from "./counts.js";
import { type VaultFault, mediumFault } from "./fault.js";
import { type LayOutOptions, type Layout, layOut } from "./layout.js";
import { type OnlyOn, type Paired, type SettleOn, goOnAlone, pair } from "./pairing.js";
import { boxOf, signRecord } from "./record.js";
import { type Pending, type Recovered, Recovery } from "./recovery.js";
import { Slots, slotStates } from "./slots.js";
import { SpentMarks } from "./spent-marks.js";
import { encodeSuperblock } from "./superblock.js";
import { TransactionLog, tokenLength } from "./transaction.js";

/** A slot that fails is zeroed and another is drawn, at most so often for a ballot. */
const slotAttemptsMax = 8;
/** An official allows so great a part of the spare slots again. */
const voidsShare = 4;

/** A ballot that is on both media and not yet decided. */
export interface Prepared {
  readonly slot: number;
  readonly token: Uint8Array;
  /** What was sealed: the slip is drawn from it. */
  readonly plain: Uint8Array;
}

export interface VaultCounts {
  readonly ballots: number;
  readonly voids: number;
  readonly capacity: number;
}

export interface OpenedVault extends Paired {
  readonly vault: Vault;
  readonly pending: Pending;
  readonly media: Media;
  readonly layout: Layout;
}

export interface VaultOptions {
  readonly crypto: Crypto;
  readonly keys: DeviceKeys;
  readonly election: StationElection;
  /** What ballots are sealed to: asked when the media are paired, before anything else is read of them or written. */
  readonly tallyKey: (media: Media, layout: Layout) => Result<Uint8Array, VaultFault>;
  readonly terminal: TerminalId;
  readonly a: Flash;
  readonly b: Flash;
  /** See layOut. */
  readonly journalLength?: number;
  /** Bytes that others need behind the store. */
  readonly behind?: (layout: Layout) => number;
  /** What pairing must know of it: entries that only `medium` has, and see SettleOn. */
  readonly journal?: (
    media: Media,
    layout: Layout,
  ) => {
    onlyOn(medium: Medium, other: Medium): Result<number, MediumFault>;
    settleOn(medium: Medium): Result<void, MediumFault>;
  };
}

/** Where the vault lies, before anything is read of it. */
interface Place {
  readonly media: Media;
  readonly layout: Layout;
  /** What a medium of this vault begins with. */
  readonly superblock: Uint8Array;
}

/** What a vault is made of. */
interface Parts {
  readonly slots: Slots;
  readonly set: BallotSet;
  readonly spent: SpentMarks;
  readonly transaction: TransactionLog;
  readonly counts: Counts;
}

export class Vault {
  readonly #crypto: Crypto;
  readonly #keys: DeviceKeys;
  readonly #election: Election;
  readonly #terminal: TerminalId;
  readonly #layout: Layout;
  readonly #slots: Slots;
  readonly #spent: SpentMarks;
  readonly #transaction: TransactionLog;
  readonly #counts: Counts;
  /** Media on which a committed record did not check or a block was written anew; the other one had it. */
  readonly damaged: ReadonlySet<Medium>;
  #voidsMax: number;
  #open: Prepared | undefined;

  private constructor(
    options: VaultOptions,
    tallyKey: Uint8Array,
    layout: Layout,
    parts: Parts,
    { open, damaged }: Recovered,
  ) {
    this.#crypto = options.crypto;
    this.#keys = options.keys;
    this.#election = { ...options.election, tallyKey };
    this.#terminal = options.terminal;
    this.#layout = layout;
    this.#slots = parts.slots;
    this.#spent = parts.spent;
    this.#transaction = parts.transaction;
    this.#counts = parts.counts;
    this.damaged = damaged;
    this.#voidsMax = this.#spare;
    this.#open = open === undefined ? undefined : { slot: open.slot, token: open.token, plain: new Uint8Array(0) };
  }

  /** Reads and checks everything stored, and settles on flash whatever was under way when the power went. */
  static open(options: VaultOptions): Result<OpenedVault, VaultFault> {
    const found = find(options);
    if (!found.ok) return found;
    const { media, layout, superblock } = found.value;
    const parts = partsOf(options, media, layout);
    const journal = options.journal?.(media, layout);
    const onlyOn: OnlyOn = (medium, other) => {
      const ballots = parts.slots.onlyOn(medium, other);
      if (!ballots.ok) return ballots;
      const entries = journal?.onlyOn(medium, other) ?? ok(0);
      if (!entries.ok) return entries;
      const own = parts.counts.newestHead(medium);
      if (!own.ok) return own;
      const others = parts.counts.newestHead(other);
      if (!others.ok) return others;
      return ok({ ballots: ballots.value, entries: entries.value, heads: Math.max(0, own.value - others.value) });
    };
    const settleOn: SettleOn = (medium) => journal?.settleOn(medium) ?? ok();
    const paired = pair(media, layout, superblock, { onlyOn, settleOn });
    if (!paired.ok) return paired;
    const tallyKey = options.tallyKey(media, layout);
    if (!tallyKey.ok) return tallyKey;
    const recovered = new Recovery({ crypto: options.crypto, media, layout, ...parts }).run();
    if (!recovered.ok) return recovered;
    const vault = new Vault(options, tallyKey.value, layout, parts, recovered.value);
    return ok({ vault, pending: recovered.value.pending, media, layout, ...paired.value });
  }

  /**
   * Two officials decide to go on with `medium` alone: for a start that `open` has refused. Counts from the next start
   * on.
   */
  static goOnAlone(options: Omit<VaultOptions, "tallyKey">, medium: Medium): Result<void, VaultFault> {
    const found = find(options);
    if (!found.ok) return found;
    const { media, layout, superblock } = found.value;
    return goOnAlone(media, layout, superblock, medium);
  }

  get #spare(): number {
    return this.#layout.slots - this.#layout.ticks;
  }

  get counts(): VaultCounts {
    return { ballots: this.#counts.ballots, voids: this.#slots.voids, capacity: this.#layout.ticks };
  }

  /** Whether one more ballot can be taken: asked before a voter is activated. */
  hasRoom(): boolean {
    return this.#counts.ballots < this.#layout.ticks && this.#slots.hasFree && !this.#spent.isFull;
  }

  /**
   * More slots were voided than there are to spare, so that each one more costs a ballot: somebody or something takes
   * slips back. Asked before a voter is activated; one who is may finish.
   */
  hasTooManyVoids(): boolean {
    return this.#slots.voids >= this.#voidsMax;
  }

  /** An official has looked into the cause: some voids more, until the next start. */
  allowVoids(): void {
    this.#voidsMax = this.#slots.voids + Math.max(1, Math.floor(this.#spare / voidsShare));
  }

  isSpent(token: Uint8Array): boolean {
    return this.#spent.placeOf(this.#spent.markOf(token)) !== undefined;
  }

  // --- a cast ---

  /**
   * Seals, signs and writes a ballot to a slot drawn at random; the commit word stays erased. `plain`: the padded
   * ballot.
   */
  prepare(token: Uint8Array, plain: Uint8Array): Result<Prepared, VaultFault> {
    assert(this.#open === undefined, "one ballot at a time");
    assert(token.length === tokenLength && plain.length === this.#election.ballotLength, "prepare lengths");
    assert(!this.isSpent(token), "a spent token is refused at activation");
    if (!this.hasRoom()) return err({ kind: "full" });
    for (let attempt = 0; attempt < slotAttemptsMax && this.hasRoom(); attempt++) {
      const slot = this.#slots.drawFree();
      const place = this.#spent.drawFree();
      // the entry is there before the slot is touched: whatever happens from now on, recovery knows where to look
      const entered = this.#transaction.write({ slot, token, place });
      if (!entered.ok) return mediumFault(entered);
      const box = this.#crypto.seal(plain, this.#election.tallyKey);
      if (box === undefined) return this.#giveUp({ kind: "seal" });
      const content = { election: this.#election.id, terminal: this.#terminal, slot, box };
      const image = this.#slots.image(slot, signRecord(this.#crypto, content, this.#keys.sign.secretKey));
      const erased = this.#slots.isErased(slot);
      if (!erased.ok) return mediumFault(erased);
      const written = erased.value ? this.#slots.program(slot, image) : undefined;
      if (written?.ok) {
        this.#slots.states[slot] = slotStates.prepared;
        this.#open = { slot, token, plain };
        this.#transaction.hold(place);
        return ok(this.#open);
      }
      const voided = this.#slots.void(slot);
      if (!voided.ok) return mediumFault(voided);
      if (written !== undefined && written.error.what !== "verify") return mediumFault(written);
    }
    return this.#giveUp({ kind: "full" });
  }

  /** The one decision point. After it returns ok the ballot is cast, whatever happens. */
  commit(prepared: Prepared): Result<void, VaultFault> {
    assert(this.#open === prepared, "commit what was prepared");
    const { slot } = prepared;
    const committed = this.#slots.commit(slot);
    if (!committed.ok) return mediumFault(committed);
    const record = this.record(slot);
    if (record === undefined) return err({ kind: "tampered", what: "slot-check", slot });
    return mediumFault(this.#counts.count(slot, record));
  }

  /** The card's right is used up here, from now on. */
  spend(prepared: Prepared): Result<void, VaultFault> {
    return this.#transaction.spend(prepared);
  }

  /** Takes an undecided ballot back: both slots are zeroed. The token stays good. */
  voidPrepared(prepared: Prepared): Result<void, VaultFault> {
    assert(this.#open === prepared, "void what was prepared");
    return mediumFault(this.#slots.void(prepared.slot));
  }

  /** The slip is cut: token and slot need not be known together any longer. */
  blank(): Result<void, VaultFault> {
    this.#open = undefined;
    return mediumFault(this.#transaction.clear());
  }

  #giveUp(fault: VaultFault): Result<never, VaultFault> {
    const cleared = this.#transaction.clear();
    return cleared.ok ? err(fault) : mediumFault(cleared);
  }

  // --- what is stored ---

  /** Committed records in slot order, which tells nothing. For the tally and, after the close, sync. */
  *records(): Generator<{ readonly slot: number; readonly record: Uint8Array }, void> {
    for (let slot = 0; slot < this.#layout.slots; slot++) {
      const record = this.record(slot);
      if (record !== undefined) yield { slot, record };
    }
  }

  /** The committed record of a slot; undefined when there is none, or when no medium gives it whole. */
  record(slot: number): Uint8Array | undefined {
    return this.#slots.states[slot] === slotStates.committed ? this.#slots.readRecord(slot) : undefined;
  }

  /** How many slots there are, of whatever state. */
  get slots(): number {
    return this.#layout.slots;
  }

  isCommitted(slot: number): boolean {
    return this.#slots.states[slot] === slotStates.committed;
  }

  /** Slots of committed records; never leaves the terminal. */
  committedSlots(): readonly number[] {
    return this.#slots.committed();
  }

  /** Where a slot lies on a medium; never leaves the terminal. */
  slotRange(slot: number): { readonly address: number; readonly length: number } {
    return { address: this.#slots.address(slot), length: this.#layout.slotLength };
  }

  /** Verifies every committed record's signature; the first bad slot, or undefined. */
  verifyAll(): Result<number, VaultFault> {
    let good = 0;
    const { id, ballotLength } = this.#election;
    for (const { slot, record } of this.records()) {
      const expected = { election: id, terminal: this.#terminal, slot, boxLength: ballotLength + sealOverhead };
      const box = boxOf(this.#crypto, record, expected, this.#keys.sign.publicKey);
      if (box === undefined) return err({ kind: "tampered", what: "slot-check", slot });
      good++;
    }
    return good === this.#counts.ballots ? ok(good) : err({ kind: "tampered", what: "count" });
  }
}

/** Nothing is read but what the chips say of their size. */
function find(options: Omit<VaultOptions, "tallyKey">): Result<Place, VaultFault> {
  const { crypto, keys, election, terminal } = options;
  const geometry = {
    capacity: election.policy.capacity,
    boxLength: election.ballotLength + sealOverhead,
    ...(options.journalLength === undefined ? {} : { journalLength: options.journalLength }),
  };
  const media = openMedia(options, geometry);
  if (!media.ok) return mediumFault(media);
  const layout = layOut({ ...geometry, ...media.value.geometry });
  if (!layout.ok) return err({ kind: "too-small", needed: layout.error.needed, available: layout.error.available });
  const { slots, slotLength } = layout.value;
  const superblock = encodeSuperblock(crypto, { root: election.root, terminal, slots, slotLength }, keys.head);
  return ok({ media: media.value, layout: layout.value, superblock });
}

/** A chip that has no room for the election counts as missing where the other one has. */
function openMedia(
  options: Omit<VaultOptions, "tallyKey">,
  geometry: Pick<LayOutOptions, "capacity" | "boxLength" | "journalLength">,
): Result<Media, MediumFault> {
  const any = Media.open(options);
  if (!any.ok) return any;
  const { blockLength } = any.value.geometry;
  const ample = layOut({ ...geometry, blockLength, size: Number.MAX_SAFE_INTEGER });
  assert(ample.ok, "an election fits what has no bound");
  const { address, length } = ample.value.store;
  return Media.open(options, address + length + (options.behind?.(ample.value) ?? 0));
}

function partsOf({ crypto, keys }: Pick<VaultOptions, "crypto" | "keys">, media: Media, layout: Layout): Parts {
  const where = { crypto, media, layout };
  const slots = new Slots({ ...where, key: keys.slot });
  const set = new BallotSet({ crypto, slots, key: keys.set });
  const spent = new SpentMarks({ ...where, key: keys.token });
  const transaction = new TransactionLog({ ...where, spent, key: keys.transaction });
  const counts = new Counts({ ...where, slots, set, key: keys.head });
  return { slots, set, spent, transaction, counts };
}
