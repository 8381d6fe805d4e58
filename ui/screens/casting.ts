// From the first press of green to the end: not yet cast, printing, the slip, cast.

import type { ElectionPackage, Mark } from "../../firmware/election/types.js";
import type { View } from "../../firmware/session/view.js";
import { colors } from "../render/colors.js";
import { ringIcon, ringSegments } from "../render/icons.js";
import { type Sheet, screenWidth } from "../sheet.js";
import { backButton, footer, footerButtonTop, frameParts, languageButton, localPages } from "./frame.js";
import { drawLines, markLines } from "./marks.js";

const center = { x: 0, width: screenWidth, align: "center" as const };
const parts = { marks: 16, act: 31, paper: 17, ring: 18, seconds: 19 } as const;

/** Lines of one page of the ballot on the confirm screen, and on the picture of the slip; with a row of buttons there are fewer. */
const confirmLines = 9;
const slipLines = 17;
const slipLinesPaged = 14;

/** `page`: of a ballot that has more lines than fit; what has not been looked at is not cast. */
export function confirmScreen(sheet: Sheet, marks: readonly Mark[], pack: ElectionPackage, wanted: number): void {
  if (sheet.begin(frameParts.frame)) {
    sheet.ground();
    sheet.text("confirm.title", "large-bold", { x: 28, width: 650, y: 58 });
    sheet.text("confirm.text", "body", { x: 28, width: 968, y: 106 });
    footer(sheet);
  }
  const lines = markLines(sheet, pack, marks, 936);
  const pages = Math.ceil(lines.length / confirmLines);
  const page = Math.min(wanted, pages - 1);
  if (sheet.begin(parts.marks, marks, page)) {
    sheet.box(20, 126, 984, 278, { fill: colors.surface, border: 2, borderColor: colors.line });
    // fewer lines stand wider apart
    const wide = lines.length <= 5;
    drawLines(sheet, lines, page * confirmLines, (page + 1) * confirmLines, 44, wide ? 168 : 158, wide ? 48 : 29);
  }
  if (sheet.begin(parts.act, page, pages)) {
    if (page + 1 < pages) sheet.button("forward", 302, 417, 420, 79, "voting.next", { do: "local-page", page: page + 1 }, { arrow: "forward" });
    else sheet.button("cast", 302, 417, 420, 79, "confirm.cast", { do: "confirm" }, { look: "confirm", face: "large-bold" });
  }
  backButton(sheet, 330, "confirm.back");
  if (sheet.begin(frameParts.pages, page, pages)) localPages(sheet, 420, footerButtonTop, page, pages);
  languageButton(sheet, 938, footerButtonTop);
}

export function printingScreen(sheet: Sheet): void {
  if (!sheet.begin(frameParts.frame)) return;
  sheet.ground();
  paperPicture(sheet, 112);
  sheet.text("printing.title", "large-bold", { ...center, y: 330 });
  sheet.paragraph("printing.text", "body", { ...center, y: 392 }, 48);
}

function paperPicture(sheet: Sheet, y: number): void {
  sheet.icon("paper-fill", 464, y + 40, 96, colors.surface);
  sheet.icon("paper-line", 464, y + 40, 96, colors.ink);
  sheet.box(412, y, 200, 56, { fill: colors.selected });
  sheet.box(448, y + 36, 128, 8, { fill: colors.surface, radius: 4 });
}

/** Pieces of the ring that are lit. */
export function lit(secondsLeft: number, seconds: number): number {
  return Math.max(0, Math.min(ringSegments, Math.ceil((ringSegments * secondsLeft) / Math.max(1, seconds))));
}

/** A ring that runs down, with the seconds in it. */
export function countdown(sheet: Sheet, x: number, y: number, secondsLeft: number, seconds: number, color: number): void {
  const full = lit(secondsLeft, seconds);
  if (sheet.begin(parts.ring, full)) for (let i = 0; i < ringSegments; i++) sheet.iconNumber(ringIcon(i), x, y, 178, i < full ? color : colors.track);
  if (sheet.begin(parts.seconds, secondsLeft)) sheet.number(secondsLeft, "huge-bold", { x, width: 178, align: "center", y: y + 109 });
}

export function slipScreen(sheet: Sheet, view: Extract<View, { screen: "slip" }>, marks: readonly Mark[], pack: ElectionPackage, page: number): void {
  const column = { x: 532, width: 476, align: "center" as const };
  if (sheet.begin(frameParts.frame)) sheet.ground();
  if (sheet.begin(frameParts.title, view.mayReject)) {
    sheet.text("slip.title", "large-bold", { ...column, y: 116 });
    sheet.paragraph(view.mayReject ? "slip.text" : "slip.last", "body", { ...column, y: 164 }, 40);
  }
  paper(sheet, marks, pack, page);
  countdown(sheet, 681, 336, view.secondsLeft, pack.election.policy.slip_s, colors.confirm);
  if (view.mayReject && sheet.begin(parts.act)) sheet.button("reject", 640, 526, 260, 62, "slip.reject", { do: "reject" }, { look: "destroy" });
}

/** What is on the slip, in smaller columns than on the paper, which has one choice a line. */
function paper(sheet: Sheet, marks: readonly Mark[], pack: ElectionPackage, wanted: number): void {
  if (!sheet.begin(parts.paper, marks, wanted)) return;
  const { set, language } = sheet;
  sheet.box(16, 20, 504, 580, { fill: colors.surface, border: 2, borderColor: colors.line, radius: 0 });
  sheet.box(18, 598, 500, 2, { fill: colors.surface, radius: 0 });
  sheet.run(set.line("paper.title", "body-bold", language), { x: 16, width: 504, align: "center", y: 58 });
  sheet.run(set.line("paper.station", "caption", language, pack.election.station), { x: 16, width: 504, align: "center", y: 90, color: colors.inkSoft });
  for (let i = 0; i < 37; i++) sheet.box(28 + 13 * i, 106, 8, 2, { fill: colors.ink, radius: 0 });
  const lines = markLines(sheet, pack, marks, 480, 18);
  const linesPerPage = lines.length > slipLines ? slipLinesPaged : slipLines;
  const pages = Math.ceil(lines.length / linesPerPage);
  const page = Math.min(wanted, pages - 1);
  // fewer lines stand wider apart
  drawLines(sheet, lines, page * linesPerPage, (page + 1) * linesPerPage, 28, 138, lines.length > 11 ? 28 : 40);
  localPages(sheet, 108, 526, page, pages);
}

function castPicture(sheet: Sheet): void {
  sheet.box(432, 100, 160, 160, { fill: colors.confirm, radius: 80 });
  sheet.icon("check-large", 467, 135, 90, colors.surface);
}

export function finishingScreen(sheet: Sheet): void {
  if (!sheet.begin(frameParts.frame)) return;
  sheet.ground(colors.surface);
  castPicture(sheet);
  sheet.text("finishing.title", "large-bold", { ...center, y: 340 });
  sheet.text("finishing.text", "body", { ...center, y: 408 });
}

export function doneScreen(sheet: Sheet): void {
  if (!sheet.begin(frameParts.frame)) return;
  sheet.ground(colors.surface);
  castPicture(sheet);
  sheet.text("done.title", "large-bold", { ...center, y: 340 });
  sheet.text("done.text", "body", { ...center, y: 408 });
  sheet.text("done.other", "body", { ...center, y: 476, color: colors.inkSoft });
}
