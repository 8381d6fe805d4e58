// Choosing: from a list of names, or by typing a code.

import type { Contest, ElectionPackage, OptionIndex } from "../../firmware/election/types.js";
import type { VotingView } from "../../firmware/session/view.js";
import { colors } from "../render/colors.js";
import type { Sheet } from "../sheet.js";
import type { TextKey } from "../strings.js";
import type { Run } from "../text/typesetter.js";
import { backButton, buttonHeight, corner, footer, footerButtonTop, forwardButton, frameParts, header, languageButton, titles } from "./frame.js";
import { keypad } from "./keypad.js";

export const rowsPerPage = 10;
const rowTop = 91;
const rowHeight = 72;
const rowPitch = 84;
const rowWidth = 486;

/** rows: one for each row. The rest is the list's footer, and what stands beside the keypad. */
const parts = { row: 16, page: 34, code: 35, white: 36, typed: 26, found: 27 } as const;
const rowIds = Array.from({ length: rowsPerPage }, (_, i) => `row.${i}`);

export function votingScreen(sheet: Sheet, view: VotingView, pack: ElectionPackage): void {
  if (sheet.begin(frameParts.frame)) {
    sheet.ground();
    header(sheet);
    footer(sheet);
  }
  const { contest } = view;
  if (sheet.begin(frameParts.title, contest, view.problem, view.blank)) {
    if (view.problem !== undefined) problem(sheet, `problem.${view.problem}`, contest.votesAllowed);
    else title(sheet, view);
  }
  if (sheet.begin(frameParts.corner, contest, view.chosen.length)) corner(sheet, sheet.set.line("voting.count", "body-bold", sheet.language, view.chosen.length, contest.votesAllowed));
  if (view.mode === "list") list(sheet, view, pack);
  else byCode(sheet, view, pack);
}

function title(sheet: Sheet, { contest, blank, position, of }: VotingView): void {
  const { set, language } = sheet;
  const second: Run[] = [];
  if (blank) second.push(set.line("voting.blank-on", "body-bold", language));
  else if (contest.votesAllowed === 1) second.push(set.line("voting.one", "caption", language));
  else second.push(set.line("voting.up-to", "caption", language, contest.votesAllowed));
  if (of > 1) second.push(set.line("voting.part", "caption", language, position + 1, of));
  titles(sheet, set.packed(contest.title, "body-bold"), second);
}

/** Why the last act changed nothing stands where the title was: it cannot be overlooked and hides no choice. */
function problem(sheet: Sheet, key: TextKey, votesAllowed: number): void {
  sheet.box(12, 8, 668, 68, { fill: colors.warn, border: 2, borderColor: colors.warnLine });
  sheet.icon("notice-small", 26, 26, 32, colors.warnLine);
  const lines = sheet.set.lines(key, "caption-bold", sheet.language, votesAllowed);
  const first = lines.length > 1 ? 36 : 51;
  lines.forEach((run, i) => sheet.run(run, { x: 70, width: run.width, y: first + 29 * i }));
}

function list(sheet: Sheet, view: VotingView, pack: ElectionPackage): void {
  const { contest, first } = view;
  for (let i = 0; i < view.shown; i++) {
    const index = (first + i) as OptionIndex;
    const chosen = view.chosen.includes(index);
    if (sheet.begin(parts.row + i, contest, index, chosen)) row(sheet, contest, index, chosen, pack, i);
  }
  if (view.position > 0) backButton(sheet, 144);
  if (view.pages > 1 && sheet.begin(parts.page, view.page, view.pages)) {
    const y = footerButtonTop;
    if (view.page > 0)
      sheet.button("page.before", 176, y, 60, buttonHeight, undefined, { do: "page", page: view.page - 1 }, { icon: "triangle-up", behind: colors.surface });
    sheet.text("voting.page", "caption", { x: 240, width: 132, align: "center", y: y + 42 }, view.page + 1, view.pages);
    if (view.page + 1 < view.pages)
      sheet.button("page.after", 376, y, 60, buttonHeight, undefined, { do: "page", page: view.page + 1 }, { icon: "triangle-down", behind: colors.surface });
  }
  if (sheet.begin(parts.code)) sheet.button("code", 448, footerButtonTop, 146, buttonHeight, "voting.code", { do: "mode", mode: "code" }, { look: "strong", behind: colors.surface });
  if (contest.blankAllowed && sheet.begin(parts.white, view.blank))
    sheet.button("white", 606, footerButtonTop, 110, buttonHeight, "voting.white", { do: "blank" }, { look: view.blank ? "strong" : "plain", behind: colors.surface });
  languageButton(sheet, 728, footerButtonTop);
  forwardButton(sheet, 198, "voting.next", { do: "next" });
}

