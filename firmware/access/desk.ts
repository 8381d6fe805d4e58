// The desk's side of an activation card (the identity role, or the bench in its place): grant a right, look at a card,
// take it back. The ballot role does not import this.

import { concat, writeU16 } from "../bytes.js";
import type { StyleId } from "../election/types.js";
import { type Result, err, ok } from "../result.js";
import { type ChannelDeps, type ChannelFault, inChannel } from "./channel.js";
import {
  type CardState,
  INS_GET_STATE,
  INS_GRANT,
  INS_RESET,
  SW_CONDITIONS,
  SW_OK,
  decodeCardState,
} from "./protocol.js";
import type { Card } from "./reader.js";

export type DeskFault =
  | ChannelFault
  /** Granted otherwise, locked or spent already. */
  | { readonly kind: "not-empty" }
  /** A terminal holds it: only an override takes it back. */
  | { readonly kind: "locked" }
  /** GRANT went out and no answer came back: the card may hold the grant. */
  | { readonly kind: "unanswered" };

/** What the card says of itself. */
export function inspect(card: Card, deps: ChannelDeps): Promise<Result<CardState, ChannelFault>> {
  return inChannel<CardState, ChannelFault>(card, deps, async (channel) => {
    const answer = await channel.command(INS_GET_STATE, 0x01, 0x00, new Uint8Array(0));
    if (!answer.ok) return answer;
    const state = answer.value.word === SW_OK ? decodeCardState(answer.value.data) : undefined;
    return state === undefined ? err({ kind: "protocol", word: answer.value.word }) : ok(state);
  });
}

/**
 * From EMPTY only; ok also when the card holds this very grant already and is unused. electionId: 16 bytes. With every
 * fault but "unanswered" it is certain that the card took nothing.
 */
export async function grant(
  card: Card,
  deps: ChannelDeps,
  electionId: Uint8Array,
  style: StyleId,
): Promise<Result<void, DeskFault>> {
  let isOpen = false;
  const done = await inChannel<void, DeskFault>(card, deps, async (channel) => {
    const bytes = new Uint8Array(2);
    writeU16(bytes, 0, style);
    isOpen = true;
    const answer = await channel.command(INS_GRANT, 0, 0, concat(electionId, bytes));
    if (!answer.ok) return answer;
    isOpen = false;
    if (answer.value.word === SW_OK) return ok();
    return err(
      answer.value.word === SW_CONDITIONS ? { kind: "not-empty" } : { kind: "protocol", word: answer.value.word },
    );
  });
  return !done.ok && isOpen ? err({ kind: "unanswered" }) : done;
}

/** Makes the card EMPTY. Says what it held, so that the desk can count: returned unused, spent, or overridden. */
export function reset(card: Card, deps: ChannelDeps, override: boolean): Promise<Result<CardState, DeskFault>> {
  let held: CardState | undefined;
  return inChannel<CardState, DeskFault>(card, deps, async (channel) => {
    const seen = await channel.command(INS_GET_STATE, 0x01, 0x00, new Uint8Array(0));
    if (!seen.ok) return seen;
    const state = seen.value.word === SW_OK ? decodeCardState(seen.value.data) : undefined;
    if (state === undefined) return err({ kind: "protocol", word: seen.value.word });
    // After a lost answer the card is empty already; what counts is what it held before the first attempt.
    held ??= state;
    const answer = await channel.command(INS_RESET, override ? 1 : 0, 0, new Uint8Array(0));
    if (!answer.ok) return answer;
    if (answer.value.word === SW_OK) return ok(held);
    return err(
      answer.value.word === SW_CONDITIONS ? { kind: "locked" } : { kind: "protocol", word: answer.value.word },
    );
  });
}
