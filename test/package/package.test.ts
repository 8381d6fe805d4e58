import test from "ava";
import fc from "fast-check";
import { decode, encode, type CborValue } from "../../firmware/cbor/cbor.js";
import { Crypto } from "../../firmware/crypto/crypto.js";
import { describePackageError } from "../../firmware/election/error.js";
import { hashPages, pageLength } from "../../firmware/election/layout.js";
import { PackageFault } from "../../firmware/election/error.js";
import { openPackage } from "../../firmware/election/package.js";
import { pageCacheMax } from "../../firmware/election/pages.js";
import type { ContestId, ElectionPackage, OptionIndex } from "../../firmware/election/types.js";
import { messages } from "../../firmware/messages.js";
import { buildPackage, seal } from "../../office/package/build.js";
import { namesOf } from "../../office/package/names.js";
import { DoesNotFit } from "../../office/package/tree.js";
import { Atlas } from "../../ui/text/atlas.js";
import { checkRecord } from "../../office/text/check-record.js";
import { MemoryFlash } from "../support/memory-flash.js";
import { referencePrimitives } from "../../office/crypto/reference.js";
import { crypto, example, keys, otherKeys, parse, smallYaml } from "./support.js";

const address = 0x10_0000;
const size = 0x40_0000;
const small = buildPackage(parse(smallYaml), keys);

function open(bytes: Uint8Array, authority = keys.authority.publicKey) {
  return openPackage(new MemoryFlash(size, bytes, address), address, crypto, authority);
}

function opened(bytes: Uint8Array): ElectionPackage {
  const result = open(bytes);
  if (!result.ok) throw new Error(describePackageError(result.error));
  return result.value;
}

test("what the packager writes the terminal reads: every contest, option, text and key", (t) => {
  const definition = example();
  const pack = opened(buildPackage(definition, keys));
  const { election } = pack;
  t.deepEqual(election.id, election.root.slice(0, 16));
  t.is(election.kind, "test");
  t.is(election.station, 1207);
  t.deepEqual(election.policy, definition.policy);
  t.deepEqual(election.collectorKey, keys.collector.publicKey);
  t.deepEqual(election.cards, keys.cards);
  t.deepEqual([election.escrowKey, election.auditKey], [keys.escrow.publicKey, keys.audit.publicKey]);
  const { executive, supervision, deputy } = keys.officials;
  t.deepEqual(election.officials, {
    cards: [
      { role: "executive", boxKey: executive.box.publicKey },
      { role: "supervision", boxKey: supervision.box.publicKey },
      { role: "executive", boxKey: deputy.box.publicKey },
    ],
    needed: { executive: 1, supervision: 1 },
  });
  definition.contests.forEach((written, i) => {
    const contest = election.contests[i]!;
    t.deepEqual(
      [contest.kind, contest.votesAllowed, contest.options, contest.blankAllowed],
      [written.kind, written.votesAllowed, written.options.length, written.blank],
    );
    written.options.forEach((option, j) => {
      const read = pack.option(contest.id, j as OptionIndex);
      t.is(read.code, option.code);
      t.is(read.affiliation === undefined, option.affiliation === undefined);
      t.is(pack.findCode(contest.id, option.code), j as OptionIndex);
      t.true(checkRecord(pack.text(read.name)).ok);
    });
  });
  t.is(pack.findCode(1 as ContestId, 100), undefined);
  t.is(pack.findCode(1 as ContestId, 254), undefined);
  const atlas = Atlas.open(pack.glyphs());
  t.true(atlas.ok && atlas.value.check().ok);
  t.is(election.ballotLength % 16, 0);
});

test("the same definition and keys give the same bytes", (t) => {
  t.deepEqual(buildPackage(parse(smallYaml), keys), small);
});

test("another edition has another id: one changed letter, and nothing else", (t) => {
  const other = opened(buildPackage(parse(smallYaml.replace("یوسف", "یونس")), keys)).election;
  const { id, root } = opened(small).election;
  t.notDeepEqual(other.id, id);
  t.notDeepEqual(other.root, root);
  t.deepEqual(id, root.slice(0, 16));
});

test("names are read from what was signed", (t) => {
  const names = namesOf(opened(small));
  t.deepEqual([names.title, names.station, names.contests.get(2)], ["آزمایش", "بهار", "پرسش"]);
  t.deepEqual([...names.options.entries()].slice(0, 2), [
    ["1/10", "یوسف"],
    ["1/12", "نرگس"],
  ]);
});

