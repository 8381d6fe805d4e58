// The line to the collector. Ballots leave after the close, or during the day in batches of k drawn at random from at
// least 2k that wait, so that k always remain. What was sent is noted nowhere on flash: after every connection the
// collector is asked what it has, and what it has receipted under its signature has left the outbox. Sending again is
// harmless.

import { compareBytes, equalBytes, writeU32 } from "../bytes.js";
import type { Crypto } from "../crypto/crypto.js";
import type { StationElection, TerminalId } from "../election/types.js";
import type { PollState } from "../journal/poll-state.js";
import type { Clock, TCPConstructor, Timer, TimerHandle } from "../platform.js";
import { recordHash, recordHashLength } from "../vault/record.js";
import type { Vault } from "../vault/vault.js";
import {
  type Messages,
  batchRecordsMax,
  downFilter,
  openMessage,
  recordsThatFit,
  signMessage,
  topicOf,
} from "./messages.js";
import { MqttClient } from "./mqtt-client.js";

const heartbeatMs = 300_000;
const receiptMaxMs = 30_000;
const retryMinMs = 1_000;
const retryMaxMs = 60_000;
const polls: readonly PollState[] = ["before-opening", "open", "paused", "closed"];

/** Ballots and results on their way to the collector; off: the election has none. */
export type SyncStatus = "off" | "waiting" | "offline" | "done";

export interface UplinkOptions {
  readonly crypto: Crypto;
  readonly election: StationElection;
  readonly terminal: TerminalId;
  readonly signKey: { readonly secretKey: Uint8Array };
  readonly vault: Vault;
  readonly network: { readonly io: TCPConstructor; readonly address: string; readonly port: number };
  readonly timer: Timer;
  readonly clock: Clock;
  readonly poll: () => PollState;
  readonly onLine: (up: boolean) => void;
  /** The signed results, once there are any. */
  readonly results: () => Uint8Array | undefined;
  /** Every ballot stored is receipted, after the close. */
  readonly onAllReceived: () => void;
  /** The collector has the results and agrees that they were counted from the records it has. */
  readonly onResultsReceived: () => void;
  readonly trace: (line: string) => void;
}

export class Uplink {
  readonly #options: UplinkOptions;
  #client: MqttClient | undefined;
  #up = false;
  #retryMs = retryMinMs;
  #timer: TimerHandle | undefined;
  /** By slot, 1: the collector has its record on its disk. A set of thousands would take more heap than there is. */
  readonly #received: Uint8Array;
  #nonce: Uint8Array | undefined;
  #partsSeen = new Set<number>();
  /** Slots of the batch that waits for its receipt. */
  #flying: readonly number[] | undefined;
  #complete = false;
  /** On this connection; and at all, which is told once. */
  #resultsReceived = false;
  #resultsTold = false;

  constructor(options: UplinkOptions) {
    this.#options = options;
    this.#received = new Uint8Array(options.vault.slots);
  }

  start(): void {
    this.#connect();
    this.#beat();
  }

  get sync(): SyncStatus {
    if (this.#complete && (this.#resultsReceived || this.#options.results() === undefined)) return "done";
    return this.#up ? "waiting" : "offline";
  }

  /** A ballot was cast, or the polls changed: perhaps something may leave now. */
  nudge(): void {
    if (this.#options.poll() !== "closed") this.#complete = false;
    if (this.#up && this.#nonce === undefined && this.#flying === undefined) this.#sendBatch();
  }

  #connect(): void {
    const { election, terminal, network, timer, clock } = this.#options;
    const where = { election: election.id, terminal };
    this.#client = new MqttClient({
      network,
      timer,
      clock,
      clientId: `sandogh-${terminal}`,
      filter: downFilter(where),
      onUp: () => {
        this.#up = true;
        this.#retryMs = retryMinMs;
        // a collector that lost its disk gets everything again
        this.#received.fill(0);
        this.#resultsReceived = false;
        this.#options.onLine(true);
        this.#ask();
      },
      onDown: (why) => {
        this.#options.trace(`uplink down: ${why}`);
        const was = this.#up;
        this.#up = false;
        this.#nonce = undefined;
        this.#flying = undefined;
        this.#client = undefined;
        if (was) this.#options.onLine(false);
        this.#setTimer(() => this.#connect(), this.#retryMs);
        this.#retryMs = Math.min(2 * this.#retryMs, retryMaxMs);
      },
      onMessage: (topic, payload) => {
        if (topic === topicOf(where, "receipt")) this.#takeReceipt(payload);
        if (topic === topicOf(where, "inventory")) this.#takeInventory(payload);
      },
    });
  }

  #clearTimer(): void {
    if (this.#timer !== undefined) this.#options.timer.clear(this.#timer);
    this.#timer = undefined;
  }

