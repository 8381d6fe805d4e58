// The collector: takes sealed batches from terminals through a broker that nobody trusts, checks every signature,
// stores, and only then signs a receipt. It cannot open a ballot. A message that is not valid is counted and dropped; a
// terminal sends again.

import type { MqttClient } from "mqtt";
import { concatAll, equalBytes, fromHex, readU32, toHex } from "../firmware/bytes.js";
import type { Crypto } from "../firmware/crypto/crypto.js";
import type { AssignedElection } from "../office/device/enrol.js";
import {
  type Address,
  type MessageKind,
  type Messages,
  inventoryPartMax,
  openMessage,
  signMessage,
  topicOf,
  upFilter,
} from "../firmware/sync/messages.js";
import { readResults } from "../firmware/tally/results.js";
import { readRecord, recordHash } from "../firmware/vault/record.js";
import type { RecordStore, StoredRecord } from "./store.js";

export interface CollectorOptions {
  readonly crypto: Crypto;
  readonly election: Pick<AssignedElection, "id" | "root" | "terminals">;
  readonly signKey: { readonly secretKey: Uint8Array };
  readonly store: RecordStore;
  /** Connects to the broker. */
  readonly connect: () => MqttClient;
}

export interface CollectorCounters {
  batches: number;
  records: number;
  /** Messages and records that were refused. */
  refused: number;
  /** Each counts once, however often somebody sends it again. */
  heartbeats: number;
}

export class Collector {
  readonly #options: CollectorOptions;
  readonly #client: MqttClient;
  readonly counters: CollectorCounters = { batches: 0, records: 0, refused: 0, heartbeats: 0 };
  /** The last heartbeat's counter, by terminal and its start: only a terminal makes such a start known. */
  readonly #beats = new Map<string, number>();
  /** Messages that are being worked on. */
  #pending = 0;
  #why: string | undefined;

