// The longest slip and the longest report that an election can come to, measured from its shaped texts as ui/slip lays
// them out: a slip that is too long would stop the terminal in the middle of a cast.

import { readU32 } from "../../firmware/bytes.js";
import type { ContestKind, ElectionKind, PaperNeeds } from "../../firmware/election/types.js";
import { contestRows, reportContestRows, reportHeadRows, slipHeadRows, type HeadLines } from "../../ui/slip/measure.js";
import { besideMax } from "../../ui/slip/report.js";
import { strings } from "../../ui/strings.js";
import { type Face, paperFaces, paperMedium } from "../../ui/text/faces.js";
import { linesAt, skipLine } from "../../ui/text/texts.js";
import { lineCount } from "../text/bundle-writer.js";
import { loadFont } from "../text/fonts.js";
import { pixels } from "../text/wrap.js";

/** A text on paper. */
interface Measure {
  readonly lines: number;
  /** Words that its runs take (ui/text/typesetter.ts). */
  readonly words: number;
  /** Dots of its last line. */
  readonly lastWidth: number;
}

export interface PaperContest {
  readonly id: number;
  readonly kind: ContestKind;
  readonly votesAllowed: number;
  /** Record of the title. */
  readonly title: Uint8Array;
  readonly options: readonly {
    readonly code: number;
    /** In an open list the code of the list that it is on. */
    readonly list: number | undefined;
    /** Record of the name. */
    readonly name: Uint8Array;
  }[];
}

export interface PaperElection {
  readonly kind: ElectionKind;
  /** Records. */
  readonly title: Uint8Array;
  readonly station: Uint8Array;
  readonly contests: readonly PaperContest[];
  readonly styles: readonly { readonly id: number; readonly contests: readonly number[] }[];
}

export interface PaperMeasures {
  readonly needs: PaperNeeds;
  /** Of the longest slip: its style, and the contests by what they take of it, most first. */
  readonly longest: {
    readonly style: number;
    readonly contests: readonly { readonly id: number; readonly rows: number }[];
  };
}

/** A run's head, and what each glyph takes of the store. */
const [runWords, glyphWords] = [7, 3];
/** More than any line of the image's own takes. */
const ownLineWords = runWords + 40 * glyphWords;
/** Of a slip: its title and station's number, and both marks of a test. */
const ownLinesOfHead = 8;

export function measurePaper(election: PaperElection): PaperMeasures {
  const title = measure(election.title, paperFaces.bold);
  const station = measure(election.station, paperFaces.regular);
  const head: HeadLines = {
    title: title.lines,
    station: station.lines,
    test: election.kind === "real" ? 0 : markLines(election.kind),
  };
  const contests = new Map(election.contests.map((contest) => [contest.id, measureContest(contest)]));
  const slips = election.styles.map((style) => {
    const own = style.contests.map((id) => ({ id, ...contests.get(id)!.slip }));
    const rows = slipHeadRows(head) + own.reduce((sum, each) => sum + each.rows, 0);
    const words = own.reduce((sum, each) => sum + each.words, 0);
    return { style: style.id, rows, words, contests: own.sort((a, b) => b.rows - a.rows) };
  });
  const longest = slips.reduce((most, each) => (each.rows > most.rows ? each : most));
  const reportRows = [...contests.values()].reduce((sum, each) => sum + each.reportRows, reportHeadRows(head));
  const headWords = title.words + station.words + ownLinesOfHead * ownLineWords;
  const slipWords = headWords + Math.max(...slips.map(({ words }) => words));
  return { needs: { slipRows: longest.rows, slipWords, reportRows }, longest };
}

/** Lines of the mark that papers of an election bear that does not count, in both languages. */
function markLines(kind: "rehearsal" | "test"): number {
  const { fa, en, wrap } = strings[`paper.${kind}`];
  const use = { medium: paperMedium, faces: ["slip-bold"], wrap } as const;
  return lineCount(fa, "rtl", use) + lineCount(en, "ltr", use);
}

interface ContestMeasure {
  readonly slip: { readonly rows: number; readonly words: number };
  readonly reportRows: number;
}

function measureContest({ kind, votesAllowed, title, options }: PaperContest): ContestMeasure {
  const head = measure(title, paperFaces.bold);
  const names = options.map(({ code, list, name }) => {
    const { lines, words, lastWidth } = measure(name, paperFaces.regular);
    return { code, list, lines, words: words + runWords + String(code).length * glyphWords, lastWidth };
  });
  const most = (by: "lines" | "words"): number => {
    if (kind !== "open-list")
      return sumOfLargest(
        names.map((name) => name[by]),
        votesAllowed,
      );
    // one list, and its own candidates alone
    const lists = names.filter(({ list }) => list === undefined);
    const sums = lists.map((list) => {
      const candidates = names.filter((name) => name.list === list.code).map((name) => name[by]);
      const unused = by === "lines" && candidates.length < votesAllowed - 1 ? 1 : 0;
      return list[by] + sumOfLargest(candidates, votesAllowed - 1) + unused;
    });
    return Math.max(...sums);
  };
  // a number of five digits, which does not fit beside the widest names
  const number = pixels("88888", "rtl", paperFaces.bold);
  const options_ = names.map(({ lines, lastWidth }) => lines + (lastWidth + number > besideMax ? 1 : 0));
  return {
    // fewer choices than allowed take a line less at least, and one that says so
    slip: { rows: contestRows(head.lines, most("lines")), words: head.words + most("words") + ownLineWords },
    reportRows: reportContestRows(head.lines, options_),
  };
}

function sumOfLargest(values: readonly number[], count: number): number {
  return [...values]
    .sort((a, b) => b - a)
    .slice(0, count)
    .reduce((sum, value) => sum + value, 0);
}

function measure(record: Uint8Array, face: Face): Measure {
  let at = linesAt(record, paperMedium, face.bold);
  if (at === undefined) throw new Error("a text that stands on paper has no lines for it");
  const lines = record[at++]!;
  let words = 0;
  let last = 0;
  for (let line = 0; line < lines; line++) {
    const end = skipLine(record, at);
    words += runWords;
    last = 0;
    let piece = at + 1;
    for (let left = record[at]!; left > 0; left--) {
      const glyphs = record[piece + 1]!;
      words += glyphs * glyphWords;
      last += readU32(record, piece + 2);
      piece += 6 + 6 * glyphs;
    }
    at = end;
  }
  const { capitalUnits } = loadFont(face.bold ? "bold" : "regular");
  return { lines, words, lastWidth: Math.ceil((last * face.capital) / capitalUnits) };
}
