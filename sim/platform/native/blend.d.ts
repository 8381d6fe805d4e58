// See Blender in firmware/platform.ts. The rule of mask565, for each channel of 5, 6 and 5 bits: with v = (src - dst) * alpha,
// dst + trunc((v >= 0 ? v + 7 : v - 7) / 15). Nothing outside the bitmap is ever written: rectangles are cut to its whole rows.
// A coordinate beyond 16383, a mask shorter than its size says, or a colour beyond 16 bits is a RangeError.

export function fill565(bitmap: Uint8Array, stride: number, x: number, y: number, width: number, height: number, color: number): void;
export function mask565(bitmap: Uint8Array, stride: number, clipLeft: number, clipTop: number, clipRight: number, clipBottom: number,
  mask: Uint8Array, maskAt: number, maskWidth: number, maskHeight: number, x: number, y: number, color: number): void;
export function mask1(bitmap: Uint8Array, stride: number, clipLeft: number, clipTop: number, clipRight: number, clipBottom: number,
  mask: Uint8Array, maskAt: number, maskWidth: number, maskHeight: number, x: number, y: number): void;
