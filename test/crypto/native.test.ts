// The terminal's own primitives (libsodium in the host, asked through the self-test's image) against tweetnacl-es6,
// sodium-native and noble, on random inputs and both ways; and what they must refuse. With ASan and UBSan too.

import test from "ava";
import fc from "fast-check";
import { blake2b } from "@noble/hashes/blake2.js";
import { createHash, createHmac } from "node:crypto";
import sodium from "sodium-native";
import nacl from "tweetnacl-es6";
import { fromHex, toHex } from "../../firmware/bytes.js";
import { referencePrimitives } from "../../office/crypto/reference.js";
import { PROGRAM, sanitizedProgram, withBench } from "../host/support.js";
import type { Bench } from "../host/support.js";
import {
  aeadVectors,
  ed25519Vectors,
  hmacVectors,
  readWycheproof,
  refusedPoints,
  sipHashVectors,
  x25519Vectors,
} from "../support/vectors.js";

const SEED = Number(process.env["SEED"] ?? 20261121);
const RUNS = 25;

interface Outcome {
  readonly result: boolean | null;
  readonly bytes: readonly (Uint8Array | undefined)[];
}

async function call(bench: Bench, name: string, ...args: readonly Uint8Array[]): Promise<Outcome> {
  const found = (await bench.ask("primitive", name, args.map(toHex))) as {
    result: boolean | null;
    bytes: readonly (string | null)[];
  };
  return { result: found.result, bytes: found.bytes.map((hex) => (hex === null ? undefined : fromHex(hex)!)) };
}

const zeros = (length: number): Uint8Array => new Uint8Array(length);
const message = fc.uint8Array({ maxLength: 400 });
const seed = fc.uint8Array({ minLength: 32, maxLength: 32 });

async function property<Ts extends [unknown, ...unknown[]]>(
  arbitraries: { [K in keyof Ts]: fc.Arbitrary<Ts[K]> },
  claim: (...values: Ts) => Promise<void>,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(fc.tuple(...(arbitraries as unknown as fc.Arbitrary<unknown>[])), async (values) =>
      claim(...(values as Ts)),
    ),
    { numRuns: RUNS, seed: SEED },
  );
}

