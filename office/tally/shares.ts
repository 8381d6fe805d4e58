// Shamir's sharing of a secret over GF(2^8), x^8 + x^4 + x^3 + x + 1: a share is the polynomials' values and, last,
// where they were taken. The terminal splits and combines in C (platform/native/tally-key.c); this combines for a
// terminal that is dead, and splits for its twin in the tests.

/** Powers of 3, which generates the field's multiplicative group, and their inverse. */
const powers = new Uint8Array(255);
const logarithms = new Uint8Array(256);
for (let i = 0, value = 1; i < 255; i++) {
  powers[i] = value;
  logarithms[value] = i;
  value ^= (value << 1) ^ (value & 0x80 ? 0x11b : 0);
}

function multiply(a: number, b: number): number {
  return a === 0 || b === 0 ? 0 : powers[(logarithms[a]! + logarithms[b]!) % 255]!;
}

/** `random` fills with what nobody can guess. Shares 1 to `count`, any `needed` of which give the secret back. */
export function splitSecret(
  secret: Uint8Array,
  count: number,
  needed: number,
  random: (length: number) => Uint8Array,
): Uint8Array[] {
  const coefficients = Array.from({ length: needed - 1 }, () => random(secret.length));
  return Array.from({ length: count }, (_, i) => {
    const x = i + 1;
    const share = new Uint8Array(secret.length + 1);
    share[secret.length] = x;
    for (let at = 0; at < secret.length; at++) {
      let value = 0;
      for (let power = needed - 2; power >= 0; power--) value = multiply(value ^ coefficients[power]![at]!, x);
      share[at] = value ^ secret[at]!;
    }
    return share;
  });
}

/** At x = 0. `shares`: with different indices. */
export function combineShares(shares: readonly Uint8Array[]): Uint8Array {
  const length = shares[0]!.length - 1;
  const secret = new Uint8Array(length);
  for (const share of shares) {
    let basis = 1;
    for (const other of shares) {
      if (other === share) continue;
      const difference = share[length]! ^ other[length]!;
      basis = multiply(basis, multiply(other[length]!, powers[(255 - logarithms[difference]!) % 255]!));
    }
    for (let at = 0; at < length; at++) secret[at]! ^= multiply(basis, share[at]!);
  }
  return secret;
}
