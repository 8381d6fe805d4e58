// A session on a real vault, journal, cast and polls, all in this process and under a virtual clock. What a voter or an
// official could touch is a table here: the card on the reader, the printer, the screen.

import type { LogState } from "../../firmware/device/log.js";
import type { OfficialRole } from "../../firmware/election/types.js";
import type { CardAccess, CardTrouble, PinAnswer, PresentedCard } from "../../firmware/access/present.js";
import type { Card, CardReader, CardReaderHandlers } from "../../firmware/access/reader.js";
import { Cast } from "../../firmware/cast/cast.js";
import type { PaperState, PrinterFault, Raster, SlipPrinter } from "../../firmware/cast/printer.js";
import type { ElectionPackage, OptionIndex, StyleId } from "../../firmware/election/types.js";
import type { EventName } from "../../firmware/journal/events.js";
import { type Result, err, ok } from "../../firmware/result.js";
import { type DayOptions, Day } from "../../firmware/service/day.js";
import { Polls } from "../../firmware/service/polls.js";
import { Steps } from "../../firmware/service/steps.js";
import { Session } from "../../firmware/session/session.js";
import type { Intent, OfficialAct, View } from "../../firmware/session/view.js";
import { VirtualClock } from "../../sim/clock.js";
import { terminalTime } from "../../sim/terminal-time.js";
import { runFor } from "./serial-pair.js";
import { Store } from "./store.js";

const goodPaper: PaperState = { paper: "ok", fault: undefined };

/** What lies on the reader, and what it answers. */
export interface TableCard {
  presented: PresentedCard | CardTrouble;
  token: Uint8Array;
  /** How often it was spent. */
  spent: number;
}

/** Prints at once, unless it is told otherwise. */
export class TablePrinter implements SlipPrinter {
  /** "body", "valid", "void", "cut", in the order done. */
  readonly done: string[] = [];
  state: PaperState = goodPaper;
  /** What the next print, cut, or question is answered with. */
  fault: PrinterFault | undefined;
  /** What alone is answered so: "body", "valid", "void" or "cut". */
  faultAt: string | undefined;
  /** While it is set, a print is not answered. */
  holds = false;
  #listener: ((state: PaperState) => void) | undefined;
  #waiting: (() => void)[] = [];

  listen(onStatus: (state: PaperState) => void): void {
    this.#listener = onStatus;
  }

  /** It says so by itself. */
  says(state: PaperState): void {
    this.state = state;
    this.#listener?.(state);
  }

  release(): void {
    this.holds = false;
    for (const go of this.#waiting.splice(0)) go();
  }

  quiesce(): Promise<Result<void, PrinterFault>> {
    return Promise.resolve(ok());
  }

  status(): Promise<Result<PaperState, PrinterFault>> {
    return Promise.resolve(this.fault === undefined ? ok(this.state) : err(this.fault));
  }

  async print(raster: Raster): Promise<Result<void, PrinterFault>> {
    if (this.holds) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return this.#did((raster as Raster & { readonly name: string }).name);
  }

  cut(): Promise<Result<void, PrinterFault>> {
    return Promise.resolve(this.#did("cut"));
  }

  close(): void {}

  #did(what: string): Result<void, PrinterFault> {
    if (this.fault !== undefined && (this.faultAt ?? what) === what) return err(this.fault);
    this.done.push(what);
    return ok();
  }
}

function raster(name: string): Raster {
  return { name, width: 576, height: 1, span: () => ({ rows: 1, left: 0, right: 0 }), draw: () => {} } as Raster;
}

/** Contest 1 of the store's election: nine options with the codes 1 to 9. */
export function packOf(store: Store): ElectionPackage {
  const not = (): never => {
    throw new Error("not asked for");
  };
  return {
    election: { ...store.election, collectorKey: new Uint8Array(32) },
    verify: () => ok(),
    option: (_, index) => ({ code: index + 1, list: undefined }) as ReturnType<ElectionPackage["option"]>,
    findCode: (_, code) => (code >= 1 && code <= 9 ? ((code - 1) as OptionIndex) : undefined),
    search: () => [],
    text: not,
    photo: not,
    glyphs: not,
    names: not,
  };
}

export interface SessionBenchOptions {
  readonly seed: string;
  readonly capacity?: number;
  /** Of an earlier bench: its media, as a restart finds them. */
  readonly store?: Store;
  readonly open?: boolean;
  readonly day?: Partial<DayOptions>;
  readonly deviceLog?: LogState;
}

export class SessionBench {
  readonly clock = new VirtualClock();
  readonly store: Store;
  readonly vault;
  readonly journal;
  readonly cast: Cast;
  readonly polls: Polls;
  readonly day: Day;
  readonly session: Session;
  readonly printer = new TablePrinter();
  readonly traces: string[] = [];
  readonly events: [EventName, number | undefined][] = [];
  readonly told: string[] = [];
  view: View = { screen: "starting" };
  #card: { readonly handle: Card; readonly what: TableCard } | undefined;
  #handlers: CardReaderHandlers | undefined;
  #closed = false;

