// A virtual 80 mm thermal printer with a cutter: reads ESC/POS bytes and keeps the paper. 576 dots at 8 dots/mm, 150 mm/s, a receive
// buffer of 4 KiB, real-time commands recognised on arrival anywhere in the stream (also inside a picture, as real ones do).
// A command that it does not know is recorded in `failures`, and so is every byte that a full buffer loses.
//
// FAULTS (each can be switched at any moment; the paper moved so far stays moved)
// - `paperOut`, `coverOpen`, `overheated`: offline, printing stands; it goes on from the same row when the cause is gone.
// - `paperOutAfterRows`, `jamAfterRows`: the paper ends, or sticks, after so many rows more. A jam is an error that stays until its cause is
//   gone (`jammed = false`) and the host has sent DLE ENQ.
// - `cutterStuck`: the next cut fails and leaves the paper whole; an error like the jam.
// - `nearEnd`: reported, nothing else.
// - `silent`: hung; bytes are lost, the paper stands.
// - `lyingEcho`: a process id is echoed when it arrives instead of when everything before it is printed.
// - `powerOff()`: the buffer and all settings are forgotten, in the middle of a row too; the paper stays.
// Not modelled: the look of text (characters come out as blocks), heat and grey, paper that is torn off by hand (see `tearOff`).

import type { SimClock } from "../clock.js";
import { pngFromBits } from "../png.js";
import type { SerialDevice } from "./serial-device.js";

export const DOTS = 576;
const ROW_BYTES = DOTS / 8;
export const BUFFER_BYTES = 4096;
const ROW_US = 1_000_000 / 1200;
const CUT_US = 300_000;
/** Paper between the head and the cutter, 12 mm: a cut without feeding goes through what was just printed. */
export const CUTTER_ROWS = 96;
/** White paper left and right of the printable width in pictures, 4 mm. */
const MARGIN_BYTES = 4;
const LINE_ROWS = 30;
const CHARACTER_DOTS = 12;
const CHARACTER_ROWS = 24;

const ESC = 0x1b, FS = 0x1c, GS = 0x1d, DLE = 0x10;
const CLEAR = [DLE, 0x14, 0x08, 0x01, 0x03, 0x14, 0x01, 0x06, 0x02, 0x08];
const ECHO = [GS, 0x28, 0x48, 0x06, 0x00, 0x30, 0x30];
const ECHO_BYTES = ECHO.length + 4;

/** Settings that leave a picture as it is: how many bytes follow the two of the command. */
const settings = new Map<number, number>([
  [ESC << 8 | 0x20, 1], [ESC << 8 | 0x21, 1], [ESC << 8 | 0x2d, 1], [ESC << 8 | 0x32, 0], [ESC << 8 | 0x33, 1], [ESC << 8 | 0x3d, 1],
  [ESC << 8 | 0x45, 1], [ESC << 8 | 0x47, 1], [ESC << 8 | 0x4d, 1], [ESC << 8 | 0x52, 1], [ESC << 8 | 0x56, 1], [ESC << 8 | 0x74, 1],
  [ESC << 8 | 0x7b, 1], [ESC << 8 | 0x63, 2], [ESC << 8 | 0x70, 3],
  [GS << 8 | 0x21, 1], [GS << 8 | 0x42, 1], [GS << 8 | 0x48, 1], [GS << 8 | 0x62, 1], [GS << 8 | 0x66, 1], [GS << 8 | 0x68, 1], [GS << 8 | 0x77, 1],
  [FS << 8 | 0x26, 0], [FS << 8 | 0x2e, 0], [FS << 8 | 0x43, 1], [FS << 8 | 0x53, 2],
]);

export interface Slip {
  /** rows */
  readonly height: number;
  /** height * 72 bytes, 1 = black, most significant bit left */
  readonly bits: Uint8Array;
  /** undefined: it still hangs in the printer */
  readonly cut: "full" | "partial" | "torn" | undefined;
}

