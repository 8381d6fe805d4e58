// npx sandogh tally: opens the ballots of a test election with its tally key and prints totals.

import { join } from "node:path";
import { Option } from "@commander-js/extra-typings";
import { assignmentsFile, packageFile } from "../../sim/station.js";
import { type StoredRecord, readRecordLog, recordLog } from "../../center/store.js";
import { namesOf } from "../../office/package/names.js";
import { keysFile } from "../../office/package/keys.js";
import { recordsInImage } from "../../office/tally/image.js";
import { openBallots, tally as countBallots } from "../../office/tally/tally.js";
import { keysIn, mediumFile, readAssigned, readImage, readingCrypto } from "../command-line/authority.js";
import { commandOf, jsonHelp, type CommandMaker } from "../command-line/command.js";
import { Complaint, exitCode } from "../command-line/complaint.js";
import { inFolder, needFile } from "../command-line/options.js";
import { Talk } from "../command-line/talk.js";

const description = `Opens the ballots of a test election with its tally key and prints totals.`;
const hint = "is it a station's folder, or what npx sandogh vote left?";

/** Throws a Complaint for a log that no collector has written. */
function collected(path: string): readonly StoredRecord[] {
  try {
    return readRecordLog(path);
  } catch (thrown) {
    throw new Complaint(`${path}: is not a collector's log (${(thrown as Error).message})`);
  }
}

export const tally: CommandMaker = ({ streams, done }) =>
  commandOf("tally", description, ["tally --data data", "tally --data /tmp/day --from a"])
    .requiredOption(
      "--data <dir>",
      "a station's folder, or what npx sandogh vote left",
      inFolder("--data", [packageFile, keysFile], hint),
    )
    .addOption(
      new Option("--from <where>", "whose records")
        .choices(["collector", "a", "b"] as const)
        .default("collector" as const),
    )
    .option("--json", jsonHelp)
    .action(async ({ data, from, json }) => {
      const talk = new Talk(streams, { json });
      const path = from === "collector" ? join(data, "collector", recordLog) : mediumFile(data, from);
      needFile("--data", path, `; ${hint}`);
      const keys = await keysIn(data);
      const { pack, election } = readAssigned(join(data, packageFile), join(data, assignmentsFile), keys);
      const { contests: titles, options: names } = namesOf(pack);
      const records =
        from === "collector"
          ? collected(path).map((each) => each.record)
          : recordsInImage(await readImage(path, election), election);
      const { ballots, rejected } = openBallots(readingCrypto, pack, election.terminals, records, keys.escrow);
      const { contests } = countBallots(pack, ballots);
      const refused = rejected.length > 0 ? `, ${rejected.length} records rejected` : "";
      const lines = [`${ballots.length} ballots from ${path}${refused}`];
      for (const { index, why } of rejected) lines.push(`  record ${index}: ${why}`);
      for (const { contest, ballots: cast, blank, undervotes, votes } of contests) {
        lines.push("", `contest ${contest} ${titles.get(contest) ?? ""}`.trimEnd());
        lines.push(`  ballots ${cast}   blank ${blank}   undervotes ${undervotes}`);
        const order = votes.filter((each) => each.votes > 0).sort((x, y) => y.votes - x.votes || x.code - y.code);
        for (const { code, votes: count } of order)
          lines.push(`  ${String(count).padStart(6)}  ${code}  ${names.get(`${contest}/${code}`) ?? ""}`.trimEnd());
      }
      talk.result({ from: path, ballots: ballots.length, rejected, contests }, lines);
      done(exitCode.done);
    });
