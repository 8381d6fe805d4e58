// A whole day on the real terminal, and then its media harmed in every way that we could think of: the auditor's tool
// names each, and no receipt is signed.

import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { Crypto } from "../../firmware/crypto/crypto.js";
import { deriveKeys } from "../../firmware/device/keys.js";
import { archive } from "../../office/archive/archive.js";
import { sodiumPrimitives } from "../../office/crypto/sodium.js";
import { inspect } from "../../office/inspect/inspect.js";
import { layoutOfImage } from "../../office/tally/image.js";
import { Chance } from "../../sim/chance.js";
import { shortElection as election } from "../support/short-election.js";
import { secretIn } from "../support/device-secret.js";
import { Scene } from "../support/scene.js";

/** On each medium and on both. */
const flips = Number(process.env["FLIPS"] ?? 12);

async function day(t: ExecutionContext) {
  const scene = await Scene.open(t, { seed: "damage", election });
  for (let i = 0; i < 4; i++) await scene.people.vote(await scene.card(), scene.intentions());
  const early = scene.station.chips.a.cells.slice();
  for (let i = 0; i < 2; i++) await scene.people.vote(await scene.card(), scene.intentions());
  await scene.people.officials("close", () => scene.polls === "closed");
  await scene.people.officials("count", () => scene.traces.includes("results kept"));
  const { station } = scene;
  const { pack } = station;
  const crypto = new Crypto({ primitives: sodiumPrimitives, random: () => undefined });
  const [a, b] = [station.chips.a.cells.slice(), station.chips.b.cells.slice()];
  const audit = deriveKeys(crypto, secretIn(station.chips.main, station.fuses), pack.election.id, station.stationKey);
  const folder = mkdtempSync(join(tmpdir(), "sandogh-damage-"));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const input = {
    crypto,
    election: station.election,
    packageBytes: station.packageBytes,
    assignmentsBytes: station.assignmentsBytes,
    audit,
    authoritySecretKey: station.keys.authority.secretKey,
  };
  const layout = layoutOfImage(a, pack.election);
  const results = layout.store.address + layout.store.length;
  return {
    a,
    b,
    early,
    layout,
    /** As far as anything is ever written, on this day. */
    end: results + 4096,
    problems: (images: { a: Uint8Array; b: Uint8Array }) => inspect(crypto, station.election, images, audit).problems,
    found: () => inspect(crypto, station.election, { a, b }),
    receipt(images: { a: Uint8Array; b: Uint8Array }): boolean {
      const out = join(folder, String(Math.random()));
      const archived = archive({ ...input, ...images }, out);
      return archived.ok || existsSync(out);
    },
  };
}

