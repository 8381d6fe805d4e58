// Cards that answer what no card of ours does, and how often each question is asked.

import test from "ava";
import { certificateOf, trouble } from "../../firmware/access/identify-official.js";
import { readClosed, signClosed } from "../../firmware/access/closed-statement.js";
import { grant, inspect, reset } from "../../firmware/access/desk.js";
import { provePin } from "../../firmware/access/official.js";
import { CLA_MORE, INS_ANSWER, INS_COMMAND } from "../../firmware/access/protocol.js";
import type { Card, CardFault } from "../../firmware/access/reader.js";
import { toHex } from "../../firmware/bytes.js";
import { sign1 } from "../../firmware/cose/sign1.js";
import { type Result, err, ok } from "../../firmware/result.js";
import type { StyleId } from "../../firmware/election/types.js";
import { inDeskReader } from "../../sim/devices/card.js";
import { CardWorld, pin } from "../support/card-world.js";

const world = new CardWorld(5);
const { crypto } = world;
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
const select = 0xa4;
const fresh: Answer = [crypto.boxKeyPair(new Uint8Array(32).fill(3)).publicKey, 0x9000];
const removed = { ok: false, error: { kind: "card", fault: "removed" } } as const;

function identify(card: Card): ReturnType<typeof certificateOf> {
  return certificateOf(card, world.terminal().sessions);
}

test("which card it is: asked twice when silent, three times when garbled, once when it says no or is gone", async (t) => {
  const silent = new Script({ [select]: ["silent"] });
  t.deepEqual(await identify(silent), { ok: false, error: { kind: "card", fault: "silent" } });
  t.is(silent.times(select), 2);
  for (const [answer, times] of [
    ["garbled", 3],
    [word(0x6a82), 1],
    [word(0x9000), 1],
    [[new Uint8Array(31), 0x9000], 1],
    [[new Uint8Array(32), 0x6283], 1],
  ] as const) {
    const card = new Script({ [select]: [answer] });
    t.deepEqual(await identify(card), { ok: false, error: { kind: "foreign-card" } });
    t.is(card.times(select), times);
  }
  for (const fault of ["removed", "several"] as const) {
    const card = new Script({ [select]: ["garbled", fault] });
    t.deepEqual(await identify(card), { ok: false, error: { kind: "card", fault } });
    t.is(card.times(select), 2);
  }
});

test("a handshake: a point that gives no secret, a refusal, and what is no message 3", async (t) => {
  const lowOrder = new Script({ [select]: [[new Uint8Array(32), 0x9000]] });
  t.deepEqual(await identify(lowOrder), { ok: false, error: { kind: "foreign-card" } });
  t.is(lowOrder.times(INS_ANSWER), 0);
  const refuses = new Script({ [select]: [fresh], [INS_ANSWER]: [word(0x9000), word(0x6982)] });
  t.deepEqual(await identify(refuses), { ok: false, error: { kind: "refused" } });
  t.is(refuses.times(select), 1);
  for (const [answer, said] of [
    [word(0x6f00), 0x6f00],
    [word(0x9000), 0],
    [[new Uint8Array(207), 0x9000], 0],
    [[new Uint8Array(208), 0x9000], 0],
    [[new Uint8Array(209), 0x9000], 0],
  ] as const) {
    const card = new Script({
      [select]: [fresh],
      [INS_ANSWER]: [word(0x9000), answer, word(0x9000), answer, word(0x9000), answer],
    });
    t.deepEqual(await identify(card), { ok: false, error: { kind: "protocol", word: said } });
    t.is(card.times(select), 3, "begun three times");
  }
  const stops = new Script({ [select]: [fresh], [INS_ANSWER]: [word(0x6700)] });
  t.deepEqual(await identify(stops), { ok: false, error: { kind: "protocol", word: 0x6700 } });
  t.is(stops.times(INS_ANSWER), 3, "the second part is not sent");
  t.deepEqual(await identify(new Script({ [select]: [fresh], [INS_ANSWER]: ["removed"] })), removed);
});

