// One MQTT connection: opened, subscribed, kept alive, closed. Delivery is not its matter (a receipt from the collector
// is, see uplink.ts), so it keeps nothing for sending again and simply ends when anything is wrong; its owner opens
// another. What a broker may send and we do not want is answered, dropped and counted.

import type { Clock, TCP, TCPConstructor, Timer, TimerHandle } from "../platform.js";
import {
  PacketReader,
  connectPacket,
  disconnectPacket,
  pingreqPacket,
  pubackPacket,
  pubcompPacket,
  publishPacket,
  pubrecPacket,
  subscribePacket,
  type ServerPacket,
  type Wanted,
} from "./mqtt-packet.js";

/** A broker counts whole packets: the longest one takes minutes on the slowest line. */
const keepAlive_s = 300;
const pingMs = 30_000;
/** CONNACK, SUBACK, PINGRESP or PUBACK later than this, and what is on the line takes, ends the connection. */
const answerMaxMs = 10_000;
/** Half of what a line of 2,400 bit/s carries. */
const slowestBytesPerS = 150;
/** Bytes waiting for the line; more than one batch and a heartbeat is a fault of ours. */
const outgoingMax = 131_072;
/** Answers that wait for the line: with more of them nothing is read. */
const answersMax = 32;
/** What is read in one turn, and when the next one is: whatever a broker sends, the screen has its time. */
const readMax = 2_048;
const readPauseMs = 50;
/** A message that is shorter tells less of the line than of the broker. */
const measuredMin = 256;

/** How long a line that is just good enough takes for so many bytes. */
export function slowestMs(length: number): number {
  return Math.ceil((length * 1_000) / slowestBytesPerS);
}

export interface MqttHandlers {
  /** Connected and subscribed. */
  onUp(): void;
  /** Ended, for whatever reason; nothing follows. */
  onDown(why: string): void;
  onMessage(topic: string, payload: Uint8Array): void;
  /** Legal, and not for us. */
  onDropped(): void;
  /** The broker has what was published. Of a message that had the line to itself: its length and how long it took. */
  onAcknowledged(measured: { readonly length: number; readonly tookMs: number } | undefined): void;
}

export interface MqttOptions extends MqttHandlers {
  readonly network: { readonly io: TCPConstructor; readonly address: string; readonly port: number };
  readonly timer: Timer;
  readonly clock: Clock;
  readonly clientId: string;
  readonly filter: string;
  /** Topics that the filter covers. */
  readonly wanted: readonly Wanted[];
}

interface Published {
  readonly length: number;
  readonly sinceMs: number;
  readonly alone: boolean;
}

export class MqttClient {
  readonly #options: MqttOptions;
  readonly #reader: PacketReader;
  readonly #tcp: TCP;
  #state: "connecting" | "subscribing" | "up" | "down" = "connecting";
  /** Answers and pings: before what is published, behind the packet of which a part has left. */
  #answers: Uint8Array[] = [];
  #outgoing: Uint8Array[] = [];
  #begun: Uint8Array | undefined;
  #queued = 0;
  #room = 0;
  #id = 0;
  #answerTimer: TimerHandle | undefined;
  #pingTimer: TimerHandle | undefined;
  #readTimer: TimerHandle | undefined;
  #pinged = false;
  /** Published and not acknowledged, by id. */
  readonly #flying = new Map<number, Published>();
  #flyingLength = 0;
  #readable = false;

