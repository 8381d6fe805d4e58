// sfc32 (C. Doty-Humphrey's PractRand): quick chance for simulations, on any engine. Never for anything else.

export class Sfc32 {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  /** Three words that are the seed. */
  constructor(a: number, b: number, c: number) {
    this.#a = a;
    this.#b = b;
    this.#c = c;
  }

  fill(out: Uint8Array): void {
    for (let i = 0; i < out.length; i++) out[i] = this.word() >>> 24;
  }

  /** 0..2^32-1 */
  word(): number {
    const word = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + word) | 0;
    return word >>> 0;
  }
}
