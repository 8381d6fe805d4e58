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
// - A card that is lifted is not missed by the reader until it is spoken to; another one put in its place is not
//   listed.
// - `placeBeside`: a second card in the field. Both are listed when two may be; otherwise the one with the lower UID is.
// - A card that asks for more time (`VirtualCard.thinkUs`) keeps the reader waiting as long.
// Not modelled: bit rates above 106 kbps, type B and FeliCa cards, target mode, frames of the host's own to a card.

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

/** Parameters after a power-up (section 7.2.9): ATR_RES and RATS are sent by themselves. */
const PARAMETERS = 0x14;
const AUTOMATIC_RATS = 0x10;
/** Of 128 polls of a FeliCa target, which is not there (section 7.2.1, test 4). */
const POLLS_FAILED = 128;
/** The last byte of GetGeneralStatus on a module without a secure access module. */
const SAM_NONE = 0x80;

const STATUS_OK = 0x00;
const STATUS_TIMEOUT = 0x01;
const STATUS_NOT_ACCEPTABLE = 0x27;

interface Answer {
  readonly afterUs: number;
  readonly data: Uint8Array;
}

/** A card where the field may reach it; its state is the card's own (ISO/IEC 14443-3, section 6.2). */
interface Placed {
  readonly card: VirtualCard;
  /** Drawn whenever the field reaches it: 08 marks a UID that is random. */
  uid: Uint8Array;
  /** halted: released, answers no REQA until the field was off. */
  state: "idle" | "active" | "halted";
  /** It was sent RATS: it takes APDUs. */
  speaks: boolean;
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
  /** In the field, two at most. */
  #placed: Placed[] = [];
  /** What the reader has listed, by its number less one; it may be gone by now. */
  #targets: Placed[] = [];
  #parameters = PARAMETERS;
  /** Of the last exchange. */
  #error = STATUS_OK;
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

  /** The first one. */
  get card(): VirtualCard | undefined {
    return this.#placed[0]?.card;
  }

  get silent(): boolean {
    return this.#silent;
  }

  set silent(silent: boolean) {
    this.#silent = silent;
    if (silent) this.powerCycle();
  }

  /** Puts a card on the reader; what lies there is lifted first. */
  place(card: VirtualCard): void {
    this.#placed = [];
    this.placeBeside(card);
  }

  /** A second card beside the first one, until a card is lifted: then the second one lies there alone. */
  placeBeside(card: VirtualCard): void {
    const placed: Placed = { card, uid: new Uint8Array(4), state: "idle", speaks: false };
    this.#placed = [...this.#placed.slice(0, 1), placed];
    if (this.#field) this.#reach(placed);
    this.#waiting?.();
  }

  /** The first card; the one beside it stays as it is. */
  lift(): VirtualCard | undefined {
    return this.#placed.shift()?.card;
  }

  #reach(placed: Placed): void {
    placed.uid = new Uint8Array(4);
    this.#random(placed.uid);
    placed.uid[0] = 0x08;
    placed.state = "idle";
    placed.speaks = false;
    placed.card.powerOn();
  }

  #reachAll(): void {
    for (const placed of this.#placed) this.#reach(placed);
    this.#targets = [];
  }

  powerCycle(): void {
    this.#abort();
    this.#awake = false;
    this.#reachAll();
    this.#field = true;
    this.#retries = 0xff;
    this.#parameters = PARAMETERS;
    this.#error = STATUS_OK;
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
      case 0x04: {
        // Section 7.2.3: last error, no foreign field, and of each target its number, 106 kbps both ways, type A.
        if (parameters.length !== 0) return this.#refuse(code, parameters);
        const targets = this.#targets.flatMap((_, index) => [index + 1, 0, 0, 0]);
        return plain(this.#error, 0, this.#targets.length, ...targets, SAM_NONE);
      }
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
        if (parameters.length !== 1) return this.#refuse(code, parameters);
        this.#parameters = parameters[0]!;
        return plain();
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
        return plain(this.#release(parameters[0]!, code === 0x52));
      case 0x4a:
        return this.#list(parameters);
      case 0x60:
        return this.#poll(parameters);
      default:
        return this.#refuse(code, parameters);
    }
  }

  /** Sections 7.3.10 and 7.3.11: of a target, or of all of them. Halted cards wait for the field to go off. */
  #release(number: number, isForgotten: boolean): number {
    const targets = number === 0 ? this.#targets : this.#targets.slice(number - 1, number);
    if (number !== 0 && targets.length === 0) return STATUS_NOT_ACCEPTABLE;
    for (const target of targets) if (target.state === "active") target.state = "halted";
    if (isForgotten) this.#targets = this.#targets.filter((target) => !targets.includes(target));
    return STATUS_OK;
  }

