// npm run screens -- --out DIR [--size 0..3] [--contrast normal|high|low]
// Draws every screen in both languages into DIR, and all of them on one page, sheet.png, for people to look at.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createCanvas } from "@napi-rs/canvas";
import { type Settings, settingsAtRest } from "../../firmware/settings.js";
import { pngFromRgb565 } from "../../sim/png.js";
import { draw, shown } from "./views.js";

const usage = "usage: screens --out DIR [--size 0..3] [--contrast normal|high|low]";
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

function main(): number {
  const { values } = parseArgs({ options: { out: { type: "string" }, size: { type: "string", default: "1" }, contrast: { type: "string", default: "normal" } } });
  const size = Number(values.size) as Settings["size"];
  const contrast = values.contrast as Settings["contrast"];
  if (values.out === undefined || ![0, 1, 2, 3].includes(size) || !["normal", "high", "low"].includes(contrast)) {
    process.stderr.write(`${usage}\n`);
    return 2;
  }
  mkdirSync(values.out, { recursive: true });
  const names = Object.keys(shown);
  const [cellWidth, cellHeight] = [Math.floor(width / part) + 8, height / part + 8];
  const canvas = createCanvas(columns * cellWidth, Math.ceil((2 * names.length) / columns) * cellHeight);
  const context = canvas.getContext("2d");
  const image = context.getImageData(0, 0, canvas.width, canvas.height);
  image.data.fill(128);
  names.forEach((name, i) => {
    (["fa", "en"] as const).forEach((language, j) => {
      const { display } = draw(shown[name]!, { ...settingsAtRest, language, size, contrast });
      writeFileSync(join(values.out!, `${name}.${language}.png`), pngFromRgb565(width, height, display.pixels));
      const cell = 2 * i + j;
      thumbnail(display.pixels, image.data, canvas.width, 4 + (cell % columns) * cellWidth, 4 + Math.floor(cell / columns) * cellHeight);
    });
  });
  context.putImageData(image, 0, 0);
  const sheet = join(values.out, "sheet.png");
  writeFileSync(sheet, canvas.toBuffer("image/png"));
  process.stdout.write(`${2 * names.length} screens, all of them on ${sheet}\n`);
  return 0;
}

process.exitCode = main();
