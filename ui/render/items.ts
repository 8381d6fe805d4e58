// A picture is a list of items, back to front. Each has a name of its own in the picture, so that two pictures can be compared.

import { type Atlas, type Glyph } from "../text/atlas.js";
import { iconFace } from "../text/faces.js";
import type { Run } from "../text/typesetter.js";
import type { Canvas } from "./canvas.js";
import { type Radius, discIcon } from "./icons.js";

export interface BoxItem {
  readonly kind: "box";
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly fill: number;
  /** 0: sharp corners */
  readonly radius: Radius | 0;
}

export interface TextItem {
  readonly kind: "text";
  readonly id: string;
  /** Left end and baseline. */
  readonly x: number;
  readonly y: number;
  readonly run: Run;
  readonly color: number;
}

export interface IconItem {
  readonly kind: "icon";
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly icon: number;
  readonly color: number;
}

export type Item = BoxItem | TextItem | IconItem;

export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export function sameItem(a: Item, b: Item): boolean {
  if (a.kind !== b.kind || a.x !== b.x || a.y !== b.y) return false;
  switch (a.kind) {
    case "box": {
      const other = b as BoxItem;
      return a.width === other.width && a.height === other.height && a.fill === other.fill && a.radius === other.radius;
    }
    case "text":
      return a.color === (b as TextItem).color && a.run.name === (b as TextItem).run.name;
    case "icon":
      return a.color === (b as IconItem).color && a.icon === (b as IconItem).icon;
  }
}

/** Where the item's pixels are. */
export function boundsOf(item: Item, icons: Atlas): Rectangle {
  switch (item.kind) {
    case "box":
      return item;
    case "icon": {
      const glyph = icons.glyph(iconFace, item.icon);
      return { x: item.x + glyph.left, y: item.y - glyph.top, width: glyph.width, height: glyph.height };
    }
    case "text": {
      const { run } = item;
      let left = 0;
      let top = 0;
      let right = 0;
      let bottom = 0;
      for (let i = 0; i < run.glyphs.length; i++) {
        const glyph = run.glyphs[i]!;
        const x = run.x[i]!;
        const y = run.y[i]!;
        if (i === 0 || x < left) left = x;
        if (i === 0 || y < top) top = y;
        if (i === 0 || x + glyph.width > right) right = x + glyph.width;
        if (i === 0 || y + glyph.height > bottom) bottom = y + glyph.height;
      }
      return { x: item.x + left, y: item.y + top, width: right - left, height: bottom - top };
    }
  }
}

export function drawItem(canvas: Canvas, item: Item, icons: Atlas): void {
  switch (item.kind) {
    case "box":
      drawBox(canvas, item, icons);
      return;
    case "icon": {
      const glyph = icons.glyph(iconFace, item.icon);
      drawGlyph(canvas, icons, glyph, item.x + glyph.left, item.y - glyph.top, item.color);
      return;
    }
    case "text": {
      const { run } = item;
      for (let i = 0; i < run.glyphs.length; i++) drawGlyph(canvas, run.atlas, run.glyphs[i]!, item.x + run.x[i]!, item.y + run.y[i]!, item.color);
    }
  }
}

function drawGlyph(canvas: Canvas, atlas: Atlas, glyph: Glyph, x: number, y: number, color: number): void {
  if (glyph.width > 0) canvas.mask(atlas.bytes, glyph.mask, glyph.width, glyph.height, x, y, color);
}

/** Rounded corners are the quarters of a disc, the rest is three rectangles. */
function drawBox(canvas: Canvas, { x, y, width, height, fill, radius }: BoxItem, icons: Atlas): void {
  if (radius === 0) {
    canvas.fill(x, y, width, height, fill);
    return;
  }
  canvas.fill(x, y + radius, width, height - 2 * radius, fill);
  canvas.fill(x + radius, y, width - 2 * radius, radius, fill);
  canvas.fill(x + radius, y + height - radius, width - 2 * radius, radius, fill);
  const disc = icons.glyph(iconFace, discIcon(radius));
  for (let corner = 0; corner < 4; corner++) {
    const left = corner % 2 === 0 ? x : x + width - radius;
    const top = corner < 2 ? y : y + height - radius;
    const discX = corner % 2 === 0 ? x : x + width - 2 * radius;
    const discY = corner < 2 ? y : y + height - 2 * radius;
    canvas.mask(icons.bytes, disc.mask, disc.width, disc.height, discX, discY, fill, { left, top, right: left + radius, bottom: top + radius });
  }
}
