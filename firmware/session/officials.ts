// The officials' part of a session: who has shown card and PIN, what they ask for, and that a second one of the other
// office agrees. What a visit interrupts is reading.ts.

import type { OfficialRole } from "../election/types.js";
import { PinEntry } from "../access/pin-entry.js";
import type { PinAnswer, PresentedCard } from "../access/present.js";
import type { EventName as JournalEvent } from "../journal/events.js";
import type { Journal } from "../journal/journal.js";
import { wrongPinsInJournal } from "../journal/wrong-pins.js";
import type { MessageCode } from "../messages.js";
import type { Timer } from "../platform.js";
import type { Result } from "../result.js";
import { assert } from "../result.js";
import type { Day, DayAct } from "../service/day.js";
import type { ActFault } from "../service/steps.js";
import type { StateMachine } from "./machine.js";
import type { StateName } from "./table.js";
import type { Intent, MessageView, OfficialView, ServiceFacts, StationStatus } from "./view.js";

export type OfficialCard = PresentedCard & { readonly kind: "official" };
export type OfficialState = Extract<StateName, `official-${string}`>;

/** What officials need of the session that they interrupt. */
export interface Visited {
  /** A card lies on the reader. */
  readonly cardPresent: boolean;
  /** A parked voter or a fault waits for the visit to end: nothing can be asked for but that. */
  readonly interrupted: "idle" | "parked" | "fault";
  readonly status: StationStatus;
  readonly facts: ServiceFacts;
  /** Draws the state again. */
  show(): void;
  note(event: JournalEvent, detail?: number): void;
  /** A fault of the store: out of service. */
  stop(code: MessageCode): void;
  /** Both offices must have looked. */
  readonly faultTakesBoth: boolean;
  /** The devices are asked, and whatever was interrupted goes on. */
  clearFault(isByBoth: boolean): void;
  /** The voter whose session is parked has NOT cast. */
  endSession(): void;
  /** The polls' state has changed. */
  pollsChanged(): void;
  /** Back to what was interrupted; the message is for a card that still lies there. */
  resume(message: MessageCode): void;
  /** Asks for the card's removal with a message. */
  refuse(message: MessageCode): void;
}

const otherOffice = { executive: "supervision", supervision: "executive" } as const;

export interface OfficialsOptions {
  readonly machine: StateMachine;
  readonly visited: Visited;
  readonly day: Day;
  readonly journal: Journal;
  readonly timer: Timer;
}

export class Officials {
  readonly #machine: StateMachine;
  readonly #visited: Visited;
  readonly #day: Day;
  readonly #pin: PinEntry;
  #presented: OfficialCard | undefined;
  #first: OfficialRole | undefined;
  #act: DayAct | "clear-fault" | undefined;
  /** The second one has agreed. */
  #agreed = false;

  constructor(options: OfficialsOptions) {
    this.#machine = options.machine;
    this.#visited = options.visited;
    this.#day = options.day;
    this.#pin = new PinEntry({ timer: options.timer, wrong: wrongPinsInJournal(options.journal) });
  }

  /** An official's card was read. */
  greet(presented: OfficialCard): void {
    const awaited = this.#waitsFor();
    if (awaited !== undefined) {
      const isWrong = presented.role !== awaited.role;
      if (isWrong || this.#day.hasShareOf(presented.boxKey)) {
        this.#pin.clear(isWrong ? "O-04" : "O-19");
        return this.#machine.enter("official-second");
      }
    }
    this.#presented = presented;
    this.#pin.clear();
    this.#machine.enter("official-pin");
  }

  /** While another official's card is waited for another kind of card was placed. */
  strange(): void {
    this.#pin.clear("O-03");
    this.#visited.show();
  }

  /** Nobody is logged in any more. */
  forget(): void {
    this.#first = undefined;
    this.#act = undefined;
  }

  pinEdit(intent: Intent | undefined): void {
    if (intent?.do === "enter") return this.pinEnter();
    if (intent !== undefined) this.#pin.edit(intent);
    this.#visited.show();
  }

