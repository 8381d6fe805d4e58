// Where the results lie: behind the store, on both media. Header last, so that what a power cut left half written is
// not taken for results; the signatures say the rest.

import { concat, equalBytes, readU32, writeU32 } from "../bytes.js";
import type { Crypto } from "../crypto/crypto.js";
import { type Result, ok } from "../result.js";
import type { Region } from "../storage/media.js";
import type { Media, Medium, MediumFault } from "../storage/media.js";
import type { Layout } from "../vault/layout.js";
import {
  type RecordList,
  type Results,
  belongTogether,
  nameLength,
  readRecordList,
  readResults,
  resultsMax,
} from "./results.js";

const magic = 0x53_4e_44_52;
const headerLength = 16;
const bodyOffset = 256;
/** Bytes programmed at once: a page of the chip. */
const pageLength = 256;
/** How often something that is no results is read again. */
const readsMax = 4;
/** What signing and the other fields add to the list's names. */
const listOverhead = 256;

export interface StoredResults {
  readonly results: Results;
  readonly list: RecordList;
  readonly signedResults: Uint8Array;
  readonly signedList: Uint8Array;
}

/** Bytes of the signed list of as many records as there can be. */
export function listMax(layout: Layout): number {
  return layout.ticks * nameLength + listOverhead;
}

/** Bytes that must be left behind the store. */
export function resultsLengthMin(layout: Layout): number {
  return bodyOffset + resultsMax + listMax(layout);
}

/** Behind the store to the end of what both media have; undefined when the election leaves too little of it. */
export function resultsRegion(layout: Layout, size: number): Region | undefined {
  const address = layout.store.address + layout.store.length;
  return size - address < resultsLengthMin(layout) ? undefined : { address, length: size - address };
}

export interface ResultsStoreOptions {
  readonly crypto: Crypto;
  readonly media: Media;
  readonly region: Region;
  /** See listMax. */
  readonly listMax: number;
  /** Of the package, 32 bytes. */
  readonly root: Uint8Array;
  readonly terminal: number;
  readonly publicKey: Uint8Array;
}

export class ResultsStore {
  readonly #options: ResultsStoreOptions;
  #stored: StoredResults | undefined;

  private constructor(options: ResultsStoreOptions) {
    this.#options = options;
  }

  /** Reads what there is; a medium that lacks what the other one has gets it. */
  static open(options: ResultsStoreOptions): Result<ResultsStore, MediumFault> {
    const store = new ResultsStore(options);
    const lacking: Medium[] = [];
    const soiled: Medium[] = [];
    let whole = 0;
    let isHeaderMissing = false;
    for (const medium of options.media.active) {
      const seen = store.#look(medium);
      if (!seen.ok) return seen;
      isHeaderMissing ||= seen.value.isHeaderMissing;
      const { stored } = seen.value;
      if (stored === undefined) {
        lacking.push(medium);
        continue;
      }
      store.#stored ??= stored;
      // what may have been under program when the power went is programmed again, before anything is made of it; a
      // medium that does not take it is found out by the journal
      store.#writeHeader(medium, stored);
      whole++;
      const isClean = store.#isClean(medium, stored);
      if (!isClean.ok) return isClean;
      if (!isClean.value) soiled.push(medium);
    }
    // an erase that was cut can clear what lies behind results and leave them whole; never the only whole copy
    if (whole > 1) lacking.push(...soiled);
    for (const medium of lacking) {
      const settled = store.#settle(medium, isHeaderMissing);
      // results are there on the other one, or not at all: a place that does not keep them is no reason not to start
      if (!settled.ok && settled.error.what !== "verify") return settled;
    }
    return ok(store);
  }

  get stored(): StoredResults | undefined {
    return this.#stored;
  }

  /** Durable when it returns. */
  keep(results: StoredResults): Result<void, MediumFault> {
    for (const medium of this.#options.media.active) {
      const written = this.#write(medium, results);
      if (!written.ok) return written;
    }
    this.#stored = results;
    return ok();
  }

