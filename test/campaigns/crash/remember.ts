// Primitives that remember what they were asked. A campaign recovers from thousands of states that differ in a few
// bytes, and asks for the same keyed checks, hashes and signatures each time. Nothing is taken for equal that is not:
// what is remembered is compared in full.

import type { Primitives } from "../../../firmware/crypto/primitives.js";

interface Kept<T> {
  readonly message: Uint8Array;
  readonly key: Uint8Array;
  readonly length: number;
  readonly answer: T;
}

/** Places of each memory, a power of two; a new answer takes the place of the old one. */
const places = 1 << 13;

class Memory<T> {
  readonly #kept: (Kept<T> | undefined)[] = new Array<Kept<T> | undefined>(places);

  recall(message: Uint8Array, key: Uint8Array, length: number, make: () => T): T {
    const at = placeOf(message, key, length);
    const kept = this.#kept[at];
    if (kept !== undefined && kept.length === length && isEqual(kept.key, key) && isEqual(kept.message, message))
      return kept.answer;
    const answer = make();
    this.#kept[at] = { message: message.slice(), key: key.slice(), length, answer };
    return answer;
  }
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && Buffer.compare(a, b) === 0;
}

/** From some bytes only: it need not tell all apart. */
function placeOf(message: Uint8Array, key: Uint8Array, length: number): number {
  let place = (length * 31 + message.length) ^ (key.length > 0 ? key[0]! << 8 : 0);
  for (let i = Math.max(0, message.length - 8); i < message.length; i++)
    place = Math.imul(place ^ message[i]!, 0x9e3779b1) ^ (place >>> 15);
  const step = 1 + (message.length >> 4);
  for (let i = 0; i < message.length; i += step) place = Math.imul(place ^ message[i]!, 0x9e3779b1) ^ (place >>> 15);
  return (place ^ (place >>> 13)) & (places - 1);
}

const noKey = new Uint8Array(0);

export function remembering(primitives: Primitives): Primitives {
  const macs = new Memory<Uint8Array>();
  const checks = new Memory<Uint8Array>();
  const hashes = new Memory<Uint8Array>();
  const verified = new Memory<boolean>();
  return {
    ...primitives,
    blake2b: (out, message, key) =>
      out.set(
        macs.recall(message, key, out.length, () => {
          const made = new Uint8Array(out.length);
          primitives.blake2b(made, message, key);
          return made;
        }),
      ),
    sipHash: (out, message, key) =>
      out.set(
        checks.recall(message, key, out.length, () => {
          const made = new Uint8Array(out.length);
          primitives.sipHash(made, message, key);
          return made;
        }),
      ),
    sha256: (out, message) =>
      out.set(
        hashes.recall(message, noKey, out.length, () => {
          const made = new Uint8Array(out.length);
          primitives.sha256(made, message);
          return made;
        }),
      ),
    verify: (signature, message, publicKey) => {
      const what = Buffer.concat([signature, publicKey]);
      return verified.recall(message, what, 0, () => primitives.verify(signature, message, publicKey));
    },
  };
}