  constructor(options: CollectorOptions) {
    this.#options = options;
    this.#client = options.connect();
    this.#client.on("connect", () => this.#client.subscribe(upFilter, { qos: 1 }));
    // the broker gets its PUBACK when the batch is on the disk
    this.#client.handleMessage = (packet, done) => {
      this.#pending++;
      this.#take(packet.topic, packet.payload as Buffer).then(
        () => {
          this.#pending--;
          done();
        },
        (error: unknown) => {
          this.#pending--;
          done(error instanceof Error ? error : new Error(String(error)));
        },
      );
    };
    this.#client.on("error", () => undefined);
  }

  get pending(): number {
    return this.#pending;
  }

  /** Why the last message was refused. */
  get lastRefusal(): string | undefined {
    return this.#why;
  }

  async close(): Promise<void> {
    await this.#client.endAsync(true);
  }

  #refuse(why: string): void {
    this.counters.refused++;
    this.#why = why;
  }

  async #take(topic: string, payload: Buffer): Promise<void> {
    const { election } = this.#options;
    const [, hex, id, , kind] = topic.split("/");
    const terminal = election.terminals.find((each) => String(each.id) === id);
    if (terminal === undefined || hex === undefined || !equalBytes(fromHex(hex) ?? new Uint8Array(0), election.id))
      return this.#refuse(`topic ${topic}`);
    const where = { election: election.id, terminal: terminal.id };
    const signed = new Uint8Array(payload);
    switch (kind) {
      case "batch":
        return this.#takeBatch(where, signed, terminal.publicKey);
      case "query":
        return this.#takeQuery(where, signed, terminal.publicKey);
      case "results":
        return this.#takeResults(where, signed, terminal.publicKey);
      case "heartbeat": {
        const heartbeat = this.#open("heartbeat", signed, terminal.publicKey, where);
        if (heartbeat === undefined) return;
        if (!equalBytes(heartbeat.root, election.root)) return this.#refuse("heartbeat: of another package");
        const run = `${terminal.id}/${toHex(heartbeat.run)}`;
        const counter = readU32(heartbeat.counter, 0);
        if (counter <= (this.#beats.get(run) ?? 0)) return this.#refuse("heartbeat: came before");
        this.#beats.set(run, counter);
        this.counters.heartbeats++;
        return;
      }
      default:
        return this.#refuse(`topic ${topic}`);
    }
  }

  #open<K extends MessageKind>(
    kind: K,
    signed: Uint8Array,
    publicKey: Uint8Array,
    where: Address,
  ): Messages[K] | undefined {
    const opened = openMessage(this.#options.crypto, kind, signed, publicKey);
    if (!opened.ok) {
      this.#refuse(`${kind}: ${opened.error.what}`);
      return undefined;
    }
    if (!equalBytes(opened.value.election, where.election) || opened.value.terminal !== where.terminal) {
      this.#refuse(`${kind}: of another terminal`);
      return undefined;
    }
    return opened.value;
  }

  async #takeBatch(where: Address, signed: Uint8Array, publicKey: Uint8Array): Promise<void> {
    const { crypto, store } = this.#options;
    const batch = this.#open("batch", signed, publicKey, where);
    if (batch === undefined) return;
    this.counters.batches++;
    const good: StoredRecord[] = [];
    for (const record of batch.records) {
      const read = readRecord(crypto, record, publicKey);
      if (!read.ok || !equalBytes(read.value.election, where.election) || read.value.terminal !== where.terminal) {
        this.#refuse(`record: ${read.ok ? "of another terminal" : read.error.what}`);
        continue;
      }
      good.push({ hash: recordHash(crypto, record), ...where, slot: read.value.slot, record });
    }
    const stored = await store.add(good);
    if (stored.length < good.length) this.#refuse("record: its slot holds another record");
    await store.setTotal(where.election, where.terminal, batch.total);
    this.counters.records += stored.length;
    const hashes = stored.map((each) => each.hash).sort((a, b) => Buffer.compare(a, b));
    this.#publish("receipt", { ...where, hashes });
  }

  /** Accepted when they were counted from exactly the records that are stored here. */
  async #takeResults(where: Address, signed: Uint8Array, publicKey: Uint8Array): Promise<void> {
    const { crypto, store } = this.#options;
    const read = readResults(crypto, signed, publicKey);
    if (!read.ok) return this.#refuse(`results: ${read.error.what}`);
    const { root, terminal, ballots, records } = read.value;
    if (!equalBytes(root, this.#options.election.root)) return this.#refuse("results: of another package");
    if (terminal !== where.terminal) return this.#refuse("results: of another terminal");
    const hashes = await store.hashes(where.election, where.terminal);
    if (hashes.length !== ballots || !equalBytes(crypto.sha256(concatAll(hashes)), records))
      return this.#refuse("results: counted from other records than are stored");
    await store.setResults(where.election, where.terminal, signed);
    this.#publish("receipt", { ...where, hashes: [recordHash(crypto, signed)] });
  }

  async #takeQuery(where: Address, signed: Uint8Array, publicKey: Uint8Array): Promise<void> {
    const query = this.#open("query", signed, publicKey, where);
    if (query === undefined) return;
    const hashes = await this.#options.store.hashes(where.election, where.terminal);
    const parts = Math.max(1, Math.ceil(hashes.length / inventoryPartMax));
    for (let part = 0; part < parts; part++) {
      this.#publish("inventory", {
        ...where,
        nonce: query.nonce,
        part,
        parts,
        hashes: hashes.slice(part * inventoryPartMax, (part + 1) * inventoryPartMax),
      });
    }
  }

  #publish<K extends "receipt" | "inventory">(kind: K, message: Messages[K]): void {
    const { crypto, signKey } = this.#options;
    // lost on the way: the terminal asks again
    this.#client.publish(topicOf(message, kind), Buffer.from(signMessage(crypto, kind, message, signKey.secretKey)), {
      qos: 1,
    });
  }
}
