// Every *.cddl is in the part of the language that tools agree on, and what the coders write is what it says.

import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import test from "ava";
import { signCard } from "../../firmware/access/certificate.js";
import { signRight } from "../../firmware/access/right.js";
import { signClosed } from "../../firmware/access/closed-statement.js";
import { concat, toHex } from "../../firmware/bytes.js";
import { decode, encode } from "../../firmware/cbor/cbor.js";
import { sealOverhead } from "../../firmware/crypto/crypto.js";
import { encodeBallot } from "../../firmware/election/ballot.js";
import { signAssignment, signAssignments } from "../../firmware/device/assignment.js";
import { signDevice, signKey } from "../../firmware/device/certificate.js";
import { deviceKeys } from "../../firmware/device/keys.js";
import { drawLoading, openAuditKeys, readLoading } from "../../firmware/device/loading.js";
import { signRequest } from "../../firmware/device/request.js";
import { openPackage } from "../../firmware/election/package.js";
import type { Ballot, ContestId, StyleId, TerminalId } from "../../firmware/election/types.js";
import { cellLength } from "../../firmware/journal/journal.js";
import { encodeReceipt } from "../../firmware/service/archive.js";
import { signMessage } from "../../firmware/sync/messages.js";
import { signRecordList, signResults } from "../../firmware/tally/results.js";
import { signRecord } from "../../firmware/vault/record.js";
import { buildPackage } from "../../office/package/build.js";
import { buildRoll } from "../../office/roll/build.js";
import { example, keys } from "../package/support.js";
import { definition as rollDefinition, drawVoters } from "../roll/support.js";
import { MemoryFlash } from "../support/memory-flash.js";
import { Store } from "../support/store.js";
import { nodeTallyKey } from "../support/tally-key.js";
import { type Rules, parseCddl, whyNot } from "./cddl.js";

const files = spawnSync("git", ["ls-files", "*.cddl"], { encoding: "utf8" }).stdout.trim().split("\n");
const rulesOf = (file: string): Rules => parseCddl(readFileSync(file, "utf8"));

test("every CDDL file is whole by itself", (t) => {
  t.true(files.length >= 11);
  for (const file of files) t.notThrows(() => rulesOf(file), file);
});

test("what stops other people's tools is refused", (t) => {
  for (const text of [
    "a = h'a10127'",
    "a<n> = [ n, uint ]",
    "a = { 1: uint 2: uint }",
    "a = { 1: b }",
    "a = [ b: uint ]\nb = uint",
    "a = [ time: uint ]",
    "a = uint\na = bool",
    "a = &( x: 0, y: 1 )",
    "a = { name: uint }",
    "a = { 1: uint",
    "a = bstr .cbor",
  ])
    t.throws(() => parseCddl(text), undefined, text);
});

/** The envelope of a package or a roll: what stands behind the header's length. */
function envelopeOf(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return bytes.subarray(10, 10 + view.getUint32(6));
}

