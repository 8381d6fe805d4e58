// Choosing in a contest: what is asked, then the list of names, or a code typed, or a name searched for.

import { photoHeight, photoWidth } from "../../firmware/election/layout.js";
import type { Contest, ElectionPackage, OptionIndex } from "../../firmware/election/types.js";
import type { VotingView } from "../../firmware/session/view.js";
import { keyboard } from "../keyboard.js";
import { type Act, type ButtonContent, screenWidth } from "../place.js";
import type { Sheet } from "../sheet.js";
import type { Role } from "../text/faces.js";
import type { Run } from "../text/typesetter.js";
import {
  type Bar,
  type BarButton,
  type Block,
  type Scale,
  backButton,
  barTop,
  corner,
  cornerButtons,
  fitted,
  footer,
  forwardButton,
  frameParts,
  gapBlock,
  header,
  headerHeight,
  kept,
  labelled,
  layBar,
  margin,
  stack,
  textBlock,
  titleEnd,
  titles,
} from "./frame.js";
import { keypad } from "./keypad.js";
import { gridOf, layRows } from "./rows.js";

const gap = 12;
const parts = { typed: 30, found: 31 } as const;

/** `page`: of the list. */
export function listScreen(sheet: Sheet, view: VotingView, pack: ElectionPackage, wanted: number): void {
  const { contest } = view;
  const bar = sheet.keep(kept.bar, contest, view.blank, () => listBar(sheet, view));
  // as high as with pages in it, so that the list's measure does not depend on its own length
  const grid = sheet.keep(kept.grid, contest, bar, () => {
    const foot = barTop(sheet, bar, 99);
    return gridOf(sheet, contest, headerHeight(sheet) + 7, foot - 7, foot);
  });
  const pages = Math.max(1, Math.ceil(contest.options / grid.perPage));
  const page = Math.min(wanted, pages - 1);
  votingFrame(sheet, view, grid.foot);
  const first = page * grid.perPage;
  const options = sheet.keep(kept.options, grid, page, () =>
    Array.from({ length: Math.min(grid.perPage, contest.options - first) }, (_, i) => (first + i) as OptionIndex),
  );
  layRows(sheet, contest, options, view.chosen, pack, grid);
  layBar(sheet, bar, page, pages);
  cornerButtons(sheet, sheet.colors.surface);
}

function listBar(sheet: Sheet, { contest, blank, position }: VotingView): Bar {
  const others: BarButton[] = [labelled(sheet, "code", "voting.code", { do: "mode", mode: "code" }, "strong")];
  if (contest.options > searchFrom)
    others.push(labelled(sheet, "search", "voting.search", { do: "local-panel", panel: "search" }));
  if (contest.blankAllowed)
    others.push(labelled(sheet, "white", "voting.white", { do: "blank" }, blank ? "strong" : "plain"));
  return {
    back: position > 0 ? backButton(sheet) : undefined,
    others,
    forward: forwardButton(sheet, "voting.next", { do: "next" }),
  };
}

/** Fewer options are seen faster than typed. */
const searchFrom = 20;

/** Header and foot, with the title or why the last act changed nothing. */
function votingFrame(sheet: Sheet, view: VotingView, foot: number): void {
  const { contest } = view;
  if (sheet.begin(frameParts.frame, foot)) {
    sheet.ground();
    header(sheet);
    footer(sheet, foot);
  }
  if (sheet.begin(frameParts.title, contest, view.problem, view.blank)) {
    if (view.problem !== undefined) problem(sheet, view);
    else title(sheet, view);
  }
  count(sheet, view);
}

function count(sheet: Sheet, { contest, chosen }: VotingView): void {
  if (sheet.begin(frameParts.corner, contest, chosen.length))
    corner(sheet, sheet.line("voting.count", "frame-bold", chosen.length, contest.votesAllowed));
}

