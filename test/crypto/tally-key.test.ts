// The tally key in the host's C (asked through the self-test's image) and in its twin: the same chance draws the same
// bytes; what was split is put together from both offices' shares, wrong ones are refused, and what was opened is what
// was sealed. Shares that somebody else's library made are combined too. With ASan and UBSan as well.

import test from "ava";
import fc from "fast-check";
import { combine, split } from "shamir-secret-sharing";
import { concat, fromHex, toHex, utf8 } from "../../firmware/bytes.js";
import { type BoxKeyPair, Crypto } from "../../firmware/crypto/crypto.js";
import {
  bindingLength,
  cardBoxLength,
  drawnLength,
  sealedPartLength,
  shareLength,
  sharesMax,
  type TallyKey,
} from "../../firmware/crypto/tally-key.js";
import { referencePrimitives } from "../../office/crypto/reference.js";
import { combineShares, splitSecret } from "../../office/tally/shares.js";
import { Chance } from "../../sim/chance.js";
import { PROGRAM, sanitizedProgram, withBench } from "../host/support.js";
import type { Bench } from "../host/support.js";
import { nodeTallyKey } from "../support/tally-key.js";

const SEED = Number(process.env["SEED"] ?? 20261121);
const chance = new Chance(String(SEED), "tally key");
const crypto = new Crypto({ primitives: referencePrimitives, random: (out) => chance.fill(out) });
const message = utf8("a ballot");

async function call(
  bench: Bench,
  name: string,
  ...args: readonly (Uint8Array | number | string)[]
): Promise<{ readonly result: boolean | null; readonly out: Uint8Array }> {
  // "*32": 32 bytes to be written into; "#1": a number
  const sent = args.map((each) =>
    typeof each === "number" ? `*${each}` : typeof each === "string" ? Number(each) : toHex(each),
  );
  const found = (await bench.ask("tallyKey", name, sent)) as {
    result: boolean | null;
    bytes: readonly (string | null)[];
  };
  return { result: found.result, out: fromHex(found.bytes[0] ?? "")! };
}

/** [k, n] of the executive, then of the supervision. */
type Sizes = readonly [readonly [number, number], readonly [number, number]];

function cardsOf(sizes: Sizes): BoxKeyPair[][] {
  return sizes.map(([, count]) => Array.from({ length: count }, () => crypto.boxKeyPair(crypto.random(32))));
}

/** Who takes part, and what TallyKey.draw is given. */
function parties(sizes: Sizes) {
  const cards = cardsOf(sizes);
  const [device, election, binding] = [crypto.random(32), crypto.random(16), crypto.random(bindingLength)];
  const escrow = crypto.boxKeyPair(crypto.random(32));
  const boxKeys = concat(...cards.flat().map(({ publicKey }) => publicKey));
  const args = [Uint8Array.from(sizes.flat()), boxKeys, binding, device, election, escrow.publicKey] as const;
  return { cards, device, election, binding, escrow, args, length: drawnLength(cards.flat().length) };
}

/** What was drawn, as its receivers find it. */
function take(drawn: Uint8Array, { cards, binding, escrow }: ReturnType<typeof parties>) {
  let at = 0;
  const next = (length: number): Uint8Array => drawn.slice(at, (at += length));
  const publicKey = next(32);
  const shares = cards.map((office) =>
    office.map((card) => {
      const opened = crypto.sealOpen(next(cardBoxLength), card)!;
      if (toHex(opened.subarray(shareLength)) !== toHex(binding)) throw new Error("another binding");
      return opened.slice(0, shareLength);
    }),
  ) as [Uint8Array[], Uint8Array[]];
  const devicePart = next(sealedPartLength);
  const part = crypto.sealOpen(next(sealedPartLength), escrow)!;
  return { publicKey, shares, devicePart, part };
}

type Given = readonly (readonly [office: 0 | 1, share: Uint8Array])[];

async function give(bench: Bench, shares: Given): Promise<boolean[]> {
  const fresh = (await call(bench, "begin", 32)).out;
  const taken: boolean[] = [];
  for (const [office, share] of shares)
    taken.push((await call(bench, "addShare", crypto.seal(share, fresh)!, String(office))).result === true);
  return taken;
}

const basePoint = new Uint8Array(32);
basePoint[0] = 9;
const xor = (a: Uint8Array, b: Uint8Array): Uint8Array => a.map((byte, i) => byte ^ b[i]!);

const sizesTried: readonly Sizes[] = [
  [
    [1, 1],
    [1, 1],
  ],
  [
    [1, 2],
    [1, 1],
  ],
  [
    [2, 3],
    [1, 2],
  ],
  [
    [3, 5],
    [2, 2],
  ],
  [
    [8, 8],
    [7, 8],
  ],
];

