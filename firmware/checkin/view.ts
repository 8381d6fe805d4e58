// What a desk shows and what the officials at it can ask for. Types only. The digits of a number are shown to the
// official who typed them, and are in a view as long as they are on the screen, no longer.

import type { OfficialRole } from "../election/types.js";
import type { PollState } from "../journal/poll-state.js";
import type { MessageCode } from "../messages.js";
import type { Settings } from "../settings.js";
import type { CheckInCounts } from "./check-ins.js";
import type { DeskMessageCode } from "./messages.js";

export type DeskPoll = Exclude<PollState, "paused">;

/** again: a right given a second time, by two officials' decision. */
export type DeskAct = "open" | "close" | "again";

/** Why no card is given for the number on the screen. */
export type NumberProblem = "D-01" | "D-02" | "D-03" | "D-10";

export type DeskView =
  | { readonly screen: "starting" }
  /** Before the opening and after the close. */
  | { readonly screen: "closed"; readonly poll: DeskPoll; readonly station: number }
  /** A national number is typed. */
  | {
      readonly screen: "number";
      readonly station: number;
      readonly digits: string;
      readonly problem: NumberProblem | undefined;
    }
  /** In the roll, and to be given a card. `open`: one was begun before. */
  | { readonly screen: "found"; readonly digits: string; readonly area: number; readonly open: boolean }
  /** An empty card is waited for; or, when one was begun, the same. */
  | { readonly screen: "card"; readonly open: boolean }
  | { readonly screen: "working" }
  | { readonly screen: "granted" }
  /** A card that was granted and not used lies there: green takes the right back. */
  | { readonly screen: "unused" }
  | {
      readonly screen: "message";
      readonly code: DeskMessageCode | MessageCode;
      readonly awaits: "key" | "card-removal" | "official" | "nothing";
      /** See MessageView. */
      readonly codes?: readonly (readonly string[])[];
    }
  /** typed: how many digits, never which. */
  | {
      readonly screen: "pin";
      readonly role: OfficialRole;
      readonly typed: number;
      readonly problem: MessageCode | undefined;
    }
  | {
      readonly screen: "menu";
      readonly role: OfficialRole;
      readonly poll: DeskPoll;
      readonly counts: CheckInCounts;
      readonly acts: readonly DeskAct[];
    }
  | { readonly screen: "second"; readonly act: DeskAct; readonly waitsFor: OfficialRole };

export type DeskIntent =
  | { readonly do: "digit"; readonly digit: number }
  | { readonly do: "correct" }
  /** The green key. */
  | { readonly do: "confirm" }
  | { readonly do: "back" }
  | { readonly do: "official"; readonly act: "open" | "close" }
  | { readonly do: "settings"; readonly settings: Settings }
  | { readonly do: "here" };

/** ui/ gives the desk this. */
export interface DeskScreen {
  show(view: DeskView, settings: Settings): void;
  /** Nothing of the voter stays in what is kept for drawing. */
  forget(): void;
}
