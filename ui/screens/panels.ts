// What lies over a screen for a moment: how it looks, and help.

import type { View } from "../../firmware/session/view.js";
import type { Settings } from "../../firmware/settings.js";
import { type Act, screenWidth, targetGap } from "../place.js";
import type { Sheet } from "../sheet.js";
import type { TextKey } from "../text/key.js";
import type { Block } from "./frame.js";
import {
  type Bar,
  barTop,
  buttonHeight,
  footer,
  forwardButton,
  frameParts,
  gapBlock,
  header,
  layBar,
  margin,
  stack,
  textBlock,
  titles,
  headerHeight,
} from "./frame.js";

const close: Act = { do: "local-panel", panel: undefined };
const parts = { choices: 16 } as const;

export function settingsScreen(sheet: Sheet, settings: Settings): void {
  const bar: Bar = { forward: forwardButton(sheet, "panel.done", close) };
  const foot = barTop(sheet, bar);
  panelFrame(sheet, "settings.title", foot);
  const groups: readonly (readonly [TextKey, readonly (readonly [string, TextKey, Settings])[]])[] = [
    [
      "settings.language",
      [
        ["fa", "settings.fa", { ...settings, language: "fa" }],
        ["en", "settings.en", { ...settings, language: "en" }],
      ],
    ],
    [
      "settings.size",
      ([0, 1, 2, 3] as const).map((size) => [`size.${size}`, `settings.size-${size}`, { ...settings, size }] as const),
    ],
    [
      "settings.contrast",
      (["normal", "high", "low"] as const).map(
        (contrast) => [contrast, `settings.${contrast}`, { ...settings, contrast }] as const,
      ),
    ],
  ];
  const top = headerHeight(sheet) + 8;
  const pitch = Math.floor((foot - 8 - top) / groups.length);
  const height = buttonHeight(sheet);
  groups.forEach(([label, choices], g) => {
    if (!sheet.begin(parts.choices + g, settings)) return;
    const y = top + g * pitch + Math.max(0, (pitch - sheet.pitch("frame") - height - 4) >> 1);
    sheet.text(label, "frame", { x: margin + 4, width: 500, y: y + sheet.rise("frame"), color: sheet.colors.inkSoft });
    const width = Math.floor((screenWidth - 2 * margin - (choices.length - 1) * targetGap) / choices.length);
    choices.forEach(([id, key, next], i) => {
      const chosen =
        next.language === settings.language && next.size === settings.size && next.contrast === settings.contrast;
      sheet.button(
        `set.${id}`,
        margin + i * (width + targetGap),
        y + sheet.pitch("frame") + 4,
        width,
        height,
        { label: sheet.line(key, "frame-bold"), look: chosen ? "strong" : "plain" },
        { do: "settings", settings: next },
      );
    });
  });
  layBar(sheet, bar);
}

/** Which help goes with a screen. */
export function helpOf(view: View): readonly TextKey[] {
  switch (view.screen) {
    case "voting":
      return ["help.choose", "help.code", "help.blank", "help.next"];
    case "review":
    case "confirm":
      return ["help.review", "help.slip", "help.card"];
    default:
      return ["help.start", "help.look", "help.ask"];
  }
}

/** `page`: sentences that do not fit on one. */
export function helpScreen(sheet: Sheet, view: View, wanted: number): void {
  const texts = helpOf(view).map((key) => textBlock(sheet, sheet.lines(key, "body"), "body"));
  const bar: Bar = { forward: forwardButton(sheet, "panel.done", close) };
  const foot = barTop(sheet, bar, 9);
  panelFrame(sheet, "help.title", foot);
  const pages: Block[][] = [[]];
  const room = foot - headerHeight(sheet) - 16;
  for (const text of texts) {
    const last = pages[pages.length - 1]!;
    const used = last.reduce((sum, block) => sum + block.height, 0);
    if (last.length > 0 && used + text.height > room) pages.push([text]);
    else last.push(...(last.length > 0 ? [gapBlock(10)] : []), text);
  }
  const page = Math.min(wanted, pages.length - 1);
  if (sheet.begin(frameParts.statement, view.screen, page)) stack(pages[page]!, headerHeight(sheet) + 8, foot - 8);
  layBar(sheet, bar, page, pages.length);
}

function panelFrame(sheet: Sheet, title: TextKey, foot: number): void {
  if (!sheet.begin(frameParts.frame, title)) return;
  sheet.ground();
  header(sheet);
  footer(sheet, foot);
  titles(sheet, sheet.lines(title, "frame-bold"), []);
}
