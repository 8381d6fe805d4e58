// Screens without a ballot: starting, idle, messages, waiting for a card or for a person.

import { colors } from "../render/colors.js";
import type { ElectionPackage } from "../../firmware/election/types.js";
import type { MessageCode } from "../../firmware/messages.js";
import type { View } from "../../firmware/session/view.js";
import { type Sheet, screenWidth } from "../sheet.js";
import { buttonHeight, footer, footerButtonTop, frameParts, languageButton } from "./frame.js";
import { countdown } from "./casting.js";

const center = { x: 0, width: screenWidth, align: "center" as const };

export function startingScreen(sheet: Sheet): void {
  if (!sheet.begin(frameParts.frame)) return;
  sheet.ground();
  sheet.text("starting.title", "large-bold", { ...center, y: 290 });
  sheet.text("starting.text", "body", { ...center, y: 352 });
}

/** A card is being read: a moment at which nothing is to be done but to leave it where it is. */
export function readingScreen(sheet: Sheet): void {
  if (!sheet.begin(frameParts.frame)) return;
  sheet.ground();
  cardPicture(sheet, 104);
  sheet.text("reading.title", "large-bold", { ...center, y: 364 });
  sheet.text("reading.text", "body", { ...center, y: 424, color: colors.inkSoft });
}

/** A card over the marked spot. */
export function cardPicture(sheet: Sheet, y: number): void {
  sheet.box(382, y + 106, 260, 66, { fill: colors.selected });
  sheet.box(432, y + 132, 160, 10, { fill: colors.surface, radius: 5 });
  const layers = [
    ["card-fill", colors.surface], ["card-text", colors.ink], ["card-chip", colors.chip], ["card-chip-line", colors.ink], ["card-line", colors.ink],
  ] as const;
  for (const [name, color] of layers) sheet.icon(name, 430, y, 164, color);
  sheet.icon("card-arrow", 497, y + 100, 30, colors.focus);
}

export function idleScreen(sheet: Sheet, view: Extract<View, { screen: "idle" }>, pack: ElectionPackage | undefined): void {
  if (sheet.begin(frameParts.frame)) {
    sheet.ground();
    footer(sheet, colors.ground);
    if (pack !== undefined) sheet.packed(pack.election.title, "body", { x: 28, width: 690, y: 53 });
  }
  if (sheet.begin(frameParts.title, view.poll, view.warning)) invitation(sheet, view, pack);
  languageButton(sheet, 930, footerButtonTop, colors.ground);
}

function invitation(sheet: Sheet, view: Extract<View, { screen: "idle" }>, pack: ElectionPackage | undefined): void {
  const open = view.poll === "open";
  if (open) cardPicture(sheet, 88);
  const shift = open ? 0 : -40;
  sheet.text(open ? "idle.title" : "idle.closed", "large-bold", { ...center, y: 336 + shift });
  sheet.text(open ? "idle.other" : "idle.closed-other", "body", { ...center, y: 400 + shift, color: colors.inkSoft });
  if (view.warning !== undefined) {
    const run = sheet.set.line(`message.${view.warning}.title`, "large-bold", sheet.language);
    const width = run.width + 116;
    const x = Math.floor((screenWidth - width) / 2);
    sheet.box(x, 428, width, 66, { fill: colors.warn, border: 2, borderColor: colors.warnLine });
    sheet.icon("notice-small", x + 22, 445, 32, colors.warnLine);
    sheet.run(run, { x: x + 70, width: run.width, y: 473 });
  }
  const baseline = footerButtonTop + 42;
  sheet.box(28, footerButtonTop + 24, 18, 18, { fill: open ? colors.confirm : colors.destroy, radius: 9 });
  sheet.text(`poll.${view.poll}`, "caption", { x: 56, width: 340, y: baseline });
  if (pack !== undefined) sheet.text("idle.station", "caption", { ...center, y: baseline }, pack.election.station);
  const radio = sheet.set.line("idle.radio-off", "caption", sheet.language);
  sheet.run(radio, { x: 996 - 66 - 20 - 30 - radio.width, width: radio.width, y: baseline });
  sheet.icon("radio-off", 996 - 66 - 20 - 20, footerButtonTop + 23, 20, colors.ink);
}

export function messageScreen(sheet: Sheet, view: Extract<View, { screen: "message" }>, tone: "notice" | "fault" | "good"): void {
  if (sheet.begin(frameParts.frame)) {
    sheet.ground();
    footer(sheet);
  }
  if (sheet.begin(frameParts.title, view.code)) explanation(sheet, view.code, tone);
  if (sheet.begin(frameParts.forward, view.awaits)) awaited(sheet, view.awaits);
  languageButton(sheet, 938, footerButtonTop);
}

function explanation(sheet: Sheet, code: MessageCode, tone: "notice" | "fault" | "good"): void {
  if (tone === "fault") {
    sheet.icon("warning-fill", 450, 52, 124, colors.warn);
    sheet.icon("warning-line", 450, 52, 124, colors.warnLine);
  } else {
    sheet.icon("notice-fill", 452, 52, 120, colors.selectedTint);
    sheet.icon("notice-line", 452, 52, 120, colors.selected);
  }
  const below = sheet.paragraph(`message.${code}.title`, "large-bold", { ...center, y: 226 }, 48);
  const after = sheet.paragraph(`message.${code}.text`, "body", { ...center, y: below + 18 }, 46);
  sheet.text(`message.${code}.note`, "caption", { ...center, y: after + 8, color: colors.inkSoft });
}

function awaited(sheet: Sheet, awaits: Extract<View, { screen: "message" }>["awaits"]): void {
  if (awaits === "nothing") return;
  const key = `awaits.${awaits}` as const;
  const run = sheet.set.line(key, "body-bold", sheet.language);
  const width = Math.max(220, run.width + 60);
  const x = Math.floor((screenWidth - width) / 2);
  if (awaits === "key") sheet.button("key", x, footerButtonTop, width, buttonHeight, key, { do: "here" }, { look: "confirm", behind: colors.surface });
  else {
    // not a button: it says whose turn it is
    sheet.box(x, footerButtonTop, width, buttonHeight, { fill: colors.selectedTint, border: 2, borderColor: colors.selected });
    sheet.run(run, { x, width, align: "center", y: footerButtonTop + 44, color: colors.selected });
  }
}

export function inactiveScreen(sheet: Sheet, secondsLeft: number, seconds: number): void {
  if (sheet.begin(frameParts.frame)) {
    sheet.ground();
    sheet.text("inactive.title", "large-bold", { ...center, y: 104 });
    sheet.paragraph("inactive.text", "body", { ...center, y: 162 }, 46);
  }
  countdown(sheet, 423, 238, secondsLeft, seconds, colors.focus);
  if (sheet.begin(frameParts.forward)) sheet.button("here", 332, 450, 360, 92, "inactive.go-on", { do: "here" }, { look: "confirm", face: "large-bold" });
}

export function parkedScreen(sheet: Sheet, secondsLeft: number, seconds: number): void {
  if (sheet.begin(frameParts.frame)) {
    sheet.ground();
    cardPicture(sheet, 40);
    sheet.text("parked.title", "large-bold", { ...center, y: 276 });
    sheet.paragraph("parked.text", "body", { ...center, y: 330 }, 44);
  }
  countdown(sheet, 423, 404, secondsLeft, seconds, colors.focus);
}
