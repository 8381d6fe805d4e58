// PNG (ISO/IEC 15948) with just the two kinds of picture that the harness writes: 1-bit paper and RGB screens.

import { deflateSync } from "node:zlib";

const SIGNATURE = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

const crcTable = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = (c & 1) !== 0 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});

function crc32(bytes: Uint8Array): number {
  let c = 0xffffffff;
  for (const byte of bytes) c = crcTable[(c ^ byte) & 0xff]! ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const out = Buffer.alloc(12 + data.length);
  out.writeUInt32BE(data.length, 0);
  out.write(type, 4, "latin1");
  out.set(data, 8);
  out.writeUInt32BE(crc32(out.subarray(4, 8 + data.length)), 8 + data.length);
  return out;
}

function png(width: number, height: number, bitDepth: number, colorType: number, scanlines: Uint8Array): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = bitDepth;
  header[9] = colorType;
  return Buffer.concat([
    SIGNATURE,
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(scanlines)),
    chunk("IEND", new Uint8Array(0)),
  ]);
}

/** Rows of 1-bit pixels, most significant bit left, 1 = black, each row padded to whole bytes. */
export function pngFromBits(width: number, height: number, rows: Uint8Array): Uint8Array {
  const stride = Math.ceil(width / 8);
  if (rows.length !== stride * height) throw new RangeError(`${rows.length} bytes for ${width} x ${height}`);
  const scanlines = new Uint8Array((stride + 1) * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < stride; x++) scanlines[y * (stride + 1) + 1 + x] = ~rows[y * stride + x]!;
  }
  return png(width, height, 1, 0, scanlines);
}

/** Pixels of 16 bits, little endian, as a display's frame buffer holds them. */
export function pngFromRgb565(width: number, height: number, pixels: Uint8Array): Uint8Array {
  if (pixels.length !== width * height * 2) throw new RangeError(`${pixels.length} bytes for ${width} x ${height}`);
  const scanlines = new Uint8Array((width * 3 + 1) * height);
  let from = 0;
  let to = 0;
  for (let y = 0; y < height; y++) {
    scanlines[to++] = 0;
    for (let x = 0; x < width; x++) {
      const value = pixels[from]! | (pixels[from + 1]! << 8);
      from += 2;
      const red = value >> 11;
      const green = (value >> 5) & 0x3f;
      const blue = value & 0x1f;
      scanlines[to++] = (red << 3) | (red >> 2);
      scanlines[to++] = (green << 2) | (green >> 4);
      scanlines[to++] = (blue << 3) | (blue >> 2);
    }
  }
  return png(width, height, 8, 2, scanlines);
}
