// The firmware in the SDK's simulator (mcsim): its process is started once and loads the library anew for every start
// of the terminal, which then joins a socket here. What the simulator's page says comes on the same cable and is taken
// out of it.
//
// FAULTS
// A power cut pulls the cable: the library leaves within its turn and the page loads it again. A cut in the first
// moments, while the library is loaded, ends the simulator.

import net from "node:net";
import { CABLE_HEAD, Channel, PageOp, readU32le, writeHead } from "../../platform/cable.js";
import type { Machine, MachineOptions } from "../machine.js";
import { sdkEnvironment } from "./machine.js";

const SETTINGS = /^SANDOGH_(?:NOW|WALL|FRAMEBUFFER|SIZE|SEED)$/;
/** How long a page may take to load the library. */
const JOIN_MS = 20_000;

export interface SimulatorOptions {
  /** Of the socket. */
  readonly path: string;
  /** A message from the page, JSON. */
  readonly onPage: (text: string) => void;
  /** A library has joined and no terminal is being started: somebody asked the page for it. */
  readonly onJoin: () => void;
}

export class Simulator {
  readonly #server: net.Server;
  readonly #onPage: (text: string) => void;
  #waiting: net.Socket | undefined;
  #wanted: ((socket: net.Socket) => void) | undefined;
  #page: { readonly socket: net.Socket; readonly port: number } | undefined;

  private constructor(options: SimulatorOptions) {
    this.#onPage = options.onPage;
    this.#server = net.createServer((socket) => {
      const wanted = this.#wanted;
      this.#wanted = undefined;
      if (wanted !== undefined) return wanted(socket);
      this.#waiting?.destroy();
      this.#waiting = socket;
      socket.on("error", () => undefined);
      options.onJoin();
    });
  }

  static async listen(options: SimulatorOptions): Promise<Simulator> {
    const simulator = new Simulator(options);
    await new Promise<void>((resolve, reject) => simulator.#server.once("error", reject).listen(options.path, resolve));
    return simulator;
  }

  /** To be given to a station. */
  readonly start = async (options: MachineOptions): Promise<Machine> => {
    const socket = await this.#join();
    const settings = Object.entries(sdkEnvironment(options, "")).filter(([name]) => SETTINGS.test(name));
    socket.write(`${settings.map(([name, value]) => `${name}=${value}\n`).join("")}\n`);
    let unparsed: Buffer = Buffer.alloc(0);
    socket.on("data", (chunk: Buffer) => {
      unparsed = this.#takePage(
        socket,
        unparsed.length === 0 ? chunk : Buffer.concat([unparsed, chunk]),
        options.onBytes,
      );
    });
    socket.on("error", () => undefined);
    socket.on("close", () => {
      if (this.#page?.socket === socket) this.#page = undefined;
      // the page loads the library again whatever ended it
      options.onEnd({ code: null, signal: "SIGKILL", stderr: "" });
    });
    return {
      pid: undefined,
      write: (frames) => void socket.write(frames),
      kill: () => void socket.destroy(),
      unplug: () => void socket.end(),
    };
  };

  /** A message for the page, ASCII; lost when no library is loaded. */
  tell(text: string): void {
    if (this.#page === undefined) return;
    const frame = Buffer.alloc(CABLE_HEAD + text.length);
    writeHead(frame, 0, Channel.page, PageOp.text, this.#page.port, text.length);
    frame.write(text, CABLE_HEAD, "latin1");
    this.#page.socket.write(frame);
  }

  close(): void {
    this.#waiting?.destroy();
    this.#page?.socket.destroy();
    this.#server.close();
  }

  #join(): Promise<net.Socket> {
    const socket = this.#waiting;
    this.#waiting = undefined;
    if (socket !== undefined && !socket.destroyed) return Promise.resolve(socket);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#wanted = undefined;
        reject(new Error("the simulator has not loaded the library"));
      }, JOIN_MS);
      this.#wanted = (joined) => {
        clearTimeout(timer);
        resolve(joined);
      };
    });
  }

  /** Passes whole frames on, those of the page aside; returns what is not whole yet. */
  #takePage(socket: net.Socket, bytes: Buffer, pass: (bytes: Buffer) => void): Buffer {
    let at = 0;
    let from = 0;
    while (bytes.length - at >= CABLE_HEAD && bytes.length - at >= CABLE_HEAD + readU32le(bytes, at + 4)) {
      const end = at + CABLE_HEAD + readU32le(bytes, at + 4);
      if (bytes[at] === Channel.page) {
        if (at > from) pass(bytes.subarray(from, at));
        from = end;
        this.#page = { socket, port: bytes.readUInt16LE(at + 2) };
        const text = bytes.toString("latin1", at + CABLE_HEAD, end);
        if (text !== "") this.#onPage(text);
      }
      at = end;
    }
    if (at > from) pass(bytes.subarray(from, at));
    return bytes.subarray(at);
  }
}
