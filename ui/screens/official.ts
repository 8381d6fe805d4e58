// The officials' screens: the same parts, denser.

import type { ElectionPackage } from "../../firmware/election/types.js";
import type { Step, StepName } from "../../firmware/service/steps.js";
import type { OfficialAct, StationStatus, View } from "../../firmware/session/view.js";
import { type Place, screenWidth, targetGap } from "../place.js";
import type { Sheet } from "../sheet.js";
import type { TextKey } from "../text/key.js";
import { timeRuns } from "../text/stamp.js";
import {
  type Bar,
  backButton,
  barTop,
  buttonHeight,
  center,
  corner,
  cornerButtons,
  fitted,
  footer,
  forwardButton,
  frameParts,
  gapBlock,
  header,
  headerHeight,
  headline,
  labelled,
  layBar,
  margin,
  stack,
  statement,
  textBlock,
  titles,
} from "./frame.js";
import { cardBlock } from "./card.js";
import { castBlock } from "./casting.js";
import { pinDots, problemBox } from "./entry.js";
import { keypad } from "./keypad.js";

const parts = { typed: 16, problem: 17, tiles: 18, acts: 26, steps: 30 } as const;

function officialFrame(sheet: Sheet, foot: number): void {
  if (sheet.begin(frameParts.frame, foot)) {
    sheet.ground();
    header(sheet);
    footer(sheet, foot);
    corner(sheet, sheet.line("official.badge", "frame-bold"));
  }
  cornerButtons(sheet, sheet.colors.surface);
}

export function pinScreen(sheet: Sheet, view: Extract<View, { screen: "official-pin" }>): void {
  const bar: Bar = { back: backButton(sheet), forward: forwardButton(sheet, "official.pin-enter", { do: "confirm" }) };
  const foot = barTop(sheet, bar);
  officialFrame(sheet, foot);
  if (sheet.begin(frameParts.title, view.role)) titles(sheet, headline(sheet, `official.pin-${view.role}`), []);
  const top = headerHeight(sheet) + 16;
  if (sheet.begin(parts.typed, view.typed)) pinDots(sheet, view.typed, top);
  if (view.problem !== undefined && sheet.begin(parts.problem, view.problem))
    problemBox(
      sheet,
      sheet.lines(`message.${view.problem}.title`, "frame-bold"),
      "frame-bold",
      sheet.lines(`message.${view.problem}.note`, "frame"),
      top + 134,
      foot - 14,
    );
  keypad(sheet, top, foot - 14, { white: "none" });
  layBar(sheet, bar);
}

const destroying: readonly OfficialAct[] = ["close", "release", "end-session"];
const leading: readonly OfficialAct[] = ["open", "resume"];

export function menuScreen(
  sheet: Sheet,
  view: Extract<View, { screen: "official-menu" }>,
  pack: ElectionPackage | undefined,
): void {
  const bar: Bar = {
    back: backButton(sheet),
    forward: view.acts.includes("log-out")
      ? labelled(sheet, "log-out", "act.log-out", { do: "official", act: "log-out" }, "confirm", "forward")
      : undefined,
  };
  const foot = barTop(sheet, bar);
  officialFrame(sheet, foot);
  if (sheet.begin(frameParts.title, view.role, view.poll)) {
    const title =
      pack === undefined
        ? sheet.lines(`official.title-${view.role}`, "frame-bold")
        : sheet.lines("idle.station", "frame-bold", pack.election.station);
    titles(sheet, title, [sheet.line(`poll.${view.poll}`, "frame"), sheet.line("version", "frame")]);
  }
  const acts = view.acts.filter((act) => act !== "log-out");
  const actRows = Math.ceil(acts.length / 3);
  const actsTop = foot - actRows * (buttonHeight(sheet) + targetGap);
  tiles(sheet, view.status, `status.${view.poll}`, headerHeight(sheet) + targetGap, actsTop);
  if (sheet.begin(parts.acts, acts.join(" "), actsTop)) actButtons(sheet, acts, actsTop);
  layBar(sheet, bar);
}

const columnWidth = Math.floor((screenWidth - 2 * margin - 2 * targetGap) / 3);

/** Between a tile's number and what goes with it. */
const tileGap = 16;

function actButtons(sheet: Sheet, acts: readonly OfficialAct[], top: number): void {
  acts.forEach((act, i) => {
    const x = margin + (columnWidth + targetGap) * (i % 3);
    const y = top + (buttonHeight(sheet) + targetGap) * Math.floor(i / 3);
    const look = destroying.includes(act) ? "destroy" : leading.includes(act) ? "confirm" : "plain";
    sheet.button(
      `act.${act}`,
      x,
      y,
      columnWidth,
      buttonHeight(sheet),
      { label: sheet.line(`act.${act}`, "frame-bold"), look },
      { do: "official", act },
    );
  });
}

