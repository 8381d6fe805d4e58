// npx sandogh emulate: the terminal on the emulated board, with the bench's page or by script.

import { boardMachine } from "../../sim/board/qemu.js";
import { readEnvironment } from "../../sim/bench/environment.js";
import { serve } from "../../sim/bench/serve.js";
import { boardElf, boardSizes, buildBoard } from "../build/board.js";
import { buildForRun } from "../build/build.js";
import { commandOf, jsonHelp, quietHelp, type CommandMaker } from "../command-line/command.js";
import { Complaint, building, complaining, exitCode } from "../command-line/complaint.js";
import { stationErrors } from "../command-line/election-errors.js";
import { engineOf, engineOption } from "../command-line/engine.js";
import { ended } from "../command-line/ended.js";
import { outFolder, whole } from "../command-line/options.js";
import { outHelp, outParser, runDay, withDayOptions } from "../command-line/scripted.js";
import { setUp } from "../command-line/set-up.js";
import { Talk } from "../command-line/talk.js";

const description = `The terminal's firmware on an emulated RV32 microcontroller (QEMU). With the bench as a page in the browser, as
npx sandogh start has it; or with --headless a voting day by script, as npx sandogh vote runs it.`;

const portMax = 65_535;
const ofThePage = ["port", "data"] as const;
const ofTheDay = ["ballots", "seed", "cut", "out", "json"] as const;

export const emulate: CommandMaker = ({ streams, done }) => {
  const command = withDayOptions(
    commandOf("emulate", description, [
      "emulate --port 8081 --data /tmp/board",
      "emulate --headless --ballots 3 --seed 1 --out /tmp/day",
    ]),
  )
    .option("--headless", "a day by script, with no page")
    .option("--out <dir>", `with --headless: ${outHelp}`, outParser)
    .option("--port <n>", "port of the page on 127.0.0.1; 0: any free one", whole("--port", 0, portMax), 8080)
    .option("--data <dir>", "folder of flash, keys, cards and records", outFolder("--data"), "data")
    .addOption(engineOption())
    .option("--quiet", quietHelp)
    .option("--json", jsonHelp);
  return command.action(async (options) => {
    const { headless = false, out, port, data, election } = options;
    const talk = new Talk(streams, options);
    const asked = (name: keyof typeof options): boolean => command.getOptionValueSource(name) === "cli";
    const strange = (headless ? ofThePage : ofTheDay).find(asked);
    if (strange !== undefined) throw new Complaint(`--${strange}: only ${headless ? "without" : "with"} --headless`);
    const engine = engineOf(options.engine);
    const elf = boardElf("ballot", engine);
    let instructions = 0;
    const build = async (): Promise<void> => {
      await setUp("board");
      await talk.during("building what has changed", () =>
        building(async () => {
          await buildBoard("ballot", engine);
          // the desk that grants the page's cards
          if (!headless) await buildForRun("identity");
        }),
      );
      talk.say(`the board's program: ${JSON.stringify(boardSizes("ballot", engine))}`);
    };
    if (headless) {
      if (out === undefined) throw new Complaint("--out is missing: name a folder for what the day leaves");
      await build();
      const machine = boardMachine({
        elf,
        onWork: (work) => {
          instructions = work;
        },
      });
      const work = (): Readonly<Record<string, number>> => ({ instructions_since_the_last_reset: instructions });
      done(await runDay(talk, { ...options, out, machine }, work));
      return;
    }
    const served = await complaining(stationErrors, () =>
      serve({
        port,
        directory: data,
        servers: readEnvironment(process.env),
        machine: boardMachine({ elf }),
        build,
        ...(election === undefined ? {} : { election }),
      }),
    );
    talk.say(`the bench is at ${served.address}  (Ctrl-C ends it)`);
    await ended();
    await served.close();
    done(exitCode.done);
  });
};
