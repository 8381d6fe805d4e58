// The power goes, and the processor is reset, at instructions drawn at random: a short day of what `npm run emulate -- --headless --cuts 500` does at length.

import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cutCampaign } from "../../tools/emulate/campaign.js";
import { board, boardTest as test, removeAfter } from "./support.js";

const SEED = process.env["SEED"] ?? "short";
const CUTS = 4;

test.serial("power cuts and resets at random instructions of a voting day: nothing is lost, nothing invented, every slip has its mark", async (t) => {
  t.timeout(300_000);
  await board();
  const out = mkdtempSync(join(tmpdir(), "sandogh-board-cuts-"));
  t.teardown(removeAfter(out));
  const { report, cuts } = await cutCampaign({ cuts: CUTS, ballots: 1, seed: SEED, out });
  t.deepEqual(report.disagreements, [], `seed ${SEED}`);
  t.is(cuts.length, CUTS);
  t.log(`seed ${SEED}`, cuts.map(({ kind, where }) => `${kind} ${where}`));
});
