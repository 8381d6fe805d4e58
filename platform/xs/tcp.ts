// ECMA-419 section 10.4 (TCP) over the cable: the harness makes the connection.

import { concat, utf8 } from "../../firmware/bytes.js";
import type { TCP, TCPOptions } from "../../firmware/platform.js";
import { Channel, TCP_WINDOW, TcpOp, readU32le, u32le } from "../cable.js";
import { bytesOf, optionalFunction, wholeNumber } from "../arguments.js";
import { closePort, openPort } from "./loop.js";
import { send } from "./world.js";
import { ReceiveBuffer } from "../receive-buffer.js";

const ADDRESS_MAX = 255;

export class CableTCP implements TCP {
  readonly #onReadable: TCPOptions["onReadable"];
  readonly #onWritable: TCPOptions["onWritable"];
  readonly #onError: TCPOptions["onError"];
  readonly #received = new ReceiveBuffer(TCP_WINDOW);
  readonly #port: number;
  #free = 0;
  /** broken: the other end is gone; what it sent before can still be read. */
  #state: "connecting" | "connected" | "broken" | "closed" = "connecting";

  constructor(options: TCPOptions) {
    const { address, port, onReadable, onWritable, onError } = options;
    if (typeof address !== "string") throw new TypeError("tcp: address");
    const name = utf8(address);
    if (name.length === 0 || name.length > ADDRESS_MAX) throw new RangeError("tcp: address");
    wholeNumber(port, 1, 0xffff, "tcp: port");
    optionalFunction(onReadable, "tcp: onReadable");
    optionalFunction(onWritable, "tcp: onWritable");
    optionalFunction(onError, "tcp: onError");
    this.#onReadable = onReadable;
    this.#onWritable = onWritable;
    this.#onError = onError;
    this.#port = openPort(Channel.tcp, (op, payload) => this.#frame(op, payload));
    send(Channel.tcp, TcpOp.open, this.#port, concat(Uint8Array.of(port & 0xff, port >>> 8), name));
  }

  read(byteLength?: number): ArrayBuffer | undefined {
    if (this.#state === "closed") throw new Error("tcp: closed");
    if (byteLength !== undefined) wholeNumber(byteLength, 0, 0x7fffffff, "tcp: byteLength");
    const count = Math.min(this.#received.length, byteLength ?? this.#received.length);
    if (count === 0) return undefined;
    const bytes = this.#received.take(count);
    if (this.#state === "connected") send(Channel.tcp, TcpOp.credit, this.#port, u32le(count));
    return bytes.buffer as ArrayBuffer;
  }

  write(data: Uint8Array): void {
    if (this.#state !== "connected") throw new Error("tcp: not connected");
    const bytes = bytesOf(data, "tcp: data");
    if (bytes.length > this.#free) throw new RangeError("tcp: the output is full");
    if (bytes.length === 0) return;
    this.#free -= bytes.length;
    send(Channel.tcp, TcpOp.data, this.#port, bytes);
  }

  close(): void {
    if (this.#state === "closed") return;
    if (this.#state !== "broken") {
      closePort(Channel.tcp, this.#port);
      send(Channel.tcp, TcpOp.close, this.#port, new Uint8Array(0));
    }
    this.#state = "closed";
  }

  #frame(op: number, payload: Uint8Array): void {
    if (op === TcpOp.opened && this.#state === "connecting") {
      this.#state = "connected";
      this.#free = TCP_WINDOW;
      this.#onWritable?.call(this, this.#free);
    } else if (
      op === TcpOp.data &&
      this.#state === "connected" &&
      payload.length <= TCP_WINDOW - this.#received.length
    ) {
      this.#received.put(payload);
      this.#onReadable?.call(this, this.#received.length);
    } else if (
      op === TcpOp.credit &&
      this.#state === "connected" &&
      payload.length === 4 &&
      readU32le(payload, 0) <= TCP_WINDOW - this.#free
    ) {
      this.#free += readU32le(payload, 0);
      this.#onWritable?.call(this, this.#free);
    } else if (op === TcpOp.close) {
      closePort(Channel.tcp, this.#port);
      this.#state = "broken";
      this.#onError?.call(this);
    } else throw new Error(`cable: tcp op ${op} with ${payload.length} bytes while ${this.#state}`);
  }
}
