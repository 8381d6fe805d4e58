// Two NOR chips that hold the same: A is programmed and verified before B is touched, so at any instant at least one of them is whole.

import { equalBytes } from "../bytes.js";
import type { Flash } from "../platform.js";
import { type Result, assert, err, ok } from "../result.js";

export type Medium = "a" | "b";

/** What a medium did to us. "verify": it reads back something else than was programmed or erased. */
export interface MediumFault {
  readonly medium: Medium;
  readonly what: "no-answer" | "program" | "erase" | "verify";
  readonly address: number;
}

export interface Geometry {
  readonly size: number;
  readonly blockLength: number;
}

const bothMedia = ["a", "b"] as const;

export class Media {
  readonly #chips: Readonly<Record<Medium, Flash>>;
  readonly geometry: Geometry;

  private constructor(chips: Readonly<Record<Medium, Flash>>, geometry: Geometry) {
    this.#chips = chips;
    this.geometry = geometry;
  }

  static open(options: { readonly a: Flash; readonly b: Flash }): Result<Media, MediumFault> {
    const a = options.a.status();
    if (a === undefined) return err({ medium: "a", what: "no-answer", address: 0 });
    const b = options.b.status();
    if (b === undefined) return err({ medium: "b", what: "no-answer", address: 0 });
    assert(a.blockLength === b.blockLength, "both media have one block length");
    return ok(new Media(options, { size: Math.min(a.size, b.size), blockLength: a.blockLength }));
  }

  read(medium: Medium, length: number, address: number): Result<Uint8Array, MediumFault> {
    const bytes = this.#chips[medium].read(length, address);
    return bytes === undefined ? err({ medium, what: "no-answer", address }) : ok(bytes);
  }

  /** Programs one medium (old AND data) and reads it back; `expected` is what must then be there. */
  programOne(medium: Medium, data: Uint8Array, address: number, expected = data): Result<void, MediumFault> {
    const chip = this.#chips[medium];
    if (!chip.write(data, address)) return err({ medium, what: "program", address });
    const back = chip.read(expected.length, address);
    if (back === undefined) return err({ medium, what: "no-answer", address });
    return equalBytes(back, expected) ? ok() : err({ medium, what: "verify", address });
  }

  /** A, verified, then B, verified. */
  program(data: Uint8Array, address: number): Result<void, MediumFault> {
    const a = this.programOne("a", data, address);
    return a.ok ? this.programOne("b", data, address) : a;
  }

  /** Programs zeros over a range of both media, whatever it holds; goes on to B when A fails, and says the first fault. */
  zero(length: number, address: number): Result<void, MediumFault> {
    const zeros = new Uint8Array(length);
    const a = this.programOne("a", zeros, address);
    const b = this.programOne("b", zeros, address);
    return a.ok ? b : a;
  }

  eraseOne(medium: Medium, block: number): Result<void, MediumFault> {
    const address = block * this.geometry.blockLength;
    return this.#chips[medium].eraseBlock(block) ? ok() : err({ medium, what: "erase", address });
  }

  /** Both media, whole blocks that cover [address, address + length). */
  erase(length: number, address: number): Result<void, MediumFault> {
    const { blockLength } = this.geometry;
    assert(address % blockLength === 0, "erase starts at a block");
    for (const medium of bothMedia) {
      for (let block = address / blockLength; block * blockLength < address + length; block++) {
        const erased = this.eraseOne(medium, block);
        if (!erased.ok) return erased;
      }
    }
    return ok();
  }
}
