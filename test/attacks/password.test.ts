// Who listens on the line to the broker, and has nothing else: no password passes in clear.

import { answered } from "./catalogue.js";
import test from "ava";
import { spawnSync } from "node:child_process";
import { addressProblems, brokerAddress } from "../../center/broker-address.js";
import { Station, StationError } from "../../sim/station.js";
import { wallBase } from "../support/scene.js";

const like = "mqtt://collector:hunter2@192.0.2.1:1883";

test("a broker's password without TLS is refused by the command, with a code and without the password, before anything is connected", (t) => {
  const { status, stderr, stdout } = spawnSync(process.execPath, ["tools/sandogh.js", "start", "--port", "0"], {
    encoding: "utf8",
    env: { ...process.env, MQTT_URL: like },
  });
  t.is(status, 2);
  t.regex(stderr, /MQTT_URL: L-01/);
  answered(t, "password-in-clear", stderr);
  t.notRegex(stderr + stdout, /hunter2/);
});

test("nor does a station take it from anybody else", async (t) => {
  const made = Station.create({ virtual: true, seed: "password", wallBase, mqttUrl: like });
  const error = await t.throwsAsync(made, { instanceOf: StationError });
  t.regex(error?.message ?? "", /L-01/);
  t.notRegex(error?.message ?? "", /hunter2/);
});

test("addresses: a name, IPv4, IPv6 in its brackets, a port or the usual one, a user with TLS alone", (t) => {
  const read = (text: string): unknown => {
    const address = brokerAddress(text);
    return typeof address === "string" ? address : [address.host, address.port, address.tls];
  };
  t.deepEqual(read("mqtt://broker"), ["broker", 1883, false]);
  t.deepEqual(read("mqtt://192.0.2.7:1884"), ["192.0.2.7", 1884, false]);
  t.deepEqual(read("mqtt://[2001:db8::7]"), ["2001:db8::7", 1883, false]);
  t.deepEqual(read("mqtts://[2001:db8::7]:8884"), ["2001:db8::7", 8884, true]);
  t.deepEqual(read("mqtts://user:secret@broker"), ["broker", 8883, true]);
  for (const text of ["mqtt://user@broker", "mqtt://:secret@broker", "mqtt://user:secret@[::1]"])
    t.is(read(text), "L-01");
  for (const text of ["broker", "http://broker", "ws://broker", "mqtt://", ""]) t.is(read(text), "form", text);
  t.regex(addressProblems["L-01"], /^L-01: .*mqtts/);
});
