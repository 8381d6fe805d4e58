// Noise_XX_25519_ChaChaPoly_SHA256, both sides: published vectors, and rweather's noise-c (npm noise-c.wasm) as the
// other side. Its curve is X25519: the judge is asked for that first.

import test from "ava";
import createNoise, { type NoiseLibrary } from "noise-c.wasm";
import {
  type ChannelKeys,
  Responder,
  message1Length,
  message2Overhead,
  message3Overhead,
} from "../../firmware/access/noise.js";
import { equalBytes, fromHex, toHex, utf8 } from "../../firmware/bytes.js";
import { type BoxKeyPair, Crypto } from "../../firmware/crypto/crypto.js";
import { referencePrimitives } from "../../office/crypto/reference.js";
import { sodiumPrimitives } from "../../office/crypto/sodium.js";
import { Initiator } from "../../sim/devices/noise-initiator.js";
import { noiseVectors } from "../support/noise-vectors.js";
import { randomFrom } from "../support/serial-pair.js";

const protocol = "Noise_XX_25519_ChaChaPoly_SHA256";
const crypto = new Crypto({ primitives: referencePrimitives, random: randomFrom(7) });
const prologue = utf8("judge");
const basePoint = Uint8Array.of(9, ...new Uint8Array(31));

function pairOf(secretKey: Uint8Array): BoxKeyPair {
  return { secretKey, publicKey: crypto.x25519(secretKey, basePoint)! };
}

for (const [name, primitives] of [
  ["tweetnacl-es6 and Node", referencePrimitives],
  ["sodium-native", sodiumPrimitives],
] as const)
  test(`published vectors, every message of both sides: ${name}`, (t) => {
    const hashed = new Crypto({ primitives, random: () => t.fail("nothing is drawn") });
    for (const vector of noiseVectors) {
      const [first, second, third, ...rest] = vector.messages.map(([payload, box]) => ({
        payload: fromHex(payload)!,
        box: fromHex(box)!,
      }));
      const own = pairOf(fromHex(vector.responderStatic)!);
      const theirs = pairOf(fromHex(vector.initiatorStatic)!);
      const parts = { crypto: hashed, prologue: fromHex(vector.prologue)! };
      const card = new Initiator({ ...parts, own: theirs, ephemeral: pairOf(fromHex(vector.initiatorEphemeral)!) });
      const reader = new Responder({ ...parts, own, ephemeral: pairOf(fromHex(vector.responderEphemeral)!) });
      t.deepEqual(card.begin(first!.payload), first!.box);
      t.deepEqual(reader.answer(first!.box, second!.payload), second!.box);
      const taken = card.take(second!.box);
      t.deepEqual(taken, { key: own.publicKey, payload: second!.payload });
      const finished = card.finish(third!.payload)!;
      t.deepEqual(finished.message, third!.box);
      const opened = reader.finish(third!.box)!;
      t.deepEqual([opened.key, opened.payload], [theirs.publicKey, third!.payload]);
      // the responder speaks next
      rest.forEach(({ payload, box }, i) => {
        const [from, to] = i % 2 === 0 ? [opened.channel, finished.channel] : [finished.channel, opened.channel];
        t.deepEqual(from.send.encrypt(payload), box);
        t.deepEqual(to.receive.decrypt(box), payload);
      });
    }
  });

const noise = new Promise<NoiseLibrary>((resolve) => createNoise(resolve));

test("the judge's curve is X25519", async (t) => {
  const { CreateKeyPair, constants } = await noise;
  const [secret, shown] = CreateKeyPair(constants.NOISE_DH_CURVE25519);
  t.deepEqual(pairOf(new Uint8Array(secret)).publicKey, new Uint8Array(shown));
});

/** The same messages through both ends, both ways. */
function talk(
  t: { is(a: string, b: string): void },
  ours: ChannelKeys,
  [send, receive]: ReturnType<Judge["Split"]>,
): void {
  for (let i = 0; i < 300; i++) {
    const text = utf8(`message ${i}`);
    t.is(toHex(receive.DecryptWithAd(new Uint8Array(0), ours.send.encrypt(text))), toHex(text));
    t.is(toHex(ours.receive.decrypt(send.EncryptWithAd(new Uint8Array(0), text))!), toHex(text));
  }
}

type Judge = InstanceType<NoiseLibrary["HandshakeState"]>;

