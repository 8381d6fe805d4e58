// libsodium as its makers ship it for Node: independent of the build in platform/xs, and fast enough for campaigns of
// thousands of recoveries a second.

import { createHmac } from "node:crypto";
import { createRequire } from "node:module";
import type { Primitives } from "../../firmware/crypto/primitives.js";
import { recordPrimitives } from "./records.js";

interface Sodium {
  crypto_hash_sha256(out: Buffer, message: Buffer): void;
  crypto_hash_sha512(out: Buffer, message: Buffer): void;
  crypto_generichash(out: Buffer, message: Buffer, key?: Buffer): void;
  crypto_sign_seed_keypair(publicKey: Buffer, secretKey: Buffer, seed: Buffer): void;
  crypto_sign_detached(signature: Buffer, message: Buffer, secretKey: Buffer): void;
  crypto_sign_verify_detached(signature: Buffer, message: Buffer, publicKey: Buffer): boolean;
  crypto_box_seed_keypair(publicKey: Buffer, secretKey: Buffer, seed: Buffer): void;
  crypto_scalarmult(out: Buffer, scalar: Buffer, point: Buffer): void;
  crypto_box_easy(box: Buffer, message: Buffer, nonce: Buffer, publicKey: Buffer, secretKey: Buffer): void;
  crypto_box_open_easy(message: Buffer, box: Buffer, nonce: Buffer, publicKey: Buffer, secretKey: Buffer): boolean;
  crypto_box_seal_open(message: Buffer, box: Buffer, publicKey: Buffer, secretKey: Buffer): boolean;
  crypto_aead_chacha20poly1305_ietf_encrypt(
    box: Buffer,
    message: Buffer,
    data: Buffer | null,
    secretNonce: null,
    nonce: Buffer,
    key: Buffer,
  ): void;
  crypto_aead_chacha20poly1305_ietf_decrypt(
    message: Buffer,
    secretNonce: null,
    box: Buffer,
    data: Buffer | null,
    nonce: Buffer,
    key: Buffer,
  ): void;
}

const sodium = createRequire(import.meta.url)("sodium-native") as Sodium;

function buffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

export const sodiumPrimitives: Primitives = {
  ...recordPrimitives,
  sha256: (out, message) => sodium.crypto_hash_sha256(buffer(out), buffer(message)),
  sha512: (out, message) => sodium.crypto_hash_sha512(buffer(out), buffer(message)),
  blake2b: (out, message, key) =>
    key.length > 0
      ? sodium.crypto_generichash(buffer(out), buffer(message), buffer(key))
      : sodium.crypto_generichash(buffer(out), buffer(message)),
  signKeyPair: (publicKey, secretKey, seed) =>
    sodium.crypto_sign_seed_keypair(buffer(publicKey), buffer(secretKey), buffer(seed)),
  sign: (signature, message, secretKey) =>
    sodium.crypto_sign_detached(buffer(signature), buffer(message), buffer(secretKey)),
  verify: (signature, message, publicKey) =>
    sodium.crypto_sign_verify_detached(buffer(signature), buffer(message), buffer(publicKey)),
  boxKeyPair: (publicKey, secretKey, seed) =>
    sodium.crypto_box_seed_keypair(buffer(publicKey), buffer(secretKey), buffer(seed)),
  x25519: (out, scalar, point) => {
    try {
      sodium.crypto_scalarmult(buffer(out), buffer(scalar), buffer(point));
      return true;
    } catch {
      return false;
    }
  },
  seal: (out, message, publicKey, ephemeralSeed) => {
    const ephemeral = { publicKey: Buffer.alloc(32), secretKey: Buffer.alloc(32) };
    sodium.crypto_box_seed_keypair(ephemeral.publicKey, ephemeral.secretKey, buffer(ephemeralSeed));
    const nonce = Buffer.alloc(24);
    sodium.crypto_generichash(nonce, Buffer.concat([ephemeral.publicKey, buffer(publicKey)]));
    try {
      sodium.crypto_box_easy(buffer(out.subarray(32)), buffer(message), nonce, buffer(publicKey), ephemeral.secretKey);
    } catch {
      return false;
    }
    out.set(ephemeral.publicKey);
    const opened = Buffer.alloc(message.length);
    return (
      sodium.crypto_box_open_easy(opened, buffer(out.subarray(32)), nonce, buffer(publicKey), ephemeral.secretKey) &&
      opened.equals(message)
    );
  },
  sealOpen: (out, box, publicKey, secretKey) => {
    const opened = sodium.crypto_box_seal_open(buffer(out), buffer(box), buffer(publicKey), buffer(secretKey));
    if (!opened) out.fill(0);
    return opened;
  },
  hmacSha256: (out, key, message) => out.set(createHmac("sha256", key).update(message).digest()),
  encrypt: (out, message, data, nonce, key) =>
    sodium.crypto_aead_chacha20poly1305_ietf_encrypt(
      buffer(out),
      buffer(message),
      data.length > 0 ? buffer(data) : null,
      null,
      buffer(nonce),
      buffer(key),
    ),
  decrypt: (out, box, data, nonce, key) => {
    try {
      sodium.crypto_aead_chacha20poly1305_ietf_decrypt(
        buffer(out),
        null,
        buffer(box),
        data.length > 0 ? buffer(data) : null,
        buffer(nonce),
        buffer(key),
      );
      return true;
    } catch {
      out.fill(0);
      return false;
    }
  },
};
