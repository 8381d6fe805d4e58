// Ten digits to touch, ordered as on the keypad beside the screen in both languages.

import type { Act, Sheet } from "../sheet.js";
import type { TextKey } from "../strings.js";
import type { Role } from "../text/faces.js";

/** From the leading edge; the block is 378 wide. */
const keypadLeft = 618;
const width = 118;
const pitchX = 130;
const gap = 12;
const part = 28;

const digits = [
  ["digit.0", { do: "digit", digit: 0 }], ["digit.1", { do: "digit", digit: 1 }], ["digit.2", { do: "digit", digit: 2 }], ["digit.3", { do: "digit", digit: 3 }],
  ["digit.4", { do: "digit", digit: 4 }], ["digit.5", { do: "digit", digit: 5 }], ["digit.6", { do: "digit", digit: 6 }], ["digit.7", { do: "digit", digit: 7 }],
  ["digit.8", { do: "digit", digit: 8 }], ["digit.9", { do: "digit", digit: 9 }],
] as const;

/** Four rows between `top` and `bottom`. */
export function keypad(sheet: Sheet, top: number, bottom: number, options: { readonly white: "none" | "free" | "chosen" }): void {
  if (!sheet.begin(part, options.white, top, bottom)) return;
  const height = Math.min(84, Math.floor((bottom - top - 3 * gap) / 4));
  // the block goes with the layout, the order of its columns does not
  const columnX = (column: number) => keypadLeft + pitchX * (sheet.rtl ? 2 - column : column);
  const put = (id: string, column: number, row: number, label: TextKey, role: Role, act: Act, look?: "strong" | "destroy"): void =>
    sheet.button(id, columnX(column), top + (height + gap) * row, width, height, { label: sheet.line(label, role), role, ...(look === undefined ? {} : { look }) }, act);
  for (let digit = 1; digit <= 9; digit++) {
    const [name, act] = digits[digit]!;
    put(name, (digit - 1) % 3, Math.floor((digit - 1) / 3), name, "key", act);
  }
  put("digit.0", 1, 3, "digit.0", "key", digits[0][1]);
  if (options.white !== "none") put("white", 0, 3, "voting.white", "mark", { do: "blank" }, options.white === "chosen" ? "strong" : undefined);
  put("correct", 2, 3, "voting.correct", "mark", { do: "correct" }, "destroy");
}
