// A terminal that gets the package of a new election finds the old one on its media. When the old one's journal ends in
// a release, everything is erased; otherwise the terminal refuses, and nothing is touched but the journal's tail, which
// reading it settles. The superblocks are zeroed first: zeroed, they say that erasing was decided, and a power cut only
// makes it begin again.

import { equalBytes, isFilledWith } from "../bytes.js";
import type { Crypto } from "../crypto/crypto.js";
import { deriveKeys } from "../device/keys.js";
import { Journal } from "../journal/journal.js";
import type { Clock, Flash } from "../platform.js";
import { type Result, ok } from "../result.js";
import { Media, type MediumFault } from "../storage/media.js";
import { layOut } from "../vault/layout.js";
import { isGenuine, readSuperblock, superblockLength } from "../vault/superblock.js";

export interface ReleaseOptions {
  readonly crypto: Crypto;
  /** See Identity. */
  readonly deviceSecret: Uint8Array;
  readonly terminal: number;
  /** The package's election: its own records are never erased here. */
  readonly election: Uint8Array;
  readonly a: Flash;
  readonly b: Flash;
  readonly clock: Clock;
}

/**
 * True when a released election was erased; the media are then as new. Needs both media: one alone could keep what was
 * to be erased.
 */
export function eraseReleased(options: ReleaseOptions): Result<boolean, MediumFault> {
  const opened = Media.open(options);
  if (!opened.ok || opened.value.active.length !== 2) return ok(false);
  const media = opened.value;
  const superblocks = media.readAll(superblockLength, 0);
  if (!superblocks.ok) return superblocks;
  const isDecided = superblocks.value.some((block) => isFilledWith(block, 0));
  if (!isDecided && !superblocks.value.every((block) => isReleased(options, media, block))) return ok(false);
  const zeroed = media.zero(superblockLength, 0);
  if (!zeroed.ok) return zeroed;
  for (const medium of media.active) {
    for (let block = Math.floor(media.geometry.size / media.geometry.blockLength) - 1; block >= 0; block--) {
      const erased = media.eraseOne(medium, block);
      if (!erased.ok) return erased;
    }
  }
  return ok(true);
}

/** A superblock that this terminal wrote for another election, whose journal says that it was released. */
function isReleased(
  { crypto, deviceSecret, terminal, election, clock }: ReleaseOptions,
  media: Media,
  block: Uint8Array,
): boolean {
  const superblock = readSuperblock(block);
  if (superblock === undefined || superblock.terminal !== terminal || equalBytes(superblock.election, election))
    return false;
  const old = superblock.election;
  const keys = deriveKeys(crypto, deviceSecret, old);
  if (!isGenuine(crypto, block, keys.head)) return false;
  const { size, blockLength } = media.geometry;
  // where the journal lies does not depend on the election
  const layout = layOut({ capacity: 1, boxLength: 1, size, blockLength });
  if (!layout.ok) return false;
  let released = false;
  const journal = Journal.open({
    crypto,
    media,
    region: layout.value.journal,
    election: old,
    terminal,
    signKey: keys.sign,
    clock,
    onEntry: ({ event }) => {
      if (event === "released") released = true;
    },
  });
  return journal.ok && released;
}
