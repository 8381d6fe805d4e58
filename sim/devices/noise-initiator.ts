// The initiator of Noise_XX_25519_ChaChaPoly_SHA256: a card's side of firmware/access/noise.ts.

import { type ChannelKeys, SymmetricState, message2Overhead, mixShared } from "../../firmware/access/noise.js";
import { concat } from "../../firmware/bytes.js";
import { type BoxKeyPair, type Crypto, publicKeyLength, tagLength } from "../../firmware/crypto/crypto.js";

export class Initiator {
  readonly #crypto: Crypto;
  readonly #state: SymmetricState;
  readonly #own: BoxKeyPair;
  readonly #ephemeral: BoxKeyPair;
  #theirEphemeral: Uint8Array | undefined;

  constructor(options: {
    readonly crypto: Crypto;
    readonly prologue: Uint8Array;
    readonly own: BoxKeyPair;
    readonly ephemeral: BoxKeyPair;
  }) {
    const { crypto, prologue, own, ephemeral } = options;
    this.#crypto = crypto;
    this.#state = new SymmetricState(crypto, prologue);
    this.#own = own;
    this.#ephemeral = ephemeral;
  }

  /** Message 1; its payload can be read by anybody. */
  begin(payload: Uint8Array = new Uint8Array(0)): Uint8Array {
    this.#state.mixHash(this.#ephemeral.publicKey);
    this.#state.mixHash(payload);
    return concat(this.#ephemeral.publicKey, payload);
  }

  /** Message 2: whose key the reader has, and what it shows. Undefined when it is not one. */
  take(message2: Uint8Array): { readonly key: Uint8Array; readonly payload: Uint8Array } | undefined {
    if (message2.length < message2Overhead) return undefined;
    const state = this.#state;
    const ephemeral = message2.slice(0, publicKeyLength);
    this.#theirEphemeral = ephemeral;
    state.mixHash(ephemeral);
    if (!mixShared(this.#crypto, state, this.#ephemeral.secretKey, ephemeral)) return undefined;
    const at = 2 * publicKeyLength + tagLength;
    const key = state.decryptAndHash(message2.slice(publicKeyLength, at));
    if (key === undefined || !mixShared(this.#crypto, state, this.#ephemeral.secretKey, key)) return undefined;
    const payload = state.decryptAndHash(message2.slice(at));
    return payload === undefined ? undefined : { key, payload };
  }

  /** Message 3 and the channel, after `take`. */
  finish(payload: Uint8Array): { readonly message: Uint8Array; readonly channel: ChannelKeys } | undefined {
    const state = this.#state;
    const own = state.encryptAndHash(this.#own.publicKey);
    if (!mixShared(this.#crypto, state, this.#own.secretKey, this.#theirEphemeral!)) return undefined;
    const message = concat(own, state.encryptAndHash(payload));
    const [send, receive] = state.split();
    return { message, channel: { send, receive } };
  }
}
