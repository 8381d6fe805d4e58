// Officials' cards at a virtual reader: PINs and their tries, shares of a tally key, and for whom they open.

import test from "ava";
import { concat } from "../../firmware/bytes.js";
import {
  type ClosedStatement,
  signClosed,
  signRecovery,
  statementMax,
} from "../../firmware/access/closed-statement.js";
import { Sessions } from "../../firmware/access/channel.js";
import { certificateOf } from "../../firmware/access/identify-official.js";
import { openShare, provePin } from "../../firmware/access/official.js";
import { PIN_TRIES } from "../../firmware/access/protocol.js";
import { cardBoxLength } from "../../firmware/crypto/tally-key.js";
import { type Assignment, readAssignment } from "../../firmware/device/assignment.js";
import { shareBinding } from "../../firmware/device/loading.js";
import { inDeskReader } from "../../sim/devices/card.js";
import { OfficialCard } from "../../sim/devices/official-card.js";
import { CardBench } from "../support/card-bench.js";
import { CardWorld, electionId, pin } from "../support/card-world.js";

/** The same card from what it keeps without power. */
function again(world: CardWorld, card: OfficialCard): OfficialCard {
  return new OfficialCard({ crypto: world.crypto, keeps: card.made, kept: JSON.parse(JSON.stringify(card)) });
}

test("its kind is known before its PIN, which a voter's card is not given", async (t) => {
  const bench = new CardBench();
  await bench.next("ready");
  const { world } = bench;
  const { sessions } = world.terminal();
  for (const kind of ["executive", "supervision"] as const) {
    const handle = await bench.put(world.official(kind));
    t.like(await bench.run(certificateOf(handle, sessions)), { ok: true, value: { kind, station: 7 } });
    t.deepEqual(await bench.run(provePin(handle, pin, sessions)), { ok: true, value: undefined });
  }
  const voter = await bench.put(world.voter());
  t.deepEqual(await bench.run(provePin(voter, pin, sessions)), { ok: false, error: { kind: "other-kind" } });
});

test("at a reader of another station, election or authority it says nothing at all", async (t) => {
  const world = new CardWorld();
  const card = world.official();
  const stranger = world.crypto.signKeyPair(new Uint8Array(32).fill(1));
  for (const reader of [
    world.reader("ballot", { station: 8 }),
    world.reader("ballot", { epoch: 6 }),
    world.reader("ballot", { epoch: 4 }),
    world.reader("ballot", {}, stranger.secretKey),
    { ...world.reader("ballot"), box: world.crypto.boxKeyPair(new Uint8Array(32)) },
  ])
    t.deepEqual(await certificateOf(inDeskReader(card), new Sessions(reader)), {
      ok: false,
      error: { kind: "refused" },
    });
  for (const role of ["ballot", "identity", "recovery"] as const)
    t.true((await certificateOf(inDeskReader(card), new Sessions(world.reader(role)))).ok);
});

test("a card that has seen a later election goes back to none before it", async (t) => {
  const world = new CardWorld();
  const card = world.voter();
  const at = async (epoch: number, of = card): Promise<boolean> =>
    (await certificateOf(inDeskReader(of), new Sessions(world.reader("ballot", { epoch })))).ok;
  t.true(await at(5));
  t.true(await at(6));
  t.false(await at(5));
  t.like(JSON.parse(JSON.stringify(card)), { epoch: 6 });
});

test("wrong PINs count down on the card through power-ups; the 15th kills it, also for the right PIN", async (t) => {
  const world = new CardWorld();
  const { sessions } = world.terminal();
  let card = world.official();
  for (let left = PIN_TRIES - 1; left > 0; left--) {
    t.deepEqual(await provePin(inDeskReader(card), "0000", sessions), {
      ok: false,
      error: { kind: "wrong-pin", triesLeft: left },
    });
    card = again(world, card);
    t.is(card.triesLeft, left);
  }
  const dead = { ok: false, error: { kind: "dead" } } as const;
  t.deepEqual(await provePin(inDeskReader(card), "0000", sessions), dead);
  card = again(world, card);
  t.deepEqual(await provePin(inDeskReader(card), pin, sessions), dead);
});

test("the right PIN restores the tries; a longer or shorter one that begins with it is wrong", async (t) => {
  const world = new CardWorld();
  const { sessions } = world.terminal();
  const card = world.official();
  for (const wrong of ["9999", `${pin}0`, pin.slice(0, -1)])
    t.false((await provePin(inDeskReader(card), wrong, sessions)).ok);
  t.is(card.triesLeft, PIN_TRIES - 3);
  t.true((await provePin(inDeskReader(card), pin, sessions)).ok);
  t.is(card.triesLeft, PIN_TRIES);
});

test("a card pulled at any APDU of a log-in never gains a try and opens when it is back", async (t) => {
  for (const when of ["before", "after"] as const) {
    for (const typed of [pin, "111111"]) {
      for (let nth = 1; nth <= 4; nth++) {
        const bench = new CardBench(nth);
        await bench.next("ready");
        const { sessions } = bench.world.terminal();
        const card = bench.world.official();
        const handle = await bench.put(card);
        bench.device.faults.pull = { apdus: nth, when };
        const outcome = await bench.run(provePin(handle, typed, sessions));
        t.deepEqual(outcome, { ok: false, error: { kind: "card", fault: "removed" } });
        t.is(card.triesLeft, typed !== pin && nth === 4 && when === "after" ? PIN_TRIES - 1 : PIN_TRIES);
        const back = await bench.put(card);
        t.true((await bench.run(provePin(back, pin, sessions))).ok);
      }
    }
  }
});

