// Who reaches the line, and tries to stop a terminal, to learn of ballots, or to have them forgotten. Each attacker's
// code uses what its title says that it has, and nothing else. Two days: in one the attacker is somebody else's client
// on an honest broker, in the other the wire to the broker is the attacker's; the attacks come one after the other.

import { held } from "./catalogue.js";
import test from "ava";
import type { MqttClient } from "mqtt";
import mqttPacket from "mqtt-packet";
import { toHex } from "../../firmware/bytes.js";
import { type Inventory, messageLimits, openMessage, signMessage, topicOf } from "../../firmware/sync/messages.js";
import { recordHash } from "../../firmware/vault/record.js";
import { recordsInImage } from "../../office/tally/image.js";
import { Collector } from "../../center/collector.js";
import { openStore } from "../../center/store.js";
import { shortElection as election } from "../support/short-election.js";
import { Scene } from "../support/scene.js";
import { type Heard, Wire, hashesOf, nonceOf, publication, strangerOn, subscribed } from "./line-support.js";

const second = 1_000_000;
const minute = 60 * second;
const endings: (() => Promise<void>)[] = [];
const ending = { teardown: (end: () => Promise<void>): void => void endings.push(end) };
test.after.always(async () => {
  for (const end of endings) await end();
});

function where({ station }: Scene): { readonly election: Uint8Array; readonly terminal: number } {
  return { election: station.pack.election.id, terminal: station.terminalId };
}

/** Whether the terminal serves: a voter votes, it was started once, and its line was not ended. */
async function serves(scene: Scene, downs = 0): Promise<boolean> {
  const { station, people, traces } = scene;
  await people.vote(await scene.card(), scene.intentions());
  return (
    station.isOn && station.boots === 1 && traces.filter((line) => line.startsWith("uplink down")).length === downs
  );
}

function stored({ station }: Scene): string[] {
  return recordsInImage(station.chips.a.cells, station.pack.election)
    .map((record) => toHex(recordHash(station.crypto, record)))
    .sort();
}

async function collected({ station }: Scene): Promise<string[]> {
  const records = await station.store.records(station.pack.election.id);
  return records.map(({ record }) => toHex(recordHash(station.crypto, record)));
}

/** Bytes that a decoder without limits would make millions of values of. */
function bombs(): readonly Uint8Array[] {
  const largest = messageLimits.inventory.length;
  const array = (length: number): Uint8Array => Uint8Array.of(0x9a, 0, 0, length >> 8, length & 0xff);
  return [
    new Uint8Array(largest).fill(0x81),
    Uint8Array.of(...array(largest - 5), ...new Uint8Array(largest - 5).fill(0x80)),
    Uint8Array.of(0x9b, 0, 0, 0, 1, 0, 0, 0, 0),
    Uint8Array.of(0x84, 0x43, 0xa1, 1, 0x27, 0xa0, 0x5a, 0xff, 0xff, 0xff, 0xff),
    new Uint8Array(1_000_000).fill(0xa1),
  ];
}

let first: { readonly scene: Scene; readonly stranger: MqttClient; readonly day: Heard[] };

test.serial(
  "a stranger on the honest broker, without any key: bombs of CBOR, retained before the terminal comes, and live",
  async (t) => {
    const scene = await Scene.off(ending, { seed: "stranger", election });
    const { station, people } = scene;
    const address = where(scene);
    const stranger = strangerOn(station);
    endings.push(() => stranger.endAsync(true));
    for (const [i, bomb] of bombs().entries())
      await stranger.publishAsync(topicOf(address, i % 2 === 0 ? "receipt" : "inventory"), Buffer.from(bomb), {
        qos: 1,
        retain: true,
      });
    const up = await subscribed(station, "sandogh/+/+/up/+");
    endings.push(() => up.client.endAsync(true));
    first = { scene, stranger, day: up.heard };
    await people.start();
    await people.officials("open", () => scene.polls === "open");
    t.true(await serves(scene));
    for (const bomb of bombs()) {
      await stranger.publishAsync(topicOf(address, "receipt"), Buffer.from(bomb), { qos: 1 });
      await stranger.publishAsync(topicOf(address, "inventory"), Buffer.from(bomb));
    }
    t.true(await serves(scene));
    held(t, "bombs-retained");
    held(t, "bombs-live");
  },
);

