// An in-process serial line under a virtual clock: the terminal's end is an ECMA-419 Serial class, the other end a virtual device.
// Bytes take 10 bit times each way; they arrive in chunks as a UART's FIFO hands them over.

import type { Serial, SerialConstructor, SerialOptions, SerialPort } from "../../firmware/platform.js";
import type { SimClock, VirtualClock } from "../../sim/clock.js";
import type { SerialDevice } from "../../sim/devices/serial-device.js";

export { terminalTime } from "../../sim/terminal-time.js";

const TRANSMITTER_BYTES = 1024;
const CHUNK_BYTES = 256;

export interface LineFaults {
  /** Changes, drops or adds bytes on their way to the terminal. */
  toTerminal?: ((bytes: Uint8Array) => Uint8Array) | undefined;
  toDevice?: ((bytes: Uint8Array) => Uint8Array) | undefined;
}

export interface SerialPair {
  readonly port: SerialPort;
  readonly faults: LineFaults;
  /** Bytes that the terminal has written so far. */
  readonly sent: () => number;
}

export function serialPair(clock: SimClock, device: SerialDevice, baud: number): SerialPair {
  const byteUs = 10_000_000 / baud;
  const faults: LineFaults = {};
  let sentBytes = 0;
  let open: { onReadable: (bytes: Uint8Array) => void } | undefined;
  let toTerminalFreeUs = 0;

  device.send = (bytes) => {
    const changed = (faults.toTerminal?.(bytes) ?? bytes).slice();
    for (let at = 0; at < changed.length; at += CHUNK_BYTES) {
      const chunk = changed.subarray(at, at + CHUNK_BYTES);
      toTerminalFreeUs = Math.max(toTerminalFreeUs, clock.nowUs()) + chunk.length * byteUs;
      clock.after(toTerminalFreeUs - clock.nowUs(), () => open?.onReadable(chunk));
    }
  };

  const io: SerialConstructor = class implements Serial {
    readonly #options: SerialOptions;
    readonly #inbox: Uint8Array[] = [];
    #room = TRANSMITTER_BYTES;
    #allowed = 0;
    #freeUs = 0;
    #closed = false;
    #garbage: boolean;

    constructor(options: SerialOptions) {
      if (open !== undefined) throw new Error("serial port is in use");
      this.#options = options;
      this.#garbage = options.baud !== device.baud;
      open = {
        onReadable: (bytes) => {
          this.#inbox.push(this.#garbage ? bytes.map((byte) => byte ^ 0x5a) : bytes);
          options.onReadable?.call(this, this.#inbox.reduce((sum, part) => sum + part.length, 0));
        },
      };
      clock.after(0, () => this.#tell());
    }

    read(byteLength?: number): ArrayBuffer | undefined {
      if (this.#closed) throw new Error("serial port is closed");
      const all = Buffer.concat(this.#inbox);
      if (all.length === 0) return undefined;
      this.#inbox.length = 0;
      const taken = all.subarray(0, byteLength ?? all.length);
      if (taken.length < all.length) this.#inbox.push(all.subarray(taken.length));
      return taken.buffer.slice(taken.byteOffset, taken.byteOffset + taken.length);
    }

    write(data: Uint8Array): void {
      if (this.#closed) throw new Error("serial port is closed");
      if (data.length > this.#allowed) throw new Error(`wrote ${data.length} bytes with room for ${this.#allowed}`);
      this.#allowed -= data.length;
      this.#room -= data.length;
      sentBytes += data.length;
      for (let at = 0; at < data.length; at += CHUNK_BYTES) {
        const chunk = data.slice(at, at + CHUNK_BYTES);
        this.#freeUs = Math.max(this.#freeUs, clock.nowUs()) + chunk.length * byteUs;
        clock.after(this.#freeUs - clock.nowUs(), () => {
          // A reset of the terminal forgets what its transmitter held.
          if (this.#closed) return;
          this.#room += chunk.length;
          device.receive(this.#garbage ? chunk.map((byte) => byte ^ 0x5a) : (faults.toDevice?.(chunk) ?? chunk));
          this.#tell();
        });
      }
    }

    close(): void {
      if (this.#closed) return;
      this.#closed = true;
      open = undefined;
    }

    #tell(): void {
      if (this.#closed) return;
      this.#allowed = this.#room;
      this.#options.onWritable?.call(this, this.#room);
    }
  };
  return { port: { io, device: "test", baud }, faults, sent: () => sentBytes };
}

/** Lets every promise that can go on do so. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Moves virtual time from event to event until the promise has settled. Throws when nothing is left that could settle it. */
export async function runTo<T>(clock: VirtualClock, promise: Promise<T>, limitMs = 600_000): Promise<T> {
  let done = false;
  const limitUs = clock.nowUs() + limitMs * 1000;
  promise.then(() => (done = true), () => (done = true));
  for (;;) {
    await settle();
    if (done) return promise;
    const next = clock.nextUs();
    if (next === undefined || next > limitUs) throw new Error(`still waiting after ${Math.round(clock.nowUs() / 1000)} ms`);
    clock.advanceTo(next);
  }
}

/** Moves virtual time on by so many milliseconds, from event to event. */
export async function runFor(clock: VirtualClock, ms: number): Promise<void> {
  const untilUs = clock.nowUs() + ms * 1000;
  await settle();
  for (let next = clock.nextUs(); next !== undefined && next <= untilUs; next = clock.nextUs()) {
    clock.advanceTo(next);
    await settle();
  }
  clock.advanceTo(untilUs);
  await settle();
}

/** A repeatable generator of numbers in [0, 1) (mulberry32). */
export function chanceFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** The platform's random(out) from a seed. */
export function randomFrom(seed: number): (out: Uint8Array) => void {
  const chance = chanceFrom(seed);
  return (out) => {
    for (let i = 0; i < out.length; i++) out[i] = Math.floor(chance() * 256);
  };
}
