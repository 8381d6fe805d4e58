// Lines are broken where the text is made, not where it is shown: what was looked at is what appears.

import type { Face } from "../../ui/text/faces.js";
import { type BaseDirection, linePixels, shapeLine } from "./shape.js";

/**
 * Breaks into as few lines as fit, and those as even as they can be: no last line of one word. Breaks at `\n` too.
 */
export function wrapText(text: string, base: BaseDirection, face: Face, width: number | undefined): string[] {
  return text.split("\n").flatMap((paragraph) => {
    const greedy = breakAt(paragraph, base, face, width);
    if (width === undefined || greedy.length === 1) return greedy;
    let narrowest = Math.ceil(width / greedy.length);
    let widest = width;
    while (narrowest < widest) {
      const middle = (narrowest + widest) >> 1;
      if (breakAt(paragraph, base, face, middle).length <= greedy.length) widest = middle;
      else narrowest = middle + 1;
    }
    return breakAt(paragraph, base, face, widest);
  });
}

/**
 * At most `lines` lines that fit `width`, the last of them cut at a letter and ended with an ellipsis when there is more. For what is shown in full
 * elsewhere.
 */
export function endInEllipsis(text: string, base: BaseDirection, face: Face, width: number, lines: number): string[] {
  const greedy = breakAt(text.replaceAll("\n", " "), base, face, width);
  const tooWide = greedy.findIndex((line) => pixels(line, base, face) > width);
  const whole = Math.min(lines - 1, tooWide < 0 ? greedy.length - 1 : tooWide);
  const rest = greedy.slice(whole).join(" ");
  if (tooWide < 0 && greedy.length <= lines) return greedy;
  const letters = [...rest];
  while (letters.length > 0 && pixels(`${letters.join("").trimEnd()}…`, base, face) > width) letters.pop();
  return [...greedy.slice(0, whole), `${letters.join("").trimEnd()}…`];
}

/** Breaks, when a width in pixels is given, at the last space that fits. A single word may be too wide; the caller measures. */
function breakAt(text: string, base: BaseDirection, face: Face, width: number | undefined): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line !== "" && width !== undefined && pixels(longer, base, face) > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line];
}

export function pixels(text: string, base: BaseDirection, face: Face): number {
  const weight = face.bold ? "bold" : "regular";
  return linePixels(shapeLine(text, base, weight), weight, face.capital);
}
