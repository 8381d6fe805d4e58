import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { BenchServer, PortError } from "../../sim/bench/server.js";
import { StartError, lockFolder, readEnvironment, readOptions } from "../../tools/start.js";
import { remove } from "./support.js";

test("options have defaults, and a bad one is named", (t) => {
  t.deepEqual(readOptions([]), { port: 8080, data: "data", election: undefined });
  t.deepEqual(readOptions(["--port", "0", "--data", "x", "--election", "office/examples/example.yaml"]), { port: 0, data: "x", election: "office/examples/example.yaml" });
  const bad: readonly (readonly [readonly string[], RegExp])[] = [
    [["--port", "65536"], /--port 65536/], [["--port", "http"], /--port http/], [["--port", "-1"], /port/], [["--data", ""], /--data/], [["--election", "no/such.yaml"], /no such file/],
    [["--prot", "1"], /--prot/], [["8080"], /8080/],
  ];
  for (const [args, message] of bad) {
    const error = t.throws(() => readOptions(args), { instanceOf: StartError, message });
    t.false(error.message.includes("\n"), "one line");
  }
});

test("a broker and a database are taken from the environment, other addresses are refused", (t) => {
  t.deepEqual(readEnvironment({}), {});
  t.deepEqual(readEnvironment({ MQTT_URL: "mqtt://127.0.0.1:1884", DATABASE_URL: "" }), { mqttUrl: "mqtt://127.0.0.1:1884" });
  t.throws(() => readEnvironment({ MQTT_URL: "http://127.0.0.1" }), { instanceOf: StartError, message: /MQTT_URL/ });
  t.throws(() => readEnvironment({ DATABASE_URL: "here" }), { instanceOf: StartError, message: /DATABASE_URL/ });
});

test("two benches never share a folder, and one that died does not keep it", (t) => {
  const directory = mkdtempSync(join(tmpdir(), "bench-"));
  const unlock = lockFolder(directory);
  t.throws(() => lockFolder(directory), { instanceOf: StartError, message: /in use by another bench/ });
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
