// ESC/POS as the virtual printer reads it: the receive buffer, and its commands carried out one by one in their turn. A
// command that it does not know is a failure of whoever sent it.

import { CUTTER_ROWS, DOTS, ROW_BYTES, blankRows } from "./paper.js";

export const BUFFER_BYTES = 4096;
const LINE_ROWS = 30;
const CHARACTER_DOTS = 12;
const CHARACTER_ROWS = 24;

const ESC = 0x1b,
  FS = 0x1c,
  GS = 0x1d;
export const DLE = 0x10;
/** DLE DC4 8: forget the buffer. */
export const CLEAR = [DLE, 0x14, 0x08, 0x01, 0x03, 0x14, 0x01, 0x06, 0x02, 0x08];
/** GS ( H 48: answer when everything before is printed; four bytes of a process id follow. */
/** GS ( E 12: tell how the serial line is set; the item follows. */
const TELL_SETTING = [GS, 0x28, 0x45, 0x02, 0x00, 0x0c];
/** Motion units of a printer that was told nothing: 1/180 and 1/360 inch. */
const DEFAULT_UNITS = { x: 180, y: 360 } as const;
const DOTS_OF_INCH = 203;
export const ECHO = [GS, 0x28, 0x48, 0x06, 0x00, 0x30, 0x30];

/** Settings that leave a picture as it is: how many bytes follow the two of the command. */
const settings = new Map<number, number>([
  [(ESC << 8) | 0x20, 1],
  [(ESC << 8) | 0x21, 1],
  [(ESC << 8) | 0x2d, 1],
  [(ESC << 8) | 0x32, 0],
  [(ESC << 8) | 0x33, 1],
  [(ESC << 8) | 0x3d, 1],
  [(ESC << 8) | 0x45, 1],
  [(ESC << 8) | 0x47, 1],
  [(ESC << 8) | 0x4d, 1],
  [(ESC << 8) | 0x52, 1],
  [(ESC << 8) | 0x56, 1],
  [(ESC << 8) | 0x74, 1],
  [(ESC << 8) | 0x7b, 1],
  [(ESC << 8) | 0x63, 2],
  [(ESC << 8) | 0x70, 3],
  [(GS << 8) | 0x21, 1],
  [(GS << 8) | 0x42, 1],
  [(GS << 8) | 0x48, 1],
  [(GS << 8) | 0x62, 1],
  [(GS << 8) | 0x66, 1],
  [(GS << 8) | 0x68, 1],
  [(GS << 8) | 0x77, 1],
  [(FS << 8) | 0x26, 0],
  [(FS << 8) | 0x2e, 0],
  [(FS << 8) | 0x43, 1],
  [(FS << 8) | 0x53, 2],
]);

/** What commands do to the rest of the printer. */
export interface Commanded {
  /** Prints and feeds. */
  move(rows: Uint8Array[]): void;
  cut(kind: "full" | "partial"): void;
  /** Everything before it has been printed. */
  echo(id: readonly number[]): void;
  /** Which changes of its status the printer tells by itself. */
  report(automatic: number): void;
  sendPaperStatus(): void;
  /** Of the serial line: 1 speed, 2 parity, 3 flow control, 4 data length. */
  sendSetting(item: number): void;
  fail(what: string): void;
}

export class Commands {
  readonly #printer: Commanded;
  #buffer: number[] = [];
  #left = 0;
  #justification = 0;
  #units: { readonly x: number; readonly y: number } = DEFAULT_UNITS;
  #line: { x: number; characters: number[] } = { x: 0, characters: [] };
  #picture: { readonly widthBytes: number; rowsLeft: number; readonly x: number } | undefined;

  constructor(printer: Commanded) {
    this.#printer = printer;
  }

