// ESC/POS as Epson publishes it (TM series command reference): the commands that the slip needs, and what the printer
// sends back.

import { assert } from "../../firmware/result.js";

/** Printable dots in a row at 203 dpi (8 dots/mm) on 80 mm paper. */
export const WIDTH_DOTS = 576;

const ESC = 0x1b;
const GS = 0x1d;
const DLE = 0x10;

/** ESC @: defaults; what is in the print buffer is cleared, what is in the receive buffer is not. */
export const initialize: Uint8Array = Uint8Array.of(ESC, 0x40);

/** GS P 203 203: one motion unit is one dot both ways. */
export const motionUnitDots: Uint8Array = Uint8Array.of(GS, 0x50, 203, 203);

/** GS a n: sends its status by itself, now and at every change of online/offline, errors and paper sensors. */
export const automaticStatus: Uint8Array = Uint8Array.of(GS, 0x61, 0x0e);

/**
 * DLE EOT n, answered at once even when the printer is busy or offline. 1 printer, 2 why offline, 3 why error, 4 paper.
 */
export function realTimeStatus(n: 1 | 2 | 3 | 4): Uint8Array {
  return Uint8Array.of(DLE, 0x04, n);
}

/** DLE ENQ 2: leaves an error that can be recovered, clearing the buffers. */
export const recoverFromError: Uint8Array = Uint8Array.of(DLE, 0x05, 0x02);

/**
 * DLE DC4 8 1 3 20 1 6 2 8: clears receive and print buffer at once, in the middle of a picture too; answered by
 * `cleared`.
 */
export const clearBuffers: Uint8Array = Uint8Array.of(DLE, 0x14, 0x08, 0x01, 0x03, 0x14, 0x01, 0x06, 0x02, 0x08);

/** ESC J n, in motion units: 1..255 rows. `room`: zeros after it. */
export function feed(rows: number, room: number): Uint8Array {
  assert(rows >= 1 && rows <= 255, "rows of a feed");
  const out = new Uint8Array(3 + room);
  out.set([ESC, 0x4a, rows]);
  return out;
}

export const RASTER_HEAD_BYTES = 12;

/**
 * ESC $ then GS v 0: a picture of `rows` rows, `widthBytes` wide, whose left edge is `leftDots` from the margin, white
 * as it is given back; its dots follow the RASTER_HEAD_BYTES, and `room` zeros follow the dots. Dots beyond the
 * printable width are read and not printed.
 */
export function raster(leftDots: number, widthBytes: number, rows: number, room: number): Uint8Array {
  assert(
    widthBytes >= 1 && rows >= 1 && rows <= 0xffff && leftDots >= 0 && leftDots + (widthBytes - 1) * 8 < WIDTH_DOTS,
    "raster band",
  );
  const out = new Uint8Array(RASTER_HEAD_BYTES + widthBytes * rows + room);
  out.set([
    ESC,
    0x24,
    leftDots & 0xff,
    leftDots >> 8,
    GS,
    0x76,
    0x30,
    0x00,
    widthBytes & 0xff,
    widthBytes >> 8,
    rows & 0xff,
    rows >> 8,
  ]);
  return out;
}

/**
 * GS ( E function 12, item 3: asks how the serial line is controlled; answered by `setting`. Not every printer has it.
 */
export const askFlowControl: Uint8Array = Uint8Array.of(GS, 0x28, 0x45, 0x02, 0x00, 0x0c, 0x03);
/** The answer's item and value: XON/XOFF, which this driver does not do. */
export const softwareFlowControl = "3=1";

/** GS V 65 0: feeds what is printed to the cutter and cuts it off whole. */
export const cutOff: Uint8Array = Uint8Array.of(GS, 0x56, 0x41, 0x00);

export const ECHO_ID_BYTES = 4;
const ECHO_FIRST = 0x20;
const ECHO_LAST = 0x7e;

export const ECHO_REQUEST_BYTES = 11;

/**
 * GS ( H function 48: the printer sends the id back when everything before this command has been printed. Written into
 * `out` at `at`.
 */
export function echoRequest(id: string, out: Uint8Array, at: number): void {
  assert(id.length === ECHO_ID_BYTES, "length of an echo's id");
  out.set([GS, 0x28, 0x48, 0x06, 0x00, 0x30, 0x30], at);
  for (let i = 0; i < ECHO_ID_BYTES; i++) {
    const code = id.charCodeAt(i);
    assert(code >= ECHO_FIRST && code <= ECHO_LAST, "character of an echo's id");
    out[at + 7 + i] = code;
  }
}

/** An id from random bytes. */
export function echoId(bytes: Uint8Array): string {
  let id = "";
  for (let i = 0; i < ECHO_ID_BYTES; i++)
    id += String.fromCharCode(ECHO_FIRST + (bytes[i]! % (ECHO_LAST - ECHO_FIRST + 1)));
  return id;
}

/** The first place at which one byte is followed by another; -1: nowhere (Blender.find of firmware/platform.ts). */
export type Find = (bytes: Uint8Array, first: number, second: number) => number;

/**
 * Real-time commands are recognised in the middle of a picture too. Of those that do harm (DLE ENQ 1 and 2, DLE DC4 1,
 * 2 and 8) only the first two bytes are looked at; DLE EOT inside a picture does no more than ask for a status that is
 * then ignored.
 */
export function holdsRealTimeCommand(bits: Uint8Array, find: Find): boolean {
  return find(bits, DLE, 0x05) >= 0 || find(bits, DLE, 0x14) >= 0;
}

/** The errors and sensors that the printer tells of. */
export interface Sensors {
  readonly coverOpen: boolean;
  readonly nearEnd: boolean;
  readonly paperOut: boolean;
  /** Mechanical: a jam. */
  readonly mechanical: boolean;
  readonly cutter: boolean;
  readonly unrecoverable: boolean;
  /** The head is too hot; goes by itself. */
  readonly overheated: boolean;
}

