// SipHash-2-4 with 128 bits (Aumasson, Bernstein: "SipHash: a fast short-input PRF", section 2; the longer output as in
// its authors' reference code), for the tools, and the twin of libsodium's. A 64-bit word is two halves: numbers of 32
// bits are quick, and these checks are asked for a million times.

const [compressionRounds, finalRounds] = [2, 4];
/** "somepseudorandomlygeneratedbytes", as four words, low half first. */
const initial = [
  0x70736575, 0x736f6d65, 0x6e646f6d, 0x646f7261, 0x6e657261, 0x6c796765, 0x79746573, 0x74656462,
] as const;

/** out, key: 16 bytes. */
export function sipHash(out: Uint8Array, message: Uint8Array, key: Uint8Array): void {
  if (out.length !== 16 || key.length !== 16) throw new RangeError("16 bytes expected");
  const word = (bytes: Uint8Array, at: number): number =>
    bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
  const [k0l, k0h, k1l, k1h] = [word(key, 0), word(key, 4), word(key, 8), word(key, 12)];
  let [v0l, v0h, v1l, v1h] = [initial[0] ^ k0l, initial[1] ^ k0h, initial[2] ^ k1l ^ 0xee, initial[3] ^ k1h];
  let [v2l, v2h, v3l, v3h] = [initial[4] ^ k0l, initial[5] ^ k0h, initial[6] ^ k1l, initial[7] ^ k1h];
  const whole = message.length >> 3;
  const last = new Uint8Array(8);
  last.set(message.subarray(whole * 8));
  last[7] = message.length;
  // the words of the message, the one that ends it, and what makes each half of the output
  for (let step = 0; step < whole + 3; step++) {
    const isMessage = step <= whole;
    const low = !isMessage ? 0 : step < whole ? word(message, step * 8) : word(last, 0);
    const high = !isMessage ? 0 : step < whole ? word(message, step * 8 + 4) : word(last, 4);
    v3l ^= low;
    v3h ^= high;
    if (step === whole + 1) v2l ^= 0xee;
    if (step === whole + 2) v1l ^= 0xdd;
    for (let round = isMessage ? compressionRounds : finalRounds; round > 0; round--) {
      let sum = (v0l >>> 0) + (v1l >>> 0);
      v0h = (v0h + v1h + (sum > 0xffff_ffff ? 1 : 0)) | 0;
      v0l = sum | 0;
      let high1 = (v1h << 13) | (v1l >>> 19);
      v1l = ((v1l << 13) | (v1h >>> 19)) ^ v0l;
      v1h = high1 ^ v0h;
      [v0l, v0h] = [v0h, v0l];
      sum = (v2l >>> 0) + (v3l >>> 0);
      v2h = (v2h + v3h + (sum > 0xffff_ffff ? 1 : 0)) | 0;
      v2l = sum | 0;
      let high3 = (v3h << 16) | (v3l >>> 16);
      v3l = ((v3l << 16) | (v3h >>> 16)) ^ v2l;
      v3h = high3 ^ v2h;
      sum = (v0l >>> 0) + (v3l >>> 0);
      v0h = (v0h + v3h + (sum > 0xffff_ffff ? 1 : 0)) | 0;
      v0l = sum | 0;
      high3 = (v3h << 21) | (v3l >>> 11);
      v3l = ((v3l << 21) | (v3h >>> 11)) ^ v0l;
      v3h = high3 ^ v0h;
      sum = (v2l >>> 0) + (v1l >>> 0);
      v2h = (v2h + v1h + (sum > 0xffff_ffff ? 1 : 0)) | 0;
      v2l = sum | 0;
      high1 = (v1h << 17) | (v1l >>> 15);
      v1l = ((v1l << 17) | (v1h >>> 15)) ^ v2l;
      v1h = high1 ^ v2h;
      [v2l, v2h] = [v2h, v2l];
    }
    v0l ^= low;
    v0h ^= high;
    if (isMessage) continue;
    const at = (step - whole - 1) * 8;
    const halves = [v0l ^ v1l ^ v2l ^ v3l, v0h ^ v1h ^ v2h ^ v3h];
    for (let i = 0; i < 8; i++) out[at + i] = halves[i >> 2]! >>> ((i & 3) * 8);
  }
}
