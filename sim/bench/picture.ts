// The terminal's picture on its way to the pages: what was drawn since the last look, as one rectangle.

import type { Rect } from "../terminal.js";

export const pictureWidth = 1024;
export const pictureHeight = 600;
export const wholePicture: Rect = { x: 0, y: 0, width: pictureWidth, height: pictureHeight };

export class DirtyArea {
  #area: Rect | undefined;

  add(rect: Rect): void {
    const area = this.#area;
    if (area === undefined) {
      this.#area = rect;
      return;
    }
    const x = Math.min(area.x, rect.x);
    const y = Math.min(area.y, rect.y);
    this.#area = {
      x,
      y,
      width: Math.max(area.x + area.width, rect.x + rect.width) - x,
      height: Math.max(area.y + area.height, rect.y + rect.height) - y,
    };
  }

  /** What is dirty; nothing is any more. */
  take(): Rect | undefined {
    const area = this.#area;
    this.#area = undefined;
    return area;
  }
}

/**
 * A message to the page: 0x01, 0x00, then x, y, width and height as 16 bits each, big endian, then the pixels row by
 * row as RGB565, little endian. `picture`: the whole frame; when it is empty, because the power is off, the pixels are
 * black.
 */
export function pictureMessage(picture: Uint8Array, rect: Rect): Uint8Array {
  const { x, y, width, height } = rect;
  const message = Buffer.alloc(10 + 2 * width * height);
  message[0] = 0x01;
  [x, y, width, height].forEach((value, i) => message.writeUInt16BE(value, 2 + 2 * i));
  if (picture.length === 0) return message;
  for (let row = 0; row < height; row++) {
    const from = 2 * ((y + row) * pictureWidth + x);
    message.set(picture.subarray(from, from + 2 * width), 10 + 2 * width * row);
  }
  return message;
}

/**
 * A message to the page: 0x02, 0x00, the number of the slip in the window as 16 bits, the first row as 32 bits, both
 * big endian, then rows of 72 bytes, 1 = black, most significant bit left.
 */
export function paperMessage(slip: number, firstRow: number, rows: Uint8Array): Uint8Array {
  const message = Buffer.alloc(8 + rows.length);
  message[0] = 0x02;
  message.writeUInt16BE(slip & 0xffff, 2);
  message.writeUInt32BE(firstRow, 4);
  message.set(rows, 8);
  return message;
}
