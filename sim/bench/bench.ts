// The bench: one station at the pace of real time, the tray of cards beside it, and everything that a person at the
// desk can do and see. The server brings it to a page; tests use it directly.

import { readFileSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { ElectionKind } from "../../firmware/election/types.js";
import { assert } from "../../firmware/result.js";
import type { PollState } from "../../firmware/journal/poll-state.js";
import type { OfficialRole } from "../../firmware/election/types.js";
import type { ContestDefinition, ElectionDefinition } from "../../office/package/definition.js";
import { parseDefinition } from "../../office/package/definition.js";
import { recordsInImage } from "../../office/tally/image.js";
import { VirtualClock } from "../clock.js";
import { CUTTER_ROWS, slipToPng } from "../devices/printer.js";
import { Station, StationError, exampleElection } from "../station.js";
import type { StationOptions } from "../station.js";
import { Auditor, type JournalLine, type SourceTally } from "./auditor.js";
import type { Command, SwitchName } from "./command.js";
import { BenchDesk } from "./desk.js";
import { type Step, nextStep } from "./guide.js";
import { DirtyArea, wholePicture } from "./picture.js";
import { Pacer } from "./pacer.js";
import { type SlipMark, slipMark } from "./slip-mark.js";
import { type Slots, slotsOf } from "./slots.js";
import { faultsOf, setSwitch, switchPositions } from "./switches.js";
import { Tray, type TrayCard } from "./tray.js";

/** Lines of the trace and of the journal that a page gets. */
export const traceLinesMax = 60;
export const journalLinesMax = 200;
/** Slips of this run that a page lists; older ones have fallen to the bottom of the box. */
export const slipsListedMax = 200;

export interface BenchState {
  readonly election: {
    readonly title: string;
    readonly kind: ElectionKind;
    readonly station: number;
    readonly stationName: string;
    readonly terminal: number;
  };
  readonly on: boolean;
  readonly died: boolean;
  readonly boots: number;
  readonly screen: string;
  readonly polls: PollState | undefined;
  readonly cards: readonly TrayCard[];
  readonly held: string | undefined;
  readonly switches: Readonly<Record<SwitchName, boolean>>;
  readonly next: Step;
  readonly slips: readonly {
    readonly number: number;
    readonly mark: SlipMark;
    readonly cut: string;
    readonly rows: number;
  }[];
  readonly ballots: number;
  readonly voids: number;
  readonly capacity: number;
  readonly sync: {
    readonly lineUp: boolean;
    readonly complete: boolean;
    readonly stored: number;
    readonly collector:
      | {
          readonly batches: number;
          readonly records: number;
          readonly refused: number;
          readonly heartbeats: number;
          readonly lastRefusal: string | undefined;
        }
      | undefined;
  };
  readonly busy: boolean;
}

export interface BenchInside {
  readonly slots: string;
  readonly journal: readonly string[];
  readonly journalProblem: string | undefined;
  readonly trace: readonly string[];
}

export interface TallyPage {
  readonly sources: readonly {
    readonly name: string;
    readonly ballots: number;
    readonly rejected: readonly string[];
  }[];
  readonly agree: boolean;
  readonly contests: readonly {
    readonly title: string;
    readonly votesAllowed: number;
    readonly ballots: number;
    readonly blank: number;
    readonly undervotes: number;
    readonly votes: readonly {
      readonly code: number;
      readonly name: string;
      readonly affiliation: string | undefined;
      readonly votes: number;
    }[];
  }[];
}

export interface BenchOptions {
  readonly directory: string;
  readonly election?: string;
  readonly mqttUrl?: string;
  readonly mqttCa?: string;
  readonly databaseUrl?: string;
  /** Seconds since 1970 now. */
  readonly wallBase: number;
  /** What runs the firmware instead of the host's program: the emulated board. */
  readonly machine?: StationOptions["machine"];
}

export class Bench {
  readonly station: Station;
  readonly tray: Tray;
  readonly dirty: DirtyArea;
  readonly #directory: string;
  readonly #definition: ElectionDefinition;
  readonly #auditor: Auditor;
  readonly #desk: BenchDesk;
  readonly #pacer: Pacer;
  readonly #trace: string[];
  #screen = "";
  #polls: PollState | undefined;
  #complete = false;
  #counted = false;
  #died = false;
  #lastOfficial: OfficialRole | undefined;
  #slots: Slots | undefined;
  #slotsAt = -1;
  #journal: readonly JournalLine[] = [];
  #journalProblem: string | undefined;
  #journalAt = -1;
  #stored = 0;
  #storedAt = "";
  /** Acts that take time (boot, collector) come one after another. */
  #queue: Promise<void> = Promise.resolve();
  #queued = 0;
  #closed = false;
  readonly #marks = new WeakMap<object, SlipMark>();
  readonly #watch: NodeJS.Timeout;

  private constructor(
    options: BenchOptions,
    definition: ElectionDefinition,
    station: Station,
    dirty: DirtyArea,
    trace: string[],
  ) {
    this.#directory = options.directory;
    this.#definition = definition;
    this.station = station;
    this.dirty = dirty;
    this.#trace = trace;
    this.tray = new Tray(station, join(options.directory, "tray.json"));
    this.#desk = new BenchDesk({
      station,
      directory: options.directory,
      wall: () => Math.floor(options.wallBase + station.clock.nowUs() / 1e6),
      onTrace: (line) => this.#note(`desk: ${line}`),
    });
    this.#auditor = new Auditor(station);
    assert(station.clock instanceof VirtualClock, "the bench paces a virtual clock");
    this.#pacer = new Pacer(station, station.clock);
    this.#watch = setInterval(() => void this.#look(), 700);
  }

  /** Throws StationError for an election or a folder that cannot be used. */
  static async create(options: BenchOptions): Promise<Bench> {
    const file = options.election ?? exampleElection;
    const definition = readDefinition(file);
    const dirty = new DirtyArea();
    const trace: string[] = [];
    removePictures(options.directory);
    let bench: Bench | undefined;
    const station = await Station.create({
      virtual: true,
      directory: options.directory,
      election: file,
      wallBase: options.wallBase,
      ...(options.machine === undefined ? {} : { machine: options.machine }),
      ...(options.mqttUrl === undefined ? {} : { mqttUrl: options.mqttUrl }),
      ...(options.mqttCa === undefined ? {} : { mqttCa: options.mqttCa }),
      ...(options.databaseUrl === undefined ? {} : { databaseUrl: options.databaseUrl }),
      onTrace: (line) => bench?.traced(line),
      onDisplay: (rect) => dirty.add(rect),
      onExit: (exit) => {
        if (exit.signal !== "SIGKILL" && exit.code !== 0)
          bench?.ended(`ended by itself (${exit.code ?? exit.signal}) ${exit.stderr.trim()}`);
      },
    });
    try {
      bench = new Bench(options, definition, station, dirty, trace);
    } catch (thrown) {
      await station.close();
      throw thrown;
    }
    return bench;
  }

  traced(line: string): void {
    this.#note(line);
    if (line.startsWith("screen ")) {
      this.#screen = line.slice("screen ".length);
      // cards change in the hands of the terminal
      this.tray.save();
    }
    if (line.startsWith("out of service: "))
      this.#screen = `out-of-service ${line.slice("out of service: ".length).split(" ")[0]}`;
    if (line.startsWith("polls ")) {
      const polls = line.slice("polls ".length) as PollState;
      if (polls !== this.#polls) this.#complete = false;
      this.#polls = polls;
    }
    if (line === "results kept") this.#counted = true;
    if (line === "uplink complete") this.#complete = true;
  }

  ended(why: string): void {
    this.#died = true;
    this.#note(why);
    this.dirty.add(wholePicture);
  }

  /** Gives why it could not be done. What takes time is done after what was asked before. */
  async perform(command: Command): Promise<string | undefined> {
    const { station, tray } = this;
    switch (command.do) {
      case "key":
        station.panel.key(command.key, command.pressed);
        return undefined;
      case "touch":
        station.panel.contact(command.contact, command.phase, command.x, command.y);
        return undefined;
      case "hold": {
        const card = tray.card(command.card);
        if (card === undefined) return "no such card on the tray";
        if (command.card === "executive" || command.card === "supervision") this.#lastOfficial = command.card;
        station.reader.place(card);
        return undefined;
      }
      case "lift":
        station.reader.lift();
        tray.save();
        return undefined;
      case "new-card":
        return tray.add() === undefined ? "the tray is full: throw a card away first" : undefined;
      case "discard":
        if (station.reader.card !== undefined && tray.card(command.card) === station.reader.card)
          return "lift the card first";
        return tray.discard(command.card) ? undefined : "no such voter's card on the tray";
      case "grant":
        return this.#grant(command.card);
      case "tear-off":
        if (station.printer.hanging.height <= CUTTER_ROWS) return "no paper hangs in the window";
        station.printer.tearOff();
        return undefined;
      case "switch":
        if (command.name === "collector") return this.#inTurn(() => this.#switchCollector(command.on));
        setSwitch(station, command.name, command.on);
        return undefined;
      case "power":
        if (!command.on) return this.#powerOff();
        return this.#inTurn(async () => {
          if (!station.isOn) await this.#boot(() => station.powerOn());
        });
      case "reset":
        return this.#inTurn(async () => {
          if (station.isOn) await this.#boot(() => station.reset());
        });
      case "tally":
        return undefined;
    }
  }

  state(): BenchState {
    const { station, tray } = this;
    const { election } = station.pack;
    const positions = switchPositions(station);
    const held = tray.idOf(station.reader.card);
    const cards = tray.list();
    const slots = this.#seeSlots();
    const counts = { ballots: slots?.ballots ?? 0, voids: slots?.voids ?? 0, capacity: election.policy.capacity };
    const { collector } = station;
    return {
      election: {
        title: this.#definition.title,
        kind: election.kind,
        station: election.station,
        stationName: this.#definition.station.name,
        terminal: station.terminalId,
      },
      on: station.isOn,
      died: this.#died,
      boots: station.boots,
      screen: station.isOn ? this.#screen : "",
      polls: this.#polls,
      cards,
      held,
      switches: positions,
      next: nextStep({
        on: station.isOn,
        died: this.#died,
        screen: this.#screen,
        polls: this.#polls,
        cards,
        held: cards.find((each) => each.id === held),
        lastOfficial: this.#lastOfficial,
        faults: faultsOf(positions),
        ballots: counts.ballots,
        complete: this.#complete,
        counted: this.#counted,
        exampleCode:
          this.#definition.contests[0]?.options[4]?.code ?? this.#definition.contests[0]?.options[0]?.code ?? 1,
      }),
      slips: station.printer.slips.slice(-slipsListedMax).map((slip, i, listed) => ({
        number: station.printer.slips.length - listed.length + i + 1,
        mark: this.#markOf(slip),
        cut: slip.cut ?? "",
        rows: slip.height,
      })),
      ...counts,
      sync: {
        lineUp: this.#lineUp(),
        complete: this.#complete,
        stored: this.#stored,
        collector: collector === undefined ? undefined : { ...collector.counters, lastRefusal: collector.lastRefusal },
      },
      busy: this.#queued > 0,
    };
  }

  inside(): BenchInside {
    return {
      slots: this.#seeSlots()?.map ?? "",
      journal: this.#journal.slice(-journalLinesMax).map((each) => each.line),
      journalProblem: this.#journalProblem,
      trace: [...this.#trace],
    };
  }

  /** The picture of a slip, 1 the first of this run; undefined when there is none. */
  slipPng(number: number): Uint8Array | undefined {
    const slip = this.station.printer.slips[number - 1];
    return slip === undefined ? undefined : slipToPng(slip);
  }

  /** Opens what both media and the collector hold with the test election's key. Undefined when the auditor is gone. */
  async tally(): Promise<TallyPage | undefined> {
    const { station } = this;
    const { election } = station.pack;
    const sources = [
      { name: "medium A", records: recordsInImage(station.chips.a.cells, election) },
      { name: "medium B", records: recordsInImage(station.chips.b.cells, election) },
    ];
    if (station.collector !== undefined)
      sources.push({
        name: "collector",
        records: (await station.store.records(election.id)).map((each) => each.record),
      });
    const counted = await this.#auditor.tally(sources);
    return counted === undefined ? undefined : tallyPage(counted, this.#definition);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#watch);
    await this.#queue;
    await this.#desk.close();
    this.#auditor.close();
    this.station.reader.lift();
    this.station.powerOff();
    await this.#pacer.stop();
    await this.station.close();
    this.tray.save();
    removePictures(this.#directory);
  }

  // --- acts ---

  async #grant(id: string): Promise<string | undefined> {
    const card = this.tray.card(id);
    if (card !== undefined && card === this.station.reader.card) return "lift the card first";
    const voters = this.tray.voterCard(id);
    if (voters === undefined) return "no such voter's card on the tray";
    try {
      await this.#desk.grant(voters);
      this.tray.save();
      return undefined;
    } catch (thrown) {
      if (thrown instanceof StationError) return thrown.message;
      throw thrown;
    }
  }

  #powerOff(): undefined {
    this.station.powerOff();
    this.#screen = "";
    this.#note("-- power cut --");
    this.dirty.add(wholePicture);
    this.tray.save();
    return undefined;
  }

  async #boot(start: () => Promise<void>): Promise<void> {
    this.#died = false;
    this.#screen = "";
    this.dirty.add(wholePicture);
    await start();
    removePictures(this.#directory, this.station.boots);
  }

  async #switchCollector(on: boolean): Promise<void> {
    if (on === (this.station.collector !== undefined)) return;
    if (on) await this.station.startCollector();
    else await this.station.stopCollector();
  }

  #inTurn(act: () => Promise<void>): Promise<string | undefined> {
    this.#queued++;
    const done = this.#queue.then(async () => {
      if (this.#closed) return "the bench is closing";
      try {
        await act();
        return undefined;
      } catch (thrown) {
        // a terminal that ends at its first breath; what it said is in the trace
        return thrown instanceof Error ? thrown.message.split("\n")[0] : String(thrown);
      } finally {
        this.#queued--;
      }
    });
    this.#queue = done.then(() => undefined);
    return done;
  }

  // --- what is seen ---

  #note(line: string): void {
    this.#trace.push(line);
    if (this.#trace.length > traceLinesMax) this.#trace.shift();
  }

  #programs(): number {
    const { a, b } = this.station.chips;
    return a.counters.programs + a.counters.erases + b.counters.programs + b.counters.erases;
  }

  #seeSlots(): Slots | undefined {
    const { a } = this.station.chips;
    const at = a.counters.programs + a.counters.erases;
    if (at !== this.#slotsAt) {
      this.#slots = slotsOf(a.cells, this.station.pack.election);
      this.#slotsAt = at;
    }
    return this.#slots;
  }

  async #look(): Promise<void> {
    const at = this.#programs();
    if (at !== this.#journalAt) {
      this.#journalAt = at;
      const answer = await this.#auditor.journal();
      // a write that is half done is read again next time
      if (answer !== undefined && "lines" in answer) this.#journal = answer.lines;
      this.#journalProblem = answer !== undefined && "problem" in answer ? answer.problem : undefined;
    }
    const { collector, pack, terminalId } = this.station;
    if (collector === undefined || this.#queued > 0 || this.#closed) return;
    const seen = `${this.station.boots} ${collector.counters.batches} ${collector.counters.records}`;
    if (seen === this.#storedAt) return;
    try {
      this.#stored = (await this.station.store.hashes(pack.election.id, terminalId)).length;
      this.#storedAt = seen;
    } catch {
      // the collector was switched off in between; what it had stored is still there
    }
  }

  #lineUp(): boolean {
    if (!this.station.isOn) return false;
    return this.#journal.findLast((each) => ["lineUp", "lineDown", "started"].includes(each.event))?.event === "lineUp";
  }

  #markOf(slip: Parameters<typeof slipMark>[0]): SlipMark {
    const known = this.#marks.get(slip);
    if (known !== undefined) return known;
    const mark = slipMark(slip);
    this.#marks.set(slip, mark);
    return mark;
  }
}