/** A card of ours, but for what it answers to the commands in its channel. */
function answering(
  card: Card,
  answers: (asked: number, real: () => ReturnType<Card["transmit"]>) => ReturnType<Card["transmit"]>,
): Card & { asked: number } {
  const changed = {
    asked: 0,
    transmit: (apdu: Uint8Array): ReturnType<Card["transmit"]> => {
      if (apdu[1] !== INS_COMMAND || apdu[0] === CLA_MORE) return card.transmit(apdu);
      return answers(++changed.asked, () => card.transmit(apdu));
    },
  };
  return changed;
}

test("what a card answers outside of its channel is believed in nothing; its word is named, and 9000 is none", async (t) => {
  for (const [said, named] of [
    [0x6985, 0x6985],
    [0x9000, 0],
  ] as const) {
    const card = answering(inDeskReader(world.voter()), () =>
      Promise.resolve(ok(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, said >> 8, said & 0xff))),
    );
    t.deepEqual(await inspect(card, world.desk()), { ok: false, error: { kind: "protocol", word: named } });
    t.is(card.asked, 3);
  }
});

test("a command whose answer is lost twice is executed once, and answered", async (t) => {
  const official = world.official();
  const card = answering(inDeskReader(official), async (asked, real) => {
    const answer = await real();
    return asked < 3 ? err(asked === 1 ? "silent" : "garbled") : answer;
  });
  t.deepEqual(await provePin(card, "1404", world.terminal().sessions), {
    ok: false,
    error: { kind: "wrong-pin", triesLeft: 14 },
  });
  t.is(card.asked, 3);
  t.is(official.triesLeft, 14);
  const dumb = answering(inDeskReader(world.official()), () => Promise.resolve(err("silent")));
  t.deepEqual(await provePin(dumb, "1404", world.terminal().sessions), {
    ok: false,
    error: { kind: "card", fault: "silent" },
  });
  t.is(dumb.asked, 3, "and in no other session");
});

test("PINs of 4 and of 12 digits are shown to the card", async (t) => {
  for (const typed of ["1234", "123456789012"])
    t.like(await provePin(inDeskReader(world.official()), typed, world.terminal().sessions), {
      ok: false,
      error: { kind: "wrong-pin" },
    });
  t.true((await provePin(inDeskReader(world.official()), pin, world.terminal().sessions)).ok);
});

test("troubles in words", (t) => {
  t.is(trouble({ kind: "card", fault: "removed" }), "removed");
  t.is(trouble({ kind: "card", fault: "several" }), "several");
  for (const fault of [{ kind: "card", fault: "silent" }, { kind: "protocol" }, { kind: "refused" }])
    t.is(trouble(fault), "unreadable");
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

test("the desk sees what its own card holds, gives one right, and takes it back", async (t) => {
  const deps = world.desk();
  const card = inDeskReader(world.voter());
  t.deepEqual(await inspect(card, deps), { ok: true, value: { kind: "empty" } });
  t.true((await grant(card, deps, 2 as StyleId)).ok);
  const held = { ok: true, value: { kind: "granted", isOurs: true, style: 2 as StyleId } } as const;
  t.deepEqual(await inspect(card, deps), held);
  t.true((await grant(card, deps, 2 as StyleId)).ok, "the same grant again");
  t.deepEqual(await grant(card, deps, 3 as StyleId), { ok: false, error: { kind: "not-empty" } });
  t.deepEqual(await reset(card, deps, false), held);
  t.deepEqual(await inspect(card, deps), { ok: true, value: { kind: "empty" } });
});

test("a grant whose answer never comes is told apart from one that was refused", async (t) => {
  const voter = world.voter();
  const card = answering(inDeskReader(voter), async (asked, real) => {
    const answer = await real();
    return asked > 1 ? err("removed") : answer;
  });
  t.deepEqual(await grant(card, world.desk(), 2 as StyleId), { ok: false, error: { kind: "unanswered" } });
  t.is(voter.kept.kind, "granted");
  t.true((await grant(inDeskReader(voter), world.desk(), 2 as StyleId)).ok, "the same card again");
});
