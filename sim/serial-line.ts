// A serial line, 8N1: ten bits a byte, each way its own pace.
//
// FAULTS
// Ends at different baud rates give each other garbage: every byte arrives, none as it was sent. When the terminal's
// end closes, as it does when power is cut, the bytes whose last bit has left reach the device and the rest is lost.

import type { SimClock } from "./clock.js";
import type { SerialDevice } from "./devices/serial-device.js";

/** Bytes that are handed over at once: 22 ms at 115200 baud. */
const CHUNK_MAX = 256;
const BITS_PER_BYTE = 10;
/** Bytes a device may have on the wire toward the terminal. */
const DEVICE_BACKLOG_MAX = 1 << 20;

export interface SerialLineOptions {
  readonly clock: SimClock;
  readonly device: SerialDevice;
  /** At which the terminal opened the line. */
  readonly baud: number;
  /** Bytes have arrived at the terminal. */
  readonly onData: (bytes: Uint8Array) => void;
  /** Bytes have left the terminal's transmitter. */
  readonly onDrained: (count: number) => void;
}

/** One direction: bytes in, the same bytes out when their last bit has passed. */
class Wire {
  readonly #clock: SimClock;
  readonly #byteUs: number;
  readonly #deliver: (bytes: Uint8Array) => void;
  #waiting: Uint8Array[] = [];
  #length = 0;
  #sending: Uint8Array | undefined;
  #startUs = 0;
  #cancel: (() => void) | undefined;

  constructor(clock: SimClock, baud: number, deliver: (bytes: Uint8Array) => void) {
    this.#clock = clock;
    this.#byteUs = (BITS_PER_BYTE * 1_000_000) / baud;
    this.#deliver = deliver;
  }

  get backlog(): number {
    return this.#length;
  }

  put(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#waiting.push(bytes);
    this.#length += bytes.length;
    if (this.#sending === undefined) this.#next(this.#clock.nowUs());
  }

  /** Delivers what has passed by now of the chunk under way, and forgets the rest. */
  cut(): void {
    this.#cancel?.();
    const chunk = this.#sending;
    this.#sending = undefined;
    this.#waiting = [];
    this.#length = 0;
    if (chunk === undefined) return;
    const passed = Math.min(chunk.length, Math.floor((this.#clock.nowUs() - this.#startUs) / this.#byteUs));
    if (passed > 0) this.#deliver(chunk.subarray(0, passed));
  }

  #next(startUs: number): void {
    const first = this.#waiting[0];
    if (first === undefined) return;
    const chunk = first.subarray(0, CHUNK_MAX);
    if (chunk.length === first.length) this.#waiting.shift();
    else this.#waiting[0] = first.subarray(chunk.length);
    this.#sending = chunk;
    this.#startUs = startUs;
    // Counted from when the line became free, so that chunks of a long message do not drift apart.
    const endUs = startUs + chunk.length * this.#byteUs;
    this.#cancel = this.#clock.after(endUs - this.#clock.nowUs(), () => {
      this.#sending = undefined;
      this.#length -= chunk.length;
      this.#deliver(chunk);
      if (this.#sending === undefined) this.#next(endUs);
    });
  }
}

/** What the other baud rate makes of a byte; not the truth of any UART, but never the byte itself. */
function garble(bytes: Uint8Array): Uint8Array {
  return bytes.map((byte) => (byte ^ 0x55) | 0x80);
}

export class SerialLine {
  readonly #device: SerialDevice;
  readonly #toDevice: Wire;
  readonly #toTerminal: Wire;
  readonly #send: (bytes: Uint8Array) => void;
  #closed = false;

  constructor(options: SerialLineOptions) {
    const { clock, device, baud, onData, onDrained } = options;
    const clear = device.baud === baud;
    this.#device = device;
    this.#toDevice = new Wire(clock, baud, (bytes) => {
      device.receive(clear ? bytes : garble(bytes));
      if (!this.#closed) onDrained(bytes.length);
    });
    this.#toTerminal = new Wire(clock, device.baud, (bytes) => {
      if (!this.#closed) onData(clear ? bytes : garble(bytes));
    });
    this.#send = (bytes) => {
      if (this.#closed) return;
      if (this.#toTerminal.backlog + bytes.length > DEVICE_BACKLOG_MAX)
        throw new RangeError("serial line: the device sends without end");
      this.#toTerminal.put(bytes.slice());
    };
    device.send = this.#send;
  }

  /** Bytes from the terminal. */
  transmit(bytes: Uint8Array): void {
    this.#toDevice.put(bytes);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#toTerminal.cut();
    this.#toDevice.cut();
    // Nobody listens any more; another terminal may have taken the line by now.
    if (this.#device.send === this.#send) this.#device.send = () => undefined;
  }
}