/** Bytes as the product's own coders write them: [file, rule, bytes]. */
function written(): readonly (readonly [string, string, Uint8Array])[] {
  const store = new Store("cddl");
  const { crypto } = store;
  const { election } = keys;
  const root = concat(election, new Uint8Array(16).fill(3));
  const own = store.keys.sign.secretKey;
  const terminal = 0xffff_ffff;
  const box = new Uint8Array(store.election.ballotLength + sealOverhead);
  const name = (value: number): Uint8Array => new Uint8Array(16).fill(value);

  const packageBytes = buildPackage(example(), keys);
  const flash = new MemoryFlash(0x100_0000, packageBytes, 0);
  const pack = openPackage(flash, 0, crypto, keys.authority.publicKey);
  if (!pack.ok) throw new Error("package");
  const signedPackage = envelopeOf(packageBytes);
  const [, , payload] = (decode(signedPackage) as unknown as { value: readonly [unknown, unknown, Uint8Array] }).value;
  const envelope = (decode(payload) as unknown as { value: ReadonlyMap<number, readonly (readonly number[])[]> }).value;
  const start = dataAt(packageBytes, envelope.get(2) as unknown as number);
  const section = (number: number): Uint8Array => {
    const [, offset, length] = envelope.get(4)![number - 1]!;
    return packageBytes.slice(start + offset!, start + offset! + length!);
  };

  const ballot: Ballot = {
    style: 1 as StyleId,
    marks: [
      { contest: 1 as ContestId, blank: false, choices: [12, 300, 99_999] },
      { contest: 2 as ContestId, blank: true, choices: [] },
    ],
  };
  const plain = encodeBallot(ballot, 64);

  const opened = store.open();
  if (!opened.ok) throw new Error("vault");
  const journal = store.journal(opened.value);
  if (!journal.ok) throw new Error("journal");
  // what comes often in an hour is merged, and written before an act of officials
  for (let i = 0; i < 20; i++) journal.value.append("lineDown");
  journal.value.append("opened", 0);
  const at = opened.value.layout.journal.address;
  const cells = [...Array(9).keys()].map((i) => store.a.cells.slice(at + i * cellLength).slice(0, cellLength));
  const entries = cells.filter((cell) => cell[0] !== 0 && cell[0] !== 0xff).map((cell) => cell.slice(1, 1 + cell[0]!));

  const counted = [
    { contest: 1 as ContestId, ballots: 40, blank: 1, undervotes: 3, votes: [30, 5, 40] },
    { contest: 2 as ContestId, votes: undefined },
  ];
  const results = {
    ...{ root, terminal, generatedAt: 1_800_000_000, ballots: 40, voids: 2, records: new Uint8Array(32) },
    ...{ media: 2 as const, k: 3, contests: counted, version: "0.2.0" },
    kind: "rehearsal" as const,
  };
  const where = { election, terminal };

  const device = deviceKeys(crypto, store.secret);
  const publicKeys = { signKey: device.sign.publicKey, boxKey: device.box.publicKey };
  const [serial, model] = ["SND-0000000042", "sandogh 1"];
  const factoryKey = signKey(crypto, { kind: "factory", key: device.sign.publicKey, epoch: 0xffff_ffff }, own);
  const hardware = { serial, model, revision: 0xffff, ...publicKeys, testRecord: new Uint8Array(32) };
  const chain = signDevice(crypto, hardware, { certificate: factoryKey, secretKey: own });
  const place = { root, serial, ...publicKeys, station: 999_999, number: terminal as TerminalId };
  const assignments = (["ballot", "identity"] as const).map((role) =>
    signAssignment(
      crypto,
      { ...place, role, election, epoch: 0xffff_ffff, stationKey: new Uint8Array(role === "ballot" ? 80 : 0) },
      own,
    ),
  );
  const loaded = { election: store.election.id, terminal: store.terminal, publicKey: store.keys.sign.publicKey };
  const loading = drawLoading({
    ...{ crypto, key: nodeTallyKey((out) => store.chance.fill(out)), election: store.election },
    ...{ terminal: store.terminal, deviceSecret: store.secret, keys: store.keys },
  })!;
  const statement = readLoading(crypto, loading, loaded);
  if (!statement.ok || openAuditKeys(crypto, statement.value, store.audit) === undefined) throw new Error("loading");
  return [
    [
      "firmware/access/card.cddl",
      "card-certificate",
      signCard(
        crypto,
        { kind: "supervision", serial: 0xffff_ffff, epoch: 3, key: new Uint8Array(32), station: 7 },
        own,
      ),
    ],
    [
      "firmware/access/card.cddl",
      "right",
      signRight(
        crypto,
        { election, station: 7, style: 3 as StyleId, cardKey: new Uint8Array(32), use: 0xffff_ffff },
        own,
      ),
    ],
    [
      "firmware/access/share.cddl",
      "closed-statement",
      signClosed(crypto, { election, terminal, freshKey: new Uint8Array(32) }, own),
    ],
    ["firmware/access/share.cddl", "sealed-share", encode(crypto.seal(new Uint8Array(33), store.tally.publicKey)!)],
    ["firmware/election/ballot.cddl", "ballot", plain.slice(2, 2 + plain[0]! * 256 + plain[1]!)],
    ["firmware/election/package.cddl", "signed-package", signedPackage],
    ["firmware/election/package.cddl", "definition", section(1)],
    ["firmware/election/package.cddl", "names", section(7)],
    ["firmware/device/device.cddl", "signed-request", signRequest(crypto, { ...publicKeys, model }, device.sign)],
    ["firmware/device/device.cddl", "key-certificate", factoryKey],
    ["firmware/device/device.cddl", "device-certificate", chain],
    ...assignments.map((each) => ["firmware/device/device.cddl", "signed-assignment", each] as const),
    ["firmware/device/device.cddl", "signed-assignments", signAssignments(crypto, { root, assignments }, own)],
    ["firmware/device/loading.cddl", "loading-statement", loading],
    ["firmware/device/loading.cddl", "audit-keys", crypto.sealOpen(statement.value.auditKeys, store.audit)!],
    ...entries.map((entry) => ["firmware/journal/entry.cddl", "entry", entry] as const),
    [
      "firmware/roll/roll.cddl",
      "signed-roll",
      envelopeOf(buildRoll(rollDefinition(drawVoters("cddl", 50, 2), [1, 2]), keys)),
    ],
    [
      "firmware/service/archive.cddl",
      "archive-receipt",
      encodeReceipt(crypto, { root, terminal, records: new Uint8Array(32), results: new Uint8Array(32) }, own).slice(2),
    ],
    ["firmware/sync/sync.cddl", "message", signMessage(crypto, "query", { ...where, nonce: name(1) }, own)],
    [
      "firmware/sync/sync.cddl",
      "message",
      signMessage(crypto, "batch", { ...where, records: [name(1)], total: 1 }, own),
    ],
    ["firmware/sync/sync.cddl", "message", signMessage(crypto, "batch", { ...where, records: [], total: 0 }, own)],
    [
      "firmware/sync/sync.cddl",
      "message",
      signMessage(
        crypto,
        "heartbeat",
        {
          ...where,
          poll: 3,
          ballots: new Uint8Array(4),
          root,
          run: new Uint8Array(8),
          counter: new Uint8Array(4),
          dropped: new Uint8Array(4),
        },
        own,
      ),
    ],
    ["firmware/sync/sync.cddl", "message", signMessage(crypto, "receipt", { ...where, hashes: [name(2)] }, own)],
    [
      "firmware/sync/sync.cddl",
      "message",
      signMessage(
        crypto,
        "inventory",
        { ...where, nonce: name(1), part: 1, parts: 1, hashes: [name(1), name(2)] },
        own,
      ),
    ],
    ["firmware/tally/results.cddl", "signed-results", signResults(crypto, results, own)],
    [
      "firmware/tally/results.cddl",
      "signed-record-list",
      signRecordList(crypto, { ...where, names: concat(name(1), name(2)) }, own),
    ],
    ["firmware/vault/record.cddl", "record", signRecord(crypto, { ...where, slot: 0xffff, box }, own)],
  ];
}

