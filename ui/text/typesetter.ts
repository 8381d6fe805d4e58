// Shaped texts -> runs of masks with their places in pixels, numbers put in. A run is set once and kept in the store until `clear`:
// what is drawn again needs no more than its place there.

import { readU32 } from "../../firmware/bytes.js";
import type { ElectionPackage, TextId } from "../../firmware/election/types.js";
import type { Blender } from "../../firmware/platform.js";
import { assert } from "../../firmware/result.js";
import type { Language } from "../../firmware/session/view.js";
import { joinsNone, letterCode } from "../../firmware/election/fold.js";
import type { LetterKey, TextKey } from "../strings.js";
import { Atlas } from "./atlas.js";
import type { TextBundle } from "./bundle.js";
import { type FaceName, type Medium, faces, mediaCount } from "./faces.js";
import { Photos, photosLength } from "./photos.js";
import { checkRecord, glyphPiece, linesAt, skipLine } from "./texts.js";

/** One line, ready to draw: its place in the store (Blender, firmware/platform.ts). */
export interface Run {
  readonly at: number;
  /** 0: masks of the image's own atlas; 1: of the package's. */
  readonly source: 0 | 1;
  /** Pixels, from end to end. */
  readonly width: number;
  /** Pixels from the left end of the baseline to the edges of the ink, y downwards. */
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Words of the store at first, and at most: the longest slip needs half of that. */
const storeWordsFirst = 8_192;
export const storeWordsMax = 65_536;
const runHead = 5;
const glyphWords = 3;
/** Numbers that are kept as part of a run's key; runs with larger ones are set each time. */
const keptNumbersEnd = 0x1_0000;
const facesEnd = 16;

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
  return { text, pack, packAtlas: atlas.value, packBytes, photos: hasPhotos ? new Photos(pack, packBytes, glyphs.length) : undefined };
}

export class Typesetter {
  readonly source: TextSource;
  readonly #blender: Blender;
  #store = new Int32Array(storeWordsFirst);
  #used = 0;
  /** Runs of each text, by what was asked for. */
  readonly #own = new Map<number, readonly Run[]>();
  readonly #packed = new Map<number, readonly Run[]>();
  readonly #digits = new Map<number, Run>();
  #medium: Medium;

