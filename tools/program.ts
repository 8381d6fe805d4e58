// npx sandogh: every command by its name, and the one way in which each is called. Only the command that is asked for
// is loaded, so that help and complaints are quick.

import { readFileSync } from "node:fs";
import { Command, CommanderError } from "@commander-js/extra-typings";
import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import type { CommandMaker, Context } from "./command-line/command.js";
import { Complaint, exitCode } from "./command-line/complaint.js";
import { setCaller } from "./command-line/options.js";
import { type Streams, processStreams } from "./command-line/progress.js";
import { settled } from "./command-line/settled.js";

interface Entry {
  readonly name: string;
  /** A line of the help. */
  readonly summary: string;
  readonly load: () => Promise<CommandMaker>;
}

/** In the order in which people meet them. */
const entries: readonly Entry[] = [
  {
    name: "start",
    summary: "a polling station on your desktop, with its page in the browser",
    load: async () => (await import("./commands/start.js")).start,
  },
  {
    name: "vote",
    summary: "a voting day by script",
    load: async () => (await import("./commands/vote.js")).vote,
  },
  {
    name: "tally",
    summary: "open and count the ballots of a test election",
    load: async () => (await import("./commands/tally.js")).tally,
  },
  {
    name: "inspect",
    summary: "say what images of a terminal's media hold, and what is wrong",
    load: async () => (await import("./commands/inspect.js")).inspect,
  },
  {
    name: "device-log",
    summary: "say what has become of a device, from its main flash",
    load: async () => (await import("./commands/device-log.js")).deviceLog,
  },
  {
    name: "recover",
    summary: "open and count a dead terminal's ballots, by the escrow and both offices",
    load: async () => (await import("./commands/recover.js")).recover,
  },
  {
    name: "audit-keys",
    summary: "open the keys that judge a terminal's checks",
    load: async () => (await import("./commands/audit-keys.js")).auditKeys,
  },
  {
    name: "archive",
    summary: "keep verified copies, and sign the receipt for the terminal",
    load: async () => (await import("./commands/archive.js")).archive,
  },
  {
    name: "package",
    summary: "make a signed package of an election definition",
    load: async () => (await import("./commands/package.js")).packageElection,
  },
  {
    name: "roll",
    summary: "make a signed roll of a list of voters",
    load: async () => (await import("./commands/roll.js")).roll,
  },
  {
    name: "keys",
    summary: "make a real election's keys, each in a folder of its own",
    load: async () => (await import("./commands/keys.js")).keys,
  },
  {
    name: "cards",
    summary: "make cards, with the issuer's certificates",
    load: async () => (await import("./commands/cards.js")).cards,
  },
  {
    name: "certify",
    summary: "give a new device its certificate",
    load: async () => (await import("./commands/enrol.js")).certify,
  },
  {
    name: "assign",
    summary: "say which device stands where, and sign the list of them",
    load: async () => (await import("./commands/enrol.js")).assign,
  },
  {
    name: "screens",
    summary: "draw every screen in both languages",
    load: async () => (await import("./commands/screens.js")).screens,
  },
  {
    name: "emulate",
    summary: "the same firmware on an emulated microcontroller",
    load: async () => (await import("./commands/emulate.js")).emulate,
  },
  {
    name: "campaign",
    summary: "what takes too long for npm test: crash, order, cuts, wear",
    load: async () => (await import("./commands/campaign.js")).campaign,
  },
  {
    name: "bench",
    summary: "say what it costs",
    load: async () => (await import("./commands/bench.js")).bench,
  },
  {
    name: "profile",
    summary: "say where the board's instructions go",
    load: async () => (await import("./commands/profile.js")).profile,
  },
  {
    name: "build",
    summary: "build what the terminal runs: types, byte code, images",
    load: async () => (await import("./commands/build.js")).build,
  },
  {
    name: "sdk",
    summary: "the tree as a project of the Moddable SDK",
    load: async () => (await import("./commands/sdk.js")).sdk,
  },
  {
    name: "texts",
    summary: "shape the texts anew",
    load: async () => (await import("./commands/texts.js")).texts,
  },
  {
    name: "events",
    summary: "write the document of the journal's events",
    load: async () => (await import("./commands/events.js")).events,
  },
  {
    name: "map",
    summary: "draw the rooms and what they import",
    load: async () => (await import("./commands/map.js")).map,
  },
];

