// Lines are broken where the text is made, not where it is shown: what was looked at is what appears.

import type { Face } from "../../ui/text/faces.js";
import { type BaseDirection, type Line, linePixels, shapeLine } from "./shape.js";

/** Breaks at `\n` and, when a width in pixels is given, at the last space that fits. A single word may be too wide; the caller measures. */
export function wrapText(text: string, base: BaseDirection, face: Face, width: number | undefined): string[] {
  const lines: string[] = [];
  for (const paragraph of text.split("\n")) {
    let line = "";
    for (const word of paragraph.split(" ")) {
      const longer = line === "" ? word : `${line} ${word}`;
      if (line !== "" && width !== undefined && pixels(longer, base, face) > width) {
        lines.push(line);
        line = word;
      } else line = longer;
    }
    lines.push(line);
  }
  return lines;
}

export function pixels(text: string, base: BaseDirection, face: Face): number {
  const weight = face.bold ? "bold" : "regular";
  return linePixels(shapeLine(text, base, weight) as Line, weight, face.capital);
}
