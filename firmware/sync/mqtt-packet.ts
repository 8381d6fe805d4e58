// MQTT 3.1.1 (OASIS, 2014) control packets, as far as a terminal needs them: it publishes at QoS 1 and subscribes to
// one filter. What a broker sends is decoded strictly and within limits; section numbers are the standard's.

import { concat, readU16, utf8 } from "../bytes.js";
import { type Result, assert, err, ok } from "../result.js";

/** Bytes of a packet in either direction; a batch or an inventory is smaller. */
export const packetLengthMax = 65_536;
const topicLengthMax = 128;
/** Bytes of what is published: a packet holds it with any topic of ours, their lengths and an id. */
export const messageLengthMax = packetLengthMax - topicLengthMax - 4;

export type ServerPacket =
  | { readonly type: "connack"; readonly code: number }
  | {
      readonly type: "publish";
      readonly topic: string;
      readonly payload: Uint8Array;
      readonly qos: 0 | 1;
      readonly id: number;
    }
  | { readonly type: "puback"; readonly id: number }
  | { readonly type: "suback"; readonly id: number; readonly granted: boolean }
  | { readonly type: "pingresp" };

export type MqttError = "too-long" | "length" | "reserved" | "type" | "qos" | "topic" | "id";

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

/** Cuts a byte stream into packets (section 2.2). Holds at most one packet's bytes. */
export class PacketReader {
  #held: Uint8Array = new Uint8Array(0);

  /** Gives every whole packet in `bytes` and what was held before; an error ends the connection. */
  read(bytes: Uint8Array): Result<ServerPacket[], MqttError> {
    this.#held = concat(this.#held, bytes);
    const packets: ServerPacket[] = [];
    for (;;) {
      const length = this.#remainingLength();
      if (length === undefined) return ok(packets);
      if (!length.ok) return length;
      const { headerLength, bodyLength } = length.value;
      if (this.#held.length < headerLength + bodyLength) return ok(packets);
      const decoded = decodePacket(this.#held[0]!, this.#held.subarray(headerLength, headerLength + bodyLength));
      if (!decoded.ok) return decoded;
      packets.push(decoded.value);
      this.#held = this.#held.slice(headerLength + bodyLength);
    }
  }

  /** undefined: not all of it is here yet. */
  #remainingLength(): Result<{ readonly headerLength: number; readonly bodyLength: number }, MqttError> | undefined {
    let length = 0;
    for (let at = 1; at <= 4; at++) {
      const byte = this.#held[at];
      if (byte === undefined) return undefined;
      length += (byte & 0x7f) * 128 ** (at - 1);
      if (length > packetLengthMax) return err("too-long");
      if (byte < 0x80) return ok({ headerLength: at + 1, bodyLength: length });
    }
    return err("length");
  }
}

function decodePacket(first: number, body: Uint8Array): Result<ServerPacket, MqttError> {
  const flags = first & 15;
  if (first >> 4 === 3) return decodePublish(flags, body);
  if (flags !== 0) return err("reserved");
  switch (first >> 4) {
    case 2:
      if (body.length !== 2 || body[0]! > 1) return err("length");
      return ok({ type: "connack", code: body[1]! });
    case 4:
      if (body.length !== 2) return err("length");
      return ok({ type: "puback", id: readU16(body, 0) });
    case 9:
      if (body.length !== 3) return err("length");
      return ok({ type: "suback", id: readU16(body, 0), granted: body[2]! <= 2 });
    case 13:
      return body.length === 0 ? ok({ type: "pingresp" }) : err("length");
    default:
      return err("type");
  }
}

function decodePublish(flags: number, body: Uint8Array): Result<ServerPacket, MqttError> {
  const qos = (flags >> 1) & 3;
  if (qos > 1) return err("qos");
  if (body.length < 2) return err("length");
  const topicLength = readU16(body, 0);
  const idLength = qos * 2;
  if (topicLength === 0 || topicLength > topicLengthMax || 2 + topicLength + idLength > body.length)
    return err("topic");
  let topic = "";
  for (let at = 2; at < 2 + topicLength; at++) {
    // our topics are ASCII; another one is not for us
    if (body[at]! < 0x20 || body[at]! > 0x7e) return err("topic");
    topic += String.fromCharCode(body[at]!);
  }
  const id = qos === 1 ? readU16(body, 2 + topicLength) : 0;
  if (qos === 1 && id === 0) return err("id");
  return ok({ type: "publish", topic, payload: body.slice(2 + topicLength + idLength), qos: qos as 0 | 1, id });
}
