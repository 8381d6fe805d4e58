// What most screens share: header, buttons at the foot, the corner for help and display, the mark of a test election,
// and the column in which the parts of a statement stand one under the other. Measures follow from the size of text
// that was chosen.

import type { ElectionKind } from "../../firmware/election/types.js";
import type { TextKey } from "../text/key.js";
import type { Run } from "../text/typesetter.js";
import { type Act, type ButtonContent, type ButtonLook, screenHeight, screenWidth, targetGap } from "../place.js";
import type { Sheet } from "../sheet.js";
import type { Role } from "../text/faces.js";

export const margin = 20;
/** By size of text. */
export const headerHeights = [84, 84, 108, 108] as const;
export const buttonHeights = [60, 66, 76, 76] as const;
const cornerWidths = [172, 172, 216, 216] as const;
const testWidths = [116, 116, 140, 140] as const;
/** The two square buttons in the trailing corner. */
const squareSide = 60;
const settingsX = screenWidth - margin - squareSide;
const helpX = settingsX - targetGap - squareSide;
const cornerEnd = helpX - targetGap;
const barGap = 13;

export const center = { x: margin, width: screenWidth - 2 * margin, align: "center" as const };

/**
 * Numbers of parts that many screens have; a screen's own are from 16 on. The focus goes by them: to what the screen is
 * for first, to the corner last.
 */
export const frameParts = {
  frame: 0,
  title: 1,
  corner: 2,
  statement: 3,
  bar: 70,
  help: 90,
  settings: 91,
  test: 92,
} as const;

/** Numbers of what is made once for a screen (Sheet.keep). */
export const kept = { pages: 0, foot: 1, lines: 2, cards: 3, bar: 4, rows: 5, grid: 6, options: 7 } as const;

export function headerHeight(sheet: Sheet): number {
  return headerHeights[sheet.size];
}

export function buttonHeight(sheet: Sheet): number {
  return buttonHeights[sheet.size];
}

/** Where a title must end, from the leading edge. */
export function titleEnd(sheet: Sheet): number {
  return cornerEnd - cornerWidths[sheet.size] - testWidths[sheet.size] - 2 * targetGap;
}

export function header(sheet: Sheet): void {
  const height = headerHeight(sheet);
  sheet.box(0, 0, screenWidth, height - 2, { fill: sheet.colors.surface, radius: 0 });
  sheet.box(0, height - 2, screenWidth, 2, { fill: sheet.colors.ink, radius: 0 });
}

export function footer(sheet: Sheet, top: number): void {
  sheet.box(0, top, screenWidth, 2, { fill: sheet.colors.ink, radius: 0 });
  sheet.box(0, top + 2, screenWidth, screenHeight - top - 2, { fill: sheet.colors.surface, radius: 0 });
}

/**
 * A title and what goes with it: side by side when there is room, else one above the other. A title of two lines stands
 * alone.
 */
export function titles(sheet: Sheet, title: readonly Run[], second: readonly Run[]): void {
  const height = headerHeight(sheet);
  const [upper, lower] = [Math.floor(height * 0.43), Math.floor(height * 0.84)];
  if (title.length > 1) {
    title.forEach((run, i) => sheet.run(run, { x: 28, width: run.width, y: i === 0 ? upper : lower }));
    return;
  }
  const first = title[0]!;
  let beside = 0;
  for (const run of second) beside += 20 + run.width;
  const oneLine = 28 + first.width + beside <= titleEnd(sheet);
  const middle = (height - 2 + sheet.face("frame-bold").capital) >> 1;
  sheet.run(first, { x: 28, width: first.width, y: second.length === 0 || oneLine ? middle : upper });
  let x = oneLine ? 28 + first.width + 20 : 28;
  for (const run of second) {
    // with large text the last of it may not have room before what stands in the corner
    if (run !== second[0] && x + run.width > titleEnd(sheet)) break;
    sheet.run(run, { x, width: run.width, y: oneLine ? middle : lower, color: sheet.colors.inkSoft });
    x += run.width + 20;
  }
}

/** A title of the terminal's own; one of two lines is set smaller. */
export function headline(sheet: Sheet, key: TextKey): readonly Run[] {
  const lines = sheet.lines(key, "frame-bold");
  return lines.length > 1 ? sheet.lines(key, "mark") : lines;
}

/** The pill before the trailing corner, always the same. */
export function corner(sheet: Sheet, run: Run): void {
  const width = Math.max(122, run.width + 36);
  const height = headerHeight(sheet);
  const y = (height - 2 - 52) >> 1;
  sheet.box(cornerEnd - width, y, width, 52, { fill: sheet.colors.surface, border: 2, radius: 24 });
  sheet.run(run, {
    x: cornerEnd - width,
    width,
    align: "center",
    y: y + ((52 + sheet.face("frame-bold").capital) >> 1),
  });
}