  constructor(options: MqttOptions) {
    this.#options = options;
    this.#reader = new PacketReader(options.wanted);
    const client = this;
    this.#tcp = new options.network.io({
      address: options.network.address,
      port: options.network.port,
      onReadable() {
        client.#readable = true;
        if (client.#readTimer === undefined) client.#read();
      },
      onWritable(bytes) {
        client.#room = bytes;
        client.#flush();
      },
      onError() {
        client.#end("line");
      },
    });
    this.#answer(connectPacket(options.clientId, keepAlive_s));
    this.#expect();
  }

  /** A message for us has begun to come. */
  get isReceiving(): boolean {
    return this.#reader.isReceiving;
  }

  /**
   * QoS 1; whether it arrived is told by a receipt. False when the connection is not up, or it is too long for a
   * packet.
   */
  publish(topic: string, payload: Uint8Array): boolean {
    if (this.#state !== "up") return false;
    const id = this.#nextId();
    const packet = publishPacket(topic, payload, id);
    if (packet === undefined) return false;
    const alone = this.#queued === 0 && this.#flying.size === 0;
    this.#flying.set(id, { length: packet.length, sinceMs: this.#options.clock.monotonic(), alone });
    this.#flyingLength += packet.length;
    this.#outgoing.push(packet);
    this.#send(packet);
    if (alone || this.#answerTimer === undefined) this.#expect();
    return true;
  }

  /** Idempotent; no handler is called afterwards. */
  close(): void {
    if (this.#state === "down") return;
    this.#answer(disconnectPacket());
    this.#release();
  }

  #nextId(): number {
    this.#id = (this.#id % 0xffff) + 1;
    return this.#id;
  }

  #answer(packet: Uint8Array): void {
    this.#answers.push(packet);
    this.#send(packet);
  }

  /** Something was put into a queue. */
  #send(packet: Uint8Array): void {
    this.#queued += packet.length;
    if (this.#queued > outgoingMax) return this.#end("queue");
    this.#flush();
    this.#pingLater();
  }

  #flush(): void {
    while (this.#room > 0) {
      const next = this.#begun ?? this.#answers.shift() ?? this.#outgoing.shift();
      if (next === undefined) break;
      const part = next.subarray(0, this.#room);
      this.#tcp.write(part);
      this.#room -= part.length;
      this.#queued -= part.length;
      this.#begun = part.length === next.length ? undefined : next.subarray(part.length);
    }
    if (this.#readable && this.#readTimer === undefined) this.#readLater();
  }

  #read(): void {
    if (this.#state === "down" || this.#answers.length >= answersMax) return;
    this.#readable = false;
    const data = this.#tcp.read(readMax);
    if (data === undefined) return;
    const bytes = new Uint8Array(data);
    const why = this.#reader.read(bytes, (packet) => {
      this.#take(packet);
      return !this.#isDown();
    });
    if (why !== undefined) return this.#end(`broker: ${why}`);
    if (this.#isDown()) return;
    // the line lives: what is waited for may still come
    this.#expect();
    if (bytes.length < readMax) return;
    this.#readable = true;
    this.#readLater();
  }

  #readLater(): void {
    this.#readTimer = this.#options.timer.set(() => {
      this.#readTimer = undefined;
      this.#read();
    }, readPauseMs);
  }

  #take(packet: ServerPacket): void {
    switch (packet.type) {
      case "connack":
        if (this.#state !== "connecting" || packet.code !== 0) return this.#end(`refused: ${packet.code}`);
        this.#state = "subscribing";
        return this.#answer(subscribePacket(this.#options.filter, this.#nextId()));
      case "suback":
        if (this.#state !== "subscribing" || !packet.granted) return this.#end("not subscribed");
        this.#state = "up";
        return this.#options.onUp();
      case "publish":
        return this.#takeMessage(packet);
      case "puback":
        return this.#acknowledged(packet.id);
      case "pubrel":
        return this.#answer(pubcompPacket(packet.id));
      case "pingresp":
        if (!this.#pinged) return this.#options.onDropped();
        this.#pinged = false;
        return;
    }
  }

  /** Section 3.8.4: one may come before the SUBACK. Nothing of ours can have been asked for then. */
  #takeMessage({ topic, payload, qos, id }: ServerPacket & { readonly type: "publish" }): void {
    if (this.#state === "connecting") return this.#end("publish before connack");
    if (topic === undefined || this.#state !== "up") this.#options.onDropped();
    else this.#options.onMessage(topic, payload);
    if (qos === 0 || this.#isDown()) return;
    // at QoS 2 it may come twice, which does no more harm than once
    this.#answer(qos === 1 ? pubackPacket(id) : pubrecPacket(id));
  }

  #acknowledged(id: number): void {
    const published = this.#flying.get(id);
    if (published === undefined) return this.#options.onDropped();
    this.#flying.delete(id);
    this.#flyingLength -= published.length;
    const { length, sinceMs, alone } = published;
    const tookMs = this.#options.clock.monotonic() - sinceMs;
    this.#options.onAcknowledged(alone && length >= measuredMin ? { length, tookMs } : undefined);
  }

  #isDown(): boolean {
    return this.#state === "down";
  }

  #pingLater(): void {
    if (this.#isDown()) return;
    const { timer } = this.#options;
    if (this.#pingTimer !== undefined) timer.clear(this.#pingTimer);
    this.#pingTimer = timer.set(() => {
      this.#pingTimer = undefined;
      // an answer is waited for already, and asking again would be no reason to wait longer
      if (this.#answerTimer !== undefined) return this.#pingLater();
      this.#pinged = true;
      this.#answer(pingreqPacket());
      this.#expect();
    }, pingMs);
  }

  /** Waits for what the broker owes, from now on: as long as everything that is on the line before it takes. */
  #expect(): void {
    const { timer } = this.#options;
    if (this.#answerTimer !== undefined) timer.clear(this.#answerTimer);
    this.#answerTimer = undefined;
    if (this.#isDown() || (this.#state === "up" && !this.#pinged && this.#flying.size === 0)) return;
    this.#answerTimer = timer.set(
      () => this.#end(this.#pinged ? "no pingresp" : "no answer"),
      answerMaxMs + slowestMs(this.#flyingLength),
    );
  }

  #end(why: string): void {
    if (this.#state === "down") return;
    this.#release();
    this.#options.onDown(why);
  }

  #release(): void {
    this.#state = "down";
    const { timer } = this.#options;
    for (const handle of [this.#answerTimer, this.#pingTimer, this.#readTimer])
      if (handle !== undefined) timer.clear(handle);
    this.#answerTimer = this.#pingTimer = this.#readTimer = undefined;
    this.#answers = [];
    this.#outgoing = [];
    this.#begun = undefined;
    this.#flying.clear();
    this.#tcp.close();
  }
}
