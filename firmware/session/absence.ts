// A voter who does nothing or has lifted the card: the alert, the parked session that waits for its card, and where the
// voter goes on. Whoever does not come back has NOT cast.

import type { Policy } from "../election/types.js";
import type { EventName as JournalEvent } from "../journal/events.js";
import type { MessageCode } from "../messages.js";
import type { Countdown } from "./countdown.js";
import type { StateMachine } from "./machine.js";

export type VoterState = "voting" | "review" | "confirm" | "slip";

export interface AbsenceOptions {
  readonly machine: StateMachine;
  readonly countdown: Countdown;
  readonly policy: Policy;
  readonly note: (event: JournalEvent, detail: number | undefined) => void;
  /** The voter is not waited for any longer. */
  readonly notCast: (message: MessageCode) => void;
}

/** As the journal has it: who ended the session. */
const ended = { alert: 1, parked: 2, official: 3 } as const;

export class Absence {
  readonly #options: AbsenceOptions;
  /** Where a parked session, an alert or a fault goes back to. */
  returnTo: VoterState = "voting";

  constructor(options: AbsenceOptions) {
    this.#options = options;
  }

  /** The voter marks the ballot and is interrupted. */
  leaveMarking(): void {
    const { state } = this.#options.machine;
    if (state === "voting" || state === "review" || state === "confirm") this.returnTo = state;
  }

  goOn(): void {
    this.#options.machine.enter(this.returnTo);
  }

  /** The card was lifted before the decision. */
  park(): void {
    const { machine, note } = this.#options;
    this.leaveMarking();
    if (machine.state === "slip") this.returnTo = "slip";
    note("parked", undefined);
    this.wait();
  }

  /** For the card, from now on. */
  wait(): void {
    const { machine, countdown, policy } = this.#options;
    countdown.start(policy.parked_s);
    machine.enter("parked");
  }

  parkedTick(): void {
    if (this.#options.countdown.tick()) this.#end("parked", "V-02");
  }

  /** The card is back. */
  resume(): void {
    const { countdown, policy, note } = this.#options;
    note("resumedSession", undefined);
    countdown.start(policy.slip_s);
    this.goOn();
  }

  alert(): void {
    const { machine, countdown, policy } = this.#options;
    this.leaveMarking();
    countdown.start(policy.alert_s);
    machine.enter("inactive");
  }

  alertTick(): void {
    if (this.#options.countdown.tick()) this.#end("alert", "V-01");
  }

  /** An official ends the parked session. */
  endByOfficial(): void {
    this.#end("official", "V-02");
  }

  #end(by: keyof typeof ended, message: MessageCode): void {
    this.#options.note("notCast", ended[by]);
    this.#options.notCast(message);
  }
}
