// A virtual NXP PN532 on its high-speed UART (user manual UM0701-02): the commands that the terminal's driver and
// libnfc use. A command that it does not know, or with parameters that it does not know, is answered with the error
// frame and recorded in `failures`.
//
// FAULTS
// - A card pulled in mid-command: `faults.pull`, before or after the card has executed it. The reader then reports a time-out.
// - `faults.cardSilent`: the card executes and its answer is lost in the air; the card stays in the field.
// - `faults.loseAnswer`: the answer's frame does not reach the host; a NACK brings it. `loseAck` the same with the acknowledgement.
// - `faults.garble`: one bit of a frame to the host flips.
// - `silent`: hung or unplugged; whatever comes in is forgotten. `powerCycle()`: restarts asleep, with nothing selected.
// Counters count down: 1 means the next one, 0 none.
// - `placeBeside`: a second card in the field. Both are listed when two may be; otherwise the one with the lower UID is.
// Not modelled: APDUs to the second of two cards, type B and FeliCa cards, target mode.

import { concat } from "../../firmware/bytes.js";
import {
  ACK_FRAME,
  ERROR_FRAME,
  FRAME_DATA_MAX,
  FrameDecoder,
  TFI_FROM_READER,
  TFI_TO_READER,
  encodeFrame,
} from "../../drivers/card/pn532/frame.js";
import type { SimClock } from "../clock.js";
import type { VirtualCard } from "./card.js";
import type { SerialDevice } from "./serial-device.js";

const ACK_US = 500;
const COMMAND_US = 500;
/** One try of REQA that nothing answers. */
const REQA_US = 5_000;
/** Anticollision, selection, RATS. */
const ACTIVATION_US = 12_000;
/** Frame waiting time after which a card that does not answer is given up (InDataExchange). */
const CARD_TIMEOUT_US = 51_200;
/** An attention request that is not answered. */
const ATTENTION_TIMEOUT_US = 20_000;
/** One byte at 106 kbps with its parity bit and start of frame shares, and what a card needs to think. */
const CARD_BYTE_US = 100;
const CARD_WORK_US = 4_000;
const FIRMWARE = Uint8Array.of(0x32, 0x01, 0x06, 0x07);
/** SENS_RES and SEL_RES of a card with a single-size UID that speaks ISO/IEC 14443-4, or does not. */
const SENS_RES = Uint8Array.of(0x00, 0x04);
const SEL_RES_ISO = 0x20;
const SEL_RES_PLAIN = 0x08;
/** The same for every card: TL, T0 (TA, TB, TC; frames of 64 bytes), TA, TB, TC, one historical byte. */
const ATS = Uint8Array.of(0x06, 0x75, 0x77, 0x81, 0x02, 0x80);

const STATUS_OK = 0x00;
const STATUS_TIMEOUT = 0x01;
const STATUS_NOT_ACCEPTABLE = 0x27;

interface Answer {
  readonly afterUs: number;
  readonly data: Uint8Array;
}

