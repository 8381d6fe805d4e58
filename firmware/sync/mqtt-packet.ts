// MQTT 3.1.1 (OASIS, 2014) control packets, as far as a terminal needs them: it publishes at QoS 1 and subscribes to
// one filter. What a broker may send is read, whatever its size; what it must not send ends the connection. Section
// numbers are the standard's.

import { concat, equalBytes, utf8 } from "../bytes.js";
import { assert } from "../result.js";

/** Bytes of a packet that is sent. */
export const packetLengthMax = 65_536;
const topicLengthMax = 128;
/** Bytes of what is published: a packet holds it with any topic of ours, their lengths and an id. */
export const messageLengthMax = packetLengthMax - topicLengthMax - 4;

export type ServerPacket =
  | { readonly type: "connack"; readonly code: number }
  | {
      readonly type: "publish";
      /** One of those that are wanted; undefined, and no payload: of another topic, or longer than wanted. */
      readonly topic: string | undefined;
      readonly payload: Uint8Array;
      readonly qos: number;
      /** 0 at QoS 0. */
      readonly id: number;
    }
  | { readonly type: "puback"; readonly id: number }
  /** Of a message that came at QoS 2. */
  | { readonly type: "pubrel"; readonly id: number }
  | { readonly type: "suback"; readonly id: number; readonly granted: boolean }
  | { readonly type: "pingresp" };

/** A topic whose messages are wanted, and how many bytes they have at most. */
export interface Wanted {
  readonly topic: string;
  readonly lengthMax: number;
}

/** What no broker sends. */
export type MqttError = "length" | "reserved" | "type" | "qos" | "topic" | "id";

function packet(typeAndFlags: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const body = concat(...parts);
  assert(body.length <= packetLengthMax, "MQTT packet within its limit");
  const length: number[] = [];
  let rest = body.length;
  do {
    const byte = rest % 128;
    rest = Math.floor(rest / 128);
    length.push(rest > 0 ? byte | 0x80 : byte);
  } while (rest > 0);
  return concat(Uint8Array.of(typeAndFlags), Uint8Array.from(length), body);
}

function u16(value: number): Uint8Array {
  return Uint8Array.of(value >> 8, value & 0xff);
}

function text(value: string): Uint8Array {
  const bytes = utf8(value);
  assert(bytes.length <= topicLengthMax, "MQTT text within its limit");
  return concat(u16(bytes.length), bytes);
}

/** Section 3.1: clean session, no will, no user. keepAlive in seconds. */
export function connectPacket(clientId: string, keepAlive_s: number): Uint8Array {
  return packet(0x10, text("MQTT"), Uint8Array.of(4, 0x02), u16(keepAlive_s), text(clientId));
}

/**
 * Section 3.3, QoS 1, not retained; never DUP: nothing is sent again under its number. Undefined: topic or payload are
 * too long.
 */
export function publishPacket(topic: string, payload: Uint8Array, id: number): Uint8Array | undefined {
  if (utf8(topic).length > topicLengthMax || payload.length > messageLengthMax) return undefined;
  return packet(0x32, text(topic), u16(id), payload);
}

/** Section 3.4. */
export function pubackPacket(id: number): Uint8Array {
  return packet(0x40, u16(id));
}

/** Section 3.5: a message that came at QoS 2 is taken. */
export function pubrecPacket(id: number): Uint8Array {
  return packet(0x50, u16(id));
}

/** Section 3.7. */
export function pubcompPacket(id: number): Uint8Array {
  return packet(0x70, u16(id));
}

/** Section 3.8, one filter at QoS 1. */
export function subscribePacket(filter: string, id: number): Uint8Array {
  return packet(0x82, u16(id), text(filter), Uint8Array.of(1));
}

/** Section 3.12. */
export function pingreqPacket(): Uint8Array {
  return packet(0xc0);
}

/** Section 3.14. */
export function disconnectPacket(): Uint8Array {
  return packet(0xe0);
}

const nothing = new Uint8Array(0);
const pingresp: ServerPacket = { type: "pingresp" };
/** Bytes of a packet behind its fixed header, by its type's number; of all but PUBLISH. */
const bodyLengths: Readonly<Record<number, number>> = { 2: 2, 4: 2, 6: 2, 9: 3, 13: 0 };
const lengthBytesMax = 4;

/**
 * Cuts a byte stream into packets (section 2.2), each byte looked at once. It keeps a wanted topic's payload while that
 * comes, and of anything else nothing: a foreign or oversized message passes through, however long it is.
 */
export class PacketReader {
  readonly #wanted: readonly { readonly topic: string; readonly bytes: Uint8Array; readonly lengthMax: number }[];
  /** What the next byte belongs to. */
  #part: "type" | "length" | "body" | "topic-length" | "topic" | "id" | "payload" = "type";
  #first = 0;
  #lengthBytes = 0;
  /** Bytes of the packet that are still to come. */
  #rest = 0;
  /** Of the part that is being read: a topic, an id, a small packet's body. */
  readonly #field = new Uint8Array(topicLengthMax);
  #fieldLength = 0;
  #topicLength = 0;
  #id = 0;
  #topic: string | undefined;
  #payload = nothing;
  #payloadLength = 0;

  constructor(wanted: readonly Wanted[]) {
    this.#wanted = wanted.map(({ topic, lengthMax }) => ({ topic, bytes: utf8(topic), lengthMax }));
  }

