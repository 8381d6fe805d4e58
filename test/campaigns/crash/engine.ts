// What recovers in a campaign: a start of the ballot role, up to where it would serve, in this process, or on the XS
// engine in a terminal's process that reads and writes the campaign's chips over its cable.

import { toHex } from "../../../firmware/bytes.js";
import type { EventName } from "../../../firmware/journal/events.js";
import { type PollState, pollStateOf } from "../../../firmware/journal/poll-state.js";
import { type Result, err, ok } from "../../../firmware/result.js";
import type { Pending } from "../../../firmware/vault/recovery.js";
import { VirtualClock } from "../../../sim/clock.js";
import type { Begin, Told } from "../../../platform/xs/crash/recovery.js";
import { Terminal } from "../../../sim/terminal.js";
import { buildImage } from "../../../tools/build/build.js";
import { buildHost } from "../../../tools/build/host.js";
import { campaignClock, campaignFuses } from "./device.js";
import { type ChipName, type Day, dayEvents } from "./day.js";

/** What one start found. */
export interface Found {
  readonly pending: Pending;
  readonly slots: readonly number[];
  readonly ballots: number;
  /** Of the journal, those that a day writes and no start does. */
  readonly events: readonly EventName[];
  readonly poll: PollState;
  readonly results: boolean;
  /** What ballots are sealed to, in hexadecimal. */
  readonly tallyKey: string;
  isSpent(token: Uint8Array): boolean;
}

/** Errors are words for the report. */
export interface Engine {
  /** One start, on the chips as they are. */
  recover(): Promise<Result<Found, string>>;
  /** The act of two officials. */
  goOnAlone(name: ChipName): Promise<Result<void, string>>;
  close(): Promise<void>;
}

export type EngineMaker = (day: Day) => Promise<Engine>;

export type EngineName = "node" | "xs";

const outOfService = (why: string): Result<never, string> => err(`out of service: ${why}`);

export const nodeEngine: EngineMaker = async ({ store }) => ({
  recover: async () => {
    const events: EventName[] = [];
    const started = store.start(({ event }) => {
      if (dayEvents.has(event)) events.push(event);
    });
    if (!started.ok) return outOfService(`${started.error.code} ${started.error.why}`);
    const { vault, pending, journal, results, loading } = started.value;
    return ok({
      pending,
      slots: vault.committedSlots(),
      ballots: vault.counts.ballots,
      events,
      poll: pollStateOf(journal),
      results: results.stored !== undefined,
      tallyKey: toHex(loading.tallyKey),
      isSpent: (token) => vault.isSpent(token),
    });
  },
  goOnAlone: async (name) => {
    const started = store.start();
    if (started.ok) return err("nothing is missing");
    const { missing, code, why } = started.error;
    if (missing === undefined) return err(`${code} ${why}`);
    if (missing.medium === name) return err(`${name} is what is missing`);
    const decided = missing.goOn();
    return decided.ok ? ok() : err(JSON.stringify(decided.error));
  },
  close: async () => undefined,
});

/** Nobody is at the line's other end. */
const silent = (baud: number) => ({ baud, receive: () => undefined, send: (_: Uint8Array): void => undefined });

export const xsEngine: EngineMaker = async (day) => {
  const { store } = day;
  await buildHost();
  const panel = silent(115_200);
  let answer:
    | { readonly id: number; readonly value?: unknown; readonly error?: string; readonly message?: string }
    | undefined;
  const terminal = new Terminal({
    image: await buildImage("crash"),
    clock: new VirtualClock(),
    virtual: true,
    seed: "c4a5".repeat(16),
    wallBase: campaignClock.wall(),
    device: campaignFuses,
    flash: store.chips,
    serial: { reader: silent(115_200), printer: silent(230_400), panel },
    onTrace: (line) => {
      if (line.startsWith("{")) answer = JSON.parse(line) as typeof answer;
    },
  });
  await terminal.start();
  let id = 0;
  const ask = async (op: string, rest: object): Promise<Result<unknown, string>> => {
    id++;
    panel.send(Buffer.from(`${JSON.stringify({ id, op, ...rest })}\n`));
    await terminal.runUntil(() => answer?.id === id);
    if (answer?.id !== id) throw new Error(`the terminal does not answer "${op}"`);
    return answer.error === undefined ? ok(answer.value) : outOfService(`${answer.error}: ${answer.message}`);
  };
  const tokens = tokensOf(day);
  const begun = await ask("begin", {
    args: [{ wall: campaignClock.wall(), tokens, events: [...dayEvents] } satisfies Begin],
  });
  if (!begun.ok) throw new Error(begun.error);
  return {
    recover: async () => {
      const asked = await ask("recover", { args: store.drawWords() });
      if (!asked.ok) return asked;
      const told = asked.value as Told;
      if ("error" in told) return outOfService(told.error);
      return ok({ ...told, isSpent: (token) => told.spent[tokens.indexOf(toHex(token))] === "1" });
    },
    goOnAlone: async (name) => {
      const asked = await ask("goOnAlone", { name });
      return !asked.ok ? asked : asked.value === null ? ok() : err(JSON.stringify(asked.value));
    },
    close: async () => {
      terminal.close();
      await terminal.gone();
    },
  };
};

export const engines: Readonly<Record<EngineName, EngineMaker>> = { node: nodeEngine, xs: xsEngine };

/** Of every card that is asked about at any step. */
function tokensOf({ steps }: Day): string[] {
  return [
    ...new Set(
      steps.flatMap(({ expectation: { spent, underWay } }) =>
        [...spent, ...(underWay === undefined ? [] : [underWay.token])].map(toHex),
      ),
    ),
  ];
}
