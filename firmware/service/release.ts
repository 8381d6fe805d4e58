// A terminal that gets the package of a new election finds the old one on its media. It erases it when the old journal
// says that two officials have released it, and refuses otherwise. Before the first block is erased the decision gets a
// word of its own on every medium, a keyed check that nothing else writes; the superblocks go last. So no fault of one
// chip, and no cut, can look like a decision, and a cut in the erasing is gone on with.

import { equalBytes } from "../bytes.js";
import { type Crypto, equalSecret } from "../crypto/crypto.js";
import type { EpochLog } from "../device/epoch.js";
import { deriveKey, deriveOwnKeys } from "../device/keys.js";
import { electionIdLength } from "../election/layout.js";
import type { EventName } from "../journal/events.js";
import { Journal } from "../journal/journal.js";
import type { Clock, Flash } from "../platform.js";
import { type Result, ok } from "../result.js";
import { Media, type Medium, type MediumFault } from "../storage/media.js";
import { layOut } from "../vault/layout.js";
import { countDifferingBits, countWords, harmedBitsMax } from "../vault/pairing.js";
import { StateWords, erasingWordAddress, stateWord, wordLength } from "../vault/state-words.js";
import { type Superblock, isGenuine, readSuperblock, superblockLength } from "../vault/superblock.js";
import { States } from "./states.js";

/** How often a first block that is nobody's is read again. */
const readsMax = 4;
/** What every superblock begins with. */
const magicLength = 4;
/** Of flash read at once while blocks are looked at. */
const lookLength = 65_536;

export interface ReleaseOptions {
  readonly crypto: Crypto;
  /** See device/secret.ts. */
  readonly deviceSecret: Uint8Array;
  /** The package's election: its own records are never erased here. */
  readonly election: Uint8Array;
  readonly a: Flash;
  readonly b: Flash;
  readonly clock: Clock;
  readonly epochs: EpochLog;
  /** Told what two officials have released, and what is about to be erased: the identity of its package. */
  readonly onReleased: (root: Uint8Array) => void;
  readonly onErasing: (root: Uint8Array) => void;
}

type KeyOptions = Pick<ReleaseOptions, "crypto" | "deviceSecret">;

/** What the first block of a medium says. */
interface Seen {
  readonly isBlank: boolean;
  /** A superblock that this device wrote. */
  readonly own: Superblock | undefined;
  /** It begins like a superblock, and this terminal did not write it. */
  readonly isForeign: boolean;
  /** As it reads. */
  readonly superblock: Uint8Array;
  readonly word: Uint8Array;
  /** The word that it is to be erased. */
  readonly isDecided: boolean;
  /** Two officials have gone on with this medium alone. */
  readonly isAlone: boolean;
}

/** True when a released election was erased; the media that answer are then as new. */
export function eraseReleased(options: ReleaseOptions): Result<boolean, MediumFault> {
  const opened = Media.open(options);
  if (!opened.ok) return ok(false);
  const media = opened.value;
  const looked: Seen[] = [];
  for (const medium of media.active) {
    const seen = look(options, media, medium);
    if (!seen.ok) return seen;
    looked.push(seen.value);
  }
  const genuine = looked.find(({ own }) => own !== undefined);
  const all = looked.map((seen) => (genuine === undefined ? seen : withoutHarm(options, seen, genuine)));
  if (all.some(({ own }) => own !== undefined && equalBytes(electionOf(own), options.election))) return ok(false);
  if (all.every(({ isBlank }) => isBlank)) return ok(false);
  const [first, second = first] = all;
  const old = first?.own;
  const isOneElection = old !== undefined && second?.own !== undefined && isSame(old, second.own);
  if (!isOneElection || (all.length === 1 && !first!.isAlone))
    return all.some(({ isForeign }) => isForeign) ? ok(false) : eraseEmptied(options, media);
  if (!all.every(({ isDecided }) => isDecided) && !isReleased(options, media, old)) return ok(false);
  options.onErasing(old.root);
  // also where it reads right: its program may have been cut
  const decided = media.program(erasingWord(options, old), erasingWordAddress);
  if (!decided.ok) return decided;
  const erased = eraseBehindSuperblocks(media);
  return erased.ok ? eraseSuperblocks(media) : erased;
}

/**
 * Identity of the package whose election this device has on some medium, when it is another than the one it has now.
 */
export function otherPackage(
  options: KeyOptions & Pick<ReleaseOptions, "election" | "a" | "b">,
): Uint8Array | undefined {
  const opened = Media.open(options);
  if (!opened.ok) return undefined;
  for (const medium of opened.value.active) {
    const seen = look(options, opened.value, medium);
    if (seen.ok && seen.value.own !== undefined && !equalBytes(electionOf(seen.value.own), options.election))
      return seen.value.own.root;
  }
  return undefined;
}

function look(options: KeyOptions, media: Media, medium: Medium): Result<Seen, MediumFault> {
  const { crypto } = options;
  let block = media.read(medium, media.geometry.blockLength, 0);
  if (!block.ok) return block;
  let own = ownSuperblock(options, block.value);
  // a weak bit reads right nearly always
  for (let attempt = 1; attempt < readsMax && own === undefined && !crypto.isFilled(block.value, 0xff); attempt++) {
    block = media.read(medium, media.geometry.blockLength, 0);
    if (!block.ok) return block;
    own = ownSuperblock(options, block.value);
  }
  const word = block.value.subarray(erasingWordAddress, erasingWordAddress + wordLength);
  return ok({
    isBlank: crypto.isFilled(block.value, 0xff),
    own,
    superblock: block.value.subarray(0, superblockLength),
    word,
    isForeign: own === undefined && readSuperblock(block.value) !== undefined,
    isDecided: own !== undefined && equalSecret(word, erasingWord(options, own)),
    isAlone: countWords(crypto, block.value) % 2 === 1,
  });
}