/** The paper with its margins, and a dashed line where it was cut. */
export function slipToPng(slip: Slip): Uint8Array {
  const stride = ROW_BYTES + 2 * MARGIN_BYTES;
  const cutRows = slip.cut === undefined ? 0 : 6;
  const height = Math.max(1, slip.height + cutRows);
  const bits = new Uint8Array(stride * height);
  for (let y = 0; y < slip.height; y++) bits.set(slip.bits.subarray(y * ROW_BYTES, (y + 1) * ROW_BYTES), y * stride + MARGIN_BYTES);
  if (cutRows > 0) {
    for (let y = slip.height + 2; y < slip.height + 4; y++) {
      for (let x = 0; x < stride; x++) if (slip.cut === "full" || x % 4 < 2) bits[y * stride + x] = x % 2 === 0 ? 0xff : 0x00;
    }
  }
  return pngFromBits(stride * 8, height, bits);
}

export class VirtualPrinter implements SerialDevice {
  readonly baud = 230400;
  send: (bytes: Uint8Array) => void = () => {};
  /** What fell into the box, in order. */
  readonly slips: Slip[] = [];
  readonly failures: string[] = [];
  onSlip: ((slip: Slip) => void) | undefined;
  /** Paper has moved by so many rows. */
  onPaper: ((rows: number) => void) | undefined;
  lyingEcho = false;
  cutterStuck = false;
  jamAfterRows: number | undefined;
  paperOutAfterRows: number | undefined;
  readonly #clock: SimClock;
  #silent = false;
  #powered = true;
  #paperOut = false;
  #nearEnd = false;
  #coverOpen = false;
  #overheated = false;
  #jammed = false;
  /** Errors that stay until the host says DLE ENQ. */
  #mechanicalError = false;
  #cutterError = false;
  /** From the cutter down to the head, top row first. */
  #strip: Uint8Array[] = blankRows(CUTTER_ROWS);
  #buffer: number[] = [];
  #recent: number[] = [];
  #automatic = 0;
  #lastAutomatic = "";
  #left = 0;
  #justification = 0;
  #line: { x: number; characters: number[] } = { x: 0, characters: [] };
  #picture: { readonly widthBytes: number; rowsLeft: number; readonly x: number } | undefined;
  /** Rows that are moving now. */
  #motion: { readonly rows: Uint8Array[]; running: boolean; startUs: number; cancel: () => void } | undefined;
  #cutting: (() => void) | undefined;

  constructor(options: { readonly clock: SimClock }) {
    this.#clock = options.clock;
  }

