// Shows a picture on the display: what differs from the picture before is found by the items' names, and only those rectangles
// are drawn and sent, band by band.

import type { Blender, Display } from "../../firmware/platform.js";
import type { Atlas } from "../text/atlas.js";
import { ScreenBand } from "./canvas.js";
import { type Item, type Rectangle, boundsOf, drawItem, sameItem } from "./items.js";

/** Pixels drawn at once: 40 whole rows of the screen, 80 KB. */
export const bandPixels = 1024 * 40;
/** Rectangles sent for one picture; more are joined into one. */
export const rectanglesMax = 16;

export class Renderer {
  readonly #display: Display;
  readonly #icons: Atlas;
  readonly #band: ScreenBand;
  #shown: readonly Item[] | undefined;

  constructor(options: { readonly display: Display; readonly blender: Blender; readonly icons: Atlas }) {
    this.#display = options.display;
    this.#icons = options.icons;
    this.#band = new ScreenBand(options.blender, bandPixels);
  }

  /** The first picture, and any after `forget`, is sent whole. The first item must cover the screen. */
  show(items: readonly Item[]): void {
    for (const rectangle of this.#changed(items)) this.#draw(items, rectangle);
    this.#shown = items;
    // what was on the screen of one voter does not stay in memory
    this.#band.bitmap.fill(0);
  }

  forget(): void {
    this.#shown = undefined;
  }

  #changed(items: readonly Item[]): readonly Rectangle[] {
    const screen = { x: 0, y: 0, width: this.#display.width, height: this.#display.height };
    if (this.#shown === undefined) return [screen];
    const before = new Map<string, Item>();
    for (const item of this.#shown) before.set(item.id, item);
    const dirty = new Dirty(screen);
    for (const item of items) {
      const old = before.get(item.id);
      before.delete(item.id);
      if (old !== undefined && sameItem(old, item)) continue;
      if (old !== undefined) dirty.add(boundsOf(old, this.#icons));
      dirty.add(boundsOf(item, this.#icons));
    }
    for (const gone of before.values()) dirty.add(boundsOf(gone, this.#icons));
    return dirty.rectangles;
  }

  #draw(items: readonly Item[], area: Rectangle): void {
    const inside: Item[] = [];
    for (const item of items) if (overlap(boundsOf(item, this.#icons), area)) inside.push(item);
    const rows = Math.floor(bandPixels / area.width);
    this.#display.begin(area.x, area.y, area.width, area.height);
    for (let done = 0; done < area.height; done += rows) {
      const height = Math.min(rows, area.height - done);
      this.#band.place(area.x, area.y + done, area.width, height);
      for (const item of inside) drawItem(this.#band, item, this.#icons);
      this.#display.send(this.#band.bitmap.subarray(0, 2 * area.width * height));
    }
    this.#display.end();
  }
}

/** Rectangles to draw again; overlapping ones become one, so that no pixel is drawn twice. */
class Dirty {
  readonly #screen: Rectangle;
  rectangles: Rectangle[] = [];

  constructor(screen: Rectangle) {
    this.#screen = screen;
  }

  add(rectangle: Rectangle): void {
    let joined = cut(rectangle, this.#screen);
    if (joined.width <= 0 || joined.height <= 0) return;
    for (let i = 0; i < this.rectangles.length; ) {
      const each = this.rectangles[i]!;
      if (overlap(each, joined) || this.rectangles.length >= rectanglesMax) {
        joined = union(each, joined);
        this.rectangles.splice(i, 1);
        // the larger one may reach those that were passed over
        i = 0;
      } else i++;
    }
    this.rectangles.push(joined);
  }
}

function overlap(a: Rectangle, b: Rectangle): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

function union(a: Rectangle, b: Rectangle): Rectangle {
  const x = Math.min(a.x, b.x);
  const y = Math.min(a.y, b.y);
  return { x, y, width: Math.max(a.x + a.width, b.x + b.width) - x, height: Math.max(a.y + a.height, b.y + b.height) - y };
}

function cut(a: Rectangle, to: Rectangle): Rectangle {
  const x = Math.max(a.x, to.x);
  const y = Math.max(a.y, to.y);
  return { x, y, width: Math.min(a.x + a.width, to.x + to.width) - x, height: Math.min(a.y + a.height, to.y + to.height) - y };
}
