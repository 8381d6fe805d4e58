// Everything that was chosen, each contest with its way back.

import type { ElectionPackage } from "../../firmware/election/types.js";
import type { ReviewItem } from "../../firmware/session/view.js";
import { screenWidth } from "../place.js";
import type { Sheet } from "../sheet.js";
import type { Run } from "../text/typesetter.js";
import {
  type Bar,
  backButton,
  barTop,
  buttonHeight,
  corner,
  cornerButtons,
  footer,
  forwardButton,
  frameParts,
  header,
  headerHeight,
  kept,
  layBar,
  margin,
  titles,
} from "./frame.js";
import { type FlowLine, choiceLines, drawLines, pageEnd } from "./marks.js";

const width = screenWidth - 2 * margin;
const gap = 12;
const inset = 24;
const padding = 8;
/** One for each card of a page. */
const parts = { card: 16 } as const;

/** A contest, or what of a long one fits on a page: its lines from..to-1. */
interface Card {
  readonly item: ReviewItem;
  readonly title: readonly Run[];
  readonly lines: readonly FlowLine[];
  readonly from: number;
  readonly to: number;
  readonly undervotes: boolean;
  readonly height: number;
}

/** What the measures of a card follow from. */
interface Measures {
  readonly top: number;
  readonly bottom: number;
  readonly textWidth: number;
  readonly changeWidth: number;
}

export function measures(sheet: Sheet): Measures {
  const changeWidth = sheet.buttonWidth({ label: sheet.line("review.change", "frame-bold") });
  // the foot is as high as with pages in it, so that turning to a second page moves nothing
  return {
    top: headerHeight(sheet) + gap,
    bottom: barTop(sheet, bar(sheet, 0, 9), 9) - gap,
    textWidth: width - 2 * inset - changeWidth - 20,
    changeWidth,
  };
}

function headHeight(sheet: Sheet, title: readonly Run[]): number {
  return padding + title.length * sheet.pitch("body-bold");
}

function noteHeight(sheet: Sheet): number {
  return sheet.pitch("caption") + 18;
}

function heightOf(sheet: Sheet, title: readonly Run[], lines: number, undervotes: boolean): number {
  const text =
    headHeight(sheet, title) +
    Math.max(1, lines) * sheet.pitch("caption") +
    padding +
    (undervotes ? noteHeight(sheet) : 0);
  return Math.max(buttonHeight(sheet) + 2 * gap, text);
}

/**
 * Pages of the review; the screen keeps which one is shown. A contest that does not fit goes on over as many pages as
 * it needs.
 */
export function reviewPages(
  sheet: Sheet,
  items: readonly ReviewItem[],
  pack: ElectionPackage,
  { top, bottom, textWidth }: Measures,
): Card[][] {
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
    const undervotes = item.undervotes > 0;
    const room = bottom - top;
    const whole = sheet.packedLines(item.contest.title, "body-bold", true);
    // a long title takes no room from the choices
    const title =
      whole.length > 1 && heightOf(sheet, whole, lines.length, undervotes) > room
        ? sheet.packedLines(item.contest.heading, "frame-bold")
        : whole;
    let from = 0;
    while (heightOf(sheet, title, lines.length - from, undervotes) > room && lines.length - from > 1) {
      const to = pageEnd(lines, from, Math.floor((room - headHeight(sheet, title) - padding) / sheet.pitch("caption")));
      // the last of them takes along a line, so that what may still be chosen stands below choices
      const end = to < lines.length ? to : pageEnd(lines, from, lines.length - from - 1);
      put({ item, title, lines, from, to: end, undervotes: false, height: heightOf(sheet, title, end - from, false) });
      from = end;
    }
    put({
      item,
      title,
      lines,
      from,
      to: lines.length,
      undervotes,
      height: heightOf(sheet, title, lines.length - from, undervotes),
    });
  }
  return pages;
}

