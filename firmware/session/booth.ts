// Who is in the booth: the card that lies on the reader, and the voter, whose card it may or may not be. Everything a
// voter did lives in one object that is dropped, and its choices overwritten, when they leave.

import type { Card } from "../access/reader.js";
import { assert } from "../result.js";
import type { Marking } from "./marking.js";

/** Everything of one voter. */
export interface Voter {
  readonly token: Uint8Array;
  readonly marking: Marking;
  slipsRejected: number;
}

export class Booth {
  #card: Card | undefined;
  #voter: Voter | undefined;
  /** The card was read and is the voter's own. */
  #own: Card | undefined;

  get card(): Card | undefined {
    return this.#card;
  }

  get voter(): Voter | undefined {
    return this.#voter;
  }

  /** The voter's own card, which may have been lifted since it was read. */
  get ownCard(): Card | undefined {
    return this.#own;
  }

  /** The card that was locked lies there still: the one condition of the decision, and of going on. */
  get holdsOwnCard(): boolean {
    return this.#own !== undefined && this.#own === this.#card;
  }

  /** Only to be asked in a state that has a voter. */
  get someone(): Voter {
    assert(this.#voter !== undefined, "a voter's state has a voter");
    return this.#voter;
  }

  placed(card: Card): void {
    this.#card = card;
  }

  lifted(): void {
    this.#card = undefined;
    this.#own = undefined;
  }

  /** The card that lies there is the voter's. */
  admit(voter: Voter): void {
    this.#voter = voter;
    this.#own = this.#card;
  }

  recognise(card: Card | undefined): void {
    this.#own = card;
  }

  dropVoter(): void {
    this.#voter?.marking.wipe();
    this.#voter?.token.fill(0);
    this.#voter = undefined;
    this.#own = undefined;
  }
}
