// One terminal's session: who stands in front of it and what they are in the middle of. The table says what may happen
// when; the actions are wired here to the parts that do them, which share one state machine, one booth and one
// countdown.

import type { CardAccess, CardTrouble, PinAnswer } from "../access/present.js";
import type { CardReader } from "../access/reader.js";
import type { Cast, CastFault } from "../cast/cast.js";
import type { PrinterFault, SlipPrinter } from "../cast/printer.js";
import type { LogState } from "../device/log.js";
import { PackageFault } from "../election/error.js";
import type { ElectionPackage } from "../election/types.js";
import type { EventName as JournalEvent } from "../journal/events.js";
import type { Journal } from "../journal/journal.js";
import type { MessageCode } from "../messages.js";
import type { Timer } from "../platform.js";
import type { Day } from "../service/day.js";
import { journalMessage, printerFaults } from "../service/fault-message.js";
import type { ActFault } from "../service/steps.js";
import { type Settings, settingsAtRest } from "../settings.js";
import type { Vault } from "../vault/vault.js";
import { Absence } from "./absence.js";
import { Admission, type ReadCard } from "./admission.js";
import { Booth } from "./booth.js";
import { Casting, type CastingSession } from "./casting.js";
import { Countdown } from "./countdown.js";
import { type Event, intentEvent } from "./event.js";
import { Faults } from "./faults.js";
import { StateMachine } from "./machine.js";
import { Officials, type Visited } from "./officials.js";
import { Reading } from "./reading.js";
import type { Action, StateName } from "./table.js";
import type { Intent, Screen, StationStatus, View } from "./view.js";
import { Voting } from "./voting.js";

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
  /** At the start. */
  readonly deviceLog: LogState;
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

export class Session {
  readonly #options: SessionOptions;
  readonly #machine: StateMachine;
  readonly #booth = new Booth();
  readonly #countdown: Countdown;
  readonly #faults: Faults;
  readonly #reading: Reading;
  readonly #voting: Voting;
  readonly #absence: Absence;
  readonly #casting: Casting;
  readonly #officials: Officials;
  #settings: Settings = settingsAtRest;
  #message: MessageCode = "C-01";
  #warned = 0;

