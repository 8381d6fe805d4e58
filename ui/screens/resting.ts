// Screens without a ballot: starting, idle, messages, waiting for a card or for a person.

import type { ElectionPackage } from "../../firmware/election/types.js";
import type { MessageCode } from "../../firmware/messages.js";
import type { View } from "../../firmware/session/view.js";
import { screenHeight, screenWidth } from "../place.js";
import type { Sheet } from "../sheet.js";
import {
  type Block,
  type Scale,
  buttonHeight,
  center,
  codeBlock,
  cornerButtons,
  fitted,
  footer,
  frameParts,
  gapBlock,
  headerHeight,
  stack,
  statement,
  textBlock,
} from "./frame.js";
import { cardBlock } from "./card.js";
import { countdownBlock } from "./casting.js";

/** The foot of screens that have no buttons there but a state. */
function footTop(sheet: Sheet): number {
  return screenHeight - buttonHeight(sheet) - 26;
}

export function startingScreen(sheet: Sheet): void {
  if (!sheet.begin(frameParts.frame)) return;
  sheet.ground();
  statement(sheet, ({ title, body }) => [
    textBlock(sheet, sheet.lines("starting.title", title), title),
    gapBlock(12),
    textBlock(sheet, sheet.lines("starting.text", body), body),
  ]);
}

/** A card is being read: a moment at which nothing is to be done but to leave it where it is. */
export function readingScreen(sheet: Sheet): void {
  if (!sheet.begin(frameParts.frame)) return;
  sheet.ground();
  statement(sheet, ({ title, body }) => [
    cardBlock(sheet),
    gapBlock(24),
    textBlock(sheet, sheet.lines("reading.title", title), title),
    gapBlock(8),
    textBlock(sheet, sheet.lines("reading.text", body), body, { color: sheet.colors.inkSoft }),
  ]);
}

export function idleScreen(
  sheet: Sheet,
  view: Extract<View, { screen: "idle" }>,
  pack: ElectionPackage | undefined,
): void {
  const foot = footTop(sheet);
  if (sheet.begin(frameParts.frame)) {
    sheet.ground();
    sheet.box(0, foot, screenWidth, 2, { fill: sheet.colors.ink, radius: 0 });
  }
  if (sheet.begin(frameParts.statement, view.poll, view.warning)) invitation(sheet, view, pack);
  if (sheet.begin(frameParts.bar, view.poll)) state(sheet, view, pack, foot);
  cornerButtons(sheet, sheet.colors.ground);
}

function invitation(sheet: Sheet, view: Extract<View, { screen: "idle" }>, pack: ElectionPackage | undefined): void {
  const open = view.poll === "open";
  const blocks = ({ title, body }: Scale): Block[] => {
    const out: Block[] = [];
    if (pack !== undefined)
      out.push({ ...textBlock(sheet, sheet.packedLines(pack.election.title, "body"), "body"), optional: true });
    if (open) out.push(gapBlock(14), cardBlock(sheet));
    out.push(
      gapBlock(18),
      textBlock(sheet, sheet.lines(open ? "idle.title" : "idle.closed", title), title),
      textBlock(sheet, sheet.lines(open ? "idle.other" : "idle.closed-other", body), body, {
        color: sheet.colors.inkSoft,
      }),
    );
    if (view.warning !== undefined) out.push(gapBlock(10), warningBlock(sheet, view.warning));
    return out;
  };
  stack(fitted(blocks, headerHeight(sheet), footTop(sheet) - 8), headerHeight(sheet), footTop(sheet) - 8);
}

function warningBlock(sheet: Sheet, code: MessageCode): Block {
  const run = sheet.line(`message.${code}.title`, "frame-bold");
  const width = run.width + 116;
  const x = (screenWidth - width) >> 1;
  return {
    height: 66,
    draw: (y) => {
      const { colors } = sheet;
      sheet.box(x, y, width, 66, { fill: colors.warn, border: 2, borderColor: colors.warnLine });
      sheet.icon("notice-small", x + 22, y + 17, 32, colors.warnLine);
      sheet.run(run, { x: x + 70, width: run.width, y: y + ((66 + sheet.face("frame-bold").capital) >> 1) });
    },
  };
}

/** State of the polls, the station, and that nothing here is on the air. */
function state(
  sheet: Sheet,
  view: Extract<View, { screen: "idle" }>,
  pack: ElectionPackage | undefined,
  top: number,
): void {
  const { colors } = sheet;
  const middle = top + ((screenHeight - top) >> 1);
  const baseline = middle + (sheet.face("frame").capital >> 1);
  sheet.box(28, middle - 9, 18, 18, { fill: view.poll === "open" ? colors.confirm : colors.destroy, radius: 9 });
  sheet.text(`poll.${view.poll}`, "frame", { x: 56, width: 420, y: baseline });
  if (pack !== undefined) sheet.text("idle.station", "frame", { ...center, y: baseline }, pack.election.station);
  const radio = sheet.line("idle.radio-off", "frame");
  sheet.run(radio, { x: 996 - 30 - radio.width, width: radio.width, y: baseline });
  sheet.icon("radio-off", 996 - 20, middle - 10, 20, colors.ink);
}

