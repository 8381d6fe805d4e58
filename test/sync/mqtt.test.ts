// Our MQTT packets against the codec of another project (mqtt-packet), and against bytes that no broker should send.

import test from "ava";
import fc from "fast-check";
import mqttPacket from "mqtt-packet";
import {
  PacketReader,
  connectPacket,
  disconnectPacket,
  packetLengthMax,
  pingreqPacket,
  pubackPacket,
  publishPacket,
  subscribePacket,
} from "../../firmware/sync/mqtt-packet.js";

/** What mqtt-packet reads in our bytes. */
function parsed(bytes: Uint8Array): mqttPacket.Packet {
  const parser = mqttPacket.parser({ protocolVersion: 4 });
  let packet: mqttPacket.Packet | undefined;
  parser.on("packet", (each) => (packet = each));
  parser.on("error", (error) => {
    throw error;
  });
  parser.parse(Buffer.from(bytes));
  if (packet === undefined) throw new Error("no whole packet");
  return packet;
}

test("what we send is what mqtt-packet reads", (t) => {
  t.like(parsed(connectPacket("sandogh-7", 60)), {
    cmd: "connect",
    protocolId: "MQTT",
    protocolVersion: 4,
    clean: true,
    clientId: "sandogh-7",
    keepalive: 60,
  });
  t.like(parsed(subscribePacket("sandogh/+/down/+", 9)), {
    cmd: "subscribe",
    messageId: 9,
    subscriptions: [{ topic: "sandogh/+/down/+", qos: 1 }],
  });
  t.like(parsed(pubackPacket(65535)), { cmd: "puback", messageId: 65535 });
  t.like(parsed(pingreqPacket()), { cmd: "pingreq" });
  t.like(parsed(disconnectPacket()), { cmd: "disconnect" });
  for (const length of [0, 1, 100, 127, 128, 16_000, 16_383, 16_384, 60_000]) {
    const packet = parsed(publishPacket("a/b", new Uint8Array(length).fill(7), 3)!) as mqttPacket.IPublishPacket;
    t.like(packet, { cmd: "publish", topic: "a/b", qos: 1, dup: false, retain: false, messageId: 3 });
    t.is(packet.payload.length, length);
  }
});

test("what mqtt-packet sends is what we read, however the bytes are cut", (t) => {
  const sent = Buffer.concat([
    mqttPacket.generate({ cmd: "connack", returnCode: 0, sessionPresent: false }),
    mqttPacket.generate({ cmd: "suback", messageId: 1, granted: [1] }),
    mqttPacket.generate({
      cmd: "publish",
      topic: "t/x",
      payload: Buffer.alloc(300, 5),
      qos: 1,
      messageId: 77,
      dup: true,
      retain: false,
    }),
    mqttPacket.generate({ cmd: "publish", topic: "t/y", payload: "", qos: 0, dup: false, retain: true }),
    mqttPacket.generate({ cmd: "puback", messageId: 8 }),
    mqttPacket.generate({ cmd: "pingresp" }),
  ]);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 40 }), (cuts) => {
      const reader = new PacketReader();
      const types: string[] = [];
      const payloads: number[][] = [];
      for (let at = 0, i = 0; at < sent.length; i++) {
        const next = at + cuts[i % cuts.length]!;
        const read = reader.read(new Uint8Array(sent.subarray(at, next)));
        if (!read.ok) return false;
        types.push(...read.value.map((packet) => packet.type));
        for (const packet of read.value) if (packet.type === "publish") payloads.push([...packet.payload]);
        at = next;
      }
      if (JSON.stringify(payloads) !== JSON.stringify([new Array<number>(300).fill(5), []])) return false;
      return types.join() === "connack,suback,publish,publish,puback,pingresp";
    }),
    { numRuns: 200 },
  );
  t.pass();
});

test("malformed packets end the connection with a reason", (t) => {
  const why = (...bytes: number[]): string => {
    const read = new PacketReader().read(Uint8Array.from(bytes));
    return read.ok ? `read ${read.value.length}` : read.error;
  };
  t.is(why(0x20, 3, 0, 0, 0), "length");
  t.is(why(0x20, 2, 2, 0), "length");
  t.is(why(0x21, 2, 0, 0), "reserved");
  t.is(why(0x40, 1, 0), "length");
  t.is(why(0x36, 4, 0, 1, 0x61, 0), "qos");
  t.is(why(0x32, 4, 0, 1, 0x61, 0), "topic");
  t.is(why(0x32, 5, 0, 1, 0x61, 0, 0), "id");
  t.is(why(0x30, 3, 0, 0, 0), "topic");
  t.is(why(0x30, 3, 0, 1, 0x07), "topic");
  t.is(why(0x80, 0), "type");
  t.is(why(0x30, 0xff, 0xff, 0xff, 0xff), "too-long");
  t.is(why(0x30, 0x80, 0x80, 0x80, 0x80), "length");
  t.is(why(0x30, 0xff), "read 0");
  t.true(packetLengthMax < 128 ** 3);
});

test("arbitrary bytes never throw and never make the reader hold more than a packet", (t) => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 30 }), (chunks) => {
      const reader = new PacketReader();
      for (const chunk of chunks) if (!reader.read(chunk).ok) return true;
      return true;
    }),
    { numRuns: 500 },
  );
  t.pass();
});
