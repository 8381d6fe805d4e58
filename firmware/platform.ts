// What a platform hands to a role: ECMA-419 classes and a few functions. Types only; nothing here exists at run time.
// ECMA-419 (2nd edition) sections 9 (IO class pattern), 10 (serial, TCP), 13 (PixelsOut); flash as the Moddable SDK's
// embedded:storage/flash. Milliseconds and pixels are whole numbers.

import type { Primitives } from "./crypto/primitives.js";

export interface SerialOptions {
  readonly device: string;
  readonly baud: number;
  readonly format: "buffer";
  /** `bytes` can be read now. */
  readonly onReadable?: (this: Serial, bytes: number) => void;
  /** `bytes` can be written now without an exception; called once after opening and whenever the transmitter has drained some. */
  readonly onWritable?: (this: Serial, bytes: number) => void;
}

export interface Serial {
  /** Up to `byteLength` bytes (all available when omitted); undefined when there are none. */
  read(byteLength?: number): ArrayBuffer | undefined;
  /** Throws when more is written than the last onWritable allowed. */
  write(data: Uint8Array): void;
  /** Idempotent. */
  close(): void;
}

export type SerialConstructor = new (options: SerialOptions) => Serial;

export interface SerialPort {
  readonly io: SerialConstructor;
  readonly device: string;
  readonly baud: number;
}

export interface FlashStatus {
  /** bytes */
  readonly size: number;
  readonly blocks: number;
  /** bytes in an erase block */
  readonly blockLength: number;
}

/** One raw NOR chip. Every call returns when the chip is ready again. Addresses and lengths in bytes. */
export interface Flash {
  /** Throws for a range outside the chip. `undefined` when the chip does not answer. */
  read(byteLength: number, address: number): Uint8Array | undefined;
  /** Programs 1 -> 0 (the result is old AND data); data may cross pages. False when the chip reports failure or does not answer. */
  write(data: Uint8Array, address: number): boolean;
  /** Erases one block to 0xFF. False when the chip reports failure or does not answer. */
  eraseBlock(block: number): boolean;
  /** undefined when no chip answers */
  status(): FlashStatus | undefined;
}

export interface TCPOptions {
  readonly address: string;
  readonly port: number;
  readonly onReadable?: (this: TCP, bytes: number) => void;
  readonly onWritable?: (this: TCP, bytes: number) => void;
  /** Refused, reset, closed by the peer, or no line. No callback follows. */
  readonly onError?: (this: TCP) => void;
}

export interface TCP {
  read(byteLength?: number): ArrayBuffer | undefined;
  /** Throws when more is written than the last onWritable allowed. */
  write(data: Uint8Array): void;
  close(): void;
}

export type TCPConstructor = new (options: TCPOptions) => TCP;

/** ECMA-419 section 13 display, RGB565 little endian. */
export interface Display {
  readonly width: number;
  readonly height: number;
  begin(x: number, y: number, width: number, height: number): void;
  /** Rows of the rectangle, top to bottom, left to right; whole rows. */
  send(pixels: Uint8Array): void;
  end(): void;
}

/** Native pixel operations (sim/host/native/blend.c); each has a TypeScript twin in test/. */
export interface Blender {
  /** Fills a rectangle of an RGB565 bitmap `stride` pixels wide. The caller has clipped. */
  fill565(bitmap: Uint8Array, stride: number, x: number, y: number, width: number, height: number, color: number): void;
  /**
   * Blends a 4-bit alpha mask (two pixels a byte, high nibble first, rows padded to whole bytes) at (x, y), clipped to the
   * rectangle clip = left, top, right, bottom. Channel = dst + ((src - dst) * alpha + 7 or so) / 15, see the twin for the exact rule.
   */
  mask565(bitmap: Uint8Array, stride: number, clipLeft: number, clipTop: number, clipRight: number, clipBottom: number,
    mask: Uint8Array, maskAt: number, maskWidth: number, maskHeight: number, x: number, y: number, color: number): void;
  /** The same into a 1-bit bitmap (MSB left, 1 = black, `stride` bytes a row): black where alpha >= 8. */
  mask1(bitmap: Uint8Array, stride: number, clipLeft: number, clipTop: number, clipRight: number, clipBottom: number,
    mask: Uint8Array, maskAt: number, maskWidth: number, maskHeight: number, x: number, y: number): void;
}

export interface Clock {
  /** Milliseconds since some instant before boot; never goes back. */
  monotonic(): number;
  /** Seconds since 1970-01-01 UTC; may be wrong or jump: it gates nothing. */
  wall(): number;
}

export type TimerHandle = number;

export interface Timer {
  set(callback: () => void, delayMs: number): TimerHandle;
  /** Harmless for a handle that has fired or was cleared. */
  clear(handle: TimerHandle): void;
}

export interface Platform {
  readonly clock: Clock;
  readonly timer: Timer;
  /** Fills with bytes of the platform's cryptographic generator; throws when it has failed. */
  random(out: Uint8Array): void;
  readonly primitives: Primitives;
  readonly serial: { readonly reader: SerialPort; readonly printer: SerialPort; readonly panel: SerialPort };
  /** main: identity and package, read-only while polls are open. a, b: the two storage media. */
  readonly flash: { readonly main: Flash; readonly a: Flash; readonly b: Flash };
  readonly network: { readonly io: TCPConstructor; readonly address: string; readonly port: number };
  readonly display: Display;
  readonly blender: Blender;
  /** The image's own text bundle (shaped at build time), see ui/text. */
  readonly text: Uint8Array;
  /** A line for the developer; never a choice, a token or a key. Compiled away in a product image. */
  trace(line: string): void;
}
