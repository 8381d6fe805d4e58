// The roll answers exactly as a set of its voters does, reads one page a look-up, and takes no byte that was not signed
// or is not as its format says.

import { createHash } from "node:crypto";
import test from "ava";
import { electionKinds } from "../../firmware/election/shapes.js";
import { describeRollError } from "../../firmware/roll/error.js";
import { pageLength } from "../../firmware/election/layout.js";
import {
  areaBits,
  treePages,
  voterPageLength,
  voterPageMax,
  voterPagesMax,
  votersAt,
} from "../../firmware/roll/layout.js";
import type { Roll } from "../../firmware/roll/roll.js";
import { readVoterPage } from "../../firmware/roll/voter-page.js";
import { Chance } from "../../sim/chance.js";
import { DoesNotFit } from "../../office/package/tree.js";
import { type RollVoter, buildRoll, codePages, layData, sealRoll } from "../../office/roll/build.js";
import { definition, drawVoters, flashWith, keys, open, opened, otherKeys, rollOf } from "./support.js";

/** What the roll says of a key: its style and area, or undefined. Throws what it could not read. */
function ask(
  roll: Roll,
  key: number,
): { readonly style: number; readonly area: number; readonly position: number } | undefined {
  const found = roll.find(key);
  if (!found.ok) throw new Error(describeRollError(found.error));
  return found.value;
}

for (const [name, count, styles, end] of [
  ["uniform, one area", 5_000, [1], 1_000_000_000],
  ["uniform, five areas", 5_000, [4, 9, 2, 700, 65_535], 1_000_000_000],
  ["dense", 9_000, [1, 2], 12_000],
  ["one voter", 1, [3], 1_000_000_000],
  ["a handful, far apart", 5, [1, 2], 1_000_000_000],
] as const)
  test(`${name}: every voter, every neighbour of a voter and 50,000 others are answered as a set answers`, (t) => {
    const voters = drawVoters(name, count, styles.length, end);
    const { roll } = rollOf(voters, styles);
    t.true(roll.verify().ok);
    const model = new Map(voters.map(({ key, area }) => [key, area]));
    const positions = new Set<number>();
    let before = -1;
    for (const { key, area } of voters) {
      const found = ask(roll, key);
      if (found?.area !== area + 1 || found.style !== styles[area])
        return t.fail(`voter ${key}: ${JSON.stringify(found)}`);
      if (found.position <= before) return t.fail(`voter ${key}: positions ascend`);
      before = found.position;
      positions.add(found.position);
      for (const near of [key - 1, key + 1])
        if (near >= 0 && near < 1_000_000_000 && (ask(roll, near) !== undefined) !== model.has(near))
          return t.fail(`neighbour ${near}`);
    }
    t.is(positions.size, count);
    const chance = new Chance(name, "others");
    for (let i = 0; i < 50_000; i++) {
      const bytes = chance.bytes(4);
      const key = (((bytes[0]! << 24) | (bytes[1]! << 16) | (bytes[2]! << 8) | bytes[3]!) >>> 0) % 1_000_000_000;
      if ((ask(roll, key) !== undefined) !== model.has(key)) return t.fail(`other ${key}`);
    }
    for (const key of [0, 1, 999_999_998, 999_999_999]) t.is(ask(roll, key) !== undefined, model.has(key), String(key));
  });

test("half a million voters take 12.7 bits each (the information bound is 12.41), and a look-up reads one page of flash", (t) => {
  const voters = drawVoters("half a million", 500_000, 1);
  const { roll, flash, bytes } = rollOf(voters);
  const pages = roll.head.voterPages * voterPageLength;
  const perVoter = (length: number): number => (length * 8) / voters.length;
  t.log(
    `${perVoter(pages).toFixed(3)} bits a voter in ${roll.head.voterPages} pages; with index ${perVoter(votersAt(roll.head.voterPages) + pages).toFixed(3)}, with hash tree and head ${perVoter(bytes.length).toFixed(3)} (${bytes.length} bytes)`,
  );
  t.true(perVoter(pages) < 12.71, String(perVoter(pages)));
  t.true(perVoter(bytes.length) < 13.2, String(perVoter(bytes.length)));
  // the hash pages above are kept, as long as they are among those used last
  const chance = new Chance("look-ups", "half a million");
  const readsOf = Array.from({ length: 2_000 }, () => {
    const voter = voters[chance.below(voters.length)]!;
    const before = flash.reads.length;
    t.is(ask(roll, voter.key)?.area, 1);
    return flash.reads.length - before;
  });
  const mean = readsOf.reduce((sum, reads) => sum + reads, 0) / readsOf.length;
  t.log(`${mean.toFixed(3)} pages read a look-up, ${Math.max(...readsOf)} at most`);
  t.true(mean < 1.02 && Math.max(...readsOf) <= 3);
});