test.serial(
  "the same stranger: topics of 60,000 bytes and in Persian, messages of a megabyte, at each QoS",
  async (t) => {
    const { scene, stranger } = first;
    const prefix = topicOf(where(scene), "receipt").replace(/receipt$/, "");
    for (const qos of [0, 1, 2] as const) {
      await stranger.publishAsync(`${prefix}${"x".repeat(60_000)}`, Buffer.from("y"), { qos });
      await stranger.publishAsync(`${prefix}گزارش`, Buffer.from("y"), { qos });
      await stranger.publishAsync(`${prefix}receipt`, Buffer.alloc(1_000_000), { qos });
    }
    await scene.people.wait(30 * second);
    t.true(await serves(scene));
    held(t, "endless-topics");
  },
);

test.serial(
  "the same stranger: receipts and a batch that it signs itself; what is true arrives all the same",
  async (t) => {
    const { scene, stranger } = first;
    const { station, people } = scene;
    const { crypto } = station;
    const address = where(scene);
    const own = crypto.signKeyPair(new Uint8Array(32).fill(0x5a));
    await people.wait(5 * minute);
    await people.officials("close", () => scene.polls === "closed");
    const receipt = signMessage(crypto, "receipt", { ...address, hashes: [new Uint8Array(16)] }, own.secretKey);
    for (let i = 0; i < 100; i++) await stranger.publishAsync(topicOf(address, "receipt"), Buffer.from(receipt));
    const { refused } = station.collector!.counters;
    const batch = signMessage(crypto, "batch", { ...address, records: [new Uint8Array(200)], total: 9 }, own.secretKey);
    await stranger.publishAsync(topicOf(address, "batch"), Buffer.from(batch), { qos: 1 });
    await people.wait(minute);
    t.deepEqual(await collected(scene), stored(scene));
    t.is(stored(scene).length, 3);
    t.is((await station.store.totals(address.election)).get(address.terminal), 3);
    t.is(station.collector!.counters.refused, refused + 1);
    held(t, "receipts-forged");
    held(t, "batch-forged");
  },
);

test.serial(
  "the same stranger: everything that the terminal said this day, twice more, and to the collector of the next election",
  async (t) => {
    const { scene, stranger } = first;
    const { station, people } = scene;
    const address = where(scene);
    const day = [...first.day];
    t.true(day.some(({ topic }) => topic.endsWith("/batch")) && day.some(({ topic }) => topic.endsWith("/heartbeat")));
    const { heartbeats } = station.collector!.counters;
    for (const { topic, payload } of [...day, ...day]) await stranger.publishAsync(topic, payload, { qos: 1 });
    await people.wait(second);
    t.deepEqual(await collected(scene), stored(scene));
    t.is((await station.store.totals(address.election)).get(address.terminal), 3);
    t.is(station.collector!.counters.heartbeats, heartbeats, "a heartbeat counts once");

    const next = await openStore({ directory: undefined });
    const nextElection = { ...station.election, id: new Uint8Array(16).fill(7), root: new Uint8Array(32).fill(7) };
    const collector = new Collector({
      crypto: station.crypto,
      election: nextElection,
      signKey: station.keys.collector,
      store: next,
      connect: () => strangerOn(station, "next collector"),
    });
    await people.wait(second);
    const moved = topicOf({ ...address, election: nextElection.id }, "batch");
    for (const { topic, payload } of day) {
      await stranger.publishAsync(topic, payload, { qos: 1 });
      if (topic.endsWith("/batch")) await stranger.publishAsync(moved, payload, { qos: 1 });
    }
    await people.wait(second);
    t.true(collector.counters.refused > day.length);
    t.deepEqual(await next.records(nextElection.id), []);
    t.deepEqual(await next.records(address.election), []);
    await collector.close();
    await next.close();
    held(t, "day-replayed");
  },
);

