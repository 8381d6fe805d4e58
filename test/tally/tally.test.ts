// Counting, merging, results: as numbers, without a terminal.

import test from "ava";
import type { Ballot, ContestId, StyleId } from "../../firmware/election/types.js";
import { openPackage } from "../../firmware/election/package.js";
import {
  belongTogether,
  nameLength,
  readRecordList,
  readResults,
  signRecordList,
  signResults,
  verificationCode,
} from "../../firmware/tally/results.js";
import type { Crypto } from "../../firmware/crypto/crypto.js";
import { Tally, mergeSmall } from "../../firmware/tally/tally.js";
import { policyLimits } from "../../firmware/election/shapes.js";
import { buildPackage } from "../../office/package/build.js";
import { crypto, keys, parse, smallYaml } from "../package/support.js";
import { MemoryFlash } from "../support/memory-flash.js";

const opened = openPackage(
  new MemoryFlash(0x10_0000, buildPackage(parse(smallYaml), keys)),
  0,
  crypto,
  keys.authority.publicKey,
);
if (!opened.ok) throw new Error(opened.error.code);
const pack = opened.value;
const key = crypto.signKeyPair(new Uint8Array(32).fill(9));

function ballot(first: readonly number[] | undefined, second: readonly number[] | undefined): Ballot {
  return {
    style: 1 as StyleId,
    marks: [first, second].map((choices, i) => ({
      contest: (i + 1) as ContestId,
      blank: choices === undefined,
      choices: choices ?? [],
    })),
  };
}

function counted(...ballots: readonly Ballot[]): Tally {
  const tally = new Tally(pack);
  for (const each of ballots) tally.add(each);
  return tally;
}

const root = new Uint8Array(32).fill(0x4e);

test("votes, blanks and undervotes by hand", (t) => {
  const tally = counted(ballot([10, 300], [1]), ballot([300], [2]), ballot(undefined, [1]), ballot([], undefined));
  t.is(tally.ballots, 4);
  t.deepEqual(tally.contests, [
    { contest: 1, ballots: 4, blank: 1, undervotes: 3, votes: [1, 0, 2] },
    { contest: 2, ballots: 4, blank: 1, undervotes: 0, votes: [2, 1] },
  ] as never);
});

test("numbers that do not add up are not given out", (t) => {
  const tally = counted(ballot([10, 300], [1]));
  // a blank vote with a choice, as no decoder lets through
  tally.add({ style: 1 as StyleId, marks: [{ contest: 2 as ContestId, blank: true, choices: [1] }] });
  t.throws(() => tally.contests, { message: /add up/ });
});

test("a contest of 1 to k - 1 ballots is merged upwards, one of none or of k is not", (t) => {
  for (const [ballots, shown] of [
    [0, true],
    [1, false],
    [4, false],
    [5, true],
  ] as const) {
    const merged = mergeSmall(counted(...Array.from({ length: ballots }, () => ballot([10], [1]))).contests, 5);
    t.deepEqual(
      merged.map((each) => each.votes !== undefined),
      [shown, shown],
      `${ballots}`,
    );
  }
});

test("results and list are read as they were signed, under their own key and kind alone, and belong together", (t) => {
  const names = Uint8Array.from({ length: 3 * nameLength }, (_, i) => i);
  const results = {
    root,
    terminal: 2,
    generatedAt: 1_795_235_400,
    ballots: 3,
    voids: 1,
    version: "9.8.7",
    kind: "rehearsal" as const,
    records: crypto.sha256(names),
    media: 2 as const,
    k: 3,
    contests: mergeSmall(counted(ballot([10], [1]), ballot([12], [1]), ballot(undefined, undefined)).contests, 3),
  };
  const signed = signResults(crypto, results, key.secretKey);
  t.deepEqual(readResults(crypto, signed, key.publicKey), { ok: true, value: results });
  t.false(readResults(crypto, signed, keys.authority.publicKey).ok);
  t.false(readRecordList(crypto, signed, key.publicKey).ok);
  for (let bit = 0; bit < signed.length * 8; bit += 7) {
    const flipped = signed.slice();
    flipped[bit >> 3]! ^= 1 << (bit & 7);
    t.false(readResults(crypto, flipped, key.publicKey).ok, `bit ${bit}`);
  }
  const list = { election: root.slice(0, 16), terminal: 2, names };
  t.deepEqual(readRecordList(crypto, signRecordList(crypto, list, key.secretKey), key.publicKey), {
    ok: true,
    value: list,
  });
  t.true(belongTogether(crypto, results, list));
  t.false(belongTogether(crypto, results, { ...list, names: names.slice(nameLength) }));
  t.false(belongTogether(crypto, results, { ...list, terminal: 3 }));
  t.regex(verificationCode(crypto, signed).join(" "), /^\d{4} \d{4} \d{4} \d{4}$/);
});

test("results of an election that merges as much as one may are read", (t) => {
  const [, k] = policyLimits.k;
  const results = {
    root,
    terminal: 2,
    generatedAt: 0,
    ballots: 0,
    voids: 0,
    version: "9.8.7",
    kind: "rehearsal" as const,
    records: crypto.sha256(new Uint8Array(0)),
    media: 1 as const,
    k,
    contests: [],
  };
  t.deepEqual(readResults(crypto, signResults(crypto, results, key.secretKey), key.publicKey), {
    ok: true,
    value: results,
  });
});

test("the code on a report is of the hash, two bytes a number, the last four digits of each", (t) => {
  const hash = Uint8Array.of(0x00, 0x07, 0x27, 0x0f, 0x27, 0x11, 0xff, 0xff, ...new Uint8Array(24).fill(0xaa));
  const hashing = { sha256: () => hash } as unknown as Crypto;
  t.deepEqual(verificationCode(hashing, new Uint8Array(1)), ["0007", "9999", "0001", "5535"]);
});