test("noise on the line costs a wrong PIN one try at most: no frame of a log-in makes the card count twice", async (t) => {
  for (const fault of ["loseAck", "loseAnswer", "garble", "cardSilent"] as const) {
    for (let nth = 1; nth <= 8; nth++) {
      const bench = new CardBench(nth);
      await bench.next("ready");
      const card = bench.world.official();
      const handle = await bench.put(card);
      bench.device.faults[fault] = nth;
      await bench.run(provePin(handle, "314159", bench.world.terminal().sessions));
      t.true(card.triesLeft >= PIN_TRIES - 1, `${fault} ${nth}: ${card.triesLeft} tries left`);
    }
  }
});

test("a PIN of another form is a bug of the caller", (t) => {
  const world = new CardWorld();
  const { sessions } = world.terminal();
  for (const typed of ["123", "1234567890123", "12a4", ""])
    t.throws(() => provePin(inDeskReader(world.official()), typed, sessions));
});

/** A card, the terminal that it lies on, and what that terminal was loaded with. */
function sharing(change: Partial<Assignment> & { readonly role?: "ballot" | "identity" | "recovery" } = {}) {
  const world = new CardWorld();
  const { crypto } = world;
  const official = world.official();
  const terminal = crypto.signKeyPair(new Uint8Array(32).fill(3));
  const [fresh, other] = [4, 8].map((seed) => crypto.boxKeyPair(new Uint8Array(32).fill(seed)));
  const share = new Uint8Array(33).fill(7);
  const { role = "ballot", ...place } = change;
  const reader = world.reader(role, { number: 5 as never, signKey: terminal.publicKey, ...place });
  const assigned = readAssignment(crypto, reader.assignment, world.authority.publicKey);
  if (!assigned.ok) throw new Error(assigned.error.what);
  const sessions = new Sessions(reader);
  const card = inDeskReader(official);
  const said: ClosedStatement = { election: electionId, terminal: 5, freshKey: fresh!.publicKey };
  const binding = shareBinding(crypto, electionId, 5, terminal.publicKey);
  return {
    crypto,
    share,
    said,
    terminal,
    fresh: fresh!,
    other: other!,
    authority: world.authority,
    seal: (bound = binding, to = official.made.key.publicKey) => crypto.seal(concat(share, bound), to)!,
    prove: async () => (await provePin(card, pin, sessions)).ok,
    open: (sealed: Uint8Array, statement: Uint8Array) => openShare(card, sealed, statement, sessions),
  };
}

const refusedWith = (word: number) => ({ ok: false, error: { kind: "status", word } }) as const;

test("a card opens its share after its PIN, and seals it to the fresh key of the terminal that it lies on", async (t) => {
  const { crypto, prove, open, share, said, fresh, terminal, seal } = sharing();
  const statement = signClosed(crypto, said, terminal.secretKey);
  t.true(statement.length <= statementMax);
  t.deepEqual(await open(seal(), statement), refusedWith(0x6982));
  t.true(await prove());
  const opened = await open(seal(), statement);
  t.deepEqual(opened.ok ? crypto.sealOpen(opened.value, fresh) : opened, share);
});

test("a desk gets no share, whatever it shows", async (t) => {
  const { crypto, prove, open, said, terminal, authority, seal } = sharing({ role: "identity" });
  t.true(await prove());
  for (const statement of [
    signClosed(crypto, said, terminal.secretKey),
    signRecovery(crypto, said, authority.secretKey),
  ])
    t.deepEqual(await open(seal(), statement), refusedWith(0x6a80));
});

test("for a dead terminal the office's reader stands, and the authority says that it is closed, and only the authority", async (t) => {
  const { crypto, prove, open, share, said, fresh, authority, terminal, other, seal } = sharing({ role: "recovery" });
  t.true(await prove());
  const opened = await open(seal(), signRecovery(crypto, said, authority.secretKey));
  t.deepEqual(opened.ok ? crypto.sealOpen(opened.value, fresh) : opened, share);
  const foreign = crypto.signKeyPair(other.secretKey);
  for (const statement of [
    signRecovery(crypto, said, terminal.secretKey),
    signRecovery(crypto, said, foreign.secretKey),
    signClosed(crypto, said, authority.secretKey),
    signClosed(crypto, said, terminal.secretKey),
    signRecovery(crypto, { ...said, terminal: 6 }, authority.secretKey),
    signRecovery(crypto, { ...said, election: new Uint8Array(16) }, authority.secretKey),
  ])
    t.deepEqual(await open(seal(), statement), refusedWith(0x6a80));
});

test("a share that was sealed to another card, or for another terminal, stays shut", async (t) => {
  const { crypto, prove, open, said, terminal, other, seal } = sharing();
  const statement = signClosed(crypto, said, terminal.secretKey);
  t.true(await prove());
  for (const sealed of [
    seal(undefined, other.publicKey),
    seal(shareBinding(crypto, said.election, 6, terminal.publicKey)),
    seal(shareBinding(crypto, said.election, 5, other.publicKey)),
    seal(shareBinding(crypto, new Uint8Array(16), 5, terminal.publicKey)),
    new Uint8Array(cardBoxLength),
  ])
    t.deepEqual(await open(sealed, statement), refusedWith(0x6a88));
});
