// An election day as the flash sees it: a run of the real vault, journal, results and release over two emulated chips,
// written down operation by operation, with what was true at each. It begins with the start of the ballot role, and so
// does every recovery. A cut at any operation can then be tried without running the day again: the chips' cells just
// before it, the torn operation, and a start by the real code.

import { toHex } from "../../../firmware/bytes.js";
import { encodeBallot } from "../../../firmware/election/ballot.js";
import { Crypto, sealOverhead } from "../../../firmware/crypto/crypto.js";
import type { TallyKey } from "../../../firmware/crypto/tally-key.js";
import type { Primitives } from "../../../firmware/crypto/primitives.js";
import { packageAddress } from "../../../firmware/device/layout.js";
import { openPackage } from "../../../firmware/election/package.js";
import type { Ballot, ContestId, StationElection, StyleId } from "../../../firmware/election/types.js";
import type { EventName } from "../../../firmware/journal/events.js";
import type { JournalEntry } from "../../../firmware/journal/journal.js";
import type { Flash } from "../../../firmware/platform.js";
import type { Result } from "../../../firmware/result.js";
import { type Booted, type Refusal, boot } from "../../../firmware/roles/ballot-boot.js";
import { signRecordList, signResults } from "../../../firmware/tally/results.js";
import { resultsLengthMin } from "../../../firmware/tally/results-store.js";
import { type Layout, commitLength, layOut } from "../../../firmware/vault/layout.js";
import type { Vault } from "../../../firmware/vault/vault.js";
import { version } from "../../../firmware/version.js";
import { referencePrimitives } from "../../../office/crypto/reference.js";
import { packageFlash } from "../../../office/package/package-flash.js";
import { Chance } from "../../../sim/chance.js";
import { NorChip, flashOf, type NorOperation, type Tear, type TearOptions } from "../../../sim/nor.js";
import { QuickChance } from "../../../sim/quick-chance.js";
import { nodeTallyKey } from "../../support/tally-key.js";
import { type Device, campaignClock, campaignDevice, deviceOf, loadPackage } from "./device.js";

const blockLength = 4096;

/** The ballot that is being cast, as a voter would know it. */
export interface UnderWay {
  readonly slot: number | undefined;
  readonly token: Uint8Array;
  /**
   * begun: the entry may be written. printed: a slip hangs in the printer. deciding: the commit has begun. decided: it
   * returned. voiding: the voiding has begun. cut, voided: the slip is off, with VALID or VOID. */
  readonly phase: "begun" | "printed" | "deciding" | "decided" | "cut" | "voiding" | "voided";
}

/** What must hold after a cut. */
export interface Expectation {
  /** slot -> its bytes without the commit word, of every ballot whose voter was told. */
  readonly told: ReadonlyMap<number, Uint8Array>;
  readonly spent: readonly Uint8Array[];
  readonly underWay: UnderWay | undefined;
  /** The day's events whose append has returned, in order: see dayEvents. */
  readonly journal: readonly EventName[];
  /** The one whose append is under way. */
  readonly next: EventName | undefined;
  /** The results were kept. */
  readonly results: boolean;
  /** What ballots are sealed to; undefined while the terminal has not told, and may draw another one. */
  readonly tallyKey: string | undefined;
  /** Which election's package lies on the main flash. */
  readonly election: 1 | 2;
}

/** Events that the day writes, and no start does. */
export const dayEvents: ReadonlySet<EventName> = new Set<EventName>([
  "opened",
  "faultCleared",
  "paused",
  "resumed",
  "closed",
  "counted",
  "reportBegun",
  "reportPrinted",
  "released",
]);

export interface Step {
  readonly chip: FlashName;
  readonly operation: Writing;
  readonly expectation: Expectation;
}

/** A program or an erase. */
export type Writing = Exclude<NorOperation, { readonly kind: "read" }>;
export type ChipName = "a" | "b";
/** The storage media. */
export const chipNames = ["a", "b"] as const;
/** All that a start writes to: the main flash too. */
export type FlashName = ChipName | "main";
export const flashNames = ["a", "b", "main"] as const;

/** What the chips hold. */
export interface Cells {
  readonly a: Uint8Array;
  readonly b: Uint8Array;
  readonly main: Uint8Array;
}

export interface Day {
  readonly store: Store;
  readonly steps: readonly Step[];
}

/** How a store of a canary differs from the real one; see test/crash/canaries.test.ts. */
export interface Variant {
  readonly primitives?: (primitives: Primitives) => Primitives;
  readonly flash?: (flash: Flash) => Flash;
  /** What a start does before the role's own. */
  readonly beforeStart?: (media: Readonly<Record<ChipName, Flash>>) => void;
  /** What the day casts through, around the real vault. */
  readonly voting?: (vault: Vault, chips: Readonly<Record<ChipName, NorChip>>) => Voting;
}

