// The image's own text bundle (office/text/FORMAT.md): names, texts in both languages, atlas.

import { readU16, readU32 } from "../../firmware/bytes.js";
import { type Result, err, ok } from "../../firmware/result.js";
import type { Language } from "../../firmware/settings.js";
import type { TextKey } from "./key.js";
import { Atlas } from "./atlas.js";
import { textsMax } from "./limits.js";
import { Names } from "./names.js";
import { type TextError, checkOffsets } from "./texts.js";

const magic = [0x53, 0x47, 0x55, 0x49];
const headerLength = 20;

export class TextBundle {
  readonly atlas: Atlas;
  readonly #names: Names;
  readonly #texts: Uint8Array;
  readonly #view: DataView;

  private constructor(names: Names, texts: Uint8Array, atlas: Atlas) {
    this.#names = names;
    this.#texts = texts;
    this.#view = new DataView(texts.buffer, texts.byteOffset, texts.byteLength);
    this.atlas = atlas;
  }

  /** Strict on lengths and tables; the rest has `check`. A record is checked when it is set for the first time. */
  static open(bytes: Uint8Array): Result<TextBundle, TextError> {
    if (bytes.length < headerLength) return err({ at: 0, what: "header" });
    for (let i = 0; i < 4; i++) if (bytes[i] !== magic[i]) return err({ at: i, what: "SGUI" });
    if (readU16(bytes, 4) !== 1) return err({ at: 4, what: "version 1" });
    const count = readU16(bytes, 6);
    const namesLength = readU32(bytes, 8);
    const textsLength = readU32(bytes, 12);
    const atlasLength = readU32(bytes, 16);
    if (2 * count > textsMax || headerLength + namesLength + textsLength + atlasLength !== bytes.length)
      return err({ at: 8, what: "lengths that add up" });

    const at = headerLength + namesLength;
    const texts = bytes.subarray(at, at + textsLength);
    if (textsLength < 4 || readU32(texts, 0) !== 2 * count) return err({ at, what: `${2 * count} texts` });
    const atlas = Atlas.open(bytes.subarray(at + textsLength));
    if (!atlas.ok) return err({ at: at + textsLength + atlas.error.at, what: atlas.error.what });
    const names = Names.open(bytes.subarray(headerLength, at), count);
    if (!names.ok) return err({ at: headerLength + names.error.at, what: names.error.what });
    return ok(new TextBundle(names.value, texts, atlas.value));
  }

  /** Strict, for whoever makes a bundle: the order of names, every offset and glyph. The image's hash vouches for them at a start. */
  check(): Result<void, TextError> {
    const names = this.#names.check();
    if (!names.ok) return err({ at: headerLength + names.error.at, what: names.error.what });
    const texts = this.#texts;
    const offsets = checkOffsets(
      2 * this.#names.count,
      (index) => (8 + 4 * index <= texts.length ? readU32(texts, 4 + 4 * index) : 0),
      texts.length,
    );
    return offsets.ok ? this.atlas.check() : offsets;
  }

  /** The number of a text; throws for a name the bundle lacks (the build checks that it has all). */
  number(key: TextKey, language: Language): number {
    const name = this.#names.find(key);
    if (name === undefined) throw new Error(`text bundle lacks ${key}`);
    return 2 * name + (language === "fa" ? 0 : 1);
  }

  /** The record of a text by its number. */
  record(number: number): Uint8Array {
    return this.#texts.subarray(this.#view.getUint32(4 + 4 * number), this.#view.getUint32(8 + 4 * number));
  }
}
