// One screen being laid out. Places are given as in a left-to-right screen, from the leading edge; for Persian the whole layout is
// mirrored here and nowhere else. Digits and codes are not mirrored: they are runs of their own.

import type { TextId } from "../firmware/election/types.js";
import type { Intent, Language } from "../firmware/session/view.js";
import { colors } from "./render/colors.js";
import { type IconName, type Radius, icons } from "./render/icons.js";
import type { Item, Rectangle } from "./render/items.js";
import type { TextKey } from "./strings.js";
import { type FaceName, faces } from "./text/faces.js";
import type { Run, Typesetter } from "./text/typesetter.js";

export const screenWidth = 1024;
export const screenHeight = 600;
/** 12.96 mm and 2.6 mm at 4.63 px/mm (VVSG 7.2-H, -I: at least 12.7 and 2.54 mm). */
export const targetLeast = 60;
export const targetGap = 12;
/** More targets than this on one screen are a bug. */
export const targetsMax = 32;

/** What a touch asks for: an intent for the session, or a page of a screen that pages by itself. */
export type Act = Intent | { readonly do: "local-page"; readonly page: number };

export interface Target extends Rectangle {
  readonly id: string;
  readonly act: Act;
}

export type Align = "start" | "center" | "end";

export interface Place {
  /** From the leading edge. */
  readonly x: number;
  readonly width: number;
  readonly align?: Align;
  /** Baseline, from the top. */
  readonly y: number;
  readonly color?: number;
}

export interface BoxLook {
  readonly fill: number;
  readonly border?: number;
  readonly borderColor?: number;
  readonly radius?: Radius | 0;
}

export type ButtonLook = "plain" | "confirm" | "destroy" | "strong";

export interface SheetOptions {
  readonly set: Typesetter;
  readonly language: Language;
  /** The target where keys act; it gets a ring. */
  readonly focus: string | undefined;
  /** The target under the finger. */
  readonly pressed: string | undefined;
}

export class Sheet {
  readonly items: Item[] = [];
  readonly targets: Target[] = [];
  readonly language: Language;
  readonly set: Typesetter;
  readonly #focus: string | undefined;
  readonly #pressed: string | undefined;
  readonly #rtl: boolean;

  constructor(options: SheetOptions) {
    this.set = options.set;
    this.language = options.language;
    this.#focus = options.focus;
    this.#pressed = options.pressed;
    this.#rtl = options.language === "fa";
  }

  get rtl(): boolean {
    return this.#rtl;
  }

  /** Left edge on the screen of something `width` wide that begins `x` from the leading edge. */
  left(x: number, width: number): number {
    return this.#rtl ? screenWidth - x - width : x;
  }

  /** The ground; the first call of every screen. */
  ground(color: number = colors.ground): void {
    this.items.push({ kind: "box", id: "ground", x: 0, y: 0, width: screenWidth, height: screenHeight, fill: color, radius: 0 });
  }

  box(id: string, x: number, y: number, width: number, height: number, look: BoxLook): void {
    const left = this.left(x, width);
    const radius = look.radius ?? 12;
    const border = look.border ?? 0;
    if (border > 0) this.items.push({ kind: "box", id: `${id}.border`, x: left, y, width, height, fill: look.borderColor ?? colors.ink, radius });
    this.items.push({
      kind: "box", id, x: left + border, y: y + border, width: width - 2 * border, height: height - 2 * border, fill: look.fill, radius: innerRadius(radius, border),
    });
  }

  run(id: string, run: Run, place: Place): void {
    const left = this.left(place.x, place.width);
    const align = place.align ?? "start";
    // the leading edge is the right one in Persian
    const toRight = align === "center" ? 0.5 : (align === "start") === this.#rtl ? 1 : 0;
    this.items.push({ kind: "text", id, x: left + Math.floor((place.width - run.width) * toRight), y: place.y, run, color: place.color ?? colors.ink });
  }

  /** One line. Returns its width. */
  text(id: string, key: TextKey, face: FaceName, place: Place, numbers: readonly number[] = []): number {
    const run = this.set.line(key, face, this.language, numbers);
    this.run(id, run, place);
    return run.width;
  }