  receive(byte: number): void {
    if (this.#buffer.length >= BUFFER_BYTES) this.#printer.fail("receive buffer overrun");
    else this.#buffer.push(byte);
  }

  /** Bytes that wait. */
  get waiting(): number {
    return this.#buffer.length;
  }

  /** Settings as after a power-up. */
  initialize(): void {
    this.#printer.report(0);
    this.#left = 0;
    this.#justification = 0;
    this.#units = DEFAULT_UNITS;
    this.#line = { x: 0, characters: [] };
  }

  forget(): void {
    this.#buffer = [];
    this.#picture = undefined;
    this.#line = { x: 0, characters: [] };
    this.#left = 0;
    this.#justification = 0;
  }

  /** Executes the next command; false when its bytes are not all there. */
  step(): boolean {
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
    const bytes = this.#buffer.slice(0, 4).map((byte) => byte.toString(16).padStart(2, "0"));
    this.#printer.fail(`unknown command ${bytes.join(" ")}`);
    return this.#take(count);
  }

  #escape(first: number, second: number): boolean {
    const buffer = this.#buffer;
    const a = buffer[2] ?? 0,
      b = buffer[3] ?? 0;
    const plain = settings.get((first << 8) | second);
    if (plain !== undefined) return this.#take(2 + plain);
    switch ((first << 8) | second) {
      case (ESC << 8) | 0x40:
        this.initialize();
        return this.#take(2);
      case (ESC << 8) | 0x24:
        if (!this.#take(4)) return false;
        this.#line.x = this.#dots(a | (b << 8), "x");
        return true;
      case (ESC << 8) | 0x5c:
        if (!this.#take(4)) return false;
        this.#line.x += this.#dots(((a | (b << 8)) << 16) >> 16, "x");
        return true;
      case (ESC << 8) | 0x44: {
        const end = buffer.indexOf(0, 2);
        return end >= 0 && this.#take(end + 1);
      }
      case (ESC << 8) | 0x61:
        if (!this.#take(3)) return false;
        this.#justification = a % 48;
        return true;
      case (ESC << 8) | 0x4a:
        return this.#take(3) && this.#printLine(this.#dots(a, "y"));
      case (ESC << 8) | 0x64:
        return this.#take(3) && this.#printLine(a * LINE_ROWS);
      case (GS << 8) | 0x4c:
        if (!this.#take(4)) return false;
        this.#left = this.#dots(a | (b << 8), "x");
        return true;
      case (GS << 8) | 0x57:
        return this.#take(4);
      case (GS << 8) | 0x50:
        if (!this.#take(4)) return false;
        this.#units = { x: a === 0 ? DEFAULT_UNITS.x : a, y: b === 0 ? DEFAULT_UNITS.y : b };
        return true;
      case (GS << 8) | 0x61:
        if (!this.#take(3)) return false;
        this.#printer.report(a);
        return true;
      case (GS << 8) | 0x72:
        if (!this.#take(3)) return false;
        this.#printer.sendPaperStatus();
        return true;
      case (GS << 8) | 0x76:
        return this.#beginPicture();
      case (GS << 8) | 0x56:
        return this.#cutCommand();
      case (GS << 8) | 0x28:
        return this.#parenthesis();
      default:
        return this.#unknown(2);
    }
  }

  #dots(units: number, way: "x" | "y"): number {
    return Math.round((units * DOTS_OF_INCH) / this.#units[way]);
  }

  #beginPicture(): boolean {
    if (this.#buffer.length < 8) return false;
    const [zero, mode, xl, xh, yl, yh] = this.#buffer.slice(2) as [number, number, number, number, number, number];
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
    this.#printer.move(laid);
    return true;
  }

  #cutCommand(): boolean {
    if (this.#buffer.length < 3) return false;
    const mode = this.#buffer[2]!;
    if ([0, 1, 48, 49].includes(mode)) {
      this.#take(3);
      this.#printer.cut(mode % 48 === 0 ? "full" : "partial");
      return true;
    }
    if (mode !== 65 && mode !== 66) return this.#unknown(3);
    if (this.#buffer.length < 4) return false;
    // Feed first, then the same command without feeding, in this command's place.
    const rows = CUTTER_ROWS + this.#buffer[3]!;
    this.#buffer.splice(0, 4, GS, 0x56, mode === 65 ? 0 : 1);
    this.#printer.move(blankRows(rows));
    return true;
  }

  #parenthesis(): boolean {
    if (this.#buffer.length < 5) return false;
    const length = 5 + (this.#buffer[3]! | (this.#buffer[4]! << 8));
    if (this.#buffer.length < Math.min(length, BUFFER_BYTES)) return false;
    if (TELL_SETTING.every((value, i) => this.#buffer[i] === value)) {
      this.#printer.sendSetting(this.#buffer[6]!);
      return this.#take(length);
    }
    if (!ECHO.every((value, i) => this.#buffer[i] === value)) return this.#unknown(length);
    const id = this.#buffer.slice(7, 11);
    this.#take(length);
    this.#printer.echo(id);
    return true;
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
      for (let y = 2; y < CHARACTER_ROWS - 2; y++)
        for (let dot = x + 1; dot < x + CHARACTER_DOTS - 1; dot++) laid[y]![dot >> 3]! |= 0x80 >> (dot & 7);
    }
    if (laid.length > 0) this.#printer.move(laid);
    return true;
  }
}
