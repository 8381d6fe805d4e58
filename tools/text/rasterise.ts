// Outlines -> 4-bit alpha masks. Two pixels a byte, high nibble first, rows padded to whole bytes.

import { Path2D, createCanvas } from "@napi-rs/canvas";
import type { LoadedFont } from "./fonts.js";

export interface GlyphMask {
  /** Pixels from the glyph's origin to the mask's first column, and from the baseline up to the top edge of its first row. */
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
export function rasterisePath(path: string, box: Box, options: { readonly scaleX?: number; readonly scaleY?: number; readonly strokeWidth?: number } = {}): GlyphMask {
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
  const stride = (width + 1) >> 1;
  const mask = new Uint8Array(stride * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const alpha = Math.round((data[(y * width + x) * 4 + 3]! * 15) / 255);
      mask[y * stride + (x >> 1)]! |= x % 2 === 0 ? alpha << 4 : alpha;
    }
  }
  return { left: box.left, top: -box.top, width, height, mask };
}

/** A glyph so large that a capital I is `capital` pixels high. Undefined when it has no ink. */
export function rasteriseGlyph(loaded: LoadedFont, glyph: number, capital: number): GlyphMask | undefined {
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
