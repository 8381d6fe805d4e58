// Nobody but the device knows its secret: a day of a terminal and its tools leaves files, and neither the secret nor a
// key that follows from it is in any of them.

import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { held } from "../attacks/catalogue.js";
import test from "ava";
import { toHex } from "../../firmware/bytes.js";
import { deriveKeys, deviceKeys, markKeyOf } from "../../firmware/device/keys.js";
import { secretIn } from "../support/device-secret.js";
import { Scene } from "../support/scene.js";
import { shortElection as election } from "../support/short-election.js";

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, String(name)))
    .filter((path) => statSync(path).isFile());
}

/** As bytes, and as text: hexadecimal in both cases, base64 in both alphabets. */
function formsOf(secret: Uint8Array): readonly Buffer[] {
  const bytes = Buffer.from(secret);
  const base64 = bytes.toString("base64").replace(/=+$/, "").slice(0, -1);
  const hex = toHex(secret);
  return [
    bytes,
    Buffer.from(hex),
    Buffer.from(hex.toUpperCase()),
    Buffer.from(base64),
    Buffer.from(bytes.toString("base64url").slice(0, base64.length)),
  ];
}

test("no file of a station's day holds the device's secret, its private keys or a key of its checks; the search finds what is there", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "sandogh-secret-"));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const scene = await Scene.off(t, { seed: "secrets", election, directory: folder });
  await scene.people.start();
  await scene.people.officials("open", () => scene.polls === "open");
  for (let i = 0; i < 3; i++) await scene.people.vote(await scene.card(), scene.intentions());
  await scene.people.officials("close", () => scene.polls === "closed");
  await scene.people.officials("count", () => scene.traces.includes("results kept"));
  const { station } = scene;
  station.powerOff();
  const secret = secretIn(station.chips.main, station.fuses);
  const { crypto } = station;
  const own = deviceKeys(crypto, secret);
  const { slot, set, head, token, transaction, journal, state } = deriveKeys(
    crypto,
    secret,
    station.election.id,
    station.stationKey,
  );
  const secrets = {
    secret,
    "signing seed": own.sign.secretKey.subarray(0, 32),
    "box key": own.box.secretKey,
    "station key": station.stationKey,
    "right key": markKeyOf(crypto, station.stationKey, station.election.id),
    ...{ slot, set, head, token, transaction, journal, state },
  };
  const files = filesIn(folder);
  t.true(files.length > 5, files.join(" "));
  let isPublicKeyFound = false;
  for (const path of files) {
    const bytes = readFileSync(path);
    isPublicKeyFound ||= bytes.includes(Buffer.from(own.sign.publicKey));
    for (const [name, value] of Object.entries(secrets))
      for (const form of formsOf(value)) t.false(bytes.includes(form), `${path}: ${name}`);
  }
  t.true(isPublicKeyFound, "the search reads what is there");
  const said = Buffer.from(scene.traces.join("\n"));
  for (const form of formsOf(secret)) t.true(said.indexOf(form.toString("latin1"), 0, "latin1") < 0);
  held(t, "secrets-in-files");
});

test("two devices of one election have nothing in common", async (t) => {
  const [one, other] = [
    await Scene.off(t, { seed: "two", election }),
    await Scene.off(t, { seed: "two", device: "another", election }),
  ];
  t.notDeepEqual(
    secretIn(one.station.chips.main, one.station.fuses),
    secretIn(other.station.chips.main, other.station.fuses),
  );
  t.throws(() => secretIn(one.station.chips.main, other.station.fuses), { message: /damaged/ });
});