function tiles(sheet: Sheet, status: StationStatus, poll: TextKey, top: number, bottom: number): void {
  const height = Math.min(124, ((bottom - top) >> 1) - targetGap);
  const shown: readonly (readonly [TextKey, TextKey | undefined])[] = [
    ["status.ballots", undefined],
    ["status.paper", `paper.${status.paper}`],
    ["status.power", `power.${status.power}`],
    ["status.media", `media.${status.media}`],
    ["status.sync", `sync.${status.sync}`],
    ["status.polls", poll],
  ];
  shown.forEach(([label, value], i) => {
    if (!sheet.begin(parts.tiles + i, height, value, status.ballots, status.capacity)) return;
    const x = margin + (columnWidth + targetGap) * (i % 3);
    tile(sheet, x, top + (height + targetGap) * Math.floor(i / 3), columnWidth, height, label, value, status);
  });
}

function tile(
  sheet: Sheet,
  x: number,
  y: number,
  width: number,
  height: number,
  label: TextKey,
  value: TextKey | undefined,
  status: StationStatus,
): void {
  const inside = tileFrame(sheet, x, y, width, height, label);
  if (value !== undefined) sheet.text(value, "frame-bold", inside);
  else {
    const [ballots, capacity] = [
      sheet.line("number", "frame-bold", status.ballots),
      sheet.line("status.capacity", "frame", status.capacity),
    ];
    if (ballots.width + tileGap + capacity.width > inside.width) {
      const both = sheet.line("voting.count", "frame-bold", status.ballots, status.capacity);
      sheet.run(
        both.width <= inside.width ? both : sheet.line("voting.count", "mark", status.ballots, status.capacity),
        inside,
      );
    } else {
      sheet.run(ballots, inside);
      sheet.run(capacity, { ...inside, align: "end", color: sheet.colors.inkSoft });
    }
  }
}

/** A tile and its label; where its value stands. */
function tileFrame(sheet: Sheet, x: number, y: number, width: number, height: number, label: TextKey): Place {
  const { colors } = sheet;
  sheet.box(x, y, width, height, { fill: colors.surface, border: 2, borderColor: colors.line });
  const inside = { x: x + 14, width: width - 28 };
  const top = y + ((height - sheet.pitch("frame") - sheet.pitch("frame-bold")) >> 1);
  sheet.text(label, "frame", { ...inside, y: top + sheet.rise("frame"), color: colors.inkSoft });
  return { ...inside, y: top + sheet.pitch("frame") + sheet.rise("frame-bold") };
}

export function secondScreen(sheet: Sheet, view: Extract<View, { screen: "official-second" }>): void {
  const bar: Bar = { back: backButton(sheet) };
  const foot = barTop(sheet, bar);
  if (sheet.begin(frameParts.frame)) {
    sheet.ground();
    footer(sheet, foot);
  }
  const { problem, cards } = view;
  if (sheet.begin(frameParts.statement, view.waitsFor, view.act, cards, problem ?? ""))
    stack(
      fitted(
        ({ title, body }) => [
          cardBlock(sheet),
          gapBlock(20),
          textBlock(sheet, sheet.lines(`official.wait-${view.waitsFor}`, title), title),
          gapBlock(8),
          textBlock(sheet, sheet.lines(`act.${view.act}`, "frame-bold"), "frame-bold", {
            color: destroying.includes(view.act) ? sheet.colors.destroy : sheet.colors.ink,
          }),
          gapBlock(8),
          problem === undefined
            ? textBlock(
                sheet,
                cards > 1 ? sheet.lines("official.cards-left", body, cards) : sheet.lines("official.second-text", body),
                body,
              )
            : textBlock(sheet, sheet.lines(`message.${problem}.title`, "frame-bold"), "frame-bold", {
                color: sheet.colors.destroy,
              }),
        ],
        headerHeight(sheet),
        foot - 8,
      ),
      headerHeight(sheet),
      foot - 8,
    );
  layBar(sheet, bar);
  cornerButtons(sheet, sheet.colors.ground);
}

