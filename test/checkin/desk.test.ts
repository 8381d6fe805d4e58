// The desk itself, without screen and process: real roll, check-ins and cards; what is shown, noted and given.

import test from "ava";
import type { OfficialRole } from "../../firmware/election/types.js";
import type { Card, CardReaderHandlers } from "../../firmware/access/reader.js";
import { INS_ANSWER, INS_COMMAND } from "../../firmware/access/protocol.js";
import { CheckIns } from "../../firmware/checkin/check-ins.js";
import { Desk } from "../../firmware/checkin/desk.js";
import { DeskPolls } from "../../firmware/checkin/polls.js";
import type { DeskIntent, DeskView } from "../../firmware/checkin/view.js";
import { Crypto } from "../../firmware/crypto/crypto.js";
import { eventTexts } from "../../firmware/journal/event-texts.js";
import type { EventName } from "../../firmware/journal/events.js";
import { err, ok } from "../../firmware/result.js";
import type { RollPosition } from "../../firmware/roll/roll.js";
import { sodiumPrimitives } from "../../office/crypto/sodium.js";
import { numberOf } from "../../office/roll/voters.js";
import { signAssignment } from "../../firmware/device/assignment.js";
import type { TerminalId } from "../../firmware/election/types.js";
import type { CardKeeps } from "../../office/cards/issue.js";
import { Chance } from "../../sim/chance.js";
import { cardIn, testDeck } from "../../sim/deck.js";
import { VirtualClock } from "../../sim/clock.js";
import { ActivationCard } from "../../sim/devices/activation-card.js";
import { inDeskReader } from "../../sim/devices/card.js";
import { OfficialCard } from "../../sim/devices/official-card.js";
import { NorChip, flashOf } from "../../sim/nor.js";
import { terminalTime } from "../../sim/terminal-time.js";
import { keys, rollOf } from "../roll/support.js";
import { runFor } from "../support/serial-pair.js";

const voters = [
  { key: 1, area: 0 },
  { key: 49_937_089, area: 0 },
  { key: 79_041_990, area: 1 },
];
const { roll } = rollOf(voters, [1, 2]);

/** In the channel, where a right is the longest thing that is said. */
function isGrant(apdu: Uint8Array): boolean {
  return apdu[1] === INS_COMMAND && apdu.length > 150;
}

class Bench {
  readonly clock = new VirtualClock();
  readonly chance: Chance;
  readonly crypto: Crypto;
  readonly checkIns: CheckIns;
  readonly desk: Desk;
  readonly own;
  readonly assignment;
  #serial = 0;
  readonly events: [EventName, number | undefined][] = [];
  readonly views: DeskView[] = [];
  forgotten = 0;
  readerClosed = false;
  /** The journal takes no more. */
  isFull = false;
  poll: string | undefined;
  #handlers: CardReaderHandlers | undefined;

