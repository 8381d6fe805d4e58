// One MQTT connection: opened, subscribed, kept alive, closed. Delivery is not its matter (a receipt from the collector
// is, see uplink.ts), so it keeps nothing for sending again and simply ends when anything is wrong; its owner opens
// another.

import type { Clock, TCP, TCPConstructor, Timer, TimerHandle } from "../platform.js";
import {
  PacketReader,
  connectPacket,
  disconnectPacket,
  pingreqPacket,
  pubackPacket,
  publishPacket,
  subscribePacket,
  type ServerPacket,
} from "./mqtt-packet.js";

const keepAlive_s = 60;
/** CONNACK, SUBACK or PINGRESP later than this ends the connection. */
const answerMaxMs = 10_000;
/** Bytes waiting for the line; more than one batch and a heartbeat is a fault of ours. */
const outgoingMax = 131_072;

export interface MqttHandlers {
  /** Connected and subscribed. */
  onUp(): void;
  /** Ended, for whatever reason; nothing follows. */
  onDown(why: string): void;
  onMessage(topic: string, payload: Uint8Array): void;
}

export interface MqttOptions extends MqttHandlers {
  readonly network: { readonly io: TCPConstructor; readonly address: string; readonly port: number };
  readonly timer: Timer;
  readonly clock: Clock;
  readonly clientId: string;
  readonly filter: string;
}

export class MqttClient {
  readonly #options: MqttOptions;
  readonly #reader = new PacketReader();
  readonly #tcp: TCP;
  #state: "connecting" | "subscribing" | "up" | "down" = "connecting";
  #outgoing: Uint8Array[] = [];
  #queued = 0;
  #room = 0;
  #id = 0;
  #timer: TimerHandle | undefined;
  #pinged = false;

  constructor(options: MqttOptions) {
    this.#options = options;
    const client = this;
    this.#tcp = new options.network.io({
      address: options.network.address,
      port: options.network.port,
      onReadable(bytes) {
        const data = this.read(bytes);
        if (data !== undefined) client.#received(new Uint8Array(data));
      },
      onWritable(bytes) {
        client.#room = bytes;
        client.#flush();
      },
      onError() {
        client.#end("line");
      },
    });
    this.#send(connectPacket(options.clientId, keepAlive_s));
    this.#expectWithin(answerMaxMs);
  }

  /**
   * QoS 1; whether it arrived is told by a receipt. False when the connection is not up, or it is too long for a
   * packet.
   */
  publish(topic: string, payload: Uint8Array): boolean {
    if (this.#state !== "up") return false;
    const packet = publishPacket(topic, payload, this.#nextId());
    if (packet === undefined) return false;
    this.#send(packet);
    return true;
  }

  /** Idempotent; no handler is called afterwards. */
  close(): void {
    if (this.#state === "down") return;
    this.#send(disconnectPacket());
    this.#release();
  }

  #nextId(): number {
    this.#id = (this.#id % 0xffff) + 1;
    return this.#id;
  }

  #send(packet: Uint8Array): void {
    this.#outgoing.push(packet);
    this.#queued += packet.length;
    if (this.#queued > outgoingMax) return this.#end("queue");
    this.#flush();
  }

  #flush(): void {
    while (this.#room > 0) {
      const next = this.#outgoing[0];
      if (next === undefined) return;
      const part = next.subarray(0, this.#room);
      this.#tcp.write(part);
      this.#room -= part.length;
      this.#queued -= part.length;
      if (part.length === next.length) this.#outgoing.shift();
      else this.#outgoing[0] = next.subarray(part.length);
    }
  }

  #received(bytes: Uint8Array): void {
    const packets = this.#reader.read(bytes);
    if (!packets.ok) return this.#end(`broker: ${packets.error}`);
    for (const packet of packets.value) {
      if (this.#state === "down") return;
      this.#take(packet);
    }
  }

  #take(packet: ServerPacket): void {
    switch (packet.type) {
      case "connack":
        if (this.#state !== "connecting" || packet.code !== 0) return this.#end(`refused: ${packet.code}`);
        this.#state = "subscribing";
        return this.#send(subscribePacket(this.#options.filter, this.#nextId()));
      case "suback":
        if (this.#state !== "subscribing" || !packet.granted) return this.#end("not subscribed");
        this.#state = "up";
        this.#pingLater();
        return this.#options.onUp();
      case "publish":
        if (this.#state !== "up") return this.#end("publish before suback");
        this.#options.onMessage(packet.topic, packet.payload);
        if (packet.qos === 1 && !this.#isDown()) this.#send(pubackPacket(packet.id));
        return;
      case "puback":
        return;
      case "pingresp":
        this.#pinged = false;
        return this.#pingLater();
    }
  }

  #isDown(): boolean {
    return this.#state === "down";
  }

  #pingLater(): void {
    this.#setTimer(
      () => {
        this.#pinged = true;
        this.#send(pingreqPacket());
        this.#expectWithin(answerMaxMs);
      },
      (keepAlive_s * 1000) / 2,
    );
  }

  #expectWithin(delayMs: number): void {
    this.#setTimer(() => this.#end(this.#pinged ? "no pingresp" : "no answer"), delayMs);
  }

  #setTimer(callback: () => void, delayMs: number): void {
    if (this.#timer !== undefined) this.#options.timer.clear(this.#timer);
    this.#timer = this.#options.timer.set(callback, delayMs);
  }

  #end(why: string): void {
    if (this.#state === "down") return;
    this.#release();
    this.#options.onDown(why);
  }

  #release(): void {
    this.#state = "down";
    if (this.#timer !== undefined) this.#options.timer.clear(this.#timer);
    this.#timer = undefined;
    this.#outgoing = [];
    this.#tcp.close();
  }
}
