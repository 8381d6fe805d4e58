// The names of a bundle's texts, looked up where they lie: in their order, so that a start need not read them all.

import { type Result, err, ok } from "../../firmware/result.js";
import { nameLengthMax } from "./limits.js";
import type { TextError } from "./texts.js";

export class Names {
  readonly #bytes: Uint8Array;
  /** Of each name: where its length is, its characters behind it. */
  readonly #places: Uint16Array;
  readonly #found = new Map<string, number>();

  private constructor(bytes: Uint8Array, places: Uint16Array) {
    this.#bytes = bytes;
    this.#places = places;
  }

  /** `count` names, each `length:u8` and ASCII characters, in ascending order (see `check`). */
  static open(bytes: Uint8Array, count: number): Result<Names, TextError> {
    if (bytes.length > 0xffff) return err({ at: 0, what: "64 KB of names at most" });
    const places = new Uint16Array(count);
    let at = 0;
    for (let i = 0; i < count; i++) {
      const length = bytes[at] ?? 0;
      if (length < 1 || length > nameLengthMax || at + 1 + length > bytes.length)
        return err({ at, what: `name of 1..${nameLengthMax}` });
      places[i] = at;
      at += 1 + length;
    }
    return at === bytes.length ? ok(new Names(bytes, places)) : err({ at, what: "end of names" });
  }

  get count(): number {
    return this.#places.length;
  }

  /** Whether each comes behind the one before, so that all of them are found. */
  check(): Result<void, TextError> {
    for (let i = 1; i < this.count; i++)
      if (this.#compare(this.#nameAt(i - 1), i) >= 0) return err({ at: this.#places[i]!, what: "names in order" });
    return ok();
  }

  /** Number of a name; undefined when it is none of them. */
  find(name: string): number | undefined {
    const known = this.#found.get(name);
    if (known !== undefined) return known;
    let [first, end] = [0, this.count];
    while (first < end) {
      const middle = (first + end) >> 1;
      const order = this.#compare(name, middle);
      if (order === 0) {
        this.#found.set(name, middle);
        return middle;
      }
      if (order < 0) end = middle;
      else first = middle + 1;
    }
    return undefined;
  }

  #nameAt(index: number): string {
    const at = this.#places[index]!;
    return String.fromCharCode(...this.#bytes.subarray(at + 1, at + 1 + this.#bytes[at]!));
  }

  /** Below 0 when `name` comes before the one with this number. */
  #compare(name: string, index: number): number {
    const at = this.#places[index]!;
    const length = this.#bytes[at]!;
    for (let i = 0; i < name.length && i < length; i++) {
      const order = name.charCodeAt(i) - this.#bytes[at + 1 + i]!;
      if (order !== 0) return order;
    }
    return name.length - length;
  }
}
