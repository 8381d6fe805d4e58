// npx sandogh campaign: what takes too long for npm test.

import { join } from "node:path";
import { Option } from "@commander-js/extra-typings";
import { buildBoard } from "../build/board.js";
import { buildForRun } from "../build/build.js";
import { buildHost } from "../build/host.js";
import { ASAN_VARIANT } from "../build/sources.js";
import { updateBundles } from "../build/ui-bundle.js";
import { runScript } from "../command-line/child.js";
import { commandOf, groupOf, jsonHelp, quietHelp, type CommandMaker, type Context } from "../command-line/command.js";
import { Complaint, building } from "../command-line/complaint.js";
import { inFile, outFolder, seconds, whole, words } from "../command-line/options.js";
import { setUp } from "../command-line/set-up.js";
import { Talk, type TalkOptions } from "../command-line/talk.js";

const description = `Campaigns that take longer than npm test has time for. Each ends with 1 when it has found something, prints what
replays it, and with one seed is the same again. --budget ends it after so many seconds.`;

const modes = ["exhaustive", "random", "slips"] as const;
const engineNames = ["node", "xs"] as const;
const chipChoices = ["one", "two", "both"] as const;
const mutantParts = [
  "vault",
  "storage",
  "cast",
  "journal",
  "session",
  "checkin",
  "access",
  "cose",
  "sync",
  "tally",
  "service",
] as const;
const placements = ["uniform", "sequential", "probing"] as const;

/** What test/campaigns/crash/main.ts is asked. */
export interface CrashRequest extends TalkOptions {
  readonly mode: (typeof modes)[number];
  readonly engine: (typeof engineNames)[number];
  readonly seed: string;
  readonly budget: number;
  readonly casts: number;
  readonly again: number;
  /** Only this one, as a failure names it. */
  readonly cut?: string | undefined;
}

/** What test/campaigns/order/main.ts is asked. */
export interface OrderRequest extends TalkOptions {
  readonly trials: number;
  readonly seed: string;
  readonly placement: (typeof placements)[number];
  readonly budget?: number | undefined;
}

/** What test/campaigns/cuts/main.ts is asked. */
export interface CutsRequest extends TalkOptions {
  readonly cuts: number;
  readonly seed: string;
  readonly out: string;
  readonly ballots: number;
  readonly election: string;
  /** Only this one. */
  readonly day?: number | undefined;
  readonly budget?: number | undefined;
}

/** What test/campaigns/wear/main.ts is asked. */
export interface WearRequest extends TalkOptions {
  readonly elections: number;
  readonly casts: number;
  readonly seed: string;
  readonly budget?: number | undefined;
}

/** What test/campaigns/soak/main.ts is asked. */
export interface SoakRequest extends TalkOptions {
  readonly hours: number;
  readonly seed: string;
  readonly budget?: number | undefined;
}

/** What test/campaigns/limits/main.ts is asked. */
export interface LimitsRequest extends TalkOptions {
  readonly count: number;
  readonly seed: string;
  readonly budget?: number | undefined;
  /** Only this one, as a failure names it. */
  readonly election?: number | undefined;
}

/** What test/campaigns/corruption/main.ts is asked. */
export interface CorruptionRequest extends TalkOptions {
  readonly seed: string;
  readonly count: number;
  readonly chips: (typeof chipChoices)[number];
  /** The real terminal starts, one process for each corruption. */
  readonly process?: true | undefined;
  readonly budget?: number | undefined;
  /** Only this one. */
  readonly only?: string | undefined;
}

/** What test/campaigns/mutants/main.ts is asked. */
export interface MutantsRequest extends TalkOptions {
  readonly seed: string;
  readonly count: number;
  readonly part?: (typeof mutantParts)[number] | undefined;
  /** Only this one, as a survivor's line names it. */
  readonly only?: string | undefined;
  readonly fresh?: boolean | undefined;
  /** Tests of whole days, too, which take minutes. */
  readonly far?: boolean | undefined;
  readonly write?: boolean | undefined;
  readonly budget?: number | undefined;
}

