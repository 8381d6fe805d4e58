// An election with a contest of thousands of candidates on the board: what a start, a page of the list, a letter of the
// search and a code cost.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { View } from "../../firmware/session/view.js";
import { settingsAtRest } from "../../firmware/settings.js";
import { Chance } from "../../sim/chance.js";
import { type Board, boardMachine } from "../../sim/board/qemu.js";
import type { Key } from "../../drivers/panel/report.js";
import { People } from "../../sim/people.js";
import { Station, uiText } from "../../sim/station.js";
import { nodeBlender } from "../../test/support/blender.js";
import { BallotScreen } from "../../ui/screen.js";
import { TextBundle } from "../../ui/text/bundle.js";
import { textSource } from "../../ui/text/typesetter.js";
import { fill } from "./fill.js";
import { type BoardStatistics, Statistics } from "./statistics.js";

const settleUs = 400_000;
const given = [
  "زهرا",
  "محمدرضا",
  "علی‌اکبر",
  "نرگس",
  "حسن",
  "مریم",
  "یوسف",
  "لیلا",
  "پرویز",
  "ندا",
  "نادر",
  "نسرین",
  "ژاله",
  "گلناز",
  "مینا",
  "بهمن",
];
const family = [
  "احمدی‌نسب",
  "کاظمی‌فرد",
  "رستگارپور",
  "پورحسینی",
  "تقی‌زاده",
  "صالحی‌راد",
  "قره‌داغی",
  "نیک‌آیین",
  "شهریاران",
  "توکلی‌منش",
  "چشمه‌ساری",
  "لاله‌زاری",
];

export interface Response {
  readonly name: string;
  /** Instructions until the display had changed first, and until the board was idle again. */
  readonly seen: number;
  readonly work: number;
}

export interface Candidates {
  readonly boot: number;
  readonly responses: readonly Response[];
  /** Of every touch: instructions from the finger on the glass until the display had changed first. */
  readonly taps: readonly number[];
  readonly statistics: BoardStatistics;
}

function definition(candidates: number): string {
  const options = Array.from(
    { length: candidates },
    (_, i) =>
      `      - { code: ${10_000 + i}, name: ${given[i % given.length]} ${family[Math.floor(i / given.length) % family.length]} }`,
  );
  return `title: انتخابات آزمایشی\nkind: test\nstation: { number: 1, name: دبستان }\nstyles: [{ id: 1, contests: [1] }]\ncontests:\n  - id: 1\n    kind: n-of-m\n    title: شورای شهر\n    votesAllowed: 21\n    options:\n${options.join("\n")}\n`;
}

/**
 * Where the targets of a contest's list and of its search are: the same code lays them out here, with nothing to draw
 * on.
 */
function targetsOf(station: Station, view: View): ReadonlyMap<string, { readonly x: number; readonly y: number }> {
  const text = TextBundle.open(new Uint8Array(readFileSync(uiText)));
  if (!text.ok) throw new Error(text.error.what);
  const nothing = (): number => 0;
  let now = 0;
  const screen = new BallotScreen({
    display: { width: 1024, height: 600, begin: nothing, send: nothing, end: nothing },
    blender: { ...nodeBlender, paint565: nothing, paint1: nothing },
    source: textSource(text.value, station.pack),
    onIntent: nothing,
    now: () => (now += settleUs / 1000),
  });
  screen.show(view, settingsAtRest);
  screen.key({ key: "green", pressed: true });
  const targets = new Map<string, { readonly x: number; readonly y: number }>();
  const note = (): void =>
    screen.targets.forEach(({ id, x, y, width, height }) =>
      targets.set(id, { x: Math.round(x + width / 2), y: Math.round(y + height / 2) }),
    );
  note();
  for (const phase of ["down", "up"] as const) screen.touch({ contact: 0, phase, ...targets.get("search")! });
  note();
  return targets;
}

export async function measureCandidates(candidates: number): Promise<Candidates> {
  const directory = mkdtempSync(join(tmpdir(), "sandogh-candidates-"));
  const election = join(directory, "election.yaml");
  writeFileSync(election, definition(candidates));
  let work = 0;
  let seen: number | undefined;
  let boot = 0;
  let board: Board | undefined;
  const asked = new Statistics();
  let people: People | undefined;
  const station = await Station.create({
    virtual: true,
    seed: "candidates",
    wallBase: 1_795_235_400,
    election,
    machine: boardMachine({
      onWork: (instructions) => {
        work = instructions;
      },
      onStatistics: asked.take,
      onStart: (started) => {
        board = started;
      },
    }),
    onDisplay: () => {
      seen ??= work;
    },
    onTrace: (line) => {
      if (line === "screen idle" && boot === 0) boot = work;
      people?.traced(line);
    },
  });
  try {
    people = new People({ station, chance: new Chance("candidates", "people"), cut: 0 });
    // as after an opening, whose zero report would be metres of paper
    fill(station, 0, []);
    await people.start();
    const responses: Response[] = [];
    const taps: number[] = [];
    const answer = async (act: () => void): Promise<{ readonly seen: number; readonly work: number } | undefined> => {
      await people!.wait(settleUs);
      const before = work;
      seen = undefined;
      act();
      await people!.wait(settleUs);
      return seen === undefined ? undefined : { seen: seen - before, work: work - before };
    };
    const respond = async (name: string, act: () => void): Promise<Response> => {
      const done = await answer(act);
      if (done === undefined) throw new Error(`${name}: nothing has changed`);
      const response = { name, ...done };
      responses.push(response);
      return response;
    };
    const press = (key: Key) => (): void => station.panel.press(key);
    const [contest] = station.pack.election.contests;
    const view: View = {
      screen: "voting",
      contest: contest!,
      position: 0,
      of: 1,
      chosen: [],
      blank: false,
      mode: "list",
      typed: "",
      found: undefined,
      problem: undefined,
    };
    const card = station.card();
    await station.grant(card);
    people.hold(card);
    await people.until("voting");
    // a contest begins with its question
    await respond("question to list", press("green"));
    const targets = targetsOf(station, view);
    const tap = (id: string) => (): void => {
      const at = targets.get(id);
      if (at === undefined) throw new Error(`no ${id} among ${[...targets.keys()].join(" ")}`);
      station.panel.touch(at.x, at.y);
    };
    const touch = async (name: string, id: string): Promise<void> => {
      taps.push((await respond(name, tap(id))).seen);
    };
    await touch("next page", "page.after");
    await touch("row", "row.2");
    // the same again, so that the median of all is that of many
    for (let row = 3; row < 8; row++) taps.push((await answer(tap(`row.${row}`)))!.seen);
    await touch("search opens", "search");
    await touch("search, first letter", "letter.1.5");
    await touch("search, second letter", "letter.1.9");
    await touch("search closes", "back");
    await respond("code, first digit", press("1"));
    for (const digit of ["2", "3", "4"] as const) await respond(`code, digit ${digit}`, press(digit));
    await respond("code, last digit: the name is found", press("5"));
    await respond("code taken", press("green"));
    return { boot, responses, taps, statistics: await asked.ask(board!) };
  } finally {
    await station.close();
    rmSync(directory, { recursive: true, force: true });
  }
}