/** Where data begins in a package of so many data pages: behind envelope and hash pages. */
function dataAt(bytes: Uint8Array, pages: number): number {
  const one = Math.ceil(pages / 128);
  return (Math.ceil((10 + envelopeOf(bytes).length) / 4096) + one + (one > 1 ? 1 : 0)) * 4096;
}

test("what the coders write is what the CDDL says, and every file has something of it", (t) => {
  const all = written();
  // for other people's tools: CDDL_SAMPLES names a file that is to be written
  const samples = process.env["CDDL_SAMPLES"];
  if (samples !== undefined)
    writeFileSync(samples, JSON.stringify(all.map(([file, rule, bytes]) => [file, rule, toHex(bytes)])));
  for (const [file, rule, bytes] of all) t.is(whyNot(rulesOf(file), rule, bytes), undefined, `${file} ${rule}`);
  t.deepEqual([...new Set(all.map(([file]) => file))].sort(), [...files].sort());
  const lengths = new Set(all.filter(([, rule]) => rule === "entry").map(([, , bytes]) => bytes[0]));
  t.deepEqual([...lengths].sort(), [0x84, 0x85], "entries of one event and of many");
});

test("what the CDDL does not say is told from it", (t) => {
  const record = rulesOf("firmware/vault/record.cddl");
  const sealed = (terminal: number, fields = 4): Map<number, never> =>
    new Map<number, unknown>(
      [
        [1, new Uint8Array(16)],
        [2, terminal],
        [3, 0],
        [4, new Uint8Array(112)],
      ].slice(0, fields) as [number, unknown][],
    ) as Map<number, never>;
  const signed = (payload: Map<number, never>, algorithm = -8): Uint8Array =>
    encode([encode(new Map([[1, algorithm]])), new Map(), encode(payload), new Uint8Array(64)]);
  t.is(whyNot(record, "record", signed(sealed(1))), undefined);
  t.regex(whyNot(record, "record", signed(sealed(0)))!, /not 1\.\.4294967295/u);
  t.regex(whyNot(record, "record", signed(sealed(1, 3)))!, /not of 4 fields/u);
  t.regex(whyNot(record, "record", signed(sealed(1), -7))!, /not -8/u);
});

test("no coder reads a terminal with the number 0", (t) => {
  const store = new Store("zero");
  const { crypto, keys: own } = store;
  const where = { election: keys.election, terminal: 0 as TerminalId };
  const box = new Uint8Array(112);
  t.throws(() => signMessage(crypto, "query", { ...where, nonce: new Uint8Array(16) }, own.sign.secretKey));
  t.throws(() => signRecordList(crypto, { ...where, names: box.slice(0, 16) }, own.sign.secretKey));
  const place = { root: store.election.root, serial: "A", signKey: box.slice(0, 32), boxKey: box.slice(0, 32) };
  const assigned = {
    ...place,
    station: 1,
    number: 0 as TerminalId,
    role: "ballot" as const,
    election: keys.election,
    epoch: 1,
    stationKey: box.slice(0, 80),
  };
  t.throws(() => signAssignment(crypto, assigned, own.sign.secretKey));
  const key = nodeTallyKey((out) => store.chance.fill(out));
  const { election, secret: deviceSecret } = store;
  t.throws(() => drawLoading({ crypto, key, election, terminal: 0, deviceSecret, keys: own }));
  t.throws(() => signClosed(crypto, { ...where, freshKey: box.slice(0, 32) }, own.sign.secretKey));
});
