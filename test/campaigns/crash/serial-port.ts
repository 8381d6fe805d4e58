// A terminal's end of an emulated serial line as ECMA-419 has it, in this process, that can lose its power at any
// microsecond.

import type { Serial, SerialOptions, SerialPort } from "../../../firmware/platform.js";
import type { SimClock } from "../../../sim/clock.js";
import type { SerialDevice } from "../../../sim/devices/serial-device.js";
import { SerialLine } from "../../../sim/serial-line.js";

const transmitterBytes = 1024;

export interface CutPort {
  readonly port: SerialPort;
  /** The terminal's end is gone; what has left the transmitter arrives. */
  cut(): void;
}

/** `onWrite`: so many bytes were given to the transmitter. */
export function cutPort(clock: SimClock, device: SerialDevice, onWrite: (length: number) => void): CutPort {
  let line: SerialLine | undefined;
  class Port implements Serial {
    readonly #inbox: Uint8Array[] = [];
    #room = transmitterBytes;

    constructor(options: SerialOptions) {
      line = new SerialLine({
        clock,
        device,
        baud: options.baud,
        onData: (bytes) => {
          this.#inbox.push(bytes);
          options.onReadable?.call(this, bytes.length);
        },
        onDrained: (count) => options.onWritable?.call(this, (this.#room += count)),
      });
      const opened = line;
      clock.after(0, () => opened === line && options.onWritable?.call(this, this.#room));
    }

    read(): ArrayBuffer | undefined {
      const bytes = Buffer.concat(this.#inbox.splice(0));
      return bytes.length === 0 ? undefined : new Uint8Array(bytes).buffer;
    }

    write(data: Uint8Array): void {
      this.#room -= data.length;
      onWrite(data.length);
      line!.transmit(data.slice());
    }

    close(): void {
      line?.close();
    }
  }
  return {
    port: { device: "printer", baud: device.baud, io: Port },
    cut: () => {
      line?.close();
      line = undefined;
    },
  };
}
