// Instructions of work on the emulated board, {name, value, unit}, and the goal where there is one. A count is exact
// and the same in every run; what waits (for flash, for the printer, for people) is not in it. npx sandogh bench
// --target board.

import { settingsAtRest } from "../../firmware/settings.js";
import { authorityKey, pack, packageBytes, shown } from "../../test/ui/views.js";
import { boardSizes } from "../../tools/build/board.js";
import { measureCandidates } from "./candidates.js";
import { boardDay } from "./day.js";
import type { Day } from "./day.js";
import { type Figure, writeFigures } from "./figures.js";
import { between, firstPart, median } from "./parts.js";
import { profileDay } from "./profile.js";
import { Trial } from "./trial.js";

const ballots = 3;
const stored = 3000;
const candidates = 3000;
/** The count of many ballots follows from two counts of fewer: opening and verifying costs each ballot the same. */
const countedFew = 100;
const countedMany = 300;

/** 0.5 s, the most that any input may be without an answer. */
const responseGoal = 80e6;

/** The board at one instruction a cycle and 160 MHz. */
const goals: Readonly<Record<string, number>> = {
  image: 1.65 * 1024 * 1024,
  "boot to idle, no ballot stored": 100e6,
  "boot to idle, 3000 ballots stored": 165e6,
  "card: channel, certificate and right verified": 24e6,
  cast: 9e6,
  "cast/vault": 9e6,
  "tap to first changed pixel, median": 1e6,
  "tap to first changed pixel, worst": responseGoal,
  "key to first changed pixel, worst": responseGoal,
  "open and count, 3000 ballots": 17e9,
  "heap, peak, 3000 candidates": 2.5 * 1024 * 1024,
};
const paintGoal = 4e6;

/** Called within a cast's steps, or of one name with them: the slip and its printing. */
const notTheVault = ["body", "print", "#act", "feed", "inChannel"];
/** What is done with a card, without the reader's line. */
const cardFunctions = ["identify", "in", "open", "select", "shake", "command", "read", "#prove", "certificateOf"];
/** Functions of a cast, by what they are for; what they call is theirs. */
const parts: Readonly<Record<string, readonly string[]>> = {
  vault: ["prepare", "commit", "spend", "blank"],
  encode: ["encodeBallot"],
  seal: ["seal"],
  sign: ["sign"],
  flash: ["programOne"],
  journal: ["append"],
  screens: ["show"],
  "slip rendering": ["bandsOf", "pictures", "draw"],
  "serial lines": ["onReadable"],
};
/** Those that say most of why a cast takes what it does. */
const purposesShown: readonly string[] = ["serial lines", "screens", "slip rendering", "vault"];
/** The engine's functions that collect garbage. */
const collects = /^fx(Collect|Mark|Sweep)/;

function millions(instructions: number): string {
  return `${(instructions / 1e6).toFixed(1)} M`;
}

/** Opening and counting, without what is asked of the officials' cards and without the printing of the results. */
async function countOf(many: number): Promise<number> {
  const { doneIn } = await profileDay({ ballots: 0, stored: many, count: true });
  return doneIn(["countBallots"]);
}

