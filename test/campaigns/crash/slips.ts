// The power goes, or the microcontroller alone is reset, while a slip is printed: after every byte of one slip and at
// every event of others, with the real cast, vault, driver of the printer and a virtual printer at the other end of a
// serial line. Afterwards the paper is looked at: no slip without VALID or VOID, none whose mark is not what the vault
// says, and the next voter's slip clean. Power cuts in flash operations are campaign.ts.

import { Cast } from "../../../firmware/cast/cast.js";
import type { Primitives } from "../../../firmware/crypto/primitives.js";
import type { ElectionPackage } from "../../../firmware/election/types.js";
import { Printer } from "../../../drivers/printer/printer.js";
import { hasBody, slipMark } from "../../../sim/bench/slip-mark.js";
import { VirtualClock } from "../../../sim/clock.js";
import { type Slip, VirtualPrinter } from "../../../sim/devices/printer.js";
import { terminalTime } from "../../../sim/terminal-time.js";
import { type Cells, type Store as FlashStore, Store, must } from "./day.js";
import { QuickChance } from "../../../sim/quick-chance.js";
import { type CutPort, cutPort } from "./serial-port.js";
import { plainSlips } from "./slip-drawer.js";

/** How a slip goes when nothing cuts it. */
const kinds = ["valid", "void"] as const;
type Kind = (typeof kinds)[number];

/**
 * power: terminal and printer. reset: the terminal alone is back at once. slow reset: the printer goes on alone for a
 * second first. printer: the printer alone is back at once, and starts for a second; the terminal goes on.
 */
const losses = ["power", "reset", "slow reset", "printer"] as const;
type Loss = (typeof losses)[number];

export interface SlipFailure {
  /** "<kind>/<microseconds>/<loss>[/<microseconds into the recovery>/<loss>]" */
  readonly cut: string;
  readonly what: string;
}

export interface SlipReport {
  cuts: number;
  /** Bytes of one slip after each of which it was cut. */
  bytes: number;
  /** Moments of the others, before and at each event, at which they were cut. */
  events: number;
  /** Cuts of a recovery. */
  again: number;
  readonly failures: SlipFailure[];
  finished: boolean;
}

export interface SlipOptions {
  readonly seed: string;
  readonly primitives: Primitives;
  readonly budgetMs: number;
  readonly part: number;
  readonly of: number;
  /** Of the bytes of the slip; 1: every one. */
  readonly everyByte: number;
  readonly failuresMax?: number;
  /** Only this one, as a failure names it. */
  readonly only?: string;
  /** A terminal that does not end the slip that hangs when it starts: it has to be found. */
  readonly isForgetful?: boolean;
  /** Told how many cuts there have been. */
  readonly onCuts?: (cuts: number) => void;
}

const slipBaud = 230_400;
const slowBootUs = 1_000_000;
const printerBootMs = 1_000;
/** An official tries a printer that has failed again, at most so often. */
const triesMax = 5;
/** Longer than any act of the printer. */
const actUsMax = 120_000_000;
const failuresMax = 20;

interface Cut {
  readonly timeUs: number;
  readonly loss: Loss;
}

/** What happened on the line of an act, in time. */
interface Trace {
  readonly startUs: number;
  endUs: number;
  /** When the harness's clock stopped for something. */
  readonly eventsUs: number[];
  /** When each write of the terminal began to leave, and its length. */
  readonly writes: { readonly timeUs: number; readonly length: number }[];
}

/** One terminal with its printer, from a store in which nothing was cast. */
class Bench {
  readonly clock = new VirtualClock();
  readonly device = new VirtualPrinter({ clock: this.clock });
  readonly store: FlashStore;
  readonly #random: (out: Uint8Array) => void;
  #cast!: Cast;
  #printer!: Printer;
  #line!: CutPort;
  #onWrite: ((length: number) => void) | undefined;

  readonly #isForgetful: boolean;

  constructor(store: FlashStore, base: Cells, seed: string, isForgetful: boolean) {
    this.store = store;
    this.#isForgetful = isForgetful;
    store.restore(base);
    const chance = store.reseed(seed);
    this.#random = (out) => chance.fill(out);
  }

