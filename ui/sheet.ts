// The screen as screens lay it out: texts in the language and size chosen, boxes, buttons, photographs. Places are
// given as in a left-to-right screen, from the leading edge; for Persian the whole layout is mirrored below this class
// and nowhere above. Digits and codes are not mirrored: they are runs of their own.

import { photoHeight, photoWidth } from "../firmware/election/layout.js";
import type { PhotoId, TextId } from "../firmware/election/types.js";
import type { Language, Settings } from "../firmware/settings.js";
import {
  type Act,
  type BoxLook,
  type ButtonContent,
  type Place,
  screenHeight,
  screenWidth,
  targetLeast,
} from "./place.js";
import { type Palette, palettes } from "./render/colors.js";
import { type IconName, icons } from "./render/icons.js";
import { Parts, type Shown } from "./render/parts.js";
import { type Face, type Role, type TextSize, defaultSize, facesOf, narrowMedium } from "./text/faces.js";
import type { TextKey } from "./text/key.js";
import type { Run } from "./text/typesetter.js";

interface Made {
  readonly a: Shown;
  readonly b: Shown;
  readonly value: unknown;
}

export class Sheet extends Parts {
  /** See `keep`. */
  #made = new Map<number, Made>();
  #language: Language = "fa";
  #rtl = true;
  #size: TextSize = defaultSize;
  #faces = facesOf[defaultSize];
  colors: Palette = palettes.normal;
  /** The target where keys act; it gets a ring. */
  #focus: string | undefined;
  /** The target under the finger. */
  #pressed: string | undefined;

  get language(): Language {
    return this.#language;
  }

  get rtl(): boolean {
    return this.#rtl;
  }

  get size(): TextSize {
    return this.#size;
  }

  /** The face of a role in the size chosen. */
  face(role: Role): Face {
    return this.#faces[role];
  }

  /** From baseline to baseline; marks above and below Persian letters need so much. */
  pitch(role: Role): number {
    return Math.round(1.7 * this.face(role).capital);
  }

  /** From the upper edge of a line to its baseline. */
  rise(role: Role): number {
    return Math.round(1.3 * this.face(role).capital);
  }