export type Said =
  /** Automatic status back: 4 bytes. */
  | { readonly kind: "status"; readonly sensors: Sensors }
  /** The answer to DLE EOT n. */
  | { readonly kind: "real-time"; readonly byte: number }
  | { readonly kind: "echo"; readonly id: string }
  /** The buffers are clear (37 25 00). */
  | { readonly kind: "cleared" }
  /** The answer to GS ( E function 12: item, "=", value in digits. */
  | { readonly kind: "setting"; readonly text: string }
  /** XON or XOFF: nothing else that it says has these bytes. */
  | { readonly kind: "flow-control" };

/** Longest block that is accepted: header, identifier, a setting's item, separator and 5 digits, NUL. */
const BLOCK_BYTES_MAX = 2 + 1 + 1 + 5 + 1;
const ECHO_BLOCK_BYTES = 2 + ECHO_ID_BYTES + 1;
const SETTING_BLOCK_BYTES_MIN = 2 + 1 + 1 + 1 + 1;
const SEPARATOR = 0x1f;
const XON = 0x11;
const XOFF = 0x13;
/** Identifiers of blocks. */
const blocks = { echo: 0x22, cleared: 0x25, setting: 0x33 } as const;

/**
 * Tells apart what the printer sends: the fixed bits of the first byte say what it is ("Identification of transmitted
 * status").
 */
export class SaidDecoder {
  /** Bytes that were part of nothing known. */
  garbage = 0;
  readonly #onSaid: (said: Said) => void;
  readonly #held = new Uint8Array(BLOCK_BYTES_MAX);
  #length = 0;

  constructor(onSaid: (said: Said) => void) {
    this.#onSaid = onSaid;
  }

  push(bytes: Uint8Array): void {
    for (let i = 0; i < bytes.length; i++) this.#take(bytes[i]!);
  }

  /** Forgets the beginning of something that never ended. */
  reset(): void {
    this.garbage += this.#length;
    this.#length = 0;
  }

  #take(byte: number): void {
    const held = this.#held;
    if (byte === XON || byte === XOFF) {
      this.#onSaid({ kind: "flow-control" });
      return;
    }
    if (this.#length === 0) {
      if ((byte & 0x93) === 0x12) this.#onSaid({ kind: "real-time", byte });
      else if ((byte & 0x93) === 0x10 || byte === 0x37) held[this.#length++] = byte;
      else this.garbage++;
      return;
    }
    held[this.#length++] = byte;
    if (held[0] === 0x37) this.#block(byte);
    else if ((byte & 0x90) !== 0) this.#again();
    else if (this.#length === 4) {
      this.#length = 0;
      this.#onSaid({ kind: "status", sensors: sensorsOfAutomatic(held) });
    }
  }

  #block(byte: number): void {
    const held = this.#held;
    const kind = held[1];
    if (this.#length === 2) {
      if (kind !== blocks.echo && kind !== blocks.cleared && kind !== blocks.setting) this.#again();
      return;
    }
    if (byte !== 0x00) {
      const isSeparator = kind === blocks.setting && this.#length === 4 && byte === SEPARATOR;
      const lengthMax = kind === blocks.setting ? BLOCK_BYTES_MAX : ECHO_BLOCK_BYTES;
      if (this.#length === lengthMax || (!isSeparator && (byte < ECHO_FIRST || byte > ECHO_LAST))) this.#again();
      return;
    }
    const length = this.#length;
    this.#length = 0;
    if (kind === blocks.cleared && length === 3) this.#onSaid({ kind: "cleared" });
    else if (kind === blocks.echo && length === ECHO_BLOCK_BYTES) {
      this.#onSaid({ kind: "echo", id: String.fromCharCode(held[2]!, held[3]!, held[4]!, held[5]!) });
    } else if (kind === blocks.setting && length >= SETTING_BLOCK_BYTES_MIN && held[3] === SEPARATOR) {
      this.#onSaid({ kind: "setting", text: textOf(held.subarray(2, length - 1)) });
    } else this.garbage += length;
  }

  /** What began was nothing: its first byte is dropped, the rest looked at anew. */
  #again(): void {
    const rest = this.#held.slice(1, this.#length);
    this.#length = 0;
    this.garbage++;
    for (let i = 0; i < rest.length; i++) this.#take(rest[i]!);
  }
}

/** The separator reads "=". */
function textOf(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += byte === SEPARATOR ? "=" : String.fromCharCode(byte);
  return text;
}

function sensorsOfAutomatic(bytes: Uint8Array): Sensors {
  const [first, second, third] = bytes;
  return {
    coverOpen: (first! & 0x20) !== 0,
    mechanical: (second! & 0x04) !== 0,
    cutter: (second! & 0x08) !== 0,
    unrecoverable: (second! & 0x20) !== 0,
    overheated: (second! & 0x40) !== 0,
    nearEnd: (third! & 0x03) !== 0,
    paperOut: (third! & 0x0c) !== 0,
  };
}

/** offline, error, paper: the answers to DLE EOT 2, 3 and 4. */
export function sensorsOfRealTime(offline: number, error: number, paper: number): Sensors {
  return {
    coverOpen: (offline & 0x04) !== 0,
    mechanical: (error & 0x04) !== 0,
    cutter: (error & 0x08) !== 0,
    unrecoverable: (error & 0x20) !== 0,
    overheated: (error & 0x40) !== 0,
    nearEnd: (paper & 0x0c) !== 0,
    paperOut: (paper & 0x60) !== 0 || (offline & 0x20) !== 0,
  };
}
