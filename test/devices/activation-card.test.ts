import test from "ava";
import fc from "fast-check";
import { createHmac } from "node:crypto";
import { fromHex, toHex } from "../../firmware/bytes.js";
import { lock, readActivation, spend } from "../../firmware/access/activation.js";
import { grant, inspect, reset } from "../../firmware/access/desk.js";
import { identify } from "../../firmware/access/identify.js";
import { decodeCardState, encodeCardState } from "../../firmware/access/protocol.js";
import type { TerminalId, StyleId } from "../../firmware/election/types.js";
import { hmacSha256 } from "../../firmware/crypto/hmac.js";
import { ActivationCard } from "../../sim/devices/activation-card.js";
import { ForeignCard, inDeskReader } from "../../sim/devices/card.js";
import { CardBench, cardKey, electionId, style } from "../support/card-bench.js";
import { randomFrom } from "../support/serial-pair.js";

async function granted(bench: CardBench): Promise<ActivationCard> {
  const card = bench.newCard();
  const done = await grant(inDeskReader(card), { crypto: bench.crypto, cardKey }, electionId, style);
  if (!done.ok) throw new Error("grant");
  return card;
}

async function ready(seed = 1): Promise<CardBench> {
  const bench = new CardBench(seed);
  await bench.next("ready");
  return bench;
}

test("HMAC-SHA-256 equals RFC 4231 and Node's for every key and message", (t) => {
  const { crypto } = new CardBench();
  const sha256 = (message: Uint8Array): Uint8Array => crypto.sha256(message);
  t.is(
    toHex(hmacSha256(sha256, fromHex("0b".repeat(20))!, Buffer.from("Hi There"))),
    "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 150 }), fc.uint8Array({ maxLength: 200 }), (key, message) => {
      t.is(toHex(hmacSha256(sha256, key, message)), createHmac("sha256", key).update(message).digest("hex"));
    }),
  );
});

test("the way of a right: empty, granted, locked here, spent, returned", async (t) => {
  const bench = await ready();
  const card = bench.newCard();
  const desk = { crypto: bench.crypto, cardKey };
  const deps = bench.deps();

  let handle = await bench.put(card);
  t.deepEqual(await bench.run(identify(handle)), { ok: true, value: "activation" });
  t.deepEqual(await bench.run(readActivation(handle, deps)), { ok: false, error: { kind: "empty" } });

  t.true((await grant(inDeskReader(card), desk, electionId, style)).ok);
  handle = await bench.put(card);
  t.deepEqual(await bench.run(readActivation(handle, deps)), { ok: true, value: { kind: "granted", style } });
  const locked = await bench.run(lock(handle, deps));
  t.true(locked.ok && locked.value.style === style && locked.value.token.length === 16);
  t.deepEqual(await bench.run(readActivation(handle, deps)), { ok: true, value: { kind: "locked", style } });
  const token = locked.ok ? locked.value.token : new Uint8Array(0);
  t.true((await bench.run(spend(handle, deps, token))).ok);
  t.deepEqual(await bench.run(readActivation(handle, deps)), { ok: false, error: { kind: "spent" } });
  t.deepEqual(await bench.run(lock(handle, deps)), { ok: false, error: { kind: "spent" } });

  const held = await reset(inDeskReader(card), desk, false);
  t.true(held.ok && held.value.kind === "spent");
  t.is(card.kept.kind, "empty");
  t.deepEqual(bench.device.failures, []);
});

test("a card is refused for what is wrong with it", async (t) => {
  const bench = await ready();
  const deps = bench.deps();
  const otherKey = await bench.put(new ActivationCard({ cardKey: new Uint8Array(32).fill(9), random: randomFrom(5) }));
  t.deepEqual(await bench.run(readActivation(otherKey, deps)), { ok: false, error: { kind: "wrong-key" } });
  const foreign = await bench.put(new ForeignCard({ exchanges: true }));
  t.deepEqual(await bench.run(readActivation(foreign, deps)), { ok: false, error: { kind: "foreign-card" } });
  t.deepEqual(await bench.run(identify(foreign)), { ok: true, value: "foreign" });
  const plain = await bench.put(new ForeignCard({ exchanges: false }));
  t.deepEqual(await bench.run(identify(plain)), { ok: true, value: "foreign" });

  const elsewhere = await bench.put(await granted(bench));
  const other = bench.deps(7, new Uint8Array(16).fill(0x77));
  t.deepEqual(await bench.run(readActivation(elsewhere, other)), { ok: false, error: { kind: "other-election" } });
  t.deepEqual(await bench.run(lock(elsewhere, other)), { ok: false, error: { kind: "other-election" } });
});

