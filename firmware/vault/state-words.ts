// How far the day is, as words of 16 bytes on every medium: keyed checks, which nobody without the device's secret can
// write. The journal decides and is written first; a word says that it had decided. So a word without its entry is a
// journal that somebody has cut off.

import { concat, utf8, writeU32 } from "../bytes.js";
import type { Crypto } from "../crypto/crypto.js";
import { type DayState, dayStates } from "../journal/journal.js";
import { type Result, err, ok } from "../result.js";
import { checkLength } from "../storage/entry-log.js";
import type { Media, Medium, MediumFault } from "../storage/media.js";
import { superblockLength } from "./superblock.js";

/** In the superblock's block, behind the words of pairing. */
export const erasingWordAddress = 2048;
export const wordLength = 16;
/** How often a word that is neither erased nor right is read. */
const readsMax = 4;
/** What a superblock begins with. */
const magicLength = 4;
/** So many cells of an erased word may read cleared. */
const harmedBitsMax = 8;

const names = ["erasing", ...dayStates] as const;
type WordName = (typeof names)[number];

export type StateWordFault =
  | ({ readonly kind: "medium" } & MediumFault)
  /** A word that says more than the journal, or one that nobody wrote here. */
  | { readonly kind: "state"; readonly state: WordName };

export interface StateWordsOptions {
  readonly crypto: Crypto;
  readonly media: Media;
  /** Of the words, and of the erasing word, which is seldom asked for. */
  readonly keys: { readonly state: Uint8Array; readonly erasing: () => Uint8Array };
  readonly election: Uint8Array;
  readonly terminal: number;
}

/** For the terminal's own eyes: nobody without its secret can write it, and no other election has the same. */
export function stateWord(
  { crypto, keys, election, terminal }: Omit<StateWordsOptions, "media">,
  name: WordName,
): Uint8Array {
  const of = new Uint8Array(4);
  writeU32(of, 0, terminal);
  return crypto.check(concat(utf8(name), election, of), name === "erasing" ? keys.erasing() : keys.state);
}

export function stateWordAddress(name: WordName): number {
  return erasingWordAddress + names.indexOf(name) * wordLength;
}

const wordsLength = names.length * wordLength;

/** aged: a few cells, as years have it, and not what anybody has written. */
type Reads = "erased" | "right" | "aged" | "other";

export class StateWords {
  readonly #options: StateWordsOptions;
  readonly #written = new Set<DayState>();

  constructor(options: StateWordsOptions) {
    this.#options = options;
  }

  /**
   * At a start, with what the journal has decided. A word that is to be there is programmed again, whatever it reads.
   * One medium's harm is mended where the other one is right.
   */
  settle(decided: ReadonlySet<DayState>): Result<void, StateWordFault> {
    const { media } = this.#options;
    const unsound = new Set<Medium>();
    const all = media.readAll(wordsLength, erasingWordAddress);
    if (!all.ok) return err({ kind: "medium", ...all.error });
    for (const name of names) {
      const isThere = name !== "erasing" && decided.has(name);
      if (isThere) this.#written.add(name);
      // the erasing word comes behind the release, and is written elsewhere
      if (isThere || decided.has("released")) continue;
      const at = stateWordAddress(name) - erasingWordAddress;
      const reads: Reads[] = [];
      for (const [i, medium] of media.active.entries()) {
        const read = this.#look(medium, name, all.value[i]!.subarray(at, at + wordLength));
        if (!read.ok) return err({ kind: "medium", ...read.error });
        reads.push(read.value);
      }
      const isWorn = reads.every((read) => read === "aged");
      if (reads.includes("right") || (!isWorn && !reads.includes("erased"))) return err({ kind: "state", state: name });
      for (const [i, read] of reads.entries()) if (!isWorn && read !== "erased") unsound.add(media.active[i]!);
    }
    if (this.#written.size > 0) {
      const image = this.#image(decided).subarray(wordLength);
      for (const medium of media.active) {
        const written = media.programOne(medium, image, erasingWordAddress + wordLength);
        if (!written.ok && written.error.what !== "verify") return err({ kind: "medium", ...written.error });
        if (!written.ok) unsound.add(medium);
      }
    }
    // nothing is erased while it is the only one
    for (const medium of media.active.length > 1 ? unsound : []) {
      const mended = this.#rewrite(medium, decided);
      if (!mended.ok) return err({ kind: "medium", ...mended.error });
    }
    return ok();
  }

  /**
   * The journal has decided it, and its signature stands. A, then B; a cell that does not keep it is left to a start.
   */
  write(state: DayState): Result<void, MediumFault> {
    if (this.#written.has(state)) return ok();
    this.#written.add(state);
    const { media } = this.#options;
    const word = stateWord(this.#options, state);
    for (const medium of media.active) {
      const written = media.programOne(medium, word, stateWordAddress(state));
      if (!written.ok && written.error.what !== "verify") return written;
    }
    return ok();
  }

  /** Whether every medium that is there has the word. */
  isOnAll(state: DayState): boolean {
    return this.#options.media.active.every((medium) => {
      const read = this.#read(medium, state);
      return read.ok && read.value === "right";
    });
  }

  #read(medium: Medium, name: WordName): Result<Reads, MediumFault> {
    const bytes = this.#options.media.read(medium, wordLength, stateWordAddress(name));
    return bytes.ok ? this.#look(medium, name, bytes.value) : bytes;
  }

  #look(medium: Medium, name: WordName, first: Uint8Array): Result<Reads, MediumFault> {
    const { crypto, media } = this.#options;
    let bytes = first;
    for (let attempt = 1; ; attempt++) {
      if (crypto.isFilled(bytes, 0xff)) return ok("erased");
      if (crypto.equal(bytes, stateWord(this.#options, name))) return ok("right");
      if (attempt === readsMax) return ok(crypto.zeroBits(bytes, 0, wordLength) > harmedBitsMax ? "other" : "aged");
      // a weak bit reads right nearly always
      const again = media.read(medium, wordLength, stateWordAddress(name));
      if (!again.ok) return again;
      bytes = again.value;
    }
  }

  /** All words as they should be, erased where none is to be; of the erasing word nothing is said. */
  #image(decided: ReadonlySet<DayState>): Uint8Array {
    const image = new Uint8Array(wordsLength).fill(0xff);
    for (const state of dayStates)
      if (decided.has(state)) image.set(stateWord(this.#options, state), stateWordAddress(state) - erasingWordAddress);
    return image;
  }

  /**
   * Its words as they should be, and the rest of the block as it is. The superblock is cleared first, as a rebuild does
   * it (pairing.ts): an erase that is cut must not leave one that reads as own beside words of pairing that nobody set.
   */
  #rewrite(medium: Medium, decided: ReadonlySet<DayState>): Result<void, MediumFault> {
    const { media } = this.#options;
    const block = media.read(medium, media.geometry.blockLength, 0);
    if (!block.ok) return block;
    const image = block.value.slice();
    const words = this.#image(decided);
    const from = decided.has("released") ? wordLength : 0;
    image.set(words.subarray(from), erasingWordAddress + from);
    for (const length of [magicLength, superblockLength - checkLength]) {
      const cleared = media.zeroOne(medium, length, 0);
      if (!cleared.ok) return cleared;
    }
    return media.rewriteBlock(medium, 0, image);
  }
}
