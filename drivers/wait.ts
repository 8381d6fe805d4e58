// One awaited event with a time limit: what every protocol driver here is made of.

import { assert } from "../firmware/result.js";
import type { Timer, TimerHandle } from "../firmware/platform.js";

export class Waiter<T> {
  readonly #timer: Timer;
  #settle: ((value: T | undefined) => void) | undefined;

  constructor(timer: Timer) {
    this.#timer = timer;
  }

  get waiting(): boolean {
    return this.#settle !== undefined;
  }

  /** The value that `give` brings, or undefined when none came within the time. One wait at a time. */
  wait(timeoutMs: number): Promise<T | undefined> {
    assert(this.#settle === undefined, "one wait at a time");
    return new Promise((resolve) => {
      let handle: TimerHandle | undefined;
      this.#settle = (value) => {
        this.#settle = undefined;
        if (handle !== undefined) this.#timer.clear(handle);
        resolve(value);
      };
      handle = this.#timer.set(() => {
        handle = undefined;
        this.#settle?.(undefined);
      }, timeoutMs);
    });
  }

  /** Ends the wait; without one the value is dropped, for nobody asked. */
  give(value: T | undefined): void {
    this.#settle?.(value);
  }
}

/** Resolves after the time. */
export function pause(timer: Timer, ms: number): Promise<void> {
  return new Promise((resolve) => {
    timer.set(resolve, ms);
  });
}
