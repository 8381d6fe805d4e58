// Ten digits to touch, ordered as on the keypad beside the screen in both languages.

import type { Sheet } from "../sheet.js";

const left = 618;
const top = 104;
const width = 118;
const height = 84;
const pitchX = 130;
const pitchY = 96;
const part = 28;

const digits = [
  ["digit.0", { do: "digit", digit: 0 }], ["digit.1", { do: "digit", digit: 1 }], ["digit.2", { do: "digit", digit: 2 }], ["digit.3", { do: "digit", digit: 3 }],
  ["digit.4", { do: "digit", digit: 4 }], ["digit.5", { do: "digit", digit: 5 }], ["digit.6", { do: "digit", digit: 6 }], ["digit.7", { do: "digit", digit: 7 }],
  ["digit.8", { do: "digit", digit: 8 }], ["digit.9", { do: "digit", digit: 9 }],
] as const;

export function keypad(sheet: Sheet, options: { readonly white: "none" | "free" | "chosen" }): void {
  if (!sheet.begin(part, options.white)) return;
  // the block goes with the layout, the order of its columns does not
  const columnX = (column: number) => left + pitchX * (sheet.rtl ? 2 - column : column);
  for (let digit = 1; digit <= 9; digit++) {
    const x = columnX((digit - 1) % 3);
    const y = top + pitchY * Math.floor((digit - 1) / 3);
    const [name, act] = digits[digit]!;
    sheet.button(name, x, y, width, height, name, act, { face: "huge-bold" });
  }
  const bottom = top + pitchY * 3;
  sheet.button("digit.0", columnX(1), bottom, width, height, "digit.0", { do: "digit", digit: 0 }, { face: "huge-bold" });
  if (options.white !== "none")
    sheet.button("white", columnX(0), bottom, width, height, "voting.white", { do: "blank" }, { look: options.white === "chosen" ? "strong" : "plain" });
  sheet.button("correct", columnX(2), bottom, width, height, "voting.correct", { do: "correct" }, { look: "destroy" });
}
