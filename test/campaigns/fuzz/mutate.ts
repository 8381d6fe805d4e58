// Inputs that are nearly what they should be: a seed of the corpus, changed in a few places.

import type { QuickChance } from "../../../sim/quick-chance.js";

/** Values at which lengths, counts and heads turn over; heads of every CBOR major type among them. */
const edges = [0, 1, 2, 0x17, 0x18, 0x19, 0x1a, 0x1b, 0x1f, 0x20, 0x3b, 0x40, 0x58, 0x5b, 0x5f, 0x60, 0x78];
edges.push(0x7f, 0x80, 0x81, 0x98, 0x9b, 0x9f, 0xa0, 0xb8, 0xbf, 0xc0, 0xd8, 0xf4, 0xf6, 0xf7, 0xf9, 0xfb, 0xfe, 0xff);
/** Now and then an input is this long, whatever its seed. */
const longMax = 4_096;
const changesMax = 4;

/** One input; at most `lengthMax` bytes. */
export function mutated(corpus: readonly Uint8Array[], chance: QuickChance, lengthMax: number): Uint8Array {
  const seed = corpus[chance.below(corpus.length)]!;
  let bytes: Uint8Array = seed.slice();
  for (let change = chance.below(changesMax) + 1; change > 0; change--) bytes = changed(bytes, corpus, chance);
  return bytes.length > lengthMax ? bytes.slice(0, lengthMax) : bytes;
}

function changed(bytes: Uint8Array, corpus: readonly Uint8Array[], chance: QuickChance): Uint8Array {
  const at = chance.below(bytes.length + 1);
  const to = Math.min(bytes.length, at + 1 + chance.below(16));
  switch (chance.below(9)) {
    case 0:
      if (at < bytes.length) bytes[at]! ^= 1 << chance.below(8);
      return bytes;
    case 1:
      if (at < bytes.length) bytes[at] = edges[chance.below(edges.length)]!;
      return bytes;
    case 2:
      if (at < bytes.length) bytes[at] = chance.below(256);
      return bytes;
    case 3:
      return joined(bytes.subarray(0, at), Uint8Array.of(edges[chance.below(edges.length)]!), bytes.subarray(at));
    case 4:
      return joined(bytes.subarray(0, at), bytes.subarray(to));
    case 5:
      return joined(bytes.subarray(0, to), bytes.subarray(at, to), bytes.subarray(to));
    case 6:
      return bytes.slice(0, at);
    case 7: {
      const other = corpus[chance.below(corpus.length)]!;
      return joined(bytes.subarray(0, at), other.subarray(chance.below(other.length + 1)));
    }
    default: {
      const run = new Uint8Array(chance.below(longMax)).fill(edges[chance.below(edges.length)]!);
      return chance.below(20) === 0 ? joined(bytes.subarray(0, at), run, bytes.subarray(at)) : bytes;
    }
  }
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}
