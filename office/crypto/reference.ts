// The host tools' primitives: tweetnacl-es6 (curves, cipher), Node (SHA-2, ChaCha20) and @noble/hashes (BLAKE2b, which tweetnacl
// lacks). They share no line with the device's libsodium, so each is the other's oracle.

import { createCipheriv, createDecipheriv, createHash, createHmac } from "node:crypto";
import { blake2b } from "@noble/hashes/blake2.js";
import nacl from "tweetnacl-es6";
import { equalBytes } from "../../firmware/bytes.js";
import type { Primitives } from "../../firmware/crypto/primitives.js";
import { recordPrimitives } from "./records.js";

/** 2^252 + 27742317777372353535851937790883648493, little endian: S must be below (RFC 8032 section 5.1.7). */
const groupOrder = Uint8Array.from([
  0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0x10,
]);
/** 2^255 - 19, little endian: a point's y must be below. */
const fieldPrime = Uint8Array.from([0xed, ...new Array<number>(30).fill(0xff), 0x7f]);

/** y of the points of order 1, 2, 4 and 8, sign bit cleared. */
const smallOrderY = [
  "0000000000000000000000000000000000000000000000000000000000000000",
  "0100000000000000000000000000000000000000000000000000000000000000",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
].map((hex) => Uint8Array.from(Buffer.from(hex, "hex")));

function isBelow(value: Uint8Array, bound: Uint8Array): boolean {
  for (let i = 31; i >= 0; i--) if (value[i] !== bound[i]) return value[i]! < bound[i]!;
  return false;
}

/** A canonical encoding of a point that is not of small order. */
function isUsablePoint(encoded: Uint8Array): boolean {
  const y = Uint8Array.from(encoded);
  y[31]! &= 0x7f;
  return isBelow(y, fieldPrime) && !smallOrderY.some((small) => equalBytes(small, y));
}

function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}

function sealNonce(ephemeral: Uint8Array, recipient: Uint8Array): Uint8Array {
  return blake2b(Uint8Array.from([...ephemeral, ...recipient]), { dkLen: 24 });
}

function boxKeyPair(publicKey: Uint8Array, secretKey: Uint8Array, seed: Uint8Array): void {
  secretKey.set(createHash("sha512").update(seed).digest().subarray(0, 32));
  publicKey.set(nacl.box.keyPair.fromSecretKey(secretKey).publicKey);
}

/** Low-order points give an all-zero shared secret. */
function isUsableBoxKey(publicKey: Uint8Array): boolean {
  return !isZero(nacl.scalarMult(new Uint8Array(32).fill(0x40), publicKey));
}

const authTagLength = 16;

export const referencePrimitives: Primitives = {
  ...recordPrimitives,
  sha256: (out, message) => out.set(createHash("sha256").update(message).digest()),
  sha512: (out, message) => out.set(createHash("sha512").update(message).digest()),
  blake2b: (out, message, key) =>
    out.set(blake2b(message, key.length > 0 ? { dkLen: out.length, key } : { dkLen: out.length })),
  signKeyPair: (publicKey, secretKey, seed) => {
    const pair = nacl.sign.keyPair.fromSeed(seed);
    publicKey.set(pair.publicKey);
    secretKey.set(pair.secretKey);
  },
  sign: (signature, message, secretKey) => signature.set(nacl.sign.detached(message, secretKey)),
  // tweetnacl takes non-canonical S and small-order points; the device refuses them
  verify: (signature, message, publicKey) =>
    isBelow(signature.subarray(32), groupOrder) &&
    isUsablePoint(publicKey) &&
    isUsablePoint(signature.subarray(0, 32)) &&
    nacl.sign.detached.verify(message, signature, publicKey),
  boxKeyPair,
  x25519: (out, scalar, point) => {
    out.set(nacl.scalarMult(scalar, point));
    return !isZero(out);
  },
  seal: (out, message, publicKey, ephemeralSeed) => {
    if (!isUsableBoxKey(publicKey)) return false;
    const ephemeral = { publicKey: new Uint8Array(32), secretKey: new Uint8Array(32) };
    boxKeyPair(ephemeral.publicKey, ephemeral.secretKey, ephemeralSeed);
    const nonce = sealNonce(ephemeral.publicKey, publicKey);
    const box = nacl.box(message, nonce, publicKey, ephemeral.secretKey);
    out.set(ephemeral.publicKey);
    out.set(box, 32);
    const opened = nacl.box.open(box, nonce, publicKey, ephemeral.secretKey);
    return opened !== null && equalBytes(opened, message);
  },
  sealOpen: (out, box, publicKey, secretKey) => {
    const ephemeral = box.subarray(0, 32);
    const opened = nacl.box.open(box.subarray(32), sealNonce(ephemeral, publicKey), ephemeral, secretKey);
    if (opened === null) {
      out.fill(0);
      return false;
    }
    out.set(opened);
    return true;
  },
  hmacSha256: (out, key, message) => out.set(createHmac("sha256", key).update(message).digest()),
  encrypt: (out, message, data, nonce, key) => {
    const cipher = createCipheriv("chacha20-poly1305", key, nonce, { authTagLength });
    cipher.setAAD(data, { plaintextLength: message.length });
    out.set(cipher.update(message));
    cipher.final();
    out.set(cipher.getAuthTag(), message.length);
  },
  decrypt: (out, box, data, nonce, key) => {
    const decipher = createDecipheriv("chacha20-poly1305", key, nonce, { authTagLength });
    decipher.setAAD(data, { plaintextLength: out.length });
    decipher.setAuthTag(box.subarray(out.length));
    out.set(decipher.update(box.subarray(0, out.length)));
    try {
      decipher.final();
      return true;
    } catch {
      out.fill(0);
      return false;
    }
  },
};
