// What every virtual card of ours does alike: the card's side of the handshake and the channel of
// firmware/access/protocol.ts.
//
// FAULTS
// - A card that loses power before, or after, it has executed a command is the reader's matter (VirtualPN532.faults.pull). Here every
//   change of state is one assignment, as a real card makes it atomic by writing the new state aside and then switching to it.
// - What is kept without power: the highest epoch that the card has seen, and what its kind keeps. What is not: selection, handshake,
//   channel, the parts of a chain.
// - A command that comes twice, since its answer was lost, is answered twice and executed once.
// Not modelled: wear of the card's memory, a card that tears its own state.

import { concat, equalBytes } from "../../firmware/bytes.js";
import type { ChannelKeys } from "../../firmware/access/noise.js";
import {
  CARD_AID,
  CHAINED_MAX,
  CLA_CHANNEL,
  CLA_MORE,
  INS_ANSWER,
  INS_COMMAND,
  SHOWN_BYTES,
} from "../../firmware/access/protocol.js";
import type { Crypto } from "../../firmware/crypto/crypto.js";
import { type Assignment, readAssignment } from "../../firmware/device/assignment.js";
import type { CardKeeps } from "../../office/cards/issue.js";
import { type CommandApdu, parseApdu, respond, status } from "./apdu.js";
import type { VirtualCard } from "./card.js";
import { Initiator } from "./noise-initiator.js";

/** The reader that the card has verified, and what it shows. */
export interface Verified {
  readonly assignment: Assignment;
  readonly signed: Uint8Array;
}

export interface Executed {
  readonly word: number;
  readonly data?: Uint8Array;
}

export interface SecureCardOptions {
  /** The card's own generator is in it. */
  readonly crypto: Crypto;
  readonly keeps: CardKeeps;
  /** What toJSON gave before. */
  readonly kept?: unknown;
}

export abstract class SecureCard implements VirtualCard {
  readonly exchanges = true;
  protected readonly crypto: Crypto;
  protected readonly keeps: CardKeeps;
  /** Of the readers that it has accepted, the highest. */
  #epoch: number;
  #handshake: Initiator | undefined;
  #channel: ChannelKeys | undefined;
  #reader: Verified | undefined;
  #chain = { ins: 0, data: new Uint8Array(0) };
  /** The last command, and what it was answered. */
  #last: { readonly box: Uint8Array; readonly response: Uint8Array } | undefined;

  protected constructor({ crypto, keeps, kept }: SecureCardOptions) {
    this.crypto = crypto;
    this.keeps = keeps;
    this.#epoch = keeps.epoch;
    if (kept === undefined) return;
    const { epoch } = kept as { readonly epoch?: unknown };
    if (typeof epoch !== "number") throw new TypeError("card: epoch");
    this.#epoch = epoch;
  }

  /** What the issuer has made it of. */
  get made(): CardKeeps {
    return this.keeps;
  }

  /** Whether it goes on with this reader. */
  protected abstract accepts(assignment: Assignment): boolean;
  /** One command in the channel. */
  protected abstract execute(ins: number, data: Uint8Array, reader: Verified): Executed;
  /** Without power. */
  protected abstract forget(): void;
  abstract toJSON(): unknown;

  protected get epoch(): number {
    return this.#epoch;
  }

  powerOn(): void {
    this.#handshake = undefined;
    this.#end();
  }

  apdu(bytes: Uint8Array): Uint8Array {
    const command = parseApdu(bytes);
    if (command === undefined) return respond(status.wrongLength);
    if (command.cla === 0x00 && command.ins === 0xa4) return this.#select(command);
    if (command.cla !== CLA_CHANNEL && command.cla !== CLA_MORE) return respond(status.unknownClass);
    if (command.ins !== INS_ANSWER && command.ins !== INS_COMMAND) return respond(status.unknownInstruction);
    if (command.p1 !== 0 || command.p2 !== 0) return respond(status.wrongParameters);
    const data = this.#whole(command);
    if (data === undefined) return respond(command.cla === CLA_MORE ? status.ok : status.wrongLength);
    return command.ins === INS_ANSWER ? this.#answer(data) : this.#command(data);
  }

  #select(command: CommandApdu): Uint8Array {
    this.powerOn();
    if (command.p1 !== 0x04 || command.p2 !== 0x00) return respond(status.wrongParameters);
    if (!equalBytes(command.data, CARD_AID)) return respond(status.notFound);
    const { crypto, keeps } = this;
    const seed = crypto.random(32);
    this.#handshake = new Initiator({ crypto, prologue: CARD_AID, own: keeps.key, ephemeral: crypto.boxKeyPair(seed) });
    return respond(status.ok, this.#handshake.begin());
  }

  /** The data of a chain once its last part is there; undefined before, and when it is too long. */
  #whole({ cla, ins, data }: CommandApdu): Uint8Array | undefined {
    const before = this.#chain.ins === ins ? this.#chain.data : new Uint8Array(0);
    this.#chain = { ins: 0, data: new Uint8Array(0) };
    const all = new Uint8Array(concat(before, data));
    if (all.length > CHAINED_MAX) return undefined;
    if (cla !== CLA_MORE) return all;
    this.#chain = { ins, data: all };
    return undefined;
  }

  /** Whatever is wrong with a reader, it learns nothing but that. */
  #answer(message2: Uint8Array): Uint8Array {
    const handshake = this.#handshake;
    this.#handshake = undefined;
    this.#end();
    const taken = handshake?.take(message2);
    if (handshake === undefined || taken === undefined) return respond(status.securityStatus);
    const read = readAssignment(this.crypto, taken.payload, this.keeps.authorityKey);
    if (!read.ok || !equalBytes(read.value.boxKey, taken.key)) return respond(status.securityStatus);
    if (read.value.epoch < this.#epoch || !this.accepts(read.value)) return respond(status.securityStatus);
    const { certificate } = this.keeps;
    const shown = new Uint8Array(SHOWN_BYTES);
    shown[0] = certificate.length;
    shown.set(certificate, 1);
    const finished = handshake.finish(shown);
    if (finished === undefined) return respond(status.securityStatus);
    this.#epoch = read.value.epoch;
    this.#channel = finished.channel;
    this.#reader = { assignment: read.value, signed: taken.payload };
    return respond(status.ok, finished.message);
  }

  #command(box: Uint8Array): Uint8Array {
    if (this.#last !== undefined && equalBytes(this.#last.box, box)) return this.#last.response;
    const channel = this.#channel;
    const plain = channel?.receive.decrypt(box);
    if (channel === undefined || this.#reader === undefined || plain === undefined || plain.length === 0) {
      this.#end();
      return respond(status.wrongMac);
    }
    const { word, data = new Uint8Array(0) } = this.execute(plain[0]!, plain.slice(1), this.#reader);
    const response = respond(status.ok, channel.send.encrypt(respond(word, data)));
    this.#last = { box, response };
    return response;
  }

  #end(): void {
    this.#channel = undefined;
    this.#reader = undefined;
    this.#last = undefined;
    this.#chain = { ins: 0, data: new Uint8Array(0) };
    this.forget();
  }
}
