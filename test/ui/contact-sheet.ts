// Draws every screen in both languages into a folder, and all of them on one page, sheet.png, for people to look at.
// npx sandogh screens starts it.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createCanvas } from "@napi-rs/canvas";
import { settingsAtRest } from "../../firmware/settings.js";
import { pngFromRgb565 } from "../../sim/png.js";
import { answer } from "../../tools/command-line/child.js";
import type { ScreensRequest } from "../../tools/commands/screens.js";
import { draw, shown } from "./views.js";

const [width, height] = [1024, 600];
/** A small picture is a third of the screen; the two languages stand side by side, three pairs in a row. */
const part = 3;
const columns = 6;

function thumbnail(pixels: Uint8Array, out: Uint8ClampedArray, stride: number, left: number, top: number): void {
  for (let y = 0; y < height / part; y++) {
    for (let x = 0; x < Math.floor(width / part); x++) {
      const sum = [0, 0, 0];
      for (let dy = 0; dy < part; dy++) {
        for (let dx = 0; dx < part; dx++) {
          const at = 2 * ((y * part + dy) * width + x * part + dx);
          const value = pixels[at]! | (pixels[at + 1]! << 8);
          sum[0]! += (value >> 11) << 3;
          sum[1]! += ((value >> 5) & 63) << 2;
          sum[2]! += (value & 31) << 3;
        }
      }
      const to = 4 * ((top + y) * stride + left + x);
      for (let channel = 0; channel < 3; channel++) out[to + channel] = sum[channel]! / (part * part);
      out[to + 3] = 255;
    }
  }
}

await answer<ScreensRequest>("sandogh screens", async ({ out, size, contrast }, talk) => {
  mkdirSync(out, { recursive: true });
  const names = Object.keys(shown);
  const [cellWidth, cellHeight] = [Math.floor(width / part) + 8, height / part + 8];
  const canvas = createCanvas(columns * cellWidth, Math.ceil((2 * names.length) / columns) * cellHeight);
  const context = canvas.getContext("2d");
  const image = context.getImageData(0, 0, canvas.width, canvas.height);
  image.data.fill(128);
  await talk.during("drawing", (progress) =>
    names.forEach((name, i) => {
      (["fa", "en"] as const).forEach((language, j) => {
        const { display } = draw(shown[name]!, { ...settingsAtRest, language, size, contrast });
        writeFileSync(join(out, `${name}.${language}.png`), pngFromRgb565(width, height, display.pixels));
        const cell = 2 * i + j;
        const [left, top] = [4 + (cell % columns) * cellWidth, 4 + Math.floor(cell / columns) * cellHeight];
        thumbnail(display.pixels, image.data, canvas.width, left, top);
        progress.at(cell + 1, 2 * names.length, "screens");
      });
    }),
  );
  context.putImageData(image, 0, 0);
  const sheet = join(out, "sheet.png");
  writeFileSync(sheet, canvas.toBuffer("image/png"));
  talk.result({ out, sheet, screens: 2 * names.length }, [`${2 * names.length} screens, all of them on ${sheet}`]);
  return 0;
});