test("golden: a small roll, byte for byte", (t) => {
  const voters: RollVoter[] = [
    [0, 0],
    [1, 1],
    [12_345_678, 2],
    [12_345_680, 0],
    [499_370_899 - 1, 1],
    [999_999_999, 2],
  ].map(([key, area]) => ({ key: key!, area: area! }));
  const bytes = buildRoll(definition(voters, [1, 2, 7]), keys);
  t.is(bytes.length, 3 * pageLength);
  t.is(
    createHash("sha256").update(bytes).digest("hex"),
    "60fb5af734a6ace485fe14eab68837846c38b64a43b27899a3f636033523bb64",
  );
  const { pages } = codePages(voters, 4, 2);
  // two voters, since the third is too far away: 30 bits of the first key, 10 of the count less one, area 00; then 0
  // 0000: the distance 1 less one; area 01
  t.is(Buffer.from(pages[0]!.subarray(0, 8)).toString("hex"), "0000000001008000");
});

const voters = drawVoters("strict", 700, 3);
const styles = [1, 2, 3];
const sound = buildRoll(definition(voters, styles), keys);

test("one changed byte anywhere: refused when it is opened, or at the latest by the check of every page; nobody is found who is not in it", (t) => {
  const chance = new Chance("flips", "roll");
  const model = new Set(voters.map(({ key }) => key));
  for (let i = 0; i < 600; i++) {
    const bytes = sound.slice();
    // every byte of the head, and some of each page behind it
    const at = i < 300 ? i * 2 : chance.below(bytes.length);
    bytes[at]! ^= 1 << chance.below(8);
    const roll = open(flashWith(bytes));
    if (roll.ok) {
      if (roll.value.verify().ok) return t.fail(`byte ${at} is not noticed`);
      const { key } = voters[chance.below(voters.length)]!;
      const found = roll.value.find(key + 1);
      if (found.ok && (found.value !== undefined) !== model.has(key + 1)) return t.fail(`byte ${at}: a false answer`);
    }
  }
  t.pass();
});

test("another authority's roll, none at all, a chip that is silent: each is refused by its name", (t) => {
  const kindOf = (flash: ReturnType<typeof flashWith>): string => {
    const roll = open(flash);
    return roll.ok ? "open" : roll.error.kind;
  };
  t.is(kindOf(flashWith(buildRoll(definition(voters, styles), otherKeys))), "signature");
  t.is(kindOf(flashWith(new Uint8Array(0))), "absent");
  const silent = flashWith(sound);
  silent.status = () => undefined as never;
  t.is(kindOf(silent), "no-answer");
  t.is(kindOf(flashWith(sound)), "open");
});

/** Signed by the authority, but not what the format says. */
function signed(change: {
  readonly pages?: (pages: Uint8Array[]) => void;
  readonly firsts?: (firsts: number[]) => void;
  readonly voters?: number;
  readonly riceBits?: number;
  readonly styles?: readonly number[];
  readonly data?: (data: Uint8Array) => void;
}): ReturnType<typeof open> {
  const riceBits = 20;
  const { pages, firsts } = codePages(voters, riceBits, areaBits(styles.length));
  change.pages?.(pages);
  change.firsts?.(firsts);
  const data = layData(pages, firsts);
  change.data?.(data);
  const facts = {
    ...definition(voters, change.styles ?? styles),
    voterPages: pages.length,
    voters: change.voters ?? voters.length,
    riceBits: change.riceBits ?? riceBits,
  };
  return open(flashWith(sealRoll(data, facts, keys)));
}

function complaint(roll: ReturnType<typeof open>): string {
  if (!roll.ok) return describeRollError(roll.error);
  const verified = roll.value.verify();
  return verified.ok ? "sound" : describeRollError(verified.error);
}

