import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { readEnvironment } from "../../sim/bench/environment.js";
import { lockFolder } from "../../sim/bench/folder-lock.js";
import { BenchServer, PortError } from "../../sim/bench/server.js";
import { StationError } from "../../sim/station.js";
import { browse, hasBrowser, remove } from "./support.js";

test("a broker and a database are taken from the environment, other addresses are refused", (t) => {
  t.deepEqual(readEnvironment({}), {});
  t.deepEqual(readEnvironment({ MQTT_URL: "mqtt://127.0.0.1:1884", DATABASE_URL: "" }), {
    mqttUrl: "mqtt://127.0.0.1:1884",
  });
  t.throws(() => readEnvironment({ MQTT_URL: "http://127.0.0.1" }), { instanceOf: StationError, message: /MQTT_URL/ });
  const tls = { MQTT_URL: "mqtts://user:secret@[::1]:8883", MQTT_CA: "ca.pem" };
  t.deepEqual(readEnvironment(tls), { mqttUrl: tls.MQTT_URL, mqttCa: "ca.pem" });
  t.throws(() => readEnvironment({ DATABASE_URL: "here" }), { instanceOf: StationError, message: /DATABASE_URL/ });
});

test("two benches never share a folder, and one that died does not keep it", (t) => {
  const directory = mkdtempSync(join(tmpdir(), "bench-"));
  const unlock = lockFolder(directory);
  t.throws(() => lockFolder(directory), { instanceOf: StationError, message: /in use by another bench/ });
  unlock();
  writeFileSync(join(directory, "bench.lock"), "4194304999");
  lockFolder(directory)();
  remove(directory);
});

test("a port in use is one clear line", async (t) => {
  const server = await BenchServer.listen(0);
  const error = await t.throwsAsync(BenchServer.listen(server.port), { instanceOf: PortError });
  t.is(error.message, `port ${server.port} is in use; name another with --port`);
  await server.close();
});

(hasBrowser ? test : test.skip)(
  "while it builds, the page says that it is starting; when it is gone, that it must be started again",
  async (t) => {
    const server = await BenchServer.listen(0);
    const browser = await browse();
    try {
      const page = await browser.newPage();
      await page.goto(server.address);
      const says = (words: string) => page.locator("#step", { hasText: words }).waitFor();
      await says("Starting: the bench builds what it runs.");
      await server.close();
      await says("The bench is not running. Start it again with npm start.");
      t.pass();
    } finally {
      await browser.close();
    }
  },
);
