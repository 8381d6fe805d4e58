// One terminal's session: who stands in front of it and what they are in the middle of. The table says what may happen when; the
// actions here do it. Everything a voter did lives in one object that is dropped, and its choices overwritten, when they leave.

import { equalBytes } from "../bytes.js";
import type { CardAccess, CardTrouble, PinAnswer, PresentedCard } from "../access/present.js";
import type { Card, CardReader } from "../access/reader.js";
import type { Cast, CastFault } from "../cast/cast.js";
import type { PaperState, PrinterFault, SlipPrinter } from "../cast/printer.js";
import { PackageFault } from "../election/package.js";
import type { ElectionPackage } from "../election/types.js";
import type { EventName as JournalEvent } from "../journal/events.js";
import type { Journal } from "../journal/journal.js";
import type { MessageCode } from "../messages.js";
import type { Timer, TimerHandle } from "../platform.js";
import { type Result, assert } from "../result.js";
import type { Day } from "../service/day.js";
import type { ActFault } from "../service/steps.js";
import type { Vault } from "../vault/vault.js";
import { journalMessage, printerFaults, vaultMessage } from "../service/fault-message.js";
import { Marking } from "./marking.js";
import { Officials, type Visited } from "./officials.js";
import { type Action, type EventName, type StateName, table } from "./table.js";
import type { Intent, Screen, StationStatus, View } from "./view.js";
import { type Settings, settingsAtRest } from "../settings.js";

const second = 1_000;
/** How long "cast" or "NOT cast" stays when no card is there to be taken away. */
const farewellSeconds = 8;
/** How long the display stays as somebody without a card has made it. */
const restSeconds = 60;
const officialIdleSeconds = 30 * 60;

export interface SessionOptions {
  readonly pack: ElectionPackage;
  readonly vault: Vault;
  readonly cast: Cast;
  readonly journal: Journal;
  readonly day: Day;
  readonly cards: CardAccess;
  readonly reader: CardReader;
  readonly printer: SlipPrinter;
  readonly screen: Screen;
  readonly timer: Timer;
  /** What the session does not know of the station: sync, power. */
  readonly status: () => Pick<StationStatus, "power" | "sync" | "media">;
  /** Told after every change of the poll state. */
  readonly onPolls: () => void;
  /** Told when a ballot was cast. */
  readonly onCast: () => void;
  /** Overwrites what a session has left in memory. */
  readonly wipeHeap: () => void;
  /** The name of each screen shown, for the developer. */
  readonly trace: (line: string) => void;
}

/** Everything of one voter. */
interface Voter {
  readonly token: Uint8Array;
  readonly marking: Marking;
  slipsRejected: number;
}

type VoterState = "voting" | "review" | "confirm" | "slip";

/** What an official's visit interrupts and returns to. */
type Interrupted = "idle" | "parked" | "fault";

export class Session {
  readonly #options: SessionOptions;
  #state: StateName = "starting";
  #settings: Settings = settingsAtRest;
  #card: Card | undefined;
  #voter: Voter | undefined;
  /** The card was read and is the voter's own. */
  #voterCard: Card | undefined;
  /** Where a parked session, an alert or a fault goes back to. */
  #returnTo: VoterState = "voting";
  #secondsLeft = 0;
  #message: MessageCode = "C-01";
  #paper: PaperState | undefined;
  #readerDown = false;
  #caseOpen = false;
  /** The case was opened and no official has looked since. */
  #tampered = false;
  #liftedWhilePrinting = false;
  /** After VOID is printed. */
  #afterVoid: "review" | "not-cast" | "idle" = "idle";
  #interrupted: Interrupted = "idle";
  readonly #officials: Officials;
  #timer: TimerHandle | undefined;
  /** Answers of an act that was left behind are dropped. */
  #turn = 0;
  #warned = 0;