  /** All lines, `pitch` pixels apart. Returns the baseline of the line after the last. */
  paragraph(id: string, key: TextKey, face: FaceName, place: Place, pitch: number, numbers: readonly number[] = []): number {
    const lines = this.set.lines(key, face, this.language, numbers);
    lines.forEach((run, i) => this.run(`${id}.${i}`, run, { ...place, y: place.y + i * pitch }));
    return place.y + lines.length * pitch;
  }

  packed(id: string, text: TextId, face: FaceName, place: Place): number {
    const run = this.set.packed(text, face);
    this.run(id, run, place);
    return run.width;
  }

  number(id: string, value: number, face: FaceName, place: Place): void {
    this.run(id, this.set.line("number", face, this.language, [value]), place);
  }

  /** `width` is the icon's, for the mirroring of its place; the picture itself is not mirrored. */
  icon(id: string, name: IconName, x: number, y: number, width: number, color: number): void {
    this.items.push({ kind: "icon", id, x: this.left(x, width), y, icon: icons[name], color });
  }

  iconNumber(id: string, icon: number, x: number, y: number, width: number, color: number): void {
    this.items.push({ kind: "icon", id, x: this.left(x, width), y, icon, color });
  }

  /** A place to touch, before what is drawn on it: the ring of the focus lies outside and beneath. `behind`: the colour around it. */
  target(id: string, x: number, y: number, width: number, height: number, act: Act, behind: number = colors.ground): void {
    const left = this.left(x, width);
    if (this.targets.length === targetsMax) throw new Error("too many targets on one screen");
    this.targets.push({ id, x: left, y, width, height, act });
    if (id !== this.#focus) return;
    this.items.push({ kind: "box", id: "focus.ring", x: left - 9, y: y - 9, width: width + 18, height: height + 18, fill: colors.focus, radius: 21 });
    this.items.push({ kind: "box", id: "focus.gap", x: left - 3, y: y - 3, width: width + 6, height: height + 6, fill: behind, radius: 15 });
  }

  isPressed(id: string): boolean {
    return id === this.#pressed;
  }

  /** `arrow`: forward or backward in the direction of reading, beside the label. */
  button(
    id: string, x: number, y: number, width: number, height: number, label: TextKey | undefined, act: Act,
    options: { readonly look?: ButtonLook; readonly face?: FaceName; readonly icon?: IconName; readonly arrow?: "forward" | "backward"; readonly behind?: number } = {},
  ): void {
    const look = options.look ?? "plain";
    this.target(id, x, y, width, height, act, options.behind ?? colors.ground);
    const pressed = this.isPressed(id);
    const fill = { plain: pressed ? colors.badge : colors.surface, confirm: colors.confirm, destroy: colors.destroy, strong: colors.selected }[look];
    this.box(`${id}.box`, x, y, width, height, pressed || look === "plain" ? { fill, border: pressed ? 4 : 2, borderColor: colors.ink } : { fill });
    const color = look === "plain" ? colors.ink : colors.surface;
    const face = options.face ?? "body-bold";
    const baseline = y + Math.floor((height + faces[face].capital) / 2);
    if (label === undefined) {
      if (options.icon !== undefined) this.icon(`${id}.icon`, options.icon, x + Math.floor((width - 24) / 2), y + Math.floor((height - 24) / 2), 24, color);
      return;
    }
    const run = this.set.line(label, face, this.language);
    if (options.arrow === undefined) {
      this.run(`${id}.label`, run, { x, width, align: "center", y: baseline, color });
      return;
    }
    const whole = run.width + 12 + 28;
    const start = x + Math.floor((width - whole) / 2);
    const forward = options.arrow === "forward";
    const arrow: IconName = forward === this.#rtl ? "arrow-left" : "arrow-right";
    this.run(`${id}.label`, run, { x: forward ? start : start + 40, width: run.width, y: baseline, color });
    this.icon(`${id}.arrow`, arrow, forward ? start + run.width + 12 : start, y + Math.floor((height - 24) / 2), 28, color);
  }
}

function innerRadius(radius: Radius | 0, border: number): Radius | 0 {
  const inner = radius - border;
  // the radii that the atlas has; a border thicker than its radius leaves sharp corners inside
  return inner <= 0 ? 0 : (inner as Radius);
}
