// A virtual activation card: the card's side of firmware/access/protocol.ts.
//
// FAULTS
// - A card that loses power before, or after, it has executed a command is the reader's matter (VirtualPN532.faults.pull). Here every
//   change of state is one assignment, as a real card makes it atomic by writing the new state aside and then switching to it.
// - What is kept without power: the key and the state, token included. What is not: selection, nonce, session, counter.
// Not modelled: wear of the card's memory, a card that tears its own state.

import { createHash } from "node:crypto";
import { concat, equalBytes, fromHex, readU16, readU32, toHex } from "../../firmware/bytes.js";
import {
  ACTIVATION_AID,
  CLA_SECURED,
  ELECTION_BYTES,
  INS_GET_CHALLENGE,
  INS_GET_STATE,
  INS_GRANT,
  INS_LOCK,
  INS_MUTUAL_AUTHENTICATE,
  INS_RESET,
  INS_SPEND,
  MAC_BYTES,
  NONCE_BYTES,
  PROOF_BYTES,
  TOKEN_BYTES,
  commandMac,
  derive,
  encodeCardState,
  equalMac,
  responseMac,
} from "../../firmware/access/protocol.js";
import { type CommandApdu, parseApdu, respond, status } from "./apdu.js";
import type { VirtualCard } from "./card.js";

type Kept =
  | { readonly kind: "empty" }
  | { readonly kind: "granted"; readonly election: Uint8Array; readonly style: number }
  | {
      readonly kind: "locked" | "spent";
      readonly election: Uint8Array;
      readonly style: number;
      readonly terminal: number;
      readonly token: Uint8Array;
    };

const sha256 = (message: Uint8Array): Uint8Array => new Uint8Array(createHash("sha256").update(message).digest());

interface Executed {
  readonly word: number;
  readonly data?: Uint8Array;
}

export interface ActivationCardOptions {
  readonly cardKey: Uint8Array;
  /** The card's own random number generator. */
  readonly random: (out: Uint8Array) => void;
  /** What toJSON gave before. */
  readonly kept?: unknown;
}

export class ActivationCard implements VirtualCard {
  readonly exchanges = true;
  readonly #cardKey: Uint8Array;
  readonly #random: (out: Uint8Array) => void;
  #kept: Kept = { kind: "empty" };
  #selected = false;
  #nonce: Uint8Array | undefined;
  #session: { readonly key: Uint8Array; counter: number } | undefined;

  constructor(options: ActivationCardOptions) {
    this.#cardKey = options.cardKey;
    this.#random = options.random;
    if (options.kept !== undefined) this.#kept = fromKept(options.kept);
  }

  /** What an omniscient observer sees, for tests and the bench. */
  get kept(): Kept {
    return this.#kept;
  }

  toJSON(): unknown {
    const kept = this.#kept;
    if (kept.kind === "empty") return { card: "activation", state: "empty" };
    const granted = { card: "activation", state: kept.kind, election: toHex(kept.election), style: kept.style };
    return kept.kind === "granted" ? granted : { ...granted, terminal: kept.terminal, token: toHex(kept.token) };
  }

  powerOn(): void {
    this.#selected = false;
    this.#nonce = undefined;
    this.#session = undefined;
  }

