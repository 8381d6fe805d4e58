// The glyph atlas (office/text/FORMAT.md): 4-bit masks by face and glyph number, read in place.

import { readU16, readU32 } from "../../firmware/bytes.js";
import { type Result, err, ok } from "../../firmware/result.js";
import { type Face } from "./faces.js";
import { facesMax, glyphsPerFaceMax, maskSideMax } from "./limits.js";
import type { TextError } from "./texts.js";

const faceLength = 12;
const entryLength = 14;

interface FaceTable {
  /** Its entry, in bytes from the atlas' beginning. */
  readonly at: number;
  readonly id: number;
  readonly glyphs: number;
  readonly table: number;
}

export class Atlas {
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  /** Where the first mask begins. */
  readonly #masks: number;
  /** Where each face's entry is, in bytes, by its number; undefined for those that the atlas lacks. */
  readonly facesAt: readonly (number | undefined)[];
  readonly #tables: readonly FaceTable[];

  private constructor(bytes: Uint8Array, tables: readonly FaceTable[], masks: number) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#masks = masks;
    this.#tables = tables;
    const facesAt = new Array<number | undefined>((tables[tables.length - 1]?.id ?? -1) + 1).fill(undefined);
    for (const { id, at } of tables) facesAt[id] = at;
    this.facesAt = facesAt;
  }

  /**
   * Strict on the tables: ascending faces without gaps. Glyphs and their masks are checked when they are drawn, or by
   * `check`.
   */
  static open(bytes: Uint8Array): Result<Atlas, TextError> {
    if (bytes.length < 2) return err({ at: 0, what: "atlas of at least 2 bytes" });
    const count = readU16(bytes, 0);
    const tables: FaceTable[] = [];
    let table = 2 + count * faceLength;
    if (count > facesMax || table > bytes.length) return err({ at: 0, what: `up to ${facesMax} faces` });
    for (let i = 0, at = 2; i < count; i++, at += faceLength) {
      const face = { at, id: bytes[at]!, glyphs: readU16(bytes, at + 6), table: readU32(bytes, at + 8) };
      if (i > 0 && face.id <= tables[i - 1]!.id) return err({ at, what: "ascending faces" });
      if (bytes[at + 1]! > 1) return err({ at: at + 1, what: "weight 0 or 1" });
      if (readU16(bytes, at + 2) === 0 || readU16(bytes, at + 4) === 0)
        return err({ at: at + 2, what: "a size above 0" });
      if (face.glyphs > glyphsPerFaceMax) return err({ at: at + 6, what: `up to ${glyphsPerFaceMax} glyphs` });
      if (face.table !== table || table + face.glyphs * entryLength > bytes.length)
        return err({ at: at + 8, what: `table at ${table}` });
      table += face.glyphs * entryLength;
      tables.push(face);
    }
    return ok(new Atlas(bytes, tables, table));
  }

  /**
   * Strict, for whoever makes an atlas: ascending glyphs, masks one behind the other to the end. A start does not spend
   * its time on it: the atlas is under the image's hash or the package's signature, and what is not whole is refused
   * when it is drawn.
   */
  check(): Result<void, TextError> {
    const { bytes } = this;
    // the first mask begins behind the tables; of the others it is known that one has at least a byte
    let mask = this.#masks;
    let first = true;
    for (const face of this.#tables) {
      for (let i = 0, at = face.table, before = -1; i < face.glyphs; i++, at += entryLength) {
        const number = readU16(bytes, at);
        const width = readU16(bytes, at + 6);
        const height = readU16(bytes, at + 8);
        if (number <= before) return err({ at, what: "ascending glyphs" });
        if (width > maskSideMax || height > maskSideMax) return err({ at: at + 6, what: `sides up to ${maskSideMax}` });
        const there = readU32(bytes, at + 10);
        if (first ? there !== mask : there <= mask)
          return err({ at: at + 10, what: `mask ${first ? "at" : "behind"} ${mask}` });
        if (there >= bytes.length) return err({ at: at + 10, what: "mask inside the atlas" });
        mask = there;
        first = false;
        before = number;
      }
    }
    return !first || mask === bytes.length ? ok() : err({ at: mask, what: "end of atlas" });
  }

  /** Where a glyph's mask begins; 0 when the atlas lacks it. What is drawn often is looked up by the blender. */
  mask(face: Face, number: number): number {
    const table = this.#tables.find(({ id }) => id === face.id);
    if (table === undefined) return 0;
    const view = this.#view;
    let low = 0;
    let high = table.glyphs - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const at = table.table + middle * entryLength;
      const there = view.getUint16(at);
      if (there === number) return view.getUint32(at + 10);
      if (there < number) low = middle + 1;
      else high = middle - 1;
    }
    return 0;
  }
}
