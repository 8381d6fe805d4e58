// A terminal with the self-test's image, and a way to ask it for things.

import { Buffer } from "node:buffer";
import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { VirtualClock } from "../../sim/clock.js";
import type { SerialDevice } from "../../sim/devices/serial-device.js";
import { NorChip } from "../../sim/nor.js";
import { Terminal } from "../../sim/terminal.js";
import type { Rect, TerminalOptions } from "../../sim/terminal.js";
import { buildImage } from "../../tools/build/build.js";
import { buildHost } from "../../tools/build/host.js";
import { ASAN_VARIANT, HOST_VARIANT } from "../../tools/build/sources.js";

let image: Promise<string> | undefined;

/** Builds host and image when something has changed. */
export async function selftestImage(): Promise<string> {
  await buildHost();
  image ??= buildImage("selftest");
  return image;
}

/** The host with our own C under ASan and UBSan; any report ends the process. */
export async function sanitizedProgram(): Promise<string> {
  await buildHost(ASAN_VARIANT);
  return `${ASAN_VARIANT.directory}/terminal`;
}

export const PROGRAM = `${HOST_VARIANT.directory}/terminal`;
export const SEED = "5eed".repeat(16);

export class RecordingDevice implements SerialDevice {
  readonly baud: number;
  readonly #clock: VirtualClock;
  readonly got: { readonly timeUs: number; readonly bytes: Uint8Array }[] = [];
  send: (bytes: Uint8Array) => void = () => undefined;

  constructor(baud: number, clock: VirtualClock) {
    this.baud = baud;
    this.#clock = clock;
  }

  receive(bytes: Uint8Array): void {
    this.got.push({ timeUs: this.#clock.nowUs(), bytes: bytes.slice() });
  }
}

interface Answer {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: string;
  readonly message?: string;
}

let pictures = 0;

export class Bench {
  readonly clock = new VirtualClock();
  readonly trace: string[] = [];
  readonly crashes: string[] = [];
  readonly rects: Rect[] = [];
  readonly chips = {
    main: new NorChip({ size: 65536 }),
    a: new NorChip({ size: 65536 }),
    b: new NorChip({ size: 65536 }),
  };
  readonly reader = new RecordingDevice(115200, this.clock);
  readonly printer = new RecordingDevice(230400, this.clock);
  readonly panel = new RecordingDevice(115200, this.clock);
  readonly terminal: Terminal;
  readonly #picture = join(tmpdir(), `sandogh-test-${process.pid}-${pictures++}.565`);
  #nextId = 1;

  constructor(imagePath: string, options: Partial<TerminalOptions> = {}) {
    this.terminal = new Terminal({
      image: imagePath,
      clock: this.clock,
      virtual: true,
      seed: SEED,
      flash: this.chips,
      serial: { reader: this.reader, printer: this.printer, panel: this.panel },
      wallBase: 1_800_000_000,
      framebufferPath: this.#picture,
      size: { width: 64, height: 40 },
      onTrace: (line) => this.trace.push(line),
      onCrash: (text) => this.crashes.push(text),
      onDisplay: (rect) => this.rects.push(rect),
      ...options,
    });
  }

  /** Removes the picture's file. */
  forget(): void {
    rmSync(this.#picture, { force: true });
  }

  /** Sends without waiting; returns the id of the answer. */
  request(op: string, name?: string, args?: readonly unknown[]): number {
    const id = this.#nextId++;
    this.panel.send(Buffer.from(`${JSON.stringify({ id, op, name, args })}\n`));
    return id;
  }

  answer(id: number): Answer | undefined {
    for (let index = this.trace.length - 1; index >= 0; index--) {
      const line = this.trace[index]!;
      if (line.startsWith(`{"id":${id},`)) return JSON.parse(line) as Answer;
    }
    return undefined;
  }

  /** The value of the answer; an Error named as the exception was, when the terminal had one. */
  async ask(op: string, name?: string, args?: readonly unknown[]): Promise<unknown> {
    const id = this.request(op, name, args);
    await this.terminal.runUntil(() => this.answer(id) !== undefined);
    const answer = this.answer(id);
    if (answer === undefined) throw new Error(`no answer to ${op}`);
    if (answer.error !== undefined) throw Object.assign(new Error(answer.message), { name: answer.error });
    return answer.value;
  }
}

/** Starts a bench, does the work and always switches off. */
export async function withBench<T>(
  work: (bench: Bench) => Promise<T>,
  options: Partial<TerminalOptions> = {},
): Promise<T> {
  const bench = new Bench(await selftestImage(), options);
  try {
    await bench.terminal.start();
    return await work(bench);
  } finally {
    bench.terminal.close();
    await bench.terminal.gone();
    bench.forget();
  }
}
