// An election day as the flash sees it: a run of the real vault and journal over two emulated chips, written down operation by operation, with
// what was true at each. A cut at any operation can then be tried without running the day again: the chips' cells just before it, the torn
// operation, and a recovery by the real code.

import { toHex } from "../../firmware/bytes.js";
import { encodeBallot } from "../../firmware/cast/ballot.js";
import { Crypto, sealOverhead } from "../../firmware/crypto/crypto.js";
import type { Primitives } from "../../firmware/crypto/primitives.js";
import type { Election, StyleId, TerminalId } from "../../firmware/election/types.js";
import type { EventName } from "../../firmware/journal/events.js";
import { Journal } from "../../firmware/journal/journal.js";
import type { Flash } from "../../firmware/platform.js";
import { deriveKeys } from "../../firmware/service/identity.js";
import { type Layout, layOut } from "../../firmware/vault/layout.js";
import { Vault } from "../../firmware/vault/vault.js";
import { Chance } from "../../sim/chance.js";
import { NorChip, type NorOperation } from "../../sim/nor.js";

const chipLength = 192 * 1024;
const journalLength = 16 * 1024;
export const terminal = 1 as TerminalId;
const clock = { monotonic: () => 0, wall: () => 1_795_235_400 };

/** The ballot that is being cast, as a voter would know it. */
export interface UnderWay {
  readonly slot: number | undefined;
  readonly token: string;
  readonly record: string | undefined;
  /**
   * begun: the entry may be written. printed: a slip hangs in the printer. deciding: the commit has begun. decided: it returned. voiding: the
   * voiding has begun. cut, voided: the slip is off, with VALID or VOID. */
  readonly phase: "begun" | "printed" | "deciding" | "decided" | "cut" | "voiding" | "voided";
}

/** What must hold after a cut. */
export interface Expectation {
  /** slot -> record of every ballot whose voter was told. */
  readonly told: ReadonlyMap<number, string>;
  readonly spent: readonly string[];
  readonly underWay: UnderWay | undefined;
  /** Events whose append has returned. */
  readonly journal: number;
}

export interface Step {
  readonly chip: "a" | "b";
  readonly operation: Exclude<NorOperation, { readonly kind: "read" }>;
  readonly expectation: Expectation;
}

export interface Day {
  readonly store: Store;
  readonly steps: readonly Step[];
}

/** Keys and chips of one terminal, and how its vault and journal are opened. */
export class Store {
  readonly chance: Chance;
  readonly chips: { readonly a: NorChip; readonly b: NorChip };
  readonly #crypto: Crypto;
  readonly #keys;
  readonly #election: Election;
  readonly #flash: { readonly a: Flash; readonly b: Flash };

