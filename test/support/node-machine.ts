// The firmware of either role in this process, at the end of the cable where otherwise the host's program is:
// tests of a station run without images, in V8, on the sources as they stand. Virtual time only. What a test sees
// on the serial lines, the flash chips, the network and in the trace is what it sees of the real host; there is no
// picture.
//
// FAULTS
// Power: from kill() on nothing that the firmware does reaches the world any more, and no chip answers it.

import { readFileSync } from "node:fs";
import { concat, utf8 } from "../../firmware/bytes.js";
import type {
  Display,
  Flash,
  Platform,
  Serial,
  SerialConstructor,
  SerialOptions,
  TCP,
  TCPConstructor,
  TCPOptions,
} from "../../firmware/platform.js";
import { start as startBallot } from "../../firmware/roles/ballot.js";
import { start as startIdentity } from "../../firmware/roles/identity.js";
import { sodiumPrimitives } from "../../office/crypto/sodium.js";
import {
  CABLE_HEAD,
  CABLE_VERSION,
  Channel,
  Control,
  SERIAL_TRANSMITTER,
  SerialOp,
  TCP_WINDOW,
  TcpOp,
  readU32le,
  u32le,
  writeHead,
} from "../../platform/cable.js";
import { testRoot } from "../../platform/test-root.js";
import { Chance } from "../../sim/chance.js";
import type { FlashChip } from "../../sim/flash-port.js";
import type { Machine, MachineOptions, StartMachine } from "../../sim/machine.js";
import { PowerCut } from "../../sim/nor.js";
import { fusesOf } from "./device-secret.js";
import { nodeBlender } from "./blender.js";
import { nodeTallyKey } from "./tally-key.js";

const nothing = new Uint8Array(0);
const never = 2 ** 64 - 1;

interface Due {
  readonly handle: number;
  readonly timeUs: number;
  readonly callback: () => void;
}

type FrameHandler = (op: number, payload: Uint8Array) => void;

/** To be given to a station as its `machine`. */
export function nodeMachine(options: MachineOptions): Machine {
  if (!options.virtual) throw new Error("virtual time only");
  return new NodeMachine(options);
}

/** SANDOGH_MACHINE=node: tests of stations run in this process (test/campaigns/mutants); else the host is used. */
export function chosenMachine(): StartMachine | undefined {
  return process.env["SANDOGH_MACHINE"] === "node" ? nodeMachine : undefined;
}

class NodeMachine implements Machine {
  readonly pid = undefined;
  readonly #options: MachineOptions;
  readonly #handlers = new Map<number, FrameHandler>();
  /** Ascending by time; equal times in the order they were set. */
  readonly #timers: Due[] = [];
  readonly #turns: (() => void)[] = [];
  #nowUs: number;
  #handle = 0;
  #port = 0;
  #dead = false;

  constructor(options: MachineOptions) {
    this.#options = options;
    this.#nowUs = options.nowUs;
    this.#turns.push(() => {
      this.#send(Channel.control, Control.hello, 0, u32le(CABLE_VERSION));
      const start = options.image.includes("identity") ? startIdentity : startBallot;
      start(this.#platform());
    });
    // the terminal's other end has to know of it first
    setImmediate(() => void this.#work());
  }

  write(frames: Uint8Array): void {
    for (let at = 0; at < frames.length; ) {
      const length = readU32le(frames, at + 4);
      const payload = frames.slice(at + CABLE_HEAD, at + CABLE_HEAD + length);
      const [channel, op, port] = [frames[at]!, frames[at + 1]!, frames[at + 2]! | (frames[at + 3]! << 8)];
      at += CABLE_HEAD + length;
      if (channel === Channel.control) this.#nowUs = readU32le(payload, 0) + readU32le(payload, 4) * 0x1_0000_0000;
      else this.#turns.push(() => this.#handlers.get(port)?.(op, payload));
    }
    void this.#work();
  }

