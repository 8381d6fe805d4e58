// Stores that are wrong on purpose, as thin layers around the real one: each makes one mistake that a store could make.
// The campaign has to find it.

import { equalBytes, isFilledWith, utf8 } from "../../firmware/bytes.js";
import type { Primitives } from "../../firmware/crypto/primitives.js";
import type { Flash } from "../../firmware/platform.js";
import { ok } from "../../firmware/result.js";
import { superblockLength } from "../../firmware/vault/superblock.js";
import type { NorChip } from "../../sim/nor.js";
import type { Variant } from "../campaigns/crash/day.js";

const blockLength = 4096;

/** The keyed checks of slots and logs are the same for everything; other uses of the hash are as they should be. */
export const withoutChecksums: Variant = {
  primitives: (primitives: Primitives): Primitives => {
    const purposes = ["slot", "transaction", "head"].map((name) => utf8(`sandogh ${name}`));
    const keys: Uint8Array[] = [];
    return {
      ...primitives,
      sipHash: (out, message, key) => {
        if (keys.some((each) => equalBytes(each, key))) out.fill(0x5a);
        else primitives.sipHash(out, message, key);
      },
      blake2b: (out, message, key) => {
        primitives.blake2b(out, message, key);
        // a key that is derived here: "sandogh <purpose>" || election
        if (
          purposes.some(
            (purpose) =>
              message.length === purpose.length + 16 && equalBytes(message.subarray(0, purpose.length), purpose),
          )
        )
          keys.push(out.slice());
      },
    };
  },
};

/** What reads right is left alone: no erase of what looks erased, no program of what looks programmed. */
export const trustsWhatItReads: Variant = {
  flash: (flash: Flash): Flash => ({
    read: (length, address) => flash.read(length, address),
    write: (data, address) => {
      const seen = flash.read(data.length, address);
      return seen !== undefined && equalBytes(seen, data) ? true : flash.write(data, address);
    },
    eraseBlock: (block) => {
      const seen = flash.read(blockLength, block * blockLength);
      return seen !== undefined && isFilledWith(seen, 0xff) ? true : flash.eraseBlock(block);
    },
    status: () => flash.status(),
  }),
};

/** The ballot counts as soon as it is stored, before the slip is printed. */
export const commitsBeforeTheEcho: Variant = {
  voting: (vault) => ({
    prepare: (token, plain) => {
      const prepared = vault.prepare(token, plain);
      if (!prepared.ok) return prepared;
      const committed = vault.commit(prepared.value);
      return committed.ok ? prepared : committed;
    },
    commit: () => ok(),
    spend: (prepared) => vault.spend(prepared),
    voidPrepared: (prepared) => vault.voidPrepared(prepared),
    blank: () => vault.blank(),
  }),
};

/** That a card has voted stands on the card alone. */
export const spendsOnTheCardOnly: Variant = {
  voting: (vault) => ({
    prepare: (token, plain) => vault.prepare(token, plain),
    commit: (prepared) => vault.commit(prepared),
    spend: () => ok(),
    voidPrepared: (prepared) => vault.voidPrepared(prepared),
    blank: () => vault.blank(),
  }),
};

/** The block around a voided slot is given back, whatever else stands in it. */
export const retiresLiveRecords: Variant = {
  voting: (vault, chips: Readonly<Record<"a" | "b", NorChip>>) => ({
    prepare: (token, plain) => vault.prepare(token, plain),
    commit: (prepared) => vault.commit(prepared),
    spend: (prepared) => vault.spend(prepared),
    voidPrepared: (prepared) => {
      const voided = vault.voidPrepared(prepared);
      const block = Math.floor(vault.slotRange(prepared.slot).address / blockLength);
      for (const chip of [chips.a, chips.b]) chip.erase(block);
      return voided;
    },
    blank: () => vault.blank(),
  }),
};

/** A superblock of zeros, on either medium, was once taken for an erasing that was begun. */
export const erasesOnZeros: Variant = {
  beforeStart: (media) => {
    const all = [media.a, media.b];
    const isZeroed = (flash: Flash): boolean => {
      const superblock = flash.read(superblockLength, 0);
      return superblock !== undefined && isFilledWith(superblock, 0);
    };
    if (!all.some(isZeroed)) return;
    for (const flash of all)
      for (let block = 0; block < (flash.status()?.blocks ?? 0); block++) flash.eraseBlock(block);
  },
};
