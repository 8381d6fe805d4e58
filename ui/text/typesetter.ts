// Shaped texts -> runs of masks with their places in pixels, numbers put in. A run is set once and kept in the store
// until `clear`: what is drawn again needs no more than its place there.

import { concat, writeU16 } from "../../firmware/bytes.js";
import { PackageFault, packageError } from "../../firmware/election/error.js";
import { pictureWordsMax } from "../../firmware/election/layout.js";
import type { ElectionPackage, TextId } from "../../firmware/election/types.js";
import type { Blender } from "../../firmware/platform.js";
import { assert } from "../../firmware/result.js";
import type { Language } from "../../firmware/settings.js";
import { joinsNone, letterCode } from "../../firmware/election/fold.js";
import type { LetterKey, TextKey } from "./key.js";
import { Atlas } from "./atlas.js";
import type { TextBundle } from "./bundle.js";
import { type Face, type Medium, mediaCount } from "./faces.js";
import { Photos, photosLength } from "./photos.js";
import { digitPiece, linesAt, pieceLength } from "./texts.js";

/** One line, ready to draw. The lines of a text follow one another in the store. */
export interface Run {
  /** Its place in the store (Blender, firmware/platform.ts). */
  readonly at: number;
  /** Pixels, from end to end. */
  readonly width: number;
}

/** Where a run has ink: pixels from the left end of its baseline, y downwards. */
export interface Ink {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Words of the store at first. */
const storeWordsFirst = 8_192;
const [runHead, glyphWords] = [7, 3];
const [runLeft, runTop, runRight, runBottom, runWidth, runSource] = [1, 2, 3, 4, 5, 6];
/**
 * A text's number, face and numbers up to these ends are a key of 31 bits; a text with larger ones is set each time
 * that it is asked for.
 */
const [textBits, keptNumbersEnd] = [11, 0xff];
/** One line with a number and nothing else, for every medium and weight. */
const numberRecord = Uint8Array.of(1, 0x7f, 1, 0, 3, 1, 1, 0);
const faceBits = 4;
/** Of a number that is not given. */
const none = -1;

/** The atlases and where texts come from; one for all that draws with them. */
export interface TextSource {
  readonly text: TextBundle;
  readonly pack: ElectionPackage | undefined;
  readonly packAtlas: Atlas | undefined;
  /** What the blender gets of the package: its atlas, and room for photos behind it. */
  readonly packBytes: Uint8Array;
  readonly photos: Photos | undefined;
}

const noBytes = new Uint8Array(0);

/** Throws for a package whose atlas is malformed: it was signed so, and a terminal that cannot draw names must stop. */
export function textSource(text: TextBundle, pack: ElectionPackage | undefined): TextSource {
  if (pack === undefined) return { text, pack, packAtlas: undefined, packBytes: noBytes, photos: undefined };
  const glyphs = pack.glyphs();
  const hasPhotos = pack.election.contests.some((contest) => contest.photos);
  const packBytes = hasPhotos ? new Uint8Array(glyphs.length + photosLength) : glyphs;
  if (hasPhotos) packBytes.set(glyphs);
  const atlas = Atlas.open(packBytes.subarray(0, glyphs.length));
  if (!atlas.ok) throw new Error(`package atlas, byte ${atlas.error.at}: expected ${atlas.error.what}`);
  return {
    text,
    pack,
    packAtlas: atlas.value,
    packBytes,
    photos: hasPhotos ? new Photos(pack, packBytes, glyphs.length) : undefined,
  };
}

export class Typesetter {
  #source: TextSource;
  readonly #ownAtlas: Atlas;
  readonly #blender: Blender;
  #store = new Int32Array(storeWordsFirst);
  #storeBuffer = this.#store.buffer;
  #used = 0;
  /** Runs of each text, by what was asked for. */
  #own = new Map<number, readonly Run[]>();
  #packed = new Map<number, readonly Run[]>();
  #numbers = new Map<number, Run>();
  #typed = new Map<string, Run>();
  #letters = new Map<string, Run>();
  /** The records of the ten digits. */
  readonly #ten: Readonly<Record<Language, Uint8Array>>;
  #medium: Medium;

