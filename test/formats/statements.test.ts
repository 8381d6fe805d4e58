// Single statements of the FORMAT.md files that no other test holds against the code.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import test from "ava";
import { blake2b } from "@noble/hashes/blake2.js";
import { concat, readU32, utf8 } from "../../firmware/bytes.js";
import { Crypto, sealOverhead } from "../../firmware/crypto/crypto.js";
import { assignmentMax } from "../../firmware/device/assignment.js";
import { certificatesMax } from "../../firmware/device/certificate.js";
import { epochAddress, epochLength } from "../../firmware/device/epoch.js";
import { logAddress, logHeadAddress } from "../../firmware/device/log-cell.js";
import { twinLength } from "../../firmware/device/twin-log.js";
import { deriveKey, deriveKeys, deviceKeys, markKeyOf } from "../../firmware/device/keys.js";
import {
  assignmentAddress,
  certificateAddress,
  deviceBlock,
  packageAddress,
  requestAddress,
  secretAddresses,
} from "../../firmware/device/layout.js";
import { requestMax } from "../../firmware/device/request.js";
import { messages } from "../../firmware/messages.js";
import { archiveAddress } from "../../firmware/service/archive.js";
import { decodeBallot, encodeBallot } from "../../firmware/election/ballot.js";
import { alphabet } from "../../firmware/election/fold.js";
import type { Ballot, Contest, ContestId, OptionIndex, StyleId } from "../../firmware/election/types.js";
import { recordLengthMax, signRecord } from "../../firmware/vault/record.js";
import { eventTexts } from "../../firmware/journal/event-texts.js";
import { buildPackage } from "../../office/package/build.js";
import { parseDefinition } from "../../office/package/definition.js";
import { sodiumPrimitives } from "../../office/crypto/sodium.js";
import { strings } from "../../ui/strings.js";
import { Store } from "../support/store.js";
import { keys, parse, smallYaml } from "../package/support.js";

const crypto = new Crypto({ primitives: sodiumPrimitives, random: (out) => out.fill(9) });
const document = (path: string): string => readFileSync(path, "utf8");

test("keys are BLAKE2b of label and election under the secret, with the labels and lengths of the document", (t) => {
  const [secret, election] = [new Uint8Array(32).fill(5), new Uint8Array(16).fill(6)];
  const station = new Uint8Array(32).fill(7);
  const own = deriveKeys(crypto, secret, election, station);
  const table = [...document("firmware/vault/FORMAT.md").matchAll(/^\| `([a-z -]+)` \| (16|32) \|/gmu)];
  t.deepEqual(
    table.map(([, label]) => label),
    [
      ...["slot", "set", "head", "token", "transaction", "journal", "state", "erasing", "package", "check-in"],
      ...["right", "device sign", "device box", "epoch", "device log", "device log head"],
    ],
  );
  for (const [, label, length] of table) {
    const isOwn = ["device sign", "device box", "epoch", "device log", "device log head"].includes(label!);
    const of = isOwn ? new Uint8Array(0) : election;
    const from = label === "token" || label === "right" ? station : secret;
    const expected = blake2b(concat(utf8(`sandogh ${label!}`), of), { key: from, dkLen: Number(length) });
    t.deepEqual(deriveKey(crypto, from, of, label!, Number(length)), expected, label);
    if (label === "right") t.deepEqual(markKeyOf(crypto, station, election), expected);
    else if (label === "device sign") t.deepEqual(own.sign, crypto.signKeyPair(expected));
    else if (label === "device box") t.deepEqual(deviceKeys(crypto, secret).box, crypto.boxKeyPair(expected));
    else if (label! in own) t.deepEqual(own[label as keyof typeof own], expected as never);
  }
});