for (const sanitized of [false, true]) {
  const suffix = sanitized ? ", with sanitizers" : "";
  const bench = async (work: (bench: Bench) => Promise<void>): Promise<void> =>
    withBench(work, { program: sanitized ? await sanitizedProgram() : PROGRAM });

  test(`hashes equal Node's and noble's${suffix}`, (t) =>
    bench((b) =>
      property<[Uint8Array, Uint8Array, number]>(
        [message, fc.uint8Array({ maxLength: 64 }), fc.integer({ min: 16, max: 64 })],
        async (text, key, length) => {
          t.deepEqual(
            (await call(b, "sha256", zeros(32), text)).bytes[0],
            new Uint8Array(createHash("sha256").update(text).digest()),
          );
          t.deepEqual(
            (await call(b, "sha512", zeros(64), text)).bytes[0],
            new Uint8Array(createHash("sha512").update(text).digest()),
          );
          t.deepEqual(
            (await call(b, "blake2b", zeros(length), text, key)).bytes[0],
            blake2b(text, { dkLen: length, ...(key.length > 0 ? { key } : {}) }),
          );
        },
      ),
    ));

  test(`signatures equal tweetnacl's and are verified both ways${suffix}`, (t) =>
    bench((b) =>
      property<[Uint8Array, Uint8Array, number]>([message, seed, fc.nat()], async (text, secret, flip) => {
        const pair = await call(b, "signKeyPair", zeros(32), zeros(64), secret);
        const expected = nacl.sign.keyPair.fromSeed(secret);
        t.deepEqual(pair.bytes[0], expected.publicKey);
        t.deepEqual(pair.bytes[1], expected.secretKey);
        const signature = (await call(b, "sign", zeros(64), text, expected.secretKey)).bytes[0]!;
        t.deepEqual(signature, nacl.sign.detached(text, expected.secretKey));
        t.true(nacl.sign.detached.verify(text, signature, expected.publicKey));
        t.true((await call(b, "verify", signature, text, expected.publicKey)).result);
        const bad = signature.slice();
        bad[flip % 64]! ^= 1 << (flip % 8);
        t.false((await call(b, "verify", bad, text, expected.publicKey)).result);
      }),
    ));

  test(`X25519 and box key pairs equal sodium-native's and tweetnacl's${suffix}`, (t) =>
    bench((b) =>
      property<[Uint8Array, Uint8Array]>([seed, seed], async (one, other) => {
        const publicKey = Buffer.alloc(32);
        const secretKey = Buffer.alloc(32);
        sodium.crypto_box_seed_keypair(publicKey, secretKey, Buffer.from(one));
        const pair = await call(b, "boxKeyPair", zeros(32), zeros(32), one);
        t.deepEqual(pair.bytes[0], new Uint8Array(publicKey));
        t.deepEqual(pair.bytes[1], new Uint8Array(secretKey));
        const found = await call(b, "x25519", zeros(32), other, pair.bytes[0]!);
        t.true(found.result);
        t.deepEqual(found.bytes[0], nacl.scalarMult(other, pair.bytes[0]!));
      }),
    ));

  test(`what the terminal seals opens in sodium-native, and the other way round${suffix}`, (t) =>
    bench((b) =>
      property<[Uint8Array, Uint8Array, Uint8Array, number]>(
        [message, seed, seed, fc.nat()],
        async (text, recipient, ephemeral, flip) => {
          const publicKey = Buffer.alloc(32);
          const secretKey = Buffer.alloc(32);
          sodium.crypto_box_seed_keypair(publicKey, secretKey, Buffer.from(recipient));
          const sealed = await call(b, "seal", zeros(text.length + 48), text, publicKey, ephemeral);
          t.true(sealed.result);
          const box = sealed.bytes[0]!;
          const opened = Buffer.alloc(text.length);
          t.true(sodium.crypto_box_seal_open(opened, Buffer.from(box), publicKey, secretKey));
          t.deepEqual(new Uint8Array(opened), text);
          const theirs = Buffer.alloc(text.length + 48);
          sodium.crypto_box_seal(theirs, Buffer.from(text), publicKey);
          const back = await call(b, "sealOpen", zeros(text.length), theirs, publicKey, secretKey);
          t.true(back.result);
          t.deepEqual(back.bytes[0], text);
          const bad = new Uint8Array(theirs);
          bad[flip % bad.length]! ^= 1 << (flip % 8);
          const refused = await call(b, "sealOpen", new Uint8Array(text.length).fill(7), bad, publicKey, secretKey);
          // The top bit of an X25519 point is ignored, so the same key may be written in two ways; the nonce, made from
          // the bytes, differs.
          t.false(refused.result);
          t.deepEqual(refused.bytes[0], zeros(text.length));
        },
      ),
    ));

  test(`low-order points, small-order keys and a non-canonical S are refused${suffix}`, (t) =>
    bench(async (b) => {
      for (const hex of refusedPoints) {
        const point = fromHex(hex)!;
        const shared = await call(b, "x25519", new Uint8Array(32).fill(1), new Uint8Array(32).fill(9), point);
        t.false(shared.result, hex);
        t.deepEqual(shared.bytes[0], zeros(32));
        const sealed = await call(
          b,
          "seal",
          new Uint8Array(58).fill(1),
          new Uint8Array(10).fill(3),
          point,
          new Uint8Array(32).fill(4),
        );
        t.false(sealed.result, hex);
        t.deepEqual(sealed.bytes[0], zeros(58));
      }
      const text = Uint8Array.of(1, 2, 3);
      const pair = nacl.sign.keyPair.fromSeed(new Uint8Array(32).fill(5));
      const signature = nacl.sign.detached(text, pair.secretKey);
      // S + L: the same signature to a verifier that does not look (RFC 8032 section 5.1.7).
      const order = 2n ** 252n + 27742317777372353535851937790883648493n;
      let s = order;
      for (let index = 0; index < 32; index++) s += BigInt(signature[32 + index]!) << BigInt(8 * index);
      const twisted = signature.slice();
      for (let index = 0; index < 32; index++) twisted[32 + index] = Number((s >> BigInt(8 * index)) & 255n);
      t.true((await call(b, "verify", signature, text, pair.publicKey)).result);
      t.false((await call(b, "verify", twisted, text, pair.publicKey)).result);
      // The neutral element as public key and as R, S = 0: holds for every message where small orders are accepted.
      const neutral = zeros(32);
      neutral[0] = 1;
      const forged = zeros(64);
      forged[0] = 1;
      t.false((await call(b, "verify", forged, text, neutral)).result);
      t.false((await call(b, "verify", forged, text, pair.publicKey)).result);
    }));

  test(`RFC 8032 section 7.1 and RFC 7748 section 5.2${suffix}`, (t) =>
    bench(async (b) => {
      for (const each of ed25519Vectors) {
        const pair = await call(b, "signKeyPair", zeros(32), zeros(64), fromHex(each.seed)!);
        t.is(toHex(pair.bytes[0]!), each.publicKey);
        t.is(
          toHex((await call(b, "sign", zeros(64), fromHex(each.message)!, pair.bytes[1]!)).bytes[0]!),
          each.signature,
        );
        t.true(
          (await call(b, "verify", fromHex(each.signature)!, fromHex(each.message)!, fromHex(each.publicKey)!)).result,
        );
      }
      for (const each of x25519Vectors)
        t.is(
          toHex((await call(b, "x25519", zeros(32), fromHex(each.scalar)!, fromHex(each.point)!)).bytes[0]!),
          each.result,
        );
    }));

  test(`ChaCha20-Poly1305 and HMAC: RFC 8439, RFC 4231, and Node's for random inputs, both ways${suffix}`, (t) =>
    bench(async (b) => {
      for (const each of aeadVectors) {
        const [key, nonce, data, text, box] = [each.key, each.nonce, each.data, each.message, each.box].map(
          (digits) => fromHex(digits)!,
        );
        const sealed = await call(b, "encrypt", zeros(box!.length), text!, data!, nonce!, key!);
        t.is(toHex(sealed.bytes[0]!), each.box);
        const opened = await call(b, "decrypt", zeros(text!.length), box!, data!, nonce!, key!);
        t.true(opened.result);
        t.is(toHex(opened.bytes[0]!), each.message);
      }
      for (const { key, message: text, mac } of hmacVectors)
        t.is(toHex((await call(b, "hmacSha256", zeros(32), fromHex(key)!, fromHex(text)!)).bytes[0]!), mac);
      await property<[Uint8Array, Uint8Array, Uint8Array, Uint8Array, number]>(
        [message, message, fc.uint8Array({ minLength: 12, maxLength: 12 }), seed, fc.nat()],
        async (text, data, nonce, key, flip) => {
          const theirs = zeros(text.length + 16);
          referencePrimitives.encrypt(theirs, text, data, nonce, key);
          t.deepEqual((await call(b, "encrypt", zeros(text.length + 16), text, data, nonce, key)).bytes[0], theirs);
          const bad = theirs.slice();
          bad[flip % bad.length]! ^= 1 << (flip % 8);
          const refused = await call(b, "decrypt", new Uint8Array(text.length).fill(7), bad, data, nonce, key);
          t.false(refused.result);
          t.deepEqual(refused.bytes[0], zeros(text.length));
          t.deepEqual(
            (await call(b, "hmacSha256", zeros(32), data, text)).bytes[0],
            new Uint8Array(createHmac("sha256", data).update(text).digest()),
          );
        },
      );
    }));

  test(`SipHash: its authors' vectors${suffix}`, (t) =>
    bench(async (b) => {
      const key = Uint8Array.from({ length: 16 }, (_, i) => i);
      for (const [length, hash] of sipHashVectors)
        t.is(
          toHex(
            (
              await call(
                b,
                "sipHash",
                zeros(16),
                Uint8Array.from({ length }, (_, i) => i),
                key,
              )
            ).bytes[0]!,
          ),
          hash,
        );
    }));

  test(`Wycheproof Ed25519 and X25519${suffix}`, (t) => {
    const wycheproof = readWycheproof();
    if (wycheproof === undefined) {
      t.log("skipped: WYCHEPROOF names no checkout");
      return t.pass();
    }
    return bench(async (b) => {
      for (const each of wycheproof.ed25519) {
        // the facade refuses other lengths before the primitive is asked
        if (each.signature.length === 64)
          t.is((await call(b, "verify", each.signature, each.message, each.publicKey)).result, each.isValid, each.name);
      }
      for (const each of wycheproof.x25519) {
        const { result, bytes } = await call(b, "x25519", zeros(32), each.scalar, each.point);
        if (each.mustWork || result === true) t.deepEqual(bytes[0], each.shared, each.name);
      }
    });
  });

  test(`wrong lengths, overlaps and lost buffers throw${suffix}`, (t) =>
    bench(async (b) => {
      const wrong = (name: string, ...lengths: readonly number[]): Promise<unknown> =>
        t.throwsAsync(
          b.ask(
            "primitive",
            name,
            lengths.map((length) => `*${length}`),
          ),
          { name: "RangeError" },
          `${name} ${lengths.join(" ")}`,
        );
      for (const off of [-1, 1]) {
        await wrong("sha256", 32 + off, 3);
        await wrong("sha512", 64 + off, 3);
        await wrong("signKeyPair", 32 + off, 64, 32);
        await wrong("signKeyPair", 32, 64 + off, 32);
        await wrong("signKeyPair", 32, 64, 32 + off);
        await wrong("sign", 64 + off, 3, 64);
        await wrong("sign", 64, 3, 64 + off);
        await wrong("verify", 64 + off, 3, 32);
        await wrong("verify", 64, 3, 32 + off);
        await wrong("boxKeyPair", 32 + off, 32, 32);
        await wrong("boxKeyPair", 32, 32 + off, 32);
        await wrong("boxKeyPair", 32, 32, 32 + off);
        await wrong("x25519", 32 + off, 32, 32);
        await wrong("x25519", 32, 32 + off, 32);
        await wrong("x25519", 32, 32, 32 + off);
        await wrong("seal", 58 + off, 10, 32, 32);
        await wrong("seal", 58, 10, 32 + off, 32);
        await wrong("seal", 58, 10, 32, 32 + off);
        await wrong("sealOpen", 10 + off, 58, 32, 32);
        await wrong("sealOpen", 10, 58, 32 + off, 32);
        await wrong("sealOpen", 10, 58, 32, 32 + off);
        await wrong("hmacSha256", 32 + off, 3, 3);
        await wrong("encrypt", 26 + off, 10, 3, 12, 32);
        await wrong("encrypt", 26, 10, 3, 12 + off, 32);
        await wrong("encrypt", 26, 10, 3, 12, 32 + off);
        await wrong("decrypt", 10 + off, 26, 3, 12, 32);
        await wrong("decrypt", 10, 26, 3, 12 + off, 32);
        await wrong("decrypt", 10, 26, 3, 12, 32 + off);
      }
      await wrong("decrypt", 0, 15, 3, 12, 32);
      await wrong("sealOpen", 0, 47, 32, 32);
      await wrong("blake2b", 15, 3, 0);
      await wrong("blake2b", 65, 3, 0);
      await wrong("blake2b", 32, 3, 65);
      await wrong("seal", 16385 + 48, 16385, 32, 32);
      t.deepEqual(await b.ask("detached"), {
        "view beyond its buffer": "TypeError",
        "no buffer": "TypeError",
        nothing: "TypeError",
        "a wide array": "TypeError",
        "a detached message": "TypeError",
        "overlapping seal": "TypeError",
      });
    }));
}

test("the seed is shown", (t) => {
  t.log(`seed ${SEED}`);
  t.pass();
});
