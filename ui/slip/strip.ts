// A strip of paper that is drawn line by line and painted band by band: nothing of it stands in memory as a picture.

import type { Raster, SlipWidth, Span } from "../../firmware/cast/printer.js";
import { PackageFault, packageError } from "../../firmware/election/error.js";
import { slipRowsMax } from "../../firmware/election/layout.js";
import type { Blender } from "../../firmware/platform.js";
import { assert } from "../../firmware/result.js";
import { boxKind, highOf, itemWords, lowOf, pair, runKind } from "../render/list.js";
import type { Run, Typesetter } from "../text/typesetter.js";

export const slipWidth: SlipWidth = 576;
export const right = 568;
export const left = 8;
/** From baseline to baseline; the font's lowest descender and highest mark fit between. */
export const pitch = 46;
const black = 1;
/**
 * A picture of its own costs as much as so many bytes of white: its head, its echo, and what the terminal does for it.
 */
const pictureBytes = 200;
const itemsFirst = 256;

export class StripRaster implements Raster {
  readonly width = slipWidth;
  readonly height: number;
  readonly #blender: Blender;
  readonly #set: Typesetter;
  readonly #list: Int32Array<ArrayBuffer>;
  readonly #items: number;
  readonly #blocks: readonly Block[];
  /** The block that was asked for last: rows are asked for from top to bottom. */
  #at = 0;
  /** Of the part of a block that was looked at last: where it ends, and its bytes. */
  #bottom = 0;
  #left = 0;
  #right = 0;
  readonly #isCurrent: () => boolean;

  constructor(blender: Blender, set: Typesetter, strip: Strip, isCurrent: () => boolean) {
    // the packager has measured the longest: a package that says otherwise stops the terminal before anything is cast
    if (strip.y > slipRowsMax) throw new PackageFault(packageError.limit("slipRows", strip.y, slipRowsMax));
    this.#blender = blender;
    this.#set = set;
    assert((strip.blocks[strip.blocks.length - 1]?.bottom ?? 0) <= strip.y, "nothing below the end of the strip");
    this.height = strip.y;
    this.#list = strip.list;
    this.#items = strip.items;
    this.#blocks = strip.blocks;
    this.#isCurrent = isCurrent;
  }

