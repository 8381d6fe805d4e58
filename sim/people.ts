// Voters and officials as a script: they hold cards to the reader, press keys, look at the screen's name (which a
// simulation's terminal traces), and begin again after a power cut, as people would.

import type { OfficialAct } from "../firmware/session/view.js";
import type { Key } from "../drivers/panel/report.js";
import type { ActivationCard } from "./devices/activation-card.js";
import type { VirtualCard } from "./devices/card.js";
import type { Chance } from "./chance.js";
import type { NorChip, NorOperation } from "./nor.js";
import { PowerCut } from "./nor.js";
import type { ShareHolder } from "../office/package/keys.js";
import { roleOf, testPins } from "../office/package/keys.js";
import type { Station } from "./station.js";

/** What a voter wants in one contest, in the ballot's order. */
export interface Intention {
  readonly contest: number;
  readonly blank: boolean;
  /** ascending */
  readonly choices: readonly number[];
}

export type ScriptedAct = Exclude<OfficialAct, "service" | "clear-fault" | "one-medium" | "log-out">;

/** Where the menu offers an act, in the only state in which it is offered. */
const places: Readonly<Record<ScriptedAct, number>> = {
  open: 0,
  pause: 0,
  resume: 0,
  close: 1,
  count: 0,
  report: 0,
  release: 1,
  "end-session": 0,
};

/** The next key follows so much later: a screen must have been there for 0.3 s before it can be acted on. */
const keyGapUs = 400_000;
/** The fullest ballot is one of some two hundred names. */
const reviewPagesMax = 128;
/** Between two looks at a station whose time somebody else lets pass. */
const lookMs = 10;
/** Paper moved by so much is one step at which the power can go. */
const rowsPerStep = 100;
const reportCutDivisor = 5;
/** Longest wait for any screen: a slip, its 7 s, faults and recoveries are shorter. */
const patienceUs = 180_000_000;
/** A report says something of every option: a line as wide as the paper takes its line so long. */
const patienceOfOptionUs = 150_000;

/** The terminal shows something that the script does not expect. */
export class Unexpected extends Error {}

/** The power went; whoever was in the middle of something begins again. */
class Dark extends Error {}

export class People {
  readonly station: Station;
  readonly #chance: Chance;
  readonly #cut: number;
  readonly #paced: boolean;
  /** "<state>" or "<state> <message code>", the newest first. */
  #screen = "";
  #dark = false;
  cuts = 0;
  /** Told of each screen's name when the terminal has drawn it and is idle, for pictures. */
  onScreen: ((screen: string) => void) | undefined;
  #drawn = "";

