// One start of the ballot role after the other, up to where it would serve, on media that the harness changes in
// between. What the harness asks is small and what it is told is everything that its verdict looks at: see
// test/campaigns/crash/engine.ts.

import { fromHex, toHex } from "../../../firmware/bytes.js";
import { Crypto } from "../../../firmware/crypto/crypto.js";
import type { EventName } from "../../../firmware/journal/events.js";
import { type PollState, pollStateOf } from "../../../firmware/journal/poll-state.js";
import type { Platform } from "../../../firmware/platform.js";
import { type Result, assert } from "../../../firmware/result.js";
import { type Booted, type Refusal, boot } from "../../../firmware/roles/ballot-boot.js";
import { Sfc32 } from "./sfc32.js";
import type { Command } from "../selftest/commands.js";

export interface Begin {
  /** Seconds since 1970. */
  readonly wall: number;
  /** Of every card of the day, in hexadecimal. */
  readonly tokens: readonly string[];
  /** The journal's events that the verdict looks at. */
  readonly events: readonly string[];
}

/** What a start found; `error` when the terminal is out of service. */
export type Told =
  | { readonly error: string }
  | {
      readonly pending: "none" | "committed" | "voided";
      readonly slots: readonly number[];
      readonly ballots: number;
      readonly events: readonly EventName[];
      readonly poll: PollState;
      readonly results: boolean;
      /** What ballots are sealed to, in hexadecimal. */
      readonly tallyKey: string;
      /** 0 or 1 for each token. */
      readonly spent: string;
    };

/** begin(what), recover(seed, 3 words), goOnAlone(medium). */
export function recovery(): Readonly<Record<string, Command>> {
  let begun:
    | { readonly wall: number; readonly tokens: readonly Uint8Array[]; readonly events: readonly string[] }
    | undefined;
  const start = (platform: Platform, chance: Sfc32, seen?: EventName[]): Result<Booted, Refusal> => {
    assert(begun !== undefined, "begin comes first");
    const { wall, events } = begun;
    const crypto = new Crypto({ primitives: platform.primitives, random: (out) => chance.fill(out) });
    const clock = { monotonic: () => 0, wall: () => wall };
    return boot({ ...platform, clock, trace: () => undefined }, crypto, ({ event }) => {
      if (events.includes(event)) seen?.push(event);
    });
  };
  return {
    begin: (_, { args = [] }) => {
      const { wall, tokens, events } = args[0] as Begin;
      begun = { wall, tokens: tokens.map((token) => fromHex(token)!), events };
    },
    recover: (platform, { args = [] }): Told => {
      const [x, y, z] = args as number[];
      const events: EventName[] = [];
      const started = start(platform, new Sfc32(x!, y!, z!), events);
      if (!started.ok) return { error: `${started.error.code} ${started.error.why}` };
      const { vault, pending, journal, results, loading } = started.value;
      const spent = begun!.tokens.map((token) => (vault.isSpent(token) ? "1" : "0")).join("");
      return {
        pending,
        slots: vault.committedSlots(),
        ballots: vault.counts.ballots,
        events,
        poll: pollStateOf(journal),
        results: results.stored !== undefined,
        tallyKey: toHex(loading.tallyKey),
        spent,
      };
    },
    goOnAlone: (platform, { name }) => {
      const started = start(platform, new Sfc32(1, 2, 3));
      if (started.ok) return "nothing is missing";
      const { missing, code, why } = started.error;
      if (missing === undefined || missing.medium === name) return `${code} ${why}`;
      const decided = missing.goOn();
      return decided.ok ? null : JSON.stringify(decided.error);
    },
  };
}
