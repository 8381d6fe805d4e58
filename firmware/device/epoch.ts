// The terminal's own memory of how far the election on its media has come, in the main flash (twin-log.ts). A medium
// can be taken out, copied and put back older; what stands here then is newer than the media, and they are refused.
// Written before the polls are opened and behind each signature of the journal.

import { readU32, writeU32 } from "../bytes.js";
import type { Crypto } from "../crypto/crypto.js";
import type { JournalEnd } from "../journal/journal.js";
import type { Flash } from "../platform.js";
import { deriveKey } from "./keys.js";
import { TwinLog, twinLength, twinPayload } from "./twin-log.js";

/** Of the main flash. */
export const epochAddress = 0x6000;
export const epochLength = twinLength;

export const epochPhases = ["opening", "opened", "closed", "counted", "released"] as const;
export type EpochPhase = (typeof epochPhases)[number];

export interface Epoch {
  /** 16 bytes */
  readonly election: Uint8Array;
  readonly phase: EpochPhase;
  /** How far its journal had come. */
  readonly end: JournalEnd;
}

export class EpochLog {
  readonly #crypto: Crypto;
  readonly #log: TwinLog;
  #newest: Epoch | undefined;

  private constructor(flash: Flash, crypto: Crypto, secret: Uint8Array) {
    this.#crypto = crypto;
    // it goes from one election to the next
    const key = deriveKey(crypto, secret, new Uint8Array(0), "epoch", 16);
    this.#log = TwinLog.open({ flash, crypto, key, address: epochAddress });
    this.#newest = this.#log.newest && decode(this.#log.newest);
  }

  /** `secret`: see Identity. */
  static open(flash: Flash, crypto: Crypto, secret: Uint8Array): EpochLog {
    return new EpochLog(flash, crypto, secret);
  }

  get newest(): Epoch | undefined {
    return this.#newest;
  }

  /** What the journal of this election must contain. */
  markOf(election: Uint8Array): JournalEnd | undefined {
    const newest = this.#newest;
    return newest !== undefined && this.#crypto.equal(newest.election, election) ? newest.end : undefined;
  }

  /** False when the flash does not keep it. */
  write(epoch: Epoch): boolean {
    const isKept = this.#log.write(encode(epoch));
    if (isKept) this.#newest = epoch;
    return isKept;
  }
}

/** Election (16), phase, 3 of 0, cells (u32), chain (16). */
function encode({ election, phase, end }: Epoch): Uint8Array {
  const payload = new Uint8Array(twinPayload);
  payload.set(election, 0);
  payload[16] = epochPhases.indexOf(phase) + 1;
  writeU32(payload, 20, end.cells);
  payload.set(end.chain, 24);
  return payload;
}

function decode(payload: Uint8Array): Epoch | undefined {
  const phase = epochPhases[payload[16]! - 1];
  if (phase === undefined) return undefined;
  const end = { cells: readU32(payload, 20), chain: payload.subarray(24, 40) };
  return { election: payload.subarray(0, 16), phase, end };
}
