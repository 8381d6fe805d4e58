// What a platform hands to a role: ECMA-419 classes and a few functions. Types only; nothing here exists at run time.
// ECMA-419 (2nd edition) sections 9 (IO class pattern), 10 (serial, TCP), 13 (PixelsOut); flash as the Moddable SDK's
// embedded:storage/flash. Milliseconds and pixels are whole numbers.

import type { Primitives } from "./crypto/primitives.js";
import type { TallyKey } from "./crypto/tally-key.js";

export interface SerialOptions {
  readonly device: string;
  readonly baud: number;
  readonly format: "buffer";
  /** `bytes` can be read now. */
  readonly onReadable?: (this: Serial, bytes: number) => void;
  /**
   * `bytes` can be written now without an exception; called once after opening and whenever the transmitter has drained
   * some.
   */
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
  /** Its block protection was found set, and was cleared, since the microcontroller started. */
  readonly wasProtected?: boolean;
}

/** One raw NOR chip. Every call returns when the chip is ready again. Addresses and lengths in bytes. */
export interface Flash {
  /**
   * Throws for a range outside the chip. `undefined` when the chip does not answer. `into`, of `byteLength` bytes, may
   * be used for the answer: who reads much is spared the garbage.
   */
  read(byteLength: number, address: number, into?: Uint8Array): Uint8Array | undefined;
  /**
   * Programs 1 -> 0 (the result is old AND data); data may cross pages. False when the chip reports failure or does not
   * answer.
   */
  write(data: Uint8Array, address: number): boolean;
  /** Erases one block to 0xFF. False when the chip reports failure or does not answer. */
  eraseBlock(block: number): boolean;
  /** undefined when no chip answers */
  status(): FlashStatus | undefined;
}

export interface TCPOptions {
  /** A name, an IPv4 address, or an IPv6 address as RFC 5952 writes it, without brackets. */
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

/**
 * Native pixel operations (platform/native/blend.c, typeset.c, layout.c); each has a TypeScript twin in test/. Nothing
 * outside the arrays is read or written whatever the arguments; what only a bug can pass is a RangeError.
 *
 * A list holds items of 7 words, painted in order. Two numbers of 16 signed bits share a word: "x | y" has x in the
 * lower half.
 *
 *     0 color | kind            kind 0: nothing, 1: box, 2: icon, 3: run
 *     1 left | top              where its pixels are, in the whole picture
 *     2 right | bottom
 *     box:   3 radius + 256 * radius inside the border + 65536 * border, 4 color of the border, 5 and 6 masks of discs with these radii
 *     icon:  3 its mask, 4 of which atlas: 0 or 1
 *     run:   3 x | y of the left end of its baseline, 4 the run's place in the store, 5 whether its masks are in `atlas` (0) or in `other`
 *
 * A mask is a place in an atlas (office/text/FORMAT.md). A run in the store is the count of its glyphs; left, top,
 * right, bottom of its ink from the left end of its baseline, y downwards; its width; 0 when its masks are in `atlas`,
 * 1: in `other`; and for each glyph three words: mask, x | y, width | height. Lists, stores and pens are the buffers of
 * Int32Arrays; places in them are counted in words.
 *
 * Items are put through a pen, one after the other into the place that a part of the picture has in the list:
 *
 *     0 the part's first item   1 items put so far   2 items that it had before   3 items that it has room for
 *     4 left, 5 top, 6 right, 7 bottom of all that came out otherwise than before; nothing has while 6 is 0
 *     8 the width of the screen when the layout is mirrored, else 0   9 not 0: everything will be drawn, changes need not be noted
 *     16 + r the mask of the disc with the radius r
 *
 * x is from the leading edge, mirrored or not. Each `put` returns false, and puts nothing, when the part or the list
 * has no room.
 */
export interface Blender {
  /**
   * Sets the lines that the record of a text (office/text/FORMAT.md) has for a medium and weight (bold: 1), a run each,
   * one behind the other from `at` of the store on, in the face whose entry is at `faceAt` of the atlas. `first` and
   * `second` (below 2^31) stand in the places of numbers 0 and 1. `digits`: the record of a text whose line is a piece
   * for each of the ten digits; a piece 0x10 + n of a record is the digit n. `source`: 0 or 1, for the run. Returns the
   * words that the runs take; when there is no room for them, the words that are needed, negative, and nothing is set.
   */
  typeset(
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
  /** A box with a border inside of its edges; radius 0: sharp corners. */
  putBox(
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
  /** A photo, or any mask; x is from the left edge, mirrored or not. */
  putMask(
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
  /** An icon of the face whose entry is at `faceAt` of the atlas; `width` is for the mirroring of its place. */
  putIcon(
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
  /**
   * `count` runs that follow one another in the store from `at` on, `pitch` pixels apart, the first one's baseline at
   * y. align: in `width`, 0 start, 1 center, 2 end.
   */
  putRuns(
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
  /** `count` boxes and icons as they stand in `items`, moved by x to the right and y down. */
  putCopies(pen: ArrayBuffer, list: ArrayBuffer, items: ArrayBuffer, count: number, x: number, y: number): boolean;
  /**
   * Paints what the list has between (left, top) and (left + stride, top + rows) into an RGB565 bitmap `stride` pixels
   * wide. A channel becomes (dst * (32 - w) + src * w + 16) >> 5, w being the alpha in 32nds, rounded.
   */
  paint565(
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
  /**
   * Paints from (left, top) on into a 1-bit bitmap that begins at `at`, `stride` bytes a row, most significant bit
   * left; it is white (0) before. Alpha counts as whole from 8 on; the color 0 is white, every other black (1).
   */
  paint1(
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
  /** Overwrites with zeros. */
  wipe(bytes: Uint8Array | ArrayBuffer): void;
  /** The first place at which the byte `first` is followed by `second`; -1: there is none. */
  find(bytes: Uint8Array, first: number, second: number): number;
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

/** A key of 256 bits in the microcontroller's one-time fuses, which software can use and never read. */
export interface Fuses {
  /** HMAC-SHA-256 (RFC 2104) of `message` under it, into `out` of 32 bytes; false when the fuses hold none. */
  mac(message: Uint8Array, out: Uint8Array): boolean;
}

/** The authority that an image obeys, from its build: nothing installs another. */
export interface Root {
  /** Ed25519, 32 bytes. */
  readonly key: Uint8Array;
  /** Everybody has its secret. No product image holds it. */
  readonly isTest: boolean;
}

export interface Platform {
  readonly clock: Clock;
  readonly timer: Timer;
  /** Fills with bytes of the platform's cryptographic generator; throws when it has failed. */
  random(out: Uint8Array): void;
  /** Hardware model, at most 32 characters: the factory's certificate names it. */
  readonly model: string;
  readonly fuses: Fuses;
  readonly root: Root;
  readonly primitives: Primitives;
  readonly tallyKey: TallyKey;
  readonly serial: { readonly reader: SerialPort; readonly printer: SerialPort; readonly panel: SerialPort };
  /** main: identity, package, and the terminal's memory of how far the day has come. a, b: the two storage media. */
  readonly flash: { readonly main: Flash; readonly a: Flash; readonly b: Flash };
  readonly network: { readonly io: TCPConstructor; readonly address: string; readonly port: number };
  readonly display: Display;
  readonly blender: Blender;
  /** The image's own text bundle (shaped at build time), see ui/text. */
  readonly text: Uint8Array;
  /** Overwrites everything of the heap that is free: what a session held is then nowhere in memory. */
  wipeHeap(): void;
  /** A line for the developer; never a choice, a token or a key. Compiled away in a product image. */
  trace(line: string): void;
}
