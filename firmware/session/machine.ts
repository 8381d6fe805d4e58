// The state that the terminal is in and what can change it: an event, for which the table names the one action; the
// state's timer; the answer that the state waits for. What states and actions mean is not known here.

import type { Timer, TimerHandle } from "../platform.js";
import type { Result } from "../result.js";
import type { Event } from "./event.js";
import { type Action, type EventName, type StateName, table } from "./table.js";

export interface StateMachineOptions {
  readonly timer: Timer;
  readonly act: (action: Action, event: Event) => void;
  /** A state was entered, which may be the same one again: its timer is to be set, and its view shown. */
  readonly entered: (state: StateName) => void;
  /** Something that was done threw. */
  readonly failed: (thrown: unknown) => void;
}

export class StateMachine {
  readonly #options: StateMachineOptions;
  #state: StateName = "starting";
  #timer: TimerHandle | undefined;
  /** Answers of an act that was left behind are dropped. */
  #turn = 0;

  constructor(options: StateMachineOptions) {
    this.#options = options;
  }

  get state(): StateName {
    return this.#state;
  }

  /** What would be done now. */
  actionFor(event: EventName): Action {
    return table[this.#state][event];
  }

  dispatch(event: Event): void {
    this.guard(() => this.#options.act(table[this.#state][event.name], event));
  }

  /** Runs what the terminal does by itself or for a person. */
  guard(act: () => void): void {
    try {
      act();
    } catch (thrown) {
      this.#options.failed(thrown);
    }
  }

  /** The timer of the state before is gone, and its answers are dropped. */
  enter(state: StateName): void {
    this.#state = state;
    this.#turn++;
    this.setTimer(undefined);
    this.#options.entered(state);
  }

  /** Replaces the one before; its end is the event "timer". */
  setTimer(delayMs: number | undefined): void {
    if (this.#timer !== undefined) this.#options.timer.clear(this.#timer);
    this.#timer = undefined;
    if (delayMs === undefined) return;
    this.#timer = this.#options.timer.set(() => {
      this.#timer = undefined;
      this.dispatch({ name: "timer" });
    }, delayMs);
  }

  /** Waits for `work` in `state`; an answer that comes when the state has been left is dropped. */
  run<T>(state: StateName, work: Promise<T>, then: (value: T) => void): void {
    const turn = this.#turn;
    work.then(
      (value) => {
        if (this.#turn === turn && this.#state === state) this.guard(() => then(value));
      },
      (thrown: unknown) =>
        this.guard(() => {
          throw thrown;
        }),
    );
  }

  /** The answer comes as the event "finished" or "failed" of `state`. */
  runResult<T, E>(state: StateName, work: Promise<Result<T, E>>): void {
    this.run(state, work, (result) => {
      this.dispatch(result.ok ? { name: "finished", value: result.value } : { name: "failed", value: result.error });
    });
  }
}
