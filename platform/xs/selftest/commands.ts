// What the self-test does on request, each through the Platform that a role gets.

import { Encoder } from "cbor-x";
import { fromHex, toHex, utf8 } from "../../../firmware/bytes.js";
import type { Primitives } from "../../../firmware/crypto/primitives.js";
import type { TallyKey } from "../../../firmware/crypto/tally-key.js";
import type { Blender, Flash, Platform, Serial, TCP } from "../../../firmware/platform.js";
import { exceptions } from "./exceptions.js";
import { typedSetCases } from "./typed-set.js";
import { probeEvaluation, probeNames, probeOne } from "./evaluation.js";

export interface Request {
  readonly id: number;
  readonly op: string;
  readonly name?: string;
  readonly args?: readonly unknown[];
}

export type Command = (platform: Platform, request: Request) => unknown;

type AnyFunction = (...args: unknown[]) => unknown;

/** A string is bytes in hexadecimal, or "*" and how many zeros; a number, a boolean and null stay. */
function argument(value: unknown): unknown {
  if (typeof value === "string" && value.startsWith("*")) return new Uint8Array(Number(value.slice(1)));
  return typeof value === "string" ? fromHex(value) : value;
}

/** Calls with the arguments and returns what it returned and how its byte arrays look afterwards. */
function call(target: AnyFunction, args: readonly unknown[]): unknown {
  const values = args.map(argument);
  const result = target(...values);
  return { result: result ?? null, bytes: values.map((value) => (value instanceof Uint8Array ? toHex(value) : null)) };
}

function chip(platform: Platform, name: unknown): Flash {
  return platform.flash[name as keyof Platform["flash"]];
}

/** Names of what the misuses throw. */
function misuse(attempts: Readonly<Record<string, () => unknown>>): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [name, attempt] of Object.entries(attempts)) {
    try {
      attempt();
      found[name] = "nothing";
    } catch (error) {
      found[name] = error instanceof Error ? error.name : "not an Error";
    }
  }
  return found;
}

/** Tells apart bytes that are wrong and bytes that are in the wrong place. */
function weightedSum(bytes: Uint8Array): number {
  let sum = 0;
  for (let index = 0; index < bytes.length; index++) sum = (sum + (index + 1) * bytes[index]!) % 1000003;
  return sum;
}

function delay(platform: Platform, delayMs: number): Promise<void> {
  return new Promise((resolve) => platform.timer.set(resolve, delayMs));
}

function deep(): number {
  return 1 + deep();
}

const CRASHES: Readonly<Record<string, (platform: Platform) => unknown>> = {
  // From a timer: nothing above it can catch it.
  exception: (platform) =>
    platform.timer.set(function innermost() {
      throw new Error("on purpose: exception");
    }, 0),
  rejection: (platform) => platform.timer.set(() => void Promise.reject(new Error("on purpose: rejection")), 0),
  // What is thrown need not be an Error.
  number: (platform) =>
    platform.timer.set(() => {
      throw 42;
    }, 0),
  hostile: (platform) =>
    platform.timer.set(() => {
      throw {
        get stack(): string {
          throw new Error("no");
        },
        toString() {
          throw new Error("no");
        },
      };
    }, 0),
  memory: (platform) =>
    platform.timer.set(() => {
      const kept: Uint8Array[] = [];
      for (;;) kept.push(new Uint8Array(65536));
    }, 0),
  slots: (platform) =>
    platform.timer.set(() => {
      let kept: unknown;
      for (;;) kept = { kept };
    }, 0),
  stack: (platform) => platform.timer.set(deep, 0),
};

