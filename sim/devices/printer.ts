// A virtual 80 mm thermal printer with a cutter: reads ESC/POS bytes and keeps the paper. 576 dots at 8 dots/mm, 150
// mm/s, a receive buffer of 4 KiB, real-time commands recognised on arrival anywhere in the stream (also inside a
// picture, as real ones do). A command that it does not know is recorded in `failures`, and so is every byte that a
// full buffer loses.
//
// FAULTS (each can be switched at any moment; the paper moved so far stays moved)
// - `paperOut`, `coverOpen`, `overheated`: offline, printing stands; it goes on from the same row when the cause is
//   gone.
// - `paperOutAfterRows`, `jamAfterRows`: the paper ends, or sticks, after so many rows more. A jam is an error that
//   stays until its cause is gone (`jammed = false`) and the host has sent DLE ENQ.
// - `cutterStuck`: the next cut fails and leaves the paper whole; an error like the jam.
// - `nearEnd`: reported, nothing else.
// - `silent`: hung; bytes are lost, the paper stands.
// - `lyingEcho`: a process id is echoed when it arrives instead of when everything before it is printed.
// - `softwareFlowControl`: it is set to XON/XOFF, says XOFF when its buffer fills, and XON when it has room again and
//   after a power-up.
// - `lateMs`: real-time answers come so much later. `bootMs`: what comes so soon after a power-up is lost.
// - `powerOff()`: the buffer and all settings are forgotten, in the middle of a row too; the paper stays.
// Not modelled: the look of text (characters come out as blocks), heat and grey, paper that is torn off by hand (see
// `tearOff`).

import type { SimClock } from "../clock.js";
import { BUFFER_BYTES, CLEAR, Commands, DLE, ECHO } from "./printer/commands.js";
import { Mechanism } from "./printer/mechanism.js";
import type { Slip } from "./printer/paper.js";
import type { SerialDevice } from "./serial-device.js";

export { BUFFER_BYTES } from "./printer/commands.js";
export { CUTTER_ROWS, type Slip, slipToPng } from "./printer/paper.js";

const ECHO_BYTES = ECHO.length + 4;
const XON = 0x11;
const XOFF = 0x13;
/** Epson's default: XOFF with 256 bytes left. Here earlier, so that it comes within what a driver has under way. */
const XOFF_ROOM = 1024;

export class VirtualPrinter implements SerialDevice {
  readonly baud = 230400;
  send: (bytes: Uint8Array) => void = () => {};
  readonly failures: string[] = [];
  lyingEcho = false;
  softwareFlowControl = false;
  lateMs = 0;
  bootMs = 0;
  readonly #mechanism: Mechanism;
  readonly #commands: Commands;
  readonly #clock: SimClock;
  #silent = false;
  #powered = true;
  #isStopped = false;
  #readyUs = 0;
  #paperOut = false;
  #nearEnd = false;
  #coverOpen = false;
  #overheated = false;
  #jammed = false;
  /** Errors that stay until the host says DLE ENQ. */
  #mechanicalError = false;
  #cutterError = false;
  #recent: number[] = [];
  #automatic = 0;
  #lastAutomatic = "";

