// Rows of options, every one the same: code, name, list, check box. How many fit on a page follows from the size of text and from what the contest's
// names need.

import { photoHeight, photoWidth } from "../../firmware/election/layout.js";
import type { Contest, ElectionPackage, OptionIndex } from "../../firmware/election/types.js";
import { type Sheet, screenWidth, targetGap } from "../sheet.js";
import type { Role } from "../text/faces.js";
import { kept, margin } from "./frame.js";

const rowsMax = 12;
const rowIds = Array.from({ length: rowsMax }, (_, i) => `row.${i}`);
/** The first row's part. */
const part = 16;
const boxSide = 38;

/** The widest digit of both languages, a Persian 3, in heights of a capital. */
const digitWidth = 0.96;

/** How the codes of a contest are set: each alike, however many digits it has. */
interface Codes {
  readonly role: Role;
  readonly badge: number;
}

function codesOf(sheet: Sheet, contest: Contest, pack: ElectionPackage): Codes {
  // they ascend
  const last = pack.option(contest.id, (contest.options - 1) as OptionIndex).code;
  const role: Role = last > 999 ? "caption-bold" : "body-bold";
  return { role, badge: Math.max(64, Math.ceil(String(last).length * digitWidth * sheet.face(role).capital) + 10) };
}

export interface Grid {
  readonly top: number;
  readonly columns: number;
  readonly rowHeight: number;
  /** Rows of a page, in all columns. */
  readonly perPage: number;
}

/** Lines in rows stand a little closer than in sentences. */
function pitch(sheet: Sheet, role: Role): number {
  return Math.round(1.52 * sheet.face(role).capital);
}

/** Rows between `top` and `bottom`. */
export function gridOf(sheet: Sheet, contest: Contest, top: number, bottom: number): Grid {
  const columns = sheet.size < 2 ? 2 : 1;
  const nameLines = 1 + ((contest.twoLines >> sheet.size) & 1);
  const rowHeight = Math.max(72, nameLines * pitch(sheet, "body") + (contest.affiliations ? pitch(sheet, "caption") : 0) + 6, contest.photos ? photoHeight + 14 : 0);
  const rows = Math.max(1, Math.floor((bottom - top + targetGap) / (rowHeight + targetGap)));
  return { top, columns, rowHeight, perPage: Math.min(rowsMax, rows * columns) };
}

/** Rows fill from the leading edge, then down. */
export function layRows(sheet: Sheet, contest: Contest, options: readonly OptionIndex[], chosen: readonly OptionIndex[], pack: ElectionPackage, grid: Grid): void {
  for (let i = 0, n = options.length; i < n; i++) {
    const index = options[i]!;
    const isChosen = chosen.includes(index);
    if (sheet.begin(part + i, contest, index, isChosen, grid.top, grid.rowHeight)) row(sheet, contest, index, isChosen, pack, grid, i);
  }
}

function row(sheet: Sheet, contest: Contest, index: OptionIndex, chosen: boolean, pack: ElectionPackage, grid: Grid, place: number): void {
  const { colors } = sheet;
  const option = pack.option(contest.id, index);
  const width = (screenWidth - 2 * margin - (grid.columns - 1) * targetGap) / grid.columns;
  const x = margin + (width + targetGap) * (place % grid.columns);
  const y = grid.top + (grid.rowHeight + targetGap) * Math.floor(place / grid.columns);
  const height = grid.rowHeight;
  const id = rowIds[place]!;
  sheet.target(id, x, y, width, height, { do: "toggle", option: index });
  const pressed = sheet.isPressed(id);
  sheet.box(x, y, width, height, {
    fill: chosen ? colors.tint : pressed ? colors.badge : colors.surface,
    border: chosen || pressed ? 4 : 2,
    borderColor: chosen ? colors.selected : pressed ? colors.ink : colors.line,
  });
  const ink = chosen ? colors.onTint : colors.ink;
  const { role, badge: badgeWidth } = sheet.keep(kept.codes, contest, undefined, () => codesOf(sheet, contest, pack));
  const code = sheet.digits(String(option.code), role);
  const { capital } = sheet.face(role);
  const badgeHeight = Math.max(40, capital + 18);
  const middle = y + Math.floor(height / 2);
  sheet.box(x + 14, middle - Math.floor(badgeHeight / 2), badgeWidth, badgeHeight, { fill: chosen ? colors.selected : colors.badge, radius: 8 });
  sheet.run(code, { x: x + 14, width: badgeWidth, align: "center", y: middle + Math.ceil(capital / 2), color: chosen ? colors.surface : colors.ink });

  const photoX = x + 14 + badgeWidth + 12;
  if (contest.photos) sheet.photo(option.photo, photoX, middle - photoHeight / 2);
  const textX = contest.photos ? photoX + photoWidth + 10 : photoX + 2;
  const textWidth = x + width - 68 - textX;
  const name = sheet.packedLines(option.name, chosen ? "body-bold" : "body");
  const namePitch = pitch(sheet, "body");
  const text = name.length * namePitch + (option.affiliation === undefined ? 0 : pitch(sheet, "caption"));
  const textTop = y + Math.floor((height - text) / 2);
  sheet.paragraph(name, { x: textX, width: textWidth, y: textTop + Math.round(1.2 * sheet.face("body").capital), color: ink }, namePitch);
  if (option.affiliation !== undefined)
    sheet.run(sheet.packedLines(option.affiliation, "caption")[0]!, {
      x: textX, width: textWidth, y: textTop + name.length * namePitch + Math.round(1.16 * sheet.face("caption").capital), color: chosen ? colors.onTint : colors.inkSoft,
    });

  const boxX = x + width - 54;
  const boxY = middle - boxSide / 2;
  sheet.box(boxX, boxY, boxSide, boxSide, { fill: chosen ? colors.selected : colors.surface, border: 3, borderColor: chosen ? colors.onTint : colors.ink, radius: 8 });
  if (chosen) sheet.icon("check", boxX + 6, boxY + 6, 26, colors.surface);
}
