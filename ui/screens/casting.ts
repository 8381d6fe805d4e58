// From the first press of green to the end: not yet cast, printing, the slip, cast.

import type { ElectionPackage, Mark } from "../../firmware/election/types.js";
import type { View } from "../../firmware/session/view.js";
import { ringIcon, ringSegments } from "../render/icons.js";
import { screenHeight, screenWidth } from "../place.js";
import type { Sheet } from "../sheet.js";
import {
  type Bar,
  type Block,
  backButton,
  barTop,
  buttonHeight,
  cornerButtons,
  fitted,
  footer,
  frameParts,
  gapBlock,
  headerHeight,
  headline,
  kept,
  labelled,
  layBar,
  margin,
  stack,
  statement,
  textBlock,
  titles,
} from "./frame.js";
import { drawLines, linesAlone, markLines, pageStarts } from "./marks.js";

const parts = { marks: 16, act: 17, paper: 18, ring: 19, seconds: 20 } as const;

/** Few lines stand so much wider apart. */
const wide = 1.4;

/** `page`: of a ballot that has more lines than fit; what has not been looked at is not cast. */
export function confirmScreen(sheet: Sheet, marks: readonly Mark[], pack: ElectionPackage, wanted: number): void {
  const { colors } = sheet;
  const top = headerHeight(sheet) + sheet.lines("confirm.text", "body").length * sheet.pitch("body") + 4;
  const pitch = sheet.pitch("caption");
  const lines = sheet.keep(kept.lines, marks, undefined, () => markLines(sheet, pack, marks, 936));
  const castHeight = buttonHeight(sheet) + 14;
  const casting = labelled(sheet, "cast", "confirm.cast", { do: "confirm" }, "confirm");
  const onward = labelled(sheet, "forward", "voting.next", { do: "local-page", page: 0 }, "strong", "forward");
  const bar: Bar = { back: backButton(sheet, "confirm.back") };
  const foot = barTop(sheet, bar, 99);
  const bottom = foot - castHeight - 24;
  const perPage = Math.max(1, Math.floor((bottom - top - 16) / pitch));
  const starts = sheet.keep(kept.cards, lines, perPage, () => pageStarts(lines, perPage));
  const pages = starts.length - 1;
  const page = Math.min(wanted, pages - 1);
  if (sheet.begin(frameParts.frame)) {
    sheet.ground();
    const height = headerHeight(sheet);
    titles(sheet, headline(sheet, "confirm.title"), []);
    sheet.paragraph(
      sheet.lines("confirm.text", "body"),
      { x: 28, width: 968, y: height - 8 + sheet.rise("body") },
      sheet.pitch("body"),
    );
    footer(sheet, foot);
  }
  if (sheet.begin(parts.marks, marks, page)) {
    sheet.box(margin, top, screenWidth - 2 * margin, bottom - top, {
      fill: colors.surface,
      border: 2,
      borderColor: colors.line,
    });
    const isWide = (wide + 0.05) * lines.length <= perPage;
    drawLines(
      sheet,
      lines,
      starts[page]!,
      starts[page + 1]!,
      44,
      top + (isWide ? 16 : 8) + sheet.rise("caption"),
      isWide ? Math.floor(wide * pitch) : pitch,
    );
  }
  if (sheet.begin(parts.act, page, pages)) {
    const last = page + 1 === pages;
    const width = Math.max(360, sheet.buttonWidth(casting.content) + 60);
    const place = [(screenWidth - width) >> 1, bottom + 12, width, castHeight] as const;
    if (last) sheet.button("cast", ...place, { ...casting.content, behind: colors.ground }, casting.act);
    else
      sheet.button(
        "forward",
        ...place,
        { ...onward.content, behind: colors.ground },
        { do: "local-page", page: page + 1 },
      );
  }
  layBar(sheet, bar, page, pages);
  cornerButtons(sheet, colors.ground);
}

export function printingScreen(sheet: Sheet): void {
  if (!sheet.begin(frameParts.frame)) return;
  sheet.ground();
  const picture: Block = { height: 152, optional: true, draw: (y) => paperPicture(sheet, y) };
  statement(sheet, ({ title, body }) => [
    picture,
    gapBlock(30),
    textBlock(sheet, sheet.lines("printing.title", title), title),
    gapBlock(8),
    textBlock(sheet, sheet.lines("printing.text", body), body),
  ]);
}