/** What a cast asks of the vault. */
export type Voting = Pick<Vault, "prepare" | "commit" | "spend" | "voidPrepared" | "blank">;

/** Keys and chips of one terminal, and how its vault and journal are opened. */
export class Store {
  readonly chance: Chance;
  readonly chips: { readonly a: NorChip; readonly b: NorChip; readonly main: NorChip };
  readonly crypto: Crypto;
  readonly tallyKey: TallyKey;
  readonly device: Device;
  readonly election: StationElection;
  #number: 1 | 2 = 1;
  readonly #flash: { readonly a: Flash; readonly b: Flash; readonly main: Flash };
  readonly #variant: Variant;
  /** Blocks that may differ from the base that was last restored. */
  readonly #changed: Readonly<Record<FlashName, Set<number>>> = { a: new Set(), b: new Set(), main: new Set() };
  #listener: ((chip: FlashName, operation: NorOperation) => void) | undefined;
  /** For what weak cells do and what a recovery draws; begun anew for each cut, so that a cut can be replayed alone. */
  #draw: QuickChance;
  readonly #layout: Layout;

  constructor(seed: string, primitives: Primitives, capacity: number, variant: Variant = {}) {
    this.chance = new Chance(seed, "crash");
    this.#draw = new QuickChance(`${seed} day`);
    this.#variant = variant;
    this.device = deviceOf(capacity);
    const opening = new Crypto({ primitives: referencePrimitives, random: () => undefined });
    this.election = must(
      openPackage(packageFlash(this.device.main[0]), packageAddress, opening, this.device.authorityKey),
    ).election;
    const geometry = { capacity, boxLength: this.election.ballotLength + sealOverhead, blockLength };
    const ample = must(layOut({ ...geometry, size: Infinity }));
    const size =
      Math.ceil((ample.store.address + ample.store.length + resultsLengthMin(ample)) / blockLength) * blockLength;
    this.#layout = must(layOut({ ...geometry, size }));
    const chip = (name: FlashName, size: number): NorChip => {
      const made: NorChip = new NorChip({ size, chance: () => this.#draw.next() });
      made.onOperation = (operation) => {
        if (operation.kind !== "read") this.#touch(name, operation);
        this.#listener?.(name, operation);
      };
      return made;
    };
    const mainSize = this.device.main[0].length;
    this.chips = { a: chip("a", size), b: chip("b", size), main: chip("main", mainSize) };
    this.chips.main.restore(this.device.main[0]);
    const flash = variant.flash ?? ((plain: Flash): Flash => plain);
    this.#flash = {
      a: flash(flashOf(this.chips.a)),
      b: flash(flashOf(this.chips.b)),
      main: flashOf(this.chips.main),
    };
    this.crypto = new Crypto({
      primitives: variant.primitives?.(primitives) ?? primitives,
      random: (out) => this.#draw.fill(out),
    });
    this.tallyKey = nodeTallyKey((out) => this.#draw.fill(out));
  }

  get layout(): Layout {
    return this.#layout;
  }

  /** Which election's package lies on the main flash. */
  get number(): 1 | 2 {
    return this.#number;
  }

  /** The package alone is exchanged: what the terminal has written there stays. */
  set number(number: 1 | 2) {
    if (number !== this.#number) this.load(number);
  }

  load(number: 1 | 2): void {
    this.#number = number;
    loadPackage(this.device, number, this.chips.main.cells);
  }

  /** Chips as they are before the first start. */
  get blank(): Cells {
    const erased = (): Uint8Array => new Uint8Array(this.chips.a.size).fill(0xff);
    return { a: erased(), b: erased(), main: this.device.main[0].slice() };
  }

  /** Chance from now on follows from `seed`. */
  reseed(seed: string): QuickChance {
    return (this.#draw = new QuickChance(seed));
  }

  /** The seed of what a recovery in another process draws. */
  drawWords(): readonly [number, number, number] {
    return [this.#draw.word(), this.#draw.word(), this.#draw.word()];
  }

  /** Both chips hold `base`, with no weak cell. */
  restore(base: Cells): void {
    for (const name of flashNames) {
      this.chips[name].restore(base[name], this.#changed[name]);
      this.#changed[name].clear();
    }
  }

  /** Tears `operation`; see NorChip.tear. */
  tear(name: FlashName, operation: Writing, chance: () => number, tear?: Tear, options?: TearOptions): void {
    this.#touch(name, operation);
    this.chips[name].tear(operation, chance, tear, options);
  }

  /** Does `operation` as the firmware did it. */
  redo(name: FlashName, operation: Writing): void {
    if (operation.kind === "program") this.chips[name].program(operation.address, operation.data);
    else this.chips[name].erase(operation.block);
  }

  /** Changes a cell behind everybody's back. */
  spoil(name: ChipName, address: number, change: (cell: number) => number): void {
    const chip = this.chips[name];
    this.#changed[name].add(Math.floor(address / chip.blockLength));
    chip.cells[address] = change(chip.cells[address]!);
  }

  /** A new chip in the place of the old one. */
  replace(name: ChipName): void {
    const chip = this.chips[name];
    chip.restore(new Uint8Array(chip.size).fill(0xff));
    for (let block = 0; block < chip.size / chip.blockLength; block++) this.#changed[name].add(block);
  }

  /** The base has moved on by this operation. */
  moved(name: FlashName, operation: Writing): void {
    this.#touch(name, operation);
  }

  /**
   * What tells this state of both chips from every other that grew out of the same base: the words that differ from it,
   * in a hash of 128 bits. Undefined while any cell is weak, since such a state does not always read alike.
   */
  stateKey(base: Cells): string | undefined {
    if (flashNames.some((name) => this.chips[name].weakBits > 0)) return undefined;
    let [x, y, z, w] = [0x9e3779b9, 0x243f6a88, 0xb7e15162, 0x6a09e667];
    for (const name of flashNames) {
      const { cells, blockLength } = this.chips[name];
      for (const block of [...this.#changed[name]].sort((p, q) => p - q)) {
        const start = block * blockLength;
        if (
          Buffer.compare(
            cells.subarray(start, start + blockLength),
            base[name].subarray(start, start + blockLength),
          ) === 0
        )
          continue;
        const now = new Int32Array(cells.buffer, block * blockLength, blockLength / 4);
        const then = new Int32Array(base[name].buffer, block * blockLength, blockLength / 4);
        for (let i = 0; i < now.length; i++) {
          const word = now[i]!;
          if (word === then[i]) continue;
          const place = flashNames.indexOf(name) * 0x1000_0000 + block * blockLength + i;
          x = Math.imul(x ^ word, 0x85ebca6b) ^ (x >>> 15);
          y = Math.imul(y ^ place, 0xc2b2ae35) ^ (y >>> 13);
          z = Math.imul(z + word, 0x27d4eb2f) ^ Math.imul(place, 0x165667b1) ^ (z >>> 14);
          w = (Math.imul(w ^ z, 0x9e3779b1) + x) ^ (w >>> 16);
        }
      }
    }
    return `${x}.${y}.${z}.${w}`;
  }

  /**
   * The first address at which the chips differ. `unlike`: the blocks in which those of the base do that was last
   * restored.
   */
  firstDifference(unlike: Iterable<number>): number | undefined {
    const { a, b } = this.chips;
    for (const block of new Set([...this.#changed.a, ...this.#changed.b, ...unlike])) {
      const [start, end] = [block * a.blockLength, (block + 1) * a.blockLength];
      if (Buffer.compare(a.cells.subarray(start, end), b.cells.subarray(start, end)) === 0) continue;
      for (let at = start; at < end; at++) if (a.cells[at] !== b.cells[at]) return at;
    }
    return undefined;
  }

  #touch(name: FlashName, operation: Writing): void {
    const { blockLength } = this.chips[name];
    // one operation stays within a page or a block
    this.#changed[name].add(
      operation.kind === "program" ? Math.floor(operation.address / blockLength) : operation.block,
    );
  }

  /** A start of the ballot role, up to where it would serve. */
  start(onEntry?: (entry: JournalEntry) => void): Result<Booted, Refusal> {
    this.#variant.beforeStart?.(this.#flash);
    return boot({ ...campaignDevice, flash: this.#flash, tallyKey: this.tallyKey }, this.crypto, onEntry);
  }

  /** With choices that follow from `nth`. */
  ballot(nth: number): Ballot {
    return {
      style: 1 as StyleId,
      marks: [{ contest: 1 as ContestId, blank: false, choices: [1 + (nth % 3), 4 + (nth % 4)] }],
    };
  }

  /** The same, padded. */
  plain(nth: number): Uint8Array {
    return encodeBallot(this.ballot(nth), this.election.ballotLength);
  }

  listen(onOperation: ((chip: FlashName, operation: NorOperation) => void) | undefined): void {
    this.#listener = onOperation;
  }
}

/** Blocks in which the two differ. */
export function blocksUnlike({ a, b }: Pick<Cells, ChipName>, blockLength: number): number[] {
  const blocks = Array.from({ length: a.length / blockLength }, (_, block) => block);
  return blocks.filter(
    (block) =>
      Buffer.compare(
        a.subarray(block * blockLength, (block + 1) * blockLength),
        b.subarray(block * blockLength, (block + 1) * blockLength),
      ) !== 0,
  );
}

/** Throws when something fails that nobody made fail. */
export function must<T>(
  result: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown },
): T {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

/**
 * A start, open, `casts` ballots of which every seventh is voided first, a pause in the middle and a start after it,
 * close; results kept, counted, reported and released; then the package of the next election, whose first start erases
 * this one.
 */
export function recordDay(seed: string, casts: number, primitives: Primitives, variant: Variant = {}): Day {
  const store = new Store(seed, primitives, casts + 2, variant);
  const steps: Step[] = [];
  const told = new Map<number, Uint8Array>();
  const spent: Uint8Array[] = [];
  const journaled: EventName[] = [];
  let underWay: UnderWay | undefined;
  let next: EventName | undefined;
  let results = false;
  let tallyKey: string | undefined;
  store.listen((chip, operation) => {
    if (operation.kind === "read") return;
    const kept = operation.kind === "program" ? { ...operation, data: operation.data.slice() } : operation;
    const expectation = {
      told: new Map(told),
      spent: [...spent],
      underWay,
      journal: [...journaled],
      next,
      results,
      tallyKey,
      election: store.number,
    };
    steps.push({ chip, operation: kept, expectation });
  });
  let booted = must(store.start());
  tallyKey = toHex(booted.loading.tallyKey);
  let voting: Voting = variant.voting?.(booted.vault, store.chips) ?? booted.vault;
  const note = (event: EventName, detail?: number): void => {
    next = event;
    must(booted.journal.append(event, detail));
    journaled.push(event);
    next = undefined;
  };
  note("opened", 0);
  for (let nth = 0; nth < casts; nth++) {
    const token = store.chance.bytes(16);
    for (const voided of nth % 7 === 6 ? [true, false] : [false]) {
      underWay = { slot: undefined, token, phase: "begun" };
      const prepared = must(voting.prepare(token, store.plain(nth)));
      const record = recordAt(store, booted.vault, prepared.slot);
      underWay = { slot: prepared.slot, token, phase: "printed" };
      if (voided) {
        underWay = { ...underWay, phase: "voiding" };
        must(voting.voidPrepared(prepared));
        underWay = { ...underWay, phase: "voided" };
        must(voting.blank());
        underWay = undefined;
        note("faultCleared");
        continue;
      }
      underWay = { ...underWay, phase: "deciding" };
      must(voting.commit(prepared));
      underWay = { ...underWay, phase: "decided" };
      must(voting.spend(prepared));
      underWay = { ...underWay, phase: "cut" };
      must(voting.blank());
      told.set(prepared.slot, record);
      spent.push(token);
      underWay = undefined;
    }
    if (nth === Math.floor(casts / 2)) {
      note("paused", nth + 1);
      note("resumed", nth + 1);
      // a store that is wrong on purpose may not open any more, which its cuts will show
      if (variant.voting === undefined) {
        booted = must(store.start());
        voting = booted.vault;
      }
    }
  }
  note("closed", casts);
  keepResults(store, booted, casts);
  results = true;
  note("counted", casts);
  note("reportBegun", 3);
  note("reportPrinted", 3);
  note("released");
  must(booted.journal.checkpoint());
  store.number = 2;
  must(store.start());
  store.listen(undefined);
  store.number = 1;
  return { store, steps };
}

/** As counting does at its end; what was counted does not matter to the flash. */
function keepResults(store: Store, { results, keys, pack, assignment: { number: id } }: Booted, ballots: number): void {
  const { crypto } = store;
  const names = store.chance.bytes(16 * ballots);
  const list = { election: pack.election.id, terminal: id, names };
  const counted = {
    root: pack.election.root,
    terminal: id,
    generatedAt: campaignClock.wall(),
    ballots,
    voids: 0,
    records: crypto.sha256(names),
    media: 2,
    k: 1,
    version,
    kind: "test",
    contests: [
      { contest: 1 as ContestId, ballots, blank: 0, undervotes: 0, votes: new Array<number>(9).fill(ballots) },
    ],
  } as const;
  const signedResults = signResults(crypto, counted, keys.sign.secretKey);
  must(
    results.keep({
      results: counted,
      list,
      signedResults,
      signedList: signRecordList(crypto, list, keys.sign.secretKey),
    }),
  );
}

/** The bytes of a slot on A without its commit word, however far its record has come. */
export function recordAt(store: Store, vault: Vault, slot: number): Uint8Array {
  const { address, length } = vault.slotRange(slot);
  return store.chips.a.cells.slice(address, address + length - commitLength);
}
