// A serial port with a bounded queue before it: the port takes only what its transmitter has room for.

import { assert } from "../firmware/result.js";
import type { Serial, SerialPort } from "../firmware/platform.js";

/** The longest that a driver here sends at once is a printer's band. */
export const QUEUE_BYTES_MAX = 4096;
/**
 * What does not go as a whole goes in parts of at least this size, or of half the transmitter where that is smaller.
 * Without it a transmitter that drains a few bytes is given a few bytes, and ever smaller parts go back and forth.
 */
export const PART_BYTES_LEAST = 256;

export class SerialLine {
  readonly #serial: Serial;
  readonly #queue: { bytes: Uint8Array; readonly wipe: boolean }[] = [];
  #queued = 0;
  #credit = 0;
  /** The most room that the port has reported: the size of its transmitter. */
  #creditMax = 0;
  #closed = false;

  constructor(options: { readonly port: SerialPort; readonly onBytes: (bytes: Uint8Array) => void }) {
    const { port, onBytes } = options;
    const line = this;
    this.#serial = new port.io({
      device: port.device,
      baud: port.baud,
      format: "buffer",
      onReadable() {
        const data = this.read();
        if (data !== undefined && !line.#closed) onBytes(new Uint8Array(data));
      },
      onWritable(bytes) {
        line.#credit = bytes;
        line.#creditMax = Math.max(line.#creditMax, bytes);
        line.#pump(this);
      },
    });
  }

  /** Bytes that the port has not taken yet. */
  get queued(): number {
    return this.#queued;
  }

  /**
   * Sends in order. The bytes must not be changed before `queued` is 0; with `wipe` they are zeroed as soon as the port
   * has taken them. Throws beyond QUEUE_BYTES_MAX: the protocol above keeps below it.
   */
  send(bytes: Uint8Array, wipe = false): void {
    assert(!this.#closed, "send on a closed line");
    assert(this.#queued + bytes.length <= QUEUE_BYTES_MAX, "serial queue");
    this.#queue.push({ bytes, wipe });
    this.#queued += bytes.length;
    this.#pump(this.#serial);
  }

  /** Drops what the port has not taken yet. */
  drop(): void {
    for (const { bytes, wipe } of this.#queue) if (wipe) bytes.fill(0);
    this.#queue.length = 0;
    this.#queued = 0;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.drop();
    this.#serial.close();
  }

  #pump(serial: Serial): void {
    // The port may report room before the constructor has returned; then there is nothing to send yet.
    while (this.#credit > 0 && this.#queue.length > 0) {
      const next = this.#queue[0]!;
      if (this.#credit < next.bytes.length && this.#credit < Math.min(PART_BYTES_LEAST, this.#creditMax >> 1)) return;
      const now = next.bytes.length <= this.#credit ? next.bytes : next.bytes.subarray(0, this.#credit);
      if (now.length === next.bytes.length) this.#queue.shift();
      else next.bytes = next.bytes.subarray(now.length);
      this.#credit -= now.length;
      this.#queued -= now.length;
      serial.write(now);
      if (next.wipe) now.fill(0);
    }
  }
}
