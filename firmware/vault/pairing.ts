// Which of the two media count. Behind the superblock lie words of 16 bytes, cleared in turn: an odd number of them
// says that two officials decided to go on with this medium alone, an even number that both are whole. A medium that
// was away meanwhile is behind by a word: it is stale whatever it holds, and is written anew from the other one before
// anything else happens.

import { isFilledWith, isProgrammable } from "../bytes.js";
import type { Crypto } from "../crypto/crypto.js";
import { type Result, err, ok } from "../result.js";
import { type Layout, checkLength } from "./layout.js";
import type { Media, Medium, MediumFault } from "../storage/media.js";

const wordsOffset = 256;
const wordLength = 16;
const readsMax = 4;
/** Decisions and returns that a medium can note in one election. */
export const wordsMax = 64;
/**
 * So many cells of an own superblock may read otherwise. That of another terminal or election differs in the 128 bits
 * of its check at least.
 */
export const harmedBitsMax = 8;
const magicLength = 4;
const magicBitsMax = 2;
/** Of two checks' 16 bytes 13 contradict each other on average. */
const contradictionsMin = 4;

export type PairingFault =
  | ({ readonly kind: "medium" } & MediumFault)
  /** One medium is missing and nobody has decided to go on without it. */
  | { readonly kind: "undecided"; readonly missing: Medium }
  /** A medium holds another election or terminal, or the two contradict each other. */
  | { readonly kind: "foreign" };

export interface Paired {
  /** The medium that was written anew. */
  readonly rebuilt: Medium | undefined;
  /** The medium that is left out, by decision. */
  readonly without: Medium | undefined;
}

interface Seen {
  readonly medium: Medium;
  /** blank: erased, or a part of an own one. harmed: nothing that was ever written whole. */
  readonly content: "own" | "blank" | "harmed";
  readonly words: number;
  /** No word reads as anything between cleared and erased: see isCertain. */
  readonly isCertain: boolean;
}

const other = { a: "b", b: "a" } as const;

/** What is sound on the first medium and not on the second. */
export type OnlyOn = (medium: Medium, other: Medium) => Result<Surplus, MediumFault>;
export interface Surplus {
  readonly ballots: number;
  /** Of the journal. */
  readonly entries: number;
  /** By how many its newest head is newer: it tells of ballots that may be nowhere any more. */
  readonly heads: number;
}
/**
 * What a medium alone may have of what was under way when it failed: a ballot, which its voter has cast again, and
 * entries beside it.
 */
const staleMax: Surplus = { ballots: 1, entries: 4, heads: 2 };
const none: Surplus = { ballots: 0, entries: 0, heads: 0 };

/**
 * Before a medium is copied: what a cut has left of the last entry on it is passed over. On both media alike it would
 * look as if somebody had put it there.
 */
export type SettleOn = (medium: Medium) => Result<void, MediumFault>;

interface Looks {
  readonly onlyOn: OnlyOn;
  readonly settleOn: SettleOn;
}

/** What a start is about to do with media of which one is not as it should be. */
interface Place extends Looks {
  readonly media: Media;
  readonly layout: Layout;
  readonly superblock: Uint8Array;
}

/**
 * Looks at the media that answer, brings a stale one up to date, formats new ones, and sets `media.active`.
 * `superblock`: what an own one begins with.
 */
export function pair(media: Media, layout: Layout, superblock: Uint8Array, looks: Looks): Result<Paired, PairingFault> {
  const place: Place = { media, layout, superblock, ...looks };
  const seen: Seen[] = [];
  for (const medium of media.active) {
    const look = lookAt(media, medium, layout, superblock);
    if (!look.ok) return look;
    seen.push(look.value);
  }
  const [first, second] = seen;
  if (first === undefined) return err({ kind: "foreign" });
  if (second === undefined) {
    if (first.content !== "own" || first.words % 2 === 0)
      return err({ kind: "undecided", missing: other[first.medium] });
    return ok({ rebuilt: undefined, without: other[first.medium] });
  }
  if (first.content === "own" && second.content === "own") return reconcile(place, first, second);
  if (first.content === "own") return replace(place, first, second);
  if (second.content === "own") return replace(place, second, first);
  // a rebuild that was cut leaves one harmed: what it was rebuilt from is gone, and nothing is formatted over the rest
  if (first.content === "harmed" || second.content === "harmed") return err({ kind: "foreign" });
  return format(media, layout, superblock);
}

