// Cards that answer what no card of ours does, and how often each question is asked.

import test from "ava";
import { openShare, pinTriesLeft, provePin, readOfficial } from "../../firmware/access/official.js";
import { identify } from "../../firmware/access/identify.js";
import { identifyOfficial } from "../../firmware/access/identify-official.js";
import { signCertificate } from "../../firmware/access/certificate.js";
import { readClosed, signClosed } from "../../firmware/access/closed-statement.js";
import { grant, inspect, reset } from "../../firmware/access/desk.js";
import type { Card, CardFault } from "../../firmware/access/reader.js";
import { toHex } from "../../firmware/bytes.js";
import { sign1 } from "../../firmware/cose/sign1.js";
import { Crypto } from "../../firmware/crypto/crypto.js";
import { sealedShareLength } from "../../firmware/crypto/tally-key.js";
import { type Result, err, ok } from "../../firmware/result.js";
import type { StyleId } from "../../firmware/election/types.js";
import { ActivationCard } from "../../sim/devices/activation-card.js";
import { inDeskReader } from "../../sim/devices/card.js";
import { sodiumPrimitives } from "../../office/crypto/sodium.js";
import { randomFrom } from "../support/serial-pair.js";

const crypto = new Crypto({ primitives: sodiumPrimitives, random: randomFrom(5) });
const keys = crypto.signKeyPair(new Uint8Array(32).fill(8));

type Answer = CardFault | readonly [data: Uint8Array, word: number];

/** Answers by the command's INS, the last answer of a list again and again; counts what it was asked. */
class Script implements Card {
  readonly asked: number[] = [];
  readonly #answers: Readonly<Record<number, readonly Answer[]>>;

  constructor(answers: Readonly<Record<number, readonly Answer[]>>) {
    this.#answers = answers;
  }

  times(ins: number): number {
    return this.asked.filter((each) => each === ins).length;
  }

  transmit(apdu: Uint8Array): Promise<Result<Uint8Array, CardFault>> {
    const ins = apdu[1]!;
    const list = this.#answers[ins] ?? [word(0x6d00)];
    const answer = list[Math.min(this.times(ins), list.length - 1)]!;
    this.asked.push(ins);
    return Promise.resolve(
      typeof answer === "string" ? err(answer) : ok(Uint8Array.of(...answer[0], answer[1] >> 8, answer[1] & 0xff)),
    );
  }
}

const none = new Uint8Array(0);
const word = (status: number): Answer => [none, status];
const [select, readBinary, verify, authenticate, present, open] = [0xa4, 0xb0, 0x20, 0x88, 0x30, 0x32];

test("a silent or garbled card is asked three times, one that was lifted once", async (t) => {
  for (const fault of ["silent", "garbled"] as const) {
    const card = new Script({ [select]: [fault] });
    t.deepEqual(await readOfficial(card, ok), { ok: false, error: { kind: "card", fault } });
    t.is(card.times(select), 3);
  }
  const gone = new Script({ [select]: ["removed"] });
  t.deepEqual(await readOfficial(gone, ok), { ok: false, error: { kind: "card", fault: "removed" } });
  t.is(gone.times(select), 1);
  const late = new Script({
    [select]: ["silent", "garbled", word(0x9000)],
    [readBinary]: [[Uint8Array.of(7), 0x6282]],
  });
  t.deepEqual(await readOfficial(late, ok), { ok: true, value: Uint8Array.of(7) });
});

