// A start that found one storage medium: two officials of different offices decide, each with card and PIN.

import test from "ava";
import type { OfficialRole } from "../../firmware/election/types.js";
import type { CardTrouble, PinAnswer, PresentedCard } from "../../firmware/access/present.js";
import type { Card, CardReaderHandlers } from "../../firmware/access/reader.js";
import { type Result, err, ok } from "../../firmware/result.js";
import { MediumDecision } from "../../firmware/session/medium-decision.js";
import type { Intent, View } from "../../firmware/session/view.js";
import { VirtualClock } from "../../sim/clock.js";
import { terminalTime } from "../../sim/terminal-time.js";

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

class Bench {
  view: View | undefined;
  decided = 0;
  shown = 0;
  readonly clock = new VirtualClock();
  readonly decision: MediumDecision;
  #handlers: CardReaderHandlers | undefined;
  readonly #cards = new Map<Card, Result<PresentedCard, CardTrouble>>();

  constructor() {
    this.decision = new MediumDecision({
      cards: { identify: (card) => Promise.resolve(this.#cards.get(card) ?? err("removed")), forget: () => {} },
      reader: { start: (handlers) => (this.#handlers = handlers), close: () => {} },
      screen: {
        show: (view) => {
          this.shown++;
          this.view = view;
        },
      },
      timer: terminalTime(this.clock).timer,
      onDecided: () => this.decided++,
      trace: () => {},
    });
    this.decision.start();
  }

  async put(presented: Result<PresentedCard, CardTrouble>): Promise<void> {
    const card: Card = { transmit: () => Promise.resolve(err("silent")) };
    this.#cards.set(card, presented);
    this.#handlers?.onCard(card);
    await turn();
  }

  official(
    role: OfficialRole,
    answer: Result<PinAnswer, CardTrouble> | Promise<Result<PinAnswer, CardTrouble>> = ok("ok"),
  ): Promise<void> {
    return this.put(
      ok({
        kind: "official",
        role,
        authenticate: () => Promise.resolve(answer),
        boxKey: new Uint8Array(32),
        openShare: () => Promise.resolve(err("none")),
      }),
    );
  }

  lift(): void {
    this.#handlers?.onRemoved();
  }

  async press(...intents: readonly Intent[]): Promise<void> {
    for (const intent of intents) {
      this.decision.intent(intent);
      await turn();
    }
  }

  pin(by: "confirm" | "enter" = "confirm"): Promise<void> {
    return this.press(...[1, 2, 3, 4].map((digit): Intent => ({ do: "digit", digit })), { do: by });
  }
}

test("both offices, one after the other: decided once", async (t) => {
  const bench = new Bench();
  t.deepEqual(bench.view, { screen: "message", code: "S-07", awaits: "official" });
  await bench.official("supervision");
  t.like(bench.view, { screen: "official-pin", role: "supervision", typed: 0 });
  await bench.press({ do: "digit", digit: 1 });
  t.like(bench.view, { typed: 1 });
  await bench.press({ do: "correct" });
  await bench.pin();
  t.like(bench.view, { screen: "official-second", act: "one-medium", waitsFor: "executive" });
  t.is(bench.decided, 0);
  bench.lift();
  await bench.official("executive");
  await bench.pin("enter");
  t.is(bench.decided, 1);
  const { shown } = bench;
  await bench.pin();
  await bench.official("executive");
  bench.lift();
  t.is(bench.decided, 1);
  t.is(bench.shown, shown, "what comes next draws the screen");
});

test("the same office twice is one official", async (t) => {
  const bench = new Bench();
  await bench.official("executive");
  await bench.pin();
  bench.lift();
  await bench.official("executive");
  t.like(bench.view, { screen: "official-second", waitsFor: "supervision" });
  await bench.pin();
  t.is(bench.decided, 0);
});

test("a wrong PIN, a dead card, a refused and a pulled one decide nothing; the right one does", async (t) => {
  const bench = new Bench();
  await bench.official("executive", ok("wrong"));
  await bench.pin();
  t.like(bench.view, { screen: "official-pin", typed: 0, problem: "O-01" });
  for (const [answer, problem] of [
    ["blocked", "O-02"],
    ["refused", "O-03"],
  ] as const) {
    bench.lift();
    t.like(bench.view, { screen: "message", code: "S-07" });
    await bench.official("executive", ok(answer));
    await bench.pin();
    t.like(bench.view, { screen: "official-pin", problem });
  }
  bench.lift();
  await bench.official("executive", err("unreadable"));
  await bench.pin();
  t.like(bench.view, { screen: "official-pin", role: "executive" });
  bench.lift();
  await bench.official("executive");
  await bench.pin();
  bench.lift();
  await bench.official("supervision");
  await bench.pin();
  t.is(bench.decided, 1);
});

test("a card that is lifted while its PIN is checked has not agreed", async (t) => {
  const bench = new Bench();
  let answer: (given: Result<PinAnswer, CardTrouble>) => void = () => {};
  await bench.official("executive", new Promise((resolve) => (answer = resolve)));
  await bench.pin();
  bench.lift();
  answer(ok("ok"));
  await turn();
  t.like(bench.view, { screen: "message", code: "S-07" });
});

test("a voter's card, an unreadable one, and one that is gone before it was read change nothing", async (t) => {
  const bench = new Bench();
  for (const card of [ok({ kind: "empty" } as const), err("unreadable" as const)]) {
    await bench.put(card);
    t.like(bench.view, { screen: "message", code: "S-07" });
    await bench.pin();
    bench.lift();
  }
  const reading = bench.official("executive");
  bench.lift();
  await reading;
  t.like(bench.view, { screen: "message", code: "S-07" });
  t.is(bench.decided, 0);
});
