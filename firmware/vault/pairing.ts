// Which of the two media count. Behind the superblock lie words of 16 bytes, cleared in turn: an odd number of them says that two officials
// decided to go on with this medium alone, an even number that both are whole. A medium that was away meanwhile is behind by a word: it is
// stale whatever it holds, and is written anew from the other one before anything else happens.

import { countZeroBits, equalBytes, isFilledWith, isProgrammable } from "../bytes.js";
import { type Result, err, ok } from "../result.js";
import { cellLength, type Layout } from "./layout.js";
import type { Media, Medium, MediumFault } from "./media.js";

const wordsOffset = 256;
const wordLength = 16;
/** Decisions and returns that a medium can note in one election. */
export const wordsMax = 64;

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
  readonly content: "own" | "blank" | "part";
  readonly words: number;
}

const other = { a: "b", b: "a" } as const;

/** Looks at the media that answer, brings a stale one up to date, formats new ones, and sets `media.active`. `superblock`: what an own one begins with. */
export function pair(media: Media, layout: Layout, superblock: Uint8Array): Result<Paired, PairingFault> {
  const seen: Seen[] = [];
  for (const medium of media.active) {
    const look = lookAt(media, medium, layout, superblock);
    if (!look.ok) return look;
    seen.push(look.value);
  }
  const [first, second] = seen;
  if (first === undefined) return err({ kind: "foreign" });
  if (second === undefined) {
    if (first.content !== "own" || first.words % 2 === 0) return err({ kind: "undecided", missing: other[first.medium] });
    return ok({ rebuilt: undefined, without: other[first.medium] });
  }
  if (first.content === "own" && second.content === "own") return reconcile(media, layout, superblock, first, second);
  if (first.content !== "own" && second.content !== "own") return format(media, layout, superblock);
  const [own, blank] = first.content === "own" ? [first, second] : [second, first];
  const used = isUsed(media, own.medium, layout);
  if (!used.ok) return used;
  // a cut between formatting A and B leaves nothing to lose; otherwise the blank one is a new chip in an old terminal
  return used.value ? rebuild(media, layout, superblock, own, blank.medium) : format(media, layout, superblock);
}

/** Two officials go on with `medium` alone. Durable when it returns; counts from the next start on. */
export function goOnAlone(media: Media, layout: Layout, superblock: Uint8Array, medium: Medium): Result<void, PairingFault> {
  const seen = lookAt(media, medium, layout, superblock);
  if (!seen.ok) return seen;
  if (seen.value.content !== "own" || seen.value.words >= wordsMax) return err({ kind: "foreign" });
  return seen.value.words % 2 === 1 ? ok() : setWord(media, layout, medium, seen.value.words);
}

function lookAt(media: Media, medium: Medium, layout: Layout, superblock: Uint8Array): Result<Seen, PairingFault> {
  const block = media.read(medium, wordsOffset + wordsMax * wordLength, layout.superblock.address);
  if (!block.ok) return err({ kind: "medium", ...block.error });
  const body = block.value.subarray(0, superblock.length);
  let words = 0;
  while (words < wordsMax && countZeroBits(block.value, wordsOffset + words * wordLength, wordLength) > wordLength * 4) words++;
  if (equalBytes(body, superblock)) return ok({ medium, content: "own", words });
  if (isFilledWith(body, 0xff)) return ok({ medium, content: "blank", words: 0 });
  return isProgrammable(body, superblock) ? ok({ medium, content: "part", words: 0 }) : err({ kind: "foreign" });
}

function isUsed(media: Media, medium: Medium, layout: Layout): Result<boolean, PairingFault> {
  const cell = media.read(medium, cellLength, layout.journal.address);
  return cell.ok ? ok(!isFilledWith(cell.value, 0xff)) : err({ kind: "medium", ...cell.error });
}

function format(media: Media, layout: Layout, superblock: Uint8Array): Result<Paired, PairingFault> {
  const written = media.program(superblock, layout.superblock.address);
  return written.ok ? ok({ rebuilt: undefined, without: undefined }) : err({ kind: "medium", ...written.error });
}

function reconcile(media: Media, layout: Layout, superblock: Uint8Array, a: Seen, b: Seen): Result<Paired, PairingFault> {
  if (a.words === b.words) return a.words % 2 === 0 ? ok({ rebuilt: undefined, without: undefined }) : err({ kind: "foreign" });
  const [more, less] = a.words > b.words ? [a, b] : [b, a];
  if (more.words % 2 === 1) {
    const rebuilt = rebuild(media, layout, superblock, more, less.medium);
    // one that came back and cannot be written stays left out, as was decided
    if (rebuilt.ok || rebuilt.error.kind !== "medium" || rebuilt.error.medium !== less.medium) return rebuilt;
    media.active = [more.medium];
    return ok({ rebuilt: undefined, without: less.medium });
  }
  // the return was complete on the medium that came back; the word on the other one is still to be set
  if (less.words !== more.words - 1) return err({ kind: "foreign" });
  const set = setWord(media, layout, less.medium, less.words);
  return set.ok ? ok({ rebuilt: undefined, without: undefined }) : set;
}

/** Everything of `from` to the same places of `to`; the superblock last, so that a cut in the middle begins it again. */
function rebuild(media: Media, layout: Layout, superblock: Uint8Array, from: Seen, to: Medium): Result<Paired, PairingFault> {
  const { blockLength } = media.geometry;
  const own = layout.superblock.address / blockLength;
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
    const cleared = media.programOne(to, new Uint8Array(words * wordLength), layout.superblock.address + wordsOffset);
    if (!cleared.ok) return err({ kind: "medium", ...cleared.error });
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
  const set = media.programOne(medium, new Uint8Array(wordLength), layout.superblock.address + wordsOffset + word * wordLength);
  return set.ok ? ok() : err({ kind: "medium", ...set.error });
}