test("which card it is: asked twice when silent, each application three times when garbled, once when it says no", async (t) => {
  const silent = new Script({ [select]: ["silent"] });
  t.deepEqual(await identify(silent), { ok: false, error: { kind: "card", fault: "silent" } });
  t.is(silent.times(select), 2);
  const garbled = new Script({ [select]: ["garbled"] });
  t.deepEqual(await identify(garbled), { ok: true, value: "foreign" });
  t.is(garbled.times(select), 6);
  const other = new Script({ [select]: [word(0x6a82)] });
  t.deepEqual(await identify(other), { ok: true, value: "foreign" });
  t.is(other.times(select), 2);
  t.deepEqual(await identify(new Script({ [select]: [word(0x6a82), word(0x9000)] })), { ok: true, value: "official" });
  t.deepEqual(await identify(new Script({ [select]: ["garbled", word(0x9000)] })), { ok: true, value: "activation" });
  t.deepEqual(await identify(new Script({ [select]: ["silent", "removed"] })), {
    ok: false,
    error: { kind: "card", fault: "removed" },
  });
});

test("a certificate that comes empty, in pieces that are too long, or with a word of its own is none", async (t) => {
  const read = async (...answers: readonly Answer[]) =>
    readOfficial(new Script({ [select]: [word(0x9000)], [readBinary]: answers }), ok);
  t.deepEqual(await read([none, 0x6282]), { ok: false, error: { kind: "certificate-length" } });
  t.deepEqual(await read([none, 0x9000]), { ok: false, error: { kind: "protocol", word: 0x9000 } });
  t.deepEqual(await read([new Uint8Array(241), 0x9000]), { ok: false, error: { kind: "protocol", word: 0x9000 } });
  t.deepEqual(
    await read(word(0x6b00)),
    { ok: false, error: { kind: "protocol", word: 0x6b00 } },
    "beyond the end at its beginning",
  );
  t.deepEqual(await read([Uint8Array.of(1, 2), 0x9000], word(0x6b00)), { ok: true, value: Uint8Array.of(1, 2) });
  t.deepEqual(await read([Uint8Array.of(1), 0x6a80]), { ok: false, error: { kind: "protocol", word: 0x6a80 } });
  t.deepEqual(
    await read([new Uint8Array(240), 0x9000]),
    { ok: false, error: { kind: "certificate-length" } },
    "it never ends",
  );
  t.deepEqual(await readOfficial(new Script({ [select]: [word(0x6a82)] }), ok), {
    ok: false,
    error: { kind: "foreign-card" },
  });
  t.deepEqual(await readOfficial(new Script({ [select]: [word(0x6a86)] }), ok), {
    ok: false,
    error: { kind: "protocol", word: 0x6a86 },
  });
});

test("tries that are left, as the card says them; it is dead at none", async (t) => {
  const left = async (status: number) =>
    pinTriesLeft(new Script({ [select]: [word(0x9000)], [verify]: [word(status)] }));
  t.deepEqual(await left(0x63cf), { ok: true, value: 15 });
  t.deepEqual(await left(0x63c1), { ok: true, value: 1 });
  t.deepEqual(await left(0x6983), { ok: true, value: 0 });
  for (const status of [0x63d1, 0x6982, 0x9000])
    t.deepEqual(await left(status), { ok: false, error: { kind: "protocol", word: status } });
  t.deepEqual(await pinTriesLeft(new Script({ [select]: [word(0x6a82)] })), {
    ok: false,
    error: { kind: "foreign-card" },
  });
});