test("a card locked at one terminal is good there and nowhere else", async (t) => {
  const bench = await ready();
  const handle = await bench.put(await granted(bench));
  const here = bench.deps(7);
  const there = bench.deps(8);
  const first = await bench.run(lock(handle, here));
  t.true(first.ok);
  t.deepEqual(await bench.run(lock(handle, there)), { ok: false, error: { kind: "other-terminal" } });
  t.deepEqual(await bench.run(readActivation(handle, there)), { ok: false, error: { kind: "other-terminal" } });
  if (first.ok) {
    t.deepEqual(await bench.run(spend(handle, there, first.value.token)), {
      ok: false,
      error: { kind: "other-terminal" },
    });
    t.deepEqual(await bench.run(spend(handle, here, new Uint8Array(16))), {
      ok: false,
      error: { kind: "other-terminal" },
    });
  }
  const again = await bench.run(lock(handle, here));
  t.deepEqual(again, first);
});

test("a locked card is taken back only with an override, and a granted one is not granted otherwise", async (t) => {
  const bench = await ready();
  const card = await granted(bench);
  const desk = { crypto: bench.crypto, cardKey };
  t.deepEqual(await grant(inDeskReader(card), desk, electionId, 4 as StyleId), {
    ok: false,
    error: { kind: "not-empty" },
  });
  t.true((await grant(inDeskReader(card), desk, electionId, style)).ok);
  const handle = await bench.put(card);
  t.true((await bench.run(lock(handle, bench.deps()))).ok);
  t.deepEqual(await reset(inDeskReader(card), desk, false), { ok: false, error: { kind: "locked" } });
  const overridden = await reset(inDeskReader(card), desk, true);
  t.true(overridden.ok && overridden.value.kind === "locked");
});

test("tokens are the card's own: new for every lock of a new right", async (t) => {
  const bench = await ready();
  const card = await granted(bench);
  const desk = { crypto: bench.crypto, cardKey };
  const tokens = new Set<string>();
  for (let turn = 0; turn < 4; turn++) {
    const locked = await lock(inDeskReader(card), bench.deps());
    if (locked.ok) tokens.add(toHex(locked.value.token));
    await reset(inDeskReader(card), desk, true);
    await grant(inDeskReader(card), desk, electionId, style);
  }
  t.is(tokens.size, 4);
});

// Card pulled at every APDU of every act, before and after the card has executed it; then put back and the act
// repeated.
for (const when of ["before", "after"] as const) {
  test(`a card pulled at any APDU, ${when} it was executed, and put back: one token, nothing lost`, async (t) => {
    const acts = {
      async lock(bench: CardBench): Promise<string> {
        const done = await bench.run(lock(bench.handed!, bench.deps()));
        return done.ok ? "done" : done.error.kind === "card" ? done.error.fault : done.error.kind;
      },
      async spend(bench: CardBench, token: Uint8Array): Promise<string> {
        const done = await bench.run(spend(bench.handed!, bench.deps(), token));
        return done.ok ? "done" : done.error.kind === "card" ? done.error.fault : done.error.kind;
      },
    };
    for (const [name, act] of Object.entries(acts)) {
      let pulls = 0;
      for (let nth = 1; ; nth++) {
        const bench = await ready(nth);
        const card = await granted(bench);
        await bench.put(card);
        if (name === "spend") await acts.lock(bench);
        const tokenBefore = card.kept.kind === "locked" ? card.kept.token : new Uint8Array(16);
        bench.device.faults.pull = { apdus: nth, when };
        const outcome = await act(bench, tokenBefore);
        if (bench.device.faults.pull !== undefined) {
          t.is(outcome, "done");
          break;
        }
        pulls++;
        t.is(outcome, "removed", `${name}, APDU ${nth}`);
        const between = card.kept;
        t.true(
          name === "lock" ? ["granted", "locked"].includes(between.kind) : ["locked", "spent"].includes(between.kind),
        );
        const drawn = between.kind === "locked" || between.kind === "spent" ? toHex(between.token) : undefined;
        // A power cycle of the card through its stored form, as the bench keeps it.
        const back = new ActivationCard({
          cardKey,
          random: randomFrom(nth + 50),
          kept: JSON.parse(JSON.stringify(card)),
        });
        await bench.put(back);
        t.is(await act(bench, tokenBefore), "done", `${name} again after APDU ${nth}`);
        const { kept } = back;
        if (kept.kind !== "locked" && kept.kind !== "spent") t.fail(kept.kind);
        else {
          t.is(kept.kind, name === "lock" ? "locked" : "spent");
          if (drawn !== undefined) t.is(toHex(kept.token), drawn, "the token that was drawn stays the only one");
          t.is(kept.terminal, 7);
        }
      }
      t.is(pulls, name === "lock" ? 5 : 4, "SELECT, GET CHALLENGE, MUTUAL AUTHENTICATE, the commands");
    }
  });
}

