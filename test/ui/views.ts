// Every view that a screen can be asked for, with the example election.

import type { ContestId, Mark, OptionIndex } from "../../firmware/election/types.js";
import { openPackage } from "../../firmware/election/package.js";
import type { ElectionPackage } from "../../firmware/election/types.js";
import { describePackageError } from "../../firmware/election/error.js";
import { type MessageCode, messages } from "../../firmware/messages.js";
import type { ReviewItem, StationStatus, View, VotingView } from "../../firmware/session/view.js";
import type { Settings } from "../../firmware/settings.js";
import { buildPackage } from "../../office/package/build.js";
import { buildUiBundle } from "../../tools/build/ui-bundle.js";
import { TextBundle } from "../../ui/text/bundle.js";
import { BallotScreen } from "../../ui/screen.js";
import { type TextSource, textSource } from "../../ui/text/typesetter.js";
import { crypto, example, keys } from "../package/support.js";
import { nodeBlender } from "../support/blender.js";
import { MemoryDisplay } from "../support/memory-display.js";
import { MemoryFlash } from "../support/memory-flash.js";

/** The example election, and the key that signed it. */
export const packageBytes = buildPackage(example(), keys);
export const { publicKey: authorityKey } = keys.authority;

function openExample(bytes = packageBytes): ElectionPackage {
  const result = openPackage(new MemoryFlash(0x10_0000, bytes), 0, crypto, authorityKey);
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
/** The example as a rehearsal, and as an election that counts. */
export const [rehearsalSource, realSource] = (["rehearsal", "real"] as const).map((kind) =>
  textSource(text, openExample(buildPackage({ ...example(), kind }, keys))),
) as [TextSource, TextSource];
/** Of a terminal that has no package. */
export const bareSource = textSource(text, undefined);

const [council, lists, question] = [pack.election.contests[0]!, pack.election.contests[1]!, pack.election.contests[2]!];
const indexes = (...values: number[]) => values as OptionIndex[];

export function voting(over: Partial<VotingView> = {}): VotingView {
  return {
    screen: "voting",
    contest: council,
    position: 0,
    of: 3,
    chosen: indexes(1, 4, 7),
    blank: false,
    mode: "list",
    typed: "",
    found: undefined,
    problem: undefined,
    ...over,
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
const status: StationStatus = {
  ballots: 410,
  capacity: 3000,
  paper: "ok",
  power: "mains",
  sync: "waiting",
  media: "both",
};

/** More than any contest of the example allows: what a screen must page. */
const many = Array.from({ length: 60 }, (_, i) => (i * 2) as OptionIndex);
export const manyItems = review(many);
const manyMarks = marks(many);
export const fullMarks = marks(full);
export const fewMarks = marks(indexes(1, 4, 7));

/** A view, and what is touched after it has come. */
export interface Shown {
  readonly view: View;
  /** Ids of targets, one after the other. */
  readonly touch?: readonly string[];
}

const search = (...letters: readonly string[]): readonly string[] => ["search", ...letters];
/** Where the keys of the on-screen keyboard are. */
const [kaf, alef, ze, mim, he] = ["letter.1.9", "letter.1.5", "letter.2.0", "letter.1.8", "letter.0.7"];

export const shown: Readonly<Record<string, Shown>> = {
  starting: { view: { screen: "starting" } },
  reading: { view: { screen: "reading" } },
  idle: { view: { screen: "idle", poll: "open", warning: undefined } },
  "idle-warning": { view: { screen: "idle", poll: "open", warning: "V-05" } },
  "idle-closed": { view: { screen: "idle", poll: "before-opening", warning: undefined } },
  settings: { view: { screen: "idle", poll: "open", warning: undefined }, touch: ["settings"] },
  "help-start": { view: { screen: "idle", poll: "open", warning: undefined }, touch: ["help"] },
  "help-voting": { view: voting(), touch: ["help"] },
  "help-review": { view: { screen: "review", items: review(indexes(1, 4, 7)) }, touch: ["help"] },
  "voting-intro": { view: voting({ chosen: [] }) },
  "voting-intro-question": { view: voting({ contest: question, position: 2, chosen: [] }) },
  "voting-list": { view: voting() },
  "voting-list-empty": { view: voting({ chosen: [] }), touch: ["forward"] },
  "voting-second-page": { view: voting({ chosen: full, position: 1 }), touch: ["page.after"] },
  "voting-overvote": { view: voting({ chosen: full, problem: "overvote" }) },
  "voting-lists": { view: voting({ contest: lists, position: 1, chosen: indexes(3) }) },
  "voting-question": { view: voting({ contest: question, position: 2, chosen: [], blank: true }) },
  "voting-code": { view: voting({ mode: "code", typed: "", found: undefined }) },
  "voting-code-found": { view: voting({ mode: "code", typed: "108", found: 7 as OptionIndex }) },
  "voting-code-new": { view: voting({ mode: "code", typed: "103", found: 2 as OptionIndex }) },
  "voting-code-none": { view: voting({ mode: "code", typed: "99999", problem: "no-such-code" }) },
  "voting-blank-problem": { view: voting({ problem: "blank-with-choices" }) },
  "voting-choice-problem": { view: voting({ chosen: [], blank: true, problem: "choice-with-blank" }) },
  search: { view: voting(), touch: search() },
  "search-one": { view: voting(), touch: search(kaf) },
  "search-name": { view: voting(), touch: search(kaf, alef, ze, mim) },
  "search-none": { view: voting(), touch: search(he, he, he) },
  review: { view: { screen: "review", items: review(indexes(1, 4, 7)) } },
  "review-full": { view: { screen: "review", items: review(full) } },
  "review-empty": { view: { screen: "review", items: review([]) } },
  "review-many": { view: { screen: "review", items: manyItems } },
  "confirm-many": { view: { screen: "confirm", marks: manyMarks } },
  "slip-many": { view: { screen: "slip", marks: manyMarks, secondsLeft: 5, mayReject: true } },
  confirm: { view: { screen: "confirm", marks: fewMarks } },
  "confirm-full": { view: { screen: "confirm", marks: fullMarks } },
  printing: { view: { screen: "printing" } },
  slip: { view: { screen: "slip", marks: fewMarks, secondsLeft: 4, mayReject: true } },
  "slip-full": { view: { screen: "slip", marks: fullMarks, secondsLeft: 7, mayReject: false } },
  finishing: { view: { screen: "finishing" } },
  done: { view: { screen: "done" } },
  inactive: { view: { screen: "inactive", secondsLeft: 30 } },
  parked: { view: { screen: "parked", secondsLeft: 120 } },
  "message-fault": { view: { screen: "message", code: "P-02", awaits: "official" } },
  "message-notice": { view: { screen: "message", code: "C-03", awaits: "card-removal" } },
  "message-package": { view: { screen: "message", code: "E-03", awaits: "nothing" } },
  "message-key": { view: { screen: "message", code: "O-04", awaits: "key" } },
  "official-pin": { view: { screen: "official-pin", role: "executive", typed: 4, problem: undefined } },
  "official-pin-wrong": { view: { screen: "official-pin", role: "supervision", typed: 0, problem: "O-01" } },
  "official-menu": {
    view: { screen: "official-menu", role: "executive", poll: "open", status, acts: ["pause", "close", "log-out"] },
  },
  "official-menu-many": {
    view: {
      screen: "official-menu",
      role: "executive",
      poll: "paused",
      status: { ...status, paper: "near-end", media: "one" },
      acts: ["resume", "close", "clear-fault", "pause", "log-out"],
    },
  },
  "official-second": {
    view: { screen: "official-second", act: "close", waitsFor: "supervision", cards: 1, problem: undefined },
  },
  "official-second-same": {
    view: { screen: "official-second", act: "open", waitsFor: "supervision", cards: 1, problem: "O-04" },
  },
  "official-second-more": {
    view: { screen: "official-second", act: "count", waitsFor: "executive", cards: 2, problem: undefined },
  },
  "official-second-given": {
    view: { screen: "official-second", act: "count", waitsFor: "executive", cards: 1, problem: "O-19" },
  },
  "official-menu-parked": {
    view: { screen: "official-menu", role: "supervision", poll: "open", status, acts: ["end-session", "log-out"] },
  },
  "official-menu-closed": {
    view: {
      screen: "official-menu",
      role: "executive",
      poll: "closed",
      status,
      acts: ["report", "release", "log-out"],
    },
  },
  "official-progress": { view: { screen: "official-progress", act: "pause", steps: [] } },
  "official-progress-open": {
    view: {
      screen: "official-progress",
      act: "open",
      steps: [
        { step: "entropy", state: "passed", value: undefined },
        { step: "printer", state: "passed", value: undefined },
        { step: "storage", state: "flagged", value: undefined },
        { step: "clock", state: "passed", value: 1_795_235_400 },
        { step: "empty", state: "passed", value: undefined },
        { step: "zero-report", state: "running", value: undefined },
      ],
    },
  },
  "official-progress-count": {
    view: {
      screen: "official-progress",
      act: "count",
      steps: [
        { step: "share", state: "passed", value: undefined },
        { step: "share", state: "passed", value: undefined },
        { step: "key", state: "passed", value: undefined },
        { step: "count", state: "running", value: 1_408 },
      ],
    },
  },
  "official-service": {
    view: {
      screen: "official-service",
      status,
      facts: { station: 1207, voids: 3, journalRoom: 12_404, deviceLog: "whole" },
    },
  },
  "official-result": { view: { screen: "official-result", act: "open", status: { ...status, ballots: 0 } } },
};

/** Every message a person can meet is a screen of its own. */
export const messageViews: Readonly<Record<string, Shown>> = Object.fromEntries(
  (Object.keys(messages) as MessageCode[]).map((code) => [
    `message-${code}`,
    { view: { screen: "message", code, awaits: "official" } },
  ]),
);

/** The time of a person who takes a second for everything. */
export function unhurried(): () => number {
  let now = 0;
  return () => (now += 1_000);
}

/** Touches the middle of a target. */
export function touch(screen: BallotScreen, id: string): void {
  const target = screen.targets.find((each) => each.id === id);
  if (target === undefined) throw new Error(`no target ${id} among ${screen.targets.map((each) => each.id).join(" ")}`);
  const [x, y] = [target.x + target.width / 2, target.y + target.height / 2];
  screen.touch({ contact: 1, phase: "down", x, y });
  screen.touch({ contact: 1, phase: "up", x, y });
}

/** Draws it from nothing. */
export function draw(
  { view, touch: ids = [] }: Shown,
  settings: Settings,
  text: TextSource = source,
): { readonly screen: BallotScreen; readonly display: MemoryDisplay } {
  const display = new MemoryDisplay();
  const screen = new BallotScreen({
    display,
    blender: nodeBlender,
    source: text,
    onIntent: () => undefined,
    now: unhurried(),
  });
  screen.show(view, settings);
  for (const id of ids) touch(screen, id);
  return { screen, display };
}

export const councilId: ContestId = council.id;