for (const sanitized of [false, true]) {
  const suffix = sanitized ? ", with sanitizers" : "";
  const bench = async (work: (bench: Bench) => Promise<void>): Promise<void> =>
    withBench(work, { program: sanitized ? await sanitizedProgram() : PROGRAM });

  test(`a key that C draws is given by k of each office's cards with the own part, and by the escrow's; it opens what was sealed${suffix}`, (t) =>
    bench(async (b) => {
      for (const sizes of sizesTried) {
        const who = parties(sizes);
        const drawn = await call(b, "draw", who.length, ...who.args);
        t.true(drawn.result);
        const { publicKey, shares, devicePart, part } = take(drawn.out, who);
        const [first, second] = ([0, 1] as const).map(
          (office): Given => shares[office].slice(-sizes[office][0]).map((share) => [office, share] as const),
        ) as [Given, Given];
        t.true((await give(b, [...second, ...first])).every(Boolean));
        t.true((await call(b, "combine", devicePart, who.device, who.election, publicKey)).result);
        const opened = await call(b, "open", message.length, crypto.seal(message, publicKey)!);
        t.true(opened.result);
        t.deepEqual(opened.out, message);
        // as the escrow puts it together
        const secret = shares.map((office, i) => combineShares(office.slice(0, sizes[i]![0]))).reduce(xor, part);
        t.deepEqual(crypto.x25519(secret, basePoint), publicKey);
        // every card but one of the other office, and all of one office
        for (const given of [first, second, first.slice(1).concat(second), first.concat(second.slice(1))]) {
          await give(b, given);
          t.false((await call(b, "combine", devicePart, who.device, who.election, publicKey)).result);
        }
        const all = ([0, 1] as const).map((office) => shares[office].map((share) => [office, share] as const));
        for (const given of all) {
          await give(b, given);
          t.false(
            (await call(b, "combine", devicePart, who.device, who.election, publicKey)).result,
            "all cards of one office",
          );
        }
      }
    }));

  test(`a wrong share, one twice, one under the other office, another device's part, another election: no key, and nothing is opened${suffix}`, (t) =>
    bench(async (b) => {
      const who = parties([
        [1, 2],
        [1, 1],
      ]);
      const { publicKey, shares, devicePart } = take((await call(b, "draw", who.length, ...who.args)).out, who);
      const [[one, deputy], [two]] = shares as [[Uint8Array, Uint8Array], [Uint8Array]];
      const right: Given = [
        [0, one],
        [1, two],
      ];
      const fits = async (
        given: Given,
        part = devicePart,
        device = who.device,
        of = who.election,
      ): Promise<unknown> => {
        await give(b, given);
        return (await call(b, "combine", part, device, of, publicKey)).result;
      };
      t.true(await fits(right));
      t.true(
        await fits([
          [0, deputy],
          [1, two],
        ]),
      );
      t.true(await fits([...right, [0, deputy]]), "more cards than are needed");
      t.false(await fits([[0, one]]));
      t.false(await fits([]));
      t.false(
        await fits([
          [0, one],
          [0, deputy],
        ]),
        "two cards of one office",
      );
      t.false(
        await fits([
          [0, one],
          [1, deputy],
        ]),
        "the second one as if it were of the other",
      );
      t.false(
        await fits([
          [0, two],
          [1, two],
        ]),
      );
      const changed = two.slice();
      changed[7]! ^= 1;
      t.false(
        await fits([
          [0, one],
          [1, changed],
        ]),
      );
      t.false(await fits(right, devicePart, crypto.random(32)));
      t.false(await fits(right, devicePart, who.device, crypto.random(16)));
      t.deepEqual(
        await give(b, [
          [0, one],
          [0, one],
        ]),
        [true, false],
      );
      t.deepEqual(
        await give(b, [[0, concat(one.subarray(0, 32), Uint8Array.of(0))]]),
        [false],
        "index 0 would be the part itself",
      );
      await call(b, "begin", 32);
      t.false((await call(b, "addShare", crypto.seal(one, publicKey)!, "0")).result);
      t.false((await call(b, "open", message.length, crypto.seal(message, publicKey)!)).result);
      t.true(await fits(right));
      await call(b, "end");
      const after = await call(b, "open", message.length, crypto.seal(message, publicKey)!);
      t.false(after.result);
      t.deepEqual(after.out, new Uint8Array(message.length));
      t.false(
        (await call(b, "combine", devicePart, who.device, who.election, publicKey)).result,
        "the shares are gone",
      );
    }));

  test(`C combines what another library split, whatever k and n${suffix}`, (t) =>
    bench(async (b) => {
      for (let needed = 2; needed <= sharesMax; needed++) {
        const [device, election, part] = [crypto.random(32), crypto.random(16), crypto.random(32)];
        const own = crypto.boxKeyPair(crypto.mac(concat(utf8("sandogh tally part"), election), device, 32));
        const pair = crypto.boxKeyPair(crypto.random(32));
        const second = crypto.random(32);
        const shares = await split(xor(xor(pair.secretKey, part), second), needed + 2, needed);
        const given = shares.slice(2).map((share) => [0, share] as const);
        await give(b, [...given, [1, concat(second, Uint8Array.of(1))]]);
        t.true((await call(b, "combine", crypto.seal(part, own.publicKey)!, device, election, pair.publicKey)).result);
      }
    }));

  test(`what cannot be drawn: a card's or the escrow's key of low order gives nothing; wrong numbers and lengths are bugs${suffix}`, (t) =>
    bench(async (b) => {
      const who = parties([
        [1, 1],
        [1, 1],
      ]);
      const [offices, cards, binding, device, election, escrow] = who.args;
      const low = new Uint8Array(32);
      const half = concat(cards.subarray(0, 32), low);
      for (const args of [
        [offices, half, binding, device, election, escrow],
        [offices, cards, binding, device, election, low],
      ]) {
        const drawn = await call(b, "draw", who.length, ...args);
        t.false(drawn.result);
        t.deepEqual(drawn.out, new Uint8Array(who.length));
      }
      for (const wrong of [
        [0, 1, 1, 1],
        [2, 1, 1, 1],
        [1, 9, 1, 1],
        [1, 1, 1, 0],
      ])
        await t.throwsAsync(call(b, "draw", who.length, Uint8Array.from(wrong), ...who.args.slice(1)), {
          name: "RangeError",
        });
      await t.throwsAsync(call(b, "draw", who.length - 1, ...who.args), { name: "RangeError" });
      await t.throwsAsync(call(b, "draw", who.length, offices, cards.subarray(1), ...who.args.slice(2)), {
        name: "RangeError",
      });
      await t.throwsAsync(call(b, "addShare", new Uint8Array(81), "2"), { name: "RangeError" });
    }));
}

