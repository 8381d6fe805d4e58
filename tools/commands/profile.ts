// npx sandogh profile: where the board's instructions go, function by function.

import { policyLimits } from "../../firmware/election/shapes.js";
import { buildBoard } from "../build/board.js";
import { runScript } from "../command-line/child.js";
import { commandOf, quietHelp, type CommandMaker } from "../command-line/command.js";
import { Complaint, building } from "../command-line/complaint.js";
import { inFile, whole, words } from "../command-line/options.js";
import { setUp } from "../command-line/set-up.js";
import { Talk, type TalkOptions } from "../command-line/talk.js";

const description = `Where the emulated board's instructions go in one part of a run: first the functions of the machine's code,
exactly; then those of the JavaScript, looked at once in 2,003 instructions: what each does itself, and what is
done in it and in everything it calls. Of a screen also which calls which.

LINE is a line of the trace ("screen idle"); the part is from the first time that --from appears to the first time
after it that --to does. Without them it is the whole run.`;

const [, ballotsMax] = policyLimits.capacity;
const topMax = 10_000;
const ofADay = ["from", "to", "ballots", "election", "stored", "count"] as const;

/** What bench/board/show-profile.ts is asked. */
export interface ProfileRequest extends TalkOptions {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly ballots: number;
  readonly election?: string | undefined;
  readonly stored?: number | undefined;
  readonly count: boolean;
  readonly screen?: string | undefined;
  readonly top: number;
}

export const profile: CommandMaker = ({ streams, done }) => {
  const command = commandOf("profile", description, [
    'profile --ballots 1 --from "screen preparing" --to "screen done"',
    "profile --screen voting-list --top 10",
  ])
    .option("--from <line>", "begin at this line of the trace", words("--from"))
    .option("--to <line>", "end at this line of the trace", words("--to"))
    .option("--ballots <n>", "voters", whole("--ballots", 0, ballotsMax), 0)
    .option("--election <file>", "another election definition (YAML or JSON)", inFile("--election"))
    .option("--stored <n>", "ballots that are stored before the start", whole("--stored", 0, ballotsMax))
    .option("--count", "the count as well")
    .option(
      "--screen <name>",
      "instead of a day: the painting of one of the screens of test/ui/views.ts",
      words("--screen"),
    )
    .option("--top <n>", "functions to show", whole("--top", 1, topMax), 30)
    .option("--quiet", quietHelp);
  return command.action(async (options) => {
    const { count = false, ...rest } = options;
    const strange = ofADay.find((name) => command.getOptionValueSource(name) === "cli");
    if (options.screen !== undefined && strange !== undefined) throw new Complaint(`--${strange}: not with --screen`);
    const talk = new Talk(streams, options);
    await setUp("board");
    await talk.during("building what has changed", () => building(() => buildBoard()));
    const request: ProfileRequest = { ...rest, count };
    done(await runScript("bench/board/show-profile.ts", request));
  });
};
