// ECMA-419 section 13 display (PixelsOut) over whatever copies a rectangle of pixels to the panel.

import type { Display } from "../firmware/platform.js";
import { bytesOf, wholeNumber } from "./arguments.js";

export interface PanelMemory {
  /** pixels */
  readonly width: number;
  readonly height: number;
  /** Copies `rows` rows of `width` RGB565 pixels to (x, y). */
  write(x: number, y: number, width: number, rows: number, pixels: Uint8Array): void;
  /** The rectangle is complete. */
  done(x: number, y: number, width: number, height: number): void;
}

export class RectangleDisplay implements Display {
  readonly #memory: PanelMemory;
  readonly width: number;
  readonly height: number;
  #rect: { readonly x: number; readonly y: number; readonly width: number; readonly height: number } | undefined;
  #row = 0;

  constructor(memory: PanelMemory) {
    this.#memory = memory;
    this.width = memory.width;
    this.height = memory.height;
  }

  begin(x: number, y: number, width: number, height: number): void {
    if (this.#rect !== undefined) throw new Error("display: begin without end");
    wholeNumber(x, 0, this.width, "display: x");
    wholeNumber(y, 0, this.height, "display: y");
    wholeNumber(width, 1, this.width - x, "display: width");
    wholeNumber(height, 1, this.height - y, "display: height");
    this.#rect = { x, y, width, height };
    this.#row = 0;
  }

  send(pixels: Uint8Array): void {
    const rect = this.#rect;
    if (rect === undefined) throw new Error("display: send without begin");
    const bytes = bytesOf(pixels, "display: pixels");
    const rows = wholeNumber(bytes.length / (2 * rect.width), 0, rect.height - this.#row, "display: rows");
    this.#memory.write(rect.x, rect.y + this.#row, rect.width, rows, bytes);
    this.#row += rows;
  }

  end(): void {
    const rect = this.#rect;
    if (rect === undefined) throw new Error("display: end without begin");
    this.#rect = undefined;
    this.#memory.done(rect.x, rect.y, rect.width, rect.height);
  }
}