  span(row: number): Span {
    assert(row >= 0 && row < this.height, "row of the slip");
    const blocks = this.#blocks;
    if (this.#at >= blocks.length || blocks[this.#at]!.top > row) this.#at = 0;
    while (this.#at < blocks.length && blocks[this.#at]!.bottom <= row) this.#at++;
    const block = blocks[this.#at];
    if (block === undefined) return { rows: this.height - row, left: 0, right: 0 };
    if (block.top > row) return { rows: block.top - row, left: 0, right: 0 };
    this.#part(block, row);
    let [left, right, bottom] = [this.#left, this.#right, this.#bottom];
    // a small number far from a name makes only its own rows wide
    while (bottom < block.bottom) {
      this.#part(block, bottom);
      if (right === 0 || this.#right === 0) break;
      const [bothLeft, bothRight] = [Math.min(left, this.#left), Math.max(right, this.#right)];
      const both = bothRight - bothLeft;
      if (
        (both - right + left) * (bottom - row) + (both - this.#right + this.#left) * (this.#bottom - bottom) >
        pictureBytes
      )
        break;
      [left, right, bottom] = [bothLeft, bothRight, this.#bottom];
    }
    return { rows: bottom - row, left, right };
  }

  /** Rows of the block from `row` on in which the same items have ink. */
  #part(block: Block, row: number): void {
    const list = this.#list;
    let [itemsLeft, itemsRight, until] = [slipWidth as number, 0, block.bottom];
    for (let at = block.first * itemWords; at < block.end * itemWords; at += itemWords) {
      const [top, bottom] = [highOf(list[at + 1]!), highOf(list[at + 2]!)];
      if (bottom <= row) continue;
      if (top > row) {
        until = Math.min(until, top);
        continue;
      }
      until = Math.min(until, bottom);
      itemsLeft = Math.min(itemsLeft, lowOf(list[at + 1]!));
      itemsRight = Math.max(itemsRight, lowOf(list[at + 2]!));
    }
    this.#bottom = until;
    // between items that were not placed from top to bottom there may be white
    this.#left = itemsRight === 0 ? 0 : Math.max(0, itemsLeft) >> 3;
    this.#right = (Math.min(slipWidth, itemsRight) + 7) >> 3;
  }

  draw(out: Uint8Array, at: number, row: number, rows: number, leftDots: number, widthBytes: number): void {
    assert(this.#isCurrent(), "the slip that was drawn last");
    const { text, packBytes } = this.#set.source;
    this.#blender.paint1(
      out,
      at,
      widthBytes,
      leftDots,
      row,
      rows,
      this.#list.buffer,
      this.#items,
      this.#set.store.buffer,
      text.atlas.bytes,
      packBytes,
    );
  }
}

/** Rows with ink, and the items that it comes from. */
interface Block {
  top: number;
  bottom: number;
  readonly first: number;
  end: number;
}

/** Lines one under the other. */
export class Strip {
  list = new Int32Array(itemsFirst * itemWords);
  items = 0;
  /** From top to bottom, apart. */
  readonly blocks: Block[] = [];
  y = 0;
  readonly #set: Typesetter;

  constructor(set: Typesetter) {
    this.#set = set;
  }

  centered(run: Run, advance: number = pitch): void {
    this.y += advance;
    this.run(run, (slipWidth - run.width) >> 1);
  }

  /** Against the right edge, less `indent`. */
  line(run: Run, indent = 0, advance: number = pitch): void {
    this.y += advance;
    this.run(run, right - indent - run.width);
  }

  /** All lines of a text, the first `advance` below what was placed before. */
  lines(runs: readonly Run[], indent = 0, advance: number = pitch): void {
    runs.forEach((run, i) => this.line(run, indent, i === 0 ? advance : pitch));
  }

  centeredLines(runs: readonly Run[], advance: number = pitch): void {
    runs.forEach((run, i) => this.centered(run, i === 0 ? advance : pitch));
  }

  /** Beside the line placed last. */
  beside(run: Run): void {
    this.run(run, right - run.width);
  }

  rule(dash: number, gap: number, thickness = 2): void {
    this.y += 20;
    for (let x = left; x < right; x += dash + gap) this.fill(x, this.y, Math.min(dash, right - x), thickness);
    this.y += thickness;
  }

  fill(x: number, y: number, width: number, height: number): void {
    this.#put(boxKind | black, x, y, x + width, y + height, 0, 0, 0);
  }

  /** On the line placed last. */
  run(run: Run, x: number): void {
    const ink = this.#set.ink(run);
    this.#put(
      runKind | black,
      x + ink.left,
      this.y + ink.top,
      x + ink.right,
      this.y + ink.bottom,
      pair(x, this.y),
      run.at,
      this.#set.sourceOf(run),
    );
  }

  #put(
    head: number,
    itemLeft: number,
    top: number,
    itemRight: number,
    bottom: number,
    a: number,
    b: number,
    c: number,
  ): void {
    if (itemLeft >= itemRight || top >= bottom) return;
    const at = this.items * itemWords;
    if (at === this.list.length) {
      const larger = new Int32Array(2 * at);
      larger.set(this.list);
      this.list = larger;
    }
    const { list } = this;
    list[at] = head;
    list[at + 1] = pair(itemLeft, top);
    list[at + 2] = pair(itemRight, bottom);
    list[at + 3] = a;
    list[at + 4] = b;
    list[at + 5] = c;
    this.items++;
    this.#cover(Math.max(0, top), bottom);
  }

  /** What meets a block, or only touches it, joins it; items come nearly from top to bottom. */
  #cover(top: number, bottom: number): void {
    const { blocks } = this;
    let last = blocks[blocks.length - 1];
    if (last === undefined || last.bottom < top) {
      blocks.push({ top, bottom, first: this.items - 1, end: this.items });
      return;
    }
    last.top = Math.min(last.top, top);
    last.bottom = Math.max(last.bottom, bottom);
    last.end = this.items;
    // upwards it may have reached those before
    for (
      let before = blocks[blocks.length - 2];
      before !== undefined && before.bottom >= last.top;
      before = blocks[blocks.length - 2]
    ) {
      before.top = Math.min(before.top, last.top);
      before.bottom = Math.max(before.bottom, last.bottom);
      before.end = last.end;
      blocks.pop();
      last = before;
    }
  }
}
