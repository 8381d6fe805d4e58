// Days on end, as npx sandogh campaign soak starts it.

import { answer } from "../../../tools/command-line/child.js";
import { exitCode } from "../../../tools/command-line/complaint.js";
import type { SoakRequest } from "../../../tools/commands/campaign.js";
import { soak } from "./soak.js";

await answer<SoakRequest>("sandogh campaign soak", async ({ hours, seed, budget = Infinity }, talk) => {
  const startMs = performance.now();
  const seconds = (): number => (performance.now() - startMs) / 1000;
  const report = await talk.during("voting", (progress) =>
    soak({
      seed,
      hours,
      onHour: (done) => {
        progress.at(done, hours, "hours");
        return seconds() < budget;
      },
    }),
  );
  const { ballots, flaps, refused, journal, memory, problems } = report;
  const isGood = problems.length === 0;
  talk.result({ ok: isGood, ...report, seconds: seconds() }, [
    `${report.hours} of ${hours} hours, ${ballots} ballots, ${flaps} flaps of line and mains, ${refused} cards refused, ${seconds().toFixed(0)} s`,
    `journal: ${journal.entries} entries, ${journal.merged} of them for ${journal.counted} events`,
    `heap after a voter: ${memory.early.slots_kept + memory.early.chunks_kept} bytes early, ${memory.late.slots_kept + memory.late.chunks_kept} at the end; ` +
      `peak ${memory.late.slots_peak + memory.late.chunks_peak}`,
    ...problems.map((problem) => `FAILED ${problem}`),
  ]);
  return isGood ? exitCode.done : exitCode.failed;
});