  constructor(source: TextSource, blender: Blender, medium: Medium) {
    this.#source = source;
    this.#blender = blender;
    this.#medium = medium;
    const { text } = source;
    this.#ownAtlas = text.atlas;
    this.#ten = { fa: text.record(text.number("digits", "fa")), en: text.record(text.number("digits", "en")) };
  }

  get source(): TextSource {
    return this.#source;
  }

  /** With the texts of a package that was opened later; every run is forgotten. */
  set source(source: TextSource) {
    this.clear();
    this.#source = source;
  }

  /** Texts are broken into lines as they are for this medium. Every run is forgotten when it becomes another. */
  set medium(medium: Medium) {
    if (medium === this.#medium) return;
    this.clear();
    this.#medium = medium;
  }

  /** Where the runs are; another array after more of them were set. */
  get store(): Int32Array<ArrayBuffer> {
    return this.#store;
  }

  get storeBuffer(): ArrayBuffer {
    return this.#storeBuffer;
  }

  /** Words of the store in use. */
  get used(): number {
    return this.#used;
  }

  ink({ at }: Run): Ink {
    const store = this.#store;
    return {
      left: store[at + runLeft]!,
      top: store[at + runTop]!,
      right: store[at + runRight]!,
      bottom: store[at + runBottom]!,
    };
  }

  /** 0: a run's masks are in the image's own atlas; 1: in the package's. */
  sourceOf({ at }: Run): number {
    return this.#store[at + runSource]!;
  }

  /** Forgets and overwrites every run and photo. */
  clear(): void {
    this.#source.photos?.forget();
    this.#blender.wipe(this.#store.buffer);
    this.#used = 0;
    // a map that is cleared keeps a table as large as what it has held
    this.#own = new Map();
    this.#packed = new Map();
    this.#numbers = new Map();
    this.#typed = new Map();
    this.#letters = new Map();
  }

  /** The lines of one of the image's own texts; `numbers` fill its places. */
  lines(key: TextKey, face: Face, language: Language, first = none, second = none): readonly Run[] {
    const number = this.#source.text.number(key, language);
    const isKept = first < keptNumbersEnd && second < keptNumbersEnd && number >> textBits === 0;
    const name = (((((number << faceBits) | face.id) << 8) | (first + 1)) << 8) | (second + 1);
    const kept = isKept ? this.#own.get(name) : undefined;
    if (kept !== undefined) return kept;
    const runs = this.#lines(0, this.#source.text.record(number), key, face, this.#medium, language, first, second);
    if (isKept) this.#own.set(name, runs);
    return runs;
  }

  /** The first line. */
  line(key: TextKey, face: Face, language: Language, first = none, second = none): Run {
    return this.lines(key, face, language, first, second)[0]!;
  }

  /** Digits as they are typed: "007" stays as it is. */
  digits(digits: string, face: Face, language: Language): Run {
    const name = `${language} ${face.id} ${digits}`;
    const kept = this.#typed.get(name);
    if (kept !== undefined) return kept;
    const pieces = new Uint8Array(digits.length);
    for (let i = 0; i < pieces.length; i++) pieces[i] = digitPiece + Number(digits.charAt(i));
    const run = this.#line(pieces, digits.length, face, language);
    this.#typed.set(name, run);
    return run;
  }

  /** A number below 2^26 by itself. */
  number(value: number, face: Face, language: Language): Run {
    assert(value >>> 26 === 0, "a number that is kept");
    const name = (((value << faceBits) | face.id) << 1) | (language === "fa" ? 0 : 1);
    const kept = this.#numbers.get(name);
    if (kept !== undefined) return kept;
    const run = this.#lines(0, numberRecord, "number", face, this.#medium, language, value)[0]!;
    this.#numbers.set(name, run);
    return run;
  }

  /** Letters of the keyboard, joined as they are written: the last one stands on the left. */
  letters(letters: string, face: Face): Run {
    const name = `${face.id} ${letters}`;
    const kept = this.#letters.get(name);
    if (kept !== undefined) return kept;
    let pieces: Uint8Array = noBytes;
    let count = 0;
    for (let i = letters.length - 1; i >= 0; i--, count++) {
      const joined = i > 0 && !joinsNone.includes(letters.charAt(i - 1));
      let key: LetterKey;
      if (i > 0 && letters.charAt(i) === "ا" && letters.charAt(i - 1) === "ل") {
        i--;
        key = `letter.lam-alef.${i > 0 && !joinsNone.includes(letters.charAt(i - 1)) ? 3 : 0}`;
      } else {
        const joins = i + 1 < letters.length && !joinsNone.includes(letters.charAt(i));
        key = `letter.${letterCode(letters.charAt(i))! - 1}.${joined ? (joins ? 2 : 3) : joins ? 1 : 0}`;
      }
      pieces = concat(pieces, this.#piece(key, face, "fa"));
    }
    const run = this.#line(pieces, count, face, "fa");
    this.#letters.set(name, run);
    return run;
  }

  /** The lines of a text of the election package. Throws for a record that is malformed. */
  packedLines(id: TextId, face: Face, medium: Medium = this.#medium): readonly Run[] {
    const name = ((id << faceBits) | face.id) * mediaCount + medium;
    const kept = this.#packed.get(name);
    if (kept !== undefined) return kept;
    const { pack } = this.#source;
    if (pack === undefined) throw new Error("no package to take a text from");
    const runs = this.#lines(1, pack.text(id), id, face, medium, "fa");
    this.#packed.set(name, runs);
    return runs;
  }

  #lines(
    source: 0 | 1,
    record: Uint8Array,
    what: string | TextId,
    face: Face,
    medium: Medium,
    language: Language,
    first = none,
    second = none,
  ): readonly Run[] {
    const { bytes, facesAt } = source === 0 ? this.#ownAtlas : this.#source.packAtlas!;
    const faceAt = facesAt[face.id];
    if (faceAt === undefined) throw new Error(`the atlas lacks face ${face.id}`);
    // without a number the digits need not be there; a text that has a place for one is then refused
    const digits = first === none ? noBytes : this.#ten[language];
    const one = first === none ? 0 : first;
    const other = second === none ? 0 : second;
    const bold = face.bold ? 1 : 0;
    let words: number;
    try {
      words = this.#blender.typeset(
        this.#storeBuffer,
        this.#used,
        bytes,
        faceAt,
        record,
        medium,
        bold,
        digits,
        one,
        other,
        source,
      );
      if (words < 0) {
        this.#grow(-words);
        words = this.#blender.typeset(
          this.#storeBuffer,
          this.#used,
          bytes,
          faceAt,
          record,
          medium,
          bold,
          digits,
          one,
          other,
          source,
        );
      }
    } catch (error) {
      throw new Error(`${typeof what === "number" ? "package text " : ""}${what}: ${String(error)}`);
    }
    const store = this.#store;
    let at = this.#used;
    const end = at + words;
    this.#used = end;
    const runs: Run[] = [{ at, width: store[at + runWidth]! }];
    at += runHead + glyphWords * store[at]!;
    // most texts are one line
    while (at < end) {
      runs.push({ at, width: store[at + runWidth]! });
      at += runHead + glyphWords * store[at]!;
    }
    return runs;
  }

  /** A line of the image's own pieces, the same for every medium and weight. */
  #line(pieces: Uint8Array, count: number, face: Face, language: Language): Run {
    const record = concat(Uint8Array.of(1, 0x7f, 1, 0, 0, 1, count), pieces);
    writeU16(record, 3, 2 + pieces.length);
    return this.#lines(0, record, "typed", face, this.#medium, language, 0)[0]!;
  }

  /** The one piece of a letter: it has one line, the same for every medium. */
  #piece(key: LetterKey, face: Face, language: Language): Uint8Array {
    const { text } = this.#source;
    const record = text.record(text.number(key, language));
    const at = linesAt(record, this.#medium, face.bold)! + 2;
    return record.subarray(at, at + pieceLength(record, at));
  }

  /** Makes room for `words` after what is used. */
  #grow(words: number): void {
    let length = this.#store.length;
    while (this.#used + words > length) length *= 2;
    if (length > pictureWordsMax) {
      throw new PackageFault(packageError.limit("slipWords", this.#used + words, pictureWordsMax));
    }
    const larger = new Int32Array(length);
    larger.set(this.#store);
    this.#blender.wipe(this.#store.buffer);
    this.#store = larger;
    this.#storeBuffer = larger.buffer;
  }
}
