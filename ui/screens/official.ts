// The officials' screens: the same parts, denser.

import { colors } from "../render/colors.js";
import type { ElectionPackage } from "../../firmware/election/types.js";
import type { MessageCode } from "../../firmware/messages.js";
import type { OfficialAct, StationStatus, View } from "../../firmware/session/view.js";
import { type Sheet, screenWidth } from "../sheet.js";
import type { TextKey } from "../strings.js";
import { backButton, buttonHeight, corner, footer, footerButtonTop, forwardButton, frameParts, header, languageButton, titles } from "./frame.js";
import { keypad } from "./keypad.js";
import { cardPicture } from "./resting.js";

const center = { x: 0, width: screenWidth, align: "center" as const };
const parts = { typed: 16, problem: 17, tiles: 18, acts: 24 } as const;
/** Digits of a PIN that are shown as dots; more are not accepted by a card. */
const pinDots = 8;

export function pinScreen(sheet: Sheet, view: Extract<View, { screen: "official-pin" }>): void {
  const { set, language } = sheet;
  if (sheet.begin(frameParts.frame)) {
    sheet.ground();
    header(sheet);
    footer(sheet);
    corner(sheet, set.line("official.badge", "body-bold", language));
  }
  if (sheet.begin(frameParts.title, view.role)) titles(sheet, set.line(`official.pin-${view.role}`, "body-bold", language), []);
  if (sheet.begin(parts.typed, view.typed)) typed(sheet, view.typed);
  if (view.problem !== undefined && sheet.begin(parts.problem, view.problem)) problem(sheet, view.problem);
  keypad(sheet, { white: "none" });
  backButton(sheet, 186);
  languageButton(sheet, 716, footerButtonTop);
  forwardButton(sheet, 210, "official.pin-enter", { do: "confirm" });
}

function typed(sheet: Sheet, count: number): void {
  sheet.box(28, 104, 520, 150, { fill: colors.surface, border: 4, borderColor: colors.selected });
  for (let i = 0; i < Math.min(count, pinDots); i++) {
    const x = sheet.rtl ? 548 - 62 - i * 56 - 18 : 28 + 62 + i * 56;
    sheet.box(x, 170, 18, 18, { fill: colors.ink, radius: 9 });
  }
  if (count === 0) sheet.text("official.pin-text", "caption", { x: 28, width: 520, align: "center", y: 186, color: colors.inkSoft });
}

function problem(sheet: Sheet, code: MessageCode): void {
  sheet.box(28, 270, 520, 114, { fill: colors.warn, border: 2, borderColor: colors.warnLine });
  sheet.icon("notice-small", 48, 300, 32, colors.warnLine);
  sheet.paragraph(`message.${code}.title`, "large-bold", { x: 96, width: 440, y: 330 }, 44);
  sheet.text(`message.${code}.note`, "caption", { x: 96, width: 440, y: 366, color: colors.inkSoft });
}

const destroying: readonly OfficialAct[] = ["close"];

export function menuScreen(sheet: Sheet, view: Extract<View, { screen: "official-menu" }>, pack: ElectionPackage | undefined): void {
  const { set, language } = sheet;
  if (sheet.begin(frameParts.frame)) {
    sheet.ground();
    header(sheet);
    footer(sheet);
    corner(sheet, set.line("official.badge", "body-bold", language));
  }
  if (sheet.begin(frameParts.title, view.role, view.poll)) {
    const title = pack === undefined ? set.line(`official.title-${view.role}`, "body-bold", language) : set.line("idle.station", "body-bold", language, pack.election.station);
    titles(sheet, title, [set.line(`poll.${view.poll}`, "caption", language)]);
  }
  const acts = view.acts.filter((act) => act !== "log-out");
  // two rows of acts take their room from the tiles
  const tileHeight = acts.length > 3 ? 100 : 124;
  tiles(sheet, view.status, `status.${view.poll}`, tileHeight);
  if (sheet.begin(parts.acts, acts.join(" "))) actButtons(sheet, acts, 98 + 2 * (tileHeight + 12) + 4);
  backButton(sheet, 186);
  languageButton(sheet, 716, footerButtonTop);
  if (view.acts.includes("log-out") && sheet.begin(frameParts.forward))
    sheet.button("log-out", 794, footerButtonTop, 210, buttonHeight, "act.log-out", { do: "official", act: "log-out" }, { look: "confirm", arrow: "forward", behind: colors.surface });
}