  constructor(options: { readonly clock: SimClock }) {
    this.#clock = options.clock;
    const mechanism = new Mechanism({
      clock: options.clock,
      onJam: () => {
        this.jammed = true;
      },
      onPaperEnd: () => {
        this.paperOut = true;
      },
      onCutterStuck: () => {
        this.#cutterError = true;
        this.#changed();
      },
      onDone: () => this.#work(),
    });
    this.#mechanism = mechanism;
    this.#commands = new Commands({
      move: (rows) => mechanism.move(rows),
      cut: (kind) => mechanism.cut(kind),
      echo: (id) => {
        if (!this.lyingEcho) this.#echo(id);
      },
      report: (automatic) => {
        this.#automatic = automatic;
        this.#reportAutomatically(true);
      },
      sendPaperStatus: () => this.send(Uint8Array.of((this.#nearEnd ? 0x03 : 0) | (this.#paperOut ? 0x0c : 0))),
      sendSetting: (item) => this.#tellSetting(item),
      fail: (what) => this.failures.push(what),
    });
  }

  /** What fell into the box, in order. */
  get slips(): Slip[] {
    return this.#mechanism.slips;
  }

  get onSlip(): ((slip: Slip) => void) | undefined {
    return this.#mechanism.onSlip;
  }
  set onSlip(told: ((slip: Slip) => void) | undefined) {
    this.#mechanism.onSlip = told;
  }

  /** Paper has moved by so many rows. */
  get onPaper(): ((rows: number) => void) | undefined {
    return this.#mechanism.onPaper;
  }
  set onPaper(told: ((rows: number) => void) | undefined) {
    this.#mechanism.onPaper = told;
  }

  get cutterStuck(): boolean {
    return this.#mechanism.cutterStuck;
  }
  set cutterStuck(on: boolean) {
    this.#mechanism.cutterStuck = on;
  }

  get jamAfterRows(): number | undefined {
    return this.#mechanism.jamAfterRows;
  }
  set jamAfterRows(rows: number | undefined) {
    this.#mechanism.jamAfterRows = rows;
  }

  get paperOutAfterRows(): number | undefined {
    return this.#mechanism.paperOutAfterRows;
  }
  set paperOutAfterRows(rows: number | undefined) {
    this.#mechanism.paperOutAfterRows = rows;
  }

  get silent(): boolean {
    return this.#silent;
  }
  set silent(on: boolean) {
    this.#mechanism.stand();
    this.#silent = on;
    this.#changed();
  }

  get paperOut(): boolean {
    return this.#paperOut;
  }
  set paperOut(on: boolean) {
    this.#mechanism.stand();
    this.#paperOut = on;
    this.#changed();
  }

  get nearEnd(): boolean {
    return this.#nearEnd;
  }
  set nearEnd(on: boolean) {
    this.#nearEnd = on;
    this.#changed();
  }

  get coverOpen(): boolean {
    return this.#coverOpen;
  }
  set coverOpen(on: boolean) {
    this.#mechanism.stand();
    this.#coverOpen = on;
    this.#changed();
  }

  get overheated(): boolean {
    return this.#overheated;
  }
  set overheated(on: boolean) {
    this.#mechanism.stand();
    this.#overheated = on;
    this.#changed();
  }

  get jammed(): boolean {
    return this.#jammed;
  }
  set jammed(on: boolean) {
    this.#mechanism.stand();
    this.#jammed = on;
    if (on) this.#mechanicalError = true;
    this.#changed();
  }

  get powered(): boolean {
    return this.#powered;
  }

  /** Printed and not cut: hanging in the window. Its last CUTTER_ROWS rows are still below the cutter. */
  get hanging(): Slip {
    return this.#mechanism.hanging;
  }

  powerOff(): void {
    this.#mechanism.stand();
    this.#forget();
    this.#mechanism.stopCut();
    this.#commands.initialize();
    this.#isStopped = false;
    this.#mechanicalError = false;
    this.#cutterError = false;
    this.#powered = false;
  }

  powerOn(): void {
    this.#powered = true;
    this.#readyUs = this.#clock.nowUs() + this.bootMs * 1000;
    this.#mechanicalError = this.#jammed;
    if (this.softwareFlowControl) this.send(Uint8Array.of(XON));
  }

  /** A hand tears off what hangs out above the cutter. */
  tearOff(): Slip {
    return this.#mechanism.takeSlip("torn");
  }

  receive(bytes: Uint8Array): void {
    if (this.#silent || !this.#powered || this.#clock.nowUs() < this.#readyUs) return;
    for (const byte of bytes) this.#arrive(byte);
    this.#work();
    this.#controlFlow();
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
    this.#commands.receive(byte);
    const isAsked = first === DLE && second === 0x04 && third! >= 1 && third! <= 4;
    if (isAsked) this.#answer(Uint8Array.of(this.#statusByte(third!)));
    if (first === DLE && second === 0x05 && (third === 1 || third === 2)) this.#recover(third === 2);
    const isEcho = recent.length === ECHO_BYTES && ECHO.every((value, i) => recent[i] === value);
    if (this.lyingEcho && isEcho) this.#echo(recent.slice(-4));
  }

  #answer(bytes: Uint8Array): void {
    if (this.lateMs === 0) this.send(bytes);
    else this.#clock.after(this.lateMs * 1000, () => this.send(bytes));
  }

  /** Epson, GS ( E function 12: header, identifier, item, separator, value, NUL. */
  #tellSetting(item: number): void {
    const values: Readonly<Record<number, string>> = {
      1: String(this.baud),
      2: "0",
      3: this.softwareFlowControl ? "1" : "0",
      4: "8",
    };
    const value = values[item];
    if (value !== undefined)
      this.send(Uint8Array.of(0x37, 0x33, 0x30 + item, 0x1f, ...Buffer.from(value, "latin1"), 0x00));
  }

  #controlFlow(): void {
    if (!this.softwareFlowControl) return;
    const { waiting } = this.#commands;
    if (!this.#isStopped && waiting > BUFFER_BYTES - XOFF_ROOM) {
      this.#isStopped = true;
      this.send(Uint8Array.of(XOFF));
    } else if (this.#isStopped && waiting < XOFF_ROOM) {
      this.#isStopped = false;
      this.send(Uint8Array.of(XON));
    }
  }

  #recover(clear: boolean): void {
    if (!this.#mechanicalError && !this.#cutterError) return;
    if (clear) this.#forget();
    if (!this.#jammed) this.#mechanicalError = false;
    if (!this.cutterStuck) this.#cutterError = false;
    this.#changed();
  }

  #forget(): void {
    this.#mechanism.forget();
    this.#commands.forget();
    this.#recent = [];
  }

  get #offline(): boolean {
    return this.#coverOpen || this.#paperOut || this.#mechanicalError || this.#cutterError || this.#overheated;
  }

  #statusByte(n: number): number {
    const bits = (...pairs: readonly (readonly [boolean, number])[]): number =>
      pairs.reduce((sum, [on, bit]) => (on ? sum | bit : sum), 0x12);
    const isError = this.#mechanicalError || this.#cutterError || this.#overheated;
    switch (n) {
      case 1:
        return bits([this.#offline, 0x08]);
      case 2:
        return bits([this.#coverOpen, 0x04], [this.#paperOut, 0x20], [isError, 0x40]);
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

  #work(): void {
    const mechanism = this.#mechanism;
    if (this.#silent || !this.#powered || mechanism.isCutting || this.#offline) return;
    // Stopped by something that is gone now: the rest goes on from the same row.
    if (mechanism.isMoving) return mechanism.goOn();
    while (!mechanism.isMoving && !mechanism.isCutting && this.#commands.step());
  }

  #echo(id: readonly number[]): void {
    this.send(Uint8Array.of(0x37, 0x22, ...id, 0x00));
  }
}

function endsWith(bytes: readonly number[], end: readonly number[]): boolean {
  const start = bytes.length - end.length;
  return start >= 0 && end.every((value, i) => bytes[start + i] === value);
}