  constructor(seed: string, primitives: Primitives, capacity: number) {
    this.chance = new Chance(seed, "crash");
    const draw = (): number => this.chance.next();
    this.chips = { a: new NorChip({ size: chipLength, chance: draw }), b: new NorChip({ size: chipLength, chance: draw }) };
    this.#flash = { a: flashOf(this.chips.a), b: flashOf(this.chips.b) };
    this.#crypto = new Crypto({ primitives, random: (out) => this.chance.fill(out) });
    const id = this.chance.bytes(16);
    this.#keys = deriveKeys(this.#crypto, this.chance.bytes(32), id);
    this.#election = {
      id, ballotLength: 48, tallyKey: this.#crypto.boxKeyPair(this.chance.bytes(32)).publicKey, policy: { capacity },
      contests: [{ id: 1, kind: "n-of-m", votesAllowed: 3, options: 9, blankAllowed: true }], styles: [{ id: 1, contests: [1] }],
    } as unknown as Election;
  }

  get layout(): Layout {
    return must(layOut({
      capacity: this.#election.policy.capacity, boxLength: this.#election.ballotLength + sealOverhead, size: chipLength, blockLength: this.chips.a.blockLength, journalLength,
    }));
  }

  open(): ReturnType<typeof Vault.open> {
    return Vault.open({ crypto: this.#crypto, keys: this.#keys, election: this.#election, terminal, ...this.#flash, journalLength });
  }

  journal(opened: Extract<ReturnType<typeof Vault.open>, { ok: true }>["value"], onEntry?: (event: EventName) => void): ReturnType<typeof Journal.open> {
    return Journal.open({
      crypto: this.#crypto, media: opened.media, region: opened.layout.journal, election: this.#election.id, terminal, signKey: this.#keys.sign, clock,
      ...(onEntry === undefined ? {} : { onEntry: (entry) => onEntry(entry.event) }),
    });
  }

  /** A padded ballot with choices that follow from `nth`. */
  plain(nth: number): Uint8Array {
    return encodeBallot({ style: 1 as StyleId, marks: [{ contest: 1 as never, blank: false, choices: [1 + (nth % 3), 4 + (nth % 4)] }] }, this.#election.ballotLength);
  }

  listen(onOperation: ((chip: "a" | "b", operation: NorOperation) => void) | undefined): void {
    for (const name of ["a", "b"] as const) {
      this.chips[name].onOperation = onOperation === undefined ? undefined : (operation) => onOperation(name, operation);
    }
  }
}

function flashOf(chip: NorChip): Flash {
  return {
    read: (length, address) => chip.read(length, address),
    write: (data, address) => chip.program(address, data),
    eraseBlock: (block) => chip.erase(block),
    status: () => chip.status(),
  };
}

/** Throws when something fails that nobody made fail. */
export function must<T>(result: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: object }): T {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

/** Open, `casts` ballots of which every seventh is voided first, a pause in the middle, close. */
export function recordDay(seed: string, casts: number, primitives: Primitives): Day {
  const store = new Store(seed, primitives, casts + 2);
  const steps: Step[] = [];
  const told = new Map<number, string>();
  const spent: string[] = [];
  let underWay: UnderWay | undefined;
  let journaled = 0;
  store.listen((chip, operation) => {
    if (operation.kind === "read") return;
    const kept = operation.kind === "program" ? { ...operation, data: operation.data.slice() } : operation;
    steps.push({ chip, operation: kept, expectation: { told: new Map(told), spent: [...spent], underWay, journal: journaled } });
  });
  const opened = must(store.open());
  const { vault } = opened;
  const journal = must(store.journal(opened));
  const note = (event: EventName, detail?: number): void => {
    const before = journal.room;
    must(journal.append(event, detail));
    journaled += before - journal.room;
  };
  note("opened", 0);
  for (let nth = 0; nth < casts; nth++) {
    const token = store.chance.bytes(16);
    const name = toHex(token);
    for (const voided of nth % 7 === 6 ? [true, false] : [false]) {
      underWay = { slot: undefined, token: name, record: undefined, phase: "begun" };
      const prepared = must(vault.prepare(token, store.plain(nth)));
      const record = recordAt(store, vault, prepared.slot);
      underWay = { slot: prepared.slot, token: name, record, phase: "printed" };
      if (voided) {
        underWay = { ...underWay, phase: "voiding" };
        must(vault.voidPrepared(prepared));
        underWay = { ...underWay, phase: "voided" };
        must(vault.blank());
        underWay = undefined;
        note("slipVoided");
        continue;
      }
      underWay = { ...underWay, phase: "deciding" };
      must(vault.commit(prepared));
      underWay = { ...underWay, phase: "decided" };
      must(vault.spend(prepared));
      underWay = { ...underWay, phase: "cut" };
      must(vault.blank());
      told.set(prepared.slot, record);
      spent.push(name);
      underWay = undefined;
    }
    if (nth === Math.floor(casts / 2)) {
      note("paused", nth + 1);
      note("resumed", nth + 1);
    }
  }
  note("closed", casts);
  store.listen(undefined);
  return { store, steps };
}

/** The bytes of a slot on A, however far its record has come. */
export function recordAt(store: Store, vault: Vault, slot: number): string {
  return toHex(store.chips.a.cells.subarray(vault.slotRange(slot).address, vault.slotRange(slot).address + vault.slotRange(slot).length - 16));
}
