// A ballot in words: titles, codes and names flowing in lines. Used where all of it must fit on one screen.

import type { ElectionPackage, Mark, OptionIndex, ContestId } from "../../firmware/election/types.js";
import { colors } from "../render/colors.js";
import type { Sheet } from "../sheet.js";
import type { Run } from "../text/typesetter.js";

interface Piece {
  readonly run: Run;
  readonly color: number;
  readonly x: number;
}

export type FlowLine = readonly Piece[];

interface Entry {
  readonly runs: readonly { readonly run: Run; readonly color: number }[];
  readonly newLine: boolean;
}

const gapInside = 10;
const gapBetween = 26;

function flow(entries: readonly Entry[], width: number): FlowLine[] {
  const lines: Piece[][] = [];
  let x = 0;
  for (const entry of entries) {
    const entryWidth = entry.runs.reduce((sum, { run }) => sum + run.width, 0) + gapInside * (entry.runs.length - 1);
    const begin = x === 0 ? 0 : x + gapBetween;
    if (lines.length === 0 || entry.newLine || begin + entryWidth > width) {
      lines.push([]);
      x = 0;
    } else x = begin;
    for (const { run, color } of entry.runs) {
      lines.at(-1)!.push({ run, color, x });
      x += run.width + gapInside;
    }
    x -= gapInside;
  }
  return lines;
}

/** Codes and names of one contest's choices. */
export function choiceEntries(sheet: Sheet, pack: ElectionPackage, contest: ContestId, chosen: readonly OptionIndex[]): Entry[] {
  return chosen.map((index) => {
    const option = pack.option(contest, index);
    return {
      newLine: false,
      runs: [
        { run: sheet.set.digits(String(option.code), "caption-bold", sheet.language), color: colors.selected },
        { run: sheet.set.packed(option.name, "caption"), color: colors.ink },
      ],
    };
  });
}

export function choiceLines(sheet: Sheet, pack: ElectionPackage, contest: ContestId, chosen: readonly OptionIndex[], width: number): FlowLine[] {
  return flow(choiceEntries(sheet, pack, contest, chosen), width);
}

/** Every contest of the ballot with what is marked in it. */
export function markLines(sheet: Sheet, pack: ElectionPackage, marks: readonly Mark[], width: number): FlowLine[] {
  const entries: Entry[] = [];
  for (const mark of marks) {
    const contest = pack.election.contests.find((each) => each.id === mark.contest);
    if (contest === undefined) continue;
    entries.push({ newLine: true, runs: [{ run: sheet.set.packed(contest.title, "caption-bold"), color: colors.ink }] });
    if (mark.blank) entries.push({ newLine: false, runs: [{ run: sheet.set.line("review.blank", "caption", sheet.language), color: colors.ink }] });
    else if (mark.choices.length === 0) entries.push({ newLine: false, runs: [{ run: sheet.set.line("review.none", "caption", sheet.language), color: colors.ink }] });
    const chosen = mark.choices.map((code) => pack.findCode(mark.contest, code)).filter((index) => index !== undefined);
    entries.push(...choiceEntries(sheet, pack, mark.contest, chosen));
  }
  return flow(entries, width);
}

/** Draws as many lines as fit; the last one then says that there are more. Returns how many were drawn. */
export function drawLines(sheet: Sheet, id: string, lines: readonly FlowLine[], x: number, baseline: number, pitch: number, linesMax: number): number {
  const all = lines.length <= linesMax;
  const shown = all ? lines.length : linesMax - 1;
  for (let i = 0; i < shown; i++) {
    lines[i]!.forEach((piece, j) =>
      sheet.run(`${id}.${i}.${j}`, piece.run, { x: x + piece.x, width: piece.run.width, y: baseline + i * pitch, color: piece.color }),
    );
  }
  if (all) return shown;
  // a code and a name each
  const more = lines.slice(shown).reduce((sum, line) => sum + Math.ceil(line.length / 2), 0);
  const run = sheet.set.line("review.more", "caption-bold", sheet.language, [more]);
  sheet.run(`${id}.more`, run, { x, width: run.width, y: baseline + shown * pitch });
  return linesMax;
}