/** Help, and how the screen looks: in the trailing corner of every screen that a person works with. */
export function cornerButtons(sheet: Sheet, behind: number): void {
  const y = (headerHeight(sheet) - 2 - squareSide) >> 1;
  if (sheet.begin(frameParts.settings, behind))
    sheet.button("settings", settingsX, y, squareSide, squareSide, { icon: "display", behind }, openSettings);
  if (sheet.begin(frameParts.help, behind))
    sheet.button("help", helpX, y, squareSide, squareSide, { icon: "help", behind }, openHelp);
}

const openSettings: Act = { do: "local-panel", panel: "settings" };
const openHelp: Act = { do: "local-panel", panel: "help" };

/** On every screen of an election that does not count, always in the same place. */
export function kindMark(sheet: Sheet, kind: ElectionKind): void {
  if (kind === "real" || !sheet.begin(frameParts.test, kind)) return;
  const { colors } = sheet;
  const width = testWidths[sheet.size];
  const x = titleEnd(sheet) + targetGap;
  const y = (headerHeight(sheet) - 2 - 46) >> 1;
  sheet.box(x, y, width, 46, { fill: colors.warn, border: 2, borderColor: colors.warnLine, radius: 8 });
  sheet.text(`${kind}.mark`, "mark", {
    x,
    width,
    align: "center",
    y: y + ((46 + sheet.face("mark").capital) >> 1),
    color: colors.ink,
  });
}

/** A button at the foot of the screen. */
export interface BarButton {
  readonly id: string;
  readonly content: ButtonContent;
  readonly act: Act;
  readonly width: number;
}

export interface Bar {
  readonly back?: BarButton | undefined;
  readonly others?: readonly BarButton[];
  readonly forward?: BarButton | undefined;
}

export function labelled(
  sheet: Sheet,
  id: string,
  label: TextKey,
  act: Act,
  look: ButtonLook = "plain",
  arrow?: "forward" | "backward",
): BarButton {
  const content = { label: sheet.line(label, "frame-bold"), look, arrow, behind: sheet.colors.surface };
  return { id, content, act, width: sheet.buttonWidth(content) };
}

export function backButton(
  sheet: Sheet,
  label: "voting.back" | "voting.list" | "confirm.back" = "voting.back",
  act: Act = { do: "back" },
): BarButton {
  return labelled(sheet, "back", label, act, "plain", "backward");
}

export function forwardButton(sheet: Sheet, label: TextKey, act: Act): BarButton {
  return labelled(sheet, "forward", label, act, "confirm", "forward");
}

const pageButton = 60;

function pagesWidth(sheet: Sheet, page: number, pages: number): number {
  // the last page's number is the widest, so that nothing moves while one leafs
  return sheet.keep(
    kept.pages,
    page,
    pages,
    () =>
      2 * pageButton +
      16 +
      Math.max(
        sheet.line("voting.page", "frame", pages, pages).width,
        sheet.line("voting.page", "frame", page + 1, pages).width,
      ),
  );
}

/** Whether all of it fits in one row; the wider one has the buttons of the page in a row of their own. */
function oneRow(sheet: Sheet, { back, others, forward }: Bar, page: number, pages: number): boolean {
  let width = -targetGap;
  if (back !== undefined) width += targetGap + back.width;
  if (others !== undefined) for (let i = 0; i < others.length; i++) width += targetGap + others[i]!.width;
  if (forward !== undefined) width += targetGap + forward.width;
  if (pages > 1) width += targetGap + pagesWidth(sheet, page, pages);
  return width <= screenWidth - 2 * margin;
}

/** Where the foot begins that has room for so many pages. */
export function barTop(sheet: Sheet, bar: Bar, pages = 1): number {
  const rows = oneRow(sheet, bar, 0, pages) ? 1 : 2;
  return screenHeight - rows * buttonHeight(sheet) - (rows + 1) * barGap;
}

/**
 * Lays the foot, with two buttons to leaf when there is more than one page; its ground belongs to the screen's frame.
 * Parts are numbered from frameParts.bar on.
 */
export function layBar(sheet: Sheet, bar: Bar, page = 0, pages = 1): void {
  const height = buttonHeight(sheet);
  const lower = screenHeight - barGap - height;
  const single = oneRow(sheet, bar, page, pages);
  const upper = single ? lower : lower - barGap - height;
  const { back, others, forward } = bar;
  if (forward !== undefined)
    barButton(sheet, frameParts.bar, forward, screenWidth - margin - forward.width, lower, height);
  let x = margin;
  if (back !== undefined) {
    barButton(sheet, frameParts.bar + 1, back, margin, lower, height);
    if (single) x += back.width + targetGap;
  }
  if (others !== undefined)
    for (let i = 0; i < others.length; i++) {
      const each = others[i]!;
      barButton(sheet, frameParts.bar + 2 + i, each, x, upper, height);
      x += each.width + targetGap;
    }
  if (pages > 1) {
    const width = pagesWidth(sheet, page, pages);
    // in one row it stands before the forward button, in two between back and forward
    const end = forward === undefined ? screenWidth - margin : screenWidth - margin - forward.width - targetGap;
    if (sheet.begin(frameParts.bar + 12, page, pages, end, lower))
      layPages(sheet, page, pages, end - width, lower, width, height);
  }
}

