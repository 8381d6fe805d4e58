// The identity desk's screens, of the parts that the terminal's are made of.

import type { DeskView } from "../../firmware/checkin/view.js";
import type { Settings } from "../../firmware/settings.js";
import { type Act, screenWidth, targetGap } from "../place.js";
import type { Sheet } from "../sheet.js";
import type { TextKey } from "../text/key.js";
import { cardBlock } from "../screens/card.js";
import { entry, pinDots, problemBox } from "../screens/entry.js";
import {
  type Bar,
  type BarButton,
  type Block,
  type Scale,
  backButton,
  barTop,
  corner,
  fitted,
  codeBlock,
  footer,
  forwardButton,
  frameParts,
  gapBlock,
  header,
  headerHeight,
  headline,
  labelled,
  layBar,
  margin,
  stack,
  statement,
  textBlock,
  titles,
} from "../screens/frame.js";
import { keypad } from "../screens/keypad.js";

const parts = { typed: 16, problem: 17, tiles: 18 } as const;
const columnWidth = Math.floor((screenWidth - 2 * margin - 2 * targetGap) / 3);

/** Back, Persian or English, and what comes next. */
function bar(sheet: Sheet, settings: Settings, forward: BarButton | undefined, back: boolean): Bar {
  const other: Settings = { ...settings, language: settings.language === "fa" ? "en" : "fa" };
  const language = labelled(sheet, "language", "desk.other-language", { do: "settings", settings: other });
  return { back: back ? backButton(sheet) : undefined, others: [language], forward };
}

function frameOf(sheet: Sheet, foot: number, isOfficials = false): void {
  if (!sheet.begin(frameParts.frame, foot)) return;
  sheet.ground();
  header(sheet);
  footer(sheet, foot);
  if (isOfficials) corner(sheet, sheet.line("official.badge", "frame-bold"));
}

export function startingScreen(sheet: Sheet): void {
  if (!sheet.begin(frameParts.frame)) return;
  sheet.ground();
  statement(sheet, ({ title, body }) => [
    textBlock(sheet, sheet.lines("starting.title", title), title),
    gapBlock(12),
    textBlock(sheet, sheet.lines("starting.text", body), body),
  ]);
}

export function numberScreen(sheet: Sheet, view: Extract<DeskView, { screen: "number" }>, settings: Settings): void {
  const foot0 = bar(sheet, settings, forwardButton(sheet, "desk.look-up", confirm), false);
  const foot = barTop(sheet, foot0);
  frameOf(sheet, foot);
  if (sheet.begin(frameParts.title, view.station))
    titles(sheet, sheet.lines("desk.title", "frame-bold", view.station), []);
  const top = headerHeight(sheet) + 16;
  if (sheet.begin(parts.typed, view.digits)) typedNumber(sheet, view.digits, top);
  if (view.problem !== undefined && sheet.begin(parts.problem, view.problem))
    problemBox(sheet, sheet.lines(`desk.problem-${view.problem}`, "mark"), "mark", [], top + 134, foot - 14);
  keypad(sheet, top, foot - 14, { white: "none" });
  layBar(sheet, foot0);
}

function typedNumber(sheet: Sheet, digits: string, top: number): void {
  const { colors } = sheet;
  const height = 120;
  sheet.box(entry.x, top, entry.width, height, { fill: colors.surface, border: 4, borderColor: colors.selected });
  const middle = (capital: number): number => top + ((height + capital) >> 1);
  if (digits === "")
    sheet.text("desk.number", "frame", {
      ...entry,
      align: "center",
      y: middle(sheet.face("frame").capital),
      color: colors.inkSoft,
    });
  else sheet.run(sheet.digits(digits, "key"), { ...entry, align: "center", y: middle(sheet.face("key").capital) });
}

/** A statement with a foot, in a frame without a header. */
function stated(
  sheet: Sheet,
  settings: Settings,
  forward: BarButton | undefined,
  back: boolean,
  shows: string | number,
  make: (scale: Scale) => readonly Block[],
): void {
  const foot0 = bar(sheet, settings, forward, back);
  const foot = barTop(sheet, foot0);
  if (sheet.begin(frameParts.frame, foot)) {
    sheet.ground();
    footer(sheet, foot);
  }
  // the mark of a test election stands at the top
  const [top, bottom] = [headerHeight(sheet), foot - 8];
  if (sheet.begin(frameParts.statement, shows)) stack(fitted(make, top, bottom), top, bottom);
  layBar(sheet, foot0);
}

