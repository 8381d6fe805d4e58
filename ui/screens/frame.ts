// What most screens share: header, footer, the mark of a test election, the button for the other language.

import type { Language } from "../../firmware/session/view.js";
import { colors } from "../render/colors.js";
import type { Run } from "../text/typesetter.js";
import { type Act, type Sheet, screenWidth } from "../sheet.js";

export const headerHeight = 84;
export const footerTop = 508;
export const footerButtonTop = 522;
export const buttonHeight = 66;
export const margin = 20;

const testLeft = 696;
const testWidth = 116;

export function header(sheet: Sheet): void {
  sheet.box("header", 0, 0, screenWidth, headerHeight - 2, { fill: colors.surface, radius: 0 });
  sheet.box("header.line", 0, headerHeight - 2, screenWidth, 2, { fill: colors.ink, radius: 0 });
}

export function footer(sheet: Sheet, fill: number = colors.surface): void {
  sheet.box("footer.line", 0, footerTop, screenWidth, 2, { fill: colors.ink, radius: 0 });
  sheet.box("footer", 0, footerTop + 2, screenWidth, 90, { fill, radius: 0 });
}

/** A title and what goes with it: side by side when there is room before `until`, else one above the other. */
export function titles(sheet: Sheet, title: Run, second: readonly Run[], until: number = testLeft - 12): void {
  const beside = second.reduce((sum, run) => sum + 20 + run.width, 0);
  const oneLine = 28 + title.width + beside <= until;
  sheet.run("title", title, { x: 28, width: title.width, y: oneLine ? 53 : 36 });
  let x = oneLine ? 28 + title.width + 20 : 28;
  second.forEach((run, i) => {
    sheet.run(`subtitle.${i}`, run, { x, width: run.width, y: oneLine ? 52 : 70, color: colors.inkSoft });
    x += run.width + 20;
  });
}

/** The pill in the trailing corner, always the same: up to 172 wide, ending at x = 996. */
export function corner(sheet: Sheet, run: Run): void {
  const width = Math.max(122, run.width + 40);
  sheet.box("corner", 996 - width, 18, width, 48, { fill: colors.surface, border: 2, radius: 24 });
  sheet.run("corner.text", run, { x: 996 - width, width, align: "center", y: 53 });
}

/** On every screen of a test election, always in the same place. */
export function testMark(sheet: Sheet): void {
  sheet.box("test", testLeft, 21, testWidth, 42, { fill: colors.warn, border: 2, borderColor: colors.warnLine, radius: 8 });
  sheet.text("test.text", "test.mark", "caption-bold", { x: testLeft, width: testWidth, align: "center", y: 51, color: colors.ink });
}

export function languageButton(sheet: Sheet, x: number, y: number, behind: number = colors.surface): void {
  const other: Language = sheet.language === "fa" ? "en" : "fa";
  sheet.button("language", x, y, 66, buttonHeight, "language.other", { do: "language", language: other }, { behind });
}

export function backButton(sheet: Sheet, width: number, label: "voting.back" | "voting.list" | "confirm.back" = "voting.back", act: Act = { do: "back" }): void {
  sheet.button("back", margin, footerButtonTop, width, buttonHeight, label, act, { arrow: "backward", behind: colors.surface });
}

export function forwardButton(sheet: Sheet, width: number, label: "voting.next" | "voting.enter" | "review.confirm" | "awaits.key" | "official.pin-enter", act: Act): void {
  sheet.button("forward", screenWidth - margin - width, footerButtonTop, width, buttonHeight, label, act, { look: "confirm", arrow: "forward", behind: colors.surface });
}
