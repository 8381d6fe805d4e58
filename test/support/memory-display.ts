// A display that keeps what it was sent.

import type { Display } from "../../firmware/platform.js";

export class MemoryDisplay implements Display {
  readonly width = 1024;
  readonly height = 600;
  readonly pixels = new Uint8Array(2 * 1024 * 600);
  /** Rectangles begun. */
  readonly rectangles: { x: number; y: number; width: number; height: number }[] = [];
  #row = 0;

  begin(x: number, y: number, width: number, height: number): void {
    if (x < 0 || y < 0 || width <= 0 || height <= 0 || x + width > this.width || y + height > this.height)
      throw new RangeError(`rectangle ${x} ${y} ${width} ${height}`);
    this.rectangles.push({ x, y, width, height });
    this.#row = 0;
  }

  send(pixels: Uint8Array): void {
    const area = this.rectangles.at(-1)!;
    const rows = pixels.length / (2 * area.width);
    if (!Number.isInteger(rows) || this.#row + rows > area.height)
      throw new RangeError("whole rows inside the rectangle");
    for (let i = 0; i < rows; i++, this.#row++)
      this.pixels.set(
        pixels.subarray(2 * area.width * i, 2 * area.width * (i + 1)),
        2 * ((area.y + this.#row) * this.width + area.x),
      );
  }

  end(): void {
    if (this.#row !== this.rectangles.at(-1)!.height) throw new RangeError("rectangle not filled");
  }
}
