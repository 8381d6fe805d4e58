// The desk's side of a voter's card: grant a right, look at a card, take it back. The ballot role does not import this.

import { equalBytes } from "../bytes.js";
import type { Crypto } from "../crypto/crypto.js";
import type { StyleId } from "../election/types.js";
import { type Result, err, ok } from "../result.js";
import type { Card } from "./reader.js";
import type { CardChannel, ChannelFault, Sessions } from "./channel.js";
import {
  type CardState,
  INS_GET_STATE,
  INS_GRANT,
  INS_RESET,
  SW_CONDITIONS,
  SW_NOT_ALLOWED,
  SW_OK,
  decodeCardState,
} from "./protocol.js";
import { claimedRight, isOf, signRight } from "./right.js";

export interface DeskDeps {
  readonly crypto: Crypto;
  readonly sessions: Sessions;
  /** 16 bytes */
  readonly election: Uint8Array;
  readonly station: number;
  /** Ed25519: the desk's assignment names its public half. */
  readonly signSecretKey: Uint8Array;
}

/** What a voter's card holds. `isOurs`: of this election and station. */
export type HeldRight =
  | { readonly kind: "empty" }
  | {
      readonly kind: "granted" | "locked" | "spent";
      readonly isOurs: boolean;
      readonly style: StyleId;
    };

export type DeskFault =
  | ChannelFault
  /** No voter's card. */
  | { readonly kind: "other-kind" }
  /** Granted otherwise, locked or spent already. */
  | { readonly kind: "not-empty" }
  /** A terminal holds it: only an override takes it back. */
  | { readonly kind: "locked" }
  /** It holds a right of another station or election, whose desks alone may empty it. */
  | { readonly kind: "not-ours" }
  /** GRANT went out and no answer came back: the card may hold the grant. */
  | { readonly kind: "unanswered" };

/** What the card says of itself. */
export function inspect(card: Card, deps: DeskDeps): Promise<Result<HeldRight, DeskFault>> {
  return deps.sessions.in<HeldRight, DeskFault>(card, async (channel) => {
    const state = await stateOf(channel);
    return state.ok ? ok(heldRight(state.value, deps)) : state;
  });
}

/**
 * From EMPTY only; ok also when the card holds this very grant already and is unused. With every fault but "unanswered"
 * it is certain that the card took nothing.
 */
export async function grant(card: Card, deps: DeskDeps, style: StyleId): Promise<Result<void, DeskFault>> {
  let isOpen = false;
  const { crypto, election, station, signSecretKey } = deps;
  const done = await deps.sessions.in<void, DeskFault>(card, async (channel) => {
    const state = await stateOf(channel);
    if (!state.ok) return state;
    const { use } = state.value;
    const right = signRight(crypto, { election, station, style, cardKey: channel.certificate.key, use }, signSecretKey);
    // the answer that was lost was "yes"
    if (state.value.kind === "granted" && equalBytes(state.value.right, right)) {
      isOpen = false;
      return ok();
    }
    if (state.value.kind !== "empty") return err({ kind: "not-empty" });
    isOpen = true;
    const answer = await channel.command(INS_GRANT, right);
    if (!answer.ok) return answer;
    isOpen = false;
    const { word } = answer.value;
    if (word === SW_OK) return ok();
    return err(word === SW_CONDITIONS ? { kind: "not-empty" } : { kind: "status", word });
  });
  return !done.ok && isOpen ? err({ kind: "unanswered" }) : done;
}

/** Makes the card EMPTY. Says what it held, so that the desk can count: returned unused, spent, or overridden. */
export function reset(card: Card, deps: DeskDeps, override: boolean): Promise<Result<HeldRight, DeskFault>> {
  let held: HeldRight | undefined;
  return deps.sessions.in<HeldRight, DeskFault>(card, async (channel) => {
    const seen = await stateOf(channel);
    if (!seen.ok) return seen;
    // After a lost answer the card is empty already; what counts is what it held before the first attempt.
    held ??= heldRight(seen.value, deps);
    const answer = await channel.command(INS_RESET, Uint8Array.of(override ? 1 : 0));
    if (!answer.ok) return answer;
    switch (answer.value.word) {
      case SW_OK:
        return ok(held);
      case SW_CONDITIONS:
        return err({ kind: "locked" });
      case SW_NOT_ALLOWED:
        return err({ kind: "not-ours" });
      default:
        return err({ kind: "status", word: answer.value.word });
    }
  });
}

async function stateOf(channel: CardChannel): Promise<Result<CardState, DeskFault>> {
  if (channel.certificate.kind !== "voter") return err({ kind: "other-kind" });
  const answer = await channel.command(INS_GET_STATE);
  if (!answer.ok) return answer;
  const state = answer.value.word === SW_OK ? decodeCardState(answer.value.data) : undefined;
  return state === undefined ? err({ kind: "status", word: answer.value.word }) : ok(state);
}

function heldRight(state: CardState, deps: DeskDeps): HeldRight {
  if (state.kind === "empty") return { kind: "empty" };
  const right = claimedRight(state.right);
  const kind = state.kind === "locked-elsewhere" ? "locked" : state.kind;
  return { kind, isOurs: right !== undefined && isOf(right, deps), style: right?.style ?? (0 as StyleId) };
}
