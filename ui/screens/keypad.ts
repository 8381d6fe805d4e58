// Ten digits to touch, ordered as on the keypad beside the screen in both languages.

import type { Sheet } from "../sheet.js";
import type { TextKey } from "../strings.js";

const left = 618;
const top = 104;
const width = 118;
const height = 84;
const pitchX = 130;
const pitchY = 96;

export function keypad(sheet: Sheet, options: { readonly white: "none" | "free" | "chosen" }): void {
  // the block goes with the layout, the order of its columns does not
  const columnX = (column: number) => left + pitchX * (sheet.rtl ? 2 - column : column);
  for (let digit = 1; digit <= 9; digit++) {
    const x = columnX((digit - 1) % 3);
    const y = top + pitchY * Math.floor((digit - 1) / 3);
    sheet.button(`digit.${digit}`, x, y, width, height, `digit.${digit}` as TextKey, { do: "digit", digit }, { face: "huge-bold" });
  }
  const bottom = top + pitchY * 3;
  sheet.button("digit.0", columnX(1), bottom, width, height, "digit.0", { do: "digit", digit: 0 }, { face: "huge-bold" });
  if (options.white !== "none")
    sheet.button("white", columnX(0), bottom, width, height, "voting.white", { do: "blank" }, { look: options.white === "chosen" ? "strong" : "plain" });
  sheet.button("correct", columnX(2), bottom, width, height, "voting.correct", { do: "correct" }, { look: "destroy" });
}
