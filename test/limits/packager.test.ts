// The packager refuses what a terminal could not carry through a day, and says which field to change; just below each
// limit it packs.

import test from "ava";
import fc from "fast-check";
import { electionKinds } from "../../firmware/election/shapes.js";
import type { ElectionPackage, OptionIndex } from "../../firmware/election/types.js";
import { limitsOf, referenceMedium } from "../../firmware/service/limits.js";
import { slipRowsMax } from "../../firmware/election/layout.js";
import { openPackage } from "../../firmware/election/package.js";
import { packElection } from "../../office/package/build.js";
import { parseDefinition } from "../../office/package/definition.js";
import { LimitsExceeded } from "../../office/package/limits.js";
import { ROWS_MAX } from "../../drivers/printer/printer.js";
import { ReportDrawing } from "../../ui/slip/report.js";
import { SlipDrawing } from "../../ui/slip/slip.js";
import { textSource } from "../../ui/text/typesetter.js";
import { drawElection } from "../campaigns/limits/definitions.js";
import { fullestBallot } from "../campaigns/limits/day.js";
import { crypto, keys, parse } from "../package/support.js";
import { nodeBlender } from "../support/blender.js";
import { MemoryFlash } from "../support/memory-flash.js";
import { text } from "../ui/views.js";
import { council, largeStore, longName, longSlip } from "./elections.js";

function refusal(yaml: string): LimitsExceeded | undefined {
  try {
    packElection(parse(yaml), keys);
    return undefined;
  } catch (thrown) {
    if (thrown instanceof LimitsExceeded) return thrown;
    throw thrown;
  }
}

function opened(yaml: string): ElectionPackage {
  const { bytes } = packElection(parse(yaml), keys);
  const pack = openPackage(new MemoryFlash(0x40_0000, bytes), 0, crypto, keys.authority.publicKey);
  if (!pack.ok) throw new Error(pack.error.kind);
  return pack.value;
}

test("capacity x slots beyond 16 MB is refused with the capacity that fits, and that one is packed", (t) => {
  const { problems } = refusal(largeStore())!;
  t.is(problems.length, 1);
  const fits = Number(/policy\.capacity is 16384; lower it to (\d+) or less$/.exec(problems[0]!)?.[1]);
  t.true(problems[0]!.startsWith("a storage medium takes 28,077,152 of 16,777,216 bytes: "), problems[0]);
  t.is(refusal(largeStore(fits)), undefined);
  t.deepEqual(
    refusal(largeStore(fits + 1))
      ?.limits.filter(({ taken, most }) => taken > most)
      .map(({ name }) => name),
    ["medium"],
  );
});

test("a slip longer than two metres is refused with its contests, and one just shorter is packed", (t) => {
  const { problems } = refusal(longSlip())!;
  t.regex(
    problems.join("\n"),
    /^the longest slip takes [\d,]+ of 16,000 rows: in style 1 lower votesAllowed .* 1, 2, 3/,
  );
  const withVotes = (votesAllowed: number): string =>
    council({ contests: [1, 2, 3].map(() => ({ options: 64, votesAllowed })), name: longName });
  t.truthy(refusal(withVotes(38)));
  const pack = opened(withVotes(37));
  const { height } = new SlipDrawing({ source: textSource(text, pack), blender: nodeBlender }).body({
    style: pack.election.styles[0]!.id,
    marks: fullestBallot(pack),
  });
  t.true(height <= slipRowsMax && height > slipRowsMax - 400, `${height} rows`);
});

test("ballots that leave during the day: there is no such policy", (t) => {
  const yaml = council({ contests: [{ options: 3, votesAllowed: 1 }], policy: "{ k: 5, ballotsLeave: during-day }" });
  const parsed = parseDefinition(yaml, "election.yaml");
  t.regex(parsed.ok ? "" : parsed.problems[0]!.what, /ballotsLeave/);
});

test("several limits at once: a line each", (t) => {
  const { problems } = refusal(
    council({
      contests: [64, 64, 64, 64].map((count) => ({ options: count, votesAllowed: count })),
      name: (option) => longName(option),
      policy: "{ capacity: 16384 }",
    }),
  )!;
  t.deepEqual(
    problems.map((line) => line.split(" takes ")[0]),
    ["the longest ballot", "a storage medium", "the longest slip"],
  );
});