export const COMMANDS: Readonly<Record<string, Command>> = {
  evaluation: () => probeEvaluation(),

  exceptions: (_, { args = [] }) => exceptions(args[0] as number),

  probes: () => probeNames,

  probe: (_, { name }) => probeOne(name!),

  primitive: ({ primitives }, { name, args = [] }) => call(primitives[name as keyof Primitives] as AnyFunction, args),

  tallyKey: ({ tallyKey }, { name, args = [] }) => call(tallyKey[name as keyof TallyKey] as AnyFunction, args),

  blend: ({ blender }, { name, args = [] }) => call(blender[name as keyof Blender] as AnyFunction, args),

  blendOneBuffer: ({ blender }) => {
    // A store in which the text itself lies, or what it is set with, would change while it is read.
    const bytes = new Uint8Array(64);
    bytes.set([0, 0, 0, 20, 0, 100, 0, 0, 0, 0, 0, 12]);
    bytes.set([1, 1, 1, 0, 2, 1, 0], 16);
    const [atlas, text] = [bytes.slice(0, 12), bytes.slice(16, 23)];
    const none = new Uint8Array(0);
    return misuse({
      text: () => blender.typeset(bytes.buffer, 0, atlas, 0, bytes.subarray(16, 23), 0, 0, none, 0, 0, 0),
      digits: () => blender.typeset(bytes.buffer, 0, atlas, 0, text, 0, 0, bytes.subarray(40), 0, 0, 0),
      atlas: () => blender.typeset(bytes.buffer, 0, bytes.subarray(0, 12), 0, text, 0, 0, none, 0, 0, 0),
    });
  },

  detached: ({ primitives }) => {
    // Takes a resizable buffer away under a view of it: the view must be refused, not followed.
    const buffer = new (
      ArrayBuffer as unknown as new (
        length: number,
        options: object,
      ) => ArrayBuffer & { resize(length: number): void }
    )(64, { maxByteLength: 128 });
    const view = new Uint8Array(buffer, 32, 32);
    buffer.resize(16);
    return misuse({
      "view beyond its buffer": () => primitives.sha256(view, new Uint8Array(3)),
      "no buffer": () => primitives.sha256({} as Uint8Array, new Uint8Array(3)),
      nothing: () => (primitives.sha256 as AnyFunction)(),
      "a wide array": () => (primitives.sha256 as AnyFunction)(new Uint32Array(8), new Uint8Array(3)),
      "a detached message": () => primitives.sha256(new Uint8Array(32), view),
      "overlapping seal": () => {
        const all = new Uint8Array(100);
        primitives.seal(all.subarray(0, 58), all.subarray(50, 60), new Uint8Array(32), new Uint8Array(32));
      },
    });
  },

  random: (platform, { args = [] }) => {
    const out = new Uint8Array(args[0] as number);
    platform.random(out);
    return toHex(out);
  },

  clock: ({ clock }) => ({ monotonic: clock.monotonic(), wall: clock.wall() }),

  timers: async (platform) => {
    const order: string[] = [];
    const start = platform.clock.monotonic();
    const note = (name: string) => (): void => {
      order.push(`${name}@${platform.clock.monotonic() - start}`);
      void Promise.resolve().then(() => order.push(`${name} job`));
    };
    platform.timer.set(note("30"), 30);
    platform.timer.set(note("10 first"), 10);
    platform.timer.set(note("10 second"), 10);
    platform.timer.set(note("0"), 0);
    const cleared = platform.timer.set(note("cleared"), 20);
    platform.timer.clear(cleared);
    platform.timer.clear(cleared);
    platform.timer.clear(123456);
    await delay(platform, 50);
    return order;
  },

  typedSet: () => typedSetCases(),
  ticks: async (platform, { args = [] }) => {
    const count = args[0] as number;
    for (let index = 0; index < count; index++) await delay(platform, 1);
    return count;
  },

  flash: (platform, { name, args = [] }) => {
    const flash = chip(platform, args[0]);
    switch (name) {
      case "read": {
        const data = flash.read(args[1] as number, args[2] as number);
        if (data === undefined) return null;
        // The trace takes no more than 64 KiB: of much data only a sum.
        return data.length > 1000 ? weightedSum(data) : toHex(data);
      }
      case "write":
        return flash.write(fromHex(args[1] as string)!, args[2] as number);
      case "eraseBlock":
        return flash.eraseBlock(args[1] as number);
      default:
        return flash.status() ?? null;
    }
  },

  flashMisuse: ({ flash: { a } }) =>
    misuse({
      "read beyond the end": () => a.read(2, (a.status()?.size ?? 0) - 1),
      "write beyond the end": () => a.write(new Uint8Array(2), (a.status()?.size ?? 0) - 1),
      "negative address": () => a.read(1, -1),
      "no number": () => a.read(1, "0" as unknown as number),
      "block beyond the end": () => a.eraseBlock(a.status()?.blocks ?? 0),
      "half a block": () => a.eraseBlock(0.5),
    }),

  cbor: () => {
    const encoder = new Encoder({ useRecords: false, mapsAsObjects: false, variableMapSize: true });
    const value = new Map<number, unknown>([
      [1, "رأی"],
      [2, Uint8Array.of(1, 2, 3)],
      [3, [true, null, -7]],
      [4, 18446744073709551615n],
    ]);
    const bytes = encoder.encode(value);
    const again = encoder.decode(bytes) as Map<number, unknown>;
    return {
      bytes: toHex(bytes),
      text: again.get(1),
      list: again.get(3),
      data: toHex(again.get(2) as Uint8Array),
      big: String(again.get(4)),
    };
  },

  text: ({ text }) => {
    // What the renderer does with it: views, copies, comparison.
    return {
      length: text.length,
      sum: weightedSum(text),
      part: toHex(text.subarray(2, 6)),
      copy: toHex(text.slice(2, 6)),
      isBytes: text instanceof Uint8Array,
    };
  },

  draw: ({ display }, { args = [] }) => {
    const [x, y, width, height, color] = args as number[];
    const row = new Uint8Array(2 * width!);
    for (let at = 0; at < row.length; at += 2) {
      row[at] = color! & 0xff;
      row[at + 1] = color! >>> 8;
    }
    display.begin(x!, y!, width!, height!);
    for (let count = 0; count < height!; count++) display.send(row);
    display.end();
    return { width: display.width, height: display.height };
  },

  displayMisuse: ({ display }) => {
    const found = misuse({
      "send without begin": () => display.send(new Uint8Array(2)),
      "end without begin": () => display.end(),
      outside: () => display.begin(display.width - 1, 0, 2, 1),
      negative: () => display.begin(-1, 0, 1, 1),
    });
    display.begin(0, 0, 2, 2);
    Object.assign(
      found,
      misuse({
        "begin twice": () => display.begin(0, 0, 1, 1),
        "half a row": () => display.send(new Uint8Array(6)),
        "too many rows": () => display.send(new Uint8Array(12)),
      }),
    );
    display.end();
    return found;
  },

  /**
   * Sends bytes to the printer's line as credits allow, and returns when the last has left, with the times of
   * onWritable.
   */
  transmit: ({ serial: { printer }, clock }, { args = [] }) =>
    new Promise((resolve) => {
      let left = args[0] as number;
      const start = clock.monotonic();
      const times: number[] = [];
      new printer.io({
        device: printer.device,
        baud: (args[1] as number | undefined) ?? printer.baud,
        format: "buffer",
        onWritable(this: Serial, bytes: number) {
          times.push(clock.monotonic() - start);
          if (left === 0 && bytes === 1024) {
            this.close();
            resolve(times);
            return;
          }
          const count = Math.min(left, bytes);
          left -= count;
          if (count > 0) this.write(new Uint8Array(count).fill(0x41));
        },
      });
    }),

  serialMisuse: ({ serial: { reader, panel } }) => {
    const { io, device, baud } = reader;
    const found = misuse({
      "no such device": () => new io({ device: "tape", baud, format: "buffer" }),
      "no baud": () => new io({ device, baud: 0, format: "buffer" }),
      "another format": () => new io({ device, baud, format: "number" as "buffer" }),
      "no callback": () => new io({ device, baud, format: "buffer", onReadable: 1 as unknown as () => void }),
      "open twice": () => new io({ device: panel.device, baud, format: "buffer" }),
    });
    const serial = new io({ device, baud, format: "buffer" });
    Object.assign(
      found,
      misuse({
        "write no bytes": () => serial.write("A" as unknown as Uint8Array),
        "write too much": () => serial.write(new Uint8Array(1025)),
        "read half a byte": () => serial.read(0.5),
        "wrong receiver": () => io.prototype.read.call({}),
      }),
    );
    serial.close();
    Object.assign(
      found,
      misuse({
        "close twice": () => serial.close(),
        "read after close": () => serial.read(),
        "write after close": () => serial.write(new Uint8Array(1)),
      }),
    );
    const again = new io({ device, baud, format: "buffer" });
    again.close();
    return found;
  },

  /** Sends a text to the network's address and returns what comes back until the other end closes. */
  tcp: ({ network }, { args = [] }) =>
    new Promise((resolve) => {
      let got = "";
      const take = (connection: TCP): void => {
        const bytes = connection.read();
        if (bytes !== undefined) for (const byte of new Uint8Array(bytes)) got += String.fromCharCode(byte);
      };
      let sent = false;
      new network.io({
        address: network.address,
        port: network.port,
        onReadable() {
          take(this);
        },
        onWritable() {
          if (!sent) this.write(utf8(args[0] as string));
          sent = true;
        },
        onError() {
          take(this);
          const found = misuse({ "write after the end": () => this.write(Uint8Array.of(1)) });
          this.close();
          this.close();
          resolve({ got, sent, ...found, ...misuse({ "read after close": () => this.read() }) });
        },
      });
    }),

  crash: (platform, { name }) => {
    CRASHES[name!]!(platform);
    return null;
  },
};
