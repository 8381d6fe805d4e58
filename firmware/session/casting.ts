// The session's part of a cast, from the second green press to the end of the slip: printed, shown, decided while the
// voter's card lies there, ended with VALID or VOID. What is written and printed in which order is cast/cast.ts.

import type { CardAccess } from "../access/present.js";
import type { Cast, CastFault } from "../cast/cast.js";
import type { Policy } from "../election/types.js";
import type { EventName as JournalEvent } from "../journal/events.js";
import type { MessageCode } from "../messages.js";
import { printerFaults, vaultMessage } from "../service/fault-message.js";
import type { Absence } from "./absence.js";
import type { Booth } from "./booth.js";
import type { Countdown } from "./countdown.js";
import type { Faults } from "./faults.js";
import type { StateMachine } from "./machine.js";

export interface CastingOptions {
  readonly machine: StateMachine;
  readonly booth: Booth;
  readonly countdown: Countdown;
  readonly absence: Absence;
  readonly faults: Faults;
  readonly cast: Cast;
  readonly cards: CardAccess;
  readonly policy: Policy;
  readonly session: CastingSession;
}

/** What a cast asks of the session it is a part of. */
export interface CastingSession {
  note(event: JournalEvent, detail?: number): void;
  /** The message of the state that is entered next. */
  say(message: MessageCode): void;
  /** A fault of the store: out of service. */
  stop(message: MessageCode): void;
  /** A device stops the terminal. */
  deviceFault(): void;
  /** A ballot was cast. */
  onCast(): void;
  /** And its slip is ended. */
  warnOfCapacity(): void;
  toRest(): void;
}

export class Casting {
  readonly #options: CastingOptions;
  #liftedWhilePrinting = false;
  /** After VOID is printed. */
  #afterVoid: "review" | "not-cast" | "power-cut" = "power-cut";

  constructor(options: CastingOptions) {
    this.#options = options;
  }

  // --- the slip is printed and shown ---

  begin(): void {
    const { machine, booth, absence, cast } = this.#options;
    const voter = booth.someone;
    absence.returnTo = "review";
    this.#liftedWhilePrinting = false;
    machine.enter("preparing");
    machine.runResult("preparing", cast.prepare(voter.token, voter.marking.ballot));
  }

  /** The session is parked when the slip is printed. */
  lifted(): void {
    this.#liftedWhilePrinting = true;
  }

  slipPrinted(): void {
    const { machine, booth, countdown, absence, policy } = this.#options;
    absence.returnTo = "slip";
    countdown.start(policy.slip_s);
    if (this.#liftedWhilePrinting || booth.card === undefined) return absence.park();
    machine.enter("slip");
  }

  get mayReject(): boolean {
    const { booth, policy } = this.#options;
    return booth.voter !== undefined && booth.voter.slipsRejected < policy.slipAttempts;
  }

  /** Wrong or unreadable, says the voter. */
  rejectSlip(): void {
    const voter = this.#options.booth.someone;
    if (!this.mayReject) return;
    voter.slipsRejected++;
    this.#options.session.note("slipRejected");
    this.#takeBackFor("review");
  }

  /**
   * The printer fails under a slip that waits for its decision: it is taken back, and the vote is offered again when it
   * is mended.
   */
  slipFault(): void {
    if (this.#options.faults.blocking !== undefined) this.#takeBackFor("review");
  }

  // --- the decision ---

  slipTick(): void {
    const { booth, countdown, absence, cast, cards, session } = this.#options;
    if (!countdown.tick()) return;
    // the one condition of the decision: the card that was locked lies there still
    const { ownCard } = booth;
    if (ownCard === undefined || !booth.holdsOwnCard) return absence.park();
    const committed = cast.commit();
    if (!committed.ok) return this.failed(committed.error);
    void cards.spend(ownCard);
    session.onCast();
    this.#finish();
  }

  #finish(): void {
    this.#options.machine.enter("finishing");
    this.#options.machine.runResult("finishing", this.#options.cast.finish());
  }

  finished(): void {
    const { machine, booth, session } = this.#options;
    session.warnOfCapacity();
    booth.dropVoter();
    machine.enter("done");
  }

  // --- or not ---

  /** NOT cast: a slip that hangs in the printer gets VOID first. */
  withdraw(): void {
    if (this.#options.cast.stage === "none") return this.#notCast();
    this.#takeBackFor("not-cast");
  }

  #takeBackFor(then: "review" | "not-cast"): void {
    this.#afterVoid = then;
    this.#takeBack();
  }

  #takeBack(): void {
    this.#options.machine.enter("voiding");
    this.#options.machine.runResult("voiding", this.#options.cast.takeBack());
  }

  takenBack(): void {
    const { machine, booth, absence, faults, session } = this.#options;
    session.note("slipVoided");
    switch (this.#afterVoid) {
      case "power-cut":
        session.say("V-07");
        return this.#notCast();
      case "not-cast":
        return this.#notCast();
      case "review":
        absence.returnTo = "review";
        if (faults.blocking !== undefined) return session.deviceFault();
        if (!booth.holdsOwnCard) return absence.park();
        return machine.enter("review");
    }
  }

  #notCast(): void {
    this.#options.booth.dropVoter();
    this.#options.machine.enter("not-cast");
  }

  // --- faults, and a start ---

  /** A printer's fault stops until an official has seen to it; a fault of the store until the power is switched. */
  failed(fault: CastFault): void {
    const { machine, cast, session } = this.#options;
    if (fault.kind === "vault") {
      if (fault.fault.kind === "medium") session.note("mediumFault", fault.fault.medium === "a" ? 1 : 2);
      return session.stop(vaultMessage(fault.fault));
    }
    this.interrupted();
    session.say(cast.stage === "committed" ? "P-09" : printerFaults[fault.fault].code);
    session.note("printerFault", printerFaults[fault.fault].detail);
    machine.enter("fault");
  }

  /** A slip that hangs in the printer undecided: VOID comes first when the printer is mended, then the review. */
  interrupted(): void {
    if (this.#options.cast.stage === "prepared") this.#afterVoid = "review";
  }

  /** A start has found a slip that still hangs in the printer, and settled its ballot. */
  recovered(): void {
    const { cast, session } = this.#options;
    if (cast.stage === "none") return;
    this.#afterVoid = "power-cut";
    session.note("recovered", cast.stage === "committed" ? 1 : 0);
  }

  /** After a restart, or when an official has seen to the printer: ends the slip that hangs there. */
  resume(): void {
    if (this.#options.cast.stage === "committed") return this.#finish();
    this.#takeBack();
  }
}
