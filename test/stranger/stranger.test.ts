// A program in another language, written from the FORMAT.md and CDDL files alone, opens and checks a real day: what it
// cannot do, they do not say.

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { concat, toHex } from "../../firmware/bytes.js";
import { CheckIns } from "../../firmware/checkin/check-ins.js";
import { Crypto } from "../../firmware/crypto/crypto.js";
import { keyOf } from "../../firmware/roll/national-id.js";
import { openRoll } from "../../firmware/roll/roll.js";
import { sodiumPrimitives } from "../../office/crypto/sodium.js";
import { buildRoll } from "../../office/roll/build.js";
import { numberOf } from "../../office/roll/voters.js";
import { Chance } from "../../sim/chance.js";
import { NorChip, flashOf } from "../../sim/nor.js";
import { address, definition, drawVoters, flashWith, keys as rollKeys } from "../roll/support.js";
import { signAssignment, signAssignments } from "../../firmware/device/assignment.js";
import { deriveKey, deriveKeys, deviceKeys } from "../../firmware/device/keys.js";
import type { TerminalId } from "../../firmware/election/types.js";
import { recoverWithTestKeys } from "../../office/tally/recover.js";
import { layoutOfImage, resultsInImage } from "../../office/tally/image.js";
import { signResults, verificationCode } from "../../firmware/tally/results.js";
import type { Intention } from "../../sim/people.js";
import { secretIn } from "../support/device-secret.js";
import { Scene } from "../support/scene.js";

const probe = "import ctypes; ctypes.CDLL('libsodium.so.23')";
const isPossible = spawnSync("python3", ["-c", probe]).status === 0;
if (!isPossible) process.stderr.write("skipped: python3 or libsodium's shared library is not here\n");
const strangerTest = isPossible ? test : test.skip;

/** A contest of each way of counting, and one that too few have. */
const election = `title: آزمایش
kind: test
station: { number: 7, name: بهار }
policy: { capacity: 300, k: 2 }
styles:
  - { id: 1, contests: [30, 10, 20] }
contests:
  - { id: 10, kind: n-of-m, title: شورا, votesAllowed: 2, options: [{ code: 11, name: الف }, { code: 12, name: ب }, { code: 300, name: پ }] }
  - { id: 20, kind: question, title: پرسش, options: [{ code: 1, name: آری }, { code: 2, name: نه }] }
  - id: 30
    kind: open-list
    title: مجلس
    preferences: 2
    options: [{ code: 1, name: فهرست یک }, { code: 2, name: فهرست دو }, { code: 101, name: ت, list: 1 }, { code: 201, name: ث, list: 2 }]
  - { id: 40, kind: question, title: دیگر, options: [{ code: 1, name: آری }, { code: 2, name: نه }] }
`;

/** What each voter marks in contests 30, 10 and 20; undefined: blank. */
const votes: readonly (readonly (readonly number[] | undefined)[])[] = [
  [[1, 101], [11, 300], [1]],
  [[2], [12], undefined],
  [[2, 201], undefined, [2]],
];

interface Said {
  readonly problems: readonly string[];
  readonly unchecked: readonly string[];
  readonly signed: unknown;
  readonly counted: unknown;
  readonly ballots: number;
  readonly voids: number;
  readonly code: readonly string[];
}

