// See Blender in firmware/platform.ts. Nothing outside the arrays is ever read or written: what is painted is cut to the bitmap's rows.
// A coordinate beyond 16383, a bitmap shorter than its rows, an item, run, piece or mask that is not whole inside its array is a
// RangeError; so is a list or store that does not begin at a whole word.

export function typeset(store: ArrayBuffer, at: number, atlas: Uint8Array, faceAt: number, record: Uint8Array, medium: number, bold: number, digits: Uint8Array, first: number, second: number): number;
export function paint565(bitmap: Uint8Array, stride: number, left: number, top: number, rows: number, list: ArrayBuffer, items: number,
  store: ArrayBuffer, atlas: Uint8Array, other: Uint8Array): void;
export function paint1(bitmap: Uint8Array, at: number, stride: number, left: number, top: number, rows: number, list: ArrayBuffer, items: number,
  store: ArrayBuffer, atlas: Uint8Array, other: Uint8Array): void;
export function wipe(bytes: Uint8Array | ArrayBuffer): void;
export function find(bytes: Uint8Array, first: number, second: number): number;
