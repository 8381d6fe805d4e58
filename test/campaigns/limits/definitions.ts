// Legal definitions at the limits of a terminal and near them, drawn at random. What goes beyond a limit is taken back
// as the packager advises, so that the election ends just inside it.

import { packElection } from "../../../office/package/build.js";
import { parseDefinition, problemLine } from "../../../office/package/definition.js";
import { electionKeysFromSeed } from "../../../office/package/keys.js";
import { LimitsExceeded, type TakenLimit } from "../../../office/package/limits.js";
import { Chance } from "../../../sim/chance.js";

interface DrawnOption {
  readonly code: number;
  readonly name: string;
  readonly list?: number;
}

interface DrawnContest {
  readonly kind: "n-of-m" | "list" | "question" | "open-list";
  readonly title: string;
  readonly blank: boolean;
  readonly options: readonly DrawnOption[];
  votesAllowed: number;
}

interface DrawnElection {
  readonly title: string;
  readonly station: string;
  readonly contests: DrawnContest[];
  readonly policy: { capacity: number; k: number };
}

/** What an election is large in. */
const profiles = ["ballot", "slip", "capacity", "options", "lists", "contests", "small"] as const;
export type Profile = (typeof profiles)[number];

export interface Drawn {
  readonly profile: Profile;
  readonly yaml: string;
  readonly limits: readonly TakenLimit[];
  /** Limits that were exceeded at first, and then kept. */
  readonly met: readonly string[];
}

const letters = "ابپتجچدرزسشعفقکگلمنوهی";
const latin = "ABCDEFGHIKLMNOPRSTVWZ";
const attemptsMax = 40;
const [titleMax, nameMax] = [80, 60];

/** The same again for the same seed and number. */
export function drawElection(seed: string, number: number): Drawn {
  const chance = new Chance(`${seed} ${number}`, "limits");
  const profile = profiles[number % profiles.length]!;
  const election = draw(profile, chance);
  const met: string[] = [];
  for (let attempt = 0; attempt < attemptsMax; attempt++) {
    const yaml = yamlOf(election);
    const packed = pack(yaml);
    if (!(packed instanceof LimitsExceeded)) return { profile, yaml, limits: packed, met };
    for (const limit of packed.limits) {
      if (limit.taken <= limit.most) continue;
      if (!met.includes(limit.name)) met.push(limit.name);
      reduce(election, limit);
    }
  }
  throw new Error(`no election is left of ${profile} ${number}: ${met.join(", ")}`);
}

/** Throws for a definition that is not one. */
function pack(yaml: string): readonly TakenLimit[] | LimitsExceeded {
  const parsed = parseDefinition(yaml, "drawn.yaml");
  if (!parsed.ok) throw new Error(parsed.problems.map(problemLine).join("\n"));
  try {
    return packElection(parsed.value, keys).limits;
  } catch (thrown) {
    if (thrown instanceof LimitsExceeded) return thrown;
    throw thrown;
  }
}

const keys = electionKeysFromSeed(new Uint8Array(32).fill(9));

/** As the advice says, by as much as is too much. */
function reduce(election: DrawnElection, { name, taken, most }: TakenLimit): void {
  const { policy, contests } = election;
  if (name === "medium" || name === "recordList") policy.capacity = Math.floor((policy.capacity * most) / taken);
  else {
    const marked = contests.filter(({ votesAllowed }) => votesAllowed > 2);
    if (marked.length === 0) contests.pop();
    // a little more would fit now and then: the next draws come closer
    const total = marked.reduce((sum, { votesAllowed }) => sum + votesAllowed, 0);
    let less = Math.ceil(total * (1 - most / taken));
    for (let i = 0; less > 0 && marked.some(({ votesAllowed }) => votesAllowed > 2); i++) {
      const contest = marked[i % marked.length]!;
      if (contest.votesAllowed <= 2) continue;
      contest.votesAllowed--;
      less--;
    }
  }
}

function draw(profile: Profile, chance: Chance): DrawnElection {
  const between = (least: number, end: number): number => least + chance.below(end - least + 1);
  const large = profile === "capacity";
  const policy = {
    capacity: large ? 16_384 : between(80, 3_000),
    k: between(1, 10),
  };
  const contests = drawContests(profile, chance);
  const title = words(chance, between(3, titleMax));
  const station = words(chance, between(3, titleMax));
  return { title, station, contests, policy };
}

