// The tally key in the host's C (asked through the self-test's image): shares made by somebody else's library are
// combined, wrong ones refused, what was opened is what was sealed. With ASan and UBSan too.

import test from "ava";
import fc from "fast-check";
import { combine, split } from "shamir-secret-sharing";
import { concat, fromHex, toHex, utf8 } from "../../firmware/bytes.js";
import { Crypto } from "../../firmware/crypto/crypto.js";
import { sharesMax } from "../../firmware/crypto/tally-key.js";
import { referencePrimitives } from "../../office/crypto/reference.js";
import { deviceKeys } from "../../firmware/device/keys.js";
import { combineShares, splitSecret } from "../../office/package/shares.js";
import { Chance } from "../../sim/chance.js";
import { PROGRAM, sanitizedProgram, withBench } from "../host/support.js";
import type { Bench } from "../host/support.js";

const SEED = Number(process.env["SEED"] ?? 20261121);
const chance = new Chance(String(SEED), "tally key");
const crypto = new Crypto({ primitives: referencePrimitives, random: (out) => chance.fill(out) });
const message = utf8("a ballot");

async function call(
  bench: Bench,
  name: string,
  ...args: readonly (Uint8Array | number)[]
): Promise<{ readonly result: boolean | null; readonly out: Uint8Array }> {
  const sent = args.map((each) => (typeof each === "number" ? `*${each}` : toHex(each)));
  const found = (await bench.ask("tallyKey", name, sent)) as {
    result: boolean | null;
    bytes: readonly (string | null)[];
  };
  return { result: found.result, out: fromHex(found.bytes[0] ?? "")! };
}

/** A key pair, what the device needs to open its part, and the part that is shared. */
function makeKey(): {
  pair: { publicKey: Uint8Array; secretKey: Uint8Array };
  device: Uint8Array;
  election: Uint8Array;
  sealedPart: Uint8Array;
  shared: Uint8Array;
} {
  const [device, election, part] = [crypto.random(32), crypto.random(16), crypto.random(32)];
  const pair = crypto.boxKeyPair(crypto.random(32));
  const sealedPart = crypto.seal(part, deviceKeys(crypto, device).box.publicKey)!;
  return { pair, device, election, sealedPart, shared: pair.secretKey.map((byte, i) => byte ^ part[i]!) };
}

async function give(bench: Bench, shares: readonly Uint8Array[]): Promise<boolean[]> {
  const fresh = (await call(bench, "begin", 32)).out;
  const taken: boolean[] = [];
  for (const share of shares) taken.push((await call(bench, "addShare", crypto.seal(share, fresh)!)).result === true);
  return taken;
}

for (const sanitized of [false, true]) {
  const suffix = sanitized ? ", with sanitizers" : "";
  const bench = async (work: (bench: Bench) => Promise<void>): Promise<void> =>
    withBench(work, { program: sanitized ? await sanitizedProgram() : PROGRAM });

  test(`any k of n shares that shamir-secret-sharing made give the key, and it opens what was sealed${suffix}`, (t) =>
    bench(async (b) => {
      for (let needed = 2; needed <= sharesMax; needed++) {
        const { pair, device, election, sealedPart, shared } = makeKey();
        const shares = await split(shared, needed + 2, needed);
        for (const chosen of [shares.slice(0, needed), shares.slice(2), [...shares].reverse().slice(0, needed)]) {
          t.true((await give(b, chosen)).every(Boolean));
          t.true((await call(b, "combine", sealedPart, device, election, pair.publicKey)).result);
          const opened = await call(b, "open", message.length, crypto.seal(message, pair.publicKey)!);
          t.true(opened.result);
          t.deepEqual(opened.out, message);
        }
        // one share fewer makes another key
        if (needed === 2) continue;
        await give(b, shares.slice(0, needed - 1));
        t.false((await call(b, "combine", sealedPart, device, election, pair.publicKey)).result);
      }
    }));

  test(`a wrong share, one twice, one sealed to somebody else, another device's part, another election: no key, and nothing is opened${suffix}`, (t) =>
    bench(async (b) => {
      const { pair, device, election, sealedPart, shared } = makeKey();
      const [one, two] = (await split(shared, 3, 2)) as [Uint8Array, Uint8Array];
      const fits = async (
        shares: readonly Uint8Array[],
        part = sealedPart,
        own = device,
        of = election,
      ): Promise<unknown> => {
        await give(b, shares);
        return (await call(b, "combine", part, own, of, pair.publicKey)).result;
      };
      t.true(await fits([one, two]));
      t.false(await fits([one]));
      t.false(await fits([]));
      const changed = two.slice();
      changed[7]! ^= 1;
      t.false(await fits([one, changed]));
      t.false(await fits([one, two], sealedPart, crypto.random(32)));
      t.false(await fits([one, two], sealedPart, device, crypto.random(16)));
      t.false(await fits([one, two], crypto.seal(crypto.random(32), deviceKeys(crypto, device).box.publicKey)));
      t.deepEqual(await give(b, [one, one]), [true, false]);
      t.deepEqual(
        await give(b, [concat(one.subarray(0, 32), Uint8Array.of(0))]),
        [false],
        "index 0 would be the secret itself",
      );
      await call(b, "begin", 32);
      t.false((await call(b, "addShare", crypto.seal(one, pair.publicKey)!)).result);
      t.false((await call(b, "open", message.length, crypto.seal(message, pair.publicKey)!)).result);
      t.true(await fits([one, two]));
      await call(b, "end");
      const after = await call(b, "open", message.length, crypto.seal(message, pair.publicKey)!);
      t.false(after.result);
      t.deepEqual(after.out, new Uint8Array(message.length));
      t.false((await call(b, "combine", sealedPart, device, election, pair.publicKey)).result, "the shares are gone");
    }));
}

test("the packager's shares are the library's, and the other way round", async (t) => {
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