/** What test/campaigns/fuzz/main.ts is asked. */
export interface FuzzRequest extends TalkOptions {
  readonly target: string;
  readonly count: number;
  readonly seed: string;
  readonly budget?: number | undefined;
  /** Only this input, in hexadecimal or a file, as a finding names it. */
  readonly input?: string | undefined;
  /** The real terminal, its C under ASan and UBSan, gets the inputs on its lines. */
  readonly sanitized?: true | undefined;
}

const script = (name: string): string => join("test", "campaigns", name, "main.ts");

const crash: CommandMaker = ({ streams, done }) =>
  commandOf(
    "crash",
    `Power cuts at every flash operation of an election day, in every way a cut can leave it, and again during the
recovery; then after every byte of a slip. Uses two cores.

exhaustive: one day, every cut. random: samples of days of other seeds, on media that rot, are disturbed, replaced
or away. slips: the cuts of slips alone. With --engine xs the recoveries run on the terminal's own engine: fewer
cuts, and no slips.`,
    ["campaign crash --mode exhaustive --seed 1 --budget 60", "campaign crash --engine xs --budget 20"],
  )
    .addOption(new Option("--mode <name>", "which cuts").choices(modes).default("exhaustive" as const))
    .addOption(new Option("--engine <name>", "what recovers").choices(engineNames).default("node" as const))
    .option("--seed <text>", "of the day", words("--seed"), "1")
    .option("--budget <seconds>", "ends after so many seconds", seconds("--budget"), 60)
    .option("--casts <n>", "casts of a day", whole("--casts", 1, 100), 40)
    .option("--again <n>", "operations of each recovery that are cut again", whole("--again", 0, 1_000_000), 64)
    .option("--cut <name>", "only this cut, as a failure names it", words("--cut"))
    .option("--quiet", quietHelp)
    .option("--json", jsonHelp)
    .action(async (options) => {
      if (options.engine === "xs" && options.mode === "slips")
        throw new Complaint("--mode slips: not with --engine xs; slips are cut with --engine node");
      if (options.engine === "xs") {
        await setUp("host");
        await new Talk(streams, options).during("building what has changed", () =>
          building(() => buildForRun("crash")),
        );
      }
      const request: CrashRequest = options;
      done(await runScript(script("crash"), request));
    });

const order: CommandMaker = ({ done }) =>
  commandOf(
    "order",
    `Casts two known ballots in either order among others, many times, and asks what an image of everything stored,
with every key, tells of the order. The terminal draws places uniformly; the other placements are wrong on purpose
and must be found out.`,
    ["campaign order --trials 4000", "campaign order --placement probing"],
  )
    .option("--trials <n>", "images to look at", whole("--trials", 100, 1_000_000), 4_000)
    .option("--seed <text>", "of the images", words("--seed"), "1")
    .addOption(new Option("--placement <name>", "how places are drawn").choices(placements).default("uniform" as const))
    .option("--budget <seconds>", "ends after so many seconds, with the images there are", seconds("--budget"))
    .option("--quiet", quietHelp)
    .option("--json", jsonHelp)
    .action(async (options) => {
      const request: OrderRequest = options;
      done(await runScript(script("order"), request));
    });

const cuts: CommandMaker = ({ streams, done }) =>
  commandOf(
    "cuts",
    `Voting days on the emulated board, one after another, until so many cuts have come: its power cut and its processor
reset at instructions drawn at random, and cuts in the middle of flash operations. DIR/days.jsonl has a line for each
day, and a run that was ended goes on with the next one; a day that fails leaves its files in DIR/<day>.`,
    ["campaign cuts --cuts 500 --seed 1 --out /tmp/cuts", "campaign cuts --budget 600"],
  )
    .option(
      "--out <dir>",
      "folder for days.jsonl and the files of days that fail (default: build/cuts/<seed>)",
      outFolder("--out"),
    )
    .option("--cuts <n>", "cuts in all", whole("--cuts", 1, 1_000_000), 500)
    .option("--seed <text>", "of the days", words("--seed"), "1")
    .option("--ballots <n>", "voters of a day", whole("--ballots", 1, 1_000), 4)
    .option("--election <file>", "the election's definition", inFile("--election"), "office/examples/short.yaml")
    .option("--day <n>", "only this day, as a failure names it", whole("--day", 1, 1_000_000))
    .option("--budget <seconds>", "no day begins after so many seconds", seconds("--budget"))
    .option("--quiet", quietHelp)
    .option("--json", jsonHelp)
    .action(async (options) => {
      await setUp("board");
      await new Talk(streams, options).during("building what has changed", () => building(() => buildBoard()));
      // days of two seeds must not mix
      const { out = join("build", "cuts", encodeURIComponent(options.seed)) } = options;
      const request: CutsRequest = { ...options, out };
      done(await runScript(script("cuts"), request));
    });

