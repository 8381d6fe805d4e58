// A voting day on the board whose power goes, or whose processor alone is reset, at instructions drawn at random, again and again, in a session, in a
// recovery, at the opening, at the close and while ballots are counted. Then everything is compared with what the voters wanted, as after npm run vote.

import { Chance } from "../../sim/chance.js";
import { Symbols } from "../../sim/board/symbols.js";
import { boardMachine } from "../../sim/board/qemu.js";
import type { Station } from "../../sim/station.js";
import { type VoteReport, vote } from "../vote/vote.js";

/**
 * The last instruction of a cut, and how often: a start takes some 100 M instructions, a session of the example election 400 M, an opening 900 M. Many cuts are meant
 * for starts and recoveries, and some of the power-ons must be long enough for an opening.
 */
const reaches: readonly (readonly [number, number])[] = [[0.5, 150_000_000], [0.9, 700_000_000], [1, 3_000_000_000]];
/** No turn is as long: what works longer without a wait has hung. */
const hangAfter = 4_000_000_000;

export interface Cut {
  /** Power lost, or the microcontroller reset alone: the printer goes on. */
  readonly kind: "power" | "reset";
  /** "cut: after N instructions, before ADDRESS" */
  readonly where: string;
}

export interface CutOptions {
  /** At most; fewer when the day is over before. */
  readonly cuts: number;
  readonly ballots: number;
  readonly seed: string;
  readonly out: string;
}

export async function cutCampaign(options: CutOptions): Promise<{ readonly report: VoteReport; readonly cuts: readonly Cut[] }> {
  const { ballots, seed, out } = options;
  const chance = new Chance(seed, "cuts");
  const cuts: Cut[] = [];
  const symbols = new Symbols();
  let station: Station | undefined;
  const report = await vote({
    ballots, seed, out, cut: 0,
    onStation: (made) => {
      station = made;
    },
    machine: (machine) => {
      const kind = chance.below(2) === 0 ? "power" : "reset";
      const drawn = chance.next();
      const at = 1 + chance.below(reaches.find(([below]) => drawn < below)![1]);
      const cut = cuts.length < options.cuts ? { cut: at } : {};
      return boardMachine({
        plugin: { ...symbols.waits(), hang: hangAfter, ...cut },
        onCut: (where) => {
          cuts.push({ kind, where });
          if (kind === "power") station?.powerOff();
        },
      })(machine);
    },
  });
  return { report, cuts };
}