test("head and log are numbered from 1, the epoch by ballots; a superblock's unused bytes stay erased", (t) => {
  const store = new Store("epoch");
  const heads = (): readonly (readonly number[])[] => {
    const opened = store.open();
    if (!opened.ok) throw new Error(opened.error.kind);
    const { address, length } = opened.value.layout.head;
    const entries = Array.from({ length: length / 64 }, (_, i) => store.b.cells.slice(address + 64 * i).slice(0, 64));
    return entries
      .filter((entry) => entry.some((byte) => byte !== 0 && byte !== 0xff))
      .map((entry) => [0, 4, 8, 12].map((at) => readU32(entry, at)));
  };
  t.deepEqual(heads(), [], "no head before the first ballot");
  for (let ballot = 1; ballot <= 3; ballot++) {
    const opened = store.open();
    if (!opened.ok) throw new Error(opened.error.kind);
    const { vault } = opened.value;
    const prepared = vault.prepare(store.chance.bytes(16), store.plain([ballot]));
    if (!prepared.ok) throw new Error("prepare");
    // the second one is taken back: it is in the head of the third
    const ended = ballot === 2 ? vault.voidPrepared(prepared.value) : vault.commit(prepared.value);
    t.true(ended.ok && (ballot === 2 || vault.spend(prepared.value).ok) && vault.blank().ok);
    const wanted = [
      [1, 1, 1, 0],
      [1, 1, 1, 0],
      [2, 2, 2, 1],
    ][ballot - 1]!;
    t.deepEqual(heads(), [wanted], "number, epoch, ballots, voids");
  }
  for (const { cells } of [store.a, store.b])
    for (const [from, to] of [
      [64, 256],
      [1_280, 2_048],
      [2_128, 4_096],
    ] as const)
      t.true(cells.subarray(from, to).every((byte) => byte === 0xff));
});

test("places on the main flash, and what a device is refused for, are those of the document", (t) => {
  const text = document("firmware/device/FORMAT.md");
  const rows = (pattern: RegExp): readonly string[] => [...text.matchAll(pattern)].map(([, found]) => found!);
  const addresses = rows(/^\| (0x[0-9a-f]+) \|/gmu).map(Number);
  t.deepEqual(addresses, [
    ...[...secretAddresses, requestAddress, certificateAddress, assignmentAddress],
    ...[0x5000, epochAddress, archiveAddress, logAddress, logHeadAddress, packageAddress],
  ]);
  t.is(epochAddress + epochLength, archiveAddress);
  t.is(logHeadAddress + twinLength, packageAddress);
  t.true(addresses.every((address) => address % deviceBlock === 0));
  const own = Object.keys(messages).filter((code) => code.startsWith("I-"));
  t.deepEqual(rows(/^\| ([IE]-\d\d) \|/gmu), [...own, "E-06", "E-09", "E-08"]);
  const stored = text.matchAll(/stored file, at most (\d+) bytes/gu);
  t.deepEqual(
    [...stored].map(([, most]) => Number(most)),
    [requestMax, certificatesMax, assignmentMax, 400],
  );
});

test("a record's length follows from the ballot length and the widths of two numbers, whatever is voted", (t) => {
  const election = new Uint8Array(16);
  const width = (value: number): number => (value < 24 ? 1 : value < 256 ? 2 : value < 65_536 ? 3 : 5);
  const headOf = (length: number): number => (length < 256 ? 2 : 3);
  const { secretKey, publicKey } = crypto.signKeyPair(new Uint8Array(32));
  for (const ballotLength of [16, 64, 128, 144, 208, 302, 1_024])
    for (const terminal of [1, 23, 24, 255, 256, 65_536, 0xffff_ffff])
      for (const slot of [0, 23, 24, 255, 256, 0xffff]) {
        const box = ballotLength + sealOverhead;
        const record = signRecord(crypto, { election, terminal, slot, box: new Uint8Array(box) }, secretKey);
        const payload = 22 + width(terminal) + width(slot) + headOf(box) + box;
        const expected = 142 + ballotLength + width(terminal) + width(slot) + headOf(box) + headOf(payload);
        t.is(record.length, expected, `${ballotLength} ${terminal} ${slot}`);
        t.true(record.length <= recordLengthMax(box));
      }
  const lengths = [[], [12], [12, 300]].map((choices) => {
    const ballot: Ballot = {
      style: 1 as StyleId,
      marks: [{ contest: 1 as ContestId, blank: choices.length === 0, choices }],
    };
    const box = crypto.seal(encodeBallot(ballot, 64), crypto.boxKeyPair(publicKey).publicKey)!;
    return signRecord(crypto, { election, terminal: 2, slot: 30, box }, secretKey).length;
  });
  t.deepEqual([...new Set(lengths)], [213]);
});

