// The ballot terminal's screen: draws the session's views, turns touches and keys into intents. Of a session it holds
// the view shown.

import { keyLetters } from "../firmware/election/fold.js";
import type { ContestId, ElectionPackage, Mark, OptionIndex } from "../firmware/election/types.js";
import type { Blender, Display } from "../firmware/platform.js";
import { never } from "../firmware/result.js";
import type { Intent, Screen, View, VotingView } from "../firmware/session/view.js";
import { type Settings, settingsAtRest } from "../firmware/settings.js";
import type { MessageCode } from "../firmware/messages.js";
import { type KeyInput, type TouchInput, TouchTracker, keyIntent, moveFocus } from "./input.js";
import { Renderer } from "./render/renderer.js";
import { confirmScreen, doneScreen, finishingScreen, printingScreen, slipScreen } from "./screens/casting.js";
import { kindMark } from "./screens/frame.js";
import {
  menuScreen,
  pinScreen,
  progressScreen,
  resultScreen,
  secondScreen,
  serviceScreen,
} from "./screens/official.js";
import {
  idleScreen,
  inactiveScreen,
  messageScreen,
  parkedScreen,
  readingScreen,
  startingScreen,
} from "./screens/resting.js";
import { reviewScreen } from "./screens/review.js";
import { helpScreen, settingsScreen } from "./screens/panels.js";
import { codeScreen, introScreen, listScreen, searchScreen } from "./screens/voting.js";
import type { Act, LocalAct, Target } from "./place.js";
import { Sheet } from "./sheet.js";
import { defaultSize } from "./text/faces.js";
import { type TextSource, Typesetter } from "./text/typesetter.js";

/** Words of set text that may stay when a picture is drawn; one picture needs less than a quarter of that. */
const storeWordsTidy = 24_576;

export interface BallotScreenOptions {
  readonly display: Display;
  readonly blender: Blender;
  /** Without a package (there is none yet, or it was refused) only screens without an election can be shown. */
  readonly source: TextSource;
  readonly onIntent: (intent: Intent) => void;
  /** Milliseconds, monotonic. */
  readonly now: () => number;
}

/**
 * A screen must have been there for so long before it can be acted on by touch, green or select, and a target touched
 * lately is not acted on again: a doubled press is one press. Milliseconds.
 */
export const settling = 300;

export class BallotScreen implements Screen {
  #pack: ElectionPackage | undefined;
  readonly #onIntent: (intent: Intent) => void;
  readonly #now: () => number;
  /** When another screen came; which target was acted on last, and when. */
  #came = -settling;
  #lastTouched: string | undefined;
  #touchedAt = -settling;
  readonly #set: Typesetter;
  readonly #sheet: Sheet;
  readonly #renderer: Renderer;
  readonly #touches = new TouchTracker();
  #view: View = { screen: "starting" };
  #settings: Settings = settingsAtRest;
  #shown = false;
  /** The ballot shown, the same array as long as its choices are the same. */
  #marks: readonly Mark[] = [];
  #focus: string | undefined;
  #pressed: string | undefined;
  /** Page of a list, a review, a ballot or a help. */
  #page = 0;
  /** What lies over the screen. */
  #panel: "help" | "settings" | "search" | undefined;
  /** Of the search by name, with what they find. */
  #letters = "";
  #found: readonly OptionIndex[] = [];
  /** What the sheet was laid for. */
  #drawn = "";
  /** Contests whose question has been read in this session. */
  #introduced = new Set<ContestId>();
  /** Where a countdown began, for the ring. */
  #secondsFirst = 0;

  constructor(options: BallotScreenOptions) {
    this.#pack = options.source.pack;
    this.#onIntent = options.onIntent;
    this.#now = options.now;
    this.#set = new Typesetter(options.source, options.blender, defaultSize);
    this.#sheet = new Sheet(this.#set, options.blender);
    this.#renderer = new Renderer({ display: options.display, blender: options.blender, set: this.#set });
  }

  /** The election's texts, once its package was opened. */
  set source(source: TextSource) {
    this.#set.source = source;
    this.#pack = source.pack;
    this.#drawn = "";
  }

