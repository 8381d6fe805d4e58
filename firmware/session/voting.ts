// A voter's keys while they mark the ballot: what each changes, and where it leads. What is chosen is marking.ts.

import type { Booth } from "./booth.js";
import type { StateMachine } from "./machine.js";
import type { Intent } from "./view.js";

export interface VotingOptions {
  readonly machine: StateMachine;
  readonly booth: Booth;
  /** Draws the state again. */
  readonly show: () => void;
  /** Somebody is there: the wait for them begins anew. */
  readonly watchInactivity: () => void;
}

export class Voting {
  readonly #options: VotingOptions;

  constructor(options: VotingOptions) {
    this.#options = options;
  }

  edit(intent: Intent | undefined): void {
    if (intent === undefined) return;
    this.#options.booth.someone.marking.edit(intent);
    this.#edited();
  }

  next(): void {
    const { machine, booth } = this.#options;
    switch (booth.someone.marking.next()) {
      case "edited":
        return this.#edited();
      case "contest":
        return machine.enter("voting");
      case "review":
        return machine.enter("review");
    }
  }

  back(): void {
    const { machine, booth, watchInactivity } = this.#options;
    const { marking } = booth.someone;
    if (machine.state === "confirm") return machine.enter("review");
    if (machine.state === "review") {
      marking.toLastContest();
      return machine.enter("voting");
    }
    if (marking.back()) return machine.enter("voting");
    watchInactivity();
  }

  jump(intent: Intent | undefined): void {
    const { machine, booth } = this.#options;
    if (intent?.do === "jump" && booth.someone.marking.jump(intent.contest)) machine.enter("voting");
  }

  #edited(): void {
    this.#options.watchInactivity();
    this.#options.show();
  }
}
