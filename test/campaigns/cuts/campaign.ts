// A voting day on the board whose power goes, or whose processor alone is reset, at instructions and in flash
// operations drawn at random, again and again: in a session, in a recovery, at the opening, at the close and while
// ballots are counted. Then everything is compared with what the voters wanted, as after npx sandogh vote.

import { Chance } from "../../../sim/chance.js";
import { Symbols } from "../../../sim/board/symbols.js";
import { boardMachine } from "../../../sim/board/qemu.js";
import { PowerCut } from "../../../sim/nor.js";
import type { Station } from "../../../sim/station.js";
import { type DayReport, scriptedDay } from "../../../sim/scripted-day.js";

/**
 * Instructions of a start, which recovers what a cut has left; of a start and the session after it; and of what is
 * enough for an opening with its papers, and a session more.
 */
const startReach = 100_000_000;
const sessionReach = 400_000_000;
const dayReach = 1_000_000_000;
const startShare = 0.4;
/**
 * So many cuts come into the opening, into each session, into the close and the count; then one must come later, so
 * that the day goes on.
 */
const cutsOfAPhase = 4;
/**
 * Some cuts are in the middle of a program or an erase of a medium instead, at the latest in this one since the start.
 * Half of them take the power, and half of those leave the cells torn; the others reset the microcontroller alone, and
 * the chip is busy for so many looks at most after it.
 */
const flashShare = 0.3;
const flashReach = 40;
const busyLooksMax = 400;
/** No turn is as long: what works longer without a wait has hung. */
const hangAfter = 4_000_000_000;
/** Paper that has moved so lately is moving. */
const paperUs = 50_000;

export const cutKinds = ["power", "reset", "flash", "busy"] as const;

export interface Cut {
  /**
   * Power lost; the microcontroller reset alone, while the printer goes on; power lost in the middle of a flash
   * operation; the microcontroller reset alone in the middle of one, which the chip goes on with.
   */
  readonly kind: (typeof cutKinds)[number];
  /** "after N instructions, before ADDRESS", or the flash operation. */
  readonly where: string;
  /** The screen's state; what officials do; "start": nobody was served yet since the last cut. */
  readonly during: string;
  /** In a start: what the cut before it had come into. */
  readonly after: string | undefined;
  readonly printing: boolean;
  /** Flash was written before the cut in the same turn: between two operations of one act. */
  readonly writing: boolean;
}

export interface CutOptions {
  /** At most; fewer when the day is over before. */
  readonly cuts: number;
  readonly ballots: number;
  readonly seed: string;
  readonly out: string;
  readonly election?: string;
  /** Told of each cut as it comes. */
  readonly onCut?: (cut: Cut) => void;
}

const acts: Readonly<Record<string, string>> = { "before-opening": "opening", open: "closing", closed: "counting" };

/** What the terminal is doing, from what it traces. */
class Doing {
  #screen = "start";
  #polls = "";
  /** Of the last cut in a terminal that served. */
  #last: string | undefined;
  #cuts = 0;

  /** Whether enough cuts have come into this part of the day. */
  get isOften(): boolean {
    return this.#cuts >= cutsOfAPhase;
  }

  traced(line: string): void {
    const [what, value] = line.split(" ");
    if (what === "polls" && value !== this.#polls) {
      this.#polls = value!;
      this.#cuts = 0;
    }
    if (line === "screen done") this.#cuts = 0;
    if (what === "screen" && value !== "starting") this.#screen = value!;
  }

  cut(): { readonly during: string; readonly after: string | undefined } {
    const during = this.#screen === "official-acting" ? (acts[this.#polls] ?? this.#screen) : this.#screen;
    const after = during === "start" ? this.#last : undefined;
    if (during !== "start") this.#last = during;
    this.#screen = "start";
    this.#cuts++;
    return { during, after };
  }
}

export function cutCampaign(options: CutOptions): Promise<DayReport> {
  const { ballots, seed, out, election } = options;
  const chance = new Chance(seed, "cuts");
  let cuts = 0;
  const doing = new Doing();
  const symbols = new Symbols();
  let station: Station | undefined;
  let paperAtUs = -Infinity;
  let writtenAtUs = -Infinity;
  /** Programs and erases until one is cut; Infinity: none is. */
  let operations = Infinity;
  const note = (kind: Cut["kind"], where: string): void => {
    const nowUs = station!.clock.nowUs();
    if (kind === "power" || kind === "flash") station!.powerOff();
    cuts++;
    options.onCut?.({
      kind,
      where,
      ...doing.cut(),
      printing: nowUs - paperAtUs < paperUs,
      writing: nowUs === writtenAtUs,
    });
  };
  return scriptedDay({
    ballots,
    seed,
    out,
    cut: 0,
    ...(election === undefined ? {} : { election }),
    onTrace: (line) => doing.traced(line),
    onStation: (made) => {
      station = made;
      made.printer.onPaper = () => {
        paperAtUs = made.clock.nowUs();
      };
      for (const [name, chip] of [
        ["A", made.chips.a],
        ["B", made.chips.b],
      ] as const) {
        chip.onOperation = (operation) => {
          if (operation.kind === "read") return;
          if (--operations > 0) {
            writtenAtUs = made.clock.nowUs();
            return;
          }
          operations = Infinity;
          const kind = chance.below(2) === 0 ? "busy" : "flash";
          if (kind === "busy") {
            // done in full, long before the chip says so
            if (operation.kind === "erase") chip.erase(operation.block);
            else chip.program(operation.address, operation.data);
            chip.registers.busyLooks = 1 + chance.below(busyLooksMax);
          } else if (chance.below(2) === 0) chip.tear(operation, () => chance.next());
          note(
            kind,
            operation.kind === "erase"
              ? `erase of block ${operation.block} of ${name}`
              : `program of ${operation.data.length} bytes at ${operation.address} of ${name}`,
          );
          throw new PowerCut("cut");
        };
      }
    },
    machine: (machine) => {
      // the factory's start comes before there is a station: it is not cut
      const isLeft = station !== undefined && cuts < options.cuts;
      const isFlash = isLeft && !doing.isOften && chance.next() < flashShare;
      writtenAtUs = -Infinity;
      operations = isFlash ? 1 + chance.below(flashReach) : Infinity;
      const kind = chance.below(2) === 0 ? "power" : "reset";
      const isInStart = chance.next() < startShare;
      const [from, to] = doing.isOften ? [sessionReach, dayReach] : isInStart ? [0, startReach] : [0, sessionReach];
      const at = from + 1 + chance.below(to - from);
      return boardMachine({
        plugin: { ...symbols.waits(), hang: hangAfter, ...(isLeft && !isFlash ? { cut: at } : {}) },
        onCut: (where) => note(kind, where.replace("cut: ", "")),
      })(machine);
    },
  });
}
