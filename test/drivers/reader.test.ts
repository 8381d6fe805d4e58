import test from "ava";
import fc from "fast-check";
import { APDU_BYTES_MAX } from "../../firmware/access/reader.js";
import { VirtualClock } from "../../sim/clock.js";
import { ForeignCard, type VirtualCard } from "../../sim/devices/card.js";
import { PN532Reader } from "../../drivers/card/pn532/reader.js";
import { CardBench } from "../support/card-bench.js";
import { runFor, serialPair, terminalTime } from "../support/serial-pair.js";

/** Answers with the command it got and 9000, and counts. */
class EchoCard implements VirtualCard {
  readonly exchanges = true;
  executed = 0;
  powerOn(): void {}
  apdu(command: Uint8Array): Uint8Array {
    this.executed++;
    return Uint8Array.of(...command.subarray(0, 256), 0x90, 0x00);
  }
  toJSON(): unknown {
    return undefined;
  }
}

const command = Uint8Array.of(0x00, 0x11, 0x22, 0x33);
const echoed = { ok: true as const, value: Uint8Array.of(0x00, 0x11, 0x22, 0x33, 0x90, 0x00) };

test("the reader is ready within 0.5 s; a card is seen within 300 ms of being put there, and missed within 300 ms", async (t) => {
  const bench = new CardBench();
  await bench.next("ready");
  t.true(bench.nowMs() < 500);
  for (let turn = 0; turn < 5; turn++) {
    await runFor(bench.clock, 137 * turn);
    const put = bench.nowMs();
    await bench.put(new EchoCard());
    t.true(bench.nowMs() - put < 300, `seen after ${bench.nowMs() - put} ms`);
    await runFor(bench.clock, 300 + 91 * turn);
    const lifted = bench.nowMs();
    bench.device.lift();
    await bench.next("removed");
    t.true(bench.nowMs() - lifted < 300, `missed after ${bench.nowMs() - lifted} ms`);
  }
  t.deepEqual(bench.device.failures, []);
});

test("a card that lies there is handed out once and stays", async (t) => {
  const bench = new CardBench();
  await bench.next("ready");
  await bench.put(new EchoCard());
  await runFor(bench.clock, 60_000);
  t.deepEqual(
    bench.events.map(({ what }) => what),
    ["ready", "card"],
  );
});

test("a card lifted and put back at once is removed and seen anew, and its old handle is dead for ever", async (t) => {
  const bench = new CardBench();
  const card = new EchoCard();
  await bench.next("ready");
  const first = await bench.put(card);
  bench.device.lift();
  const second = await bench.put(card);
  t.deepEqual(
    bench.events.map(({ what }) => what),
    ["ready", "card", "removed", "card"],
  );
  t.deepEqual(await bench.run(first.transmit(command)), { ok: false, error: "removed" });
  t.deepEqual(await bench.run(second.transmit(command)), echoed);
});

test("the longest APDU and the longest response pass", async (t) => {
  const bench = new CardBench();
  await bench.next("ready");
  const card = await bench.put(new EchoCard());
  const long = new Uint8Array(APDU_BYTES_MAX).map((_, i) => i);
  const answer = await bench.run(card.transmit(long));
  t.true(
    answer.ok &&
      answer.value.length === 258 &&
      Buffer.compare(answer.value.subarray(0, 256), long.subarray(0, 256)) === 0,
  );
  t.throws(() => card.transmit(new Uint8Array(APDU_BYTES_MAX + 1)));
  t.throws(() => card.transmit(new Uint8Array(3)));
});

test("an answer that is lost on the line is asked for again: executed once, answered once", async (t) => {
  const bench = new CardBench();
  await bench.next("ready");
  const card = new EchoCard();
  const handle = await bench.put(card);
  bench.device.faults.loseAnswer = 1;
  t.deepEqual(await bench.run(handle.transmit(command)), echoed);
  t.is(card.executed, 1);
});

