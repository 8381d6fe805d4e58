// The limits of an election in people's words: what it takes of each, and of one that is exceeded where it is in the
// definition and what to do.

import {
  atlasMax,
  dataPagesMax,
  definitionMax,
  contestsMax,
  optionsMax,
  stylesMax,
} from "../../firmware/election/layout.js";
import { policyLimits } from "../../firmware/election/shapes.js";
import { type Limit, type LimitName, type Measured, limitsOf, referenceMedium } from "../../firmware/service/limits.js";
import type { ElectionDefinition } from "./definition.js";
import type { PaperMeasures } from "./paper.js";
import { DoesNotFit } from "./tree.js";

/** A limit of the package itself besides those of a terminal. */
export type PackageLimitName = "contests" | "options" | "styles" | "definition" | "glyphs" | "pages";

export interface TakenLimit extends Omit<Limit, "name" | "unit"> {
  readonly name: LimitName | PackageLimitName;
  readonly unit: Limit["unit"] | "count" | "pages";
  /** What it is, for people. */
  readonly what: string;
}

/** More than a terminal can hold; each line of the message is one limit. */
export class LimitsExceeded extends DoesNotFit {
  readonly limits: readonly TakenLimit[];
  readonly problems: readonly string[];

  constructor(limits: readonly TakenLimit[], problems: readonly string[]) {
    super(problems.join("\n"));
    this.limits = limits;
    this.problems = problems;
  }
}

/** Known before anything is packed. */
export interface PackageSizes {
  readonly definition: number;
  readonly glyphs: number;
  readonly pages: number;
}

const what: Readonly<Record<LimitName, string>> = {
  ballot: "the longest ballot",
  slot: "a slot of the vault",
  medium: "a storage medium",
  results: "signed results, one message",
  recordList: "the signed list of records",
  inventory: "what the collector answers, in messages",
  journal: "what a day needs of the journal",
  slipRows: "the longest slip",
  slipWords: "the letters of a slip",
  reportRows: "a report",
};

/** A terminal's limits and the package's own. */
export function takenLimits(election: Measured & { readonly options: number }, sizes: PackageSizes): TakenLimit[] {
  const terminal = limitsOf(election, referenceMedium).map((limit) => ({ ...limit, what: what[limit.name] }));
  const count = (name: PackageLimitName, taken: number, most: number): TakenLimit => ({
    name,
    taken,
    most,
    unit: "count",
    what: name,
  });
  return [
    count("contests", election.contests.length, contestsMax),
    count("options", election.options, optionsMax),
    count("styles", election.styles.length, stylesMax),
    { name: "definition", taken: sizes.definition, most: definitionMax, unit: "bytes", what: "the packed definition" },
    { name: "glyphs", taken: sizes.glyphs, most: atlasMax, unit: "bytes", what: "pictures of letters" },
    { name: "pages", taken: sizes.pages, most: dataPagesMax, unit: "pages", what: "the package" },
    ...terminal,
  ];
}

/** One line for each limit that is exceeded: what, where, and what to do. */
export function problemsOf(
  limits: readonly TakenLimit[],
  definition: ElectionDefinition,
  election: Measured,
  paper: PaperMeasures,
): string[] {
  return limits
    .filter(({ taken, most }) => taken > most)
    .map((limit) => `${limitLine(limit)}: ${adviceFor(limit, definition, election, paper)}`);
}

/** "the longest slip takes 17,000 of 16,000 rows". */
export function limitLine({ what: name, taken, most, unit }: TakenLimit): string {
  const amount = `${taken.toLocaleString("en")} of ${most.toLocaleString("en")}`;
  return unit === "count" ? `${name}: ${amount}` : `${name} takes ${amount} ${unit}`;
}

function adviceFor(
  { name }: TakenLimit,
  definition: ElectionDefinition,
  election: Measured,
  { longest }: PaperMeasures,
): string {
  const { policy } = definition;
  const largest = [...definition.contests].sort((a, b) => b.options.length - a.options.length)[0]!;
  switch (name) {
    case "ballot":
      return `lower votesAllowed or preferences of ${contestNames(definition)}, or take contests out of a style`;
    case "medium":
    case "recordList":
    case "inventory":
    case "slot": {
      const fits = capacityThatFits(election);
      return fits === undefined
        ? `lower votesAllowed or preferences of ${contestNames(definition)}`
        : `policy.capacity is ${policy.capacity}; lower it to ${fits} or less`;
    }
    case "slipRows":
    case "slipWords": {
      const ids = longest.contests.slice(0, 3).map(({ id }) => id);
      const one = ids.length === 1;
      return (
        `in style ${longest.style} lower votesAllowed or preferences of contest${one ? "" : "s"} ${ids.join(", ")}, ` +
        `shorten ${one ? "its" : "their"} names, or take contests out of the style`
      );
    }
    case "results":
    case "reportRows":
    case "options":
    case "contests":
    case "pages":
    case "glyphs":
      return `contest ${largest.id} has ${largest.options.length} options: divide the election by constituency`;
    case "definition":
    case "styles":
      return "take out ballot styles";
    case "journal":
      return "this is a fault of the program: report it";
  }
}

function contestNames({ contests }: ElectionDefinition): string {
  const [most, ...more] = [...contests].sort((a, b) => b.votesAllowed - a.votesAllowed);
  const ids = [most!, ...more].slice(0, 3).map(({ id }) => id);
  return `contest${ids.length === 1 ? "" : "s"} ${ids.join(", ")}`;
}

/** The largest capacity with which the reference terminal's media hold the election; undefined when none does. */
export function capacityThatFits(election: Measured): number | undefined {
  const fits = (capacity: number): boolean =>
    limitsOf({ ...election, policy: { ...election.policy, capacity } }, referenceMedium)
      .filter(({ name }) => ["medium", "recordList", "inventory", "slot"].includes(name))
      .every(({ taken, most }) => taken <= most);
  let [low, high] = [...policyLimits.capacity] as [number, number];
  if (!fits(low)) return undefined;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (fits(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}
