// Every view that a screen can be asked for, with the example election.

import type { ContestId, Mark, OptionIndex } from "../../firmware/election/types.js";
import { openPackage } from "../../firmware/election/package.js";
import type { ElectionPackage } from "../../firmware/election/types.js";
import { describePackageError } from "../../firmware/election/error.js";
import type { ReviewItem, StationStatus, View, VotingView } from "../../firmware/session/view.js";
import { buildPackage } from "../../tools/package/build.js";
import { buildUiBundle } from "../../tools/text/ui-bundle.js";
import { TextBundle } from "../../ui/text/bundle.js";
import { textSource } from "../../ui/text/typesetter.js";
import { crypto, example, keys, terminals } from "../package/support.js";
import { MemoryFlash } from "../support/memory-flash.js";

function openExample(): ElectionPackage {
  const bytes = buildPackage(example(), keys, terminals);
  const result = openPackage(new MemoryFlash(0x10_0000, bytes), 0, crypto, keys.authority.publicKey);
  if (!result.ok) throw new Error(describePackageError(result.error));
  return result.value;
}

function openText(): TextBundle {
  const result = TextBundle.open(buildUiBundle());
  if (!result.ok) throw new Error(`byte ${result.error.at}: ${result.error.what}`);
  return result.value;
}

export const pack = openExample();
export const text = openText();
export const source = textSource(text, pack);
/** Of a terminal that has no package. */
export const bareSource = textSource(text, undefined);

const [council, lists, question] = [pack.election.contests[0]!, pack.election.contests[1]!, pack.election.contests[2]!];
const indexes = (...values: number[]) => values as OptionIndex[];

export function voting(over: Partial<VotingView> = {}): VotingView {
  return {
    screen: "voting", contest: council, position: 0, of: 3, chosen: indexes(1, 4, 7), blank: false, mode: "list", page: 0, pages: 16, first: 0 as OptionIndex, shown: 10,
    typed: "", found: undefined, problem: undefined, ...over,
  };
}

const full = Array.from({ length: 21 }, (_, i) => (i * 7) as OptionIndex);
const marks = (chosen: readonly OptionIndex[]): Mark[] => [
  { contest: council.id, blank: false, choices: chosen.map((index) => pack.option(council.id, index).code) },
  { contest: lists.id, blank: false, choices: [4] },
  { contest: question.id, blank: true, choices: [] },
];
const review = (chosen: readonly OptionIndex[]): ReviewItem[] => [
  { contest: council, chosen, blank: false, undervotes: Math.max(0, 21 - chosen.length) },
  { contest: lists, chosen: indexes(3), blank: false, undervotes: 0 },
  { contest: question, chosen: [], blank: true, undervotes: 0 },
];
const status: StationStatus = { ballots: 410, capacity: 3000, paper: "ok", power: "mains", sync: "waiting", media: "both" };

/** More than any contest of the example allows: what a screen must page. */
const many = Array.from({ length: 60 }, (_, i) => (i * 2) as OptionIndex);
export const manyItems = review(many);
const manyMarks = marks(many);
export const fullMarks = marks(full);
export const fewMarks = marks(indexes(1, 4, 7));

export const views: Readonly<Record<string, View>> = {
  "starting": { screen: "starting" },
  "reading": { screen: "reading" },
  "idle": { screen: "idle", poll: "open", warning: undefined },
  "idle-warning": { screen: "idle", poll: "open", warning: "V-05" },
  "idle-closed": { screen: "idle", poll: "before-opening", warning: undefined },
  "voting-list": voting(),
  "voting-last-page": voting({ page: 15, first: 150 as OptionIndex, shown: 3, chosen: full, position: 1 }),
  "voting-overvote": voting({ chosen: full, problem: "overvote" }),
  "voting-lists": voting({ contest: lists, position: 1, chosen: indexes(3), pages: 1, shown: 8 }),
  "voting-question": voting({ contest: question, position: 2, chosen: [], blank: true, pages: 1, shown: 3 }),
  "voting-code": voting({ mode: "code", typed: "", found: undefined }),
  "voting-code-found": voting({ mode: "code", typed: "108", found: 7 as OptionIndex }),
  "voting-code-new": voting({ mode: "code", typed: "103", found: 2 as OptionIndex }),
  "voting-code-none": voting({ mode: "code", typed: "99999", problem: "no-such-code" }),
  "voting-blank-problem": voting({ problem: "blank-with-choices" }),
  "voting-choice-problem": voting({ chosen: [], blank: true, problem: "choice-with-blank" }),
  "review": { screen: "review", items: review(indexes(1, 4, 7)) },
  "review-full": { screen: "review", items: review(full) },
  "review-empty": { screen: "review", items: review([]) },
  "review-many": { screen: "review", items: manyItems },
  "confirm-many": { screen: "confirm", marks: manyMarks },
  "slip-many": { screen: "slip", marks: manyMarks, secondsLeft: 5, mayReject: true },
  "confirm": { screen: "confirm", marks: fewMarks },
  "confirm-full": { screen: "confirm", marks: fullMarks },
  "printing": { screen: "printing" },
  "slip": { screen: "slip", marks: fewMarks, secondsLeft: 4, mayReject: true },
  "slip-full": { screen: "slip", marks: fullMarks, secondsLeft: 7, mayReject: false },
  "finishing": { screen: "finishing" },
  "done": { screen: "done" },
  "inactive": { screen: "inactive", secondsLeft: 30 },
  "parked": { screen: "parked", secondsLeft: 120 },
  "message-fault": { screen: "message", code: "P-02", awaits: "official" },
  "message-notice": { screen: "message", code: "C-03", awaits: "card-removal" },
  "message-package": { screen: "message", code: "E-03", awaits: "nothing" },
  "message-key": { screen: "message", code: "O-04", awaits: "key" },
  "official-pin": { screen: "official-pin", role: "executive", typed: 4, problem: undefined },
  "official-pin-wrong": { screen: "official-pin", role: "supervision", typed: 0, problem: "O-01" },
  "official-menu": { screen: "official-menu", role: "executive", poll: "open", status, acts: ["pause", "close", "log-out"] },
  "official-menu-many": { screen: "official-menu", role: "executive", poll: "paused", status: { ...status, paper: "near-end", media: "one" }, acts: ["resume", "close", "clear-fault", "pause", "log-out"] },
  "official-second": { screen: "official-second", act: "close", waitsFor: "supervision" },
  "official-progress": { screen: "official-progress", act: "open" },
  "official-result": { screen: "official-result", act: "open", status: { ...status, ballots: 0 } },
};

export const councilId: ContestId = council.id;