  /** Starts the terminal: the vault's recovery, then what the session does with the slip that hangs. */
  async start(cut: Cut | undefined): Promise<Trace | undefined> {
    const opened = must(this.store.start());
    this.#line = cutPort(this.clock, this.device, (length) => this.#onWrite?.(length));
    const time = terminalTime(this.clock);
    this.#printer = new Printer({ serial: this.#line.port, random: this.#random, find: findPair, ...time });
    const { election } = this.store;
    const pack = {
      election,
      findCode: (_: number, code: number) => code,
      option: () => ({ list: undefined }),
    } as unknown as ElectionPackage;
    this.#cast = new Cast({
      crypto: this.store.crypto,
      pack,
      vault: opened.vault,
      printer: this.#printer,
      slips: plainSlips,
      pending: opened.pending,
    });
    return this.#run(cut, () => this.#settle());
  }

  /** What the session does at a start, and when an official has seen to the printer. */
  async #settle(): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      const quiet = await this.#printer.quiesce();
      if (quiet.ok && this.#isForgetful) return;
      const { stage } = this.#cast;
      const done = !quiet.ok || stage === "none" ? quiet : await this.#end(stage);
      if (done.ok) return;
      if (attempt === triesMax) must(done);
    }
  }

  #end(stage: "prepared" | "voided" | "committed"): ReturnType<Cast["finish"]> {
    return stage === "committed" ? this.#cast.finish() : this.#cast.takeBack();
  }

  vote(kind: Kind, nth: number, cut: Cut | undefined): Promise<Trace | undefined> {
    return this.#run(cut, async () => {
      const prepared = await this.#cast.prepare(this.store.chance.bytes(16), this.store.ballot(nth));
      if (!prepared.ok) return this.#settle();
      if (kind === "valid") must(this.#cast.commit());
      const ended = await this.#end(kind === "valid" ? "committed" : "prepared");
      if (!ended.ok) await this.#settle();
    });
  }

  /** The terminal loses its power, or is reset; the paper stays. */
  lose(loss: Loss): void {
    this.device.bootMs = loss === "printer" ? printerBootMs : 0;
    if (loss !== "printer") this.#line.cut();
    if (loss === "power" || loss === "printer") {
      this.device.powerOff();
      this.device.powerOn();
    }
    if (loss === "slow reset") this.clock.advanceTo(this.clock.nowUs() + slowBootUs);
  }

  /** To its end, or to the cut: then undefined, and what was under way is abandoned. */
  async #run(cut: Cut | undefined, act: () => Promise<void>): Promise<Trace | undefined> {
    const { clock } = this;
    const trace: Trace = { startUs: clock.nowUs(), endUs: 0, eventsUs: [], writes: [] };
    this.#onWrite = (length) => trace.writes.push({ timeUs: clock.nowUs() - trace.startUs, length });
    let isDone = false;
    let thrown: unknown;
    void act().then(
      () => (isDone = true),
      (error: unknown) => (thrown = error),
    );
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      if (thrown !== undefined) throw thrown as Error;
      if (isDone) break;
      const next = clock.nextUs();
      if (next === undefined || next > trace.startUs + actUsMax)
        throw new Error(`the printer's act has no end after ${clock.nowUs() - trace.startUs} us`);
      if (cut !== undefined && next > trace.startUs + cut.timeUs) {
        clock.advanceTo(trace.startUs + cut.timeUs);
        this.lose(cut.loss);
        if (cut.loss !== "printer") return undefined;
        cut = undefined;
        continue;
      }
      clock.advanceTo(next);
      trace.eventsUs.push(next - trace.startUs);
    }
    trace.endUs = clock.nowUs() - trace.startUs;
    return trace;
  }
}

function findPair(bytes: Uint8Array, first: number, second: number): number {
  for (let at = bytes.indexOf(first); at >= 0; at = bytes.indexOf(first, at + 1))
    if (bytes[at + 1] === second) return at;
  return -1;
}

export async function slipCampaign(options: SlipOptions): Promise<SlipReport> {
  const store = new Store(options.seed, options.primitives, 4);
  must(store.start());
  const { a, b, main } = store.chips;
  const base: Cells = { a: a.cells.slice(), b: b.cells.slice(), main: main.cells.slice() };
  const report: SlipReport = { cuts: 0, bytes: 0, events: 0, again: 0, failures: [], finished: true };
  const end = performance.now() + options.budgetMs;
  const bench = (name: string): Bench =>
    new Bench(store, base, `${options.seed} ${name}`, options.isForgetful === true);
  let nth = 0;
  const isOurs = (): boolean => nth++ % options.of === options.part;
  /** False when the budget is used up. */
  const tryCut = async (kind: Kind, cuts: readonly Cut[], wantsNext: boolean): Promise<boolean> => {
    if (performance.now() > end || report.failures.length >= (options.failuresMax ?? failuresMax))
      return (report.finished = false);
    const name = `${kind}/${cuts.map(({ timeUs, loss }) => `${timeUs}/${loss}`).join("/")}`;
    if (options.only !== undefined && name !== options.only) return true;
    report.cuts++;
    options.onCuts?.(report.cuts);
    if (cuts.length > 1) report.again++;
    const what = await wrongAfter(bench(name), kind, cuts, wantsNext);
    if (what !== undefined) report.failures.push({ cut: name, what });
    return true;
  };
  for (const kind of kinds) {
    const whole = await traceOf(bench(kind), kind);
    // after each byte has left, of one slip; at each event, of the other
    const times =
      kind === "valid" ? bytesOf(whole).filter((_, i) => i % options.everyByte === 0) : around(whole.eventsUs);
    if (kind === "valid") report.bytes = times.length;
    else report.events = times.length;
    for (const timeUs of times)
      for (const loss of losses) if (isOurs() && !(await tryCut(kind, [{ timeUs, loss }], false))) return report;
    // the recovery is cut again at its events
    for (const timeUs of around(whole.eventsUs)) {
      // its own, so that a cut has one name whoever works on it
      const chance = new QuickChance(`${options.seed} ${kind} again ${timeUs}`);
      const loss = losses[chance.below(losses.length)]!;
      if (!isOurs()) continue;
      const recovery = await recoveryOf(bench(kind), kind, { timeUs, loss });
      const events = around(recovery.eventsUs);
      for (let pick = 0; pick < againOfEach && events.length > 0; pick++) {
        const second: Cut = {
          timeUs: events[chance.below(events.length)]!,
          loss: losses[chance.below(losses.length)]!,
        };
        if (!(await tryCut(kind, [{ timeUs, loss }, second], true))) return report;
      }
    }
  }
  return report;
}

