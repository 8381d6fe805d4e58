// npx sandogh tally: opens the ballots of a test election, whose escrow and cards follow from its keys, and prints
// totals.

import { join } from "node:path";
import { Option } from "@commander-js/extra-typings";
import type { BoxKeyPair } from "../../firmware/crypto/crypto.js";
import type { AssignedElection } from "../../office/device/enrol.js";
import { assignmentsFile, packageFile } from "../../sim/station.js";
import { type StoredRecord, readRecordLog, recordLog } from "../../center/store.js";
import { type ElectionKeys, keysFile } from "../../office/package/keys.js";
import { namesOf } from "../../office/package/names.js";
import { loadingInImage, recordsInImage } from "../../office/tally/image.js";
import { recoverWithTestKeys } from "../../office/tally/recover.js";
import { type KeyOf, openBallots, publicTally, tally as countBallots } from "../../office/tally/tally.js";
import { keysIn, kindLines, mediumFile, readAssigned, readImage, readingCrypto } from "../command-line/authority.js";
import { commandOf, jsonHelp, type CommandMaker } from "../command-line/command.js";
import { Complaint, exitCode } from "../command-line/complaint.js";
import { contestLines } from "../command-line/contests.js";
import { inFolder, needFile } from "../command-line/options.js";
import { Talk } from "../command-line/talk.js";

const description = `Opens the ballots of a test election and prints totals. The key comes from what the terminal drew when it was loaded,
which lies on its media, by the escrow and the officials' cards of the test election. --public leaves out what fewer
than k ballots hold, and every total that would give it away.`;
const hint = "is it a station's folder, or what npx sandogh vote left?";

/** Throws a Complaint for a log that no collector has written. */
function collected(path: string): readonly StoredRecord[] {
  try {
    return readRecordLog(path);
  } catch (thrown) {
    throw new Complaint(`${path}: is not a collector's log (${(thrown as Error).message})`);
  }
}

/** Each terminal's key as one of the folder's media tells it. */
async function keysOfMedia(data: string, election: AssignedElection, keys: ElectionKeys): Promise<KeyOf> {
  const known = new Map<number, BoxKeyPair>();
  for (const name of ["a", "b"] as const) {
    const path = mediumFile(data, name);
    needFile("--data", path, `; ${hint}`);
    const image = await readImage(path, election);
    for (const terminal of election.terminals) {
      const loading = loadingInImage(readingCrypto, election, terminal, image);
      if (loading === undefined || known.has(terminal.id)) continue;
      const recovered = recoverWithTestKeys(readingCrypto, loading.statement, keys);
      if (recovered.ok) known.set(terminal.id, recovered.key);
    }
  }
  return (terminal) => known.get(terminal);
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
    .option("--public", "only what everybody may see")
    .option("--json", jsonHelp)
    .action(async ({ data, from, json, public: isPublic }) => {
      const talk = new Talk(streams, { json });
      const path = from === "collector" ? join(data, "collector", recordLog) : mediumFile(data, from);
      needFile("--data", path, `; ${hint}`);
      const sent = from === "collector" ? collected(path).map((each) => each.record) : undefined;
      const keys = await keysIn(data);
      const { pack, election } = readAssigned(join(data, packageFile), join(data, assignmentsFile), keys);
      const records = sent ?? recordsInImage(await readImage(path, election), election);
      const keyOf = await keysOfMedia(data, election, keys);
      const { ballots, rejected } = openBallots(readingCrypto, pack, election.terminals, records, keyOf);
      const open = isPublic
        ? publicTally(
            pack,
            new Map(
              election.terminals.map((each) => [
                each.id,
                openBallots(readingCrypto, pack, [each], records, keyOf).ballots,
              ]),
            ),
          )
        : undefined;
      const contests = open?.map(({ total }) => total) ?? countBallots(pack, ballots).contests;
      const refused = rejected.length > 0 ? `, ${rejected.length} records rejected` : "";
      const lines = [...kindLines(election.kind), `${ballots.length} ballots from ${path}${refused}`];
      for (const { index, why } of rejected) lines.push(`  record ${index}: ${why}`);
      lines.push(...contestLines(contests, namesOf(pack)));
      for (const { contest, left } of open ?? [])
        if (left.length > 0)
          lines.push("", `contest ${contest}: terminals ${left.join(", ")} are left to a higher level`);
      talk.result(
        { kind: election.kind, from: path, ballots: ballots.length, rejected, contests, ...(open && { merged: open }) },
        lines,
      );
      done(exitCode.done);
    });
