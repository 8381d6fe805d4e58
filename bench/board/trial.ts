// The trial role on the emulated board: asked for things over the panel's line, with the work that each took.

import { Buffer } from "node:buffer";
import type { View } from "../../firmware/session/view.js";
import type { Settings } from "../../firmware/settings.js";
import { type Board, type BoardOptions, boardMachine } from "../../sim/board/qemu.js";
import { VirtualClock } from "../../sim/clock.js";
import type { SerialDevice } from "../../sim/devices/serial-device.js";
import { NorChip } from "../../sim/nor.js";
import { Terminal } from "../../sim/terminal.js";
import { buildBoard } from "../../tools/build/board.js";
import type { Engine } from "../../tools/build/sources.js";
import { Statistics } from "./statistics.js";

const seed = "5eed".repeat(16);
const mainSize = 16 * 1024 * 1024;
const mediumSize = 65536;

interface Mark {
  readonly line: string;
  /** Instructions since the reset. */
  readonly work: number;
}

export interface Painted {
  readonly picture: Uint8Array;
  /** Instructions since the reset when the last act began. */
  readonly began: number;
  /** Instructions from the last act, the showing or a touch, until all was painted. */
  readonly work: number;
  /** Rectangles and lines. */
  readonly items: number;
  /** In C: texts set, bands of pixels painted and shown. How often and how many instructions. */
  readonly setting: readonly [number, number];
  readonly pixels: readonly [number, number];
}

export interface TrialOptions {
  readonly plugin?: NonNullable<BoardOptions["plugin"]>;
  readonly engine?: Engine;
}

class Line implements SerialDevice {
  readonly baud: number;
  send: (bytes: Uint8Array) => void = () => undefined;

  constructor(baud: number) {
    this.baud = baud;
  }

  receive(): void {}
}

export class Trial {
  readonly #terminal: Terminal;
  readonly #panel = new Line(115200);
  readonly #marks: Mark[] = [];
  readonly #statistics = new Statistics();
  #board: Board | undefined;
  #work = 0;
  /** When the last rectangle of the display was told. */
  #drawn = 0;
  #requests = 0;

  private constructor(elf: string, packageBytes: Uint8Array, plugin: BoardOptions["plugin"]) {
    const main = new NorChip({ size: mainSize });
    main.program(0, packageBytes);
    this.#terminal = new Terminal({
      image: "build/image/trial.xsi",
      clock: new VirtualClock(),
      virtual: true,
      seed,
      wallBase: 1_795_235_400,
      flash: { main, a: new NorChip({ size: mediumSize }), b: new NorChip({ size: mediumSize }) },
      serial: { reader: new Line(115200), printer: new Line(230400), panel: this.#panel },
      machine: boardMachine({
        elf,
        ...(plugin === undefined ? {} : { plugin }),
        onStart: (board) => {
          this.#board = board;
        },
        onStatistics: this.#statistics.take,
        onWork: (work) => {
          this.#work = work;
        },
      }),
      onTrace: (line) => this.#marks.push({ line, work: this.#work }),
      onDisplay: () => {
        this.#drawn = this.#work;
      },
    });
  }

  /** With this election on its flash, and the key that signed it. */
  static async start(packageBytes: Uint8Array, authorityKey: Uint8Array, options: TrialOptions = {}): Promise<Trial> {
    const trial = new Trial(await buildBoard("trial", options.engine), packageBytes, options.plugin);
    await trial.#terminal.start();
    await trial.#ask("openScreens", Buffer.from(authorityKey).toString("hex"));
    return trial;
  }

  /** Draws a view from nothing, then touches targets one after the other; what is told is of the last of these acts. */
  async show(view: View, settings: Settings, touch: readonly string[] = []): Promise<Painted> {
    let painted = await this.#paint("showScreen", view, settings);
    for (const id of touch) painted = await this.#paint("touchScreen", id);
    return painted;
  }

  async #paint(op: string, ...args: readonly unknown[]): Promise<Painted> {
    const before = await this.#statistics.ask(this.#board!);
    const items = (await this.#ask(op, ...args)) as number;
    const after = await this.#statistics.ask(this.#board!);
    const done = (...natives: readonly string[]): readonly [number, number] => [
      after.natives[natives[0]!]![0] - before.natives[natives[0]!]![0],
      natives.reduce((sum, name) => sum + after.natives[name]![1] - before.natives[name]![1], 0),
    ];
    const began = this.#at("show");
    return {
      picture: this.#terminal.framebuffer(),
      began,
      work: this.#drawn - began,
      items,
      setting: done("xs_typeset"),
      pixels: done("xs_paint565", "xs_display_write"),
    };
  }

  /** A ballot of so many bytes, sealed, opened and signed by the terminal's own code and by tweetnacl-es6. */
  async sealAndSign(
    length: number,
  ): Promise<{ readonly native: number; readonly tweetnacl: number; readonly equal: boolean }> {
    const made = (await this.#ask("sealAndSign", length)) as { readonly native: string; readonly tweetnacl: string };
    const [native, tweetnacl, done] = ["native", "tweetnacl", "done"].map((line) => this.#at(line)) as [
      number,
      number,
      number,
    ];
    return { native: tweetnacl - native, tweetnacl: done - tweetnacl, equal: made.native === made.tweetnacl };
  }

  /** Ends in order: the plugin writes what it has gathered. */
  async stop(): Promise<void> {
    await this.#terminal.stop();
    this.#terminal.close();
  }

  close(): void {
    this.#terminal.close();
  }

  #at(line: string): number {
    return this.#marks.findLast((mark) => mark.line === line)!.work;
  }

  async #ask(op: string, ...args: readonly unknown[]): Promise<unknown> {
    const id = ++this.#requests;
    const answer = (): string | undefined => this.#marks.findLast(({ line }) => line.startsWith(`{"id":${id},`))?.line;
    this.#panel.send(Buffer.from(`${JSON.stringify({ id, op, args })}\n`));
    await this.#terminal.runUntil(() => answer() !== undefined);
    const line = answer();
    if (line === undefined) throw new Error(`no answer to ${op}`);
    const { value, error, message } = JSON.parse(line) as {
      readonly value?: unknown;
      readonly error?: string;
      readonly message?: string;
    };
    if (error !== undefined) throw new Error(`${op}: ${error} ${message}`);
    return value;
  }
}
