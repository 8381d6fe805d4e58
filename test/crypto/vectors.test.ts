// RFC vectors, the inputs that must be refused, and, where $WYCHEPROOF names a checkout of the Wycheproof project, its
// Ed25519 and X25519 files, for every implementation that this process can call. The device's own build is held to the
// same in test/host.

import { spawnSync } from "node:child_process";
import test from "ava";
import fc from "fast-check";
import { fromHex, toHex } from "../../firmware/bytes.js";
import { Crypto } from "../../firmware/crypto/crypto.js";
import type { Primitives } from "../../firmware/crypto/primitives.js";
import { referencePrimitives } from "../../office/crypto/reference.js";
import { sodiumPrimitives } from "../../office/crypto/sodium.js";
import {
  aeadVectors,
  ed25519Vectors,
  hmacVectors,
  readWycheproof,
  refusedPoints,
  refusedSignatures,
  sipHashVectors,
  x25519Vectors,
} from "../support/vectors.js";

const implementations: readonly (readonly [string, Primitives])[] = [
  ["tweetnacl-es6", referencePrimitives],
  ["sodium-native", sodiumPrimitives],
];
const hex = (digits: string): Uint8Array => fromHex(digits)!;

function facade(primitives: Primitives): Crypto {
  let counter = 0;
  return new Crypto({ primitives, random: (out) => out.fill(++counter) });
}

for (const [name, primitives] of implementations) {
  const crypto = facade(primitives);

  test(`${name}: RFC 8032 section 7.1`, (t) => {
    for (const { seed, publicKey, message, signature } of ed25519Vectors) {
      const pair = crypto.signKeyPair(hex(seed));
      t.is(toHex(pair.publicKey), publicKey);
      t.is(toHex(crypto.sign(hex(message), pair.secretKey)), signature);
      t.true(crypto.verify(hex(signature), hex(message), hex(publicKey)));
    }
  });

  test(`${name}: RFC 7748 section 5.2`, (t) => {
    for (const { scalar, point, result } of x25519Vectors)
      t.is(toHex(crypto.x25519(hex(scalar), hex(point)) ?? new Uint8Array(0)), result);
    let k: Uint8Array = hex(`09${"00".repeat(31)}`);
    let u: Uint8Array = k;
    for (let i = 0; i < 1000; i++) {
      const next = crypto.x25519(k, u)!;
      u = k;
      k = next;
      if (i === 0) t.is(toHex(k), "422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079");
    }
    t.is(toHex(k), "684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51");
  });

  test(`${name}: RFC 8439 section 2.8.2 and appendix A.5, and RFC 4231`, (t) => {
    for (const each of aeadVectors) {
      const [key, nonce, data, message, box] = [each.key, each.nonce, each.data, each.message, each.box].map(hex);
      t.is(toHex(crypto.encrypt(message!, data!, nonce!, key!)), each.box);
      t.is(toHex(crypto.decrypt(box!, data!, nonce!, key!)!), each.message);
      for (let at = 0; at < box!.length; at += 7) {
        const bad = box!.map((byte, i) => (i === at ? byte ^ 4 : byte));
        t.is(crypto.decrypt(bad, data!, nonce!, key!), undefined);
      }
      t.is(crypto.decrypt(box!, data!.subarray(1), nonce!, key!), undefined);
      t.is(crypto.decrypt(box!.subarray(0, 15), data!, nonce!, key!), undefined);
    }
    for (const { key, message, mac } of hmacVectors) t.is(toHex(crypto.hmac(hex(key), hex(message))), mac);
  });

  test(`${name}: low-order points, non-canonical S and wrong lengths are refused`, (t) => {
    for (const point of refusedPoints) {
      t.is(crypto.x25519(new Uint8Array(32).fill(0x41), hex(point)), undefined, `x25519 ${point}`);
      t.is(crypto.seal(new Uint8Array(9), hex(point)), undefined, `seal ${point}`);
    }
    for (const { signature, message, publicKey, why } of refusedSignatures())
      t.false(crypto.verify(signature, message, publicKey), why);
    t.false(crypto.verify(new Uint8Array(63), new Uint8Array(1), new Uint8Array(32)));
    t.false(crypto.verify(new Uint8Array(64), new Uint8Array(1), new Uint8Array(31)));
    t.is(crypto.x25519(new Uint8Array(32), new Uint8Array(31)), undefined);
    t.is(crypto.seal(new Uint8Array(1), new Uint8Array(33)), undefined);
    t.is(crypto.sealOpen(new Uint8Array(47), crypto.boxKeyPair(new Uint8Array(32))), undefined);
  });

  test(`${name}: a sealed box with any bit flipped does not open`, (t) => {
    const keys = crypto.boxKeyPair(new Uint8Array(32).fill(3));
    const message = new Uint8Array(40).map((_, i) => i);
    const box = crypto.seal(message, keys.publicKey)!;
    t.deepEqual(crypto.sealOpen(box, keys), message);
    // the top bit of the ephemeral point is ignored by RFC 7748, but the nonce is bound to it
    for (let bit = 0; bit < box.length * 8; bit++) {
      const flipped = box.slice();
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      t.is(crypto.sealOpen(flipped, keys), undefined, `bit ${bit}`);
    }
  });
}

