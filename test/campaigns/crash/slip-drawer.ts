// Slips for campaigns that print thousands: a short body and the frames that sim/bench/slip-mark.ts reads, without
// fonts.

import { ROW_BYTES, type Raster } from "../../../firmware/cast/printer.js";
import type { SlipDrawer } from "../../../firmware/cast/slip.js";

const bodyRows = 48;
const frameRows = 150;
const lineRows = 6;
const left = 8;
const right = 568;

export const plainSlips: SlipDrawer = {
  // every choice is a bar of its own length
  body: (ballot) =>
    raster(bodyRows, (x, y) => {
      const choice = ballot.marks[0]?.choices[Math.floor(y / 16)];
      return choice !== undefined && y % 16 < 10 && x > 500 - 8 * choice && x < 520;
    }),
  mark: (kind) =>
    raster(frameRows, (x, y) => {
      if (x < left || x >= right) return false;
      if (y < lineRows || y >= frameRows - lineRows || x < left + lineRows || x >= right - lineRows) return true;
      const middle = lineRows + 3 + Math.floor(((x - left) * (frameRows - 18)) / (right - left));
      return kind === "void" && Math.abs(y - middle) <= 3;
    }),
};

function raster(height: number, dot: (x: number, y: number) => boolean): Raster {
  const rows = Array.from({ length: height }, (_, y) => {
    const bytes = new Uint8Array(ROW_BYTES);
    for (let x = 0; x < ROW_BYTES * 8; x++) if (dot(x, y)) bytes[x >> 3]! |= 0x80 >> (x & 7);
    return { bytes, left: bytes.findIndex((byte) => byte !== 0), right: bytes.findLastIndex((byte) => byte !== 0) + 1 };
  });
  const isAlike = (a: number, b: number): boolean =>
    rows[a]!.left === rows[b]!.left && rows[a]!.right === rows[b]!.right;
  return {
    width: 576,
    height,
    span(row) {
      let to = row + 1;
      while (to < height && isAlike(row, to)) to++;
      const { left: from, right: end } = rows[row]!;
      return end === 0 ? { rows: to - row, left: 0, right: 0 } : { rows: to - row, left: from, right: end };
    },
    draw(out, at, row, count, leftDots, widthBytes) {
      out.fill(0, at, at + count * widthBytes);
      for (let y = 0; y < count; y++) {
        const { bytes } = rows[row + y]!;
        if (leftDots % 8 === 0) {
          out.set(bytes.subarray(leftDots / 8, leftDots / 8 + widthBytes), at + y * widthBytes);
          continue;
        }
        for (let x = 0; x < widthBytes * 8 && leftDots + x < ROW_BYTES * 8; x++) {
          const from = leftDots + x;
          if ((bytes[from >> 3]! & (0x80 >> (from & 7))) !== 0) out[at + y * widthBytes + (x >> 3)]! |= 0x80 >> (x & 7);
        }
      }
    },
  };
}
