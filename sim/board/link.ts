// The harness's end of the board's lines (platform/board/link.h has the table): turns the cable's frames into bytes on
// the UARTs and back, and is the SPI controller with its three chips. Frames reach the terminal in the order in which
// the board sent them, whatever line their bytes came by.

import {
  CABLE_HEAD,
  CABLE_PAYLOAD_MAX,
  Channel,
  FLASH_CHIPS,
  REPLY,
  SerialOp,
  readU32le,
  u32le,
  writeHead,
} from "../../platform/cable.js";
import type { FlashChipName } from "../../platform/cable.js";
import type { BusChip } from "../flash-port.js";
import { PowerCut } from "../nor.js";
import { SpiNor } from "./spi-nor.js";

export const BOARD_CHANNEL = 15;
export const BoardOp = { ready: 0, boot: 1, batch: 2, spi: 3, report: 4, count: 5, stats: 6 } as const;
const BOARD_VERSION = 2;
/** As from-harness.h and uart.h have them. */
const BATCH_MAX = 16384;
const RING_MAX = 32768;

/** In the order of platform/board/uart.h; the first is the control line. */
export const BOARD_LINES = ["control", "reader", "printer", "panel", "uplink"] as const;
export type BoardLine = (typeof BOARD_LINES)[number];

export interface BoardMemory {
  read(address: number, length: number): Uint8Array;
  write(address: number, bytes: Uint8Array): void;
}

export interface BoardLinkOptions {
  readonly flash: Readonly<Record<FlashChipName, BusChip>>;
  readonly memory: BoardMemory;
  readonly boot: BootParameters;
  /** Bytes for one of the UARTs. */
  readonly onLine: (line: BoardLine, bytes: Uint8Array) => void;
  /** A frame of the cable. */
  readonly onFrame: (frame: Buffer) => void;
  readonly onReport: (text: string) => void;
  /** Work done so far, in instructions. */
  readonly onWork: (instructions: number) => void;
  readonly onStatistics: (json: string) => void;
  readonly onPowerCut: () => void;
}

export interface BootParameters {
  readonly virtual: boolean;
  readonly nowUs: number;
  /** Seconds since 1970, whole. */
  readonly wallS: number;
  /** 32 bytes. */
  readonly seed: Uint8Array;
  /** What is in the fuses, 32 bytes. */
  readonly fuses: Uint8Array;
}

/** The board broke a rule of its lines. */
export class BoardProtocol extends Error {
  override readonly name = "BoardProtocol";
}

export class BoardLink {
  readonly #options: BoardLinkOptions;
  readonly #chips: readonly SpiNor[];
  /** Bytes of each line that no frame has taken yet. */
  readonly #received = new Map<BoardLine, Buffer>(BOARD_LINES.map((line) => [line, Buffer.alloc(0)]));
  readonly #lineOfPort = new Map<number, BoardLine>();
  #off = false;

  constructor(options: BoardLinkOptions) {
    this.#options = options;
    this.#chips = FLASH_CHIPS.map((name) => new SpiNor(options.flash[name]));
  }

  /** Nothing goes either way from now on. */
  close(): void {
    this.#off = true;
  }

  /** Bytes from a UART. */
  receive(line: BoardLine, bytes: Buffer): void {
    const before = this.#received.get(line)!;
    this.#received.set(line, before.length === 0 ? bytes : Buffer.concat([before, bytes]));
    while (!this.#off && this.#takeFrame());
  }

  askStatistics(): void {
    this.#control(BoardOp.stats, 0, new Uint8Array(0));
  }

  /** Whole frames of one moment for the board. */
  write(frames: Uint8Array): void {
    if (this.#off) return;
    const schedule: Uint8Array[] = [];
    const onLines = new Map<BoardLine, Uint8Array[]>();
    for (let at = 0; at < frames.length; ) {
      const length = readU32le(frames, at + 4);
      const head = frames.subarray(at, at + CABLE_HEAD);
      const payload = frames.subarray(at + CABLE_HEAD, at + CABLE_HEAD + length);
      at += CABLE_HEAD + length;
      const line = this.#lineOf(head[0]!, head[1]!, head[2]! | (head[3]! << 8));
      if (line === "control") schedule.push(head, payload);
      else {
        const short = head.slice();
        short.set(u32le(4), 4);
        schedule.push(short, u32le(payload.length));
        onLines.set(line, [...(onLines.get(line) ?? []), payload]);
      }
    }
    const batch = Buffer.concat(schedule);
    if (batch.length > BATCH_MAX) throw new RangeError(`${batch.length} bytes of frames for one moment of the board`);
    for (const [line, parts] of onLines) {
      const bytes = Buffer.concat(parts);
      if (bytes.length > RING_MAX) throw new RangeError(`${bytes.length} bytes for one moment of the line ${line}`);
      this.#options.onLine(line, bytes);
    }
    this.#control(BoardOp.batch, 0, batch);
  }

  #control(op: number, port: number, payload: Uint8Array): void {
    const frame = new Uint8Array(CABLE_HEAD + payload.length);
    writeHead(frame, 0, BOARD_CHANNEL, op, port, payload.length);
    frame.set(payload, CABLE_HEAD);
    this.#options.onLine("control", frame);
  }

  #lineOf(channel: number, op: number, port: number): BoardLine {
    if (channel === Channel.tcp) return "uplink";
    if (channel !== Channel.serial || op !== SerialOp.data) return "control";
    const line = this.#lineOfPort.get(port);
    if (line === undefined) throw new BoardProtocol(`serial port ${port} is no line`);
    return line;
  }