/** Title and text. */
function said(sheet: Sheet, title: TextKey, text: TextKey): (scale: Scale) => readonly Block[] {
  return (scale) => [
    textBlock(sheet, sheet.lines(title, scale.title), scale.title),
    gapBlock(8),
    textBlock(sheet, sheet.lines(text, scale.body), scale.body),
  ];
}

export function foundScreen(sheet: Sheet, view: Extract<DeskView, { screen: "found" }>, settings: Settings): void {
  stated(
    sheet,
    settings,
    forwardButton(sheet, "desk.give", confirm),
    true,
    `${view.digits} ${view.area} ${view.open}`,
    (scale) => [
      textBlock(sheet, [sheet.digits(view.digits, "key")], "key"),
      gapBlock(16),
      textBlock(sheet, sheet.lines("desk.found", scale.title, view.area), scale.title),
      gapBlock(8),
      textBlock(sheet, sheet.lines("desk.found-text", scale.body), scale.body),
      ...(view.open
        ? [
            gapBlock(8),
            textBlock(sheet, sheet.lines("desk.found-open", scale.body), scale.body, { color: sheet.colors.destroy }),
          ]
        : []),
    ],
  );
}

export function cardScreen(sheet: Sheet, view: Extract<DeskView, { screen: "card" }>, settings: Settings): void {
  const make = said(sheet, view.open ? "desk.card-same" : "desk.card", "desk.card-text");
  stated(sheet, settings, undefined, true, String(view.open), (scale) => [
    cardBlock(sheet),
    gapBlock(20),
    ...make(scale),
  ]);
}

export function closedScreen(sheet: Sheet, view: Extract<DeskView, { screen: "closed" }>, settings: Settings): void {
  const make = said(sheet, "desk.closed", "desk.closed-text");
  stated(sheet, settings, undefined, false, view.poll, (scale) => [
    ...make(scale),
    gapBlock(16),
    textBlock(sheet, sheet.lines("desk.title", "frame-bold", view.station), "frame-bold"),
    gapBlock(4),
    textBlock(sheet, sheet.lines(`poll.${view.poll}`, "frame"), "frame", { color: sheet.colors.inkSoft }),
  ]);
}

export function workingScreen(sheet: Sheet): void {
  if (!sheet.begin(frameParts.frame)) return;
  sheet.ground();
  statement(sheet, (scale) => [
    cardBlock(sheet),
    gapBlock(20),
    ...said(sheet, "desk.working", "desk.working-text")(scale),
  ]);
}

export function grantedScreen(sheet: Sheet, settings: Settings): void {
  stated(sheet, settings, undefined, false, "", (scale) => [
    {
      height: 90,
      optional: true,
      draw: (y) => sheet.icon("check-large", (screenWidth - 90) >> 1, y, 90, sheet.colors.confirm),
    },
    gapBlock(14),
    ...said(sheet, "desk.granted", "desk.granted-text")(scale),
  ]);
}

export function unusedScreen(sheet: Sheet, settings: Settings): void {
  stated(
    sheet,
    settings,
    forwardButton(sheet, "desk.take-back", confirm),
    false,
    "",
    said(sheet, "desk.unused", "desk.unused-text"),
  );
}

export function messageScreen(sheet: Sheet, view: Extract<DeskView, { screen: "message" }>, settings: Settings): void {
  const { code, awaits, codes = [] } = view;
  const isNotice = awaits !== "nothing";
  stated(
    sheet,
    settings,
    awaits === "key" ? forwardButton(sheet, "awaits.key", confirm) : undefined,
    awaits === "official",
    `${code} ${awaits}`,
    (scale) => [
      {
        height: 124,
        optional: true,
        draw: (y) => {
          const { colors } = sheet;
          sheet.icon(isNotice ? "notice-fill" : "warning-fill", 451, y, 122, isNotice ? colors.tint : colors.warn);
          sheet.icon(
            isNotice ? "notice-line" : "warning-line",
            451,
            y,
            122,
            isNotice ? colors.onTint : colors.warnLine,
          );
        },
      },
      gapBlock(14),
      textBlock(sheet, sheet.lines(`message.${code}.title`, scale.title), scale.title),
      gapBlock(8),
      textBlock(sheet, sheet.lines(`message.${code}.text`, scale.body), scale.body),
      gapBlock(4),
      ...codes.map((groups) => codeBlock(sheet, groups, "frame-bold")),
      ...(awaits === "official" || awaits === "card-removal"
        ? [textBlock(sheet, sheet.lines(`awaits.${awaits}`, "frame-bold"), "frame-bold")]
        : []),
      textBlock(sheet, sheet.lines(`message.${code}.note`, "frame"), "frame", { color: sheet.colors.inkSoft }),
    ],
  );
}