test("an answer lost in the air at any APDU is made good by itself, with the same token", async (t) => {
  for (let nth = 1; nth <= 5; nth++) {
    const bench = await ready(nth);
    const card = await granted(bench);
    const handle = await bench.put(card);
    bench.device.faults.cardSilent = nth;
    const locked = await bench.run(lock(handle, bench.deps()));
    t.true(
      locked.ok && card.kept.kind === "locked" && toHex(card.kept.token) === toHex(locked.value.token),
      `APDU ${nth}`,
    );
  }
});

test("a frame garbled or lost on the line at any place of a lock is made good, with one token", async (t) => {
  for (let nth = 1; nth <= 12; nth++) {
    for (const fault of ["garble", "loseAnswer", "loseAck"] as const) {
      const bench = await ready(nth);
      const card = await granted(bench);
      const handle = await bench.put(card);
      bench.device.faults[fault] = nth;
      const locked = await bench.run(lock(handle, bench.deps()));
      t.true(
        locked.ok && card.kept.kind === "locked" && toHex(card.kept.token) === toHex(locked.value.token),
        `${fault} ${nth}`,
      );
    }
  }
});

test("before the lock nothing readable tells one granted card from another", async (t) => {
  const bench = await ready();
  const seen: string[][] = [];
  for (const random of [randomFrom(1), randomFrom(2)]) {
    const card = new ActivationCard({ cardKey, random });
    await grant(inDeskReader(card), { crypto: bench.crypto, cardKey }, electionId, style);
    card.powerOn();
    const answers: string[] = [];
    // Everything a stranger can ask: every class with every instruction, selected and not.
    for (const selected of [false, true]) {
      for (let cla = 0; cla < 256; cla += 4) {
        for (let ins = 0; ins < 256; ins++) {
          if (selected) card.apdu(Uint8Array.of(0, 0xa4, 4, 0, 7, 0xf0, 0x53, 0x4e, 0x44, 0x47, 0x48, 1));
          answers.push(toHex(card.apdu(Uint8Array.of(cla, ins, 0, 0, 0x10))));
        }
      }
    }
    seen.push(answers);
    const inspected = await inspect(inDeskReader(card), { crypto: bench.crypto, cardKey });
    seen.push([JSON.stringify(inspected)]);
  }
  // GET CHALLENGE alone differs: it is random.
  const differing = seen[0]!.filter((answer, i) => answer !== seen[2]![i]);
  t.is(differing.length, 1);
  t.is(differing[0]!.length, 36);
  t.deepEqual(seen[1], seen[3]);
});

