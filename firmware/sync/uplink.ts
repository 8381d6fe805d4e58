// The line to the collector. Ballots leave after the close and not before: what was drawn, sent, dropped or receipted
// while people vote would tell a broker which records are new. What was sent is noted nowhere on flash: after every
// connection the collector is asked what it has, and what it has receipted under its signature has left the outbox.
// Sending again is harmless.

import { compareBytes, equalBytes, writeU32 } from "../bytes.js";
import type { Crypto, SignKeyPair } from "../crypto/crypto.js";
import type { StationElection, TerminalId } from "../election/types.js";
import type { PollState } from "../journal/poll-state.js";
import type { Clock, TCPConstructor, Timer, TimerHandle } from "../platform.js";
import { recordHash, recordHashLength } from "../vault/record.js";
import type { Vault } from "../vault/vault.js";
import {
  type Messages,
  batchRecordsMax,
  downFilter,
  messageLimits,
  openMessage,
  recordsThatFit,
  signMessage,
  topicOf,
} from "./messages.js";
import { clientId } from "./client-id.js";
import { MqttClient, slowestMs } from "./mqtt-client.js";
import { messageLengthMax } from "./mqtt-packet.js";

const heartbeatMs = 300_000;
const receiptMaxMs = 30_000;
/** Pauses before the next connection double; a connection that holds for as long as the longest begins them anew. */
const retryMinMs = 1_000;
const retryMaxMs = 60_000;
/** What one batch may take of the line's time; the next one is at most so many times as long as the last one. */
const batchMs = 5_000;
const batchGrowth = 4;
/** Of a line that is not known yet: what one of 2,400 bit/s carries in that time. */
const firstBatchLength = 1_500;
/** Messages that led to nothing in so much time; after them none is looked at until it is over. */
const uselessMax = 20;
const uselessMs = 10_000;
const polls: readonly PollState[] = ["before-opening", "open", "paused", "closed"];

/** Ballots and results on their way to the collector; off: the election has none. */
export type SyncStatus = "off" | "waiting" | "offline" | "done";

