// Our MQTT packets against the codec of another project (mqtt-packet), and against bytes that no broker should send.

import test from "ava";
import fc from "fast-check";
import mqttPacket from "mqtt-packet";
import {
  PacketReader,
  type ServerPacket,
  connectPacket,
  disconnectPacket,
  packetLengthMax,
  pingreqPacket,
  pubackPacket,
  pubcompPacket,
  publishPacket,
  pubrecPacket,
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

const wanted = [
  { topic: "t/x", lengthMax: 300 },
  { topic: "t/y", lengthMax: 10 },
];

/** Every packet of the pieces, or why there were no more. */
function readAll(reader: PacketReader, pieces: readonly Uint8Array[]): (ServerPacket | string)[] {
  const packets: (ServerPacket | string)[] = [];
  for (const piece of pieces) {
    const why = reader.read(piece, (packet) => {
      packets.push(packet);
      return true;
    });
    if (why === undefined) continue;
    packets.push(why);
    break;
  }
  return packets;
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
  t.like(parsed(pubrecPacket(3)), { cmd: "pubrec", messageId: 3 });
  t.like(parsed(pubcompPacket(4)), { cmd: "pubcomp", messageId: 4 });
  t.like(parsed(pingreqPacket()), { cmd: "pingreq" });
  t.like(parsed(disconnectPacket()), { cmd: "disconnect" });
  for (const length of [0, 1, 100, 127, 128, 16_000, 16_383, 16_384, 60_000]) {
    const packet = parsed(publishPacket("a/b", new Uint8Array(length).fill(7), 3)!) as mqttPacket.IPublishPacket;
    t.like(packet, { cmd: "publish", topic: "a/b", qos: 1, dup: false, retain: false, messageId: 3 });
    t.is(packet.payload.length, length);
  }
});

const publish = (topic: string, length: number, qos: 0 | 1 | 2): Buffer =>
  mqttPacket.generate({
    cmd: "publish",
    topic,
    payload: Buffer.alloc(length, 5),
    qos,
    ...(qos === 0 ? {} : { messageId: 77 }),
    dup: false,
    retain: true,
  });

test("what mqtt-packet sends is what we read, however the bytes are cut", (t) => {
  const sent = Buffer.concat([
    mqttPacket.generate({ cmd: "connack", returnCode: 0, sessionPresent: false }),
    mqttPacket.generate({ cmd: "suback", messageId: 1, granted: [1] }),
    publish("t/x", 300, 1),
    publish("t/x", 301, 1),
    publish("t/y", 0, 0),
    publish("t/z", 3, 0),
    publish("t/y", 1, 2),
    mqttPacket.generate({ cmd: "pubrel", messageId: 77 }),
    publish("long/".repeat(9_000), 3, 1),
    publish("گزارش", 70_000, 2),
    mqttPacket.generate({ cmd: "puback", messageId: 8 }),
    mqttPacket.generate({ cmd: "pingresp" }),
  ]);
  const expected = [
    "connack",
    "suback",
    "publish t/x 300 1 77",
    "publish undefined 0 1 77",
    "publish t/y 0 0 0",
    "publish undefined 0 0 0",
    "publish t/y 1 2 77",
    "pubrel",
    "publish undefined 0 1 77",
    "publish undefined 0 2 77",
    "puback",
    "pingresp",
  ];
  const line = (packet: ServerPacket | string): string =>
    typeof packet === "string"
      ? packet
      : packet.type === "publish"
        ? `publish ${packet.topic} ${packet.payload.length} ${packet.qos} ${packet.id}`
        : packet.type;
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 5_000 }), { minLength: 1, maxLength: 40 }), (cuts) => {
      const pieces: Uint8Array[] = [];
      for (let at = 0, i = 0; at < sent.length; i++) {
        const next = at + cuts[i % cuts.length]!;
        pieces.push(new Uint8Array(sent.subarray(at, next)));
        at = next;
      }
      const packets = readAll(new PacketReader(wanted), pieces);
      const [long] = packets.filter((packet) => typeof packet !== "string" && packet.type === "publish");
      return (
        packets.map(line).join() === expected.join() &&
        (long as ServerPacket & { type: "publish" }).payload.every((byte) => byte === 5)
      );
    }),
    { numRuns: 100 },
  );
  t.pass();
});

test("what no broker sends ends the connection with a reason; what one may send, of whatever length, does not", (t) => {
  const why = (...bytes: number[]): string => {
    const packets = readAll(new PacketReader(wanted), [Uint8Array.from(bytes)]);
    const last = packets.at(-1);
    return typeof last === "string" ? last : `read ${packets.length}`;
  };
  t.is(why(0x20, 3, 0, 0, 0), "length");
  t.is(why(0x20, 2, 2, 0), "reserved");
  t.is(why(0x21, 2, 0, 0), "reserved");
  t.is(why(0x40, 1, 0), "length");
  t.is(why(0x36, 4, 0, 1, 0x61, 0), "qos");
  t.is(why(0x32, 4, 0, 1, 0x61, 0), "topic");
  t.is(why(0x32, 5, 0, 1, 0x61, 0, 0), "id");
  t.is(why(0x30, 3, 0, 0, 0), "topic");
  t.is(why(0x30, 1, 0), "length");
  t.is(why(0x80, 0), "type");
  t.is(why(0x50, 2, 0, 1), "type");
  t.is(why(0x60, 2, 0, 1), "reserved");
  t.is(why(0x30, 0x80, 0x80, 0x80, 0x80), "length");
  t.is(why(0x30, 3, 0, 1, 0x07), "read 1");
  t.is(why(0x30, 0xff, 0xff, 0xff, 0x7f, 0, 1), "read 0");
  t.is(why(0x30, 0xff), "read 0");
  t.true(packetLengthMax < 128 ** 3);
});

test("linear: a message of 4 MB, and as many that are as small as they can be, byte by byte or at once", (t) => {
  const many = Buffer.concat(Array.from({ length: 500 }, () => publish("t/q", 0, 1)));
  const large = publish("t/x", 4_000_000, 1);
  const reader = new PacketReader(wanted);
  let packets = 0;
  const startMs = performance.now();
  for (const bytes of [many, large]) {
    for (let at = 0; at < Math.min(bytes.length, 100_000); at++)
      reader.read(bytes.subarray(at, at + 1), () => ++packets > 0);
    reader.read(bytes.subarray(100_000), () => ++packets > 0);
  }
  t.is(packets, 501);
  // joining what is held with each piece took a hundred times as long
  t.true(performance.now() - startMs < 1_000);
});

test("arbitrary bytes never throw", (t) => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 30 }), (pieces) => {
      readAll(new PacketReader(wanted), pieces);
      return true;
    }),
    { numRuns: 500 },
  );
  t.pass();
});
