// The twin of platform/native/tally-key.c, for a firmware that runs under Node: the same draws in the same order, so
// that the same chance gives the same bytes (test/crypto/tally-key.test.ts).

import { concat, utf8 } from "../../firmware/bytes.js";
import { type BoxKeyPair, Crypto } from "../../firmware/crypto/crypto.js";
import { shareLength, sharesMax, type TallyKey } from "../../firmware/crypto/tally-key.js";
import { sodiumPrimitives } from "../../office/crypto/sodium.js";
import { combineShares, splitSecret } from "../../office/tally/shares.js";

const basePoint = new Uint8Array(32);
basePoint[0] = 9;

export function nodeTallyKey(random: (out: Uint8Array) => void): TallyKey {
  const crypto = new Crypto({ primitives: sodiumPrimitives, random });
  let fresh: BoxKeyPair | undefined;
  let shares: [Uint8Array[], Uint8Array[]] = [[], []];
  let key: BoxKeyPair | undefined;
  const end = (): void => {
    fresh = undefined;
    shares = [[], []];
    key = undefined;
  };
  const partKeys = (deviceSecret: Uint8Array, election: Uint8Array): BoxKeyPair =>
    crypto.boxKeyPair(crypto.mac(concat(utf8("sandogh tally part"), election), deviceSecret, 32));
  return {
    draw(out, offices, cards, binding, deviceSecret, election, escrowKey) {
      const secret = crypto.random(32);
      const parts: (Uint8Array | undefined)[] = [crypto.x25519(secret, basePoint)];
      const own = secret.slice();
      let card = 0;
      for (const office of [0, 1]) {
        const [needed, count] = [offices[2 * office]!, offices[2 * office + 1]!];
        if (needed < 1 || count < needed || count > sharesMax) throw new RangeError(`office ${office}`);
        const part = crypto.random(32);
        part.forEach((byte, i) => (own[i]! ^= byte));
        for (const share of splitSecret(part, count, needed, (length) => crypto.random(length)))
          parts.push(crypto.seal(concat(share, binding), cards.slice(32 * card++, 32 * card)));
      }
      parts.push(crypto.seal(own, partKeys(deviceSecret, election).publicKey), crypto.seal(own, escrowKey));
      out.fill(0);
      if (parts.includes(undefined)) return false;
      out.set(concat(...(parts as Uint8Array[])));
      return true;
    },
    begin(publicKey) {
      end();
      fresh = crypto.boxKeyPair(crypto.random(32));
      publicKey.set(fresh.publicKey);
    },
    addShare(box, office) {
      const share = fresh === undefined ? undefined : crypto.sealOpen(box, fresh);
      const index = share?.[shareLength - 1];
      const there = shares[office as 0 | 1];
      if (share === undefined || index === 0 || there.length === sharesMax) return false;
      if (there.some((other) => other[shareLength - 1] === index)) return false;
      there.push(share);
      return true;
    },
    combine(part, deviceSecret, election, publicKey) {
      const own = fresh === undefined ? undefined : crypto.sealOpen(part, partKeys(deviceSecret, election));
      const given = shares;
      end();
      if (own === undefined || given.some((each) => each.length === 0)) return false;
      const secretKey = given.map(combineShares).reduce((sum, each) => sum.map((byte, i) => byte ^ each[i]!), own);
      if (!crypto.equal(crypto.x25519(secretKey, basePoint) ?? new Uint8Array(32), publicKey)) return false;
      key = { publicKey: publicKey.slice(), secretKey };
      return true;
    },
    open(out, box) {
      const opened = key === undefined ? undefined : crypto.sealOpen(box, key);
      out.fill(0);
      if (opened !== undefined) out.set(opened);
      return opened !== undefined;
    },
    end,
  };
}