test("the letters of search keys are those of the document, in its order", (t) => {
  const line = document("firmware/election/FORMAT.md")
    .split("\n")
    .find((each) => each.startsWith("    ا "))!;
  t.is(line.trim().split(" ").join(""), alphabet);
  t.is(alphabet.length, 32);
});

/** U+0622 and U+06C0 have decompositions. */
const decomposed = smallYaml.replace("نرگس", "آرش".normalize("NFD")).replace("سبز", "خانۀ".normalize("NFD"));

test("one text in two normal forms makes one package, byte for byte", (t) => {
  const composed = decomposed.normalize("NFC");
  t.not(decomposed, composed);
  t.deepEqual(parse(decomposed), parse(composed));
  const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
  const [one, other] = [decomposed, composed].map((yaml) => sha256(buildPackage(parse(yaml), keys)));
  t.is(one, other);
});

test("the texts of the image are in normal form C", (t) => {
  const all = [...Object.values(strings), ...Object.values(eventTexts)].flatMap((each) => [each.fa, each.en]);
  t.true(all.length > 100);
  for (const text of all) t.is(text, text.normalize("NFC"));
});

test("what cannot be seen is in no text; the joiners are", (t) => {
  const named = (character: string) => parseDefinition(smallYaml.replace("نرگس", `"نر${character}گس"`), "f.yaml");
  const unseen = [0x7f, 0xad, 0x61c, 0x200b, 0x200e, 0x200f, 0x202a, 0x202e, 0x2060, 0x2066, 0x2069, 0x206f, 0xfeff];
  for (const code of unseen) {
    const result = named(String.fromCodePoint(code));
    t.regex(
      result.ok ? "" : result.problems[0]!.what,
      /holds U\+[0-9A-F]+ as its character 3, .*: remove it$/u,
      code.toString(16),
    );
  }
  for (const joiner of ["\u200c", "\u200d"]) t.true(named(joiner).ok);
});

test("an open list: one list and candidates of it; a list alone; no candidate without it", (t) => {
  const contest: Contest = {
    ...{ id: 1 as ContestId, kind: "open-list", title: 0, heading: 0, votesAllowed: 3, options: 4, blankAllowed: true },
    ...{ twoLines: 0, affiliations: false, photos: false },
  } as never;
  const lists: Readonly<Record<number, number | undefined>> = { 1: undefined, 2: undefined, 11: 0, 21: 1 };
  const codes = [1, 2, 11, 21];
  const decoded = (choices: readonly number[], blank = false): boolean =>
    decodeBallot(
      crypto,
      encodeBallot({ style: 1 as StyleId, marks: [{ contest: 1 as ContestId, blank, choices }] }, 64),
      { contests: [contest], styles: [{ id: 1 as StyleId, contests: [1 as ContestId] }], ballotLength: 64 },
      (_, code) =>
        codes.includes(code)
          ? { option: codes.indexOf(code) as OptionIndex, list: lists[code] as OptionIndex | undefined }
          : undefined,
    ).ok;
  t.true(decoded([1]));
  t.true(decoded([1, 11]));
  t.true(decoded([]), "empty, and not blank");
  t.true(decoded([], true));
  t.false(decoded([1], true), "blank with choices");
  t.false(decoded([11]), "a candidate without the list");
  t.false(decoded([1, 21]), "a candidate of another list");
  t.false(decoded([1, 2]), "two lists");
  t.false(decoded([11, 1]), "not ascending");
  t.false(decoded([1, 1]), "twice");
  t.false(decoded([3]), "a code of no option");
});
