// What stops the terminal until somebody has seen to it: the card reader, the case, the store's voids, the printer.
// What each of them has said last is kept here, and the journal is told of every change.

import type { PaperState, SlipPrinter } from "../cast/printer.js";
import type { EventName as JournalEvent } from "../journal/events.js";
import type { MessageCode } from "../messages.js";
import type { Day } from "../service/day.js";
import { printerFaults } from "../service/fault-message.js";
import type { Vault } from "../vault/vault.js";
import type { Booth } from "./booth.js";
import type { StateMachine } from "./machine.js";

export interface FaultsOptions {
  readonly machine: StateMachine;
  readonly booth: Booth;
  readonly printer: SlipPrinter;
  readonly vault: Vault;
  readonly day: Day;
  readonly note: (event: JournalEvent, detail?: number) => void;
}

export class Faults {
  readonly #options: FaultsOptions;
  #paper: PaperState | undefined;
  #readerDown = false;
  #caseOpen = false;
  /** The case was opened and the officials have not looked since. */
  #tampered = false;

  constructor(options: FaultsOptions) {
    this.#options = options;
  }

  /** The first thing because of which no voter can be served; undefined: nothing. */
  get blocking(): MessageCode | undefined {
    if (this.#readerDown) return "R-01";
    if (this.#tampered) return "T-01";
    if (this.#isVoidsEnd) return "V-06";
    return this.#paper?.fault === undefined ? undefined : printerFaults[this.#paper.fault].code;
  }

  get paper(): PaperState["paper"] | "unknown" {
    return this.#paper?.paper ?? "unknown";
  }

  /** One that does not answer has no paper to print on. */
  async askPrinter(): Promise<void> {
    const status = await this.#options.printer.status();
    this.printerSaid(status.ok ? status.value : { paper: "out", fault: status.error });
  }

  /** As an answer: nothing follows from it by itself. */
  printerSaid(state: PaperState): void {
    this.#paper = state;
  }

  /** The printer says by itself that something has changed. */
  printerChanged(state: PaperState): void {
    const { machine, note } = this.#options;
    const before = this.#paper;
    this.#paper = state;
    if (state.fault !== undefined && before?.fault !== state.fault) {
      // the act that is under way says so itself
      if (machine.actionFor("device-fault") === "deviceFault") note("printerFault", printerFaults[state.fault].detail);
      machine.dispatch({ name: "device-fault" });
    }
    if (state.fault === undefined && before?.fault !== undefined) {
      note("printerReady");
      machine.dispatch({ name: "device-ready" });
    }
  }

  readerFailed(): void {
    this.#readerDown = true;
    this.#options.note("readerFault");
    this.#options.machine.dispatch({ name: "device-fault" });
  }

  readerReady(): void {
    if (this.#readerDown) this.#options.note("readerReady");
    this.#readerDown = false;
    this.#options.machine.dispatch({ name: "device-ready" });
  }

  /** Opened while the polls are open it stops the terminal until it is closed and both offices have looked. */
  caseChanged(isOpen: boolean): void {
    const { machine, day, note } = this.#options;
    note(isOpen ? "caseOpened" : "caseClosed");
    this.#caseOpen = isOpen;
    if (isOpen && day.poll === "open") this.#tampered = true;
    machine.dispatch({ name: isOpen ? "device-fault" : "device-ready" });
  }

  /** What only both offices together put an end to: the case was opened, or too many slips were voided. */
  get takesBoth(): boolean {
    return this.#tampered || this.#isVoidsEnd;
  }

  /** Both offices have looked: a case that is closed again is trusted, and some voids more are allowed. */
  bothLooked(): void {
    const { day, vault } = this.#options;
    this.#tampered = this.#caseOpen && day.poll === "open";
    if (vault.hasTooManyVoids()) vault.allowVoids();
  }

  get #isVoidsEnd(): boolean {
    const { booth, day, vault } = this.#options;
    return booth.voter === undefined && day.poll === "open" && vault.hasTooManyVoids();
  }
}
