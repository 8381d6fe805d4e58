// ECMA-419 section 10.3 (serial) over lines with ring buffers, which are looked at by the clock: what comes is told at
// most POLL_MS later.

import type { Serial, SerialConstructor, SerialOptions, Timer, TimerHandle } from "../../../firmware/platform.js";
import { bytesOf, optionalFunction, wholeNumber } from "../../arguments.js";

const POLL_MS = 4;
const BAUD_MAX = 3_000_000;

/** native/uart.js */
export interface UartLines {
  open(line: number, baud: number): void;
  close(line: number): void;
  waiting(line: number): number;
  free(line: number): number;
  read(line: number, out: Uint8Array): void;
  write(line: number, bytes: Uint8Array): void;
}

/** The Serial class whose devices are `names`, in the order of their lines. */
export function serialOver(lines: UartLines, names: readonly string[], timer: Timer): SerialConstructor {
  const opened = new Set<string>();

  return class RingSerial implements Serial {
    readonly #device: string;
    readonly #line: number;
    readonly #onReadable: SerialOptions["onReadable"];
    readonly #onWritable: SerialOptions["onWritable"];
    #toldWaiting = 0;
    /** Room that the holder was told of and has not used. */
    #free = 0;
    #poll: TimerHandle;
    #closed = false;

    constructor(options: SerialOptions) {
      const { device, baud, format, onReadable, onWritable } = options;
      this.#line = names.indexOf(device);
      if (this.#line < 0) throw new RangeError("serial: device");
      wholeNumber(baud, 1, BAUD_MAX, "serial: baud");
      if (format !== "buffer") throw new RangeError("serial: format");
      optionalFunction(onReadable, "serial: onReadable");
      optionalFunction(onWritable, "serial: onWritable");
      if (opened.has(device)) throw new Error(`serial: ${device} is open`);
      lines.open(this.#line, baud);
      opened.add(device);
      this.#device = device;
      this.#onReadable = onReadable;
      this.#onWritable = onWritable;
      this.#poll = timer.set(() => this.#look(), 0);
    }

    read(byteLength?: number): ArrayBuffer | undefined {
      this.#mustBeOpen();
      const waiting = lines.waiting(this.#line);
      if (byteLength !== undefined) wholeNumber(byteLength, 0, 0x7fffffff, "serial: byteLength");
      const count = Math.min(waiting, byteLength ?? waiting);
      this.#toldWaiting = waiting - count;
      if (count === 0) return undefined;
      const out = new Uint8Array(count);
      lines.read(this.#line, out);
      return out.buffer;
    }

    write(data: Uint8Array): void {
      this.#mustBeOpen();
      const bytes = bytesOf(data, "serial: data");
      if (bytes.length > this.#free) throw new RangeError("serial: the transmitter is full");
      if (bytes.length === 0) return;
      lines.write(this.#line, bytes);
      this.#free -= bytes.length;
    }

    close(): void {
      if (this.#closed) return;
      this.#closed = true;
      timer.clear(this.#poll);
      opened.delete(this.#device);
      lines.close(this.#line);
    }

    #mustBeOpen(): void {
      if (this.#closed) throw new Error("serial: closed");
    }

    #look(): void {
      this.#poll = timer.set(() => this.#look(), POLL_MS);
      const free = lines.free(this.#line);
      if (free > this.#free) {
        this.#free = free;
        this.#onWritable?.call(this, free);
      }
      if (this.#closed) return;
      const waiting = lines.waiting(this.#line);
      if (waiting <= this.#toldWaiting) return;
      this.#toldWaiting = waiting;
      this.#onReadable?.call(this, waiting);
    }
  };
}
