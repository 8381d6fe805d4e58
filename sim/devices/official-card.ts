// A virtual official's card: the card's side of firmware/access/official.ts.
//
// FAULTS
// - The counter of wrong PINs is written before the PIN is compared, so power that goes in between costs a try, never gives one.
// - Power lost around a command is the reader's matter (VirtualPN532.faults.pull).
// Not modelled: a card that tears its own counter.

import { timingSafeEqual } from "node:crypto";
import { equalBytes, utf8 } from "../../firmware/bytes.js";
import { type ClosedStatement, readClosed, readRecovery } from "../../firmware/access/closed-statement.js";
import { type Assignment, readAssignment } from "../../firmware/device/assignment.js";
import { electionIdLength } from "../../firmware/election/layout.js";
import {
  CHALLENGE_BYTES,
  CLA_PROPRIETARY,
  INS_OPEN_SHARE,
  INS_PRESENT_TERMINAL,
  PIN_DIGITS_MAX,
  PIN_DIGITS_MIN,
  PIN_TRIES,
  officialMessage,
} from "../../firmware/access/official.js";
import { OFFICIAL_AID } from "../../firmware/access/protocol.js";
import type { BoxKeyPair, Crypto } from "../../firmware/crypto/crypto.js";
import { cardBoxLength, shareLength } from "../../firmware/crypto/tally-key.js";
import { shareBinding } from "../../firmware/device/loading.js";
import { type CommandApdu, parseApdu, respond, status } from "./apdu.js";
import type { VirtualCard } from "./card.js";

export interface CardShares {
  readonly crypto: Crypto;
  /** Ed25519: whose word the card takes for which terminal's key is which. */
  readonly authorityKey: Uint8Array;
  /** 16 bytes */
  readonly election: Uint8Array;
  readonly station: number;
  /** X25519: the card's own, made on it. */
  readonly box: BoxKeyPair;
}

export interface OfficialCardOptions {
  /** COSE_Sign1, opaque to the card; at most 1 KiB. */
  readonly certificate: Uint8Array;
  /** 4 to 12 digits */
  readonly pin: string;
  /** Ed25519 with the card's own key: 64 bytes. */
  readonly sign: (message: Uint8Array) => Uint8Array;
  /** What the card has to open its shares of tally keys; a card without it opens none. */
  readonly shares?: CardShares;
  /** What toJSON gave before. */
  readonly kept?: unknown;
}

export class OfficialCard implements VirtualCard {
  readonly exchanges = true;
  readonly #options: OfficialCardOptions;
  #triesLeft = PIN_TRIES;
  #selected = false;
  #verified = false;
  /** Whose statement it would believe, in this session. */
  #terminal: Assignment | undefined;

  constructor(options: OfficialCardOptions) {
    this.#options = options;
    if (options.kept !== undefined) {
      const { triesLeft } = options.kept as { readonly triesLeft?: unknown };
      if (typeof triesLeft !== "number" || !Number.isInteger(triesLeft) || triesLeft < 0 || triesLeft > PIN_TRIES)
        throw new TypeError("official's card: triesLeft");
      this.#triesLeft = triesLeft;
    }
  }

  get triesLeft(): number {
    return this.#triesLeft;
  }

