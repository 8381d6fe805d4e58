// A ballot in words: titles, codes and names flowing in lines. Used where much of it must fit on one screen.

import type { ElectionPackage, Mark, OptionIndex, ContestId } from "../../firmware/election/types.js";
import type { Sheet } from "../sheet.js";
import type { Run } from "../text/typesetter.js";

interface Piece {
  readonly run: Run;
  readonly color: number;
  readonly x: number;
}

export type FlowLine = readonly Piece[];

const gapInside = 10;

/** Puts what belongs together, a code and a name, side by side as far as `width` goes. */
class Flow {
  readonly lines: Piece[][] = [];
  readonly #width: number;
  /** Pixels between choices; "line": each has a line of its own. */
  readonly #gap: number | "line";
  #x = 0;

  constructor(width: number, gap: number | "line") {
    this.#width = width;
    this.#gap = gap;
  }

  add(first: Run, firstColor: number, second?: Run, secondColor = firstColor, newLine = false): void {
    const entryWidth = first.width + (second === undefined ? 0 : gapInside + second.width);
    const gap = this.#gap;
    let x = this.#x === 0 || gap === "line" ? 0 : this.#x + gap;
    if (this.lines.length === 0 || newLine || gap === "line" || x + entryWidth > this.#width) {
      this.lines.push([]);
      x = 0;
    }
    const line = this.lines[this.lines.length - 1]!;
    line.push({ run: first, color: firstColor, x });
    if (second !== undefined) line.push({ run: second, color: secondColor, x: x + first.width + gapInside });
    this.#x = x + entryWidth;
  }

  choice(sheet: Sheet, pack: ElectionPackage, contest: ContestId, index: OptionIndex): void {
    const option = pack.option(contest, index);
    const code = sheet.number(option.code, "caption-bold");
    const name = sheet.packedLines(option.name, "caption", true);
    this.add(code, sheet.colors.selected, name[0], sheet.colors.ink);
    // a name of two lines goes on beneath itself
    for (let i = 1, n = name.length; i < n; i++) {
      this.lines.push([{ run: name[i]!, color: sheet.colors.ink, x: code.width + gapInside }]);
      this.#x = this.#width;
    }
  }
}

/** Codes and names of one contest's choices. */
export function choiceLines(
  sheet: Sheet,
  pack: ElectionPackage,
  contest: ContestId,
  chosen: readonly OptionIndex[],
  width: number,
): readonly FlowLine[] {
  const flow = new Flow(width, 26);
  for (const index of chosen) flow.choice(sheet, pack, contest, index);
  return flow.lines;
}

/** Every contest of the ballot with what is marked in it; `gap` pixels between choices, or a line for each. */
export function markLines(
  sheet: Sheet,
  pack: ElectionPackage,
  marks: readonly Mark[],
  width: number,
  gap: number | "line" = 26,
): readonly FlowLine[] {
  const flow = new Flow(width, gap);
  for (const mark of marks) {
    const contest = pack.election.contests.find((each) => each.id === mark.contest);
    if (contest === undefined) continue;
    const { ink } = sheet.colors;
    for (const title of sheet.packedLines(contest.title, "caption-bold", true))
      flow.add(title, ink, undefined, ink, true);
    if (mark.blank) flow.add(sheet.line("review.blank", "caption"), ink);
    else if (mark.choices.length === 0) flow.add(sheet.line("review.none", "caption"), ink);
    for (const code of mark.choices) {
      const index = pack.findCode(mark.contest, code);
      if (index !== undefined) flow.choice(sheet, pack, mark.contest, index);
    }
  }
  return flow.lines;
}

/** How many lines they are at least when each choice has its own. */
export function linesAlone(marks: readonly Mark[]): number {
  let lines = 0;
  for (const { choices } of marks) lines += 1 + Math.max(1, choices.length);
  return lines;
}

/** Where the page ends that begins at `from` and has room for so many lines: a name is not parted. */
export function pageEnd(lines: readonly FlowLine[], from: number, room: number): number {
  let to = Math.min(lines.length, from + Math.max(1, room));
  // only what goes on from the line before stands away from the edge
  while (to > from + 1 && to < lines.length && lines[to]![0]!.x > 0) to--;
  return to;
}

/** Where each page begins, and after them the end. */
export function pageStarts(lines: readonly FlowLine[], room: number): readonly number[] {
  const starts = [0];
  let at = 0;
  do {
    at = pageEnd(lines, at, room);
    starts.push(at);
  } while (at < lines.length);
  return starts;
}

/** Draws the lines from..to-1, the first at `baseline`. */
export function drawLines(
  sheet: Sheet,
  lines: readonly FlowLine[],
  from: number,
  to: number,
  x: number,
  baseline: number,
  pitch: number,
): void {
  for (let i = from; i < to; i++) {
    const line = lines[i]!;
    const y = baseline + (i - from) * pitch;
    for (let j = 0, n = line.length; j < n; j++) {
      const piece = line[j]!;
      sheet.runs(piece.run, 1, x + piece.x, piece.run.width, "start", y, 0, piece.color);
    }
  }
}
