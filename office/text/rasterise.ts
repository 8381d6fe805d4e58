// Outlines -> 4-bit alpha masks, packed as FORMAT.md says.

import { Path2D, createCanvas } from "@napi-rs/canvas";
import type { LoadedFont } from "./fonts.js";

export interface GlyphMask {
  /**
   * Pixels from the glyph's origin to the mask's first column, and from the baseline up to the top edge of its first
   * row.
   */
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly mask: Uint8Array;
}

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** An SVG path, y downwards, in pixels. `box` must hold it. */
export function rasterisePath(
  path: string,
  box: Box,
  options: { readonly scaleX?: number; readonly scaleY?: number; readonly strokeWidth?: number } = {},
): GlyphMask {
  const width = box.right - box.left;
  const height = box.bottom - box.top;
  const canvas = createCanvas(width, height);
  const context = canvas.getContext("2d");
  context.translate(-box.left, -box.top);
  context.scale(options.scaleX ?? 1, options.scaleY ?? 1);
  context.fillStyle = "#000";
  context.strokeStyle = "#000";
  if (options.strokeWidth !== undefined) {
    context.lineWidth = options.strokeWidth;
    context.stroke(new Path2D(path));
  } else context.fill(new Path2D(path));
  const { data } = context.getImageData(0, 0, width, height);
  const alphas = Uint8Array.from({ length: width * height }, (_, i) => Math.round((data[i * 4 + 3]! * 15) / 255));
  return { left: box.left, top: -box.top, width, height, mask: packMask(alphas) };
}

/** Alphas 0..15, row after row. Empty and full pixels come in runs; between them stands an edge of one or two. */
export function packMask(alphas: Uint8Array): Uint8Array {
  const nibbles: number[] = [];
  for (let at = 0; at < alphas.length; ) {
    const alpha = alphas[at]!;
    let alike = 1;
    if (alpha === 0 || alpha === 15) while (alike < 16 && alphas[at + alike] === alpha) alike++;
    nibbles.push(alpha);
    if (alpha === 0 || alpha === 15) nibbles.push(alike - 1);
    at += alike;
  }
  return Uint8Array.from(
    { length: (nibbles.length + 1) >> 1 },
    (_, i) => (nibbles[2 * i]! << 4) | (nibbles[2 * i + 1] ?? 0),
  );
}

/** Glyphs that were drawn before, by font and size: as many as a font has. */
const drawnGlyphs = new Map<string, GlyphMask | undefined>();

/** A glyph so large that a capital I is `capital` pixels high. Undefined when it has no ink. */
export function rasteriseGlyph(loaded: LoadedFont, glyph: number, capital: number): GlyphMask | undefined {
  const name = `${loaded.weight} ${capital} ${glyph}`;
  if (!drawnGlyphs.has(name)) drawnGlyphs.set(name, drawnGlyph(loaded, glyph, capital));
  return drawnGlyphs.get(name);
}

function drawnGlyph(loaded: LoadedFont, glyph: number, capital: number): GlyphMask | undefined {
  const scale = capital / loaded.capitalUnits;
  const extents = loaded.font.glyphExtents(glyph);
  if (extents === undefined || extents.width === 0 || extents.height === 0) return undefined;
  const box = {
    left: Math.floor(extents.xBearing * scale),
    right: Math.ceil((extents.xBearing + extents.width) * scale),
    top: Math.floor(-extents.yBearing * scale),
    bottom: Math.ceil(-(extents.yBearing + extents.height) * scale),
  };
  return rasterisePath(loaded.font.glyphToPath(glyph), box, { scaleX: scale, scaleY: -scale });
}
