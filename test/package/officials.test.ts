// The list of officials' cards: as an office writes it, as the packager refuses it, as a terminal reads it. A package
// that asks for more cards of an office than the count does is made by nobody and read by nobody.

import test from "ava";
import { toHex } from "../../firmware/bytes.js";
import { decode, encode, type CborValue } from "../../firmware/cbor/cbor.js";
import { openPackage } from "../../firmware/election/package.js";
import type { Officials } from "../../firmware/election/types.js";
import { buildPackage, layOutElection, packElection, seal } from "../../office/package/build.js";
import { OfficialsProblem, officialsOf, parseOfficials } from "../../office/package/officials.js";
import { MemoryFlash } from "../support/memory-flash.js";
import { crypto, keys, parse, smallYaml } from "./support.js";

const key = (byte: number): string => toHex(new Uint8Array(32).fill(byte));
const card = (office: string, byte: number) => ({ office, boxKey: key(byte) });
const both = [card("executive", 1), card("supervision", 2)];

function open(bytes: Uint8Array): ReturnType<typeof openPackage> {
  return openPackage(new MemoryFlash(0x40_0000, bytes), 0, crypto, keys.authority.publicKey);
}

test("an office's list becomes what a terminal reads", (t) => {
  const officials = parseOfficials(JSON.stringify({ cards: [...both, card("executive", 3)] }));
  t.deepEqual(officials, {
    cards: [
      { role: "executive", boxKey: new Uint8Array(32).fill(1) },
      { role: "supervision", boxKey: new Uint8Array(32).fill(2) },
      { role: "executive", boxKey: new Uint8Array(32).fill(3) },
    ],
    needed: { executive: 1, supervision: 1 },
  });
  const pack = open(buildPackage(parse(smallYaml), keys, undefined, officials));
  t.deepEqual(pack.ok ? pack.value.election.officials : pack, officials);
});

for (const [what, list, why] of [
  ["no JSON", "{", /expected \{"cards"/],
  ["a list", "[]", /expected \{"cards"/],
  ["an office that is none", JSON.stringify({ cards: [card("mayor", 1)] }), /card 1: expected/],
  ["a short key", JSON.stringify({ cards: [{ office: "executive", boxKey: "00" }] }), /card 1: expected/],
  ["no supervision", JSON.stringify({ cards: [both[0]] }), /0 cards of the supervision/],
  [
    "one card twice",
    JSON.stringify({ cards: [...both, card("executive", 2)] }),
    /card 3: its boxKey is in the list twice/,
  ],
  [
    "nine cards of an office",
    JSON.stringify({ cards: [...both, ...Array.from({ length: 8 }, (_, i) => card("executive", 10 + i))] }),
    /9 cards of the executive: expected 1 to 8/,
  ],
  [
    "more of an office at the count than it has",
    JSON.stringify({ cards: [...both, card("executive", 3)], needed: { executive: 3 } }),
    /2 cards of the executive: expected 3 to 8/,
  ],
  ["no number", JSON.stringify({ cards: both, needed: { executive: "1" } }), /needed: expected a whole number/],
] as const)
  test(`${what} is refused, and the line says where`, (t) => {
    t.throws(() => parseOfficials(list), { instanceOf: OfficialsProblem, message: why });
  });

test("the packager refuses them too, and a terminal what somebody else has signed", (t) => {
  const definition = parse(smallYaml);
  const own = officialsOf(keys);
  const wrong: readonly Officials[] = [
    { ...own, needed: { executive: 3, supervision: 1 } },
    { ...own, cards: own.cards.filter(({ role }) => role === "executive") },
    { ...own, cards: [...own.cards, own.cards[0]!] },
  ];
  for (const officials of wrong) {
    t.throws(() => packElection(definition, keys, undefined, officials), { instanceOf: OfficialsProblem });
    const { sections } = layOutElection(definition, keys, undefined, officials);
    const refused = open(seal(sections, keys));
    t.is(refused.ok ? "read" : refused.error.code, "E-05");
  }
  const { sections } = layOutElection(definition, keys);
  const fields = decode(sections.definition);
  if (!fields.ok) throw new Error(fields.error.code);
  for (const field of [12, 13, 14, 15]) {
    const less = new Map(fields.value as Map<number, CborValue>);
    less.delete(field);
    t.false(open(seal({ ...sections, definition: encode(less) }, keys)).ok, `without field ${field}`);
  }
});
