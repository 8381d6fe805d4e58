// A voter in the middle of marking the ballot: which contest is before them, how it is shown, what they have typed. The
// rules of choosing are in choices.ts; where the session goes next is told by what each act returns.

import type { Ballot, BallotStyle, ContestId, ElectionPackage, Mark, OptionIndex } from "../election/types.js";
import { Choices } from "./choices.js";
import type { ChoiceProblem, Intent, ReviewItem, VotingView } from "./view.js";

/** A code has at most so many digits (99,999). */
const typedMax = 5;

export class Marking {
  readonly #pack: ElectionPackage;
  readonly #choices: Choices;
  #position = 0;
  #mode: "list" | "code" = "list";
  #typed = "";
  #problem: ChoiceProblem | undefined;
  /** The review was reached once: "next" in a contest goes back there. */
  #reviewing = false;

  constructor(options: { readonly pack: ElectionPackage; readonly style: BallotStyle }) {
    this.#pack = options.pack;
    this.#choices = new Choices(options.style, options.pack.election.contests, options.pack);
  }

  /** A choice, page, mode, digit, correction, blank, or the typed code. */
  edit(intent: Intent): void {
    this.#problem = undefined;
    switch (intent.do) {
      case "toggle":
        this.#problem = this.#choices.toggle(this.#position, intent.option);
        break;
      case "mode":
        this.#mode = intent.mode;
        this.#typed = "";
        break;
      case "digit":
        this.#mode = "code";
        if (this.#typed.length < typedMax) this.#typed += String(intent.digit);
        break;
      case "correct":
        if (this.#typed !== "") this.#typed = this.#typed.slice(0, -1);
        else this.#choices.correct(this.#position);
        break;
      case "blank":
        this.#problem = this.#choices.toggleBlank(this.#position);
        break;
      case "enter":
        this.#enterCode();
        break;
    }
  }

  /** Takes a code that stands there, else goes on: to the next contest, or to the review. */
  next(): "edited" | "contest" | "review" {
    // green after digits means "this one"
    if (this.#typed !== "") {
      this.edit({ do: "enter" });
      return "edited";
    }
    if (this.#reviewing || this.#position + 1 >= this.#choices.contests) {
      this.#reviewing = true;
      return "review";
    }
    this.#goTo(this.#position + 1);
    return "contest";
  }

  /** From the code entry to the list, from a contest to the one before; false when there is none. */
  back(): boolean {
    if (this.#mode === "code") this.#goTo(this.#position);
    else if (this.#position > 0) this.#goTo(this.#position - 1);
    else return false;
    return true;
  }

  /** Back from the review. */
  toLastContest(): void {
    this.#goTo(this.#choices.contests - 1);
  }

  /** False for a contest that is not on this ballot. */
  jump(contest: ContestId): boolean {
    for (let position = 0; position < this.#choices.contests; position++) {
      if (this.#choices.contest(position).id !== contest) continue;
      this.#goTo(position);
      return true;
    }
    return false;
  }

  get view(): VotingView {
    const contest = this.#choices.contest(this.#position);
    return {
      screen: "voting",
      contest,
      position: this.#position,
      of: this.#choices.contests,
      chosen: this.#choices.chosen(this.#position),
      blank: this.#choices.isBlank(this.#position),
      mode: this.#mode,
      typed: this.#typed,
      found: this.#found,
      problem: this.#problem,
    };
  }

  get review(): readonly ReviewItem[] {
    return this.#choices.review();
  }

  get ballot(): Ballot {
    return this.#choices.ballot(this.#pack);
  }

  get marks(): readonly Mark[] {
    return this.ballot.marks;
  }

  /** Forgets every choice. */
  wipe(): void {
    this.#choices.wipe();
    this.#typed = "";
  }

  #goTo(position: number): void {
    this.#position = position;
    this.#mode = "list";
    this.#typed = "";
    this.#problem = undefined;
  }

  #enterCode(): void {
    if (this.#typed === "") return;
    const found = this.#found;
    this.#problem = found === undefined ? "no-such-code" : this.#choices.add(this.#position, found);
    // a code that was taken makes room for the next; one that was not stays to be corrected
    if (this.#problem === undefined) this.#typed = "";
  }

  /** The option that the typed code names. */
  get #found(): OptionIndex | undefined {
    if (this.#typed === "") return undefined;
    return this.#pack.findCode(this.#choices.contest(this.#position).id, Number(this.#typed));
  }
}