function title(sheet: Sheet, { contest, blank, position, of }: VotingView): void {
  const second: Run[] = [];
  if (blank) second.push(sheet.line("voting.blank-on", "frame"));
  else second.push(rule(sheet, contest, "frame"));
  if (of > 1) second.push(sheet.line("voting.part", "frame", position + 1, of));
  titles(sheet, sheet.packedLines(contest.heading, "frame-bold"), second);
}

function rule(sheet: Sheet, { kind, votesAllowed }: Contest, role: Role): Run {
  if (kind === "open-list") return sheet.line("voting.open-list", role, votesAllowed - 1);
  return votesAllowed === 1 ? sheet.line("voting.one", role) : sheet.line("voting.up-to", role, votesAllowed);
}

/** Why the last act changed nothing stands where the title was: it cannot be overlooked and hides no choice. */
function problem(sheet: Sheet, { problem: what, contest }: VotingView): void {
  const { colors } = sheet;
  const height = headerHeight(sheet);
  sheet.box(12, 8, titleEnd(sheet) - 12, height - 18, { fill: colors.warn, border: 2, borderColor: colors.warnLine });
  sheet.icon("notice-small", 26, (height - 34) >> 1, 32, colors.warnLine);
  const lines = sheet.lines(
    `problem.${what!}`,
    "mark",
    contest.kind === "open-list" ? contest.votesAllowed - 1 : contest.votesAllowed,
  );
  const pitch = sheet.pitch("mark") - 2;
  const first = ((height - 2 - lines.length * pitch) >> 1) + sheet.rise("mark");
  sheet.paragraph(lines, { x: 70, width: titleEnd(sheet) - 70, y: first }, pitch);
}

/** What is asked, before the list: once for each contest of a session. */
export function introScreen(sheet: Sheet, view: VotingView): void {
  const { contest } = view;
  const bar: Bar = {
    back: view.position > 0 ? backButton(sheet) : undefined,
    forward: forwardButton(sheet, "intro.start", { do: "local-start" }),
  };
  const foot = barTop(sheet, bar);
  if (sheet.begin(frameParts.frame)) {
    sheet.ground();
    footer(sheet, foot);
  }
  if (sheet.begin(frameParts.statement, contest)) {
    const blocks = ({ title: large, body }: Scale): Block[] => {
      const out: Block[] = [];
      if (view.of > 1)
        out.push(
          textBlock(sheet, sheet.lines("voting.part", body, view.position + 1, view.of), body, {
            color: sheet.colors.inkSoft,
          }),
          gapBlock(10),
        );
      out.push(
        textBlock(sheet, sheet.packedLines(contest.title, large === "title" ? "title" : "body-bold"), large),
        gapBlock(14),
        textBlock(sheet, [rule(sheet, contest, body)], body),
      );
      if (contest.options > searchFrom) out.push(textBlock(sheet, sheet.lines("intro.how", body), body));
      if (contest.blankAllowed) out.push(textBlock(sheet, sheet.lines("intro.blank", body), body));
      return out;
    };
    stack(fitted(blocks, headerHeight(sheet), foot - 8), headerHeight(sheet), foot - 8);
  }
  layBar(sheet, bar);
  cornerButtons(sheet, sheet.colors.ground);
}

const typedBox = { x: 28, width: 520 } as const;