strangerTest(
  "the stranger opens a day, finds nothing wrong, counts what was signed, and refuses what was changed",
  async (t) => {
    const scene = await Scene.open(t, { seed: "stranger", election });
    for (const marks of votes) {
      const intentions = [30, 10, 20].map((contest, i): Intention => {
        return { contest: contest, blank: marks[i] === undefined, choices: [...(marks[i] ?? [])] };
      });
      await scene.people.vote(await scene.card(), intentions);
    }
    const { chips } = scene.station;
    const early = { a: chips.a.cells.slice(), b: chips.b.cells.slice() };
    await scene.people.officials("close", () => scene.polls === "closed");
    await scene.people.officials("count", () => scene.traces.includes("results kept"));

    const { station } = scene;
    const { pack, keys, crypto } = station;
    const own = station.election.terminals[0]!;
    const folder = mkdtempSync(join(tmpdir(), "sandogh-stranger-"));
    t.teardown(() => rmSync(folder, { recursive: true, force: true }));
    const path = (name: string): string => join(folder, name);
    const images = { a: station.chips.a.cells.slice(), b: station.chips.b.cells.slice() };
    writeFileSync(path("flash"), station.chips.main.cells);
    writeFileSync(path("assignments"), station.assignmentsBytes);
    const ask = (how: readonly string[]): { readonly status: number | null; readonly said: Said } => {
      for (const [name, bytes] of Object.entries(images)) writeFileSync(path(name), bytes);
      const files = ["a", "b"].flatMap((name) => [`--${name}`, path(name)]);
      const known = ["--authority", toHex(keys.authority.publicKey), "--assignments", path("assignments")];
      const run = spawnSync("python3", ["test/stranger/stranger.py", ...files, ...known, ...how], {
        encoding: "utf8",
      });
      if (run.stdout === "") throw new Error(run.stderr);
      return { status: run.status, said: JSON.parse(run.stdout) as Said };
    };

    const flash = ["--flash", path("flash")];
    const deviceSecret = secretIn(station.chips.main, station.fuses);
    const secret = ["--secret", toHex(deviceSecret)];
    const recovered = recoverWithTestKeys(crypto, station.loading!, keys);
    if (!recovered.ok) throw new Error(recovered.why);
    const tally = ["--tally", toHex(recovered.key.secretKey)];
    const { status, said } = ask([...flash, ...secret, ...tally]);
    t.deepEqual(said.problems, []);
    t.is(status, 0);
    const stored = resultsInImage(crypto, pack.election, own, images.a);
    const expected = stored!.results.contests.map((each) =>
      each.votes === undefined
        ? [each.contest, null]
        : [each.contest, [each.ballots, each.blank, each.undervotes, each.votes]],
    );
    t.deepEqual(expected as unknown, [
      [10, [3, 1, 1, [1, 1, 1]]],
      [20, [3, 1, 0, [1, 1]]],
      [30, [3, 0, 4, [1, 2, 1, 1]]],
      [40, [0, 0, 0, [0, 0]]],
    ]);
    t.deepEqual(said.counted, expected);
    t.deepEqual(said.signed, expected);
    t.is(said.ballots, 3);
    t.deepEqual(said.code, verificationCode(crypto, stored!.signedResults));

    // with the secret as it lies on the flash, wrapped; with the package's file; with the auditor's key for the secret
    const wrapped = ask([...flash, "--fuses", station.fuses, ...tally]);
    t.deepEqual(wrapped.said, said);
    writeFileSync(path("package"), station.packageBytes);
    const audit = deriveKeys(crypto, deviceSecret, pack.election.id, station.stationKey);
    const keyless = ask(["--package", path("package")]);
    t.deepEqual(keyless.said.problems, []);
    t.is(keyless.said.unchecked.length, 3);
    const audited = ask(["--package", path("package"), "--auditor", toHex(keys.audit.secretKey)]);
    t.deepEqual([audited.said.problems, audited.said.unchecked.length], [[], 2]);

    const layout = layoutOfImage(images.a, pack.election);
    const slot = [...Array(layout.slots).keys()].find(
      (i) => images.a[layout.store.address + i * layout.slotLength] !== 0xff,
    )!;
    const record = layout.store.address + slot * layout.slotLength + 100;
    const change = (at: number, how: (byte: number) => number): void => {
      for (const image of [images.a, images.b]) image[at] = how(image[at]!);
    };
    const refused = (what: readonly RegExp[], how: readonly string[] = tally): void => {
      const { status, said } = ask([...flash, ...how]);
      t.is(status, 1);
      for (const each of what)
        t.true(
          said.problems.some((problem) => each.test(problem)),
          said.problems.join("; "),
        );
    };
    change(record, (byte) => byte ^ 4);
    refused([new RegExp(`slot ${slot}: record: the signature is wrong`, "u")]);
    change(record, (byte) => byte ^ 4);

    // what only somebody can see who has the keys: a state word, a cell of the journal; and a loading statement
    const withSecret = [...secret, ...tally];
    change(2080, (byte) => byte ^ 0xff);
    refused([/state word closed: it is wrong/u], withSecret);
    change(2080, (byte) => byte ^ 0xff);
    const cell = layout.journal.address + 2 * 128;
    change(cell + 120, (byte) => byte ^ 1);
    refused([/journal: cell 2 does not continue the chain/u], withSecret);
    change(cell + 120, (byte) => byte ^ 1);
    change(layout.loading.address + 300, (byte) => byte ^ 1);
    refused([/loading: the signature is wrong/u]);
    change(layout.loading.address + 300, (byte) => byte ^ 1);

    // media that were put back as they had been when the polls were open; fuses of another device
    const now = { a: images.a.slice(), b: images.b.slice() };
    const putBack = ({ a, b }: typeof now): void => {
      images.a.set(a);
      images.b.set(b);
    };
    putBack(early);
    refused([/epoch: the media are older|epoch: another phase/u], withSecret);
    putBack(now);
    const others = ask([...flash, "--fuses", "00".repeat(32)]);
    t.deepEqual(others.said.problems, ["main flash: no copy of the secret that these fuses open"]);

    // one vote put to another option: signed by nobody, and by the terminal itself
    const forged = stored!.results.contests.map((each) =>
      each.votes === undefined
        ? each
        : { ...each, votes: each.votes.map((_, i) => each.votes[each.votes.length - 1 - i]!) },
    );
    const address = layout.store.address + layout.store.length + 256;
    const write = (bytes: Uint8Array): void => {
      for (const image of [images.a, images.b]) image.set(bytes, address);
    };
    const signed = signResults(crypto, { ...stored!.results, contests: forged }, audit.sign.secretKey);
    write(concat(signed.subarray(0, -64), stored!.signedResults.subarray(-64)));
    refused([/results: the signature is wrong/u]);
    write(signed);
    refused([/the ballots give other results than the signed ones/u]);
    write(stored!.signedResults);
    t.deepEqual(ask([...flash, ...tally]).said.problems, []);
  },
);