function paperPicture(sheet: Sheet, y: number): void {
  const { colors } = sheet;
  sheet.icon("paper-fill", 464, y + 40, 96, colors.surface);
  sheet.icon("paper-line", 464, y + 40, 96, colors.ink);
  sheet.box(412, y, 200, 56, { fill: colors.selected });
  sheet.box(448, y + 36, 128, 8, { fill: colors.surface, radius: 4 });
}

/** Pieces of the ring that are lit. */
export function lit(secondsLeft: number, seconds: number): number {
  return Math.max(0, Math.min(ringSegments, Math.ceil((ringSegments * secondsLeft) / Math.max(1, seconds))));
}

const ringSide = 178;

/** A ring that runs down, with the seconds in it; the seconds alone where there is no room for it. */
export function countdownBlock(
  sheet: Sheet,
  secondsLeft: number,
  seconds: number,
  color: number,
  room: number,
  x = 423,
): Block {
  if (room >= ringSide) return { height: ringSide, draw: (y) => ring(sheet, x, y, secondsLeft, seconds, color) };
  return {
    height: sheet.pitch("key"),
    draw: (y) => {
      if (sheet.begin(parts.seconds, secondsLeft))
        sheet.text("number", "key", { x, width: ringSide, align: "center", y: y + sheet.rise("key") }, secondsLeft);
    },
  };
}

function ring(sheet: Sheet, x: number, y: number, secondsLeft: number, seconds: number, color: number): void {
  const full = lit(secondsLeft, seconds);
  const { colors } = sheet;
  if (sheet.begin(parts.ring, full))
    for (let i = 0; i < ringSegments; i++)
      sheet.iconNumber(ringIcon(i), x, y, ringSide, i < full ? color : colors.track);
  if (sheet.begin(parts.seconds, secondsLeft))
    sheet.text("number", "key", { x, width: ringSide, align: "center", y: y + 109 }, secondsLeft);
}

/** The picture of the slip in the leading half, what to do in the other. */
interface Paper {
  readonly x: number;
  readonly width: number;
  /** Of what stands on it. */
  readonly textX: number;
  readonly textWidth: number;
}

const paperSmall: Paper = { x: 16, width: 504, textX: 28, textWidth: 480 };
/** With large text the mark of a test election begins further out. */
const paperLarge: Paper = { x: 8, width: 472, textX: 14, textWidth: 460 };
const column = { x: 532, width: 476 };

export function slipScreen(
  sheet: Sheet,
  view: Extract<View, { screen: "slip" }>,
  marks: readonly Mark[],
  pack: ElectionPackage,
  page: number,
): void {
  const { colors } = sheet;
  if (sheet.begin(frameParts.frame)) sheet.ground();
  const reject = view.mayReject ? sheet.line("slip.reject", "frame-bold") : undefined;
  const bottom = reject === undefined ? screenHeight - 20 : screenHeight - 20 - buttonHeight(sheet) - 12;
  const text = view.mayReject ? "slip.text" : "slip.last";
  const texts = fitted(
    ({ body }) => {
      // the column is narrow: a step smaller than elsewhere
      const role = body === "body" ? "caption" : "frame";
      return [
        textBlock(sheet, sheet.lines("slip.title", "frame-bold"), "frame-bold", column),
        gapBlock(6),
        textBlock(sheet, sheet.lines(text, role), role, column),
        gapBlock(10),
      ];
    },
    headerHeight(sheet),
    bottom - sheet.pitch("key"),
  );
  const countdown = countdownBlock(
    sheet,
    view.secondsLeft,
    pack.election.policy.slip_s,
    colors.confirm,
    bottom - headerHeight(sheet) - texts[0]!.height - texts[2]!.height,
    681,
  );
  let ringAt = 0;
  stack(
    [
      ...texts.map((block) => ({ ...block, draw: () => undefined })),
      { ...countdown, draw: (y: number) => void (ringAt = y) },
    ],
    headerHeight(sheet),
    bottom,
  );
  if (sheet.begin(frameParts.statement, view.mayReject))
    stack([...texts, { ...countdown, draw: () => undefined }], headerHeight(sheet), bottom);
  paper(sheet, marks, pack, page);
  countdown.draw(ringAt);
  if (reject !== undefined && sheet.begin(parts.act)) {
    const width = Math.max(260, reject.width + 60);
    sheet.button(
      "reject",
      column.x + ((column.width - width) >> 1),
      screenHeight - 20 - buttonHeight(sheet),
      width,
      buttonHeight(sheet),
      { label: reject, look: "destroy" },
      { do: "reject" },
    );
  }
}