  show(view: View, settings: Settings): void {
    const before = this.#view;
    const kept = this.#shown && sameScreen(view, before) && settings === this.#settings;
    if (!kept) {
      this.#touches.screenChanged();
      this.#pressed = undefined;
      this.#focus = undefined;
      this.#secondsFirst = "secondsLeft" in view ? view.secondsLeft : 0;
    }
    if (this.#shown && !sameScreen(view, before)) {
      this.#page = 0;
      // settings are changed in their own panel, which stays
      this.#panel = undefined;
      this.#forgetSearch();
    }
    // at rest again: whoever opened a panel has gone
    if (view.screen === "idle" && settings === settingsAtRest) this.#panel = undefined;
    // of a session nothing stays, not even the shapes of names that it looked at
    if (view.screen === "idle" && (before.screen !== "idle" || !this.#shown)) {
      this.#set.clear();
      this.#marks = [];
      this.#introduced = new Set();
    }
    if (view.screen === "voting" && before.screen === "voting" && view.contest.id !== before.contest.id)
      this.#came = this.#now();
    if (settings !== this.#settings) this.#drawn = "";
    this.#shown = true;
    if ("secondsLeft" in view) this.#secondsFirst = Math.max(this.#secondsFirst, view.secondsLeft);
    this.#view = view;
    this.#settings = settings;
    // whoever chooses needs no introduction
    if (view.screen === "voting" && (view.mode === "code" || view.chosen.length > 0 || view.blank))
      this.#introduced.add(view.contest.id);
    if ("marks" in view && !sameMarks(view.marks, this.#marks)) this.#marks = view.marks;
    this.#draw();
  }

  touch(input: TouchInput): void {
    const result = this.#touches.touch(input, this.#sheet);
    if (result.kind === "nothing") return;
    const before = this.#pressed;
    this.#pressed = result.kind === "pressed" ? result.target : undefined;
    // a finger is not a key: the ring goes where it is not needed
    if (result.kind === "pressed") this.#focus = undefined;
    if (result.kind === "act") this.#act(this.#isDoubled(result.target) ? here : result.act);
    if (this.#pressed !== before) this.#draw();
  }

  /** Whether this touch, or this key when there is no target, comes too soon to be meant. */
  #isDoubled(target: string | undefined): boolean {
    const now = this.#now();
    const doubled =
      now - this.#came < settling ||
      (target !== undefined && target === this.#lastTouched && now - this.#touchedAt < settling);
    if (target !== undefined) {
      this.#lastTouched = target;
      this.#touchedAt = now;
    }
    return doubled;
  }

  key({ key, pressed }: KeyInput): void {
    if (!pressed) return;
    if ((key === "green" || key === "select") && this.#isDoubled(undefined)) return this.#onIntent(here);
    if (key === "up" || key === "down" || key === "previous" || key === "next") {
      this.#focus = moveFocus(this.targets, this.#focus, key);
      this.#draw();
      this.#onIntent({ do: "here" });
      return;
    }
    const focused = this.#focus === undefined ? undefined : this.targets.find((target) => target.id === this.#focus);
    if (key === "select") return this.#act(focused?.act ?? { do: "here" });
    // green confirms what has the focus only where nothing else is meant by it
    if (key === "green" && this.#view.screen === "official-menu" && focused !== undefined)
      return this.#act(focused.act);
    if (this.#panel !== undefined) {
      if (key === "green" || key === "back") return this.#act({ do: "local-panel", panel: undefined });
      if (this.#panel === "search" && key === "correction") return this.#act({ do: "local-letter", letter: "" });
      return this.#onIntent({ do: "here" });
    }
    if (key === "green" && this.#forwardIsLocal()) return;
    this.#act(keyIntent(key, this.#view));
  }

  /** Places to touch on the screen shown; for tests and the bench. */
  get targets(): readonly Target[] {
    return this.#sheet.targets;
  }

  /** What is on the screen, item by item; for tests. */
  get picture(): { readonly list: Int32Array; readonly items: number } {
    return { list: this.#sheet.list, items: this.#sheet.items };
  }

  /** The green key on a contest's question, a review or a ballot of several pages goes through them first. */
  #forwardIsLocal(): boolean {
    const forward = this.targets.find((target) => target.id === "forward");
    if (forward === undefined || !isLocal(forward.act)) return false;
    this.#act(forward.act);
    return true;
  }

  #act(act: Act): void {
    if (!isLocal(act)) return this.#onIntent(act);
    switch (act.do) {
      case "local-page":
        this.#page = act.page;
        break;
      case "local-start":
        if (this.#view.screen === "voting") this.#introduced.add(this.#view.contest.id);
        break;
      case "local-panel":
        this.#panel = act.panel;
        this.#page = 0;
        this.#forgetSearch();
        this.#focus = undefined;
        break;
      case "local-letter":
        this.#letter(act.letter);
        break;
      default:
        never(act, "act");
    }
    this.#touches.screenChanged();
    this.#draw();
    this.#onIntent({ do: "here" });
  }

  #letter(letter: string): void {
    if (this.#view.screen !== "voting") return;
    const letters = letter === "" ? this.#letters.slice(0, -1) : `${this.#letters}${letter}`.slice(0, keyLetters);
    this.#letters = letters;
    this.#found = this.#needed().search(this.#view.contest.id, letters);
    this.#page = 0;
  }

  #forgetSearch(): void {
    this.#letters = "";
    this.#found = [];
  }

  #draw(): void {
    const sheet = this.#sheet;
    const name = this.#name();
    if (this.#set.used > storeWordsTidy) {
      this.#set.clear();
      sheet.reset(this.#settings);
    }
    if (name !== this.#drawn) {
      sheet.reset(this.#settings);
      this.#came = this.#now();
    }
    this.#drawn = name;
    sheet.mark(this.#focus, this.#pressed);
    if (this.#panel === "settings") settingsScreen(sheet, this.#settings);
    else if (this.#panel === "help") helpScreen(sheet, this.#view, this.#page);
    else this.#lay(sheet, this.#view);
    if (this.#pack !== undefined) kindMark(sheet, this.#pack.election.kind);
    const rectangles = sheet.finish();
    this.#renderer.show(sheet.list, sheet.items, rectangles);
  }

  /** Screens of one name share their parts; another one is laid from nothing. */
  #name(): string {
    const view = this.#view;
    if (this.#panel !== undefined) return this.#panel;
    return view.screen === "voting" && view.mode === "list" && !this.#introduced.has(view.contest.id)
      ? "intro"
      : view.screen;
  }

  #lay(sheet: Sheet, view: View): void {
    switch (view.screen) {
      case "starting":
        return startingScreen(sheet);
      case "reading":
        return readingScreen(sheet);
      case "idle":
        return idleScreen(sheet, view, this.#pack);
      case "voting":
        return this.#layVoting(sheet, view, this.#needed());
      case "review":
        return reviewScreen(sheet, view.items, this.#needed(), this.#page);
      case "confirm":
        return confirmScreen(sheet, this.#marks, this.#needed(), this.#page);
      case "printing":
        return printingScreen(sheet);
      case "slip":
        return slipScreen(sheet, view, this.#marks, this.#needed(), this.#page);
      case "finishing":
        return finishingScreen(sheet);
      case "done":
        return doneScreen(sheet);
      case "inactive":
        return inactiveScreen(sheet, view.secondsLeft, this.#secondsFirst);
      case "parked":
        return parkedScreen(sheet, view.secondsLeft, this.#secondsFirst);
      case "message":
        return messageScreen(sheet, view, toneOf(view.code));
      case "official-pin":
        return pinScreen(sheet, view);
      case "official-second":
        return secondScreen(sheet, view);
      case "official-menu":
        return menuScreen(sheet, view, this.#pack);
      case "official-progress":
        return progressScreen(sheet, view);
      case "official-service":
        return serviceScreen(sheet, view);
      case "official-result":
        return resultScreen(sheet, view);
      default:
        return never(view, "screen");
    }
  }

  #layVoting(sheet: Sheet, view: VotingView, pack: ElectionPackage): void {
    if (this.#panel === "search")
      return searchScreen(sheet, view, pack, { letters: this.#letters, found: this.#found, page: this.#page });
    if (view.mode === "code") return codeScreen(sheet, view, pack);
    if (!this.#introduced.has(view.contest.id)) return introScreen(sheet, view);
    return listScreen(sheet, view, pack, this.#page);
  }

  #needed(): ElectionPackage {
    if (this.#pack === undefined) throw new Error(`no election package for the screen ${this.#view.screen}`);
    return this.#pack;
  }
}

const here: Intent = { do: "here" };

function isLocal(act: Act): act is LocalAct {
  return act.do === "local-page" || act.do === "local-start" || act.do === "local-panel" || act.do === "local-letter";
}

function sameMarks(a: readonly Mark[], b: readonly Mark[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) {
    const one = a[i]!;
    const other = b[i]!;
    if (one.contest !== other.contest || one.blank !== other.blank || one.choices.length !== other.choices.length)
      return false;
    for (let j = 0; j < one.choices.length; j++) if (one.choices[j] !== other.choices[j]) return false;
  }
  return true;
}

/** A finger that was down on the one may end on the other. */
function sameScreen(a: View, b: View): boolean {
  if (a.screen !== b.screen) return false;
  if (a.screen === "voting" && b.screen === "voting") return a.contest.id === b.contest.id && a.mode === b.mode;
  if (a.screen === "message" && b.screen === "message") return a.code === b.code;
  return true;
}

const officialFaults: readonly MessageCode[] = ["O-05", "O-08", "O-09", "O-10", "O-11", "O-16", "O-17", "O-18"];

/**
 * The tone by the code's letter, so that the catalogue of texts stays out of the image: C, V and most of O are notices,
 * the rest is a device's.
 */
export function toneOf(code: MessageCode): "notice" | "fault" {
  if (code === "I-07" || code === "I-08") return "notice";
  return code.startsWith("C-") || code.startsWith("V-") || (code.startsWith("O-") && !officialFaults.includes(code))
    ? "notice"
    : "fault";
}
