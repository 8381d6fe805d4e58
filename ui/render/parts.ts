// The parts of a screen, each with its items in the list that is painted and its places to touch. A part is laid out
// again only when something it shows has changed, and of its items only those that came out otherwise are drawn again.

import type { Blender } from "../../firmware/platform.js";
import { assert } from "../../firmware/result.js";
import { type Align, type Target, screenHeight, screenWidth, targetsMax } from "../place.js";
import { iconFace } from "../text/faces.js";
import type { Run, Typesetter } from "../text/typesetter.js";
import { Dirty, type Rectangle } from "./dirty.js";
import { highOf, itemWords, lowOf, pen, penOf } from "./list.js";

export const itemsMax = 1_024;
const partsMax = 96;
const tooMany = "items on one screen";
/** Items that a part may grow by before it is moved to the end of the list. */
const slack = 4;

/** A value that a part shows, compared by identity. */
export type Shown = unknown;

/** Of a part without places to touch. */
const noTargets: Target[] = [];

/**
 * Made once: no screen allocates any. What is looked at first stands first, as the engine looks for a property one by
 * one.
 */
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

export class Parts {
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
  /**
   * By number; those that this screen has had, by ascending number. An array that grows or is asked for its length is
   * slow.
   */
  readonly #parts = Array.from({ length: partsMax }, (_, number) => new Part(number));
  readonly #order: Part[] = [];
  #ordered = 0;
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

  /**
   * Begins a part of the screen that shows these values. False: it is laid out as it is, nothing is to be done. True:
   * its items follow, until the next part begins. Items that overlap belong to the same part, or to the ground that was
   * begun before all others.
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

  /** Coordinates are the leading ones; the pen mirrors. */
  protected putBox(
    x: number,
    y: number,
    width: number,
    height: number,
    fill: number,
    border: number,
    borderColor: number,
    radius: number,
  ): void {
    if (this.#blender.putBox(this.#penBuffer, this.#listBuffer, x, y, width, height, fill, border, borderColor, radius))
      return;
    this.#move();
    assert(
      this.#blender.putBox(this.#penBuffer, this.#listBuffer, x, y, width, height, fill, border, borderColor, radius),
      tooMany,
    );
  }

  /** `count` lines of one text from this one on, `pitch` pixels apart, the first one's baseline at y. */
  runs(
    first: Run,
    count: number,
    x: number,
    width: number,
    align: Align,
    y: number,
    pitch: number,
    color: number,
  ): void {
    const how = align === "start" ? 0 : align === "center" ? 1 : 2;
    if (
      this.#blender.putRuns(
        this.#penBuffer,
        this.#listBuffer,
        this.set.storeBuffer,
        first.at,
        count,
        x,
        width,
        how,
        y,
        pitch,
        color,
      )
    )
      return;
    this.#move();
    assert(
      this.#blender.putRuns(
        this.#penBuffer,
        this.#listBuffer,
        this.set.storeBuffer,
        first.at,
        count,
        x,
        width,
        how,
        y,
        pitch,
        color,
      ),
      tooMany,
    );
  }

  iconNumber(icon: number, x: number, y: number, width: number, color: number): void {
    if (this.#blender.putIcon(this.#penBuffer, this.#listBuffer, this.#icons, this.#iconsAt, icon, x, y, width, color))
      return;
    this.#move();
    assert(
      this.#blender.putIcon(this.#penBuffer, this.#listBuffer, this.#icons, this.#iconsAt, icon, x, y, width, color),
      tooMany,
    );
  }

  protected putMask(
    left: number,
    top: number,
    width: number,
    height: number,
    color: number,
    mask: number,
    source: 0 | 1,
  ): void {
    if (this.#blender.putMask(this.#penBuffer, this.#listBuffer, left, top, width, height, color, mask, source)) return;
    this.#move();
    assert(
      this.#blender.putMask(this.#penBuffer, this.#listBuffer, left, top, width, height, color, mask, source),
      tooMany,
    );
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

  /** A place to touch of the part. */
  protected putTarget(target: Target): void {
    const part = this.#part!;
    if (part.targets === noTargets) part.targets = [];
    part.targets.push(target);
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

  /** The place to touch at a pixel. */
  targetAt(x: number, y: number): Target | undefined {
    for (let i = 0; i < this.#ordered; i++) {
      const { targets } = this.#order[i]!;
      if (targets === noTargets) continue;
      for (let j = 0, n = targets.length; j < n; j++) {
        const target = targets[j]!;
        if (x >= target.x && y >= target.y && x < target.x + target.width && y < target.y + target.height)
          return target;
      }
    }
    return undefined;
  }

  /** Another screen: nothing of this one stays, everything is drawn again. `rtl`: mirrored. */
  protected clear(rtl: boolean): void {
    this.#blender.wipe(this.list.buffer);
    for (let i = 0; i < this.#ordered; i++) this.#order[i]!.leave();
    this.#order.length = 0;
    this.#ordered = 0;
    // a layout that was left by an exception has a part open
    this.#part = undefined;
    this.#pen[pen.right] = 0;
    this.#live = 0;
    this.#kept = 0;
    this.#fresh = 0;
    this.#items = 0;
    this.#pen[pen.mirror] = rtl ? screenWidth : 0;
    this.#whole = true;
    this.#pen[pen.whole] = 1;
    this.#targets = undefined;
  }

  /** The part with this target will be laid out again. */
  protected forget(id: string | undefined): void {
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
}
