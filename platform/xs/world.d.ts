/** Puts a frame on the cable; channels, ops and payloads in platform/cable.ts. At most 65536 bytes. */
export function send(channel: number, op: number, port: number, payload: Uint8Array): void;
/** The same, and waits for the reply; nothing else of the terminal runs meanwhile. Returns the reply's payload. */
export function request(channel: number, op: number, port: number, payload: Uint8Array): ArrayBuffer;
/** Fills `out`, at most 65535 bytes, from a flash chip; false when it does not answer. */
export function flashRead(chip: number, address: number, out: Uint8Array): boolean;
/** At most 32768 bytes; false when the chip reports failure or does not answer. */
export function flashProgram(chip: number, address: number, data: Uint8Array): boolean;
/** Called once: the functions that the host's loop calls, each call a turn of its own. */
export function listen(
  onFrame: (channel: number, op: number, port: number, payload: ArrayBuffer) => void,
  onTimer: () => void,
): void;
/** When onTimer is called next, microseconds of now(); never for a negative number. */
export function deadline(timeUs: number): void;
/** Monotonic, microseconds, whole. */
export function now(): number;
/** Seconds since 1970-01-01 UTC, whole. */
export function wall(): number;
export function trace(line: string): void;
/** Collects garbage and overwrites everything of the JavaScript heap that is free. */
export function wipeHeap(): void;
/** width * 65536 + height, pixels; 0 without a display. */
export function displaySize(): number;
/** Copies `rows` rows of `width` RGB565 pixels to (x, y). RangeError when they leave the display. */
export function displayWrite(x: number, y: number, width: number, rows: number, pixels: Uint8Array): void;
/** The text bundle, outside the JavaScript heap; its length is 0 when there is none. */
export function text(): ArrayBuffer;
