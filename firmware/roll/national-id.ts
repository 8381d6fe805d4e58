// National identity numbers: ten digits, the last of which follows from the nine before it. So the roll keeps nine: the
// key of a number.

export const idDigits = 10;
/** Keys are below it. */
export const keysEnd = 1_000_000_000;

/** The tenth digit: the weighted sum of the nine others modulo 11, or 11 minus it from 2 on. Weights 10 down to 2. */
export function checkDigit(key: number): number {
  let sum = 0;
  for (let weight = 2, rest = key; weight <= idDigits; weight++, rest = Math.floor(rest / 10))
    sum += (rest % 10) * weight;
  const remainder = sum % 11;
  return remainder < 2 ? remainder : 11 - remainder;
}

/** The key of ten digits (0..9 each); undefined when they are not ten, or the last one is not what it must be. */
export function keyOf(digits: ArrayLike<number>): number | undefined {
  if (digits.length !== idDigits) return undefined;
  let key = 0;
  for (let i = 0; i < idDigits - 1; i++) {
    const digit = digits[i]!;
    if (!Number.isInteger(digit) || digit < 0 || digit > 9) return undefined;
    key = key * 10 + digit;
  }
  return digits[idDigits - 1] === checkDigit(key) ? key : undefined;
}
