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
board's with both engines, each with the interpreter's loop as we compile it and as its makers wrote it. For
s3-model the board's addresses go through the caches of an ESP32-S3, and a model makes seconds of them.`;

const targets = ["desktop", "board", "s3-model"] as const;

/** What bench/main.ts is asked. */
export interface BenchRequest extends TalkOptions {
  readonly target: (typeof targets)[number];
  readonly engine: EngineName;
  readonly write: boolean;
}

export const bench: CommandMaker = ({ streams, done }) =>
  commandOf("bench", description, ["bench", "bench --target board --write"])
    .addOption(new Option("--target <name>", "where it runs").choices(targets).default("desktop" as const))
    .addOption(engineOption())
    .option("--write", "renew bench/board/FIGURES.md or its table of the engines, or bench/board/S3.md")
    .option("--quiet", quietHelp)
    .option("--json", "all figures as one JSON array at the end")
    .action(async ({ target, engine, write = false, quiet, json }) => {
      const isDesktop = target === "desktop";
      if (write && isDesktop) throw new Complaint("--write: only with --target board or s3-model");
      if (engine === "sdk" && target !== "board") throw new Complaint("--engine sdk: only with --target board");
      engineOf(engine);
      const talk = new Talk(streams, { quiet, json });
      await setUp(isDesktop ? "host" : "board");
      await talk.during("building what has changed", () =>
        building<unknown>(() => (isDesktop ? buildForRun("ballot") : buildBoard())),
      );
      const request: BenchRequest = { target, engine, write, quiet, json };
      done(await runScript("bench/main.ts", request));
    });