test("what is signed but not as the format says is refused, with what and where", (t) => {
  t.is(complaint(signed({})), "sound");
  t.is(complaint(signed({ voters: 699 })), "voters: expected 700");
  t.is(
    complaint(signed({ firsts: (firsts) => firsts.reverse() })),
    "index[1]: expected ascending keys below 1000000000",
  );
  t.is(
    complaint(signed({ firsts: (firsts) => void (firsts[2] = firsts[1]!) })),
    "index[2]: expected ascending keys below 1000000000",
  );
  t.is(
    complaint(signed({ firsts: (firsts) => void (firsts[2]! += 1) })).replace(/\d{5,}/, "N"),
    "page 2 voter 0: expected N, its entry in the index",
  );
  t.is(complaint(signed({ styles: [1, 2, 2] })), "styles: expected a style named once");
  t.regex(complaint(signed({ styles: [1] })), /^page 0 voter \d+: expected /);
  t.regex(complaint(signed({ riceBits: 24 })), /^page 0 voter \d+: expected /);
  t.regex(
    complaint(signed({ pages: (pages) => pages[0]!.fill(0xff) })),
    /^page 0 voter 0: expected a key below 1000000000$|^index\[1\]/,
  );
  t.regex(
    complaint(signed({ pages: (pages) => void (pages.at(-1)![voterPageLength - 1] = 1) })),
    /^page 8 voter \d+: expected zero padding$/,
  );
  t.is(
    complaint(signed({ data: (data) => void (data[votersAt(9) - 1] = 1) })),
    `data byte ${votersAt(9) - 1}: expected zero padding`,
  );
  t.is(
    complaint(signed({ data: (data) => void (data[data.length - 1] = 9) })).replace(/\d+/, "N"),
    "data byte N: expected zero padding",
  );
  // a page that reaches into the next one
  const [first, second] = codePages(voters, 20, 2).firsts;
  t.is(
    complaint(
      signed({
        firsts: (firsts) => void (firsts[1] = first! + 1),
        pages: (pages) => void pages.splice(1, 1, pageFrom(first! + 1)),
      }),
    ),
    `page 0: expected keys below ${first! + 1}, where the next page begins`,
  );
  t.true(second! > first!);
});

/** A page of one voter. */
function pageFrom(key: number): Uint8Array {
  return codePages([{ key, area: 0 }], 20, 2).pages[0]!;
}

test("the reader of a page never throws and never reads beyond it, whatever the bytes", (t) => {
  const chance = new Chance("noise", "page");
  for (let i = 0; i < 3_000; i++) {
    const bytes = chance.bytes(voterPageLength);
    // most noise begins with a key that is too large
    if (i % 2 === 0) bytes[0]! &= 0x3f;
    const read = readVoterPage(bytes, 0, { riceBits: chance.below(25), areaBits: chance.below(3), areas: 3 }, 5);
    if (read.ok && (read.value.count > voterPageMax || read.value.last >= 1_000_000_000)) return t.fail(String(i));
  }
  t.false(readVoterPage(new Uint8Array(255), 0, { riceBits: 1, areaBits: 0, areas: 1 }, 5).ok);
});

test("limits: a full page, the most pages, one more", (t) => {
  const dense = Array.from({ length: 3 * voterPageMax }, (_, key) => ({ key, area: 0 }));
  const { roll } = rollOf(dense);
  t.is(roll.head.riceBits, 0);
  t.is(roll.head.voterPages, 3);
  t.is(ask(roll, voterPageMax)?.position, voterPageMax);
  t.true(roll.verify().ok);
  t.is(treePages(voterPagesMax), 3_072);
  t.is(treePages(voterPagesMax + 16), 3_073);
  t.throws(() => buildRoll(definition([], [1]), keys), { instanceOf: DoesNotFit });
  t.throws(
    () =>
      buildRoll(
        definition(
          voters,
          Array.from({ length: 65 }, (_, i) => i + 1),
        ),
        keys,
      ),
    { instanceOf: DoesNotFit },
  );
});

test("opened, its head is what was signed", (t) => {
  const { head } = opened(flashWith(sound));
  t.deepEqual(
    [head.election, head.station, electionKinds[head.kind], head.voters, head.styles, head.cards, head.capacity],
    [keys.election, 1207, "test", 700, styles, keys.cards, 40],
  );
});
