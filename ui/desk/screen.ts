// The identity desk's screen: draws the desk's views, turns touches and keys into what its officials ask for. Of a
// voter it holds the view shown.

import type { ElectionKind } from "../../firmware/election/types.js";
import type { DeskIntent, DeskScreen, DeskView } from "../../firmware/checkin/view.js";
import type { Blender, Display } from "../../firmware/platform.js";
import { never } from "../../firmware/result.js";
import type { Settings } from "../../firmware/settings.js";
import { type KeyInput, type TouchInput, TouchTracker } from "../input.js";
import { Renderer } from "../render/renderer.js";
import { kindMark } from "../screens/frame.js";
import type { Act, Target } from "../place.js";
import { Sheet } from "../sheet.js";
import { defaultSize } from "../text/faces.js";
import { type TextSource, Typesetter } from "../text/typesetter.js";
import {
  cardScreen,
  closedScreen,
  foundScreen,
  grantedScreen,
  menuScreen,
  messageScreen,
  numberScreen,
  pinScreen,
  secondScreen,
  startingScreen,
  unusedScreen,
  workingScreen,
} from "./screens.js";

/**
 * A screen must have been there for so long before green or a touch acts on it, in milliseconds: a doubled press is one
 * press.
 */
export const deskSettling = 300;

export interface DeskScreenOptions {
  readonly display: Display;
  readonly blender: Blender;
  readonly source: TextSource;
  /** Marked on every screen. */
  readonly kind: ElectionKind;
  readonly onIntent: (intent: DeskIntent) => void;
  /** Milliseconds, monotonic. */
  readonly now: () => number;
}

export class DeskPanelScreen implements DeskScreen {
  readonly #options: DeskScreenOptions;
  readonly #set: Typesetter;
  readonly #sheet: Sheet;
  readonly #renderer: Renderer;
  readonly #touches = new TouchTracker();
  #view: DeskView = { screen: "starting" };
  #settings: Settings | undefined;
  #pressed: string | undefined;
  #came = -deskSettling;

  constructor(options: DeskScreenOptions) {
    this.#options = options;
    this.#set = new Typesetter(options.source, options.blender, defaultSize);
    this.#sheet = new Sheet(this.#set, options.blender);
    this.#renderer = new Renderer({ display: options.display, blender: options.blender, set: this.#set });
  }

  show(view: DeskView, settings: Settings): void {
    const another =
      view.screen !== this.#view.screen ||
      settings !== this.#settings ||
      (view.screen === "message" && this.#view.screen === "message" && view.code !== this.#view.code);
    this.#view = view;
    this.#settings = settings;
    if (another) {
      this.#touches.screenChanged();
      this.#pressed = undefined;
      this.#came = this.#options.now();
      this.#sheet.reset(settings);
    }
    this.#draw(settings);
  }

  forget(): void {
    this.#view = { screen: "starting" };
    // the shapes of digits that were typed
    this.#set.clear();
    if (this.#settings !== undefined) this.#sheet.reset(this.#settings);
  }

  touch(input: TouchInput): void {
    const result = this.#touches.touch(input, this.#sheet);
    if (result.kind === "nothing") return;
    const before = this.#pressed;
    this.#pressed = result.kind === "pressed" ? result.target : undefined;
    if (result.kind === "act") this.#act(result.act);
    if (this.#pressed !== before && this.#settings !== undefined) this.#draw(this.#settings);
  }

  key({ key, pressed }: KeyInput): void {
    if (!pressed) return;
    if (key.length === 1) return this.#options.onIntent({ do: "digit", digit: Number(key) });
    if (key === "correction") return this.#options.onIntent({ do: "correct" });
    if (key === "back") return this.#options.onIntent({ do: "back" });
    if (key !== "green" && key !== "select") return this.#options.onIntent({ do: "here" });
    // green is the button at the end of the foot, where there is one
    const forward = this.targets.find(({ id }) => id === "forward" || id === "act");
    this.#act(forward?.act ?? { do: "confirm" });
  }

  /** Places to touch on the screen shown; for tests and the bench. */
  get targets(): readonly Target[] {
    return this.#sheet.targets;
  }

  /** What is on the screen, item by item; for tests. */
  get picture(): { readonly list: Int32Array; readonly items: number } {
    return { list: this.#sheet.list, items: this.#sheet.items };
  }

  #act(act: Act): void {
    const isTyping = act.do === "digit" || act.do === "correct";
    if (!isTyping && this.#options.now() - this.#came < deskSettling) return this.#options.onIntent({ do: "here" });
    switch (act.do) {
      case "digit":
      case "correct":
      case "confirm":
      case "back":
      case "settings":
        return this.#options.onIntent(act);
      case "official":
        if (act.act === "open" || act.act === "close") return this.#options.onIntent({ do: "official", act: act.act });
        break;
      default:
        break;
    }
    this.#options.onIntent({ do: "here" });
  }

  #draw(settings: Settings): void {
    const sheet = this.#sheet;
    sheet.mark(undefined, this.#pressed);
    this.#lay(sheet, this.#view, settings);
    kindMark(sheet, this.#options.kind);
    const rectangles = sheet.finish();
    this.#renderer.show(sheet.list, sheet.items, rectangles);
  }

  #lay(sheet: Sheet, view: DeskView, settings: Settings): void {
    switch (view.screen) {
      case "starting":
        return startingScreen(sheet);
      case "closed":
        return closedScreen(sheet, view, settings);
      case "number":
        return numberScreen(sheet, view, settings);
      case "found":
        return foundScreen(sheet, view, settings);
      case "card":
        return cardScreen(sheet, view, settings);
      case "working":
        return workingScreen(sheet);
      case "granted":
        return grantedScreen(sheet, settings);
      case "unused":
        return unusedScreen(sheet, settings);
      case "message":
        return messageScreen(sheet, view, settings);
      case "pin":
        return pinScreen(sheet, view, settings);
      case "menu":
        return menuScreen(sheet, view, settings);
      case "second":
        return secondScreen(sheet, view, settings);
      default:
        return never(view, "desk screen");
    }
  }
}