function barButton(
  sheet: Sheet,
  part: number,
  { id, content, act, width }: BarButton,
  x: number,
  y: number,
  height: number,
): void {
  // the same words may lead to another page
  if (sheet.begin(part, content.label, content.look, act.do === "local-page" ? act.page : act.do, x, y))
    sheet.button(id, x, y, width, height, content, act);
}

function layPages(
  sheet: Sheet,
  page: number,
  pages: number,
  x: number,
  y: number,
  width: number,
  height: number,
): void {
  const behind = sheet.colors.surface;
  if (page > 0)
    sheet.button(
      "page.before",
      x,
      y,
      pageButton,
      height,
      { icon: "triangle-up", behind },
      { do: "local-page", page: page - 1 },
    );
  const baseline = y + ((height + sheet.face("frame").capital) >> 1);
  sheet.text(
    "voting.page",
    "frame",
    { x: x + pageButton, width: width - 2 * pageButton, align: "center", y: baseline },
    page + 1,
    pages,
  );
  if (page + 1 < pages)
    sheet.button(
      "page.after",
      x + width - pageButton,
      y,
      pageButton,
      height,
      { icon: "triangle-down", behind },
      { do: "local-page", page: page + 1 },
    );
}

/** One part of a statement. */
export interface Block {
  readonly height: number;
  /** Left out when there is no room for all. */
  readonly optional?: boolean;
  draw(y: number): void;
}

/** Lines of text, centered in a column. */
export function textBlock(
  sheet: Sheet,
  lines: readonly Run[],
  role: Role,
  look: { readonly color?: number; readonly x?: number; readonly width?: number } = {},
): Block {
  const pitch = sheet.pitch(role);
  const place = {
    x: look.x ?? center.x,
    width: look.width ?? center.width,
    align: "center" as const,
    ...(look.color === undefined ? {} : { color: look.color }),
  };
  return {
    height: lines.length * pitch,
    draw: (y) => void sheet.paragraph(lines, { ...place, y: y + sheet.rise(role) }, pitch),
  };
}

/** Groups of digits in a line, from left to right in both languages. */
export function codeBlock(sheet: Sheet, groups: readonly string[], role: Role): Block {
  const gap = sheet.pitch(role) >> 1;
  return {
    height: sheet.pitch(role),
    draw: (y) => {
      const runs = groups.map((digits) => sheet.digits(digits, role));
      if (sheet.language === "fa") runs.reverse();
      const width = runs.reduce((sum, run) => sum + run.width + gap, -gap);
      let x = (screenWidth - width) >> 1;
      for (const run of runs) {
        sheet.run(run, { x, width: run.width, y: y + sheet.rise(role) });
        x += run.width + gap;
      }
    },
  };
}

export function gapBlock(height: number): Block {
  return { height, optional: true, draw: () => undefined };
}

/** How large a statement is set: as chosen, or a step or two smaller where it would not fit. */
export interface Scale {
  readonly title: Role;
  readonly body: Role;
}

const scales: readonly Scale[] = [
  { title: "title", body: "body" },
  { title: "frame-bold", body: "caption" },
  { title: "frame-bold", body: "frame" },
];

function least(blocks: readonly Block[]): number {
  return blocks.reduce((sum, block) => sum + (block.optional === true ? 0 : block.height), 0);
}

/** Sets it in the largest scale that has room between `top` and `bottom`. */
export function fitted(make: (scale: Scale) => readonly Block[], top: number, bottom: number): readonly Block[] {
  for (const scale of scales) {
    const blocks = make(scale);
    if (least(blocks) <= bottom - top) return blocks;
  }
  return make(scales[scales.length - 1]!);
}

/**
 * Blocks one under the other, in the middle between `top` and `bottom`. Of those that may be left out the first goes
 * first.
 */
export function stack(blocks: readonly Block[], top: number, bottom: number): void {
  const left = [...blocks];
  const height = (): number => left.reduce((sum, block) => sum + block.height, 0);
  while (height() > bottom - top) {
    const at = left.findIndex((block) => block.optional === true);
    if (at < 0) break;
    left.splice(at, 1);
  }
  let y = top + Math.max(0, (bottom - top - height()) >> 1);
  for (const block of left) {
    block.draw(y);
    y += block.height;
  }
}

/** A sentence in the middle of the screen. */
export function statement(sheet: Sheet, make: (scale: Scale) => readonly Block[]): void {
  const [top, bottom] = [headerHeight(sheet) - 10, screenHeight - 24];
  stack(fitted(make, top, bottom), top, bottom);
}
