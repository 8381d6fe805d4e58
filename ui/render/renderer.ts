// Draws the rectangles of a picture that have changed and sends them to the display, band by band: there is never a
// whole picture in memory.

import type { Blender, Display } from "../../firmware/platform.js";
import type { Typesetter } from "../text/typesetter.js";
import type { Rectangle } from "./dirty.js";

/** Pixels drawn at once: 40 whole rows of the screen, 80 KB. */
export const bandPixels = 1024 * 40;

export class Renderer {
  readonly #display: Display;
  readonly #blender: Blender;
  readonly #set: Typesetter;
  readonly #band = new Uint8Array(2 * bandPixels);

  constructor(options: { readonly display: Display; readonly blender: Blender; readonly set: Typesetter }) {
    this.#display = options.display;
    this.#blender = options.blender;
    this.#set = options.set;
  }

  /** `items` of the list are the picture; the first must cover the screen. Does nothing when no rectangle is given. */
  show(list: Int32Array<ArrayBuffer>, items: number, rectangles: readonly Rectangle[]): void {
    if (rectangles.length === 0) return;
    for (let i = 0; i < rectangles.length; i++) this.#draw(list, items, rectangles[i]!);
    // what was on the screen of one voter does not stay in memory
    this.#blender.wipe(this.#band);
  }

  #draw(list: Int32Array<ArrayBuffer>, items: number, { x, y, width, height }: Rectangle): void {
    const { text, packBytes } = this.#set.source;
    const rows = Math.min(height, Math.floor(bandPixels / width));
    const band = this.#band.subarray(0, 2 * width * rows);
    this.#display.begin(x, y, width, height);
    for (let done = 0; done < height; done += rows) {
      const now = Math.min(rows, height - done);
      this.#blender.paint565(
        band,
        width,
        x,
        y + done,
        now,
        list.buffer,
        items,
        this.#set.store.buffer,
        text.atlas.bytes,
        packBytes,
      );
      this.#display.send(now === rows ? band : band.subarray(0, 2 * width * now));
    }
    this.#display.end();
  }
}
