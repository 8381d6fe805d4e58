// Ten digits to touch, ordered as on the keypad beside the screen in both languages.

import type { Act, ButtonContent } from "../place.js";
import type { Sheet } from "../sheet.js";

/** From the leading edge; the block is 378 wide. */
const keypadLeft = 618;
const width = 118;
const pitchX = 130;
const gap = 12;
const part = 28;

const digits = Array.from({ length: 10 }, (_, digit) => ({
  id: `digit.${digit}`,
  act: { do: "digit", digit } as const,
}));

/** Four rows between `top` and `bottom`. */
export function keypad(
  sheet: Sheet,
  top: number,
  bottom: number,
  options: { readonly white: "none" | "free" | "chosen" },
): void {
  if (!sheet.begin(part, options.white, top, bottom)) return;
  const height = Math.min(84, Math.floor((bottom - top - 3 * gap) / 4));
  // the block goes with the layout, the order of its columns does not
  const columnX = (column: number) => keypadLeft + pitchX * (sheet.rtl ? 2 - column : column);
  const put = (id: string, column: number, row: number, content: ButtonContent, act: Act): void =>
    sheet.button(id, columnX(column), top + (height + gap) * row, width, height, content, act);
  // the focus goes as the eye does: the 0 is below the others
  for (let place = 0; place < 10; place++) {
    const digit = (place + 1) % 10;
    const { id, act } = digits[digit]!;
    put(
      id,
      digit === 0 ? 1 : place % 3,
      Math.trunc(place / 3),
      { label: sheet.number(digit, "key"), role: "key" },
      act,
    );
  }
  if (options.white !== "none")
    put(
      "white",
      0,
      3,
      {
        label: sheet.line("voting.white", "mark"),
        role: "mark",
        look: options.white === "chosen" ? "strong" : "plain",
      },
      { do: "blank" },
    );
  put(
    "correct",
    2,
    3,
    { label: sheet.line("voting.correct", "mark"), role: "mark", look: "destroy" },
    { do: "correct" },
  );
}
