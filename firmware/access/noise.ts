// Noise_XX_25519_ChaChaPoly_SHA256 (noiseprotocol.org, revision 34), by section: what both sides compute, and the
// responder, which a reader is. The initiator is the card (sim/devices/noise-initiator.ts plays one).

import { concat, utf8 } from "../bytes.js";
import { type BoxKeyPair, type Crypto, publicKeyLength, tagLength } from "../crypto/crypto.js";

/** Exactly as long as the hash: section 5.2 takes it as it is. */
const protocolName = utf8("Noise_XX_25519_ChaChaPoly_SHA256");
const nonceLength = 12;
const none: Uint8Array = new Uint8Array(0);

/** Bytes of message 1 when its payload is empty. */
export const message1Length = publicKeyLength;
/** What messages 2 and 3 add to their payloads. */
export const message2Overhead = 2 * publicKeyLength + 2 * tagLength;
export const message3Overhead = publicKeyLength + 2 * tagLength;

/** One direction of a channel (section 5.1). */
export class CipherState {
  readonly #crypto: Crypto;
  readonly #key: Uint8Array;
  readonly #nonce = new Uint8Array(nonceLength);

  constructor(crypto: Crypto, key: Uint8Array) {
    this.#crypto = crypto;
    this.#key = key;
  }

  encrypt(message: Uint8Array, data = none): Uint8Array {
    const box = this.#crypto.encrypt(message, data, this.#nonce, this.#key);
    this.#next();
    return box;
  }

  /** Undefined when it is not authentic; the channel is of no use then. */
  decrypt(box: Uint8Array, data = none): Uint8Array | undefined {
    const message = this.#crypto.decrypt(box, data, this.#nonce, this.#key);
    if (message !== undefined) this.#next();
    return message;
  }

  wipe(): void {
    this.#key.fill(0);
  }

  /** 32 zero bits, then a counter of 64, little endian (section 12.3). */
  #next(): void {
    for (let at = 4; at < nonceLength; at++) {
      this.#nonce[at] = this.#nonce[at]! + 1;
      if (this.#nonce[at] !== 0) return;
    }
  }
}

/** Sections 5.2 and 4.3. */
export class SymmetricState {
  readonly #crypto: Crypto;
  #chain: Uint8Array = protocolName;
  #hash: Uint8Array = protocolName;
  #cipher: CipherState | undefined;

  constructor(crypto: Crypto, prologue: Uint8Array) {
    this.#crypto = crypto;
    this.mixHash(prologue);
  }

  mixHash(data: Uint8Array): void {
    this.#hash = this.#crypto.sha256(concat(this.#hash, data));
  }

  mixKey(shared: Uint8Array): void {
    const [chain, key] = this.#derive(shared);
    this.#chain = chain;
    this.#cipher?.wipe();
    this.#cipher = new CipherState(this.#crypto, key);
  }

  encryptAndHash(message: Uint8Array): Uint8Array {
    const box = this.#cipher === undefined ? message : this.#cipher.encrypt(message, this.#hash);
    this.mixHash(box);
    return box;
  }

  decryptAndHash(box: Uint8Array): Uint8Array | undefined {
    const message = this.#cipher === undefined ? box : this.#cipher.decrypt(box, this.#hash);
    if (message !== undefined) this.mixHash(box);
    return message;
  }

  /** The initiator's direction, and the responder's. */
  split(): readonly [CipherState, CipherState] {
    const [first, second] = this.#derive(none);
    this.wipe();
    return [new CipherState(this.#crypto, first), new CipherState(this.#crypto, second)];
  }

  wipe(): void {
    if (this.#chain !== protocolName) this.#chain.fill(0);
    this.#cipher?.wipe();
  }

  #derive(material: Uint8Array): readonly [Uint8Array, Uint8Array] {
    const crypto = this.#crypto;
    const secret = crypto.hmac(this.#chain, material);
    const first = crypto.hmac(secret, Uint8Array.of(1));
    const second = crypto.hmac(secret, concat(first, Uint8Array.of(2)));
    secret.fill(0);
    return [first, second];
  }
}

export interface ChannelKeys {
  readonly send: CipherState;
  readonly receive: CipherState;
}

/** XX (section 7.5): -> e; <- e, ee, s, es; -> s, se. Once through; undefined: the other side did not keep to it. */
export class Responder {
  readonly #crypto: Crypto;
  readonly #state: SymmetricState;
  readonly #own: BoxKeyPair;
  readonly #ephemeral: BoxKeyPair;

  /** `ephemeral`: drawn for this handshake alone. */
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

  /** Takes message 1, whose payload says nothing, and gives message 2. */
  answer(message1: Uint8Array, payload: Uint8Array): Uint8Array | undefined {
    const state = this.#state;
    const { publicKey, secretKey } = this.#ephemeral;
    const theirs = message1.slice(0, publicKeyLength);
    state.mixHash(theirs);
    state.mixHash(message1.subarray(publicKeyLength));
    state.mixHash(publicKey);
    if (!mixShared(this.#crypto, state, secretKey, theirs)) return undefined;
    const own = state.encryptAndHash(this.#own.publicKey);
    if (!mixShared(this.#crypto, state, this.#own.secretKey, theirs)) return undefined;
    return concat(publicKey, own, state.encryptAndHash(payload));
  }

  /** Takes message 3: whose key the other side has, its payload, and the channel. */
  finish(
    message3: Uint8Array,
  ): { readonly key: Uint8Array; readonly payload: Uint8Array; readonly channel: ChannelKeys } | undefined {
    const state = this.#state;
    const at = publicKeyLength + tagLength;
    const key = state.decryptAndHash(message3.subarray(0, at));
    if (key?.length !== publicKeyLength || !mixShared(this.#crypto, state, this.#ephemeral.secretKey, key))
      return undefined;
    const payload = state.decryptAndHash(message3.subarray(at));
    if (payload === undefined) return undefined;
    const [receive, send] = state.split();
    return { key, payload, channel: { send, receive } };
  }

  /** After success or failure. */
  wipe(): void {
    this.#state.wipe();
    this.#ephemeral.secretKey.fill(0);
  }
}

/** False for a point that gives nothing. */
export function mixShared(
  crypto: Crypto,
  state: SymmetricState,
  secretKey: Uint8Array,
  publicKey: Uint8Array,
): boolean {
  const shared = crypto.x25519(secretKey, publicKey);
  if (shared === undefined) return false;
  state.mixKey(shared);
  shared.fill(0);
  return true;
}