test("another authority's key refuses it", (t) => {
  const result = open(small, otherKeys.authority.publicKey);
  t.is(result.ok ? "opened" : result.error.code, "E-03");
});

test("an empty flash, a flash too small and one that does not answer are refused", (t) => {
  const blank = openPackage(new MemoryFlash(size, new Uint8Array(0)), address, crypto, keys.authority.publicKey);
  t.is(blank.ok ? "opened" : blank.error.code, "E-02");
  for (const room of [0, 5, pageLength, small.length - pageLength]) {
    const flash = new MemoryFlash(address + room, small.subarray(0, room), address);
    const result = openPackage(flash, address, crypto, keys.authority.publicKey);
    t.is(result.ok ? "opened" : result.error.code, "E-02", `${room} bytes`);
  }
  const dead = openPackage(
    { read: () => undefined, write: () => false, eraseBlock: () => false, status: () => undefined },
    address,
    crypto,
    keys.authority.publicKey,
  );
  t.is(dead.ok ? "opened" : dead.error.code, "E-01");
});

test("one flipped bit anywhere in the package is refused, with a message", (t) => {
  const property = fc.property(fc.nat(small.length * 8 - 1), (bit) => {
    const changed = small.slice();
    changed[bit >> 3]! ^= 1 << (bit & 7);
    const result = open(changed);
    return !result.ok && describePackageError(result.error).length > 0 && result.error.code in messages;
  });
  const out = fc.check(property, { numRuns: 60 });
  t.false(out.failed, `seed ${out.seed}: ${JSON.stringify(out.counterexample)}`);
});

test("every third byte of the header, the envelope's signature and the padding counts", (t) => {
  for (let at = 0; at < 400; at += 3) {
    const changed = small.slice();
    changed[at]! ^= 0x20;
    t.false(open(changed).ok, `byte ${at}`);
  }
  t.pass();
});

test("a package cut short anywhere is refused", (t) => {
  for (let length = 0; length < small.length; length += 3_071)
    t.false(open(small.subarray(0, length)).ok, `${length} bytes`);
});

test("a damaged page is named, and a damaged hash page with its level", (t) => {
  const data = small.slice();
  const pages = small.length / pageLength - 2;
  t.deepEqual(hashPages(pages), [1]);
  data[(2 + 3) * pageLength + 5]! ^= 1;
  const atData = open(data);
  t.deepEqual(atData.ok ? undefined : atData.error, { kind: "page", code: "E-04", level: 0, page: 3 });
  const hash = small.slice();
  hash[pageLength]! ^= 1;
  const atHash = open(hash);
  t.deepEqual(atHash.ok ? undefined : atHash.error, { kind: "page", code: "E-04", level: 1, page: 0 });
});

/** The package taken apart, changed by `change`, and signed again by the true authority. */
function resigned(
  change: (sections: {
    definition: Map<number, CborValue>;
    options: Uint8Array;
    texts: Uint8Array;
    search: Uint8Array;
    photos: Uint8Array;
    atlas: Uint8Array;
    names: Uint8Array;
  }) => void,
): Uint8Array {
  const envelope = decode(small.subarray(10, 10 + (small[8]! << 8) + small[9]!));
  if (!envelope.ok) throw new Error("envelope");
  const payload = decode((envelope.value as CborValue[])[2] as Uint8Array);
  if (!payload.ok) throw new Error("payload");
  const directory = (payload.value as Map<number, CborValue>).get(4) as number[][];
  const data = small.subarray(2 * pageLength);
  const [definition, options, texts, search, photos, atlas, names] = directory.map(([, offset, length]) =>
    data.slice(offset, offset! + length!),
  );
  const decoded = decode(definition!);
  if (!decoded.ok) throw new Error("definition");
  const sections = {
    definition: decoded.value as Map<number, CborValue>,
    options: options!,
    texts: texts!,
    search: search!,
    photos: photos!,
    atlas: atlas!,
    names: names!,
  };
  change(sections);
  return seal({ ...sections, definition: encode(sections.definition) }, keys);
}

const contest = (definition: Map<number, CborValue>, index: number) =>
  (definition.get(5) as Map<number, CborValue>[])[index]!;

