// An official act is made of steps that people can follow on the screen. Each ends passed, or flagged where it only
// informs; a step that fails ends the act.

import type { MessageCode } from "../messages.js";

export type StepName =
  | "package"
  | "entropy"
  | "printer"
  | "storage"
  | "clock"
  | "empty"
  | "zero-report"
  | "share"
  | "key"
  | "count"
  | "sign"
  | "report"
  | "archive";

export interface Step {
  readonly step: StepName;
  readonly state: "running" | "passed" | "flagged";
  /** How many ballots it has counted; what the clock says, in seconds since 1970 UTC. */
  readonly value: number | undefined;
}

/** refused: the act is not done, and people can do something. stop: the terminal goes out of service. */
export interface ActFault {
  readonly kind: "refused" | "stop";
  readonly message: MessageCode;
}

export class Steps {
  readonly #onChange: () => void;
  #steps: readonly Step[] = [];
  #trouble: MessageCode | undefined;

  constructor(options: { readonly onChange: () => void }) {
    this.#onChange = options.onChange;
  }

  get list(): readonly Step[] {
    return this.#steps;
  }

  /** What people have to see to before the running step goes on by itself. */
  get trouble(): MessageCode | undefined {
    return this.#trouble;
  }

  clear(): void {
    this.#steps = [];
    this.#trouble = undefined;
  }

  /** The running step waits for people; undefined: it goes on. */
  wait(trouble: MessageCode | undefined): void {
    if (trouble === this.#trouble) return;
    this.#trouble = trouble;
    this.#onChange();
  }

  /** A new step runs. */
  run(step: StepName, value?: number): void {
    this.#steps = [...this.#steps, { step, state: "running", value }];
    this.#onChange();
  }

  progress(value: number): void {
    this.#last({ value });
  }

  /** The running step has ended. `flagged`: go on, but people should look. */
  pass(flagged = false): void {
    this.#last({ state: flagged ? "flagged" : "passed" });
  }

  #last(change: Partial<Step>): void {
    const last = this.#steps[this.#steps.length - 1];
    if (last === undefined) return;
    this.#steps = [...this.#steps.slice(0, -1), { ...last, ...change }];
    this.#onChange();
  }
}
