// The identity desk: a national number is typed and looked up in the roll, and an empty card gets one right to vote, of
// the voter's area. Who was given one is durable before the card is written (check-ins.ts). What is known of a voter
// leaves memory when the next number begins, when the desk is left alone, and when officials come.

import { type ChannelFault, Sessions } from "../access/channel.js";
import { type Official, certificateOf, officialOf } from "../access/identify-official.js";
import type { Card, CardReader } from "../access/reader.js";
import type { BoxKeyPair, Crypto, SignKeyPair } from "../crypto/crypto.js";
import type { Assigned } from "../device/assignment.js";
import type { EventName } from "../journal/events.js";
import type { Journal } from "../journal/journal.js";
import type { MessageCode } from "../messages.js";
import type { Clock, Timer, TimerHandle } from "../platform.js";
import type { Roll, Voter } from "../roll/roll.js";
import { type Settings, settingsAtRest } from "../settings.js";
import type { CheckIns } from "./check-ins.js";
import type { DeskMessageCode } from "./messages.js";
import { NumberEntry } from "./number-entry.js";
import type { DeskPolls } from "./polls.js";
import { Rights } from "./rights.js";
import type { DeskIntent, DeskScreen, DeskView, NumberProblem } from "./view.js";
import { Visit } from "./visit.js";

/** A number that is left on the screen is forgotten after this time. */
const leftAloneMs = 60_000;

export interface DeskOptions {
  readonly crypto: Crypto;
  readonly roll: Roll;
  /** The device's own keys, and what says that they are this desk's. */
  readonly keys: { readonly sign: SignKeyPair; readonly box: BoxKeyPair };
  readonly assignment: Assigned;
  readonly checkIns: CheckIns;
  readonly polls: DeskPolls;
  readonly journal: Journal;
  readonly reader: CardReader;
  readonly screen: DeskScreen;
  readonly timer: Timer;
  readonly clock: Clock;
  readonly wipeHeap: () => void;
  /** A line for the developer; never a number, a position or a key. */
  readonly trace: (line: string) => void;
}

type State =
  | { readonly at: "rest" }
  | { readonly at: "found" | "card" }
  | { readonly at: "working" }
  | { readonly at: "granted" }
  | { readonly at: "unused" }
  | {
      readonly at: "message";
      readonly code: DeskMessageCode | MessageCode;
      readonly awaits: "key" | "card-removal" | "official" | "nothing";
      readonly then: "rest" | "card" | "decision";
    }
  | { readonly at: "pin" | "menu" | "second" };

export class Desk {
  readonly #options: DeskOptions;
  readonly #entry = new NumberEntry();
  readonly #visit: Visit;
  readonly #sessions: Sessions;
  readonly #rights: Rights;
  #settings: Settings = settingsAtRest;
  #state: State = { at: "rest" };
  #problem: NumberProblem | undefined;
  #voter: Voter | undefined;
  /** A check-in of this voter was begun and not settled; and two officials have allowed an empty card for it. */
  #isOpen = false;
  #isAllowed = false;
  #card: Card | undefined;
  /** The last one that a voter's right was to be written on. */
  #served: Card | undefined;
  #alone: TimerHandle | undefined;
  /** Shown over whatever is under way, which goes on when the reader answers again. */
  #readerFailed = false;
  #stopped = false;

