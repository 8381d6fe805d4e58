// A vault and a journal on two emulated chips in this process, for tests that cut the power at flash operations.

import { Crypto } from "../../firmware/crypto/crypto.js";
import type { Ballot, ContestId, Election, StyleId, TerminalId } from "../../firmware/election/types.js";
import { encodeBallot } from "../../firmware/election/ballot.js";
import { Journal } from "../../firmware/journal/journal.js";
import { EpochLog } from "../../firmware/device/epoch.js";
import { deriveKey, deriveKeys } from "../../firmware/device/keys.js";
import { States } from "../../firmware/service/states.js";
import type { Media } from "../../firmware/storage/media.js";
import { StateWords } from "../../firmware/vault/state-words.js";
import { Vault } from "../../firmware/vault/vault.js";
import { Chance } from "../../sim/chance.js";
import { NorChip, flashOf } from "../../sim/nor.js";
import { sodiumPrimitives } from "../../office/crypto/sodium.js";

/** Not on the hour. */
export const storeTime = 1_800_001_234;

export function chip(): NorChip {
  return new NorChip({ size: 2 * 1024 * 1024 });
}

export class Store {
  readonly a = chip();
  readonly b = chip();
  readonly main = new NorChip({ size: 0x1_0000 });
  readonly chance: Chance;
  readonly crypto: Crypto;
  readonly tally;
  readonly election: Election;
  readonly terminal = 1 as TerminalId;
  /** Of the device. */
  readonly secret: Uint8Array;
  readonly keys;

  constructor(seed: string, capacity = 40) {
    this.chance = new Chance(seed, "store");
    this.crypto = new Crypto({ primitives: sodiumPrimitives, random: (out) => this.chance.fill(out) });
    this.tally = this.crypto.boxKeyPair(this.chance.bytes(32));
    const id = this.chance.bytes(16);
    this.secret = this.chance.bytes(32);
    this.keys = deriveKeys(this.crypto, this.secret, id);
    this.election = {
      id,
      test: true,
      title: 0,
      station: 1,
      stationName: 0,
      contests: [{ id: 1, kind: "n-of-m", title: 0, votesAllowed: 3, options: 9, blankAllowed: true }],
      styles: [{ id: 1, contests: [1] }],
      terminals: [{ id: 1, publicKey: this.keys.sign.publicKey }],
      policy: {
        capacity,
        inactivity_s: 120,
        alert_s: 20,
        parked_s: 60,
        slip_s: 7,
        slipAttempts: 3,
        k: 5,
        ballotsLeave: "after-close",
      },
      tallyKey: this.tally.publicKey,
      collectorKey: new Uint8Array(32),
      authorityKey: new Uint8Array(32),
      cardKey: new Uint8Array(32),
      ballotLength: 64,
    } as unknown as Election;
  }

  open(): ReturnType<typeof Vault.open> {
    return Vault.open({
      crypto: this.crypto,
      keys: this.keys,
      election: this.election,
      terminal: this.terminal,
      a: flashOf(this.a),
      b: flashOf(this.b),
    });
  }

  journal(opened: Extract<ReturnType<typeof Vault.open>, { ok: true }>["value"]): ReturnType<typeof Journal.open> {
    return Journal.open({
      crypto: this.crypto,
      media: opened.media,
      region: opened.layout.journal,
      head: opened.layout.journalHead,
      key: this.keys.journal,
      election: this.election.id,
      terminal: 1,
      signKey: this.keys.sign,
      clock: { monotonic: () => 0, wall: () => storeTime },
    });
  }

  /** What keeps the state of the day beside this journal, from now on. */
  states(journal: Journal, { media }: { readonly media: Media }): ReturnType<typeof States.open> {
    const { crypto, keys, terminal } = this;
    const election = this.election.id;
    const erasing = (): Uint8Array => deriveKey(crypto, this.secret, election, "erasing", 16);
    const words = new StateWords({ crypto, media, keys: { state: keys.state, erasing }, election, terminal });
    return States.open({ crypto, journal, words, epochs: this.epochs(), election });
  }

  epochs(): EpochLog {
    return EpochLog.open(flashOf(this.main), this.crypto, this.secret);
  }

  plain(choices: readonly number[]): Uint8Array {
    const ballot: Ballot = {
      style: 1 as StyleId,
      marks: [{ contest: 1 as ContestId, blank: choices.length === 0, choices }],
    };
    return encodeBallot(ballot, this.election.ballotLength);
  }
}
