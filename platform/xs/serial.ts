// ECMA-419 section 10.3 (serial) over the cable. The harness paces both directions at the baud rate.

import { concat, utf8 } from "../../firmware/bytes.js";
import type { Serial, SerialOptions } from "../../firmware/platform.js";
import { Channel, SERIAL_DEVICES, SERIAL_TRANSMITTER, SerialOp, readU32le, u32le } from "../cable.js";
import { bytesOf, optionalFunction, wholeNumber } from "../arguments.js";
import { closePort, openPort, soon } from "./loop.js";
import { send } from "./world.js";
import { ReceiveBuffer } from "../receive-buffer.js";

/** What comes while it is full is lost, as on a UART that nobody reads. */
const RECEIVE_MAX = 8192;
const BAUD_MAX = 3_000_000;

const opened = new Set<string>();

export class CableSerial implements Serial {
  readonly #device: string;
  readonly #onReadable: SerialOptions["onReadable"];
  readonly #onWritable: SerialOptions["onWritable"];
  readonly #received = new ReceiveBuffer(RECEIVE_MAX);
  readonly #port: number;
  #free = SERIAL_TRANSMITTER;
  #closed = false;

  constructor(options: SerialOptions) {
    const { device, baud, format, onReadable, onWritable } = options;
    if (!SERIAL_DEVICES.some((name) => name === device)) throw new RangeError("serial: device");
    wholeNumber(baud, 1, BAUD_MAX, "serial: baud");
    if (format !== "buffer") throw new RangeError("serial: format");
    optionalFunction(onReadable, "serial: onReadable");
    optionalFunction(onWritable, "serial: onWritable");
    if (opened.has(device)) throw new Error(`serial: ${device} is open`);
    opened.add(device);
    this.#device = device;
    this.#onReadable = onReadable;
    this.#onWritable = onWritable;
    this.#port = openPort(Channel.serial, (op, payload) => this.#frame(op, payload));
    send(Channel.serial, SerialOp.open, this.#port, concat(u32le(baud), utf8(device)));
    soon(() => this.#tellWritable());
  }

  read(byteLength?: number): ArrayBuffer | undefined {
    this.#mustBeOpen();
    if (byteLength !== undefined) wholeNumber(byteLength, 0, 0x7fffffff, "serial: byteLength");
    const count = Math.min(this.#received.length, byteLength ?? this.#received.length);
    return count === 0 ? undefined : (this.#received.take(count).buffer as ArrayBuffer);
  }

  write(data: Uint8Array): void {
    this.#mustBeOpen();
    const bytes = bytesOf(data, "serial: data");
    if (bytes.length > this.#free) throw new RangeError("serial: the transmitter is full");
    if (bytes.length === 0) return;
    this.#free -= bytes.length;
    send(Channel.serial, SerialOp.data, this.#port, bytes);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    opened.delete(this.#device);
    closePort(Channel.serial, this.#port);
    send(Channel.serial, SerialOp.close, this.#port, new Uint8Array(0));
  }

  #mustBeOpen(): void {
    if (this.#closed) throw new Error("serial: closed");
  }

  #tellWritable(): void {
    if (!this.#closed) this.#onWritable?.call(this, this.#free);
  }

  #frame(op: number, payload: Uint8Array): void {
    if (op === SerialOp.data) {
      this.#received.put(payload);
      if (this.#received.length > 0) this.#onReadable?.call(this, this.#received.length);
    } else if (
      op === SerialOp.credit &&
      payload.length === 4 &&
      readU32le(payload, 0) <= SERIAL_TRANSMITTER - this.#free
    ) {
      this.#free += readU32le(payload, 0);
      this.#tellWritable();
    } else throw new Error(`cable: serial op ${op} with ${payload.length} bytes`);
  }
}
