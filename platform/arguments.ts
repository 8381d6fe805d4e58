// Checks of ECMA-419 classes: misuse is a bug and throws.

export function wholeNumber(value: unknown, min: number, max: number, what: string): number {
  if (typeof value !== "number" || !Number.isInteger(value)) throw new TypeError(`${what}: not a whole number`);
  if (value < min || value > max) throw new RangeError(`${what}: out of range`);
  return value;
}

export function optionalFunction(value: unknown, what: string): void {
  if (value !== undefined && typeof value !== "function") throw new TypeError(`${what}: no function`);
}

export function bytesOf(data: unknown, what: string): Uint8Array {
  if (data instanceof Uint8Array) return data;
  if (data instanceof ArrayBuffer) return new Uint8Array(data);
  throw new TypeError(`${what}: no bytes`);
}
