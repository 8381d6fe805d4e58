// COSE_Sign1 as RFC 9052 has it, put together by hand, and everything that is nearly that.

import test from "ava";
import { concat, utf8 } from "../../firmware/bytes.js";
import { signedLength, signedRest, sign1, verify1 } from "../../firmware/cose/sign1.js";
import { Crypto } from "../../firmware/crypto/crypto.js";
import { sodiumPrimitives } from "../../office/crypto/sodium.js";
import { randomFrom } from "../support/serial-pair.js";

const crypto = new Crypto({ primitives: sodiumPrimitives, random: randomFrom(1) });
const { publicKey, secretKey } = crypto.signKeyPair(new Uint8Array(32).fill(4));
const other = crypto.signKeyPair(new Uint8Array(32).fill(5));
const payload = Uint8Array.of(0x83, 1, 2, 3);
const header = [0x43, 0xa1, 0x01, 0x27];

/** Sig_structure of section 4.4: "Signature1", the protected header, external_aad, the payload. */
function signature(kind: string, own = header, body: readonly number[] = [0x44, ...payload]): Uint8Array {
  const aad = utf8(kind);
  return crypto.sign(
    Uint8Array.of(0x84, 0x6a, ...utf8("Signature1"), ...own, 0x40 + aad.length, ...aad, ...body),
    secretKey,
  );
}

const object = (...parts: readonly (readonly number[] | Uint8Array)[]): Uint8Array =>
  concat(...parts.map((part) => Uint8Array.from(part)));

test("an object is the RFC's, byte by byte: header {1: -8}, an empty map, payload, signature", (t) => {
  const expected = object([0x84], header, [0xa0, 0x44], payload, [0x58, 64], signature("sandogh/roll"));
  t.deepEqual(sign1(crypto, "sandogh/roll", payload, secretKey), expected);
  t.deepEqual(verify1(crypto, "sandogh/roll", expected, publicKey), { ok: true, value: payload });
});

test("how long a signed object is, is known before it is made", (t) => {
  for (const length of [0, 1, 23, 24, 255, 256, 4_096, 65_535, 65_536])
    t.is(signedLength(length), sign1(crypto, "sandogh/roll", new Uint8Array(length), secretKey).length, String(length));
});

test("records are signed as everything else is", (t) => {
  const record = object([0x84], header, [0xa0, 0x44], payload, [0x58, 64], signature("sandogh/record"));
  t.deepEqual(sign1(crypto, "sandogh/record", payload, secretKey), record);
  t.deepEqual(verify1(crypto, "sandogh/record", record, publicKey), { ok: true, value: payload });
});

test("a signature of one kind, key or payload is none of another", (t) => {
  const signed = sign1(crypto, "sandogh/results", payload, secretKey);
  t.deepEqual(verify1(crypto, "sandogh/archive", signed, publicKey), { ok: false, error: { code: "signature" } });
  t.deepEqual(verify1(crypto, "sandogh/results", signed, other.publicKey), { ok: false, error: { code: "signature" } });
  const changed = signed.slice();
  changed[8]! ^= 1;
  t.deepEqual(verify1(crypto, "sandogh/results", changed, publicKey), { ok: false, error: { code: "signature" } });
});

test("another algorithm, an unprotected header, a fifth field, a short signature: malformed", (t) => {
  const malformed = (...parts: readonly (readonly number[] | Uint8Array)[]): string => {
    const read = verify1(crypto, "sandogh/roll", object(...parts), publicKey);
    return read.ok ? "read" : read.error.code === "malformed" ? read.error.what : read.error.code;
  };
  const es256 = [0x43, 0xa1, 0x01, 0x26];
  t.is(
    malformed([0x84], es256, [0xa0, 0x44], payload, [0x58, 64], signature("sandogh/roll", es256)),
    "protected header: expected alg EdDSA",
  );
  const sound = signature("sandogh/roll");
  t.notRegex(malformed([0x84], header, [0xa1, 4, 0x41, 1, 0x44], payload, [0x58, 64], sound), /^(read|signature)$/);
  t.notRegex(malformed([0x85], header, [0xa0, 0x44], payload, [0x58, 64], sound, [0]), /^(read|signature)$/);
  t.notRegex(malformed([0x84], header, [0xa0, 0x44], payload, [0x58, 63], sound.slice(1)), /^(read|signature)$/);
  t.notRegex(malformed([0x84], [0x40], [0xa0, 0x44], payload, [0x58, 64], sound), /^(read|signature)$/);
  t.notRegex(malformed([0xd2, 0x84], header, [0xa0, 0x44], payload, [0x58, 64], sound), /^(read|signature)$/, "no tag");
  t.is(malformed([0x84], header, [0xa0, 0x44], payload, [0x58, 64], sound), "read");
});

test("an empty payload and one of every length of head are signed and read; the largest is 263,000 bytes", (t) => {
  for (const length of [0, 1, 23, 24, 255, 256, 65_535, 65_536, 263_000]) {
    const long = new Uint8Array(length).fill(0x61);
    t.deepEqual(
      verify1(crypto, "sandogh/package", sign1(crypto, "sandogh/package", long, secretKey), publicKey),
      { ok: true, value: long },
      `${length}`,
    );
  }
  t.false(
    verify1(crypto, "sandogh/package", sign1(crypto, "sandogh/package", new Uint8Array(263_001), secretKey), publicKey)
      .ok,
  );
});

test("the rest of a payload with a known start: only with that start, length and signature", (t) => {
  const start = payload.slice(0, 2);
  for (const kind of ["sandogh/record", "sandogh/roll"] as const) {
    const signed = sign1(crypto, kind, payload, secretKey);
    t.deepEqual(signedRest(crypto, kind, signed, start, 2, publicKey), payload.slice(2));
    t.is(signedRest(crypto, kind, signed, start, 1, publicKey), undefined);
    t.is(signedRest(crypto, kind, signed, start, 3, publicKey), undefined);
    t.is(signedRest(crypto, kind, signed, Uint8Array.of(0x83, 2), 2, publicKey), undefined);
    t.is(signedRest(crypto, kind, signed, start, 2, other.publicKey), undefined);
    t.is(
      signedRest(crypto, kind === "sandogh/roll" ? "sandogh/record" : "sandogh/roll", signed, start, 2, publicKey),
      undefined,
    );
    t.is(signedRest(crypto, kind, concat(signed, Uint8Array.of(0)), start, 2, publicKey), undefined);
    t.is(signedRest(crypto, kind, signed.slice(0, -1), start, 2, publicKey), undefined);
    for (let at = 0; at < signed.length; at++) {
      const changed = signed.slice();
      changed[at]! ^= 1;
      t.is(signedRest(crypto, kind, changed, start, 2, publicKey), undefined, `byte ${at}`);
    }
  }
});