test("noise-c as the card completes the handshake with our reader, and 300 messages each way", async (t) => {
  const library = await noise;
  const own = crypto.boxKeyPair(crypto.random(32));
  const theirs = crypto.boxKeyPair(crypto.random(32));
  const judge = new library.HandshakeState(protocol, library.constants.NOISE_ROLE_INITIATOR);
  judge.Initialize(prologue, theirs.secretKey);
  const reader = new Responder({ crypto, prologue, own, ephemeral: crypto.boxKeyPair(crypto.random(32)) });
  const message1 = judge.WriteMessage();
  t.is(message1.length, message1Length);
  const message2 = reader.answer(message1, utf8("assignment"))!;
  t.is(message2.length, message2Overhead + 10);
  t.deepEqual(new Uint8Array(judge.ReadMessage(message2, true)!), utf8("assignment"));
  t.deepEqual(new Uint8Array(judge.GetRemotePublicKey()), own.publicKey);
  const message3 = judge.WriteMessage(utf8("certificate"));
  t.is(message3.length, message3Overhead + 11);
  const opened = reader.finish(message3)!;
  t.deepEqual([opened.key, opened.payload], [theirs.publicKey, utf8("certificate")]);
  talk(t, opened.channel, judge.Split());
});

test("noise-c as the reader completes it with our card", async (t) => {
  const library = await noise;
  const own = crypto.boxKeyPair(crypto.random(32));
  const theirs = crypto.boxKeyPair(crypto.random(32));
  const judge = new library.HandshakeState(protocol, library.constants.NOISE_ROLE_RESPONDER);
  judge.Initialize(prologue, theirs.secretKey);
  const card = new Initiator({ crypto, prologue, own, ephemeral: crypto.boxKeyPair(crypto.random(32)) });
  judge.ReadMessage(card.begin());
  t.deepEqual(card.take(judge.WriteMessage(utf8("assignment"))), {
    key: theirs.publicKey,
    payload: utf8("assignment"),
  });
  const finished = card.finish(utf8("certificate"))!;
  t.deepEqual(new Uint8Array(judge.ReadMessage(finished.message, true)!), utf8("certificate"));
  t.deepEqual(new Uint8Array(judge.GetRemotePublicKey()), own.publicKey);
  talk(t, finished.channel, judge.Split());
});

test("a bit changed anywhere in any message, or another prologue: no channel", (t) => {
  const own = crypto.boxKeyPair(crypto.random(32));
  const theirs = crypto.boxKeyPair(crypto.random(32));
  const random = randomFrom(11);
  const handshake = (flip: number | undefined, other: Uint8Array = prologue): boolean => {
    const card = new Initiator({
      crypto,
      prologue: other,
      own: theirs,
      ephemeral: crypto.boxKeyPair(crypto.random(32)),
    });
    const reader = new Responder({ crypto, prologue, own, ephemeral: crypto.boxKeyPair(crypto.random(32)) });
    let at = 0;
    const carry = (message: Uint8Array): Uint8Array => {
      const out = message.slice();
      if (flip !== undefined && flip >= at && flip < at + out.length) {
        const bit = new Uint8Array(1);
        random(bit);
        // the top bit of a point does not count (RFC 7748 section 5), but it is hashed
        out[flip - at]! ^= 1 << (bit[0]! & 7);
      }
      at += out.length;
      return out;
    };
    const message2 = reader.answer(carry(card.begin()), utf8("assignment"));
    const taken = message2 === undefined ? undefined : card.take(carry(message2));
    if (taken === undefined || !equalBytes(taken.payload, utf8("assignment"))) return false;
    return reader.finish(carry(card.finish(utf8("certificate"))!.message)) !== undefined;
  };
  t.true(handshake(undefined));
  t.false(handshake(undefined, utf8("another")));
  const length = message1Length + message2Overhead + 10 + message3Overhead + 11;
  for (let flip = 0; flip < length; flip += 3) t.false(handshake(flip), `byte ${flip}`);
});

test("a point of low order gives no channel", (t) => {
  const own = crypto.boxKeyPair(crypto.random(32));
  const reader = new Responder({ crypto, prologue, own, ephemeral: crypto.boxKeyPair(crypto.random(32)) });
  t.is(reader.answer(new Uint8Array(32), utf8("assignment")), undefined);
});

test("nonces count beyond a byte; a message that is repeated, left out or exchanged does not open", (t) => {
  const own = crypto.boxKeyPair(crypto.random(32));
  const card = new Initiator({ crypto, prologue, own, ephemeral: crypto.boxKeyPair(crypto.random(32)) });
  const reader = new Responder({ crypto, prologue, own, ephemeral: crypto.boxKeyPair(crypto.random(32)) });
  card.take(reader.answer(card.begin(), utf8("a"))!);
  const { message, channel } = card.finish(utf8("b"))!;
  const opened = reader.finish(message)!;
  const boxes = [utf8("one"), utf8("two"), utf8("three")].map((text) => channel.send.encrypt(text));
  t.is(opened.channel.receive.decrypt(boxes[1]!), undefined, "left out");
  t.deepEqual(opened.channel.receive.decrypt(boxes[0]!), utf8("one"));
  t.is(opened.channel.receive.decrypt(boxes[0]!), undefined, "repeated");
  t.deepEqual(opened.channel.receive.decrypt(boxes[1]!), utf8("two"));
  t.is(opened.channel.receive.decrypt(boxes[2]!.slice(0, 15)), undefined, "shorter than a tag");
});
