// Elections on media that wear out, as many as there is time for. npx sandogh campaign wear starts it.

import { sodiumPrimitives } from "../../../office/crypto/sodium.js";
import { answer } from "../../../tools/command-line/child.js";
import { exitCode } from "../../../tools/command-line/complaint.js";
import type { WearRequest } from "../../../tools/commands/campaign.js";
import { type WearReport, wearOut } from "./wear.js";

await answer<WearRequest>("sandogh campaign wear", async ({ elections, casts, seed, budget = Infinity }, talk) => {
  const startMs = performance.now();
  const seconds = (): number => (performance.now() - startMs) / 1000;
  let report: WearReport;
  try {
    report = await talk.during("voting", (progress) =>
      wearOut({
        elections,
        casts,
        seed,
        primitives: sodiumPrimitives,
        onElection: (done) => {
          progress.at(done, elections, "elections");
          return seconds() < budget;
        },
      }),
    );
  } catch (thrown) {
    if (!(thrown instanceof Error)) throw thrown;
    const { message: problem } = thrown;
    const replay = `npx sandogh campaign wear --elections ${elections} --casts ${casts} --seed ${seed}`;
    talk.result({ ok: false, problem, replay }, [`FAILED ${problem}`, `  replay: ${replay}`]);
    return exitCode.failed;
  }
  const isGood = report.misuses === 0;
  talk.result({ ok: isGood, ...report, seconds: seconds() }, [
    `${report.ballots} ballots of ${report.elections} elections, all there and verified; ${report.lostSlots} worn slots passed over; ` +
      `a block erased at most ${report.erasesMax} times; ${seconds().toFixed(1)} s`,
    ...(isGood ? [] : [`FAILED ${report.misuses} programs of 0 to 1`]),
  ]);
  return isGood ? exitCode.done : exitCode.failed;
});