test("whatever happens to its frames, an APDU reaches the card once at most, and the next one passes", async (t) => {
  for (const fault of ["loseAck", "loseAnswer", "garble", "toReader"] as const) {
    for (let seed = 1; seed <= 24; seed++) {
      const bench = new CardBench(seed);
      await bench.next("ready");
      const card = new EchoCard();
      const handle = await bench.put(card);
      if (fault === "toReader") {
        let left = 1;
        bench.line.faults.toDevice = (bytes) => {
          const isIt = bytes.length > 8 && left-- > 0;
          return isIt ? bytes.map((byte, at) => (at === seed % bytes.length ? byte ^ (1 << (seed & 7)) : byte)) : bytes;
        };
      } else bench.device.faults[fault] = fault === "garble" ? 1 + (seed % 2) : 1;
      const answer = await bench.run(handle.transmit(command));
      t.true(card.executed <= 1, `${fault}, seed ${seed}: executed ${card.executed} times`);
      if (answer.ok) t.deepEqual([answer, card.executed], [echoed, 1]);
      else t.is(answer.error, "silent");
      if (fault === "loseAnswer") t.true(answer.ok, "an answer is asked for again");
      const other = Uint8Array.of(0x00, 0x44, 0x55, 0x66);
      t.deepEqual(await bench.run(handle.transmit(other)), { ok: true, value: Uint8Array.of(...other, 0x90, 0x00) });
    }
  }
});

test("a card swapped for another between two looks is removed, and hears nothing that was meant for the first", async (t) => {
  const bench = new CardBench();
  await bench.next("ready");
  const first = await bench.put(new EchoCard());
  const other = new EchoCard();
  bench.device.place(other);
  t.deepEqual(await bench.run(first.transmit(command)), { ok: false, error: "removed" });
  t.is(other.executed, 0);
  await bench.next("card");
  t.deepEqual(await bench.run(bench.handed!.transmit(command)), echoed);
});

test("a card that is silent but there is told from one that is gone", async (t) => {
  const bench = new CardBench();
  await bench.next("ready");
  const handle = await bench.put(new EchoCard());
  bench.device.faults.cardSilent = 1;
  t.deepEqual(await bench.run(handle.transmit(command)), { ok: false, error: "silent" });
  t.deepEqual(await bench.run(handle.transmit(command)), echoed);
  for (const when of ["before", "after"] as const) {
    const card = new EchoCard();
    if (bench.device.card !== undefined) {
      bench.device.lift();
      await bench.next("removed");
    }
    const pulled = await bench.put(card);
    bench.device.faults.pull = { apdus: 1, when };
    t.deepEqual(await bench.run(pulled.transmit(command)), { ok: false, error: "removed" });
    t.is(card.executed, when === "before" ? 0 : 1);
  }
});

test("a card that speaks no ISO/IEC 14443-4 is handed out, answers garbled, and is missed when lifted", async (t) => {
  const bench = new CardBench();
  await bench.next("ready");
  const handle = await bench.put(new ForeignCard({ exchanges: false }));
  t.deepEqual(await bench.run(handle.transmit(command)), { ok: false, error: "garbled" });
  await runFor(bench.clock, 2000);
  t.deepEqual(
    bench.events.map(({ what }) => what),
    ["ready", "card"],
  );
  bench.device.lift();
  await bench.next("removed");
  t.deepEqual(bench.device.failures, []);
});

test("two cards: handed out within a second as cards that nobody speaks to, missed when one is lifted, and the other seen", async (t) => {
  for (const isSecondPlain of [false, true]) {
    const bench = new CardBench();
    await bench.next("ready");
    const [one, other] = [new EchoCard(), isSecondPlain ? new ForeignCard({ exchanges: false }) : new EchoCard()];
    const start = bench.clock.nowUs();
    const seen = bench.next("card");
    bench.device.place(one);
    bench.device.placeBeside(other);
    await seen;
    t.true(bench.clock.nowUs() - start < 1_000_000);
    t.deepEqual(await bench.run(bench.handed!.transmit(command)), { ok: false, error: "several" });
    t.is(one.executed, 0);
    await runFor(bench.clock, 3_000);
    t.deepEqual(bench.events.map(({ what }) => what).slice(1), ["card"], "while both lie there");
    const left = bench.next("card");
    bench.device.lift();
    await left;
    t.deepEqual(bench.events.map(({ what }) => what).slice(1), ["card", "removed", "card"]);
    const answer = await bench.run(bench.handed!.transmit(command));
    t.deepEqual(answer, isSecondPlain ? { ok: false, error: "garbled" } : echoed);
  }
});

