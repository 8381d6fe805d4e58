import test from "ava";
import { err, ok } from "../../firmware/result.js";
import {
  CERTIFICATE_BYTES_MAX,
  PIN_TRIES,
  openShare,
  pinTriesLeft,
  provePin,
  readOfficial,
} from "../../firmware/access/official.js";
import { signClosed, signRecovery, statementMax } from "../../firmware/access/closed-statement.js";
import { concat } from "../../firmware/bytes.js";
import { cardBoxLength } from "../../firmware/crypto/tally-key.js";
import { shareBinding } from "../../firmware/device/loading.js";
import { identify } from "../../firmware/access/identify.js";
import { signAssignment } from "../../firmware/device/assignment.js";
import type { TerminalId } from "../../firmware/election/types.js";
import { inDeskReader } from "../../sim/devices/card.js";
import { OfficialCard } from "../../sim/devices/official-card.js";
import { CardBench } from "../support/card-bench.js";

function official(bench: CardBench, certificate = new Uint8Array(700).map((_, i) => i), kept?: unknown) {
  const keys = bench.crypto.signKeyPair(new Uint8Array(32).fill(5));
  const card = new OfficialCard({
    certificate,
    pin: "271828",
    sign: (message) => bench.crypto.sign(message, keys.secretKey),
    kept,
  });
  return { card, publicKey: keys.publicKey, certificate };
}

test("certificates of 1 byte to 1 KiB are read whole, a longer one is refused", async (t) => {
  const bench = new CardBench();
  await bench.next("ready");
  for (const length of [1, 239, 240, 241, 480, 700, CERTIFICATE_BYTES_MAX]) {
    const { card, certificate } = official(
      bench,
      new Uint8Array(length).map((_, i) => i * 7),
    );
    const handle = await bench.put(card);
    t.deepEqual(
      await bench.run(readOfficial(handle, (bytes) => ok(bytes))),
      { ok: true, value: certificate },
      `${length}`,
    );
  }
  const { card } = official(bench, new Uint8Array(CERTIFICATE_BYTES_MAX + 1));
  t.deepEqual(await bench.run(readOfficial(await bench.put(card), (bytes) => ok(bytes))), {
    ok: false,
    error: { kind: "certificate-length" },
  });
  t.deepEqual(await bench.run(identify(bench.handed!)), { ok: true, value: "official" });
});

test("what the validation says against a certificate is handed on", async (t) => {
  const bench = new CardBench();
  const { card } = official(bench);
  t.deepEqual(await readOfficial(inDeskReader(card), () => err("expired" as const)), {
    ok: false,
    error: { kind: "certificate", error: "expired" },
  });
});

test("the right PIN and the certificate's key open; another key does not, whatever the PIN", async (t) => {
  const bench = new CardBench();
  await bench.next("ready");
  const { card, publicKey } = official(bench);
  const handle = await bench.put(card);
  t.deepEqual(await bench.run(provePin(handle, "271828", publicKey, bench.crypto)), { ok: true, value: undefined });
  const other = bench.crypto.signKeyPair(new Uint8Array(32).fill(6)).publicKey;
  t.deepEqual(await bench.run(provePin(handle, "271828", other, bench.crypto)), {
    ok: false,
    error: { kind: "wrong-key" },
  });
});

test("the card signs nothing before its PIN, nor after the next power-up", (t) => {
  const bench = new CardBench();
  const { card } = official(bench);
  const select = Uint8Array.of(0, 0xa4, 4, 0, 7, 0xf0, 0x53, 0x4e, 0x44, 0x47, 0x48, 2);
  const verify = Uint8Array.of(0, 0x20, 0, 0x80, 6, ...Buffer.from("271828"));
  const sign = Uint8Array.of(0, 0x88, 0, 0, 32, ...new Uint8Array(32), 64);
  card.powerOn();
  card.apdu(select);
  t.deepEqual(card.apdu(sign), Uint8Array.of(0x69, 0x82));
  t.deepEqual(card.apdu(verify), Uint8Array.of(0x90, 0x00));
  t.is(card.apdu(sign).length, 66);
  card.powerOn();
  card.apdu(select);
  t.deepEqual(card.apdu(sign), Uint8Array.of(0x69, 0x82));
});

