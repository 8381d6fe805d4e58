// Everything that a terminal takes from the line is signed and strictly shaped: changed bytes, another kind, another
// key, another terminal are refused, and no bytes make it throw.

import test from "ava";
import { Decoder } from "cbor-x";
import fc from "fast-check";
import { decodeBallot, encodeBallot } from "../../firmware/election/ballot.js";
import { readCard, signCard } from "../../firmware/access/certificate.js";
import { readRight, signRight } from "../../firmware/access/right.js";
import { isRevoked } from "../../firmware/election/card-rules.js";
import type { StyleId } from "../../firmware/election/types.js";
import {
  type Messages,
  batchRecordsMax,
  inventoryPartMax,
  inventoryPartsMax,
  messageLimits,
  openMessage,
  signMessage,
} from "../../firmware/sync/messages.js";
import { readRecord, signRecord } from "../../firmware/vault/record.js";
import { verify1, sign1 } from "../../firmware/cose/sign1.js";
import { Store } from "../support/store.js";

const store = new Store("messages");
const { crypto, election } = store;
const keys = crypto.signKeyPair(new Uint8Array(32).fill(1));
const where = { election: election.id, terminal: 1 };
const receipt = signMessage(crypto, "receipt", { ...where, hashes: [new Uint8Array(16).fill(9)] }, keys.secretKey);

const root = new Uint8Array(32).fill(0x4e);
const beat = {
  ...where,
  poll: 0,
  ballots: new Uint8Array(4),
  root,
  run: new Uint8Array(8),
  counter: new Uint8Array(4),
  dropped: new Uint8Array(4),
};

test("a signed object is good for its kind and its key only", (t) => {
  t.true(openMessage(crypto, "receipt", receipt, keys.publicKey).ok);
  t.false(openMessage(crypto, "inventory", receipt, keys.publicKey).ok);
  t.false(openMessage(crypto, "receipt", receipt, store.keys.sign.publicKey).ok);
  const payload = Uint8Array.of(1, 2, 3);
  const object = sign1(crypto, "sandogh/journal", payload, keys.secretKey);
  t.deepEqual(verify1(crypto, "sandogh/journal", object, keys.publicKey), { ok: true, value: payload });
  t.deepEqual(verify1(crypto, "sandogh/record", object, keys.publicKey), { ok: false, error: { code: "signature" } });
});

const record = signRecord(
  crypto,
  { election: election.id, terminal: 1, slot: 3, box: crypto.seal(store.plain([1, 2]), election.tallyKey)! },
  keys.secretKey,
);
const certificate = signCard(
  crypto,
  { kind: "executive", serial: 70, epoch: 3, key: new Uint8Array(32), station: 1 },
  keys.secretKey,
);
const rules = { issuerKey: keys.publicKey, epoch: 3, revoked: new Uint8Array(0) };
const right = signRight(
  crypto,
  { election: election.id, station: 1, style: 1 as StyleId, cardKey: new Uint8Array(32), use: 2 },
  keys.secretKey,
);
const signed: readonly (readonly [string, Uint8Array, (bytes: Uint8Array) => boolean])[] = [
  ["receipt", receipt, (bytes) => openMessage(crypto, "receipt", bytes, keys.publicKey).ok],
  ["record", record, (bytes) => readRecord(crypto, bytes, keys.publicKey).ok],
  ["certificate", certificate, (bytes) => readCard(crypto, bytes, rules).ok],
  ["right", right, (bytes) => readRight(crypto, bytes, keys.publicKey).ok],
];

for (const [name, object, accepts] of signed) {
  test(`${name}: any bit flipped, any prefix, any byte more is refused`, (t) => {
    t.true(accepts(object));
    for (let bit = 0; bit < object.length * 8; bit++) {
      const flipped = object.slice();
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      t.false(accepts(flipped), `bit ${bit}`);
    }
    for (let length = 0; length < object.length; length++) t.false(accepts(object.slice(0, length)), `${length} bytes`);
    t.false(accepts(Uint8Array.of(...object, 0)));
  });

  test(`${name}: arbitrary bytes never throw`, (t) => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => !accepts(bytes)),
      { numRuns: 2000 },
    );
    t.pass();
  });
}

