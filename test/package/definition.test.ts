import test from "ava";
import { optionsPerContestMax } from "../../firmware/election/layout.js";
import { parseDefinition, policyDefaults, problemLine } from "../../office/package/definition.js";
import { example, parse, smallYaml } from "./support.js";

function problems(text: string): string[] {
  const result = parseDefinition(text, "f.yaml");
  return result.ok ? [] : result.problems.map(problemLine);
}

test("the example is a council of 21 seats with 153 candidates, 8 lists and a question", (t) => {
  const { contests } = example();
  t.deepEqual(
    contests.map((contest) => [contest.kind, contest.votesAllowed, contest.options.length]),
    [
      ["n-of-m", 21, 153],
      ["list", 1, 8],
      ["question", 1, 3],
    ],
  );
  t.is(new Set(contests[0]!.options.map((option) => option.name)).size, 153);
});

test("options come out in the order of their codes, defaults are filled in, JSON is read too", (t) => {
  const definition = parse(smallYaml);
  t.deepEqual(
    definition.contests[0]!.options.map((option) => option.code),
    [10, 12, 300],
  );
  t.deepEqual(definition.policy, policyDefaults);
  const asJson = {
    ...definition,
    contests: definition.contests.map(({ votesAllowed, ...contest }) =>
      contest.kind === "n-of-m" ? { ...contest, votesAllowed } : contest,
    ),
  };
  t.deepEqual(parse(JSON.stringify(asJson)), definition);
});

const mistakes: readonly (readonly [string, string, string, string])[] = [
  ["an unknown key", "kind: test", "kind: test\nknid: test", 'f.yaml:3:1: the election has no "knid"'],
  ["a missing key", "kind: test\n", "", 'f.yaml:1:1: the election lacks "kind"'],
  ["a wrong kind", "kind: test", "kind: trial", "f.yaml:2:7: kind must be one of real, rehearsal, test"],
  [
    "an unknown contest kind",
    "kind: question",
    "kind: ranked",
    "f.yaml:16:11: kind must be one of n-of-m, list, question",
  ],
  [
    "a duplicate code",
    "code: 10,",
    "code: 12,",
    "f.yaml:13:9: code 12 is used twice in this contest (first by option 1)",
  ],
  [
    "more votes than options",
    "votesAllowed: 2",
    "votesAllowed: 4",
    "f.yaml:10:19: votesAllowed is 4, but there are only 3 options",
  ],
  [
    "several votes in a question",
    "title: پرسش",
    "title: پرسش\n    votesAllowed: 2",
    "f.yaml:18:5: a question allows one choice",
  ],
  [
    "a style that names no contest",
    "contests: [1, 2]",
    "contests: [1, 3]",
    "f.yaml:5:28: expected the id of a contest (1, 2)",
  ],
  ["a contest id used twice", "id: 2", "id: 1", "f.yaml:15:5: contest id 1 is used twice"],
  [
    "a name that is too long",
    "name: نرگس",
    `name: ${"ن".repeat(61)}`,
    "f.yaml:12:27: name has 61 characters; at most 60 fit",
  ],
  [
    "a direction mark in a name",
    "name: نرگس",
    "name: نر\u202eگس",
    "f.yaml:12:27: name holds U+202E as its character 3, which is a direction mark: remove it",
  ],
  ["a name that is a number", "name: نرگس", "name: 12", "f.yaml:12:27: name must be a text"],
  ["a code out of range", "code: 300", "code: 100000", "f.yaml:14:17: code must be a whole number from 1 to 99999"],
  [
    "a policy out of range",
    "styles:",
    "policy: { alert_s: 5 }\nstyles:",
    "f.yaml:4:20: alert_s must be a whole number from 20 to 45",
  ],
  [
    "a name of a joiner alone",
    "name: نرگس",
    'name: "\u200c"',
    "f.yaml:12:27: name has nothing that can be seen: write what people are to read",
  ],
  ["a name of a mark alone", "name: نرگس", 'name: "\u064e"', "f.yaml:12:27: name has nothing that can be seen"],
  ["a name of a Hangul filler", "name: نرگس", "name: \u3164\u3164", "f.yaml:12:27: name has nothing that can be seen"],
  [
    "an empty Braille pattern in a name",
    "name: نرگس",
    "name: نر\u2800گس",
    "f.yaml:12:27: name holds U+2800 as its character 3, which cannot be seen: remove it",
  ],
  [
    "a space of no width in a name",
    "name: نرگس",
    "name: نر\u200bگس",
    "f.yaml:12:27: name holds U+200B as its character 3",
  ],
  ["a soft hyphen in a name", "name: نرگس", "name: نر\u00adگس", "f.yaml:12:27: name holds U+00AD as its character 3"],
  [
    "a name that begins with a mark",
    "name: نرگس",
    'name: "\u064eنرگس"',
    "f.yaml:12:27: name holds U+064E as its character 1, which is a mark with no letter to stand on",
  ],
  [
    "a lost character",
    "name: نرگس",
    "name: نر\ufffdگس",
    "f.yaml:12:27: name holds U+FFFD as its character 3, which is what is left of a character that was lost: save the file as UTF-8",
  ],
  [
    "a character of private use",
    "name: نرگس",
    "name: نر\ue000گس",
    "f.yaml:12:27: name holds U+E000 as its character 3, which is no character that anybody else knows",
  ],
  [
    "a code in powers of ten",
    "code: 10,",
    "code: 1e2,",
    "f.yaml:13:17: code is written as 1e2: write 100 in digits 0 to 9",
  ],
  [
    "a code in base sixteen",
    "code: 10,",
    "code: 0x65,",
    "f.yaml:13:17: code is written as 0x65: write 101 in digits 0 to 9",
  ],
  ["a code in Persian digits", "code: 10,", "code: ۱۰۰۲,", "f.yaml:13:17: code must be a whole number"],
  [
    "a name that looks like another",
    "name: مریم }",
    "name: يوسف }",
    "f.yaml:14:9: contest 1: the names of 10 and 300 look the same and are written differently: write them alike, or tell the two apart",
  ],
  ["broken YAML", "station: { number: 7, name: بهار }", "station: { number: 7", "f.yaml:4:1:"],
];

for (const [what, from, to, expected] of mistakes) {
  test(`${what} is refused with file, line and column`, (t) => {
    t.true(smallYaml.includes(from));
    const found = problems(smallYaml.replace(from, to));
    t.true(
      found.some((line) => line.startsWith(expected)),
      found.join("\n") || "accepted",
    );
  });
}

test("a contest without options is refused", (t) => {
  const empty = smallYaml
    .replace(/ {6}- \{ code: 1, name: آری \}\n {6}- \{ code: 2, name: نه \}\n/, "")
    .replace("پرسش\n    options:", "پرسش\n    options: []");
  t.deepEqual(problems(empty), ["f.yaml:18:5: options is empty: at least one is needed"]);
});

test("10,000 candidates in one contest get a clear answer, quickly", (t) => {
  const many = Array.from({ length: 10_000 }, (_, i) => `      - { code: ${i + 1}, name: نرگس }`).join("\n");
  const found = problems(smallYaml.replace("      - { code: 12, name: نرگس, affiliation: سبز }", many));
  t.is(found.length, 1);
  t.true(found[0]!.includes(`a contest holds at most ${optionsPerContestMax}`), found[0]);
});

test("what is not an election at all is refused without an exception", (t) => {
  for (const text of ["", "5", "[]", "a: &x [1]\nb: *x", "\u0000", "- - - -", "{", "? ? ?", "title: !!binary aaaa"])
    t.true(problems(text).length > 0, JSON.stringify(text));
});