export function messageScreen(
  sheet: Sheet,
  view: Extract<View, { screen: "message" }>,
  tone: "notice" | "fault" | "good",
): void {
  const top = footTop(sheet);
  if (sheet.begin(frameParts.frame)) {
    sheet.ground();
    footer(sheet, top);
  }
  if (sheet.begin(frameParts.statement, view.code)) explanation(sheet, view, tone, top);
  if (sheet.begin(frameParts.bar, view.awaits)) awaited(sheet, view.awaits, top);
  cornerButtons(sheet, sheet.colors.ground);
}

function explanation(
  sheet: Sheet,
  { code, codes = [] }: Extract<View, { screen: "message" }>,
  tone: "notice" | "fault" | "good",
  bottom: number,
): void {
  const { colors } = sheet;
  const picture: Block = {
    height: 124,
    optional: true,
    draw: (y) => {
      if (tone === "fault") {
        sheet.icon("warning-fill", 450, y, 124, colors.warn);
        sheet.icon("warning-line", 450, y, 124, colors.warnLine);
      } else {
        sheet.icon("notice-fill", 452, y, 120, colors.tint);
        sheet.icon("notice-line", 452, y, 120, tone === "good" ? colors.confirm : colors.onTint);
      }
    },
  };
  const top = sheet.size < 2 ? 30 : headerHeight(sheet) - 16;
  stack(
    fitted(
      ({ title, body }) => [
        picture,
        gapBlock(14),
        textBlock(sheet, sheet.lines(`message.${code}.title`, title), title),
        gapBlock(8),
        textBlock(sheet, sheet.lines(`message.${code}.text`, body), body),
        gapBlock(4),
        ...codes.map((groups) => codeBlock(sheet, groups, "frame-bold")),
        textBlock(sheet, sheet.lines(`message.${code}.note`, "frame"), "frame", { color: colors.inkSoft }),
      ],
      top,
      bottom - 6,
    ),
    top,
    bottom - 6,
  );
}

function awaited(sheet: Sheet, awaits: Extract<View, { screen: "message" }>["awaits"], top: number): void {
  if (awaits === "nothing") return;
  const { colors } = sheet;
  const run = sheet.line(`awaits.${awaits}`, "frame-bold");
  const width = Math.max(220, run.width + 60);
  const x = (screenWidth - width) >> 1;
  const [y, height] = [top + 13, buttonHeight(sheet)];
  if (awaits === "key")
    sheet.button("key", x, y, width, height, { label: run, look: "confirm", behind: colors.surface }, { do: "here" });
  else {
    // not a button: it says whose turn it is
    sheet.box(x, y, width, height, { fill: colors.tint, border: 2, borderColor: colors.selected });
    sheet.run(run, {
      x,
      width,
      align: "center",
      y: y + ((height + sheet.face("frame-bold").capital) >> 1),
      color: colors.onTint,
    });
  }
}

export function inactiveScreen(sheet: Sheet, secondsLeft: number, seconds: number): void {
  const run = sheet.line("inactive.go-on", "frame-bold");
  const width = Math.max(320, run.width + 80);
  const height = buttonHeight(sheet) + 20;
  const top = screenHeight - height - 40;
  const blocks = ({ title, body }: Scale): Block[] => [
    textBlock(sheet, sheet.lines("inactive.title", title), title),
    gapBlock(6),
    textBlock(sheet, sheet.lines("inactive.text", body), body),
    gapBlock(14),
  ];
  withCountdown(sheet, blocks, secondsLeft, seconds, headerHeight(sheet) - 12, top - 10);
  if (sheet.begin(frameParts.bar))
    sheet.button(
      "here",
      (screenWidth - width) >> 1,
      top,
      width,
      height,
      { label: run, look: "confirm" },
      { do: "here" },
    );
}

export function parkedScreen(sheet: Sheet, secondsLeft: number, seconds: number): void {
  const blocks = ({ title, body }: Scale): Block[] => [
    cardBlock(sheet),
    gapBlock(10),
    textBlock(sheet, sheet.lines("parked.title", title), title),
    gapBlock(6),
    textBlock(sheet, sheet.lines("parked.text", body), body),
    gapBlock(14),
  ];
  withCountdown(sheet, blocks, secondsLeft, seconds, headerHeight(sheet) - 12, screenHeight - 20);
}

/** The statement once, the countdown beneath it every second. */
function withCountdown(
  sheet: Sheet,
  make: (scale: Scale) => readonly Block[],
  secondsLeft: number,
  seconds: number,
  top: number,
  bottom: number,
): void {
  const blocks = fitted(make, top, bottom - sheet.pitch("key"));
  let textHeight = 0;
  for (const block of blocks) if (block.optional !== true) textHeight += block.height;
  const countdown = countdownBlock(sheet, secondsLeft, seconds, sheet.colors.focus, bottom - top - textHeight);
  const place = stackPlace([...blocks, countdown], top, bottom);
  if (sheet.begin(frameParts.frame)) {
    sheet.ground();
    stack([...blocks, { ...countdown, draw: () => undefined }], top, bottom);
  }
  countdown.draw(place);
}

/** Where the last block of a stack comes to stand. */
function stackPlace(blocks: readonly Block[], top: number, bottom: number): number {
  let last = top;
  stack(
    [
      ...blocks.slice(0, -1).map((block) => ({ ...block, draw: () => undefined })),
      { ...blocks[blocks.length - 1]!, draw: (y: number) => void (last = y) },
    ],
    top,
    bottom,
  );
  return last;
}