function actButtons(sheet: Sheet, acts: readonly OfficialAct[], top: number): void {
  acts.forEach((act, i) => {
    const x = 20 + 332 * (i % 3);
    const y = top + 78 * Math.floor(i / 3);
    sheet.button(`act.${act}`, x, y, 320, buttonHeight, `act.${act}`, { do: "official", act }, { look: destroying.includes(act) ? "destroy" : act === "open" || act === "resume" ? "confirm" : "plain" });
  });
}

function tiles(sheet: Sheet, status: StationStatus, poll: TextKey, height: number): void {
  tile(sheet, 0, height, "status.ballots", undefined, status.ballots, status.capacity);
  tile(sheet, 1, height, "status.paper", `paper.${status.paper}`);
  tile(sheet, 2, height, "status.power", `power.${status.power}`);
  tile(sheet, 3, height, "status.media", `media.${status.media}`);
  tile(sheet, 4, height, "status.sync", `sync.${status.sync}`);
  tile(sheet, 5, height, "status.polls", poll);
}

function tile(sheet: Sheet, place: number, height: number, label: TextKey, value: TextKey | undefined, count = 0, capacity = 0): void {
  if (!sheet.begin(parts.tiles + place, height, value, count, capacity)) return;
  const x = 20 + 332 * (place % 3);
  const y = 98 + (height + 12) * Math.floor(place / 3);
  sheet.box(x, y, 320, height, { fill: colors.surface, border: 2, borderColor: colors.line });
  const inside = { x: x + 24, width: 272 };
  sheet.text(label, "caption", { ...inside, y: y + Math.floor(height / 2) - 22, color: colors.inkSoft });
  const baseline = y + Math.floor(height / 2) + 30;
  if (value !== undefined) sheet.text(value, "large-bold", { ...inside, y: baseline });
  else {
    sheet.number(count, "large-bold", { ...inside, y: baseline });
    sheet.text("status.capacity", "caption", { ...inside, align: "end", y: baseline - 2, color: colors.inkSoft }, capacity);
  }
}

export function secondScreen(sheet: Sheet, view: Extract<View, { screen: "official-second" }>): void {
  if (sheet.begin(frameParts.frame)) {
    sheet.ground();
    footer(sheet);
    cardPicture(sheet, 96);
    sheet.text("official.second-text", "body", { ...center, y: 456 });
  }
  if (sheet.begin(frameParts.title, view.waitsFor, view.act)) {
    sheet.text(`official.wait-${view.waitsFor}`, "large-bold", { ...center, y: 340 });
    sheet.text(`act.${view.act}`, "body-bold", { ...center, y: 404, color: view.act === "close" ? colors.destroy : colors.ink });
  }
  backButton(sheet, 186);
  languageButton(sheet, 938, footerButtonTop);
}

export function progressScreen(sheet: Sheet, act: OfficialAct): void {
  if (sheet.begin(frameParts.frame)) sheet.ground();
  if (!sheet.begin(frameParts.title, act)) return;
  sheet.text(`act.${act}`, "large-bold", { ...center, y: 290 });
  sheet.text("progress.text", "body", { ...center, y: 352 });
}

export function resultScreen(sheet: Sheet, view: Extract<View, { screen: "official-result" }>): void {
  const { set, language } = sheet;
  if (sheet.begin(frameParts.frame)) {
    sheet.ground();
    header(sheet);
    footer(sheet);
    corner(sheet, set.line("official.badge", "body-bold", language));
    sheet.box(432, 118, 160, 160, { fill: colors.confirm, radius: 80 });
    sheet.icon("check-large", 467, 153, 90, colors.surface);
    sheet.text("result.text", "body", { ...center, y: 330 });
  }
  if (sheet.begin(frameParts.title, view.act)) titles(sheet, set.line(`act.${view.act}`, "body-bold", language), []);
  if (sheet.begin(parts.tiles, view.status.ballots, view.status.capacity)) {
    const inside = { x: 376, width: 272 };
    sheet.box(352, 364, 320, 124, { fill: colors.surface, border: 2, borderColor: colors.line });
    sheet.text("status.ballots", "caption", { ...inside, y: 404, color: colors.inkSoft });
    sheet.number(view.status.ballots, "large-bold", { ...inside, y: 456 });
    sheet.text("status.capacity", "caption", { ...inside, align: "end", y: 454, color: colors.inkSoft }, view.status.capacity);
  }
  languageButton(sheet, 716, footerButtonTop);
  forwardButton(sheet, 210, "awaits.key", { do: "next" });
}