  /** A wanted message has begun and is not whole yet. */
  get isReceiving(): boolean {
    return this.#topic !== undefined;
  }

  /** Gives every packet that ends in `bytes` to `take`, until that answers false. An error ends the connection. */
  read(bytes: Uint8Array, take: (packet: ServerPacket) => boolean): MqttError | undefined {
    for (let at = 0; at < bytes.length; ) {
      const used = this.#isSkipped() ? this.#skip(bytes, at) : this.#step(bytes[at]!);
      if (typeof used === "string") return used;
      at += used;
      if (this.#part !== "type" || this.#first === 0) continue;
      const packet = this.#packet();
      this.#first = 0;
      this.#topic = undefined;
      this.#payload = nothing;
      if (typeof packet === "string") return packet;
      if (!take(packet)) return undefined;
    }
    return undefined;
  }

  #isSkipped(): boolean {
    return this.#part === "payload" || (this.#part === "topic" && this.#topicLength > topicLengthMax);
  }

  /** Takes as much of a payload, or of a topic that is none of ours, as there is. */
  #skip(bytes: Uint8Array, at: number): number {
    const isTopic = this.#part === "topic";
    const wanted = isTopic ? this.#topicLength - this.#fieldLength : this.#rest;
    const count = Math.min(wanted, bytes.length - at);
    this.#rest -= count;
    if (isTopic) {
      this.#fieldLength += count;
      if (this.#fieldLength === this.#topicLength) this.#topicDone();
      return count;
    }
    if (this.#topic !== undefined) {
      this.#payload.set(bytes.subarray(at, at + count), this.#payloadLength);
      this.#payloadLength += count;
    }
    if (this.#rest === 0) this.#part = "type";
    return count;
  }

  /** Takes one byte. */
  #step(byte: number): MqttError | number {
    switch (this.#part) {
      case "type":
        return this.#begin(byte);
      case "length":
        this.#rest += (byte & 0x7f) * 128 ** this.#lengthBytes++;
        if (byte < 0x80) return this.#lengthDone();
        return this.#lengthBytes < lengthBytesMax ? 1 : "length";
      default:
        return this.#fieldByte(byte);
    }
  }

  #begin(first: number): MqttError | number {
    const type = first >> 4;
    if (type === 3) {
      if (((first >> 1) & 3) === 3) return "qos";
    } else if (bodyLengths[type] === undefined) return "type";
    // section 2.2.2: PUBREL's flags are 2, the others' 0
    else if ((first & 15) !== (type === 6 ? 2 : 0)) return "reserved";
    this.#first = first;
    this.#part = "length";
    this.#lengthBytes = 0;
    this.#rest = 0;
    return 1;
  }

  #lengthDone(): MqttError | number {
    const length = bodyLengths[this.#first >> 4];
    if (length !== undefined && length !== this.#rest) return "length";
    this.#fieldLength = 0;
    this.#part = this.#rest === 0 ? "type" : "body";
    if (length !== undefined) return 1;
    if (this.#rest < 2) return "length";
    this.#part = "topic-length";
    return 1;
  }

  #fieldByte(byte: number): MqttError | number {
    const field = this.#field;
    field[this.#fieldLength++] = byte;
    this.#rest--;
    const length = this.#fieldLength;
    if (this.#part === "topic-length") {
      if (length < 2) return 1;
      this.#topicLength = field[0]! * 256 + field[1]!;
      this.#fieldLength = 0;
      this.#part = "topic";
      const idLength = this.#qos === 0 ? 0 : 2;
      return this.#topicLength === 0 || this.#topicLength + idLength > this.#rest ? "topic" : 1;
    }
    if (this.#part === "topic") {
      if (length === this.#topicLength) this.#topicDone();
      return 1;
    }
    if (this.#part === "id") {
      if (length < 2) return 1;
      this.#id = field[0]! * 256 + field[1]!;
      if (this.#id === 0) return "id";
      this.#beginPayload();
      return 1;
    }
    if (this.#rest === 0) this.#part = "type";
    return 1;
  }

  get #qos(): number {
    return (this.#first >> 1) & 3;
  }

  #topicDone(): void {
    const topic = this.#topicLength > topicLengthMax ? nothing : this.#field.subarray(0, this.#topicLength);
    const idLength = this.#qos === 0 ? 0 : 2;
    const length = this.#rest - idLength;
    this.#topic = this.#wanted.find((each) => length <= each.lengthMax && equalBytes(topic, each.bytes))?.topic;
    this.#id = 0;
    this.#fieldLength = 0;
    if (idLength === 0) this.#beginPayload();
    else this.#part = "id";
  }

  #beginPayload(): void {
    this.#payload = this.#topic === undefined ? nothing : new Uint8Array(this.#rest);
    this.#payloadLength = 0;
    this.#part = this.#rest === 0 ? "type" : "payload";
  }

  /** The packet whose last byte was taken. */
  #packet(): ServerPacket | MqttError {
    const field = this.#field;
    const id = field[0]! * 256 + field[1]!;
    switch (this.#first >> 4) {
      case 2:
        return field[0]! > 1 ? "reserved" : { type: "connack", code: field[1]! };
      case 3:
        return { type: "publish", topic: this.#topic, payload: this.#payload, qos: this.#qos, id: this.#id };
      case 4:
        return { type: "puback", id };
      case 6:
        return { type: "pubrel", id };
      case 9:
        return { type: "suback", id, granted: field[2]! <= 2 };
      default:
        return pingresp;
    }
  }
}
