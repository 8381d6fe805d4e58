// A virtual official's card: what it does in the channel of secure-card.ts.
//
// FAULTS, besides those of every card
// - The counter of wrong PINs is written before the PIN is compared, so power that goes in between costs a try, never gives one.
// Not modelled: a card that tears its own counter.

import { timingSafeEqual } from "node:crypto";
import { equalBytes, utf8 } from "../../firmware/bytes.js";
import { type ClosedStatement, readClosed, readRecovery } from "../../firmware/access/closed-statement.js";
import {
  INS_OPEN_SHARE,
  INS_VERIFY,
  PIN_DIGITS_MAX,
  PIN_DIGITS_MIN,
  PIN_TRIES,
  encodePin,
} from "../../firmware/access/protocol.js";
import { cardBoxLength, shareLength } from "../../firmware/crypto/tally-key.js";
import type { Assignment } from "../../firmware/device/assignment.js";
import { shareBinding } from "../../firmware/device/loading.js";
import { status } from "./apdu.js";
import { type Executed, SecureCard, type SecureCardOptions, type Verified } from "./secure-card.js";

export class OfficialCard extends SecureCard {
  #triesLeft = PIN_TRIES;
  #isVerified = false;

  constructor(options: SecureCardOptions) {
    super(options);
    if (options.kept === undefined) return;
    const { triesLeft } = options.kept as { readonly triesLeft?: unknown };
    if (typeof triesLeft !== "number" || !Number.isInteger(triesLeft) || triesLeft < 0 || triesLeft > PIN_TRIES)
      throw new TypeError("official's card: triesLeft");
    this.#triesLeft = triesLeft;
  }

  get triesLeft(): number {
    return this.#triesLeft;
  }

  toJSON(): unknown {
    return { card: "official", epoch: this.epoch, triesLeft: this.#triesLeft };
  }

  protected override forget(): void {
    this.#isVerified = false;
  }

  /** Of its own election and station: a PIN is typed at no other. */
  protected override accepts({ epoch, station }: Assignment): boolean {
    return epoch === this.keeps.epoch && station === this.keeps.station;
  }

  protected override execute(ins: number, data: Uint8Array, { assignment }: Verified): Executed {
    switch (ins) {
      case INS_VERIFY:
        return { word: this.#verify(data) };
      case INS_OPEN_SHARE:
        return this.#openShare(data, assignment);
      default:
        return { word: status.unknownInstruction };
    }
  }

  #verify(data: Uint8Array): number {
    const length = data[0] ?? 0;
    if (data.length !== 1 + PIN_DIGITS_MAX || length < PIN_DIGITS_MIN || length > PIN_DIGITS_MAX)
      return status.wrongData;
    if (this.#triesLeft === 0) return status.blocked;
    this.#isVerified = false;
    this.#triesLeft--;
    if (!timingSafeEqual(data, encodePin(utf8(this.keeps.pin))))
      return this.#triesLeft === 0 ? status.blocked : 0x63c0 | this.#triesLeft;
    this.#triesLeft = PIN_TRIES;
    this.#isVerified = true;
    return status.ok;
  }

  #openShare(data: Uint8Array, terminal: Assignment): Executed {
    if (!this.#isVerified) return { word: status.securityStatus };
    if (data.length <= cardBoxLength) return { word: status.wrongLength };
    const statement = this.#statementOf(terminal, data.slice(cardBoxLength));
    if (statement === undefined) return { word: status.wrongData };
    const share = this.#openOwn(terminal, data.slice(0, cardBoxLength));
    if (share === undefined) return { word: status.referenceNotFound };
    const sealed = this.crypto.seal(share, statement.freshKey);
    return sealed === undefined ? { word: status.wrongData } : { word: status.ok, data: sealed };
  }

  /** By that terminal itself, or by the authority for it when it is dead; undefined for any other. */
  #statementOf(terminal: Assignment, signed: Uint8Array): ClosedStatement | undefined {
    if (terminal.role === "identity") return undefined;
    const { crypto, keeps } = this;
    const statement =
      terminal.role === "ballot"
        ? readClosed(crypto, signed, terminal.signKey)
        : readRecovery(crypto, signed, keeps.authorityKey);
    return statement.ok &&
      equalBytes(statement.value.election, terminal.election) &&
      statement.value.terminal === terminal.number
      ? statement.value
      : undefined;
  }

  /** The share, when it was sealed to this card for that terminal. */
  #openOwn(terminal: Assignment, sealed: Uint8Array): Uint8Array | undefined {
    const { crypto, keeps } = this;
    const opened = crypto.sealOpen(sealed, keeps.key);
    if (opened === undefined) return undefined;
    const binding = shareBinding(crypto, terminal.election, terminal.number, terminal.signKey);
    return crypto.equal(opened.subarray(shareLength), binding) ? opened.slice(0, shareLength) : undefined;
  }
}
