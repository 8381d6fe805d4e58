// What every command is made of.

import { Command } from "@commander-js/extra-typings";
import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import { Complaint } from "./complaint.js";
import type { Streams } from "./progress.js";

/** What a command works with. */
export interface Context {
  readonly streams: Streams;
  /** Takes the exit code of what was done. */
  readonly done: (code: number) => void;
}

export type CommandMaker = (context: Context) => CommandUnknownOpts;

/**
 * A command of this name; `examples` are calls as people type them. Paragraphs of the description are apart by a line.
 */
export function commandOf(name: string, description: string, examples: readonly string[]): Command {
  const lines = examples.map((example) => `  npx sandogh ${example}`).join("\n");
  return new Command(name)
    .description(description.replace(/(?<!\n)\n(?!\n)/g, " "))
    .helpOption("-h, --help", "show this")
    .addHelpText("after", `\n${examples.length === 1 ? "Example" : "Examples"}:\n${lines}`);
}

/** Makes a command out of others: called without one of them, or with one that there is not, it complains. */
export function groupOf(group: CommandUnknownOpts, commands: readonly CommandUnknownOpts[]): CommandUnknownOpts {
  for (const each of commands) group.addCommand(each);
  const names = commands.map((each) => each.name()).join(", ");
  return group
    .usage("<command> [options]")
    .allowExcessArguments()
    .action(() => {
      const [unknown] = group.args;
      throw new Complaint(
        unknown === undefined ? `name a command: ${names}` : `there is no command "${unknown}"; choose ${names}`,
      );
    });
}

/** Options of every job that takes long, or that a program may read. */
export const quietHelp = "say nothing of how far it is";
export const jsonHelp = "give the result as one line of JSON";