export function pinScreen(sheet: Sheet, view: Extract<DeskView, { screen: "pin" }>, settings: Settings): void {
  const foot0 = bar(sheet, settings, forwardButton(sheet, "official.pin-enter", confirm), true);
  const foot = barTop(sheet, foot0);
  frameOf(sheet, foot, true);
  if (sheet.begin(frameParts.title, view.role)) titles(sheet, headline(sheet, `official.pin-${view.role}`), []);
  const top = headerHeight(sheet) + 16;
  if (sheet.begin(parts.typed, view.typed)) pinDots(sheet, view.typed, top);
  if (view.problem !== undefined && sheet.begin(parts.problem, view.problem))
    problemBox(
      sheet,
      sheet.lines(`message.${view.problem}.title`, "frame-bold"),
      "frame-bold",
      sheet.lines(`message.${view.problem}.note`, "frame"),
      top + 134,
      foot - 14,
    );
  keypad(sheet, top, foot - 14, { white: "none" });
  layBar(sheet, foot0);
}

export function menuScreen(sheet: Sheet, view: Extract<DeskView, { screen: "menu" }>, settings: Settings): void {
  const act = view.acts[0] === "close" ? "close" : view.acts[0] === "open" ? "open" : undefined;
  const forward =
    act === undefined
      ? undefined
      : labelled(sheet, "act", `desk.act-${act}`, { do: "official", act }, act === "close" ? "destroy" : "confirm");
  const foot0 = bar(sheet, settings, forward, true);
  const foot = barTop(sheet, foot0);
  frameOf(sheet, foot, true);
  if (sheet.begin(frameParts.title, view.poll))
    titles(sheet, sheet.lines(`poll.${view.poll}`, "frame"), [sheet.line("version", "frame")]);
  const { granted, open, returned, capacity } = view.counts;
  const tiles: readonly (readonly [TextKey, number])[] = [
    ["desk.given", granted],
    ["desk.open-cards", open],
    ["desk.returned", returned],
  ];
  tiles.forEach(([label, value], i) => {
    if (!sheet.begin(parts.tiles + i, value)) return;
    const { colors } = sheet;
    const [x, y, height] = [margin + (columnWidth + targetGap) * i, headerHeight(sheet) + targetGap, 150];
    sheet.box(x, y, columnWidth, height, { fill: colors.surface, border: 2, borderColor: colors.line });
    const inside = { x: x + 14, width: columnWidth - 28 };
    sheet.text(label, "frame", { ...inside, y: y + 10 + sheet.rise("frame"), color: colors.inkSoft });
    sheet.text(
      "number",
      "frame-bold",
      { ...inside, y: y + 10 + sheet.pitch("frame") + sheet.rise("frame-bold") },
      value,
    );
    if (i === 0)
      sheet.text(
        "status.capacity",
        "frame",
        {
          ...inside,
          y: y + 10 + sheet.pitch("frame") + sheet.pitch("frame-bold") + sheet.rise("frame"),
          color: colors.inkSoft,
        },
        capacity,
      );
  });
  layBar(sheet, foot0);
}

export function secondScreen(sheet: Sheet, view: Extract<DeskView, { screen: "second" }>, settings: Settings): void {
  stated(sheet, settings, undefined, true, `${view.act} ${view.waitsFor}`, (scale) => [
    cardBlock(sheet),
    gapBlock(20),
    textBlock(sheet, sheet.lines(`official.wait-${view.waitsFor}`, scale.title), scale.title),
    gapBlock(8),
    textBlock(sheet, sheet.lines(`desk.act-${view.act}`, "frame-bold"), "frame-bold"),
    gapBlock(8),
    textBlock(sheet, sheet.lines("official.second-text", scale.body), scale.body),
  ]);
}

const confirm: Act = { do: "confirm" };