/** Two officials go on with `medium` alone. Durable when it returns; counts from the next start on. */
export function goOnAlone(
  media: Media,
  layout: Layout,
  superblock: Uint8Array,
  medium: Medium,
): Result<void, PairingFault> {
  const seen = lookAt(media, medium, layout, superblock);
  if (!seen.ok) return seen;
  if (seen.value.content !== "own" || seen.value.words >= wordsMax) return err({ kind: "foreign" });
  return seen.value.words % 2 === 1 ? ok() : setWord(media, layout, medium, seen.value.words);
}

/** Again, while it begins neither as erased nor as an own one: a weak bit reads right nearly always. */
function readFirst(
  media: Media,
  medium: Medium,
  superblock: Uint8Array,
  address: number,
  length: number,
): Result<Uint8Array, MediumFault> {
  let block = media.read(medium, length, address);
  for (let attempt = 1; attempt < readsMax && block.ok; attempt++) {
    const body = block.value.subarray(0, superblock.length);
    if (isFilledWith(body, 0xff) || countDifferingBits(media.crypto, body, superblock) <= harmedBitsMax) break;
    block = media.read(medium, length, address);
  }
  return block;
}

function lookAt(media: Media, medium: Medium, layout: Layout, superblock: Uint8Array): Result<Seen, PairingFault> {
  const block = readFirst(media, medium, superblock, layout.superblock.address, wordsOffset + wordsMax * wordLength);
  if (!block.ok) return err({ kind: "medium", ...block.error });
  const body = block.value.subarray(0, superblock.length);
  const words = countWords(media.crypto, block.value);
  const certain = isCertain(media.crypto, block.value);
  if (isFilledWith(body, 0xff)) return ok({ medium, content: "blank", words, isCertain: certain });
  if (countDifferingBits(media.crypto, body, superblock) > harmedBitsMax) {
    if (isProgrammable(body, superblock)) return ok({ medium, content: "blank", words, isCertain: certain });
    return isForeign(media.crypto, body, superblock)
      ? err({ kind: "foreign" })
      : ok({ medium, content: "harmed", words, isCertain: certain });
  }
  const seen: Seen = { medium, content: "own", words, isCertain: certain };
  const settled = settle(media, layout, superblock, seen);
  return settled.ok ? ok(seen) : err({ kind: "medium", ...settled.error });
}

/** Words that are cleared, one behind the other, in the superblock's block. */
export function countWords(crypto: Crypto, block: Uint8Array): number {
  let words = 0;
  while (words < wordsMax && clearedIn(crypto, block, words) > wordLength * 4) words++;
  return words;
}

/** Each word is cleared or erased, but for a few cells: nothing else than words was ever written there. */
function isCertain(crypto: Crypto, block: Uint8Array): boolean {
  if (crypto.isFilled(block, 0xff, wordsOffset, wordsOffset + wordsMax * wordLength)) return true;
  for (let word = 0; word < wordsMax; word++) {
    const cleared = clearedIn(crypto, block, word);
    if (cleared > harmedBitsMax && cleared < wordLength * 8 - harmedBitsMax) return false;
  }
  return true;
}

function clearedIn(crypto: Crypto, block: Uint8Array, word: number): number {
  const from = wordsOffset + word * wordLength;
  return crypto.zeroBits(block, from, from + wordLength);
}

