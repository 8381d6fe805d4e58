// Collects shaped texts and the glyphs they need, and writes the two sections described in FORMAT.md.

import { iconFace, type Face, type FaceName, type Medium, faces } from "../../ui/text/faces.js";
import {
  facesMax,
  glyphsPerFaceMax,
  linesMax,
  maskSideMax,
  pieceGlyphsMax,
  piecesMax,
  textRecordMax,
  textsMax,
} from "../../ui/text/limits.js";
import { type Weight, loadFont } from "./fonts.js";
import { type GlyphMask, rasteriseGlyph } from "./rasterise.js";
import { type BaseDirection, type Line, linePixels, shapeLine } from "./shape.js";
import { endInEllipsis, pixels, wrapText } from "./wrap.js";

/** How a text is shown on one medium. */
export interface Use {
  readonly medium: Medium;
  /** Every face it is drawn in there; the first one decides where lines break. */
  readonly faces: readonly FaceName[];
  /** Pixels at which lines break, in the first face. */
  readonly wrap?: number;
  /** More lines than this end in an ellipsis. */
  readonly lines?: number;
}

export interface TextStyle {
  readonly base: BaseDirection;
  readonly uses: readonly Use[];
  /** Each character is set alone: as a piece of a line, or as a line. */
  readonly apart?: "pieces" | "lines";
}

export class TextTooLong extends Error {}

export class BundleWriter {
  readonly #records: Uint8Array[] = [];
  readonly #known = new Map<string, number>();
  /** Glyphs with ink by face. */
  readonly #glyphs = new Map<FaceName, Set<number>>();
  readonly #icons = new Map<number, GlyphMask>();

  get count(): number {
    return this.#records.length;
  }

  /** What was made of the text with this number. */
  record(id: number): Uint8Array {
    return this.#records[id]!;
  }

  /** The text's number. Equal texts in equal styles are stored once. Throws MissingCharacter and TextTooLong. */
  add(text: string, style: TextStyle): number {
    const key = JSON.stringify([text, style]);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const id = this.addDistinct(text, style);
    this.#known.set(key, id);
    return id;
  }

  /** The same without sharing: the text's number is the count before. */
  addDistinct(text: string, { base, uses, apart }: TextStyle): number {
    const where = `"${text.slice(0, 40)}"`;
    const layouts = new Map<string, { media: number; readonly bytes: number[] }>();
    for (const use of uses) {
      const lines = apart === "lines" ? Array.from(text) : brokenLines(text, base, use);
      if (lines.length > linesMax) throw new TextTooLong(`${where} has ${lines.length} lines; at most ${linesMax} fit`);
      const sets: number[] = [];
      let weights = 0;
      for (const weight of ["regular", "bold"] as const) {
        const used = use.faces.filter((name) => faces[name].bold === (weight === "bold"));
        if (used.length === 0) continue;
        weights |= weight === "bold" ? 2 : 1;
        const shaped = lines.map((line) =>
          apart === "pieces"
            ? Array.from(line, (character) => shapeLine(character, base, weight)).flat()
            : shapeLine(line, base, weight),
        );
        sets.push(shaped.length);
        for (const line of shaped) sets.push(...encodeLine(line, text));
        for (const name of used) for (const line of shaped) this.#need(name, line);
      }
      // media that break the text alike share a layout
      const key = JSON.stringify([weights, lines]);
      const known = layouts.get(key);
      if (known !== undefined) known.media |= 1 << use.medium;
      else layouts.set(key, { media: 1 << use.medium, bytes: [weights, ...big(sets.length, 2), ...sets] });
    }
    const record = Uint8Array.of(
      layouts.size,
      ...[...layouts.values()].flatMap(({ media, bytes }) => [media, ...bytes]),
    );
    if (record.length > textRecordMax)
      throw new TextTooLong(`${where} takes ${record.length} bytes; at most ${textRecordMax} fit`);
    if (this.#records.length === textsMax) throw new TextTooLong(`more than ${textsMax} texts`);
    this.#records.push(record);
    return this.#records.length - 1;
  }

  /** Glyphs of texts that are not known yet, such as digits. */
  #need(name: FaceName, line: Line): void {
    let set = this.#glyphs.get(name);
    if (set === undefined) this.#glyphs.set(name, (set = new Set()));
    for (const piece of line) if (piece.kind === "glyphs") for (const { glyph } of piece.glyphs) set.add(glyph);
  }

  addIcon(id: number, mask: GlyphMask): void {
    this.#icons.set(id, mask);
  }