/** Code, name, list, check box; every row the same. Rows fill from the leading edge, then down. */
function row(sheet: Sheet, contest: Contest, index: OptionIndex, chosen: boolean, pack: ElectionPackage, place: number): void {
  const option = pack.option(contest.id, index);
  const x = 20 + 498 * (place % 2);
  const y = rowTop + rowPitch * Math.floor(place / 2);
  const id = rowIds[place]!;
  sheet.target(id, x, y, rowWidth, rowHeight, { do: "toggle", option: index });
  const pressed = sheet.isPressed(id);
  sheet.box(x, y, rowWidth, rowHeight, {
    fill: chosen ? colors.selectedTint : pressed ? colors.badge : colors.surface,
    border: chosen || pressed ? 4 : 2,
    borderColor: chosen ? colors.selected : pressed ? colors.ink : colors.line,
  });
  const code = sheet.set.digits(String(option.code), option.code > 999 ? "caption-bold" : "body-bold", sheet.language);
  const codeWidth = Math.max(64, code.width + 20);
  sheet.box(x + 14, y + 16, codeWidth, 40, { fill: chosen ? colors.selected : colors.badge, radius: 8 });
  sheet.run(code, {
    x: x + 14, width: codeWidth, align: "center", y: y + (option.code > 999 ? 45 : 47), color: chosen ? colors.surface : colors.ink,
  });
  const textX = x + 14 + codeWidth + 14;
  sheet.packed(option.name, chosen ? "body-bold" : "body", { x: textX, width: x + 418 - textX, y: y + (option.affiliation === undefined ? 46 : 32) });
  if (option.affiliation !== undefined)
    sheet.packed(option.affiliation, "caption", { x: textX, width: x + 418 - textX, y: y + 60, color: colors.inkSoft });
  sheet.box(x + rowWidth - 54, y + 17, 38, 38, { fill: chosen ? colors.selected : colors.surface, border: 3, borderColor: chosen ? colors.selected : colors.ink, radius: 8 });
  if (chosen) sheet.icon("check", x + rowWidth - 48, y + 23, 26, colors.surface);
}

function byCode(sheet: Sheet, view: VotingView, pack: ElectionPackage): void {
  const { contest, found: index } = view;
  if (sheet.begin(parts.typed, view.typed)) typed(sheet, view.typed);
  const chosen = index !== undefined && view.chosen.includes(index);
  if (sheet.begin(parts.found, contest, index, chosen)) {
    sheet.box(28, 270, 520, 218, { fill: colors.surface, border: 2, borderColor: colors.line });
    if (index !== undefined) found(sheet, contest, index, chosen, pack);
  }
  keypad(sheet, { white: contest.blankAllowed ? (view.blank ? "chosen" : "free") : "none" });
  backButton(sheet, 210, "voting.list", { do: "mode", mode: "list" });
  languageButton(sheet, 682, footerButtonTop);
  if (view.typed !== "") forwardButton(sheet, 232, "voting.enter", { do: "enter" });
  else forwardButton(sheet, 232, "voting.next", { do: "next" });
}

function typed(sheet: Sheet, digits: string): void {
  sheet.box(28, 104, 520, 150, { fill: colors.surface, border: 4, borderColor: colors.selected });
  if (digits === "") {
    sheet.text("voting.type-code", "body", { x: 28, width: 520, align: "center", y: 190, color: colors.inkSoft });
    return;
  }
  const run = sheet.set.digits(digits, "code-bold", sheet.language);
  // digits run left to right, and so does the cursor, in both languages
  const left = Math.floor(28 + (520 - run.width - 16) / 2);
  sheet.run(run, { x: sheet.rtl ? left + 16 : left, width: run.width, y: 207 });
  sheet.box(sheet.rtl ? left : left + run.width + 10, 142, 6, 74, { fill: colors.focus, radius: 2 });
}

function found(sheet: Sheet, contest: Contest, index: OptionIndex, chosen: boolean, pack: ElectionPackage): void {
  const option = pack.option(contest.id, index);
  sheet.packed(option.name, "large-bold", { x: 52, width: 472, y: 340 });
  if (option.affiliation !== undefined) sheet.packed(option.affiliation, "caption", { x: 52, width: 472, y: 388, color: colors.inkSoft });
  if (chosen) {
    sheet.icon("check-small", 52, 428, 20, colors.confirm);
    sheet.text("voting.chosen", "caption-bold", { x: 82, width: 440, y: 446, color: colors.confirm });
  } else sheet.text("voting.press-take", "caption", { x: 52, width: 472, y: 446 });
}