test("a PIN is never given twice, whatever the card answers; yes without its key is refused", async (t) => {
  const rows = [
    ["silent", { kind: "card", fault: "silent" }],
    ["garbled", { kind: "card", fault: "garbled" }],
    [word(0x63c0), { kind: "dead" }],
    [word(0x6983), { kind: "dead" }],
    [word(0x63c4), { kind: "wrong-pin", triesLeft: 4 }],
    [word(0x6700), { kind: "protocol", word: 0x6700 }],
  ] as const;
  for (const [answer, error] of rows) {
    const card = new Script({ [select]: [word(0x9000)], [verify]: [answer] });
    t.deepEqual(await provePin(card, "1404", keys.publicKey, crypto), { ok: false, error });
    t.is(card.times(verify), 1);
    t.is(card.times(authenticate), 0);
  }
  const yes = { [select]: [word(0x9000)], [verify]: [word(0x9000)] };
  t.deepEqual(
    await provePin(
      new Script({ ...yes, [authenticate]: [[new Uint8Array(64), 0x9000]] }),
      "1404",
      keys.publicKey,
      crypto,
    ),
    { ok: false, error: { kind: "wrong-key" } },
  );
  t.deepEqual(await provePin(new Script({ ...yes, [authenticate]: [word(0x6982)] }), "1404", keys.publicKey, crypto), {
    ok: false,
    error: { kind: "protocol", word: 0x6982 },
  });
  t.deepEqual(await provePin(new Script({ ...yes, [authenticate]: ["removed"] }), "1404", keys.publicKey, crypto), {
    ok: false,
    error: { kind: "card", fault: "removed" },
  });
  t.deepEqual(await provePin(new Script({ [select]: [word(0x6a82)] }), "1404", keys.publicKey, crypto), {
    ok: false,
    error: { kind: "foreign-card" },
  });
});

test("PINs of 4 and of 12 digits are shown to the card, 3 and 13 are a bug", async (t) => {
  const card = (): Script => new Script({ [select]: [word(0x9000)], [verify]: [word(0x63c5)] });
  for (const pin of ["1234", "123456789012"]) t.false((await provePin(card(), pin, keys.publicKey, crypto)).ok);
  for (const pin of ["123", "1234567890123"]) await t.throwsAsync(provePin(card(), pin, keys.publicKey, crypto));
});

test("a share is asked for again after silence, and is one only with the right word and length", async (t) => {
  const share = new Uint8Array(sealedShareLength).fill(3);
  const card = new Script({ [present]: ["silent", word(0x9000)], [open]: ["garbled", "silent", [share, 0x9000]] });
  t.deepEqual(await openShare(card, none, none, none), { ok: true, value: share });
  t.deepEqual([card.times(present), card.times(open)], [2, 3]);
  const refused = new Script({ [present]: [word(0x6a80)] });
  t.deepEqual(await openShare(refused, none, none, none), { ok: false, error: { kind: "protocol", word: 0x6a80 } });
  t.is(refused.times(open), 0);
  for (const answer of [word(0x6a88), [share.slice(1), 0x9000], [share, 0x6a88]] as const) {
    const short = new Script({ [present]: [word(0x9000)], [open]: [answer] });
    t.false((await openShare(short, none, none, none)).ok);
  }
  t.deepEqual(await openShare(new Script({ [present]: ["removed"] }), none, none, none), {
    ok: false,
    error: { kind: "card", fault: "removed" },
  });
});

test("a card of another election or without a certificate is nobody's; an unreadable one is not that", async (t) => {
  const election = { id: new Uint8Array(16).fill(1), station: 7, authorityKey: keys.publicKey };
  const holding = (certificate: Uint8Array): Script =>
    new Script({ [select]: [word(0x9000)], [readBinary]: [[certificate.slice(0, 240), 0x6282]] });
  const certificate = signCertificate(
    crypto,
    { election: election.id, station: 7, role: "supervision", publicKey: keys.publicKey, boxKey: new Uint8Array(32) },
    keys.secretKey,
  );
  const found = await identifyOfficial(holding(certificate), crypto, election);
  t.is(found.ok ? found.value?.role : undefined, "supervision");
  t.deepEqual(await identifyOfficial(holding(certificate), crypto, { ...election, station: 8 }), {
    ok: true,
    value: undefined,
  });
  t.deepEqual(await identifyOfficial(holding(none), crypto, election), { ok: true, value: undefined });
  t.deepEqual(await identifyOfficial(new Script({ [select]: ["removed"] }), crypto, election), {
    ok: false,
    error: "removed",
  });
  t.deepEqual(await identifyOfficial(new Script({ [select]: ["silent"] }), crypto, election), {
    ok: false,
    error: "unreadable",
  });
  t.deepEqual(await identifyOfficial(new Script({ [select]: [word(0x6a82)] }), crypto, election), {
    ok: false,
    error: "unreadable",
  });
});

