// A terminal as the harness sees it: one process of the XS host on one image, joined by the cable (platform/cable.ts)
// to the virtual devices, the flash chips and the network.
//
// FAULTS
// Power: `kill()` ends the process at once, as a power cut does; it may be called from within a flash chip's method, or
// the method throws sim/nor.ts's PowerCut: then the chip has done what it has done and the terminal never learns of it.
// Bytes that had left the transmitter by then have reached the device, the rest is lost. Serial lines: a terminal that
// opens a line at another baud rate than the device's gets and sends garbage. Network: without a connection function,
// or when it returns undefined, every connection is refused.

import { closeSync, ftruncateSync, openSync, readSync } from "node:fs";
import {
  CABLE_HEAD,
  CABLE_PAYLOAD_MAX,
  CABLE_VERSION,
  Channel,
  Control,
  DisplayOp,
  FLASH_CHIPS,
  REPLY,
  SERIAL_DEVICES,
  SerialOp,
  readU32le,
  u32le,
  writeHead,
} from "../platform/cable.js";
import type { FlashChipName, SerialDeviceName } from "../platform/cable.js";
import { VirtualClock } from "./clock.js";
import type { SimClock } from "./clock.js";
import type { SerialDevice } from "./devices/serial-device.js";
import { flashReply } from "./flash-port.js";
import type { BusChip } from "./flash-port.js";
import { HOST_PROGRAM, startHost } from "./machine.js";
import type { Exit, Machine, StartMachine } from "./machine.js";
import { NetworkPorts } from "./network-ports.js";
import type { Connect } from "./network-ports.js";
import { PowerCut } from "./nor.js";
import { SerialLine } from "./serial-line.js";

export type { FlashChip } from "./flash-port.js";
export type { Exit } from "./machine.js";
export { HOST_PROGRAM };

/** How long runUntil goes on when nobody says otherwise: a day of virtual time. */
const RUN_LIMIT_US = 86_400_000_000;
const POLL_MS = 2;
/** How long, in real time, an open connection may be silent before virtual time counts as standing still for ever. */
const NETWORK_WAIT_MS = 1000;

export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface TerminalOptions {
  /** build/image/<role>.xsi */
  readonly image: string;
  /** A VirtualClock when `virtual`. */
  readonly clock: SimClock;
  readonly virtual: boolean;
  /** 64 hexadecimal digits; the kernel's entropy when absent. */
  readonly seed?: string;
  /** What the microcontroller's fuses hold: 64 hexadecimal digits. None when absent. */
  readonly device?: string;
  readonly flash: Readonly<Record<FlashChipName, BusChip>>;
  readonly serial: Readonly<Record<SerialDeviceName, SerialDevice>>;
  /** A connection to the host and port that the terminal names; undefined: refused. */
  readonly network?: Connect;
  /** The shared picture; made when it is not there. No display when absent. */
  readonly framebufferPath?: string;
  /** 1024 x 600 when absent. */
  readonly size?: { readonly width: number; readonly height: number };
  /** Seconds since 1970 at the zero of the clock. */
  readonly wallBase: number;
  /** Text bundle of the image. */
  readonly text?: string;
  /**
   * Virtual time only: awaited before time advances; resolves when nothing outside the clock is under way (network,
   * collector).
   */
  readonly quiet?: () => Promise<void>;
  /** Heap limit in bytes; the host's own when absent. */
  readonly heap?: number;
  /** The host writes one JSON line of memory figures to stderr when it ends. */
  readonly stats?: boolean;
  /** Another build of the host. */
  readonly program?: string;
  /** What runs the firmware instead of the host's program: the emulated board. */
  readonly machine?: StartMachine;
  readonly onTrace?: (line: string) => void;
  readonly onCrash?: (text: string) => void;
  readonly onDisplay?: (rect: Rect) => void;
  readonly onExit?: (exit: Exit) => void;
}

/** The process ended by itself. */
export class TerminalStopped extends Error {
  override readonly name = "TerminalStopped";
  readonly exit: Exit;

  constructor(exit: Exit) {
    super(`the terminal stopped (${exit.code ?? exit.signal})\n${exit.stderr}`);
    this.exit = exit;
  }
}