  get silent(): boolean { return this.#silent; }
  set silent(on: boolean) {
    this.#stand();
    this.#silent = on;
    this.#changed();
  }

  get paperOut(): boolean { return this.#paperOut; }
  set paperOut(on: boolean) {
    this.#stand();
    this.#paperOut = on;
    this.#changed();
  }

  get nearEnd(): boolean { return this.#nearEnd; }
  set nearEnd(on: boolean) {
    this.#nearEnd = on;
    this.#changed();
  }

  get coverOpen(): boolean { return this.#coverOpen; }
  set coverOpen(on: boolean) {
    this.#stand();
    this.#coverOpen = on;
    this.#changed();
  }

  get overheated(): boolean { return this.#overheated; }
  set overheated(on: boolean) {
    this.#stand();
    this.#overheated = on;
    this.#changed();
  }

  get jammed(): boolean { return this.#jammed; }
  set jammed(on: boolean) {
    this.#stand();
    this.#jammed = on;
    if (on) this.#mechanicalError = true;
    this.#changed();
  }

  get powered(): boolean { return this.#powered; }

  /** Printed and not cut: hanging in the window. Its last CUTTER_ROWS rows are still below the cutter. */
  get hanging(): Slip {
    this.#settleMotion();
    return slipOf(this.#strip, undefined);
  }

  powerOff(): void {
    this.#stand();
    this.#forget();
    this.#cutting?.();
    this.#cutting = undefined;
    this.#automatic = 0;
    this.#mechanicalError = false;
    this.#cutterError = false;
    this.#powered = false;
  }

  powerOn(): void {
    this.#powered = true;
    this.#mechanicalError = this.#jammed;
  }

  /** A hand tears off what hangs out above the cutter. */
  tearOff(): Slip {
    return this.#takeSlip("torn");
  }

  receive(bytes: Uint8Array): void {
    if (this.#silent || !this.#powered) return;
    for (const byte of bytes) this.#arrive(byte);
    this.#work();
  }

  // Arrival: real-time commands act at once and stay in the buffer, where they are passed over when their turn comes.

  #arrive(byte: number): void {
    const recent = this.#recent;
    recent.push(byte);
    if (recent.length > ECHO_BYTES) recent.shift();
    const [third, second, first] = [recent.at(-1), recent.at(-2), recent.at(-3)];
    if (endsWith(recent, CLEAR)) {
      this.#forget();
      this.send(Uint8Array.of(0x37, 0x25, 0x00));
      return;
    }
    if (this.#buffer.length >= BUFFER_BYTES) this.failures.push("receive buffer overrun");
    else this.#buffer.push(byte);
    if (first === DLE && second === 0x04 && third! >= 1 && third! <= 4) this.send(Uint8Array.of(this.#statusByte(third!)));
    if (first === DLE && second === 0x05 && (third === 1 || third === 2)) this.#recover(third === 2);
    if (this.lyingEcho && recent.length === ECHO_BYTES && ECHO.every((value, i) => recent[i] === value)) this.#echo(recent.slice(-4));
  }

  #recover(clear: boolean): void {
    if (!this.#mechanicalError && !this.#cutterError) return;
    if (clear) this.#forget();
    if (!this.#jammed) this.#mechanicalError = false;
    if (!this.cutterStuck) this.#cutterError = false;
    this.#changed();
  }

  #forget(): void {
    this.#settleMotion();
    this.#motion?.cancel();
    this.#motion = undefined;
    this.#buffer = [];
    this.#recent = [];
    this.#picture = undefined;
    this.#line = { x: 0, characters: [] };
    this.#left = 0;
    this.#justification = 0;
  }

  get #offline(): boolean {
    return this.#coverOpen || this.#paperOut || this.#mechanicalError || this.#cutterError || this.#overheated;
  }

  #statusByte(n: number): number {
    const bits = (...pairs: readonly (readonly [boolean, number])[]): number => pairs.reduce((sum, [on, bit]) => (on ? sum | bit : sum), 0x12);
    switch (n) {
      case 1:
        return bits([this.#offline, 0x08]);
      case 2:
        return bits([this.#coverOpen, 0x04], [this.#paperOut, 0x20], [this.#mechanicalError || this.#cutterError || this.#overheated, 0x40]);
      case 3:
        return bits([this.#mechanicalError, 0x04], [this.#cutterError, 0x08], [this.#overheated, 0x40]);
      default:
        return bits([this.#nearEnd || this.#paperOut, 0x0c], [this.#paperOut, 0x60]);
    }
  }

  #reportAutomatically(always: boolean): void {
    if (this.#automatic === 0 || this.#silent || !this.#powered) return;
    const status = Uint8Array.of(
      0x10 | (this.#offline ? 0x08 : 0) | (this.#coverOpen ? 0x20 : 0),
      (this.#mechanicalError ? 0x04 : 0) | (this.#cutterError ? 0x08 : 0) | (this.#overheated ? 0x40 : 0),
      (this.#nearEnd || this.#paperOut ? 0x03 : 0) | (this.#paperOut ? 0x0c : 0),
      0x0f,
    );
    const text = status.join();
    if (!always && text === this.#lastAutomatic) return;
    this.#lastAutomatic = text;
    this.send(status);
  }

  #changed(): void {
    this.#reportAutomatically(false);
    this.#work();
  }

  // Paper.

  /** Lays down the rows that have passed the head by now. */
  #settleMotion(): void {
    const motion = this.#motion;
    if (motion === undefined || !motion.running) return;
    // Whole microseconds against thirds of them: a row that is a thousandth short has passed.
    const passed = Math.min(motion.rows.length, Math.floor((this.#clock.nowUs() - motion.startUs) / ROW_US + 0.001));
    if (passed <= 0) return;
    motion.startUs += passed * ROW_US;
    for (const row of motion.rows.splice(0, passed)) this.#strip.push(row);
    if (this.jamAfterRows !== undefined) this.jamAfterRows -= passed;
    if (this.paperOutAfterRows !== undefined) this.paperOutAfterRows -= passed;
    this.onPaper?.(passed);
  }

  /** Stops the paper where it is; the rows that did not pass the head wait. */
  #stand(): void {
    this.#settleMotion();
    if (this.#motion === undefined) return;
    this.#motion.cancel();
    this.#motion.running = false;
  }

  #move(rows: Uint8Array[]): void {
    this.#motion = { rows, running: false, startUs: 0, cancel: () => {} };
    this.#run();
  }

  #run(): void {
    const motion = this.#motion!;
    motion.running = true;
    motion.startUs = this.#clock.nowUs();
    const rows = Math.min(motion.rows.length, this.jamAfterRows ?? Infinity, this.paperOutAfterRows ?? Infinity);
    motion.cancel = this.#clock.after(Math.ceil(rows * ROW_US), () => {
      this.#settleMotion();
      if (this.jamAfterRows === 0) {
        this.jamAfterRows = undefined;
        this.jammed = true;
        return;
      }
      if (this.paperOutAfterRows === 0) {
        this.paperOutAfterRows = undefined;
        this.paperOut = true;
        return;
      }
      this.#motion = undefined;
      this.#work();
    });
  }

  #takeSlip(cut: "full" | "partial" | "torn"): Slip {
    this.#settleMotion();
    const slip = slipOf(this.#strip.splice(0, Math.max(0, this.#strip.length - CUTTER_ROWS)), cut);
    this.slips.push(slip);
    this.onSlip?.(slip);
    return slip;
  }

  #cut(kind: "full" | "partial"): void {
    const cancel = this.#clock.after(CUT_US, () => {
      this.#cutting = undefined;
      if (this.cutterStuck) {
        this.#cutterError = true;
        this.#changed();
        return;
      }
      this.#takeSlip(kind);
      this.#work();
    });
    this.#cutting = cancel;
  }

  // Commands, in their turn.

  #work(): void {
    if (this.#silent || !this.#powered || this.#cutting !== undefined || this.#offline) return;
    if (this.#motion !== undefined) {
      // Stopped by something that is gone now: the rest goes on from the same row.
      if (!this.#motion.running) this.#run();
      return;
    }
    while (this.#motion === undefined && this.#cutting === undefined && this.#step());
  }

  /** Executes one command; false when its bytes are not all there. */
  #step(): boolean {
    const buffer = this.#buffer;
    if (this.#picture !== undefined) return this.#pictureRows(this.#picture);
    const [first, second] = buffer;
    if (first === undefined) return false;
    if (first >= 0x20) return this.#character(first);
    switch (first) {
      case 0x00:
      case 0x0d:
        return this.#take(1);
      case 0x09:
        this.#line.x = (Math.floor(this.#line.x / (8 * CHARACTER_DOTS)) + 1) * 8 * CHARACTER_DOTS;
        return this.#take(1);
      case 0x0a:
        return this.#take(1) && this.#printLine(LINE_ROWS);
      case DLE:
        if (second === undefined) return false;
        if (second === 0x04 || second === 0x05) return this.#take(3);
        if (second === 0x14) {
          if (buffer.length < 3) return false;
          return this.#take(buffer[2] === 0x08 ? CLEAR.length : 5);
        }
        return this.#unknown(2);
      case ESC:
      case GS:
      case FS:
        return second === undefined ? false : this.#escape(first, second);
      default:
        return this.#unknown(1);
    }
  }

  #take(count: number): boolean {
    if (this.#buffer.length < count) return false;
    this.#buffer.splice(0, count);
    return true;
  }

  #unknown(count: number): boolean {
    this.failures.push(`unknown command ${this.#buffer.slice(0, 4).map((byte) => byte.toString(16).padStart(2, "0")).join(" ")}`);
    return this.#take(count);
  }

  #escape(first: number, second: number): boolean {
    const buffer = this.#buffer;
    const a = buffer[2] ?? 0, b = buffer[3] ?? 0;
    const plain = settings.get((first << 8) | second);
    if (plain !== undefined) return this.#take(2 + plain);
    switch ((first << 8) | second) {
      case ESC << 8 | 0x40:
        this.#automatic = 0;
        this.#left = 0;
        this.#justification = 0;
        this.#line = { x: 0, characters: [] };
        return this.#take(2);
      case ESC << 8 | 0x24:
        if (!this.#take(4)) return false;
        this.#line.x = a | (b << 8);
        return true;
      case ESC << 8 | 0x5c:
        if (!this.#take(4)) return false;
        this.#line.x += ((a | (b << 8)) << 16) >> 16;
        return true;
      case ESC << 8 | 0x44: {
        const end = buffer.indexOf(0, 2);
        return end >= 0 && this.#take(end + 1);
      }
      case ESC << 8 | 0x61:
        if (!this.#take(3)) return false;
        this.#justification = a % 48;
        return true;
      case ESC << 8 | 0x4a:
        return this.#take(3) && this.#printLine(a);
      case ESC << 8 | 0x64:
        return this.#take(3) && this.#printLine(a * LINE_ROWS);
      case GS << 8 | 0x4c:
        if (!this.#take(4)) return false;
        this.#left = a | (b << 8);
        return true;
      case GS << 8 | 0x57:
        return this.#take(4);
      case GS << 8 | 0x50:
        if (!this.#take(4)) return false;
        if ((a !== 203 && a !== 0) || (b !== 203 && b !== 0)) this.failures.push(`motion units of 1/${a} and 1/${b} inch`);
        return true;
      case GS << 8 | 0x61:
        if (!this.#take(3)) return false;
        this.#automatic = a;
        this.#reportAutomatically(true);
        return true;
      case GS << 8 | 0x72:
        if (!this.#take(3)) return false;
        this.send(Uint8Array.of((this.#nearEnd ? 0x03 : 0) | (this.#paperOut ? 0x0c : 0)));
        return true;
      case GS << 8 | 0x76:
        return this.#beginPicture();
      case GS << 8 | 0x56:
        return this.#cutCommand();
      case GS << 8 | 0x28:
        return this.#parenthesis();
      default:
        return this.#unknown(2);
    }
  }

  #beginPicture(): boolean {
    if (this.#buffer.length < 8) return false;
    const [, , zero, mode, xl, xh, yl, yh] = this.#buffer as [number, number, number, number, number, number, number, number];
    const widthBytes = xl | (xh << 8);
    const rows = yl | (yh << 8);
    if (zero !== 0x30 || mode !== 0 || widthBytes === 0 || rows === 0) return this.#unknown(8);
    this.#take(8);
    const free = Math.max(0, DOTS - this.#left - widthBytes * 8);
    const justified = this.#justification === 1 ? free >> 1 : this.#justification === 2 ? free : 0;
    this.#picture = { widthBytes, rowsLeft: rows, x: this.#left + this.#line.x + justified };
    this.#line.x = 0;
    return true;
  }

  #pictureRows(picture: { readonly widthBytes: number; rowsLeft: number; readonly x: number }): boolean {
    const rows = Math.min(picture.rowsLeft, Math.floor(this.#buffer.length / picture.widthBytes));
    if (rows === 0) return false;
    const laid: Uint8Array[] = [];
    for (let i = 0; i < rows; i++) {
      const row = new Uint8Array(ROW_BYTES);
      const bits = this.#buffer.splice(0, picture.widthBytes);
      const shift = picture.x & 7;
      for (let k = 0; k < bits.length; k++) {
        const at = (picture.x >> 3) + k;
        if (at < ROW_BYTES) row[at]! |= bits[k]! >> shift;
        if (shift > 0 && at + 1 < ROW_BYTES) row[at + 1]! |= (bits[k]! << (8 - shift)) & 0xff;
      }
      laid.push(row);
    }
    picture.rowsLeft -= rows;
    if (picture.rowsLeft === 0) this.#picture = undefined;
    this.#move(laid);
    return true;
  }

  #cutCommand(): boolean {
    if (this.#buffer.length < 3) return false;
    const mode = this.#buffer[2]!;
    if ([0, 1, 48, 49].includes(mode)) {
      this.#take(3);
      this.#cut(mode % 48 === 0 ? "full" : "partial");
      return true;
    }
    if (mode !== 65 && mode !== 66) return this.#unknown(3);
    if (this.#buffer.length < 4) return false;
    // Feed first, then the same command without feeding, in this command's place.
    const rows = CUTTER_ROWS + this.#buffer[3]!;
    this.#buffer.splice(0, 4, GS, 0x56, mode === 65 ? 0 : 1);
    this.#move(blankRows(rows));
    return true;
  }

  #parenthesis(): boolean {
    if (this.#buffer.length < 5) return false;
    const length = 5 + (this.#buffer[3]! | (this.#buffer[4]! << 8));
    if (this.#buffer.length < Math.min(length, BUFFER_BYTES)) return false;
    if (!ECHO.every((value, i) => this.#buffer[i] === value)) return this.#unknown(length);
    const id = this.#buffer.slice(7, 11);
    this.#take(length);
    if (!this.lyingEcho) this.#echo(id);
    return true;
  }

  #echo(id: readonly number[]): void {
    this.send(Uint8Array.of(0x37, 0x22, ...id, 0x00));
  }

  #character(code: number): boolean {
    this.#take(1);
    if (this.#line.x + CHARACTER_DOTS > DOTS) {
      this.#buffer.unshift(code);
      return this.#printLine(LINE_ROWS);
    }
    if (code !== 0x20) this.#line.characters.push(this.#line.x);
    this.#line.x += CHARACTER_DOTS;
    return true;
  }

  /** Prints the line that stands in the print buffer and feeds so many rows in all. */
  #printLine(rows: number): boolean {
    const { characters } = this.#line;
    this.#line = { x: 0, characters: [] };
    const laid = blankRows(characters.length > 0 ? Math.max(rows, CHARACTER_ROWS) : rows);
    for (const x of characters) {
      for (let y = 2; y < CHARACTER_ROWS - 2; y++) for (let dot = x + 1; dot < x + CHARACTER_DOTS - 1; dot++) laid[y]![dot >> 3]! |= 0x80 >> (dot & 7);
    }
    if (laid.length > 0) this.#move(laid);
    return true;
  }
}

function blankRows(count: number): Uint8Array[] {
  return Array.from({ length: count }, () => new Uint8Array(ROW_BYTES));
}

function slipOf(rows: readonly Uint8Array[], cut: Slip["cut"]): Slip {
  const bits = new Uint8Array(rows.length * ROW_BYTES);
  rows.forEach((row, y) => bits.set(row, y * ROW_BYTES));
  return { height: rows.length, bits, cut };
}

function endsWith(bytes: readonly number[], end: readonly number[]): boolean {
  const start = bytes.length - end.length;
  return start >= 0 && end.every((value, i) => bytes[start + i] === value);
}