/** Cuts of each recovery. */
const againOfEach = 4;

async function wrongAfter(
  bench: Bench,
  kind: Kind,
  cuts: readonly Cut[],
  wantsNext: boolean,
): Promise<string | undefined> {
  try {
    await bench.start(undefined);
    const [first, ...others] = cuts;
    if ((await bench.vote(kind, 0, first)) !== undefined && first?.loss !== "printer") return undefined;
    for (const cut of others)
      if ((await bench.start(cut)) !== undefined && cut.loss !== "printer") bench.lose(cut.loss);
    await bench.start(undefined);
    const wrong = lookAt(bench);
    if (wrong !== undefined || !wantsNext) return wrong;
    const fell = bench.device.slips.length;
    await bench.vote("valid", 1, undefined);
    const [next, ...more] = bench.device.slips.slice(fell);
    if (next === undefined || more.length > 0 || slipMark(next) !== "valid" || !isClean(next))
      return "the next voter's slip is not clean";
    return lookAt(bench);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function traceOf(bench: Bench, kind: Kind): Promise<Trace> {
  await bench.start(undefined);
  return (await bench.vote(kind, 0, undefined))!;
}

async function recoveryOf(bench: Bench, kind: Kind, cut: Cut): Promise<Trace> {
  await bench.start(undefined);
  await bench.vote(kind, 0, cut);
  return (await bench.start(undefined))!;
}

/** When the last bit of each byte that the terminal writes has left, in microseconds. */
function bytesOf({ writes }: Trace): number[] {
  const byteUs = 10_000_000 / slipBaud;
  const times: number[] = [];
  let freeUs = 0;
  for (const { timeUs, length } of writes) {
    freeUs = Math.max(freeUs, timeUs);
    for (let i = 0; i < length; i++) times.push(Math.ceil((freeUs += byteUs)));
  }
  return times;
}

/** Just before and at each event, each once. */
function around(eventsUs: readonly number[]): number[] {
  return [...new Set(eventsUs.flatMap((timeUs) => [Math.max(0, timeUs - 1), timeUs]))];
}

/** What is wrong with the paper, or undefined. */
function lookAt({ device, store }: Bench): string | undefined {
  // a command of which a reset has cut off a part is no fault of the driver, as long as nothing of it is on the paper
  const lost = device.failures.find((failure) => !failure.startsWith("unknown command"));
  if (lost !== undefined) return `the printer: ${lost}`;
  const { vault } = must(store.start());
  const bodies = device.slips.filter(hasBody);
  const bare = bodies.find((slip) => slipMark(slip) === "none");
  if (bare !== undefined) return "a slip without VALID or VOID";
  if (hasBody(device.hanging)) return "something still hangs in the printer";
  const valid = bodies.filter((slip) => slipMark(slip) === "valid").length;
  const strips = device.slips.filter((slip) => !hasBody(slip) && slipMark(slip) === "valid").length;
  const { ballots } = vault.counts;
  if (valid > ballots) return `${valid} slips say VALID for ${ballots} ballots`;
  // a cut between the mark and the paper's cut can leave the body with a mark and a strip behind it, never a ballot
  // without any
  if (valid + strips < ballots) return `${ballots} ballots, and only ${valid} slips say VALID`;
  return undefined;
}

/** One body and one frame: nothing of another slip. */
function isClean(slip: Slip): boolean {
  const rows = Array.from({ length: slip.height }, (_, y) => slip.bits.subarray(y * 72, (y + 1) * 72));
  const frames = rows.filter((row) => row[1] === 0xff && row[35] === 0xff && row[70] === 0xff).length;
  return frames === 12;
}