test("a certificate by another issuer, too old, or of a serial on the list is refused for that", (t) => {
  const revoked = Uint8Array.of(0, 0, 0, 7, 0, 0, 0, 70, 0, 0, 1, 0);
  t.like(readCard(crypto, certificate, rules), { ok: true, value: { kind: "executive", serial: 70, station: 1 } });
  t.true(readCard(crypto, certificate, { ...rules, epoch: 2 }).ok);
  for (const [change, error] of [
    [{ issuerKey: store.keys.sign.publicKey }, "forged"],
    [{ epoch: 4 }, "other-epoch"],
    [{ revoked }, "revoked"],
  ] as const)
    t.deepEqual(readCard(crypto, certificate, { ...rules, ...change }), { ok: false, error });
  for (const serial of [1, 7, 8, 70, 71, 256, 0xffff_ffff])
    t.is(isRevoked({ ...rules, revoked }, serial), [7, 70, 256].includes(serial), String(serial));
});

test("a ballot has one encoding; what breaks a rule of its contest is refused", (t) => {
  const read = (plain: Uint8Array) =>
    decodeBallot(crypto, plain, election, (_contest, code) =>
      code <= 9 ? { option: code as never, list: undefined } : undefined,
    );
  t.true(read(store.plain([1, 2, 3])).ok);
  t.true(read(store.plain([])).ok);
  const mark = (blank: boolean, choices: number[]): Uint8Array =>
    encodeBallot({ style: 1 as StyleId, marks: [{ contest: 1 as never, blank, choices }] }, election.ballotLength);
  for (const [plain, why] of [
    [mark(true, [1]), "blank with choices"],
    [mark(false, [1, 2, 3, 4]), "4 choices, 3 allowed"],
    [mark(false, [2, 1]), "not ascending"],
    [mark(false, [1, 1]), "not ascending"],
    [mark(false, [10]), "no option has code 10"],
  ] as const) {
    const refused = read(plain);
    t.true(!refused.ok && refused.error.kind === "rule" && refused.error.what.includes(why), why);
  }
  const padded = store.plain([1]);
  padded[padded.length - 1] = 1;
  t.deepEqual(read(padded), { ok: false, error: { kind: "padding" } });
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => !read(bytes).ok),
    { numRuns: 2000 },
  );
});

test("each message is taken up to its limits and not beyond: 64 records, 1,000 hashes, 64 parts, 4 KiB", (t) => {
  // writer and reader have one shape: what is too much is not even written
  const takes = <K extends keyof Messages>(kind: K, message: Messages[K]): boolean => {
    try {
      return openMessage(crypto, kind, signMessage(crypto, kind, message, keys.secretKey), keys.publicKey).ok;
    } catch {
      return false;
    }
  };
  const hashes = (count: number): Uint8Array[] => Array.from({ length: count }, () => new Uint8Array(16));
  const nonce = new Uint8Array(16);
  t.deepEqual([batchRecordsMax, inventoryPartMax, inventoryPartsMax], [64, 1_000, 64]);
  for (const [count, good] of [
    [0, true],
    [batchRecordsMax, true],
    [batchRecordsMax + 1, false],
  ] as const) {
    t.is(takes("receipt", { ...where, hashes: hashes(count) }), good);
    t.is(takes("batch", { ...where, records: hashes(count), total: 0 }), good);
  }
  for (const [length, good] of [
    [0, false],
    [1, true],
    [4_096, true],
    [4_097, false],
  ] as const)
    t.is(takes("batch", { ...where, records: [new Uint8Array(length)], total: 1 }), good);
  for (const [count, good] of [
    [inventoryPartMax, true],
    [inventoryPartMax + 1, false],
  ] as const)
    t.is(takes("inventory", { ...where, nonce, part: 0, parts: 1, hashes: hashes(count) }), good);
  for (const [parts, good] of [
    [0, false],
    [1, true],
    [64, true],
    [65, false],
  ] as const)
    t.is(takes("inventory", { ...where, nonce, part: 0, parts, hashes: [] }), good);
  for (const [poll, good] of [
    [0, true],
    [3, true],
    [4, false],
  ] as const)
    t.is(takes("heartbeat", { ...beat, poll }), good);
  for (const [length, good] of [
    [15, false],
    [16, true],
    [17, false],
  ] as const)
    t.is(takes("query", { ...where, nonce: new Uint8Array(length) }), good);
  t.false(takes("heartbeat", { ...beat, ballots: new Uint8Array(5) }));
  t.false(takes("receipt", { ...where, hashes: [new Uint8Array(15)] }));
  t.true(takes("receipt", { election: where.election, terminal: 0xffff_ffff, hashes: [] }));
});

