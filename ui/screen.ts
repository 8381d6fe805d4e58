// The ballot terminal's screen: draws the session's views, turns touches and keys into intents. Of a session it holds the view shown.

import type { ElectionPackage } from "../firmware/election/types.js";
import type { Blender, Display } from "../firmware/platform.js";
import { never } from "../firmware/result.js";
import type { Intent, Language, Screen, View } from "../firmware/session/view.js";
import type { MessageCode } from "../firmware/messages.js";
import { type KeyInput, type TouchInput, TouchTracker, keyIntent, moveFocus } from "./input.js";
import { Renderer } from "./render/renderer.js";
import { confirmScreen, doneScreen, finishingScreen, printingScreen, slipScreen } from "./screens/casting.js";
import { testMark } from "./screens/frame.js";
import { menuScreen, pinScreen, progressScreen, resultScreen, secondScreen } from "./screens/official.js";
import { idleScreen, inactiveScreen, messageScreen, parkedScreen, startingScreen } from "./screens/resting.js";
import { reviewScreen } from "./screens/review.js";
import { rowsPerPage, votingScreen } from "./screens/voting.js";
import { type Act, Sheet, type Target } from "./sheet.js";
import type { TextBundle } from "./text/bundle.js";
import { Typesetter } from "./text/typesetter.js";

export interface BallotScreenOptions {
  readonly display: Display;
  readonly blender: Blender;
  readonly text: TextBundle;
  /** undefined: there is none, or it was refused; only screens without an election can be shown then. */
  readonly pack: ElectionPackage | undefined;
  readonly onIntent: (intent: Intent) => void;
}

export class BallotScreen implements Screen {
  readonly rowsPerPage = rowsPerPage;
  readonly #pack: ElectionPackage | undefined;
  readonly #onIntent: (intent: Intent) => void;
  readonly #set: Typesetter;
  readonly #renderer: Renderer;
  readonly #touches = new TouchTracker();
  #view: View = { screen: "starting" };
  #language: Language = "fa";
  #targets: readonly Target[] = [];
  #focus: string | undefined;
  #pressed: string | undefined;
  /** Page of the review, which pages by itself. */
  #page = 0;
  /** Where a countdown began, for the ring. */
  #secondsFirst = 0;

  /** Throws for a package whose atlas or texts cannot be read. */
  constructor(options: BallotScreenOptions) {
    this.#pack = options.pack;
    this.#onIntent = options.onIntent;
    this.#set = new Typesetter(options.text, options.pack);
    this.#renderer = new Renderer({ display: options.display, blender: options.blender, icons: options.text.atlas });
  }

  show(view: View, language: Language): void {
    if (!sameScreen(view, this.#view) || language !== this.#language) {
      this.#touches.screenChanged();
      this.#pressed = undefined;
      this.#focus = undefined;
      if (view.screen !== this.#view.screen) this.#page = 0;
      this.#secondsFirst = "secondsLeft" in view ? view.secondsLeft : 0;
    }
    if ("secondsLeft" in view) this.#secondsFirst = Math.max(this.#secondsFirst, view.secondsLeft);
    this.#view = view;
    this.#language = language;
    this.#draw();
  }

  touch(input: TouchInput): void {
    const result = this.#touches.touch(input, this.#targets);
    if (result.kind === "nothing") return;
    const before = this.#pressed;
    this.#pressed = result.kind === "pressed" ? result.target : undefined;
    // a finger is not a key: the ring goes where it is not needed
    if (result.kind === "pressed") this.#focus = undefined;
    if (result.kind === "act") this.#act(result.act);
    if (this.#pressed !== before) this.#draw();
  }

  key({ key, pressed }: KeyInput): void {
    if (!pressed) return;
    if (key === "up" || key === "down" || key === "previous" || key === "next") {
      this.#focus = moveFocus(this.#targets, this.#focus, key);
      this.#draw();
      this.#onIntent({ do: "here" });
      return;
    }
    const focused = this.#targets.find((target) => target.id === this.#focus);
    if (key === "select") return this.#act(focused?.act ?? { do: "here" });
    // green confirms what has the focus only where nothing else is meant by it
    if (key === "green" && this.#view.screen === "official-menu" && focused !== undefined) return this.#act(focused.act);
    if (key === "green" && this.#view.screen === "review" && this.#forwardPages()) return;
    this.#act(keyIntent(key, this.#view));
  }

  /** Places to touch on the screen shown; for tests and the bench. */
  get targets(): readonly Target[] {
    return this.#targets;
  }

  /** The green key on a review of several pages goes through them first. */
  #forwardPages(): boolean {
    const forward = this.#targets.find((target) => target.id === "forward");
    if (forward?.act.do !== "local-page") return false;
    this.#act(forward.act);
    return true;
  }

  #act(act: Act): void {
    if (act.do !== "local-page") return this.#onIntent(act);
    this.#page = act.page;
    this.#touches.screenChanged();
    this.#draw();
    this.#onIntent({ do: "here" });
  }

  #draw(): void {
    const sheet = new Sheet({ set: this.#set, language: this.#language, focus: this.#focus, pressed: this.#pressed });
    this.#lay(sheet, this.#view);
    if (this.#pack?.election.test === true) testMark(sheet);
    this.#targets = sheet.targets;
    this.#renderer.show(sheet.items);
  }

  #lay(sheet: Sheet, view: View): void {
    switch (view.screen) {
      case "starting":
        return startingScreen(sheet);
      case "idle":
        return idleScreen(sheet, view, this.#pack);
      case "voting":
        return votingScreen(sheet, view, this.#needed());
      case "review":
        return reviewScreen(sheet, view.items, this.#needed(), this.#page);
      case "confirm":
        return confirmScreen(sheet, view.marks, this.#needed());
      case "printing":
        return printingScreen(sheet);
      case "slip":
        return slipScreen(sheet, view, this.#needed());
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
        return progressScreen(sheet, view.act);
      case "official-result":
        return resultScreen(sheet, view);
      default:
        return never(view, "screen");
    }
  }

  #needed(): ElectionPackage {
    if (this.#pack === undefined) throw new Error(`no election package for the screen ${this.#view.screen}`);
    return this.#pack;
  }
}

/** A finger that was down on the one may end on the other. */
function sameScreen(a: View, b: View): boolean {
  if (a.screen !== b.screen) return false;
  if (a.screen === "voting" && b.screen === "voting") return a.contest.id === b.contest.id && a.page === b.page && a.mode === b.mode;
  if (a.screen === "message" && b.screen === "message") return a.code === b.code;
  return true;
}

/** The tone by the code's letter, so that the catalogue of texts stays out of the image: C, V and O are notices, the rest is a device's. */
export function toneOf(code: MessageCode): "notice" | "fault" {
  return code.startsWith("C-") || code.startsWith("V-") || (code.startsWith("O-") && code !== "O-05") ? "notice" : "fault";
}
