// What the session shows and what the people in front of it can ask for: ui/ draws views and turns touches and keys
// into intents. Of a session it holds what only the screen knows: the focus, a page, letters of a search; and forgets
// them with it.

import type { LogState } from "../device/log.js";
import type { OfficialRole } from "../election/types.js";
import type { Contest, ContestId, Mark, OptionIndex } from "../election/types.js";
import type { PollState } from "../journal/poll-state.js";
import type { MessageCode } from "../messages.js";
import type { DayAct } from "../service/day.js";
import type { Step } from "../service/steps.js";
import type { Settings } from "../settings.js";
import type { SyncStatus } from "../sync/uplink.js";

export type View =
  | { readonly screen: "starting" }
  /** A card was laid on the reader and is being spoken to. */
  | { readonly screen: "reading" }
  /** No session. `warning`: near a limit. */
  | { readonly screen: "idle"; readonly poll: PollState; readonly warning: MessageCode | undefined }
  | VotingView
  | { readonly screen: "review"; readonly items: readonly ReviewItem[] }
  /** First press of green: what will be cast; not yet cast. */
  | { readonly screen: "confirm"; readonly marks: readonly Mark[] }
  | { readonly screen: "printing" }
  /** The slip behind the window; `secondsLeft` counts down. */
  | {
      readonly screen: "slip";
      readonly marks: readonly Mark[];
      readonly secondsLeft: number;
      readonly mayReject: boolean;
    }
  /** After the decision, until VALID is printed and cut. */
  | { readonly screen: "finishing" }
  | { readonly screen: "done" }
  /** Alert before a time-out, over whatever was shown. */
  | { readonly screen: "inactive"; readonly secondsLeft: number }
  /** The voter's card was lifted; putting it back resumes. */
  | { readonly screen: "parked"; readonly secondsLeft: number }
  | MessageView
  | OfficialView;

/** Something happened: code, and whether an official's card, the card's removal or a key is awaited. */
export interface MessageView {
  readonly screen: "message";
  readonly code: MessageCode;
  readonly awaits: "official" | "card-return" | "card-removal" | "key" | "nothing";
  /** Numbers to compare, in groups, each a line. */
  readonly codes?: readonly (readonly string[])[];
}

/**
 * overvote: all votes of this contest are used; nothing is dropped for the voter. choice-with-blank,
 * blank-with-choices: the one has to be taken back before the other can be chosen. blank-not-allowed: this contest has
 * no blank vote.
 */
export type ChoiceProblem =
  | "overvote"
  | "no-such-code"
  | "choice-with-blank"
  | "blank-with-choices"
  | "blank-not-allowed"
  /** In an open list: a candidate before any list; what is of another list; a list that still has candidates chosen. */
  | "list-first"
  | "other-list"
  | "list-has-choices";

export interface VotingView {
  readonly screen: "voting";
  readonly contest: Contest;
  /** 0-based place of this contest in the ballot, and how many there are. */
  readonly position: number;
  readonly of: number;
  /** Chosen options, ascending. */
  readonly chosen: readonly OptionIndex[];
  readonly blank: boolean;
  readonly mode: "list" | "code";
  /** Digits typed in code mode, at most 5. */
  readonly typed: string;
  /** The option the typed code names. */
  readonly found: OptionIndex | undefined;
  /** Why the last act changed nothing; gone with the next act. */
  readonly problem: ChoiceProblem | undefined;
}

export interface ReviewItem {
  readonly contest: Contest;
  readonly chosen: readonly OptionIndex[];
  readonly blank: boolean;
  /** votes allowed minus choices, 0 for a blank */
  readonly undervotes: number;
}

export type OfficialView =
  /** `typed` = number of digits typed, never the digits. */
  | {
      readonly screen: "official-pin";
      readonly role: OfficialRole;
      readonly typed: number;
      readonly problem: MessageCode | undefined;
    }
  /** `cards` officials of this role must hold a card to the reader to allow `act`. */
  | {
      readonly screen: "official-second";
      readonly act: OfficialAct;
      readonly waitsFor: OfficialRole;
      readonly cards: number;
      /** Of the card that was placed last. */
      readonly problem: MessageCode | undefined;
    }
  | {
      readonly screen: "official-menu";
      readonly role: OfficialRole;
      readonly poll: PollState;
      readonly status: StationStatus;
      readonly acts: readonly OfficialAct[];
    }
  /** Steps done and running, in order. */
  | { readonly screen: "official-progress"; readonly act: OfficialAct; readonly steps: readonly Step[] }
  | { readonly screen: "official-result"; readonly act: OfficialAct; readonly status: StationStatus }
  /** The way to the service menu: what a technician asks first. */
  | { readonly screen: "official-service"; readonly status: StationStatus; readonly facts: ServiceFacts };

export interface ServiceFacts {
  readonly station: number;
  /** Slots that were voided. */
  readonly voids: number;
  /** Entries that the journal still takes. */
  readonly journalRoom: number;
  /** What has become of the device: its log. */
  readonly deviceLog: LogState;
}

/** Those of the day, and what an official does besides. */
export type OfficialAct = DayAct | "service" | "end-session" | "clear-fault" | "one-medium" | "log-out";

export interface StationStatus {
  /** Exact only before opening and after the close; during the day rounded down to a multiple of k. */
  readonly ballots: number;
  readonly capacity: number;
  readonly paper: "ok" | "near-end" | "out" | "unknown";
  readonly power: "mains" | "battery";
  readonly sync: SyncStatus;
  readonly media: "both" | "one" | "none";
}

export type Intent =
  | { readonly do: "toggle"; readonly option: OptionIndex }
  | { readonly do: "mode"; readonly mode: "list" | "code" }
  | { readonly do: "digit"; readonly digit: number }
  /** The correction key: removes the last digit typed, else the selection found, else the last choice. */
  | { readonly do: "correct" }
  /** The white key: an explicit blank vote in this contest (a second time takes it back). */
  | { readonly do: "blank" }
  /** Takes the typed code. */
  | { readonly do: "enter" }
  | { readonly do: "next" }
  | { readonly do: "back" }
  | { readonly do: "jump"; readonly contest: ContestId }
  /** The green key: review -> confirm -> cast. */
  | { readonly do: "confirm" }
  /** "Wrong or unreadable", while the slip is shown. */
  | { readonly do: "reject" }
  | { readonly do: "settings"; readonly settings: Settings }
  /** Any key or touch that has no other meaning: the person is still there. */
  | { readonly do: "here" }
  /** An official chose an act, or green as "enter" in their screens is `confirm`. */
  | { readonly do: "official"; readonly act: OfficialAct };

/** ui/ gives the session this. */
export interface Screen {
  /** Draws at once what changed. Pages, help and search are the screen's own, and so is the mark of a test election. */
  show(view: View, settings: Settings): void;
}