test("on the line each message is the map of sync.cddl: another codec finds every field under its number", (t) => {
  const nonce = new Uint8Array(16).fill(4);
  const hashes = [new Uint8Array(16).fill(5)];
  const onTheLine = <K extends keyof Messages>(kind: K, message: Messages[K]): unknown => {
    const payload = verify1(
      crypto,
      `sandogh/${kind}`,
      signMessage(crypto, kind, message, keys.secretKey),
      keys.publicKey,
    );
    if (!payload.ok) throw new Error(payload.error.code);
    const plain = (value: unknown): unknown =>
      value instanceof Uint8Array ? [...value] : Array.isArray(value) ? value.map(plain) : value;
    return [...(new Decoder({ mapsAsObjects: false }).decode(payload.value) as Map<number, unknown>)].map(
      ([key, value]) => [key, plain(value)],
    );
  };
  const address = [
    [1, [...where.election]],
    [2, 1],
  ];
  const list = [[...hashes[0]!]];
  t.deepEqual(onTheLine("query", { ...where, nonce }), [...address, [3, [...nonce]]]);
  t.deepEqual(onTheLine("batch", { ...where, records: hashes, total: 9 }), [...address, [3, list], [4, 9]]);
  const ballots = Uint8Array.of(0, 0, 1, 2);
  const counter = Uint8Array.of(0, 0, 0, 9);
  t.deepEqual(onTheLine("heartbeat", { ...beat, poll: 2, ballots, counter }), [
    ...address,
    [3, 2],
    [4, [...ballots]],
    [5, [...root]],
    [6, new Array(8).fill(0)],
    [7, [...counter]],
    [8, [0, 0, 0, 0]],
  ]);
  t.deepEqual(onTheLine("receipt", { ...where, hashes }), [...address, [3, list]]);
  t.deepEqual(onTheLine("inventory", { ...where, nonce, part: 1, parts: 2, hashes }), [
    ...address,
    [3, [...nonce]],
    [4, 1],
    [5, 2],
    [6, list],
  ]);
});

test("longer than its kind ever is, or of more items: refused, the one before its signature is looked at, the other before it is decoded", (t) => {
  const receiptOf = (count: number): Uint8Array =>
    sign1(crypto, "sandogh/receipt", Uint8Array.of(0x98, count, ...new Uint8Array(count)), keys.secretKey);
  const why = (bytes: Uint8Array): string => {
    const read = openMessage(crypto, "receipt", bytes, keys.publicKey);
    return read.ok ? "read" : read.error.what;
  };
  const { length, items } = messageLimits.receipt;
  t.regex(why(receiptOf(items)), /too-many-items/);
  t.regex(why(receiptOf(items - 1)), /expected map/);
  t.is(why(new Uint8Array(length + 1)), `${length + 1} bytes, ${length} at most`);
  // the same, by somebody without the key
  const forged = receiptOf(items);
  forged[forged.length - 1]! ^= 1;
  t.is(why(forged), "signature does not match");
  const fullest = signMessage(
    crypto,
    "receipt",
    { election: where.election, terminal: 0xffff_ffff, hashes: Array.from({ length: 64 }, () => new Uint8Array(16)) },
    keys.secretKey,
  );
  t.true(fullest.length <= length && fullest.length > length - 8);
  for (const kind of ["query", "heartbeat"] as const) {
    const message = { ...beat, terminal: 0xffff_ffff, nonce: new Uint8Array(16) };
    const { length: signedLength } = signMessage(crypto, kind, message, keys.secretKey);
    t.true(
      signedLength <= messageLimits[kind].length && signedLength > messageLimits[kind].length - 12,
      `${kind} ${signedLength} ${messageLimits[kind].length}`,
    );
  }
});
