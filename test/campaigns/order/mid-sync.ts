// A terminal in the middle of sending its ballots: the real uplink over a line whose other end is a broker and a
// collector of a few lines. The collector has some of the records already, takes what comes, and falls silent.

import mqtt from "mqtt-packet";
import type { SignKeyPair, Crypto } from "../../../firmware/crypto/crypto.js";
import type { Election, TerminalId } from "../../../firmware/election/types.js";
import type { TCP, TCPOptions } from "../../../firmware/platform.js";
import { openMessage, signMessage, topicOf } from "../../../firmware/sync/messages.js";
import { recordHash } from "../../../firmware/vault/record.js";
import { Uplink } from "../../../firmware/sync/uplink.js";
import type { Vault } from "../../../firmware/vault/vault.js";

export interface MidSyncOptions {
  readonly crypto: Crypto;
  readonly election: Election;
  readonly terminal: TerminalId;
  readonly signKey: SignKeyPair;
  readonly collector: SignKeyPair;
  readonly vault: Vault;
  /** Whether the collector has this slot's record from before. */
  readonly has: (slot: number) => boolean;
  /** Whether it receipts what is sent now. */
  readonly answers: boolean;
}

const room = 65_536;

/** The uplink as it stands when nothing moves any more. */
export function midSync({
  crypto,
  election,
  terminal,
  signKey,
  collector,
  vault,
  has,
  answers,
}: MidSyncOptions): Uplink {
  const where = { election: election.id, terminal };
  const events: (() => void)[] = [];
  const publish = (peer: Line, kind: "inventory" | "receipt", payload: Uint8Array): void =>
    peer.give(
      mqtt.generate({
        cmd: "publish",
        topic: topicOf(where, kind),
        payload: Buffer.from(payload),
        qos: 1,
        messageId: 1,
        dup: false,
        retain: false,
      }),
    );

  class Line implements TCP {
    readonly #options: TCPOptions;
    readonly #parser = mqtt.parser({ protocolVersion: 4 });
    #waiting = Buffer.alloc(0);

    constructor(options: TCPOptions) {
      this.#options = options;
      this.#parser.on("packet", (packet) => this.#take(packet));
      events.push(() => options.onWritable?.call(this, room));
    }

    give(bytes: Uint8Array): void {
      this.#waiting = Buffer.concat([this.#waiting, bytes]);
      events.push(() => this.#options.onReadable?.call(this, this.#waiting.length));
    }

    read(byteLength = this.#waiting.length): ArrayBuffer | undefined {
      const bytes = Uint8Array.from(this.#waiting.subarray(0, byteLength));
      this.#waiting = this.#waiting.subarray(bytes.length);
      return bytes.length === 0 ? undefined : bytes.buffer;
    }

    write(data: Uint8Array): void {
      this.#parser.parse(Buffer.from(data));
      events.push(() => this.#options.onWritable?.call(this, room));
    }

    close(): void {}

    #take(packet: mqtt.Packet): void {
      if (packet.cmd === "connect") this.give(mqtt.generate({ cmd: "connack", returnCode: 0, sessionPresent: false }));
      else if (packet.cmd === "subscribe")
        this.give(mqtt.generate({ cmd: "suback", messageId: packet.messageId!, granted: [1] }));
      else if (packet.cmd === "publish") {
        this.give(mqtt.generate({ cmd: "puback", messageId: packet.messageId! }));
        this.#message(packet.topic, new Uint8Array(packet.payload as Buffer));
      }
    }

    #message(topic: string, payload: Uint8Array): void {
      if (topic === topicOf(where, "query")) {
        const query = openMessage(crypto, "query", payload, signKey.publicKey);
        if (!query.ok) throw new Error(query.error.what);
        const hashes = sorted(
          vault
            .committedSlots()
            .filter(has)
            .map((slot) => recordHash(crypto, vault.record(slot)!)),
        );
        publish(
          this,
          "inventory",
          signMessage(
            crypto,
            "inventory",
            { ...where, nonce: query.value.nonce, part: 0, parts: 1, hashes },
            collector.secretKey,
          ),
        );
      }
      if (topic !== topicOf(where, "batch") || !answers) return;
      const batch = openMessage(crypto, "batch", payload, signKey.publicKey);
      if (!batch.ok) throw new Error(batch.error.what);
      publish(
        this,
        "receipt",
        signMessage(
          crypto,
          "receipt",
          { ...where, hashes: sorted(batch.value.records.map((record) => recordHash(crypto, record))) },
          collector.secretKey,
        ),
      );
    }
  }

  const uplink = new Uplink({
    crypto,
    election,
    terminal,
    signKey,
    vault,
    network: { io: Line, address: "127.0.0.1", port: 1883 },
    // the line is read on; nothing else here waits so long
    timer: {
      set: (callback, delayMs) => {
        if (delayMs < 1_000) events.push(callback);
        return 0;
      },
      clear: () => undefined,
    },
    clock: { monotonic: () => 0, wall: () => 0 },
    poll: () => "closed",
    onLine: () => undefined,
    results: () => undefined,
    onAllReceived: () => undefined,
    onResultsReceived: () => undefined,
    trace: () => undefined,
  });
  uplink.start();
  for (let event = events.shift(); event !== undefined; event = events.shift()) event();
  return uplink;
}

function sorted(hashes: readonly Uint8Array[]): Uint8Array[] {
  return [...hashes].sort((a, b) => Buffer.compare(a, b));
}
