// Pages of a package on flash, each checked when it is read: the first time against the hash tree, a chain of hash
// pages that leads up to the root that the authority signed; when it is read again, against a tag under a key that only
// this terminal knows, which costs a third. A few checked pages are kept.

import type { Crypto } from "../crypto/crypto.js";
import type { Flash } from "../platform.js";
import { type Result, err, ok } from "../result.js";
import { type PackageError, packageError } from "./error.js";
import { hashPages, hashesPerPage, pageBits, pageLength } from "./layout.js";

/**
 * Checked pages kept in RAM: 16 of 4 KB, hash pages included. The list of a contest's options, its texts and the tree
 * above fit.
 */
export const pageCacheMax = 16;

/** Pages that need no look into the cache; a page has its place by its number. */
const nearMax = 16;
/** Bytes of a tag. Who does not know the key can only guess, and the terminal stops at the first page that is wrong. */
const tagLength = 8;

interface Near {
  readonly index: number;
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

const nothingNear: Near = { index: -1, bytes: new Uint8Array(0), view: new DataView(new ArrayBuffer(0)) };

export class Pages {
  readonly #flash: Flash;
  readonly #crypto: Crypto;
  readonly #root: Uint8Array;
  /** Address of the first page of each level; level 0 is data. */
  readonly #addresses: readonly number[];
  readonly count: number;
  /** By level and page, the one used last at the end. */
  readonly #cache = new Map<number, Uint8Array>();
  /** Data pages that were read last, all of them in the cache. */
  readonly #near: Near[] = new Array<Near>(nearMax).fill(nothingNear);
  readonly #tagKey: Uint8Array | undefined;
  /** Of each page that was good by the tree, in their order on the flash; zeros before. */
  readonly #tags: Uint8Array;

  /**
   * `address`: of the first page behind the envelope. The caller has checked that all is inside the chip. Without
   * `tagKey` (16 bytes) the tree is asked each time.
   */
  constructor(options: {
    readonly flash: Flash;
    readonly crypto: Crypto;
    readonly address: number;
    readonly pages: number;
    readonly root: Uint8Array;
    readonly tagKey?: Uint8Array | undefined;
  }) {
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
    this.#tagKey = options.tagKey;
    this.#tags = new Uint8Array(
      options.tagKey === undefined ? 0 : (tagLength * (at - options.address)) / pageLength + tagLength * options.pages,
    );
  }

  /** Reads every page once. */
  verifyAll(): Result<void, PackageError> {
    for (let page = 0; page < this.count; page++) {
      const read = this.#page(0, page);
      if (!read.ok) return read;
    }
    return ok();
  }

  /** What `read` gives, when it is in a page that was read lately. */
  nearBytes(offset: number, length: number): Uint8Array | undefined {
    const index = offset >> pageBits;
    const near = this.#near[index & (nearMax - 1)]!;
    const at = offset & (pageLength - 1);
    return near.index === index && at + length <= pageLength ? near.bytes.subarray(at, at + length) : undefined;
  }

  /** The whole page in which all of it is, when that was read lately. */
  near(offset: number, length: number): DataView | undefined {
    const index = offset >> pageBits;
    const near = this.#near[index & (nearMax - 1)]!;
    return near.index === index && (offset & (pageLength - 1)) + length <= pageLength ? near.view : undefined;
  }

  /** A number of 4 bytes, when it is in a page that was read lately. */
  nearWord(offset: number): number | undefined {
    const index = offset >> pageBits;
    const near = this.#near[index & (nearMax - 1)]!;
    const at = offset & (pageLength - 1);
    return near.index === index && at <= pageLength - 4 ? near.view.getUint32(at) : undefined;
  }

  /** `length` bytes from `offset` in the data; across pages. The range is inside the data. Not to be written to. */
  read(offset: number, length: number): Result<Uint8Array, PackageError> {
    const first = offset >> pageBits;
    const inPage = offset & (pageLength - 1);
    if (inPage + length <= pageLength) {
      const page = this.#page(0, first);
      return page.ok ? ok(page.value.subarray(inPage, inPage + length)) : page;
    }
    const out = new Uint8Array(length);
    let done = 0;
    while (done < length) {
      const at = offset + done;
      const page = this.#page(0, at >> pageBits);
      if (!page.ok) return page;
      const from = at & (pageLength - 1);
      const part = page.value.subarray(from, Math.min(pageLength, from + length - done));
      out.set(part, done);
      done += part.length;
    }
    return ok(out);
  }

  #page(level: number, index: number): Result<Uint8Array, PackageError> {
    const key = level * 0x1_0000 + index;
    let page = this.#cache.get(key);
    if (page !== undefined) this.#cache.delete(key);
    else {
      const checked = this.#checked(level, index);
      if (!checked.ok) return checked;
      page = checked.value;
      if (this.#cache.size === pageCacheMax) this.#forgetOldest();
    }
    this.#cache.set(key, page);
    if (level === 0 && this.#near[index & (nearMax - 1)]!.index !== index)
      this.#near[index & (nearMax - 1)] = {
        index,
        bytes: page,
        view: new DataView(page.buffer, page.byteOffset, pageLength),
      };
    return ok(page);
  }

  #forgetOldest(): void {
    // of level 0 the key is the page's number
    const key = this.#cache.keys().next().value!;
    this.#cache.delete(key);
    if (this.#near[key & (nearMax - 1)]!.index === key) this.#near[key & (nearMax - 1)] = nothingNear;
  }

  /** From the flash. */
  #checked(level: number, index: number): Result<Uint8Array, PackageError> {
    const address = this.#addresses[level]! + index * pageLength;
    // the level is hashed with the page, so that a hash page can never stand for data
    const hashed = new Uint8Array(1 + pageLength);
    hashed[0] = level;
    const bytes = this.#flash.read(pageLength, address);
    if (bytes === undefined || bytes.length !== pageLength) return err(packageError.noAnswer(address));
    hashed.set(bytes, 1);
    const good =
      this.#tagKey === undefined
        ? this.#isOfTree(level, index, hashed)
        : this.#isKnown(level, index, hashed, address, this.#tagKey);
    if (!good.ok) return good;
    if (!good.value) return err(packageError.page(level, index));
    return ok(hashed.subarray(1));
  }

  #isKnown(
    level: number,
    index: number,
    hashed: Uint8Array,
    address: number,
    tagKey: Uint8Array,
  ): Result<boolean, PackageError> {
    const at = (tagLength * (address - this.#addresses[this.#addresses.length - 1]!)) / pageLength;
    const known = this.#tags.subarray(at, at + tagLength);
    const tag = this.#crypto.check(hashed, tagKey).subarray(0, tagLength);
    if (!this.#crypto.isFilled(known, 0)) return ok(this.#crypto.equal(tag, known));
    const good = this.#isOfTree(level, index, hashed);
    if (good.ok && good.value) known.set(tag);
    return good;
  }

  #isOfTree(level: number, index: number, hashed: Uint8Array): Result<boolean, PackageError> {
    const expected = this.#hashOf(level, index);
    return expected.ok ? ok(this.#crypto.equal(this.#crypto.sha256(hashed), expected.value)) : expected;
  }

  #hashOf(level: number, index: number): Result<Uint8Array, PackageError> {
    if (level === this.#addresses.length - 1) return ok(this.#root);
    const above = this.#page(level + 1, Math.floor(index / hashesPerPage));
    if (!above.ok) return above;
    const at = (index % hashesPerPage) * 32;
    return ok(above.value.subarray(at, at + 32));
  }
}