  constructor(source: TextSource, blender: Blender, medium: Medium) {
    this.source = source;
    this.#blender = blender;
    this.#medium = medium;
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

  /** Words of the store in use. */
  get used(): number {
    return this.#used;
  }

  /** Forgets and overwrites every run and photo. */
  clear(): void {
    this.source.photos?.forget();
    this.#blender.wipe(this.#store.buffer);
    this.#used = 0;
    this.#own.clear();
    this.#packed.clear();
    this.#digits.clear();
  }

  /** The lines of one of the image's own texts; `numbers` fill its places. */
  lines(key: TextKey, face: FaceName, language: Language, first = 0, second = 0): readonly Run[] {
    const number = this.source.text.number(key, language);
    const name = ((number * facesEnd + faces[face].id) * keptNumbersEnd + first) * keptNumbersEnd + second;
    const kept = this.#own.get(name);
    if (kept !== undefined) return kept;
    const record = this.source.text.record(number);
    const runs = this.#lines(0, record, key, face, language, first, second);
    if (first < keptNumbersEnd && second < keptNumbersEnd) this.#own.set(name, runs);
    return runs;
  }

  /** The first line. */
  line(key: TextKey, face: FaceName, language: Language, first = 0, second = 0): Run {
    return this.lines(key, face, language, first, second)[0]!;
  }

  /** Digits as they are typed: "007" stays as it is. */
  digits(digits: string, face: FaceName, language: Language): Run {
    // a 1 before them keeps leading zeros apart
    const name = (Number(`1${digits}`) * facesEnd + faces[face].id) * 2 + (language === "fa" ? 0 : 1);
    const kept = this.#digits.get(name);
    if (kept !== undefined) return kept;
    this.#begin();
    const pen = this.#addDigits(digits, face, language, 0);
    const run = this.#end(0, face, pen);
    this.#digits.set(name, run);
    return run;
  }

  /** Letters of the keyboard, joined as they are written: the last one stands on the left. */
  letters(letters: string, face: FaceName): Run {
    this.#begin();
    let pen = 0;
    for (let i = letters.length - 1; i >= 0; i--) {
      const joined = i > 0 && !joinsNone.includes(letters.charAt(i - 1));
      let key: LetterKey;
      if (i > 0 && letters.charAt(i) === "ا" && letters.charAt(i - 1) === "ل") {
        i--;
        key = `letter.lam-alef.${i > 0 && !joinsNone.includes(letters.charAt(i - 1)) ? 3 : 0}`;
      } else {
        const joins = i + 1 < letters.length && !joinsNone.includes(letters.charAt(i));
        key = `letter.${letterCode(letters.charAt(i))! - 1}.${joined ? (joins ? 2 : 3) : joins ? 1 : 0}`;
      }
      const { text } = this.source;
      const record = text.record(text.number(key, "fa"));
      const at = linesAt(record, this.#medium, faces[face].bold)! + 2;
      this.#add(0, face, record, at, pen);
      pen += readU32(record, at + 2);
    }
    return this.#end(0, face, pen);
  }

  /** The lines of a text of the election package. Throws for a record that is malformed. */
  packedLines(id: TextId, face: FaceName, medium: Medium = this.#medium): readonly Run[] {
    const name = (id * facesEnd + faces[face].id) * mediaCount + medium;
    const kept = this.#packed.get(name);
    if (kept !== undefined) return kept;
    const { pack } = this.source;
    if (pack === undefined) throw new Error("no package to take a text from");
    const runs = this.#lines(1, pack.text(id), `package text ${id}`, face, "fa", 0, 0, medium);
    this.#packed.set(name, runs);
    return runs;
  }

  #lines(source: 0 | 1, record: Uint8Array, what: string, face: FaceName, language: Language, first: number, second: number, medium: Medium = this.#medium): readonly Run[] {
    const good = checkRecord(record);
    if (!good.ok) throw new Error(`${what}, byte ${good.error.at}: expected ${good.error.what}`);
    let at = linesAt(record, medium, faces[face].bold);
    if (at === undefined) throw new Error(`${what} has no lines for medium ${medium}`);
    const runs: Run[] = [];
    for (let left = record[at++]!; left > 0; left--) {
      runs.push(this.#line(source, record, at, face, language, first, second));
      at = skipLine(record, at);
    }
    return runs;
  }

  #line(source: 0 | 1, record: Uint8Array, lineAt: number, face: FaceName, language: Language, first: number, second: number): Run {
    let at = lineAt;
    let pen = 0;
    this.#begin();
    for (let pieces = record[at++]!; pieces > 0; pieces--) {
      const kind = record[at]!;
      if (kind === glyphPiece) {
        this.#add(source, face, record, at, pen);
        pen += readU32(record, at + 2);
        at += 6 + 6 * record[at + 1]!;
      } else {
        // the packager puts no places for numbers into names
        assert(source === 0 && kind < 2, "place of a number");
        pen = this.#addDigits(String(kind === 0 ? first : second), face, language, pen);
        at++;
      }
    }
    return this.#end(source, face, pen);
  }

  /** Returns the pen after the digits. */
  #addDigits(digits: string, face: FaceName, language: Language, pen: number): number {
    const { text } = this.source;
    for (let i = 0; i < digits.length; i++) {
      const record = text.record(text.number(`digit.${digits.charAt(i)}` as TextKey, language));
      // one line of one piece, the same for every medium
      const at = linesAt(record, this.#medium, faces[face].bold)! + 2;
      this.#add(0, face, record, at, pen);
      pen += readU32(record, at + 2);
    }
    return pen;
  }

  #begin(): void {
    this.#room(runHead);
    this.#store[this.#used] = 0;
  }

  #add(source: 0 | 1, face: FaceName, text: Uint8Array, pieceAt: number, pen: number): void {
    const atlas = source === 0 ? this.source.text.atlas : this.source.packAtlas!;
    const faceAt = atlas.faceAt(faces[face]);
    // a size that the atlas lacks is not drawn; the packager has made sure that there is none
    if (faceAt === undefined) return;
    this.#room(runHead + glyphWords * (this.#store[this.#used]! + text[pieceAt + 1]!));
    this.#blender.typeset(this.#store.buffer, this.#used, atlas.bytes, faceAt, text, pieceAt, pen);
  }

  #end(source: 0 | 1, face: FaceName, pen: number): Run {
    const at = this.#used;
    const store = this.#store;
    const count = store[at]!;
    const atlas = source === 0 ? this.source.text.atlas : this.source.packAtlas!;
    this.#used += runHead + glyphWords * count;
    const width = atlas.scale(faces[face], pen);
    if (count === 0) return { at, source, width, left: 0, top: 0, right: 0, bottom: 0 };
    return { at, source, width, left: store[at + 1]!, top: store[at + 2]!, right: store[at + 3]!, bottom: store[at + 4]! };
  }

  /** Makes room for `words` after what is used. */
  #room(words: number): void {
    let length = this.#store.length;
    while (this.#used + words > length) length *= 2;
    if (length === this.#store.length) return;
    assert(length <= storeWordsMax, "texts of one picture");
    const larger = new Int32Array(length);
    larger.set(this.#store);
    this.#blender.wipe(this.#store.buffer);
    this.#store = larger;
  }
}
