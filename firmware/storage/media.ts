// Two NOR chips that hold the same: A is programmed and verified before B is touched, so at any instant at least one of
// them is whole.

import type { Crypto } from "../crypto/crypto.js";
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

/** A part of a medium, at the same place of both. */
export interface Region {
  readonly address: number;
  readonly length: number;
}

/** Bytes that one erase clears, of every chip that is written here. */
const blockLength = 4096;
const programAttemptsMax = 4;
/** How often a block is erased and programmed until all of it reads back. */
const rewriteAttemptsMax = 4;
/** A page of the chip. */
const rewriteLength = 256;

export class Media {
  readonly #chips: Readonly<Record<Medium, Flash>>;
  readonly crypto: Crypto;
  readonly geometry: Geometry;
  /** Those that hold what counts, A first. One alone only when two officials have decided so. */
  active: readonly Medium[];

  private constructor(
    options: { readonly a: Flash; readonly b: Flash; readonly crypto: Crypto },
    geometry: Geometry,
    active: readonly Medium[],
  ) {
    this.#chips = { a: options.a, b: options.b };
    this.crypto = options.crypto;
    this.geometry = geometry;
    this.active = active;
  }

  /**
   * With the chips that answer; an error when none does. A chip that is not one of those that were written here, since
   * its blocks are others or it has less than `sizeMin` bytes, counts as missing where the other one is.
   */
  static open(
    options: { readonly a: Flash; readonly b: Flash; readonly crypto: Crypto },
    sizeMin = 0,
  ): Result<Media, MediumFault> {
    const statuses = { a: options.a.status(), b: options.b.status() };
    const present = (["a", "b"] as const).filter((medium) => statuses[medium]?.blockLength === blockLength);
    if (present.length === 0) return err({ medium: "a", what: "no-answer", address: 0 });
    const large = present.filter((medium) => statuses[medium]!.size >= sizeMin);
    const active = large.length > 0 ? large : present;
    const size = Math.min(...active.map((medium) => statuses[medium]!.size));
    return ok(new Media(options, { size, blockLength }, active));
  }

  read(medium: Medium, length: number, address: number, into?: Uint8Array): Result<Uint8Array, MediumFault> {
    const bytes = this.#chips[medium].read(length, address, into);
    return bytes === undefined ? err({ medium, what: "no-answer", address }) : ok(bytes);
  }

  /** The same range of every active medium, A first. `into`: see Flash.read, one for each. */
  readAll(length: number, address: number, into: readonly Uint8Array[] = []): Result<Uint8Array[], MediumFault> {
    const all: Uint8Array[] = [];
    for (let i = 0; i < this.active.length; i++) {
      const bytes = this.read(this.active[i]!, length, address, into[i]);
      if (!bytes.ok) return bytes;
      all.push(bytes.value);
    }
    return ok(all);
  }

  /**
   * Programs one medium (old AND data) and reads it back. What does not read back is programmed and read again a few
   * times: a weak bit becomes a sound 0, and one that must stay 1 reads right nearly always.
   */
  programOne(medium: Medium, data: Uint8Array, address: number): Result<void, MediumFault> {
    const chip = this.#chips[medium];
    for (let attempt = 0; attempt < programAttemptsMax; attempt++) {
      if (!chip.write(data, address)) return err({ medium, what: "program", address });
      const back = chip.read(data.length, address);
      if (back === undefined) return err({ medium, what: "no-answer", address });
      if (this.crypto.equal(back, data)) return ok();
    }
    return err({ medium, what: "verify", address });
  }

  /** A, verified, then B, verified. */
  program(data: Uint8Array, address: number): Result<void, MediumFault> {
    for (const medium of this.active) {
      const programmed = this.programOne(medium, data, address);
      if (!programmed.ok) return programmed;
    }
    return ok();
  }

  /**
   * Programs zeros over a range of one medium, whatever it holds. What is cleared is read by its majority, or is not
   * read again: worn cells that stay 1 are a fault only when they are more than a quarter.
   */
  zeroOne(medium: Medium, length: number, address: number): Result<void, MediumFault> {
    const programmed = this.programOne(medium, new Uint8Array(length), address);
    if (programmed.ok || programmed.error.what !== "verify") return programmed;
    const back = this.read(medium, length, address);
    if (!back.ok) return back;
    return this.crypto.zeroBits(back.value, 0, length) >= length * 6 ? ok() : programmed;
  }

  /** The same on every active medium; goes on when one fails, and says the first fault. */
  zero(length: number, address: number): Result<void, MediumFault> {
    const results = this.active.map((medium) => this.zeroOne(medium, length, address));
    return results.find((result) => !result.ok) ?? ok();
  }

  /**
   * Erases one block of one medium and programs `image` there. For a block of which the other medium, or the caller,
   * has everything: cut in the middle, it is done again at the next start. A worn cell where the image is erased is
   * left to who draws that place.
   */
  rewriteBlock(medium: Medium, block: number, image: Uint8Array): Result<void, MediumFault> {
    const { blockLength } = this.geometry;
    assert(image.length === blockLength, "image of a whole block");
    let written: Result<void, MediumFault> = ok();
    for (let attempt = 0; attempt < rewriteAttemptsMax; attempt++) {
      written = this.eraseOne(medium, block);
      for (let at = 0; at < blockLength && written.ok; at += rewriteLength) {
        const part = image.subarray(at, at + rewriteLength);
        if (!this.crypto.isFilled(part, 0xff)) written = this.programOne(medium, part, block * blockLength + at);
      }
      if (!written.ok && written.error.what !== "verify") return written;
      const back = this.read(medium, blockLength, block * blockLength);
      if (!back.ok) return back;
      // a part may have been harmed while the ones behind it were programmed
      if (this.crypto.equal(back.value, image)) return ok();
    }
    return written;
  }

  eraseOne(medium: Medium, block: number): Result<void, MediumFault> {
    const address = block * this.geometry.blockLength;
    return this.#chips[medium].eraseBlock(block) ? ok() : err({ medium, what: "erase", address });
  }

  /** Every active medium, whole blocks that cover [address, address + length). */
  erase(length: number, address: number): Result<void, MediumFault> {
    const { blockLength } = this.geometry;
    assert(address % blockLength === 0, "erase starts at a block");
    for (const medium of this.active) {
      for (let block = address / blockLength; block * blockLength < address + length; block++) {
        const erased = this.eraseOne(medium, block);
        if (!erased.ok) return erased;
      }
    }
    return ok();
  }
}