export class VirtualPN532 implements SerialDevice {
  readonly baud = 115200;
  send: (bytes: Uint8Array) => void = () => {};
  readonly failures: string[] = [];
  readonly faults = {
    pull: undefined as { apdus: number; when: "before" | "after" } | undefined,
    cardSilent: 0,
    loseAnswer: 0,
    loseAck: 0,
    garble: 0,
  };
  /** Every APDU that reached a card, for the bench. */
  onApdu: ((command: Uint8Array, response: Uint8Array) => void) | undefined;
  readonly #clock: SimClock;
  readonly #random: (out: Uint8Array) => void;
  readonly #decoder = new FrameDecoder((frame) => {
    if (frame.kind === "data") this.#command(frame.data);
    else if (frame.kind === "ack") this.#abort();
    else if (frame.kind === "nack") this.#repeat();
  });
  #silent = false;
  #awake = false;
  #card: VirtualCard | undefined;
  #beside: VirtualCard | undefined;
  /** The card was activated, has had power since and was not released. */
  #selected = false;
  /** The card was released: it answers no REQA until the field was off (ISO/IEC 14443-3, state HALT). */
  #halted = false;
  /** Drawn whenever the field reaches the card. */
  #uid = new Uint8Array(4);
  #field = true;
  #retries = 0xff;
  readonly #registers = new Map<number, number>();
  #last: Uint8Array | undefined;
  #cancel: (() => void)[] = [];
  /** A listing that waits for a card for ever. */
  #waiting: (() => void) | undefined;

  constructor(options: { readonly clock: SimClock; readonly random: (out: Uint8Array) => void }) {
    this.#clock = options.clock;
    this.#random = options.random;
  }

  get card(): VirtualCard | undefined {
    return this.#card;
  }

  get silent(): boolean {
    return this.#silent;
  }

  set silent(silent: boolean) {
    this.#silent = silent;
    if (silent) this.powerCycle();
  }

  /** Puts a card on the reader; one that lies there is lifted first. */
  place(card: VirtualCard): void {
    this.#beside = undefined;
    this.#lift();
    this.#card = card;
    if (this.#field) this.#reach(card);
    this.#waiting?.();
  }

  /** A second card beside the first one, until a card is lifted: then the second one lies there alone. */
  placeBeside(card: VirtualCard): void {
    if (this.#card === undefined) return this.place(card);
    this.#beside = card;
    if (this.#field) card.powerOn();
    this.#waiting?.();
  }

  /** The first card; the one beside it lies there alone then, with a field that it has had all along. */
  lift(): VirtualCard | undefined {
    const card = this.#lift();
    const beside = this.#beside;
    this.#beside = undefined;
    if (beside !== undefined) {
      this.#card = beside;
      if (this.#field) this.#reach(beside);
    }
    return card;
  }

  #lift(): VirtualCard | undefined {
    const card = this.#card;
    this.#card = undefined;
    this.#selected = false;
    this.#halted = false;
    return card;
  }

  #reach(card: VirtualCard): void {
    // ISO/IEC 14443-3: 08 marks a UID that is drawn anew at each power-up.
    this.#random(this.#uid);
    this.#uid[0] = 0x08;
    this.#selected = false;
    this.#halted = false;
    card.powerOn();
  }

  powerCycle(): void {
    this.#abort();
    this.#awake = false;
    if (this.#card !== undefined) this.#reach(this.#card);
    this.#field = true;
    this.#retries = 0xff;
    this.#last = undefined;
    this.#registers.clear();
    this.#decoder.reset();
  }

  receive(bytes: Uint8Array): void {
    if (this.#silent) return;
    if (!this.#awake) {
      // Section 6.3.2.3: asleep until it hears the wake-up pattern.
      if (!bytes.includes(0x55)) return;
      this.#awake = true;
    }
    this.#decoder.push(bytes);
  }

  #command(data: Uint8Array): void {
    this.#abort();
    this.#last = undefined;
    if (this.faults.loseAck > 0 && --this.faults.loseAck === 0) {
      // The command is executed all the same; the host cannot know.
    } else {
      this.#later(ACK_US, () => this.#put(ACK_FRAME));
    }
    if (data[0] !== TFI_TO_READER || data.length < 2) {
      this.failures.push(`TFI ${data[0]}`);
      this.#later(ACK_US + COMMAND_US, () => this.#put(ERROR_FRAME));
      return;
    }
    const code = data[1]!;
    // The card answers while the host may already be asking again: what it has executed stays executed.
    this.#later(ACK_US, () => {
      const answer = this.#execute(code, data.subarray(2));
      if (answer === "waits") return;
      this.#later(answer?.afterUs ?? COMMAND_US, () => this.#finish(code, answer));
    });
  }

  #finish(code: number, answer: Answer | undefined): void {
    this.#last =
      answer === undefined ? ERROR_FRAME : encodeFrame(concat(Uint8Array.of(TFI_FROM_READER, code + 1), answer.data));
    if (this.faults.loseAnswer > 0 && --this.faults.loseAnswer === 0) return;
    this.#put(this.#last);
  }

  #repeat(): void {
    if (this.#last !== undefined) {
      const last = this.#last;
      this.#later(COMMAND_US, () => this.#put(last));
    }
  }

  #abort(): void {
    for (const cancel of this.#cancel) cancel();
    this.#cancel = [];
    this.#waiting = undefined;
  }

  #later(afterUs: number, callback: () => void): void {
    this.#cancel.push(this.#clock.after(afterUs, callback));
  }

  #put(frame: Uint8Array): void {
    if (this.faults.garble > 0 && --this.faults.garble === 0) {
      const at = new Uint8Array(2);
      this.#random(at);
      frame = frame.slice();
      // Not in the preamble or postamble, where nobody would notice.
      frame[1 + (at[0]! % (frame.length - 2))]! ^= 1 << (at[1]! & 7);
    }
    this.send(frame);
  }

  #refuse(code: number, parameters: Uint8Array): undefined {
    this.failures.push(`command ${code.toString(16)} ${Buffer.from(parameters).toString("hex")}`);
    return undefined;
  }

  /** The answer's data after its command code; undefined for the error frame. */
  #execute(code: number, parameters: Uint8Array): Answer | "waits" | undefined {
    const plain = (...data: number[]): Answer => ({ afterUs: COMMAND_US, data: Uint8Array.from(data) });
    switch (code) {
      case 0x00:
        return this.#diagnose(parameters);
      case 0x02:
        return { afterUs: COMMAND_US, data: FIRMWARE };
      case 0x06: {
        if (parameters.length === 0 || parameters.length % 2 !== 0) return this.#refuse(code, parameters);
        const values: number[] = [];
        for (let i = 0; i < parameters.length; i += 2)
          values.push(this.#registers.get((parameters[i]! << 8) | parameters[i + 1]!) ?? 0);
        return plain(...values);
      }
      case 0x08:
        if (parameters.length === 0 || parameters.length % 3 !== 0) return this.#refuse(code, parameters);
        for (let i = 0; i < parameters.length; i += 3)
          this.#registers.set((parameters[i]! << 8) | parameters[i + 1]!, parameters[i + 2]!);
        return plain();
      case 0x12:
        return parameters.length === 1 ? plain() : this.#refuse(code, parameters);
      case 0x16:
        // Sleeps once it has answered, until the line wakes it.
        if (parameters.length < 1 || parameters.length > 2) return this.#refuse(code, parameters);
        this.#later(2 * COMMAND_US, () => (this.#awake = false));
        return plain(STATUS_OK);
      case 0x14:
        return parameters.length >= 1 && parameters.length <= 3 && parameters[0] === 0x01
          ? plain()
          : this.#refuse(code, parameters);
      case 0x32:
        return this.#configure(parameters) ? plain() : this.#refuse(code, parameters);
      case 0x40:
        return this.#exchange(parameters);
      case 0x42:
        // Raw frames: no card here answers them.
        return { afterUs: ATTENTION_TIMEOUT_US, data: Uint8Array.of(STATUS_TIMEOUT) };
      case 0x44:
      case 0x52:
        if (parameters.length !== 1 || parameters[0]! > 2) return this.#refuse(code, parameters);
        if (this.#selected) this.#halted = true;
        this.#selected = false;
        return plain(STATUS_OK);
      case 0x4a:
        return this.#list(parameters);
      case 0x60:
        return this.#poll(parameters);
      default:
        return this.#refuse(code, parameters);
    }
  }

  #diagnose(parameters: Uint8Array): Answer | undefined {
    switch (parameters[0]) {
      // Communication line: everything comes back, the test's number first.
      case 0x00:
        return { afterUs: COMMAND_US, data: parameters.slice() };
      // ROM, RAM, antenna.
      case 0x01:
      case 0x02:
      case 0x07:
        return { afterUs: COMMAND_US, data: Uint8Array.of(STATUS_OK) };
      case 0x06: {
        const there = this.#field && this.#selected && this.#card?.exchanges === true;
        return {
          afterUs: there ? 2_000 : ATTENTION_TIMEOUT_US,
          data: Uint8Array.of(there ? STATUS_OK : STATUS_TIMEOUT),
        };
      }
      default:
        return this.#refuse(0x00, parameters);
    }
  }

  #configure(parameters: Uint8Array): boolean {
    switch (parameters[0]) {
      case 0x01: {
        if (parameters.length !== 2) return false;
        const field = (parameters[1]! & 1) !== 0;
        if (!field) this.#selected = false;
        else if (!this.#field && this.#card !== undefined) this.#reach(this.#card);
        this.#field = field;
        return true;
      }
      case 0x02:
        return parameters.length === 4;
      case 0x04:
        return parameters.length === 2;
      case 0x05:
        if (parameters.length !== 4) return false;
        this.#retries = parameters[3]!;
        return true;
      // Analog settings of 106 kbps A, 212/424 kbps, type B, ISO/IEC 14443-4 at higher speeds.
      case 0x0a:
        return parameters.length === 12;
      case 0x0b:
        return parameters.length === 9;
      case 0x0c:
        return parameters.length === 4;
      case 0x0d:
        return parameters.length === 10;
      default:
        return false;
    }
  }

  /** A command that needs the field switches it on. */
  #switchOn(): void {
    if (!this.#field && this.#card !== undefined) this.#reach(this.#card);
    this.#field = true;
  }

  /** A card that answers REQA. */
  get #idleCard(): VirtualCard | undefined {
    return this.#selected || this.#halted ? undefined : this.#card;
  }

  #list(parameters: Uint8Array): Answer | "waits" | undefined {
    const [targets, type] = parameters;
    if (targets === undefined || type === undefined || targets < 1 || targets > 2 || type > 4)
      return this.#refuse(0x4a, parameters);
    this.#switchOn();
    const card = type === 0 ? this.#idleCard : undefined;
    if (card !== undefined && targets === 2 && this.#beside !== undefined)
      return this.#activateBoth(card, this.#beside);
    if (card !== undefined) return this.#activate(card);
    if (this.#retries !== 0xff) return { afterUs: REQA_US * (this.#retries + 1), data: Uint8Array.of(0) };
    this.#waiting = () => {
      const card = type === 0 ? this.#idleCard : undefined;
      if (card === undefined) return;
      this.#waiting = undefined;
      const isBoth = targets === 2 && this.#beside !== undefined;
      const answer = isBoth ? this.#activateBoth(card, this.#beside!) : this.#activate(card);
      this.#later(answer.afterUs, () => this.#finish(0x4a, answer));
    };
    return "waits";
  }

  /**
   * InAutoPoll (section 7.3.13): how often, period in 150 ms, up to 15 types of which cards here are 106 kbps type A.
   */
  #poll(parameters: Uint8Array): "waits" | undefined {
    const [times, period, ...types] = parameters;
    if (
      times === undefined ||
      times === 0 ||
      period === undefined ||
      period < 1 ||
      period > 15 ||
      types.length < 1 ||
      types.length > 15
    ) {
      return this.#refuse(0x60, parameters);
    }
    this.#switchOn();
    const found = (): boolean => {
      const card = this.#idleCard;
      const type =
        card === undefined
          ? undefined
          : types.find((wanted) => wanted === 0x00 || wanted === (card.exchanges ? 0x20 : 0x10));
      if (card === undefined || type === undefined) return false;
      const { afterUs, data } = this.#activate(card);
      const target = data.subarray(1);
      this.#later(afterUs, () =>
        this.#finish(0x60, {
          afterUs,
          data: concat(Uint8Array.of(1, card.exchanges ? 0x20 : 0x10, target.length), target),
        }),
      );
      return true;
    };
    if (found()) return "waits";
    this.#waiting = () => {
      if (found()) this.#waiting = undefined;
    };
    if (times !== 0xff) {
      this.#later(times * period * 150_000 * types.length, () => {
        if (this.#waiting === undefined) return;
        this.#waiting = undefined;
        this.#finish(0x60, { afterUs: 0, data: Uint8Array.of(0) });
      });
    }
    return "waits";
  }

  #activate(card: VirtualCard): Answer {
    this.#selected = true;
    const head = concat(
      Uint8Array.of(1, 1),
      SENS_RES,
      Uint8Array.of(card.exchanges ? SEL_RES_ISO : SEL_RES_PLAIN, this.#uid.length),
      this.#uid,
    );
    return { afterUs: ACTIVATION_US, data: card.exchanges ? concat(head, ATS) : head };
  }

  /** Section 7.3.5: both targets, one behind the other. */
  #activateBoth(card: VirtualCard, beside: VirtualCard): Answer {
    const { afterUs, data } = this.#activate(card);
    const uid = new Uint8Array(4);
    this.#random(uid);
    uid[0] = 0x08;
    const selRes = beside.exchanges ? SEL_RES_ISO : SEL_RES_PLAIN;
    const second = concat(Uint8Array.of(2), SENS_RES, Uint8Array.of(selRes, uid.length), uid);
    const both = concat(Uint8Array.of(2), data.subarray(1), beside.exchanges ? concat(second, ATS) : second);
    return { afterUs: 2 * afterUs, data: both };
  }

  #exchange(parameters: Uint8Array): Answer | undefined {
    if (parameters.length < 1) return this.#refuse(0x40, parameters);
    const timeout: Answer = { afterUs: CARD_TIMEOUT_US, data: Uint8Array.of(STATUS_TIMEOUT) };
    const apdu = parameters.slice(1);
    if (this.#card === undefined && parameters[0] === 1) return timeout;
    if (!this.#selected || this.#card === undefined || parameters[0] !== 1 || !this.#card.exchanges) {
      return { afterUs: COMMAND_US, data: Uint8Array.of(STATUS_NOT_ACCEPTABLE) };
    }
    const { pull } = this.faults;
    const pulled = pull !== undefined && --pull.apdus <= 0;
    if (pulled) this.faults.pull = undefined;
    if (pulled && pull.when === "before") {
      this.lift();
      return timeout;
    }
    const response = this.#card.apdu(apdu);
    this.onApdu?.(apdu, response);
    if (pulled) {
      this.lift();
      return timeout;
    }
    if (this.faults.cardSilent > 0 && --this.faults.cardSilent === 0) return timeout;
    if (response.length + 3 > FRAME_DATA_MAX) return this.#refuse(0x40, parameters);
    return {
      afterUs: CARD_WORK_US + (apdu.length + response.length) * CARD_BYTE_US,
      data: concat(Uint8Array.of(STATUS_OK), response),
    };
  }
}
