// The power goes, and the processor is reset, at instructions drawn at random: a short day of what `npx sandogh
// campaign cuts` does at length.

import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Cut, cutCampaign } from "../campaigns/cuts/campaign.js";
import { board, boardTest as test, removeAfter } from "./support.js";

const SEED = process.env["SEED"] ?? "short";
/** At most, and at least: the day may be over before the last one. */
const [CUTS, ENOUGH] = [8, 4];

test.serial(
  "power cuts and resets at random instructions of a voting day: nothing is lost, nothing invented, every slip has its mark",
  async (t) => {
    t.timeout(300_000);
    await board();
    const out = mkdtempSync(join(tmpdir(), "sandogh-board-cuts-"));
    t.teardown(removeAfter(out));
    const cuts: Cut[] = [];
    const { disagreements } = await cutCampaign({
      cuts: CUTS,
      ballots: 1,
      seed: SEED,
      out,
      election: "office/examples/short.yaml",
      onCut: (cut) => cuts.push(cut),
    });
    t.deepEqual(disagreements, [], `seed ${SEED}`);
    t.true(cuts.length >= ENOUGH, `seed ${SEED}: ${cuts.length} cuts`);
    t.log(`seed ${SEED}`, cuts);
  },
);