function bar(sheet: Sheet, page: number, pages: number): Bar {
  const last = page + 1 >= pages;
  return {
    back: backButton(sheet),
    // what has not been looked at is not confirmed
    forward: last
      ? forwardButton(sheet, "review.confirm", { do: "confirm" })
      : forwardButton(sheet, "voting.next", { do: "local-page", page: page + 1 }),
  };
}

export function reviewScreen(sheet: Sheet, items: readonly ReviewItem[], pack: ElectionPackage, wanted: number): void {
  const is = sheet.keep(kept.foot, undefined, undefined, () => measures(sheet));
  if (sheet.begin(frameParts.frame)) {
    sheet.ground();
    header(sheet);
    footer(sheet, is.bottom + gap);
    titles(sheet, sheet.lines("review.title", "frame-bold"), [sheet.line("review.not-cast", "frame")]);
  }
  if (sheet.begin(frameParts.corner, items.length))
    corner(sheet, sheet.line("review.contests", "frame-bold", items.length));
  const pages = sheet.keep(kept.cards, items, undefined, () => reviewPages(sheet, items, pack, is));
  const page = Math.min(wanted, pages.length - 1);
  let y = is.top;
  pages[page]!.forEach((each, i) => {
    if (sheet.begin(parts.card + i, items, page)) card(sheet, each, y, is);
    y += each.height + gap;
  });
  layBar(sheet, bar(sheet, page, pages.length), page, pages.length);
  cornerButtons(sheet, sheet.colors.surface);
}

function card(
  sheet: Sheet,
  { item, title, lines, from, to, undervotes, height }: Card,
  y: number,
  { textWidth, changeWidth }: Measures,
): void {
  const { colors } = sheet;
  const { contest } = item;
  const x = margin + inset;
  sheet.box(margin, y, width, height, { fill: colors.surface, border: 2, borderColor: colors.line });
  const baseline = y + padding + sheet.rise("body-bold");
  sheet.paragraph(title, { x, width: textWidth, y: baseline }, sheet.pitch("body-bold"));
  const last = title[title.length - 1]!;
  if (contest.votesAllowed > 1) {
    const count = sheet.line("review.count", "caption", item.chosen.length, contest.votesAllowed);
    if (last.width + 20 + count.width <= textWidth)
      sheet.run(count, {
        x: x + last.width + 20,
        width: count.width,
        y: baseline + (title.length - 1) * sheet.pitch("body-bold"),
        color: colors.inkSoft,
      });
  }
  const pitch = sheet.pitch("caption");
  const first = y + headHeight(sheet, title) + sheet.rise("caption");
  if (item.blank) sheet.text("review.blank", "caption", { x, width: textWidth, y: first });
  else if (item.chosen.length === 0) sheet.text("review.none", "caption", { x, width: textWidth, y: first });
  else drawLines(sheet, lines, from, to, x, first, pitch);
  if (undervotes) {
    const noteY = y + headHeight(sheet, title) + Math.max(1, to - from) * pitch + 4;
    const noteEnd = noteHeight(sheet) - 10;
    sheet.box(x - 6, noteY, textWidth + 6, noteEnd, {
      fill: colors.warn,
      border: 2,
      borderColor: colors.warnLine,
      radius: 8,
    });
    sheet.icon("notice-small", x + 6, noteY + ((noteEnd - 32) >> 1), 32, colors.warnLine);
    sheet.text(
      "review.under",
      "caption",
      { x: x + 48, width: textWidth - 60, y: noteY + 3 + sheet.rise("caption") },
      item.undervotes,
    );
  }
  const place = [
    margin + width - 20 - changeWidth,
    y + ((height - buttonHeight(sheet)) >> 1),
    changeWidth,
    buttonHeight(sheet),
  ] as const;
  sheet.button(
    `card.${contest.id}.change`,
    ...place,
    { label: sheet.line("review.change", "frame-bold"), behind: colors.surface },
    { do: "jump", contest: contest.id },
  );
}
