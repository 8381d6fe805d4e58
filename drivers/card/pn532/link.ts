// Command, acknowledgement, answer (PN532 user manual section 6.2.2): who sends what again when something is lost.

import { concat } from "../../../firmware/bytes.js";
import type { SerialPort, Timer } from "../../../firmware/platform.js";
import { type Result, err, ok } from "../../../firmware/result.js";
import { SerialLine } from "../../line.js";
import { Waiter } from "../../wait.js";
import type { Command } from "./command.js";
import {
  ACK_FRAME,
  type Frame,
  FrameDecoder,
  NACK_FRAME,
  TFI_FROM_READER,
  TFI_TO_READER,
  WAKE_UP,
  encodeFrame,
} from "./frame.js";

/**
 * no-answer: nothing that could be read came back. refused: the PN532 answered with its error frame. malformed: not the
 * answer of this command.
 */
export type LinkFault = "no-answer" | "refused" | "malformed";

/**
 * The PN532 acknowledges within 15 ms of the frame's last byte (section 6.2.2.1); we wait this much longer than the
 * frame takes.
 */
export const ACK_TIMEOUT_MS = 30;
/** How often a command is sent in all when it is not acknowledged. */
export const COMMAND_TRIES_MAX = 3;
/** How often an answer that was garbled is asked for again; once when it did not come. */
export const NACKS_MAX = 3;
/** How long an answer that was asked for again may take: it is ready, it only has to be sent. */
const REPEAT_TIMEOUT_MS = 100;
/** Three frames of the longest kind. */
const UNSENT_BYTES_MAX = 900;
/** Frames that nobody waits for: late answers, repeated acknowledgements. Beyond it the oldest are dropped. */
const INBOX_MAX = 8;
/** Answers to something else that are passed over while waiting for this one. */
const STRAY_MAX = 4;
/** A frame of the longest kind takes 24 ms at 115200 baud: when none has come for so long, none is on its way. */
const QUIET_MS = 30;

export class Link {
  readonly #line: SerialLine;
  readonly #decoder: FrameDecoder;
  readonly #baud: number;
  readonly #arrived: Waiter<Frame>;
  readonly #inbox: Frame[] = [];
  #closed = false;

  constructor(options: { readonly serial: SerialPort; readonly timer: Timer }) {
    this.#arrived = new Waiter(options.timer);
    this.#baud = options.serial.baud;
    this.#decoder = new FrameDecoder((frame) => {
      if (this.#arrived.waiting) {
        this.#arrived.give(frame);
        return;
      }
      if (this.#inbox.length === INBOX_MAX) this.#inbox.shift();
      this.#inbox.push(frame);
    });
    this.#line = new SerialLine({ port: options.serial, onBytes: (bytes) => this.#decoder.push(bytes) });
  }

  /** Wakes the PN532 and aborts whatever it was doing for someone before us. */
  wake(): void {
    this.#send(concat(WAKE_UP, ACK_FRAME));
  }

  /**
   * One command at a time. After "no-answer" the command has been aborted, and may or may not have been executed, at
   * most once if `isOnce`. Any other command whose acknowledgement was lost is sent again.
   */
  async execute<T>(command: Command<T>): Promise<Result<T, LinkFault>> {
    const frame = encodeFrame(concat(Uint8Array.of(TFI_TO_READER, command.code), command.request));
    const tries = command.isOnce === true ? 1 : COMMAND_TRIES_MAX;
    for (let attempt = 1; attempt <= tries && !this.#closed; attempt++) {
      this.#inbox.length = 0;
      this.#decoder.reset();
      // From the second time on it may be asleep.
      const bytes = attempt === 1 ? frame : concat(WAKE_UP, frame);
      this.#send(bytes);
      if (await this.#acknowledged(ACK_TIMEOUT_MS + this.#transmissionMs(bytes.length))) return this.#answer(command);
    }
    // Perhaps it is under way: what it still says must not be taken for the next command's answer.
    if (command.isOnce === true) await this.#abort();
    return err("no-answer");
  }

  /** A command that is under way is answered "no-answer". */
  close(): void {
    this.#closed = true;
    this.#line.close();
    this.#arrived.give(undefined);
  }

  async #acknowledged(timeoutMs: number): Promise<boolean> {
    for (let stray = 0; stray <= STRAY_MAX; stray++) {
      const frame = await this.#next(timeoutMs);
      if (frame === undefined || frame.kind === "nack" || frame.kind === "garbled") return false;
      if (frame.kind === "ack") return true;
      // An answer to a command that was aborted: pass over it.
    }
    return false;
  }

  async #answer<T>(command: Command<T>): Promise<Result<T, LinkFault>> {
    let nacks = 0;
    let timeoutMs = command.timeoutMs;
    for (let stray = 0; stray <= STRAY_MAX; ) {
      const frame = await this.#next(timeoutMs);
      if (this.#closed) return err("no-answer");
      if (frame === undefined || frame.kind === "garbled") {
        if (nacks === (frame === undefined ? 1 : NACKS_MAX)) break;
        nacks++;
        this.#decoder.reset();
        this.#inbox.length = 0;
        this.#send(NACK_FRAME);
        timeoutMs = REPEAT_TIMEOUT_MS;
        continue;
      }
      if (frame.kind === "error") return err("refused");
      if (frame.kind === "data" && frame.data[0] === TFI_FROM_READER && frame.data[1] === command.code + 1) {
        const value = command.decode(frame.data.subarray(2));
        return value === undefined ? err("malformed") : ok(value);
      }
      stray++;
    }
    await this.#abort();
    return err("no-answer");
  }

  /** Section 6.2.1.3: an ACK from the host aborts the command. Then whatever is on its way is let pass. */
  async #abort(): Promise<void> {
    this.#send(ACK_FRAME);
    this.#inbox.length = 0;
    for (let frames = 0; frames <= STRAY_MAX; frames++)
      if (this.#closed || (await this.#next(QUIET_MS)) === undefined) return;
  }

  #next(timeoutMs: number): Promise<Frame | undefined> {
    const frame = this.#inbox.shift();
    return frame !== undefined ? Promise.resolve(frame) : this.#arrived.wait(timeoutMs);
  }

  #send(bytes: Uint8Array): void {
    if (this.#closed) return;
    // A line that takes nothing is a dead reader: what could not be sent is of no use later.
    if (this.#line.queued + bytes.length > UNSENT_BYTES_MAX) this.#line.drop();
    this.#line.send(bytes);
  }

  #transmissionMs(bytes: number): number {
    return Math.ceil((bytes * 10_000) / this.#baud);
  }
}
