// The offices' commands that make cards count: the issuer's tool with a ceremony's keys, lost cards on a package, and
// the second desk of a roll, which is refused.

import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { fromHex } from "../../firmware/bytes.js";
import { readCard } from "../../firmware/access/certificate.js";
import { Crypto } from "../../firmware/crypto/crypto.js";
import { signRequest } from "../../firmware/device/request.js";
import { encodeStored } from "../../firmware/device/stored.js";
import { openPackage } from "../../firmware/election/package.js";
import { readDeck } from "../../office/cards/issue.js";
import { sodiumPrimitives } from "../../office/crypto/sodium.js";
import { certify } from "../../office/device/enrol.js";
import { loadOrCreateElectionKeys } from "../../office/package/keys.js";
import { packageFlash } from "../../office/package/package-flash.js";
import { numberOf } from "../../office/roll/voters.js";
import { run } from "../../tools/program.js";
import { randomFrom } from "../support/serial-pair.js";
import { shortElection } from "../support/short-election.js";

const crypto = new Crypto({ primitives: sodiumPrimitives, random: randomFrom(3) });
const folder = mkdtempSync(join(tmpdir(), "sandogh-cards-"));
test.after.always(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string): string => join(folder, name);

async function call(...args: readonly string[]): Promise<{ readonly code: number; readonly said: string }> {
  let said = "";
  const keep = (text: string): void => void (said += text);
  const code = await run(args, { streams: { out: keep, err: keep, isTerminal: false, columns: 200 } });
  return { code, said };
}

test.serial(
  "cards by a ceremony's issuer: fresh keys, its certificates, PINs of their own; the file is the owner's alone",
  async (t) => {
    t.is((await call("keys", "--out", at("ceremony"))).code, 0);
    const by = ["--issuer", at("ceremony/issuer"), "--authority", at("ceremony/authority")];
    const place = ["--station", "17", "--epoch", "4", "--voters", "3", "--first", "40"];
    t.is((await call("cards", ...by, ...place, "--out", at("cards.json"))).code, 0);
    t.is((await call("cards", ...by, ...place, "--out", at("more.json"))).code, 0);
    const [deck, other] = ["cards.json", "more.json"].map((name) => readDeck(readFileSync(at(name), "utf8")));
    const key = fromHex(readFileSync(at("ceremony/issuer/public.key"), "utf8").trim())!;
    t.deepEqual(deck!.issuerKey, key);
    t.deepEqual(
      deck!.cards.map(({ kind, serial, station }) => [kind, serial, station]),
      [
        ...[40, 41, 42].map((serial) => ["voter", serial, 0] as const),
        ...(["executive", "supervision", "executive"] as const).map((kind, i) => [kind, 10_001 + i, 17] as const),
      ],
    );
    const rules = { issuerKey: key, epoch: 4, revoked: new Uint8Array(0) };
    for (const [i, card] of deck!.cards.entries()) {
      t.like(readCard(crypto, card.certificate, rules), { ok: true, value: { kind: card.kind, serial: card.serial } });
      t.notDeepEqual(card.key, other!.cards[i]!.key);
    }
    t.is(statSync(at("cards.json")).mode & 0o777, 0o600);
    // a key of another kind is no issuer's
    const wrong = await call(
      "cards",
      "--issuer",
      at("ceremony/collector"),
      ...by.slice(2),
      ...place,
      "--out",
      at("x.json"),
    );
    t.not(wrong.code, 0);
    t.regex(wrong.said, /a collector key where issuer is expected/);
  },
);

test.serial(
  "lost cards go on the package by their serials; a second desk for one roll is refused, with the reason",
  async (t) => {
    writeFileSync(at("election.yaml"), shortElection);
    writeFileSync(at("lost.txt"), "70\n7\n\n70\n");
    const keys = ["--keys", at("keys")];
    const packed = ["package", "--election", at("election.yaml"), ...keys, "--out", at("election.pkg")];
    t.is((await call(...packed, "--epoch", "4", "--revoked", at("lost.txt"))).code, 0);
    const election = loadOrCreateElectionKeys(at("keys"));
    const bytes = new Uint8Array(readFileSync(at("election.pkg")));
    const pack = openPackage(packageFlash(bytes), 0, crypto, election.authority.publicKey);
    if (!pack.ok) return t.fail(pack.error.code);
    const { cards, station } = pack.value.election;
    t.deepEqual([cards.epoch, cards.revoked], [4, Uint8Array.of(0, 0, 0, 7, 0, 0, 0, 70)]);
    writeFileSync(at("bad.txt"), "7\nseven\n");
    t.regex(
      (await call(...packed, "--revoked", at("bad.txt"))).said,
      /bad\.txt: line 2: expected the serial of a card/,
    );

    writeFileSync(at("voters.txt"), `${numberOf(1)} 1\n${numberOf(49_937_089)} 1\n`);
    const roll = [
      "roll",
      "--voters",
      at("voters.txt"),
      ...keys,
      "--package",
      at("election.pkg"),
      "--out",
      at("roll.bin"),
    ];
    t.is((await call(...roll, "--station", String(station))).code, 0);
    for (const number of [5, 6]) {
      const sign = crypto.signKeyPair(new Uint8Array(32).fill(number));
      const boxKey = crypto.boxKeyPair(new Uint8Array(32).fill(number)).publicKey;
      const request = signRequest(crypto, { signKey: sign.publicKey, boxKey, model: "desk" }, sign);
      const hardware = { serial: `ID-${number}`, revision: 1, testRecord: new Uint8Array(32) };
      const chain = certify(request, hardware, election.factory);
      if (!chain.ok) return t.fail(chain.error.what);
      writeFileSync(at(`certificate-${number}.bin`), encodeStored(chain.value));
    }
    const assigned = (number: number): ReturnType<typeof call> =>
      call(
        ...["assign", "--certificate", at(`certificate-${number}.bin`), "--roll", at("roll.bin"), ...keys],
        ...["--number", String(number), "--out", at(`assignment-${number}.bin`), "--list", at("desks.cbor")],
      );
    t.is((await assigned(5)).code, 0);
    const second = await assigned(6);
    t.not(second.code, 0);
    t.regex(second.said, /desk 5 \(ID-5\) serves this roll already, .* do not share their check-ins/);
  },
);