export function codeScreen(sheet: Sheet, view: VotingView, pack: ElectionPackage): void {
  const { contest, found: index } = view;
  const bar: Bar = {
    back: backButton(sheet, "voting.list", { do: "mode", mode: "list" }),
    forward:
      view.typed !== ""
        ? forwardButton(sheet, "voting.enter", { do: "enter" })
        : forwardButton(sheet, "voting.next", { do: "next" }),
  };
  const foot = barTop(sheet, bar);
  votingFrame(sheet, view, foot);
  const top = headerHeight(sheet) + 16;
  const foundTop = top + 120 + 14;
  if (sheet.begin(parts.typed, view.typed)) typed(sheet, view.typed, top, 120);
  const chosen = index !== undefined && view.chosen.includes(index);
  if (sheet.begin(parts.found, contest, index, chosen)) {
    sheet.box(typedBox.x, foundTop, typedBox.width, foot - 14 - foundTop, {
      fill: sheet.colors.surface,
      border: 2,
      borderColor: sheet.colors.line,
    });
    if (index !== undefined) found(sheet, contest, index, chosen, pack, foundTop + 4, foot - 18);
  }
  keypad(sheet, top, foot - 14, { white: contest.blankAllowed ? (view.blank ? "chosen" : "free") : "none" });
  layBar(sheet, bar);
  cornerButtons(sheet, sheet.colors.surface);
}

function typed(sheet: Sheet, digits: string, top: number, height: number): void {
  const { colors } = sheet;
  sheet.box(typedBox.x, top, typedBox.width, height, { fill: colors.surface, border: 4, borderColor: colors.selected });
  if (digits === "") {
    sheet.text("voting.type-code", "frame", {
      ...typedBox,
      align: "center",
      y: top + ((height + sheet.face("frame").capital) >> 1),
      color: colors.inkSoft,
    });
    return;
  }
  const run = sheet.digits(digits, "code");
  // digits run left to right, and so does the cursor, in both languages
  const left = typedBox.x + ((typedBox.width - run.width - 16) >> 1);
  const baseline = top + ((height + sheet.face("code").capital) >> 1);
  sheet.run(run, { x: sheet.rtl ? left + 16 : left, width: run.width, y: baseline });
  sheet.box(sheet.rtl ? left : left + run.width + 10, baseline - 65, 6, 74, { fill: colors.focus, radius: 2 });
}

function found(
  sheet: Sheet,
  contest: Contest,
  index: OptionIndex,
  chosen: boolean,
  pack: ElectionPackage,
  top: number,
  bottom: number,
): void {
  const { colors } = sheet;
  const column = { x: typedBox.x + 20, width: typedBox.width - 40 };
  const option = pack.option(contest.id, index);
  const state: Role = chosen ? "frame-bold" : "frame";
  // a long name in large text is set smaller
  const room = bottom - top - sheet.pitch(state);
  const role: Role =
    sheet.packedLines(option.name, "body-bold", true).length * sheet.pitch("body-bold") <= room
      ? "body-bold"
      : "caption";
  const blocks: Block[] = [];
  if (option.photo !== undefined)
    blocks.push({
      height: photoHeight + 14,
      optional: true,
      draw: (y) => {
        const x = typedBox.x + ((typedBox.width - photoWidth) >> 1);
        sheet.photoFrame(x, y + 2);
        sheet.photo(option.photo, x, y + 2);
      },
    });
  blocks.push(textBlock(sheet, sheet.packedLines(option.name, role, true), role, column));
  if (option.affiliation !== undefined)
    blocks.push({
      ...textBlock(sheet, sheet.packedLines(option.affiliation, "caption", true), "caption", {
        ...column,
        color: colors.inkSoft,
      }),
      optional: true,
    });
  const said = textBlock(sheet, sheet.lines(chosen ? "voting.chosen" : "voting.press-take", state), state, {
    ...column,
    color: chosen ? colors.confirm : colors.ink,
  });
  // the button at the foot says it too
  blocks.push(gapBlock(8), { ...said, optional: true });
  stack(blocks, top, bottom);
}

/** What a search by name shows. */
export interface Search {
  readonly letters: string;
  readonly found: readonly OptionIndex[];
  readonly page: number;
}

const keyPart = 32;

