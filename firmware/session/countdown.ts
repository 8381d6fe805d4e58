// Seconds that are shown while they run out: of the alert, of a parked session, of the slip.

export class Countdown {
  readonly #goOn: () => void;
  #left = 0;

  /** goOn: another second begins; it is shown, and `tick` is called at its end. */
  constructor(options: { readonly goOn: () => void }) {
    this.#goOn = options.goOn;
  }

  get left(): number {
    return this.#left;
  }

  start(seconds: number): void {
    this.#left = seconds;
  }

  /** True when the time is up. */
  tick(): boolean {
    this.#left--;
    if (this.#left > 0) this.#goOn();
    return this.#left <= 0;
  }
}
