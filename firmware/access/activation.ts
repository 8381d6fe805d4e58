// The terminal's side of an activation card: read the right, lock it to this terminal, spend it. The rules are the
// card's own (protocol.ts); each act here is a session of its own and may be repeated without harm.

import { concat, equalBytes } from "../bytes.js";
import { type Result, err, never, ok } from "../result.js";
import { type ChannelDeps, type ChannelFault, inChannel } from "./channel.js";
import {
  type CardState,
  INS_GET_STATE,
  INS_LOCK,
  INS_SPEND,
  SW_CONDITIONS,
  SW_NOT_ALLOWED,
  SW_OK,
  SW_WRONG_DATA,
  TOKEN_BYTES,
  decodeCardState,
  u32,
} from "./protocol.js";
import type { Card } from "./reader.js";
import type { StyleId, TerminalId } from "../election/types.js";

export interface ActivationDeps extends ChannelDeps {
  /** 16 bytes */
  readonly electionId: Uint8Array;
  readonly terminalId: TerminalId;
}

/**
 * A card that may vote here. locked: it was locked to this terminal before, by a session that was parked, voided or cut
 * off.
 */
export interface ActivationState {
  readonly kind: "granted" | "locked";
  readonly style: StyleId;
}

export type ActivationFault =
  | ChannelFault
  /** Nothing was granted. */
  | { readonly kind: "empty" }
  | { readonly kind: "spent" }
  | { readonly kind: "other-election" }
  | { readonly kind: "other-terminal" };

export interface Lock {
  readonly style: StyleId;
  /** 16 random bytes that the card drew when it was first locked; the same at every repetition. */
  readonly token: Uint8Array;
}

/** Changes nothing on the card. */
export function readActivation(card: Card, deps: ActivationDeps): Promise<Result<ActivationState, ActivationFault>> {
  return inChannel<ActivationState, ActivationFault>(card, deps, async (channel) => {
    const answer = await channel.command(INS_GET_STATE, 0x01, 0x00, new Uint8Array(0));
    if (!answer.ok) return answer;
    const state = answer.value.word === SW_OK ? decodeCardState(answer.value.data) : undefined;
    return state === undefined ? err({ kind: "protocol", word: answer.value.word }) : judge(state, deps);
  });
}

/** Locks the card to this terminal; a card that is locked to it already answers alike. */
export function lock(card: Card, deps: ActivationDeps): Promise<Result<Lock, ActivationFault>> {
  return inChannel<Lock, ActivationFault>(card, deps, async (channel) => {
    const seen = await channel.command(INS_GET_STATE, 0x01, 0x00, new Uint8Array(0));
    if (!seen.ok) return seen;
    const state = seen.value.word === SW_OK ? decodeCardState(seen.value.data) : undefined;
    if (state === undefined) return err({ kind: "protocol", word: seen.value.word });
    const right = judge(state, deps);
    if (!right.ok) return right;
    const answer = await channel.command(INS_LOCK, 0, 0, concat(deps.electionId, u32(deps.terminalId)));
    if (!answer.ok) return answer;
    const { word, data } = answer.value;
    if (word !== SW_OK || data.length !== TOKEN_BYTES) return err(refusal(word));
    return ok({ style: right.value.style, token: data });
  });
}

/** Spends the right. Ok also when this terminal has spent it with this token before. */
export function spend(card: Card, deps: ActivationDeps, token: Uint8Array): Promise<Result<void, ActivationFault>> {
  return inChannel<void, ActivationFault>(card, deps, async (channel) => {
    const answer = await channel.command(INS_SPEND, 0, 0, concat(u32(deps.terminalId), token));
    if (!answer.ok) return answer;
    return answer.value.word === SW_OK ? ok() : err(refusal(answer.value.word));
  });
}

function judge(state: CardState, deps: ActivationDeps): Result<ActivationState, ActivationFault> {
  if (state.kind === "empty") return err({ kind: "empty" });
  if (!equalBytes(state.election, deps.electionId)) return err({ kind: "other-election" });
  switch (state.kind) {
    case "granted":
      return ok({ kind: "granted", style: state.style as StyleId });
    case "locked":
      return state.terminal === deps.terminalId
        ? ok({ kind: "locked", style: state.style as StyleId })
        : err({ kind: "other-terminal" });
    case "spent":
      return err({ kind: "spent" });
    default:
      return never(state, "card state");
  }
}

function refusal(word: number): ActivationFault {
  switch (word) {
    case SW_NOT_ALLOWED:
      return { kind: "other-terminal" };
    case SW_WRONG_DATA:
      return { kind: "other-election" };
    case SW_CONDITIONS:
      return { kind: "spent" };
    default:
      return { kind: "protocol", word };
  }
}
