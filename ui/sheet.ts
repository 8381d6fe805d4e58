// The screen as it is laid out: parts, each with its items in the list that is painted. A part is laid out again only when something it
// shows has changed, and of its items only those that came out otherwise are drawn again. Places are given as in a left-to-right
// screen, from the leading edge; for Persian the whole layout is mirrored here and nowhere else. Digits and codes are not
// mirrored: they are runs of their own.

import { photoHeight, photoWidth } from "../firmware/election/layout.js";
import type { PhotoId, TextId } from "../firmware/election/types.js";
import type { Blender } from "../firmware/platform.js";
import { assert } from "../firmware/result.js";
import type { Intent, Language, Settings } from "../firmware/session/view.js";
import { type Palette, palettes } from "./render/colors.js";
import { Dirty, type Rectangle } from "./render/dirty.js";
import { type IconName, type Radius, icons } from "./render/icons.js";
import { highOf, itemWords, lowOf, pen, penOf } from "./render/list.js";
import type { TextKey } from "./text/key.js";
import { type Face, type Role, type TextSize, defaultSize, facesOf, iconFace, narrowMedium } from "./text/faces.js";
import type { Run, Typesetter } from "./text/typesetter.js";

export const screenWidth = 1024;
export const screenHeight = 600;
/** 12.96 mm and 2.6 mm at 4.63 px/mm (VVSG 7.2-H, -I: at least 12.7 and 2.54 mm). */
export const targetLeast = 60;
export const targetGap = 12;
/** More of these on one screen are a bug. */
export const targetsMax = 64;
export const itemsMax = 1_024;
const partsMax = 96;
const tooMany = "items on one screen";
/** Items that a part may grow by before it is moved to the end of the list. */
const slack = 4;

/** What a touch asks for: an intent for the session, or something of the screen's own. */
export type Act = Intent | LocalAct;

export type LocalAct =
  | { readonly do: "local-page"; readonly page: number }
  /** What a contest asks has been read. */
  | { readonly do: "local-start" }
  /** Help, settings, search by name; undefined leaves them. */
  | { readonly do: "local-panel"; readonly panel: "help" | "settings" | "search" | undefined }
  /** A letter of the on-screen keyboard; "" takes the last one back. */
  | { readonly do: "local-letter"; readonly letter: string };

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

/** A value that a part shows, compared by identity. */
type Shown = unknown;

interface Made {
  readonly a: Shown;
  readonly b: Shown;
  readonly value: unknown;
}

/** Of a part without places to touch. */
const noTargets: Target[] = [];

/** Made once: no screen allocates any. What is looked at first stands first, as the engine looks for a property one by one. */
class Part {
  laid = false;
  /** The pass in which it was last part of the screen. */
  pass = -2;
  a: Shown;
  b: Shown;
  c: Shown;
  d: Shown;
  e: Shown;
  targets = noTargets;
  /** Its first item in the list; items that it has; items that it has room for, 0 while it is no part of the screen. */
  first = 0;
  items = 0;
  room = 0;
  readonly number: number;

  constructor(number: number) {
    this.number = number;
  }

  leave(): void {
    this.laid = false;
    this.pass = -2;
    this.a = this.b = this.c = this.d = this.e = undefined;
    this.targets = noTargets;
    this.items = 0;
    this.room = 0;
  }
}

export class Sheet {
  readonly set: Typesetter;
  readonly list = new Int32Array(itemsMax * itemWords);
  readonly #listBuffer = this.list.buffer;
  readonly #blender: Blender;
  /** The image's atlas, and where the entry of the icons' face is in it. */
  readonly #icons: Uint8Array;
  readonly #iconsAt: number;
  /** Of the part that is laid out, see Blender. */
  readonly #pen: Int32Array<ArrayBuffer>;
  readonly #penBuffer: ArrayBuffer;
  /** By number; those that this screen has had, by ascending number. An array that grows or is asked for its length is slow. */
  readonly #parts = Array.from({ length: partsMax }, (_, number) => new Part(number));
  readonly #order: Part[] = [];
  #ordered = 0;
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
  #items = 0;
  #pass = 0;
  /** Parts on the screen before this pass; of them those begun again; others begun in it. */
  #live = 0;
  #kept = 0;
  #fresh = 0;
  #part: Part | undefined;
  #dirty = new Dirty(screenWidth, screenHeight);
  /** Everything will be drawn again. */
  #whole = true;
  #targets: readonly Target[] | undefined;

  constructor(set: Typesetter, blender: Blender) {
    this.set = set;
    this.#blender = blender;
    const { atlas } = set.source.text;
    const iconsAt = atlas.facesAt[iconFace.id];
    assert(iconsAt !== undefined, "icons in the image's atlas");
    this.#icons = atlas.bytes;
    this.#iconsAt = iconsAt;
    this.#pen = penOf(atlas);
    this.#penBuffer = this.#pen.buffer;
  }

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