const wrong: readonly (readonly [string, Parameters<typeof resigned>[0], string])[] = [
  [
    "an unknown contest kind",
    ({ definition }) => contest(definition, 1).set(2, 4),
    "definition contests[1].kind: expected uint 0..3",
  ],
  ["an unknown key", ({ definition }) => definition.set(99, 1), "definition 99: expected no such key"],
  [
    "a contest without options",
    ({ definition }) => contest(definition, 1).set(5, 0),
    "definition contests[1].options: expected uint 1..4096",
  ],
  [
    "more votes than options",
    ({ definition }) => contest(definition, 0).set(4, 4),
    "definition contests[0].votesAllowed: expected up to 3, the number of options",
  ],
  [
    "two votes in a question",
    ({ definition }) => contest(definition, 1).set(4, 2),
    "definition contests[1].votesAllowed: expected 1 for a question",
  ],
  ["a title that is no text", ({ definition }) => definition.set(2, 999), "definition title: expected a text below"],
  [
    "a style with an unknown contest",
    ({ definition }) => (definition.get(6) as Map<number, CborValue>[])[0]!.set(2, [1, 9]),
    "definition styles[0].contests[1]: expected a contest of this election",
  ],
  [
    "a ballot length that a ballot may exceed",
    ({ definition }) => definition.set(10, 16),
    "definition ballotLength: expected at least",
  ],
  [
    "options out of order",
    ({ options }) => options.set([0, 0, 0, 99], 4),
    "options contest 1 option 1 code: expected ascending codes",
  ],
  [
    "an option of another contest",
    ({ options }) => options.set([0, 2], 0),
    "options contest 1 option 0: expected contest 1",
  ],
  [
    "a list in a contest without lists",
    ({ options }) => options.set([0, 1], 2),
    "options contest 1 option 0 list: expected a list of its contest",
  ],
  [
    "a photo that is not there",
    ({ options }) => options.set([0, 0, 0, 9], 16),
    "options contest 1 option 0 photo: expected a place below 0",
  ],
  [
    "an option whose name is no text",
    ({ options }) => options.set([0, 0, 9, 0], 8),
    "options contest 1 option 0 name: expected a text below",
  ],
  ["search keys out of order", ({ search }) => search.set([40], 0), "search entry 1: expected ascending keys"],
  ["a search key of no option", ({ search }) => search.set([9, 0], 16), "search entry 0: expected an option below"],
  ["texts that overlap", ({ texts }) => texts.copyWithin(8, 4, 8), "texts offset[1]: expected ascending offsets"],
];

test("the packager's own parts signed again are accepted: the refusals below are of what was changed", (t) => {
  t.true(open(resigned(() => undefined)).ok);
});

for (const [what, change, expected] of wrong) {
  test(`${what} is refused although the signature is good`, (t) => {
    const result = open(resigned(change));
    t.true(
      !result.ok && describePackageError(result.error).startsWith(expected),
      result.ok ? "accepted" : describePackageError(result.error),
    );
  });
}

test("arbitrary bytes under a good signature never crash the reader", (t) => {
  const part = fc.uint8Array({ maxLength: 300 });
  const property = fc.property(
    part,
    part,
    part,
    part,
    part,
    part,
    (definition, options, texts, search, photos, atlas) => {
      if (definition.length + options.length + texts.length + search.length + photos.length + atlas.length === 0)
        return true;
      const result = open(seal({ definition, options, texts, search, photos, atlas, names: new Uint8Array(1) }, keys));
      return !result.ok && describePackageError(result.error).length > 0;
    },
  );
  const out = fc.check(property, { numRuns: 60, interruptAfterTimeLimit: 20_000 });
  t.false(out.failed, `seed ${out.seed}: ${JSON.stringify(out.counterexample)}`);
});

test("changed bytes of the definition under a good signature never crash the reader", (t) => {
  const property = fc.property(
    fc.array(fc.tuple(fc.nat(400), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 4 }),
    (edits) => {
      let changed = new Uint8Array(0);
      resigned(({ definition }) => {
        changed = new Uint8Array(encode(definition));
      });
      for (const [at, value] of edits) changed[at % changed.length] = value;
      const parts = {
        options: new Uint8Array(0),
        texts: new Uint8Array(8),
        search: new Uint8Array(0),
        photos: new Uint8Array(0),
        atlas: new Uint8Array(2),
        names: new Uint8Array(0),
      };
      const result = open(seal({ definition: changed, ...parts }, keys));
      return !result.ok;
    },
  );
  const out = fc.check(property, { numRuns: 60, interruptAfterTimeLimit: 20_000 });
  t.false(out.failed, `seed ${out.seed}: ${JSON.stringify(out.counterexample)}`);
});

