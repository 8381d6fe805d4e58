// A broker behind TLS, at an IPv6 address: the terminal's MQTT goes through, and the collector's password inside it.

import test from "ava";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import tls, { type TLSSocket } from "node:tls";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { once } from "node:events";
import { Aedes } from "aedes";
import mqtt from "mqtt";
import { brokerAddress, connectTo } from "../../center/broker-address.js";
import { connectPacket } from "../../firmware/sync/mqtt-packet.js";

interface Certified {
  readonly cert: string;
  readonly key: string;
}

/** A certificate for the loopback addresses, of a key made now. */
function certificate(folder: string): Certified | undefined {
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const made = spawnSync("openssl", [
    ..."req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost".split(" "),
    ...["-addext", "subjectAltName=IP:127.0.0.1,IP:::1,DNS:localhost", "-keyout", key, "-out", cert],
  ]);
  return made.status === 0 ? { cert: readFileSync(cert, "utf8"), key: readFileSync(key, "utf8") } : undefined;
}

const folder = mkdtempSync(join(tmpdir(), "sandogh-tls-"));
const certified = certificate(folder);
rmSync(folder, { recursive: true });

if (certified === undefined) {
  test("a broker behind TLS", (t) => {
    t.log("skipped: needs openssl");
    t.pass();
  });
} else {
  for (const host of ["127.0.0.1", "[::1]"])
    test(`TLS to ${host}: with a certificate that is known and no other`, async (t) => {
      const aedes = await Aedes.createBroker({
        authenticate: (client, user, password, done) =>
          done(null, client.id.startsWith("t") || (user === "collector" && String(password) === "of a test")),
      });
      const sockets = new Set<TLSSocket>();
      const server = tls.createServer(certified, (socket) => {
        sockets.add(socket);
        socket.on("error", () => undefined);
        void aedes.handle(socket);
      });
      server.on("tlsClientError", () => undefined);
      server.listen(0, host.replace(/[[\]]/g, ""));
      const listening = await Promise.race([once(server, "listening"), once(server, "error")]);
      if (listening[0] instanceof Error) {
        t.log(`skipped: ${listening[0].message}`);
        t.pass();
        return;
      }
      t.teardown(async () => {
        for (const socket of sockets) socket.destroy();
        server.close();
        await new Promise<void>((resolve) => aedes.close(() => resolve()));
      });
      const { port } = server.address() as AddressInfo;
      const address = brokerAddress(`mqtts://collector:of%20a%20test@${host}:${port}`);
      if (typeof address === "string") throw new Error(address);

      // as the gateway of a station: outside TLS, inside what the terminal says, which has no password
      const line = connectTo(address, certified.cert);
      line.write(connectPacket("t0123456789abcdef012345", 60));
      const [connack] = (await once(line, "data")) as [Buffer];
      t.deepEqual([...connack], [0x20, 2, 0, 0]);
      line.destroy();
      const unknown = connectTo(address);
      const [error] = (await once(unknown, "error")) as [NodeJS.ErrnoException];
      t.regex(error.code ?? "", /SELF_SIGNED|UNABLE_TO_VERIFY/);

      const client = await mqtt.connectAsync(address.url.href, { clientId: "collector", ca: certified.cert });
      t.true(client.connected);
      await client.endAsync(true);
      await t.throwsAsync(
        mqtt.connectAsync(address.url.href.replace("of%20a%20test", "another"), {
          clientId: "collector",
          ca: certified.cert,
          reconnectPeriod: 0,
        }),
      );
    });
}