  /** Items in use of the list. */
  get items(): number {
    return this.#items;
  }

  /** Places to touch, in the order of the parts. */
  get targets(): readonly Target[] {
    if (this.#targets !== undefined) return this.#targets;
    const all: Target[] = [];
    let count = 0;
    for (let i = 0; i < this.#ordered; i++) {
      const { targets } = this.#order[i]!;
      if (targets === noTargets) continue;
      for (let j = 0, n = targets.length; j < n; j++) all[count++] = targets[j]!;
    }
    assert(count <= targetsMax, "targets on one screen");
    return (this.#targets = all);
  }

  /** What `make` gave for these values the last time on this screen, or gives now. `number`: of what is made. */
  keep<T>(number: number, a: Shown, b: Shown, make: () => T): T {
    const made = this.#made.get(number);
    if (made !== undefined && made.a === a && made.b === b) return made.value as T;
    const value = make();
    this.#made.set(number, { a, b, value });
    return value;
  }

  /** The place to touch at a pixel. */
  targetAt(x: number, y: number): Target | undefined {
    for (let i = 0; i < this.#ordered; i++) {
      const { targets } = this.#order[i]!;
      if (targets === noTargets) continue;
      for (let j = 0, n = targets.length; j < n; j++) {
        const target = targets[j]!;
        if (x >= target.x && y >= target.y && x < target.x + target.width && y < target.y + target.height) return target;
      }
    }
    return undefined;
  }

  /** Another screen: nothing of this one stays, everything is drawn again. */
  reset(settings: Settings): void {
    this.#blender.wipe(this.list.buffer);
    for (let i = 0; i < this.#ordered; i++) this.#order[i]!.leave();
    this.#order.length = 0;
    this.#ordered = 0;
    this.#made = new Map();
    // a layout that was left by an exception has a part open
    this.#part = undefined;
    this.#pen[pen.right] = 0;
    this.#live = 0;
    this.#kept = 0;
    this.#fresh = 0;
    this.#items = 0;
    this.#language = settings.language;
    this.#rtl = settings.language === "fa";
    this.#pen[pen.mirror] = this.#rtl ? screenWidth : 0;
    this.#size = settings.size;
    this.#faces = facesOf[settings.size];
    this.set.medium = settings.size;
    this.colors = palettes[settings.contrast];
    this.#whole = true;
    this.#pen[pen.whole] = 1;
    this.#targets = undefined;
  }

  /** The parts with these targets will be laid out again. */
  mark(focus: string | undefined, pressed: string | undefined): void {
    if (focus === this.#focus && pressed === this.#pressed) return;
    if (focus !== this.#focus) {
      this.#forget(focus);
      this.#forget(this.#focus);
    }
    if (pressed !== this.#pressed) {
      this.#forget(pressed);
      this.#forget(this.#pressed);
    }
    this.#focus = focus;
    this.#pressed = pressed;
  }

  /** The part with this target will be laid out again. */
  #forget(id: string | undefined): void {
    if (id === undefined) return;
    for (let i = 0; i < this.#ordered; i++) {
      const part = this.#order[i]!;
      const { targets } = part;
      if (targets === noTargets) continue;
      for (let j = 0, n = targets.length; j < n; j++) {
        if (targets[j]!.id !== id) continue;
        part.laid = false;
        return;
      }
    }
  }

  /**
   * Begins a part of the screen that shows these values. False: it is laid out as it is, nothing is to be done. True: its items follow,
   * until the next part begins. Items that overlap belong to the same part, or to the ground that was begun before all others.
   */
  begin(number: number, a?: Shown, b?: Shown, c?: Shown, d?: Shown, e?: Shown): boolean {
    if (this.#part !== undefined) this.#endPart();
    const part = this.#parts[number]!;
    if (part.room === 0) {
      part.first = this.#items;
      part.room = itemsMax;
      let at = this.#ordered++;
      for (; at > 0 && this.#order[at - 1]!.number > number; at--) this.#order[at] = this.#order[at - 1]!;
      this.#order[at] = part;
    }
    const pass = this.#pass;
    if (part.pass === pass - 1) this.#kept++;
    else if (part.pass !== pass) this.#fresh++;
    part.pass = pass;
    if (part.laid && part.a === a && part.b === b && part.c === c && part.d === d && part.e === e) return false;
    part.a = a;
    part.b = b;
    part.c = c;
    part.d = d;
    part.e = e;
    part.targets = noTargets;
    this.#targets = undefined;
    this.#part = part;
    const words = this.#pen;
    words[pen.first] = part.first;
    words[pen.next] = 0;
    words[pen.had] = part.items;
    words[pen.room] = part.room;
    return true;
  }

  /** Ends the layout. Returns what is to be drawn again; parts that were not begun are gone. */
  finish(): readonly Rectangle[] {
    this.#endPart();
    if (this.#kept < this.#live) this.#dropGone();
    this.#live = this.#kept + this.#fresh;
    this.#kept = 0;
    this.#fresh = 0;
    this.#pass++;
    if (this.#whole) this.#dirty.all();
    this.#whole = false;
    this.#pen[pen.whole] = 0;
    const { rectangles } = this.#dirty;
    if (rectangles.length > 0) this.#dirty = new Dirty(screenWidth, screenHeight);
    return rectangles;
  }

  /** Takes the parts that were not begun off the screen. */
  #dropGone(): void {
    for (let i = 0; i < this.#ordered; i++) {
      const part = this.#order[i]!;
      if (part.pass === this.#pass) continue;
      this.#drop(part, 0);
      part.laid = false;
      part.targets = noTargets;
      this.#targets = undefined;
    }
  }

  #endPart(): void {
    const part = this.#part;
    if (part === undefined) return;
    const next = this.#pen[pen.next]!;
    if (next < part.items || this.#pen[pen.right] !== 0) this.#drop(part, next);
    part.items = next;
    part.laid = true;
    if (part.room === itemsMax) {
      // it was laid at the end of the list
      part.room = part.items + slack;
      this.#items = part.first + part.room;
      assert(this.#items <= itemsMax, tooMany);
    }
    this.#part = undefined;
  }

  /** Takes the part's items from `from` on off the screen, and notes what of the part has changed. */
  #drop(part: Part, from: number): void {
    const words = this.#pen;
    for (let i = from; i < part.items; i++) {
      const at = (part.first + i) * itemWords;
      if (!this.#whole) this.#dropped(this.list[at + 1]!, this.list[at + 2]!);
      this.list[at] = 0;
    }
    if (from < part.items) part.items = from;
    if (words[pen.right] === 0) return;
    this.#dirty.add(words[pen.left]!, words[pen.top]!, words[pen.right]!, words[pen.bottom]!);
    words[pen.right] = 0;
  }

  #dropped(leftTop: number, rightBottom: number): void {
    const words = this.#pen;
    const [left, top, right, bottom] = [lowOf(leftTop), highOf(leftTop), lowOf(rightBottom), highOf(rightBottom)];
    if (left >= right || top >= bottom) return;
    const isFirst = words[pen.right] === 0;
    if (isFirst || left < words[pen.left]!) words[pen.left] = left;
    if (isFirst || top < words[pen.top]!) words[pen.top] = top;
    if (isFirst || right > words[pen.right]!) words[pen.right] = right;
    if (isFirst || bottom > words[pen.bottom]!) words[pen.bottom] = bottom;
  }

  /** The part that is laid out has outgrown its room: it goes to the end of the list. */
  #move(): void {
    const part = this.#part;
    assert(part !== undefined && part.room !== itemsMax, tooMany);
    const { list } = this;
    const first = this.#items;
    assert(first + part.room < itemsMax, tooMany);
    for (let word = 0; word < part.room * itemWords; word++) {
      list[first * itemWords + word] = list[part.first * itemWords + word]!;
      list[part.first * itemWords + word] = 0;
    }
    part.first = first;
    part.room = itemsMax;
    this.#pen[pen.first] = first;
    this.#pen[pen.room] = itemsMax;
  }

  /** Left edge on the screen of something `width` wide that begins `x` from the leading edge. */
  left(x: number, width: number): number {
    return this.#rtl ? screenWidth - x - width : x;
  }

  /** The ground; the first item of every screen. */
  ground(color: number = this.colors.ground): void {
    this.#box(0, 0, screenWidth, screenHeight, color, 0, color, 0);
  }

  box(x: number, y: number, width: number, height: number, look: BoxLook): void {
    this.#box(x, y, width, height, look.fill, look.border ?? 0, look.borderColor ?? this.colors.ink, look.radius ?? 12);
  }

  #box(x: number, y: number, width: number, height: number, fill: number, border: number, borderColor: number, radius: number): void {
    if (this.#blender.putBox(this.#penBuffer, this.#listBuffer, x, y, width, height, fill, border, borderColor, radius)) return;
    this.#move();
    assert(this.#blender.putBox(this.#penBuffer, this.#listBuffer, x, y, width, height, fill, border, borderColor, radius), tooMany);
  }

  run(run: Run, place: Place): void {
    this.runs(run, 1, place.x, place.width, place.align ?? "start", place.y, 0, place.color ?? this.colors.ink);
  }

  /** `count` lines of one text from this one on, `pitch` pixels apart, the first one's baseline at y. */
  runs(first: Run, count: number, x: number, width: number, align: Align, y: number, pitch: number, color: number): void {
    const how = align === "start" ? 0 : align === "center" ? 1 : 2;
    if (this.#blender.putRuns(this.#penBuffer, this.#listBuffer, this.set.storeBuffer, first.at, count, x, width, how, y, pitch, color)) return;
    this.#move();
    assert(this.#blender.putRuns(this.#penBuffer, this.#listBuffer, this.set.storeBuffer, first.at, count, x, width, how, y, pitch, color), tooMany);
  }

  /** One line, with the numbers in its places. Returns its width. */
  text(key: TextKey, role: Role, place: Place, first?: number, second?: number): number {
    const run = this.line(key, role, first, second);
    this.run(run, place);
    return run.width;
  }

  /** All lines of a text, `pitch` pixels apart. Returns the baseline of the line after the last. */
  paragraph(lines: readonly Run[], place: Place, pitch: number): number {
    if (lines.length > 0) this.runs(lines[0]!, lines.length, place.x, place.width, place.align ?? "start", place.y, pitch, place.color ?? this.colors.ink);
    return place.y + lines.length * pitch;
  }

  /** `width` is the icon's, for the mirroring of its place; the picture itself is not mirrored. */
  icon(name: IconName, x: number, y: number, width: number, color: number): void {
    this.iconNumber(icons[name], x, y, width, color);
  }

  iconNumber(icon: number, x: number, y: number, width: number, color: number): void {
    if (this.#blender.putIcon(this.#penBuffer, this.#listBuffer, this.#icons, this.#iconsAt, icon, x, y, width, color)) return;
    this.#move();
    assert(this.#blender.putIcon(this.#penBuffer, this.#listBuffer, this.#icons, this.#iconsAt, icon, x, y, width, color), tooMany);
  }

  #mask(left: number, top: number, width: number, height: number, color: number, mask: number, source: 0 | 1): void {
    if (this.#blender.putMask(this.#penBuffer, this.#listBuffer, left, top, width, height, color, mask, source)) return;
    this.#move();
    assert(this.#blender.putMask(this.#penBuffer, this.#listBuffer, left, top, width, height, color, mask, source), tooMany);
  }

  /** The last `count` boxes and icons of the part, to be put elsewhere. */
  last(count: number): Int32Array<ArrayBuffer> {
    const end = (this.#part!.first + this.#pen[pen.next]!) * itemWords;
    return this.list.slice(end - count * itemWords, end);
  }

  /** `count` items of another part, moved on the screen by x to the right and y down. */
  copies(items: Int32Array<ArrayBuffer>, count: number, x: number, y: number): void {
    const { buffer } = items;
    if (this.#blender.putCopies(this.#penBuffer, this.#listBuffer, buffer, count, x, y)) return;
    this.#move();
    assert(this.#blender.putCopies(this.#penBuffer, this.#listBuffer, buffer, count, x, y), tooMany);
  }

  /** On white, whatever is beneath. */
  photoFrame(x: number, y: number): void {
    this.#box(x - 2, y - 2, photoWidth + 4, photoHeight + 4, white, 2, this.colors.line, 4);
  }

  /** Inside of its frame; nothing without one. */
  photo(id: PhotoId | undefined, x: number, y: number): void {
    const { photos } = this.set.source;
    if (id === undefined || photos === undefined) return;
    this.#mask(this.left(x, photoWidth), y, photoWidth, photoHeight, black, photos.mask(id), 1);
  }

  /** A place to touch, before what is drawn on it: the ring of the focus lies outside and beneath. `behind`: the colour around it. */
  target(id: string, x: number, y: number, width: number, height: number, act: Act, behind: number = this.colors.ground): void {
    const part = this.#part!;
    if (part.targets === noTargets) part.targets = [];
    part.targets.push({ id, x: this.left(x, width), y, width, height, act });
    if (id === this.#focus) this.#box(x - 9, y - 9, width + 18, height + 18, behind, 6, this.colors.focus, 21);
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
    const fill = isPlain ? (pressed ? colors.badge : colors.surface) : look === "confirm" ? colors.confirm : look === "destroy" ? colors.destroy : colors.selected;
    this.#box(x, y, width, height, fill, pressed ? 4 : isPlain ? 2 : 0, isPlain ? colors.ink : colors.line, 12);
    const color = isPlain ? colors.ink : colors.surface;
    const { label } = content;
    if (label === undefined) {
      if (content.icon !== undefined) this.icon(content.icon, x + ((width - iconSide) >> 1), y + ((height - iconSide) >> 1), iconSide, color);
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

/** What stands on a button. */
export interface ButtonContent {
  readonly label?: Run;
  /** The label's; "frame-bold" when absent. */
  readonly role?: Role;
  readonly icon?: IconName;
  readonly look?: ButtonLook;
  readonly arrow?: "forward" | "backward" | undefined;
  /** The colour around the button. */
  readonly behind?: number;
}