const afterHelp = `
Example:
  npx sandogh vote --ballots 20 --seed 1 --out /tmp/day

Ends with 0 when all is well, with 1 when the job has found something wrong,
and with 2 when it could not be done as it was called.`;

export interface RunOptions {
  readonly streams?: Streams;
  /** The folder that paths are meant from; this process's when absent. */
  readonly caller?: string;
}

/** Runs one call of the program; returns its exit code. Throws nothing. */
export async function run(args: readonly string[], options: RunOptions = {}): Promise<number> {
  const { streams = processStreams, caller = process.cwd() } = options;
  setCaller(caller);
  let code: number = exitCode.done;
  const context: Context = {
    streams,
    done: (value) => {
      code = value;
    },
  };
  return settled(nameOf(args), streams, async () => {
    const program = await programFor(args, context);
    prepare(program, streams, args);
    try {
      await program.parseAsync([...args], { from: "user" });
    } catch (thrown) {
      // help was asked for and shown
      if (!(thrown instanceof CommanderError) || thrown.exitCode !== 0) throw thrown;
    }
    return code;
  });
}

/** The program with the command that these arguments ask for; of the others only what the help shows. */
async function programFor(args: readonly string[], context: Context): Promise<CommandUnknownOpts> {
  const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
    version: string;
  };
  const program: CommandUnknownOpts = new Command("sandogh")
    .usage("<command> [options]")
    .description(
      "Firmware of an electronic voting terminal. Every command has a help of its own: npx sandogh help <command>.",
    )
    .version(version, "-V, --version", "show the version")
    .helpOption("-h, --help", "show this")
    .helpCommand("help [command]", "show the help of a command")
    .addHelpText("after", afterHelp);
  const [first, second] = args;
  const wanted = first === "help" ? second : first;
  if (first === "help" && second !== undefined && !entries.some(({ name }) => name === second)) throw noCommand(second);
  for (const { name, summary, load } of entries) {
    const command: CommandUnknownOpts = name === wanted ? (await load())(context) : new Command(name);
    program.addCommand(command.summary(summary));
  }
  program.action(() => {
    const [unknown] = program.args;
    if (unknown === undefined) return program.help();
    throw noCommand(unknown);
  });
  return program.allowExcessArguments();
}

function noCommand(name: string): Complaint {
  return new Complaint(`there is no command "${name}"; npx sandogh --help shows those that there are`);
}

/** How people call what these arguments ask for. */
function nameOf([first = "", second = ""]: readonly string[]): string {
  if (!entries.some(({ name }) => name === first)) return "sandogh";
  return ["sdk", "campaign"].includes(first) && /^[a-z]/.test(second)
    ? `sandogh ${first} ${second}`
    : `sandogh ${first}`;
}

const helpWidthMax = 100;

/** Every command throws instead of ending the process, and complains in one line that says where its help is. */
function prepare(command: CommandUnknownOpts, streams: Streams, args: readonly string[], path = "sandogh"): void {
  command.exitOverride().configureOutput({
    writeOut: (text) => streams.out(text),
    // what there is to say is in the error that is thrown
    writeErr: () => undefined,
    outputError: (text) => {
      throw new Complaint(`${complaintOf(command, args, text)}; npx ${path} --help shows what there is`);
    },
    getOutHelpWidth: () => Math.min(streams.columns, helpWidthMax),
  });
  for (const each of command.commands) prepare(each, streams, args.slice(1), `${path} ${each.name()}`);
}

/** What commander says, shorter, and the argument that is too many by its name. */
function complaintOf(command: CommandUnknownOpts, args: readonly string[], text: string): string {
  const said = text
    .trim()
    .replace(/^error: /, "")
    .replace(/\n\(/, " (");
  if (said.startsWith("too many arguments")) return `"${command.args.at(-1)}" is an argument too many`;
  const [, missing] = /^required option '(.*)' not specified$/.exec(said) ?? [];
  if (missing === undefined) return said;
  // a name that was mistyped is better known than that the right one is missing
  const [unknown] = command.parseOptions([...args]).unknown;
  return unknown === undefined ? `${missing} is missing` : `unknown option '${unknown}'`;
}
