// Screens without a ballot: starting, idle, messages, waiting for a card or for a person.

import { colors } from "../render/colors.js";
import type { ElectionPackage } from "../../firmware/election/types.js";
import type { View } from "../../firmware/session/view.js";
import { type Sheet, screenWidth } from "../sheet.js";
import { buttonHeight, footer, footerButtonTop, languageButton } from "./frame.js";
import { countdown } from "./casting.js";

const center = { x: 0, width: screenWidth, align: "center" as const };

export function startingScreen(sheet: Sheet): void {
  sheet.ground();
  sheet.text("title", "starting.title", "large-bold", { ...center, y: 290 });
  sheet.text("text", "starting.text", "body", { ...center, y: 352 });
}

/** A card over the marked spot. */
export function cardPicture(sheet: Sheet, y: number): void {
  sheet.box("reader", 382, y + 106, 260, 66, { fill: colors.selected });
  sheet.box("reader.spot", 432, y + 132, 160, 10, { fill: colors.surface, radius: 5 });
  const layers = [
    ["card-fill", colors.surface], ["card-text", colors.ink], ["card-chip", colors.chip], ["card-chip-line", colors.ink], ["card-line", colors.ink],
  ] as const;
  for (const [name, color] of layers) sheet.icon(`card.${name}`, name, 430, y, 164, color);
  sheet.icon("card.arrow", "card-arrow", 497, y + 100, 30, colors.focus);
}

export function idleScreen(sheet: Sheet, view: Extract<View, { screen: "idle" }>, pack: ElectionPackage | undefined): void {
  sheet.ground();
  const open = view.poll === "open";
  if (open) cardPicture(sheet, 88);
  if (pack !== undefined) sheet.packed("election", pack.election.title, "body", { x: 28, width: 690, y: 53 });
  const shift = open ? 0 : -40;
  sheet.text("title", open ? "idle.title" : "idle.closed", "large-bold", { ...center, y: 336 + shift });
  sheet.text("other", open ? "idle.other" : "idle.closed-other", "body", { ...center, y: 400 + shift, color: colors.inkSoft });
  if (view.warning !== undefined) {
    const run = sheet.set.line(`message.${view.warning}.title`, "large-bold", sheet.language);
    const width = run.width + 116;
    const x = Math.floor((screenWidth - width) / 2);
    sheet.box("warning", x, 428, width, 66, { fill: colors.warn, border: 2, borderColor: colors.warnLine });
    sheet.icon("warning.icon", "notice-small", x + 22, 445, 32, colors.warnLine);
    sheet.run("warning.text", run, { x: x + 70, width: run.width, y: 473 });
  }
  footer(sheet, colors.ground);
  const baseline = footerButtonTop + 42;
  sheet.box("poll.dot", 28, footerButtonTop + 24, 18, 18, { fill: open ? colors.confirm : colors.destroy, radius: 9 });
  sheet.text("poll", `poll.${view.poll}`, "caption", { x: 56, width: 340, y: baseline });
  if (pack !== undefined) sheet.text("station", "idle.station", "caption", { ...center, y: baseline }, [pack.election.station]);
  const radio = sheet.set.line("idle.radio-off", "caption", sheet.language);
  sheet.run("radio", radio, { x: 996 - 66 - 20 - 30 - radio.width, width: radio.width, y: baseline });
  sheet.icon("radio.icon", "radio-off", 996 - 66 - 20 - 20, footerButtonTop + 23, 20, colors.ink);
  languageButton(sheet, 930, footerButtonTop, colors.ground);
}

export function messageScreen(sheet: Sheet, view: Extract<View, { screen: "message" }>, tone: "notice" | "fault" | "good"): void {
  sheet.ground();
  if (tone === "fault") {
    sheet.icon("picture.fill", "warning-fill", 450, 52, 124, colors.warn);
    sheet.icon("picture.line", "warning-line", 450, 52, 124, colors.warnLine);
  } else {
    sheet.icon("picture.fill", "notice-fill", 452, 52, 120, colors.selectedTint);
    sheet.icon("picture.line", "notice-line", 452, 52, 120, colors.selected);
  }
  const below = sheet.paragraph("title", `message.${view.code}.title`, "large-bold", { ...center, y: 226 }, 48);
  const after = sheet.paragraph("text", `message.${view.code}.text`, "body", { ...center, y: below + 18 }, 46);
  sheet.text("note", `message.${view.code}.note`, "caption", { ...center, y: after + 8, color: colors.inkSoft });
  footer(sheet);
  languageButton(sheet, 938, footerButtonTop);
  if (view.awaits === "nothing") return;
  const key = `awaits.${view.awaits}` as const;
  const run = sheet.set.line(key, "body-bold", sheet.language);
  const width = Math.max(220, run.width + 60);
  const x = Math.floor((screenWidth - width) / 2);
  if (view.awaits === "key") sheet.button("key", x, footerButtonTop, width, buttonHeight, key, { do: "here" }, { look: "confirm", behind: colors.surface });
  else {
    // not a button: it says whose turn it is
    sheet.box("awaits", x, footerButtonTop, width, buttonHeight, { fill: colors.selectedTint, border: 2, borderColor: colors.selected });
    sheet.run("awaits.text", run, { x, width, align: "center", y: footerButtonTop + 44, color: colors.selected });
  }
}

export function inactiveScreen(sheet: Sheet, secondsLeft: number, seconds: number): void {
  sheet.ground();
  sheet.text("title", "inactive.title", "large-bold", { ...center, y: 104 });
  sheet.paragraph("text", "inactive.text", "body", { ...center, y: 162 }, 46);
  countdown(sheet, 423, 238, secondsLeft, seconds, colors.focus);
  sheet.button("here", 332, 450, 360, 92, "inactive.go-on", { do: "here" }, { look: "confirm", face: "large-bold" });
}

export function parkedScreen(sheet: Sheet, secondsLeft: number, seconds: number): void {
  sheet.ground();
  cardPicture(sheet, 40);
  sheet.text("title", "parked.title", "large-bold", { ...center, y: 276 });
  sheet.paragraph("text", "parked.text", "body", { ...center, y: 330 }, 44);
  countdown(sheet, 423, 404, secondsLeft, seconds, colors.focus);
}