export class Terminal {
  readonly #options: TerminalOptions;
  readonly #clock: SimClock;
  readonly #lines = new Map<number, SerialLine>();
  readonly #network: NetworkPorts;
  readonly #size: { readonly width: number; readonly height: number };
  #machine: Machine | undefined;
  #started = false;
  #framebuffer: number | undefined;
  #unparsed: Buffer = Buffer.alloc(0);
  /** Frames for the terminal that have not been written. */
  #outgoing: Uint8Array[] = [];
  #flushIsDue = false;
  #greeted = false;
  #idle = false;
  #deadlineUs = Infinity;
  #killed = false;
  #exit: Exit | undefined;
  #waiters: (() => void)[] = [];

  constructor(options: TerminalOptions) {
    if (options.virtual && !(options.clock instanceof VirtualClock))
      throw new TypeError("virtual time needs a VirtualClock");
    this.#options = options;
    this.#clock = options.clock;
    this.#network = new NetworkPorts(options.network, (op, port, payload) =>
      this.#send(Channel.tcp, op, port, payload),
    );
    this.#size = options.size ?? { width: 1024, height: 600 };
  }

  /**
   * Power on. Resolves when the firmware runs (real time) or has nothing left to do at its first moment (virtual time).
   */
  async start(): Promise<void> {
    if (this.#started) throw new Error("a terminal starts once");
    this.#started = true;
    const { framebufferPath, virtual, wallBase, flash, machine } = this.#options;
    if (framebufferPath !== undefined) {
      // A picture does not survive a loss of power: it starts black.
      this.#framebuffer = openSync(framebufferPath, "w+");
      ftruncateSync(this.#framebuffer, 2 * this.#size.width * this.#size.height);
    }
    const started = await (machine ?? startHost)({
      ...this.#options,
      flash,
      size: this.#size,
      nowUs: this.#clock.nowUs(),
      wallBase: wallBase + (virtual ? 0 : this.#clock.nowUs() / 1e6),
      onBytes: (bytes) => this.#receive(bytes),
      onPowerCut: () => this.kill(),
      onEnd: (exit) => this.#ended(exit),
    });
    this.#machine = started;
    // The plug may have been pulled while it started.
    if (this.#killed) started.kill();
    await this.#until(() => (virtual ? this.#idle : this.#greeted));
    this.#mustRun();
  }

  /** Cuts the power. Harmless when it is off already. */
  kill(): void {
    if (this.#killed || this.#exit !== undefined) return;
    this.#killed = true;
    this.#machine?.kill();
    this.#unplug();
    this.#wake();
  }

  /**
   * Pulls the cable: the process ends by itself, and with `stats` writes its figures. No power cut; for benches and
   * developers.
   */
  async stop(): Promise<Exit> {
    this.#unplug();
    this.#killed = true;
    this.#machine?.unplug();
    return this.gone();
  }

  /** Resolves when the process is gone. */
  async gone(): Promise<Exit> {
    while (this.#exit === undefined) await this.#woken();
    return this.#exit;
  }

  /** Of the process; for measurements. Throws when it is not running. */
  get pid(): number {
    const pid = this.#machine?.pid;
    if (pid === undefined) throw new Error("the terminal is off");
    return pid;
  }

  get running(): boolean {
    return this.#started && !this.#killed && this.#exit === undefined;
  }

  /** A copy of the picture: RGB565 little endian, 2 * width * height bytes. Empty without a display. */
  framebuffer(): Uint8Array {
    if (this.#machine?.framebuffer !== undefined) return this.#machine.framebuffer();
    if (this.#framebuffer === undefined) return new Uint8Array(0);
    const bytes = new Uint8Array(2 * this.#size.width * this.#size.height);
    readSync(this.#framebuffer, bytes, 0, bytes.length, 0);
    return bytes;
  }

  /** Frees the picture's file. */
  close(): void {
    this.kill();
    this.#machine?.close?.();
    if (this.#framebuffer !== undefined) closeSync(this.#framebuffer);
    this.#framebuffer = undefined;
  }

  /**
   * Virtual time: lets the terminal finish what it has to do now, or, when it has nothing, moves time to the next
   * event, `limitUs` at the latest. Returns false when nothing will happen by then. Throws TerminalStopped when the
   * process ends by itself.
   */
  async step(limitUs = Infinity): Promise<boolean> {
    const clock = this.#clock;
    if (!(clock instanceof VirtualClock)) throw new Error("step is for virtual time");
    if (!this.#idle) await this.#until(() => this.#idle);
    if (!this.running) {
      this.#mustRun();
      return false;
    }
    if (this.#outgoing.length === 0) await this.#options.quiet?.();
    if (this.#outgoing.length > 0) {
      this.#run();
      return true;
    }
    const deviceUs = clock.nextUs() ?? Infinity;
    const nextUs = Math.min(deviceUs, this.#deadlineUs);
    if (nextUs === Infinity && this.#network.connected) return this.#networkSpeaks();
    if (nextUs > limitUs || nextUs === Infinity) return false;
    clock.advanceTo(Math.max(nextUs, clock.nowUs()));
    // A device may have pulled the plug.
    if (this.running && (this.#deadlineUs <= clock.nowUs() || this.#outgoing.length > 0)) this.#run();
    return true;
  }

  /** Nothing has a time, but somebody on the network may still say something, in real time: true when that happened. */
  async #networkSpeaks(): Promise<boolean> {
    const endMs = performance.now() + NETWORK_WAIT_MS;
    while (this.#outgoing.length === 0 && this.running && performance.now() < endMs)
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    return this.#outgoing.length > 0;
  }

  /**
   * Runs until the predicate holds, looked at whenever the terminal is idle, or until a time of the clock. False when
   * that time (`limitUs`; a day from now) has come first, when nothing will ever happen, or when the power was cut.
   */
  async runUntil(goal: number | (() => boolean), limitUs = this.#clock.nowUs() + RUN_LIMIT_US): Promise<boolean> {
    const endUs = typeof goal === "number" ? goal : limitUs;
    const reached = (): boolean => typeof goal !== "number" && goal();
    if (!this.#options.virtual) return this.#waitUntil(reached, endUs, typeof goal === "number");
    const clock = this.#clock as VirtualClock;
    for (;;) {
      if (!this.#idle) await this.#until(() => this.#idle);
      if (reached()) return true;
      if (!this.running) {
        this.#mustRun();
        return false;
      }
      if (await this.step(endUs)) continue;
      if (typeof goal !== "number") return reached();
      clock.advanceTo(Math.max(endUs, clock.nowUs()));
      return true;
    }
  }

  async #waitUntil(reached: () => boolean, endUs: number, endIsGoal: boolean): Promise<boolean> {
    for (;;) {
      if (reached()) return true;
      this.#mustRun();
      if (!this.running) return false;
      if (this.#clock.nowUs() >= endUs) return endIsGoal;
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }

  #mustRun(): void {
    if (this.#exit !== undefined && !this.#killed) throw new TerminalStopped(this.#exit);
  }

  #woken(): Promise<void> {
    return new Promise((resolve) => this.#waiters.push(resolve));
  }

  #wake(): void {
    const waiters = this.#waiters;
    if (waiters.length === 0) return;
    this.#waiters = [];
    for (const waiter of waiters) waiter();
  }

  /** Waits for the condition, or for the end of the process. */
  async #until(condition: () => boolean): Promise<void> {
    while (!condition() && !this.#killed && this.#exit === undefined) await this.#woken();
  }

  #unplug(): void {
    this.#idle = false;
    this.#outgoing = [];
    for (const line of this.#lines.values()) line.close();
    this.#lines.clear();
    this.#network.close();
  }

  #ended(exit: Exit): void {
    if (this.#exit !== undefined) return;
    this.#exit = exit;
    this.#unplug();
    this.#options.onExit?.(this.#exit);
    this.#wake();
  }

  /* ---- to the terminal ---- */

  #frame(channel: number, op: number, port: number, payload: Uint8Array): Uint8Array {
    const frame = new Uint8Array(CABLE_HEAD + payload.length);
    writeHead(frame, 0, channel, op, port, payload.length);
    frame.set(payload, CABLE_HEAD);
    return frame;
  }

  /** In virtual time frames wait for the next step; in real time they go when the caller is done. */
  #send(channel: number, op: number, port: number, payload: Uint8Array): void {
    if (!this.running) return;
    this.#outgoing.push(this.#frame(channel, op, port, payload));
    if (this.#options.virtual || this.#flushIsDue) return;
    this.#flushIsDue = true;
    queueMicrotask(() => {
      this.#flushIsDue = false;
      this.#flush();
    });
  }

  #flush(): void {
    if (this.#outgoing.length === 0) return;
    const frames = this.#outgoing;
    this.#outgoing = [];
    if (this.running) this.#machine?.write(frames.length === 1 ? frames[0]! : Buffer.concat(frames));
  }

  /** The terminal's time becomes the clock's; it gets what is waiting for it. */
  #run(): void {
    const frame = new Uint8Array(CABLE_HEAD + 8);
    const nowUs = this.#clock.nowUs();
    writeHead(frame, 0, Channel.control, Control.run, 0, 8);
    frame.set(u32le(nowUs % 0x100000000, Math.floor(nowUs / 0x100000000)), CABLE_HEAD);
    this.#outgoing.unshift(frame);
    this.#idle = false;
    this.#flush();
  }

  /* ---- from the terminal ---- */

  #receive(chunk: Buffer): void {
    let bytes = this.#unparsed.length === 0 ? chunk : Buffer.concat([this.#unparsed, chunk]);
    let at = 0;
    while (bytes.length - at >= CABLE_HEAD && this.running) {
      const length = readU32le(bytes, at + 4);
      if (length > CABLE_PAYLOAD_MAX) throw new Error("the terminal broke the cable's protocol");
      if (bytes.length - at - CABLE_HEAD < length) break;
      const payload = new Uint8Array(bytes.buffer, bytes.byteOffset + at + CABLE_HEAD, length);
      const head = at;
      at += CABLE_HEAD + length;
      this.#take(bytes[head]!, bytes[head + 1]!, bytes[head + 2]! | (bytes[head + 3]! << 8), payload);
    }
    bytes = at < bytes.length ? bytes.subarray(at) : Buffer.alloc(0);
    this.#unparsed = bytes;
  }

  #take(channel: number, op: number, port: number, payload: Uint8Array): void {
    switch (channel) {
      case Channel.control:
        return this.#control(op, payload);
      case Channel.serial:
        return this.#serial(op, port, payload);
      case Channel.flash:
        return this.#flash(op, port, payload);
      case Channel.tcp:
        return this.#network.take(op, port, payload);
      case Channel.display:
        if (op !== DisplayOp.rect || payload.length !== 8) break;
        return this.#options.onDisplay?.({
          x: u16(payload, 0),
          y: u16(payload, 2),
          width: u16(payload, 4),
          height: u16(payload, 6),
        });
    }
    throw new Error(`the terminal sent op ${op} on channel ${channel}`);
  }

  #control(op: number, payload: Uint8Array): void {
    switch (op) {
      case Control.hello:
        if (readU32le(payload, 0) !== CABLE_VERSION) throw new Error("the host speaks another version of the cable");
        this.#greeted = true;
        return this.#wake();
      case Control.idle: {
        const high = readU32le(payload, 4);
        this.#deadlineUs = high === 0xffffffff ? Infinity : high * 0x100000000 + readU32le(payload, 0);
        this.#idle = true;
        return this.#wake();
      }
      case Control.trace:
        return this.#options.onTrace?.(Buffer.from(payload).toString("utf8"));
      case Control.crash:
        return this.#options.onCrash?.(Buffer.from(payload).toString("utf8"));
      default:
        throw new Error(`the terminal sent control ${op}`);
    }
  }

  #serial(op: number, port: number, payload: Uint8Array): void {
    if (op === SerialOp.open) {
      const name = Buffer.from(payload.subarray(4)).toString("utf8");
      if (!isSerialDevice(name)) throw new Error(`the terminal opened a line to "${name}"`);
      this.#lines.set(
        port,
        new SerialLine({
          clock: this.#clock,
          device: this.#options.serial[name],
          baud: readU32le(payload, 0),
          onData: (bytes) => this.#send(Channel.serial, SerialOp.data, port, bytes),
          onDrained: (count) => this.#send(Channel.serial, SerialOp.credit, port, u32le(count)),
        }),
      );
      return;
    }
    const line = this.#lines.get(port);
    if (line === undefined) throw new Error(`the terminal used serial port ${port} without opening it`);
    if (op === SerialOp.data) return line.transmit(payload.slice());
    if (op !== SerialOp.close) throw new Error(`the terminal sent serial op ${op}`);
    line.close();
    this.#lines.delete(port);
  }

  #flash(op: number, port: number, payload: Uint8Array): void {
    const name = FLASH_CHIPS[port];
    if (name === undefined) throw new Error(`the terminal asked for flash chip ${port}`);
    let reply: Uint8Array;
    try {
      reply = flashReply(this.#options.flash[name], op, payload);
    } catch (error) {
      if (!(error instanceof PowerCut)) throw error;
      return this.kill();
    }
    // The terminal stands still until it comes, so it goes before anything that waits for the next step.
    if (this.running) this.#machine?.write(this.#frame(Channel.flash, op | REPLY, port, reply));
  }
}

function u16(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8);
}

function isSerialDevice(name: string): name is SerialDeviceName {
  return SERIAL_DEVICES.some((device) => device === name);
}
