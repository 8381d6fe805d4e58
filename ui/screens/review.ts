// Everything that was chosen, each contest with its way back.

import type { ElectionPackage } from "../../firmware/election/types.js";
import type { ReviewItem } from "../../firmware/session/view.js";
import { colors } from "../render/colors.js";
import type { Sheet } from "../sheet.js";
import { backButton, buttonHeight, corner, footer, footerButtonTop, forwardButton, frameParts, header, languageButton, localPages, titles } from "./frame.js";
import { type FlowLine, choiceLines, drawLines } from "./marks.js";

const top = 98;
const bottom = 498;
const pitch = 33;
const width = 984;
const textWidth = 776;
const gap = 12;
/** One for each card of a page, at most four. */
const parts = { card: 16 } as const;

/** A contest, or what of a long one fits on a page: its lines from..to-1. */
interface Card {
  readonly item: ReviewItem;
  readonly lines: readonly FlowLine[];
  readonly from: number;
  readonly to: number;
  readonly undervotes: boolean;
  readonly height: number;
}

function heightOf(lines: number, undervotes: boolean): number {
  return Math.max(buttonHeight + 24, 48 + Math.max(1, lines) * pitch + 12 + (undervotes ? 48 : 0));
}

/** Pages of the review; the screen keeps which one is shown. A contest that does not fit goes on over as many pages as it needs. */
export function reviewPages(sheet: Sheet, items: readonly ReviewItem[], pack: ElectionPackage): Card[][] {
  const pages: Card[][] = [[]];
  let y = top;
  const put = (card: Card): void => {
    if (y > top && y + card.height > bottom) {
      pages.push([]);
      y = top;
    }
    pages[pages.length - 1]!.push(card);
    y += card.height + gap;
  };
  for (const item of items) {
    const lines = item.blank ? [] : choiceLines(sheet, pack, item.contest.id, item.chosen, textWidth);
    let from = 0;
    const undervotes = item.undervotes > 0;
    while (heightOf(lines.length - from, undervotes) > bottom - top) {
      const to = from + Math.floor((bottom - top - 48 - 12) / pitch);
      // the last of them takes along a line, so that what may still be chosen stands below choices
      const end = Math.min(to, lines.length - 1);
      put({ item, lines, from, to: end, undervotes: false, height: heightOf(end - from, false) });
      from = end;
    }
    put({ item, lines, from, to: lines.length, undervotes, height: heightOf(lines.length - from, undervotes) });
  }
  return pages;
}

export function reviewScreen(sheet: Sheet, items: readonly ReviewItem[], pack: ElectionPackage, wanted: number): void {
  const { set, language } = sheet;
  if (sheet.begin(frameParts.frame)) {
    sheet.ground();
    header(sheet);
    footer(sheet);
    titles(sheet, set.line("review.title", "body-bold", language), [set.line("review.not-cast", "caption", language)]);
  }
  if (sheet.begin(frameParts.corner, items.length)) corner(sheet, set.line("review.contests", "body-bold", language, items.length));
  const pages = reviewPages(sheet, items, pack);
  const page = Math.min(wanted, pages.length - 1);
  let y = top;
  pages[page]!.forEach((each, i) => {
    if (sheet.begin(parts.card + i, items, page)) card(sheet, each, y);
    y += each.height + gap;
  });
  backButton(sheet, 186);
  if (sheet.begin(frameParts.pages, page, pages.length)) localPages(sheet, 300, footerButtonTop, page, pages.length);
  languageButton(sheet, 716, footerButtonTop);
  // what has not been looked at is not confirmed
  if (page + 1 === pages.length) forwardButton(sheet, 210, "review.confirm", { do: "confirm" });
  else forwardButton(sheet, 210, "voting.next", { do: "local-page", page: page + 1 });
}

function card(sheet: Sheet, { item, lines, from, to, undervotes, height }: Card, y: number): void {
  const { contest } = item;
  const { set } = sheet;
  sheet.box(20, y, width, height, { fill: colors.surface, border: 2, borderColor: colors.line });
  const title = set.packed(contest.title, "body-bold");
  sheet.run(title, { x: 44, width: title.width, y: y + 37 });
  if (contest.votesAllowed > 1)
    sheet.text("review.count", "caption", { x: 44 + title.width + 20, width: 160, y: y + 36, color: colors.inkSoft }, item.chosen.length, contest.votesAllowed);
  const baseline = y + 48 + 26;
  if (item.blank) sheet.text("review.blank", "caption", { x: 44, width: textWidth, y: baseline });
  else if (item.chosen.length === 0) sheet.text("review.none", "caption", { x: 44, width: textWidth, y: baseline });
  else drawLines(sheet, lines, from, to, 44, baseline, pitch);
  if (undervotes) {
    const warnY = y + 48 + Math.max(1, to - from) * pitch + 6;
    sheet.box(38, warnY, 784, 42, { fill: colors.warn, border: 2, borderColor: colors.warnLine, radius: 8 });
    sheet.icon("notice-small", 50, warnY + 5, 32, colors.warnLine);
    sheet.text("review.under", "caption", { x: 92, width: 700, y: warnY + 29 }, item.undervotes);
  }
  sheet.button(`card.${contest.id}.change`, 842, y + Math.floor((height - buttonHeight) / 2), 138, buttonHeight, "review.change", { do: "jump", contest: contest.id }, { behind: colors.surface });
}
