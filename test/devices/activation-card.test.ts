// Voters' cards at a virtual reader: the way of a right, what each reader may do, cards that are pulled, noise, and what
// somebody without an assignment gets of a card.

import test from "ava";
import fc from "fast-check";
import { toHex } from "../../firmware/bytes.js";
import { type DeskDeps, grant, inspect, reset } from "../../firmware/access/desk.js";
import {
  CARD_AID,
  INS_COMMAND,
  commandApdu,
  decodeCardState,
  encodeCardState,
} from "../../firmware/access/protocol.js";
import type { Card } from "../../firmware/access/reader.js";
import type { StyleId } from "../../firmware/election/types.js";
import { ActivationCard } from "../../sim/devices/activation-card.js";
import { ForeignCard, inDeskReader } from "../../sim/devices/card.js";
import { CardBench } from "../support/card-bench.js";
import { CardWorld, style } from "../support/card-world.js";

async function ready(seed = 1): Promise<CardBench> {
  const bench = new CardBench(seed);
  await bench.next("ready");
  return bench;
}

test("the way of a right: empty, granted, locked here, spent, emptied for its next use", async (t) => {
  const bench = await ready();
  const { world } = bench;
  const card = world.voter();
  const [desk, terminal] = [world.desk(), world.terminal()];
  let handle = await bench.put(card);
  t.deepEqual(await bench.run(terminal.read(handle)), { ok: false, error: { kind: "empty" } });
  t.true((await grant(inDeskReader(card), desk, style)).ok);
  handle = await bench.put(card);
  const read = await bench.run(terminal.read(handle));
  if (!read.ok) return t.fail(read.error.kind);
  t.like(read.value, { kind: "granted", style });
  t.is(read.value.token.length, 16);
  t.true((await bench.run(terminal.lock(handle))).ok);
  t.deepEqual(await bench.run(terminal.read(handle)), { ok: true, value: { ...read.value, kind: "locked" } });
  t.true((await bench.run(terminal.spend(handle))).ok);
  t.true((await bench.run(terminal.spend(handle))).ok, "again, without harm");
  t.deepEqual(await bench.run(terminal.read(handle)), { ok: false, error: { kind: "spent" } });
  t.deepEqual(await bench.run(terminal.lock(handle)), { ok: false, error: { kind: "spent" } });
  const held = await reset(inDeskReader(card), desk, false);
  t.deepEqual(held, { ok: true, value: { kind: "spent", isOurs: true, style } });
  t.deepEqual(card.kept, { kind: "empty", use: 1 });
  t.true((await grant(inDeskReader(card), desk, style)).ok);
  const next = await bench.run(terminal.read(await bench.put(card)));
  t.true(next.ok && toHex(next.value.token) !== toHex(read.value.token), "another use, another token");
  t.deepEqual(bench.device.failures, []);
});

test("a card is refused for what is wrong with it", async (t) => {
  const bench = await ready();
  const { world } = bench;
  const terminal = world.terminal();
  const said = async (card: Parameters<CardBench["put"]>[0]): Promise<string> => {
    const read = await bench.run(terminal.read(await bench.put(card)));
    return read.ok ? "ok" : read.error.kind;
  };
  t.is(await said(new ForeignCard({ exchanges: true })), "foreign-card");
  t.is(await said(new ForeignCard({ exchanges: false })), "foreign-card");
  t.is(await said(world.official()), "other-kind");
  t.is(await said(world.voter({ epoch: 4 })), "other-epoch");
  t.is(await said(world.voter({ epoch: 6 })), "refused", "the card has seen a later election");
  t.is(await said(world.voter({ authorityKey: world.issuer.publicKey })), "refused", "another authority's");
  const { certificate } = world.keeps("voter");
  t.is(await said(world.voter({ certificate })), "foreign-card", "somebody else's certificate");
  const elsewhere = world.voter();
  t.true((await grant(inDeskReader(elsewhere), world.desk({ election: new Uint8Array(16) }), style)).ok);
  t.is(await said(elsewhere), "other-election");
  const other = world.voter();
  t.true((await grant(inDeskReader(other), world.desk({ station: 8 }), style)).ok);
  t.is(await said(other), "other-election", "of another station");
});

test("a card on the list is refused for that, at terminal and desk", async (t) => {
  const world = new CardWorld();
  const card = world.voter();
  world.rules = { ...world.rules, revoked: Uint8Array.of(0, 0, 0, card.made.serial) };
  t.deepEqual(await world.terminal().read(inDeskReader(card)), { ok: false, error: { kind: "revoked" } });
  t.deepEqual(await inspect(inDeskReader(card), world.desk()), { ok: false, error: { kind: "revoked" } });
  t.true((await inspect(inDeskReader(world.voter()), world.desk())).ok);
});

