// Shaped texts -> runs of masks with their places in pixels, numbers put in.

import type { ElectionPackage, TextId } from "../../firmware/election/types.js";
import type { Language } from "../../firmware/session/view.js";
import type { TextKey } from "../strings.js";
import { Atlas, type Glyph } from "./atlas.js";
import type { TextBundle } from "./bundle.js";
import { type FaceName, faces } from "./faces.js";
import { type GlyphPiece, type TextLine, checkRecord, readLines } from "./texts.js";

/** One line, ready to draw. Places are in pixels from its left end and its baseline, y downwards. */
export interface Run {
  readonly atlas: Atlas;
  readonly width: number;
  readonly glyphs: readonly Glyph[];
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** Two runs with the same name are drawn alike. */
  readonly name: string;
}

export class Typesetter {
  readonly text: TextBundle;
  readonly #pack: { readonly pack: ElectionPackage; readonly atlas: Atlas } | undefined;

  /** Throws for a package whose atlas is malformed: it was signed so, and a terminal that cannot draw names must stop. */
  constructor(text: TextBundle, pack: ElectionPackage | undefined) {
    this.text = text;
    if (pack === undefined) return;
    const atlas = Atlas.open(pack.glyphs());
    if (!atlas.ok) throw new Error(`package atlas, byte ${atlas.error.at}: expected ${atlas.error.what}`);
    this.#pack = { pack, atlas: atlas.value };
  }

  /** The lines of one of the image's own texts; `numbers` fill its places. */
  lines(key: TextKey, face: FaceName, language: Language, numbers: readonly number[] = []): Run[] {
    const lines = readLines(this.text.record(key, language), faces[face].bold);
    const name = `${key} ${language} ${face} ${numbers.join(" ")}`;
    return lines.map((line, i) => set(this.text.atlas, face, `${name} ${i}`, this.#fill(line, face, language, numbers)));
  }

  /** The first line. */
  line(key: TextKey, face: FaceName, language: Language, numbers: readonly number[] = []): Run {
    return this.lines(key, face, language, numbers)[0]!;
  }

  /** Digits as they are typed: "007" stays as it is. */
  digits(digits: string, face: FaceName, language: Language): Run {
    return set(this.text.atlas, face, `digits ${language} ${face} ${digits}`, this.#digits(digits, face, language));
  }

  /** A text of the election package. Throws for a record that is malformed. */
  packed(id: TextId, face: FaceName): Run {
    if (this.#pack === undefined) throw new Error("no package to take a text from");
    const record = this.#pack.pack.text(id);
    const good = checkRecord(record);
    if (!good.ok) throw new Error(`package text ${id}, byte ${good.error.at}: expected ${good.error.what}`);
    const line = readLines(record, faces[face].bold)[0]!;
    return set(this.#pack.atlas, face, `text ${id} ${face}`, line as readonly GlyphPiece[]);
  }

  #fill(line: TextLine, face: FaceName, language: Language, numbers: readonly number[]): GlyphPiece[] {
    const out: GlyphPiece[] = [];
    for (const piece of line) {
      if (piece.kind === "glyphs") out.push(piece);
      else out.push(...this.#digits(String(numbers[piece.slot] ?? ""), face, language));
    }
    return out;
  }

  #digits(digits: string, face: FaceName, language: Language): GlyphPiece[] {
    const out: GlyphPiece[] = [];
    for (const digit of digits) {
      const line = readLines(this.text.record(`digit.${digit}` as TextKey, language), faces[face].bold)[0]!;
      for (const piece of line) if (piece.kind === "glyphs") out.push(piece);
    }
    return out;
  }
}

function set(atlas: Atlas, faceName: FaceName, name: string, pieces: readonly GlyphPiece[]): Run {
  const face = faces[faceName];
  const glyphs: Glyph[] = [];
  const xs: number[] = [];
  const ys: number[] = [];
  let pen = 0;
  for (const piece of pieces) {
    for (let i = 0; i < piece.glyphs.length; i++) {
      const glyph = atlas.glyph(face, piece.glyphs[i]!);
      glyphs.push(glyph);
      xs.push(atlas.scale(face, pen + piece.x[i]!) + glyph.left);
      ys.push(-atlas.scale(face, piece.y[i]!) - glyph.top);
    }
    pen += piece.advance;
  }
  return { atlas, width: atlas.scale(face, pen), glyphs, x: xs, y: ys, name };
}