  /**
   * Takes the next frame of the control line, with its bytes when they came by another; false while something is
   * missing.
   */
  #takeFrame(): boolean {
    const control = this.#received.get("control")!;
    if (control.length < CABLE_HEAD) return false;
    const length = readU32le(control, 4);
    if (length > CABLE_PAYLOAD_MAX) throw new BoardProtocol(`a frame of ${length} bytes`);
    if (control.length < CABLE_HEAD + length) return false;
    const channel = control[0]!;
    const op = control[1]!;
    const port = control[2]! | (control[3]! << 8);
    const payload = control.subarray(CABLE_HEAD, CABLE_HEAD + length);
    const line = this.#lineOf(channel, op, port);
    let frame = control.subarray(0, CABLE_HEAD + length);
    if (line !== "control") {
      const count = readU32le(payload, 0);
      const waiting = this.#received.get(line)!;
      if (waiting.length < count) return false;
      const whole = new Uint8Array(CABLE_HEAD + count);
      writeHead(whole, 0, channel, op, port, count);
      whole.set(waiting.subarray(0, count), CABLE_HEAD);
      frame = Buffer.from(whole.buffer);
      this.#received.set(line, waiting.subarray(count));
    }
    this.#received.set("control", control.subarray(CABLE_HEAD + length));
    if (channel === BOARD_CHANNEL) this.#own(op, port, payload);
    else {
      if (channel === Channel.serial && op === SerialOp.open) this.#open(port, payload);
      this.#options.onFrame(frame);
    }
    return true;
  }

  #open(port: number, payload: Uint8Array): void {
    const name = Buffer.from(payload.subarray(4)).toString("utf8");
    const line = BOARD_LINES.find((each) => each === name);
    if (line === undefined) throw new BoardProtocol(`a line "${name}"`);
    this.#lineOfPort.set(port, line);
  }

  #own(op: number, port: number, payload: Buffer): void {
    const { boot, onReport, onWork, onStatistics } = this.#options;
    switch (op) {
      case BoardOp.ready:
        if (readU32le(payload, 0) !== BOARD_VERSION) throw new BoardProtocol("the board's lines have another version");
        return this.#control(BoardOp.boot, 0, bootPayload(boot));
      case BoardOp.spi:
        return this.#spi(port, payload);
      case BoardOp.report:
        return onReport(payload.toString("utf8"));
      case BoardOp.count:
        return onWork(readU32le(payload, 0) + readU32le(payload, 4) * 0x100000000);
      case BoardOp.stats:
        return onStatistics(payload.toString("utf8"));
      default:
        throw new BoardProtocol(`board op ${op}`);
    }
  }

  #spi(select: number, payload: Uint8Array): void {
    const chip = this.#chips[select];
    if (chip === undefined) throw new BoardProtocol(`chip select ${select}`);
    const { memory, onPowerCut } = this.#options;
    const inLength = readU32le(payload, 12);
    let answer: Uint8Array;
    try {
      answer = chip.transfer(memory.read(readU32le(payload, 0), readU32le(payload, 4)), inLength);
    } catch (error) {
      if (!(error instanceof PowerCut)) throw error;
      return onPowerCut();
    }
    if (inLength > 0) memory.write(readU32le(payload, 8), answer);
    this.#control(BoardOp.spi | REPLY, select, new Uint8Array(0));
  }
}

function bootPayload(boot: BootParameters): Uint8Array {
  const bytes = new Uint8Array(84);
  bytes[0] = boot.virtual ? 1 : 0;
  bytes[1] = 1;
  bytes.set(u32le(boot.nowUs % 0x100000000, Math.floor(boot.nowUs / 0x100000000)), 4);
  bytes.set(u32le(boot.wallS % 0x100000000, Math.floor(boot.wallS / 0x100000000)), 12);
  bytes.set(boot.seed, 20);
  bytes.set(boot.fuses, 52);
  return bytes;
}