/** What is on the slip: a choice a line, as on the paper, or side by side where so many would not fit. */
function paper(sheet: Sheet, marks: readonly Mark[], pack: ElectionPackage, wanted: number): void {
  if (!sheet.begin(parts.paper, marks, wanted)) return;
  const { colors } = sheet;
  const { x, width, textX, textWidth } = sheet.size < 2 ? paperSmall : paperLarge;
  const place = { x, width, align: "center" as const };
  sheet.box(x, 20, width, 580, { fill: colors.surface, border: 2, borderColor: colors.line, radius: 0 });
  sheet.box(x + 2, 598, width - 4, 2, { fill: colors.surface, radius: 0 });
  const titleY = 26 + sheet.rise("frame-bold");
  sheet.text("paper.title", "frame-bold", { ...place, y: titleY });
  const stationY = titleY + sheet.pitch("frame");
  sheet.text("paper.station", "frame", { ...place, y: stationY, color: colors.inkSoft }, pack.election.station);
  const ruleY = stationY + 14;
  for (let dash = 0; dash + 8 <= textWidth; dash += 13)
    sheet.box(textX + dash, ruleY, 8, 2, { fill: colors.ink, radius: 0 });
  const pitch = sheet.pitch("caption") - 2;
  const top = ruleY + 8;
  const all = Math.floor((screenHeight - 8 - top) / pitch);
  const alone = linesAlone(marks) <= all ? markLines(sheet, pack, marks, textWidth, "line") : undefined;
  const lines = alone !== undefined && alone.length <= all ? alone : markLines(sheet, pack, marks, textWidth, 18);
  const buttonTop = screenHeight - 12 - buttonHeight(sheet);
  const perPage = lines.length <= all ? all : Math.max(1, Math.floor((buttonTop - 6 - top) / pitch));
  const starts = pageStarts(lines, perPage);
  const pages = starts.length - 1;
  const page = Math.min(wanted, pages - 1);
  drawLines(
    sheet,
    lines,
    starts[page]!,
    starts[page + 1]!,
    textX,
    top + sheet.rise("caption"),
    wide * lines.length <= all ? Math.floor(wide * pitch) : pitch,
  );
  if (pages < 2) return;
  const [side, height] = [72, buttonHeight(sheet)];
  if (page > 0)
    sheet.button(
      "page.before",
      textX,
      buttonTop,
      side,
      height,
      { icon: "triangle-up", behind: colors.surface },
      { do: "local-page", page: page - 1 },
    );
  sheet.text(
    "voting.page",
    "frame",
    { ...place, y: buttonTop + ((height + sheet.face("frame").capital) >> 1) },
    page + 1,
    pages,
  );
  if (page + 1 < pages)
    sheet.button(
      "page.after",
      textX + textWidth - side,
      buttonTop,
      side,
      height,
      { icon: "triangle-down", behind: colors.surface },
      { do: "local-page", page: page + 1 },
    );
}

/** A large check mark. */
export function castBlock(sheet: Sheet): Block {
  return {
    height: 160,
    optional: true,
    draw: (y) => {
      sheet.box(432, y, 160, 160, { fill: sheet.colors.confirm, radius: 80 });
      sheet.icon("check-large", 467, y + 35, 90, sheet.colors.surface);
    },
  };
}

export function finishingScreen(sheet: Sheet): void {
  if (!sheet.begin(frameParts.frame)) return;
  sheet.ground(sheet.colors.surface);
  statement(sheet, ({ title, body }) => [
    castBlock(sheet),
    gapBlock(34),
    textBlock(sheet, sheet.lines("finishing.title", title), title),
    gapBlock(8),
    textBlock(sheet, sheet.lines("finishing.text", body), body),
  ]);
}

export function doneScreen(sheet: Sheet): void {
  if (!sheet.begin(frameParts.frame)) return;
  sheet.ground(sheet.colors.surface);
  statement(sheet, ({ title, body }) => [
    castBlock(sheet),
    gapBlock(34),
    textBlock(sheet, sheet.lines("done.title", title), title),
    gapBlock(8),
    textBlock(sheet, sheet.lines("done.text", body), body),
    textBlock(sheet, sheet.lines("done.other", body), body, { color: sheet.colors.inkSoft }),
  ]);
}