test("SipHash: its authors' vectors", (t) => {
  const key = Uint8Array.from({ length: 16 }, (_, i) => i);
  for (const [length, hash] of sipHashVectors)
    t.is(
      toHex(
        facade(sodiumPrimitives).check(
          Uint8Array.from({ length }, (_, i) => i),
          key,
        ),
      ),
      hash,
    );
});

test("SipHash equals OpenSSL's", (t) => {
  const openssl = (message: Uint8Array, key: Uint8Array) =>
    spawnSync("openssl", ["mac", "-macopt", `hexkey:${toHex(key)}`, "-macopt", "size:16", "SIPHASH"], {
      input: message,
      encoding: "utf8",
    });
  if (openssl(Uint8Array.of(1), new Uint8Array(16)).status !== 0) {
    t.log("skipped: openssl 3 is not installed");
    t.pass();
    return;
  }
  const key = fc.uint8Array({ minLength: 16, maxLength: 16 });
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 600 }),
      key,
      (message, chosen) =>
        openssl(message, chosen).stdout.trim().toLowerCase() === toHex(facade(sodiumPrimitives).check(message, chosen)),
    ),
    { numRuns: 40 },
  );
  t.pass();
});

test("the two agree on everything, both ways", (t) => {
  const [a, b] = implementations.map(([, primitives]) => facade(primitives)) as [Crypto, Crypto];
  const bytes = (length: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ minLength: length, maxLength: length });
  fc.assert(
    fc.property(bytes(32), fc.uint8Array({ maxLength: 300 }), bytes(32), (seed, message, key) => {
      for (const [mine, other] of [
        [a, b],
        [b, a],
      ] as const) {
        const sign = mine.signKeyPair(seed);
        const box = mine.boxKeyPair(seed);
        if (toHex(sign.publicKey) !== toHex(other.signKeyPair(seed).publicKey)) return false;
        if (!other.verify(mine.sign(message, sign.secretKey), message, sign.publicKey)) return false;
        if (toHex(other.sealOpen(mine.seal(message, box.publicKey)!, box) ?? new Uint8Array(0)) !== toHex(message))
          return false;
        if (
          toHex(mine.sha256(message)) !== toHex(other.sha256(message)) ||
          toHex(mine.mac(message, key)) !== toHex(other.mac(message, key))
        )
          return false;
      }
      return true;
    }),
    { numRuns: 40 },
  );
  t.pass();
});

const wycheproof = readWycheproof();

if (wycheproof === undefined) {
  test("Wycheproof", (t) => {
    t.log("skipped: set WYCHEPROOF to a checkout of the Wycheproof project to run its vectors");
    t.pass();
  });
} else {
  for (const [name, primitives] of implementations) {
    const crypto = facade(primitives);
    test(`${name}: Wycheproof Ed25519 and X25519`, (t) => {
      for (const each of wycheproof.ed25519)
        t.is(crypto.verify(each.signature, each.message, each.publicKey), each.isValid, each.name);
      for (const each of wycheproof.x25519) {
        const shared = crypto.x25519(each.scalar, each.point);
        if (each.mustWork || shared !== undefined) t.deepEqual(shared, each.shared, each.name);
      }
    });
  }
}
