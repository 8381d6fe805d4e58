// One connection to a broker: what it waits for and how long, what ends it, and that no byte is lost on a narrow line.

import test from "ava";
import { MqttClient } from "../../firmware/sync/mqtt-client.js";
import { VirtualClock } from "../../sim/clock.js";
import { terminalTime } from "../../sim/terminal-time.js";
import { BrokerLine } from "../support/broker-line.js";
import { runFor } from "../support/serial-pair.js";

class Bench {
  readonly clock = new VirtualClock();
  readonly line = new BrokerLine();
  readonly down: string[] = [];
  readonly messages: [string, Uint8Array][] = [];
  ups = 0;
  dropped = 0;
  readonly measured: ({ readonly length: number; readonly tookMs: number } | undefined)[] = [];
  #client: MqttClient | undefined;

  get client(): MqttClient {
    return (this.#client ??= new MqttClient({
      ...terminalTime(this.clock),
      network: { io: this.line.io, address: "broker", port: 1883 },
      clientId: "sandogh-7",
      filter: "down/+",
      wanted: ["down/a", "down/b"].map((topic) => ({ topic, lengthMax: 1_000 })),
      onUp: () => this.ups++,
      onDown: (why) => this.down.push(why),
      onMessage: (topic, payload) => this.messages.push([topic, payload]),
      onDropped: () => this.dropped++,
      onAcknowledged: (measured) => this.measured.push(measured),
    }));
  }

  /** The client that connects by itself. */
  start(): MqttClient {
    return this.client;
  }

  async up(): Promise<this> {
    this.client.publish("early", new Uint8Array(0));
    await this.wait(1);
    return this;
  }

  wait(ms: number): Promise<void> {
    return runFor(this.clock, ms);
  }

  get sent(): (string | undefined)[] {
    return this.line.last.sent.map(({ cmd }) => cmd);
  }
}

test("connect, subscribe, up: once, and nothing is published before", async (t) => {
  const bench = await new Bench().up();
  t.is(bench.ups, 1);
  t.deepEqual(bench.sent, ["connect", "subscribe"]);
  t.true(bench.client.publish("a", Uint8Array.of(1, 2)));
  t.deepEqual(bench.line.last.published("a"), [Uint8Array.of(1, 2)]);
});

test("a line that takes seven bytes at a time gets every byte once and in order", async (t) => {
  const bench = new Bench();
  bench.line.room = 7;
  bench.start();
  for (let i = 0; i < 20; i++) {
    await bench.wait(1);
    bench.line.last.drain();
  }
  const payloads = [100, 3, 200].map((length) => new Uint8Array(length).map((_, i) => i));
  payloads.forEach((payload, i) => bench.client.publish(`t/${i}`, payload));
  for (let i = 0; i < 100; i++) {
    await bench.wait(1);
    bench.line.last.drain();
  }
  t.deepEqual(
    payloads.map((_, i) => bench.line.last.published(`t/${i}`)),
    payloads.map((payload) => [payload]),
  );
  t.deepEqual(bench.down, []);
});

test("packets are numbered from 1 on, and after 65,535 from 1 again: never 0", async (t) => {
  const bench = await new Bench().up();
  for (let i = 0; i < 65_536; i++) {
    bench.client.publish("t", new Uint8Array(0));
    bench.line.last.drain();
  }
  const ids = bench.line.last.sent.flatMap((packet) => (packet.cmd === "publish" ? [packet.messageId!] : []));
  t.deepEqual(ids.slice(0, 2), [2, 3], "1 was the subscription's");
  t.deepEqual(ids.slice(-3), [65_535, 1, 2]);
});

test("a broker that says nothing is given up after ten seconds, at either step", async (t) => {
  for (const packet of [undefined, { cmd: "connack", returnCode: 0, sessionPresent: false } as const]) {
    const bench = new Bench();
    bench.line.answers = false;
    bench.start();
    await bench.wait(1);
    if (packet !== undefined) bench.line.last.say(packet);
    await bench.wait(9_900);
    t.deepEqual(bench.down, []);
    await bench.wait(400);
    t.deepEqual(bench.down, ["no answer"]);
    t.true(bench.line.last.closed);
  }
});

