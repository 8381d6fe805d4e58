// Shows where the board's instructions go in one part of a run. npx sandogh profile starts it and says what the figures
// are.

import { settingsAtRest } from "../../firmware/settings.js";
import { Symbols } from "../../sim/board/symbols.js";
import { boardElf } from "../../tools/build/board.js";
import { answer } from "../../tools/command-line/child.js";
import { Complaint } from "../../tools/command-line/complaint.js";
import type { ProfileRequest } from "../../tools/commands/profile.js";
import { boardDay } from "./day.js";
import { type Profile, type Window, profileDay, profiled } from "./profile.js";
import { Trial } from "./trial.js";

interface Found {
  readonly window: Window;
  readonly found: Profile;
}

async function profileScreen(name: string): Promise<Found> {
  const { authorityKey, packageBytes, shown } = await import("../../test/ui/views.js");
  const screen = shown[name];
  if (screen === undefined)
    throw new Complaint(`--screen ${name}: is no screen; choose ${Object.keys(shown).join(", ")}`);
  const show = async (plugin?: Readonly<Record<string, string | number>>): Promise<Window> => {
    const trial = await Trial.start(packageBytes, authorityKey, plugin === undefined ? {} : { plugin });
    const { began, work } = await trial.show(screen.view, settingsAtRest, screen.touch);
    await trial.stop();
    return { from: began, to: began + work };
  };
  const window = await show();
  return { window, found: await profiled(new Symbols(boardElf("trial")), window, show) };
}

async function profileOfDay(request: ProfileRequest): Promise<Found> {
  const { ballots, count, election, stored, from, to } = request;
  const day = {
    ballots,
    count,
    ...(election === undefined ? {} : { election }),
    ...(stored === undefined ? {} : { stored }),
  };
  const { marks } = await boardDay(day);
  const first = from === undefined ? -1 : marks.findIndex((mark) => mark.line === from);
  const isLast = (line: string, index: number): boolean =>
    to === undefined ? index === marks.length - 1 : line === to;
  const last = marks.findIndex((mark, index) => index > first && isLast(mark.line, index));
  const lines = [...new Set(marks.map((mark) => mark.line))].join(", ");
  if (from !== undefined && first < 0)
    throw new Complaint(`--from ${from}: this day has no such line; choose ${lines}`);
  if (last < 0) throw new Complaint(`--to ${to}: this day has no such line after --from; choose ${lines}`);
  const window = { from: first < 0 ? 0 : marks[first]!.work, to: marks[last]!.work };
  return { window, found: await profileDay(day, window) };
}

await answer<ProfileRequest>("sandogh profile", async (request, talk) => {
  const {
    window,
    found: { machine, script, calls },
  } = await talk.during("counting instructions", () =>
    request.screen === undefined ? profileOfDay(request) : profileScreen(request.screen),
  );
  const { top } = request;
  const sum = machine.reduce((total, each) => total + each.instructions, 0);
  const figure = (instructions: number): string =>
    `${((100 * instructions) / sum).toFixed(1).padStart(5)} % ${(instructions / 1e6).toFixed(2).padStart(9)} M`;
  const lines = [`${window.to - window.from} instructions`];
  for (const { name, instructions } of machine.slice(0, top)) lines.push(`${figure(instructions)}  ${name}`);
  for (const by of ["own", "all"] as const) {
    lines.push("", "     itself              in all");
    for (const { name, own, all } of [...script].sort((a, b) => b[by] - a[by]).slice(0, top))
      lines.push(`${figure(own)}  ${figure(all)}  ${name}`);
  }
  if (request.screen !== undefined) lines.push("", ...calls);
  for (const line of lines) talk.say(line);
  return 0;
});
