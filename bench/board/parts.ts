// Parts of a day, by the lines of its trace.

import type { Mark } from "./day.js";

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  if (sorted.length === 0) throw new Error("nothing was measured");
  return sorted[sorted.length >> 1]!;
}

/** Work at the last line `to`, and at the last line `from` before it. */
export function between(marks: readonly Mark[], from: string, to: string): readonly [number, number] {
  const last = marks.findLastIndex((mark) => mark.line === to);
  const first = marks.slice(0, Math.max(last, 0)).findLastIndex((mark) => mark.line === from);
  if (first < 0) throw new Error(`the day has no part from "${from}" to "${to}"`);
  return [marks[first]!.work, marks[last]!.work];
}

/** Work from the first time that a line is traced to the next line of the other name. */
export function firstPart(marks: readonly Mark[], from: string, to: string): number {
  const first = marks.findIndex((mark) => mark.line === from);
  const last = marks.findIndex((mark, index) => index > first && mark.line === to);
  if (first < 0 || last < 0) throw new Error(`the day has no part from "${from}" to "${to}"`);
  return marks[last]!.work - marks[first]!.work;
}
