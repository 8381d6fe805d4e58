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

/** Numbers of parts that many screens have; a screen's own are from 16 on, the footer's come last. */
export const frameParts = { frame: 0, title: 1, corner: 2, back: 32, pages: 34, language: 38, forward: 39, test: 47 } as const;

export function header(sheet: Sheet): void {
  sheet.box(0, 0, screenWidth, headerHeight - 2, { fill: colors.surface, radius: 0 });
  sheet.box(0, headerHeight - 2, screenWidth, 2, { fill: colors.ink, radius: 0 });
}

export function footer(sheet: Sheet, fill: number = colors.surface): void {
  sheet.box(0, footerTop, screenWidth, 2, { fill: colors.ink, radius: 0 });
  sheet.box(0, footerTop + 2, screenWidth, 90, { fill, radius: 0 });
}

/** A title and what goes with it: side by side when there is room before `until`, else one above the other. */
export function titles(sheet: Sheet, title: Run, second: readonly Run[], until: number = testLeft - 12): void {
  let beside = 0;
  for (const run of second) beside += 20 + run.width;
  const oneLine = 28 + title.width + beside <= until;
  sheet.run(title, { x: 28, width: title.width, y: oneLine ? 53 : 36 });
  let x = oneLine ? 28 + title.width + 20 : 28;
  for (const run of second) {
    sheet.run(run, { x, width: run.width, y: oneLine ? 52 : 70, color: colors.inkSoft });
    x += run.width + 20;
  }
}

/** The pill in the trailing corner, always the same: up to 172 wide, ending at x = 996. */
export function corner(sheet: Sheet, run: Run): void {
  const width = Math.max(122, run.width + 40);
  sheet.box(996 - width, 18, width, 48, { fill: colors.surface, border: 2, radius: 24 });
  sheet.run(run, { x: 996 - width, width, align: "center", y: 53 });
}

/** On every screen of a test election, always in the same place. */
export function testMark(sheet: Sheet): void {
  if (!sheet.begin(frameParts.test)) return;
  sheet.box(testLeft, 21, testWidth, 42, { fill: colors.warn, border: 2, borderColor: colors.warnLine, radius: 8 });
  sheet.text("test.mark", "caption-bold", { x: testLeft, width: testWidth, align: "center", y: 51, color: colors.ink });
}

/** The buttons of the footer are parts of their own. */
export function languageButton(sheet: Sheet, x: number, y: number, behind: number = colors.surface): void {
  if (!sheet.begin(frameParts.language, x, y)) return;
  const other: Language = sheet.language === "fa" ? "en" : "fa";
  sheet.button("language", x, y, 66, buttonHeight, "language.other", { do: "language", language: other }, { behind });
}

const back: Act = { do: "back" };

export function backButton(sheet: Sheet, width: number, label: "voting.back" | "voting.list" | "confirm.back" = "voting.back", act: Act = back): void {
  if (!sheet.begin(frameParts.back, label, width)) return;
  sheet.button("back", margin, footerButtonTop, width, buttonHeight, label, act, { arrow: "backward", behind: colors.surface });
}

export function forwardButton(sheet: Sheet, width: number, label: "voting.next" | "voting.enter" | "review.confirm" | "awaits.key" | "official.pin-enter", act: Act): void {
  if (!sheet.begin(frameParts.forward, label, width, act.do, act.do === "local-page" ? act.page : 0)) return;
  sheet.button("forward", screenWidth - margin - width, footerButtonTop, width, buttonHeight, label, act, { look: "confirm", arrow: "forward", behind: colors.surface });
}

/** Buttons around "page 1 of 3" of a screen that pages by itself; nothing when there is one page. 320 wide. */
export function localPages(sheet: Sheet, x: number, y: number, page: number, pages: number, behind: number = colors.surface): void {
  if (pages < 2) return;
  if (page > 0) sheet.button("page.before", x, y, 72, buttonHeight, undefined, { do: "local-page", page: page - 1 }, { icon: "triangle-up", behind });
  sheet.text("voting.page", "caption", { x: x + 80, width: 160, align: "center", y: y + 42 }, page + 1, pages);
  if (page + 1 < pages) sheet.button("page.after", x + 248, y, 72, buttonHeight, undefined, { do: "local-page", page: page + 1 }, { icon: "triangle-down", behind });
}
