// From the first press of green to the end: not yet cast, printing, the slip, cast.

import type { ElectionPackage, Mark } from "../../firmware/election/types.js";
import type { View } from "../../firmware/session/view.js";
import { colors } from "../render/colors.js";
import { ringIcon, ringSegments } from "../render/icons.js";
import { type Sheet, screenWidth } from "../sheet.js";
import { backButton, footer, footerButtonTop, languageButton } from "./frame.js";
import { drawLines, markLines } from "./marks.js";

const center = { x: 0, width: screenWidth, align: "center" as const };

export function confirmScreen(sheet: Sheet, marks: readonly Mark[], pack: ElectionPackage): void {
  sheet.ground();
  sheet.text("title", "confirm.title", "large-bold", { x: 28, width: 650, y: 58 });
  sheet.text("text", "confirm.text", "body", { x: 28, width: 968, y: 106 });
  const lines = markLines(sheet, pack, marks, 936);
  sheet.box("marks.box", 20, 126, 984, 278, { fill: colors.surface, border: 2, borderColor: colors.line });
  // room for nine lines; fewer stand wider apart
  const pitch = lines.length > 5 ? 29 : 48;
  drawLines(sheet, "marks", lines, 44, lines.length > 5 ? 158 : 168, pitch, lines.length > 5 ? 9 : 5);
  sheet.button("cast", 302, 417, 420, 79, "confirm.cast", { do: "confirm" }, { look: "confirm", face: "large-bold" });
  footer(sheet);
  backButton(sheet, 330, "confirm.back");
  languageButton(sheet, 938, footerButtonTop);
}

export function printingScreen(sheet: Sheet): void {
  sheet.ground();
  paperPicture(sheet, 112);
  sheet.text("title", "printing.title", "large-bold", { ...center, y: 330 });
  sheet.paragraph("text", "printing.text", "body", { ...center, y: 392 }, 48);
}

function paperPicture(sheet: Sheet, y: number): void {
  sheet.icon("paper.fill", "paper-fill", 464, y + 40, 96, colors.surface);
  sheet.icon("paper.line", "paper-line", 464, y + 40, 96, colors.ink);
  sheet.box("printer", 412, y, 200, 56, { fill: colors.selected });
  sheet.box("printer.mouth", 448, y + 36, 128, 8, { fill: colors.surface, radius: 4 });
}

/** Pieces of the ring that are lit. */
export function lit(secondsLeft: number, seconds: number): number {
  return Math.max(0, Math.min(ringSegments, Math.ceil((ringSegments * secondsLeft) / Math.max(1, seconds))));
}

/** A ring that runs down, with the seconds in it. */
export function countdown(sheet: Sheet, x: number, y: number, secondsLeft: number, seconds: number, color: number): void {
  const full = lit(secondsLeft, seconds);
  for (let i = 0; i < ringSegments; i++) sheet.iconNumber(`ring.${i}`, ringIcon(i), x, y, 178, i < full ? color : colors.track);
  sheet.number("ring.seconds", secondsLeft, "huge-bold", { x, width: 178, align: "center", y: y + 109 });
}

export function slipScreen(sheet: Sheet, view: Extract<View, { screen: "slip" }>, pack: ElectionPackage): void {
  sheet.ground();
  paper(sheet, view.marks, pack);
  const column = { x: 522, width: 482, align: "center" as const };
  sheet.text("title", "slip.title", "large-bold", { ...column, y: 122 });
  sheet.paragraph("text", view.mayReject ? "slip.text" : "slip.last", "body", { ...column, y: 176 }, 44);
  countdown(sheet, 674, 336, view.secondsLeft, pack.election.policy.slip_s, colors.confirm);
  if (view.mayReject) sheet.button("reject", 633, 526, 260, 62, "slip.reject", { do: "reject" }, { look: "destroy" });
}

/** The slip as the window shows it, as far as it fits; the paper itself has everything. */
function paper(sheet: Sheet, marks: readonly Mark[], pack: ElectionPackage): void {
  const { set, language } = sheet;
  sheet.box("slip", 28, 28, 480, 572, { fill: colors.surface, border: 2, borderColor: colors.line, radius: 0 });
  sheet.box("slip.end", 30, 598, 476, 2, { fill: colors.surface, radius: 0 });
  sheet.run("slip.title", set.line("paper.title", "body-bold", language), { x: 28, width: 480, align: "center", y: 72 });
  sheet.run("slip.station", set.line("paper.station", "caption", language, [pack.election.station]), { x: 28, width: 480, align: "center", y: 106, color: colors.inkSoft });
  for (let i = 0; i < 34; i++) sheet.box(`slip.dash.${i}`, 48 + 13 * i, 124, 8, 2, { fill: colors.ink, radius: 0 });
  drawLines(sheet, "slip.mark", markLines(sheet, pack, marks, 436), 50, 158, 31, 14);
}

function castPicture(sheet: Sheet): void {
  sheet.box("disc", 432, 100, 160, 160, { fill: colors.confirm, radius: 80 });
  sheet.icon("disc.check", "check-large", 467, 135, 90, colors.surface);
}

export function finishingScreen(sheet: Sheet): void {
  sheet.ground(colors.surface);
  castPicture(sheet);
  sheet.text("title", "finishing.title", "large-bold", { ...center, y: 340 });
  sheet.text("text", "finishing.text", "body", { ...center, y: 408 });
}

export function doneScreen(sheet: Sheet): void {
  sheet.ground(colors.surface);
  castPicture(sheet);
  sheet.text("title", "done.title", "large-bold", { ...center, y: 340 });
  sheet.text("text", "done.text", "body", { ...center, y: 408 });
  sheet.text("other", "done.other", "body", { ...center, y: 476, color: colors.inkSoft });
}
