// A PIN while it is typed, and the wait after too many wrong ones: from the fifth on 15 s, twice as long for each further one. The digits
// leave it once, to the card.

import type { Journal } from "../journal/journal.js";
import type { PinAnswer } from "./present.js";
import type { MessageCode } from "../messages.js";
import type { Timer } from "../platform.js";
import type { Intent } from "../session/view.js";

const digitsMin = 4;
const digitsMax = 8;
const triesBeforeWait = 5;
const waitMs = 15_000;
const doublingsMax = 8;

export class PinEntry {
  readonly #timer: Timer;
  #digits = "";
  #problem: MessageCode | undefined;
  #wrong: number;
  #waits = false;

  /** wrong: wrong PINs since the last right one, before this start; the wait that follows from them begins anew. */
  constructor(options: { readonly timer: Timer; readonly wrong: number }) {
    this.#timer = options.timer;
    this.#wrong = options.wrong;
    this.#waitIfDue();
  }

  /** How many digits are typed; never which. */
  get typed(): number {
    return this.#digits.length;
  }

  get problem(): MessageCode | undefined {
    return this.#problem;
  }

  /** For the next person, or with something to say to this one. */
  clear(problem?: MessageCode): void {
    this.#digits = "";
    this.#problem = problem;
  }

  edit(intent: Intent): void {
    this.#problem = undefined;
    if (intent.do === "digit" && this.#digits.length < digitsMax) this.#digits += String(intent.digit);
    if (intent.do === "correct") this.#digits = this.#digits.slice(0, -1);
  }

  /** The PIN, when there are enough digits and nobody has to wait. */
  take(): string | undefined {
    if (this.#digits.length < digitsMin) return undefined;
    const pin = this.#digits;
    this.clear(this.#waits ? "O-07" : undefined);
    return this.#waits ? undefined : pin;
  }

  answered(answer: PinAnswer): void {
    if (answer === "ok") this.#wrong = 0;
    if (answer !== "wrong") return;
    this.#wrong++;
    this.#waitIfDue();
    this.#problem = this.#waits ? "O-07" : "O-01";
  }

  #waitIfDue(): void {
    if (this.#wrong < triesBeforeWait) return;
    this.#waits = true;
    this.#timer.set(() => {
      this.#waits = false;
    }, waitMs * 2 ** Math.min(this.#wrong - triesBeforeWait, doublingsMax));
  }
}

/** Wrong PINs since the last right one: the journal remembers them over a power cut. */
export function wrongPinsInJournal(journal: Pick<Journal, "tail">): number {
  let wrong = 0;
  for (const { event } of journal.tail) wrong = event === "officialIn" ? 0 : event === "officialRefused" ? wrong + 1 : wrong;
  return wrong;
}
