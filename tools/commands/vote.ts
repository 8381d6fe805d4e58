// npx sandogh vote: the main job with no screen.

import { commandOf, jsonHelp, quietHelp, type CommandMaker } from "../command-line/command.js";
import { building } from "../command-line/complaint.js";
import { engineOf, engineOption, hostMachine } from "../command-line/engine.js";
import { outHelp, outParser, runDay, withDayOptions } from "../command-line/scripted.js";
import { setUp } from "../command-line/set-up.js";
import { Talk } from "../command-line/talk.js";
import { buildForRun } from "../build/build.js";

const description = `A voting day by script: a real terminal process, and voters through the virtual card reader, keys and
printer, in virtual time. Ends with 1 when images, collector, slips and tally do not say what the voters wanted.`;

export const vote: CommandMaker = ({ streams, done }) =>
  withDayOptions(commandOf("vote", description, ["vote --ballots 200 --seed 1 --cut 0.02 --out /tmp/day"]))
    .requiredOption("--out <dir>", outHelp, outParser)
    .addOption(engineOption())
    .option("--quiet", quietHelp)
    .option("--json", jsonHelp)
    .action(async ({ engine: name, ...options }) => {
      const engine = engineOf(name);
      const talk = new Talk(streams, options);
      await setUp("host");
      await talk.during("building what has changed", () => building(() => buildForRun("ballot", engine)));
      done(await runDay(talk, { ...options, machine: hostMachine(engine) }));
    });
