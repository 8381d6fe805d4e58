// A picture of a candidate -> 60 x 80 pixels of 16 levels of ink, all of one size and one treatment: the middle of it
// in the ratio 3 to 4, without colour, dithered, so that no candidate's stands out by its print.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createCanvas, loadImage } from "@napi-rs/canvas";
import { photoHeight, photoWidth } from "../../firmware/election/layout.js";
import { packMask } from "../text/rasterise.js";
import type { ElectionDefinition } from "./definition.js";

/** PNG, JPEG or WebP. Throws for a file that is none. */
export async function packPhoto(file: Uint8Array): Promise<Uint8Array> {
  const image = await loadImage(Buffer.from(file));
  const scale = Math.max(photoWidth / image.width, photoHeight / image.height);
  const canvas = createCanvas(photoWidth, photoHeight);
  const context = canvas.getContext("2d");
  context.fillStyle = "#fff";
  context.fillRect(0, 0, photoWidth, photoHeight);
  context.drawImage(
    image,
    (photoWidth - image.width * scale) / 2,
    (photoHeight - image.height * scale) / 2,
    image.width * scale,
    image.height * scale,
  );
  const { data } = context.getImageData(0, 0, photoWidth, photoHeight);
  return packMask(
    dithered(Float64Array.from({ length: photoWidth * photoHeight }, (_, i) => (15 * (255 - luma(data, 4 * i))) / 255)),
  );
}

/** ITU-R BT.709. */
function luma(data: Uint8ClampedArray, at: number): number {
  return 0.2126 * data[at]! + 0.7152 * data[at + 1]! + 0.0722 * data[at + 2]!;
}

/** Floyd and Steinberg's diffusion of what rounding to a level leaves. */
function dithered(ink: Float64Array): Uint8Array {
  const out = new Uint8Array(ink.length);
  const spread = (x: number, y: number, error: number): void => {
    if (x >= 0 && x < photoWidth && y < photoHeight) ink[y * photoWidth + x]! += error;
  };
  for (let y = 0; y < photoHeight; y++) {
    for (let x = 0; x < photoWidth; x++) {
      const at = y * photoWidth + x;
      const level = Math.max(0, Math.min(15, Math.round(ink[at]!)));
      const error = ink[at]! - level;
      out[at] = level;
      spread(x + 1, y, (error * 7) / 16);
      spread(x - 1, y + 1, (error * 3) / 16);
      spread(x, y + 1, (error * 5) / 16);
      spread(x + 1, y + 1, error / 16);
    }
  }
  return out;
}

/** Every photo of a definition, by its name there; files are in `directory`. Throws PhotoProblem. */
export async function packPhotos(definition: ElectionDefinition, directory: string): Promise<Map<string, Uint8Array>> {
  const packed = new Map<string, Uint8Array>();
  for (const { options } of definition.contests) {
    for (const { photo, code } of options) {
      if (photo === undefined || packed.has(photo)) continue;
      try {
        packed.set(photo, await packPhoto(readFileSync(join(directory, photo))));
      } catch (thrown) {
        throw new PhotoProblem(
          `the photo of option ${code}, ${photo}, cannot be read (${(thrown as Error).message}): give a PNG, JPEG or WebP file`,
        );
      }
    }
  }
  return packed;
}

export class PhotoProblem extends Error {}