/** What may have been under program when the power went is programmed again. */
function settle(
  media: Media,
  layout: Layout,
  superblock: Uint8Array,
  { medium, words }: Seen,
): Result<void, MediumFault> {
  const { address } = layout.superblock;
  const written = media.programOne(medium, superblock, address);
  // a few cells may be harmed
  if (!written.ok && written.error.what !== "verify") return written;
  return words === 0 ? ok() : media.zeroOne(medium, words * wordLength, address + wordsOffset);
}

/**
 * A whole superblock of somebody else; not what programs and erases that were cut have made of an own one, or of
 * nothing.
 */
function isForeign(crypto: Crypto, body: Uint8Array, superblock: Uint8Array): boolean {
  if (countDifferingBits(crypto, body.subarray(0, magicLength), superblock) > magicBitsMax) return false;
  let contradictions = 0;
  // a cut clears cells of a byte or raises some, page-wide: both in one byte, beside a whole beginning, is what
  // somebody wrote
  for (let i = magicLength; i < body.length; i++)
    if ((body[i]! & ~superblock[i]!) !== 0 && (~body[i]! & superblock[i]!) !== 0) contradictions++;
  return contradictions >= contradictionsMin;
}

/** Bits in which `a` is another than `b`, which is as long at least. */
export function countDifferingBits(crypto: Crypto, a: Uint8Array, b: Uint8Array): number {
  const same = a.map((byte, i) => ~(byte ^ b[i]!));
  return crypto.zeroBits(same, 0, same.length);
}

/**
 * A block that reads as erased may only read so, after an erase that was cut: it is erased before anything is written
 * there. One medium after the other, so that a cut in the second one's erase finds the first one whole.
 */
function format(media: Media, layout: Layout, superblock: Uint8Array): Result<Paired, PairingFault> {
  const { address } = layout.superblock;
  for (const medium of media.active) {
    const body = readFirst(media, medium, superblock, address, superblock.length);
    const erased =
      !body.ok || !isFilledWith(body.value, 0xff) ? body : media.eraseOne(medium, address / media.geometry.blockLength);
    if (!erased.ok) return err({ kind: "medium", ...erased.error });
    const written = media.programOne(medium, superblock, address);
    if (!written.ok) return err({ kind: "medium", ...written.error });
  }
  return ok({ rebuilt: undefined, without: undefined });
}

/**
 * `to` does not begin as an own medium does. When it holds what `from` has not, or its words say that it is the one
 * that was gone on with, only its first block was harmed: that alone is mended, and the two are looked at again.
 */
function replace(place: Place, from: Seen, to: Seen): Result<Paired, PairingFault> {
  const only = place.onlyOn(to.medium, from.medium);
  if (!only.ok) return err({ kind: "medium", ...only.error });
  const isFromAlone = from.words % 2 === 1;
  if (isFromAlone) {
    if (!isWithin(only.value, staleMax)) return err({ kind: "foreign" });
    return rebuild(place, from, to.medium);
  }
  const isToAlone = to.isCertain && to.words === from.words + 1;
  if (!isToAlone) {
    const isMore = only.value.ballots + only.value.entries + only.value.heads > 0;
    if (!isMore) return rebuild(place, from, to.medium);
    const isAgreed = to.isCertain && to.words === from.words;
    const back = isAgreed ? ok(none) : place.onlyOn(from.medium, to.medium);
    if (!back.ok) return err({ kind: "medium", ...back.error });
    // each has what the other one has not, and its words are gone: it may have been the one that was gone on with, and
    // then a ballot that only the other has was cast again. People take out the one that is harmed
    if (back.value.ballots > 0) return err({ kind: "foreign" });
  }
  const words = isToAlone ? to.words : from.words;
  const { media, layout, superblock } = place;
  const image = new Uint8Array(media.geometry.blockLength).fill(0xff);
  image.set(superblock);
  image.fill(0, wordsOffset, wordsOffset + words * wordLength);
  const written = media.rewriteBlock(to.medium, layout.superblock.address / media.geometry.blockLength, image);
  if (!written.ok) return err({ kind: "medium", ...written.error });
  return isToAlone ? reconcile(place, from, { ...to, content: "own" }) : ok({ rebuilt: to.medium, without: undefined });
}

