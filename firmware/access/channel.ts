// A session with an activation card: selected, authenticated both ways, every command and answer under a MAC.

import type { Crypto } from "../crypto/crypto.js";
import { type Result, err, ok } from "../result.js";
import {
  ACTIVATION_AID,
  CLA_SECURED,
  INS_GET_CHALLENGE,
  INS_MUTUAL_AUTHENTICATE,
  MAC_BYTES,
  NONCE_BYTES,
  PROOF_BYTES,
  type ResponseApdu,
  SW_OK,
  SW_VERIFICATION_FAILED,
  commandApdu,
  commandMac,
  derive,
  equalMac,
  responseMac,
  splitResponse,
} from "./protocol.js";
import { type Card, type CardFault, QUICK_MS } from "./reader.js";
import { concat } from "../bytes.js";

/**
 * card: what the reader says. foreign-card: no card of ours. wrong-key: ours, but of another election's or station's
 * batch. protocol: it answered what it must not, with this status word (0 when the length or the MAC was wrong).
 */
export type ChannelFault =
  | { readonly kind: "card"; readonly fault: CardFault }
  | { readonly kind: "foreign-card" }
  | { readonly kind: "wrong-key" }
  | { readonly kind: "protocol"; readonly word: number };

export interface ChannelDeps {
  readonly crypto: Crypto;
  /** The batch's key of this election. */
  readonly cardKey: Uint8Array;
}

/** How often a whole exchange is begun again when the card was silent or garbled. */
export const CHANNEL_TRIES_MAX = 3;

export class CardChannel {
  readonly #card: Card;
  readonly #crypto: Crypto;
  readonly #sessionKey: Uint8Array;
  #counter = 0;

  private constructor(card: Card, crypto: Crypto, sessionKey: Uint8Array) {
    this.#card = card;
    this.#crypto = crypto;
    this.#sessionKey = sessionKey;
  }

  static async open(card: Card, deps: ChannelDeps): Promise<Result<CardChannel, ChannelFault>> {
    const { crypto, cardKey } = deps;
    const selected = await exchange(card, commandApdu(0x00, 0xa4, 0x04, 0x00, ACTIVATION_AID, undefined), QUICK_MS);
    if (!selected.ok) return selected;
    if (selected.value.word !== SW_OK) return err({ kind: "foreign-card" });

    const ask = commandApdu(0x00, INS_GET_CHALLENGE, 0, 0, new Uint8Array(0), NONCE_BYTES);
    const challenge = await exchange(card, ask, QUICK_MS);
    if (!challenge.ok) return challenge;
    const cardNonce = challenge.value.data;
    if (challenge.value.word !== SW_OK || cardNonce.length !== NONCE_BYTES) return err({ kind: "foreign-card" });

    const sha256 = (message: Uint8Array): Uint8Array => crypto.sha256(message);
    const terminalNonce = crypto.random(NONCE_BYTES);
    const proof = derive(sha256, cardKey, "terminal", cardNonce, terminalNonce);
    const answer = await exchange(
      card,
      commandApdu(0x00, INS_MUTUAL_AUTHENTICATE, 0, 0, concat(terminalNonce, proof), PROOF_BYTES),
    );
    if (!answer.ok) return answer;
    if (answer.value.word === SW_VERIFICATION_FAILED) return err({ kind: "wrong-key" });
    if (answer.value.word !== SW_OK) return err({ kind: "protocol", word: answer.value.word });
    // A card that cannot prove itself is not of this batch, whatever it says of us.
    if (!equalMac(answer.value.data, derive(sha256, cardKey, "card", cardNonce, terminalNonce)))
      return err({ kind: "wrong-key" });
    return ok(new CardChannel(card, crypto, derive(sha256, cardKey, "session", cardNonce, terminalNonce)));
  }

  /** The answer's data and status word, their MAC checked. After a fault the channel is of no use any more. */
  async command(ins: number, p1: number, p2: number, data: Uint8Array): Promise<Result<ResponseApdu, ChannelFault>> {
    const sha256 = (message: Uint8Array): Uint8Array => this.#crypto.sha256(message);
    const counter = ++this.#counter;
    const header = Uint8Array.of(CLA_SECURED, ins, p1, p2);
    const mac = commandMac(sha256, this.#sessionKey, counter, header, data);
    const response = await exchange(this.#card, commandApdu(CLA_SECURED, ins, p1, p2, concat(data, mac), 256));
    if (!response.ok) return response;
    const { data: body, word } = response.value;
    if (body.length < MAC_BYTES) return err({ kind: "protocol", word: word === SW_OK ? 0 : word });
    const end = body.length - MAC_BYTES;
    const plain = body.slice(0, end);
    if (!equalMac(body.slice(end), responseMac(sha256, this.#sessionKey, counter, plain, word)))
      return err({ kind: "protocol", word: 0 });
    return ok({ data: plain, word });
  }

  close(): void {
    this.#sessionKey.fill(0);
  }
}

/**
 * Opens a channel and does `work` in it. Begins again with a new session when the card was silent or garbled, or a MAC
 * did not fit, so everything done in `work` must be harmless when it is repeated.
 */
export async function inChannel<T, E>(
  card: Card,
  deps: ChannelDeps,
  work: (channel: CardChannel) => Promise<Result<T, ChannelFault | E>>,
): Promise<Result<T, ChannelFault | E>> {
  for (let attempt = 1; ; attempt++) {
    const channel = await CardChannel.open(card, deps);
    const result = channel.ok ? await work(channel.value) : channel;
    if (channel.ok) channel.value.close();
    if (result.ok || attempt === CHANNEL_TRIES_MAX || !isPassing(result.error as ChannelFault)) return result;
  }
}

/** What may be gone at the next attempt. */
function isPassing(fault: ChannelFault): boolean {
  return (fault.kind === "card" && fault.fault !== "removed") || fault.kind === "protocol";
}

/** One command and its answer, in the clear. */
export async function exchange(
  card: Card,
  apdu: Uint8Array,
  withinMs?: number,
): Promise<Result<ResponseApdu, { readonly kind: "card"; readonly fault: CardFault }>> {
  const response = await card.transmit(apdu, withinMs);
  return response.ok ? ok(splitResponse(response.value)) : err({ kind: "card", fault: response.error });
}