function readDefinition(file: string): ElectionDefinition {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (thrown) {
    throw new StationError(`${file}: cannot be read (${(thrown as Error).message})`);
  }
  const definition = parseDefinition(text, file);
  if (!definition.ok)
    throw new StationError(
      definition.problems.map((each) => `${each.file}:${each.line}:${each.column}: ${each.what}`).join("\n"),
    );
  return definition.value;
}

/** Each start of a terminal has a picture file of its own; those of earlier ones are of no use. */
function removePictures(directory: string, keepBoot?: number): void {
  let names: string[];
  try {
    names = readdirSync(directory);
  } catch {
    return;
  }
  for (const name of names) {
    const boot = /^display-\d+-(\d+)\.rgb565$/.exec(name)?.[1];
    if (boot !== undefined && Number(boot) !== keepBoot) rmSync(join(directory, name), { force: true });
  }
}

function tallyPage(counted: readonly SourceTally[], definition: ElectionDefinition): TallyPage {
  // what a terminal's own medium says is shown; the others are compared with it
  const shown = counted[0]!;
  const contestOf = (id: number): ContestDefinition => definition.contests.find((each) => each.id === id)!;
  return {
    sources: counted.map(({ name, tally, rejected }) => ({ name, ballots: tally.ballots, rejected })),
    agree: counted.every(({ tally }) => JSON.stringify(tally) === JSON.stringify(shown.tally)),
    contests: shown.tally.contests.map((contest) => {
      const { title, votesAllowed, options } = contestOf(contest.contest);
      const votes = contest.votes.map(({ code, votes: count }) => {
        const option = options.find((each) => each.code === code);
        return { code, name: option?.name ?? String(code), affiliation: option?.affiliation, votes: count };
      });
      return {
        title,
        votesAllowed,
        ballots: contest.ballots,
        blank: contest.blank,
        undervotes: contest.undervotes,
        votes: votes.sort((x, y) => y.votes - x.votes || x.code - y.code),
      };
    }),
  };
}