  constructor(seed: string, { open = true, capacity = 20 } = {}) {
    this.chance = new Chance(seed, "desk");
    this.crypto = new Crypto({ primitives: sodiumPrimitives, random: (out) => this.chance.fill(out) });
    this.own = {
      sign: this.crypto.signKeyPair(this.chance.bytes(32)),
      box: this.crypto.boxKeyPair(this.chance.bytes(32)),
    };
    const { station, election, cards } = roll.head;
    const place = {
      root: roll.root,
      serial: "ID-5",
      signKey: this.own.sign.publicKey,
      boxKey: this.own.box.publicKey,
      station,
      number: 5 as TerminalId,
      role: "identity",
      election,
      epoch: cards.epoch,
      stationKey: new Uint8Array(0),
    } as const;
    this.assignment = { ...place, signed: signAssignment(this.crypto, place, keys.authority.secretKey) };
    const [a, b] = [0, 1].map(() => flashOf(new NorChip({ size: 64 * 1024 })));
    const opened = CheckIns.open({
      crypto: this.crypto,
      key: new Uint8Array(32).fill(9),
      head: { ...roll.head, capacity },
      desk: 5,
      a: a!,
      b: b!,
      journalLength: 8192,
    });
    if (!opened.ok) throw new Error(opened.error.kind);
    this.checkIns = opened.value.checkIns;
    if (open) this.poll = "open";
    const bench = this;
    const journal = {
      tail: [],
      get poll() {
        return bench.poll;
      },
      append: (event: EventName, detail?: number) => {
        if (bench.isFull) return err({ kind: "full" });
        bench.events.push([event, detail]);
        if (event === "opened") bench.poll = "open";
        if (event === "closed") bench.poll = "closed";
        return ok();
      },
    } as never;
    const { crypto, checkIns } = this;
    const trace = (): void => {};
    const { own, assignment } = this;
    this.desk = new Desk({
      ...terminalTime(this.clock),
      crypto,
      roll,
      keys: own,
      assignment,
      checkIns,
      journal,
      trace,
      polls: new DeskPolls({ crypto, journal, roll, checkIns, trace }),
      reader: { start: (handlers) => (this.#handlers = handlers), close: () => (this.readerClosed = true) },
      screen: { show: (view) => this.views.push(view), forget: () => this.forgotten++ },
      wipeHeap: () => {},
    });
    this.desk.start();
  }

  get view(): DeskView {
    return this.views.at(-1)!;
  }

  noted(event: EventName, detail?: number): number {
    return this.events.filter(([name, own]) => name === event && (detail === undefined || own === detail)).length;
  }

  wait(ms: number): Promise<void> {
    return runFor(this.clock, ms);
  }

  card(): ActivationCard {
    const keeps = cardIn(testDeck(roll.head.station, roll.head.cards.epoch), "voter", ++this.#serial);
    return new ActivationCard({ crypto: this.crypto, keeps });
  }

  official(
    role: OfficialRole,
    station = roll.head.station,
    change: Partial<CardKeeps> = {},
    kept?: unknown,
  ): OfficialCard {
    const keeps = cardIn(testDeck(station, roll.head.cards.epoch), role);
    return new OfficialCard({
      crypto: this.crypto,
      keeps: { ...keeps, pin: "1404", ...change },
      ...(kept === undefined ? {} : { kept }),
    });
  }

  async put(card: ActivationCard | OfficialCard, change: (real: Card) => Card = (real) => real): Promise<void> {
    this.#handlers!.onCard(change(inDeskReader(card)));
    await this.wait(1);
    await this.wait(1);
  }

  async lift(): Promise<void> {
    this.#handlers!.onRemoved();
    await this.wait(1);
  }

  reader(event: "onFault" | "onReady"): void {
    this.#handlers![event]("no-answer");
  }

  async press(...intents: readonly DeskIntent["do"][]): Promise<void> {
    for (const each of intents) this.desk.intent({ do: each } as DeskIntent);
    await this.wait(1);
  }

  async type(digits: string): Promise<void> {
    for (const digit of digits) this.desk.intent({ do: "digit", digit: Number(digit) });
    await this.wait(1);
  }

  async ask(key: number): Promise<void> {
    await this.type(numberOf(key));
    await this.press("confirm");
  }

  async logIn(role: OfficialRole, pin = "1404", card = this.official(role)): Promise<void> {
    await this.put(card);
    await this.type(pin);
    await this.press("confirm");
    await this.wait(1);
  }
}

test("a voter of the roll gets one card, and a second one is refused with the reason noted", async (t) => {
  const bench = new Bench("one");
  t.like(bench.view, { screen: "number", digits: "", problem: undefined });
  await bench.ask(49_937_089);
  t.like(bench.view, { screen: "found", digits: numberOf(49_937_089), area: 1, open: false });
  await bench.press("confirm");
  t.like(bench.view, { screen: "card", open: false });
  const card = bench.card();
  const before = bench.forgotten;
  await bench.put(card);
  t.like(bench.view, { screen: "granted" });
  t.true(bench.forgotten > before, "the number is gone with the grant");
  t.like(bench.checkIns.counts, { granted: 1, open: 0, returned: 0 });
  await bench.lift();
  t.like(bench.view, { screen: "number", digits: "" });
  await bench.ask(49_937_089);
  t.like(bench.view, { screen: "number", problem: "D-03", digits: numberOf(49_937_089) });
  t.is(bench.noted("rightRefused", 2), 1);
  await bench.type("7");
  t.like(bench.view, { digits: "7", problem: undefined }, "the next person's number begins");
});

test("a wrong digit is mended, a whole wrong number makes room for the next; strangers are refused", async (t) => {
  const bench = new Bench("digits");
  await bench.press("confirm");
  t.like(bench.view, { screen: "number", problem: undefined }, "nothing typed, nothing asked");
  const number = numberOf(1);
  await bench.type(number.slice(0, 9));
  await bench.press("confirm");
  t.like(bench.view, { problem: "D-01", digits: number.slice(0, 9) });
  await bench.type(number.slice(9));
  t.like(bench.view, { problem: undefined, digits: number }, "one that is too short is gone on with");
  await bench.press("correct");
  await bench.type(String((Number(number[9]) + 1) % 10));
  await bench.press("confirm");
  t.like(bench.view, { problem: "D-01" });
  await bench.type("5");
  t.like(bench.view, { digits: "5" });
  await bench.press("back");
  t.like(bench.view, { digits: "" });
  await bench.ask(123_456_789);
  t.like(bench.view, { problem: "D-02" });
  t.is(bench.noted("rightRefused", 1), 1);
});

test("full: a new voter is refused, noted as that", async (t) => {
  const bench = new Bench("full", { capacity: 1 });
  await bench.ask(1);
  await bench.press("confirm");
  await bench.put(bench.card());
  await bench.lift();
  await bench.ask(79_041_990);
  t.like(bench.view, { problem: "D-10" });
  t.is(bench.noted("rightRefused", 4), 1);
});

test("a card with somebody's right gives no other voter one; an unused one is taken back and counted", async (t) => {
  const bench = new Bench("unused");
  const card = bench.card();
  await bench.ask(1);
  await bench.press("confirm");
  await bench.put(card);
  await bench.lift();
  await bench.ask(79_041_990);
  await bench.press("confirm");
  await bench.put(card);
  t.like(bench.view, { screen: "message", code: "D-04", awaits: "card-removal" });
  t.is(bench.noted("rightRefused", 3), 1);
  await bench.lift();
  t.like(bench.view, { screen: "card" }, "the voter still waits");
  await bench.press("back");
  await bench.put(card);
  t.like(bench.view, { screen: "unused" });
  await bench.press("back");
  t.like(bench.view, { screen: "unused" }, "only green takes it back");
  await bench.press("confirm");
  t.like(bench.view, { screen: "message", code: "O-06" });
  t.is(bench.checkIns.counts.returned, 1);
  t.is(bench.noted("cardReturned"), 1);
});

test("a card that is away while its grant is answered: only the same card, or two officials, end it", async (t) => {
  const bench = new Bench("unanswered");
  const card = bench.card();
  await bench.ask(79_041_990);
  await bench.press("confirm");
  await bench.put(card, (real) => ({
    transmit: (apdu) => (isGrant(apdu) ? Promise.resolve(err("removed")) : real.transmit(apdu)),
  }));
  await bench.lift();
  t.like(bench.view, { screen: "message", code: "D-05", awaits: "key" });
  t.is(bench.noted("rightUnanswered"), 1);
  t.is(bench.checkIns.counts.open, 1);
  await bench.press("confirm");
  t.like(bench.view, { screen: "card", open: true });
  await bench.put(bench.card());
  t.like(bench.view, { screen: "message", code: "D-07", awaits: "official" });
  await bench.lift();
  await bench.logIn("executive");
  t.like(bench.view, { screen: "second", act: "again", waitsFor: "supervision" });
  await bench.lift();
  await bench.logIn("executive");
  t.like(bench.view, { screen: "second" }, "the same office twice");
  await bench.lift();
  await bench.logIn("supervision");
  await bench.lift();
  t.like(bench.view, { screen: "card", open: true });
  t.is(bench.noted("rightRepeated"), 0);
  await bench.put(bench.card());
  t.like(bench.view, { screen: "granted" });
  t.is(bench.noted("rightRepeated"), 1);
  t.like(bench.checkIns.counts, { granted: 1, open: 0, returned: 0 });
});

test("a card that is lifted before its GRANT has taken nothing: the voter waits for one, and any is good", async (t) => {
  // GET STATE: of the look at the card, and of the grant
  for (const nth of [1, 2]) {
    const bench = new Bench(`lifted ${nth}`);
    const card = bench.card();
    await bench.ask(1);
    await bench.press("confirm");
    let commands = 0;
    await bench.put(card, (real) => ({
      transmit: (apdu) =>
        apdu[1] === INS_COMMAND && ++commands === nth ? Promise.resolve(err("removed")) : real.transmit(apdu),
    }));
    t.like(bench.view, { screen: "card", open: false }, "nothing is said of it");
    t.like(bench.checkIns.counts, { granted: 0, open: 0 });
    await bench.lift();
    await bench.put(bench.card());
    t.like(bench.view, { screen: "granted" });
  }
});

test("a card that cannot be read is said, and the voter waits for another one", async (t) => {
  const bench = new Bench("unreadable");
  await bench.ask(1);
  await bench.press("confirm");
  await bench.put(bench.card(), (real) => ({
    transmit: (apdu) => (apdu[1] === INS_ANSWER ? Promise.resolve(err("silent")) : real.transmit(apdu)),
  }));
  t.like(bench.view, { screen: "message", code: "D-06", awaits: "card-removal" });
  await bench.lift();
  t.like(bench.view, { screen: "card", open: false });
});

test("a decision that is given up leaves the voter open, and the next one is asked for again", async (t) => {
  const bench = new Bench("given up");
  const card = bench.card();
  await bench.ask(1);
  await bench.press("confirm");
  await bench.put(card, (real) => ({
    transmit: (apdu) => (isGrant(apdu) ? Promise.resolve(err("removed")) : real.transmit(apdu)),
  }));
  await bench.lift();
  await bench.press("confirm");
  await bench.put(bench.card());
  await bench.press("back");
  t.like(bench.view, { screen: "number", digits: "" });
  await bench.ask(1);
  t.like(bench.view, { screen: "found", open: true });
  await bench.press("confirm");
  await bench.lift();
  await bench.put(bench.card());
  t.like(bench.view, { code: "D-07" }, "nobody has allowed it");
});

test("nothing is typed before the opening; two officials of this station open and close", async (t) => {
  const bench = new Bench("day", { open: false });
  t.like(bench.view, { screen: "closed", poll: "before-opening" });
  await bench.type("5");
  t.like(bench.view, { screen: "closed" });
  await bench.put(bench.official("executive", 7));
  t.like(bench.view, { screen: "message", code: "D-20", awaits: "card-removal" });
  await bench.lift();
  for (const [act, poll] of [
    ["open", "open"],
    ["close", "closed"],
  ] as const) {
    await bench.logIn("executive");
    t.like(bench.view, { screen: "menu", acts: [act] });
    bench.desk.intent({ do: "official", act: act === "open" ? "close" : "open" });
    t.like(bench.view, { screen: "menu" }, "not an act of this state");
    bench.desk.intent({ do: "official", act });
    t.like(bench.view, { screen: "second", act, waitsFor: "supervision" });
    await bench.lift();
    await bench.logIn("supervision");
    t.like(bench.view, { screen: "message", code: "O-06", awaits: "card-removal" });
    t.is(bench.poll, poll);
    await bench.lift();
  }
  t.like(bench.view, { screen: "closed", poll: "closed" });
  t.deepEqual(
    bench.events.filter(([name]) => name === "officialIn").map(([, detail]) => detail),
    [1, 2, 1, 2],
  );
});

test("a wrong PIN is noted and asked again; lifting the first one's card ends the visit", async (t) => {
  const bench = new Bench("pin");
  await bench.put(bench.official("supervision"));
  await bench.type("9999");
  t.like(bench.view, { screen: "pin", role: "supervision", typed: 4 });
  await bench.press("confirm");
  t.like(bench.view, { screen: "pin", typed: 0, problem: "O-01" });
  t.is(bench.noted("officialRefused"), 1);
  await bench.lift();
  t.like(bench.view, { screen: "number" });
  t.is(bench.noted("officialIn"), 0);
});

test("a card that is dead, and one that does not hold its certificate's key, are told apart", async (t) => {
  const bench = new Bench("dead");
  await bench.logIn("executive", "9999", bench.official("executive", undefined, {}, { epoch: 1, triesLeft: 1 }));
  t.like(bench.view, { screen: "message", code: "O-02", awaits: "card-removal" });
  await bench.lift();
  // somebody else's certificate, and a key of one's own
  const copied = bench.official("executive", undefined, { key: bench.own.box });
  await bench.put(copied);
  t.like(bench.view, { screen: "message", code: "D-06", awaits: "card-removal" });
  t.is(bench.noted("officialIn"), 0);
});

test("a desk that has given a right is not opened, and the journal says why in its catalogue's words", async (t) => {
  const bench = new Bench("given", { open: false });
  const position = 1 as RollPosition;
  t.true(bench.checkIns.begin(position, 1).ok && bench.checkIns.settle(position).ok);
  await bench.logIn("executive");
  bench.desk.intent({ do: "official", act: "open" });
  await bench.lift();
  await bench.logIn("supervision");
  t.like(bench.view, { screen: "message", code: "D-13" });
  t.is(bench.poll, undefined);
  const failures = eventTexts.testFailed.detail!.split(", ");
  const noted = bench.events.filter(([event]) => event === "testFailed").map(([, detail]) => detail);
  t.deepEqual(noted, [failures.findIndex((each) => each.endsWith("store not empty")) + 1]);
});

test("left alone for a minute, what was begun is forgotten at every step", async (t) => {
  const steps: ((bench: Bench) => Promise<void>)[] = [
    (bench) => bench.type("12"),
    (bench) => bench.ask(1),
    async (bench) => {
      await bench.ask(1);
      await bench.press("confirm");
    },
    async (bench) => bench.put(bench.official("executive")),
    (bench) => bench.logIn("executive"),
  ];
  for (const [nth, step] of steps.entries()) {
    const bench = new Bench(`alone ${nth}`);
    await step(bench);
    const { view } = bench;
    await bench.wait(59_000);
    t.is(bench.view, view, `${nth}`);
    const before = bench.forgotten;
    await bench.wait(1_100);
    t.like(bench.view, { screen: "number", digits: "", problem: undefined }, `${nth}`);
    t.true(bench.forgotten > before);
  }
});

test("a reader that fails is said and noted once, over whatever is under way, which goes on", async (t) => {
  const bench = new Bench("reader");
  await bench.ask(1);
  bench.reader("onFault");
  bench.reader("onFault");
  t.like(bench.view, { screen: "message", code: "D-08", awaits: "nothing" });
  t.is(bench.noted("readerFault"), 1);
  await bench.press("confirm");
  t.like(bench.view, { code: "D-08" });
  bench.reader("onReady");
  bench.reader("onReady");
  t.is(bench.noted("readerReady"), 1);
  t.like(bench.view, { screen: "found" });
});

test("the case opened is said and noted, closed noted; the mains too", async (t) => {
  const bench = new Bench("case");
  await bench.ask(1);
  bench.desk.caseChanged(true);
  t.like(bench.view, { screen: "message", code: "D-17", awaits: "key" });
  bench.desk.caseChanged(false);
  t.like(bench.view, { screen: "message", code: "D-17" });
  await bench.type("1");
  await bench.press("correct");
  t.like(bench.view, { screen: "message", code: "D-17" }, "only green or red takes it away");
  await bench.press("confirm");
  t.like(bench.view, { screen: "number", digits: "" });
  bench.desk.powerChanged(false);
  bench.desk.powerChanged(true);
  t.deepEqual(
    bench.events.map(([name]) => name),
    ["caseOpened", "caseClosed", "mainsLost", "mainsBack"],
  );
});

test("a journal that takes no more stops the desk for good", async (t) => {
  const bench = new Bench("stopped");
  await bench.ask(1);
  bench.isFull = true;
  bench.desk.caseChanged(true);
  t.like(bench.view, { screen: "message", code: "D-11", awaits: "nothing" });
  t.true(bench.readerClosed);
  await bench.press("confirm", "back");
  await bench.type("1");
  await bench.wait(120_000);
  t.like(bench.view, { screen: "message", code: "D-11" });
});
