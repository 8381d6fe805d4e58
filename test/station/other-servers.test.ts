// Another broker (mosquitto) and a real PostgreSQL instead of the embedded ones, in real time, where they are
// installed.

import test from "ava";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import net, { type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RealPeople } from "../support/real-people.js";

const mosquitto = ["/usr/sbin/mosquitto", "/usr/bin/mosquitto"].find(existsSync);
const postgres = existsSync("/usr/lib/postgresql")
  ? readdirSync("/usr/lib/postgresql")
      .map((version) => `/usr/lib/postgresql/${version}/bin`)
      .find((path) => existsSync(join(path, "initdb")))
  : undefined;

async function freePort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}

async function listens(port: number): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const connected = await new Promise<boolean>((resolve) => {
      const socket = net.connect(port, "127.0.0.1", () => {
        socket.destroy();
        resolve(true);
      });
      socket.on("error", () => resolve(false));
    });
    if (connected) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`nothing listens on port ${port}`);
}

if (mosquitto === undefined || postgres === undefined) {
  test("another broker and PostgreSQL", (t) => {
    t.log("skipped: needs Debian's mosquitto and postgresql");
    t.pass();
  });
} else {
  test("a vote through mosquitto into PostgreSQL", async (t) => {
    const folder = mkdtempSync(join(tmpdir(), "sandogh-servers-"));
    const children: ChildProcess[] = [];
    t.teardown(() => {
      for (const child of children) child.kill("SIGTERM");
      setTimeout(() => rmSync(folder, { recursive: true, force: true }), 1000);
    });
    const [mqttPort, pgPort] = [await freePort(), await freePort()];
    writeFileSync(
      join(folder, "mosquitto.conf"),
      `listener ${mqttPort} 127.0.0.1\nallow_anonymous true\npersistence false\n`,
    );
    children.push(spawn(mosquitto, ["-c", join(folder, "mosquitto.conf")], { stdio: "ignore" }));
    // PostgreSQL refuses to run as root
    const data = join(folder, "pg");
    const asPostgres = process.getuid?.() === 0;
    if (asPostgres) {
      const uid = Number(spawnSync("id", ["-u", "postgres"], { encoding: "utf8" }).stdout);
      chownSync(folder, uid, uid);
    }
    const run = (program: string, args: string[]): [string, string[]] =>
      asPostgres
        ? ["runuser", ["-u", "postgres", "--", join(postgres, program), ...args]]
        : [join(postgres, program), args];
    const made = spawnSync(...run("initdb", ["-D", data, "-A", "trust", "-U", "sandogh"]), { encoding: "utf8" });
    t.is(made.status, 0, made.stderr);
    children.push(
      spawn(...run("postgres", ["-D", data, "-p", String(pgPort), "-k", folder, "-h", "127.0.0.1"]), {
        stdio: "ignore",
      }),
    );
    await listens(mqttPort);
    await listens(pgPort);

    const people = await RealPeople.open(t, {
      mqttUrl: `mqtt://127.0.0.1:${mqttPort}`,
      databaseUrl: `postgres://sandogh@127.0.0.1:${pgPort}/postgres`,
    });
    await people.vote();
    await people.close();
    const { station } = people;
    const arrived = async (): Promise<number> => (await station.store.records(station.pack.election.id)).length;
    for (let attempt = 0; attempt < 100 && (await arrived()) === 0; attempt++)
      await new Promise((resolve) => setTimeout(resolve, 100));
    t.is(await arrived(), 1);
  });
}
