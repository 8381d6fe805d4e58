// Frames of the NXP PN532 host link (user manual UM0701-02, section 6.2.1): what both directions look like on the wire.
//
//   normal     00 00 FF LEN LCS TFI PD0..PDn DCS 00        LEN = 1..255 bytes from TFI to PDn, LEN + LCS = 0 modulo 256
//   extended   00 00 FF FF FF LENM LENL LCS TFI .. DCS 00  for 256..265 bytes, LENM + LENL + LCS = 0
//   ACK        00 00 FF 00 FF 00
//   NACK       00 00 FF FF 00 00
//   error      00 00 FF 01 FF 7F 81 00
//
// TFI + PD0 + .. + PDn + DCS = 0 modulo 256. TFI = D4 from the host, D5 from the PN532.

import { concat } from "../../../firmware/bytes.js";
import { assert } from "../../../firmware/result.js";

/** TFI and 264 bytes of data (section 6.2.1.2). */
export const FRAME_DATA_MAX = 265;
export const TFI_TO_READER = 0xd4;
export const TFI_FROM_READER = 0xd5;

export const ACK_FRAME: Uint8Array = Uint8Array.of(0x00, 0x00, 0xff, 0x00, 0xff, 0x00);
export const NACK_FRAME: Uint8Array = Uint8Array.of(0x00, 0x00, 0xff, 0xff, 0x00, 0x00);
/** Application level error (section 6.2.1.5). */
export const ERROR_FRAME: Uint8Array = Uint8Array.of(0x00, 0x00, 0xff, 0x01, 0xff, 0x7f, 0x81, 0x00);
/** Section 6.3.2.3: wakes the HSU port; the zeros give it time. */
export const WAKE_UP: Uint8Array = Uint8Array.of(0x55, 0x55, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

/** data: TFI first, 1..FRAME_DATA_MAX bytes. */
export function encodeFrame(data: Uint8Array): Uint8Array {
  assert(data.length >= 1 && data.length <= FRAME_DATA_MAX, "length of a PN532 frame");
  let sum = 0;
  for (let i = 0; i < data.length; i++) sum += data[i]!;
  const high = data.length >> 8;
  const low = data.length & 0xff;
  const head = data.length <= 255 ? [0, 0, 0xff, low, -low] : [0, 0, 0xff, 0xff, 0xff, high, low, -(high + low)];
  return concat(Uint8Array.from(head), data, Uint8Array.of(-sum, 0));
}

export type Frame =
  /** TFI first. */
  | { readonly kind: "data"; readonly data: Uint8Array }
  | { readonly kind: "ack" }
  | { readonly kind: "nack" }
  | { readonly kind: "error" }
  /** A start code was followed by something that is no frame. */
  | { readonly kind: "garbled" };

const LONGEST = 10 + FRAME_DATA_MAX;

/** Finds frames in a stream of bytes. Never throws, holds at most one frame. */
export class FrameDecoder {
  readonly #onFrame: (frame: Frame) => void;
  readonly #held = new Uint8Array(LONGEST);
  #length = 0;

  constructor(onFrame: (frame: Frame) => void) {
    this.#onFrame = onFrame;
  }

  push(bytes: Uint8Array): void {
    for (let i = 0; i < bytes.length; i++) {
      this.#held[this.#length++] = bytes[i]!;
      while (this.#length > 0 && this.#scan());
    }
  }

  /** Forgets the beginning of a frame that never ended, so that it cannot swallow the next. */
  reset(): void {
    this.#held.fill(0);
    this.#length = 0;
  }

  #drop(count: number): true {
    this.#held.copyWithin(0, count, this.#length);
    this.#length -= count;
    return true;
  }

  #refuse(): true {
    this.#onFrame({ kind: "garbled" });
    // A true frame may begin inside what was taken for one: look again right after the false start code.
    return this.#drop(2);
  }

  /** Takes what stands at the front; false when more bytes are needed. */
  #scan(): boolean {
    const held = this.#held;
    if (held[0] !== 0x00) return this.#drop(1);
    if (this.#length < 2) return false;
    if (held[1] !== 0xff) return this.#drop(1);
    if (this.#length < 4) return false;
    const length = held[2]!;
    const check = held[3]!;
    if (length === 0x00 && check === 0xff) {
      this.#drop(4);
      this.#onFrame({ kind: "ack" });
      return true;
    }
    if (length === 0xff && check === 0x00) {
      this.#drop(4);
      this.#onFrame({ kind: "nack" });
      return true;
    }
    if (length !== 0xff || check !== 0xff) {
      if (length === 0 || ((length + check) & 0xff) !== 0) return this.#refuse();
      return this.#body(4, length);
    }
    if (this.#length < 7) return false;
    const extended = (held[4]! << 8) | held[5]!;
    if (((held[4]! + held[5]! + held[6]!) & 0xff) !== 0 || extended === 0 || extended > FRAME_DATA_MAX)
      return this.#refuse();
    return this.#body(7, extended);
  }

  #body(start: number, length: number): boolean {
    const end = start + length + 1;
    if (this.#length < end) return false;
    let sum = 0;
    for (let i = start; i < end; i++) sum += this.#held[i]!;
    if ((sum & 0xff) !== 0) return this.#refuse();
    const data = this.#held.slice(start, start + length);
    this.#drop(end);
    if (length === 1 && data[0] === 0x7f) this.#onFrame({ kind: "error" });
    else this.#onFrame({ kind: "data", data });
    return true;
  }
}