function drawContests(profile: Profile, chance: Chance): DrawnContest[] {
  const between = (least: number, end: number): number => least + chance.below(end - least + 1);
  const many = (count: number, make: () => DrawnContest): DrawnContest[] => Array.from({ length: count }, make);
  switch (profile) {
    case "ballot":
      return many(between(3, 6), () => nOfM(chance, between(48, 64), between(48, 64), 12));
    case "slip":
      return many(between(2, 3), () => longNames(chance));
    case "capacity":
      return many(between(1, 3), () => nOfM(chance, between(2, 64), 64, 12));
    case "options":
      return [nOfM(chance, between(300, 1_200), between(1, 20), 12), question(chance)];
    case "lists":
      return many(between(1, 2), () => openList(chance));
    case "contests":
      return [...many(between(20, 31), () => nOfM(chance, between(2, 4), 2, 20)), question(chance)];
    case "small":
      return [question(chance)];
  }
}

/** So many names of a contest differ: shaping them is what takes the time. */
const namesMax = 16;

function nOfM(chance: Chance, options: number, votesAllowed: number, letterCount: number): DrawnContest {
  const names = Array.from({ length: namesMax }, () => words(chance, 2 + chance.below(letterCount - 1)));
  const codes = chance
    .subset(options, 2 * options + 10)
    .map((code) => 99_999 - code)
    .reverse();
  return {
    kind: "n-of-m",
    title: words(chance, 10 + chance.below(titleMax - 10)),
    blank: chance.below(2) === 0,
    options: codes.map((code, i) => ({ code, name: names[i % namesMax]! })),
    votesAllowed: Math.min(votesAllowed, options),
  };
}

/** Names of two lines and more: as long as there is room for. */
function longNames(chance: Chance): DrawnContest {
  const contest = nOfM(chance, 64, 64, nameMax);
  const names = Array.from({ length: namesMax }, () => words(chance, nameMax - chance.below(20)));
  return { ...contest, options: contest.options.map(({ code }, i) => ({ code, name: names[i % namesMax]! })) };
}

function openList(chance: Chance): DrawnContest {
  const lists = 2 + chance.below(4);
  const candidates = 5 + chance.below(60);
  const names = Array.from({ length: namesMax }, () => words(chance, 2 + chance.below(40)));
  const options: DrawnOption[] = [];
  for (let list = 1; list <= lists; list++) {
    options.push({ code: list, name: words(chance, 20) });
    for (let i = 0; i < candidates; i++) {
      options.push({ code: 10_000 * list + i, name: names[i % namesMax]!, list });
    }
  }
  const title = words(chance, 30);
  return { kind: "open-list", title, blank: true, options, votesAllowed: 2 + chance.below(Math.min(candidates, 63)) };
}

function question(chance: Chance): DrawnContest {
  const options = [
    { code: 1, name: "آری" },
    { code: 2, name: "نه" },
  ];
  return { kind: "question", title: words(chance, 40), blank: true, options, votesAllowed: 1 };
}

/** Persian words, now and then Latin ones, of so many letters with the spaces between; no word is wider than a line. */
function words(chance: Chance, length: number): string {
  const alphabet = chance.below(8) === 0 ? latin : letters;
  const wordMax = alphabet === latin ? 7 : 9;
  let text = "";
  let word = 0;
  while (text.length < length) {
    const ends = word > 1 && (word === wordMax || chance.below(5) === 0) && text.length < length - 1;
    text += ends ? " " : alphabet.charAt(chance.below(alphabet.length));
    word = ends ? 0 : word + 1;
  }
  return text;
}

function yamlOf({ title, station, contests, policy }: DrawnElection): string {
  const ids = contests.map((_, i) => i + 1);
  const contestLines = contests.flatMap(({ kind, title: name, blank, options, votesAllowed }, i) => [
    `  - id: ${ids[i]}`,
    `    kind: ${kind}`,
    `    title: "${name}"`,
    `    blank: ${blank}`,
    ...(kind === "n-of-m" ? [`    votesAllowed: ${votesAllowed}`] : []),
    ...(kind === "open-list" ? [`    preferences: ${votesAllowed - 1}`] : []),
    "    options:",
    ...options.map(
      (each) =>
        `      - { code: ${each.code}, name: "${each.name}"${each.list === undefined ? "" : `, list: ${each.list}`} }`,
    ),
  ]);
  return [
    `title: "${title}"`,
    "kind: test",
    `station: { number: 12, name: "${station}" }`,
    `policy: { capacity: ${policy.capacity}, k: ${policy.k} }`,
    `styles: [{ id: 1, contests: [${ids.join(", ")}] }]`,
    "contests:",
    ...contestLines,
    "",
  ].join("\n");
}