  readonly #actions: Readonly<Record<Action, (event: Event) => void>> = {
    ignore: () => {},
    readCard: (event) => this.#readCard(event),
    readReturned: (event) => this.#readReturned(event),
    cardRead: (event) => this.#cardRead(event),
    cardUnreadable: (event) => this.#cardUnreadable(event),
    toRest: () => this.#toRest(),
    readingLifted: () => this.#readingLifted(),
    park: () => this.#park(),
    parkWhenPrinted: () => {
      this.#liftedWhilePrinting = true;
    },
    parkedTick: () => this.#parkedTick(),
    edit: (event) => this.#edit(event),
    next: () => this.#next(),
    back: () => this.#back(),
    jump: (event) => this.#jump(event),
    toConfirm: () => this.#enter("confirm"),
    cast: () => this.#cast(),
    changeSettings: (event) => this.#changeSettings(event),
    restSoon: () => this.#setTimer(restSeconds * second),
    stay: () => this.#watchInactivity(),
    alert: () => this.#alert(),
    alertTick: () => this.#alertTick(),
    stayAfterAlert: () => this.#enter(this.#returnTo),
    slipPrinted: () => this.#slipPrinted(),
    prepareFailed: (event) => this.#castFailed(event),
    slipTick: () => this.#slipTick(),
    rejectSlip: () => this.#rejectSlip(),
    slipFault: () => this.#slipFault(),
    takenBack: () => this.#takenBack(),
    takeBackFailed: (event) => this.#castFailed(event),
    finished: () => this.#finished(),
    finishFailed: (event) => this.#castFailed(event),
    deviceFault: () => this.#deviceFault(),
    deviceReady: () => this.#deviceReady(),
    readForOfficial: (event) => this.#readForOfficial(event),
    pinEdit: (event) => this.#officials.pinEdit(event.intent),
    pinEnter: () => this.#officials.pinEnter(),
    pinChecked: (event) => this.#officials.pinChecked(event.value as PinAnswer),
    pinUnreadable: () => this.#officials.leave("C-01"),
    leaveOfficial: () => this.#officials.leave(),
    officialAct: (event) => this.#officials.ask(event.intent),
    acted: () => this.#officials.acted(),
    actFailed: (event) => this.#officials.actFailed(event.value as ActFault),
  };

  constructor(options: SessionOptions) {
    this.#options = options;
    const { day, journal, timer } = options;
    this.#officials = new Officials({ visited: this.#visited(), day, journal, timer });
  }

  get state(): StateName {
    return this.#state;
  }

  /** A session that has not ended: the close waits for it. */
  get busy(): boolean {
    return this.#voter !== undefined || this.#options.cast.stage !== "none";
  }

  /** After the vault has settled what was under way: ends a slip that still hangs in the printer, then serves. */
  start(): void {
    const { printer, reader, cast } = this.#options;
    printer.listen((state) => this.#paperChanged(state));
    reader.start({
      onCard: (card) => {
        this.#card = card;
        this.#dispatch({ name: "card", card });
      },
      onRemoved: () => {
        this.#card = undefined;
        this.#voterCard = undefined;
        this.#dispatch({ name: "lifted" });
      },
      onFault: () => {
        this.#readerDown = true;
        this.#note("readerFault");
        this.#dispatch({ name: "device-fault" });
      },
      onReady: () => {
        if (this.#readerDown) this.#note("readerReady");
        this.#readerDown = false;
        this.#dispatch({ name: "device-ready" });
      },
    });
    this.#enter("starting");
    // whatever the printer still holds must not appear on a later slip
    this.#run("starting", printer.quiesce(), (quiet) => {
      this.#noteRecovered();
      if (!quiet.ok) return this.#stop(printerFaults[quiet.error].code, quiet.error);
      this.#run("starting", printer.status(), (status) => {
        if (status.ok) this.#paper = status.value;
        if (cast.stage === "none") return this.#toRest();
        this.#resumeCast();
      });
    });
  }

  /** An official act goes on. */
  stepsChanged(): void {
    this.guard(() => this.#officials.stepsChanged());
  }

  /** From the screen. */
  intent(intent: Intent): void {
    this.#dispatch(intentEvent(intent));
  }

  /** The case switch. Opened while the polls are open it stops the terminal until it is closed and an official has looked. */
  caseChanged(isOpen: boolean): void {
    this.#note(isOpen ? "caseOpened" : "caseClosed");
    this.#caseOpen = isOpen;
    if (isOpen && this.#options.day.poll === "open") this.#tampered = true;
    this.#dispatch({ name: isOpen ? "device-fault" : "device-ready" });
  }

  /** The terminal goes out of service with a message: a bug, or a store that contradicts itself. */
  outOfService(code: MessageCode): void {
    this.#message = code;
    this.#enter("out-of-service");
    this.#dropVoter();
  }

  #dispatch(event: Event): void {
    this.guard(() => this.#actions[table[this.#state][event.name]](event));
  }

  /**
   * Runs what the terminal does by itself or for a person. A package that went bad under it, or a bug, leaves the terminal out of service and says so; what
   * is on flash is settled at the next start.
   */
  guard(act: () => void): void {
    try {
      act();
    } catch (thrown) {
      const { trace } = this.#options;
      const faulty = thrown instanceof PackageFault;
      trace(faulty ? `package: ${thrown.message}` : `bug: ${thrown instanceof Error ? `${thrown.message} ${thrown.stack ?? ""}` : String(thrown)}`);
      if (this.#state !== "out-of-service") this.outOfService(faulty ? thrown.reason.code : "S-06");
    }
  }

  /** Enters a state: its timer replaces the one before, its view is shown. */
  #enter(state: StateName): void {
    this.#state = state;
    this.#turn++;
    this.#setTimer(undefined);
    switch (state) {
      case "voting":
      case "review":
      case "confirm":
        this.#watchInactivity();
        break;
      case "inactive":
      case "parked":
      case "slip":
        this.#setTimer(second);
        break;
      case "done":
      case "not-cast":
      case "refused":
        if (this.#card === undefined) this.#setTimer(farewellSeconds * second);
        break;
      case "official-pin":
      case "official-menu":
      case "official-second":
      case "official-service":
        this.#setTimer(officialIdleSeconds * second);
        break;
      case "official-result":
        this.#setTimer((this.#card === undefined ? farewellSeconds : officialIdleSeconds) * second);
        break;
    }
    const view = this.#view();
    this.#options.trace(view.screen === "message" ? `screen ${state} ${view.code}` : `screen ${state}`);
    this.#options.screen.show(view, this.#settings);
  }

  #setTimer(delayMs: number | undefined): void {
    if (this.#timer !== undefined) this.#options.timer.clear(this.#timer);
    this.#timer = undefined;
    if (delayMs === undefined) return;
    this.#timer = this.#options.timer.set(() => {
      this.#timer = undefined;
      this.#dispatch({ name: "timer" });
    }, delayMs);
  }

  #watchInactivity(): void {
    this.#setTimer(this.#options.pack.election.policy.inactivity_s * second);
  }

  /** Waits for `work` in `state`; an answer that comes when the state has been left is dropped. */
  #run<T>(state: StateName, work: Promise<T>, then: (value: T) => void): void {
    const turn = this.#turn;
    work.then(
      (value) => {
        if (this.#turn === turn && this.#state === state) this.guard(() => then(value));
      },
      (thrown: unknown) => this.guard(() => {
        throw thrown;
      }),
    );
  }

  #runResult<T, E>(state: StateName, work: Promise<Result<T, E>>): void {
    this.#run(state, work, (result) => this.#dispatch(result.ok ? { name: "finished", value: result.value } : { name: "failed", value: result.error }));
  }

  #note(event: JournalEvent, detail?: number): void {
    const written = this.#options.journal.append(event, detail);
    if (!written.ok && this.#state !== "out-of-service") this.outOfService(journalMessage(written.error));
  }

  // --- rest ---

  #toRest(): void {
    // in a turn of its own, when nothing of the session's last turn is on the stack any more
    this.#options.timer.set(() => this.#options.wipeHeap(), 0);
    this.#dropVoter();
    this.#officials.forget();
    this.#settings = settingsAtRest;
    if (this.#blockingFault() !== undefined) {
      this.#returnTo = "voting";
      this.#deviceFault();
      return;
    }
    this.#enter("idle");
    if (this.#card !== undefined) this.#dispatch({ name: "card", card: this.#card });
  }

  #dropVoter(): void {
    this.#voter?.marking.wipe();
    this.#voter?.token.fill(0);
    this.#voter = undefined;
    this.#voterCard = undefined;
  }

  #refuse(code: MessageCode, detail?: number): void {
    this.#message = code;
    if (detail !== undefined) this.#note("cardRefused", detail);
    this.#enter("refused");
  }

  // --- cards ---

  #readCard(event: Event): void {
    const card = event.card ?? this.#card;
    if (card === undefined) return;
    this.#interrupted = "idle";
    this.#read(card);
  }

  #read(card: Card): void {
    const { cards } = this.#options;
    this.#enter("reading");
    this.#runResult("reading", this.#identifyAndLock(cards, card));
  }

  async #identifyAndLock(cards: CardAccess, card: Card): Promise<Result<Identified, CardTrouble>> {
    const identified = await cards.identify(card);
    if (!identified.ok) return identified;
    const presented = identified.value;
    const isRight = presented.kind === "granted" || presented.kind === "locked-here";
    // a right is locked only when the voter can go on here; a parked session's card is locked here already
    const wanted = isRight && (presented.kind === "locked-here" || (this.#voter === undefined && this.#mayActivate() === undefined));
    if (!wanted) return { ok: true, value: { presented, token: undefined } };
    if (this.#voter === undefined) {
      // a printer that was unplugged says nothing by itself: it is asked before a voter is activated
      const paper = await this.#options.printer.status();
      this.#paper = paper.ok ? paper.value : { paper: "out", fault: paper.error };
      if (this.#blockingFault() !== undefined) return { ok: true, value: { presented, token: undefined } };
    }
    const locked = await cards.lock(card);
    return locked.ok ? { ok: true, value: { presented, token: locked.value } } : locked;
  }

  /** Why no voter can be activated now. */
  #mayActivate(): MessageCode | undefined {
    if (this.#options.day.poll !== "open") return "V-03";
    return this.#options.vault.hasRoom() ? undefined : "V-04";
  }

  #cardRead(event: Event): void {
    const { presented, token } = event.value as Identified;
    if (presented.kind === "official") return this.#officials.greet(presented);
    if (this.#interrupted === "parked") return this.#cardAtParked(token);
    if (this.#interrupted === "fault") return this.#enter("fault");
    switch (presented.kind) {
      case "foreign":
        return this.#refuse("C-02", 5);
      case "other-election":
        return this.#refuse("C-02", 3);
      case "empty":
        return this.#refuse("C-04", 2);
      case "spent":
        return this.#refuse("C-03", 1);
      case "locked-elsewhere":
        return this.#refuse("C-05", 4);
      case "granted":
      case "locked-here": {
        const obstacle = this.#mayActivate();
        if (obstacle === undefined && this.#blockingFault() !== undefined) return this.#deviceFault();
        if (obstacle !== undefined) return this.#refuse(obstacle, obstacle === "V-04" ? 6 : undefined);
        const style = this.#options.pack.election.styles.find((each) => each.id === presented.style);
        if (style === undefined) return this.#refuse("C-02", 3);
        assert(token !== undefined, "a card that may vote here was locked");
        if (this.#options.vault.isSpent(token)) return this.#spentCard(token);
        const { pack } = this.#options;
        this.#voter = { token, marking: new Marking({ pack, style }), slipsRejected: 0 };
        this.#voterCard = this.#card;
        return this.#enter("voting");
      }
    }
  }

  /** The power went between the commit and telling the card: the spent set knows, the card does not yet. */
  #spentCard(token: Uint8Array): void {
    const card = this.#card;
    if (card !== undefined) void this.#options.cards.spend(card, token);
    this.#refuse("C-03", 1);
  }

  /** The card was lifted while it was being read. */
  #readingLifted(): void {
    this.#returnFromInterruption("C-01");
  }

  #cardUnreadable(event: Event): void {
    if ((event.value as CardTrouble) === "removed") return;
    this.#returnFromInterruption("C-01");
  }

  #readReturned(event: Event): void {
    if (event.card === undefined) return;
    this.#interrupted = "parked";
    this.#read(event.card);
  }

  #cardAtParked(token: Uint8Array | undefined): void {
    if (token === undefined || !equalBytes(token, this.#own().token)) {
      this.#enter("parked");
      return;
    }
    this.#voterCard = this.#card;
    this.#note("resumedSession");
    this.#secondsLeft = this.#options.pack.election.policy.slip_s;
    this.#enter(this.#returnTo);
  }

  #park(): void {
    if (this.#state === "voting" || this.#state === "review" || this.#state === "confirm" || this.#state === "slip") this.#returnTo = this.#state;
    this.#note("parked");
    this.#secondsLeft = this.#options.pack.election.policy.parked_s;
    this.#enter("parked");
  }

  #parkedTick(): void {
    this.#secondsLeft--;
    if (this.#secondsLeft > 0) return this.#tickAgain();
    this.#note("notCast", 2);
    this.#message = "V-02";
    this.#endWithoutVote();
  }

  #endSession(): void {
    this.#interrupted = "idle";
    this.#note("notCast", 3);
    this.#message = "V-02";
    this.#endWithoutVote();
  }

  /** NOT cast: a slip that hangs in the printer gets VOID first. */
  #endWithoutVote(): void {
    if (this.#options.cast.stage === "none") {
      this.#dropVoter();
      return this.#enter("not-cast");
    }
    this.#afterVoid = "not-cast";
    this.#takeBack();
  }

  #tickAgain(): void {
    this.#setTimer(second);
    this.#show();
  }

  // --- marking the ballot ---

  #own(): Voter {
    assert(this.#voter !== undefined, "a voter's state has a voter");
    return this.#voter;
  }

  #edit(event: Event): void {
    if (event.intent === undefined) return;
    this.#own().marking.edit(event.intent);
    this.#watchInactivity();
    this.#show();
  }

  #next(): void {
    switch (this.#own().marking.next()) {
      case "edited":
        this.#watchInactivity();
        return this.#show();
      case "contest":
        return this.#enter("voting");
      case "review":
        return this.#enter("review");
    }
  }

  #back(): void {
    const { marking } = this.#own();
    if (this.#state === "confirm") return this.#enter("review");
    if (this.#state === "review") {
      marking.toLastContest();
      return this.#enter("voting");
    }
    if (marking.back()) return this.#enter("voting");
    this.#watchInactivity();
  }

  #jump(event: Event): void {
    if (event.intent?.do === "jump" && this.#own().marking.jump(event.intent.contest)) this.#enter("voting");
  }

  #changeSettings(event: Event): void {
    if (event.intent?.do === "settings") this.#settings = event.intent.settings;
    if (this.#voter !== undefined && this.#state !== "fault") this.#watchInactivity();
    else if (this.#state === "idle") this.#setTimer(restSeconds * second);
    this.#show();
  }

  // --- time ---

  #alert(): void {
    if (this.#state === "voting" || this.#state === "review" || this.#state === "confirm") this.#returnTo = this.#state;
    this.#secondsLeft = this.#options.pack.election.policy.alert_s;
    this.#enter("inactive");
  }

  #alertTick(): void {
    this.#secondsLeft--;
    if (this.#secondsLeft > 0) return this.#tickAgain();
    this.#note("notCast", 1);
    this.#message = "V-01";
    this.#endWithoutVote();
  }

  // --- the cast ---

  #cast(): void {
    const voter = this.#own();
    const { cast } = this.#options;
    this.#returnTo = "review";
    this.#liftedWhilePrinting = false;
    this.#enter("preparing");
    this.#runResult("preparing", cast.prepare(voter.token, voter.marking.ballot));
  }

  #slipPrinted(): void {
    this.#returnTo = "slip";
    this.#secondsLeft = this.#options.pack.election.policy.slip_s;
    if (this.#liftedWhilePrinting || this.#card === undefined) return this.#park();
    this.#enter("slip");
  }

  #slipTick(): void {
    this.#secondsLeft--;
    if (this.#secondsLeft > 0) return this.#tickAgain();
    // the one condition of the decision: the card that was locked lies there still
    if (this.#voterCard === undefined || this.#voterCard !== this.#card) return this.#park();
    const { cast } = this.#options;
    const committed = cast.commit();
    if (!committed.ok) return this.#castFailed({ name: "failed", value: committed.error });
    void this.#options.cards.spend(this.#voterCard, this.#own().token.slice());
    this.#options.onCast();
    this.#finish();
  }

  #finish(): void {
    this.#enter("finishing");
    this.#runResult("finishing", this.#options.cast.finish());
  }

  #finished(): void {
    this.#warnOfCapacity();
    this.#dropVoter();
    this.#enter("done");
  }

  #rejectSlip(): void {
    const voter = this.#own();
    if (!this.#mayReject(voter)) return;
    voter.slipsRejected++;
    this.#note("slipRejected");
    this.#afterVoid = "review";
    this.#takeBack();
  }

  #mayReject(voter: Voter): boolean {
    return voter.slipsRejected < this.#options.pack.election.policy.slipAttempts;
  }

  /** The printer fails under a slip that waits for its decision: it is taken back, and the vote is offered again when it is mended. */
  #slipFault(): void {
    if (this.#blockingFault() === undefined) return;
    this.#afterVoid = "review";
    this.#takeBack();
  }

  #takeBack(): void {
    this.#enter("voiding");
    this.#runResult("voiding", this.#options.cast.takeBack());
  }

  #takenBack(): void {
    this.#note("slipVoided");
    switch (this.#afterVoid) {
      case "idle":
        return this.#toRest();
      case "not-cast":
        this.#dropVoter();
        return this.#enter("not-cast");
      case "review":
        this.#returnTo = "review";
        if (this.#blockingFault() !== undefined) return this.#deviceFault();
        if (this.#voterCard === undefined || this.#voterCard !== this.#card) return this.#park();
        return this.#enter("review");
    }
  }

  /** A printer's fault stops until an official has seen to it; a fault of the store until the power is switched. */
  #castFailed(event: Event): void {
    const fault = event.value as CastFault;
    if (fault.kind === "vault") {
      if (fault.fault.kind === "medium") this.#note("mediumFault", fault.fault.medium === "a" ? 1 : 2);
      return this.#stop(vaultMessage(fault.fault), undefined);
    }
    const { cast } = this.#options;
    if (cast.stage === "prepared") this.#afterVoid = "review";
    this.#message = cast.stage === "committed" ? "P-09" : printerFaults[fault.fault].code;
    this.#note("printerFault", printerFaults[fault.fault].detail);
    this.#enter("fault");
  }

  /** After a restart, or when an official has seen to the printer: ends the slip that hangs there. */
  #resumeCast(): void {
    if (this.#options.cast.stage === "committed") return this.#finish();
    this.#takeBack();
  }

  #noteRecovered(): void {
    const { stage } = this.#options.cast;
    if (stage === "none") return;
    this.#afterVoid = "idle";
    this.#note("recovered", stage === "committed" ? 1 : 0);
  }

  #warnOfCapacity(): void {
    const { ballots, capacity } = this.#options.vault.counts;
    for (const per of [95, 80]) {
      if (ballots * 100 >= capacity * per && this.#warned < per) {
        this.#warned = per;
        this.#note("nearlyFull", per);
        return;
      }
    }
  }

  // --- devices ---

  #paperChanged(state: PaperState): void {
    const before = this.#paper;
    this.#paper = state;
    if (state.fault !== undefined && before?.fault !== state.fault) {
      // the act that is under way says so itself
      if (table[this.#state]["device-fault"] === "deviceFault") this.#note("printerFault", printerFaults[state.fault].detail);
      this.#dispatch({ name: "device-fault" });
    }
    if (state.fault === undefined && before?.fault !== undefined) {
      this.#note("printerReady");
      this.#dispatch({ name: "device-ready" });
    }
  }

  #blockingFault(): MessageCode | undefined {
    if (this.#readerDown) return "R-01";
    if (this.#tampered) return "T-01";
    if (this.#voter === undefined && this.#options.day.poll === "open" && this.#options.vault.hasTooManyVoids()) return "V-06";
    return this.#paper?.fault === undefined ? undefined : printerFaults[this.#paper.fault].code;
  }

  #deviceFault(): void {
    const code = this.#blockingFault();
    if (code === undefined) return;
    // a parked session whose slip hangs in the printer: VOID comes first when it is mended
    if (this.#options.cast.stage === "prepared") this.#afterVoid = "review";
    if (this.#state === "voting" || this.#state === "review" || this.#state === "confirm") this.#returnTo = this.#state;
    this.#message = code;
    this.#enter("fault");
  }

  /** With no voter waiting, a device that works again is enough. */
  #deviceReady(): void {
    if (this.#voter === undefined && this.#options.cast.stage === "none" && this.#blockingFault() === undefined) this.#toRest();
    // a reader that fails takes the card out of the field; nobody can show a card to it, so its return is enough
    else if (this.#message === "R-01" && this.#blockingFault() === undefined) this.#clearFault();
  }

  #stop(code: MessageCode, fault: PrinterFault | undefined): void {
    if (fault !== undefined) {
      this.#note("printerFault", printerFaults[fault].detail);
      this.#message = code;
      return this.#enter("fault");
    }
    this.#note("stopped");
    this.outOfService(code);
  }

  /** An official has seen to it: the devices are asked, and whatever was interrupted goes on. */
  #clearFault(): void {
    const { printer, cast } = this.#options;
    this.#enter("official-acting");
    this.#run("official-acting", printer.quiesce(), (quiet) => {
      this.#run("official-acting", printer.status(), (status) => {
        if (status.ok) this.#paper = status.value;
        this.#tampered = this.#caseOpen && this.#options.day.poll === "open";
        if (this.#options.vault.hasTooManyVoids()) this.#options.vault.allowVoids();
        const still = !quiet.ok ? printerFaults[quiet.error].code : !status.ok ? printerFaults[status.error].code : this.#blockingFault();
        if (still !== undefined) {
          this.#message = cast.stage === "committed" ? "P-09" : still;
          return this.#enter("fault");
        }
        this.#note("faultCleared");
        if (cast.stage !== "none") return this.#resumeCast();
        if (this.#voter === undefined) return this.#toRest();
        if (this.#voterCard !== undefined && this.#voterCard === this.#card) return this.#enter(this.#returnTo);
        this.#secondsLeft = this.#options.pack.election.policy.parked_s;
        this.#enter("parked");
      });
    });
  }

  // --- officials ---

  #readForOfficial(event: Event): void {
    if (event.card === undefined) return;
    if (this.#state === "fault") this.#interrupted = "fault";
    const { cards } = this.#options;
    const state = this.#state;
    this.#run(state, cards.identify(event.card), (identified) => {
      if (!identified.ok) return;
      if (identified.value.kind === "official") return this.#officials.greet(identified.value);
      // the voter's own card, put back before the official came
      if (state === "fault" && identified.value.kind === "locked-here") this.#recognise(event.card!);
    });
  }

  #recognise(card: Card): void {
    const voter = this.#voter;
    if (voter === undefined) return;
    this.#run(this.#state, this.#options.cards.lock(card), (locked) => {
      if (locked.ok && equalBytes(locked.value, voter.token)) this.#voterCard = card;
    });
  }

  #visited(): Visited {
    const session = this;
    return {
      get state() {
        return session.#state;
      },
      get cardPresent() {
        return session.#card !== undefined;
      },
      get interrupted() {
        return session.#interrupted;
      },
      get status() {
        return session.#status();
      },
      get facts() {
        const { pack, vault, journal } = session.#options;
        return { station: pack.election.station, voids: vault.counts.voids, journalRoom: journal.room };
      },
      enter: (state) => this.#enter(state),
      show: () => this.#show(),
      runResult: (state, work) => this.#runResult(state, work),
      note: (event, detail) => this.#note(event, detail),
      stop: (code) => this.#stop(code, undefined),
      clearFault: () => this.#clearFault(),
      endSession: () => this.#endSession(),
      pollsChanged: () => this.#options.onPolls(),
      resume: (message) => this.#returnFromInterruption(message),
      refuse: (message) => this.#refuse(message),
    };
  }

  #returnFromInterruption(message: MessageCode): void {
    switch (this.#interrupted) {
      case "idle":
        return this.#card === undefined ? this.#toRest() : this.#refuse(message);
      case "parked":
        return this.#enter("parked");
      case "fault":
        return this.#enter("fault");
    }
  }

  // --- views ---

  #show(): void {
    this.#options.screen.show(this.#view(), this.#settings);
  }

  #view(): View {
    const voter = this.#voter;
    switch (this.#state) {
      case "starting":
        return { screen: "starting" };
      case "reading":
      case "official-checking":
        return { screen: "reading" };
      case "out-of-service":
        return { screen: "message", code: this.#message, awaits: "nothing" };
      case "idle":
        return { screen: "idle", poll: this.#options.day.poll, warning: this.#warned > 0 ? "V-05" : undefined };
      case "refused":
        return { screen: "message", code: this.#message, awaits: "card-removal" };
      case "voting":
        return this.#own().marking.view;
      case "review":
        return { screen: "review", items: this.#own().marking.review };
      case "confirm":
        return { screen: "confirm", marks: this.#own().marking.marks };
      case "inactive":
        return { screen: "inactive", secondsLeft: this.#secondsLeft };
      case "parked":
        return { screen: "parked", secondsLeft: this.#secondsLeft };
      case "preparing":
      case "voiding":
        return { screen: "printing" };
      case "slip":
        return {
          screen: "slip", marks: this.#own().marking.marks, secondsLeft: this.#secondsLeft,
          mayReject: voter !== undefined && this.#mayReject(voter),
        };
      case "finishing":
        return { screen: "finishing" };
      case "done":
        return { screen: "done" };
      case "not-cast":
        return { screen: "message", code: this.#message, awaits: this.#card === undefined ? "nothing" : "card-removal" };
      case "fault":
        return { screen: "message", code: this.#message, awaits: "official" };
      case "official-pin":
      case "official-menu":
      case "official-second":
      case "official-acting":
      case "official-result":
      case "official-service":
        return this.#officials.view(this.#state);
    }
  }

  #status(): StationStatus {
    const { vault, day, pack, status } = this.#options;
    const { ballots, capacity } = vault.counts;
    const { k } = pack.election.policy;
    const exact = day.poll === "closed" || day.poll === "before-opening";
    return { ballots: exact ? ballots : ballots - (ballots % k), capacity, paper: this.#paper?.paper ?? "unknown", ...status() };
  }
}

interface Event {
  readonly name: EventName;
  readonly card?: Card;
  readonly intent?: Intent;
  readonly value?: unknown;
}

interface Identified {
  readonly presented: PresentedCard;
  readonly token: Uint8Array | undefined;
}

const edits: ReadonlySet<Intent["do"]> = new Set<Intent["do"]>(["toggle", "mode", "digit", "correct", "blank", "enter"]);

function intentEvent(intent: Intent): Event {
  if (edits.has(intent.do)) return { name: "edit", intent };
  switch (intent.do) {
    case "next":
    case "back":
    case "jump":
    case "confirm":
    case "reject":
    case "settings":
    case "here":
      return { name: intent.do, intent };
    case "official":
      return { name: "act", intent };
    default:
      return { name: "here", intent };
  }
}
