// npx sandogh bench: what it costs.

import { Option } from "@commander-js/extra-typings";
import { buildBoard } from "../build/board.js";
import { buildForRun } from "../build/build.js";
import { runScript } from "../command-line/child.js";
import { commandOf, quietHelp, type CommandMaker } from "../command-line/command.js";
import { Complaint, building } from "../command-line/complaint.js";
import { type EngineName, engineOf, engineOption } from "../command-line/engine.js";
import { setUp } from "../command-line/set-up.js";
import { Talk, type TalkOptions } from "../command-line/talk.js";

const description = `What the firmware costs: a JSON object {name, value, unit} a line. On the desktop counts are exact and times are of
this machine; on the board instructions, exact and the same in every run, each with its goal. With --engine sdk the
board's with both engines, each with the interpreter's loop as we compile it and as its makers wrote it.`;

/** What bench/main.ts is asked. */
export interface BenchRequest extends TalkOptions {
  readonly target: "desktop" | "board";
  readonly engine: EngineName;
  readonly write: boolean;
}

export const bench: CommandMaker = ({ streams, done }) =>
  commandOf("bench", description, ["bench", "bench --target board --write"])
    .addOption(
      new Option("--target <name>", "where it runs").choices(["desktop", "board"] as const).default("desktop" as const),
    )
    .addOption(engineOption())
    .option("--write", "with --target board: renew bench/board/FIGURES.md, or its table of the engines")
    .option("--quiet", quietHelp)
    .option("--json", "all figures as one JSON array at the end")
    .action(async ({ target, engine, write = false, quiet, json }) => {
      if (write && target !== "board") throw new Complaint("--write: only with --target board");
      if (engine === "sdk" && target !== "board") throw new Complaint("--engine sdk: only with --target board");
      engineOf(engine);
      const talk = new Talk(streams, { quiet, json });
      await setUp(target === "board" ? "board" : "host");
      await talk.during("building what has changed", () =>
        building<unknown>(() => (target === "board" ? buildBoard() : buildForRun("ballot"))),
      );
      const request: BenchRequest = { target, engine, write, quiet, json };
      done(await runScript("bench/main.ts", request));
    });
