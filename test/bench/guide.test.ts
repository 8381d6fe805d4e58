import test from "ava";
import { type StateName, table } from "../../firmware/session/table.js";
import { type Situation, nextStep } from "../../sim/bench/guide.js";
import type { TrayCard } from "../../sim/bench/tray.js";

const card = (id: string, kind: TrayCard["kind"], state = ""): TrayCard => ({ id, kind, state, pin: undefined });
const cards = [card("executive", "executive"), card("supervision", "supervision"), card("voter-1", "voter", "empty")];
const usual: Situation = {
  on: true,
  died: false,
  screen: "idle",
  polls: "open",
  cards,
  held: undefined,
  lastOfficial: undefined,
  faults: [],
  ballots: 0,
  exampleCode: 105,
  complete: false,
  counted: false,
};

function target(change: Partial<Situation>): string | undefined {
  return nextStep({ ...usual, ...change }).target;
}

test("a stranger is led from power on to the tally", (t) => {
  const [executive, supervision, voter] = cards as [TrayCard, TrayCard, TrayCard];
  const granted = [executive, supervision, { ...voter, state: "granted" }];
  t.is(target({ on: false }), "power");
  t.is(target({ polls: "before-opening" }), "card executive");
  t.true(nextStep({ ...usual, screen: "official-pin", held: executive }).text.includes("1404"));
  t.is(target({ screen: "official-second", held: executive, lastOfficial: "executive" }), "lift");
  t.is(target({ screen: "official-second", lastOfficial: "executive" }), "card supervision");
  t.true(nextStep({ ...usual, screen: "official-pin", held: supervision }).text.includes("2026"));
  t.is(target({ screen: "official-result", held: supervision }), "lift");
  t.is(target({}), "grant voter-1");
  t.is(target({ cards: granted }), "card voter-1");
  t.is(target({ screen: "voting", held: granted[2] }), "display");
  t.is(target({ screen: "review", held: granted[2] }), "key green");
  t.is(target({ screen: "done", held: granted[2] }), "lift");
  t.is(target({ polls: "closed", ballots: 1 }), "card executive");
  t.is(target({ polls: "closed", ballots: 1, screen: "official-menu", held: executive }), "display");
  t.is(target({ polls: "closed", ballots: 1, counted: true }), "tab sync");
  t.is(target({ polls: "closed", ballots: 1, counted: true, complete: true }), "tally");
});

test("a fault is led out of: first the cause, then an official", (t) => {
  t.is(target({ screen: "fault P-02", faults: ["line", "paper-out"] }), "switch paper-out");
  t.is(target({ screen: "fault P-02", faults: ["line"], held: cards[2] }), "lift");
  t.is(target({ screen: "fault P-02", lastOfficial: "supervision" }), "card supervision");
});

test("every state of the session has a line of its own", (t) => {
  const starting = nextStep({ ...usual, screen: "starting" }).text;
  for (const state of Object.keys(table) as StateName[]) {
    const { text, why } = nextStep({ ...usual, screen: state });
    t.true(text.length > 0 && why.length > 0, state);
    if (state !== "starting") t.not(text, starting, state);
  }
});