test.serial(
  "a hostile collector, with its true key: it says that it has everything, of another election and of this one, and keeps nothing; the media keep it, and a true collector gets it",
  async (t) => {
    const { scene, day } = first;
    const { station, people } = scene;
    const address = where(scene);
    const { publicKey } = station.election.terminals[0]!;
    await station.stopCollector();
    const hostile = strangerOn(station, "collector");
    const say = async (kind: "inventory", message: Inventory): Promise<unknown> =>
      hostile.publishAsync(
        topicOf(address, kind),
        Buffer.from(signMessage(station.crypto, kind, message, station.keys.collector.secretKey)),
      );
    // as a collector it has seen every batch
    const hashes = hashesOf(station.crypto, day, publicKey);
    t.is(hashes.length, 3);
    day.length = 0;
    station.line = false;
    await people.wait(minute);
    station.line = true;
    await people.wait(minute);
    const nonce = nonceOf(station.crypto, day, publicKey);
    const batches = (): number => day.filter(({ topic }) => topic.endsWith("/batch")).length;
    await say("inventory", { ...address, election: new Uint8Array(16), nonce, part: 0, parts: 1, hashes });
    await people.wait(second);
    t.is(batches(), 0, "for another election it says nothing");
    await say("inventory", { ...address, nonce, part: 0, parts: 1, hashes });
    await people.wait(minute);
    t.is(batches(), 0, "it is believed, and nothing is sent");
    t.is(scene.ballots("a").length, 3);
    t.is(scene.ballots("b").length, 3);
    await hostile.endAsync(true);
    // one with an empty disk comes, and the next connection
    await station.startCollector();
    station.line = false;
    await people.wait(minute);
    station.line = true;
    await people.wait(2 * minute);
    t.deepEqual(await collected(scene), stored(scene));
    held(t, "hostile-collector");
  },
);

let onWire: { readonly scene: Scene; readonly wire: Wire };
let downs = 0;

test.serial("who holds the wire: messages before the SUBACK, at QoS 1 and 2", async (t) => {
  const scene = await Scene.off(ending, { seed: "wire", election });
  const { station, people } = scene;
  const wire = new Wire(station);
  onWire = { scene, wire };
  const receipts = topicOf(where(scene), "receipt");
  let subscriptions = 0;
  wire.onUp = (packet) => {
    if (packet.cmd !== "subscribe") return undefined;
    subscriptions++;
    wire.say(publication(receipts, new Uint8Array(100), 1));
    wire.say(publication(receipts, new Uint8Array(100), 2));
    wire.say(mqttPacket.generate({ cmd: "pubrel", messageId: 1 }));
    return undefined;
  };
  await people.start();
  await people.officials("open", () => scene.polls === "open");
  t.is(subscriptions, 1);
  const answers = wire.sent.map(({ cmd }) => cmd);
  t.deepEqual(answers.slice(0, 5), ["connect", "subscribe", "puback", "pubrec", "pubcomp"]);
  wire.onUp = () => undefined;
  t.true(await serves(scene));
  held(t, "early-packets");
});

test.serial(
  "the wire: floods of answers to no ping, of messages, of one message; a voter votes in the middle of each",
  async (t) => {
    const { scene, wire } = onWire;
    const { station } = scene;
    const receipts = topicOf(where(scene), "receipt");
    const startUs = station.clock.nowUs();
    await serves(scene);
    const usual = station.clock.nowUs() - startUs;
    for (const flood of [
      Buffer.alloc(100_000, Buffer.from([0xd0, 0])),
      Buffer.concat(Array.from({ length: 1_000 }, () => publication(receipts, new Uint8Array(90), 1))),
      publication(receipts, new Uint8Array(200_000), 2),
    ]) {
      const since = station.clock.nowUs();
      wire.say(flood);
      t.true(await serves(scene));
      t.true(station.clock.nowUs() - since < usual + 2 * second, "no slower than without");
    }
    const dropped = scene.traces.findLast((line) => /^uplink: \d+ messages dropped$/.test(line));
    t.true(Number(/\d+/.exec(dropped ?? "")?.[0]) >= 32_768, dropped);
    held(t, "floods");
  },
);

