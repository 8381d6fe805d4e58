// See firmware/crypto/tally-key.ts. A wrong length is a RangeError; something that is no byte array, or an output that
// overlaps an input, is a TypeError.

export function draw(
  out: Uint8Array,
  offices: Uint8Array,
  cards: Uint8Array,
  binding: Uint8Array,
  deviceSecret: Uint8Array,
  election: Uint8Array,
  escrowKey: Uint8Array,
): boolean;
export function begin(publicKey: Uint8Array): void;
export function addShare(box: Uint8Array, office: number): boolean;
export function combine(
  part: Uint8Array,
  deviceSecret: Uint8Array,
  election: Uint8Array,
  publicKey: Uint8Array,
): boolean;
export function open(out: Uint8Array, box: Uint8Array): boolean;
export function end(): void;
