// What somebody has who reaches a terminal's line: a client on the honest broker, or the wire itself.

import { Duplex } from "node:stream";
import mqtt, { type MqttClient } from "mqtt";
import mqttPacket from "mqtt-packet";
import type { Crypto } from "../../firmware/crypto/crypto.js";
import { openMessage } from "../../firmware/sync/messages.js";
import { recordHash } from "../../firmware/vault/record.js";
import type { Station } from "../../sim/station.js";

/** Anybody's client on the station's broker: nothing there asks who it is. */
export function strangerOn(station: Station, clientId = "stranger"): MqttClient {
  const client = new mqtt.MqttClient(() => station.visitBroker(), { clientId, keepalive: 0, reconnectPeriod: 0 });
  client.on("error", () => undefined);
  return client;
}

export async function subscribed(station: Station, topic: string): Promise<{ client: MqttClient; heard: Heard[] }> {
  const client = strangerOn(station, `ear-${topic.length}`);
  const heard: Heard[] = [];
  client.on("message", (name, payload) => heard.push({ topic: name, payload }));
  await client.subscribeAsync(topic, { qos: 1 });
  return { client, heard };
}

export interface Heard {
  readonly topic: string;
  readonly payload: Buffer;
}

/** The wire between terminal and broker, in the attacker's hands: sees every packet, and lets through what it likes. */
export class Wire {
  readonly #station: Station;
  /** What the terminal has sent. */
  readonly sent: mqttPacket.Packet[] = [];
  /** Undefined lets a packet of the terminal's through. */
  onUp: (packet: mqttPacket.Packet, wire: Wire) => "drop" | undefined = () => undefined;
  #near: Duplex | undefined;

  constructor(station: Station) {
    this.#station = station;
    station.onLine = (far) => this.#hold(far);
  }

  /** Says these bytes to the terminal, as if the broker did. */
  say(bytes: Uint8Array): void {
    this.#station.movedElsewhere += bytes.length;
    this.#near?.push(Buffer.from(bytes));
  }

  /** Ends the terminal's connection. */
  cut(): void {
    this.#near?.destroy();
  }

  #hold(far: Duplex): Duplex {
    const parser = mqttPacket.parser({ protocolVersion: 4 });
    const near = new Duplex({
      read: () => undefined,
      write: (chunk: Buffer, _encoding, done) => {
        parser.parse(chunk);
        done();
      },
      destroy: (error, done) => {
        far.destroy();
        done(error);
      },
    });
    this.#near = near;
    parser.on("packet", (packet) => {
      this.sent.push(packet);
      this.#station.movedElsewhere++;
      if (this.onUp(packet, this) === undefined && !far.destroyed) far.write(mqttPacket.generate(packet));
    });
    far.on("data", (chunk: Buffer) => near.push(chunk));
    far.on("close", () => near.destroy());
    far.on("error", () => near.destroy());
    return near;
  }
}

/** Of a message, as a broker says it. */
export function publication(topic: string, payload: Uint8Array, qos: 0 | 1 | 2 = 0, retain = false): Buffer {
  return mqttPacket.generate({
    cmd: "publish",
    topic,
    payload: Buffer.from(payload),
    qos,
    retain,
    dup: false,
    ...(qos === 0 ? {} : { messageId: 1 }),
  });
}

/** What a collector reads in the batches that it heard, and has the terminal's public key for: hashes, ascending. */
export function hashesOf(crypto: Crypto, heard: readonly Heard[], publicKey: Uint8Array): Uint8Array[] {
  const records = new Map<string, Uint8Array>();
  for (const { topic, payload } of heard) {
    if (!topic.endsWith("/batch")) continue;
    const batch = openMessage(crypto, "batch", new Uint8Array(payload), publicKey);
    if (!batch.ok) continue;
    for (const record of batch.value.records) {
      const hash = recordHash(crypto, record);
      records.set(hash.join(), hash);
    }
  }
  return [...records.values()].sort((a, b) => Buffer.compare(a, b));
}

/** Of the last query. */
export function nonceOf(crypto: Crypto, heard: readonly Heard[], publicKey: Uint8Array): Uint8Array {
  const last = heard.findLast(({ topic }) => topic.endsWith("/query"));
  const query = last && openMessage(crypto, "query", new Uint8Array(last.payload), publicKey);
  if (query?.ok !== true) throw new Error("nothing was asked");
  return query.value.nonce;
}
