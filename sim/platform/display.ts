// ECMA-419 section 13 display over the picture that the terminal shares with the harness; the cable carries what has changed.

import type { Display } from "../../firmware/platform.js";
import { Channel, DisplayOp } from "../cable.js";
import { bytesOf, wholeNumber } from "./arguments.js";
import { displaySize, displayWrite, send } from "./native/world.js";

export class CableDisplay implements Display {
  readonly width: number;
  readonly height: number;
  #rect: { readonly x: number; readonly y: number; readonly width: number; readonly height: number } | undefined;
  #row = 0;

  constructor() {
    const size = displaySize();
    this.width = Math.floor(size / 65536);
    this.height = size % 65536;
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
    displayWrite(rect.x, rect.y + this.#row, rect.width, rows, bytes);
    this.#row += rows;
  }

  end(): void {
    const rect = this.#rect;
    if (rect === undefined) throw new Error("display: end without begin");
    this.#rect = undefined;
    const words = [rect.x, rect.y, rect.width, rect.height];
    send(Channel.display, DisplayOp.rect, 0, Uint8Array.from(words.flatMap((word) => [word & 0xff, word >>> 8])));
  }
}
