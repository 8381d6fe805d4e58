// Reports for officials, drawn as slips are. A report begins with a thick band, which no slip has, so that neither can
// be taken for the other; it comes in pieces, since the names of thousands of candidates are more than a picture may
// hold.

import type { Raster } from "../../firmware/cast/printer.js";
import { packageCode } from "../../firmware/election/package-code.js";
import type { Contest, ElectionPackage, OptionIndex } from "../../firmware/election/types.js";
import type { Blender } from "../../firmware/platform.js";
import { assert } from "../../firmware/result.js";
import type { Report, ReportDrawer } from "../../firmware/tally/report.js";
import type { ContestResult } from "../../firmware/tally/tally.js";
import type { TextKey } from "../text/key.js";
import { paperFaces, paperMedium } from "../text/faces.js";
import { type StampSetter, dateRuns, timeRuns } from "../text/stamp.js";
import { type Run, type TextSource, Typesetter } from "../text/typesetter.js";
import { type SlipDrawing, nameIndent, kindMark } from "./slip.js";
import { Strip, StripRaster, left, pitch, right } from "./strip.js";

const { regular, bold } = paperFaces;

/** Rows of the band: what tells a report from a slip. */
export const reportBandRows = 28;
/** Options in a piece; fewer when their names take many lines. */
export const optionsPerPiece = 64;
export const pieceRows = 8_000;
/** Dots that a name and its number may take on one line; of more, the number has the next one. */
export const besideMax = right - nameIndent - left - 24;
const stampGap = 28;
/** Rows below the last baseline of a piece: its deepest letter. */
export const descent = 18;

type WithTimes = Extract<Report, { readonly generatedAt: number }>;

export class ReportDrawing implements ReportDrawer {
  readonly #pack: ElectionPackage;
  readonly #set: Typesetter;
  readonly #blender: Blender;
  readonly #slips: SlipDrawing;
  #drawn = 0;

  /** The source has a package. */
  constructor(options: { readonly source: TextSource; readonly blender: Blender; readonly slips: SlipDrawing }) {
    assert(options.source.pack !== undefined, "a report needs a package");
    this.#pack = options.source.pack;
    this.#set = new Typesetter(options.source, options.blender, paperMedium);
    this.#blender = options.blender;
    this.#slips = options.slips;
  }

  mark(kind: "void"): Raster {
    return this.#slips.mark(kind);
  }

