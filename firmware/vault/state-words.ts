// How far the day is, as words of 16 bytes on every medium: keyed checks, which nobody without the device's secret can
// write. The journal decides and is written first; a word says that it had decided. So a word without its entry is a
// journal that somebody has cut off.

import { concat, countZeroBits, utf8, writeU32 } from "../bytes.js";
import type { Crypto } from "../crypto/crypto.js";
import { type DayState, dayStates } from "../journal/journal.js";
import { type Result, err, ok } from "../result.js";
import type { Media, Medium, MediumFault } from "../storage/media.js";

/** In the superblock's block, behind the words of pairing. */
export const erasingWordAddress = 2048;
export const wordLength = 16;
/** How often a word that is neither erased nor right is read. */
const readsMax = 4;
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
  /** Of the words, and of the erasing word. */
  readonly keys: { readonly state: Uint8Array; readonly erasing: Uint8Array };
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
  return crypto.check(concat(utf8(name), election, of), name === "erasing" ? keys.erasing : keys.state);
}

export function stateWordAddress(name: WordName): number {
  return erasingWordAddress + names.indexOf(name) * wordLength;
}

type Reads = "erased" | "right" | "other";

export class StateWords {
  readonly #options: StateWordsOptions;
  readonly #words: Readonly<Record<WordName, Uint8Array>>;
  readonly #written = new Set<DayState>();

  constructor(options: StateWordsOptions) {
    this.#options = options;
    const word = (name: WordName): Uint8Array => stateWord(options, name);
    this.#words = {
      erasing: word("erasing"),
      opened: word("opened"),
      closed: word("closed"),
      counted: word("counted"),
      released: word("released"),
    };
  }

  /**
   * At a start, with what the journal has decided. A word that is to be there is programmed again, whatever it reads.
   * One medium's harm is mended where the other one is right.
   */
  settle(decided: ReadonlySet<DayState>): Result<void, StateWordFault> {
    const { media } = this.#options;
    const unsound = new Set<Medium>();
    for (const name of names) {
      const isDecided = name === "erasing" ? decided.has("released") : decided.has(name);
      const reads: Reads[] = [];
      for (const medium of media.active) {
        const read = this.#read(medium, name);
        if (!read.ok) return err({ kind: "medium", ...read.error });
        reads.push(read.value);
      }
      if (!isDecided && reads.includes("right")) return err({ kind: "state", state: name });
      if (isDecided && name !== "erasing") {
        this.#written.add(name);
        for (const medium of media.active) {
          const written = media.programOne(medium, this.#words[name], stateWordAddress(name));
          if (written.ok) continue;
          if (written.error.what !== "verify") return err({ kind: "medium", ...written.error });
          unsound.add(medium);
        }
        continue;
      }
      const others = media.active.filter((_, i) => reads[i] === "other");
      if (others.length === 0) continue;
      if (others.length < reads.length) for (const medium of others) unsound.add(medium);
      else {
        const harmed = this.#isHarmed(others, name);
        if (!harmed.ok) return err({ kind: "medium", ...harmed.error });
        if (!harmed.value) return err({ kind: "state", state: name });
      }
    }
    // nothing is erased while it is the only one
    for (const medium of media.active.length > 1 ? unsound : []) {
      const mended = this.#rewrite(medium, decided);
      if (!mended.ok) return err({ kind: "medium", ...mended.error });
    }
    return ok();
  }

  /** The journal has decided it, and its signature stands. A, then B; a cell that does not keep it is left to a start. */
  write(state: DayState): Result<void, MediumFault> {
    if (this.#written.has(state)) return ok();
    this.#written.add(state);
    const { media } = this.#options;
    for (const medium of media.active) {
      const written = media.programOne(medium, this.#words[state], stateWordAddress(state));
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
    const { crypto, media } = this.#options;
    for (let attempt = 0; attempt < readsMax; attempt++) {
      const bytes = media.read(medium, wordLength, stateWordAddress(name));
      if (!bytes.ok) return bytes;
      if (crypto.isFilled(bytes.value, 0xff)) return ok("erased");
      if (crypto.equal(bytes.value, this.#words[name])) return ok("right");
    }
    return ok("other");
  }

  /** A few cells of each, as age has it: not what anybody has written. */
  #isHarmed(all: readonly Medium[], name: WordName): Result<boolean, MediumFault> {
    for (const medium of all) {
      const bytes = this.#options.media.read(medium, wordLength, stateWordAddress(name));
      if (!bytes.ok) return bytes;
      if (countZeroBits(bytes.value, 0, wordLength) > harmedBitsMax) return ok(false);
    }
    return ok(true);
  }

  /** Its words as they should be, and the rest of the block as it is. */
  #rewrite(medium: Medium, decided: ReadonlySet<DayState>): Result<void, MediumFault> {
    const { media } = this.#options;
    const block = media.read(medium, media.geometry.blockLength, 0);
    if (!block.ok) return block;
    const image = block.value.slice();
    for (const name of names) {
      const isThere = name !== "erasing" && decided.has(name);
      const at = stateWordAddress(name);
      if (isThere) image.set(this.#words[name], at);
      else if (name !== "erasing" || !decided.has("released")) image.fill(0xff, at, at + wordLength);
    }
    return media.rewriteBlock(medium, 0, image);
  }
}