  constructor(options: SessionBenchOptions) {
    this.store = options.store ?? new Store(options.seed, options.capacity);
    const { store } = this;
    const opened = store.open();
    if (!opened.ok) throw new Error(opened.error.kind);
    const journal = store.journal(opened.value);
    if (!journal.ok) throw new Error(journal.error.kind);
    this.vault = opened.value.vault;
    this.journal = journal.value;
    const append = this.journal.append.bind(this.journal);
    this.journal.append = (event, detail) => {
      this.events.push([event, detail]);
      return append(event, detail);
    };
    const { vault, printer } = this;
    const pack = packOf(store);
    const { clock, timer } = terminalTime(this.clock);
    this.cast = new Cast({
      crypto: store.crypto,
      pack,
      vault,
      printer,
      pending: opened.value.pending,
      slips: { body: () => raster("body"), mark: (kind) => raster(kind) },
    });
    this.polls = new Polls({ journal: this.journal, vault });
    const steps = new Steps({ onChange: () => this.session.stepsChanged() });
    const not = {
      begin: () => Promise.resolve(ok()),
      complete: () => Promise.resolve(ok()),
      forget: () => {},
      waitsFor: undefined,
      hasShareOf: () => false,
    };
    this.day = new Day({
      polls: this.polls,
      steps,
      journal: this.journal,
      crypto: store.crypto,
      clock,
      released: false,
      receipt: () => undefined,
      opening: { prepare: () => Promise.resolve(ok()) } as unknown as DayOptions["opening"],
      counting: not as unknown as DayOptions["counting"],
      reports: { print: () => Promise.resolve(ok()) } as unknown as DayOptions["reports"],
      results: { stored: undefined } as unknown as DayOptions["results"],
      ...options.day,
    });
    if (options.open !== false && this.polls.state === "before-opening") this.polls.perform("open");
    this.session = new Session({
      pack,
      vault,
      cast: this.cast,
      journal: this.journal,
      day: this.day,
      cards: this.#cards(),
      reader: this.#reader(),
      printer,
      timer,
      deviceLog: options.deviceLog ?? "whole",
      screen: { show: (view) => (this.view = view) },
      status: () => ({ power: "mains", sync: "offline", media: "both" }),
      onPolls: () => this.told.push("polls"),
      onCast: () => this.told.push("cast"),
      wipeHeap: () => this.told.push("wiped"),
      trace: (line) => this.traces.push(line),
    });
  }

  static async started(options: SessionBenchOptions): Promise<SessionBench> {
    const bench = new SessionBench(options);
    bench.session.start();
    await bench.wait(10);
    return bench;
  }

  get state(): string {
    return this.session.state;
  }

  /** How often the journal was given an event; with a detail, only with that. */
  noted(event: EventName, ...detail: readonly number[]): number {
    return this.events.filter(([name, own]) => name === event && (detail.length === 0 || own === detail[0])).length;
  }

  /** Milliseconds pass. */
  wait(ms: number): Promise<void> {
    return runFor(this.clock, ms);
  }

  // --- cards ---