  pinEnter(): void {
    if (this.#presented === undefined) return;
    const pin = this.#pin.take();
    if (pin === undefined) return this.#visited.show();
    this.#machine.enter("official-checking");
    this.#machine.runResult("official-checking", this.#presented.authenticate(pin));
  }

  pinChecked(answer: PinAnswer): void {
    const presented = this.#presented;
    assert(presented !== undefined, "a PIN belongs to a card");
    this.#pin.answered(answer);
    switch (answer) {
      case "wrong":
        this.#visited.note("officialRefused");
        return this.#machine.enter("official-pin");
      case "blocked":
      case "refused":
        this.#visited.note("officialRefused");
        return this.leave(answer === "blocked" ? "O-02" : "O-03");
      case "ok":
        break;
    }
    this.#visited.note("officialIn", presented.role === "executive" ? 1 : 2);
    if (this.#visited.interrupted === "fault") return this.#clearFault(presented.role);
    if (this.#first !== undefined && this.#act !== undefined && this.#act !== "clear-fault") {
      this.#agreed ||= presented.role !== this.#first;
      return this.#work(this.#day.complete(this.#act, presented));
    }
    this.#first = presented.role;
    this.#machine.enter("official-menu");
  }

  #clearFault(role: OfficialRole): void {
    const isFirst = this.#first === undefined;
    if (isFirst && this.#visited.faultTakesBoth) {
      this.#first = role;
      this.#act = "clear-fault";
      this.#pin.clear();
      return this.#machine.enter("official-second");
    }
    this.#forget();
    this.#visited.clearFault(!isFirst);
  }

  /** The first official asks for an act. */
  ask(intent: Intent | undefined): void {
    const act = intent?.do === "official" ? intent.act : undefined;
    const presented = this.#presented;
    if (act === "log-out") return this.leave();
    if (act === undefined || act === "clear-fault" || act === "one-medium" || presented === undefined) return;
    if (act === "end-session") {
      if (this.#visited.interrupted !== "parked") return;
      this.#forget();
      return this.#visited.endSession();
    }
    if (this.#visited.interrupted !== "idle") return;
    if (act === "service") {
      if (this.#day.poll !== "open") this.#machine.enter("official-service");
      return;
    }
    this.#act = act;
    this.#agreed = false;
    this.#work(this.#day.begin(act, presented));
  }

  #work(work: Promise<Result<void, ActFault>>): void {
    this.#machine.enter("official-acting");
    this.#machine.runResult("official-acting", work);
  }

  /** What the act that is under way has come to. */
  stepsChanged(): void {
    if (this.#machine.state === "official-acting") this.#visited.show();
  }

  acted(): void {
    if (this.#waitsFor() !== undefined) {
      this.#pin.clear();
      return this.#machine.enter("official-second");
    }
    this.#visited.pollsChanged();
    this.#machine.enter("official-result");
  }

  actFailed(fault: ActFault): void {
    this.#forget();
    if (fault.kind === "stop") return this.#visited.stop(fault.message);
    // results may have been kept although they were not printed
    this.#visited.pollsChanged();
    this.#visited.refuse(fault.message);
  }

  leave(message: MessageCode = "O-06"): void {
    // the first official's card is lifted so that the second can place theirs
    if (
      this.#machine.state === "official-pin" &&
      this.#first !== undefined &&
      this.#act !== undefined &&
      !this.#visited.cardPresent
    ) {
      this.#presented = undefined;
      this.#pin.clear();
      return this.#machine.enter("official-second");
    }
    this.#forget();
    this.#visited.resume(message);
  }

  /** For whose card the act that is asked for waits. */
  #waitsFor(): { readonly role: OfficialRole; readonly cards: number } | undefined {
    if (this.#first === undefined || this.#act === undefined) return undefined;
    const shares = this.#day.waitsFor;
    if (shares !== undefined) return shares;
    return this.#agreed ? undefined : { role: otherOffice[this.#first], cards: 1 };
  }

  #forget(): void {
    this.#pin.clear();
    this.#presented = undefined;
    this.#first = undefined;
    this.#act = undefined;
    this.#agreed = false;
    this.#day.abandon();
  }

  #second(): Pick<OfficialView & { readonly screen: "official-second" }, "waitsFor" | "cards" | "problem"> {
    const awaited = this.#waitsFor();
    return { waitsFor: awaited?.role ?? "executive", cards: awaited?.cards ?? 1, problem: this.#pin.problem };
  }

  view(state: Exclude<OfficialState, "official-checking">): OfficialView | MessageView {
    const { interrupted, status } = this.#visited;
    switch (state) {
      case "official-pin":
        return {
          screen: "official-pin",
          role: this.#presented?.role ?? "executive",
          typed: this.#pin.typed,
          problem: this.#pin.problem,
        };
      case "official-menu":
        return {
          screen: "official-menu",
          role: this.#first ?? "executive",
          poll: this.#day.poll,
          status,
          // nobody looks into a terminal at which somebody may be about to vote
          acts:
            interrupted === "idle"
              ? [...this.#day.acts, ...(this.#day.poll === "open" ? [] : (["service"] as const)), "log-out"]
              : interrupted === "parked"
                ? ["end-session", "log-out"]
                : ["log-out"],
        };
      case "official-second":
        return { screen: "official-second", act: this.#act ?? "open", ...this.#second() };
      case "official-acting":
        if (this.#day.trouble !== undefined) return { screen: "message", code: this.#day.trouble, awaits: "nothing" };
        return { screen: "official-progress", act: this.#act ?? "clear-fault", steps: this.#day.steps };
      case "official-result":
        return { screen: "official-result", act: this.#act ?? "open", status };
      case "official-service":
        return { screen: "official-service", status, facts: this.#visited.facts };
    }
  }
}
