// The box in which what is typed on the keypad stands, and beneath it what was wrong with it.

import type { Sheet } from "../sheet.js";
import type { Role } from "../text/faces.js";
import type { Run } from "../text/typesetter.js";
import { gapBlock, stack, textBlock } from "./frame.js";

/** Digits of a PIN that are shown as dots; more are not accepted by a card. */
const dotsMax = 8;
export const entry = { x: 28, width: 520 } as const;

export function pinDots(sheet: Sheet, count: number, top: number): void {
  const { colors } = sheet;
  const height = 120;
  sheet.box(entry.x, top, entry.width, height, { fill: colors.surface, border: 4, borderColor: colors.selected });
  for (let i = 0; i < Math.min(count, dotsMax); i++) {
    const x = sheet.rtl ? entry.x + entry.width - 62 - i * 56 - 18 : entry.x + 62 + i * 56;
    sheet.box(x, top + height / 2 - 9, 18, 18, { fill: colors.ink, radius: 9 });
  }
  if (count === 0)
    sheet.text("official.pin-text", "frame", {
      ...entry,
      align: "center",
      y: top + ((height + sheet.face("frame").capital) >> 1),
      color: colors.inkSoft,
    });
}

/** said: in one line of 440 pixels, or broken for 420. */
export function problemBox(
  sheet: Sheet,
  said: readonly Run[],
  role: Role,
  note: readonly Run[],
  top: number,
  bottom: number,
): void {
  const { colors } = sheet;
  sheet.box(entry.x, top, entry.width, bottom - top, { fill: colors.warn, border: 2, borderColor: colors.warnLine });
  sheet.icon("notice-small", entry.x + 20, top + 20, 32, colors.warnLine);
  const column = { x: entry.x + 60, width: entry.width - 80 };
  stack(
    [textBlock(sheet, said, role, column), gapBlock(4), textBlock(sheet, note, "frame", column)],
    top + 4,
    bottom - 4,
  );
}