test("a command that was changed, repeated or sent without a session does nothing", async (t) => {
  const bench = await ready();
  const card = await granted(bench);
  const frames: Uint8Array[] = [];
  const tapped = inDeskReader(card);
  await lock({ transmit: (apdu) => (frames.push(apdu.slice()), tapped.transmit(apdu)) }, bench.deps());
  const { kept } = card;
  // The whole recorded session again: the card's nonce is another one.
  card.powerOn();
  for (const frame of frames) card.apdu(frame);
  t.deepEqual(card.kept, kept);
  await reset(inDeskReader(card), { crypto: bench.crypto, cardKey }, true);
  await grant(inDeskReader(card), { crypto: bench.crypto, cardKey }, electionId, style);
  // Everything but the last byte, the expected length, which says nothing.
  for (let bit = 0; bit < 8 * 33; bit += 7) {
    const attacker = inDeskReader(card);
    const outcome = await lock(
      {
        transmit(apdu) {
          if (apdu[0] !== 0x84 || apdu[1] !== 0x12) return attacker.transmit(apdu);
          const changed = apdu.slice();
          changed[bit >> 3]! ^= 1 << (bit & 7);
          return attacker.transmit(changed);
        },
      },
      bench.deps(),
    );
    t.false(outcome.ok, `bit ${bit}`);
    t.is(card.kept.kind, "granted");
  }
});

test("an answer that was changed on its way is not believed", async (t) => {
  const bench = await ready();
  const card = await granted(bench);
  for (let at = 0; at < 26; at++) {
    const real = inDeskReader(card);
    const outcome = await lock(
      {
        async transmit(apdu) {
          const answer = await real.transmit(apdu);
          if (apdu[1] !== 0x12 || !answer.ok) return answer;
          const changed = answer.value.slice();
          changed[at]! ^= 1;
          return { ok: true, value: changed };
        },
      },
      bench.deps(),
    );
    t.deepEqual(outcome.ok ? "ok" : outcome.error.kind, "protocol", `byte ${at}`);
  }
});

test("card and terminal stand whatever bytes they get", async (t) => {
  const bench = await ready();
  const card = await granted(bench);
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
        t.false((await lock(liar, bench.deps())).ok);
      },
    ),
    { numRuns: 100 },
  );
});

test("a command and its answer end in 8 bytes of HMAC, as a card of another make reckons them", async (t) => {
  const bench = await ready();
  const real = inDeskReader(bench.newCard());
  const asked: Uint8Array[] = [];
  const answered: Uint8Array[] = [];
  const tapped = {
    async transmit(apdu: Uint8Array) {
      const answer = await real.transmit(apdu);
      asked.push(apdu.slice());
      if (answer.ok) answered.push(answer.value.slice());
      return answer;
    },
  };
  t.true((await inspect(tapped, { crypto: bench.crypto, cardKey })).ok);
  // SELECT, GET CHALLENGE, MUTUAL AUTHENTICATE, GET STATE
  const [cardNonce, terminalNonce] = [answered[1]!.slice(0, 16), asked[2]!.slice(5, 21)];
  const hmac = (key: Uint8Array, ...parts: readonly (string | Uint8Array)[]): Uint8Array => {
    const sum = createHmac("sha256", key);
    for (const part of parts) sum.update(part);
    return sum.digest();
  };
  const session = hmac(cardKey, "sandogh card v1 session", cardNonce, terminalNonce);
  const first = Uint8Array.of(0, 0, 0, 1);
  const header = Uint8Array.of(0x84, 0xca, 1, 0);
  t.deepEqual(asked[3], Uint8Array.of(...header, 8, ...hmac(session, "C", first, header).subarray(0, 8), 0));
  const word = Uint8Array.of(0x90, 0);
  const empty = Uint8Array.of(0);
  t.deepEqual(answered[3], Uint8Array.of(...empty, ...hmac(session, "R", first, empty, word).subarray(0, 8), ...word));
});

test("a state that is written is read back, and no other length or kind is accepted", (t) => {
  const states = [
    { kind: "empty" },
    { kind: "granted", election: electionId, style: 65535 },
    { kind: "locked", election: electionId, style: 0, terminal: 0xffffffff as TerminalId },
    { kind: "spent", election: electionId, style: 1, terminal: 1 },
    { kind: "locked", election: electionId, style: 0x1234, terminal: 0x12345678 as TerminalId },
  ] as const;
  for (const state of states) {
    const bytes = encodeCardState(state);
    t.deepEqual(decodeCardState(bytes), state);
    t.is(decodeCardState(Uint8Array.of(...bytes, 0)), undefined);
    if (bytes.length > 1) t.is(decodeCardState(bytes.subarray(0, -1)), undefined);
  }
  t.is(decodeCardState(Uint8Array.of(4)), undefined);
  t.is(decodeCardState(new Uint8Array(0)), undefined);
});