test.serial("the wire: what is no MQTT ends the connection, and is no reason to stop", async (t) => {
  const { scene, wire } = onWire;
  for (const bytes of [
    [0x00, 0],
    [0x30, 0xff, 0xff, 0xff, 0xff, 0xff],
    [0x30, 0],
    [0x36, 3, 0, 1, 0x61],
    [0x20, 2, 9, 9],
  ]) {
    wire.say(Uint8Array.from(bytes));
    await scene.people.wait(minute);
    downs++;
  }
  t.is(scene.traces.filter((line) => line.startsWith("uplink down: broker")).length, downs);
  t.true(await serves(scene, downs));
  held(t, "no-mqtt");
});

test.serial(
  "who reads the broker's log, and takes over every client id the moment it appears: ten minutes without a line, and voters vote; an id that was seen before reaches nothing",
  async (t) => {
    const { scene, wire } = onWire;
    const { station, people } = scene;
    const ids: string[] = [];
    wire.onUp = (packet) => {
      if (packet.cmd !== "connect") return undefined;
      ids.push(packet.clientId);
      // behind the CONNECT on its way, and once more when it is subscribed
      for (const delayUs of [1_000, 50_000])
        station.clock.after(delayUs, () => {
          const thief = strangerOn(station, packet.clientId);
          thief.once("connect", () => thief.end(true));
        });
      return undefined;
    };
    wire.cut();
    await people.wait(10 * minute);
    t.true(ids.length > 10 && ids.length < 25, `${ids.length} connections in ten minutes`);
    t.is(new Set(ids).size, ids.length, "none comes twice");
    downs = scene.traces.filter((line) => line.startsWith("uplink down")).length;
    wire.onUp = () => undefined;
    await people.wait(2 * minute);
    const known = scene.traces.filter((line) => line.startsWith("uplink down")).length;
    const old = strangerOn(station, ids[0]);
    const part = strangerOn(station, ids[0]!.slice(0, 11));
    t.true(await serves(scene, known));
    await old.endAsync(true);
    await part.endAsync(true);
    held(t, "client-id-taken");
  },
);

test.serial(
  "the wire: a line that flaps, and every batch dropped. None leaves before the close, in none is an order, and when the line is let alone everything arrives",
  async (t) => {
    const { scene, wire } = onWire;
    const { station, people } = scene;
    const { publicKey } = station.election.terminals[0]!;
    for (let flap = 0; flap < 30; flap++) {
      wire.cut();
      await people.wait(10 * second);
    }
    const kinds = new Set(wire.sent.map((packet) => (packet.cmd === "publish" ? packet.topic.split("/").at(-1) : "")));
    t.deepEqual([...kinds].sort(), ["", "heartbeat", "query"], "while people vote nothing else leaves");

    const drawn: string[][] = [];
    wire.onUp = (packet) => {
      if (packet.cmd !== "publish" || !packet.topic.endsWith("/batch")) return undefined;
      const read = openMessage(station.crypto, "batch", new Uint8Array(packet.payload as Buffer), publicKey);
      if (read.ok) drawn.push(read.value.records.map(toHex));
      // it is acknowledged, and the collector never gets it
      wire.say(mqttPacket.generate({ cmd: "puback", messageId: packet.messageId! }));
      return "drop";
    };
    await people.officials("close", () => scene.polls === "closed");
    await people.wait(3 * minute);
    t.true(drawn.length > 3);
    for (const records of drawn) t.deepEqual(records, [...records].sort());
    wire.onUp = () => undefined;
    await people.wait(2 * minute);
    t.deepEqual(await collected(scene), stored(scene));
    t.is(stored(scene).length, 7);
    held(t, "line-flaps");
    held(t, "order-by-dropped-batches");
  },
);
