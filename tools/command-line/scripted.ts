// A scripted day from the command line: the options of every command that runs one, and its report.

import type { Command } from "@commander-js/extra-typings";
import { policyLimits } from "../../firmware/election/shapes.js";
import { type ScriptedDayOptions, dayFiles, scriptedDay } from "../../sim/scripted-day.js";
import { exitCode, complaining } from "./complaint.js";
import { stationErrors } from "./election-errors.js";
import { chance, emptiedFolder, inFile, whole, words } from "./options.js";
import type { Talk } from "./talk.js";

const [, ballotsMax] = policyLimits.capacity;

/** Adds the options of a day; `out` is for the command to ask for. */
export function withDayOptions(command: Command) {
  return command
    .option("--ballots <n>", "voters", whole("--ballots", 0, ballotsMax), 10)
    .option("--seed <text>", "the same seed gives the same day, byte for byte", words("--seed"), "1")
    .option("--cut <p>", "probability of a power cut at each moment at which one may come, below 1", chance("--cut"), 0)
    .option("--election <file>", "another election definition (YAML or JSON)", inFile("--election"));
}

export const outHelp = "folder for images, slips, screens, journal and tally; it is emptied first";
export const outParser = emptiedFolder("--out", dayFiles);

interface Asked extends Pick<ScriptedDayOptions, "ballots" | "seed" | "out" | "cut" | "machine"> {
  readonly election?: string | undefined;
}

/** Runs the day and reports it; `more` is known at its end. Returns the exit code. */
export async function runDay(
  talk: Talk,
  asked: Asked,
  more: () => Readonly<Record<string, number>> = () => ({}),
): Promise<number> {
  const { election, machine, ...rest } = asked;
  const report = await talk.during("voting", (progress) =>
    complaining(stationErrors, () =>
      scriptedDay({
        ...rest,
        ...(election === undefined ? {} : { election }),
        ...(machine === undefined ? {} : { machine }),
        onBallot: (done) => progress.at(done, asked.ballots, "ballots"),
      }),
    ),
  );
  const { ballots, cuts, seconds, disagreements } = report;
  const found = more();
  const speed = `${seconds.toFixed(1)} s (${(ballots / seconds).toFixed(1)} ballots/s)`;
  const besides = Object.entries(found)
    .map(([name, value]) => `; ${value} ${name.replaceAll("_", " ")}`)
    .join("");
  talk.result({ ...report, out: asked.out, ...found }, [
    `${ballots} ballots, ${cuts} power cuts, ${speed}${besides}`,
    ...disagreements.map((each) => `DISAGREES ${each}`),
  ]);
  return disagreements.length === 0 ? exitCode.done : exitCode.failed;
}
