// Officials at the desk: whose card was shown, the PIN while it is typed, what the first one asks for, and that a
// second one of the other office agrees.

import type { OfficialRole } from "../election/types.js";
import type { Official } from "../access/identify-official.js";
import { PinEntry, type PinInput } from "../access/pin-entry.js";
import type { EventName } from "../journal/events.js";
import type { Journal } from "../journal/journal.js";
import { wrongPinsInJournal } from "../journal/wrong-pins.js";
import type { MessageCode } from "../messages.js";
import type { Timer } from "../platform.js";
import type { DeskAct } from "./view.js";

/**
 * first, second: the PIN is right. unreadable: the card gave no answer. stopped: the journal takes no more, and the
 * desk has stopped.
 */
export type Shown = "first" | "second" | "wrong" | "blocked" | "refused" | "unreadable" | "stopped";

export interface VisitOptions {
  readonly timer: Timer;
  readonly journal: Journal;
  /** False: the journal takes no more, and the desk has stopped. */
  readonly note: (event: EventName, detail?: number) => boolean;
}

export class Visit {
  readonly #note: (event: EventName, detail?: number) => boolean;
  readonly #pin: PinEntry;
  #official: Official | undefined;
  #first: OfficialRole | undefined;
  /** What is asked for. */
  act: DeskAct | undefined;

  constructor({ timer, journal, note }: VisitOptions) {
    this.#note = note;
    this.#pin = new PinEntry({ timer, wrong: wrongPinsInJournal(journal) });
  }

  /** Whose card lies there. */
  get official(): Official | undefined {
    return this.#official;
  }

  /** Who has shown card and PIN. */
  get first(): OfficialRole | undefined {
    return this.#first;
  }

  /** How many digits are typed; never which. */
  get typed(): number {
    return this.#pin.typed;
  }

  get problem(): MessageCode | undefined {
    return this.#pin.problem;
  }

  /** False for the same office twice, which is one official. */
  greet(official: Official): boolean {
    if (official.role === this.#first) return false;
    this.#official = official;
    this.#pin.clear();
    return true;
  }

  /** The card was lifted before its PIN. */
  lifted(): void {
    this.#official = undefined;
    this.#pin.clear();
  }

  type(input: PinInput): void {
    this.#pin.edit(input);
  }

  /** What was typed, once; undefined when there are too few digits, or somebody has to wait. */
  takePin(): string | undefined {
    return this.#pin.take();
  }

  /** Shows it to the card that lies there. */
  async enter(official: Official, pin: string): Promise<Shown> {
    const answer = await official.authenticate(pin);
    if (!answer.ok) return "unreadable";
    this.#pin.answered(answer.value);
    if (answer.value !== "ok") return this.#note("officialRefused") ? answer.value : "stopped";
    if (!this.#note("officialIn", official.role === "executive" ? 1 : 2)) return "stopped";
    if (this.#first !== undefined) return "second";
    this.#first = official.role;
    return "first";
  }

  end(): void {
    this.#official = undefined;
    this.#first = undefined;
    this.act = undefined;
    this.#pin.clear();
  }
}
