// The far end of a terminal's MQTT connection, by hand: what the terminal has sent is listed, what it gets is said, how
// many bytes the line takes is chosen. The codec is another project's.

import mqtt from "mqtt-packet";
import type { SimClock } from "../../sim/clock.js";
import type { TCP, TCPConstructor, TCPOptions } from "../../firmware/platform.js";

export class BrokerLine {
  /** Connections that were asked for. */
  readonly opened: Connection[] = [];
  /** Bytes that a connection takes at once. */
  room = 65_536;
  /** What a byte takes to the broker, in milliseconds of its clock: an answer comes so much later. */
  byteMs = 0;
  clock: SimClock | undefined;
  /** CONNECT, SUBSCRIBE and PINGREQ are answered. */
  answers = true;

  get io(): TCPConstructor {
    const line = this;
    return class extends Connection {
      constructor(options: TCPOptions) {
        super(options, line);
        line.opened.push(this);
      }
    };
  }

  get last(): Connection {
    return this.opened[this.opened.length - 1]!;
  }
}

export class Connection implements TCP {
  readonly #options: TCPOptions;
  readonly #line: BrokerLine;
  readonly #parser = mqtt.parser({ protocolVersion: 4 });
  #inbox = Buffer.alloc(0);
  #allowed = 0;
  #freeUs = 0;
  readonly sent: mqtt.Packet[] = [];
  closed = false;

  constructor(options: TCPOptions, line: BrokerLine) {
    this.#options = options;
    this.#line = line;
    this.#parser.on("packet", (packet) => {
      this.sent.push(packet);
      if (!line.answers) return;
      if (packet.cmd === "connect") this.say({ cmd: "connack", returnCode: 0, sessionPresent: false });
      if (packet.cmd === "subscribe") this.say({ cmd: "suback", messageId: packet.messageId!, granted: [1] });
      if (packet.cmd === "pingreq") this.say({ cmd: "pingresp" });
      if (packet.cmd === "publish") this.say({ cmd: "puback", messageId: packet.messageId! });
    });
    queueMicrotask(() => this.drain());
  }

  /** The line takes bytes again. */
  drain(): void {
    this.#allowed = this.#line.room;
    if (!this.closed) this.#options.onWritable?.call(this, this.#allowed);
  }

  say(packet: mqtt.Packet): void {
    this.sayBytes(mqtt.generate(packet));
  }

  sayBytes(bytes: Uint8Array): void {
    this.#inbox = Buffer.concat([this.#inbox, bytes]);
    queueMicrotask(() => {
      if (!this.closed && this.#inbox.length > 0) this.#options.onReadable?.call(this, this.#inbox.length);
    });
  }

  /** Bytes that the terminal has not taken. */
  get unread(): number {
    return this.#inbox.length;
  }

  publish(topic: string, payload: Uint8Array, qos: 0 | 1 | 2 = 1, messageId = 7): void {
    this.say({ cmd: "publish", topic, payload: Buffer.from(payload), qos, messageId, dup: false, retain: false });
  }

  breaks(): void {
    this.#options.onError?.call(this);
  }

  /** Payloads that were published under topics with this end. */
  published(end: string): Uint8Array[] {
    return this.sent.flatMap((packet) =>
      packet.cmd === "publish" && packet.topic.endsWith(end) ? [new Uint8Array(packet.payload as Buffer)] : [],
    );
  }

  read(byteLength = this.#inbox.length): ArrayBuffer | undefined {
    const bytes = Uint8Array.from(this.#inbox.subarray(0, byteLength));
    this.#inbox = this.#inbox.subarray(bytes.length);
    return bytes.length === 0 ? undefined : bytes.buffer;
  }

  write(data: Uint8Array): void {
    if (this.closed) throw new Error("written after the close");
    if (data.length > this.#allowed) throw new RangeError(`wrote ${data.length} bytes with room for ${this.#allowed}`);
    this.#allowed -= data.length;
    const bytes = Buffer.from(data);
    const { clock, byteMs } = this.#line;
    if (clock === undefined || byteMs === 0) return void this.#parser.parse(bytes);
    this.#freeUs = Math.max(this.#freeUs, clock.nowUs()) + bytes.length * byteMs * 1_000;
    clock.after(this.#freeUs - clock.nowUs(), () => {
      this.#parser.parse(bytes);
      this.drain();
    });
  }

  close(): void {
    this.closed = true;
  }
}
