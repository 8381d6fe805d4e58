// Rows of options, every one the same: code, name, list, check box. How many fit on a page follows from the size of
// text and from what the contest's names need.

import { photoHeight, photoWidth } from "../../firmware/election/layout.js";
import type { Contest, ElectionPackage, OptionIndex } from "../../firmware/election/types.js";
import { screenWidth, targetGap } from "../place.js";
import type { Sheet } from "../sheet.js";
import type { Role } from "../text/faces.js";
import { kept, margin } from "./frame.js";

const rowsMax = 12;
const rowIds = Array.from({ length: rowsMax }, (_, i) => `row.${i}`);
/** The first row's part. */
const part = 16;
const boxSide = 38;

/** The widest digit of both languages, a Persian 3, in heights of a capital. */
const digitWidth = 0.96;

export interface Grid {
  readonly top: number;
  readonly columns: number;
  readonly rowHeight: number;
  /** Rows of a page, in all columns. */
  readonly perPage: number;
  /** Where the screen's foot begins. */
  readonly foot: number;
}

/** Lines in rows stand a little closer than in sentences. */
function pitch(sheet: Sheet, role: Role): number {
  return Math.round(1.52 * sheet.face(role).capital);
}

/** Rows between `top` and `bottom`. */
export function gridOf(sheet: Sheet, contest: Contest, top: number, bottom: number, foot: number): Grid {
  const columns = sheet.size < 2 ? 2 : 1;
  const nameLines = 1 + ((contest.twoLines >> sheet.size) & 1);
  const rowHeight = Math.max(
    72,
    nameLines * pitch(sheet, "body") + (contest.affiliations ? pitch(sheet, "caption") : 0) + 6,
    contest.photos ? photoHeight + 14 : 0,
  );
  const rows = Math.max(1, Math.floor((bottom - top + targetGap) / (rowHeight + targetGap)));
  return { top, columns, rowHeight, perPage: Math.min(rowsMax, rows * columns), foot };
}

/** A row's boxes as they were laid for one place. */
interface Frame {
  readonly items: Int32Array<ArrayBuffer>;
  readonly count: number;
  readonly left: number;
  readonly y: number;
}

type Look = "plain" | "chosen" | "pressed";

/**
 * What all rows of a list have alike: every choice is drawn by the same measures, however many digits its code and
 * however long its name.
 */
interface Measures {
  readonly width: number;
  readonly codeRole: Role;
  /** Of the badge with the code, and of a digit in it. */
  readonly badge: number;
  readonly badgeHeight: number;
  readonly digitHeight: number;
  readonly photoX: number;
  readonly textX: number;
  readonly textWidth: number;
  readonly namePitch: number;
  readonly nameRise: number;
  readonly captionPitch: number;
  readonly captionRise: number;
  /** Laid with the first row that looks so, copied for the others. */
  readonly frames: Partial<Record<Look, Frame>>;
}

function measuresOf(sheet: Sheet, contest: Contest, pack: ElectionPackage, { columns }: Grid): Measures {
  // codes ascend
  const last = pack.option(contest.id, (contest.options - 1) as OptionIndex).code;
  const codeRole: Role = last > 999 ? "caption-bold" : "body-bold";
  const digitHeight = sheet.face(codeRole).capital;
  const badge = Math.max(64, Math.ceil(String(last).length * digitWidth * digitHeight) + 10);
  const width = (screenWidth - 2 * margin - (columns - 1) * targetGap) / columns;
  const photoX = 14 + badge + 12;
  const textX = contest.photos ? photoX + photoWidth + 10 : photoX + 2;
  return {
    width,
    codeRole,
    badge,
    badgeHeight: Math.max(40, digitHeight + 18),
    digitHeight,
    photoX,
    textX,
    textWidth: width - 68 - textX,
    namePitch: pitch(sheet, "body"),
    nameRise: Math.round(1.2 * sheet.face("body").capital),
    captionPitch: pitch(sheet, "caption"),
    captionRise: Math.round(1.16 * sheet.face("caption").capital),
    frames: {},
  };
}

