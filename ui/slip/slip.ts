// The paper slip, drawn by the same code as the screen, in dots. It is in Persian whatever language the voter used, and
// bears no time and no number: nothing on it tells who cast it, or when (VVSG 9.1.6-K).

import type { Raster } from "../../firmware/cast/printer.js";
import type { SlipDrawer } from "../../firmware/cast/slip.js";
import type { Ballot, Contest, ContestId, ElectionKind, ElectionPackage, Mark } from "../../firmware/election/types.js";
import type { Blender } from "../../firmware/platform.js";
import { assert } from "../../firmware/result.js";
import { paperFaces, paperMedium } from "../text/faces.js";
import { type TextSource, Typesetter } from "../text/typesetter.js";
import { Strip, StripRaster, left, pitch, right } from "./strip.js";

const { regular, bold, large } = paperFaces;

/** The mark of a choice's name from the right edge: a code of five digits and a gap. */
export const nameIndent = 92;

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
    strip.centeredLines(this.#set.packedLines(election.title, bold), 52);
    strip.centered(this.#set.line("paper.title", bold, "fa"));
    strip.centeredLines(this.#set.packedLines(election.stationName, regular));
    strip.centered(this.#set.line("paper.station", regular, "fa", election.station));
    kindMark(this.#set, strip, election.kind);
    strip.rule(8, 6);
    for (const mark of ballot.marks) this.#mark(strip, mark);
    strip.y += 24;
    return this.#end(strip);
  }

  /**
   * The band that says what the slip is worth, in both languages; VOID is crossed so that it cannot be taken for the
   * other at a glance.
   */
  mark(kind: "valid" | "void"): Raster {
    const strip = this.#begin();
    const words = {
      persian: this.#set.line(`paper.${kind}`, large, "fa"),
      english: this.#set.line(`paper.${kind}`, large, "en"),
    };
    const [persian, english] = [this.#set.ink(words.persian), this.#set.ink(words.english)];
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
    strip.y = top + ((height - tall.top - tall.bottom) >> 1);
    strip.run(words.english, left + line + gap - english.left);
    strip.run(words.persian, left + line + 2 * gap + english.right - english.left - persian.left);
    if (kind === "void")
      for (let x = left; x < right - 12; x += 4)
        strip.fill(x, top + line + Math.floor(((x - left) * (height - 18)) / (right - left)), 8, line);
    strip.y = top + height + 14;
    return this.#end(strip);
  }

  /** What was voted before is forgotten. */
  #begin(): Strip {
    this.#set.clear();
    this.#drawn++;
    return new Strip(this.#set);
  }

  #end(strip: Strip): Raster {
    const drawn = this.#drawn;
    return new StripRaster(this.#blender, this.#set, strip, () => drawn === this.#drawn);
  }

  #mark(strip: Strip, mark: Mark): void {
    const contest = this.#contest(mark.contest);
    strip.lines(this.#set.packedLines(contest.title, bold), 0, pitch + 10);
    if (mark.blank) {
      strip.line(this.#set.line("paper.blank", regular, "fa"));
      return;
    }
    if (mark.choices.length === 0) strip.line(this.#set.line("paper.none", regular, "fa"));
    for (const code of mark.choices) {
      const index = this.#pack.findCode(mark.contest, code);
      assert(index !== undefined, "a decoded ballot has only codes of its contest");
      const [name, ...more] = this.#set.packedLines(this.#pack.option(mark.contest, index).name, regular);
      strip.line(name!, nameIndent);
      strip.beside(this.#set.digits(String(code), bold, "fa"));
      strip.lines(more, nameIndent);
    }
    const unused = contest.votesAllowed - mark.choices.length;
    if (unused > 0 && mark.choices.length > 0) strip.line(this.#set.line("paper.under", regular, "fa", unused));
  }

  #contest(id: ContestId): Contest {
    const contest = this.#pack.election.contests.find((each) => each.id === id);
    assert(contest !== undefined, "a decoded ballot has only contests of its election");
    return contest;
  }
}

/** Says that nothing on this paper counts. */
export function kindMark(set: Typesetter, strip: Strip, kind: ElectionKind): void {
  if (kind === "real") return;
  const lines = [...set.lines(`paper.${kind}`, bold, "fa"), ...set.lines(`paper.${kind}`, bold, "en")];
  const top = strip.y + 22;
  const height = lines.length * pitch + 22;
  strip.fill(left, top, right - left, 3);
  strip.fill(left, top + height, right - left, 3);
  strip.y = top - 6;
  for (const line of lines) strip.centered(line);
  strip.y = top + height + 3;
}
