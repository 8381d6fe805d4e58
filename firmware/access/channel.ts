// A session with a card of ours: both sides have proved their keys and shown what vouches for them, and every command
// and answer is encrypted (protocol.ts). It lasts as long as the card lies there, so that a voter's card is asked for
// its certificate once, however often the terminal speaks to it.

import { concat, equalBytes } from "../bytes.js";
import { type BoxKeyPair, type Crypto, tagLength } from "../crypto/crypto.js";
import type { CardRules } from "../election/card-rules.js";
import { type Result, err, ok } from "../result.js";
import { type CardCertificate, readCard } from "./certificate.js";
import { type ChannelKeys, Responder, message1Length, message3Overhead } from "./noise.js";
import {
  CARD_AID,
  CLA_CHANNEL,
  CLA_MORE,
  INS_ANSWER,
  INS_COMMAND,
  type ResponseApdu,
  SHOWN_BYTES,
  SW_OK,
  SW_SECURITY,
  commandApdu,
  splitResponse,
} from "./protocol.js";
import { type Card, type CardFault, QUICK_MS } from "./reader.js";

/**
 * card: what the reader says. foreign-card: it has not our application, or no certificate of this issuer. refused: it
 * does not accept this reader. other-epoch: its certificate is too old. revoked: its serial is on the list. protocol: it
 * answered what it must not, with this status word (0 when the length or the tag was wrong). status: it answered in the
 * channel, with a word that does not belong there.
 */
export type ChannelFault =
  | { readonly kind: "card"; readonly fault: CardFault }
  | { readonly kind: "foreign-card" }
  | { readonly kind: "refused" }
  | { readonly kind: "other-epoch" }
  | { readonly kind: "revoked" }
  | { readonly kind: "protocol"; readonly word: number }
  | { readonly kind: "status"; readonly word: number };

/** Who speaks to cards, and which ones count. */
export interface Reader {
  readonly crypto: Crypto;
  /** X25519: its assignment names it. */
  readonly box: BoxKeyPair;
  /** Signed. */
  readonly assignment: Uint8Array;
  readonly rules: CardRules;
}

/** How often a whole exchange is begun again when the card was silent or garbled. */
export const CHANNEL_TRIES_MAX = 3;
/** How often one command is sent: a card answers the same box as before, and acts once. */
const COMMAND_TRIES_MAX = 3;
/** How often the application is selected when the answer was garbled; of a silent card, in all. */
const SELECT_TRIES_MAX = 3;
const SILENT_MAX = 2;
const PART_BYTES = 255;
const none: Uint8Array = new Uint8Array(0);

export class CardChannel {
  /** What the issuer says of this card, which has proved to be the one. */
  readonly certificate: CardCertificate;
  readonly #card: Card;
  readonly #keys: ChannelKeys;

  private constructor(card: Card, keys: ChannelKeys, certificate: CardCertificate) {
    this.#card = card;
    this.#keys = keys;
    this.certificate = certificate;
  }

  static async open(card: Card, reader: Reader): Promise<Result<CardChannel, ChannelFault>> {
    const selected = await select(card);
    if (!selected.ok) return selected;
    const { crypto, box, assignment } = reader;
    const seed = crypto.random(32);
    const responder = new Responder({ crypto, prologue: CARD_AID, own: box, ephemeral: crypto.boxKeyPair(seed) });
    seed.fill(0);
    const opened = await shake(card, reader, responder, responder.answer(selected.value, assignment));
    responder.wipe();
    return opened.ok ? ok(new CardChannel(card, opened.value.keys, opened.value.certificate)) : opened;
  }

