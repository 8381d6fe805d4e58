// The paper slip, drawn by the same code as the screen, in dots. It is in Persian whatever language the voter used, and bears no
// time and no number: nothing on it tells who cast it, or when (VVSG 9.1.6-K).

import type { Raster, SlipWidth } from "../../firmware/cast/printer.js";
import { ROW_BYTES } from "../../firmware/cast/printer.js";
import type { SlipDrawer } from "../../firmware/cast/slip.js";
import type { Ballot, Contest, ContestId, ElectionPackage, Mark } from "../../firmware/election/types.js";
import type { Blender } from "../../firmware/platform.js";
import { assert } from "../../firmware/result.js";
import { SlipBand } from "../render/canvas.js";
import { type Item, boundsOf, drawItem } from "../render/items.js";
import type { Atlas } from "../text/atlas.js";
import type { TextBundle } from "../text/bundle.js";
import { type Run, Typesetter } from "../text/typesetter.js";

export const slipWidth: SlipWidth = 576;
const right = 568;
const left = 8;
/** From baseline to baseline; the font's lowest descender and highest mark fit between. */
const pitch = 46;
/** The mark of a choice's name from the right edge: a code of five digits and a gap. */
const nameIndent = 92;
/** Rows a raster gives at once. */
export const bandRowsMax = 512;
const black = 1;

/** A slip longer than this is a bug: 32 contests of 64 choices each could not be cast at all. */
export const slipRowsMax = 16_384;

class ItemsRaster implements Raster {
  readonly width = slipWidth;
  readonly height: number;
  readonly #blender: Blender;
  readonly #icons: Atlas;
  readonly #items: readonly { readonly item: Item; readonly top: number; readonly bottom: number }[];
  #band: { readonly band: SlipBand; readonly rows: number } | undefined;

  constructor(blender: Blender, icons: Atlas, items: readonly Item[], height: number) {
    assert(height <= slipRowsMax, "slip of a printable length");
    this.#blender = blender;
    this.#icons = icons;
    this.height = height;
    this.#items = items.map((item) => {
      const bounds = boundsOf(item, icons);
      return { item, top: bounds.y, bottom: bounds.y + bounds.height };
    });
  }

  read(firstRow: number, rows: number): Uint8Array {
    assert(rows >= 1 && rows <= bandRowsMax && firstRow >= 0 && firstRow + rows <= this.height, "rows of the slip");
    if (this.#band === undefined || this.#band.rows < rows) this.#band = { band: new SlipBand(this.#blender, ROW_BYTES, rows), rows };
    const { band } = this.#band;
    band.place(firstRow, rows);
    for (const { item, top, bottom } of this.#items) if (bottom > firstRow && top < firstRow + rows) drawItem(band, item, this.#icons);
    return band.bitmap.subarray(0, rows * ROW_BYTES);
  }
}

/** Lines one under the other. */
class Strip {
  readonly items: Item[] = [];
  y = 0;

  centered(run: Run, advance: number = pitch): void {
    this.y += advance;
    this.#text(run, Math.floor((slipWidth - run.width) / 2));
  }

  /** Against the right edge, less `indent`. */
  line(run: Run, indent = 0, advance: number = pitch): void {
    this.y += advance;
    this.#text(run, right - indent - run.width);
  }

  rule(dash: number, gap: number, thickness = 2): void {
    this.y += 20;
    for (let x = left; x < right; x += dash + gap) this.fill(x, this.y, Math.min(dash, right - x), thickness);
    this.y += thickness;
  }

  fill(x: number, y: number, width: number, height: number): void {
    this.items.push({ kind: "box", id: "", x, y, width, height, fill: black, radius: 0 });
  }

  /** Beside the line placed last. */
  beside(run: Run): void {
    this.#text(run, right - run.width);
  }

  #text(run: Run, x: number): void {
    this.items.push({ kind: "text", id: "", x, y: this.y, run, color: black });
  }
}

export class SlipDrawing implements SlipDrawer {
  readonly #pack: ElectionPackage;
  readonly #set: Typesetter;
  readonly #blender: Blender;
  readonly #icons: Atlas;

  /** Throws for a package whose atlas cannot be read. */
  constructor(options: { readonly pack: ElectionPackage; readonly text: TextBundle; readonly blender: Blender }) {
    this.#pack = options.pack;
    this.#set = new Typesetter(options.text, options.pack);
    this.#blender = options.blender;
    this.#icons = options.text.atlas;
  }

  body(ballot: Ballot): Raster {
    const { election } = this.#pack;
    const strip = new Strip();
    strip.centered(this.#set.packed(election.title, "slip-bold"), 52);
    strip.centered(this.#set.line("paper.title", "slip-bold", "fa"));
    strip.centered(this.#set.packed(election.stationName, "slip"));
    strip.centered(this.#set.line("paper.station", "slip", "fa", [election.station]));
    if (election.test) this.#testMark(strip);
    strip.rule(8, 6);
    for (const mark of ballot.marks) this.#mark(strip, mark);
    strip.y += 24;
    return new ItemsRaster(this.#blender, this.#icons, strip.items, strip.y);
  }

  /** The band that says what the slip is worth, in both languages; VOID is crossed so that it cannot be taken for the other at a glance. */
  mark(kind: "valid" | "void"): Raster {
    const strip = new Strip();
    const [persian, english] = [this.#set.line(`paper.${kind}`, "strip-bold", "fa"), this.#set.line(`paper.${kind}`, "strip-bold", "en")];
    const top = 14;
    const height = 150;
    strip.fill(left, top, right - left, 6);
    strip.fill(left, top + height - 6, right - left, 6);
    strip.fill(left, top, 6, height);
    strip.fill(right - 6, top, 6, height);
    const baseline = top + 108;
    const middle = slipWidth / 2;
    const half = (right - left) / 2;
    strip.y = baseline;
    for (const [run, x] of [[english, left], [persian, middle]] as const)
      strip.items.push({ kind: "text", id: "", x: Math.floor(x + (half - run.width) / 2), y: baseline, run, color: black });
    if (kind === "void") for (let x = left; x < right - 12; x += 4) strip.fill(x, top + 6 + Math.floor(((x - left) * (height - 18)) / (right - left)), 8, 6);
    return new ItemsRaster(this.#blender, this.#icons, strip.items, top + height + 14);
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
    if (unused > 0 && mark.choices.length > 0) strip.line(this.#set.line("paper.under", "slip", "fa", [unused]));
  }

  #contest(id: ContestId): Contest {
    const contest = this.#pack.election.contests.find((each) => each.id === id);
    assert(contest !== undefined, "a decoded ballot has only contests of its election");
    return contest;
  }
}