  /** A card with a right, as the desk gives it. */
  granted(seed: number): TableCard {
    const token = new Uint8Array(16).fill(seed);
    return { presented: { kind: "granted", style: 1 as StyleId, token }, token, spent: 0 };
  }

  official(role: OfficialRole, answers: PinAnswer = "ok"): TableCard {
    return {
      presented: {
        kind: "official",
        role,
        authenticate: () => Promise.resolve(ok(answers)),
        boxKey: new Uint8Array(32),
        openShare: () => Promise.resolve(ok(new Uint8Array(0))),
      },
      token: new Uint8Array(16),
      spent: 0,
    };
  }

  async put(what: TableCard): Promise<void> {
    const handle: Card = { transmit: () => Promise.resolve(err("silent")) };
    this.#card = { handle, what };
    this.#handlers?.onCard(handle);
    await this.wait(1);
  }

  async lift(): Promise<void> {
    this.#card = undefined;
    this.#handlers?.onRemoved();
    await this.wait(1);
  }

  async readerFails(): Promise<void> {
    if (this.#card !== undefined) await this.lift();
    this.#handlers?.onFault("no-answer");
    await this.wait(1);
  }

  async readerWorks(): Promise<void> {
    this.#handlers?.onReady();
    await this.wait(1);
  }

  // --- people ---

  async press(...intents: readonly Intent[]): Promise<void> {
    for (const intent of intents) {
      this.session.intent(intent);
      await this.wait(1);
    }
  }

  /** Chooses this code, and goes on to where the second green press casts it. */
  async mark(code: number): Promise<void> {
    await this.press({ do: "digit", digit: code }, { do: "enter" }, { do: "next" }, { do: "confirm" });
  }

  /** Card, choice, and the slip. */
  async toSlip(card: TableCard, code = 1): Promise<void> {
    await this.put(card);
    await this.mark(code);
    await this.press({ do: "confirm" });
  }

  /** A whole vote; the card is taken away. */
  async vote(card: TableCard, code = 1): Promise<void> {
    await this.toSlip(card, code);
    await this.wait(8_000);
    await this.lift();
  }

  /** Card and PIN. */
  async logIn(role: OfficialRole, answers: PinAnswer = "ok"): Promise<void> {
    await this.put(this.official(role, answers));
    await this.press(...[1, 2, 3, 4].map((digit): Intent => ({ do: "digit", digit })), { do: "confirm" });
  }

  /** Two officials, one after the other; the second one's card is taken away again. */
  async act(act: OfficialAct): Promise<void> {
    await this.logIn("executive");
    await this.press({ do: "official", act });
    await this.lift();
    await this.logIn("supervision");
    await this.lift();
  }

  // --- the parts on the table ---

  #cards(): CardAccess {
    const on = (handle: Card): Result<TableCard, CardTrouble> => {
      if (this.#card?.handle !== handle) return err("removed");
      const { what } = this.#card;
      return typeof what.presented === "string" ? err(what.presented) : ok(what);
    };
    return {
      identify: (handle) => {
        const card = on(handle);
        if (!card.ok) return Promise.resolve(card);
        const presented = card.value.presented as PresentedCard;
        // the session wipes the token of a voter who has left
        return Promise.resolve(
          ok("token" in presented ? { ...presented, token: card.value.token.slice() } : presented),
        );
      },
      lock: (handle) => {
        const card = on(handle);
        if (!card.ok) return Promise.resolve(card);
        card.value.presented = { kind: "locked-here", style: 1 as StyleId, token: card.value.token };
        return Promise.resolve(ok());
      },
      spend: (handle) => {
        const card = on(handle);
        if (!card.ok) return Promise.resolve(card);
        card.value.spent++;
        card.value.presented = { kind: "spent" };
        return Promise.resolve(ok());
      },
      forget: () => {},
    };
  }

  #reader(): CardReader {
    return {
      start: (handlers) => {
        this.#handlers = handlers;
      },
      close: () => {
        this.#closed = true;
        this.#handlers = undefined;
      },
    };
  }

  get readerClosed(): boolean {
    return this.#closed;
  }
}
