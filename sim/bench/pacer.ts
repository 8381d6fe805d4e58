// Lets a station's virtual time pass at the pace of the wall clock. The terminal and its devices agree on time whatever
// this machine is busy with: when it falls behind, time goes slower for all of them together, instead of a card reader
// seeming dead to a driver whose time-outs went on while the reader's process stood still.

import type { VirtualClock } from "../clock.js";
import type { Station } from "../station.js";

/** Between two looks; the page's picture comes at a quarter of this rate. */
const tickMs = 8;
/** Time that is made up for after a stall; what was missed beyond it never happens. */
const behindMaxUs = 100_000;

export class Pacer {
  readonly #station: Station;
  readonly #clock: VirtualClock;
  /** Wall time minus the station's, microseconds. */
  #offsetUs: number;
  #stopped = false;
  readonly #done: Promise<void>;

  constructor(station: Station, clock: VirtualClock) {
    this.#station = station;
    this.#clock = clock;
    this.#offsetUs = wallUs() - clock.nowUs();
    this.#done = this.#run();
  }

  /** Resolves when nothing moves any more. */
  stop(): Promise<void> {
    this.#stopped = true;
    return this.#done;
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      await new Promise((resolve) => setTimeout(resolve, tickMs));
      const behindUs = wallUs() - this.#offsetUs - this.#clock.nowUs();
      if (behindUs > behindMaxUs) this.#offsetUs += behindUs - behindMaxUs;
      await this.#advance(Math.floor(wallUs() - this.#offsetUs));
    }
  }

  async #advance(untilUs: number): Promise<void> {
    if (this.#station.isOn) {
      try {
        if (await this.#station.terminal.runUntil(untilUs)) return;
      } catch {
        // the process ended by itself; whoever watches its exit says so
      }
    }
    // the devices go on without the terminal
    if (untilUs > this.#clock.nowUs()) this.#clock.advanceTo(untilUs);
  }
}

function wallUs(): number {
  return Number(process.hrtime.bigint() / 1000n);
}
