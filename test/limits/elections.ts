// Elections at the limits of a terminal, as their definitions.

/** Letters of the longest name that is taken. */
const longest = "سید ابوالفضل محمدحسین رضازاده نوقابی خراسانی اصل تبریزی ها";

/** So many contests, each with so many options and as many choices. Names are short when `name` is absent. */
export function council(options: {
  readonly contests: readonly { readonly options: number; readonly votesAllowed: number }[];
  readonly name?: (option: number) => string;
  readonly policy?: string;
  readonly kind?: "real" | "test";
}): string {
  const { contests, name = () => "نامزد", policy, kind = "test" } = options;
  const ids = contests.map((_, i) => i + 1);
  return `title: آزمون مرز
kind: ${kind}
station: { number: 12, name: دبستان }
${policy === undefined ? "" : `policy: ${policy}\n`}styles: [{ id: 1, contests: [${ids.join(", ")}] }]
contests:
${contests
  .map(
    (contest, i) => `  - id: ${i + 1}
    kind: n-of-m
    title: شورای ${i + 1}
    votesAllowed: ${contest.votesAllowed}
    options:
${Array.from({ length: contest.options }, (_, at) => `      - { code: ${90_000 + at}, name: "${name(at)}" }`).join("\n")}`,
  )
  .join("\n")}
`;
}

/** 64 records of its fullest ballots are more than one message holds. */
export function longRecords(): string {
  return council({ contests: [57, 57, 57].map((count) => ({ options: count, votesAllowed: count })) });
}

/** Its fullest ballot is a slip of more than two metres. */
export function longSlip(): string {
  return council({ contests: [64, 64, 64].map((count) => ({ options: count, votesAllowed: count })), name: longName });
}

/** Its slots take more than a chip of 16 MB. */
export function largeStore(capacity = 16_384): string {
  return council({
    contests: [57, 57, 57].map((count) => ({ options: count, votesAllowed: count })),
    policy: `{ capacity: ${capacity} }`,
  });
}

/** Eight of them: shaping is what takes the time. */
export function longName(option: number): string {
  return `${longest.slice(0, 56)} ${(option % 8) + 10}`;
}
