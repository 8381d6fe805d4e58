// The terminal's side of a voter's card: read the right and prove it, lock it to this terminal, spend it. The rules are
// the card's own (protocol.ts); each act may be repeated without harm. A terminal can verify a right and make none.

import { concat, equalBytes } from "../bytes.js";
import type { Crypto } from "../crypto/crypto.js";
import { type Assignment, readAssignment } from "../device/assignment.js";
import type { StyleId } from "../election/types.js";
import { type Result, err, never, ok } from "../result.js";
import type { CardChannel, ChannelFault } from "./channel.js";
import {
  INS_GET_DESK,
  INS_GET_STATE,
  INS_LOCK,
  INS_SPEND,
  SW_CONDITIONS,
  SW_NOT_ALLOWED,
  SW_OK,
  decodeCardState,
} from "./protocol.js";
import { isOf, readRight } from "./right.js";

export interface ActivationDeps {
  readonly crypto: Crypto;
  /** 16 bytes */
  readonly election: Uint8Array;
  readonly station: number;
  /** Ed25519: has signed desks' assignments. */
  readonly authorityKey: Uint8Array;
  /** See `tokenOf`. */
  readonly markKey: Uint8Array;
}

/**
 * A card that may vote here. locked: it was locked to this terminal before, by a session that was parked, voided or cut
 * off.
 */
export interface Activation {
  readonly kind: "granted" | "locked";
  readonly style: StyleId;
  /** 16 bytes: says which right it is, to this station's terminals alone. */
  readonly token: Uint8Array;
}

export type ActivationFault =
  | ChannelFault
  /** No voter's card. */
  | { readonly kind: "other-kind" }
  /** Nothing was granted. */
  | { readonly kind: "empty" }
  | { readonly kind: "spent" }
  | { readonly kind: "other-election" }
  | { readonly kind: "other-terminal" }
  /** What it holds is no right by a desk of this station, or not for this use of this card. */
  | { readonly kind: "no-right" };

export class Activations {
  readonly #deps: ActivationDeps;
  /** The last desk whose assignment was verified: a station has few. */
  #desk: { readonly signed: Uint8Array; readonly assignment: Assignment } | undefined;

  constructor(deps: ActivationDeps) {
    this.#deps = deps;
  }

  /** Changes nothing on the card. */
  async read(channel: CardChannel): Promise<Result<Activation, ActivationFault>> {
    const { certificate } = channel;
    if (certificate.kind !== "voter") return err({ kind: "other-kind" });
    const answer = await channel.command(INS_GET_STATE);
    if (!answer.ok) return answer;
    const state = answer.value.word === SW_OK ? decodeCardState(answer.value.data) : undefined;
    if (state === undefined) return err({ kind: "status", word: answer.value.word });
    switch (state.kind) {
      case "empty":
      case "spent":
        return err({ kind: state.kind });
      case "locked-elsewhere":
        return err({ kind: "other-terminal" });
      case "granted":
      case "locked":
        return this.#prove(channel, state.kind, state);
      default:
        return never(state, "card state");
    }
  }

  /** The desk is one of this station, the right is its word, and it is for this use of this very card. */
  async #prove(
    channel: CardChannel,
    kind: Activation["kind"],
    state: { readonly use: number; readonly right: Uint8Array },
  ): Promise<Result<Activation, ActivationFault>> {
    const { crypto, election, station } = this.#deps;
    const shown = await channel.command(INS_GET_DESK);
    if (!shown.ok) return shown;
    if (shown.value.word !== SW_OK) return err({ kind: "status", word: shown.value.word });
    const desk = this.#deskOf(shown.value.data);
    if (desk === undefined) return err({ kind: "no-right" });
    const right = readRight(crypto, state.right, desk.signKey);
    if (!right.ok) return err({ kind: "no-right" });
    if (!isOf(right.value, { election, station })) return err({ kind: "other-election" });
    const isItsDesk = desk.role === "identity" && desk.station === station && equalBytes(desk.election, election);
    const isThisUse = right.value.use === state.use && equalBytes(right.value.cardKey, channel.certificate.key);
    if (!isItsDesk || !isThisUse) return err({ kind: "no-right" });
    const { style, cardKey, use } = right.value;
    return ok({ kind, style, token: tokenOf(crypto, this.#deps.markKey, { cardKey, use }) });
  }

  #deskOf(signed: Uint8Array): Assignment | undefined {
    if (this.#desk !== undefined && equalBytes(this.#desk.signed, signed)) return this.#desk.assignment;
    const read = readAssignment(this.#deps.crypto, signed, this.#deps.authorityKey);
    if (!read.ok) return undefined;
    this.#desk = { signed, assignment: read.value };
    return read.value;
  }
}

/** Locks the card to this terminal; a card that is locked to it already answers alike. */
export function lock(channel: CardChannel): Promise<Result<void, ActivationFault>> {
  return act(channel, INS_LOCK);
}

/** Spends the right. Ok also when this terminal has spent it before. */
export function spend(channel: CardChannel): Promise<Result<void, ActivationFault>> {
  return act(channel, INS_SPEND);
}

async function act(channel: CardChannel, ins: number): Promise<Result<void, ActivationFault>> {
  const answer = await channel.command(ins);
  if (!answer.ok) return answer;
  switch (answer.value.word) {
    case SW_OK:
      return ok();
    case SW_NOT_ALLOWED:
      return err({ kind: "other-terminal" });
    case SW_CONDITIONS:
      return err({ kind: "spent" });
    default:
      return err({ kind: "status", word: answer.value.word });
  }
}

/**
 * What a right is known by: a pseudo-random function under a key that only this station's terminals have, of this
 * election's (device/keys.ts), over the card's key and its use.
 */
export function tokenOf(
  crypto: Crypto,
  markKey: Uint8Array,
  { cardKey, use }: { readonly cardKey: Uint8Array; readonly use: number },
): Uint8Array {
  return crypto.mac(concat(cardKey, Uint8Array.of(use >>> 24, use >>> 16, use >>> 8, use)), markKey);
}
