// A card that was placed: at rest, at a parked session, or while an official is waited for; whose it is, and what
// follows. And the way back, when it is of no use or the official has gone.

import type { CardAccess, CardTrouble, PresentedCard } from "../access/present.js";
import type { Card } from "../access/reader.js";
import { equalBytes } from "../bytes.js";
import type { ElectionPackage } from "../election/types.js";
import type { MessageCode } from "../messages.js";
import type { Absence } from "./absence.js";
import type { Admission, ReadCard } from "./admission.js";
import type { Booth } from "./booth.js";
import type { StateMachine } from "./machine.js";
import { Marking } from "./marking.js";
import type { OfficialCard } from "./officials.js";

/** What a card that is placed interrupts, and returns to. */
export type Interrupted = "idle" | "parked" | "fault";

export interface ReadingOptions {
  readonly machine: StateMachine;
  readonly booth: Booth;
  readonly absence: Absence;
  readonly admission: Admission;
  readonly cards: CardAccess;
  readonly pack: ElectionPackage;
  readonly session: ReadingSession;
}

/** What follows from a card, by the session that it was placed at. */
export interface ReadingSession {
  greet(official: OfficialCard): void;
  /** A card lies where an official's is waited for, and is none. */
  strange(): void;
  /** Asks for the card's removal with a message. */
  refuse(message: MessageCode, detail?: number): void;
  deviceFault(): void;
  toRest(): void;
}

export class Reading {
  readonly #options: ReadingOptions;
  #interrupted: Interrupted = "idle";

  constructor(options: ReadingOptions) {
    this.#options = options;
  }

  get interrupted(): Interrupted {
    return this.#interrupted;
  }

  /** What was interrupted has ended. */
  ended(): void {
    this.#interrupted = "idle";
  }

  atRest(placed: Card | undefined): void {
    const card = placed ?? this.#options.booth.card;
    if (card === undefined) return;
    this.#interrupted = "idle";
    this.#read(card);
  }

  atParked(card: Card | undefined): void {
    if (card === undefined) return;
    this.#interrupted = "parked";
    this.#read(card);
  }

  #read(card: Card): void {
    this.#options.machine.enter("reading");
    this.#options.machine.runResult("reading", this.#options.admission.read(card));
  }

  done({ presented, isLocked }: ReadCard): void {
    const { machine, booth, admission, pack, session } = this.#options;
    if (presented.kind === "official") return session.greet(presented);
    if (this.#interrupted === "parked") return this.#doneAtParked(isLocked ? presented : undefined);
    if (this.#interrupted === "fault") return machine.enter("fault");
    const verdict = admission.judge(presented, isLocked);
    switch (verdict.kind) {
      case "refused":
        return session.refuse(verdict.message, verdict.detail);
      case "fault":
        return session.deviceFault();
      case "admitted":
        booth.admit({ token: verdict.token, marking: new Marking({ pack, style: verdict.style }), slipsRejected: 0 });
        return machine.enter("voting");
    }
  }

  #doneAtParked(presented: PresentedCard | undefined): void {
    const { machine, booth, absence } = this.#options;
    const isOwn = presented?.kind === "locked-here" && equalBytes(presented.token, booth.someone.token);
    if (!isOwn) return machine.enter("parked");
    booth.recognise(booth.card);
    absence.resume();
  }

  failed(trouble: CardTrouble): void {
    // that it is gone is an event of its own
    if (trouble !== "removed") this.goBack(trouble === "several" ? "C-07" : "C-01");
  }

  /** In a fault, or for the second official. */
  forOfficial(card: Card | undefined): void {
    if (card === undefined) return;
    const { machine, cards, session } = this.#options;
    const { state } = machine;
    if (state === "fault") this.#interrupted = "fault";
    machine.run(state, cards.identify(card), (identified) => {
      if (!identified.ok) return;
      if (identified.value.kind === "official") return session.greet(identified.value);
      if (state === "official-second") return session.strange();
      // the voter's own card, put back before the official came
      if (state === "fault" && identified.value.kind === "locked-here") this.#recognise(card, identified.value.token);
    });
  }

  #recognise(card: Card, token: Uint8Array): void {
    const { booth } = this.#options;
    if (booth.voter !== undefined && equalBytes(token, booth.voter.token)) booth.recognise(card);
  }

  /** To what was interrupted; the message is for a card that still lies there. */
  goBack(message: MessageCode): void {
    const { machine, booth, session } = this.#options;
    switch (this.#interrupted) {
      case "idle":
        return booth.card === undefined ? session.toRest() : session.refuse(message);
      case "parked":
        return machine.enter("parked");
      case "fault":
        return machine.enter("fault");
    }
  }
}