export interface UplinkOptions {
  readonly crypto: Crypto;
  readonly election: StationElection;
  readonly terminal: TerminalId;
  readonly signKey: SignKeyPair;
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
  #upSinceMs = 0;
  #timer: TimerHandle | undefined;
  #onTimer: (() => void) | undefined;
  /** Bytes of the next batch, as acknowledgements have come. */
  #batchLength = firstBatchLength;
  readonly #run: Uint8Array;
  #beats = 0;
  /** What came and was not what it should be. */
  #dropped = 0;
  #useless = { count: 0, sinceMs: 0 };
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
    this.#run = options.crypto.random(8);
  }

  start(): void {
    this.#connect();
    this.#beat();
  }

  /** Messages since the start that were foreign, too long, not asked for or not signed. */
  get dropped(): number {
    return this.#dropped;
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
    const { crypto, election, terminal, network, timer, clock, signKey } = this.#options;
    const where = { election: election.id, terminal };
    const receipts = topicOf(where, "receipt");
    const inventories = topicOf(where, "inventory");
    this.#client = new MqttClient({
      network,
      timer,
      clock,
      clientId: clientId(crypto, { root: election.root, terminal, publicKey: signKey.publicKey }),
      filter: downFilter(where),
      wanted: [
        { topic: receipts, lengthMax: messageLimits.receipt.length },
        { topic: inventories, lengthMax: messageLimits.inventory.length },
      ],
      onUp: () => {
        this.#up = true;
        this.#upSinceMs = clock.monotonic();
        // a collector that lost its disk gets everything again
        this.#received.fill(0);
        this.#resultsReceived = false;
        this.#options.onLine(true);
        this.#ask();
      },
      onDown: (why) => this.#lineDown(why),
      onMessage: (topic, payload) => {
        if (this.#isFlooded()) return this.#drop();
        if (topic === receipts ? this.#takeReceipt(payload) : this.#takeInventory(payload)) return;
        this.#useless.count++;
        this.#drop();
      },
      onDropped: () => this.#drop(),
      onAcknowledged: (measured) => {
        if (measured !== undefined) this.#measure(measured.length, measured.tookMs);
        // the line has done its part: now it is the collector's turn
        if (this.#onTimer !== undefined) this.#setTimer(this.#onTimer, receiptMaxMs);
      },
    });
  }

  /** Where somebody ends each connection as soon as it is there, the pauses stay long, and drawn: it is no reason to stop. */
  #lineDown(why: string): void {
    const { crypto, clock, trace, onLine } = this.#options;
    trace(`uplink down: ${why}`);
    const was = this.#up;
    if (was && clock.monotonic() - this.#upSinceMs >= retryMaxMs) this.#retryMs = retryMinMs;
    this.#up = false;
    this.#nonce = undefined;
    this.#flying = undefined;
    this.#client = undefined;
    if (was) onLine(false);
    const half = Math.ceil(this.#retryMs / 2);
    this.#setTimer(() => this.#connect(), half + crypto.randomBelow(half));
    this.#retryMs = Math.min(2 * this.#retryMs, retryMaxMs);
  }

  #drop(): void {
    this.#dropped++;
    // 1, 2, 4, 8 ...
    if ((this.#dropped & (this.#dropped - 1)) === 0) this.#options.trace(`uplink: ${this.#dropped} messages dropped`);
  }

  /** To verify costs thousands of times what it costs to send, be it forged or sent again. */
  #isFlooded(): boolean {
    const nowMs = this.#options.clock.monotonic();
    if (nowMs - this.#useless.sinceMs >= uselessMs) this.#useless = { count: 0, sinceMs: nowMs };
    return this.#useless.count >= uselessMax;
  }

  #refuse(kind: string, what: string): false {
    this.#options.trace(`${kind}: ${what}`);
    return false;
  }

  /** The next batch is as long as the line carries in a few seconds, by what it made of the last one. */
  #measure(length: number, tookMs: number): void {
    const carried = Math.floor((length * batchMs) / Math.max(tookMs, 1));
    this.#batchLength = Math.min(carried, Math.max(batchGrowth * length, this.#batchLength), messageLengthMax);
  }

  /** Bytes that were sent. */
  #publish<K extends "query" | "batch" | "heartbeat">(kind: K, message: Messages[K]): number {
    const { crypto, signKey } = this.#options;
    const signed = signMessage(crypto, kind, message, signKey.secretKey);
    this.#client?.publish(topicOf(message, kind), signed);
    return signed.length;
  }

  get #where(): { readonly election: Uint8Array; readonly terminal: number } {
    return { election: this.#options.election.id, terminal: this.#options.terminal };
  }

  #beat(): void {
    const { election, vault, timer, poll } = this.#options;
    const { k } = election.policy;
    const { ballots } = vault.counts;
    if (this.#up)
      this.#publish("heartbeat", {
        ...this.#where,
        poll: polls.indexOf(poll()),
        ballots: u32(ballots - (ballots % k)),
        root: election.root,
        run: this.#run,
        counter: u32(++this.#beats),
        dropped: u32(this.#dropped),
      });
    timer.set(() => this.#beat(), heartbeatMs);
  }

  #ask(): void {
    this.#nonce = this.#options.crypto.random(16);
    this.#partsSeen = new Set();
    this.#publish("query", { ...this.#where, nonce: this.#nonce });
    this.#askLater(messageLimits.query.length);
  }

  /** When no answer comes to what was sent; `length`: its bytes. A long answer on a slow line is waited for. */
  #askLater(length: number): void {
    const again = (): void =>
      this.#client?.isReceiving === true ? this.#setTimer(again, receiptMaxMs) : this.#askAgain();
    this.#setTimer(again, receiptMaxMs + slowestMs(length));
  }

  #askAgain(): void {
    this.#flying = undefined;
    this.#ask();
  }

  /** False: it led to nothing. */
  #takeInventory(payload: Uint8Array): boolean {
    const { crypto, election, terminal, vault } = this.#options;
    const opened = openMessage(crypto, "inventory", payload, election.collectorKey);
    if (!opened.ok) return this.#refuse("inventory", opened.error.what);
    const { nonce, part, parts, hashes } = opened.value;
    if (
      this.#nonce === undefined ||
      !equalBytes(nonce, this.#nonce) ||
      !equalBytes(opened.value.election, election.id) ||
      opened.value.terminal !== terminal ||
      this.#partsSeen.has(part)
    )
      return false;
    // every record is read for it: not for a collector that has none
    for (const slot of hashes.length === 0 ? [] : this.#waiting()) {
      const record = vault.record(slot);
      if (record !== undefined && contains(hashes, recordHash(crypto, record))) this.#received[slot] = 1;
    }
    this.#partsSeen.add(part);
    if (this.#partsSeen.size < parts) this.#askLater(0);
    else {
      this.#nonce = undefined;
      this.#sendBatch();
    }
    return true;
  }

  /** False: it led to nothing. */
  #takeReceipt(payload: Uint8Array): boolean {
    const { crypto, election, terminal, vault } = this.#options;
    const opened = openMessage(crypto, "receipt", payload, election.collectorKey);
    if (!opened.ok) return this.#refuse("receipt", opened.error.what);
    const { hashes } = opened.value;
    if (!equalBytes(opened.value.election, election.id) || opened.value.terminal !== terminal) return false;
    if (this.#receiptResults(hashes)) return true;
    if (this.#flying === undefined) return false;
    let all = true;
    for (const slot of this.#flying) {
      const record = vault.record(slot);
      if (record !== undefined && contains(hashes, recordHash(crypto, record))) this.#received[slot] = 1;
      else all = false;
    }
    // a receipt of an earlier sending: the one for this batch is still to come
    if (!all) return false;
    this.#flying = undefined;
    this.#sendBatch();
    return true;
  }

  /** After every ballot: the collector checks them against the records that it has. */
  #sendResults(): void {
    const results = this.#options.results();
    if (results === undefined || this.#resultsReceived) return;
    this.#client?.publish(topicOf(this.#where, "results"), results);
    this.#askLater(results.length);
  }

  /** False: they are not receipted by it, or were before. */
  #receiptResults(hashes: readonly Uint8Array[]): boolean {
    const results = this.#options.results();
    if (results === undefined || this.#resultsReceived || !contains(hashes, recordHash(this.#options.crypto, results)))
      return false;
    this.#resultsReceived = true;
    this.#clearTimer();
    if (this.#resultsTold) return true;
    this.#resultsTold = true;
    this.#options.onResultsReceived();
    return true;
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
    const { crypto, vault, poll } = this.#options;
    this.#clearTimer();
    if (poll() !== "closed") return;
    const waiting = this.#waiting();
    const total = vault.counts.ballots;
    if (waiting.length === 0) {
      if (!this.#complete) {
        this.#complete = true;
        this.#publish("batch", { ...this.#where, records: [], total });
        this.#options.onAllReceived();
      }
      this.#sendResults();
      return;
    }
    const size = Math.min(batchRecordsMax, waiting.length);
    // a partial shuffle: `size` slots drawn uniformly from those that wait
    for (let i = 0; i < size; i++) {
      const j = i + crypto.randomBelow(waiting.length - i);
      [waiting[i], waiting[j]] = [waiting[j]!, waiting[i]!];
    }
    const drawn = Array.from(waiting.subarray(0, size), (slot) => ({ slot, record: vault.record(slot) }));
    const whole = drawn.map(({ record }) => record).filter((record) => record !== undefined);
    // what has no room in the message, or on the line, goes with a later one
    const records = whole.slice(0, recordsThatFit(whole, this.#batchLength));
    this.#flying = drawn
      .filter(({ record }) => record === undefined || records.includes(record))
      .map(({ slot }) => slot);
    records.sort(compareBytes);
    const sent = this.#publish("batch", { ...this.#where, records, total });
    this.#askLater(sent);
  }

  #clearTimer(): void {
    if (this.#timer !== undefined) this.#options.timer.clear(this.#timer);
    this.#timer = this.#onTimer = undefined;
  }

  #setTimer(callback: () => void, delayMs: number): void {
    this.#clearTimer();
    this.#onTimer = callback;
    this.#timer = this.#options.timer.set(() => {
      this.#timer = this.#onTimer = undefined;
      callback();
    }, delayMs);
  }
}

function u32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  writeU32(bytes, 0, value);
  return bytes;
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
