// npx sandogh bench: what it costs.

import { Option } from "@commander-js/extra-typings";
import { buildBoard } from "../build/board.js";
import { buildForRun } from "../build/build.js";
import { runScript } from "../command-line/child.js";
import { commandOf, quietHelp, type CommandMaker } from "../command-line/command.js";
import { Complaint, building } from "../command-line/complaint.js";
import { setUp } from "../command-line/set-up.js";
import { Talk, type TalkOptions } from "../command-line/talk.js";

const description = `What the firmware costs: a JSON object {name, value, unit} a line. On the desktop counts are exact and times are of
this machine; on the board instructions, exact and the same in every run, each with its goal.`;

/** What bench/main.ts is asked. */
export interface BenchRequest extends TalkOptions {
  readonly target: "desktop" | "board";
  readonly write: boolean;
}

export const bench: CommandMaker = ({ streams, done }) =>
  commandOf("bench", description, ["bench", "bench --target board --write"])
    .addOption(
      new Option("--target <name>", "where it runs").choices(["desktop", "board"] as const).default("desktop" as const),
    )
    .option("--write", "with --target board: renew bench/board/FIGURES.md")
    .option("--quiet", quietHelp)
    .option("--json", "all figures as one JSON array at the end")
    .action(async ({ target, write = false, quiet, json }) => {
      if (write && target !== "board") throw new Complaint("--write: only with --target board");
      const talk = new Talk(streams, { quiet, json });
      await setUp(target === "board" ? "board" : "host");
      await talk.during("building what has changed", () =>
        building<unknown>(() => (target === "board" ? buildBoard() : buildForRun("ballot"))),
      );
      const request: BenchRequest = { target, write, quiet, json };
      done(await runScript("bench/main.ts", request));
    });
