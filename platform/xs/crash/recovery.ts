// One start after the other of a terminal's vault and journal, on media that the harness changes in between. What the
// harness asks is small and what it is told is everything that its verdict looks at: see
// test/campaigns/crash/engine.ts.

import { fromHex } from "../../../firmware/bytes.js";
import { Crypto } from "../../../firmware/crypto/crypto.js";
import type { Election, TerminalId } from "../../../firmware/election/types.js";
import { Journal } from "../../../firmware/journal/journal.js";
import type { Platform } from "../../../firmware/platform.js";
import { assert } from "../../../firmware/result.js";
import { type DeviceKeys, deriveKeys } from "../../../firmware/device/keys.js";
import { Vault, type VaultOptions } from "../../../firmware/vault/vault.js";
import { Sfc32 } from "./sfc32.js";
import type { Command } from "../selftest/commands.js";

/** Whose media they are; bytes in hexadecimal. */
export interface Begin {
  readonly election: string;
  readonly secret: string;
  readonly tallyKey: string;
  readonly ballotLength: number;
  readonly capacity: number;
  readonly journalLength: number;
  readonly terminal: number;
  /** Seconds since 1970. */
  readonly wall: number;
  /** Of every card of the day. */
  readonly tokens: readonly string[];
}

/** What a start found; `error` when the terminal is out of service. */
export type Told =
  | { readonly error: string }
  /** `spent`: 0 or 1 for each token. */
  | {
      readonly pending: "none" | "committed" | "voided";
      readonly slots: readonly number[];
      readonly ballots: number;
      readonly events: number;
      readonly spent: string;
    };

interface Begun {
  readonly options: Omit<VaultOptions, "crypto">;
  readonly keys: DeviceKeys;
  readonly wall: number;
  readonly tokens: readonly Uint8Array[];
}

/** begin(what), recover(seed, 3 words), goOnAlone(medium). */
export function recovery(): Readonly<Record<string, Command>> {
  let begun: Begun | undefined;
  const optionsOf = (platform: Platform, chance: Sfc32): VaultOptions => {
    assert(begun !== undefined, "begin comes first");
    return {
      ...begun.options,
      crypto: new Crypto({ primitives: platform.primitives, random: (out) => chance.fill(out) }),
    };
  };
  const bytes = (hex: string): Uint8Array => fromHex(hex)!;
  return {
    begin: (platform, { args = [] }) => {
      const {
        election: id,
        secret,
        tallyKey,
        ballotLength,
        capacity,
        journalLength,
        terminal,
        wall,
        tokens,
      } = args[0] as Begin;
      const crypto = new Crypto({ primitives: platform.primitives, random: platform.random });
      const election = {
        id: bytes(id),
        tallyKey: bytes(tallyKey),
        ballotLength,
        policy: { capacity },
      } as unknown as Election;
      const keys = deriveKeys(crypto, bytes(secret), election.id);
      const { a, b } = platform.flash;
      begun = {
        keys,
        wall,
        tokens: tokens.map(bytes),
        options: { keys, election, terminal: terminal as TerminalId, a, b, journalLength },
      };
    },
    recover: (platform, { args = [] }): Told => {
      const [x, y, z] = args as number[];
      const options = optionsOf(platform, new Sfc32(x!, y!, z!));
      const opened = Vault.open(options);
      if (!opened.ok) return { error: JSON.stringify(opened.error) };
      const { vault, media, layout, pending } = opened.value;
      let events = 0;
      const journal = Journal.open({
        crypto: options.crypto,
        media,
        region: layout.journal,
        election: options.election.id,
        terminal: options.terminal,
        signKey: options.keys.sign,
        clock: { monotonic: () => 0, wall: () => begun!.wall },
        onEntry: () => events++,
      });
      if (!journal.ok) return { error: `journal: ${JSON.stringify(journal.error)}` };
      const spent = begun!.tokens.map((token) => (vault.isSpent(token) ? "1" : "0")).join("");
      return { pending, slots: vault.committedSlots(), ballots: vault.counts.ballots, events, spent };
    },
    goOnAlone: (platform, { name }) => {
      const decided = Vault.goOnAlone(optionsOf(platform, new Sfc32(1, 2, 3)), name === "a" ? "a" : "b");
      return decided.ok ? null : JSON.stringify(decided.error);
    },
  };
}
