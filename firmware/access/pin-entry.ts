// A PIN while it is typed, and the wait after too many wrong ones: from the fifth on 15 s, twice as long for each
// further one. The digits leave it once, to the card.

import type { PinAnswer } from "./present.js";
import type { MessageCode } from "../messages.js";
import type { Timer } from "../platform.js";

const digitsMin = 4;
const digitsMax = 8;
const triesBeforeWait = 5;
const waitMs = 15_000;
const doublingsMax = 8;

/**
 * What a person does while a PIN is asked for: a digit, "correct", or anything else, which only takes the problem away.
 */
export interface PinInput {
  readonly do: string;
  readonly digit?: number;
}

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

  edit(input: PinInput): void {
    this.#problem = undefined;
    if (input.do === "digit" && this.#digits.length < digitsMax) this.#digits += String(input.digit);
    if (input.do === "correct") this.#digits = this.#digits.slice(0, -1);
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
    this.#timer.set(
      () => {
        this.#waits = false;
      },
      waitMs * 2 ** Math.min(this.#wrong - triesBeforeWait, doublingsMax),
    );
  }
}