strangerTest("the stranger reads every voter of a roll, and whom a desk has given a right", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "sandogh-stranger-"));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const chance = new Chance("stranger", "desk");
  const crypto = new Crypto({ primitives: sodiumPrimitives, random: (out) => chance.fill(out) });
  const { election, authority } = rollKeys;
  const secret = chance.bytes(32);
  const device = deviceKeys(crypto, secret);
  const voters = drawVoters("stranger", 5_000, 3);
  const styles = [7, 300, 2];
  const bytes = buildRoll(definition(voters, styles), rollKeys);
  const roll = openRoll(flashWith(bytes), address, crypto, authority.publicKey);
  if (!roll.ok) throw new Error(roll.error.kind);
  const { root } = roll.value;
  const own = {
    ...{ root, serial: "DESK-5", signKey: device.sign.publicKey, boxKey: device.box.publicKey },
    ...{ station: roll.value.head.station, number: 5 as TerminalId, role: "identity" as const },
    ...{ election, epoch: roll.value.head.cards.epoch, stationKey: new Uint8Array(0) },
  };
  const assignment = signAssignment(crypto, own, authority.secretKey);
  const assignments = signAssignments(crypto, { root, assignments: [assignment] }, authority.secretKey);

  const [a, b] = [new NorChip({ size: 2 * 1024 * 1024 }), new NorChip({ size: 2 * 1024 * 1024 })];
  const { head } = roll.value;
  const key = deriveKey(crypto, secret, election, "check-in");
  const desk = CheckIns.open({ crypto, key, head, desk: own.number, a: flashOf(a), b: flashOf(b) });
  if (!desk.ok) throw new Error(desk.error.kind);
  const { checkIns } = desk.value;
  const numbers = [17, 2_345, 4_999].map((i) => numberOf(voters[i]!.key));
  for (const [i, digits] of numbers.entries()) {
    const found = roll.value.find(keyOf([...digits].map(Number))!);
    if (!found.ok || found.value === undefined) throw new Error(digits);
    const { position } = found.value;
    t.true(checkIns.begin(position, 1_994_706).ok);
    if (i < 2) t.true(checkIns.settle(position).ok);
  }
  t.true(checkIns.beginReturn(1_994_706).ok && checkIns.settleReturn().ok);

  const ask = () => {
    const files = { roll: bytes, assignments, a: a.cells, b: b.cells };
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
    const paths = Object.keys(files).flatMap((name) => [`--${name}`, join(folder, name)]);
    const known = ["--authority", toHex(authority.publicKey), "--secret", toHex(secret)];
    const run = spawnSync("python3", ["test/stranger/stranger.py", ...paths, ...known], { encoding: "utf8" });
    if (run.stdout === "") throw new Error(run.stderr);
    return JSON.parse(run.stdout) as Record<string, unknown>;
  };
  const said = ask();
  t.deepEqual(said["problems"], []);
  t.deepEqual(
    said["voters"],
    voters.map(({ key: voter, area }) => [numberOf(voter), styles[area]]),
  );
  t.deepEqual(said["checkIns"], { given: numbers.slice(0, 2).sort(), open: numbers.slice(2), returned: 1 });
  const place = a.cells.findIndex((byte, at) => at >= desk.value.layout.checkIns.address && byte !== 0xff);
  for (const chip of [a, b]) chip.cells[place + 3]! ^= 1;
  t.regex(String(said["problems"]) + String(ask()["problems"]), /check-in \d+: its check is wrong/u);
});