  lines(key: TextKey, role: Role, first?: number, second?: number): readonly Run[] {
    return this.set.lines(key, this.face(role), this.#language, first, second);
  }

  line(key: TextKey, role: Role, first?: number, second?: number): Run {
    return this.set.line(key, this.face(role), this.#language, first, second);
  }

  /** A text of the package. `narrow`: for a column of 460 pixels. */
  packedLines(text: TextId, role: Role, narrow = false): readonly Run[] {
    return this.set.packedLines(text, this.face(role), narrow ? narrowMedium[this.#size] : this.#size);
  }

  /** As they were typed, leading zeros too. */
  digits(digits: string, role: Role): Run {
    return this.set.digits(digits, this.face(role), this.#language);
  }

  number(value: number, role: Role): Run {
    return this.set.number(value, this.face(role), this.#language);
  }

  /** What `make` gave for these values the last time on this screen, or gives now. `number`: of what is made. */
  keep<T>(number: number, a: Shown, b: Shown, make: () => T): T {
    const made = this.#made.get(number);
    if (made !== undefined && made.a === a && made.b === b) return made.value as T;
    const value = make();
    this.#made.set(number, { a, b, value });
    return value;
  }

  /** Another screen: nothing of this one stays, everything is drawn again. */
  reset(settings: Settings): void {
    this.#made = new Map();
    this.#language = settings.language;
    this.#rtl = settings.language === "fa";
    this.#size = settings.size;
    this.#faces = facesOf[settings.size];
    this.set.medium = settings.size;
    this.colors = palettes[settings.contrast];
    this.clear(this.#rtl);
  }

  /** The parts with these targets will be laid out again. */
  mark(focus: string | undefined, pressed: string | undefined): void {
    if (focus === this.#focus && pressed === this.#pressed) return;
    if (focus !== this.#focus) {
      this.forget(focus);
      this.forget(this.#focus);
    }
    if (pressed !== this.#pressed) {
      this.forget(pressed);
      this.forget(this.#pressed);
    }
    this.#focus = focus;
    this.#pressed = pressed;
  }

  /** Left edge on the screen of something `width` wide that begins `x` from the leading edge. */
  left(x: number, width: number): number {
    return this.#rtl ? screenWidth - x - width : x;
  }

  /** The ground; the first item of every screen. */
  ground(color: number = this.colors.ground): void {
    this.putBox(0, 0, screenWidth, screenHeight, color, 0, color, 0);
  }

  box(x: number, y: number, width: number, height: number, look: BoxLook): void {
    this.putBox(
      x,
      y,
      width,
      height,
      look.fill,
      look.border ?? 0,
      look.borderColor ?? this.colors.ink,
      look.radius ?? 12,
    );
  }

  run(run: Run, place: Place): void {
    this.runs(run, 1, place.x, place.width, place.align ?? "start", place.y, 0, place.color ?? this.colors.ink);
  }

  /** One line, with the numbers in its places. Returns its width. */
  text(key: TextKey, role: Role, place: Place, first?: number, second?: number): number {
    const run = this.line(key, role, first, second);
    this.run(run, place);
    return run.width;
  }

  /** All lines of a text, `pitch` pixels apart. Returns the baseline of the line after the last. */
  paragraph(lines: readonly Run[], place: Place, pitch: number): number {
    if (lines.length > 0)
      this.runs(
        lines[0]!,
        lines.length,
        place.x,
        place.width,
        place.align ?? "start",
        place.y,
        pitch,
        place.color ?? this.colors.ink,
      );
    return place.y + lines.length * pitch;
  }

  /** `width` is the icon's, for the mirroring of its place; the picture itself is not mirrored. */
  icon(name: IconName, x: number, y: number, width: number, color: number): void {
    this.iconNumber(icons[name], x, y, width, color);
  }

  /** On white, whatever is beneath. */
  photoFrame(x: number, y: number): void {
    this.putBox(x - 2, y - 2, photoWidth + 4, photoHeight + 4, white, 2, this.colors.line, 4);
  }

  /** Inside of its frame; nothing without one. */
  photo(id: PhotoId | undefined, x: number, y: number): void {
    const { photos } = this.set.source;
    if (id === undefined || photos === undefined) return;
    this.putMask(this.left(x, photoWidth), y, photoWidth, photoHeight, black, photos.mask(id), 1);
  }

  /**
   * A place to touch, before what is drawn on it: the ring of the focus lies outside and beneath. `behind`: the colour
   * around it.
   */
  target(
    id: string,
    x: number,
    y: number,
    width: number,
    height: number,
    act: Act,
    behind: number = this.colors.ground,
  ): void {
    this.putTarget({ id, x: this.left(x, width), y, width, height, act });
    if (id === this.#focus) this.putBox(x - 9, y - 9, width + 18, height + 18, behind, 6, this.colors.focus, 21);
  }

  isPressed(id: string): boolean {
    return id === this.#pressed;
  }

  /** How wide a button is that holds this. */
  buttonWidth({ label, arrow }: ButtonContent): number {
    if (label === undefined) return targetLeast;
    return Math.max(targetLeast, label.width + (arrow === undefined ? 36 : 36 + arrowWidth));
  }

  /** `arrow`: forward or backward in the direction of reading, beside the label. */
  button(id: string, x: number, y: number, width: number, height: number, content: ButtonContent, act: Act): void {
    const { colors } = this;
    const look = content.look ?? "plain";
    this.target(id, x, y, width, height, act, content.behind ?? colors.ground);
    const pressed = this.isPressed(id);
    const isPlain = look === "plain";
    const fill = isPlain
      ? pressed
        ? colors.badge
        : colors.surface
      : look === "confirm"
        ? colors.confirm
        : look === "destroy"
          ? colors.destroy
          : colors.selected;
    this.putBox(x, y, width, height, fill, pressed ? 4 : isPlain ? 2 : 0, isPlain ? colors.ink : colors.line, 12);
    const color = isPlain ? colors.ink : colors.surface;
    const { label } = content;
    if (label === undefined) {
      if (content.icon !== undefined)
        this.icon(content.icon, x + ((width - iconSide) >> 1), y + ((height - iconSide) >> 1), iconSide, color);
      return;
    }
    const baseline = y + ((height + this.face(content.role ?? "frame-bold").capital) >> 1);
    if (content.arrow === undefined) {
      this.runs(label, 1, x, width, "center", baseline, 0, color);
      return;
    }
    const start = x + ((width - label.width - arrowWidth) >> 1);
    const forward = content.arrow === "forward";
    const arrow: IconName = forward === this.#rtl ? "arrow-left" : "arrow-right";
    this.runs(label, 1, forward ? start : start + arrowWidth, label.width, "start", baseline, 0, color);
    this.icon(arrow, forward ? start + label.width + 12 : start, y + ((height - iconSide) >> 1), 28, color);
  }
}

const [black, white] = [0x0000, 0xffff];
const iconSide = 24;
/** An arrow of 28 pixels and the gap to its label. */
const arrowWidth = 40;