  toJSON(): unknown {
    return { card: "official", triesLeft: this.#triesLeft };
  }

  powerOn(): void {
    this.#selected = false;
    this.#verified = false;
    this.#terminal = undefined;
  }

  apdu(bytes: Uint8Array): Uint8Array {
    const command = parseApdu(bytes);
    if (command === undefined) return respond(status.wrongLength);
    if (command.cla === CLA_PROPRIETARY && this.#selected) return this.#proprietary(command);
    if (command.cla !== 0x00) return respond(status.unknownClass);
    if (command.ins === 0xa4) {
      this.powerOn();
      if (command.p1 !== 0x04 || command.p2 !== 0x00) return respond(status.wrongParameters);
      this.#selected = equalBytes(command.data, OFFICIAL_AID);
      return respond(this.#selected ? status.ok : status.notFound);
    }
    if (!this.#selected) return respond(status.conditionsNotSatisfied);
    switch (command.ins) {
      case 0xb0:
        return this.#readBinary(command);
      case 0x20:
        return this.#verify(command);
      case 0x88: {
        if (command.p1 !== 0 || command.p2 !== 0) return respond(status.wrongParameters);
        if (command.data.length !== CHALLENGE_BYTES) return respond(status.wrongLength);
        if (!this.#verified) return respond(status.securityStatus);
        return respond(status.ok, this.#options.sign(officialMessage(command.data)));
      }
      default:
        return respond(status.unknownInstruction);
    }
  }

  #proprietary(command: CommandApdu): Uint8Array {
    const { shares } = this.#options;
    if (shares === undefined) return respond(status.unknownInstruction);
    if (command.p1 !== 0 || command.p2 !== 0) return respond(status.wrongParameters);
    switch (command.ins) {
      case INS_PRESENT_TERMINAL: {
        this.#terminal = undefined;
        const certificate = readAssignment(shares.crypto, command.data, shares.authorityKey);
        if (
          !certificate.ok ||
          !equalBytes(electionOf(certificate.value), shares.election) ||
          certificate.value.station !== shares.station ||
          certificate.value.role !== "ballot"
        )
          return respond(status.wrongData);
        this.#terminal = certificate.value;
        return respond(status.ok);
      }
      case INS_OPEN_SHARE: {
        const terminal = this.#terminal;
        if (!this.#verified) return respond(status.securityStatus);
        if (terminal === undefined) return respond(status.conditionsNotSatisfied);
        if (command.data.length <= cardBoxLength) return respond(status.wrongLength);
        const statement = statementOf(shares, terminal, command.data.slice(cardBoxLength));
        if (statement === undefined) return respond(status.wrongData);
        const share = openOwn(shares, terminal, command.data.slice(0, cardBoxLength));
        if (share === undefined) return respond(status.referenceNotFound);
        const sealed = shares.crypto.seal(share, statement.freshKey);
        return sealed === undefined ? respond(status.wrongData) : respond(status.ok, sealed);
      }
      default:
        return respond(status.unknownInstruction);
    }
  }

  #readBinary(command: CommandApdu): Uint8Array {
    const { certificate } = this.#options;
    const offset = (command.p1 << 8) | command.p2;
    if (command.p1 > 0x7f) return respond(status.wrongParameters);
    if (command.expected === undefined || command.data.length !== 0) return respond(status.wrongLength);
    if (offset >= certificate.length) return respond(status.wrongOffset);
    const data = certificate.slice(offset, offset + command.expected);
    return respond(data.length < command.expected ? status.endOfFile : status.ok, data);
  }

  #verify(command: CommandApdu): Uint8Array {
    if (command.p1 !== 0x00 || command.p2 !== 0x80) return respond(status.wrongParameters);
    if (this.#triesLeft === 0) return respond(status.blocked);
    if (command.data.length === 0) return respond(this.#verified ? status.ok : 0x63c0 | this.#triesLeft);
    if (command.data.length < PIN_DIGITS_MIN || command.data.length > PIN_DIGITS_MAX)
      return respond(status.wrongLength);
    this.#verified = false;
    this.#triesLeft--;
    const padded = (bytes: Uint8Array): Uint8Array => {
      const out = new Uint8Array(PIN_DIGITS_MAX);
      out.set(bytes);
      return out;
    };
    const right =
      timingSafeEqual(padded(command.data), padded(utf8(this.#options.pin))) &&
      command.data.length === this.#options.pin.length;
    if (!right) {
      return respond(this.#triesLeft === 0 ? status.blocked : 0x63c0 | this.#triesLeft);
    }
    this.#triesLeft = PIN_TRIES;
    this.#verified = true;
    return respond(status.ok);
  }
}

/** Of that terminal, by itself or, since it is dead, by the authority; undefined for any other. */
function statementOf(
  { crypto, authorityKey }: CardShares,
  terminal: Assignment,
  signed: Uint8Array,
): ClosedStatement | undefined {
  const closed = readClosed(crypto, signed, terminal.signKey);
  const statement = closed.ok ? closed : readRecovery(crypto, signed, authorityKey);
  return statement.ok &&
    equalBytes(statement.value.election, electionOf(terminal)) &&
    statement.value.terminal === terminal.number
    ? statement.value
    : undefined;
}

function electionOf({ root }: Assignment): Uint8Array {
  return root.subarray(0, electionIdLength);
}

/** The share, when it was sealed to this card for that terminal. */
function openOwn({ crypto, box }: CardShares, terminal: Assignment, sealed: Uint8Array): Uint8Array | undefined {
  const opened = crypto.sealOpen(sealed, box);
  if (opened === undefined) return undefined;
  const binding = shareBinding(crypto, electionOf(terminal), terminal.number, terminal.signKey);
  return crypto.equal(opened.subarray(shareLength), binding) ? opened.slice(0, shareLength) : undefined;
}
