// How long slips and reports become, from the lines of their texts: the packager asks before anything is printed. A
// test holds it against what slip.ts and report.ts draw.

import { descent, pieceRows, optionsPerPiece, reportBandRows } from "./report.js";
import { pitch } from "./strip.js";

/** What stands at the head of everything printed, in lines. */
export interface HeadLines {
  /** Of the election's title; of the station's name. */
  readonly title: number;
  readonly station: number;
  /** Of the mark of a test election, in both languages; 0 when it is none. */
  readonly test: number;
}

/** Rows between two texts that a rule stands in, with the rule. */
const ruleRows = 22;
/** How much lower than other lines the title of a contest stands. */
const contestGap = 10;

function testRows(lines: number): number {
  return lines === 0 ? 0 : 22 + lines * pitch + 22 + 3;
}

/** Rows of a slip but for its contests. */
export function slipHeadRows({ title, station, test }: HeadLines): number {
  const first = 52 + (title - 1) * pitch;
  return first + (1 + station + 1) * pitch + testRows(test) + ruleRows + 24;
}

/** Rows of a contest on a slip, or of its head on a report: its title, and lines below. */
export function contestRows(title: number, lines: number): number {
  return contestGap + (title + lines) * pitch;
}

/** Rows of a report but for its contests. */
export function reportHeadRows({ title, station, test }: HeadLines): number {
  const head = 14 + reportBandRows + 56 + (title - 1) * pitch + (2 + station + 1) * pitch + testRows(test);
  const facts = 20 + reportFactsMax * pitch + ruleRows;
  const tail = 2 * (pitch + 20 + 2 * pitch) + ruleRows + 2 * pitch + 24;
  return head + facts + tail + 2 * descent;
}

/**
 * Lines of facts: terminal, two times, media, version, the package in three, ballots, voids, and the code with its
 * label.
 */
const reportFactsMax = 12;

/** Rows of a contest on a report; `options`: lines of each, with the one that its number may need. */
export function reportContestRows(title: number, options: readonly number[]): number {
  const lines = options.reduce((sum, each) => sum + each, 0);
  // at most: a piece ends when it is full of options or of rows
  const pieces = 1 + Math.ceil(options.length / optionsPerPiece) + Math.ceil((lines * pitch) / pieceRows);
  // ballots, blank, undervotes
  return contestRows(title, lines + 3) + ruleRows + pieces * descent;
}