test("a second card beside one that is in use is not spoken to, and the first stays", async (t) => {
  const bench = new CardBench();
  await bench.next("ready");
  const card = await bench.put(new EchoCard());
  const beside = new EchoCard();
  bench.device.placeBeside(beside);
  await runFor(bench.clock, 1_000);
  t.deepEqual(await bench.run(card.transmit(command)), echoed);
  t.is(beside.executed, 0);
  t.deepEqual(bench.events.map(({ what }) => what).slice(1), ["card"]);
});

test("a reader that hangs under a card: removed, one fault, and ready again with the card seen anew", async (t) => {
  const bench = new CardBench();
  await bench.next("ready");
  const handle = await bench.put(new EchoCard());
  bench.device.silent = true;
  t.deepEqual(await bench.run(handle.transmit(command)), { ok: false, error: "removed" });
  await runFor(bench.clock, 10_000);
  t.deepEqual(
    bench.events.map(({ what }) => what),
    ["ready", "card", "removed", "no-answer"],
  );
  bench.device.silent = false;
  await bench.next("card");
  t.deepEqual(
    bench.events.slice(4).map(({ what }) => what),
    ["ready", "card"],
  );
  t.deepEqual(await bench.run(bench.handed!.transmit(command)), echoed);
});

test("a line at another baud rate is a reader that does not answer", async (t) => {
  const bench = new CardBench();
  bench.reader.close();
  const line = serialPair(bench.clock, bench.device, 9600);
  const faults: string[] = [];
  const reader = new PN532Reader({ serial: line.port, timer: terminalTime(bench.clock).timer });
  reader.start({
    onCard: () => t.fail(),
    onRemoved: () => t.fail(),
    onReady: () => t.fail(),
    onFault: (fault) => faults.push(fault),
  });
  await runFor(bench.clock, 5000);
  t.deepEqual(faults, ["no-answer"]);
});

test("something that answers like a PN532 but is another chip is the wrong device", async (t) => {
  const bench = new CardBench();
  // GetFirmwareVersion of a PN533: IC 33, check sum one less.
  bench.line.faults.toTerminal = (bytes) => {
    const changed = bytes.slice();
    const at = Buffer.from(bytes).indexOf(Buffer.from("d50332", "hex"));
    if (at >= 0) {
      changed[at + 2]!++;
      changed[at + 6]!--;
    }
    return changed;
  };
  await bench.next("wrong-device");
  bench.line.faults.toTerminal = undefined;
  await bench.next("ready");
  t.pass();
});

test("whatever the line says, the driver neither throws nor hands out a card that is not there", async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 60 }), { minLength: 1, maxLength: 12 }), async (noise) => {
      const clock = new VirtualClock();
      let turn = 0;
      const device = {
        baud: 115200,
        send: (_bytes: Uint8Array) => {},
        receive() {
          device.send(noise[turn++ % noise.length]!);
        },
      };
      const line = serialPair(clock, device, 115200);
      const reader = new PN532Reader({ serial: line.port, timer: terminalTime(clock).timer });
      let cards = 0;
      reader.start({ onCard: () => cards++, onRemoved: () => {}, onReady: () => {}, onFault: () => {} });
      await runFor(clock, 3000);
      reader.close();
      t.is(cards, 0);
    }),
    { numRuns: 25 },
  );
});

test("after close no handler is called and closing twice is harmless", async (t) => {
  const bench = new CardBench();
  await bench.next("ready");
  const handle = await bench.put(new EchoCard());
  const before = bench.events.length;
  bench.reader.close();
  bench.reader.close();
  t.deepEqual(await bench.run(handle.transmit(command)), { ok: false, error: "removed" });
  bench.device.lift();
  await runFor(bench.clock, 5000);
  t.is(bench.events.length, before);
});
