// What drawing code draws on: a band of the colour screen, or of the slip. It takes coordinates of the whole picture and clips.

import type { Blender } from "../../firmware/platform.js";

export interface Canvas {
  /** Coordinates of the whole picture; clipped. */
  fill(x: number, y: number, width: number, height: number, color: number): void;
  /** A 4-bit mask with its upper left corner at (x, y), inside the band and the rectangle left, top, right, bottom. */
  mask(bytes: Uint8Array, at: number, width: number, height: number, x: number, y: number, color: number, clip?: Clip): void;
}

export interface Clip {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** A rectangle of the screen in RGB565. One buffer serves all bands; `place` says which part of the screen it is now. */
export class ScreenBand implements Canvas {
  readonly bitmap: Uint8Array;
  readonly #blender: Blender;
  #left = 0;
  #top = 0;
  #width = 0;
  #height = 0;

  /** `pixels`: room of the buffer. */
  constructor(blender: Blender, pixels: number) {
    this.#blender = blender;
    this.bitmap = new Uint8Array(2 * pixels);
  }

  place(left: number, top: number, width: number, height: number): void {
    this.#left = left;
    this.#top = top;
    this.#width = width;
    this.#height = height;
  }

  fill(x: number, y: number, width: number, height: number, color: number): void {
    const left = Math.max(0, x - this.#left);
    const top = Math.max(0, y - this.#top);
    const right = Math.min(this.#width, x - this.#left + width);
    const bottom = Math.min(this.#height, y - this.#top + height);
    if (left < right && top < bottom) this.#blender.fill565(this.bitmap, this.#width, left, top, right - left, bottom - top, color);
  }

  mask(bytes: Uint8Array, at: number, width: number, height: number, x: number, y: number, color: number, clip?: Clip): void {
    const left = clip === undefined ? 0 : Math.max(0, clip.left - this.#left);
    const top = clip === undefined ? 0 : Math.max(0, clip.top - this.#top);
    const right = clip === undefined ? this.#width : Math.min(this.#width, clip.right - this.#left);
    const bottom = clip === undefined ? this.#height : Math.min(this.#height, clip.bottom - this.#top);
    const bandX = x - this.#left;
    const bandY = y - this.#top;
    // most glyphs of a screen lie outside of a band: not worth a call
    if (bandX >= right || bandY >= bottom || bandX + width <= left || bandY + height <= top) return;
    this.#blender.mask565(this.bitmap, this.#width, left, top, right, bottom, bytes, at, width, height, bandX, bandY, color);
  }
}

/** Rows of the slip: 1 bit a dot, most significant bit left, 1 = black. Colours: 0 = white, anything else black. */
export class SlipBand implements Canvas {
  readonly bitmap: Uint8Array;
  readonly #blender: Blender;
  readonly #stride: number;
  #top = 0;
  #rows = 0;

  constructor(blender: Blender, stride: number, rows: number) {
    this.#blender = blender;
    this.#stride = stride;
    this.bitmap = new Uint8Array(stride * rows);
  }

  place(top: number, rows: number): void {
    this.#top = top;
    this.#rows = rows;
    this.bitmap.fill(0);
  }

  fill(x: number, y: number, width: number, height: number, color: number): void {
    const left = Math.max(0, x);
    const right = Math.min(this.#stride * 8, x + width);
    const top = Math.max(0, y - this.#top);
    const bottom = Math.min(this.#rows, y - this.#top + height);
    for (let row = top; row < bottom; row++) {
      for (let column = left; column < right; column++) {
        const byte = row * this.#stride + (column >> 3);
        const bit = 0x80 >> (column & 7);
        if (color === 0) this.bitmap[byte]! &= ~bit;
        else this.bitmap[byte]! |= bit;
      }
    }
  }

  mask(bytes: Uint8Array, at: number, width: number, height: number, x: number, y: number, _color: number, clip?: Clip): void {
    const left = clip === undefined ? 0 : Math.max(0, clip.left);
    const top = clip === undefined ? 0 : Math.max(0, clip.top - this.#top);
    const right = clip === undefined ? this.#stride * 8 : Math.min(this.#stride * 8, clip.right);
    const bottom = clip === undefined ? this.#rows : Math.min(this.#rows, clip.bottom - this.#top);
    const bandY = y - this.#top;
    if (x >= right || bandY >= bottom || x + width <= left || bandY + height <= top) return;
    this.#blender.mask1(this.bitmap, this.#stride, left, top, right, bottom, bytes, at, width, height, x, bandY);
  }
}
