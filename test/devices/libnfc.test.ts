// An independent oracle of the virtual PN532: libnfc's own driver, on a pseudo terminal.

import { execFile, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, existsSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import test, { type ExecutionContext } from "ava";
import { RealClock } from "../../sim/clock.js";
import type { ActivationCard } from "../../sim/devices/activation-card.js";
import { VirtualPN532 } from "../../sim/devices/pn532.js";
import { CardWorld } from "../support/card-world.js";
import { randomFrom } from "../support/serial-pair.js";

function has(program: string): boolean {
  try {
    execFileSync("sh", ["-c", `command -v ${program}`], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

const possible = ["socat", "nfc-list", "nfc-poll"].every(has);
const run = possible ? test.serial : test.serial.skip;
if (!possible)
  test("libnfc is not installed here (Debian: libnfc-bin, libnfc-examples, socat): the oracle is skipped", (t) =>
    t.pass());

async function withReader(
  t: ExecutionContext,
  work: (device: VirtualPN532, nfc: (program: string, ...args: string[]) => Promise<string>) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "pn532-"));
  const device = new VirtualPN532({ clock: new RealClock(), random: randomFrom(3) });
  const server = createServer((socket) => {
    device.send = (bytes) => void socket.write(bytes);
    socket.on("data", (bytes) => device.receive(bytes));
    socket.on("error", () => {});
  });
  await new Promise<void>((resolve) => server.listen(join(folder, "line"), resolve));
  const pty = join(folder, "tty");
  const socat = spawn("socat", [`PTY,link=${pty},raw,echo=0`, `UNIX-CONNECT:${join(folder, "line")}`], {
    stdio: "ignore",
  });
  t.teardown(() => {
    socat.kill();
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });
  for (let i = 0; i < 100 && !existsSync(pty); i++) await sleep(20);
  await work(
    device,
    (program, ...args) =>
      new Promise((resolve, reject) => {
        execFile(
          program,
          args,
          { env: { ...process.env, LIBNFC_DEVICE: `pn532_uart:${pty}` }, timeout: 60_000 },
          (error, stdout, stderr) => {
            if (error !== null) reject(new Error(`${program}: ${error.message}\n${stdout}\n${stderr}`));
            else resolve(stdout + stderr);
          },
        );
      }),
  );
}

const activationCard = (): ActivationCard => new CardWorld(4).voter();

run("nfc-list opens the virtual reader and lists a card with its ATS and a random UID", async (t) => {
  await withReader(t, async (device, nfc) => {
    device.place(activationCard());
    const said = await nfc("nfc-list", "-v", "-t", "1");
    t.regex(said, /NFC device: .* opened/);
    t.regex(said, /1 ISO14443A passive target\(s\) found/);
    t.regex(said, /ATQA \(SENS_RES\): 00\s+04/);
    t.regex(said, /UID \(NFCID3\): 08/);
    t.regex(said, /SAK \(SEL_RES\): 20/);
    t.regex(said, /ATS: 75\s+77\s+81\s+02\s+80/);
    t.deepEqual(device.failures, []);
  });
});

run("nfc-list finds nothing on an empty reader", async (t) => {
  await withReader(t, async (device, nfc) => {
    t.notRegex(await nfc("nfc-list", "-t", "1"), /ISO14443A/);
    t.deepEqual(device.failures, []);
  });
});

run("nfc-poll waits for a card, and notices its removal", async (t) => {
  await withReader(t, async (device, nfc) => {
    const poll = nfc("nfc-poll");
    await sleep(600);
    device.place(activationCard());
    await sleep(1500);
    device.lift();
    const said = await poll;
    t.regex(said, /UID \(NFCID3\): 08/);
    t.regex(said, /Waiting for card removing\.*\s*done/);
    t.deepEqual(device.failures, []);
  });
});
