// The contactless reader: looks for a card, hands it out, notices that it is gone.

import type { SerialPort, Timer } from "../../../firmware/platform.js";
import { type Result, assert, err, ok } from "../../../firmware/result.js";
import {
  APDU_BYTES_MAX,
  type Card,
  type CardFault,
  type CardReader,
  type CardReaderHandlers,
  type ReaderFault,
  WORK_MS,
} from "../../../firmware/access/reader.js";
import { pause } from "../../wait.js";
import {
  IC_PN532,
  type Target,
  diagnosePresence,
  getFirmwareVersion,
  inDataExchange,
  inListPassiveTarget,
  inRelease,
  rfField,
  rfRetries,
  samConfiguration,
  setParameters,
} from "./command.js";
import { Link } from "./link.js";
import { STATUS_TIMEOUT } from "./status.js";

/** Between looking for a card and looking again, and between two checks that it is still there. */
export const POLL_MS = 200;
/** Between two attempts to reach a reader that failed. */
export const RETRY_MS = 1000;
/** SW1 SW2 alone. */
const RESPONSE_BYTES_MIN = 2;
/** 256 bytes of data and SW1 SW2. */
const RESPONSE_BYTES_MAX = 258;

interface Present {
  readonly target: Target;
  gone: boolean;
}

export interface PN532ReaderOptions {
  readonly serial: SerialPort;
  readonly timer: Timer;
}

export class PN532Reader implements CardReader {
  readonly #timer: Timer;
  readonly #link: Link;
  #handlers: CardReaderHandlers | undefined;
  #present: Present | undefined;
  #fault: ReaderFault | undefined;
  #closed = false;
  /** What uses the link now; the next user waits for it. */
  #busy: Promise<unknown> = Promise.resolve();

  constructor(options: PN532ReaderOptions) {
    this.#timer = options.timer;
    this.#link = new Link(options);
  }

