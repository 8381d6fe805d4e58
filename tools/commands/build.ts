// npx sandogh build: types, host, modules, byte code, images.

import { existsSync, readdirSync } from "node:fs";
import { commandOf, quietHelp, type CommandMaker } from "../command-line/command.js";
import { Complaint, building, exitCode } from "../command-line/complaint.js";
import { setUp } from "../command-line/set-up.js";
import { Talk } from "../command-line/talk.js";
import { boardSizes, buildBoard } from "../build/board.js";
import { ROLES, buildAll, entryOf } from "../build/build.js";
import { Option } from "@commander-js/extra-typings";

const description = `Checks types and builds the host and the images of roles. What has not changed is taken from build/.
For the board the program of one role is linked, without checking types.`;

/** Every role that has an entry. */
function rolesThere(): string[] {
  const folder = entryOf("").split("/").slice(0, -1).join("/");
  return readdirSync(folder)
    .flatMap((name) => /^main-(.+)\.ts$/.exec(name)?.[1] ?? [])
    .sort();
}

function needRole(role: string): void {
  if (!existsSync(`${entryOf(role)}.ts`))
    throw new Complaint(`there is no role "${role}"; choose ${rolesThere().join(", ")}`);
}

export const build: CommandMaker = ({ streams, done }) =>
  commandOf("build", description, ["build", "build ballot --target board"])
    .argument("[roles...]", `roles whose images are built (default: ${ROLES.join(", ")}; for the board: ballot)`)
    .addOption(
      new Option("--target <name>", "what it is built for")
        .choices(["desktop", "board"] as const)
        .default("desktop" as const),
    )
    .option("--quiet", quietHelp)
    .action(async (asked, { target, quiet }) => {
      const talk = new Talk(streams, { quiet });
      const startMs = performance.now();
      for (const role of asked) needRole(role);
      const isBoard = target === "board";
      if (isBoard && asked.length > 1) throw new Complaint(`"${asked[1]}": the board has one role at a time`);
      await setUp(isBoard ? "board" : "host");
      const [role = "ballot"] = asked;
      const roles = asked.length > 0 ? asked : ROLES.filter((each) => existsSync(`${entryOf(each)}.ts`));
      const program = await talk.during("building what has changed", () =>
        building<unknown>(() => (isBoard ? buildBoard(role) : buildAll(roles))),
      );
      if (typeof program === "string") talk.say(`${program}\n${JSON.stringify(boardSizes(role))}`);
      else talk.say(`built ${roles.join(", ")} in ${((performance.now() - startMs) / 1000).toFixed(1)} s`);
      done(exitCode.done);
    });