  constructor(options: DeskOptions) {
    this.#options = options;
    const { crypto, roll, keys, assignment, checkIns, clock, journal, timer } = options;
    const { election, station, cards: rules } = roll.head;
    this.#visit = new Visit({ timer, journal, note: (event, detail) => this.#note(event, detail) });
    this.#sessions = new Sessions({ crypto, box: keys.box, assignment: assignment.signed, rules });
    const cards = { crypto, sessions: this.#sessions, election, station, signSecretKey: keys.sign.secretKey };
    this.#rights = new Rights({ cards, checkIns, clock, note: (event) => this.#note(event) });
  }

  start(): void {
    this.#options.reader.start({
      onCard: (card) => {
        this.#card = card;
        this.#placed(card);
      },
      onRemoved: () => {
        this.#card = undefined;
        this.#sessions.end();
        this.#removed();
      },
      onFault: () => {
        if (this.#readerFailed) return;
        this.#readerFailed = true;
        this.#note("readerFault");
        this.#show();
      },
      onReady: () => {
        if (!this.#readerFailed) return;
        this.#readerFailed = false;
        this.#note("readerReady");
        this.#show();
      },
    });
    this.#toRest();
  }

  caseChanged(open: boolean): void {
    if (!this.#note(open ? "caseOpened" : "caseClosed")) return;
    if (open && this.#state.at !== "working")
      this.#toRest({ at: "message", code: "D-17", awaits: "key", then: "rest" });
  }

  powerChanged(mains: boolean): void {
    this.#note(mains ? "mainsBack" : "mainsLost");
  }

  intent(intent: DeskIntent): void {
    if (intent.do === "settings") this.#settings = intent.settings;
    if (this.#stopped || this.#readerFailed) return this.#show();
    this.#waitAlone();
    const state = this.#state;
    switch (state.at) {
      case "rest":
        return this.#typed(intent);
      case "found":
        if (intent.do === "confirm") return this.#toCard();
        if (intent.do === "back" || intent.do === "correct") return this.#toRest();
        break;
      case "card":
        if (intent.do === "back" || intent.do === "correct") return this.#toRest();
        break;
      case "unused":
        if (intent.do === "confirm" && this.#card !== undefined) return void this.#takeBack(this.#card);
        break;
      case "message":
        if (state.awaits === "key" && (intent.do === "confirm" || intent.do === "back")) return this.#after(state.then);
        if (state.then === "decision" && intent.do === "back") return this.#toRest();
        break;
      case "pin":
        return this.#pinTyped(intent);
      case "menu":
        if (intent.do === "official") return this.#ask(intent.act);
        if (intent.do === "back") return this.#toRest();
        break;
      case "second":
        if (intent.do === "back") return this.#toRest();
        break;
      default:
        break;
    }
    this.#show();
  }

  // --- a number ---

  #typed(intent: DeskIntent): void {
    if (this.#options.polls.state !== "open") return this.#show();
    if (intent.do === "back") return this.#toRest();
    if (intent.do === "digit") {
      // the next person's
      if (this.#problem !== undefined && (this.#problem !== "D-01" || this.#entry.isFull)) this.#forget();
      this.#entry.type(intent.digit);
    }
    if (intent.do === "correct") this.#entry.correct();
    if (intent.do === "digit" || intent.do === "correct") this.#problem = undefined;
    if (intent.do === "confirm" && !this.#entry.isEmpty) return this.#lookUp();
    this.#show();
  }

  #lookUp(): void {
    const { roll, checkIns } = this.#options;
    const { key } = this.#entry;
    if (key === undefined) {
      this.#problem = "D-01";
      return this.#show();
    }
    const found = roll.find(key);
    if (!found.ok) return this.#stop("D-09");
    if (found.value === undefined) return this.#refuse("D-02", 1);
    const state = checkIns.stateOf(found.value.position);
    if (state === "granted") return this.#refuse("D-03", 2);
    if (state === "none" && checkIns.isFull) return this.#refuse("D-10", 4);
    this.#voter = found.value;
    this.#isOpen = state === "open";
    this.#enter({ at: "found" });
  }

  /** What was typed stays on the screen, to be compared with the document. */
  #refuse(code: NumberProblem, detail: number): void {
    this.#note("rightRefused", detail);
    this.#problem = code;
    this.#show();
  }

  // --- a card ---

  #toCard(): void {
    this.#enter({ at: "card" });
    if (this.#card !== undefined) void this.#serve(this.#card);
  }

  #placed(card: Card): void {
    const { at } = this.#state;
    if (at === "card") return void this.#serve(card);
    if (at === "rest" || at === "found" || at === "second" || (at === "message" && this.#state.awaits !== "nothing"))
      void this.#greet(card);
  }

  #removed(): void {
    const state = this.#state;
    switch (state.at) {
      case "granted":
      case "unused":
      case "menu":
        return this.#toRest();
      case "pin":
        this.#visit.lifted();
        return this.#visit.act === undefined ? this.#toRest() : this.#enter({ at: "second" });
      case "message":
        if (state.awaits === "card-removal") this.#after(state.then);
        return;
      default:
    }
  }

  /** Something lies on the reader, and no card is waited for. */
  async #greet(card: Card): Promise<void> {
    const read = await certificateOf(card, this.#sessions);
    if (this.#card !== card) return;
    if (!read.ok) return this.#greetStranger(read.error);
    if (read.value.kind !== "voter") return this.#greetOfficial(card);
    const { at } = this.#state;
    if (at !== "rest" || !this.#entry.isEmpty || this.#options.polls.state !== "open") return;
    this.#enter({ at: "working" });
    const isUnused = await this.#rights.holdsUnused(card);
    if (this.#card !== card) return this.#toRest();
    if (isUnused === undefined) {
      return this.#enter({ at: "message", code: "D-06", awaits: "card-removal", then: "rest" });
    }
    // an empty card may lie there before its voter is known, and so may a spent one, which is emptied then
    this.#enter({ at: isUnused ? "unused" : "rest" });
  }

  /** A card that is no card of this election says why, unless somebody's number is being typed. */
  #greetStranger({ kind }: ChannelFault): void {
    const { at } = this.#state;
    if (kind === "card" || at === "found" || (at === "rest" && !this.#entry.isEmpty)) return;
    const code = kind === "revoked" ? "D-21" : kind === "refused" || kind === "other-epoch" ? "D-20" : "D-06";
    this.#toRest({ at: "message", code, awaits: "card-removal", then: "rest" });
  }

  /** Gives the voter's right to this card. */
  async #serve(card: Card): Promise<void> {
    const voter = this.#voter;
    if (voter === undefined) return this.#toRest();
    this.#served = card;
    this.#enter({ at: "working" });
    const given = await this.#rights.give(card, { voter, isOpen: this.#isOpen, isAllowed: this.#isAllowed });
    switch (given) {
      case "granted":
        this.#options.trace("granted");
        this.#forget();
        return this.#card === undefined ? this.#toRest() : this.#enter({ at: "granted" });
      case "official":
        return this.#greetOfficial(card);
      case "removed":
        return this.#again(undefined, "card-removal");
      case "unreadable":
        return this.#again("D-06", "card-removal");
      case "revoked":
        this.#note("rightRefused", 5);
        return this.#again("D-21", "card-removal");
      case "other-election":
        return this.#again("D-20", "card-removal");
      case "not-empty":
        this.#note("rightRefused", 3);
        return this.#again("D-04", "card-removal");
      case "unanswered":
        this.#isOpen = true;
        this.#isAllowed = false;
        this.#note("rightUnanswered");
        return this.#again("D-05", "key");
      case "decision":
        this.#visit.act = "again";
        return this.#enter({ at: "message", code: "D-07", awaits: "official", then: "decision" });
      case "full":
        return this.#again("D-10", "card-removal");
      case "broken":
        return this.#stop("D-11");
      case "stopped":
        return;
    }
  }

  /** The voter still waits for a card; with something to say first. */
  #again(code: DeskMessageCode | undefined, awaits: "key" | "card-removal"): void {
    if (code !== undefined && (awaits === "key" || this.#card !== undefined))
      return this.#enter({ at: "message", code, awaits, then: "card" });
    this.#enter({ at: "card" });
    // another one was placed while the desk worked on the one that is gone
    if (this.#card !== undefined && this.#card !== this.#served) void this.#serve(this.#card);
  }

  /** An unused card comes back. */
  async #takeBack(card: Card): Promise<void> {
    this.#enter({ at: "working" });
    switch (await this.#rights.takeBack(card)) {
      case "returned":
        this.#options.trace("returned");
        return this.#enter({ at: "message", code: "O-06", awaits: "card-removal", then: "rest" });
      case "unreadable":
        return this.#toRest({ at: "message", code: "D-06", awaits: "card-removal", then: "rest" });
      case "full":
        return this.#enter({ at: "message", code: "D-10", awaits: "card-removal", then: "rest" });
      case "broken":
        return this.#stop("D-11");
      case "stopped":
        return;
    }
  }

  // --- officials ---

  async #greetOfficial(card: Card): Promise<void> {
    const read = await certificateOf(card, this.#sessions);
    if (this.#card !== card) return this.#state.at === "working" ? this.#enter({ at: "card" }) : undefined;
    const { station } = this.#options.roll.head;
    const official = read.ok ? officialOf(card, read.value, station, this.#sessions) : undefined;
    if (official === undefined)
      return this.#toRest({ at: "message", code: "O-03", awaits: "card-removal", then: "rest" });
    if (!this.#visit.greet(official)) return;
    // a decision is about the voter at hand; any other visit ends what was begun
    if (this.#visit.act !== "again") this.#forget();
    this.#enter({ at: "pin" });
  }

  #pinTyped(intent: DeskIntent): void {
    if (intent.do === "back") return this.#toRest();
    if (intent.do === "confirm") {
      const pin = this.#visit.takePin();
      const { official } = this.#visit;
      if (pin !== undefined && official !== undefined) return void this.#checkPin(official, pin);
    } else if (intent.do === "digit" || intent.do === "correct") this.#visit.type(intent);
    this.#show();
  }

  async #checkPin(official: Official, pin: string): Promise<void> {
    this.#enter({ at: "working" });
    const isGone = (): boolean => this.#card === undefined;
    const shown = await this.#visit.enter(official, pin);
    switch (shown) {
      case "unreadable":
        if (isGone()) return this.#toRest();
        return this.#toRest({ at: "message", code: "O-03", awaits: "card-removal", then: "rest" });
      case "wrong":
        return isGone() ? this.#toRest() : this.#enter({ at: "pin" });
      case "blocked":
      case "refused": {
        const code = shown === "blocked" ? "O-02" : "O-03";
        return this.#toRest({ at: "message", code, awaits: "card-removal", then: "rest" });
      }
      case "second":
        return this.#agreed();
      case "first":
        if (this.#visit.act === "again") return this.#enter({ at: "second" });
        return isGone() ? this.#toRest() : this.#enter({ at: "menu" });
      case "stopped":
        return;
    }
  }

  #ask(act: "open" | "close"): void {
    if (!this.#options.polls.acts.includes(act)) return this.#show();
    this.#visit.act = act;
    this.#enter({ at: "second" });
  }

  /** The second official agrees. */
  #agreed(): void {
    const act = this.#visit.act;
    this.#visit.end();
    if (act === "again") {
      this.#isAllowed = true;
      return this.#enter(
        this.#card === undefined
          ? { at: "card" }
          : { at: "message", code: "O-06", awaits: "card-removal", then: "card" },
      );
    }
    const { polls, trace } = this.#options;
    const done = act === "open" ? polls.open() : polls.close();
    if (!done.ok && done.error.stop) return this.#stop(done.error.code);
    trace(`desk ${polls.state}`);
    const code = done.ok ? "O-06" : done.error.code;
    this.#toRest(this.#card === undefined ? undefined : { at: "message", code, awaits: "card-removal", then: "rest" });
  }

  // --- states ---

  #after(then: "rest" | "card" | "decision"): void {
    if (then === "rest") return this.#toRest();
    if (then === "card") return this.#toCard();
    this.#show();
  }

  /** The voter has gone, and so have officials: nothing of them stays. */
  #toRest(state: State = { at: "rest" }): void {
    this.#visit.end();
    this.#forget();
    this.#enter(state);
  }

  #forget(): void {
    this.#entry.clear();
    this.#problem = undefined;
    this.#voter = undefined;
    this.#served = undefined;
    this.#isOpen = false;
    this.#isAllowed = false;
    this.#options.screen.forget();
    this.#options.wipeHeap();
  }

  #enter(state: State): void {
    if (this.#stopped) return;
    // a card that has gone already is not waited for
    const isGone = state.at === "message" && state.awaits === "card-removal" && this.#card === undefined;
    this.#state = isGone ? { ...state, awaits: "key" } : state;
    this.#waitAlone();
    this.#show();
  }

  #waitAlone(): void {
    const { timer } = this.#options;
    if (this.#alone !== undefined) timer.clear(this.#alone);
    this.#alone = timer.set(() => {
      this.#alone = undefined;
      const { at } = this.#state;
      const isLeft =
        (at === "rest" && !this.#entry.isEmpty) ||
        at === "found" ||
        at === "card" ||
        at === "second" ||
        at === "menu" ||
        at === "pin" ||
        (at === "message" && this.#state.then !== "rest");
      if (isLeft) this.#toRest();
    }, leftAloneMs);
  }

  /** Out of service until it is switched off and on. */
  #stop(code: DeskMessageCode): void {
    this.#options.trace(`out of service: ${code}`);
    this.#options.reader.close();
    this.#readerFailed = false;
    this.#toRest({ at: "message", code, awaits: "nothing", then: "rest" });
    this.#stopped = true;
  }

  /** False: the journal takes no more, and the desk has stopped. */
  #note(event: EventName, detail?: number): boolean {
    if (this.#options.journal.append(event, detail).ok) return true;
    if (!this.#stopped) this.#stop("D-11");
    return false;
  }

  #show(): void {
    const view = this.#view();
    this.#options.trace(
      view.screen === "message"
        ? `screen message ${view.code}`
        : view.screen === "number" && view.problem !== undefined
          ? `screen number ${view.problem}`
          : `screen ${view.screen}`,
    );
    this.#options.screen.show(view, this.#settings);
  }

  #view(): DeskView {
    const { polls, roll, checkIns } = this.#options;
    const state = this.#state;
    const visit = this.#visit;
    if (this.#readerFailed) return { screen: "message", code: "D-08", awaits: "nothing" };
    switch (state.at) {
      case "rest":
        if (polls.state !== "open") return { screen: "closed", poll: polls.state, station: roll.head.station };
        return { screen: "number", station: roll.head.station, digits: this.#entry.text, problem: this.#problem };
      case "found":
        return { screen: "found", digits: this.#entry.text, area: this.#voter?.area ?? 0, open: this.#isOpen };
      case "card":
        return { screen: "card", open: this.#isOpen };
      case "working":
      case "granted":
      case "unused":
        return { screen: state.at };
      case "message":
        return { screen: "message", code: state.code, awaits: state.awaits };
      case "pin":
        return { screen: "pin", role: visit.official?.role ?? "executive", typed: visit.typed, problem: visit.problem };
      case "menu":
        return {
          screen: "menu",
          role: visit.first ?? "executive",
          poll: polls.state,
          counts: checkIns.counts,
          acts: polls.acts,
        };
      case "second":
        return {
          screen: "second",
          act: visit.act ?? "open",
          waitsFor: visit.first === "executive" ? "supervision" : "executive",
        };
    }
  }
}
