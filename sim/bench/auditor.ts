// The auditor: reads copies of the media and the collector's records in a process of its own, so that a long check of
// signatures never holds up the virtual devices, whose time is real.

import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { type BoxKeyPair, sealOverhead } from "../../firmware/crypto/crypto.js";
import { layOut } from "../../firmware/vault/layout.js";
import type { Tally } from "../../office/tally/tally.js";
import type { Station } from "../station.js";

export interface AuditSetup {
  readonly kind: "setup";
  /** The main flash up to its last programmed byte. */
  readonly main: Uint8Array;
  readonly authorityKey: Uint8Array;
  /** The signed list of assignments. */
  readonly assignments: Uint8Array;
}

export interface JournalQuestion {
  readonly kind: "journal";
  readonly id: number;
  readonly terminal: number;
  /** The media's beginning, to the last byte of the journal; the rest is taken as erased. */
  readonly a: Uint8Array;
  readonly b: Uint8Array;
  readonly size: number;
}

export interface TallyQuestion {
  readonly kind: "tally";
  readonly id: number;
  /** Of this terminal, recovered by the test election's escrow and cards; undefined before it was loaded. */
  readonly key: BoxKeyPair | undefined;
  readonly sources: readonly { readonly name: string; readonly records: readonly Uint8Array[] }[];
}

export interface JournalLine {
  readonly event: string;
  readonly line: string;
}

export type JournalAnswer = { readonly lines: readonly JournalLine[] } | { readonly problem: string };
export interface SourceTally {
  readonly name: string;
  readonly tally: Tally;
  readonly rejected: readonly string[];
}

export type AuditQuestion = AuditSetup | JournalQuestion | TallyQuestion;
export interface AuditAnswer {
  readonly id: number;
  readonly answer: unknown;
}

export class Auditor {
  readonly #station: Station;
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, (answer: unknown) => void>();
  #next = 1;
  #closed = false;

  constructor(station: Station) {
    this.#station = station;
    this.#process = fork(fileURLToPath(new URL("./auditor-process.ts", import.meta.url)), [], {
      execArgv: ["--import=tsx"],
      serialization: "advanced",
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    // Ctrl-C reaches every process of the terminal window at once
    this.#process.on("error", () => this.#gone());
    this.#process.on("exit", () => this.#gone());
    this.#process.on("message", (message) => {
      const { id, answer } = message as AuditAnswer;
      this.#waiting.get(id)?.(answer);
      this.#waiting.delete(id);
    });
    const { main } = station.chips;
    this.#say({
      kind: "setup",
      main: programmed(main.cells, main.cells.length),
      authorityKey: station.keys.authority.publicKey,
      assignments: station.assignmentsBytes,
    });
  }

  /** Undefined when the auditor is gone. */
  async journal(): Promise<JournalAnswer | undefined> {
    const { chips, pack, terminalId } = this.#station;
    const { policy, ballotLength } = pack.election;
    const layout = layOut({
      capacity: policy.capacity,
      boxLength: ballotLength + sealOverhead,
      size: chips.a.size,
      blockLength: chips.a.blockLength,
    });
    if (!layout.ok) return { problem: "the media are too small for this election" };
    const end = layout.value.journal.address + layout.value.journal.length;
    return (await this.#ask((id) => ({
      kind: "journal",
      id,
      terminal: terminalId,
      a: programmed(chips.a.cells, end),
      b: programmed(chips.b.cells, end),
      size: chips.a.size,
    }))) as JournalAnswer | undefined;
  }

  async tally(sources: TallyQuestion["sources"]): Promise<readonly SourceTally[] | undefined> {
    const key = this.#station.tallyKeyOf(this.#station.terminalId);
    return (await this.#ask((id) => ({ kind: "tally", id, key, sources }))) as readonly SourceTally[] | undefined;
  }

  close(): void {
    this.#closed = true;
    if (this.#process.connected) this.#process.disconnect();
    this.#gone();
  }

  #ask(question: (id: number) => AuditQuestion): Promise<unknown> {
    if (this.#closed) return Promise.resolve(undefined);
    const id = this.#next++;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.#say(question(id));
    });
  }

  #say(question: AuditQuestion): void {
    if (this.#process.connected) this.#process.send(question, () => undefined);
  }

  #gone(): void {
    this.#closed = true;
    for (const answer of this.#waiting.values()) answer(undefined);
    this.#waiting.clear();
  }
}

/**
 * A copy of the beginning of a chip, up to `end`, without the erased bytes at its end: what has to be copied holds up
 * the virtual devices.
 */
function programmed(cells: Uint8Array, end: number): Uint8Array {
  let length = end;
  while (length > 0 && cells[length - 1] === 0xff) length--;
  return cells.slice(0, length);
}
