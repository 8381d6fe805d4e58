// A COSE library that is not ours (npm @auth0/cose, on Node's own Ed25519) reads a card's certificate, a right and the
// assignment that a reader shows, and refuses what was changed.

import { createRequire } from "node:module";
import { createPublicKey, type KeyObject } from "node:crypto";
import test from "ava";
import { signCard } from "../../firmware/access/certificate.js";
import { signRight } from "../../firmware/access/right.js";
import { utf8 } from "../../firmware/bytes.js";
import { CardWorld, electionId, style } from "../support/card-world.js";

interface Cose {
  readonly Sign1: {
    decode(bytes: Uint8Array): {
      readonly payload: Uint8Array;
      verify(key: KeyObject, options: { readonly externalAAD: Uint8Array }): Promise<void>;
    };
  };
}

const { Sign1 } = createRequire(import.meta.url)("@auth0/cose") as Cose;
const world = new CardWorld(9);
const { crypto } = world;

function keyOf(publicKey: Uint8Array): KeyObject {
  const x = Buffer.from(publicKey).toString("base64url");
  return createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
}

const desk = crypto.signKeyPair(new Uint8Array(32).fill(4));
const cardKey = new Uint8Array(32).fill(5);
const certificate = signCard(
  crypto,
  { kind: "executive", serial: 3, epoch: 5, key: cardKey, station: 7 },
  world.issuer.secretKey,
);
const right = signRight(crypto, { election: electionId, station: 7, style, cardKey, use: 2 }, desk.secretKey);

for (const [name, kind, object, key] of [
  ["certificate", "sandogh/card", certificate, world.issuer.publicKey],
  ["right", "sandogh/right", right, desk.publicKey],
  ["assignment", "sandogh/assignment", world.reader("ballot").assignment, world.authority.publicKey],
] as const)
  test(`a COSE library that is not ours reads a ${name}`, async (t) => {
    const verifies = async (bytes: Uint8Array, aad: string = kind, by = key): Promise<boolean> => {
      try {
        await Sign1.decode(bytes).verify(keyOf(by), { externalAAD: utf8(aad) });
        return true;
      } catch {
        return false;
      }
    };
    t.true(await verifies(object));
    t.false(await verifies(object, "sandogh/other"));
    t.false(await verifies(object, kind, crypto.signKeyPair(new Uint8Array(32)).publicKey));
    for (let at = 8; at < object.length; at += 5) {
      const changed = object.map((byte, i) => (i === at ? byte ^ 1 : byte));
      t.false(await verifies(changed), `byte ${at}`);
    }
    t.true(Sign1.decode(object).payload.length > 40);
  });