  /** Section 7.2.1. */
  #diagnose(parameters: Uint8Array): Answer | "waits" | undefined {
    const plain = (status: number): Answer => ({ afterUs: COMMAND_US, data: Uint8Array.of(status) });
    const [test] = parameters;
    const isLong = (length: number): boolean => parameters.length === length;
    // Communication line: everything comes back, the test's number first.
    if (test === 0x00) return { afterUs: COMMAND_US, data: parameters.slice() };
    // ROM, RAM.
    if ((test === 0x01 || test === 0x02) && isLong(1)) return plain(STATUS_OK);
    if (test === 0x04 && isLong(2) && (parameters[1] === 1 || parameters[1] === 2)) return plain(POLLS_FAILED);
    // Echo back: until the next command, without an answer.
    if (test === 0x05 && isLong(4)) return "waits";
    if (test === 0x06 && isLong(1)) {
      const there = this.#field && this.#reached(this.#targets[0])?.speaks === true;
      return {
        afterUs: there ? 2_000 : ATTENTION_TIMEOUT_US,
        data: Uint8Array.of(there ? STATUS_OK : STATUS_TIMEOUT),
      };
    }
    // Antenna, against a threshold.
    if (test === 0x07 && isLong(2)) return plain(STATUS_OK);
    return this.#refuse(0x00, parameters);
  }

  /** A target that is there and has been active since it was listed. */
  #reached(target: Placed | undefined): Placed | undefined {
    return target !== undefined && target.state === "active" && this.#placed.includes(target) ? target : undefined;
  }

  #configure(parameters: Uint8Array): boolean {
    switch (parameters[0]) {
      case 0x01: {
        if (parameters.length !== 2) return false;
        const field = (parameters[1]! & 1) !== 0;
        if (field && !this.#field) this.#reachAll();
        if (!field) this.#targets = [];
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
    if (!this.#field) this.#reachAll();
    this.#field = true;
  }

  /** Cards that answer REQA, as anticollision finds them: the lowest UID first. */
  get #idle(): readonly Placed[] {
    return this.#placed
      .filter(({ state }) => state === "idle")
      .sort((one, other) => Buffer.compare(one.uid, other.uid));
  }

  /** Section 7.3.5: at most so many, of a type; after the type the UID of the one that is meant, if one is. */
  #list(parameters: Uint8Array): Answer | "waits" | undefined {
    const [most, type] = parameters;
    const uid = parameters.slice(2);
    if (
      most === undefined ||
      type === undefined ||
      most < 1 ||
      most > 2 ||
      type > 4 ||
      (type === 0 && ![0, 4, 7, 10].includes(uid.length))
    )
      return this.#refuse(0x4a, parameters);
    this.#switchOn();
    const find = (): Answer | undefined => {
      const found =
        type === 0 ? this.#idle.filter((one) => uid.length === 0 || Buffer.compare(one.uid, uid) === 0) : [];
      return found.length === 0 ? undefined : this.#activate(found.slice(0, most));
    };
    const answer = find();
    if (answer !== undefined) return answer;
    if (this.#retries !== 0xff) return { afterUs: REQA_US * (this.#retries + 1), data: Uint8Array.of(0) };
    this.#waiting = () => {
      const answer = find();
      if (answer === undefined) return;
      this.#waiting = undefined;
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
      const [placed] = this.#idle;
      const kind = placed?.card.exchanges === true ? 0x20 : 0x10;
      if (placed === undefined || !types.some((wanted) => wanted === 0x00 || wanted === kind)) return false;
      const { afterUs, data } = this.#activate([placed]);
      const target = data.subarray(1);
      this.#later(afterUs, () =>
        this.#finish(0x60, { afterUs, data: concat(Uint8Array.of(1, kind, target.length), target) }),
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

  #activate(cards: readonly Placed[]): Answer {
    this.#targets = [...cards];
    const targets = cards.map((placed, index) => {
      const { exchanges } = placed.card;
      placed.state = "active";
      placed.speaks = exchanges && (this.#parameters & AUTOMATIC_RATS) !== 0;
      const selRes = exchanges ? SEL_RES_ISO : SEL_RES_PLAIN;
      const head = concat(Uint8Array.of(index + 1), SENS_RES, Uint8Array.of(selRes, placed.uid.length), placed.uid);
      return placed.speaks ? concat(head, ATS) : head;
    });
    return { afterUs: cards.length * ACTIVATION_US, data: concat(Uint8Array.of(targets.length), ...targets) };
  }

  #exchange(parameters: Uint8Array): Answer | undefined {
    if (parameters.length < 1) return this.#refuse(0x40, parameters);
    const failed = (status: number, afterUs: number): Answer => {
      this.#error = status;
      return { afterUs, data: Uint8Array.of(status) };
    };
    const timeout = (): Answer => failed(STATUS_TIMEOUT, CARD_TIMEOUT_US);
    const apdu = parameters.slice(1);
    const target = this.#targets[parameters[0]! - 1];
    // a card that does not speak ISO/IEC 14443-4 takes commands of its own kind alone
    if (target === undefined || !target.card.exchanges) return failed(STATUS_NOT_ACCEPTABLE, COMMAND_US);
    const placed = this.#reached(target);
    if (placed === undefined || !placed.speaks) return timeout();
    const { pull } = this.faults;
    const pulled = pull !== undefined && --pull.apdus <= 0;
    if (pulled) this.faults.pull = undefined;
    if (pulled && pull.when === "before") {
      this.lift();
      return timeout();
    }
    const response = placed.card.apdu(apdu);
    this.onApdu?.(apdu, response);
    if (pulled) {
      this.lift();
      return timeout();
    }
    if (this.faults.cardSilent > 0 && --this.faults.cardSilent === 0) return timeout();
    if (response.length + 3 > FRAME_DATA_MAX) return this.#refuse(0x40, parameters);
    this.#error = STATUS_OK;
    return {
      afterUs: (placed.card.thinkUs ?? CARD_WORK_US) + (apdu.length + response.length) * CARD_BYTE_US,
      data: concat(Uint8Array.of(STATUS_OK), response),
    };
  }
}
