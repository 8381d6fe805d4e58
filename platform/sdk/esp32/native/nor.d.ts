/** Bytes; 0 when no chip answers. */
export function size(chip: number): number;
/** Its block protection was found set, and was cleared, since the microcontroller started. */
export function wasProtected(chip: number): boolean;
/** Each of these is false when the chip does not answer. */
export function read(chip: number, address: number, out: Uint8Array): boolean;
export function program(chip: number, address: number, data: Uint8Array): boolean;
export function erase(chip: number, sector: number): boolean;