/**
 * A superblock of which age or a cut beside it has harmed a few cells, as pairing takes them, is what the other
 * medium's genuine one says. It decides nothing: the words do, each with a check of its own.
 */
function withoutHarm(options: KeyOptions, seen: Seen, genuine: Seen): Seen {
  const { own, superblock } = genuine;
  if (seen.own !== undefined || own === undefined) return seen;
  if (countDifferingBits(options.crypto, seen.superblock, superblock) > harmedBitsMax) return seen;
  return { ...seen, own, isForeign: false, isDecided: equalSecret(seen.word, erasingWord(options, own)) };
}

function isSame(a: Superblock, b: Superblock): boolean {
  return equalBytes(a.root, b.root) && a.terminal === b.terminal;
}

function electionOf({ root }: Superblock): Uint8Array {
  return root.subarray(0, electionIdLength);
}

/** Whatever number it had then. */
function ownSuperblock({ crypto, deviceSecret }: KeyOptions, block: Uint8Array): Superblock | undefined {
  const body = block.subarray(0, superblockLength);
  const superblock = readSuperblock(body);
  if (superblock === undefined) return undefined;
  const key = deriveKey(crypto, deviceSecret, electionOf(superblock), "head", 16);
  return isGenuine(crypto, body, key) ? superblock : undefined;
}

function erasingWord({ crypto, deviceSecret }: KeyOptions, superblock: Superblock): Uint8Array {
  const election = electionOf(superblock);
  const { terminal } = superblock;
  return stateWord({ crypto, keys: wordKeys(crypto, deviceSecret, election), election, terminal }, "erasing");
}

function wordKeys(
  crypto: Crypto,
  deviceSecret: Uint8Array,
  election: Uint8Array,
): { readonly state: Uint8Array; readonly erasing: () => Uint8Array } {
  const derive = (purpose: string): Uint8Array => deriveKey(crypto, deviceSecret, election, purpose, 16);
  return { state: derive("state"), erasing: () => derive("erasing") };
}

/** From the end, so that the journal, which tells of the release, goes late. */
function eraseBehindSuperblocks(media: Media): Result<void, MediumFault> {
  for (const medium of media.active) {
    for (let block = Math.floor(media.geometry.size / media.geometry.blockLength) - 1; block > 0; block--) {
      const erased = media.eraseOne(medium, block);
      if (!erased.ok) return erased;
    }
  }
  return ok();
}

/** Its first word is cleared before it is erased: what a cut leaves of it must not read as somebody else's. */
function eraseSuperblocks(media: Media): Result<boolean, MediumFault> {
  for (const medium of media.active) {
    const cleared = media.zeroOne(medium, magicLength, 0);
    if (!cleared.ok) return cleared;
    const erased = media.eraseOne(medium, 0);
    if (!erased.ok) return erased;
  }
  return ok(true);
}

/**
 * A cut while the superblocks went: whatever is left of them, nothing is behind them on any medium, so nothing is lost
 * with the rest.
 */
function eraseEmptied({ crypto }: ReleaseOptions, media: Media): Result<boolean, MediumFault> {
  const { size, blockLength } = media.geometry;
  for (const medium of media.active) {
    // age may have cleared a cell; whatever was written has more
    let harmed = 0;
    for (let at = blockLength; at < size; at += lookLength) {
      const bytes = media.read(medium, Math.min(lookLength, size - at), at);
      if (!bytes.ok) return bytes;
      harmed += crypto.isFilled(bytes.value, 0xff) ? 0 : crypto.zeroBits(bytes.value, 0, bytes.value.length);
      if (harmed > harmedBitsMax) return ok(false);
    }
  }
  return eraseSuperblocks(media);
}

/**
 * The old election's journal says so, and its word on every medium; where one medium was left out, also that two
 * officials had decided it. What a cut in the release has left unwritten is written first, the main flash's too.
 */
function isReleased(options: ReleaseOptions, media: Media, superblock: Superblock): boolean {
  const { terminal } = superblock;
  const election = electionOf(superblock);
  const { crypto, deviceSecret, clock, epochs } = options;
  const keys = deriveOwnKeys(crypto, deviceSecret, election);
  const { size, blockLength } = media.geometry;
  // where the journal lies does not depend on the election
  const layout = layOut({ capacity: 1, boxLength: 1, size, blockLength });
  if (!layout.ok) return false;
  let last: EventName | undefined;
  const journal = Journal.open({
    crypto,
    media,
    region: layout.value.journal,
    head: layout.value.journalHead,
    key: keys.journal,
    mark: epochs.markOf(election),
    election,
    terminal,
    signKey: keys.sign,
    clock,
    onEntry: ({ event }) => {
      if (event === "oneMedium" || event === "mediumRebuilt") last = event;
    },
  });
  if (!journal.ok || !journal.value.states.has("released")) return false;
  if (media.active.length < 2 && last !== "oneMedium") return false;
  const words = new StateWords({ crypto, media, keys: wordKeys(crypto, deviceSecret, election), election, terminal });
  const onReleased = (): void => options.onReleased(superblock.root);
  const states = States.open({ crypto, journal: journal.value, words, epochs, election, onReleased });
  return states.ok && epochs.newest?.phase === "released" && words.isOnAll("released");
}