  /** The answer's data and status word. After a fault the channel is of no use any more. */
  async command(ins: number, data: Uint8Array = none): Promise<Result<ResponseApdu, ChannelFault>> {
    const plain = concat(Uint8Array.of(ins), data);
    const box = this.#keys.send.encrypt(plain);
    plain.fill(0);
    for (let attempt = 1; ; attempt++) {
      const answer = await exchangeChained(this.#card, INS_COMMAND, box, 256);
      if (!answer.ok) {
        const { fault } = answer.error;
        if (fault === "removed" || fault === "several" || attempt === COMMAND_TRIES_MAX) return answer;
        continue;
      }
      if (answer.value.word !== SW_OK) return err({ kind: "protocol", word: answer.value.word });
      const opened = this.#keys.receive.decrypt(answer.value.data);
      if (opened === undefined || opened.length < 2) return err({ kind: "protocol", word: 0 });
      return ok(splitResponse(opened));
    }
  }

  close(): void {
    this.#keys.send.wipe();
    this.#keys.receive.wipe();
    this.certificate.key.fill(0);
  }
}

async function select(card: Card): Promise<Result<Uint8Array, ChannelFault>> {
  let silent = 0;
  for (let attempt = 1; attempt <= SELECT_TRIES_MAX; attempt++) {
    const answer = await exchange(card, commandApdu(0x00, 0xa4, 0x04, 0x00, CARD_AID, message1Length), QUICK_MS);
    if (answer.ok) {
      const { word, data } = answer.value;
      return word === SW_OK && data.length === message1Length ? ok(data) : err({ kind: "foreign-card" });
    }
    const { fault } = answer.error;
    if (fault === "removed" || fault === "several" || (fault === "silent" && ++silent === SILENT_MAX)) return answer;
  }
  return err({ kind: "foreign-card" });
}

async function shake(
  card: Card,
  { crypto, rules }: Reader,
  responder: Responder,
  message2: Uint8Array | undefined,
): Promise<Result<{ readonly keys: ChannelKeys; readonly certificate: CardCertificate }, ChannelFault>> {
  // a key that gives no secret
  if (message2 === undefined) return err({ kind: "foreign-card" });
  const answer = await exchangeChained(card, INS_ANSWER, message2, 256);
  // it has answered before: what was lost is asked for again
  if (!answer.ok) return isGone(answer.error) ? answer : err({ kind: "protocol", word: 0 });
  const { word, data } = answer.value;
  if (word === SW_SECURITY) return err({ kind: "refused" });
  if (word !== SW_OK) return err({ kind: "protocol", word });
  if (data.length !== message3Overhead + SHOWN_BYTES) return err({ kind: "protocol", word: 0 });
  const opened = responder.finish(data);
  if (opened === undefined) return err({ kind: "protocol", word: 0 });
  const { key, payload, channel } = opened;
  const certificate = readCard(crypto, payload.slice(1, 1 + payload[0]!), rules);
  if (!certificate.ok) return err({ kind: certificate.error === "forged" ? "foreign-card" : certificate.error });
  // somebody else's certificate
  if (!equalBytes(certificate.value.key, key)) return err({ kind: "foreign-card" });
  return ok({ keys: channel, certificate: certificate.value });
}

/** One channel at a time: with the card that lies there. */
export class Sessions {
  readonly #reader: Reader;
  #open: { readonly card: Card; readonly channel: CardChannel } | undefined;
  /** What uses the channel now; the next user waits for it. */
  #busy: Promise<unknown> = Promise.resolve();

  constructor(reader: Reader) {
    this.#reader = reader;
  }

  /**
   * Does `work` in the channel with this card, and begins again with a new one when the card was silent or garbled, or a
   * tag did not fit: everything done in `work` must be harmless when it is repeated. `tries`: 1 for what is not.
   */
  in<T, E>(
    card: Card,
    work: (channel: CardChannel) => Promise<Result<T, ChannelFault | E>>,
    tries = CHANNEL_TRIES_MAX,
  ): Promise<Result<T, ChannelFault | E>> {
    const done = this.#busy.then(async () => {
      for (let attempt = 1; ; attempt++) {
        const channel = await this.#channelWith(card);
        const result = channel.ok ? await work(channel.value) : channel;
        if (result.ok || !isBroken(result.error as ChannelFault)) return result;
        this.end();
        // one that does not even answer SELECT was asked often enough
        const isDumb = !channel.ok && channel.error.kind === "card";
        if (attempt === tries || isDumb || isGone(result.error as ChannelFault)) return result;
      }
    });
    this.#busy = done.catch(() => undefined);
    return done;
  }

  /** The card has gone: nothing of it stays. */
  end(): void {
    this.#open?.channel.close();
    this.#open = undefined;
  }

  async #channelWith(card: Card): Promise<Result<CardChannel, ChannelFault>> {
    if (this.#open?.card === card) return ok(this.#open.channel);
    this.end();
    const opened = await CardChannel.open(card, this.#reader);
    if (opened.ok) this.#open = { card, channel: opened.value };
    return opened;
  }
}

/** The channel is of no use after it. */
function isBroken({ kind }: ChannelFault): boolean {
  return kind === "card" || kind === "protocol";
}

function isGone(fault: ChannelFault): boolean {
  return fault.kind === "card" && (fault.fault === "removed" || fault.fault === "several");
}

/** One command and its answer. */
async function exchange(
  card: Card,
  apdu: Uint8Array,
  withinMs?: number,
): Promise<Result<ResponseApdu, { readonly kind: "card"; readonly fault: CardFault }>> {
  const response = await card.transmit(apdu, withinMs);
  return response.ok ? ok(splitResponse(response.value)) : err({ kind: "card", fault: response.error });
}

/** The same for data of any length, in parts. */
async function exchangeChained(
  card: Card,
  ins: number,
  data: Uint8Array,
  expected: number,
): ReturnType<typeof exchange> {
  let at = 0;
  for (; data.length - at > PART_BYTES; at += PART_BYTES) {
    const part = commandApdu(CLA_MORE, ins, 0, 0, data.subarray(at, at + PART_BYTES), undefined);
    const taken = await exchange(card, part, QUICK_MS);
    if (!taken.ok || taken.value.word !== SW_OK) return taken;
  }
  return exchange(card, commandApdu(CLA_CHANNEL, ins, 0, 0, data.subarray(at), expected));
}

/** Bytes of an answer that hold so many of data: SW1, SW2 and the tag are in it too. */
export const answerDataMax = 256 - 2 - tagLength;