  apdu(bytes: Uint8Array): Uint8Array {
    const command = parseApdu(bytes);
    if (command === undefined) return respond(status.wrongLength);
    if (command.cla === CLA_SECURED) return this.#secured(command);
    if (command.cla !== 0x00) return respond(status.unknownClass);
    switch (command.ins) {
      case 0xa4: {
        this.powerOn();
        if (command.p1 !== 0x04 || command.p2 !== 0x00) return respond(status.wrongParameters);
        this.#selected = equalBytes(command.data, ACTIVATION_AID);
        return respond(this.#selected ? status.ok : status.notFound);
      }
      case INS_GET_CHALLENGE:
        if (!this.#selected) return respond(status.conditionsNotSatisfied);
        if (command.expected !== NONCE_BYTES || command.data.length !== 0) return respond(status.wrongLength);
        this.#nonce = this.#draw(NONCE_BYTES);
        return respond(status.ok, this.#nonce);
      case INS_MUTUAL_AUTHENTICATE:
        return this.#authenticate(command.data);
      default:
        return respond(status.unknownInstruction);
    }
  }

  #draw(length: number): Uint8Array {
    const out = new Uint8Array(length);
    this.#random(out);
    return out;
  }

  #authenticate(data: Uint8Array): Uint8Array {
    const nonce = this.#nonce;
    this.#nonce = undefined;
    this.#session = undefined;
    if (nonce === undefined) return respond(status.conditionsNotSatisfied);
    if (data.length !== NONCE_BYTES + PROOF_BYTES) return respond(status.wrongLength);
    const terminalNonce = data.slice(0, NONCE_BYTES);
    if (!equalMac(data.slice(NONCE_BYTES), derive(sha256, this.#cardKey, "terminal", nonce, terminalNonce)))
      return respond(status.verificationFailed);
    this.#session = { key: derive(sha256, this.#cardKey, "session", nonce, terminalNonce), counter: 0 };
    return respond(status.ok, derive(sha256, this.#cardKey, "card", nonce, terminalNonce));
  }

  #secured(command: CommandApdu): Uint8Array {
    const session = this.#session;
    if (session === undefined) return respond(status.securityStatus);
    const counter = ++session.counter;
    const end = command.data.length - MAC_BYTES;
    const data = command.data.slice(0, Math.max(0, end));
    const header = Uint8Array.of(command.cla, command.ins, command.p1, command.p2);
    if (end < 0 || !equalMac(command.data.slice(end), commandMac(sha256, session.key, counter, header, data))) {
      this.#session = undefined;
      return respond(status.wrongMac);
    }
    const { word, data: body = new Uint8Array(0) } = this.#execute(command, data);
    return respond(word, concat(body, responseMac(sha256, session.key, counter, body, word)));
  }

  #execute(command: CommandApdu, data: Uint8Array): Executed {
    const parameters = (command.p1 << 8) | command.p2;
    switch (command.ins) {
      case INS_GET_STATE:
        if (parameters !== 0x0100) return { word: status.wrongParameters };
        if (data.length !== 0) return { word: status.wrongLength };
        return { word: status.ok, data: encodeCardState(this.#kept) };
      case INS_GRANT:
        if (parameters !== 0) return { word: status.wrongParameters };
        return data.length === ELECTION_BYTES + 2
          ? this.#grant(data.slice(0, ELECTION_BYTES), readU16(data, ELECTION_BYTES))
          : { word: status.wrongLength };
      case INS_LOCK:
        if (parameters !== 0) return { word: status.wrongParameters };
        return data.length === ELECTION_BYTES + 4
          ? this.#lock(data.slice(0, ELECTION_BYTES), readU32(data, ELECTION_BYTES))
          : { word: status.wrongLength };
      case INS_SPEND:
        if (parameters !== 0) return { word: status.wrongParameters };
        return data.length === 4 + TOKEN_BYTES
          ? this.#spend(readU32(data, 0), data.slice(4))
          : { word: status.wrongLength };
      case INS_RESET:
        if (parameters !== 0x0000 && parameters !== 0x0100) return { word: status.wrongParameters };
        if (data.length !== 0) return { word: status.wrongLength };
        if (this.#kept.kind === "locked" && command.p1 === 0) return { word: status.conditionsNotSatisfied };
        this.#kept = { kind: "empty" };
        return { word: status.ok };
      default:
        return { word: status.unknownInstruction };
    }
  }

  #grant(election: Uint8Array, style: number): Executed {
    const kept = this.#kept;
    if (kept.kind === "granted" && kept.style === style && equalBytes(kept.election, election))
      return { word: status.ok };
    if (kept.kind !== "empty") return { word: status.conditionsNotSatisfied };
    this.#kept = { kind: "granted", election, style };
    return { word: status.ok };
  }

  #lock(election: Uint8Array, terminal: number): Executed {
    const kept = this.#kept;
    if (kept.kind === "empty" || kept.kind === "spent") return { word: status.conditionsNotSatisfied };
    if (!equalBytes(kept.election, election)) return { word: status.wrongData };
    if (kept.kind === "locked") {
      return kept.terminal === terminal ? { word: status.ok, data: kept.token } : { word: status.notAllowed };
    }
    const token = this.#draw(TOKEN_BYTES);
    this.#kept = { kind: "locked", election: kept.election, style: kept.style, terminal, token };
    return { word: status.ok, data: token };
  }

  #spend(terminal: number, token: Uint8Array): Executed {
    const kept = this.#kept;
    if (kept.kind !== "locked" && kept.kind !== "spent") return { word: status.conditionsNotSatisfied };
    if (kept.terminal !== terminal || !equalMac(kept.token, token)) return { word: status.notAllowed };
    if (kept.kind === "locked") this.#kept = { ...kept, kind: "spent" };
    return { word: status.ok };
  }
}

function fromKept(json: unknown): Kept {
  const { state, election: electionHex, style, terminal, token: tokenHex } = json as Record<string, unknown>;
  if (state === "empty") return { kind: "empty" };
  const election = fromHex(String(electionHex));
  if (election === undefined || typeof style !== "number") throw new TypeError("activation card: election, style");
  if (state === "granted") return { kind: "granted", election, style };
  const token = fromHex(String(tokenHex));
  if ((state !== "locked" && state !== "spent") || token === undefined || typeof terminal !== "number")
    throw new TypeError("activation card: state");
  return { kind: state, election, style, terminal, token };
}
