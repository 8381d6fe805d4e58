// Vazirmatn (OFL) in two weights, as HarfBuzz sees it. Both weights number their glyphs alike; their advances differ.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Blob, Face, Font } from "harfbuzzjs";

export type Weight = "regular" | "bold";

export interface LoadedFont {
  readonly font: Font;
  readonly weight: Weight;
  readonly file: string;
  /**
   * Height of the capital I in font units: sizes are stated by it (VVSG 7.1-G), and OS/2 sCapHeight of this font is not
   * it.
   */
  readonly capitalUnits: number;
  readonly unitsPerEm: number;
}

const require = createRequire(import.meta.url);

function load(weight: Weight): LoadedFont {
  const file = require.resolve(`vazirmatn/fonts/ttf/Vazirmatn-${weight === "bold" ? "Bold" : "Regular"}.ttf`);
  const face = new Face(new Blob(new Uint8Array(readFileSync(file))));
  const font = new Font(face);
  const capital = font.nominalGlyph(0x49);
  const extents = capital === undefined ? undefined : font.glyphExtents(capital);
  if (extents === undefined) throw new Error(`${file} has no capital I`);
  return { font, weight, file, capitalUnits: extents.yBearing, unitsPerEm: face.upem };
}

const loaded = new Map<Weight, LoadedFont>();

export function loadFont(weight: Weight): LoadedFont {
  let font = loaded.get(weight);
  if (font === undefined) {
    font = load(weight);
    loaded.set(weight, font);
  }
  return font;
}