  /**
   * paced: somebody else lets the station's time pass. cut: probability that the power goes at an act of a person, an
   * operation of a storage medium, or a stretch of slip.
   */
  constructor(options: {
    readonly station: Station;
    readonly chance: Chance;
    readonly cut: number;
    readonly paced?: boolean;
  }) {
    this.station = options.station;
    this.#paced = options.paced ?? false;
    this.#chance = options.chance;
    this.#cut = options.cut;
    if (this.#cut === 0) return;
    for (const chip of [this.station.chips.a, this.station.chips.b])
      chip.onOperation = (operation) => this.#perhapsCut(chip, operation);
    // about fifteen times in the middle of a slip
    let rows = 0;
    this.station.printer.onPaper = (moved) => {
      rows += moved;
      if (rows < rowsPerStep) return;
      rows = 0;
      // a report is a hundred times as long as that and has to end some day
      const chance = this.#screen === "official-acting" ? this.#cut / reportCutDivisor : this.#cut;
      if (this.#chance.next() < chance) this.#goDark();
    };
  }

  get screen(): string {
    return this.#screen;
  }

  /** To be given every trace line of the terminal. */
  traced(line: string): void {
    if (!line.startsWith("screen ")) return;
    this.#screen = line.slice("screen ".length);
  }

  /** Power on, until the terminal serves; cuts on the way are survived. */
  async start(): Promise<void> {
    for (;;) {
      try {
        await this.#ensurePower();
        await this.until("idle", "fault", "out-of-service");
        return;
      } catch (thrown) {
        if (!(thrown instanceof Dark)) throw thrown;
      }
    }
  }

  /** Two officials do `act`; the screen is idle again when it resolves. */
  async officials(act: ScriptedAct, done: () => boolean): Promise<void> {
    let wasDark = false;
    while (!done()) {
      try {
        await this.#ensurePower();
        await this.until("idle");
        // the power went behind the act, and the start has told so
        if (wasDark && done()) return;
        await this.firstOfficial(act);
        await this.until("official-second");
        this.station.reader.lift();
        await this.wait(1_000_000);
        await this.showOfficial("supervision");
        await this.until("official-result");
        this.station.reader.lift();
        await this.until("idle");
      } catch (thrown) {
        if (!(thrown instanceof Dark)) throw thrown;
        wasDark = true;
        this.station.reader.lift();
      }
    }
  }

  /** Votes until the ballot is cast; a power cut or a parked session only makes it longer. */
  async vote(card: ActivationCard, intentions: readonly Intention[]): Promise<void> {
    for (;;) {
      try {
        await this.#ensurePower();
        await this.until("idle");
        if (await this.#attempt(card, intentions)) return;
      } catch (thrown) {
        if (!(thrown instanceof Dark)) throw thrown;
        this.station.reader.lift();
      }
    }
  }

  /** Presses and releases a key, and lets the terminal answer. */
  async press(key: Key): Promise<void> {
    this.#maybeDark();
    this.station.panel.press(key);
    await this.wait(keyGapUs);
  }

  async #attempt(card: ActivationCard, intentions: readonly Intention[]): Promise<boolean> {
    this.hold(card);
    const first = await this.until("voting", "refused");
    if (first === "refused C-03") {
      // recovery had found it decided: the voter is told so by the spent card
      this.station.reader.lift();
      await this.until("idle");
      return true;
    }
    if (first !== "voting") throw new Unexpected(`a card that may vote is answered "${first}"`);
    // they look before they act
    await this.wait(keyGapUs);
    for (const intention of intentions) {
      await this.mark(intention);
      await this.press("green");
    }
    await this.until("review");
    // green leafs through a review of several pages before it confirms
    for (let page = 0; this.#screen === "review"; page++) {
      if (page === reviewPagesMax) throw new Unexpected("the review does not end");
      await this.press("green");
    }
    await this.until("confirm");
    // and through a confirmation of several pages
    for (let page = 0; this.#screen === "confirm"; page++) {
      if (page === reviewPagesMax) throw new Unexpected("the confirmation does not end");
      await this.press("green");
    }
    await this.until("done");
    this.station.reader.lift();
    await this.until("idle");
    return true;
  }

  /** Marks one contest by codes on the keypad. */
  async mark(intention: Intention): Promise<void> {
    if (intention.blank) return this.press("white");
    // whoever wants nothing here goes past the question to the list, and on from there
    if (intention.choices.length === 0) return this.press("green");
    for (const code of intention.choices) {
      for (const digit of String(code)) await this.press(digit as Key);
      await this.press("green");
    }
  }

  /** The first official's card and PIN, then the act is chosen. */
  async firstOfficial(act: ScriptedAct, holder: ShareHolder = "executive"): Promise<void> {
    await this.showOfficial(holder);
    await this.until("official-menu");
    for (let place = 0; place <= places[act]; place++) await this.press("next");
    await this.press("select");
  }

  /** Card and PIN. */
  async showOfficial(holder: ShareHolder, card: VirtualCard = this.station.official(holder)): Promise<void> {
    this.hold(card);
    await this.until("official-pin");
    for (const digit of testPins[roleOf(holder)]) await this.press(digit as Key);
    await this.press("green");
  }

  /** Holds a card to the reader, until it is lifted. */
  hold(card: VirtualCard): void {
    this.#maybeDark();
    this.station.reader.place(card);
  }

  /** Waits until one of the states is shown; gives the whole name. */
  async until(...states: readonly string[]): Promise<string> {
    const reached = await this.#run(
      () => {
        this.#look();
        return states.includes(this.#screen.split(" ")[0]!);
      },
      patienceUs +
        patienceOfOptionUs * this.station.pack.election.contests.reduce((sum, contest) => sum + contest.options, 0),
    );
    if (!this.station.isOn) throw new Dark();
    if (!reached) throw new Unexpected(`waited for ${states.join(" or ")}, the screen is "${this.#screen}"`);
    return this.#screen;
  }

  async wait(durationUs: number): Promise<void> {
    if (this.#paced) await this.#run(() => false, durationUs);
    else await this.station.terminal.runUntil(this.station.clock.nowUs() + durationUs);
    if (!this.station.isOn) throw new Dark();
    this.#look();
  }

  /** Lets time pass until the goal is reached; false when `durationUs` are over first, or the power went. */
  async #run(goal: () => boolean, durationUs: number): Promise<boolean> {
    const { terminal, clock } = this.station;
    const endUs = clock.nowUs() + durationUs;
    if (!this.#paced) return terminal.runUntil(goal, endUs);
    while (!goal() && this.station.isOn && clock.nowUs() < endUs)
      await new Promise((resolve) => setTimeout(resolve, lookMs));
    return goal();
  }

  #look(): void {
    if (this.#drawn === this.#screen) return;
    this.#drawn = this.#screen;
    this.onScreen?.(this.#screen);
  }

  async #ensurePower(): Promise<void> {
    if (this.station.isOn) return;
    this.#screen = "";
    this.#dark = false;
    await this.station.powerOn();
    if (!this.station.isOn) throw new Dark();
  }

  #maybeDark(): void {
    if (this.#cut === 0 || this.#chance.next() >= this.#cut) return;
    this.#goDark();
    throw new Dark();
  }

  #goDark(): void {
    if (this.#dark) return;
    this.#dark = true;
    this.cuts++;
    this.station.powerOff();
  }

  #perhapsCut(chip: NorChip, operation: NorOperation): void {
    if (operation.kind === "read" || this.#chance.next() >= this.#cut) return;
    // before, in the middle of, or after the operation
    if (this.#chance.below(2) === 0) chip.tear(operation, () => this.#chance.next());
    this.#goDark();
    throw new PowerCut("power cut");
  }
}