const wear: CommandMaker = ({ done }) =>
  commandOf(
    "wear",
    `Elections one after the other on the same two media: cast, restart, verify, erase everything, again; from the middle
on cells of slots wear out. No ballot may be refused or lost.`,
    ["campaign wear --elections 500 --budget 60"],
  )
    .option("--elections <n>", "elections", whole("--elections", 1, 100_000), 50)
    .option("--casts <n>", "ballots of each", whole("--casts", 1, 200), 200)
    .option("--seed <text>", "of chips and ballots", words("--seed"), "wear")
    .option("--budget <seconds>", "no election begins after so many seconds", seconds("--budget"))
    .option("--quiet", quietHelp)
    .option("--json", jsonHelp)
    .action(async (options) => {
      const request: WearRequest = options;
      done(await runScript(script("wear"), request));
    });

const soak: CommandMaker = ({ streams, done }) =>
  commandOf(
    "soak",
    `A terminal that is open for days: votes in fifteen minutes of every hour, and in the rest of it a line and a mains
contact that come and go, refused cards and officials who pause. Then closed, counted, reported, archived and
released. Its heap is looked at after each voter, its journal at the end.`,
    ["campaign soak --hours 104", "campaign soak --hours 2 --seed 7"],
  )
    .option("--hours <n>", "of virtual time", whole("--hours", 1, 1_000), 104)
    .option("--seed <text>", "of people and chance", words("--seed"), "1")
    .option("--budget <seconds>", "closes the polls after so many seconds", seconds("--budget"))
    .option("--quiet", quietHelp)
    .option("--json", jsonHelp)
    .action(async (options) => {
      await setUp("host");
      await new Talk(streams, options).during("building what has changed", () => building(() => buildForRun("ballot")));
      const request: SoakRequest = options;
      done(await runScript(script("soak"), request));
    });

const limits: CommandMaker = ({ streams, done }) =>
  commandOf(
    "limits",
    `Elections at the limits of a terminal and near them: each is packed, opened by a terminal with its zero report, filled
with more of its fullest ballots than one message takes, voted on twice, closed, counted, reported, received and
archived. A failure prints the definition. Uses two cores.`,
    ["campaign limits --budget 60 --seed 1", "campaign limits --count 500"],
  )
    .option("--count <n>", "elections", whole("--count", 1, 100_000), 500)
    .option("--seed <text>", "of the definitions", words("--seed"), "1")
    .option("--budget <seconds>", "no election begins after so many seconds", seconds("--budget"))
    .option("--election <n>", "only this one, as a failure names it", whole("--election", 0, 100_000))
    .option("--quiet", quietHelp)
    .option("--json", jsonHelp)
    .action(async (options) => {
      await setUp("host");
      await new Talk(streams, options).during("building what has changed", () => building(() => buildForRun("ballot")));
      const request: LimitsRequest = options;
      done(await runScript(script("limits"), request));
    });