test("a page that goes bad after the opening is not shown: it is thrown as PackageFault", (t) => {
  const flash = new MemoryFlash(size, buildPackage(example(), keys), address);
  const result = openPackage(flash, address, crypto, keys.authority.publicKey);
  if (!result.ok) return t.fail(describePackageError(result.error));
  const pack = result.value;
  flash.bytes.fill(0, address + 2 * pageLength);
  // what is in the cache was checked before; a walk over everything must meet a page that is not
  t.throws(() => pack.glyphs(), { instanceOf: PackageFault });
});

test("a page that is read again is hashed once only, and a changed bit of it is noticed all the same", (t) => {
  const flash = new MemoryFlash(size, buildPackage(example(), keys), address);
  let hashed = 0;
  const counting = new Crypto({
    primitives: {
      ...referencePrimitives,
      sha256: (out, message) => (hashed++, referencePrimitives.sha256(out, message)),
    },
    random: () => t.fail("chance is not needed"),
  });
  const result = openPackage(flash, address, counting, keys.authority.publicKey, {
    tagKey: () => new Uint8Array(16).fill(9),
  });
  if (!result.ok) return t.fail(describePackageError(result.error));
  const pack = result.value;
  const pages = hashed;
  t.true(pages > pageCacheMax);
  // every page passes through the cache twice more
  pack.glyphs();
  t.true(pack.verify().ok);
  t.is(hashed, pages);
  const untagged = openPackage(flash, address, counting, keys.authority.publicKey);
  t.true(untagged.ok && untagged.value.verify().ok);
  t.true(hashed > 2 * pages);
  // one bit, far behind what is in the cache
  let last = flash.bytes.length - 1;
  while (flash.bytes[last] === 0xff || flash.bytes[last] === 0) last--;
  flash.bytes[last]! ^= 0x10;
  for (let option = 0; option < 153; option++) pack.text(pack.option(1 as ContestId, option as OptionIndex).name);
  t.throws(() => pack.names(), { instanceOf: PackageFault });
  const again = pack.verify();
  t.true(!again.ok && again.error.kind === "page");
});

test("reading page by page keeps at most the named number of pages and asks the flash again for the rest", (t) => {
  const flash = new MemoryFlash(size, buildPackage(example(), keys), address);
  const result = openPackage(flash, address, crypto, keys.authority.publicKey);
  if (!result.ok) return t.fail(describePackageError(result.error));
  flash.reads.length = 0;
  for (let i = 0; i < 153; i++) result.value.option(1 as ContestId, i as OptionIndex);
  t.true(flash.reads.length <= 3, `${flash.reads.length} reads`);
  t.true(pageCacheMax <= 16);
});

test("a word too wide for the slip and a ballot too long for a record are refused by the packager", (t) => {
  t.throws(() => buildPackage(parse(smallYaml.replace("نرگس", "سیده‌فاطمه‌نرگس‌پورحسینی‌نژاداصل‌تبریزی‌نیاکان")), keys), {
    instanceOf: DoesNotFit,
    message: /has a word of \d+ pixels in slip; at most 440 fit: shorten it/,
  });
  const wide = Array.from({ length: 64 }, (_, i) => `      - { code: ${90_000 + i}, name: نه }`).join("\n");
  const contests = Array.from(
    { length: 4 },
    (_, i) => `  - id: ${i + 1}\n    kind: n-of-m\n    title: شورا\n    votesAllowed: 64\n    options:\n${wide}`,
  ).join("\n");
  const definition = parse(
    `title: ا\nkind: test\nstation: { number: 1, name: ب }\nstyles: [{ id: 1, contests: [1, 2, 3, 4] }]\ncontests:\n${contests}\n`,
  );
  t.throws(() => buildPackage(definition, keys), {
    instanceOf: DoesNotFit,
    message: /longest ballot takes 1,312 of 1,024 bytes/,
  });
});

test("4,096 candidates, the most a contest may have, are packed and read", (t) => {
  const many = Array.from({ length: 4_096 }, (_, i) => `      - { code: ${i + 1}, name: نرگس }`).join("\n");
  const pack = opened(
    buildPackage(
      parse(
        smallYaml.replace(/ {6}- \{ code: 12, [^\n]*\n {6}- \{ code: 10, [^\n]*\n {6}- \{ code: 300, [^\n]*/, many),
      ),
      keys,
    ),
  );
  t.is(pack.findCode(1 as ContestId, 4_096), 4_095 as OptionIndex);
});
