// Where the next ballot and the next mark go: a place drawn uniformly from the free ones, so that no place tells when.

import type { Crypto } from "../crypto/crypto.js";

/**
 * Over the places that hold `wanted`: rejection sampling, so the work does not tell which were free. There must be one.
 */
export function drawPlace(crypto: Crypto, places: Uint8Array, wanted: number): number {
  for (;;) {
    const place = crypto.randomBelow(places.length);
    if (places[place] === wanted) return place;
  }
}