function isWithin(found: Surplus, max: Surplus): boolean {
  return found.ballots <= max.ballots && found.entries <= max.entries && found.heads <= max.heads;
}

function reconcile(place: Place, a: Seen, b: Seen): Result<Paired, PairingFault> {
  const { media, layout } = place;
  if (a.words === b.words)
    return a.words % 2 === 0 ? ok({ rebuilt: undefined, without: undefined }) : err({ kind: "foreign" });
  const [more, less] = a.words > b.words ? [a, b] : [b, a];
  // decisions and returns are noted one by one, and a medium is behind by no more than one
  if (less.words !== more.words - 1) return err({ kind: "foreign" });
  if (more.words % 2 === 1) {
    const only = place.onlyOn(less.medium, more.medium);
    if (!only.ok) return err({ kind: "medium", ...only.error });
    if (!isWithin(only.value, staleMax)) return err({ kind: "foreign" });
    const rebuilt = rebuild(place, more, less.medium);
    // one that came back and cannot be written stays left out, as was decided
    if (rebuilt.ok || rebuilt.error.kind !== "medium" || rebuilt.error.medium !== less.medium) return rebuilt;
    media.active = [more.medium];
    return ok({ rebuilt: undefined, without: less.medium });
  }
  // the return was complete on the medium that came back; the word on the other one is still to be set
  const set = setWord(media, layout, less.medium, less.words);
  return set.ok ? ok({ rebuilt: undefined, without: undefined }) : set;
}

/**
 * Everything of `from` to the same places of `to`; the superblock last, so that a cut in the middle begins it again.
 */
function rebuild(place: Place, from: Seen, to: Medium): Result<Paired, PairingFault> {
  const { media, layout, superblock } = place;
  const { blockLength } = media.geometry;
  const settled = place.settleOn(from.medium);
  if (!settled.ok) return err({ kind: "medium", ...settled.error });
  const own = layout.superblock.address / blockLength;
  // All but its check is cleared first: an erase that is cut must not leave a superblock that reads as own beside words
  // that nobody has set, or as somebody else's; and its first word before the rest, so that a cut in the clearing does
  // not read as somebody else's either. It is never zeroed whole: nothing that a rebuild leaves looks like anything but
  // a rebuild.
  for (const length of [magicLength, superblock.length - checkLength]) {
    const cleared = media.zeroOne(to, length, layout.superblock.address);
    if (!cleared.ok) return err({ kind: "medium", ...cleared.error });
  }
  const erased = media.eraseOne(to, own);
  if (!erased.ok) return err({ kind: "medium", ...erased.error });
  const blocks = (layout.store.address + layout.store.length) / blockLength;
  for (let block = 0; block < blocks; block++) {
    if (block === own) continue;
    const image = media.read(from.medium, blockLength, block * blockLength);
    if (!image.ok) return err({ kind: "medium", ...image.error });
    const written = media.rewriteBlock(to, block, image.value);
    if (!written.ok) return err({ kind: "medium", ...written.error });
  }
  // as many words as the other one will have when its own is set
  const words = from.words + (from.words % 2);
  if (words > 0) {
    const set = media.zeroOne(to, words * wordLength, layout.superblock.address + wordsOffset);
    if (!set.ok) return err({ kind: "medium", ...set.error });
  }
  const body = media.programOne(to, superblock, layout.superblock.address);
  if (!body.ok) return err({ kind: "medium", ...body.error });
  if (from.words % 2 === 1) {
    const set = setWord(media, layout, from.medium, from.words);
    if (!set.ok) return set;
  }
  return ok({ rebuilt: to, without: undefined });
}

function setWord(media: Media, layout: Layout, medium: Medium, word: number): Result<void, PairingFault> {
  const set = media.zeroOne(medium, wordLength, layout.superblock.address + wordsOffset + word * wordLength);
  return set.ok ? ok() : err({ kind: "medium", ...set.error });
}