test("wrong PINs count down on the card through power-ups; the 15th kills it, also for the right PIN", async (t) => {
  const bench = new CardBench();
  let { card, publicKey } = official(bench);
  for (let left = PIN_TRIES - 1; left > 0; left--) {
    t.deepEqual(await provePin(inDeskReader(card), "0000", publicKey, bench.crypto), {
      ok: false,
      error: { kind: "wrong-pin", triesLeft: left },
    });
    card = official(bench, undefined, JSON.parse(JSON.stringify(card))).card;
    t.deepEqual(await pinTriesLeft(inDeskReader(card)), { ok: true, value: left });
  }
  t.deepEqual(await provePin(inDeskReader(card), "0000", publicKey, bench.crypto), {
    ok: false,
    error: { kind: "dead" },
  });
  card = official(bench, undefined, JSON.parse(JSON.stringify(card))).card;
  t.deepEqual(await provePin(inDeskReader(card), "271828", publicKey, bench.crypto), {
    ok: false,
    error: { kind: "dead" },
  });
  t.deepEqual(await pinTriesLeft(inDeskReader(card)), { ok: true, value: 0 });
});

test("the right PIN restores the tries", async (t) => {
  const bench = new CardBench();
  const { card, publicKey } = official(bench);
  await provePin(inDeskReader(card), "9999", publicKey, bench.crypto);
  t.true((await provePin(inDeskReader(card), "271828", publicKey, bench.crypto)).ok);
  t.is(card.triesLeft, PIN_TRIES);
});

test("a card pulled at any APDU of a log-in never gains a try and opens when it is back", async (t) => {
  for (const when of ["before", "after"] as const) {
    for (const pin of ["271828", "111111"]) {
      for (let nth = 1; nth <= 3; nth++) {
        const bench = new CardBench(nth);
        await bench.next("ready");
        const { card, publicKey } = official(bench);
        const handle = await bench.put(card);
        bench.device.faults.pull = { apdus: nth, when };
        const outcome = await bench.run(provePin(handle, pin, publicKey, bench.crypto));
        const pulled = bench.device.faults.pull === undefined;
        t.is(pulled, pin === "271828" || nth < 3);
        if (pulled) t.deepEqual(outcome, { ok: false, error: { kind: "card", fault: "removed" } });
        const executed = pin !== "271828" && (nth === 3 || (nth === 2 && when === "after"));
        t.is(card.triesLeft, executed ? PIN_TRIES - 1 : PIN_TRIES);
        bench.device.faults.pull = undefined;
        const back = await bench.put(card);
        t.true((await bench.run(provePin(back, "271828", publicKey, bench.crypto))).ok);
      }
    }
  }
});

/** A card with its PIN, the terminal that it is shown, and what that terminal was loaded with. */
function sharing() {
  const { crypto } = new CardBench();
  const [authority, own, terminal] = [1, 2, 3].map((seed) => crypto.signKeyPair(new Uint8Array(32).fill(seed)));
  const [fresh, box, other] = [4, 5, 8].map((seed) => crypto.boxKeyPair(new Uint8Array(32).fill(seed)));
  const election = new Uint8Array(16).fill(6);
  const share = new Uint8Array(33).fill(7);
  const certificate = signAssignment(
    crypto,
    {
      root: new Uint8Array(32).fill(6),
      serial: "BT-5",
      signKey: terminal!.publicKey,
      boxKey: new Uint8Array(32),
      station: 9,
      number: 5 as TerminalId,
      role: "ballot",
    },
    authority!.secretKey,
  );
  const binding = shareBinding(crypto, election, 5, terminal!.publicKey);
  const said = { election, terminal: 5, freshKey: fresh!.publicKey };
  const card = inDeskReader(
    new OfficialCard({
      certificate: new Uint8Array(1),
      pin: "271828",
      sign: (message) => crypto.sign(message, own!.secretKey),
      shares: { crypto, authorityKey: authority!.publicKey, election, station: 9, box: box! },
    }),
  );
  const prove = async (): Promise<boolean> => (await provePin(card, "271828", own!.publicKey, crypto)).ok;
  return {
    crypto,
    card,
    prove,
    certificate,
    share,
    binding,
    said,
    fresh: fresh!,
    authority: authority!,
    terminal: terminal!,
    other: other!,
    seal: (bound = binding, to = box!.publicKey) => crypto.seal(concat(share, bound), to)!,
  };
}

