// See Blender in firmware/platform.ts. Nothing outside the arrays is ever read or written: what is painted is cut to
// the bitmap's rows. A coordinate beyond 16383, a bitmap shorter than its rows, an item, run, piece or mask that is not
// whole inside its array is a RangeError; so is a list or store that does not begin at a whole word.

export function typeset(
  store: ArrayBuffer,
  at: number,
  atlas: Uint8Array,
  faceAt: number,
  record: Uint8Array,
  medium: number,
  bold: number,
  digits: Uint8Array,
  first: number,
  second: number,
  source: number,
): number;
export function putBox(
  pen: ArrayBuffer,
  list: ArrayBuffer,
  x: number,
  y: number,
  width: number,
  height: number,
  fill: number,
  border: number,
  borderColor: number,
  radius: number,
): boolean;
export function putMask(
  pen: ArrayBuffer,
  list: ArrayBuffer,
  x: number,
  y: number,
  width: number,
  height: number,
  color: number,
  mask: number,
  source: number,
): boolean;
export function putIcon(
  pen: ArrayBuffer,
  list: ArrayBuffer,
  atlas: Uint8Array,
  faceAt: number,
  icon: number,
  x: number,
  y: number,
  width: number,
  color: number,
): boolean;
export function putRuns(
  pen: ArrayBuffer,
  list: ArrayBuffer,
  store: ArrayBuffer,
  at: number,
  count: number,
  x: number,
  width: number,
  align: number,
  y: number,
  pitch: number,
  color: number,
): boolean;
export function putCopies(
  pen: ArrayBuffer,
  list: ArrayBuffer,
  items: ArrayBuffer,
  count: number,
  x: number,
  y: number,
): boolean;
export function paint565(
  bitmap: Uint8Array,
  stride: number,
  left: number,
  top: number,
  rows: number,
  list: ArrayBuffer,
  items: number,
  store: ArrayBuffer,
  atlas: Uint8Array,
  other: Uint8Array,
): void;
export function paint1(
  bitmap: Uint8Array,
  at: number,
  stride: number,
  left: number,
  top: number,
  rows: number,
  list: ArrayBuffer,
  items: number,
  store: ArrayBuffer,
  atlas: Uint8Array,
  other: Uint8Array,
): void;
export function wipe(bytes: Uint8Array | ArrayBuffer): void;
export function find(bytes: Uint8Array, first: number, second: number): number;
