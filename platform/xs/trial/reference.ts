// A ballot sealed, its own box opened again, and signed: once by the terminal's primitives, once by tweetnacl-es6,
// which has all of it but BLAKE2b in JavaScript.

import nacl from "tweetnacl-es6";
import { equalBytes, toHex } from "../../../firmware/bytes.js";
import type { Primitives } from "../../../firmware/crypto/primitives.js";
import type { Command } from "../selftest/commands.js";

const overhead = 48;

function sealedByReference(
  primitives: Primitives,
  message: Uint8Array,
  publicKey: Uint8Array,
  seed: Uint8Array,
): Uint8Array {
  const secretKey = nacl.hash(seed).subarray(0, 32);
  const ephemeral = nacl.box.keyPair.fromSecretKey(secretKey).publicKey;
  const nonce = new Uint8Array(24);
  primitives.blake2b(nonce, Uint8Array.of(...ephemeral, ...publicKey), new Uint8Array(0));
  const box = nacl.box(message, nonce, publicKey, secretKey);
  const opened = nacl.box.open(box, nonce, publicKey, secretKey);
  if (opened === null || !equalBytes(opened, message)) throw new Error("the box does not open");
  return Uint8Array.of(...ephemeral, ...box);
}

/** args: the message's length. Traced before, between and after; the two boxes and signatures. */
export const sealAndSign: Command = ({ primitives, trace }, { args = [] }) => {
  const message = new Uint8Array(args[0] as number).map((_, index) => index);
  const [boxPublic, boxSecret, signPublic, signSecret] = [
    new Uint8Array(32),
    new Uint8Array(32),
    new Uint8Array(32),
    new Uint8Array(64),
  ];
  const [boxSeed, signSeed, ephemeralSeed] = [1, 2, 3].map((value) => new Uint8Array(32).fill(value)) as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ];
  primitives.boxKeyPair(boxPublic, boxSecret, boxSeed);
  primitives.signKeyPair(signPublic, signSecret, signSeed);
  trace("native");
  const box = new Uint8Array(message.length + overhead);
  const signature = new Uint8Array(64);
  if (!primitives.seal(box, message, boxPublic, ephemeralSeed)) throw new Error("the box does not open");
  primitives.sign(signature, box, signSecret);
  trace("tweetnacl");
  const referenceBox = sealedByReference(primitives, message, boxPublic, ephemeralSeed);
  const referenceSignature = nacl.sign.detached(referenceBox, signSecret);
  trace("done");
  return { native: toHex(box) + toHex(signature), tweetnacl: toHex(referenceBox) + toHex(referenceSignature) };
};
