// A national number while it is typed. It lies in one array, which is overwritten when the next person begins.

import { idDigits, keyOf } from "../roll/national-id.js";

export class NumberEntry {
  readonly #digits = new Uint8Array(idDigits);
  #count = 0;

  /** As it is shown. */
  get text(): string {
    let text = "";
    for (let i = 0; i < this.#count; i++) text += String(this.#digits[i]);
    return text;
  }

  get isEmpty(): boolean {
    return this.#count === 0;
  }

  get isFull(): boolean {
    return this.#count === idDigits;
  }

  type(digit: number): void {
    if (this.#count < idDigits) this.#digits[this.#count++] = digit;
  }

  correct(): void {
    if (this.#count > 0) this.#digits[--this.#count] = 0;
  }

  clear(): void {
    this.#digits.fill(0);
    this.#count = 0;
  }

  /** Its key in the roll; undefined when it is not a whole number, or its check digit is wrong. */
  get key(): number | undefined {
    return keyOf(this.#digits.subarray(0, this.#count));
  }
}