test("refused, not subscribed, out of turn, a broken line, no MQTT: each ends it with its reason", async (t) => {
  const rows = [
    [["connack"], { cmd: "connack", returnCode: 5, sessionPresent: false }, "refused: 5"],
    [["connack"], { cmd: "suback", messageId: 1, granted: [1] }, "not subscribed"],
    [["subscribing"], { cmd: "suback", messageId: 1, granted: [128] }, "not subscribed"],
    [["subscribing"], { cmd: "connack", returnCode: 0, sessionPresent: false }, "refused: 0"],
    [
      ["connack"],
      { cmd: "publish", topic: "t", payload: "", qos: 0, dup: false, retain: false },
      "publish before connack",
    ],
    [["subscribing"], { cmd: "pubrec", messageId: 1 }, "broker: type"],
  ] as const;
  for (const [[at], packet, why] of rows) {
    const bench = new Bench();
    bench.line.answers = false;
    bench.start();
    await bench.wait(1);
    if (at === "subscribing") bench.line.last.say({ cmd: "connack", returnCode: 0, sessionPresent: false });
    await bench.wait(1);
    bench.line.last.say(packet as Parameters<typeof bench.line.last.say>[0]);
    await bench.wait(1);
    t.deepEqual(bench.down, [why]);
    t.is(bench.ups, 0);
    t.true(bench.line.last.closed);
    bench.line.last.breaks();
    t.is(bench.down.length, 1, "said once");
  }
  const bench = await new Bench().up();
  bench.line.last.breaks();
  t.deepEqual(bench.down, ["line"]);
});

test("a message that wants an answer gets one with its number, another gets none", async (t) => {
  const bench = await new Bench().up();
  bench.line.last.publish("down/a", Uint8Array.of(1), 1, 4711);
  bench.line.last.publish("down/b", Uint8Array.of(2), 0);
  await bench.wait(1);
  t.deepEqual(bench.messages, [
    ["down/a", Uint8Array.of(1)],
    ["down/b", Uint8Array.of(2)],
  ]);
  t.deepEqual(
    bench.line.last.sent.filter(({ cmd }) => cmd === "puback").map(({ messageId }) => messageId),
    [4711],
  );
});

test("a quiet line is asked every half minute; one that does not answer within ten seconds is dead", async (t) => {
  const bench = await new Bench().up();
  await bench.wait(29_900);
  t.false(bench.sent.includes("pingreq"));
  await bench.wait(200);
  t.is(bench.sent.filter((each) => each === "pingreq").length, 1);
  await bench.wait(60_000);
  t.is(bench.sent.filter((each) => each === "pingreq").length, 3);
  t.deepEqual(bench.down, []);
  bench.line.answers = false;
  await bench.wait(30_000);
  await bench.wait(9_000);
  t.deepEqual(bench.down, []);
  await bench.wait(1_100);
  t.deepEqual(bench.down, ["no pingresp"]);
});

test("what waits for a line that takes nothing is bounded: 128 KiB, and then the connection ends", async (t) => {
  const bench = await new Bench().up();
  bench.line.room = 0;
  bench.line.last.drain();
  // ten bytes of every packet are MQTT's
  const kilobyte = new Uint8Array(1_024 - 10);
  for (let i = 0; i < 128; i++) bench.client.publish("abc", kilobyte);
  t.deepEqual(bench.down, []);
  bench.client.publish("abc", new Uint8Array(0));
  t.deepEqual(bench.down, ["queue"]);
});

test("what has left no longer counts: a line that keeps up carries any amount", async (t) => {
  const bench = await new Bench().up();
  for (let i = 0; i < 300; i++) {
    bench.client.publish("abc", new Uint8Array(1_000));
    bench.line.last.drain();
  }
  t.is(bench.line.last.published("abc").length, 300);
  t.deepEqual(bench.down, []);
});

test("closed by its owner: DISCONNECT, and no handler is called after it", async (t) => {
  const bench = await new Bench().up();
  bench.client.close();
  bench.client.close();
  t.deepEqual(bench.sent, ["connect", "subscribe", "disconnect"]);
  t.false(bench.client.publish("a", new Uint8Array(0)));
  bench.line.last.breaks();
  await bench.wait(120_000);
  t.deepEqual(bench.down, []);
});