test("a card locked at one terminal is good there and nowhere else", async (t) => {
  const bench = await ready();
  const { world } = bench;
  const [here, there] = [world.terminal(7), world.terminal(8)];
  const handle = await bench.put(await world.granted());
  t.true((await bench.run(here.lock(handle))).ok);
  for (const act of ["lock", "read", "spend"] as const) {
    const done = await bench.run<unknown>(there[act](handle));
    t.deepEqual(done, { ok: false, error: { kind: "other-terminal" } });
  }
  t.like(await bench.run(here.read(handle)), { ok: true, value: { kind: "locked" } });
});

test("a terminal's number in another device does not open its lock: the device's key does", async (t) => {
  const world = new CardWorld();
  const card = await world.granted();
  t.true((await world.terminal(7).lock(inDeskReader(card))).ok);
  const box = world.crypto.boxKeyPair(world.crypto.random(32));
  const spare = world.terminal(7, { boxKey: box.publicKey });
  // its reader does not hold that key either: the card does not even answer
  t.deepEqual(await spare.read(inDeskReader(card)), { ok: false, error: { kind: "refused" } });
});

test("a locked card is taken back only with an override, and a granted one is not granted otherwise", async (t) => {
  const world = new CardWorld();
  const card = await world.granted();
  const desk = world.desk();
  t.deepEqual(await grant(inDeskReader(card), desk, 4 as StyleId), { ok: false, error: { kind: "not-empty" } });
  t.true((await grant(inDeskReader(card), desk, style)).ok, "the same right again");
  t.true((await world.terminal().lock(inDeskReader(card))).ok);
  t.deepEqual(await reset(inDeskReader(card), desk, false), { ok: false, error: { kind: "locked" } });
  t.like(await reset(inDeskReader(card), desk, true), { ok: true, value: { kind: "locked" } });
  t.deepEqual(await inspect(inDeskReader(card), desk), { ok: true, value: { kind: "empty" } });
});

test("only a desk of its right's station and election empties a card", async (t) => {
  const world = new CardWorld();
  const card = await world.granted();
  const { kept } = card;
  for (const desk of [world.desk({ station: 8 }), world.desk({ election: new Uint8Array(16) })])
    t.deepEqual(await reset(inDeskReader(card), desk, true), { ok: false, error: { kind: "not-ours" } });
  const asTerminal: DeskDeps = { ...world.desk(), sessions: world.terminal().sessions };
  t.deepEqual(await reset(inDeskReader(card), asTerminal, true), { ok: false, error: { kind: "not-ours" } });
  t.deepEqual(card.kept, kept);
});

// Card pulled at every APDU of every act, before and after the card has executed it; then put back and the act
// repeated.
for (const when of ["before", "after"] as const) {
  test(`a card pulled at any APDU, ${when} it was executed, and put back: nothing lost`, async (t) => {
    for (const name of ["lock", "spend"] as const) {
      let pulls = 0;
      for (let nth = 1; ; nth++) {
        const bench = await ready(nth);
        const { world } = bench;
        const card = await world.granted();
        if (name === "spend") await world.terminal().lock(inDeskReader(card));
        const act = async (): Promise<string> => {
          const done = await bench.run(world.terminal()[name](bench.handed!));
          return done.ok ? "done" : done.error.kind === "card" ? done.error.fault : done.error.kind;
        };
        await bench.put(card);
        bench.device.faults.pull = { apdus: nth, when };
        const outcome = await act();
        if (bench.device.faults.pull !== undefined) {
          t.is(outcome, "done");
          break;
        }
        pulls++;
        t.is(outcome, "removed", `${name}, APDU ${nth}`);
        t.true((name === "lock" ? ["granted", "locked"] : ["locked", "spent"]).includes(card.kept.kind));
        // A power cycle of the card through its stored form, as the bench keeps it.
        const kept: unknown = JSON.parse(JSON.stringify(card));
        const back = new ActivationCard({ crypto: world.crypto, keeps: card.made, kept });
        t.deepEqual(JSON.parse(JSON.stringify(back)), kept);
        await bench.put(back);
        t.is(await act(), "done", `${name} again after APDU ${nth}`);
        t.is(back.kept.kind, name === "lock" ? "locked" : "spent");
      }
      t.is(pulls, 4, "SELECT, message 2 in two parts, the command");
    }
  });
}

test("an answer lost in the air at any APDU is made good by itself", async (t) => {
  for (let nth = 1; nth <= 4; nth++) {
    const bench = await ready(nth);
    const card = await bench.world.granted();
    const handle = await bench.put(card);
    bench.device.faults.cardSilent = nth;
    t.true((await bench.run(bench.world.terminal().lock(handle))).ok, `APDU ${nth}`);
    t.is(card.kept.kind, "locked");
  }
});

test("a frame garbled or lost on the line at any place of a lock is made good", async (t) => {
  for (let nth = 1; nth <= 12; nth++) {
    for (const fault of ["garble", "loseAnswer", "loseAck"] as const) {
      const bench = await ready(nth);
      const card = await bench.world.granted();
      const handle = await bench.put(card);
      bench.device.faults[fault] = nth;
      t.true((await bench.run(bench.world.terminal().lock(handle))).ok, `${fault} ${nth}`);
      t.is(card.kept.kind, "locked");
    }
  }
});