  *report(report: Report): Generator<Raster, void> {
    const head = this.#begin();
    this.#head(head, report);
    if (report.kind !== "printer-test") this.#facts(head, report);
    yield this.#end(head);
    if (report.kind !== "printer-test") {
      for (const contest of this.#pack.election.contests) yield* this.#contest(contest, report);
    }
    const tail = this.#begin();
    if (report.kind !== "printer-test") this.#signatures(tail);
    tail.rule(8, 6);
    this.#both(tail, "report.end");
    tail.y += 24;
    yield this.#end(tail);
  }

  #head(strip: Strip, report: Report): void {
    const { election } = this.#pack;
    strip.fill(left, 14, right - left, reportBandRows);
    strip.y = 14 + reportBandRows;
    strip.centeredLines(this.#set.packedLines(election.title, bold), 56);
    this.#both(strip, `report.title-${report.kind}`);
    strip.centeredLines(this.#set.packedLines(election.stationName, regular));
    strip.centered(this.#set.line("paper.station", regular, "fa", election.station));
    kindMark(this.#set, strip, election.kind);
  }

  #facts(strip: Strip, report: WithTimes): void {
    const media = report.kind === "zero" ? report.media : report.results.media;
    strip.y += 20;
    strip.line(this.#set.line("report.terminal", regular, "fa", report.terminal));
    this.#stamp(strip, "report.generated", report.generatedAt);
    this.#stamp(strip, "report.printed", report.printedAt);
    strip.line(this.#set.line(`report.media-${media}`, regular, "fa"));
    strip.line(this.#set.line("version", regular, "fa"));
    strip.line(this.#set.line("report.package", regular, "fa"));
    const code = packageCode(this.#pack.election.root);
    for (const groups of [code.slice(0, 4), code.slice(4)]) {
      strip.y += pitch;
      this.#groups(strip, groups);
    }
    this.#value(
      strip,
      this.#set.line("report.ballots", bold, "fa"),
      report.kind === "zero" ? 0 : report.results.ballots,
    );
    this.#value(
      strip,
      this.#set.line("report.voids", regular, "fa"),
      report.kind === "zero" ? report.voids : report.results.voids,
    );
    if (report.kind === "results") {
      strip.line(this.#set.line("report.code", regular, "fa"));
      strip.y += pitch;
      this.#groups(strip, report.code);
    }
    strip.rule(8, 6);
  }

  *#contest(contest: Contest, report: WithTimes): Generator<Raster, void> {
    const result: ContestResult =
      report.kind === "zero"
        ? {
            contest: contest.id,
            ballots: 0,
            blank: 0,
            undervotes: 0,
            votes: new Array<number>(contest.options).fill(0),
          }
        : report.results.contests.find((each) => each.contest === contest.id)!;
    let strip = this.#begin();
    strip.lines(this.#set.packedLines(contest.title, bold), 0, pitch + 10);
    if (result.votes === undefined) {
      assert(report.kind === "results", "nothing is withheld of nothing");
      for (const line of this.#set.lines("report.withheld", regular, "fa", report.results.k)) strip.line(line);
      yield this.#end(strip);
      return;
    }
    this.#value(strip, this.#set.line("report.contest-ballots", regular, "fa"), result.ballots);
    let begun = 0;
    for (let option = 0; option < contest.options; option++) {
      if (begun === optionsPerPiece || strip.y > pieceRows) {
        yield this.#end(strip);
        strip = this.#begin();
        begun = 0;
      }
      begun++;
      const { code, name } = this.#pack.option(contest.id, option as OptionIndex);
      const lines = this.#set.packedLines(name, regular);
      strip.line(lines[0]!, nameIndent);
      strip.beside(this.#set.digits(String(code), bold, "fa"));
      strip.lines(lines.slice(1), nameIndent);
      const votes = this.#number(result.votes[option]!);
      if (lines[lines.length - 1]!.width + votes.width > besideMax) strip.y += pitch;
      strip.run(votes, left);
    }
    if (contest.blankAllowed) this.#value(strip, this.#set.line("report.blank", regular, "fa"), result.blank);
    this.#value(strip, this.#set.line("report.undervotes", regular, "fa"), result.undervotes);
    strip.rule(8, 6);
    yield this.#end(strip);
  }

  #signatures(strip: Strip): void {
    for (const role of ["executive", "supervision"] as const) {
      strip.line(this.#set.line(`report.sign-${role}`, regular, "fa"), 0, pitch + 20);
      strip.y += 2 * pitch;
      strip.fill(left, strip.y, right - left, 2);
    }
  }

  /** In both languages, one under the other. */
  #both(strip: Strip, key: TextKey): void {
    strip.centered(this.#set.line(key, bold, "fa"));
    strip.centered(this.#set.line(key, bold, "en"));
  }

  #value(strip: Strip, label: Run, value: number): void {
    strip.line(label);
    strip.run(this.#number(value), left);
  }

  #number(value: number): Run {
    return this.#set.digits(String(value), bold, "fa");
  }

  #stamp(strip: Strip, key: TextKey, wall: number): void {
    strip.line(this.#set.line(key, regular, "fa"));
    const set: StampSetter = {
      digits: (digits) => this.#set.digits(digits, regular, "fa"),
      sign: (sign) => this.#set.line(sign, regular, "fa"),
    };
    const time = timeRuns(set, wall);
    this.#fromLeft(strip, time, 0);
    this.#fromLeft(
      strip,
      dateRuns(set, wall),
      0,
      time.reduce((sum, run) => sum + run.width, stampGap),
    );
  }

  #groups(strip: Strip, groups: readonly string[]): void {
    this.#fromLeft(
      strip,
      groups.map((digits) => this.#set.digits(digits, bold, "fa")),
      stampGap,
    );
  }

  #fromLeft(strip: Strip, runs: readonly Run[], gap: number, from = 0): void {
    let x = left + from;
    for (const run of runs) {
      strip.run(run, x);
      x += run.width + gap;
    }
  }

  #begin(): Strip {
    this.#set.clear();
    this.#drawn++;
    return new Strip(this.#set);
  }

  #end(strip: Strip): Raster {
    strip.y += descent;
    const drawn = this.#drawn;
    return new StripRaster(this.#blender, this.#set, strip, () => drawn === this.#drawn);
  }
}
