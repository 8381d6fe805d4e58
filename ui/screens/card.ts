// A card over the marked spot, where one is waited for or read.

import type { Sheet } from "../sheet.js";
import type { Block } from "./frame.js";

export function cardBlock(sheet: Sheet): Block {
  return { height: 172, optional: true, draw: (y) => cardPicture(sheet, y) };
}

function cardPicture(sheet: Sheet, y: number): void {
  const { colors } = sheet;
  sheet.box(382, y + 106, 260, 66, { fill: colors.selected });
  sheet.box(432, y + 132, 160, 10, { fill: colors.surface, radius: 5 });
  const layers = [
    ["card-fill", colors.surface],
    ["card-text", colors.ink],
    ["card-chip", colors.chip],
    ["card-chip-line", colors.ink],
    ["card-line", colors.ink],
  ] as const;
  for (const [name, color] of layers) sheet.icon(name, 430, y, 164, color);
  sheet.icon("card-arrow", 497, y + 78, 30, colors.surface);
}
