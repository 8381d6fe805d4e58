// Everything that was chosen, each contest with its way back.

import type { ElectionPackage } from "../../firmware/election/types.js";
import type { ReviewItem } from "../../firmware/session/view.js";
import { colors } from "../render/colors.js";
import type { Sheet } from "../sheet.js";
import { backButton, buttonHeight, corner, footer, footerButtonTop, forwardButton, header, languageButton, titles } from "./frame.js";
import { type FlowLine, choiceLines, drawLines } from "./marks.js";

const top = 98;
const bottom = 498;
const pitch = 33;
const width = 984;
const textWidth = 776;
/** Lines of choices of one card; a page holds no more. */
const linesMax = 8;

interface Card {
  readonly item: ReviewItem;
  readonly lines: readonly FlowLine[];
  readonly height: number;
}

/** Pages of the review; the screen keeps which one is shown. */
export function reviewPages(sheet: Sheet, items: readonly ReviewItem[], pack: ElectionPackage): Card[][] {
  const pages: Card[][] = [[]];
  let y = top;
  for (const item of items) {
    const lines = item.blank ? [] : choiceLines(sheet, pack, item.contest.id, item.chosen, textWidth);
    const textLines = Math.max(1, Math.min(lines.length, linesMax));
    const height = Math.max(buttonHeight + 24, 48 + textLines * pitch + 12 + (item.undervotes > 0 ? 48 : 0));
    if (y > top && y + height > bottom) {
      pages.push([]);
      y = top;
    }
    pages.at(-1)!.push({ item, lines, height });
    y += height + 12;
  }
  return pages;
}

export function reviewScreen(sheet: Sheet, items: readonly ReviewItem[], pack: ElectionPackage, page: number): void {
  const { set, language } = sheet;
  sheet.ground();
  header(sheet);
  titles(sheet, set.line("review.title", "body-bold", language), [set.line("review.not-cast", "caption", language)]);
  corner(sheet, set.line("review.contests", "body-bold", language, [items.length]));
  footer(sheet);
  const pages = reviewPages(sheet, items, pack);
  const shown = Math.min(page, pages.length - 1);
  let y = top;
  for (const each of pages[shown]!) {
    card(sheet, each, y);
    y += each.height + 12;
  }
  backButton(sheet, 186);
  if (pages.length > 1) {
    if (shown > 0)
      sheet.button("page.before", 300, footerButtonTop, 72, buttonHeight, undefined, { do: "local-page", page: shown - 1 }, { icon: "triangle-up", behind: colors.surface });
    sheet.text("page", "voting.page", "caption", { x: 380, width: 160, align: "center", y: footerButtonTop + 42 }, [shown + 1, pages.length]);
    if (shown + 1 < pages.length)
      sheet.button("page.after", 548, footerButtonTop, 72, buttonHeight, undefined, { do: "local-page", page: shown + 1 }, { icon: "triangle-down", behind: colors.surface });
  }
  languageButton(sheet, 716, footerButtonTop);
  // what has not been looked at is not confirmed
  if (shown + 1 === pages.length) forwardButton(sheet, 210, "review.confirm", { do: "confirm" });
  else forwardButton(sheet, 210, "voting.next", { do: "local-page", page: shown + 1 });
}

function card(sheet: Sheet, { item, lines, height }: Card, y: number): void {
  const { contest } = item;
  const id = `card.${contest.id}`;
  const { set } = sheet;
  sheet.box(`${id}.box`, 20, y, width, height, { fill: colors.surface, border: 2, borderColor: colors.line });
  const title = set.packed(contest.title, "body-bold");
  sheet.run(`${id}.title`, title, { x: 44, width: title.width, y: y + 37 });
  if (contest.votesAllowed > 1)
    sheet.text(`${id}.count`, "review.count", "caption", { x: 44 + title.width + 20, width: 160, y: y + 36, color: colors.inkSoft }, [item.chosen.length, contest.votesAllowed]);
  const baseline = y + 48 + 26;
  let used = 1;
  if (item.blank) sheet.text(`${id}.blank`, "review.blank", "caption", { x: 44, width: textWidth, y: baseline });
  else if (item.chosen.length === 0) sheet.text(`${id}.none`, "review.none", "caption", { x: 44, width: textWidth, y: baseline });
  else used = drawLines(sheet, `${id}.choice`, lines, 44, baseline, pitch, linesMax);
  if (item.undervotes > 0) {
    const warnY = y + 48 + used * pitch + 6;
    sheet.box(`${id}.under`, 38, warnY, 784, 42, { fill: colors.warn, border: 2, borderColor: colors.warnLine, radius: 8 });
    sheet.icon(`${id}.under.icon`, "notice-small", 50, warnY + 5, 32, colors.warnLine);
    sheet.text(`${id}.under.text`, "review.under", "caption", { x: 92, width: 700, y: warnY + 29 }, [item.undervotes]);
  }
  sheet.button(`${id}.change`, 842, y + Math.floor((height - buttonHeight) / 2), 138, buttonHeight, "review.change", { do: "jump", contest: contest.id }, { behind: colors.surface });
}