  /** Reads again while there is something that is no results: a weak bit reads right nearly always. */
  #look(medium: Medium): Result<{ stored: StoredResults | undefined; isHeaderMissing: boolean }, MediumFault> {
    const { crypto, media, region } = this.#options;
    for (let attempt = 1; ; attempt++) {
      const header = media.read(medium, headerLength, region.address);
      if (!header.ok) return header;
      const isHeaderMissing = crypto.isFilled(header.value, 0xff);
      const stored = this.#read(medium, header.value);
      if (!stored.ok) return stored;
      if (stored.value !== undefined || isHeaderMissing || attempt === readsMax)
        return ok({ stored: stored.value, isHeaderMissing });
    }
  }

  /** Nothing lies behind the results in the last block that they take. */
  #isClean(medium: Medium, { signedResults, signedList }: StoredResults): Result<boolean, MediumFault> {
    const { crypto, media, region } = this.#options;
    const { blockLength } = media.geometry;
    const end = region.address + bodyOffset + signedResults.length + signedList.length;
    const behind = (blockLength - (end % blockLength)) % blockLength;
    if (behind === 0) return ok(true);
    const bytes = media.read(medium, behind, end);
    return bytes.ok ? ok(crypto.isFilled(bytes.value, 0xff)) : bytes;
  }

  /**
   * A has its header before B is begun. So while one medium has none, nobody was told of results: what lies there is
   * what a power cut left half written.
   */
  #settle(medium: Medium, isHeaderMissing: boolean): Result<void, MediumFault> {
    if (this.#stored !== undefined) return this.#write(medium, this.#stored);
    return isHeaderMissing ? this.#eraseHalf(medium) : ok();
  }

  #read(medium: Medium, header: Uint8Array): Result<StoredResults | undefined, MediumFault> {
    const { crypto, media, region, root, terminal, publicKey } = this.#options;
    const [resultsLength, listLength] = [readU32(header, 4), readU32(header, 8)];
    // lengths from flash are bounded before anything is read by them
    if (readU32(header, 0) !== magic || resultsLength > resultsMax || listLength > this.#options.listMax)
      return ok(undefined);
    const body = media.read(medium, resultsLength + listLength, region.address + bodyOffset);
    if (!body.ok) return body;
    const [signedResults, signedList] = [body.value.slice(0, resultsLength), body.value.slice(resultsLength)];
    const results = readResults(crypto, signedResults, publicKey);
    const list = readRecordList(crypto, signedList, publicKey);
    if (!results.ok || !list.ok || !belongTogether(crypto, results.value, list.value)) return ok(undefined);
    if (!equalBytes(results.value.root, root) || results.value.terminal !== terminal) return ok(undefined);
    return ok({ results: results.value, list: list.value, signedResults, signedList });
  }

  #eraseHalf(medium: Medium): Result<void, MediumFault> {
    const { crypto, media, region, listMax: list } = this.#options;
    const { blockLength } = media.geometry;
    const end = region.address + bodyOffset + resultsMax + list;
    // one buffer for all: this is done at every start until there are results
    const buffer = new Uint8Array(blockLength);
    for (let at = region.address; at < end; at += blockLength) {
      const bytes = media.read(medium, blockLength, at, buffer);
      if (!bytes.ok) return bytes;
      if (crypto.isFilled(bytes.value, 0xff)) continue;
      const erased = media.eraseOne(medium, at / blockLength);
      if (!erased.ok) return erased;
    }
    return ok();
  }

  #write(medium: Medium, { signedResults, signedList }: StoredResults): Result<void, MediumFault> {
    const { media, region } = this.#options;
    const { blockLength } = media.geometry;
    const body = concat(signedResults, signedList);
    for (
      let block = region.address / blockLength;
      block * blockLength < region.address + bodyOffset + body.length;
      block++
    ) {
      const erased = media.eraseOne(medium, block);
      if (!erased.ok) return erased;
    }
    for (let at = 0; at < body.length; at += pageLength) {
      const written = media.programOne(medium, body.subarray(at, at + pageLength), region.address + bodyOffset + at);
      if (!written.ok) return written;
    }
    return this.#writeHeader(medium, { signedResults, signedList });
  }

  #writeHeader(
    medium: Medium,
    { signedResults, signedList }: Pick<StoredResults, "signedResults" | "signedList">,
  ): Result<void, MediumFault> {
    const { media, region } = this.#options;
    const header = new Uint8Array(headerLength);
    writeU32(header, 0, magic);
    writeU32(header, 4, signedResults.length);
    writeU32(header, 8, signedList.length);
    return media.programOne(medium, header, region.address);
  }
}
