// Where the loading statement lies: a region of its own on both media, header last, so that what a power cut left half
// written is not taken for one; the signature says the rest. A start settles it before it looks at anything else. Once
// the journal has an entry nothing is drawn any more: what was sealed to a key that is lost stays shut.

import { isFilledWith, readU32, writeU32 } from "../bytes.js";
import type { Crypto } from "../crypto/crypto.js";
import { entropyTest } from "../crypto/entropy.js";
import { type Result, assert, err, ok } from "../result.js";
import type { Media, Medium, MediumFault, Region } from "../storage/media.js";
import type { VaultFault } from "./fault.js";
import { mediumFault } from "./fault.js";
import {
  type DrawOptions,
  type LoadedTerminal,
  type LoadingStatement,
  drawLoading,
  loadingMax,
  readLoading,
} from "../device/loading.js";

/** "SNDL" */
const magic = 0x53_4e_44_4c;
const headerLength = 8;
export const loadingBodyOffset = 256;
/** Bytes programmed at once: a page of the chip. */
const pageLength = 256;
/** How often something that is no statement is read again: a weak bit reads right nearly always. */
const readsMax = 4;
/** How often a block is written that does not read back. */
const writesMax = 4;

export interface LoadingOptions extends DrawOptions {
  readonly media: Media;
  readonly region: Region;
  /** Whether nothing has ever been written to the journal. */
  readonly isUnused: () => Result<boolean, MediumFault>;
}

interface Found {
  readonly medium: Medium;
  readonly signed: Uint8Array | undefined;
  readonly statement: LoadingStatement | undefined;
  /** Byte for byte what would be written. */
  readonly isClean: boolean;
}

/** What this terminal was loaded with; drawn now, when it never was. Durable on every medium when it returns. */
export function settleLoading(options: LoadingOptions): Result<LoadingStatement, VaultFault> {
  const all: Found[] = [];
  for (const medium of options.media.active) {
    const found = look(options, medium, all[0]);
    if (!found.ok) return mediumFault(found);
    all.push(found.value);
  }
  const whole = all.filter(({ signed }) => signed !== undefined);
  const [first] = whole;
  if (first?.signed === undefined || first.statement === undefined) return draw(options);
  const { signed, statement } = first;
  if (whole.some((other) => !options.crypto.equal(other.signed!, signed)))
    return err({ kind: "loading", why: "the media hold different ones" });
  // what may have been under program when the power went is programmed again, before anything is made of it
  for (const { medium } of whole) {
    const settled = writeHeader(options, medium, signed);
    if (!settled.ok) return mediumFault(settled);
  }
  for (const { medium, isClean } of all) {
    // never the only whole one
    if (isClean || (whole.length === 1 && medium === first.medium)) continue;
    const written = write(options, medium, signed);
    if (!written.ok) return mediumFault(written);
  }
  return ok(statement);
}

function draw(options: LoadingOptions): Result<LoadingStatement, VaultFault> {
  const { crypto, media } = options;
  const isUnused = options.isUnused();
  if (!isUnused.ok) return mediumFault(isUnused);
  if (!isUnused.value) return err({ kind: "loading", why: "there is none any more" });
  if (!entropyTest((length) => crypto.random(length))) return err({ kind: "loading", why: "the generator" });
  const signed = drawLoading(options);
  if (signed === undefined) return err({ kind: "loading", why: "a key of the package" });
  const statement = readLoading(crypto, signed, loadedTerminal(options));
  assert(statement.ok, "a statement reads as it was written");
  for (const medium of media.active) {
    const written = write(options, medium, signed);
    if (!written.ok) return mediumFault(written);
  }
  return statement;
}

function loadedTerminal({ election, terminal, keys }: DrawOptions): LoadedTerminal {
  return { election: election.id, terminal, publicKey: keys.sign.publicKey };
}

/** `other`: what was found on the other medium, which need not be verified twice. */
function look(options: LoadingOptions, medium: Medium, other: Found | undefined): Result<Found, MediumFault> {
  const { crypto, media, region } = options;
  for (let attempt = 1; ; attempt++) {
    const image = media.read(medium, region.length, region.address);
    if (!image.ok) return image;
    if (other?.isClean === true && crypto.equal(image.value, imageOf(other.signed!, region.length)))
      return ok({ ...other, medium });
    const found = loadingIn(crypto, image.value, loadedTerminal(options));
    if (found !== undefined)
      return ok({ medium, ...found, isClean: crypto.equal(image.value, imageOf(found.signed, region.length)) });
    if (isFilledWith(image.value.subarray(0, headerLength), 0xff) || attempt === readsMax)
      return ok({ medium, signed: undefined, statement: undefined, isClean: false });
  }
}

/** The statement in an image of the region, when it is whole and of that terminal. */
export function loadingIn(
  crypto: Crypto,
  image: Uint8Array,
  of: LoadedTerminal,
): { readonly signed: Uint8Array; readonly statement: LoadingStatement } | undefined {
  const length = readU32(image, 4);
  if (readU32(image, 0) !== magic || length > loadingMax) return undefined;
  const signed = image.slice(loadingBodyOffset, loadingBodyOffset + length);
  const statement = readLoading(crypto, signed, of);
  return statement.ok ? { signed, statement: statement.value } : undefined;
}

/** What the region holds with this statement. */
export function imageOf(signed: Uint8Array, length: number): Uint8Array {
  const image = new Uint8Array(length).fill(0xff);
  image.set(header(signed));
  image.set(signed, loadingBodyOffset);
  return image;
}

function header(signed: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(headerLength);
  writeU32(bytes, 0, magic);
  writeU32(bytes, 4, signed.length);
  return bytes;
}

function writeHeader({ media, region }: LoadingOptions, medium: Medium, signed: Uint8Array): Result<void, MediumFault> {
  return media.programOne(medium, header(signed), region.address);
}

function write(options: LoadingOptions, medium: Medium, signed: Uint8Array): Result<void, MediumFault> {
  const { media, region } = options;
  assert(signed.length <= loadingMax, "a loading statement fits its region");
  // an erase that is cut must not leave a header over half a statement
  const there = media.read(medium, headerLength, region.address);
  if (!there.ok) return there;
  const cleared = isFilledWith(there.value, 0xff) ? there : media.zeroOne(medium, headerLength, region.address);
  if (!cleared.ok) return cleared;
  let written: Result<void, MediumFault> = ok();
  for (let attempt = 0; attempt < writesMax; attempt++) {
    written = writeBlocks(options, medium, signed);
    if (written.ok || written.error.what !== "verify") return written;
  }
  return written;
}

function writeBlocks(options: LoadingOptions, medium: Medium, signed: Uint8Array): Result<void, MediumFault> {
  const { media, region } = options;
  const { blockLength } = media.geometry;
  for (let at = 0; at < region.length; at += blockLength) {
    const erased = media.eraseOne(medium, (region.address + at) / blockLength);
    if (!erased.ok) return erased;
  }
  for (let at = 0; at < signed.length; at += pageLength) {
    const part = signed.subarray(at, at + pageLength);
    const written = media.programOne(medium, part, region.address + loadingBodyOffset + at);
    if (!written.ok) return written;
  }
  return writeHeader(options, medium, signed);
}
