// An open list: one list, and of its candidates as many as preferences are allowed. The rules where a voter chooses,
// and where a ballot is decoded.

import test from "ava";
import fc from "fast-check";
import { codeBook, decodeBallot, encodeBallot } from "../../firmware/election/ballot.js";
import { describePackageError } from "../../firmware/election/error.js";
import { openPackage } from "../../firmware/election/package.js";
import type { OptionIndex } from "../../firmware/election/types.js";
import { Marking } from "../../firmware/session/marking.js";
import { buildPackage } from "../../office/package/build.js";
import { parseDefinition, problemLine } from "../../office/package/definition.js";
import { crypto, keys, parse } from "../package/support.js";
import { MemoryFlash } from "../support/memory-flash.js";

const preferences = 3;
const yaml = `title: آزمایش
kind: test
station: { number: 7, name: بهار }
styles:
  - { id: 1, contests: [1] }
contests:
  - id: 1
    kind: open-list
    title: مجلس
    preferences: ${preferences}
    options:
      - { code: 1, name: پیوند }
      - { code: 2, name: سبز }
${Array.from({ length: 5 }, (_, i) => `      - { code: ${101 + i}, name: نرگس, list: 1 }\n      - { code: ${201 + i}, name: یوسف, list: 2 }`).join("\n")}
`;
const opened = openPackage(
  new MemoryFlash(0x10_0000, buildPackage(parse(yaml), keys)),
  0,
  crypto,
  keys.authority.publicKey,
);
if (!opened.ok) throw new Error(describePackageError(opened.error));
const pack = opened.value;
const election = { ...pack.election, tallyKey: new Uint8Array(32) };
const contest = pack.election.contests[0]!;
const style = pack.election.styles[0]!;
const indexOf = (code: number): OptionIndex => pack.findCode(contest.id, code)!;

function marking(): {
  readonly voter: Marking;
  readonly press: (code: number) => string | undefined;
  readonly chosen: () => readonly number[];
} {
  const voter = new Marking({ pack, style });
  return {
    voter,
    press: (code) => {
      voter.edit({ do: "toggle", option: indexOf(code) });
      return voter.view.problem;
    },
    chosen: () => voter.marks[0]!.choices,
  };
}

test("a candidate needs the list first, is of the list chosen, and three are the most; nothing is dropped or replaced", (t) => {
  const { press, chosen } = marking();
  t.is(press(101), "list-first");
  t.is(press(1), undefined);
  t.is(press(2), "other-list");
  t.is(press(201), "other-list");
  for (const code of [103, 101, 105]) t.is(press(code), undefined);
  t.is(press(102), "overvote");
  t.deepEqual(chosen(), [1, 101, 103, 105]);
  t.is(press(1), "list-has-choices");
  for (const code of [103, 101, 105, 1]) t.is(press(code), undefined);
  t.deepEqual(chosen(), []);
  t.is(press(2), undefined);
  t.is(press(201), undefined);
});

test("the correction key takes back the candidates before their list", (t) => {
  const { voter, press, chosen } = marking();
  for (const code of [2, 203, 201]) press(code);
  voter.edit({ do: "correct" });
  t.deepEqual(chosen(), [2, 203]);
  voter.edit({ do: "correct" });
  voter.edit({ do: "correct" });
  t.deepEqual(chosen(), []);
});

test("what a voter can reach decodes, and nothing else does: any set of codes is judged alike by both", (t) => {
  const codes = [1, 2, 101, 102, 103, 104, 105, 201, 202];
  const property = fc.property(fc.uniqueArray(fc.constantFrom(...codes), { maxLength: 6 }), (wanted) => {
    const sorted = [...wanted].sort((a, b) => a - b);
    const { press, chosen } = marking();
    // lists first, as a voter would who wants exactly these
    const reachable = sorted.every((code) => press(code) === undefined) && chosen().join() === sorted.join();
    if (sorted.length > contest.votesAllowed) return !reachable;
    const plain = encodeBallot(
      { style: style.id, marks: [{ contest: contest.id, blank: false, choices: sorted }] },
      election.ballotLength,
    );
    return decodeBallot(crypto, plain, election, codeBook(pack)).ok === reachable;
  });
  const out = fc.check(property, { numRuns: 500 });
  t.false(out.failed, `seed ${out.seed}: ${JSON.stringify(out.counterexample)}`);
});

test("beneath a candidate stands the list, and an open list written wrong is refused with what to do", (t) => {
  const candidate = pack.option(contest.id, indexOf(203));
  t.is(candidate.list, indexOf(2));
  t.true(candidate.affiliation !== undefined && contest.affiliations);
  const problems = (text: string): string => {
    const result = parseDefinition(text, "e.yaml");
    return result.ok ? "" : result.problems.map(problemLine).join("\n");
  };
  t.regex(problems(yaml.replace("list: 1 }", "list: 9 }")), /there is no list 9/);
  t.regex(
    problems(yaml.replace(`preferences: ${preferences}`, "votesAllowed: 3")),
    /replace votesAllowed by preferences/,
  );
  t.regex(
    problems(yaml.replace("open-list", "n-of-m").replace(`preferences: ${preferences}`, "votesAllowed: 3")),
    /only an open-list has candidates on lists/,
  );
});
