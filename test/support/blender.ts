// The Node twin of sim/host/native/blend.c: same rule, pixel for pixel.
// Channel = dst + (v >= 0 ? v + 7 : v - 7) / 15, the division truncating toward zero, with v = (src - dst) * alpha.

import type { Blender } from "../../firmware/platform.js";

export const nodeBlender: Blender = {
  fill565(bitmap, stride, x, y, width, height, color) {
    const rows = Math.floor(bitmap.length / (2 * stride));
    for (let row = Math.max(0, y); row < Math.min(rows, y + height); row++) {
      for (let column = Math.max(0, x); column < Math.min(stride, x + width); column++) {
        bitmap[2 * (row * stride + column)] = color & 255;
        bitmap[2 * (row * stride + column) + 1] = color >> 8;
      }
    }
  },

  mask565(bitmap, stride, clipLeft, clipTop, clipRight, clipBottom, mask, maskAt, maskWidth, maskHeight, x, y, color) {
    const rowLength = (maskWidth + 1) >> 1;
    checkMask(mask, maskAt, rowLength * maskHeight);
    const rows = Math.floor(bitmap.length / (2 * stride));
    for (let row = Math.max(0, clipTop, y); row < Math.min(rows, clipBottom, y + maskHeight); row++) {
      for (let column = Math.max(0, clipLeft, x); column < Math.min(stride, clipRight, x + maskWidth); column++) {
        const alpha = alphaAt(mask, maskAt + (row - y) * rowLength, column - x);
        if (alpha === 0) continue;
        const at = 2 * (row * stride + column);
        const old = bitmap[at]! | (bitmap[at + 1]! << 8);
        const value = (channel(old >> 11, color >> 11, alpha) << 11) | (channel((old >> 5) & 63, (color >> 5) & 63, alpha) << 5) | channel(old & 31, color & 31, alpha);
        bitmap[at] = value & 255;
        bitmap[at + 1] = value >> 8;
      }
    }
  },

  mask1(bitmap, stride, clipLeft, clipTop, clipRight, clipBottom, mask, maskAt, maskWidth, maskHeight, x, y) {
    const rowLength = (maskWidth + 1) >> 1;
    checkMask(mask, maskAt, rowLength * maskHeight);
    const rows = Math.floor(bitmap.length / stride);
    for (let row = Math.max(0, clipTop, y); row < Math.min(rows, clipBottom, y + maskHeight); row++) {
      for (let column = Math.max(0, clipLeft, x); column < Math.min(8 * stride, clipRight, x + maskWidth); column++)
        if (alphaAt(mask, maskAt + (row - y) * rowLength, column - x) >= 8) bitmap[row * stride + (column >> 3)]! |= 0x80 >> (column & 7);
    }
  },
};

function checkMask(mask: Uint8Array, at: number, length: number): void {
  if (at < 0 || mask.length - at < length) throw new RangeError("the mask is shorter than its width and height say");
}

function alphaAt(mask: Uint8Array, row: number, column: number): number {
  const two = mask[row + (column >> 1)]!;
  return column % 2 === 1 ? two & 15 : two >> 4;
}

function channel(dst: number, src: number, alpha: number): number {
  const v = (src - dst) * alpha;
  return dst + Math.trunc((v >= 0 ? v + 7 : v - 7) / 15);
}