/** Prints all figures; writes the table when asked to. */
export async function benchBoard(tell: (figure: object) => void, write: boolean): Promise<void> {
  const figures: Figure[] = [];
  /** `why`: the measured reason, where a goal is missed. */
  const report = (name: string, value: number, unit = "instructions", goal = goals[name], why?: string): void => {
    const figure: Figure = {
      name,
      value: Math.round(value),
      unit,
      ...(goal === undefined ? {} : { goal }),
      ...(why === undefined || goal === undefined || value <= goal ? {} : { why }),
    };
    figures.push(figure);
    const { why: _, ...line } = figure;
    tell({ ...line, ...(goal === undefined ? {} : { times: Math.round((100 * value) / goal) / 100 }) });
  };
  const sizes = boardSizes();
  for (const [name, value] of Object.entries<number>({ ...sizes })) report(`image/${name}`, value, "bytes");
  report("image", sizes.text + sizes.data + sizes.byteCode + sizes.textBundle, "bytes");

  const day = await boardDay({ ballots });
  const { marks } = day;
  report("boot to idle, an election's first start", marks.find((mark) => mark.line === "screen idle")?.work ?? NaN);
  report("polls opened, with tests and zero report", firstPart(marks, "screen official-acting", "polls open"));
  // the first card: its desk is not known yet, and is verified too
  const firstBallot = marks.findIndex(({ line }) => line === "screen voting");
  const [cardFrom, cardTo] = between(marks.slice(0, firstBallot + 1), "screen reading", "screen voting");
  const card = await profileDay({ ballots }, { from: cardFrom, to: cardTo });
  report("card: channel, certificate and right verified", card.doneIn(cardFunctions));
  report("card: with its reader, the lock and the screen of the ballot", cardTo - cardFrom);
  const [from, to] = between(marks, "screen preparing", "screen done");
  const { machine, doneIn } = await profileDay({ ballots }, { from, to });
  const share = (isMeant: (name: string) => boolean): string =>
    `${Math.round((100 * machine.reduce((sum, { name, instructions }) => (isMeant(name) ? sum + instructions : sum), 0)) / (to - from))} %`;
  const done = Object.entries(parts).map(
    ([name, functions]) => [name, doneIn(functions, name === "vault" ? notTheVault : [])] as const,
  );
  const purposes = done
    .filter(([name]) => purposesShown.includes(name))
    .map(([name, instructions]) => `${name} ${millions(instructions)}`)
    .join(", ");
  report(
    "cast",
    to - from,
    "instructions",
    goals["cast"],
    `the interpreter is ${share((name) => name === "interpreter_loop")}, the collection of garbage ${share((name) => collects.test(name))}; with all that follows from them, ${purposes}`,
  );
  for (const [name, instructions] of done) report(`cast/${name}`, instructions);
  for (const [name, first, last] of [
    ["until the slip is printed", "screen preparing", "screen slip"],
    ["slip shown", "screen slip", "screen finishing"],
    ["commit and finish", "screen finishing", "screen done"],
  ] as const) {
    const [begin, end] = between(marks, first, last);
    report(`cast/${name}`, end - begin);
  }
  const [sessionFrom, sessionTo] = between(marks, "screen reading", "end");
  report("session, card to idle", sessionTo - sessionFrom);
  const digits = day.keys.filter(({ key, screen }) => /^\d$/.test(key) && screen === "voting");
  report("key to idle again, median", median(digits.map((key) => key.work)));
  const answers = day.keys.flatMap(({ seen }) => seen ?? []);
  report("key to first changed pixel, median", median(answers));
  report("key to first changed pixel, worst", Math.max(...answers));
  reportNatives(day, report);
  const trial = await Trial.start(packageBytes, authorityKey);
  for (const [name, { view, touch }] of Object.entries(shown)) {
    const { work, items, setting, pixels } = await trial.show(view, settingsAtRest, touch);
    report(
      `paint ${name}`,
      work,
      "instructions",
      paintGoal,
      `pixels of ${pixels[0]} bands ${millions(pixels[1])}, ${setting[0]} texts set in C ${millions(setting[1])}, layout of ${items} places in JavaScript ${millions(work - pixels[1] - setting[1])}`,
    );
  }
  const { native, tweetnacl, equal } = await trial.sealAndSign(pack.election.ballotLength);
  if (!equal) throw new Error("tweetnacl-es6 makes another box or signature");
  report("native seal+sign", native);
  report("tweetnacl seal+sign", tweetnacl);
  trial.close();
  report("stack, deepest", day.statistics.stack, "bytes");

  for (const [many, name] of [
    [0, "no ballot"],
    [stored, `${stored} ballots`],
  ] as const) {
    const started = await boardDay({ ballots: 0, stored: many });
    report(`boot to idle, ${name} stored`, started.marks.find((mark) => mark.line === "screen idle")?.work ?? NaN);
  }
  const [few, many] = [await countOf(countedFew), await countOf(countedMany)];
  const each = (many - few) / (countedMany - countedFew);
  report(`open and count, one ballot (of ${countedFew} and ${countedMany})`, each);
  report(`open and count, ${stored} ballots`, few + each * (stored - countedFew));

  const { boot, responses, taps, statistics } = await measureCandidates(candidates);
  report(`boot to idle, ${candidates} candidates`, boot);
  report("tap to first changed pixel, median", median(taps));
  report("tap to first changed pixel, worst", Math.max(...taps));
  for (const { name, seen, work } of responses) {
    report(`${candidates} candidates, ${name}: first response`, seen, "instructions", responseGoal);
    report(`${candidates} candidates, ${name}: idle again`, work);
  }
  report(
    `heap, peak, ${candidates} candidates`,
    statistics.heap.chunks_peak + statistics.heap.slots_peak + statistics.heap.code,
    "bytes",
  );
  if (write) writeFigures(figures);
}

function reportNatives(day: Day, report: (name: string, value: number) => void): void {
  for (const name of [
    "xs_sha256",
    "xs_sign",
    "xs_verify",
    "xs_seal",
    "xs_x25519",
    "xs_hmac_sha256",
    "xs_encrypt",
    "xs_decrypt",
    "xs_typeset",
    "xs_paint565",
    "xs_paint1",
    "xs_display_write",
    "xs_review",
  ]) {
    const [calls, work] = day.statistics.natives[name] ?? [0, 0];
    if (calls > 0) report(`native ${name}, one call`, work / calls);
  }
}