  start(handlers: CardReaderHandlers): void {
    assert(this.#handlers === undefined, "a reader is started once");
    this.#handlers = handlers;
    void this.#run();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#handlers = undefined;
    if (this.#present !== undefined) this.#present.gone = true;
    this.#link.close();
  }

  async #run(): Promise<void> {
    while (!this.#closed) {
      const fault = await this.#exclusive(() => this.#initialise());
      if (fault !== undefined) {
        this.#fail(fault);
        await pause(this.#timer, RETRY_MS);
        continue;
      }
      this.#fault = undefined;
      this.#handlers?.onReady();
      while (!this.#closed && this.#fault === undefined) {
        const works = await this.#exclusive(() =>
          this.#present === undefined ? this.#look() : this.#check(this.#present),
        );
        if (!works) this.#fail("no-answer");
        else await pause(this.#timer, POLL_MS);
      }
    }
  }

  async #initialise(): Promise<ReaderFault | undefined> {
    if (this.#closed) return "no-answer";
    this.#link.wake();
    // It may have been in the middle of something; after its wake-up it first wants SAMConfiguration.
    for (const command of [
      samConfiguration,
      getFirmwareVersion,
      setParameters,
      rfRetries,
      rfField(false),
      rfField(true),
    ]) {
      if (this.#closed) return "no-answer";
      const answer = await this.#link.execute<unknown>(command);
      if (!answer.ok)
        return answer.error === "no-answer" ? "no-answer" : answer.error === "refused" ? "refused" : "wrong-device";
      if (command === getFirmwareVersion && (answer.value as { ic: number }).ic !== IC_PN532) return "wrong-device";
    }
    return undefined;
  }

  /** Is a card there? False when the reader does not work. */
  async #look(): Promise<boolean> {
    if (this.#closed) return true;
    const answer = await this.#link.execute(inListPassiveTarget);
    // What the reader said of a card made no sense. The card may be activated all the same, and would not be found
    // again.
    if (!answer.ok) return answer.error !== "no-answer" && this.#resetField();
    if (answer.value === "none" || this.#closed) return true;
    const present: Present = { target: answer.value, gone: false };
    this.#present = present;
    this.#handlers?.onCard(this.#card(present));
    return true;
  }

  /** Is the card still there? False when the reader does not work. */
  async #check(present: Present): Promise<boolean> {
    if (this.#closed || present.gone) return true;
    // One check that failed may be noise or a finger's breadth of distance; two are a card that was lifted.
    for (let attempt = 0; attempt < 2; attempt++) {
      const there = await this.#isThere(present);
      if (there === undefined) return false;
      if (there) return true;
    }
    return this.#removed(present);
  }

  async #isThere(present: Present): Promise<boolean | undefined> {
    if (present.target.exchanges && !present.target.several) {
      const answer = await this.#link.execute(diagnosePresence);
      if (!answer.ok) return answer.error === "no-answer" ? undefined : false;
      return answer.value === 0;
    }
    // A card that does not speak ISO/IEC 14443-4 has no attention request, and of two only one would answer it: reset
    // them and find them again.
    if (!(await this.#resetField())) return undefined;
    const answer = await this.#link.execute(inListPassiveTarget);
    if (!answer.ok) return answer.error === "no-answer" ? undefined : false;
    const { exchanges, several } = present.target;
    if (answer.value === "none" || answer.value.several !== several) return false;
    // UIDs are drawn anew, and of two cards either may come first
    return several || answer.value.exchanges === exchanges;
  }

  /** Forgets the card. False when the reader does not work. */
  async #removed(present: Present): Promise<boolean> {
    this.#forget(present);
    return this.#resetField();
  }

  /** Whatever lies in the field begins anew. */
  async #resetField(): Promise<boolean> {
    if (this.#closed) return true;
    for (const command of [inRelease(0), rfField(false), rfField(true)]) {
      const answer = await this.#link.execute<unknown>(command);
      if (!answer.ok && answer.error === "no-answer") return false;
    }
    return true;
  }

  #forget(present: Present): void {
    if (present.gone) return;
    present.gone = true;
    this.#present = undefined;
    this.#handlers?.onRemoved();
  }

  #fail(fault: ReaderFault): void {
    if (this.#present !== undefined) this.#forget(this.#present);
    if (this.#fault === fault) return;
    this.#fault = fault;
    this.#handlers?.onFault(fault);
  }

  #card(present: Present): Card {
    return { transmit: (apdu, withinMs = WORK_MS) => this.#transmit(present, apdu, withinMs) };
  }

  #transmit(present: Present, apdu: Uint8Array, withinMs: number): Promise<Result<Uint8Array, CardFault>> {
    assert(apdu.length >= 4 && apdu.length <= APDU_BYTES_MAX, "length of an APDU");
    return this.#exclusive(async () => {
      if (present.gone) return err("removed");
      if (present.target.several) return err("several");
      // It told us at its activation that it does not speak ISO/IEC 14443-4.
      if (!present.target.exchanges) return err("garbled");
      const answer = await this.#link.execute(inDataExchange(present.target.number, apdu, withinMs));
      if (present.gone) return err("removed");
      if (answer.ok && answer.value.error === 0 && !answer.value.more) {
        const { data } = answer.value;
        return data.length < RESPONSE_BYTES_MIN || data.length > RESPONSE_BYTES_MAX ? err("garbled") : ok(data);
      }
      const works = await this.#check(present);
      if (!works) this.#fail("no-answer");
      if (!works || present.gone) return err("removed");
      const silent = answer.ok ? answer.value.error === STATUS_TIMEOUT : answer.error === "no-answer";
      return err(silent ? "silent" : "garbled");
    });
  }

  /** Runs `work` after everything that was asked before it. */
  #exclusive<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#busy.then(work);
    this.#busy = result.catch(() => undefined);
    return result;
  }
}