  texts(): Uint8Array {
    const bytes = new Bytes();
    bytes.u32(this.#records.length);
    let offset = 4 + 4 * (this.#records.length + 1);
    for (const record of this.#records) {
      bytes.u32(offset);
      offset += record.length;
    }
    bytes.u32(offset);
    for (const record of this.#records) bytes.put(record);
    return bytes.take();
  }

  atlas(): Uint8Array {
    const tables: { face: Face; units: number; glyphs: [number, GlyphMask][] }[] = [];
    for (const [name, set] of [...this.#glyphs].sort((a, b) => faces[a[0]].id - faces[b[0]].id)) {
      const face = faces[name];
      const loaded = loadFont(face.bold ? "bold" : "regular");
      const glyphs = [...set]
        .sort((a, b) => a - b)
        .map((glyph): [number, GlyphMask] => [glyph, rasteriseGlyph(loaded, glyph, face.capital)!]);
      tables.push({ face, units: loaded.capitalUnits, glyphs });
    }
    if (this.#icons.size > 0)
      tables.push({ face: iconFace, units: 1, glyphs: [...this.#icons].sort((a, b) => a[0] - b[0]) });
    if (tables.length > facesMax) throw new TextTooLong(`more than ${facesMax} faces`);

    const bytes = new Bytes();
    bytes.u16(tables.length);
    let table = 2 + tables.length * 12;
    let mask = tables.reduce((sum, { glyphs }) => sum + glyphs.length * 14, table);
    for (const { face, units, glyphs } of tables) {
      if (glyphs.length > glyphsPerFaceMax) throw new TextTooLong(`more than ${glyphsPerFaceMax} glyphs in one size`);
      bytes.u8(face.id);
      bytes.u8(face.bold ? 1 : 0);
      bytes.u16(face.capital);
      bytes.u16(units);
      bytes.u16(glyphs.length);
      bytes.u32(table);
      table += glyphs.length * 14;
    }
    for (const { glyphs } of tables) {
      for (const [glyph, each] of glyphs) {
        if (each.width > maskSideMax || each.height > maskSideMax)
          throw new TextTooLong(`glyph ${glyph} is larger than ${maskSideMax} pixels`);
        bytes.u16(glyph);
        bytes.u16(each.left);
        bytes.u16(each.top);
        bytes.u16(each.width);
        bytes.u16(each.height);
        bytes.u32(mask);
        mask += each.mask.length;
      }
    }
    for (const { glyphs } of tables) for (const [, each] of glyphs) bytes.put(each.mask);
    return bytes.take();
  }
}

function brokenLines(text: string, base: BaseDirection, { faces: used, wrap, lines }: Use): string[] {
  const face = faces[used[0]!];
  const broken = wrapText(text, base, face, wrap);
  if (
    lines === undefined ||
    wrap === undefined ||
    (broken.length <= lines && broken.every((line) => pixels(line, base, face) <= wrap))
  )
    return broken;
  return endInEllipsis(text, base, face, wrap, lines);
}

export function lineCount(text: string, base: BaseDirection, use: Use): number {
  return brokenLines(text, base, use).length;
}

/** The widest line in pixels, for limits that a person must be told about. */
export function widestLine(text: string, base: BaseDirection, use: Use, name: FaceName): number {
  const face = faces[name];
  const weight: Weight = face.bold ? "bold" : "regular";
  return Math.max(
    ...brokenLines(text, base, use).map((line) => linePixels(shapeLine(line, base, weight), weight, face.capital)),
  );
}

function encodeLine(line: Line, text: string): number[] {
  const where = `"${text.slice(0, 40)}"`;
  if (line.length > piecesMax)
    throw new TextTooLong(`${where} has a line of ${line.length} pieces; at most ${piecesMax} fit`);
  const out: number[] = [line.length];
  for (const piece of line) {
    if (piece.kind === "slot") {
      out.push(piece.slot);
      continue;
    }
    if (piece.glyphs.length > pieceGlyphsMax)
      throw new TextTooLong(`${where} has a line of ${piece.glyphs.length} glyphs; at most ${pieceGlyphsMax} fit`);
    out.push(0x80, piece.glyphs.length, ...big(piece.advance, 4));
    let before = 0;
    for (const { glyph, x, y } of piece.glyphs) {
      out.push(...big(glyph, 2), ...signed(x - before), ...signed(y));
      before = x;
    }
  }
  return out;
}

/** Big endian, two's complement. */
function big(value: number, length: 2 | 4): number[] {
  const limit = 2 ** (8 * length);
  if (value < -limit / 2 || value >= limit) throw new RangeError(`${value} in ${length} bytes`);
  const unsigned = value < 0 ? value + limit : value;
  return length === 2
    ? [unsigned >> 8, unsigned & 255]
    : [(unsigned >>> 24) & 255, (unsigned >>> 16) & 255, (unsigned >>> 8) & 255, unsigned & 255];
}

function signed(value: number): number[] {
  if (value < -0x8000 || value > 0x7fff) throw new RangeError(`${value} in an i16`);
  return big(value, 2);
}

/** A growing byte string. */
class Bytes {
  #parts: Uint8Array[] = [];

  put(part: Uint8Array): void {
    this.#parts.push(part);
  }

  u8(value: number): void {
    this.put(Uint8Array.of(value));
  }

  u16(value: number): void {
    this.put(Uint8Array.from(big(value, 2)));
  }

  u32(value: number): void {
    this.put(Uint8Array.from(big(value, 4)));
  }

  take(): Uint8Array {
    return new Uint8Array(Buffer.concat(this.#parts));
  }
}
