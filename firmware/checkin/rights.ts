// A right to vote on a card: given to one that is empty or spent, and taken back from one that was not used. Whoever
// was given one is durable before the card is written; FORMAT.md says why in this order, and what a cut leaves.

import { wallSeconds } from "../wall-clock.js";
import { type DeskDeps, type DeskFault, type HeldRight, grant, inspect, reset } from "../access/desk.js";
import type { Card } from "../access/reader.js";
import type { EventName } from "../journal/events.js";
import type { Clock } from "../platform.js";
import type { Voter } from "../roll/roll.js";
import type { CheckIns } from "./check-ins.js";

const quarterSeconds = 900;

/** Whom a right is given to. */
export interface Entitled {
  readonly voter: Voter;
  /** A check-in of this voter was begun and not settled. */
  readonly isOpen: boolean;
  /** Two officials have allowed an empty card for it. */
  readonly isAllowed: boolean;
}

/**
 * removed, unreadable, other-election, revoked, not-empty: another card is waited for. unanswered: the card may hold the right, so the same one
 * is. decision: two officials have to allow a card. broken: the store does not answer. stopped: the journal does not,
 * and the desk has stopped.
 */
export type Given =
  | "granted"
  | "official"
  | "removed"
  | "unreadable"
  | "other-election"
  | "revoked"
  | "not-empty"
  | "unanswered"
  | "decision"
  | "full"
  | "broken"
  | "stopped";

export type TakenBack = "returned" | "unreadable" | "full" | "broken" | "stopped";

export interface RightsOptions {
  readonly cards: DeskDeps;
  readonly checkIns: CheckIns;
  readonly clock: Clock;
  /** False: the journal takes no more, and the desk has stopped. */
  readonly note: (event: EventName) => boolean;
}

export class Rights {
  readonly #options: RightsOptions;

  constructor(options: RightsOptions) {
    this.#options = options;
  }

  async give(card: Card, entitled: Entitled): Promise<Given> {
    const { voter, isOpen } = entitled;
    const { cards } = this.#options;
    const state = await inspect(card, cards);
    if (!state.ok) return refusal(state.error);
    switch (state.value.kind) {
      case "locked":
        return "not-empty";
      case "granted":
        // a grant that is repeated adds no right: it settles what was begun, and would give a new voter none
        if (!isOpen || !state.value.isOurs || state.value.style !== voter.style) return "not-empty";
        return this.#write(card, entitled);
      case "spent": {
        const emptied = await reset(card, cards, false);
        if (!emptied.ok) return refusal(emptied.error);
        return this.#writeEmpty(card, entitled);
      }
      case "empty":
        return this.#writeEmpty(card, entitled);
    }
  }

  async #writeEmpty(card: Card, entitled: Entitled): Promise<Given> {
    const { isOpen, isAllowed } = entitled;
    if (isOpen && !isAllowed) return "decision";
    if (isAllowed && !this.#options.note("rightRepeated")) return "stopped";
    return this.#write(card, entitled);
  }

  /** Begin, grant, settle. */
  async #write(card: Card, { voter: { position, style }, isOpen }: Entitled): Promise<Given> {
    const { checkIns, cards } = this.#options;
    const begun = checkIns.begin(position, this.#quarter());
    if (!begun.ok) return begun.error.kind === "full" ? "full" : "broken";
    const granted = await grant(card, cards, style);
    if (granted.ok) return checkIns.settle(position).ok ? "granted" : "broken";
    if (granted.error.kind === "unanswered") return "unanswered";
    // the card took nothing, so neither did the voter
    if (!isOpen && !checkIns.forget(position).ok) return "broken";
    return refusal(granted.error);
  }

  /** Whether a right of this election lies on the card, unused. Undefined: it cannot be read. */
  async holdsUnused(card: Card): Promise<boolean | undefined> {
    const state = await inspect(card, this.#options.cards);
    return state.ok ? isUnused(state.value) : undefined;
  }

  /**
   * An unused card comes back: counted before it is emptied. Whose it was nobody knows, so nobody is given another for
   * it.
   */
  async takeBack(card: Card): Promise<TakenBack> {
    const { checkIns, cards, note } = this.#options;
    const state = await inspect(card, cards);
    if (!state.ok || !isUnused(state.value)) return "unreadable";
    const begun = checkIns.beginReturn(this.#quarter());
    if (!begun.ok) return begun.error.kind === "full" ? "full" : "broken";
    const emptied = await reset(card, cards, false);
    if (!emptied.ok) return "unreadable";
    if (!checkIns.settleReturn().ok) return "broken";
    return note("cardReturned") ? "returned" : "stopped";
  }

  #quarter(): number {
    return Math.floor(wallSeconds(this.#options.clock) / quarterSeconds);
  }
}

function isUnused(held: HeldRight): boolean {
  return held.kind === "granted" && held.isOurs;
}

function refusal(fault: DeskFault): "removed" | "unreadable" | "other-election" | "revoked" | "official" | "not-empty" {
  switch (fault.kind) {
    case "card":
      return fault.fault === "removed" ? "removed" : "unreadable";
    case "other-kind":
      return "official";
    case "not-ours":
      return "not-empty";
    case "revoked":
      return "revoked";
    case "refused":
    case "other-epoch":
      return "other-election";
    default:
      return "unreadable";
  }
}
