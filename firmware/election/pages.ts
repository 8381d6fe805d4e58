// Pages of a package on flash, each checked against the hash tree when it is read: a chain of hash pages leads up to the root
// that the authority signed. A few checked pages are kept.

import type { Crypto } from "../crypto/crypto.js";
import { readU32 } from "../bytes.js";
import type { Flash } from "../platform.js";
import { type Result, err, ok } from "../result.js";
import { type PackageError, packageError } from "./error.js";
import { hashPages, hashesPerPage, pageLength } from "./layout.js";

/** Checked pages kept in RAM: 16 of 4 KB, hash pages included. The list of a contest's options, its texts and the tree above fit. */
export const pageCacheMax = 16;

export class Pages {
  readonly #flash: Flash;
  readonly #crypto: Crypto;
  readonly #root: Uint8Array;
  /** Address of the first page of each level; level 0 is data. */
  readonly #addresses: readonly number[];
  readonly count: number;
  /** By level and page, the one used last at the end. */
  readonly #cache = new Map<number, Uint8Array>();
  /** The data page that was read last, and its number: most reads are beside the one before. */
  #last: Uint8Array | undefined;
  #lastIndex = -1;

  /** `address`: of the first page behind the envelope. The caller has checked that all is inside the chip. */
  constructor(options: { readonly flash: Flash; readonly crypto: Crypto; readonly address: number; readonly pages: number; readonly root: Uint8Array }) {
    this.#flash = options.flash;
    this.#crypto = options.crypto;
    this.#root = options.root;
    this.count = options.pages;
    const levels = hashPages(options.pages);
    const addresses = new Array<number>(levels.length + 1).fill(0);
    let at = options.address;
    for (let level = levels.length; level > 0; level--) {
      addresses[level] = at;
      at += levels[level - 1]! * pageLength;
    }
    addresses[0] = at;
    this.#addresses = addresses;
  }

  /** Reads every page once. */
  verifyAll(): Result<void, PackageError> {
    for (let page = 0; page < this.count; page++) {
      const read = this.#page(0, page);
      if (!read.ok) return read;
    }
    return ok();
  }

  /** What `read` gives, when it is in the page that was read last. */
  again(offset: number, length: number): Uint8Array | undefined {
    const at = offset - this.#lastIndex * pageLength;
    return at >= 0 && at + length <= pageLength ? this.#last?.subarray(at, at + length) : undefined;
  }

  /** A number of 4 bytes, when it is in the page that was read last. */
  wordAgain(offset: number): number | undefined {
    const at = offset - this.#lastIndex * pageLength;
    return at >= 0 && at + 4 <= pageLength && this.#last !== undefined ? readU32(this.#last, at) : undefined;
  }

  /** `length` bytes from `offset` in the data; across pages. The range is inside the data. Not to be written to. */
  read(offset: number, length: number): Result<Uint8Array, PackageError> {
    const first = Math.floor(offset / pageLength);
    const inPage = offset - first * pageLength;
    if (inPage + length <= pageLength) {
      const page = this.#page(0, first);
      if (!page.ok) return page;
      this.#last = page.value;
      this.#lastIndex = first;
      return ok(page.value.subarray(inPage, inPage + length));
    }
    const out = new Uint8Array(length);
    let done = 0;
    while (done < length) {
      const at = offset + done;
      const index = Math.floor(at / pageLength);
      const page = this.#page(0, index);
      if (!page.ok) return page;
      const from = at - index * pageLength;
      const part = page.value.subarray(from, Math.min(pageLength, from + length - done));
      out.set(part, done);
      done += part.length;
    }
    return ok(out);
  }

  #page(level: number, index: number): Result<Uint8Array, PackageError> {
    const key = level * 0x1_0000 + index;
    const kept = this.#cache.get(key);
    if (kept !== undefined) {
      this.#cache.delete(key);
      this.#cache.set(key, kept);
      return ok(kept);
    }
    const expected = this.#hashOf(level, index);
    if (!expected.ok) return expected;
    const address = this.#addresses[level]! + index * pageLength;
    // the level is hashed with the page, so that a hash page can never stand for data
    const hashed = new Uint8Array(1 + pageLength);
    hashed[0] = level;
    const bytes = this.#flash.read(pageLength, address);
    if (bytes === undefined || bytes.length !== pageLength) return err(packageError.noAnswer(address));
    hashed.set(bytes, 1);
    if (!this.#crypto.equal(this.#crypto.sha256(hashed), expected.value)) return err(packageError.page(level, index));
    const page = hashed.subarray(1);
    if (this.#cache.size === pageCacheMax) this.#cache.delete(this.#cache.keys().next().value!);
    this.#cache.set(key, page);
    return ok(page);
  }

  #hashOf(level: number, index: number): Result<Uint8Array, PackageError> {
    if (level === this.#addresses.length - 1) return ok(this.#root);
    const above = this.#page(level + 1, Math.floor(index / hashesPerPage));
    if (!above.ok) return above;
    const at = (index % hashesPerPage) * 32;
    return ok(above.value.subarray(at, at + 32));
  }
}