const corruption: CommandMaker = ({ streams, done }) =>
  commandOf(
    "corruption",
    `States of a day with one storage chip or both corrupted: bits, runs, blocks of elsewhere, older images, other chips,
extreme numbers, garbage. Each start must serve or refuse with a code, and lose nothing that was whole on a chip. With
--process the real terminal starts, one process for each. Prints what starts came to by kind and moment.`,
    ["campaign corruption --chips one --count 2000 --seed 1", "campaign corruption --process --count 200"],
  )
    .addOption(new Option("--chips <which>", "how many are corrupted").choices(chipChoices).default("both" as const))
    .option("--count <n>", "corruptions in all", whole("--count", 11, 10_000_000), 10_000)
    .option("--seed <text>", "of the day and what is corrupted", words("--seed"), "1")
    .option("--process", "start the real terminal's process")
    .option("--only <id>", "only this one, as a violation names it", words("--only"))
    .option("--budget <seconds>", "ends after so many seconds", seconds("--budget"))
    .option("--quiet", quietHelp)
    .option("--json", jsonHelp)
    .action(async (options) => {
      if (options.process) {
        await setUp("host");
        await new Talk(streams, options).during("building what has changed", () =>
          building(() => buildForRun("ballot")),
        );
      }
      const request: CorruptionRequest = options;
      done(await runScript(script("corruption"), request));
    });

const mutants: CommandMaker = ({ streams, done }) =>
  commandOf(
    "mutants",
    `Small slips put into the firmware, one at a time, in a copy of the tree: an operator turned, a truth negated, a
constant one off, a call or an early return left out. Each that compiles is run against the tests that reach it; one
that no test notices is a survivor.

What was caught by an earlier run of the same seed, and whose file has not changed, is not run again without --fresh.
Verdicts are kept in build/mutants/<seed>.jsonl; --write renews bench/MUTANTS.md.`,
    ["campaign mutants --count 40 --part session", "campaign mutants --part vault --only 0123456789"],
  )
    .option("--seed <text>", "of the draw", words("--seed"), "1")
    .option("--count <n>", "mutants in all, spread over the parts", whole("--count", 1, 100_000), 100)
    .addOption(new Option("--part <name>", "only this part of the firmware").choices(mutantParts))
    .option("--only <id>", "only this mutant, as a survivor's line names it", words("--only"))
    .option("--far", "what the near tests let pass is run against tests of whole days, too")
    .option("--fresh", "runs again what was caught before")
    .option("--write", "renews bench/MUTANTS.md")
    .option("--budget <seconds>", "no mutant begins after so many seconds", seconds("--budget"))
    .option("--quiet", quietHelp)
    .option("--json", jsonHelp)
    .action(async (options) => {
      await new Talk(streams, options).during("building what has changed", () => building(async () => updateBundles()));
      const request: MutantsRequest = options;
      done(await runScript(script("mutants"), request));
    });

const fuzz: CommandMaker = ({ streams, done }) =>
  commandOf(
    "fuzz",
    `Inputs that are nearly right for every decoder of outside data: framing, CBOR, messages, MQTT, card reader, printer,
panel, package, roll, results, journal. Each is taken or refused, at once, and what is taken has one encoding only.

--sanitized gives them to a real terminal on its lines instead, whose own C runs under ASan and UBSan; targets are then
reader, printer, panel, mqtt and package.`,
    [
      "campaign fuzz --count 1000000",
      "campaign fuzz --target mqtt --budget 60",
      "campaign fuzz --sanitized --budget 60",
    ],
  )
    .option("--target <name>", "one decoder, or all", words("--target"), "all")
    .option("--count <n>", "inputs for each", whole("--count", 1, 1_000_000_000), 100_000)
    .option("--seed <text>", "of the inputs", words("--seed"), "1")
    .option("--budget <seconds>", "ends after so many seconds, shared by the targets", seconds("--budget"))
    .option("--input <hex>", "only this input, in hexadecimal or a file, as a finding names it", words("--input"))
    .option("--sanitized", "a real terminal under ASan and UBSan")
    .option("--quiet", quietHelp)
    .option("--json", jsonHelp)
    .action(async (options) => {
      if (options.sanitized) {
        await setUp("host");
        await new Talk(streams, options).during("building what has changed", () =>
          building(async () => {
            await buildForRun("ballot");
            await buildHost(ASAN_VARIANT);
          }),
        );
      }
      const request: FuzzRequest = options;
      done(await runScript(script("fuzz"), request));
    });

export const campaign: CommandMaker = (context: Context) =>
  groupOf(
    commandOf("campaign", description, ["campaign crash --budget 60", "campaign wear"]),
    [crash, order, cuts, soak, wear, limits, corruption, mutants, fuzz].map((make) => make(context)),
  );