export function progressScreen(sheet: Sheet, view: Extract<View, { screen: "official-progress" }>): void {
  const { act, steps } = view;
  if (sheet.begin(frameParts.frame, steps.length > 0)) {
    sheet.ground();
    if (steps.length > 0) header(sheet);
  }
  if (steps.length === 0) {
    if (!sheet.begin(frameParts.statement, act)) return;
    return statement(sheet, ({ title, body }) => [
      textBlock(sheet, sheet.lines(`act.${act}`, title), title),
      gapBlock(8),
      textBlock(sheet, sheet.lines("progress.text", body), body),
    ]);
  }
  if (sheet.begin(frameParts.title, act)) titles(sheet, sheet.lines(`act.${act}`, "frame-bold"), []);
  const top = headerHeight(sheet) + 24;
  if (sheet.begin(frameParts.statement))
    sheet.text("step.leave-card", "frame", { ...center, y: top + sheet.rise("frame"), color: sheet.colors.inkSoft });
  const pitch = sheet.pitch("frame-bold") + 8;
  steps.forEach((each, i) => {
    if (sheet.begin(parts.steps + i, each.step, each.state, each.value))
      stepRow(sheet, each, top + (i + 1) * pitch + 16);
  });
}

const stepRowPlaces = {
  name: { x: 60, width: 520 },
  value: { x: 590, width: 140 },
  state: { x: 740, width: 224 },
} as const;

function stepRow(sheet: Sheet, { step, state, value }: Step, top: number): void {
  const { colors } = sheet;
  const color = state === "running" ? colors.inkSoft : state === "flagged" ? colors.destroy : colors.ink;
  const y = top + sheet.rise("frame-bold");
  sheet.text(`step.${step}`, "frame", { ...stepRowPlaces.name, y, color });
  if (value !== undefined) stepValue(sheet, step, value, y);
  sheet.text(`step-state.${state}`, state === "running" ? "frame" : "frame-bold", {
    ...stepRowPlaces.state,
    align: "end",
    y,
    color,
  });
}

function stepValue(sheet: Sheet, step: StepName, value: number, y: number): void {
  const { x: start, width } = stepRowPlaces.value;
  if (step !== "clock") return void sheet.text("number", "frame", { x: start, width, align: "center", y }, value);
  const runs = timeRuns(
    { digits: (digits) => sheet.digits(digits, "frame"), sign: (sign) => sheet.line(sign, "frame") },
    value,
  );
  let x = start + ((width - runs.reduce((sum, run) => sum + run.width, 0)) >> 1);
  // from left to right on the glass, which is from the end where the screen is mirrored
  for (const run of sheet.rtl ? runs.reverse() : runs) {
    sheet.run(run, { x, width: run.width, y });
    x += run.width;
  }
}

/** What a technician asks first; diagnostics are reached from here. */
export function serviceScreen(sheet: Sheet, { status, facts }: Extract<View, { screen: "official-service" }>): void {
  const bar: Bar = { back: backButton(sheet), forward: forwardButton(sheet, "awaits.key", { do: "next" }) };
  const foot = barTop(sheet, bar);
  officialFrame(sheet, foot);
  if (sheet.begin(frameParts.title))
    titles(sheet, sheet.lines("act.service", "frame-bold"), [sheet.line("version", "frame")]);
  const shown: readonly (readonly [TextKey, TextKey | number])[] = [
    ["status.station", facts.station],
    ["status.voids", facts.voids],
    ["status.journal", facts.journalRoom],
    ["status.media", `media.${status.media}`],
    ["status.paper", `paper.${status.paper}`],
    ["status.log", `log.${facts.deviceLog}`],
  ];
  const top = headerHeight(sheet) + targetGap;
  const height = Math.min(124, ((foot - top) >> 1) - targetGap);
  shown.forEach(([label, value], i) => {
    if (!sheet.begin(parts.tiles + i, value)) return;
    const x = margin + (columnWidth + targetGap) * (i % 3);
    const y = top + (height + targetGap) * Math.floor(i / 3);
    const inside = tileFrame(sheet, x, y, columnWidth, height, label);
    if (typeof value === "number") sheet.text("number", "frame-bold", inside, value);
    else sheet.text(value, "frame-bold", inside);
  });
  layBar(sheet, bar);
}

export function resultScreen(sheet: Sheet, view: Extract<View, { screen: "official-result" }>): void {
  const bar: Bar = { forward: forwardButton(sheet, "awaits.key", { do: "next" }) };
  const foot = barTop(sheet, bar);
  officialFrame(sheet, foot);
  if (sheet.begin(frameParts.title, view.act)) titles(sheet, sheet.lines(`act.${view.act}`, "frame-bold"), []);
  if (sheet.begin(frameParts.statement, view.status.ballots, view.status.capacity)) {
    const width = 400;
    stack(
      [
        castBlock(sheet),
        gapBlock(10),
        textBlock(sheet, sheet.lines("result.text", "body"), "body"),
        gapBlock(10),
        {
          height: 110,
          draw: (y) =>
            tile(
              sheet,
              center.x + ((center.width - width) >> 1),
              y,
              width,
              110,
              "status.ballots",
              undefined,
              view.status,
            ),
        },
      ],
      headerHeight(sheet),
      foot - 8,
    );
  }
  layBar(sheet, bar);
}
