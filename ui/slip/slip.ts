// The paper slip, drawn by the same code as the screen, in dots. It is in Persian whatever language the voter used, and bears no
// time and no number: nothing on it tells who cast it, or when (VVSG 9.1.6-K).

import type { Raster, SlipWidth, Span } from "../../firmware/cast/printer.js";
import type { SlipDrawer } from "../../firmware/cast/slip.js";
import type { Ballot, Contest, ContestId, ElectionPackage, Mark } from "../../firmware/election/types.js";
import type { Blender } from "../../firmware/platform.js";
import { assert } from "../../firmware/result.js";
import { boxKind, itemWords, pair, runKind } from "../render/list.js";
import { paperMedium } from "../text/faces.js";
import { type Run, type TextSource, Typesetter } from "../text/typesetter.js";

export const slipWidth: SlipWidth = 576;
const right = 568;
const left = 8;
/** From baseline to baseline; the font's lowest descender and highest mark fit between. */
const pitch = 46;
/** The mark of a choice's name from the right edge: a code of five digits and a gap. */
const nameIndent = 92;
const black = 1;
const itemsFirst = 256;
const noBytes = new Uint8Array(0);

/** A slip longer than this is a bug: 32 contests of 64 choices each could not be cast at all. */
export const slipRowsMax = 16_384;

class StripRaster implements Raster {
  readonly width = slipWidth;
  readonly height: number;
  readonly #blender: Blender;
  readonly #set: Typesetter;
  readonly #list: Int32Array<ArrayBuffer>;
  readonly #items: number;
  readonly #blocks: readonly Block[];
  /** The block that was asked for last: rows are asked for from top to bottom. */
  #at = 0;
  readonly #isCurrent: () => boolean;

  constructor(blender: Blender, set: Typesetter, strip: Strip, isCurrent: () => boolean) {
    assert(strip.y <= slipRowsMax, "slip of a printable length");
    this.#blender = blender;
    this.#set = set;
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
    return { rows: block.bottom - row, left: block.left >> 3, right: (block.right + 7) >> 3 };
  }

  draw(out: Uint8Array, at: number, row: number, rows: number, leftDots: number, widthBytes: number): void {
    assert(this.#isCurrent(), "the slip that was drawn last");
    const { text, packAtlas } = this.#set.source;
    this.#blender.paint1(
      out, at, widthBytes, leftDots, row, rows, this.#list.buffer, this.#items, this.#set.store.buffer, text.atlas.bytes, packAtlas === undefined ? noBytes : packAtlas.bytes,
    );
  }
}


/** Rows with ink, and how far it goes to both sides, in dots. */
interface Block {
  top: number;
  bottom: number;
  left: number;
  right: number;
}

/** Lines one under the other. */
class Strip {
  list = new Int32Array(itemsFirst * itemWords);
  items = 0;
  /** From top to bottom, apart. */
  readonly blocks: Block[] = [];
  y = 0;

  centered(run: Run, advance: number = pitch): void {
    this.y += advance;
    this.run(run, Math.floor((slipWidth - run.width) / 2));
  }

  /** Against the right edge, less `indent`. */
  line(run: Run, indent = 0, advance: number = pitch): void {
    this.y += advance;
    this.run(run, right - indent - run.width);
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
    this.#put(runKind | black, x + run.left, this.y + run.top, x + run.right, this.y + run.bottom, pair(x, this.y), run.at, run.source);
  }

  #put(head: number, itemLeft: number, top: number, itemRight: number, bottom: number, a: number, b: number, c: number): void {
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
    this.#cover(Math.max(0, itemLeft), Math.max(0, top), Math.min(slipWidth, itemRight), bottom);
  }

  /** What meets a block, or only touches it, joins it; items come nearly from top to bottom. */
  #cover(blockLeft: number, top: number, blockRight: number, bottom: number): void {
    const { blocks } = this;
    let last = blocks[blocks.length - 1];
    if (last === undefined || last.bottom < top) {
      blocks.push({ left: blockLeft, top, right: blockRight, bottom });
      return;
    }
    last.left = Math.min(last.left, blockLeft);
    last.top = Math.min(last.top, top);
    last.right = Math.max(last.right, blockRight);
    last.bottom = Math.max(last.bottom, bottom);
    // upwards it may have reached those before
    for (let before = blocks[blocks.length - 2]; before !== undefined && before.bottom >= last.top; before = blocks[blocks.length - 2]) {
      before.left = Math.min(before.left, last.left);
      before.top = Math.min(before.top, last.top);
      before.right = Math.max(before.right, last.right);
      before.bottom = Math.max(before.bottom, last.bottom);
      blocks.pop();
      last = before;
    }
  }
}