  #setTimer(callback: () => void, delayMs: number): void {
    this.#clearTimer();
    this.#timer = this.#options.timer.set(callback, delayMs);
  }

  #publish<K extends "query" | "batch" | "heartbeat">(kind: K, message: Messages[K]): void {
    const { crypto, signKey } = this.#options;
    this.#client?.publish(topicOf(message, kind), signMessage(crypto, kind, message, signKey.secretKey));
  }

  get #where(): { readonly election: Uint8Array; readonly terminal: number } {
    return { election: this.#options.election.id, terminal: this.#options.terminal };
  }

  #beat(): void {
    const { election, vault, timer, poll } = this.#options;
    const { k } = election.policy;
    const ballots = new Uint8Array(4);
    writeU32(ballots, 0, vault.counts.ballots - (vault.counts.ballots % k));
    if (this.#up)
      this.#publish("heartbeat", { ...this.#where, poll: polls.indexOf(poll()), ballots, root: election.root });
    timer.set(() => this.#beat(), heartbeatMs);
  }

  #ask(): void {
    this.#nonce = this.#options.crypto.random(16);
    this.#partsSeen = new Set();
    this.#publish("query", { ...this.#where, nonce: this.#nonce });
    this.#setTimer(() => this.#ask(), receiptMaxMs);
  }

  #takeInventory(payload: Uint8Array): void {
    const { crypto, election, terminal, vault } = this.#options;
    const opened = openMessage(crypto, "inventory", payload, election.collectorKey);
    if (!opened.ok) return this.#options.trace(`inventory: ${opened.error.what}`);
    const { nonce, part, parts, hashes } = opened.value;
    if (
      this.#nonce === undefined ||
      !equalBytes(nonce, this.#nonce) ||
      !equalBytes(opened.value.election, election.id) ||
      opened.value.terminal !== terminal
    )
      return;
    // every record is read for it: not for a collector that has none
    for (const slot of hashes.length === 0 ? [] : this.#waiting()) {
      const record = vault.record(slot);
      if (record !== undefined && contains(hashes, recordHash(crypto, record))) this.#received[slot] = 1;
    }
    this.#partsSeen.add(part);
    if (this.#partsSeen.size < parts) return;
    this.#nonce = undefined;
    this.#sendBatch();
  }

  #takeReceipt(payload: Uint8Array): void {
    const { crypto, election, terminal, vault } = this.#options;
    const opened = openMessage(crypto, "receipt", payload, election.collectorKey);
    if (!opened.ok) return this.#options.trace(`receipt: ${opened.error.what}`);
    const { hashes } = opened.value;
    if (!equalBytes(opened.value.election, election.id) || opened.value.terminal !== terminal) return;
    this.#receiptResults(hashes);
    if (this.#flying === undefined) return;
    let all = true;
    for (const slot of this.#flying) {
      const record = vault.record(slot);
      if (record !== undefined && contains(hashes, recordHash(crypto, record))) this.#received[slot] = 1;
      else all = false;
    }
    // a receipt of an earlier sending: the one for this batch is still to come
    if (!all) return;
    this.#flying = undefined;
    this.#sendBatch();
  }

  /** After every ballot: the collector checks them against the records that it has. */
  #sendResults(): void {
    const results = this.#options.results();
    if (results === undefined || this.#resultsReceived) return;
    this.#client?.publish(topicOf(this.#where, "results"), results);
    this.#setTimer(() => this.#ask(), receiptMaxMs);
  }

  #receiptResults(hashes: readonly Uint8Array[]): void {
    const results = this.#options.results();
    if (results === undefined || this.#resultsReceived || !contains(hashes, recordHash(this.#options.crypto, results)))
      return;
    this.#resultsReceived = true;
    this.#clearTimer();
    if (this.#resultsTold) return;
    this.#resultsTold = true;
    this.#options.onResultsReceived();
  }

  /**
   * Slots of ballots that the collector has not receipted: no list of numbers, of which the heap holds some thousands.
   */
  #waiting(): Uint16Array {
    const { vault } = this.#options;
    const slots = new Uint16Array(vault.slots);
    let count = 0;
    for (let slot = 0; slot < slots.length; slot++) {
      if (this.#received[slot] === 0 && vault.isCommitted(slot)) slots[count++] = slot;
    }
    return slots.subarray(0, count);
  }

  #sendBatch(): void {
    const { crypto, election, vault, poll } = this.#options;
    const closed = poll() === "closed";
    const { k, ballotsLeave } = election.policy;
    if (!closed && ballotsLeave === "after-close") return this.#clearTimer();
    const waiting = this.#waiting();
    if (closed && waiting.length === 0) {
      this.#clearTimer();
      if (!this.#complete) {
        this.#complete = true;
        this.#publish("batch", { ...this.#where, records: [], total: vault.counts.ballots });
        this.#options.onAllReceived();
      }
      this.#sendResults();
      return;
    }
    const size = closed ? Math.min(batchRecordsMax, waiting.length) : waiting.length >= 2 * k ? k : 0;
    this.#clearTimer();
    if (size === 0) return;
    // a partial shuffle: `size` slots drawn uniformly from those that wait
    for (let i = 0; i < size; i++) {
      const j = i + crypto.randomBelow(waiting.length - i);
      [waiting[i], waiting[j]] = [waiting[j]!, waiting[i]!];
    }
    const drawn = Array.from(waiting.subarray(0, size), (slot) => ({ slot, record: vault.record(slot) }));
    const whole = drawn.map(({ record }) => record).filter((record) => record !== undefined);
    // what has no room in the message goes with a later one; during the day all have it (service/limits.ts)
    const records = whole.slice(0, recordsThatFit(whole));
    this.#flying = drawn
      .filter(({ record }) => record === undefined || records.includes(record))
      .map(({ slot }) => slot);
    records.sort(compareBytes);
    this.#publish("batch", { ...this.#where, records, total: closed ? vault.counts.ballots : null });
    this.#setTimer(() => {
      this.#flying = undefined;
      this.#ask();
    }, receiptMaxMs);
  }
}

/** `sorted`: hashes in ascending order. */
function contains(sorted: readonly Uint8Array[], hash: Uint8Array): boolean {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const order = compareBytes(sorted[middle]!, hash);
    if (order === 0) return hash.length === recordHashLength;
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return false;
}