/** What the terminal's generator gives in so many calls of such lengths, after this seed. */
function chances(seed: string, lengths: readonly number[]): Promise<Uint8Array[]> {
  return withBench(
    async (bench) => {
      const out: Uint8Array[] = [];
      for (const length of lengths) out.push(fromHex((await bench.ask("random", undefined, [length])) as string)!);
      return out;
    },
    { program: PROGRAM, seed },
  );
}

/** As the twin draws: which calls it makes, and what it makes of what they give. */
function twin(who: ReturnType<typeof parties>, given: readonly Uint8Array[]): { lengths: number[]; drawn: Uint8Array } {
  const lengths: number[] = [];
  const key: TallyKey = nodeTallyKey((out) => {
    out.set(given[lengths.length] ?? chance.bytes(out.length));
    lengths.push(out.length);
  });
  const drawn = new Uint8Array(who.length);
  if (!key.draw(drawn, ...who.args)) throw new Error("the twin does not draw");
  return { lengths, drawn };
}

test("C and its twin draw the same bytes from the same chance, byte for byte", async (t) => {
  for (const [i, sizes] of sizesTried.entries()) {
    const seed = toHex(new Uint8Array(32).fill(i + 1));
    const who = parties(sizes);
    const { lengths } = twin(who, []);
    const { drawn } = twin(who, await chances(seed, lengths));
    await withBench(
      async (bench) => t.is(toHex((await call(bench, "draw", who.length, ...who.args)).out), toHex(drawn)),
      { program: PROGRAM, seed },
    );
  }
});

test("two draws have nothing in common, not even their shares", async (t) => {
  const who = parties([
    [1, 1],
    [1, 1],
  ]);
  await withBench(
    async (bench) => {
      const drawn = [0, 1].map(async () => take((await call(bench, "draw", who.length, ...who.args)).out, who));
      const [first, second] = (await Promise.all(drawn)) as [ReturnType<typeof take>, ReturnType<typeof take>];
      t.notDeepEqual(first.publicKey, second.publicKey);
      t.notDeepEqual(first.part, second.part);
      t.notDeepEqual(first.shares[0], second.shares[0]);
      t.notDeepEqual(first.shares[1], second.shares[1]);
    },
    { program: PROGRAM },
  );
});

test("the twin combines what it drew, and not two cards of one office", (t) => {
  const who = parties([
    [1, 2],
    [1, 1],
  ]);
  const key = nodeTallyKey((out) => chance.fill(out));
  const drawn = new Uint8Array(who.length);
  t.true(key.draw(drawn, ...who.args));
  const { publicKey, shares, devicePart } = take(drawn, who);
  const combined = (given: Given): boolean => {
    const fresh = new Uint8Array(32);
    key.begin(fresh);
    for (const [office, share] of given) key.addShare(crypto.seal(share, fresh)!, office);
    return key.combine(devicePart, who.device, who.election, publicKey);
  };
  t.true(
    combined([
      [0, shares[0][1]!],
      [1, shares[1][0]!],
    ]),
  );
  t.false(
    combined([
      [0, shares[0][0]!],
      [0, shares[0][1]!],
    ]),
  );
});

test("the office's shares are the library's, and the other way round", async (t) => {
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ minLength: 1, maxLength: 40 }),
      fc.integer({ min: 2, max: 8 }),
      fc.integer({ min: 0, max: 5 }),
      async (secret, needed, more) => {
        const own = splitSecret(secret, needed + more, needed, (length) => chance.bytes(length));
        t.deepEqual(new Uint8Array(await combine(own.slice(more))), secret);
        const theirs = await split(secret, needed + more, needed);
        t.deepEqual(combineShares(theirs.slice(0, needed)), secret);
      },
    ),
    { numRuns: 40, seed: SEED },
  );
});