const select = commandApdu(0x00, 0xa4, 0x04, 0x00, CARD_AID, 32);

test("without an assignment nothing readable tells one card from another, nor a voter's from an official's", async (t) => {
  const world = new CardWorld();
  const cards = [await world.granted(), world.voter(), world.official("executive"), world.official("supervision")];
  const seen = cards.map((card) => {
    card.powerOn();
    const answers: string[] = [];
    // everything a stranger can ask: every class with every instruction, selected and not
    for (const isSelected of [false, true])
      for (let cla = 0; cla < 256; cla += 4)
        for (let ins = 0; ins < 256; ins++) {
          if (isSelected) card.apdu(select);
          answers.push(toHex(card.apdu(Uint8Array.of(cla, ins, 0, 0, 0x10))));
        }
    return answers;
  });
  for (const answers of seen) t.deepEqual(answers, seen[0]!);
  // a key that is fresh each time is all that SELECT gives
  const fresh = new Set(cards.flatMap((card) => [1, 2, 3].map(() => toHex(card.apdu(select)))));
  t.is(fresh.size, 12);
  for (const answer of fresh) t.regex(answer, /^[0-9a-f]{64}9000$/);
});

/** A card's messages, seen and changed on their way. */
function tapped(
  card: ActivationCard,
  change: (apdu: Uint8Array) => Uint8Array,
  back = (answer: Uint8Array) => answer,
): Card {
  const real = inDeskReader(card);
  return {
    async transmit(apdu) {
      const answer = await real.transmit(change(apdu));
      return answer.ok ? { ok: true, value: back(answer.value) } : answer;
    },
  };
}

test("a command that was changed, repeated or sent without a session does nothing", async (t) => {
  const world = new CardWorld();
  const card = await world.granted();
  const frames: Uint8Array[] = [];
  const recorded = tapped(card, (apdu) => (frames.push(apdu.slice()), apdu));
  t.true((await world.terminal().lock(recorded)).ok);
  t.true((await reset(inDeskReader(card), world.desk(), true)).ok);
  t.true((await grant(inDeskReader(card), world.desk(), style)).ok);
  // the whole recorded session again: the card's key is another one
  card.powerOn();
  for (const frame of frames) card.apdu(frame);
  t.is(card.kept.kind, "granted");
  const length = frames.at(-1)!.length;
  // everything but the last byte, the expected length, which says nothing
  for (let at = 0; at < length - 1; at++) {
    const changed = tapped(card, (apdu) =>
      apdu[1] === INS_COMMAND ? apdu.map((byte, i) => (i === at ? byte ^ (1 << (at % 8)) : byte)) : apdu,
    );
    t.false((await world.terminal().lock(changed)).ok, `byte ${at}`);
    t.is(card.kept.kind, "granted");
  }
});

test("an answer that was changed on its way is not believed", async (t) => {
  const world = new CardWorld();
  const card = await world.granted();
  for (let at = 0; at < 20; at++) {
    let isCommand = false;
    const changed = tapped(
      card,
      (apdu) => ((isCommand = apdu[1] === INS_COMMAND), apdu),
      (answer) => (isCommand ? answer.map((byte, i) => (i === at ? byte ^ 1 : byte)) : answer),
    );
    const outcome = await world.terminal().lock(changed);
    t.is(outcome.ok ? "ok" : outcome.error.kind, "protocol", `byte ${at}`);
  }
});

test("card and terminal stand whatever bytes they get", async (t) => {
  const world = new CardWorld();
  const card = await world.granted();
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 262 }), (bytes) => {
      t.true(card.apdu(bytes).length >= 2);
      decodeCardState(bytes);
    }),
    { numRuns: 300 },
  );
  t.is(card.kept.kind, "granted");
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.uint8Array({ minLength: 2, maxLength: 258 }), { minLength: 1, maxLength: 6 }),
      async (answers) => {
        let turn = 0;
        const liar = {
          transmit: () => Promise.resolve({ ok: true as const, value: answers[turn++ % answers.length]! }),
        };
        t.false((await world.terminal().lock(liar)).ok);
      },
    ),
    { numRuns: 100 },
  );
});

test("a state that is written is read back, and no other length or kind is accepted", (t) => {
  const right = new Uint8Array(141).fill(7);
  for (const state of [
    { kind: "empty", use: 0xffff_ffff },
    { kind: "granted", use: 1, right },
    { kind: "locked", use: 2, right },
    { kind: "locked-elsewhere", use: 3, right },
    { kind: "spent", use: 4, right },
  ] as const)
    t.deepEqual(decodeCardState(encodeCardState(state)), state);
  for (const bytes of [[], [0], [0, 0, 0, 0], [0, 0, 0, 0, 0, 0], [1, 0, 0, 0, 0], [5, 0, 0, 0, 0, 1]])
    t.is(decodeCardState(Uint8Array.from(bytes)), undefined);
});