test("every one of single-bit flips on one medium and on both is named, and 20 kinds of gross damage; none gets a receipt", async (t) => {
  t.timeout(300_000);
  const { a, b, early, layout, end, problems, found, receipt } = await day(t);
  t.deepEqual(problems({ a, b }), []);
  t.deepEqual(found().problems, []);
  t.true(receipt({ a, b }));
  t.deepEqual(
    found().unchecked.map((what) => what.replace(/\d+/, "n")),
    [
      "the superblock's check",
      "the words of the day's state",
      "the checks of the journal's cells",
      "the number and check of the journal's head",
      "the head's number, epoch, set and check",
      "n spent marks",
      "n slots' checks",
      "n journal entries behind the last signed one",
    ],
    "what nobody can judge without the audit keys is named",
  );

  const chance = new Chance("flips", "damage");
  const used = [...a.keys()].filter((at) => a[at] !== 0xff);
  for (const on of ["a", "b", "both"] as const) {
    const silent: string[] = [];
    for (let flip = 0; flip < flips; flip++) {
      const at = flip % 2 === 0 ? used[chance.below(used.length)]! : chance.below(end);
      const bit = 1 << chance.below(8);
      const turn = (): void => {
        if (on !== "b") a[at]! ^= bit;
        if (on !== "a") b[at]! ^= bit;
      };
      turn();
      if (problems({ a, b }).length === 0) silent.push(`bit ${bit} of byte ${at}`);
      if (flip % 20 === 0 && receipt({ a, b })) silent.push(`a receipt for bit ${bit} of byte ${at}`);
      turn();
    }
    t.deepEqual(silent, [], `flips on ${on}`);
  }

  const cells = layout.journal.address;
  const lastCell = [...Array(layout.journal.length / 128).keys()].findLast((i) => a[cells + i * 128] !== 0xff)!;
  const slot = [...Array(layout.slots).keys()].find((i) => a[layout.store.address + i * layout.slotLength] !== 0xff)!;
  const at = layout.store.address + slot * layout.slotLength;
  const mark = [...Array(layout.spentEntries).keys()].find((i) => a[layout.spent.address + i * 16] !== 0xff)!;
  const headBlock = layout.head.address;
  const results = layout.store.address + layout.store.length;
  const fill = (from: number, length: number, value: number) => (image: Uint8Array) =>
    image.fill(value, from, from + length);
  const gross: Readonly<Record<string, (image: Uint8Array) => unknown>> = {
    "erased whole": (image) => image.fill(0xff),
    "zeroed whole": (image) => image.fill(0),
    "superblock erased": fill(0, 4096, 0xff),
    "superblock zeroed": fill(0, 48, 0),
    "a pairing word": fill(256, 16, 0),
    "the erasing word": fill(2048, 16, 0x5a),
    "journal erased": fill(cells, layout.journal.length, 0xff),
    "journal's last cell zeroed": fill(cells + lastCell * 128, 128, 0),
    "journal's last cell erased": fill(cells + lastCell * 128, 128, 0xff),
    "journal's last cells erased": fill(cells + (lastCell - 9) * 128, 10 * 128, 0xff),
    "journal's head erased": fill(layout.journalHead.address, 8192, 0xff),
    "journal's head zeroed": fill(layout.journalHead.address, 8192, 0),
    "the word of the closing erased": fill(2080, 16, 0xff),
    "the word of the closing zeroed": fill(2080, 16, 0),
    "a word of the release": fill(2112, 16, 0x5a),
    "journal's end appended to": fill(cells + (lastCell + 1) * 128, 128, 0x11),
    "journal: a cell in the middle zeroed": fill(cells + 4 * 128, 128, 0),
    "head erased": fill(headBlock, 8192, 0xff),
    "head zeroed": fill(headBlock, 8192, 0),
    "a tick more": fill(layout.counter.address + 6 * 8, 8, 0),
    "a tick less": fill(layout.counter.address + 5 * 8, 8, 0xff),
    "a spent mark zeroed": fill(layout.spent.address + mark * 16, 16, 0),
    "a slot zeroed": fill(at, layout.slotLength, 0),
    "a slot erased": fill(at, layout.slotLength, 0xff),
    "a slot copied over the next": (image) => image.copyWithin(at + layout.slotLength, at, at + layout.slotLength),
    "results erased": fill(results, 4096, 0xff),
    "results' header zeroed": fill(results, 16, 0),
    "an older image": (image) => image.set(early),
    "a page of noise behind everything": fill(end + 65_536, 256, 0x33),
  };
  t.true(Object.keys(gross).length >= 20);
  for (const [name, harm] of Object.entries(gross)) {
    for (const on of ["a", "both"] as const) {
      const images = { a: a.slice(), b: b.slice() };
      harm(images.a);
      if (on === "both") harm(images.b);
      // both media as they were some hours ago are a whole day that is not over: there is only no receipt for it
      if (name !== "an older image" || on === "a") t.not(problems(images).length, 0, `${name} on ${on} is named`);
      t.false(receipt(images), `${name} on ${on}: no receipt`);
    }
  }
});
