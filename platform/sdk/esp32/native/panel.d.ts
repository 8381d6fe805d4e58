/** Once; width * 65536 + height, pixels. */
export function start(): number;
/** Copies `rows` rows of `width` RGB565 pixels to (x, y). RangeError when they leave the panel. */
export function write(x: number, y: number, width: number, rows: number, pixels: Uint8Array): void;