test("what a broker may send is answered, and dropped and counted where it is not for us: none of it ends the line", async (t) => {
  const bench = new Bench();
  bench.line.answers = false;
  bench.start();
  await bench.wait(1);
  const { last } = bench.line;
  last.say({ cmd: "connack", returnCode: 0, sessionPresent: false });
  // section 3.8.4: it need not wait for the SUBACK
  last.publish("down/a", Uint8Array.of(1), 1, 11);
  last.say({ cmd: "suback", messageId: 1, granted: [1] });
  last.publish("down/a", new Uint8Array(1_001), 1, 12);
  last.publish("down/c", new Uint8Array(9), 1, 13);
  last.publish("x".repeat(60_000), new Uint8Array(200_000), 1, 14);
  last.publish("down/b", Uint8Array.of(2), 2, 15);
  last.say({ cmd: "pubrel", messageId: 15 });
  last.say({ cmd: "pingresp" });
  last.say({ cmd: "puback", messageId: 999 });
  await bench.wait(9_000);
  t.deepEqual(bench.down, []);
  t.deepEqual(bench.messages, [["down/b", Uint8Array.of(2)]]);
  t.is(bench.dropped, 6);
  t.deepEqual(
    last.sent.slice(2).map((packet) => [packet.cmd, packet.messageId]),
    [
      ["puback", 11],
      ["puback", 12],
      ["puback", 13],
      ["puback", 14],
      ["pubrec", 15],
      ["pubcomp", 15],
    ],
  );
});

test("flooded, it reads 40 KB a second and keeps no more than 32 answers for a line that takes nothing", async (t) => {
  const bench = await new Bench().up();
  const { last } = bench.line;
  const ping = Buffer.from([0xd0, 0]);
  last.sayBytes(Buffer.alloc(1_000_000, ping));
  await bench.wait(1_000);
  t.true(last.unread > 950_000 && last.unread < 965_000, `${last.unread}`);
  t.true(bench.dropped > 15_000);
  t.deepEqual(bench.down, []);

  const full = await new Bench().up();
  full.line.room = 0;
  full.line.last.drain();
  for (let i = 1; i <= 5_000; i++) full.line.last.publish("x", new Uint8Array(100), 1, i);
  await full.wait(9_000);
  t.true(full.line.last.unread > 500_000 - 4 * 2_048);
  full.line.room = 65_536;
  full.line.last.drain();
  await full.wait(15_000);
  t.is(full.line.last.unread, 0);
  t.is(full.line.last.sent.filter(({ cmd }) => cmd === "puback").length, 5_000);
  t.deepEqual(full.down, []);
});

test("an answer goes before what waits, and behind what has begun", async (t) => {
  const bench = await new Bench().up();
  bench.line.room = 10;
  bench.line.last.drain();
  bench.client.publish("one", new Uint8Array(300));
  bench.client.publish("two", new Uint8Array(300));
  bench.line.last.publish("down/a", Uint8Array.of(1), 1, 11);
  for (let i = 0; i < 100; i++) {
    await bench.wait(1);
    bench.line.last.drain();
  }
  t.deepEqual(bench.sent.slice(2), ["publish", "puback", "publish"]);
});

test("how long the line took is told of what had it to itself; what is published is waited for as long as a slow line takes", async (t) => {
  const bench = await new Bench().up();
  bench.client.publish("long", new Uint8Array(1_000));
  bench.client.publish("behind", new Uint8Array(1_000));
  await bench.wait(1);
  bench.client.publish("short", new Uint8Array(10));
  await bench.wait(1);
  t.deepEqual(bench.measured, [{ length: 1_011, tookMs: 0 }, undefined, undefined]);
  bench.line.answers = false;
  // 200 seconds at 2,400 bit/s
  bench.client.publish("late", new Uint8Array(60_000));
  await bench.wait(200_000);
  t.deepEqual(bench.down, []);
  bench.line.last.say({ cmd: "puback", messageId: 5 });
  await bench.wait(1);
  t.is(bench.measured.at(-1)?.tookMs, 200_000);
  bench.client.publish("lost", new Uint8Array(60_000));
  await bench.wait(415_000);
  t.deepEqual(bench.down, ["no answer"]);
});