export function searchScreen(
  sheet: Sheet,
  view: VotingView,
  pack: ElectionPackage,
  { letters, found: options, page: wanted }: Search,
): void {
  const { contest } = view;
  const bar: Bar = { back: backButton(sheet, "voting.list", { do: "local-panel", panel: undefined }) };
  const foot = barTop(sheet, bar, 99);
  const keyHeight = 60;
  const keysTop = foot - 3 * (keyHeight + gap);
  const grid = gridOf(sheet, contest, headerHeight(sheet) + 7, keysTop - gap + 2, foot);
  const pages = Math.max(1, Math.ceil(options.length / grid.perPage));
  const page = Math.min(wanted, pages - 1);
  const { colors } = sheet;
  if (sheet.begin(frameParts.frame)) {
    sheet.ground();
    header(sheet);
    footer(sheet, foot);
  }
  if (sheet.begin(frameParts.title, letters, view.problem)) {
    if (view.problem !== undefined) problem(sheet, view);
    else letterField(sheet, letters);
  }
  count(sheet, view);
  layRows(sheet, contest, options.slice(page * grid.perPage, (page + 1) * grid.perPage), view.chosen, pack, grid);
  if (options.length === 0 && letters !== "" && sheet.begin(parts.found))
    stack([textBlock(sheet, sheet.lines("search.none", "body"), "body")], grid.top, keysTop);
  keys(sheet, keysTop, keyHeight);
  layBar(sheet, bar, page, pages);
  cornerButtons(sheet, colors.surface);
}

function letterField(sheet: Sheet, letters: string): void {
  const { colors } = sheet;
  const height = headerHeight(sheet);
  const place = { x: margin, width: titleEnd(sheet) - margin };
  sheet.box(place.x, 10, place.width, height - 22, { fill: colors.surface, border: 4, borderColor: colors.selected });
  const baseline = (height - 2 + sheet.face("frame-bold").capital) >> 1;
  if (letters === "") {
    sheet.text("search.type", "frame", {
      x: place.x + 20,
      width: place.width - 40,
      y: baseline,
      color: colors.inkSoft,
    });
    return;
  }
  // letters run from the right in both languages
  const run = sheet.set.letters(letters, sheet.face("frame-bold"));
  const left = sheet.left(place.x, place.width) + place.width - 20 - run.width;
  sheet.run(run, { x: sheet.rtl ? screenWidth - left - run.width : left, width: run.width, y: baseline });
}

/** Each row's letters, which are the lines of one text, and what they do. */
const keyRows = (
  [
    ["search.keys-0", keyboard[0]],
    ["search.keys-1", keyboard[1]],
    ["search.keys-2", keyboard[2]],
  ] as const
).map(([text, row], r) => ({
  text,
  keys: Array.from(row, (letter, column) => ({
    id: `letter.${r}.${column}`,
    act: { do: "local-letter", letter } as const,
  })),
}));
const takeBack: Act = { do: "local-letter", letter: "" };

/** A row is one part: a finger is on one key of it at a time, and most touches find the others as they are. */
function keys(sheet: Sheet, top: number, height: number): void {
  const columns = keyboard[0].length;
  const width = Math.floor((screenWidth - 2 * margin - (columns - 1) * gap) / columns);
  for (let r = 0; r < keyRows.length; r++) {
    if (!sheet.begin(keyPart + r, top)) continue;
    const { text, keys: row } = keyRows[r]!;
    const labels = sheet.lines(text, "frame-bold");
    const y = top + r * (height + gap);
    // each row begins half a key further in; the keyboard is not mirrored
    let left = margin + ((r * (width + gap)) >> 1);
    const put = (id: string, wide: number, content: ButtonContent, act: Act): void => {
      sheet.button(id, sheet.rtl ? screenWidth - left - wide : left, y, wide, height, content, act);
      left += wide + gap;
    };
    for (let i = 0; i < row.length; i++) {
      const { id, act } = row[i]!;
      put(id, width, { label: labels[i]! }, act);
    }
    if (r === keyRows.length - 1)
      put(
        "letter.back",
        2 * width + gap,
        { label: sheet.line("voting.correct", "frame-bold"), look: "destroy" },
        takeBack,
      );
  }
}