  kill(): void {
    if (this.#dead) return;
    this.#dead = true;
    setImmediate(() => this.#options.onEnd({ code: null, signal: "SIGKILL", stderr: "" }));
  }

  unplug(): void {
    if (this.#dead) return;
    this.#dead = true;
    setImmediate(() => this.#options.onEnd({ code: 0, signal: null, stderr: "" }));
  }

  framebuffer(): Uint8Array {
    return nothing;
  }

  /** Each turn runs alone, with the promise jobs it made, before the next one begins; then it is idle. */
  async #work(): Promise<void> {
    for (let turn = this.#nextTurn(); turn !== undefined && !this.#dead; turn = this.#nextTurn()) {
      try {
        turn();
      } catch (thrown) {
        this.#crash(thrown);
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
    const dueUs = this.#timers[0]?.timeUs ?? never;
    const words =
      dueUs === never ? [0xffffffff, 0xffffffff] : [dueUs % 0x1_0000_0000, Math.floor(dueUs / 0x1_0000_0000)];
    this.#send(Channel.control, Control.idle, 0, u32le(...words));
  }

  #nextTurn(): (() => void) | undefined {
    const turn = this.#turns.shift();
    if (turn !== undefined) return turn;
    const timer = this.#timers[0];
    if (timer === undefined || timer.timeUs > this.#nowUs) return undefined;
    this.#timers.shift();
    return timer.callback;
  }

  #crash(thrown: unknown): void {
    if (this.#dead) return;
    const text = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
    this.#send(Channel.control, Control.crash, 0, utf8(text));
    this.#dead = true;
    this.#options.onEnd({ code: 70, signal: null, stderr: text });
  }

  #send(channel: number, op: number, port: number, payload: Uint8Array): void {
    if (this.#dead) return;
    const frame = new Uint8Array(CABLE_HEAD + payload.length);
    writeHead(frame, 0, channel, op, port, payload.length);
    frame.set(payload, CABLE_HEAD);
    this.#options.onBytes(Buffer.from(frame.buffer));
  }

  // --- what the firmware gets ---

  #platform(): Platform {
    const { seed = "node", wallBase, text, flash, size } = this.#options;
    const chance = new Chance(seed, "node machine");
    const random = (out: Uint8Array): void => chance.fill(out);
    const io = this.#serial();
    return {
      clock: { monotonic: () => Math.floor(this.#nowUs / 1000), wall: () => wallBase + this.#nowUs / 1e6 },
      timer: {
        set: (callback, delayMs) => this.#setTimer(callback, delayMs),
        clear: (handle) => this.#clearTimer(handle),
      },
      random,
      model: "node-1",
      fuses: fusesOf(this.#options.device ?? "00".repeat(32)),
      root: testRoot,
      primitives: sodiumPrimitives,
      tallyKey: nodeTallyKey(random),
      serial: {
        reader: { io, device: "reader", baud: 115200 },
        printer: { io, device: "printer", baud: 230400 },
        panel: { io, device: "panel", baud: 115200 },
      },
      flash: { main: this.#flash(flash.main), a: this.#flash(flash.a), b: this.#flash(flash.b) },
      network: { io: this.#tcp(), address: "broker", port: 1883 },
      display: noDisplay(size),
      // nobody looks at the picture
      blender: { ...nodeBlender, paint565: () => {} },
      text: text === undefined ? nothing : new Uint8Array(readFileSync(text)),
      wipeHeap: () => {},
      trace: (line) => this.#send(Channel.control, Control.trace, 0, utf8(line)),
    };
  }

  #setTimer(callback: () => void, delayMs: number): number {
    if (!Number.isFinite(delayMs) || delayMs < 0) throw new RangeError("timer: delay");
    const timer = { handle: ++this.#handle, timeUs: this.#nowUs + Math.ceil(delayMs * 1000), callback };
    let at = this.#timers.length;
    while (at > 0 && this.#timers[at - 1]!.timeUs > timer.timeUs) at--;
    this.#timers.splice(at, 0, timer);
    return timer.handle;
  }

  #clearTimer(handle: number): void {
    const at = this.#timers.findIndex((timer) => timer.handle === handle);
    if (at >= 0) this.#timers.splice(at, 1);
  }

  #openPort(handler: FrameHandler): number {
    this.#handlers.set(++this.#port, handler);
    return this.#port;
  }

  #flash(chip: FlashChip): Flash {
    const ask = <T>(none: T, act: () => T): T => {
      if (this.#dead) return none;
      try {
        return act();
      } catch (thrown) {
        if (!(thrown instanceof PowerCut)) throw thrown;
        this.#options.onPowerCut();
        return none;
      }
    };
    return {
      read: (byteLength, address, into) =>
        ask(undefined, () => {
          const bytes = chip.read(byteLength, address);
          if (bytes === undefined || into === undefined) return bytes?.slice();
          into.set(bytes);
          return into;
        }),
      write: (data, address) => ask(false, () => chip.program(address, data.slice())),
      eraseBlock: (block) => ask(false, () => chip.erase(block)),
      status: () => ask(undefined, () => chip.status()),
    };
  }

  #serial(): SerialConstructor {
    const send = (op: number, port: number, payload: Uint8Array): void => this.#send(Channel.serial, op, port, payload);
    const open = (handler: FrameHandler): number => this.#openPort(handler);
    const close = (port: number): unknown => this.#handlers.delete(port);
    const soon = (turn: () => void): unknown => this.#turns.push(turn);
    return class implements Serial {
      readonly #port: number;
      #inbox: Uint8Array = nothing;
      #free = SERIAL_TRANSMITTER;
      #closed = false;

      constructor({ device, baud, onReadable, onWritable }: SerialOptions) {
        this.#port = open((op, payload) => {
          if (op === SerialOp.data) {
            this.#inbox = concat(this.#inbox, payload);
            onReadable?.call(this, this.#inbox.length);
          } else {
            this.#free += readU32le(payload, 0);
            onWritable?.call(this, this.#free);
          }
        });
        send(SerialOp.open, this.#port, concat(u32le(baud), utf8(device)));
        soon(() => {
          if (!this.#closed) onWritable?.call(this, this.#free);
        });
      }

      read(byteLength = this.#inbox.length): ArrayBuffer | undefined {
        if (this.#closed) throw new Error("serial: closed");
        const bytes = this.#inbox.slice(0, byteLength);
        this.#inbox = this.#inbox.slice(bytes.length);
        return bytes.length === 0 ? undefined : bytes.buffer;
      }

      write(data: Uint8Array): void {
        if (this.#closed) throw new Error("serial: closed");
        if (data.length > this.#free) throw new RangeError("serial: the transmitter is full");
        if (data.length === 0) return;
        this.#free -= data.length;
        send(SerialOp.data, this.#port, data);
      }

      close(): void {
        if (this.#closed) return;
        this.#closed = true;
        close(this.#port);
        send(SerialOp.close, this.#port, nothing);
      }
    };
  }

  #tcp(): TCPConstructor {
    const send = (op: number, port: number, payload: Uint8Array): void => this.#send(Channel.tcp, op, port, payload);
    const openPort = (handler: FrameHandler): number => this.#openPort(handler);
    const closePort = (port: number): unknown => this.#handlers.delete(port);
    return class implements TCP {
      readonly #port: number;
      #inbox: Uint8Array = nothing;
      #free = 0;
      #state: "open" | "broken" | "closed" = "open";

      constructor({ address, port, onReadable, onWritable, onError }: TCPOptions) {
        this.#port = openPort((op, payload) => {
          if (op === TcpOp.data) {
            this.#inbox = concat(this.#inbox, payload);
            onReadable?.call(this, this.#inbox.length);
          } else if (op === TcpOp.close) {
            closePort(this.#port);
            this.#state = "broken";
            onError?.call(this);
          } else {
            this.#free = op === TcpOp.opened ? TCP_WINDOW : this.#free + readU32le(payload, 0);
            onWritable?.call(this, this.#free);
          }
        });
        send(TcpOp.open, this.#port, concat(Uint8Array.of(port & 0xff, port >>> 8), utf8(address)));
      }

      read(byteLength = this.#inbox.length): ArrayBuffer | undefined {
        if (this.#state === "closed") throw new Error("tcp: closed");
        const bytes = this.#inbox.slice(0, byteLength);
        this.#inbox = this.#inbox.slice(bytes.length);
        if (bytes.length === 0) return undefined;
        if (this.#state === "open") send(TcpOp.credit, this.#port, u32le(bytes.length));
        return bytes.buffer;
      }

      write(data: Uint8Array): void {
        if (this.#state !== "open") throw new Error("tcp: not connected");
        if (data.length > this.#free) throw new RangeError("tcp: the output is full");
        this.#free -= data.length;
        if (data.length > 0) send(TcpOp.data, this.#port, data);
      }

      close(): void {
        if (this.#state === "closed") return;
        if (this.#state === "open") {
          closePort(this.#port);
          send(TcpOp.close, this.#port, nothing);
        }
        this.#state = "closed";
      }
    };
  }
}

function noDisplay(size: { readonly width: number; readonly height: number }): Display {
  return { ...size, begin: () => {}, send: () => {}, end: () => {} };
}