test("the longest slip is what ui/slip draws for the tallest choices, of every style; a report is no longer than said", (t) => {
  const name = fc.integer({ min: 2, max: 58 }).map((length) => longName(1).slice(0, length).trim());
  const contest = fc.tuple(fc.array(name, { minLength: 1, maxLength: 6 }), fc.nat(5), fc.boolean());
  const property = fc.property(
    fc.array(contest, { minLength: 1, maxLength: 2 }),
    fc.constantFrom(...electionKinds),
    (contests, kind) => {
      const yaml = `title: آزمون
kind: ${kind}
station: { number: 12, name: دبستان }
styles: [{ id: 1, contests: [${contests.map((_, i) => i + 1).join(", ")}] }, { id: 2, contests: [1] }]
contests:
${contests
  .map(
    ([names, votes, blank], i) => `  - id: ${i + 1}
    kind: n-of-m
    title: شورای ${i + 1}
    votesAllowed: ${1 + (votes % names.length)}
    blank: ${blank}
    options: [${names.map((each, at) => `{ code: ${at + 1}, name: "${each}" }`).join(", ")}]`,
  )
  .join("\n")}
`;
      const pack = opened(yaml);
      const source = textSource(text, pack);
      const slips = new SlipDrawing({ source, blender: nodeBlender });
      const { paper, styles, station } = pack.election;
      const report = new ReportDrawing({ source, blender: nodeBlender, slips });
      const printed = { terminal: 1, generatedAt: 0, printedAt: 0 };
      const zero = [...report.report({ kind: "zero", voids: 0, media: 2, ...printed })];
      const rows = zero.reduce((sum, piece) => sum + piece.height, 0);
      const tallest = Math.max(
        ...styles.flatMap((style) =>
          ballots(pack, style.contests).map((marks) => slips.body({ style: style.id, marks }).height),
        ),
      );
      return station === 12 && tallest === paper.slipRows && rows <= paper.reportRows && rows > paper.reportRows - 800;
    },
  );
  const out = fc.check(property, { numRuns: 25, interruptAfterTimeLimit: 20_000 });
  t.false(out.failed, `seed ${out.seed}: ${JSON.stringify(out.counterexample)}`);
});

type Marks = { contest: never; blank: boolean; choices: number[] }[];

/** Every ballot of these contests. */
function ballots(pack: ElectionPackage, ids: readonly number[]): Marks[] {
  let all: Marks[] = [[]];
  for (const id of ids) {
    const contest = pack.election.contests.find((each) => each.id === (id as never))!;
    const marks: Marks = contest.blankAllowed ? [{ contest: id as never, blank: true, choices: [] }] : [];
    for (let bits = 0; bits < 1 << contest.options; bits++) {
      const chosen = Array.from({ length: contest.options }, (_, i) => i).filter((i) => (bits >> i) & 1);
      if (chosen.length > contest.votesAllowed) continue;
      const choices = chosen.map((i) => pack.option(contest.id, i as OptionIndex).code);
      marks.push({ contest: id as never, blank: false, choices });
    }
    // the tallest of each kind is enough where there are two contests
    const few =
      ids.length === 1
        ? marks
        : marks.filter((_, i) => i % 7 === 0 || marks[i]!.choices.length === contest.votesAllowed);
    all = all.flatMap((before) => few.map((mark) => [...before, mark]));
  }
  return all;
}

test("a limit of one part is not above that of the part below it", (t) => {
  t.true(slipRowsMax <= ROWS_MAX);
  const { limits } = drawElection("order", 0);
  t.true(limits.some(({ name, taken, most }) => name === "ballot" && taken === most));
});

test("every limit is there for every election, and none is exceeded by the example", (t) => {
  const { limits } = packElection(parse(council({ contests: [{ options: 3, votesAllowed: 2 }] })), keys);
  t.deepEqual(
    limits.filter(({ taken, most }) => !(taken >= 0) || taken > most),
    [],
  );
  const pack = opened(council({ contests: [{ options: 3, votesAllowed: 2 }] }));
  const ownLimits = limitsOf(pack.election, referenceMedium);
  t.deepEqual(
    ownLimits.map(({ name, taken, most }) => [name, taken, most]),
    limits.slice(-ownLimits.length).map(({ name, taken, most }) => [name, taken, most] as never),
  );
});
