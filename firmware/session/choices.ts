// The rules of marking a ballot. Choices change only by the voter's own act: nothing is dropped or replaced for them.

import type { Ballot, BallotStyle, Contest, ElectionPackage, Mark, OptionIndex } from "../election/types.js";
import { assert } from "../result.js";
import type { ChoiceProblem, ReviewItem } from "./view.js";

interface ContestChoice {
  readonly contest: Contest;
  /** In the order chosen, so that the correction key takes back the last. */
  readonly chosen: OptionIndex[];
  blank: boolean;
}

export class Choices {
  readonly #style: BallotStyle;
  readonly #contests: readonly ContestChoice[];

  readonly #pack: Pick<ElectionPackage, "option">;

  constructor(style: BallotStyle, contests: readonly Contest[], pack: Pick<ElectionPackage, "option">) {
    this.#style = style;
    this.#pack = pack;
    this.#contests = style.contests.map((id) => {
      const contest = contests.find((each) => each.id === id);
      assert(contest !== undefined, "the package reader has checked that a style names contests");
      return { contest, chosen: [], blank: false };
    });
  }

  get contests(): number {
    return this.#contests.length;
  }

  contest(position: number): Contest {
    return this.#at(position).contest;
  }

  chosen(position: number): readonly OptionIndex[] {
    return [...this.#at(position).chosen].sort((a, b) => a - b);
  }

  isBlank(position: number): boolean {
    return this.#at(position).blank;
  }

  /** Chooses an option or takes it back. Returns why nothing changed. */
  toggle(position: number, option: OptionIndex): ChoiceProblem | undefined {
    const choice = this.#at(position);
    if (!(option >= 0 && option < choice.contest.options)) return "no-such-code";
    const at = choice.chosen.indexOf(option);
    if (at >= 0) {
      // candidates stand and fall with their list, so they are taken back first
      if (choice.contest.kind === "open-list" && choice.chosen.length > 1 && this.#listOf(choice, option) === undefined)
        return "list-has-choices";
      choice.chosen.splice(at, 1);
      return undefined;
    }
    return this.add(position, option);
  }

  /** Chooses an option; one already chosen stays so. */
  add(position: number, option: OptionIndex): ChoiceProblem | undefined {
    const choice = this.#at(position);
    if (choice.chosen.includes(option)) return undefined;
    if (choice.blank) return "choice-with-blank";
    const stray = choice.contest.kind === "open-list" ? this.#strayFrom(choice, option) : undefined;
    if (stray !== undefined) return stray;
    if (choice.chosen.length >= choice.contest.votesAllowed) return "overvote";
    choice.chosen.push(option);
    return undefined;
  }

  /** Why an option does not go with the list chosen, or with none. */
  #strayFrom(choice: ContestChoice, option: OptionIndex): ChoiceProblem | undefined {
    const list = this.#listOf(choice, option);
    // the list is always the first that was chosen
    const [chosen] = choice.chosen;
    if (chosen === undefined) return list === undefined ? undefined : "list-first";
    return list === chosen ? undefined : "other-list";
  }

  #listOf({ contest }: ContestChoice, option: OptionIndex): OptionIndex | undefined {
    return this.#pack.option(contest.id, option).list;
  }

  /** Takes back the choice made last, or the blank vote. */
  correct(position: number): void {
    const choice = this.#at(position);
    if (choice.blank) choice.blank = false;
    else choice.chosen.pop();
  }

  /** Marks the contest blank, or takes that back. */
  toggleBlank(position: number): ChoiceProblem | undefined {
    const choice = this.#at(position);
    if (choice.blank) {
      choice.blank = false;
      return undefined;
    }
    if (!choice.contest.blankAllowed) return "blank-not-allowed";
    if (choice.chosen.length > 0) return "blank-with-choices";
    choice.blank = true;
    return undefined;
  }

  review(): readonly ReviewItem[] {
    return this.#contests.map((choice, position) => ({
      contest: choice.contest,
      chosen: this.chosen(position),
      blank: choice.blank,
      undervotes: choice.blank ? 0 : choice.contest.votesAllowed - choice.chosen.length,
    }));
  }

  ballot(pack: ElectionPackage): Ballot {
    const marks = this.#contests.map(
      ({ contest, blank, chosen }): Mark => ({
        contest: contest.id,
        blank,
        choices: chosen.map((index) => pack.option(contest.id, index).code).sort((a, b) => a - b),
      }),
    );
    return { style: this.#style.id, marks };
  }

  /** Forgets everything: the ballot has gone to the vault, or nowhere. */
  wipe(): void {
    for (const choice of this.#contests) {
      choice.chosen.fill(0 as OptionIndex);
      choice.chosen.length = 0;
      choice.blank = false;
    }
  }

  #at(position: number): ContestChoice {
    const choice = this.#contests[position];
    assert(choice !== undefined, "contest position");
    return choice;
  }
}