test("a statement that the polls are closed is read under its terminal's key alone", (t) => {
  const statement = { election: new Uint8Array(16).fill(1), terminal: 7, freshKey: new Uint8Array(32).fill(2) };
  const signed = signClosed(crypto, statement, keys.secretKey);
  t.deepEqual(readClosed(crypto, signed, keys.publicKey), { ok: true, value: statement });
  // share.cddl: a card of another make reads it, too
  const { election, terminal, freshKey } = statement;
  const closed = Uint8Array.of(0xa3, 1, 0x50, ...election, 2, terminal, 3, 0x58, 32, ...freshKey);
  t.is(toHex(signed), toHex(sign1(crypto, "sandogh/closed", closed, keys.secretKey)));
  t.false(readClosed(crypto, signed, crypto.signKeyPair(new Uint8Array(32).fill(9)).publicKey).ok);
});

test("an activation card that answers outside of its channel is believed in nothing", async (t) => {
  const card = new Script({ [select]: [word(0x9000)], 0x84: [[new Uint8Array(15), 0x9000]] });
  t.deepEqual(await inspect(card, { crypto, cardKey: new Uint8Array(32) }), {
    ok: false,
    error: { kind: "foreign-card" },
  });
  const liar = new Script({
    [select]: [word(0x9000)],
    0x84: [[new Uint8Array(16), 0x9000]],
    0x82: [[new Uint8Array(32), 0x9000]],
  });
  t.deepEqual(await inspect(liar, { crypto, cardKey: new Uint8Array(32) }), {
    ok: false,
    error: { kind: "wrong-key" },
  });
  const odd = new Script({ [select]: [word(0x9000)], 0x84: [[new Uint8Array(16), 0x9000]], 0x82: [word(0x6f00)] });
  t.deepEqual(await inspect(odd, { crypto, cardKey: new Uint8Array(32) }), {
    ok: false,
    error: { kind: "protocol", word: 0x6f00 },
  });
  t.is(odd.times(0x82), 3);
});

test("the desk sees what its own card holds, gives one right, and takes it back", async (t) => {
  const deps = { crypto, cardKey: new Uint8Array(32).fill(6) };
  const card = inDeskReader(new ActivationCard({ cardKey: deps.cardKey, random: randomFrom(3) }));
  const election = new Uint8Array(16).fill(7);
  t.deepEqual(await inspect(card, deps), { ok: true, value: { kind: "empty" } });
  t.true((await grant(card, deps, election, 2 as StyleId)).ok);
  t.deepEqual(await inspect(card, deps), { ok: true, value: { kind: "granted", election, style: 2 } });
  t.true((await grant(card, deps, election, 2 as StyleId)).ok, "the same grant again");
  t.deepEqual(await grant(card, deps, election, 3 as StyleId), { ok: false, error: { kind: "not-empty" } });
  t.deepEqual(await reset(card, deps, false), { ok: true, value: { kind: "granted", election, style: 2 } });
  t.deepEqual(await inspect(card, deps), { ok: true, value: { kind: "empty" } });
});

test("an answer without its MAC is believed in nothing; its word is named, and 9000 is none", async (t) => {
  const deps = { crypto, cardKey: new Uint8Array(32).fill(6) };
  const real = inDeskReader(new ActivationCard({ cardKey: deps.cardKey, random: randomFrom(3) }));
  for (const [said, named] of [
    [0x6985, 0x6985],
    [0x9000, 0],
  ] as const) {
    let asked = 0;
    const card: Card = {
      transmit: (apdu) => {
        if (apdu[1] !== 0xca) return real.transmit(apdu);
        asked++;
        return Promise.resolve(ok(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, said >> 8, said & 0xff)));
      },
    };
    t.deepEqual(await inspect(card, deps), { ok: false, error: { kind: "protocol", word: named } });
    t.is(asked, 3);
  }
});