test("a card opens its share after its PIN, and seals it to the fresh key of the terminal that was presented", async (t) => {
  const { crypto, card, prove, certificate, share, said, fresh, terminal, seal } = sharing();
  const statement = signClosed(crypto, said, terminal.secretKey);
  t.true(statement.length <= statementMax);
  t.true((await readOfficial(card, ok)).ok);
  t.deepEqual(await openShare(card, certificate, seal(), statement), {
    ok: false,
    error: { kind: "protocol", word: 0x6982 },
  });
  t.true(await prove());
  const opened = await openShare(card, certificate, seal(), statement);
  t.deepEqual(opened.ok ? crypto.sealOpen(opened.value, fresh) : opened, share);
});

test("for a dead terminal the authority says that it is closed, and only the authority", async (t) => {
  const { crypto, card, prove, certificate, share, said, fresh, authority, terminal, other, seal } = sharing();
  t.true(await prove());
  const opened = await openShare(card, certificate, seal(), signRecovery(crypto, said, authority.secretKey));
  t.deepEqual(opened.ok ? crypto.sealOpen(opened.value, fresh) : opened, share);
  const foreign = crypto.signKeyPair(other.secretKey);
  for (const statement of [
    signRecovery(crypto, said, terminal.secretKey),
    signRecovery(crypto, said, foreign.secretKey),
    signClosed(crypto, said, authority.secretKey),
    signRecovery(crypto, { ...said, terminal: 6 }, authority.secretKey),
    signRecovery(crypto, { ...said, election: new Uint8Array(16) }, authority.secretKey),
  ])
    t.deepEqual(await openShare(card, certificate, seal(), statement), {
      ok: false,
      error: { kind: "protocol", word: 0x6a80 },
    });
});

test("a share that was sealed to another card, or for another terminal, stays shut", async (t) => {
  const { crypto, card, prove, certificate, said, terminal, other, seal } = sharing();
  const statement = signClosed(crypto, said, terminal.secretKey);
  t.true(await prove());
  for (const sealed of [
    seal(undefined, other.publicKey),
    seal(shareBinding(crypto, said.election, 6, terminal.publicKey)),
    seal(shareBinding(crypto, said.election, 5, other.publicKey)),
    seal(shareBinding(crypto, new Uint8Array(16), 5, terminal.publicKey)),
    new Uint8Array(cardBoxLength),
  ])
    t.deepEqual(await openShare(card, certificate, sealed, statement), {
      ok: false,
      error: { kind: "protocol", word: 0x6a88 },
    });
});

test("a PIN of another form is a bug of the caller", async (t) => {
  const bench = new CardBench();
  const { card, publicKey } = official(bench);
  for (const pin of ["123", "1234567890123", "12a4", ""])
    await t.throwsAsync(provePin(inDeskReader(card), pin, publicKey, bench.crypto));
});

test("noise on the line costs a wrong PIN one try at most: no frame of a log-in makes the card count twice", async (t) => {
  for (const fault of ["loseAck", "loseAnswer", "garble"] as const) {
    for (let nth = 1; nth <= 8; nth++) {
      const bench = new CardBench(nth);
      await bench.next("ready");
      const { card, publicKey } = official(bench);
      const handle = await bench.put(card);
      bench.device.faults[fault] = nth;
      await bench.run(provePin(handle, "314159", publicKey, bench.crypto));
      t.true(card.triesLeft >= PIN_TRIES - 1, `${fault} ${nth}: ${card.triesLeft} tries left`);
    }
  }
});