  readonly #actions: Readonly<Record<Action, (event: Event) => void>> = {
    ignore: () => {},
    readCard: (event) => this.#reading.atRest(event.card),
    readReturned: (event) => this.#reading.atParked(event.card),
    cardRead: (event) => this.#reading.done(event.value as ReadCard),
    cardUnreadable: (event) => this.#reading.failed(event.value as CardTrouble),
    toRest: () => this.#toRest(),
    readingLifted: () => this.#reading.goBack("C-01"),
    park: () => this.#absence.park(),
    parkWhenPrinted: () => this.#casting.lifted(),
    parkedTick: () => this.#absence.parkedTick(),
    edit: (event) => this.#voting.edit(event.intent),
    next: () => this.#voting.next(),
    back: () => this.#voting.back(),
    jump: (event) => this.#voting.jump(event.intent),
    toConfirm: () => this.#machine.enter("confirm"),
    cast: () => this.#casting.begin(),
    changeSettings: (event) => this.#changeSettings(event.intent),
    restSoon: () => this.#machine.setTimer(restSeconds * second),
    stay: () => this.#watchInactivity(),
    alert: () => this.#absence.alert(),
    alertTick: () => this.#absence.alertTick(),
    stayAfterAlert: () => this.#absence.goOn(),
    slipPrinted: () => this.#casting.slipPrinted(),
    slipTick: () => this.#casting.slipTick(),
    rejectSlip: () => this.#casting.rejectSlip(),
    slipFault: () => this.#casting.slipFault(),
    takenBack: () => this.#casting.takenBack(),
    castFailed: (event) => this.#casting.failed(event.value as CastFault),
    finished: () => this.#casting.finished(),
    deviceFault: () => this.#deviceFault(),
    deviceReady: () => this.#deviceReady(),
    readForOfficial: (event) => this.#reading.forOfficial(event.card),
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
    const { pack, vault, cast, journal, day, cards, printer, timer } = options;
    const { policy } = pack.election;
    const booth = this.#booth;
    const note = (event: JournalEvent, detail?: number): void => this.#note(event, detail);
    const show = (): void => this.#show();
    const machine = new StateMachine({
      timer,
      act: (action, event) => this.#actions[action](event),
      entered: (state) => this.#entered(state),
      failed: (thrown) => this.#failed(thrown),
    });
    const countdown = new Countdown({
      goOn: () => {
        machine.setTimer(second);
        show();
      },
    });
    const faults = new Faults({ machine, booth, printer, vault, day, note });
    const absence = new Absence({ machine, countdown, policy, note, notCast: (message) => this.#notCast(message) });
    this.#machine = machine;
    this.#countdown = countdown;
    this.#faults = faults;
    this.#absence = absence;
    const admission = new Admission({ pack, vault, day, cards, booth, faults });
    this.#reading = new Reading({
      machine,
      booth,
      absence,
      admission,
      cards,
      pack,
      session: {
        greet: (official) => this.#officials.greet(official),
        strange: () => this.#officials.strange(),
        refuse: (message, detail) => this.#refuse(message, detail),
        deviceFault: () => this.#deviceFault(),
        toRest: () => this.#toRest(),
      },
    });
    this.#voting = new Voting({ machine, booth, show, watchInactivity: () => this.#watchInactivity() });
    this.#casting = new Casting({
      machine,
      booth,
      countdown,
      absence,
      faults,
      cast,
      cards,
      policy,
      session: this.#castingSession(),
    });
    this.#officials = new Officials({ machine, visited: this.#visited(), day, journal, timer });
  }

  get state(): StateName {
    return this.#machine.state;
  }

  /** A session that has not ended: the close waits for it. */
  get busy(): boolean {
    return this.#booth.voter !== undefined || this.#options.cast.stage !== "none";
  }

  /** After the vault has settled what was under way: ends a slip that still hangs in the printer, then serves. */
  start(): void {
    const { printer, reader, cast } = this.#options;
    printer.listen((state) => this.#faults.printerChanged(state));
    reader.start({
      onCard: (card) => {
        this.#booth.placed(card);
        this.#machine.dispatch({ name: "card", card });
      },
      onRemoved: () => {
        this.#booth.lifted();
        this.#options.cards.forget();
        this.#machine.dispatch({ name: "lifted" });
      },
      onFault: () => this.#faults.readerFailed(),
      onReady: () => this.#faults.readerReady(),
    });
    this.#machine.enter("starting");
    // whatever the printer still holds must not appear on a later slip
    this.#machine.run("starting", printer.quiesce(), (quiet) => {
      this.#casting.recovered();
      if (!quiet.ok) return this.#stop(printerFaults[quiet.error].code, quiet.error);
      this.#machine.run("starting", printer.status(), (status) => {
        if (status.ok) this.#faults.printerSaid(status.value);
        if (cast.stage === "none") return this.#toRest();
        this.#casting.resume();
      });
    });
  }

  /** An official act goes on. */
  stepsChanged(): void {
    this.guard(() => this.#officials.stepsChanged());
    const { day, trace } = this.#options;
    if (day.trouble !== undefined) trace(`screen ${this.state} ${day.trouble}`);
  }

  /** From the screen. */
  intent(intent: Intent): void {
    this.#machine.dispatch(intentEvent(intent));
  }

  /** The case switch. */
  caseChanged(isOpen: boolean): void {
    this.#faults.caseChanged(isOpen);
  }

  /** The terminal goes out of service with a message: a bug, or a store that contradicts itself. */
  outOfService(code: MessageCode): void {
    this.#message = code;
    this.#machine.enter("out-of-service");
    this.#booth.dropVoter();
  }

  /**
   * Runs what the terminal does by itself or for a person. A package that went bad under it, or a bug, leaves the
   * terminal out of service and says so; what is on flash is settled at the next start.
   */
  guard(act: () => void): void {
    this.#machine.guard(act);
  }

  #failed(thrown: unknown): void {
    const { trace } = this.#options;
    const faulty = thrown instanceof PackageFault;
    const bug = thrown instanceof Error ? `${thrown.message} ${thrown.stack ?? ""}` : String(thrown);
    trace(faulty ? `package: ${thrown.message}` : `bug: ${bug}`);
    if (this.state !== "out-of-service") this.outOfService(faulty ? thrown.reason.code : "S-06");
  }

  // --- states ---

  /** The state's timer is set, its view shown. */
  #entered(state: StateName): void {
    const isCardThere = this.#booth.card !== undefined;
    switch (state) {
      case "voting":
      case "review":
      case "confirm":
        this.#watchInactivity();
        break;
      case "inactive":
      case "parked":
      case "slip":
        this.#machine.setTimer(second);
        break;
      case "done":
      case "not-cast":
      case "refused": {
        // whose slip a power cut voided may have stepped back from a dark terminal
        const seconds = state === "not-cast" && this.#message === "V-07" ? restSeconds : farewellSeconds;
        if (!isCardThere) this.#machine.setTimer(seconds * second);
        break;
      }
      case "official-pin":
      case "official-menu":
      case "official-second":
      case "official-service":
        this.#machine.setTimer(officialIdleSeconds * second);
        break;
      case "official-result":
        this.#machine.setTimer((isCardThere ? officialIdleSeconds : farewellSeconds) * second);
        break;
    }
    const view = this.#view();
    this.#options.trace(view.screen === "message" ? `screen ${state} ${view.code}` : `screen ${state}`);
    this.#options.screen.show(view, this.#settings);
  }

  #watchInactivity(): void {
    this.#machine.setTimer(this.#options.pack.election.policy.inactivity_s * second);
  }

  #note(event: JournalEvent, detail?: number): void {
    const written = this.#options.journal.append(event, detail);
    if (!written.ok && this.state !== "out-of-service") this.outOfService(journalMessage(written.error));
  }

  #toRest(): void {
    // in a turn of its own, when nothing of the session's last turn is on the stack any more
    this.#options.timer.set(() => this.#options.wipeHeap(), 0);
    this.#booth.dropVoter();
    this.#officials.forget();
    this.#settings = settingsAtRest;
    if (this.#faults.blocking !== undefined) {
      this.#absence.returnTo = "voting";
      this.#deviceFault();
      return;
    }
    this.#machine.enter("idle");
    const { card } = this.#booth;
    if (card !== undefined) this.#machine.dispatch({ name: "card", card });
  }

  #refuse(code: MessageCode, detail?: number): void {
    this.#message = code;
    if (detail !== undefined) this.#note("cardRefused", detail);
    this.#machine.enter("refused");
  }

  /** NOT cast: a slip that hangs in the printer gets VOID first. */
  #notCast(code: MessageCode): void {
    this.#message = code;
    this.#casting.withdraw();
  }

  #changeSettings(intent: Intent | undefined): void {
    if (intent?.do === "settings") this.#settings = intent.settings;
    if (this.#booth.voter !== undefined && this.state !== "fault") this.#watchInactivity();
    else if (this.state === "idle") this.#machine.setTimer(restSeconds * second);
    this.#show();
  }

  // --- a cast ---

  #castingSession(): CastingSession {
    return {
      note: (event, detail) => this.#note(event, detail),
      say: (message) => {
        this.#message = message;
      },
      stop: (message) => this.#stop(message, undefined),
      deviceFault: () => this.#deviceFault(),
      onCast: () => this.#options.onCast(),
      warnOfCapacity: () => this.#warnOfCapacity(),
      toRest: () => this.#toRest(),
    };
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

  #deviceFault(): void {
    const code = this.#faults.blocking;
    if (code === undefined) return;
    // a parked session whose slip hangs in the printer, too
    this.#casting.interrupted();
    this.#absence.leaveMarking();
    this.#message = code;
    this.#machine.enter("fault");
  }

  /** With no voter waiting, a device that works again is enough. */
  #deviceReady(): void {
    const isClear = this.#faults.blocking === undefined;
    if (!this.busy && isClear) this.#toRest();
    // a reader that fails takes the card out of the field; nobody can show a card to it, so its return is enough
    else if (this.#message === "R-01" && isClear) this.#clearFault(false);
  }

  #stop(code: MessageCode, fault: PrinterFault | undefined): void {
    if (fault !== undefined) {
      this.#note("printerFault", printerFaults[fault].detail);
      this.#message = code;
      return this.#machine.enter("fault");
    }
    this.#note("stopped");
    this.outOfService(code);
  }

  /** An official has seen to it, or both: the devices are asked, and whatever was interrupted goes on. */
  #clearFault(isByBoth: boolean): void {
    const { printer, cast } = this.#options;
    this.#machine.enter("official-acting");
    this.#machine.run("official-acting", printer.quiesce(), (quiet) => {
      this.#machine.run("official-acting", printer.status(), (status) => {
        if (status.ok) this.#faults.printerSaid(status.value);
        if (isByBoth) this.#faults.bothLooked();
        const fault = !quiet.ok ? quiet.error : !status.ok ? status.error : undefined;
        const still = fault === undefined ? this.#faults.blocking : printerFaults[fault].code;
        if (still !== undefined) {
          this.#message = cast.stage === "committed" ? "P-09" : still;
          return this.#machine.enter("fault");
        }
        this.#note("faultCleared");
        if (cast.stage !== "none") return this.#casting.resume();
        if (this.#booth.voter === undefined) return this.#cleared();
        if (this.#booth.holdsOwnCard) return this.#absence.goOn();
        this.#absence.wait();
      });
    });
  }

  /** No voter is waiting: only the official's card is left to be taken. */
  #cleared(): void {
    this.#officials.forget();
    this.#reading.ended();
    if (this.#booth.card === undefined) return this.#toRest();
    this.#refuse("O-15");
  }

  // --- officials ---

  #visited(): Visited {
    const session = this;
    return {
      get cardPresent() {
        return session.#booth.card !== undefined;
      },
      get interrupted() {
        return session.#reading.interrupted;
      },
      get status() {
        return session.#status();
      },
      get facts() {
        const { pack, vault, journal, deviceLog } = session.#options;
        return { station: pack.election.station, voids: vault.counts.voids, journalRoom: journal.room, deviceLog };
      },
      show: () => this.#show(),
      note: (event, detail) => this.#note(event, detail),
      stop: (code) => this.#stop(code, undefined),
      get faultTakesBoth() {
        return session.#faults.takesBoth;
      },
      clearFault: (isByBoth) => this.#clearFault(isByBoth),
      endSession: () => {
        this.#reading.ended();
        this.#absence.endByOfficial();
      },
      pollsChanged: () => this.#options.onPolls(),
      resume: (message) => this.#reading.goBack(message),
      refuse: (message) => this.#refuse(message),
    };
  }

  // --- views ---

  #show(): void {
    this.#options.screen.show(this.#view(), this.#settings);
  }

  /** What officials should know of, and no voter is troubled with. */
  get #warning(): MessageCode | undefined {
    if (this.#warned > 0) return "V-05";
    const { day, deviceLog } = this.#options;
    if (day.poll === "open" || deviceLog === "whole") return undefined;
    return deviceLog === "changed" ? "I-07" : "I-08";
  }

  #view(): View {
    const booth = this.#booth;
    const secondsLeft = this.#countdown.left;
    switch (this.state) {
      case "starting":
        return { screen: "starting" };
      case "reading":
      case "official-checking":
        return { screen: "reading" };
      case "out-of-service":
        return { screen: "message", code: this.#message, awaits: "nothing" };
      case "idle":
        return { screen: "idle", poll: this.#options.day.poll, warning: this.#warning };
      case "refused":
        return { screen: "message", code: this.#message, awaits: "card-removal" };
      case "voting":
        return booth.someone.marking.view;
      case "review":
        return { screen: "review", items: booth.someone.marking.review };
      case "confirm":
        return { screen: "confirm", marks: booth.someone.marking.marks };
      case "inactive":
        return { screen: "inactive", secondsLeft };
      case "parked":
        return { screen: "parked", secondsLeft };
      case "preparing":
      case "voiding":
        return { screen: "printing" };
      case "slip":
        return { screen: "slip", marks: booth.someone.marking.marks, secondsLeft, mayReject: this.#casting.mayReject };
      case "finishing":
        return { screen: "finishing" };
      case "done":
        return { screen: "done" };
      case "not-cast":
        return {
          screen: "message",
          code: this.#message,
          awaits: booth.card === undefined ? "nothing" : "card-removal",
        };
      case "fault":
        return { screen: "message", code: this.#message, awaits: "official" };
      case "official-pin":
      case "official-menu":
      case "official-second":
      case "official-acting":
      case "official-result":
      case "official-service":
        return this.#officials.view(this.state);
    }
  }

  #status(): StationStatus {
    const { vault, day, pack, status } = this.#options;
    const { ballots, capacity } = vault.counts;
    const { k } = pack.election.policy;
    const exact = day.poll === "closed" || day.poll === "before-opening";
    return { ballots: exact ? ballots : ballots - (ballots % k), capacity, paper: this.#faults.paper, ...status() };
  }
}