export class SlipDrawing implements SlipDrawer {
  readonly #pack: ElectionPackage;
  readonly #set: Typesetter;
  readonly #blender: Blender;
  #drawn = 0;

  /** The source has a package. */
  constructor(options: { readonly source: TextSource; readonly blender: Blender }) {
    assert(options.source.pack !== undefined, "a slip needs a package");
    this.#pack = options.source.pack;
    this.#set = new Typesetter(options.source, options.blender, paperMedium);
    this.#blender = options.blender;
  }

  /** A raster can be drawn until the next one is made. */
  body(ballot: Ballot): Raster {
    const { election } = this.#pack;
    const strip = this.#begin();
    strip.centered(this.#set.packed(election.title, "slip-bold"), 52);
    strip.centered(this.#set.line("paper.title", "slip-bold", "fa"));
    strip.centered(this.#set.packed(election.stationName, "slip"));
    strip.centered(this.#set.line("paper.station", "slip", "fa", election.station));
    if (election.test) this.#testMark(strip);
    strip.rule(8, 6);
    for (const mark of ballot.marks) this.#mark(strip, mark);
    strip.y += 24;
    return this.#end(strip);
  }

  /** The band that says what the slip is worth, in both languages; VOID is crossed so that it cannot be taken for the other at a glance. */
  mark(kind: "valid" | "void"): Raster {
    const strip = this.#begin();
    const [persian, english] = [this.#set.line(`paper.${kind}`, "strip-bold", "fa"), this.#set.line(`paper.${kind}`, "strip-bold", "en")];
    const top = 14;
    const height = 150;
    const line = 6;
    strip.fill(left, top, right - left, line);
    strip.fill(left, top + height - line, right - left, line);
    strip.fill(left, top + line, line, height - 2 * line);
    strip.fill(right - line, top + line, line, height - 2 * line);
    // the same white left, right and between the two words, the ink in the middle of the frame's height
    const ink = english.right - english.left + persian.right - persian.left;
    const gap = Math.floor((right - left - 2 * line - ink) / 3);
    const tall = { top: Math.min(english.top, persian.top), bottom: Math.max(english.bottom, persian.bottom) };
    strip.y = top + Math.floor((height - tall.top - tall.bottom) / 2);
    strip.run(english, left + line + gap - english.left);
    strip.run(persian, left + line + 2 * gap + english.right - english.left - persian.left);
    if (kind === "void") for (let x = left; x < right - 12; x += 4) strip.fill(x, top + line + Math.floor(((x - left) * (height - 18)) / (right - left)), 8, line);
    strip.y = top + height + 14;
    return this.#end(strip);
  }

  /** What was voted before is forgotten. */
  #begin(): Strip {
    this.#set.clear();
    this.#drawn++;
    return new Strip();
  }

  #end(strip: Strip): Raster {
    const drawn = this.#drawn;
    return new StripRaster(this.#blender, this.#set, strip, () => drawn === this.#drawn);
  }

  #testMark(strip: Strip): void {
    const lines = [...this.#set.lines("paper.test", "slip-bold", "fa"), ...this.#set.lines("paper.test", "slip-bold", "en")];
    const top = strip.y + 22;
    const height = lines.length * pitch + 22;
    strip.fill(left, top, right - left, 3);
    strip.fill(left, top + height, right - left, 3);
    strip.y = top - 6;
    for (const line of lines) strip.centered(line);
    strip.y = top + height + 3;
  }

  #mark(strip: Strip, mark: Mark): void {
    const contest = this.#contest(mark.contest);
    strip.line(this.#set.packed(contest.title, "slip-bold"), 0, pitch + 10);
    if (mark.blank) {
      strip.line(this.#set.line("paper.blank", "slip", "fa"));
      return;
    }
    if (mark.choices.length === 0) strip.line(this.#set.line("paper.none", "slip", "fa"));
    for (const code of mark.choices) {
      const index = this.#pack.findCode(mark.contest, code);
      assert(index !== undefined, "a decoded ballot has only codes of its contest");
      strip.line(this.#set.packed(this.#pack.option(mark.contest, index).name, "slip"), nameIndent);
      strip.beside(this.#set.digits(String(code), "slip-bold", "fa"));
    }
    const unused = contest.votesAllowed - mark.choices.length;
    if (unused > 0 && mark.choices.length > 0) strip.line(this.#set.line("paper.under", "slip", "fa", unused));
  }

  #contest(id: ContestId): Contest {
    const contest = this.#pack.election.contests.find((each) => each.id === id);
    assert(contest !== undefined, "a decoded ballot has only contests of its election");
    return contest;
  }
}