/** Rows fill from the leading edge, then down. */
export function layRows(
  sheet: Sheet,
  contest: Contest,
  options: readonly OptionIndex[],
  chosen: readonly OptionIndex[],
  pack: ElectionPackage,
  grid: Grid,
): void {
  const measures = sheet.keep(kept.rows, contest, grid, () => measuresOf(sheet, contest, pack, grid));
  for (let i = 0, n = options.length; i < n; i++) {
    const index = options[i]!;
    const isChosen = chosen.includes(index);
    if (sheet.begin(part + i, contest, index, isChosen, grid.top, grid.rowHeight))
      row(sheet, contest, index, isChosen, pack, grid, measures, i);
  }
}

function row(
  sheet: Sheet,
  contest: Contest,
  index: OptionIndex,
  chosen: boolean,
  pack: ElectionPackage,
  grid: Grid,
  measures: Measures,
  place: number,
): void {
  const { colors } = sheet;
  const { columns, rowHeight: height } = grid;
  const { width, badge } = measures;
  const x = columns === 1 || (place & 1) === 0 ? margin : margin + width + targetGap;
  const y = grid.top + (height + targetGap) * (columns === 1 ? place : place >> 1);
  const middle = y + (height >> 1);
  const id = rowIds[place]!;
  sheet.target(id, x, y, width, height, { do: "toggle", option: index });
  const look: Look = chosen ? "chosen" : sheet.isPressed(id) ? "pressed" : "plain";
  const left = sheet.left(x, width);
  const frame = measures.frames[look];
  if (frame === undefined) measures.frames[look] = layFrame(sheet, contest, measures, look, x, y, height);
  else sheet.copies(frame.items, frame.count, left - frame.left, y - frame.y);

  const option = pack.option(contest.id, index);
  const ink = chosen ? colors.onTint : colors.ink;
  sheet.runs(
    sheet.number(option.code, measures.codeRole),
    1,
    x + 14,
    badge,
    "center",
    middle + ((measures.digitHeight + 1) >> 1),
    0,
    chosen ? colors.surface : colors.ink,
  );
  if (contest.photos) sheet.photo(option.photo, x + measures.photoX, middle - photoHeight / 2);
  const name = sheet.packedLines(option.name, chosen ? "body-bold" : "body");
  const { affiliation } = option;
  const nameHeight = name.length * measures.namePitch;
  const textTop = y + ((height - nameHeight - (affiliation === undefined ? 0 : measures.captionPitch)) >> 1);
  const { textX, textWidth } = measures;
  sheet.runs(
    name[0]!,
    name.length,
    x + textX,
    textWidth,
    "start",
    textTop + measures.nameRise,
    measures.namePitch,
    ink,
  );
  if (affiliation !== undefined)
    sheet.runs(
      sheet.packedLines(affiliation, "caption")[0]!,
      1,
      x + textX,
      textWidth,
      "start",
      textTop + nameHeight + measures.captionRise,
      0,
      chosen ? colors.onTint : colors.inkSoft,
    );
}

/** The row itself, the badge of its code, the frame of its photo, the box for the mark. */
function layFrame(
  sheet: Sheet,
  contest: Contest,
  { width, badge, badgeHeight, photoX }: Measures,
  look: Look,
  x: number,
  y: number,
  height: number,
): Frame {
  const { colors } = sheet;
  const chosen = look === "chosen";
  const middle = y + (height >> 1);
  sheet.box(x, y, width, height, {
    fill: chosen ? colors.tint : look === "pressed" ? colors.badge : colors.surface,
    border: look === "plain" ? 2 : 4,
    borderColor: chosen ? colors.selected : look === "pressed" ? colors.ink : colors.line,
  });
  sheet.box(x + 14, middle - (badgeHeight >> 1), badge, badgeHeight, {
    fill: chosen ? colors.selected : colors.badge,
    radius: 8,
  });
  if (contest.photos) sheet.photoFrame(x + photoX, middle - photoHeight / 2);
  const boxX = x + width - 54;
  const boxY = middle - boxSide / 2;
  sheet.box(boxX, boxY, boxSide, boxSide, {
    fill: chosen ? colors.selected : colors.surface,
    border: 3,
    borderColor: chosen ? colors.onTint : colors.ink,
    radius: 8,
  });
  if (chosen) sheet.icon("check", boxX + 6, boxY + 6, 26, colors.surface);
  const count = 3 + (contest.photos ? 1 : 0) + (chosen ? 1 : 0);
  return { items: sheet.last(count), count, left: sheet.left(x, width), y };
}
