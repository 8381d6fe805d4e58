// The terminal's TCP connections, as the harness keeps them: a stream for each port of the cable.

import type { Duplex } from "node:stream";
import { TCP_WINDOW, TcpOp, readU32le, u32le } from "../platform/cable.js";

/** A connection to the host and port that the terminal names; undefined: refused. */
export type Connect = (host: string, port: number) => Duplex | undefined;

interface Connection {
  readonly stream: Duplex;
  /** Bytes the terminal has not taken yet. */
  untaken: number;
}

export class NetworkPorts {
  readonly #connectTo: Connect | undefined;
  readonly #send: (op: number, port: number, payload: Uint8Array) => void;
  readonly #connections = new Map<number, Connection>();

  /** `send` puts a frame of the tcp channel on the cable. */
  constructor(connect: Connect | undefined, send: (op: number, port: number, payload: Uint8Array) => void) {
    this.#connectTo = connect;
    this.#send = send;
  }

  get connected(): boolean {
    return this.#connections.size > 0;
  }

  /** The terminal is gone: nobody is told. */
  close(): void {
    for (const { stream } of this.#connections.values()) stream.destroy();
    this.#connections.clear();
  }

  /** A frame of the tcp channel from the terminal. */
  take(op: number, port: number, payload: Uint8Array): void {
    if (op === TcpOp.open)
      return this.#connect(port, Buffer.from(payload.subarray(2)).toString("utf8"), payload[0]! | (payload[1]! << 8));
    const connection = this.#connections.get(port);
    // The other end may have closed while the terminal was sending.
    if (connection === undefined) return;
    if (op === TcpOp.data) {
      const count = payload.length;
      const credit = (): void => {
        if (this.#connections.get(port) === connection) this.#send(TcpOp.credit, port, u32le(count));
      };
      if (connection.stream.write(payload.slice())) credit();
      else connection.stream.once("drain", credit);
    } else if (op === TcpOp.credit) {
      connection.untaken -= readU32le(payload, 0);
      this.#pump(port, connection);
    } else if (op === TcpOp.close) {
      this.#connections.delete(port);
      connection.stream.end();
      connection.stream.resume();
    } else throw new Error(`the terminal sent tcp op ${op}`);
  }

  #connect(port: number, host: string, hostPort: number): void {
    const stream = this.#connectTo?.(host, hostPort);
    if (stream === undefined) return this.#send(TcpOp.close, port, new Uint8Array(0));
    const connection: Connection = { stream, untaken: 0 };
    this.#connections.set(port, connection);
    const over = (): void => {
      if (this.#connections.get(port) !== connection) return;
      this.#pump(port, connection);
      this.#connections.delete(port);
      this.#send(TcpOp.close, port, new Uint8Array(0));
      stream.destroy();
    };
    const opened = (): void => {
      if (this.#connections.get(port) !== connection) return;
      this.#send(TcpOp.opened, port, new Uint8Array(0));
      stream.on("readable", () => this.#pump(port, connection));
      this.#pump(port, connection);
    };
    stream.on("end", over);
    stream.on("error", over);
    stream.on("close", over);
    // A socket is not open yet, any other stream is.
    if ("connecting" in stream && stream.connecting === true) stream.once("connect", opened);
    else opened();
  }

  /** Passes on what the terminal has room for. */
  #pump(port: number, connection: Connection): void {
    while (connection.untaken < TCP_WINDOW && this.#connections.get(port) === connection) {
      const available = connection.stream.readableLength;
      if (available === 0) {
        // Lets the stream notice its end.
        connection.stream.read(0);
        return;
      }
      const bytes = connection.stream.read(Math.min(available, TCP_WINDOW - connection.untaken)) as Buffer | null;
      if (bytes === null) return;
      connection.untaken += bytes.length;
      this.#send(TcpOp.data, port, bytes);
    }
  }
}
